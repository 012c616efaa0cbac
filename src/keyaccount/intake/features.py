"""What deals say about an account on a day: sales, potential, wins and losses.

A deal counts as it stood on the day asked about; see `deal_state`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Floats, one_day
from keyaccount.findings import Finding
from keyaccount.intake.deal_findings import findings_on
from keyaccount.intake.deal_state import DealState, state_on
from keyaccount.intake.deals import FAULTS, OPEN, WON, Deals
from keyaccount.intake.reconcile import Reconciliation, known_total
from keyaccount.intake.window import window_start
from keyaccount.stats.sums import group_counts, group_sums

__all__ = ["DealFeatures", "deal_features"]


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
    state = state_on(deals, day, window_start(day, months))
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
        findings=findings_on(deals, state, weighted, day),
        reconciliations=(
            _won_value(deals, state, columns["sales"]),
            _open_value(deals, state, weighted, columns["potential"]),
        ),
    )


def _per_account(deals: Deals, values: Floats, rows_of: Bools, n: int) -> Floats:
    """Add up per account: 0 where it has no such deal, NaN where all of them are unknown."""
    codes = deals.account[rows_of]
    sums = group_sums(values[rows_of], codes, n)
    return np.where(group_counts(codes, n) == 0, 0.0, sums)


def _count(deals: Deals, rows_of: Bools, n: int) -> Floats:
    return group_counts(deals.account[rows_of], n).astype(np.float64)


def _won_value(deals: Deals, state: DealState, sales: Floats) -> Reconciliation:
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


def _open_value(
    deals: Deals, state: DealState, weighted: Floats, potential: Floats
) -> Reconciliation:
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
    parts = {reason: known_total(values[mask]) for reason, mask in {**outside, **rejected}.items()}
    return Reconciliation(
        name,
        known_total(values[read]),
        used=known_total(used),
        outside=known_total(np.array([parts[r] for r in outside])),
        rejected=known_total(np.array([parts[r] for r in rejected])),
        reasons=tuple((reason, value) for reason, value in parts.items() if value),
    )
