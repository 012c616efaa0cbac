"""A published waterfall comes out to the cent."""

from __future__ import annotations

from typing import Any

import pandas as pd

import keyaccount as ka

START, END = 1_257_559, 1_974_086
PUBLISHED = {
    "new": 1_501_878,
    "amount_up": 180_171,
    "moved_in": 149_382,
    "moved_out": 0,
    "lost": -271_125,
    "amount_down": -556_292,
    "won": -287_487,
}
"""Weflow help, "Understanding Waterfall": the worked example, changes with their signs."""

QUARTER = ("2026-01-01", "2026-03-31")
IN, OUT = "2026-02-15", "2026-05-15"


def deal(name: str, amount: float, outcome: str = "open", day: str = IN) -> dict[str, Any]:
    """Write one row of a table."""
    return {"deal": name, "amount": amount, "outcome": outcome, "expected": day}


def test_weflow_understanding_waterfall() -> None:
    """Deals made up to the published totals give each published bar, and the published end."""
    grown, shrunk = 100_000, 590_000
    still = START - 287_487 - 271_125 - grown - shrunk
    before = [
        deal("won", 287_487),
        deal("lost", 271_125),
        deal("grown", grown),
        deal("shrunk", shrunk),
        deal("still", still),
        deal("next quarter", 149_382, day=OUT),
    ]
    after = [
        deal("won", 300_000, "won"),
        deal("lost", 271_125, "lost"),
        deal("grown", grown + 180_171),
        deal("next quarter", 149_382),
        deal("shrunk", shrunk - 556_292),
        deal("still", still),
        deal("new one", 1_000_000),
        deal("new two", 501_878),
        deal("new, later", 999, day=OUT),
    ]
    moved = ka.waterfall(pd.DataFrame(before), pd.DataFrame(after), stage=None, period=QUARTER)
    assert (moved.start, moved.end) == (START, END)
    assert {code: moved.buckets[code]["change"] for code in PUBLISHED} == PUBLISHED
    assert moved.start + sum(PUBLISHED.values()) == moved.end
    assert moved.reconciles
    assert moved.buckets["won"]["value"] == 300_000
    assert moved.deals_in("outside") == ("new, later",)
