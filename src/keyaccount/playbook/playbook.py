"""`Playbook`: the rules of a company in one file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeAlias

import attrs

from keyaccount._columns import Columns
from keyaccount._validators import (
    a_date,
    exact_date,
    exact_tuple,
    field_name,
    optional,
    text,
    text_or_empty,
)
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.evaluation.rules import ReviewRules
from keyaccount.funnel.conversion import StallRule
from keyaccount.funnel.forecast import Categories
from keyaccount.funnel.funnel import Funnel
from keyaccount.funnel.presets import AppraisalShares
from keyaccount.lifecycle.model import LifecycleModel
from keyaccount.lifecycle.wallet import BudgetRegression
from keyaccount.playbook.canonical import digest
from keyaccount.playbook.files import dump, load
from keyaccount.playbook.fitted_on import FittedOn
from keyaccount.program.rules import ProgramRules
from keyaccount.rowwise import Fittable, RowWise
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.evidence import WinEvidence
from keyaccount.scoring.genes import Gene
from keyaccount.scoring.inference import Bridge, ExperienceInference
from keyaccount.scoring.selection import SelectionPolicy
from keyaccount.segments.cascade import Cascade
from keyaccount.segments.loyalty import Loyalty
from keyaccount.segments.matrix import Matrix
from keyaccount.segments.rfm import Rfm

__all__ = ["Playbook", "Segmenter"]

Segmenter: TypeAlias = Matrix | Cascade | Loyalty | Rfm
"""What tells kinds of customers apart."""


def _version(value: Any) -> Any:
    """Take version 3 for version "3"."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _is_a(*kinds: type) -> Any:
    """Refuse anything but a spec of these, or None."""
    words = " or ".join(k.__name__ for k in kinds)
    article = "an" if words[0] in "AEIOU" else "a"

    def validate(instance: Any, attribute: Any, value: Any) -> None:
        if value is not None and not isinstance(value, kinds):
            rule, hint = (
                f"must be {article} {words}, or None",
                "leave it out where there is no such rule.",
            )
            raise SpecError.from_field(field_name(instance, attribute), rule, value, hint)

    return validate


def _named(*kinds: type) -> Any:
    """Refuse anything but specs of these by name, each name once."""
    words = " or ".join(k.__name__ for k in kinds)

    def validate(instance: Any, attribute: Any, value: Any) -> None:
        name = field_name(instance, attribute)
        if not isinstance(value, tuple) or not all(_is_named(p, kinds) for p in value):
            rule, hint = f"must map names to {words}", 'write for instance {"pcv": ka.pcv()}.'
            raise SpecError.from_field(name, rule, value, hint)
        names = [p[0] for p in value]
        if len(set(names)) < len(names):
            raise SpecError.from_field(name, "must have unique names", names, "rename one of them.")

    return validate


def _is_named(pair: Any, kinds: tuple[type, ...]) -> bool:
    return (
        isinstance(pair, tuple)
        and len(pair) == 2  # noqa: PLR2004 - a name and a spec
        and isinstance(pair[0], str)
        and bool(pair[0].strip())
        and isinstance(pair[1], kinds)
    )


def _pairs(value: Any) -> Any:
    return exact_tuple(value.items() if isinstance(value, Mapping) else value)


def _of_parts(instance: Playbook, attribute: Any, value: Any) -> None:
    """Refuse a record of a part that is not there, or has learned nothing."""
    name_of_field = field_name(instance, attribute)
    fitted = [n for n, p in instance.parts.items() if isinstance(p, Fittable) and p.is_fitted]
    for name, _ in value:
        if name in fitted:
            continue
        if name in instance.parts:
            rule, hint = "must be of fitted parts", "fit it, or leave the record out."
            error = SpecError.from_field(name_of_field, rule, name, hint)
        else:
            error = SpecError.from_choice(name_of_field, name, tuple(instance.parts))
        error.parts["key"] = name
        raise error


