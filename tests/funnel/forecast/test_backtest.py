"""A back-test sees what was known at the start of each period, and nothing later."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

import keyaccount as ka

DATES = ["2025-12-31", "2026-03-31", "2026-06-30"]
OPEN: dict[str, dict[str, list[Any]]] = {
    "2025-12-31": {
        "deal": ["a", "b", "c", "old"],
        "outcome": ["open", "open", "open", "won"],
        "amount": [100.0, 60.0, None, 5.0],
        "probability": [0.5, 0.25, 0.9, None],
        "expected": ["2026-03-31", "2026-05-01", None, "2025-12-31"],
    },
    "2026-03-31": {
        "deal": ["a", "b", "d"],
        "outcome": ["won", "open", "open"],
        "amount": [90.0, 80.0, 40.0],
        "probability": [1.0, 0.75, None],
        "expected": ["2026-02-01", "2026-05-01", "2026-06-30"],
    },
}
ENDED: dict[str, list[Any]] = {
    "deal": ["old", "a", "b", "d", "e"],
    "outcome": ["won", "won", "lost", "won", "won"],
    "closed": ["2025-12-31", "2026-02-20", "2026-05-20", "2026-07-01", "2026-01-01"],
    "amount": [5.0, 90.0, 80.0, 40.0, 7.0],
}


def deals_at(day: np.datetime64) -> ka.Columns:
    """Give the deals as they stood."""
    return OPEN[str(day)]


def test_a_hand_made_backtest() -> None:
    """Predicted and actual at the amounts of the start, what they brought, and who was new."""
    found = ka.backtest(deals_at, ENDED, DATES)
    assert found.open.tolist() == [3, 2]
    assert found.predicted.tolist() == [65.0, 60.0]
    assert found.predicted_sd.tolist() == [
        math.sqrt(100**2 / 4 + 60**2 * 3 / 16),
        math.sqrt(80**2 * 3 / 16),
    ]
    assert found.won.tolist() == [1, 0]
    assert found.actual.tolist() == [100.0, 0.0]
    assert found.brought.tolist() == [90.0, 0.0]
    assert found.ratio.tolist() == [100 / 65, 0.0]
    assert found.new_won.tolist() == [1, 0]
    assert found.new_brought.tolist() == [7.0, 0.0]
    assert found.calibration is not None
    assert found.calibration.n == 4
    assert [(f.code, f.count, f.where) for f in found.findings] == [
        ("no_amount", 1, "as of 2025-12-31"),
        ("no_outcome", 1, "as of 2025-12-31"),
        ("no_probability", 1, "as of 2026-03-31"),
    ]


def test_a_method_sees_only_the_past() -> None:
    """It gets open deals, and decisions up to the day of the start; nothing else."""
    seen: list[tuple[list[str], list[str]]] = []

    def learned(deals: Any, decided: Any) -> list[float]:
        seen.append((deals["deal"].tolist(), decided["deal"].tolist()))
        assert set(deals["outcome"]) == {"open"}
        return [0.5] * len(deals["deal"])

    found = ka.backtest(deals_at, ENDED, DATES, probability=learned)
    assert seen == [(["a", "b", "c"], ["old"]), (["b", "d"], ["old", "a", "e"])]
    assert found.predicted.tolist() == [80.0, 60.0]
    later = {**ENDED, "outcome": ["won", "won", "won", "lost", "lost"]}
    later["closed"] = [ENDED["closed"][0], "2026-01-02", *ENDED["closed"][2:4], "2026-01-03"]
    again = ka.backtest(deals_at, later, DATES[:2], probability=learned)
    assert again.predicted.tolist() == found.predicted[:1].tolist()


def test_deals_expected_later_bring_nothing_yet() -> None:
    """Deal b is expected in May: not in the first quarter. A deal without a day may come."""
    found = ka.backtest(deals_at, ENDED, DATES, expected="expected")
    assert found.predicted.tolist() == [50.0, 60.0]


def test_a_pipeline_is_its_own_history() -> None:
    """`pipeline.at` gives the standings, and the last of them how the deals ended."""
    funnel = ka.opportunity_funnel()
    events = [
        ka.Event("A", "open", at="2026-01-05", amount=100.0),
        ka.Event("B", "open", at="2026-01-06", amount=50.0),
        ka.Event("B", "lose", at="2026-03-03", reason="price"),
    ]
    pipeline = funnel.replay(ka.event_log(events))
    found = ka.backtest(pipeline.at, pipeline.at("2026-12-31"), ["2026-01-31", "2026-03-31"])
    assert found.predicted.tolist() == [15.0]
    assert found.actual.tolist() == [0.0]


def test_nothing_open() -> None:
    """No deal, no prediction, no ratio, no calibration."""
    none: dict[str, list[Any]] = {name: [] for name in OPEN[DATES[0]]}
    found = ka.backtest(lambda _: none, {name: [] for name in ENDED}, DATES)
    assert found.predicted.tolist() == [0.0, 0.0]
    assert np.isnan(found.ratio).all()
    assert np.isnan(found.off).all()
    assert found.calibration is None
    assert "no deal with a chance" in found._repr_html_()


def test_misuse() -> None:
    """Dates rise, and a method gives one chance per deal."""
    wrong: tuple[Any, ...] = (
        ["2026-01-01"],
        ["2026-03-31", "2026-01-01"],
        "2026-01-01",
        [None] * 2,
    )
    for dates in wrong:
        with pytest.raises(ka.SpecError, match="two or more rising days"):
            ka.backtest(deals_at, ENDED, dates)
    no_function: Any = None
    with pytest.raises(ka.SpecError, match=r"deals_at\) must be a function.*None"):
        ka.backtest(no_function, ENDED, DATES)
    for neither in (None, 5):
        with pytest.raises(ka.SpecError, match=r"probability\) must be the name"):
            ka.backtest(deals_at, ENDED, DATES, probability=neither)  # type: ignore[arg-type]
    with pytest.raises(ka.SpecError, match="one chance per open deal, 3 here"):
        ka.backtest(deals_at, ENDED, DATES, probability=lambda *_: [0.5])
    with pytest.raises(ka.RowError, match="outside"):
        ka.backtest(deals_at, ENDED, DATES, probability=lambda *_: [50, 50, 50])
    with pytest.raises(ka.ColumnNotFoundError):
        ka.backtest(deals_at, ENDED, DATES, probability="chance")


def test_views() -> None:
    """As a frame, as a record, as HTML."""
    found = ka.backtest(deals_at, ENDED, DATES)
    assert len(pd.DataFrame(found.columns())) == len(found) == 2
    assert found.row(0)["predicted"] == 65.0
    assert "2 periods" in found._repr_html_()
