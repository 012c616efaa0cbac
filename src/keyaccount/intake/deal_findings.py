"""What a reader should know of the deals as they stood on a day."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Bools, Floats
from keyaccount.findings import Finding, Severity, counted, note
from keyaccount.intake.deal_state import DealState
from keyaccount.intake.deals import FAULTS, LOST, OPEN, WON, Deals
from keyaccount.intake.reconcile import known_total

__all__ = ["findings_on"]

_LONG_AGO = 92
"""Days without any news before the day asked about from which on a finding says so."""


def findings_on(
    deals: Deals, state: DealState, weighted: Floats, day: np.datetime64
) -> tuple[Finding, ...]:
    """Report what was rejected, what stands in for what, and what days do not fit."""
    return (
        *_faults_told(deals, state, weighted),
        *_amounts_told(deals, state),
        *_worth_told(deals, state, day),
        *_days_told(deals, state, day),
    )


def _faults_told(deals: Deals, state: DealState, weighted: Floats) -> tuple[Finding, ...]:
    """Say how many deals could not be attributed, with their money; copies are told already."""
    told: tuple[Finding, ...] = ()
    for i, code in ((3, "no_account"), (4, "unknown_account_deals")):
        mask = deals.fault == i
        won = known_total(deals.amount[mask & (deals.outcome == WON)])
        open_ = known_total(weighted[mask & (state.open | state.reopened)])
        n = int(np.count_nonzero(mask))
        message = (
            f"{deals.where}: {counted(n, 'deal')} rejected: {FAULTS[i]} "
            f"(won {won:,.2f}, open at stage probability {open_:,.2f})"
        )
        told += note(code, message, n, deals.where, "error")
    return told


def _amounts_told(deals: Deals, state: DealState) -> tuple[Finding, ...]:
    """Report won deals whose amount is no plain positive number."""
    told: tuple[Finding, ...] = ()
    won = state.won & (deals.fault == 0)
    for code, mask, said in (
        ("won_without_amount", np.isnan(deals.amount), "without an amount: wins without sales"),
        ("won_amount_zero", deals.amount == 0.0, "of amount 0"),
        ("won_amount_negative", deals.amount < 0.0, "of a negative amount, added as credits"),
    ):
        n = int(np.count_nonzero(won & mask))
        told += note(code, f"{deals.where}: {counted(n, 'won deal')} {said}", n, deals.where)
    return told


def _worth_told(deals: Deals, state: DealState, day: np.datetime64) -> tuple[Finding, ...]:
    """Say what stands in for the amount and the stage of open deals."""
    pipeline = (deals.fault == 0) & (state.open | state.reopened)
    listed = int(np.count_nonzero(pipeline & state.listed & ~np.isnan(state.worth)))
    said = f"{deals.where}: {counted(listed, 'open deal')} taken at the list price of the product"
    told = note("list_price", said, listed, deals.where, "info")
    unpriced = (state.open | state.reopened) & np.isnan(state.worth)
    without, beyond = (int(np.count_nonzero(m)) for m in (unpriced, unpriced & (deals.fault != 0)))
    said = (
        f"{deals.where}: {counted(without, 'open deal')} with neither amount nor list price: in no "
        f"sum of money, and {beyond:,} of them among the rejected"
    )
    told += note("open_without_worth", said, without, deals.where)
    later = int(np.count_nonzero(pipeline & state.reopened))
    said = (
        f"{deals.where}: {counted(later, 'deal')} closed after {day}: their stage on that day is "
        f"not known; taken as open at {deals.first_probability:.0%}, the first open stage"
    )
    return told + note("closed_later", said, later, deals.where)


def _days_told(deals: Deals, state: DealState, day: np.datetime64) -> tuple[Finding, ...]:
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
        told += note(code, f"{deals.where}: {counted(n, 'deal')} {said}", n, deals.where, severity)
    return told + _news_told(deals, state, day)


def _news_told(deals: Deals, state: DealState, day: np.datetime64) -> tuple[Finding, ...]:
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
