"""`waterfall`: what happened to a pipeline between two dates, deal by deal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from keyaccount._columns import Bools, Columns, Objects, names_of
from keyaccount.findings import Finding
from keyaccount.funnel.forecast.cents import total_cents
from keyaccount.funnel.forecast.reading import told
from keyaccount.funnel.funnel import Funnel
from keyaccount.funnel.movement.buckets import CODES, OVERLAPPING, ordered
from keyaccount.funnel.movement.order import StageOrder, positions, stage_order
from keyaccount.funnel.movement.result import Waterfall
from keyaccount.funnel.movement.side import ABSENT, Names, Side, as_period, read_side
from keyaccount.funnel.rules import LOST, OPEN, WON
from keyaccount.funnel.stages import Stage

__all__ = ["waterfall"]


def waterfall(
    before: Columns,
    after: Columns,
    *,
    deal: str = "deal",
    amount: str = "amount",
    outcome: str | None = "outcome",
    stage: str | None = "stage",
    stages: Funnel | Sequence[Stage | str] | None = None,
    expected: str | None = "expected",
    closed: str | None = "closed",
    period: tuple[Any, Any] | None = None,
    priority: Sequence[str] | None = None,
) -> Waterfall:
    """Explain how the open pipeline of one date became that of another, to the cent.

    Parameters
    ----------
    before, after
        The deals on each date, one row per deal: two `Standing`, or two tables of a CRM. Keep the
        decided deals in: a deal that is only missing counts as removed, nobody knows why.
    deal
        Column of ids, by which the dates are joined.
    amount
        Column of amounts, counted in whole cents; a missing one counts 0 and is told.
    outcome
        Column of ``"open"``, ``"won"`` or ``"lost"`` (or 0, 1 and 2); a deal without one is open.
        None: all deals are open. Like `stage` and `expected`, it is asked for under its usual name
        only where one of the tables has it; a finding tells where neither does.
    stage
        Column of stages; None: movements between stages are not looked at.
    stages
        The stages from first to last, as a `Funnel`, as stages or as codes. A column of stages may
        hold any word that a stage goes by: its code, letter or names. None: those of the funnel of
        two standings, and from nothing else.
    expected
        Column of the days on which deals are expected to close; None: not looked at.
    closed
        Column of the days on which deals were decided; read only where `period` is given, and under
        its usual name only where a table has it. None: not read.
    period
        The first and the last day of the period looked at: only deals expected to close in it make
        the value, and deals move in and out. A deal decided in the period belongs to it, whatever
        day it was expected on; where that day is missing, the expected one counts. None: all deals
        do, and none moves in or out.
    priority
        In which order ``amount_up``, ``amount_down``, ``slipped``, ``regressed``, ``advanced`` and
        ``pulled_forward`` take a deal for which more than one holds. None: in this one, a choice of
        this library: every bucket of money then holds all of its money.

    Returns
    -------
    Waterfall
        One bucket per deal, and the sums of each bucket.

    Raises
    ------
    DuplicateIdError
        A deal is twice in a table.
    ColumnNotFoundError, ColumnError, RowError
        A column is not there or cannot be read, or a deal has no id.
    SpecError
        An option is not what it should be, or a stage is not among `stages`.

    Notes
    -----
    The value of a date is the sum of the amounts of its open deals (in the period). A deal's change
    is its amount in that sum on the second date less that on the first, so start and changes make
    end, whatever happened. The first of these that holds is the deal's bucket:

    1. ``outside``: decided on both dates alike, or decided and gone; with a period, belonging to it
       on neither date.
    2. ``won``, ``lost``: now, and not before. A deal that was won without having been open on the
       first date changes nothing; its `value` tells what it brought.
    3. ``reopened``: decided before, open now.
    4. ``new``: not in the first table. ``removed``: not in the second one.
    5. ``moved_in``, ``moved_out``: expected in the period now, or no longer.
    6. In the pipeline on both dates: what `priority` names first. The buckets after the amounts
       change no value with the default order; `value` tells how much stands in them.
    7. ``unchanged``.

    What else holds for a deal is in `also`: a deal that slipped and grew is in ``amount_up``, and
    its `also` says ``slipped``.

    Examples
    --------
    >>> import keyaccount as ka
    >>> before = {
    ...     "deal": ["a", "b", "c", "d"],
    ...     "amount": [100.0, 50.0, 80.0, 20.0],
    ...     "stage": ["talk", "offer", "offer", "talk"],
    ...     "expected": ["2026-09-30", "2026-09-30", "2026-09-30", "2026-10-31"],
    ... }
    >>> after = {
    ...     "deal": ["a", "b", "c", "d", "e"],
    ...     "outcome": ["open", "won", "open", "open", "open"],
    ...     "amount": [120.0, 45.0, 80.0, 20.0, 10.0],
    ...     "stage": ["offer", "offer", "offer", "offer", "talk"],
    ...     "expected": ["2026-09-30", "2026-08-15", "2026-12-15", "2026-10-31", "2026-12-31"],
    ... }
    >>> moved = ka.waterfall({**before, "outcome": ["open"] * 4}, after, stages=("talk", "offer"))
    >>> moved.bucket.tolist()
    ['amount_up', 'won', 'slipped', 'advanced', 'new']
    >>> moved.also[0], moved.start, moved.change.tolist(), moved.end
    ('advanced', 250.0, [20.0, -50.0, 0.0, 0.0, 10.0], 230.0)
    """
    tables = (before, after)
    outcome, of_outcome = _where_there(outcome, "outcome", tables)
    expected, of_expected = _where_there(expected, "expected", tables)
    of_stage: tuple[Finding, ...] = ()
    if stages is None:
        stage, of_stage = _where_there(stage, "stage", tables)
    names = Names(deal, amount, outcome, stage, expected, closed)
    days = as_period(period, names)
    rank = ordered(priority)
    first, second = (
        read_side(columns, names, days, when)
        for columns, when in ((before, "before"), (after, "after"))
    )
    ids = _union(first.ids, second.ids)
    old, new = first.at(ids), second.at(ids)
    order = None if stage is None else stage_order(stages, (before, after))
    holds = _holds(old, new, _stage_moves(old, new, order, stage))
    code = _first(holds, rank)
    value = np.where(new.state == ABSENT, old.cents, new.cents)
    _ = total_cents(value, amount)
    return Waterfall(
        deal=ids,
        code=code,
        holds=np.array([holds[c] for c in CODES]),
        before=old.value,
        after=new.value,
        value=value,
        totals=(total_cents(old.value, amount), total_cents(new.value, amount)),
        counts=(int(np.count_nonzero(old.open)), int(np.count_nonzero(new.open))),
        findings=(
            *of_outcome,
            *of_stage,
            *of_expected,
            *first.findings,
            *second.findings,
            *_findings(holds, old, new, order),
        ),
    )


def _where_there(
    name: str | None, usual: str, tables: tuple[Columns, Columns]
) -> tuple[str | None, tuple[Finding, ...]]:
    """Ask for a column of its usual name only where a table has it, and say where none does."""
    known = [names_of(table) for table in tables]
    if name != usual or any(usual in names for names in known) or not all(known):
        return name, ()
    message = f"neither table has a column {usual!r}: {_UNSEEN[usual]}"
    return None, (Finding(code=f"no_{usual}_column", message=message, count=1, severity="info"),)


_UNSEEN = {
    "outcome": "every deal is taken to be open",
    "stage": "movements between stages are not looked at",
    "expected": "slipped deals are not looked at",
}


def _union(one: Objects, other: Objects) -> Objects:
    ids = sorted({*one.tolist(), *other.tolist()})
    found = np.empty(len(ids), dtype=object)
    found[:] = ids
    return found


def _stage_moves(
    old: Side, new: Side, order: StageOrder | None, column: str | None
) -> tuple[Bools, Bools]:
    """Say which deals came to a later stage, and which went back to an earlier one."""
    if order is None or column is None:
        never = np.zeros(len(old.ids), dtype=np.bool_)
        return never, never
    was, is_now = positions(old.stage, order, column), positions(new.stage, order, column)
    known = (was >= 0) & (is_now >= 0)
    return known & (is_now > was), known & (is_now < was)


def _holds(old: Side, new: Side, moves: tuple[Bools, Bools]) -> dict[str, Bools]:
    """Say of each bucket for which deals it holds; only the overlapping ones hold together."""
    seen = old.in_view | new.in_view
    was, is_now = old.state, new.state
    won, lost = seen & (is_now == WON) & (was != WON), seen & (is_now == LOST) & (was != LOST)
    came = seen & (is_now == OPEN)
    stayed = came & (was == OPEN)
    both = stayed & old.in_view & new.in_view
    found = {
        "won": won,
        "lost": lost,
        "reopened": came & ((was == WON) | (was == LOST)),
        "new": came & (was == ABSENT),
        "removed": seen & (is_now == ABSENT) & (was == OPEN),
        "moved_in": stayed & ~old.in_view,
        "moved_out": stayed & ~new.in_view,
        "amount_up": both & (new.cents > old.cents),
        "amount_down": both & (new.cents < old.cents),
        "slipped": both & (new.expected > old.expected),
        "pulled_forward": both & (new.expected < old.expected),
        "advanced": both & moves[0],
        "regressed": both & moves[1],
    }
    moved = np.logical_or.reduce([found[code] for code in OVERLAPPING])
    found["unchanged"] = both & ~moved
    found["outside"] = ~np.logical_or.reduce([*found.values()])
    return found


def _first(holds: dict[str, Bools], rank: Sequence[str]) -> Any:
    """Give each deal the first bucket that holds for it."""
    alone = [code for code in CODES if code not in OVERLAPPING]
    listed = [*alone, *rank]
    return np.select([holds[c] for c in listed], [CODES.index(c) for c in listed]).astype(np.int64)


def _findings(
    holds: dict[str, Bools], old: Side, new: Side, order: StageOrder | None
) -> tuple[Finding, ...]:
    moved = old.open & new.open & (old.stage != new.stage)
    unordered = moved if order is None else np.zeros(len(moved), dtype=np.bool_)
    return (
        *told("removed", holds["removed"], "open before and no longer in the table", "after"),
        *told(
            "stage_order_unknown",
            unordered,
            "in another stage, forward or back nobody knows: state stages=",
            "stage",
        ),
    )
