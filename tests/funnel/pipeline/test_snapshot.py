"""A table without history: what it says, and what it cannot say."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import keyaccount as ka
from keyaccount.testing import as_container

FUNNEL = ka.opportunity_funnel()
AS_OF = "2026-06-30"


def table(**columns: list[Any]) -> dict[str, list[Any]]:
    """An open deal in B, one won, one lost, one new."""
    return {
        "deal": ["o", "w", "l", "n"],
        "stage": ["Confirm the opportunity", "won", "LOST", "A"],
        "opened": ["2026-03-01", "2026-01-15", "2026-02-01", "2026-06-01"],
        "closed": ["2026-09-30", "2026-04-02", "2026-02-20", None],
        "amount": [10.0, 20.0, 30.0, math.nan],
        "owner": ["li", "li", "wang", None],
        **columns,
    }


def told(pipeline: ka.Pipeline) -> dict[str, int]:
    """The findings, by code."""
    return {f.code: f.count for f in pipeline.findings}


@pytest.mark.parametrize("container", ["lists", "pandas", "polars", "pyarrow"])
def test_deals_stand_as_the_table_says(container: str) -> None:
    """On the day of the table: stage, outcome, dates; for an open deal closing is expected."""
    now = FUNNEL.snapshot(as_container(table(), container), AS_OF).now
    assert now.as_of == np.datetime64(AS_OF)
    assert now.deal.tolist() == ["l", "n", "o", "w"]
    assert now.outcome.tolist() == ["lost", "open", "open", "won"]
    assert now.stage[1:].tolist() == ["understand", "confirm", "hand_over_and_collect"]
    assert str(now.expected[2]) == "2026-09-30"
    assert str(now.closed[3]) == "2026-04-02"
    np.testing.assert_array_equal(now.amount, [30, np.nan, 10, 20])


def test_what_a_table_cannot_know_is_told() -> None:
    """The stages decided deals passed, and since when an open one stands in its stage."""
    assert told(FUNNEL.snapshot(table(), AS_OF)) == {"no_history": 2, "since_opening": 1}


@pytest.mark.parametrize(
    "ask",
    [
        lambda p: p.at("2026-03-31"),
        lambda p: p.visits(),
        lambda p: p.conversion(30),
    ],
)
def test_history_is_not_made_up(ask: Any) -> None:
    """Earlier days and stays in stages are refused."""
    with pytest.raises(ka.NotEnoughDataError, match="a table without history cannot say"):
        ask(FUNNEL.snapshot(table(), AS_OF))


def test_the_whole_way_can_be_estimated() -> None:
    """From opening to decision, open deals censored: 19 days to the loss, 77 to the win."""
    found = FUNNEL.snapshot(table(), AS_OF).outcomes()
    assert found.times.tolist() == [19.0, 77.0]
    assert found.lost.tolist() == [0.25, 0.25]
    assert found.advanced.tolist() == [0.0, 0.375]  # three quarters are open, two at risk at 77


def test_deals_without_a_day_of_opening_are_left_out_of_it() -> None:
    """They stand in the pipeline, and their age is unknown."""
    pipeline = FUNNEL.snapshot(table(opened=[None, "2026-01-15", None, None]), AS_OF)
    assert len(pipeline.now) == 4
    assert told(pipeline)["no_opening_date"] == 3
    assert pipeline.outcomes().times.tolist() == [77.0]


@pytest.mark.parametrize(
    ("columns", "code", "left"),
    [
        ({"stage": ["B", None, "lost", "A"]}, "no_stage", 3),
        ({"opened": ["2026-03-01", "2026-01-15", "2026-02-01", "2026-07-01"]}, "opened_later", 3),
        ({"amount": [-1.0, 20, 30, 40]}, "bad_value", 4),
        ({"probability": [0.5, 90, 0.5, 0.5]}, "bad_value", 4),
        ({"closed": [None, "2026-07-01", "2026-02-20", None]}, "closed_later", 4),
        ({"closed": [None, "2026-01-01", "2026-02-20", None]}, "closed_before", 4),
        ({"closed": [None, None, "2026-02-20", None]}, "no_closing_date", 4),
    ],
)
def test_what_cannot_be_is_told(columns: dict[str, list[Any]], code: str, left: int) -> None:
    """And no deal is lost for one bad cell."""
    pipeline = FUNNEL.snapshot(table(**columns), AS_OF)
    assert told(pipeline)[code] == 1
    assert len(pipeline.now) == left
    assert not pipeline.refused["deal"].tolist()


@pytest.mark.parametrize(
    ("columns", "options", "error"),
    [
        ({"stage": ["B", "Wonn", "lost", "A"]}, {}, ka.SpecError),
        ({"deal": ["o", "o", "l", "n"]}, {}, ka.DuplicateIdError),
        ({"deal": ["o", None, "l", "n"]}, {}, ka.RowError),
        ({"opened": ["2026-03-01"]}, {}, ka.ColumnError),
        ({"closed": ["2026-03-01"]}, {}, ka.ColumnError),
        ({"stage": ["B"]}, {}, ka.ColumnError),
        ({"amount": [1.0]}, {}, ka.ColumnError),
        ({}, {"id": "deal"}, ka.SpecError),
        ({}, {"stage": "stge"}, ka.ColumnNotFoundError),
    ],
)
def test_wrong_tables(
    columns: dict[str, list[Any]], options: dict[str, str], error: type[Exception]
) -> None:
    """Each is named, with the way out."""
    with pytest.raises(error, match="Hint: "):
        FUNNEL.snapshot(table(**columns), AS_OF, **options)


def test_a_table_has_a_day() -> None:
    """None is no day, and an empty table has no deals."""
    with pytest.raises(ka.SpecError, match="must be a date"):
        FUNNEL.snapshot(table(), None)
    assert len(FUNNEL.snapshot({"deal": [], "stage": []}, AS_OF).now) == 0
