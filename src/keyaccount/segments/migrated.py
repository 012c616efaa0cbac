"""`Migration`: how many accounts, and how much money, went from each state to each state."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Floats, Objects
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, counted
from keyaccount.stats.sums import group_counts, group_sums

__all__ = ["ABSENT", "UNKNOWN", "Migration", "Side"]

_SHOWN = 5

UNKNOWN: Final = "(unknown)"
"""The state of an account that is there, but has no segment."""

ABSENT: Final = "(absent)"
"""Where newcomers come from and leavers go to."""


class Migration(Viewed):
    """Accounts and money between the segments of two dates: rows are before, columns after.

    Attributes
    ----------
    states
        The segments, then ``"(unknown)"`` (there, but without a segment) and ``"(absent)"`` (not
        there: before, the account is a newcomer; after, a leaver).
    counts
        ``(k, k)`` int64: how many accounts went from each state to each state. Rows add up to the
        accounts of each state before, columns to those after.
    money_before, money_after
        ``(k, k)`` float64: the money of these accounts on each date, exactly added; 0 where there
        is no account, NaN where nothing is known; None where no money was given.
    change
        ``(k, k)`` float64: money after less money before, of the accounts whose money is known on
        every date on which they are there; None unless both were given.
    flows
        The pairs of states that hold any account, in the order of `states`.
    stayed, moved
        How many accounts have the same segment on both dates, or another.
    newcomers, leavers
        How many accounts are there on the second date only, or on the first only.
    findings
        What a reader should know of the data.

    Notes
    -----
    The length and the rows of the result are those of `flows`.

    Examples
    --------
    >>> import keyaccount as ka
    >>> moves = ka.migration(
    ...     ["D2", "D1", "D1"], ["D1", "D1"], ids_before=["a", "b", "c"], ids_after=["b", "a"]
    ... )
    >>> moves.counts
    array([[1, 0, 0, 1],
           [1, 0, 0, 0],
           [0, 0, 0, 0],
           [0, 0, 0, 0]])
    >>> moves.accounts("D1", "(absent)")
    ('c',)
    """

    def __init__(self, states: tuple[str, ...], before: Side, after: Side) -> None:
        self.states: tuple[str, ...] = states
        self._before: Side = before
        self._after: Side = after
        self._pair_before: Codes = before.state * len(states) + before.other_state(after, states)
        self._pair_after: Codes = after.other_state(before, states) * len(states) + after.state
        pairs = np.concatenate([self._pair_before, self._pair_after[after.row_beside < 0]])
        self.counts: Codes = self._square(group_counts(pairs, len(states) ** 2))
        self.counts.flags.writeable = False  # the flows rest on it

    def __len__(self) -> int:
        return len(self.flows)

    def __repr__(self) -> str:
        return (
            f"<Migration: {self.stayed} stayed, {self.moved} moved, "
            f"{self.newcomers} came, {self.leavers} left>"
        )

    def _view(self) -> View:
        title = f"Migration: {self.stayed:,} stayed, {self.moved:,} moved"
        return View(title, self.columns(), len(self))

    @cached_property
    def flows(self) -> tuple[tuple[str, str], ...]:
        """The pairs of states that hold any account, in the order of the states."""
        start, end = np.nonzero(self.counts)
        return tuple(
            (self.states[i], self.states[j])
            for i, j in zip(start.tolist(), end.tolist(), strict=True)
        )

    @cached_property
    def money_before(self) -> Floats | None:
        """The money of the accounts of each flow on the first date."""
        money = self._before.money
        return None if money is None else self._summed(money, self._pair_before)

    @cached_property
    def money_after(self) -> Floats | None:
        """The money of the accounts of each flow on the second date."""
        money = self._after.money
        return None if money is None else self._summed(money, self._pair_after)

    @cached_property
    def change(self) -> Floats | None:
        """The money after less the money before of each flow."""
        before, after = self._before.money, self._after.money
        if before is None or after is None:
            return None
        gone = np.where(self._before.known_beside(after), -before, np.nan)
        come = np.where(self._after.known_beside(before), after, np.nan)
        pairs = np.concatenate([self._pair_after, self._pair_before])
        return self._summed(np.concatenate([come, gone]), pairs)

    @property
    def stayed(self) -> int:
        """How many accounts have the same segment on both dates."""
        return int(np.trace(self._segments()))

    @property
    def moved(self) -> int:
        """How many accounts have another segment on the second date."""
        return int(self._segments().sum()) - self.stayed

    @property
    def newcomers(self) -> int:
        """How many accounts are there on the second date only."""
        return int(self.counts[-1].sum())

    @property
    def leavers(self) -> int:
        """How many accounts are there on the first date only."""
        return int(self.counts[:, -1].sum())

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader should know of the data."""
        return (*self._before.findings(), *self._after.findings())

    def counts_before(self) -> dict[str, int]:
        """Count the accounts of each state on the first date."""
        return self._by_state(self.counts.sum(axis=1))

    def counts_after(self) -> dict[str, int]:
        """Count the accounts of each state on the second date."""
        return self._by_state(self.counts.sum(axis=0))

    def accounts(self, start: str, end: str) -> tuple[str, ...]:
        """List the ids of the accounts that went from one state to another.

        Raises
        ------
        SpecError
            There is no such state.
        """
        pair = self._position("start", start) * len(self.states) + self._position("end", end)
        side, pairs = (
            (self._after, self._pair_after)
            if start == ABSENT
            else (self._before, self._pair_before)
        )
        return tuple(side.ids[np.flatnonzero(pairs == pair)].tolist())

    def columns(self) -> dict[str, Any]:
        """Give the flows as columns, one row per flow, for the constructor of any DataFrame.

        ``share_of_before`` is the share of the accounts in the same state before; of newcomers, the
        share of all newcomers.
        """
        start, end = np.nonzero(self.counts)
        states = np.array(self.states, dtype=object)
        count = self.counts[start, end]
        found: dict[str, Any] = {
            "before": states[start],
            "after": states[end],
            "accounts": count,
            "share_of_before": count / self.counts.sum(axis=1)[start],
        }
        money = {
            "money_before": self.money_before,
            "money_after": self.money_after,
            "change": self.change,
        }
        return found | {name: m[start, end] for name, m in money.items() if m is not None}

    def row(self, i: int) -> Record:
        """Give one flow as a readable record, with the first few of its accounts."""
        i = checked_row(i, len(self))
        ids = self.accounts(*self.flows[i])
        more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
        cells = {name: column[i] for name, column in self.columns().items()}
        return Record({**cells, "ids": ", ".join(ids[:_SHOWN]) + more})

    def _segments(self) -> Codes:
        """Give the counts between known segments."""
        segments: Codes = self.counts[:-2, :-2]
        return segments

    def _square(self, flat: Any) -> Any:
        return flat.reshape(len(self.states), len(self.states))

    def _summed(self, money: Floats, pairs: Codes) -> Floats:
        """Add money up by flow: 0 where there is no account, NaN where nothing is known."""
        sums = group_sums(money, pairs, len(self.states) ** 2)
        nobody = group_counts(pairs, len(self.states) ** 2) == 0
        found: Floats = self._square(np.where(nobody, 0.0, sums))
        return found

    def _by_state(self, counts: Codes) -> dict[str, int]:
        return dict(zip(self.states, counts.tolist(), strict=True))

    def _position(self, argument: str, state: str) -> int:
        if state not in self.states:
            raise SpecError.from_choice(argument, state, self.states)
        return self.states.index(state)


