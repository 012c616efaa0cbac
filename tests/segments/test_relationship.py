"""Kotler's five relationship levels: the grid as printed, in words or in numbers."""

from __future__ import annotations

from typing import Any

import pytest

import keyaccount as ka

PRINTED = {
    # customers: level at high, medium, low margin
    "many": ("accountable", "reactive", "basic"),
    "medium": ("proactive", "accountable", "reactive"),
    "few": ("partnership", "proactive", "accountable"),
}
MARGINS = ("high", "medium", "low")
CELLS = [
    (many, margin, level)
    for many, levels in PRINTED.items()
    for margin, level in zip(MARGINS, levels, strict=True)
]


def test_kotler_grid_in_words() -> None:
    """Nine cells by words; few customers with a high margin make a partnership."""
    customers, margins, levels = zip(*CELLS, strict=True)
    found = ka.relationship_levels().assign({"customers": customers, "margin": margins})
    assert tuple(found.labels) == levels
    assert found.counts() == {
        "basic": 1,
        "reactive": 2,
        "accountable": 3,
        "proactive": 2,
        "partnership": 1,
    }


def test_kotler_grid_in_chinese_and_in_numbers() -> None:
    """The same cells from Chinese words, and from numbers with the caller's cuts."""
    customers, margins, levels = zip(*CELLS, strict=True)
    words = {"many": "多", "medium": "中", "few": "少", "high": "高", "low": "低"}
    in_chinese = {
        "customers": [words[c] for c in customers],
        "margin": [words[m] for m in margins],
    }
    assert tuple(ka.relationship_levels().assign(in_chinese).labels) == levels
    numbers = {"many": 200, "medium": 20, "few": 19}
    rates = {"high": 0.3, "medium": 0.1, "low": 0.0999}
    in_numbers = {
        "customers": [numbers[c] for c in customers],
        "margin": [rates[m] for m in margins],
    }
    matrix = ka.relationship_levels(customers_cuts=(20, 200), margin_cuts=(0.1, 0.3))
    assert tuple(matrix.assign(in_numbers).labels) == levels


def test_levels_grow_closer_from_basic_to_partnership() -> None:
    """The cells are listed from the loosest to the closest, each with a treatment and two names."""
    cells = ka.relationship_levels().cells
    assert [c.name_zh for c in cells] == ["基本", "被动", "负责", "能动", "伙伴"]
    assert all(c.treatment and c.treatment_zh for c in cells)


def test_the_open_cell_is_settled_by_an_argument() -> None:
    """Many customers with a low margin: basic by default, reactive on demand, nothing else."""
    one = {"customers": "many", "margin": "low"}
    assert ka.relationship_levels().assign(one).labels[0] == "basic"
    assert ka.relationship_levels(open_cell="reactive").assign(one).labels[0] == "reactive"
    other: Any = "partnership"
    with pytest.raises(ka.SpecError, match="must be one of 'basic', 'reactive'"):
        ka.relationship_levels(open_cell=other)


def test_the_grid_is_data_that_can_be_replaced() -> None:
    """A grid is given as it is printed: rows many to few, columns high to low."""
    grid = [["proactive", "reactive", "basic"], ["proactive"] * 3, ["partnership"] * 3]
    matrix = ka.relationship_levels(grid=grid)
    book = {"customers": ["many", "few", "medium"], "margin": ["high", "low", "low"]}
    assert matrix.assign(book).labels.tolist() == ["proactive", "partnership", "proactive"]


@pytest.mark.parametrize(
    "grid", [5, "basic", [], [["basic"] * 3] * 2, [["basic"] * 2] * 3, ["basic"] * 3, [[]] * 3]
)
def test_a_grid_of_another_shape_is_refused(grid: Any) -> None:
    """Three rows of three levels, or a typed error."""
    with pytest.raises(ka.SpecError, match="must be three rows"):
        ka.relationship_levels(grid=grid)


def test_an_unknown_level_is_refused() -> None:
    """A level that is none of the five is named."""
    with pytest.raises(ka.SpecError, match=r"Matrix.grid must be one of .* \(got 'partner'\)"):
        ka.relationship_levels(grid=[["partner"] * 3] * 3)


def test_an_unknown_margin_leaves_three_levels_possible() -> None:
    """Few customers of unknown margin: accountable, proactive or partnership."""
    found = ka.relationship_levels().assign({"customers": "few", "margin": None})
    assert found.possible(0) == ("accountable", "proactive", "partnership")
