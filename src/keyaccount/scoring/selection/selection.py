"""`Selection`: who is key, why, and how near to the cut."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Days, Floats, Objects
from keyaccount._record import Record, checked_row
from keyaccount._stamp import Stamped
from keyaccount._view import View, Viewed
from keyaccount.errors import SelectionError
from keyaccount.findings import Finding, counted
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.selection.inputs import Inputs
from keyaccount.scoring.selection.reasons import MEANINGS, WORDS, Reason, ReasonCodes
from keyaccount.scoring.selection.rules import Rule
from keyaccount.scoring.selection.seating import Manners

if TYPE_CHECKING:
    from keyaccount.scoring.selection.select import SelectionPolicy

_SLACK = 1e-12
"""What adding up may cost a score: 0.72 is within 0.02 of 0.7, whatever floats make of it."""


@attrs.frozen
class GroupCut:
    """What became of one group of accounts that competed for the same seats.

    Parameters
    ----------
    group
        Its label; None where all accounts compete together, or have no label.
    accounts, seats, selected
        How many accounts there are, how many may be key (None: no limit), how many are.
    threshold
        The score an account must have, minus infinity where there is none.
    cut
        The score the last seat by rank went for, before any cap on changes: what a challenger has
        to reach, the hold of an incumbent included. The threshold where there are seats for all who
        reach it; NaN where there is none either, or no seat is left.

    Examples
    --------
    >>> import keyaccount as ka
    >>> chosen = ka.select([0.9, 0.2, 0.5, 0.7], ka.TopCount(2))
    >>> chosen.groups[0].cut
    0.7
    """

    group: str | None
    accounts: int
    seats: int | None
    selected: int
    threshold: float
    cut: float


@attrs.frozen(eq=False, slots=False)
class Selection(Stamped, Viewed):
    """Who is key, aligned with the scores by position.

    Attributes
    ----------
    is_key
        ``(n,)`` bool.
    reason
        ``(n,)`` str: why, as a fixed word: in by ``rank``, ``held``, ``minimum_tenure``,
        ``included_by_override``, ``kept_by_change_cap``; out by ``below_cut``,
        ``below_threshold``, ``tied_at_cut``, ``rejected``, ``unscored``,
        ``excluded_by_override``, ``displaced_by_override``, ``displaced_by_hold``,
        ``displaced_by_tenure``, ``waits_for_change_cap``, ``no_seat``.
    cut
        The score the last seat by rank went for; a dict by group where the selection is made
        within groups.
    borderline
        ``(n,)`` bool: the score is within the margin of the cut.
    undecided
        ``(n,)`` bool: what is unknown could move the account over the cut, one way or the other.
    since
        ``(n,)`` datetime64[D]: since when a key account is one; NaT where unknown or not key.
    groups
        Seats, cut and counts of each group.
    findings
        What a reader should know: overrides expired or unknown, incumbents gone, ties at the cut.

    Examples
    --------
    >>> import keyaccount as ka
    >>> chosen = ka.select([0.9, 0.2, 0.5, 0.7], ka.TopShare(0.5), ids=["a", "b", "c", "d"])
    >>> chosen.key_ids
    ('a', 'd')
    >>> print(chosen.row(2))
    account   c
    is_key    False
    reason    below_cut
    meaning   out: its score is below the cut
    score     0.5
    cut       0.7
    distance  -0.2
    """

    is_key: Bools
    groups: tuple[GroupCut, ...]
    findings: tuple[Finding, ...]
    margin: float
    rule: Rule
    manners: Manners
    policy: SelectionPolicy = attrs.field(repr=False)
    inputs: Inputs = attrs.field(repr=False)
    reason_code: ReasonCodes = attrs.field(repr=False)

    @property
    def spec(self) -> SelectionPolicy:
        """The spec that made it."""
        return self.policy

    def __len__(self) -> int:
        return len(self.is_key)

    def __repr__(self) -> str:
        key = counted(int(np.count_nonzero(self.is_key)), "key account")
        return f"<Selection of {key} among {len(self):,}>"

    def _view(self) -> View:
        return View(repr(self).strip("<>"), self.columns(), len(self))

    @property
    def ids(self) -> Objects | None:
        """The ids of the accounts, None where there are none."""
        return self.inputs.ids

    @property
    def value(self) -> Floats:
        """The score of each account; NaN where it has none."""
        return self.inputs.value

    @property
    def scores(self) -> Scores | None:
        """The scores chosen from, None where plain numbers were given."""
        return self.inputs.scores

    @cached_property
    def hold(self) -> Floats:
        """How far each account is helped by being an incumbent, in score units."""
        return np.where(self.inputs.incumbent, self.manners.hold, 0.0)

    @cached_property
    def since(self) -> Days:
        """Since when a key account is one; NaT where unknown or not key."""
        since = np.where(self.is_key, self.inputs.since, np.datetime64("NaT", "D"))
        if self.inputs.day is not None:
            since[self.is_key & ~self.inputs.incumbent] = np.datetime64(self.inputs.day, "D")
        return since

    @property
    def key_since(self) -> Days:
        """Since when each of the key accounts is one, in the order of `key_ids`."""
        return self.since[self.is_key]

    @cached_property
    def reason(self) -> Objects:
        """Why each account is key or is not, as a fixed word."""
        return WORDS[self.reason_code]

    @property
    def cut(self) -> float | dict[str | None, float]:
        """The score the last seat by rank went for, by group where there are groups."""
        if self.inputs.within:
            return {g.group: g.cut for g in self.groups}
        return self.groups[0].cut

    @cached_property
    def cut_by_row(self) -> Floats:
        """The cut of each account's group."""
        return np.array([g.cut for g in self.groups])[self.inputs.pool]

    @cached_property
    def distance(self) -> Floats:
        """The score, with an incumbent's hold, less the cut."""
        return self.value + self.hold - self.cut_by_row

    @cached_property
    def borderline(self) -> Bools:
        """Whether the score is within the margin of the cut."""
        with np.errstate(invalid="ignore"):
            return np.abs(self.distance) <= self.margin + _SLACK

    @cached_property
    def undecided(self) -> Bools:
        """Whether what is unknown could move the account over the cut."""
        if self.scores is None:
            return np.zeros(len(self), dtype=np.bool_)
        low, high = self.scores.low + self.hold, self.scores.high + self.hold
        with np.errstate(invalid="ignore"):
            return (low < self.cut_by_row) & (high >= self.cut_by_row)

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The ids of the key accounts; their positions where there are no ids."""
        rows = np.flatnonzero(self.is_key)
        return tuple(str(i) for i in (rows if self.ids is None else self.ids[rows]).tolist())

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame."""
        named: dict[str, Any] = {} if self.ids is None else {"account": self.ids}
        return named | {
            "is_key": self.is_key,
            "reason": self.reason,
            "cut": self.cut_by_row,
            "distance": self.distance,
            "borderline": self.borderline,
            "undecided": self.undecided,
            "since": self.since,
        }

    def row(self, i: int) -> Record:
        """Give one account as a readable record: why, how near, and what each criterion gave."""
        i = checked_row(i, len(self))
        record: dict[str, Any] = {} if self.ids is None else {"account": self.ids[i]}
        group = self.groups[int(self.inputs.pool[i])].group
        record |= {} if group is None else {"group": group}
        record |= {
            "is_key": bool(self.is_key[i]),
            "reason": self.reason[i],
            "meaning": MEANINGS[Reason(int(self.reason_code[i]))],
            "score": float(self.value[i]),
            **({"hold": float(self.hold[i])} if self.hold[i] else {}),
            "cut": float(self.cut_by_row[i]),
            "distance": float(self.distance[i]),
        }
        record |= {"borderline": True} if self.borderline[i] else {}
        record |= {"undecided": True} if self.undecided[i] else {}
        record |= self._override_of(i)
        if self.scores is not None:
            record |= {k: v for k, v in self.scores.row(i).items() if k != "score"}
        return Record(record)

    def _override_of(self, i: int) -> Mapping[str, str]:
        """Say which override decided; out goes before in where both are said."""
        if self.ids is None:
            return {}
        mine = [o for o in self.inputs.overrides if o.account == self.ids[i]]
        for override in sorted(mine, key=lambda o: o.include):
            return {"override": f"{override.reason} (approved by {override.approved_by})"}
        return {}


def scores_of(chosen: Any) -> Scores | None:
    """Give the scores a selection was made from.

    Raises
    ------
    SelectionError
        What was passed is no selection.
    """
    if not isinstance(chosen, Selection):
        raise SelectionError.from_problem(
            f"a Selection is expected (got {type(chosen).__name__})",
            "pass what select(scores, rule) returned.",
        )
    return chosen.scores
