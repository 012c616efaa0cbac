"""Value functions of every kind, ready to use or still to learn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from hypothesis import strategies as st

from keyaccount.errors import SpecError
from keyaccount.groups import ByGroup
from keyaccount.scoring.values import (
    Bands,
    Linear,
    Log,
    Logistic,
    ObservedRange,
    Percentile,
    PiecewiseLinear,
    Ratio,
    ValueFunction,
)
from keyaccount.testing.books import GROUPS, NUMBER, SHARE

__all__ = ["LEARNING", "VALUE_FUNCTIONS", "Direction", "by_group", "value_functions"]

Direction: TypeAlias = Literal["rising", "falling"]
"""Whether more or less is better."""

VALUE_FUNCTIONS: tuple[type[ValueFunction], ...] = (
    Bands,
    Linear,
    Log,
    Logistic,
    ObservedRange,
    Percentile,
    PiecewiseLinear,
    Ratio,
)
"""Every kind of value function."""

LEARNING: tuple[type[ValueFunction], ...] = (ObservedRange, Percentile, Ratio)
"""The kinds that learn their constants from a book."""


def value_functions(
    *kinds: type[ValueFunction], fitted: bool | None = True, direction: Direction | None = None
) -> st.SearchStrategy[ValueFunction]:
    """Draw value functions.

    Parameters
    ----------
    kinds
        The kinds to draw from: all of `VALUE_FUNCTIONS` when none is named.
    fitted
        Whether functions that learn have learned; None draws both.
    direction
        Only functions that never fall (``"rising"``) or never rise; None draws any, among them
        those that do both.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(value_functions(Linear, Percentile, direction="rising"))
    ... def they_rise(function):
    ...     low, high = function.value([1.0, 2.0])
    ...     assert low <= high
    >>> they_rise()
    """
    states = (True, False) if fitted is None else (fitted,)
    made = [
        _MAKERS[kind](Wish(state, direction))
        for kind in kinds or VALUE_FUNCTIONS
        for state in (states if kind in LEARNING else (True,))
    ]
    return st.one_of(made)


def by_group(
    constants: st.SearchStrategy[Any], labels: Sequence[str] = GROUPS
) -> st.SearchStrategy[ByGroup[Any]]:
    """Draw constants for some of the groups, and one for the pool.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(by_group(value_functions(Linear)))
    ... def there_is_one_for_any_group(functions):
    ...     assert isinstance(functions.of("never seen"), Linear)
    >>> there_is_one_for_any_group()
    """
    groups = st.dictionaries(st.sampled_from(labels), constants, max_size=len(labels))
    return st.builds(lambda own, pool: ByGroup(own, pool=pool), groups, constants)


class Wish(NamedTuple):
    """What is asked of a value function."""

    fitted: bool
    way: Direction | None


def _falls(wish: Wish) -> st.SearchStrategy[bool]:
    return st.booleans() if wish.way is None else st.just(wish.way == "falling")


def _accepted(kind: Callable[..., Any]) -> Callable[[Any], bool]:
    """Say whether constants make a spec: two ends may be too close for a slope, say."""

    def accept(constants: Any) -> bool:
        try:
            kind(*constants)
        except SpecError:
            return False
        return True

    return accept


def _ends(
    kind: Callable[..., ValueFunction], number: st.SearchStrategy[float], wish: Wish
) -> st.SearchStrategy[ValueFunction]:
    pairs = st.tuples(number, number).filter(_accepted(kind))
    turned = st.tuples(pairs, _falls(wish)).map(lambda p: sorted(p[0], reverse=p[1]))
    return turned.map(lambda ends: kind(*ends))


def _linears(wish: Wish) -> st.SearchStrategy[ValueFunction]:
    return _ends(Linear, st.one_of(NUMBER, st.integers(-5, 100)), wish)


def _logs(wish: Wish) -> st.SearchStrategy[ValueFunction]:
    return _ends(Log, st.floats(1e-3, 1e9), wish)


def _logistics(wish: Wish) -> st.SearchStrategy[ValueFunction]:
    signs = _falls(wish).map(lambda falls: -1.0 if falls else 1.0)
    slopes = st.builds(lambda sign, slope: sign * slope, signs, st.floats(1e-6, 1e3))
    return st.builds(Logistic, st.floats(-1e6, 1e6), slopes)


def _worths(size: int, wish: Wish) -> st.SearchStrategy[list[float]]:
    drawn = st.lists(SHARE, min_size=size, max_size=size)
    falling = wish.way == "falling"
    return drawn if wish.way is None else drawn.map(lambda ys: sorted(ys, reverse=falling))


def _rising_numbers(max_size: int) -> st.SearchStrategy[list[float]]:
    numbers = st.one_of(NUMBER, st.integers(-5, 20).map(float))
    return st.lists(numbers, min_size=1, max_size=max_size, unique=True).map(sorted)


@st.composite
def _piecewise(draw: st.DrawFn, wish: Wish) -> ValueFunction:
    xs = draw(_rising_numbers(8))
    return PiecewiseLinear(zip(xs, draw(_worths(len(xs), wish)), strict=True))


@st.composite
def _bands(draw: st.DrawFn, wish: Wish) -> ValueFunction:
    cuts = draw(st.one_of(_rising_numbers(5), st.integers(24, 40).map(range)))
    return Bands(cuts, draw(_worths(len(cuts) + 1, wish)))


@st.composite
def _observed(draw: st.DrawFn, wish: Wish) -> ValueFunction:
    shares = st.tuples(SHARE, SHARE).filter(lambda p: p[0] != p[1]).map(sorted)
    lower, upper = draw(st.one_of(st.just([0.0, 1.0]), shares))
    low, high = sorted(draw(st.tuples(NUMBER, NUMBER))) if wish.fitted else (None, None)
    if wish.fitted and draw(st.integers(0, 4)) == 0:
        high = low  # everybody in the book was equal
    return ObservedRange(lower, upper, low=low, high=high, falling=draw(_falls(wish)))


@st.composite
def _percentiles(draw: st.DrawFn, wish: Wish) -> ValueFunction:
    parts = draw(st.sampled_from([100, 4, 1]))
    function = Percentile(parts=parts, falling=draw(_falls(wish)))
    if not wish.fitted:
        return function
    numbers = st.one_of(NUMBER, st.integers(-3, 9).map(float))
    return function.fit(np.sort(draw(st.lists(numbers, min_size=1, max_size=30))))


@st.composite
def _ratios(draw: st.DrawFn, wish: Wish) -> ValueFunction:
    to = draw(st.sampled_from(["max", "min", "sum", "norm"]))
    reference = draw(st.floats(1e-3, 1e9)) if wish.fitted else None
    return Ratio(to=to, falling=draw(_falls(wish)), reference=reference)


_MAKERS: dict[type[ValueFunction], Callable[..., st.SearchStrategy[ValueFunction]]] = {
    Bands: _bands,
    Linear: _linears,
    Log: _logs,
    Logistic: _logistics,
    ObservedRange: _observed,
    Percentile: _percentiles,
    PiecewiseLinear: _piecewise,
    Ratio: _ratios,
}
