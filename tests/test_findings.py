"""Findings: one fact each, with its count, and told only where there is something to tell."""

from __future__ import annotations

import numpy as np
import pytest

from keyaccount.findings import (
    Finding,
    Met,
    about_met,
    about_rows,
    about_values,
    counted,
    note,
)


@pytest.mark.parametrize(
    ("count", "noun", "text"),
    [
        (0, "order", "0 orders"),
        (1, "order", "1 order"),
        (1425, "order", "1,425 orders"),
        (1, "alias", "1 alias"),
        (2, "alias", "2 aliases"),
    ],
)
def test_a_count_is_written_with_its_noun(count: int, noun: str, text: str) -> None:
    """One is one, and thousands are set apart."""
    assert counted(count, noun) == text


def test_what_was_not_met_is_not_told() -> None:
    """A clean table has no findings."""
    none = np.empty(0, dtype=np.int64)
    assert note("blank", "0 cells are blank", 0) == ()
    assert about_met("blank", "0 cells are blank", Met()) == ()
    assert about_rows("blank", "0 cells are blank", none) == ()
    assert about_values("high", "too high", np.zeros(2, dtype=np.bool_), np.ones(2)) == ()


def test_the_first_five_distinct_examples_are_shown() -> None:
    """A label met twice is one example; the count still has every row."""
    (found,) = note("odd", "9 labels are odd", 9, "deals", "error", examples="abacdefgh")
    assert found == Finding(
        code="odd",
        message="9 labels are odd",
        count=9,
        where="deals",
        severity="error",
        examples=("a", "b", "c", "d", "e"),
    )


def test_rows_are_shown_by_number() -> None:
    """All of them are counted, the first five named."""
    (found,) = about_rows("late", "7 rows are late", np.arange(3, 10), where="deals")
    assert (found.count, found.where, found.severity) == (7, "deals", "warning")
    assert found.examples == ("row 3", "row 4", "row 5", "row 6", "row 7")


@pytest.mark.parametrize(
    ("values", "said"), [([1.5, 0.1], "1 value is above 1"), ([1.5, 2.5], "2 values are above 1")]
)
def test_values_are_shown_with_their_rows(values: list[float], said: str) -> None:
    """One value is, several are."""
    column = np.array(values)
    (found,) = about_values("high", "above 1", column > 1.0, column, where="share")
    assert found.message == said
    assert found.examples == tuple(f"row {i}: {v}" for i, v in enumerate(values) if v > 1.0)
