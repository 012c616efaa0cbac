"""Stored forecasts are judged by how their deals ended, and by nothing else."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka

STORED: dict[str, list[Any]] = {
    "deal": ["a", "a", "a", "b", "b", "c", "d", "e", "f"],
    "made_at": [
        *("2026-01-01", "2026-03-01", "2026-04-10"),
        *("2026-01-01", "2026-02-20"),
        *("2026-01-01", "2026-01-01", "2026-01-01", "2026-01-01"),
    ],
    "probability": [0.5, 0.75, 1.0, 0.5, 0.25, 0.9, 0.1, None, 0.3],
    "stage": ["x", "y", "y", "x", None, "x", "x", "x", "x"],
}
ENDED: dict[str, list[Any]] = {
    "deal": ["e", "a", "b", "c", "f"],
    "outcome": ["won", "won", "lost", "open", "lost"],
    "closed": ["2026-03-01", "2026-04-10", "2026-02-25", None, None],
}


def test_a_hand_made_judgement() -> None:
    """Four forecasts of two deals can be judged; the others are counted, each by one reason."""
    found = ka.calibrate_forecasts(STORED, ENDED, stage="stage")
    assert found.forecast_row.tolist() == [0, 1, 3, 4]
    assert found.probability.tolist() == [0.5, 0.75, 0.5, 0.25]
    assert found.outcome.tolist() == [1.0, 1.0, 0.0, 0.0]
    assert found.horizon.tolist() == [99.0, 40.0, 55.0, 5.0]
    assert found.overall.brier == (0.25 + 0.0625 + 0.25 + 0.0625) / 4
    assert {name: c.n for name, c in found.by_horizon.items()} == {
        "under 30 days": 1,
        "30 to under 90 days": 2,
        "90 days or more": 1,
    }
    assert {name: c.n for name, c in found.by_stage.items()} == {"x": 2, "y": 1}
    assert [(f.code, f.count) for f in found.findings] == [
        ("unknown_deal", 1),
        ("still_open", 1),
        ("no_day", 1),
        ("too_late", 1),
        ("no_probability", 1),
        ("repeated", 2),
    ]


@pytest.mark.parametrize(("keep", "rows"), [("first", [0, 3]), ("last", [1, 4])])
def test_one_forecast_per_deal(keep: Any, rows: list[int]) -> None:
    """The first or the last that can be judged."""
    found = ka.calibrate_forecasts(STORED, ENDED, keep=keep)
    assert found.forecast_row.tolist() == rows
    assert "repeated" not in {f.code for f in found.findings}


def test_other_horizons() -> None:
    """The cuts are data; without any there is one band."""
    found = ka.calibrate_forecasts(STORED, ENDED, horizons=ka.Cuts((40,)))
    assert {name: c.n for name, c in found.by_horizon.items()} == {
        "under 40 days": 1,
        "40 days or more": 3,
    }
    assert list(ka.calibrate_forecasts(STORED, ENDED, horizons=ka.Cuts(())).by_horizon) == [
        "any day"
    ]


def test_misuse() -> None:
    """What cannot be judged says why."""
    with pytest.raises(
        ka.NotEnoughDataError,
        match=r"none of 9 forecasts .*left out: 8 forecasts of a deal still open",
    ):
        ka.calibrate_forecasts(STORED, {**ENDED, "outcome": ["open"] * 5})
    with pytest.raises(ka.SpecError, match="must be one of 'all', 'first', 'last'"):
        ka.calibrate_forecasts(STORED, ENDED, keep="best")  # type: ignore[arg-type]
    with pytest.raises(ka.SpecError, match="must be Cuts of days above 0"):
        ka.calibrate_forecasts(STORED, ENDED, horizons=(30, 90))  # type: ignore[arg-type]
    with pytest.raises(ka.SpecError, match="must be Cuts of days above 0"):
        ka.calibrate_forecasts(STORED, ENDED, horizons=ka.Cuts((0, 90)))
    with pytest.raises(ka.DuplicateIdError):
        ka.calibrate_forecasts(STORED, {n: [*c, c[0]] for n, c in ENDED.items()})
    with pytest.raises(ka.RowError, match="has no id"):
        ka.calibrate_forecasts({**STORED, "deal": [None, *STORED["deal"][1:]]}, ENDED)
    twice = {n: [*c, c[1]] for n, c in STORED.items()}
    assert len(ka.calibrate_forecasts(twice, ENDED).probability) == 5
    with pytest.raises(ka.RowError, match="the day of another forecast"):
        ka.calibrate_forecasts(twice, ENDED, keep="last")
    with pytest.raises(ka.ColumnError, match="differ in length"):
        ka.calibrate_forecasts({**STORED, "stage": ["x"]}, ENDED, stage="stage")


def test_views() -> None:
    """As a frame, as a record, as HTML."""
    found = ka.calibrate_forecasts(STORED, ENDED, stage="stage")
    frame = pd.DataFrame(found.columns())
    assert frame["by"].tolist() == ["all", *["horizon"] * 3, *["stage"] * 2]
    assert frame["n"].tolist() == [4, 1, 2, 1, 2, 1]
    assert len(frame) == len(found)
    assert found.row(-1)["group"] == "y"
    assert "too few" in found._repr_html_()


ROWS = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(1, 28), st.sampled_from([0.1, 0.5, 0.8, None])),
    min_size=1,
    max_size=12,
    unique_by=lambda row: row[:2],
)


@given(ROWS, st.sampled_from(["all", "first", "last"]), st.randoms(use_true_random=False))
def test_the_order_of_forecasts_changes_nothing(
    rows: list[tuple[str, int, float | None]], keep: Any, random: Any
) -> None:
    """The same forecasts are judged, with the same figures."""

    def judge(rows: list[tuple[str, int, float | None]]) -> Any:
        stored = {
            "deal": [r[0] for r in rows],
            "made_at": [f"2026-02-{r[1]:02}" for r in rows],
            "probability": [r[2] for r in rows],
        }
        ended = {
            "deal": list("abc"),
            "outcome": ["won", "lost", "open"],
            "closed": ["2026-02-20", "2026-05-31", None],
        }
        try:
            found = ka.calibrate_forecasts(stored, ended, keep=keep)
        except ka.NotEnoughDataError as error:
            return str(error)
        return found.overall.summary(), [(f.code, f.count) for f in found.findings]

    mixed = list(rows)
    random.shuffle(mixed)
    assert str(judge(rows)) == str(judge(mixed))
