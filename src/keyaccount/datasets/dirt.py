"""Clerical faults, put into clean tables: as in a real export."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from keyaccount._columns import Bools, Objects

__all__ = ["dirty_accounts", "dirty_deals", "dirty_orders"]

Table = Mapping[str, Objects]

_MISSPELT = ("technology", "technolgy")
_OTHER_WAY = ("Atlas Pro", "AtlasPro")
_ACCOUNTS_PER_SLIP = 25
_OTHER_WAY_TIMES = 8.0
"""A product is written in another way so many times as often as other faults happen."""
_ORDERS_LESS = 0.2
"""Orders come from a system and have so many of the faults that deals have."""


def dirty_accounts(table: Table, dirt: float) -> dict[str, Objects]:
    """Misspell a sector, in one account of a technology customer or a few."""
    sector = table["sector"].copy()
    slips = math.ceil(dirt * len(sector) / _ACCOUNTS_PER_SLIP)
    sector[np.flatnonzero(sector == _MISSPELT[0])[:slips]] = _MISSPELT[1]
    return {**table, "sector": sector}


def dirty_deals(table: Table, dirt: float, rng: np.random.Generator) -> dict[str, Objects]:
    """Lose the account of some deals, and write a product in a second way in others."""
    n = len(table["deal_id"])
    product = table["product"].copy()
    other_way = rng.random(n) < min(1.0, _OTHER_WAY_TIMES * dirt)
    product[other_way & (product == _OTHER_WAY[0])] = _OTHER_WAY[1]
    account = _blanked(table["account_id"], rng.random(n) < dirt)
    return {**table, "account_id": account, "product": product}


def dirty_orders(table: Table, dirt: float, rng: np.random.Generator) -> dict[str, Objects]:
    """Lose the account or the amount of some orders, and enter some twice."""
    n, share = len(table["order_id"]), dirt * _ORDERS_LESS
    found = dict(table)
    found["account_id"] = _blanked(table["account_id"], rng.random(n) < share)
    found["amount"] = np.where(rng.random(n) < share / 2.0, np.nan, table["amount"])
    times = 1 + (rng.random(n) < share)
    return {name: np.repeat(column, times) for name, column in found.items()}


def _blanked(labels: Objects, blank: Bools) -> Objects:
    found = labels.copy()
    found[blank] = None
    return found
