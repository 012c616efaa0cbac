"""What a reader should know of a purchase log."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Objects
from keyaccount.findings import Finding, Met, about_met, counted, note
from keyaccount.ledger.orders import AFTER
from keyaccount.ledger.reduced import RowsMet
from keyaccount.ledger.rows import RowCounts

__all__ = ["findings_on", "ids_alike", "several_on_first_day"]


def findings_on(
    met: RowsMet,
    rows: RowCounts,
    *,
    refunds_only: Objects,
    as_of: np.datetime64,
    merged: bool,
) -> tuple[Finding, ...]:
    """Tell what was met, rejected rows first."""
    told = met.findings
    for reason, left in met.left_out.items():
        told += _after(left, rows, as_of) if reason == AFTER else _rejected(reason, left)
    said = f"{counted(met.duplicates.count, 'row')} kept though alike in customer, day and amount"
    told += about_met("duplicate_orders", f"{said} to an earlier one", met.duplicates)
    return told + _refunds(rows, refunds_only) + _same_day(rows, merged) + _no_margin(met.no_margin)


def ids_alike(ids: Objects) -> tuple[Finding, ...]:
    """Tell of customers whose ids are the same text but for blanks."""
    texts: list[str] = ids.tolist() if ids.dtype.kind == "O" else []
    plain = [" ".join(text.split()) for text in texts]
    untidy = {p for t, p in zip(texts, plain, strict=True) if t != p}
    if not untidy:
        return ()
    alike: dict[str, list[str]] = {p: [] for p in untidy}
    for text, p in zip(texts, plain, strict=True):
        if p in untidy:
            alike[p].append(text)
    met = [text for p in dict.fromkeys(plain) for text in alike.get(p, ()) if len(alike[p]) > 1]
    message = f"{counted(len(met), 'customer')} counted apart though alike but for blanks in the id"
    return note("ids_alike", message, len(met), examples=map(repr, met))


def several_on_first_day(ids: Objects) -> tuple[Finding, ...]:
    """Tell of customers with several orders on their first day, all of them counted."""
    message = (
        f"{counted(len(ids), 'customer')} with several orders on the first day: frequency counts "
        "them as repeats, recency and mean_spend do not; buy-till-you-die models need "
        'same_day="merge"'
    )
    return note("several_on_first_day", message, len(ids), examples=ids)


def _rejected(reason: str, left: Met) -> tuple[Finding, ...]:
    message = f"{counted(left.count, 'order')} rejected: {reason}"
    return about_met(reason.replace(" ", "_"), message, left, severity="error")


def _after(left: Met, rows: RowCounts, as_of: np.datetime64) -> tuple[Finding, ...]:
    message = f"{counted(left.count, 'order')} later than {as_of} left out"
    told = about_met("after_as_of", message, left, severity="info")
    if rows.kept or rows.refunds_dropped:
        return told
    early = f"no order counts by {as_of}: as_of is before the first one"
    return told + about_met("as_of_before_log", early, left)


def _refunds(rows: RowCounts, refunds_only: Objects) -> tuple[Finding, ...]:
    netted, dropped = rows.refunds_netted, rows.refunds_dropped
    told: tuple[Finding, ...] = ()
    for code, count, message in (
        ("refunds_netted", netted, f"totals lowered by {counted(netted, 'refund')}"),
        ("refunds_dropped", dropped, f"{counted(dropped, 'refund')} dropped"),
    ):
        told += note(code, message, count, severity="info")
    n = len(refunds_only)
    message = f"{counted(n, 'customer')} with refunds only: no purchase, no first and last day"
    return told + note("refunds_only", message, n, examples=refunds_only)


def _same_day(rows: RowCounts, merged: bool) -> tuple[Finding, ...]:  # noqa: FBT001 - words differ
    kept = "an order of its own" if rows.same_day == 1 else "orders of their own"
    what = "merged into one" if merged else f"counted as {kept}"
    message = f"{counted(rows.same_day, 'order')} of a customer who had ordered that day, {what}"
    return note("same_day_orders", message, rows.same_day, severity="info")


def _no_margin(without: Met) -> tuple[Finding, ...]:
    message = f"{counted(without.count, 'order')} without a margin: margins are those of the others"
    return about_met("no_margin", message, without)
