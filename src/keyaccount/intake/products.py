"""The product list: list price per product."""

from __future__ import annotations

import numpy as np

from keyaccount.findings import Finding, counted, note
from keyaccount.intake.mapping import Roles
from keyaccount.intake.reconcile import in_cents
from keyaccount.intake.tables import Table

__all__ = ["read_prices"]


def read_prices(table: Table, roles: Roles) -> tuple[dict[str, float], tuple[Finding, ...]]:
    """Read the list price of each product; NaN where it is blank or two rows contradict."""
    names, told = table.texts(roles["name"])
    raw, read = table.numbers(roles["price"])
    prices, rounded = in_cents(raw, table.where(roles["price"]))
    found = {
        product: _one_price(prices[names.codes == i].tolist())
        for i, product in enumerate(names.labels)
    }
    where = table.where(roles["price"])
    unknown = [p for p, price in found.items() if np.isnan(price)]
    said = (
        f"{where}: {counted(len(unknown), 'product')} without one list price that is not negative"
    )
    told += (
        read + rounded + note("no_price", said, len(unknown), where, "warning", examples=unknown)
    )
    blank = int(np.count_nonzero(names.codes < 0))
    said = f"{where}: {counted(blank, 'row')} without a product rejected"
    return found, told + note("no_product", said, blank, where, "error")


def _one_price(prices: list[float]) -> float:
    """Take the one price that all rows of a product agree on."""
    known = {p for p in prices if p >= 0.0}
    return known.pop() if len(known) == 1 and all(p >= 0.0 for p in prices) else np.nan