@attrs.frozen(eq=False)
class Side:
    """The accounts of one date.

    Attributes
    ----------
    when
        ``"before"`` or ``"after"``.
    ids
        The id of each account.
    state
        The position of its state.
    money
        Its money; NaN and ±inf are missing.
    row_beside
        Its row on the other date, -1 where it is not there.
    """

    when: str
    ids: Objects
    state: Codes
    money: Floats | None
    row_beside: Codes

    def other_state(self, other: Side, states: tuple[str, ...]) -> Codes:
        """Give the state of each account on the other date; the last one where it is not there."""
        there: Codes = np.append(other.state, len(states) - 1)[self.row_beside]
        return there

    def known_beside(self, money: Floats) -> Bools:
        """Say which accounts have known money on the other date, or are not there at all."""
        known: Bools = np.append(np.isfinite(money), [True])[self.row_beside]
        return known

    def findings(self) -> list[Finding]:
        """Count the accounts without a known amount."""
        if self.money is None:
            return []
        missing = np.flatnonzero(~np.isfinite(self.money))
        if not len(missing):
            return []
        have, adds = ("has", "adds") if len(missing) == 1 else ("have", "add")
        accounts = f"{counted(len(missing), 'account')} {have}"
        return [
            Finding(
                code="missing",
                message=f"{accounts} no known money and {adds} nothing",
                count=len(missing),
                where=f"money_{self.when}",
                examples=sorted(self.ids[missing].tolist())[:_SHOWN],
            )
        ]
