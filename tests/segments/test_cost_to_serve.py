"""The quadrant of value and cost to serve, with cuts of the caller's own."""

from __future__ import annotations

from typing import Any

import pytest

import keyaccount as ka

QUADRANT = ka.cost_to_serve(1_000, 50, unit="CNY")


def test_four_cells_at_their_edges() -> None:
    """A tie is high on either axis."""
    book = {
        "value": [1_000, 1_000, 999.99, 999.99],
        "cost_to_serve": [49.99, 50, 49.99, 50],
    }
    assert QUADRANT.assign(book).labels.tolist() == ["key", "demanding", "light", "costly"]
    assert QUADRANT.assign(book).qualified[0] == "CTS:key"


def test_losses_are_low_and_negative_cost_is_told_of() -> None:
    """A negative value is low without a word; a negative cost makes no sense."""
    found = QUADRANT.assign({"value": [-10.0], "cost_to_serve": [-1.0]})
    assert found.labels.tolist() == ["light"]
    assert [(f.code, f.where) for f in found.findings] == [("out_of_range", "cost_to_serve")]


def test_cuts_differ_by_group() -> None:
    """One number per group, beside one for all."""
    matrix = ka.cost_to_serve(ka.ByGroup({"retail": 10}, pool=1_000), 50, group="industry")
    book = {"value": [10, 10], "cost_to_serve": [0, 0], "industry": ["retail", "steel"]}
    assert matrix.assign(book).labels.tolist() == ["key", "light"]


@pytest.mark.parametrize("cut", [None, "high", float("nan"), (1, 2)])
def test_a_cut_is_a_number(cut: Any) -> None:
    """Anything else is a typed error."""
    with pytest.raises(ka.SpecError):
        ka.cost_to_serve(cut, 50)
