"""What a buying model is made of: the arithmetic behind its verbs."""

from __future__ import annotations

from typing import Protocol

from keyaccount._columns import Floats
from keyaccount.lifecycle.buying.patterns import Patterns

__all__ = ["Kernel"]


class Kernel(Protocol):
    """The arithmetic of one model on arrays of floats; `p` are its parameters in order."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters."""
        ...

    @property
    def timed(self) -> tuple[bool, ...]:
        """Which of them are times."""
        ...

    @property
    def starts(self) -> tuple[tuple[float, ...], ...]:
        """Where a search begins, with times as shares of the longest history."""
        ...

    def mean_log_likelihood(self, theta: Floats, book: Patterns) -> tuple[float, Floats]:
        """Return the mean log-likelihood and its slope in the logarithms of the parameters."""
        ...

    def alive(self, p: Floats, x: Floats, tx: Floats, age: Floats) -> Floats:
        """Return the probability that a customer has not left by the day of the count."""
        ...

    def orders(self, p: Floats, x: Floats, age: Floats, t: Floats) -> Floats:
        """Return the orders expected within `t` of a customer who has not left."""
        ...

    def first_orders(self, p: Floats, t: Floats) -> Floats:
        """Return the repeat orders expected within `t` of a first order."""
        ...

    def counts(self, p: Floats, x: Floats, age: Floats, t: Floats, n: Floats) -> Floats:
        """Return the probability of `n` orders within `t` of a customer who has not left."""
        ...

    def first_counts(self, p: Floats, t: Floats, n: Floats) -> Floats:
        """Return the probability of `n` repeat orders within `t` of a first order."""
        ...
