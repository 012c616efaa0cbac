"""`Rfm`: recency, frequency and monetary value of each customer, and the segment they make."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from math import fsum
from typing import Any, TypeAlias, final

import attrs
from numpy.typing import NDArray

from keyaccount._columns import Columns, Floats, Labels, common_length, floats
from keyaccount._columns import labels as read_labels
from keyaccount._validators import count, exact_int, field_name, is_finite, optional, text
from keyaccount._validators import float_tuple as as_float_tuple
from keyaccount._view import Spec
from keyaccount.errors import NotFittedError, SpecError
from keyaccount.findings import Finding
from keyaccount.groups import ByGroup, GroupIndex
from keyaccount.rowwise import Column
from keyaccount.segments.rfm.counts import RfmCounts
from keyaccount.segments.rfm.crossing import Crossing
from keyaccount.segments.rfm.cut_rule import RfmCut
from keyaccount.segments.rfm.fit_notes import fit_findings
from keyaccount.segments.rfm.ladder import Ladder, make_ladder
from keyaccount.segments.rfm.learning import Lesson
from keyaccount.segments.rfm.measures import MEASURES, Measure
from keyaccount.segments.rfm.presets import eight_segments
from keyaccount.segments.rfm.reading import RfmRows
from keyaccount.segments.rfm.result import RfmResult
from keyaccount.segments.rfm.segment_map import RfmMap

__all__ = ["Rfm"]

Weights: TypeAlias = tuple[float, float, float]
"""How much recency, frequency and monetary count in the score; they sum to 1."""

_SUM_TOLERANCE = 1e-9
_LETTERS = 2


def _is_cut(instance: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, RfmCut):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be a cut rule",
            value,
            "take MeanCut(), MedianCut(), FixedCut(...) or QuantileScores(5).",
        )


def _group(instance: Rfm, attribute: Any, value: Any) -> None:
    optional(text)(instance, attribute, value)
    grouped = [m for m in MEASURES if isinstance(instance.cuts.thresholds(m), ByGroup)]
    if value is None and grouped:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must name the column of groups: {grouped} differ by group",
            value,
            'say for instance group="industry".',
        )


def _by_measure(value: Any) -> Any:
    """Put weights given by the names of the measures into the order of the measures."""
    if isinstance(value, Mapping) and set(value) == set(MEASURES):
        value = [value[measure] for measure in MEASURES]
    return value if isinstance(value, Mapping) else as_float_tuple(value)


def _weights(instance: object, attribute: Any, value: Any) -> None:
    name = field_name(instance, attribute)
    good = isinstance(value, tuple) and all(is_finite(w) and w >= 0.0 for w in value)
    if not good or len(value) != len(MEASURES):
        raise SpecError.from_field(
            name,
            "must be three finite numbers of at least 0",
            value,
            "write (0.2, 0.3, 0.5) for recency, frequency and monetary, or name all three.",
        )
    if abs(fsum(value) - 1.0) > _SUM_TOLERANCE:
        raise SpecError.from_field(name, "must sum to 1", value, f"these sum to {fsum(value)!r}.")


def _fits_the_cuts(instance: Rfm, attribute: Any, value: Any) -> None:
    name = field_name(instance, attribute)
    if not isinstance(value, RfmMap):
        hint = "take eight_segments(), rfm_map_5x5() or an RfmMap of your own."
        raise SpecError.from_field(name, "must be a map of segments", value, hint)
    levels = len(value.symbols)
    if levels not in {_LETTERS, instance.cuts.levels}:
        raise SpecError.from_field(
            name,
            f"must have 2 levels, or the {instance.cuts.levels} of the cuts",
            value.name,
            f"it has {levels}: take cuts=QuantileScores({levels}).",
        )


def _seen(instance: Rfm, attribute: Any, value: Any) -> None:
    """Refuse counts of other levels or segments than those of the spec."""
    if value is None:
        return
    name = field_name(instance, attribute)
    if not isinstance(value, RfmCounts):
        raise SpecError.from_field(name, "must be RfmCounts", value, "leave it out: fit counts.")
    levels, segments = instance.cuts.levels, len(instance.segments.codes)
    by_measure: list[Any] = [getattr(value, m) for m in MEASURES]
    every: list[Any] = [c for m in by_measure for c in (m if isinstance(m, ByGroup) else [m])]
    like = all(
        isinstance(m, ByGroup) == isinstance(instance.cuts.thresholds(measure), ByGroup)
        for measure, m in zip(MEASURES, by_measure, strict=True)
    )
    if not like or {len(c) for c in every} != {levels} or len(value.segments) != segments:
        raise SpecError.from_field(
            name,
            f"must count {levels} levels and {segments} segments, by group where thresholds are",
            value,
            "say seen=None where cuts or segments are replaced, or fit again.",
        )


@final
@attrs.frozen(kw_only=True, slots=False)
class Rfm(Spec):
    """Recency, frequency and monetary value of each customer, and the segment they make.

    Each measure is high or low against a threshold, or gets a score. R is high when the days since
    the last purchase are *at most* the threshold; F and M are high when they are *at least* it.

    Parameters
    ----------
    cuts
        Where high begins: `MeanCut`, `MedianCut`, `FixedCut` or `QuantileScores`.
    recency
        The column of days since the last purchase; few are good.
    frequency
        The column of how many purchases there were.
    monetary
        The column of money. The default is the total of all purchases; ``"mean"`` reads the average
        order value of a purchase summary instead, which is another question.
    group
        The column of groups within which customers are compared (industry, customer type); fit
        learns each group's own thresholds.
    weights
        How much recency, frequency and monetary count in a weighted score, summing to 1: three
        numbers in this order, or by name. None: there is no score, for the method gives no figures.
    min_group
        How many known values of a measure a group needs to learn its own threshold; smaller groups
        fall back to the pool. The default of 10 is a choice of this library.
    segments
        Which levels make which segment; the default is `eight_segments`.
    seen
        Learned: how the book that the spec was fitted to stood at its thresholds; None before.

    Raises
    ------
    SpecError
        A field is not what it should be, or the map has other levels than the cuts.

    Notes
    -----
    A customer with an unknown measure that the map reads has no segment, also one that never bought
    (refunds only: no last purchase): it is unknown, not "long ago". ±inf counts as missing.

    Thresholds are learned by `fit` from a whole book, in any order of its rows to the same bit;
    `assign` judges each customer by these alone. Fixed or stored thresholds keep this quarter's
    segments comparable with the last.

    See Also
    --------
    migration

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {
    ...     "days_since": [10, 20, 200, 300],
    ...     "count": [9, 1, 8, 1],
    ...     "total": [900.0, 30.0, 700.0, 40.0],
    ... }
    >>> rfm = ka.Rfm(cuts=ka.MeanCut()).fit(book)
    >>> found = rfm.assign(book)
    >>> found.letters
    array(['HHH', 'HLL', 'LHH', 'LLL'], dtype=object)
    >>> found.labels
    array(['important_value', 'general_develop', 'important_maintain',
           'general_win_back'], dtype=object)
    >>> for step in found.steps_up(1):
    ...     print(step)
    a purchase now, 387.50 more -> important_develop
    4 more purchases -> general_value
    4 more purchases, 387.50 more -> important_value
    """

    cuts: RfmCut = attrs.field(validator=_is_cut)
    recency: str = attrs.field(default="days_since", validator=text)
    frequency: str = attrs.field(default="count", validator=text)
    monetary: str = attrs.field(default="total", validator=text)
    group: str | None = attrs.field(default=None, validator=_group)
    weights: Weights | None = attrs.field(
        default=None, converter=_by_measure, validator=optional(_weights)
    )
    min_group: int = attrs.field(default=10, converter=exact_int, validator=count)
    segments: RfmMap = attrs.field(factory=eight_segments, validator=_fits_the_cuts)
    seen: RfmCounts | None = attrs.field(default=None, validator=_seen)

    @property
    def is_fitted(self) -> bool:
        """Whether every threshold is there."""
        return self.cuts.is_fitted

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns it needs."""
        group = [self.group] if self.group is not None and self._grouped else []
        return tuple(dict.fromkeys([*self.names.values(), *group]))

    @property
    def writes(self) -> Mapping[str, Column]:
        """The columns it adds, by name."""
        name = self.segments.name
        levels = ("L", "H") if self.cuts.levels == _LETTERS else _digits(self.cuts.levels)
        written = {name: Column("code", self.segments.codes)}
        written |= {f"{name}_{measure}": Column("code", levels) for measure in MEASURES}
        return written if self.weights is None else {**written, f"{name}_score": Column("float")}

    @property
    def names(self) -> Mapping[Measure, str]:
        """The column of each measure."""
        return dict(zip(MEASURES, (self.recency, self.frequency, self.monetary), strict=True))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the book it was fitted to says of its thresholds: those that tell nothing apart.

        Nothing where it was not fitted.
        """
        if self.seen is None:
            return ()
        return fit_findings(self.cuts, self.names, self.segments, self.seen)

    def fit(self, columns: Columns) -> Rfm:
        """Learn the thresholds from a whole book; stated ones stay.

        Parameters
        ----------
        columns
            The book: any container of columns, such as a purchase summary.

        Returns
        -------
        Rfm
            The same spec with its thresholds filled in, and what `findings` tells of them.

        Raises
        ------
        NotEnoughDataError
            A measure has no known value at all.
        ColumnNotFoundError, ColumnError, RowError
            A column is not there, or holds no numbers.
        """
        values, labels = self._read(columns, self.group)
        lesson = Lesson(values, self.names, labels, self.min_group)
        fitted = attrs.evolve(self, cuts=self.cuts.fitted(lesson), seen=None)
        return attrs.evolve(fitted, seen=fitted.assign(columns).seen())

    def assign(self, columns: Columns) -> RfmResult:
        """Say of each customer how each measure stands, and which segment that makes.

        Parameters
        ----------
        columns
            Any container of columns, or a dict of scalars for one customer.

        Returns
        -------
        RfmResult
            Letters, scores, segments and reasons, aligned with the input by position.

        Raises
        ------
        NotFittedError
            The thresholds have still to be learned.
        ColumnNotFoundError, ColumnError, RowError
            A column is not there, or holds no numbers.
        """
        values, labels = self._read(columns, self.group if self._grouped else None)
        ladders, index, crossing = self._plan
        groups = None if labels is None else index.codes(labels)
        rows = RfmRows(values, labels, groups, tuple(index.position), ladders)
        return RfmResult(self, rows, crossing)

    def apply(self, columns: Columns) -> dict[str, NDArray[Any]]:
        """Compute the columns named in `writes`, aligned with the input by position."""
        return self.assign(columns).row_wise_columns()

    def __getstate__(self) -> dict[str, Any]:
        """Leave the plan behind: it is made anew where the spec goes."""
        return {k: v for k, v in self.__dict__.items() if k not in {"_plan", "findings"}}

    @property
    def _grouped(self) -> bool:
        return any(isinstance(self.cuts.thresholds(m), ByGroup) for m in MEASURES)

    @cached_property
    def _plan(self) -> tuple[tuple[Ladder, ...], GroupIndex, Crossing]:
        """The thresholds and the map made ready to run; made once, when they are first used."""
        if not self.is_fitted:
            raise NotFittedError.from_spec(f"Rfm with {type(self.cuts).__name__}")
        constants: dict[Measure, Any] = {m: self.cuts.thresholds(m) for m in MEASURES}
        index = GroupIndex.of(constants.values())
        ladders = tuple(make_ladder(m, c, index) for m, c in constants.items())
        return ladders, index, Crossing(self.cuts, self.segments)

    def _read(
        self, columns: Columns, group: str | None
    ) -> tuple[dict[Measure, Floats], Labels | None]:
        names = self.names
        values: dict[Measure, Floats] = {m: floats(columns, names[m]) for m in MEASURES}
        labels = None if group is None else read_labels(columns, group)
        read: dict[str, Any] = {names[m]: v for m, v in values.items()}
        _ = common_length(read if labels is None else {**read, str(group): labels})
        return values, labels


def _digits(levels: int) -> tuple[str, ...]:
    return tuple(str(score) for score in range(1, levels + 1))
