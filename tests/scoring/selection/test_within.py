"""Seats given group by group."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import keyaccount as ka

SCORES = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4]
WITHIN = ["y", "y", "x", "x", "y", None]


def test_each_group_has_its_own_seats_and_cut() -> None:
    """Half of three, half of two, half of the one without a label; groups in order of labels."""
    chosen = ka.select(SCORES, ka.TopShare(0.5), within=WITHIN)
    assert chosen.is_key.tolist() == [True, True, True, False, False, True]
    assert [g.group for g in chosen.groups] == ["x", "y", None]
    assert [(g.accounts, g.seats, g.selected) for g in chosen.groups] == [
        (2, 1, 1),
        (3, 2, 2),
        (1, 1, 1),
    ]
    assert isinstance(chosen.cut, dict)
    assert chosen.cut["x"] == 0.7
    assert chosen.cut["y"] == 0.8
    assert math.isnan(chosen.cut[None])  # there is a seat for everybody without a label
    np.testing.assert_array_equal(chosen.cut_by_row, [0.8, 0.8, 0.7, 0.7, 0.8, np.nan])
    assert [chosen.row(i).get("group") for i in (0, 2, 5)] == ["y", "x", None]


def test_thresholds_differ_by_group() -> None:
    """Each industry has its own threshold, and those without a label the pool's."""
    rule = ka.AtLeast(ka.ByGroup({"x": 0.7, "y": 0.85}, pool=0.3))
    chosen = ka.select(SCORES, rule, within=WITHIN)
    assert chosen.is_key.tolist() == [True, False, True, False, False, True]
    assert chosen.cut == {"x": 0.7, "y": 0.85, None: 0.3}


def test_a_group_the_rule_has_no_figure_for_is_named() -> None:
    """A label that the rule does not know, and accounts without one."""
    rule = ka.TopCount({"x": 1, "y": 1})
    with pytest.raises(ka.SelectionError, match="no figure for accounts without a group"):
        ka.select(SCORES, rule, within=WITHIN)
    with pytest.raises(ka.SelectionError, match="no figure for group 'z'"):
        ka.select(SCORES, rule, within=["z", *"xxyyy"])
    with pytest.raises(ka.SelectionError, match="no figure for accounts without a group") as e:
        ka.select(SCORES, rule)
    assert "pass within=" in e.value.hint


def test_a_figure_for_a_group_that_has_no_accounts_is_idle() -> None:
    """Next quarter may bring some."""
    chosen = ka.select([0.5, 0.4], ka.TopCount({"x": 1, "empty": 7}), within=["x", "x"])
    assert chosen.is_key.tolist() == [True, False]
    assert [g.group for g in chosen.groups] == ["x"]


def test_labels_come_in_any_container() -> None:
    """Lists, categories, Arrow: the groups are the same."""
    for within in (
        WITHIN,
        np.array(WITHIN, dtype=object),
        pd.Series(WITHIN, dtype="category"),
        pl.Series(WITHIN),
        pa.array(WITHIN),
        pa.array(WITHIN).dictionary_encode(),
    ):
        chosen = ka.select(SCORES, ka.TopShare(0.5), within=within)
        assert chosen.is_key.tolist() == [True, True, True, False, False, True]
        assert [g.group for g in chosen.groups] == ["x", "y", None]


@pytest.mark.parametrize("n", [0, 1])
@pytest.mark.parametrize("within", [False, True])
def test_small_books(n: int, within: bool) -> None:
    """Nobody, or one account, with groups or without."""
    arguments: dict[str, Any] = {"within": ["x"] * n} if within else {}
    chosen = ka.select([0.5] * n, ka.TopShare(1.0), ids=["a"] * n, **arguments)
    assert chosen.key_ids == ("a",) * n
    assert len(chosen) == n
    assert len(chosen.columns()["reason"]) == n
    if within:
        assert isinstance(chosen.cut, dict)
        assert list(chosen.cut) == (["x"] if n else [None])
    else:
        assert math.isnan(chosen.cut)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("within", "error"),
    [
        ("industry", "one label per account .got the text 'industry'"),
        (["x"], "differ in length: 'scores' 6, 'within' 1"),
        (np.zeros((6, 1)), "2 dimensions"),
    ],
)
def test_labels_that_cannot_be(within: Any, error: str) -> None:
    """A column's name instead of the column, too few labels, a table."""
    with pytest.raises(ka.KeyAccountError, match=error):
        ka.select(SCORES, ka.TopCount(1), within=within)
