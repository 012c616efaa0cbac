"""Write the ticks of an axis with as many digits as tell them apart, and no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isclose
from typing import Any

from matplotlib.axis import Axis
from matplotlib.ticker import Formatter

from keyaccount._words import Words

__all__ = ["counts_along", "money_along", "shares_along"]

_MOST_DIGITS = 6


class _Ticks(Formatter):
    """Writes all ticks of an axis alike: 2.5 % is not 2 % beside 5 %."""

    def __init__(
        self,
        write: Callable[[float, int], str],
        rounded: Callable[[float, int], float],
        digits: int,
    ) -> None:
        self._write, self._rounded, self._digits = write, rounded, digits

    def format_ticks(self, values: Sequence[Any]) -> list[str]:
        """Write all ticks."""
        ticks = [float(v) for v in values]
        tried = range(self._digits, self._digits + _MOST_DIGITS)
        exact = (d for d in tried if all(self._is_exact(t, d) for t in ticks))
        digits = next(exact, tried[-1])
        return [self._write(t, digits) for t in ticks]

    def __call__(self, x: Any, pos: int | None = None) -> str:
        """Write one, as for the cursor."""
        del pos
        return self._write(float(x), self._digits)

    def _is_exact(self, value: float, digits: int) -> bool:
        return isclose(self._rounded(value, digits), value, rel_tol=1e-9, abs_tol=1e-12)


def shares_along(axis: Axis, words: Words) -> None:
    """Write ticks as percentages."""
    axis.set_major_formatter(_Ticks(words.share, lambda x, digits: round(x, digits + 2), 0))


def money_along(axis: Axis, words: Words) -> None:
    """Write ticks as amounts."""
    axis.set_major_formatter(_Ticks(words.money, lambda x, digits: float(f"{x:.{digits}g}"), 3))


def counts_along(axis: Axis) -> None:
    """Write ticks as numbers, thousands set apart."""
    axis.set_major_formatter(lambda x, _: f"{x + 0.0:,.10g}".replace("-", "−"))
