"""Market weights: the pair that leads in each state of the market."""

from __future__ import annotations

from typing import Any

import pytest

from keyaccount.errors import SpecError
from keyaccount.scoring.weights import market_weights


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("new", (0.15, 0.35, 0.35, 0.15)),
        ("steady_growth", (0.35, 0.35, 0.15, 0.15)),
        ("saturated", (0.35, 0.15, 0.15, 0.35)),
    ],
)
def test_the_leading_pair_follows_the_market(state: Any, expected: tuple[float, ...]) -> None:
    """New: showcase and potential; growing: sales and potential; saturated: win and sales."""
    weights = market_weights(state)
    assert weights.names == ("sales", "potential", "showcase", "win_and_deliver")
    assert tuple(weights.values()) == expected


def test_the_docstring_says_whose_figures_they_are() -> None:
    """The sources give no figures, and the docstring says so."""
    assert "a choice of this library" in (market_weights.__doc__ or "")


@pytest.mark.parametrize("bad", ["steady", "New", "", None, 1, ["new"]])
def test_an_unknown_state_is_refused(bad: Any) -> None:
    """The error lists the three states."""
    with pytest.raises(SpecError, match="'new', 'steady_growth', 'saturated'"):
        market_weights(bad)
