"""Open deals beside comparable ones: how many of these had left the stage by now, and when."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from keyaccount._columns import Codes, Floats, Labels
from keyaccount.funnel.conversion.conversion_curves import StageConversion

__all__ = ["Comparable", "comparable"]


class Comparable(NamedTuple):
    """What comparable deals did: the share gone by now, the time ahead, and its lower bound."""

    gone: Floats
    ahead: Floats
    at_least: Floats


def comparable(
    conversion: StageConversion | None, compared: Labels, spent: Floats, *, remaining: float
) -> Comparable:
    """Compare deals with those of their group; unknown where there is none to compare with."""
    if conversion is None:
        unknown = np.full(len(spent), np.nan)
        return Comparable(unknown, unknown, unknown)
    codes = _compared(conversion, compared)
    curve = conversion.dwell_curve
    still = curve.share(codes, spent)
    ahead = curve.remaining(spent, remaining, group=codes)
    until = np.append(conversion.followed_until, np.nan)[codes]
    at_least = np.where(np.isnan(ahead) & (still > 0.0), np.maximum(until - spent, 0.0), np.nan)
    return Comparable(1.0 - still, ahead, at_least)


def _compared(conversion: StageConversion, found: Labels) -> Codes:
    """Give the group of the curves that each deal is compared with; -1 where there is none."""
    if not conversion.groups:
        return np.zeros(len(found), dtype=np.int64)
    position = {label: i for i, label in enumerate(conversion.groups)}
    table = np.array([*(position.get(label, -1) for label in found.labels), -1], dtype=np.int64)
    return table[found.codes]
