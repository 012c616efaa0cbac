"""Ticks have as many digits as tell what they are."""

from __future__ import annotations

import pytest
from matplotlib.axes import Axes
from matplotlib.axis import Axis

from keyaccount._words import Words
from keyaccount.plots._ticks import counts_along, money_along, shares_along


def written(axis: Axis, values: list[float]) -> list[str]:
    """Give how ticks are written."""
    return axis.get_major_formatter().format_ticks(values)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([0.0, 0.5, 1.0], ["0%", "50%", "100%"]),
        ([0.0, 0.025, 0.05], ["0.0%", "2.5%", "5.0%"]),
        ([0.1, 0.30000000000000004], ["10%", "30%"]),
        ([0.0, 0.002], ["0.0%", "0.2%"]),
    ],
)
def test_shares_are_not_rounded_away(values: list[float], said: list[str], axes: Axes) -> None:
    """2.5 % is not 2 % on the way to 5 %."""
    shares_along(axes.yaxis, Words())
    assert written(axes.yaxis, values) == said


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([0.0, 5e5, 1e6], ["€0", "€500K", "€1M"]),
        ([1e6, 1.0025e6], ["€1M", "€1.0025M"]),
        ([-2.5, 2.5], ["−€2.5", "€2.5"]),
    ],
)
def test_amounts_close_to_each_other_differ(
    values: list[float], said: list[str], axes: Axes
) -> None:
    """Two ticks are never the same million."""
    money_along(axes.xaxis, Words("en", "€"))
    assert written(axes.xaxis, values) == said


def test_what_no_digits_tell_is_cut_off(axes: Axes) -> None:
    """A third, to eight digits."""
    money_along(axes.xaxis, Words())
    assert written(axes.xaxis, [1e6 / 3]) == ["333.33333K"]
    assert axes.xaxis.get_major_formatter()(1e6 / 3) == "333K"


def test_thousands_are_set_apart(axes: Axes) -> None:
    """Also below 0, and between whole numbers."""
    counts_along(axes.xaxis)
    assert written(axes.xaxis, [-1200.0, 0.0, 0.5]) == ["−1,200", "0", "0.5"]
