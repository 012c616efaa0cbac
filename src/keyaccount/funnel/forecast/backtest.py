"""`backtest`: forecast past periods from what was known at their start, and compare."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import (
    Bools,
    Codes,
    Columns,
    Days,
    Floats,
    Objects,
    as_days,
    as_ids,
    common_length,
    days,
    names_of,
    pick,
    to_numpy,
)
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.funnel.forecast.backtested import Backtest
from keyaccount.funnel.forecast.cents import weighted_money
from keyaccount.funnel.forecast.reading import (
    read_money,
    read_outcomes,
    read_probabilities,
    told,
)
from keyaccount.funnel.rules import OPEN, OUTCOMES, WON
from keyaccount.stats.calibration import calibration
from keyaccount.stats.sums import exact_sum, group_sums

__all__ = ["backtest"]


def backtest(
    deals_at: Callable[[np.datetime64], Columns],
    outcomes: Columns,
    dates: Any,
    *,
    probability: str | Callable[[Columns, Columns], Any] = "probability",
    deal: str = "deal",
    amount: str = "amount",
    outcome: str = "outcome",
    closed: str = "closed",
    expected: str | None = None,
) -> Backtest:
    """Forecast past periods from what was known at their start, and compare with what came about.

    Parameters
    ----------
    deals_at
        Gives the deals as they stood at the end of a day, such as ``pipeline.at``.
    outcomes
        How the deals ended, one row per deal: ``"open"``, ``"won"`` or ``"lost"``, the day each was
        decided, and its amount then.
    dates
        Rising days: each forecast is made at the end of one and looks as far as the end of the
        next.
    probability
        Column of the deals with the chance of being won in the period; or a function that gives one
        chance per deal from two tables: the deals open at the start, and those of `outcomes` that
        were decided by then, the day of the start among them. It sees nothing later.
    deal, amount, outcome
        Columns of both tables.
    closed
        Column of `outcomes`: the day of the decision.
    expected
        Column of the deals with the day they are expected to close: those expected after the end of
        the period are taken to bring nothing in it. None: all open deals count.

    Returns
    -------
    Backtest
        Predicted and actual amounts per period, and the calibration of the chances.

    Raises
    ------
    SpecError
        There are not two rising days, `deals_at` is no function, `probability` is neither a name
        nor a function, or the function does not give one chance per deal.
    DuplicateIdError
        A deal is twice in a table.
    ColumnNotFoundError, ColumnError, RowError
        A column is not there or cannot be read, or a chance lies outside [0, 1].

    Notes
    -----
    The chance that a stage states is that of winning some day. Over one period it promises too
    much, unless `expected` says which deals are due; the ratio shows by how much.

    Examples
    --------
    >>> import keyaccount as ka
    >>> standing = {"deal": ["a", "b"], "outcome": ["open", "open"], "amount": [100.0, 60.0]}
    >>> ended = {
    ...     "deal": ["a", "b", "old"],
    ...     "outcome": ["won", "lost", "won"],
    ...     "closed": ["2026-02-20", "2026-05-20", "2025-12-01"],
    ...     "amount": [90.0, 60.0, 10.0],
    ... }
    >>> def rate(deals, decided):
    ...     won = decided["outcome"] == "won"
    ...     return [won.mean() / 2] * len(deals["deal"])
    >>> found = ka.backtest(
    ...     lambda day: standing, ended, ["2025-12-31", "2026-03-31"], probability=rate
    ... )
    >>> found.predicted.tolist(), found.actual.tolist(), found.brought.tolist()
    ([80.0], [100.0], [90.0])
    """
    _refuse_other(deals_at, probability)
    at = _dates(dates)
    ended = _read_ended(outcomes, deal, amount, outcome, closed)
    names = _Names(deal, amount, outcome, expected)
    periods = [
        _period(deals_at(start), ended, names, probability, (start, end))
        for start, end in pairwise(at)
    ]
    chances = np.concatenate([p.chance for p in periods])
    came = np.concatenate([p.came for p in periods])
    known = np.isfinite(chances)
    return Backtest(
        start=at[:-1],
        end=at[1:],
        **_table([p.figures for p in periods]),
        calibration=calibration(chances[known], came[known]) if known.any() else None,
        findings=(*ended.findings, *(f for p in periods for f in p.findings)),
    )


@attrs.frozen
class _Names:
    deal: str
    amount: str
    outcome: str
    expected: str | None


@attrs.frozen(eq=False)
class _Ended:
    """How the deals ended, and the columns handed to a function that learns."""

    columns: dict[str, Any]
    row_of: dict[str, int]
    state: Codes
    closed: Days
    amount: Floats
    findings: tuple[Finding, ...]

    def decided_by(self, day: np.datetime64) -> dict[str, Any]:
        """Give the deals decided by the end of a day, and nothing that came later."""
        rows = (self.state != OPEN) & (self.closed <= day)
        return {name: column[rows] for name, column in self.columns.items()}


@attrs.frozen(eq=False)
class _Period:
    figures: dict[str, float]
    chance: Floats
    came: Floats
    findings: tuple[Finding, ...]


def _refuse_other(deals_at: object, probability: object) -> None:
    if not callable(deals_at):
        raise SpecError.from_field(
            "backtest(deals_at)",
            "must be a function of a day that gives the deals",
            deals_at,
            "write deals_at=pipeline.at, or lambda day: deals.",
        )
    if not isinstance(probability, str) and not callable(probability):
        raise SpecError.from_field(
            "backtest(probability)",
            "must be the name of a column, or a function that gives the chances",
            probability,
            'write probability="probability", or a function of two tables.',
        )


def _dates(dates: Any) -> Days:
    listed: Any = (
        list(dates) if isinstance(dates, Sequence) and not isinstance(dates, str) else dates
    )
    at = as_days(listed, "dates")
    if len(at) < 2 or np.isnat(at).any() or not (at[1:] > at[:-1]).all():  # noqa: PLR2004 - a period
        raise SpecError.from_field(
            "backtest(dates)",
            "must be two or more rising days",
            dates,
            'write dates=["2025-12-31", "2026-03-31"]: one period, from one day to the next.',
        )
    return at


def _read_ended(outcomes: Columns, deal: str, amount: str, outcome: str, closed: str) -> _Ended:
    ids = as_ids(pick(outcomes, deal), deal)
    state, about_states = read_outcomes(pick(outcomes, outcome), outcome)
    when = days(outcomes, closed)
    money, about_money = read_money(pick(outcomes, amount), amount)
    read: dict[str, Any] = {deal: ids, outcome: state, closed: when, amount: money}
    _ = common_length(read)
    undated = (state != OPEN) & np.isnat(when)
    words = np.array(OUTCOMES, dtype=object)[state]
    return _Ended(
        columns={deal: ids, outcome: words, closed: when, amount: money},
        row_of={id_: row for row, id_ in enumerate(ids.tolist())},
        state=state,
        closed=when,
        amount=money,
        findings=(
            *about_states,
            *about_money,
            *told("no_day", undated, "decided on no known day, never counted", closed),
        ),
    )


def _period(
    deals: Columns,
    ended: _Ended,
    names: _Names,
    probability: str | Callable[[Columns, Columns], Any],
    span: tuple[np.datetime64, np.datetime64],
) -> _Period:
    start, end = span
    table = _open_deals(deals, names)
    stated = (
        pick(table.columns, probability)
        if isinstance(probability, str)
        else probability(table.columns, ended.decided_by(start))
    )
    chance, about_chance = read_probabilities(stated, _said(probability))
    _as_many(chance, len(table.ids))
    if table.expected is not None:
        chance = np.where(table.expected > end, 0.0, chance)
    won_here = (ended.state == WON) & (ended.closed > start) & (ended.closed <= end)
    row = np.array([ended.row_of.get(i, -1) for i in table.ids.tolist()], dtype=np.int64)
    came = np.append(won_here, [False])[row]
    met = np.zeros(len(won_here), dtype=np.bool_)
    met[row[row >= 0]] = True
    figures = _figures(table.amount, chance, came)
    figures |= {
        "brought": _money(ended.amount[row[came]]),
        "new_won": int(np.count_nonzero(won_here & ~met)),
        "new_brought": _money(ended.amount[won_here & ~met]),
    }
    at = f"as of {start}"
    no_money, no_chance = np.isnan(table.amount), np.isnan(chance)
    findings = (
        *table.findings,
        *about_chance,
        *told("no_amount", no_money, "open without an amount, counted as 0"),
        *told("no_probability", no_chance, "open without a chance, counted as 0"),
        *told("no_outcome", row < 0, "open and unknown afterwards, counted as not won"),
    )
    said = tuple(attrs.evolve(f, where=at) for f in findings)
    return _Period(figures, chance, came.astype(np.float64), said)


@attrs.frozen(eq=False)
class _Open:
    columns: dict[str, Any]
    ids: Objects
    amount: Floats
    expected: Days | None
    findings: tuple[Finding, ...]


def _open_deals(deals: Columns, names: _Names) -> _Open:
    """Keep the deals that are open; what a learning function sees of them, as well."""
    state, about_states = read_outcomes(pick(deals, names.outcome), names.outcome)
    is_open = state == OPEN
    ids = as_ids(pick(deals, names.deal), names.deal)
    money, about_money = read_money(pick(deals, names.amount), names.amount)
    read: dict[str, Any] = {names.deal: ids, names.outcome: state, names.amount: money}
    expected = None if names.expected is None else days(deals, names.expected)
    _ = common_length(read if expected is None else {**read, "expected": expected})
    return _Open(
        columns={n: to_numpy(pick(deals, n), n)[is_open] for n in names_of(deals)},
        ids=ids[is_open],
        amount=money[is_open],
        expected=None if expected is None else expected[is_open],
        findings=(*about_states, *about_money),
    )


def _figures(amount: Floats, chance: Floats, came: Bools) -> dict[str, float]:
    """Predict one period, and add up what came about of what was predicted."""
    predicted = _money(weighted_money(amount, chance))
    known = np.isfinite(amount) & np.isfinite(chance)
    a, p = amount[known], chance[known]
    sd = math.sqrt(exact_sum(a * a * p * (1.0 - p))) if len(a) else 0.0
    actual = _money(amount[came])
    return {
        "open": len(amount),
        "predicted": predicted,
        "predicted_sd": sd,
        "won": int(np.count_nonzero(came)),
        "actual": actual,
        "ratio": actual / predicted if predicted else math.nan,
        "off": (actual - predicted) / sd if sd else math.nan,
    }


def _table(rows: list[dict[str, float]]) -> dict[str, Any]:
    counts = {"open", "won", "new_won"}
    kinds = {name: np.int64 if name in counts else np.float64 for name in rows[0]}
    return {name: np.array([r[name] for r in rows], dtype=kind) for name, kind in kinds.items()}


def _money(amounts: Floats) -> float:
    """Add known amounts up, as money; nothing is 0."""
    known = amounts[np.isfinite(amounts)]
    one = np.zeros(len(known), dtype=np.int64)
    return float(group_sums(known, one, 1)[0]) if len(known) else 0.0


def _said(probability: str | Callable[[Columns, Columns], Any]) -> str:
    return probability if isinstance(probability, str) else "probability"


def _as_many(chance: Floats, deals: int) -> None:
    if len(chance) != deals:
        raise SpecError.from_field(
            "backtest(probability)",
            f"must give one chance per open deal, {deals} here",
            len(chance),
            "give the chances in the order of the deals handed over.",
        )
