"""`CompositeScorer`: weighted criteria, learned from a book, applied row by row."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Literal, TypeAlias

import attrs
from numpy.typing import NDArray

from keyaccount._columns import Columns
from keyaccount._columns import floats as read_floats
from keyaccount._columns import labels as read_labels
from keyaccount._columns.lengths import common_length
from keyaccount._validators import choice, count, exact_int, exact_tuple, field_name, some_of
from keyaccount._view import Spec
from keyaccount.errors import NotFittedError, SpecError, WeightsError
from keyaccount.groups import ByGroup, GroupIndex, Laid, Layout
from keyaccount.rowwise import Column
from keyaccount.scoring.aggregation import AGGREGATIONS, Aggregation, Ideal, ideal_ends
from keyaccount.scoring.criterion import Criterion
from keyaccount.scoring.fitting import fitted_criterion, fitted_ideal
from keyaccount.scoring.plan import Ends, Plan, added, make_part
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.sources import Batch, OneAccount
from keyaccount.scoring.weights import Weights, as_weights

Aggregate: TypeAlias = Literal["sum", "product", "topsis"]
"""How worths come together: weighted sum, weighted product, or closeness to the ideal."""


class SalesOnlyWarning(UserWarning):
    """All weight lies on past sales, which says nothing of what is to come."""


def _weights_match(instance: CompositeScorer, attribute: Any, value: Weights) -> None:
    del attribute
    names = [c.name for c in instance.criteria]
    missing = [n for n in names if n not in value]
    unknown = [n for n in value if n not in names]
    if missing or unknown:
        raise WeightsError.from_names(missing, unknown)


def _group(instance: CompositeScorer, attribute: Any, value: Any) -> None:
    by_group = [
        c.name
        for c in instance.criteria
        if isinstance(c.value, ByGroup) or isinstance(c.neutral, ByGroup)
    ]
    if value is None and by_group:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must name the column of groups: {by_group} differ by group",
            value,
            'say for instance group="industry".',
        )
    if value is not None and (not isinstance(value, str) or not value):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be a column name or None",
            value,
            "name a column.",
        )


def _ideals(instance: CompositeScorer, attribute: Any, value: Any) -> None:
    if value is None:
        return
    good = isinstance(value, tuple) and len(value) == len(instance.criteria)
    grouped = [i for i in value if isinstance(i, ByGroup)] if good else []
    good = good and all(isinstance(i, Ideal | ByGroup) for i in value)
    good = good and all(isinstance(i, Ideal) for g in grouped for i in [*g, g.pool])
    if not good or (grouped and instance.group is None):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be one Ideal per criterion, or a ByGroup of them with a pool (and group=)",
            value,
            "leave them out: fit learns them.",
        )


def _optional_tuple(value: Any) -> Any:
    return None if value is None else exact_tuple(value)


@attrs.frozen(kw_only=True, slots=False)
class CompositeScorer(Spec):
    """Weighted criteria that make one score: composite scoring (综合评分法).

    Fit learns what depends on the whole book (percentiles, ranges, group constants) and returns a
    scorer that holds it; score judges each account by that alone. Kept, a fitted scorer keeps this
    quarter's scores comparable with the last.

    Parameters
    ----------
    criteria
        What an account is judged by, in the order in which terms are added.
    weights
        One weight per criterion, by name; they sum to 1.
    group
        The column of groups within which accounts are compared (industry, customer type).
    min_group
        How many known values of a criterion a group needs to learn its own constants; smaller
        groups fall back to the pool. The default of 10 is a choice of this library.
    aggregate
        ``"sum"`` weighted sum; ``"product"`` weighted product; ``"topsis"`` closeness to the ideal.
    ideals
        Learned under ``"topsis"``: the worst and best worth of each criterion.

    Raises
    ------
    SpecError, WeightsError
        A field is not what it should be, or weights and criteria differ.

    Warns
    -----
    SalesOnlyWarning
        All weight lies on the criterion ``sales``.

    Notes
    -----
    Scoring is row-wise: rows can be permuted, split or sent to a cluster, and every result is the
    same to the last bit; one account scored alone equals the same account in a batch. This holds
    for one build of numpy on one family of processors (`Log`, `Logistic` and the weighted product
    use functions that differ in the last bit elsewhere), and everywhere for the rest.

    References
    ----------
    Hwang & Yoon (1981), *Multiple Attribute Decision Making*, for the weighted product and TOPSIS.

    Examples
    --------
    >>> import keyaccount as ka
    >>> scorer = ka.CompositeScorer(
    ...     criteria=(
    ...         ka.Criterion("sales", column="sales", value=ka.Percentile()),
    ...         ka.Criterion("potential", column="potential", value=ka.Linear(0, 1_000)),
    ...     ),
    ...     weights={"sales": 0.5, "potential": 0.5},
    ... )
    >>> book = {"sales": [10.0, 20.0, 30.0], "potential": [900.0, 0.0, 500.0]}
    >>> fitted = scorer.fit(book)
    >>> fitted.score(book).value
    array([0.45, 0.25, 0.75])
    >>> fitted.score({"sales": 20.0, "potential": 0.0}).value
    array([0.25])
    """

    criteria: tuple[Criterion, ...] = attrs.field(
        converter=exact_tuple, validator=some_of(Criterion, "criteria", by="name")
    )
    weights: Weights = attrs.field(converter=as_weights, validator=_weights_match)
    group: str | None = attrs.field(default=None, validator=_group)
    min_group: int = attrs.field(default=10, converter=exact_int, validator=count)
    aggregate: Aggregate = attrs.field(default="sum", validator=choice("sum", "product", "topsis"))
    ideals: tuple[Ideal | ByGroup[Ideal], ...] | None = attrs.field(
        default=None, converter=_optional_tuple, validator=_ideals
    )

    def __attrs_post_init__(self) -> None:
        # In the order of the criteria, so that the order of a stored table means nothing.
        ordered = Weights([(c.name, self.weights[c.name]) for c in self.criteria])
        object.__setattr__(self, "weights", ordered)
        if all(c.name == "sales" or self.weights[c.name] == 0.0 for c in self.criteria):
            warnings.warn(
                "all weight lies on 'sales': it speaks of the past only, and accounts of promise "
                "without past deals stay unseen",
                SalesOnlyWarning,
                stacklevel=3,
            )

    def __getstate__(self) -> dict[str, Any]:
        """Leave the plan behind: it is made anew where the spec goes."""
        return {k: v for k, v in self.__dict__.items() if k != "_plan"}

    @property
    def is_fitted(self) -> bool:
        """Whether every constant is there."""
        return self._unfitted() is None

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns it needs."""
        names = [c.column for c in self.criteria if c.column is not None]
        return tuple(dict.fromkeys([*names, *([self.group] if self.group else [])]))

    @property
    def writes(self) -> Mapping[str, Column]:
        """The columns it adds, by name."""
        names = ["score", "score_low", "score_high", "coverage"]
        names += [f"contribution_{c.name}" for c in self.criteria]
        return {name: Column("float") for name in names}

    def fit(self, columns: Columns) -> CompositeScorer:
        """Learn every constant that depends on the whole book.

        Parameters
        ----------
        columns
            The book: any container of columns.

        Returns
        -------
        CompositeScorer
            The same spec with its constants filled in. Constants that are stated stay.

        Raises
        ------
        NotEnoughDataError
            A constant must be learned from a column without a single known value.
        """
        labels = None if self.group is None else read_labels(columns, self.group)
        read = {c.column: read_floats(columns, c.column) for c in self.criteria if c.column}
        n = common_length({**read, **({} if labels is None else {str(self.group): labels})})
        layout = Layout.of(labels, n)
        return self.fit_laid(lambda name: layout.lay(read[name]))

    def fit_laid(self, lay: Callable[[str], Laid]) -> CompositeScorer:
        """Learn as `fit` does, one column at a time.

        Parameters
        ----------
        lay
            Gives the column of a name, laid out by group. One is asked for at a time, so that a
            book larger than the memory can be learned from.

        Returns
        -------
        CompositeScorer
            The same spec with its constants filled in, to the last bit as `fit` gives it.

        Raises
        ------
        NotEnoughDataError
            A constant must be learned from a column without a single known value.
        """
        fitted: list[Criterion] = []
        ideals: list[Ideal | ByGroup[Ideal]] = []
        for criterion in self.criteria:
            column = lay(str(criterion.column)) if self._learns(criterion) else None
            fitted.append(fitted_criterion(criterion, column, self.min_group))
            if self.aggregate == "topsis":
                ideals.append(fitted_ideal(fitted[-1], column, self.min_group))
            del column  # before the next one is read
        return attrs.evolve(self, criteria=fitted, ideals=ideals or None)

    def _learns(self, criterion: Criterion) -> bool:
        """Say whether anything of a criterion depends on the book."""
        functions = criterion.value if isinstance(criterion.value, ByGroup) else [criterion.value]
        learns = any(f.learns for f in functions) or criterion.missing == "neutral"
        return criterion.column is not None and (learns or self.aggregate == "topsis")

    def score(self, columns: Columns) -> Scores:
        """Judge each account.

        Parameters
        ----------
        columns
            Any container of columns, or a dict of scalars for one account.

        Returns
        -------
        Scores
            Value, bounds, coverage, contributions and rank, aligned with the input by position.

        Raises
        ------
        NotFittedError
            A constant has still to be learned.
        ColumnNotFoundError, ColumnError, RowError
            A column is not there, or holds no numbers.
        """
        plan, aggregation = self._plan
        if isinstance(columns, Mapping) and plan.is_one_account(columns):
            return Scores(OneAccount(plan, aggregation, *plan.read_one(columns)), self)
        return Scores(Batch(plan, aggregation, plan.read(columns)), self)

    def apply(self, columns: Columns) -> dict[str, NDArray[Any]]:
        """Compute the columns named in `writes`, aligned with the input by position."""
        return {**self.score(columns).row_wise_columns()}

    @cached_property
    def _plan(self) -> tuple[Plan, Aggregation]:
        """The spec made ready to run; made once, when it is first used."""
        unfitted = self._unfitted()
        if unfitted is not None:
            raise NotFittedError.from_spec(unfitted)
        aggregation = AGGREGATIONS[self.aggregate]
        constants = [v for c in self.criteria for v in (c.value, c.neutral)]
        index = GroupIndex.of([*constants, *(self.ideals or ())])
        weights = [self.weights[c.name] for c in self.criteria]
        parts = tuple(
            make_part(c, w, aggregation.top(w), index, ends)
            for c, w, ends in zip(self.criteria, weights, self._ends(index), strict=True)
        )
        return Plan(parts, index, self.group, added(weights)), aggregation

    def _ends(self, index: GroupIndex) -> list[Ends]:
        """List what the worst and the best are worth, by criterion and group position."""
        if self.ideals is not None and self.aggregate == "topsis":
            return [ideal_ends(i, index) for i in self.ideals]
        return [ideal_ends(Ideal(0.0, 1.0), index)] * len(self.criteria)

    def _unfitted(self) -> str | None:
        """Name the first part that has still to learn."""
        for criterion in self.criteria:
            if not criterion.is_fitted and criterion.column is not None:
                return f"criterion {criterion.name!r}"
        if self.aggregate == "topsis" and self.ideals is None:
            return "the ideals of TOPSIS"
        return None
