"""Ratios of gamma functions at whole distances, as sums: nothing cancels for large parameters.

log Γ(r + x) − log Γ(r) loses every digit that log Γ(r) is larger than the difference, and estimates
run to large parameters where customers are all alike. Frequencies are whole numbers, so the ratio
is a product of that many factors.
"""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Floats
from keyaccount.lifecycle.buying._scipy import special

__all__ = ["rising", "staying"]

_MOST = 20_000.0
"""Beyond, the functions themselves are quicker than the sums."""


def rising(r: float, x: Floats) -> tuple[Floats, Floats]:
    """Return log Γ(r + x)/Γ(r) and its slope in r, for whole x in rising order."""
    if x[-1] > _MOST:
        sp = special()
        return sp.gammaln(r + x) - sp.gammaln(r), sp.psi(r + x) - sp.psi(r)
    factors = r + np.arange(x[-1])
    return _sums(np.log(factors), x), _sums(1.0 / factors, x)


def staying(a: float, b: float, m: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the log probability of staying at m chances and its slopes in a and b."""
    if m[-1] > _MOST:
        sp = special()
        both = sp.psi(a + b) - sp.psi(a + b + m)
        value = sp.betaln(a, b + m) - sp.betaln(a, b)
        return value, both, both + sp.psi(b + m) - sp.psi(b)
    left = b + np.arange(m[-1])
    either = a + left
    value = _sums(-np.log1p(a / left), m)
    return value, _sums(-1.0 / either, m), _sums(a / (left * either), m)


def _sums(terms: Floats, counts: Floats) -> Floats:
    """Add the first so many terms."""
    total = np.concatenate([[0.0], np.cumsum(terms)])
    found: Floats = total[counts.astype(np.int64)]
    return found
