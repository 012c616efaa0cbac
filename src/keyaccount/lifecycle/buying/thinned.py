"""Orders expected of a customer who may leave after each of them, as one stable integral.

With λ ~ Gamma(k, A), p ~ Beta(a, b) and z = t/A, the expectation is that of
f(p) = (1 − (1 + p·z)^−k) / p over the Beta distribution. The closed form with a hypergeometric
function (Fader, Hardie and Lee 2005, equation 10) is 0/0 at a = 1 and loses all digits for large
a, b or z; the integral is smooth everywhere.

What f(0)·(1 − p)^c + f(1)·p makes of it is known exactly, and c is chosen so that the slope at 0 is
that of f as well. The rest vanishes at both ends and is summed over the logit of p, by the
trapezoid rule in u where logit p = centre + scale·sinh(u), which converges exponentially. Centre
and scale are those of Beta(a + 1, b + 1), so a fixed set of points fits all parameters, and each
row depends on itself alone.
"""

from __future__ import annotations

import math

import numpy as np

from keyaccount._columns import Floats
from keyaccount.lifecycle.buying._scipy import special

__all__ = ["thinned_orders"]

_STEP = 0.1
_REACH = 4.4
"""sinh(4.4) is 40: the rest of the integrand is below e^-40 there."""
_POINTS = tuple(_STEP * i for i in range(-round(_REACH / _STEP), round(_REACH / _STEP) + 1))


def thinned_orders(k: Floats, z: Floats, a: float, b: Floats) -> Floats:
    """Return the mean of (1 − (1 + p·z)^−k) / p over p ~ Beta(a, b)."""
    sp = special()
    at_0, at_1 = k * z, -np.expm1(-k * np.log1p(z))
    c = np.maximum(0.5 * (k + 1.0) * z, 1.0)
    centre = np.log((a + 1.0) / (b + 1.0))
    scale = np.sqrt(1.0 / (a + 1.0) + 1.0 / (b + 1.0))
    base = np.log(scale) - sp.betaln(a, b)
    rest = np.zeros(len(k))
    for u in _POINTS:
        logit = centre + scale * math.sinh(u)
        inside = np.maximum(logit, 0.0) + np.log1p(np.exp(-np.abs(logit)))  # log(1 + e^logit)
        p = np.exp(logit - inside)
        weight = np.exp(base + a * logit - (a + b) * inside)
        bent = -np.expm1(-k * np.log1p(p * z)) / np.maximum(p, 1e-300)
        rest += (weight * math.cosh(u)) * (bent - at_0 * np.exp(-c * inside) - at_1 * p)
    exact = at_0 * np.exp(sp.betaln(a, b + c) - sp.betaln(a, b)) + at_1 * a / (a + b)
    found: Floats = np.maximum(exact + _STEP * rest, 0.0) + 0.0
    return found