@attrs.frozen(slots=False)
class Playbook(Spec):
    """The rules of a company in one file: who is key, what kind each is, where deals stand.

    Every part but the name and the version may be left out.

    Parameters
    ----------
    name
        Whose rules they are, or what for.
    version
        Which edition this is, in words of your own: ``"2026.3"``.
    author
        Who answers for it.
    valid_from
        The day from which it holds; None: not said.
    note
        What else a reader should know.
    scorer
        By what accounts are judged.
    selection
        How key accounts are chosen from scores.
    inference
        Targets without data: questions and gates, or their bridge to the scorer.
    evidence
        What past deals say of winning.
    genes
        What large projects have in common, by name.
    segmenters
        What tells kinds of customers apart, by name.
    funnel
        The stages of a deal and what it takes to leave each.
    stall
        When a deal stalls.
    categories
        Commit, best case, pipeline: how sure a forecast calls a deal.
    appraisal
        Who is credited with how much of a stage.
    lifecycle
        Which stage of its life a customer is in.
    budgets
        What budgets are like where nobody states them.
    program
        Coverage, information, plans and upkeep of key accounts.
    review
        By what the quarterly review decides.
    fitted_on
        What fitted parts were learned from, by the name of the part; see `fit`.

    Raises
    ------
    SpecError
        A part is something else, a name occurs twice, or a record is of a part that is not there or
        not fitted.

    See Also
    --------
    explain, diff, json_schema

    Examples
    --------
    >>> import keyaccount as ka
    >>> playbook = ka.Playbook(
    ...     "north",
    ...     "1",
    ...     scorer=ka.CompositeScorer(
    ...         criteria=(
    ...             ka.Criterion("sales", column="sales", value=ka.Percentile()),
    ...             ka.Criterion("rating", column="rating", value=ka.Linear(1, 5)),
    ...         ),
    ...         weights={"sales": 0.6, "rating": 0.4},
    ...     ),
    ...     selection=ka.SelectionPolicy(ka.TopShare(0.2)),
    ... )
    >>> playbook.unfitted
    ('scorer',)
    >>> book = {"id": ["a", "b"], "sales": [10.0, 30.0], "rating": [3.0, 5.0]}
    >>> fitted = playbook.fit(book, as_of="2026-09-30")
    >>> fitted.unfitted, fitted.learned_from("scorer").rows
    ((), 2)
    """

    name: str = attrs.field(validator=text)
    version: str = attrs.field(converter=_version, validator=text)
    author: str = attrs.field(default="", validator=text_or_empty, kw_only=True)
    valid_from: date | None = attrs.field(
        default=None, converter=exact_date, validator=optional(a_date), kw_only=True
    )
    note: str = attrs.field(default="", validator=text_or_empty, kw_only=True)
    scorer: CompositeScorer | None = attrs.field(
        default=None, validator=_is_a(CompositeScorer), kw_only=True
    )
    selection: SelectionPolicy | None = attrs.field(
        default=None, validator=_is_a(SelectionPolicy), kw_only=True
    )
    inference: ExperienceInference | Bridge | None = attrs.field(
        default=None, validator=_is_a(ExperienceInference, Bridge), kw_only=True
    )
    evidence: WinEvidence | None = attrs.field(
        default=None, validator=_is_a(WinEvidence), kw_only=True
    )
    genes: tuple[tuple[str, Gene], ...] = attrs.field(
        default=(), converter=_pairs, validator=_named(Gene), kw_only=True
    )
    segmenters: tuple[tuple[str, Segmenter], ...] = attrs.field(
        default=(), converter=_pairs, validator=_named(Matrix, Cascade, Loyalty, Rfm), kw_only=True
    )
    funnel: Funnel | None = attrs.field(default=None, validator=_is_a(Funnel), kw_only=True)
    stall: StallRule | None = attrs.field(default=None, validator=_is_a(StallRule), kw_only=True)
    categories: Categories | None = attrs.field(
        default=None, validator=_is_a(Categories), kw_only=True
    )
    appraisal: AppraisalShares | None = attrs.field(
        default=None, validator=_is_a(AppraisalShares), kw_only=True
    )
    lifecycle: LifecycleModel | None = attrs.field(
        default=None, validator=_is_a(LifecycleModel), kw_only=True
    )
    budgets: BudgetRegression | None = attrs.field(
        default=None, validator=_is_a(BudgetRegression), kw_only=True
    )
    program: ProgramRules | None = attrs.field(
        default=None, validator=_is_a(ProgramRules), kw_only=True
    )
    review: ReviewRules | None = attrs.field(
        default=None, validator=_is_a(ReviewRules), kw_only=True
    )
    fitted_on: tuple[tuple[str, FittedOn], ...] = attrs.field(
        default=(), converter=_pairs, validator=_named(FittedOn), kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        _of_parts(self, attrs.fields(Playbook).fitted_on, self.fitted_on)

    def __getstate__(self) -> dict[str, Any]:
        """Give the fields alone: what was computed of them is computed again."""
        return {a.name: getattr(self, a.name) for a in attrs.fields(Playbook)}

    # --- Parts ----------------------------------------------------------------------------------

    @cached_property
    def parts(self) -> Mapping[str, Any]:
        """The specs that are there, by name; one of several is called ``segmenters.pcv``."""
        found: dict[str, Any] = {}
        for name in PARTS:
            value = getattr(self, name)
            several = value if isinstance(value, tuple) else ()
            found |= {f"{name}.{inner}": spec for inner, spec in several}
            if value is not None and not isinstance(value, tuple):
                found[name] = value
        return MappingProxyType(found)

    @cached_property
    def row_wise(self) -> Mapping[str, RowWise]:
        """The parts that write columns row by row, by name."""
        found = {name: spec for name, spec in self.parts.items() if isinstance(spec, RowWise)}
        return MappingProxyType(found)

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that the parts in `row_wise` read, each once."""
        return tuple(dict.fromkeys(c for spec in self.row_wise.values() for c in spec.reads))

    @property
    def changed_since_fit(self) -> tuple[str, ...]:
        """The parts that are no longer as they were when their constants were learned."""
        told = ((name, record.part) for name, record in self.fitted_on)
        return tuple(n for n, was in told if was is not None and was != digest(self.parts[n]))

    @property
    def unmeasured(self) -> tuple[str, ...]:
        """The criteria that no column is named for: unknown for every account."""
        found = () if self.scorer is None else self.scorer.criteria
        return tuple(c.name for c in found if c.column is None)

    @property
    def unfitted(self) -> tuple[str, ...]:
        """The parts that have constants still to be learned."""
        fittable = {n: spec for n, spec in self.parts.items() if isinstance(spec, Fittable)}
        return tuple(name for name, spec in fittable.items() if not spec.is_fitted)

    @property
    def is_fitted(self) -> bool:
        """Whether every constant of every part is there."""
        return not self.unfitted

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the whole playbook; see `digest`."""
        return digest(self)

    def segmenter(self, name: str) -> Segmenter:
        """Give a segmenter by its name.

        Parameters
        ----------
        name
            The name that the playbook has it under.

        Returns
        -------
        Segmenter
            A matrix, `Rfm`, `Loyalty` or `Cascade`.

        Raises
        ------
        SpecError
            There is none of that name.

        Examples
        --------
        >>> import keyaccount as ka
        >>> playbook = ka.Playbook("north", "2", segmenters={"pcv": ka.pcv()})
        >>> playbook.segmenter("pcv") == ka.pcv()
        True
        """
        by_name = dict(self.segmenters)
        if name not in by_name:
            raise SpecError.from_choice("Playbook.segmenter(name)", name, tuple(by_name))
        return by_name[name]

    # --- Learning -------------------------------------------------------------------------------

    def fit(
        self,
        columns: Columns,
        *,
        parts: Iterable[str] | str | None = None,
        id: str | None = "id",
        as_of: date | str | None = None,
        day: date | str | None = None,
    ) -> Playbook:
        """Learn the constants of every part that these columns can teach, and record from what.

        Parameters
        ----------
        columns
            The book: any container of columns.
        parts
            Which parts, by their names in `parts`, or the name of one; None: each whose columns are
            all there. What is not named, or lacks a column, stays as it is: see `unfitted`.
        id
            The column of ids, which the digest of the data goes by; None: no digest is kept.
        as_of
            The day that the data speak of.
        day
            The day on which this is done; the library reads no clock.

        Returns
        -------
        Playbook
            The same playbook with constants filled in, and a record of each fitted part.

        Raises
        ------
        ColumnNotFoundError
            A part that was named lacks a column, no part has all its columns, or there is no column
            of ids.
        NotEnoughDataError
            A column has no known value to learn from.
        SpecError
            A part that was named is not there or learns nothing.

        Examples
        --------
        >>> import keyaccount as ka
        >>> rfm = ka.Rfm(cuts=ka.MedianCut(), min_group=1)
        >>> playbook = ka.Playbook("north", "1", segmenters={"rfm": rfm})
        >>> book = {"id": [1, 2], "days_since": [3, 9], "count": [1, 4], "total": [5.0, 50.0]}
        >>> playbook.fit(book).learned_from("segmenters.rfm").columns
        ('days_since', 'count', 'total')
        """
        from keyaccount.playbook.fitting import fitted_playbook

        return fitted_playbook(self, columns, parts=parts, id=id, as_of=as_of, day=day)

    def learned_from(self, part: str) -> FittedOn | None:
        """Give what a part was learned from.

        Parameters
        ----------
        part
            The name of the part, one of `parts`.

        Returns
        -------
        FittedOn or None
            Rows, columns, day and digest of the data; None where there is no record.
        """
        return dict(self.fitted_on).get(part)

    # --- Files ----------------------------------------------------------------------------------

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Playbook:
        """Read a playbook from a file.

        Parameters
        ----------
        path
            A ``.toml`` or ``.json`` file.

        Returns
        -------
        Playbook
            The playbook, equal to the one that was written.

        Raises
        ------
        SerialisationError
            The file is not there, cannot be read, or holds something else than a playbook: the
            message names the place, what is allowed there, and what was probably meant.

        See Also
        --------
        load : Reads any spec.

        Examples
        --------
        >>> import keyaccount as ka
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> playbook = ka.Playbook("north", "2", selection=ka.SelectionPolicy(ka.TopShare(0.2)))
        >>> with TemporaryDirectory() as folder:
        ...     playbook.dump(Path(folder) / "north.json")
        ...     ka.Playbook.load(Path(folder) / "north.json") == playbook
        True
        """
        return load(path, cls)

    def dump(self, path: str | os.PathLike[str]) -> None:
        """Write the playbook to a file, in one step; a file that is there is replaced.

        Parameters
        ----------
        path
            A ``.toml`` or ``.json`` file.

        Raises
        ------
        SerialisationError
            The file cannot be written, or its suffix is neither.
        MissingExtra
            It is TOML, and ``tomli-w`` is not installed.

        See Also
        --------
        dump : Writes any spec.
        edit : Changes a file in place, so that its comments stay.
        """
        dump(self, path)

    @staticmethod
    def edit(path: str | os.PathLike[str]) -> AbstractContextManager[Any]:
        """Change a file in place, so that its comments stay; see `edit_file`.

        Parameters
        ----------
        path
            A ``.toml`` or ``.json`` file that holds a playbook.

        Returns
        -------
        context manager
            In its block, the file as nested tables; at the end of it the file is checked and
            written, or left as it was where the change is wrong.

        Raises
        ------
        SerialisationError
            As `edit_file` says.
        """
        from keyaccount.playbook.editing import edit_file

        return edit_file(path, Playbook)


_ABOUT = ("name", "version", "author", "valid_from", "note", "fitted_on")
PARTS: tuple[str, ...] = tuple(a.name for a in attrs.fields(Playbook) if a.name not in _ABOUT)
"""The fields that hold parts, in declared order."""
