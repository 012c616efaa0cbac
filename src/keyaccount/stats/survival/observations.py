"""Read what estimators of durations need, and tell what had to be left out."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import (
    Bools,
    Codes,
    Floats,
    as_floats,
    as_labels,
    common_length,
    refuse_rows,
)
from keyaccount.errors import RowError
from keyaccount.findings import Finding, counted, note
from keyaccount.stats.survival.risk import RiskTable, risk_table

__all__ = ["Named", "Observations", "coded_groups", "observations", "read_causes", "refuse_below_0"]

_SHOWN = 5


@attrs.frozen(eq=False)
class Named:
    """What the caller calls the columns and the rows, for messages.

    Parameters
    ----------
    durations, outcomes, entered
        The columns.
    group
        What a group is.
    rows
        ``(n,)`` the caller's number of each row; None: its position.
    """

    durations: str = "durations"
    outcomes: str = "outcomes"
    entered: str = "entered"
    group: str = "group"
    rows: Codes | None = None

    def numbers(self, positions: Codes) -> list[int]:
        """Give the caller's numbers of some rows."""
        found: list[int] = (positions if self.rows is None else self.rows[positions]).tolist()
        return found


@attrs.frozen(eq=False)
class Observations:
    """Durations with what ended them, by group; nothing is missing.

    Parameters
    ----------
    durations, causes, codes, entered
        As in `risk_table`.
    labels
        The groups, sorted; none where all rows are one group.
    n_causes
        How many causes there are.
    findings
        What was left out.
    """

    durations: Floats
    causes: Codes
    codes: Codes
    entered: Floats | None
    labels: tuple[str, ...]
    n_causes: int
    n_groups: int
    findings: tuple[Finding, ...]

    def risk(self) -> RiskTable:
        """Count who was at risk and who left."""
        return risk_table(
            self.durations,
            self.causes,
            self.codes,
            n_groups=self.n_groups,
            n_causes=self.n_causes,
            entered=self.entered,
        )


def observations(
    durations: Any,
    causes: Codes,
    *,
    n_causes: int,
    groups: tuple[Codes, tuple[str, ...]] | None = None,
    entered: Any = None,
    named: Named | None = None,
) -> Observations:
    """Check durations and set aside the rows that say nothing.

    Parameters
    ----------
    durations
        ``(n,)`` at least 0.
    causes
        ``(n,)`` 0 still open, 1 to `n_causes`, -1 unknown.
    groups
        Codes (-1 unknown) and sorted labels; None: one group.
    entered
        ``(n,)`` the duration already spent when a row was first seen; None: seen from the start.
    named
        What the caller calls columns and rows; None: as they are called here.

    Raises
    ------
    RowError
        A duration is below 0, or ends before the row was first seen.
    ColumnError
        Columns differ in length.
    """
    names = Named() if named is None else named
    days = as_floats(durations, names.durations)
    since = None if entered is None else as_floats(entered, names.entered)
    codes, labels = (np.zeros(len(days), np.int64), ()) if groups is None else groups
    given = {
        names.durations: days,
        names.outcomes: causes,
        "groups": None if groups is None else codes,
        names.entered: since,
    }
    common_length({name: column for name, column in given.items() if column is not None})
    refuse_below_0(days, names)
    taken, told = _usable(days, causes, codes, since, names)
    if since is not None:
        taken, late = _seen(taken, days, since, names)
        told = (*told, *late)
        since = np.maximum(since[taken], 0.0) + 0.0
    return Observations(
        durations=days[taken] + 0.0,
        causes=causes[taken],
        codes=codes[taken],
        entered=since,
        labels=labels,
        n_causes=n_causes,
        n_groups=1 if groups is None else len(labels),
        findings=told,
    )


def coded_groups(groups: Any, name: str = "groups") -> tuple[Codes, tuple[str, ...]]:
    """Read groups as codes into sorted labels, so that the order of rows does not show."""
    found = as_labels(groups, name)
    order = sorted(range(len(found.labels)), key=found.labels.__getitem__)
    table = np.full(len(order) + 1, -1, dtype=np.int64)
    table[order] = np.arange(len(order))
    return table[found.codes], tuple(found.labels[i] for i in order)


def read_causes(outcomes: Any, n_causes: int, name: str = "outcomes") -> Codes:
    """Read outcomes as 0 (still open) and causes from 1; -1 where unknown.

    Raises
    ------
    RowError
        An outcome is another number.
    """
    given = as_floats(outcomes, name)
    known = np.isfinite(given)
    whole = np.where(known, given, -1.0)
    hint = f"write 0 for what is still open, and the cause from 1 to {n_causes} for what is not."
    refuse_rows(
        name,
        given,
        known & ((whole != np.floor(whole)) | (whole < 0) | (whole > n_causes)),
        "hold no known outcome",
        hint,
    )
    return whole.astype(np.int64)


def refuse_below_0(days: Floats, named: Named) -> None:
    """Refuse durations below 0; what is unknown passes.

    Raises
    ------
    RowError
        A duration is below 0.
    """
    wrong = np.flatnonzero(days < 0.0)
    wrong = wrong[np.isfinite(days[wrong])]
    if len(wrong):
        raise RowError.from_rows(
            named.durations,
            "are below 0",
            named.numbers(wrong),
            days[wrong[:_SHOWN]].tolist(),
            "look for days that were swapped: the end lies before the start.",
        )


def _usable(
    days: Floats, causes: Codes, codes: Codes, since: Floats | None, named: Named
) -> tuple[Bools, tuple[Finding, ...]]:
    """Say which rows are known in full, and count the others by the first reason that holds."""
    entry = np.zeros(len(days)) if since is None else since
    reasons = (
        ("infinite", "an infinite duration", np.isinf(days) | np.isinf(entry)),
        ("no_duration", "no known duration", np.isnan(days)),
        ("no_entry", "no known entry", np.isnan(entry)),
        ("no_outcome", "no known outcome", causes < 0),
        ("no_group", f"no known {named.group}", codes < 0),
    )
    taken: Bools = np.ones(len(days), dtype=np.bool_)
    told: tuple[Finding, ...] = ()
    for code, what, wrong in reasons:
        told += _left_out(code, what, taken & wrong, named)
        taken &= ~wrong
    return taken, told


def _seen(
    taken: Bools, days: Floats, since: Floats, named: Named
) -> tuple[Bools, tuple[Finding, ...]]:
    """Leave out what was first seen on the day it was last seen: it was never watched."""
    wrong = np.flatnonzero(taken & (since > days))
    if len(wrong):
        raise RowError.from_rows(
            named.entered,
            "lie after the end",
            named.numbers(wrong),
            [f"{since[i]:g} of {days[i]:g}" for i in wrong[:_SHOWN]],
            "give the duration already spent when a row was first seen, 0 from the start.",
        )
    unseen = taken & (since == days) & (since > 0.0)
    return taken & ~unseen, _left_out("never_watched", "no time watched", unseen, named)


def _left_out(code: str, what: str, wrong: Bools, named: Named) -> tuple[Finding, ...]:
    rows = np.flatnonzero(wrong)
    message = f"{counted(len(rows), 'row')} with {what} left out"
    shown = (f"row {r}" for r in named.numbers(rows[:_SHOWN]))
    return note(code, message, len(rows), examples=shown)
