"""`ScoreCut`: who is key by score alone, as a cut learned from a book and applied row by row."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Columns, Floats, common_length, floats, labels
from keyaccount._validators import choice, exact_float, field_name, is_finite, text
from keyaccount._validators import optional as optionally
from keyaccount._view import Spec
from keyaccount.errors import NotFittedError, SpecError
from keyaccount.groups import ByGroup, GroupIndex
from keyaccount.rowwise import Column
from keyaccount.scoring.selection.rules import Quota, Rule
from keyaccount.scoring.values.quantiles import Ordered

__all__ = ["NOBODY", "CutTies", "ScoreCut", "cut_places", "lowest_seated"]

CutTies: TypeAlias = Literal["include_all", "exclude_all"]
"""What becomes of accounts tied at the cut where there are fewer seats than of them."""

NOBODY = sys.float_info.max
"""The cut that no score reaches; its opposite is the one that every score does."""


def _a_rule(instance: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, Rule):
        hint = "give TopShare, TopCount, AtLeast or Capacity, or several joined by &."
        raise SpecError.from_field(field_name(instance, attribute), "must be a rule", value, hint)


def _exact_cut(value: Any) -> Any:
    if isinstance(value, Mapping):
        value = ByGroup(value)
    if isinstance(value, ByGroup):
        return value.map(exact_float)
    return None if value is None else exact_float(value)


def _a_cut(instance: Any, attribute: Any, value: Any) -> None:
    if value is None:
        return
    name = field_name(instance, attribute)
    cuts = list(value) if isinstance(value, ByGroup) else [value]
    if not all(is_finite(cut) for cut in cuts):
        raise SpecError.from_field(name, "must be finite", value, "leave it out: fit learns it.")
    if isinstance(value, ByGroup) != (instance.within is not None):
        rule = "must be one cut per group exactly where `within` names the groups"
        raise SpecError.from_field(name, rule, value, "leave it out: fit learns it.")


@attrs.frozen(kw_only=True)
class ScoreCut(Spec):
    """Who is key by score alone: fit learns the cut from a book, apply holds each row to it.

    What `select` decides for a book in memory with nothing but a rule, this decides for one of any
    size on any engine: fitting brings home some counts and the scores at the cut. Incumbents,
    overrides and tenure are matters of `select`.

    Parameters
    ----------
    rule
        How many are key: `TopShare`, `TopCount`, `AtLeast`, `Capacity`, or several joined by ``&``.
    column
        The column of scores.
    within
        The column of groups that each have their own seats; None: all compete for the same.
    ties
        Where there are fewer seats than accounts with the score at the cut: ``"include_all"`` of
        them are key, even beyond the seats, or ``"exclude_all"``.
    at
        Learned: the score from which an account is key, or one per group (the pool is of those
        without a group; a group that is not named has no seats). Where there are seats for all
        who have a score, it is the lowest of their scores; where nobody has one, none reaches it.

    Raises
    ------
    SpecError
        A field is not what it should be.

    See Also
    --------
    select, apply, fit

    Examples
    --------
    >>> import keyaccount as ka
    >>> import polars as pl
    >>> scored = pl.LazyFrame({"id": ["A", "B", "C", "D"], "score": [0.9, 0.4, 0.4, None]})
    >>> cut = ka.fit(scored, ka.ScoreCut(rule=ka.TopShare(0.5)))
    >>> cut.at
    0.4
    >>> ka.apply(scored, cut).collect()["is_key"].to_list()
    [True, True, True, False]
    """

    rule: Rule = attrs.field(validator=_a_rule)
    column: str = attrs.field(default="score", validator=text)
    within: str | None = attrs.field(default=None, validator=optionally(text))
    ties: CutTies = attrs.field(
        default="include_all", validator=choice("include_all", "exclude_all")
    )
    at: float | ByGroup[float] | None = attrs.field(
        default=None, converter=_exact_cut, validator=_a_cut
    )

    @property
    def is_fitted(self) -> bool:
        """Whether the cut is learned."""
        return self.at is not None

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns it needs."""
        return (self.column,) if self.within is None else (self.column, self.within)

    @property
    def writes(self) -> Mapping[str, Column]:
        """The one column it adds."""
        return {"is_key": Column("bool")}

    def fit(self, columns: Columns) -> ScoreCut:
        """Learn the cut from a whole book.

        Parameters
        ----------
        columns
            The scores, and the groups where there are some. An account without a score counts for
            a share and has no seat.

        Returns
        -------
        ScoreCut
            The same spec with `at` filled in; the same in any order of the rows.

        Raises
        ------
        ColumnNotFoundError, ColumnError, RowError
            A column is not there, or holds no numbers.
        SelectionError
            The rule has no figure for a group.
        """
        scores = floats(columns, self.column)
        if self.within is None:
            return self.learned([(None, len(scores), _sorted(scores))])
        groups = labels(columns, self.within)
        _ = common_length({self.column: scores, self.within: groups})
        order = np.argsort(groups.codes, kind="stable")
        ends = np.cumsum(np.bincount(groups.codes + 1, minlength=len(groups.labels) + 1))
        parts = np.split(scores[order], ends[:-1])
        named = zip((None, *groups.labels), parts, strict=True)
        return self.learned((label, len(own), _sorted(own)) for label, own in named)

    def learned(self, parts: Iterator[Part] | list[Part]) -> ScoreCut:
        """Learn the cut of each group: its label, its accounts, its scores in rising order."""
        found = {
            label: lowest_seated(scores, self.rule.quota(accounts, label), self.ties)
            for label, accounts, scores in parts
            if accounts or self.within is None
        }
        if self.within is None:
            return attrs.evolve(self, at=found[None])
        pool = found.pop(None, NOBODY)
        return attrs.evolve(self, at=ByGroup(found, pool=pool))

    def apply(self, columns: Columns) -> dict[str, NDArray[Any]]:
        """Say who is key, aligned with the input by position; who has no score is not.

        Raises
        ------
        NotFittedError
            The cut has still to be learned.
        """
        if self.at is None:
            raise NotFittedError.from_spec("ScoreCut")
        scores = floats(columns, self.column)
        with np.errstate(invalid="ignore"):
            return {"is_key": np.isfinite(scores) & (scores >= self._cuts(columns, scores))}

    def _cuts(self, columns: Columns, scores: Floats) -> Any:
        """Give the cut, or that of each row's group; a group that fit has not met has no seats."""
        if not isinstance(self.at, ByGroup):
            return self.at
        found = labels(columns, str(self.within))
        _ = common_length({self.column: scores, str(self.within): found})
        index = GroupIndex.of([self.at])
        pool = NOBODY if self.at.pool is None else self.at.pool
        own = [*index.spread(self.at)[:-1], NOBODY, pool]
        place = [index.position.get(label, -2) for label in found.labels]
        return np.array(own)[np.array([*place, -1], dtype=np.int64)[found.codes]]


Part: TypeAlias = tuple[str | None, int, Ordered]
"""A group's label, how many accounts it has, and their known scores in rising order."""


def _sorted(scores: Floats) -> Floats:
    return np.sort(scores[np.isfinite(scores)]) + 0.0


def cut_places(count: int, quota: Quota) -> tuple[int, ...]:
    """List the places among so many scores, in rising order, that `lowest_seated` looks at."""
    seats = quota.seats
    if not seats or seats >= count:
        return (0,) if count else ()
    return (count - seats - 1, count - seats)


def lowest_seated(scores: Ordered, quota: Quota, ties: CutTies) -> float:
    """Find the score from which an account of one group has a seat."""
    threshold = max(quota.threshold, -NOBODY)
    seats, count = quota.seats, len(scores)
    if seats is None:
        return threshold
    if not seats or not count:
        return NOBODY
    if seats >= count:
        return max(threshold, float(scores[0]))
    last, first_out = float(scores[count - seats]), float(scores[count - seats - 1])
    if last < threshold:
        return threshold
    if ties == "include_all" or first_out < last:
        return last
    return min(math.nextafter(last, math.inf), NOBODY)
