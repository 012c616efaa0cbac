"""What every value function is: a spec that turns raw values into worth in [0, 1]."""

from __future__ import annotations

import abc
import math
from typing import Protocol, Self

import numpy as np
from numpy.typing import ArrayLike

from keyaccount._blocks import blocks
from keyaccount._columns import Floats, as_floats
from keyaccount._view import Spec
from keyaccount.errors import NotEnoughDataError, NotFittedError
from keyaccount.scoring.values.quantiles import Ordered


class Kernel(Protocol):
    """A value function made ready to run: its constants unpacked, a weight folded in."""

    def into(self, x: Floats, out: Floats) -> None:
        """Write the worth of one contiguous block of finite values into `out`."""
        ...

    def one(self, x: float) -> float:
        """Give the worth of one finite value, to the same bit as `into`.

        NaN where the function cannot judge the value.
        """
        ...


class ValueFunction(Spec, abc.ABC):
    """A spec that turns raw values into worth: 0 for the worst, 1 for the best.

    Values it cannot judge (NaN, infinite) stay missing: NaN.

    Examples
    --------
    >>> import keyaccount as ka
    >>> isinstance(ka.Linear(1, 5), ka.ValueFunction)
    True
    >>> ka.Linear(1, 5).value([1.0, 3.0, None])
    array([0. , 0.5, nan])
    """

    __slots__ = ()

    @property
    def is_fitted(self) -> bool:
        """Whether every constant is there; True for functions that learn nothing."""
        return True

    @property
    def learns(self) -> bool:
        """Whether `fit` learns anything from a book."""
        return False

    def fit(self, x: ArrayLike) -> Self:
        """Learn the constants from a column of raw values.

        Parameters
        ----------
        x
            One-dimensional numbers, in any order; what is missing or cannot be judged is left out.

        Returns
        -------
        Self
            The same function with its constants filled in; itself where they are stated.

        Raises
        ------
        NotEnoughDataError
            Not a single value is known.
        """
        judged = self.defined(as_floats(x, "x"))
        known = np.sort(judged[np.isfinite(judged)])
        if self.learns and not len(known):
            hint = "give at least one known value, or state the constants."
            raise NotEnoughDataError.from_column(type(self).__name__, "x", hint)
        return self.fit_sorted(known)

    def fit_sorted(self, values: Ordered) -> Self:
        """Learn the constants from known values in rising order, at least one of them."""
        del values
        return self

    def places(self, count: int) -> tuple[int, ...] | None:
        """List which of so many values, in rising order, `fit_sorted` looks at; None: all of them.

        Where they are few, an engine finds them by counting, and the book stays where it is.
        """
        del count
        return None

    def defined(self, x: Floats) -> Floats:
        """Give the values the function can judge, NaN for the others."""
        return x

    @abc.abstractmethod
    def kernel(self, top: float = 1.0) -> Kernel:
        """Make the function ready to run, its result multiplied by `top`."""

    def value(self, x: ArrayLike) -> Floats:
        """Turn raw values into worth.

        Parameters
        ----------
        x
            One-dimensional numbers; NaN or infinite where missing.

        Returns
        -------
        NDArray[float64]
            The worth of each value, NaN where missing.

        Raises
        ------
        NotFittedError
            The function has still to learn its constants.
        """
        if not self.is_fitted:
            raise NotFittedError.from_spec(type(self).__name__)
        raw = as_floats(x, "x")
        judged = self.defined(raw)
        missing = ~np.isfinite(judged)
        safe = np.where(missing, 0.0, judged) if missing.any() else judged
        out = np.empty(len(raw))
        run = self.kernel()
        with np.errstate(all="ignore"):
            for rows in blocks(len(raw)):
                run.into(safe[rows], out[rows])
        out[missing] = np.nan
        return out


def stretch(top: float, span: float) -> tuple[float, float]:
    """Find a length and a factor whose product is exactly `top`, the length at most `span`.

    ``top / span`` times ``span`` may miss `top` by one bit. A ramp clipped at the length found here
    and then stretched ends at `top` exactly, and never passes it.
    """
    scale = top / span
    for _ in range(_TRIES):
        length = min(span, top / scale) if scale else span
        for _ in range(3):
            if length * scale == top:
                return length, scale
            length = math.nextafter(length, 0.0)
        scale = math.nextafter(scale, math.inf)
    scale = top / span  # rare, and one bit short of the end
    return span, scale if span * scale <= top else math.nextafter(scale, 0.0)


_TRIES = 1_000
"""How many factors are looked at, each a bit above the last: 2e-13 of the factor in all."""
