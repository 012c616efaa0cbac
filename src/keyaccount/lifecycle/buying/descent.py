"""Downhill in a few dimensions and within bounds: BFGS with a backtracking step.

For four parameters the library calls of a general optimiser cost more than the likelihood itself,
and its threads more than both.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from keyaccount._columns import Bools, Floats

__all__ = ["Descent", "descend"]

Descent: TypeAlias = Callable[[Floats], tuple[float, Floats]]
"""A point to the value there and its slope."""

_MOST = 500
_LONGEST = 2.0
_ENOUGH = 1e-4
_SHORTEST = 1e-12


def descend(
    function: Descent, start: Floats, *, reach: float, tolerance: float
) -> tuple[Floats, float, int]:
    """Find a minimum within ±`reach`: the point, the value, and the steps it took.

    Ends where no slope of a coordinate free to move exceeds `tolerance`, or where no step helps.
    """
    at = np.clip(start, -reach, reach)
    value, slope = function(at)
    inverse, held = np.eye(len(at)), _held(at, slope, reach)
    steps = 0
    while steps < _MOST and np.abs(np.where(held, 0.0, slope)).max() > tolerance:
        found = _step(function, at, _direction(inverse, slope, held), (value, slope), reach)
        if found is None:
            if np.array_equal(inverse, np.eye(len(at))):
                break
            inverse = np.eye(len(at))  # the curvature learned misleads: begin anew
            continue
        steps += 1
        there, value, new = found
        inverse = _updated(inverse, there - at, new - slope, first=steps == 1)
        at, slope = there, new
        now = _held(at, slope, reach)
        if (now != held).any():
            inverse, held = np.eye(len(at)), now
    return at, value, steps


def _held(at: Floats, slope: Floats, reach: float) -> Bools:
    """Say which coordinates are at a bound with the descent leading out of it."""
    found: Bools = ((at >= reach) & (slope < 0.0)) | ((at <= -reach) & (slope > 0.0))
    return found


def _direction(inverse: Floats, slope: Floats, held: Bools) -> Floats:
    free = np.where(held, 0.0, slope)
    found = np.where(held, 0.0, -(inverse * free).sum(axis=1))
    longest = np.abs(found).max()
    return found * (_LONGEST / longest) if longest > _LONGEST else found


def _step(
    function: Descent, at: Floats, direction: Floats, here: tuple[float, Floats], reach: float
) -> tuple[Floats, float, Floats] | None:
    """Halve the step until it helps enough; None where it never does."""
    value, slope = here
    share = 1.0
    while share > _SHORTEST:
        there = np.clip(at + share * direction, -reach, reach)
        found, new = function(there)
        promised = float((slope * (there - at)).sum())
        if promised < 0.0 and found <= value + _ENOUGH * promised:
            return there, found, new
        share *= 0.5 if share > 1e-3 else 0.1  # noqa: PLR2004 - far too long: hurry
    return None


def _updated(inverse: Floats, moved: Floats, bent: Floats, *, first: bool) -> Floats:
    """Learn the curvature from one step: the BFGS update of the inverse second derivatives."""
    curve = float((moved * bent).sum())
    if curve <= 1e-14 * float(np.abs(moved).max() * np.abs(bent).max()):
        return inverse
    if first:
        inverse = inverse * (curve / float((bent * bent).sum()))
    turned = (inverse * bent).sum(axis=1)
    outer = np.multiply.outer
    scale = (1.0 + float((bent * turned).sum()) / curve) / curve
    found: Floats = (
        inverse
        + scale * outer(moved, moved)
        - (outer(moved, turned) + outer(turned, moved)) / curve
    )
    return found
