"""What deals say about an account on a day: sales, potential, wins and losses.

A deal counts as it stood on the day asked about. One that closed later counts as open, at the first
open stage and at list price: how far it had come, and what it brought in the end, was not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Floats, one_day
from keyaccount.findings import Finding
from keyaccount.intake.deals import FAULTS, LOST, OPEN, WON, Deals
from keyaccount.intake.notes import Severity, note, rows
from keyaccount.intake.reconcile import Reconciliation
from keyaccount.stats.sums import group_counts, group_sums

__all__ = ["DealFeatures", "deal_features", "window_start"]

_LONG_AGO = 92
"""Days without any news before the day asked about from which on a finding says so."""


@attrs.frozen(kw_only=True, eq=False)
class DealFeatures:
    """What deals say about each account.

    Parameters
    ----------
    columns
        One float per account: ``sales`` (won value in the window, NaN if only unknown amounts),
        ``potential`` (open deals at stage probability), ``wins``, ``losses``, ``trials`` (both),
        ``won_deals`` (in the window), ``open_deals``.
    findings
        What was met.
    reconciliations
        Won value and weighted open value: read, used, outside, rejected.
    """

    columns: Mapping[str, Floats]
    findings: tuple[Finding, ...]
    reconciliations: tuple[Reconciliation, ...]


@attrs.frozen(kw_only=True, eq=False)
class _State:
    """How each deal stood on the day."""

    won: Bools
    recent: Bools
    lost: Bools
    open: Bools
    reopened: Bools
    later: Bools
    undated: Bools
    worth: Floats
    listed: Bools


def window_start(as_of: np.datetime64, months: int) -> np.datetime64:
    """Give the same day some months earlier, or the last day of that month; the window opens after.

    Examples
    --------
    >>> import numpy as np
    >>> from keyaccount.intake.features import window_start
    >>> window_start(np.datetime64("2026-09-30"), 24), window_start(np.datetime64("2024-03-31"), 1)
    (np.datetime64('2024-09-30'), np.datetime64('2024-02-29'))
    """
    month = as_of.astype("datetime64[M]")
    day = as_of - month.astype("datetime64[D]")
    target = month - np.timedelta64(months, "M")
    last = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    start: np.datetime64 = min(target.astype("datetime64[D]") + day, last)
    return start


def deal_features(deals: Deals, n_accounts: int, *, as_of: Any, months: int = 24) -> DealFeatures:
    """Sum up what deals say about each account on a day.

    Parameters
    ----------
    deals
        Clean deals.
    n_accounts
        How many accounts there are.
    as_of
        The day asked about.
    months
        Length of the window of sales, up to and with that day.

    Returns
    -------
    DealFeatures
        The same to the bit in any order of the deals. Every amount of the table is used, outside
        the question, or rejected, and `reconciliations` show that.
    """
    day = one_day(as_of, "as_of")
    state = _state(deals, day, window_start(day, months))
    usable = deals.fault == 0
    sold = usable & state.recent
    pipeline = usable & (state.open | state.reopened)
    weighted = np.rint(state.worth * 100.0) / 100.0
    columns = {
        "sales": _per_account(deals, deals.amount, sold, n_accounts),
        "potential": _per_account(deals, weighted, pipeline, n_accounts),
        "wins": _count(deals, usable & state.won, n_accounts),
        "losses": _count(deals, usable & state.lost, n_accounts),
        "won_deals": _count(deals, sold, n_accounts),
        "open_deals": _count(deals, pipeline, n_accounts),
    }
    columns["trials"] = columns["wins"] + columns["losses"]
    return DealFeatures(
        columns=columns,
        findings=_told(deals, state, weighted, day),
        reconciliations=(
            _won_value(deals, state, columns["sales"]),
            _open_value(deals, state, weighted, columns["potential"]),
        ),
    )


def _state(deals: Deals, day: np.datetime64, start: np.datetime64) -> _State:
    """Tell how each deal stood on the day; comparisons with an unknown day are false."""
    ended = (deals.outcome == WON) | (deals.outcome == LOST)
    known = ended & (deals.closed <= day)
    reopened = ended & (deals.closed > day) & (deals.opened <= day)
    open_ = (deals.outcome == OPEN) & ~(deals.opened > day)
    listed = (open_ & ~(deals.amount > 0.0)) | reopened
    chance = np.where(reopened, deals.first_probability, deals.probability)
    return _State(
        won=known & (deals.outcome == WON),
        recent=known & (deals.outcome == WON) & (deals.closed > start),
        lost=known & (deals.outcome == LOST),
        open=open_,
        reopened=reopened,
        later=(ended & (deals.closed > day) & ~reopened) | ((deals.outcome == OPEN) & ~open_),
        undated=ended & np.isnat(deals.closed),
        worth=chance * np.where(listed, deals.list_price, deals.amount),
        listed=listed,
    )


def _per_account(deals: Deals, values: Floats, rows_of: Bools, n: int) -> Floats:
    """Add up per account: 0 where it has no such deal, NaN where all of them are unknown."""
    codes = deals.account[rows_of]
    sums = group_sums(values[rows_of], codes, n)
    return np.where(group_counts(codes, n) == 0, 0.0, sums)


def _count(deals: Deals, rows_of: Bools, n: int) -> Floats:
    return group_counts(deals.account[rows_of], n).astype(np.float64)


def _won_value(deals: Deals, state: _State, sales: Floats) -> Reconciliation:
    """Follow the money of deals in a won stage."""
    is_won = deals.outcome == WON
    usable = deals.fault == 0
    before = state.won & ~state.recent
    after = is_won & (state.reopened | state.later)
    return _reconciled(
        "won value",
        deals.amount,
        is_won,
        sales,
        outside={
            "closed before the window": usable & before,
            "closed after the day": usable & after,
        },
        rejected={
            **{reason: is_won & (deals.fault == i) for i, reason in enumerate(FAULTS) if reason},
            "no close date": usable & is_won & state.undated,
        },
    )


def _open_value(deals: Deals, state: _State, weighted: Floats, potential: Floats) -> Reconciliation:
    """Follow the weighted worth of the deals that are open on the day, or opened after it."""
    pipeline = state.open | state.reopened
    after = (deals.outcome == OPEN) & state.later
    return _reconciled(
        "open value at stage probability",
        weighted,
        pipeline | after,
        potential,
        outside={"opened after the day": (deals.fault == 0) & after},
        rejected={
            reason: (pipeline | after) & (deals.fault == i)
            for i, reason in enumerate(FAULTS)
            if reason
        },
    )


def _reconciled(
    name: str,
    values: Floats,
    read: Bools,
    used: Floats,
    *,
    outside: Mapping[str, Bools],
    rejected: Mapping[str, Bools],
) -> Reconciliation:
    parts = {reason: _total(values[mask]) for reason, mask in {**outside, **rejected}.items()}
    return Reconciliation(
        name,
        _total(values[read]),
        used=_total(used),
        outside=_total(np.array([parts[r] for r in outside])),
        rejected=_total(np.array([parts[r] for r in rejected])),
        reasons=tuple((reason, value) for reason, value in parts.items() if value),
    )


def _total(values: Floats) -> float:
    """Add whole cents without rounding; what is unknown adds nothing."""
    total = float(group_sums(values, np.zeros(len(values), dtype=np.int64), 1)[0])
    return 0.0 if np.isnan(total) else total


def _told(deals: Deals, state: _State, weighted: Floats, day: np.datetime64) -> tuple[Finding, ...]:
    return (
        *_faults_told(deals, state, weighted),
        *_amounts_told(deals, state),
        *_worth_told(deals, state, day),
        *_days_told(deals, state, day),
    )


def _faults_told(deals: Deals, state: _State, weighted: Floats) -> tuple[Finding, ...]:
    """Say how many deals could not be attributed, with their money; copies are told already."""
    told: tuple[Finding, ...] = ()
    for i, code in ((3, "no_account"), (4, "unknown_account_deals")):
        mask = deals.fault == i
        won = _total(deals.amount[mask & (deals.outcome == WON)])
        open_ = _total(weighted[mask & (state.open | state.reopened)])
        n = int(np.count_nonzero(mask))
        message = (
            f"{deals.where}: {rows(n, 'deal')} rejected: {FAULTS[i]} "
            f"(won {won:,.2f}, open at stage probability {open_:,.2f})"
        )
        told += note(code, message, n, deals.where, "error")
    return told


def _amounts_told(deals: Deals, state: _State) -> tuple[Finding, ...]:
    """Report won deals whose amount is no plain positive number."""
    told: tuple[Finding, ...] = ()
    won = state.won & (deals.fault == 0)
    for code, mask, said in (
        ("won_without_amount", np.isnan(deals.amount), "without an amount: wins without sales"),
        ("won_amount_zero", deals.amount == 0.0, "of amount 0"),
        ("won_amount_negative", deals.amount < 0.0, "of a negative amount, added as credits"),
    ):
        n = int(np.count_nonzero(won & mask))
        told += note(code, f"{deals.where}: {rows(n, 'won deal')} {said}", n, deals.where)
    return told


def _worth_told(deals: Deals, state: _State, day: np.datetime64) -> tuple[Finding, ...]:
    """Say what stands in for the amount and the stage of open deals."""
    pipeline = (deals.fault == 0) & (state.open | state.reopened)
    listed = int(np.count_nonzero(pipeline & state.listed & ~np.isnan(state.worth)))
    said = f"{deals.where}: {rows(listed, 'open deal')} taken at the list price of the product"
    told = note("list_price", said, listed, deals.where, "info")
    without = int(np.count_nonzero(pipeline & np.isnan(state.worth)))
    said = f"{deals.where}: {rows(without, 'open deal')} with neither amount nor list price"
    told += note("open_without_worth", said, without, deals.where)
    later = int(np.count_nonzero(pipeline & state.reopened))
    said = (
        f"{deals.where}: {rows(later, 'deal')} closed after {day}: their stage on that day is not "
        f"known; taken as open at {deals.first_probability:.0%}, the first open stage"
    )
    return told + note("closed_later", said, later, deals.where)


def _days_told(deals: Deals, state: _State, day: np.datetime64) -> tuple[Finding, ...]:
    """Report days that are missing, contradict each other, or leave nothing to look at."""
    ended = (deals.outcome == WON) | (deals.outcome == LOST)
    told: tuple[Finding, ...] = ()
    faults: tuple[tuple[str, Bools, Severity, str], ...] = (
        ("no_close_date", state.undated, "error", "won or lost without a close date rejected"),
        (
            "no_open_date",
            state.open & np.isnat(deals.opened),
            "info",
            "open without an opening day",
        ),
        (
            "closed_before_opened",
            ended & (deals.closed < deals.opened),
            "warning",
            "closed before opened",
        ),
        ("after_the_day", state.later, "info", f"opened or known only after {day} left out"),
    )
    for code, mask, severity, said in faults:
        n = int(np.count_nonzero(mask & (deals.fault == 0)))
        told += note(code, f"{deals.where}: {rows(n, 'deal')} {said}", n, deals.where, severity)
    return told + _news_told(deals, state, day)


def _news_told(deals: Deals, state: _State, day: np.datetime64) -> tuple[Finding, ...]:
    """Say so where the day asked about is before all deals, or long after the last news."""
    news = np.concatenate([deals.opened, deals.closed[deals.outcome != OPEN]])
    known = news[~np.isnat(news)]
    seen = state.won | state.lost | state.open | state.reopened
    if not len(known) or not len(deals):
        return ()
    if not seen.any():
        said = f"{deals.where}: nothing had happened by {day}; the first news is of {known.min()}"
        return note("day_before_all", said, len(deals), deals.where)
    silent = int((day - known.max()).astype(np.int64))
    said = f"{deals.where}: the last news is of {known.max()}, {silent} days before {day}"
    return note("old_news", said, silent if silent >= _LONG_AGO else 0, deals.where)
