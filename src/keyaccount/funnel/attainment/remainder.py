"""What rounding amounts to a lattice leaves over, and how far it can stray from its mean.

A sum is ``step × (lattice sum) + remainder``, the remainder being the rounding errors of the deals
that are won. Its moment-generating function is known exactly, with common shocks as well, so that
Chernoff's bound holds for any distance: ``P(R - E R >= d) <= E exp(λ(R - E R)) / exp(λd)``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Floats
from keyaccount.funnel.attainment.blocks import Block

_DISTANCES = np.arange(2.5, 7.25, 0.25)
"""Distances tried, in standard deviations: the risk falls from a few per cent to 10⁻¹¹."""

_SLACK = 1.0 + 1e-9
"""Covers the rounding of the bound itself."""


@attrs.frozen(eq=False)
class Rounded:
    """A block on a lattice: steps per deal, and the error of each in steps, at most one half."""

    block: Block
    counts: Codes
    errors: Floats


@attrs.frozen(eq=False)
class Remainder:
    """The remainder's mean, in steps, and the risk that it strays beyond each of some distances."""

    mean: float
    distances: Floats
    above: Floats
    below: Floats


def rounded(block: Block, step: int) -> Rounded:
    """Round a block to the nearest points of a lattice of whole units."""
    counts = [(2 * v + step) // (2 * step) for v in block.values]
    errors = [(v - step * c) / step for v, c in zip(block.values, counts, strict=True)]
    return Rounded(block, np.array(counts, dtype=np.int64), np.array(errors, dtype=np.float64))


class Rounding:
    """The rounding of all blocks: bounds on its remainder, in all regimes or given one."""

    def __init__(self, parts: Sequence[Rounded]) -> None:
        self.parts: tuple[Rounded, ...] = tuple(parts)
        self._exact = not any(p.errors.any() for p in parts)
        if self._exact:
            return
        variance = math.fsum(p.block.variance(p.errors) for p in parts)
        spread = math.sqrt(max(variance, float(np.finfo(np.float64).tiny)))
        self._distances: Floats = _DISTANCES * spread
        self._tilts: Floats = np.concatenate([_DISTANCES, -_DISTANCES]) / spread
        self._means = [_mean(p) for p in parts]
        with np.errstate(all="ignore"):
            self._logs = [_log_moments(p, self._tilts) for p in parts]
            self._mixed = [_mixture(p, logs) for p, logs in zip(parts, self._logs, strict=True)]
        self._all = _added(self._mixed)

    def remainder(self) -> Remainder | None:
        """Bound the remainder in all regimes; None where nothing is rounded."""
        if self._exact:
            return None
        return self._bounded(self._all, math.fsum(m for m, _ in self._means))

    def given(self, block: int, regime: int) -> Remainder | None:
        """Bound the remainder where one block is in a regime; None where nothing is rounded."""
        if self._exact:
            return None
        others = [x for i, x in enumerate(self._mixed) if i != block]
        means = [m for i, (m, _) in enumerate(self._means) if i != block]
        log = _added([*others, self._logs[block][regime]])
        return self._bounded(log, math.fsum([*means, self._means[block][1][regime]]))

    def _bounded(self, log_moment: Floats, mean: float) -> Remainder:
        size = len(self._distances)
        with np.errstate(all="ignore"):
            centred = log_moment - self._tilts * mean
            logs = centred - np.abs(self._tilts) * np.tile(self._distances, 2)
            risk = np.exp(np.minimum(logs, 0.0)) * _SLACK
        risk = np.where(np.isfinite(risk), np.minimum(risk, 1.0), 1.0)
        errors = np.concatenate([p.errors for p in self.parts])
        up, down = float(errors.clip(0.0).sum()), float(errors.clip(None, 0.0).sum())
        # One more distance that holds for sure: all errors of one sign, and none of the other.
        return Remainder(
            mean,
            np.append(self._distances, max(up - mean, mean - down) * _SLACK),
            np.append(risk[:size], 0.0),
            np.append(risk[size:], 0.0),
        )


def _mean(part: Rounded) -> tuple[float, list[float]]:
    """Give the mean error of a block, over its regimes and in each."""
    each = [float((p * part.errors).sum()) for p in part.block.chances]
    weighed = zip(part.block.weights, each, strict=True)
    return math.fsum(w * m for w, m in weighed), each


def _added(logs: Sequence[Floats]) -> Floats:
    total = np.zeros(2 * len(_DISTANCES))
    for log in logs:
        total += log
    return total


def _log_moments(part: Rounded, tilts: Floats) -> NDArray[np.float64]:
    """Give the log of ``E exp(tilt × errors won)`` for each regime and tilt."""
    grown: NDArray[np.float64] = tilts[:, np.newaxis] * part.errors
    # log((1-p) + p·exp(x)) from the logs of both terms: neither a chance near 1 nor a large x is
    # rounded away, which would make the bound too tight.
    terms = [np.logaddexp(np.log1p(-p), np.log(p) + grown) for p in part.block.chances]
    return np.stack([term.sum(axis=1) for term in terms])


def _mixture(part: Rounded, logs: NDArray[np.float64]) -> Floats:
    """Mix the moments of the regimes."""
    top = logs.max(axis=0)
    mixed = np.zeros(len(top))
    for weight, row in zip(part.block.weights, logs, strict=True):
        mixed += weight * np.exp(row - top)
    found: Floats = top + np.log(mixed)
    return found
