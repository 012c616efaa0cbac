"""What is believed of a row of a chain: the Dirichlet posterior of its counts."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Bools, Floats
from keyaccount.errors import NotEnoughDataError
from keyaccount.stats._levels import tails_of
from keyaccount.stats.special import beta_quantile

__all__ = ["margins", "posterior_means"]

_LARGEST_SHAPE = 1e9
"""Beyond that an interval has no width to speak of: larger counts are shrunk to it."""


def posterior_means(
    states: tuple[str, ...], counts: Floats, smoothing: float, absorbing: tuple[str, ...]
) -> Floats:
    """Give the mean of each probability; absorbing states stay where they are."""
    k = len(states)
    total = counts.sum(axis=1)
    fixed = _fixed(states, absorbing)
    bare = [s for s, n, a in zip(states, total, fixed, strict=True) if not n and not a]
    if bare and smoothing == 0.0:
        hint = "smooth (smoothing=1), or declare it absorbing."
        raise NotEnoughDataError.from_problem(
            f"no transition from {bare[0]!r} was ever seen", hint, states=tuple(bare)
        )
    weight = np.where(fixed, 1.0, total + smoothing)
    matrix: Floats = (counts + smoothing / k) / weight[:, None]
    matrix[fixed] = np.eye(k)[fixed]
    return matrix


def margins(
    states: tuple[str, ...],
    counts: Floats,
    smoothing: float,
    absorbing: tuple[str, ...],
    level: float,
) -> tuple[Floats, Floats]:
    """Give the ends of an interval for each probability on its own: beta margins."""
    k = len(states)
    own = counts + smoothing / k
    rest = np.maximum(own.sum(axis=1, keepdims=True) - own, 0.0)
    fixed = _fixed(states, absorbing)
    own[fixed], rest[fixed] = np.eye(k)[fixed], 1.0 - np.eye(k)[fixed]
    shrink = np.maximum(np.maximum(own, rest) / _LARGEST_SHAPE, 1.0)
    own, rest = (own / shrink).ravel(), (rest / shrink).ravel()
    low, high = (beta_quantile(q, own, rest).reshape(k, k) for q in tails_of(level))
    return low, high


def _fixed(states: tuple[str, ...], absorbing: tuple[str, ...]) -> Bools:
    return np.array([s in absorbing for s in states], dtype=np.bool_)
