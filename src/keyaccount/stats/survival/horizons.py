"""Read the times at which curves are asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from keyaccount._columns import Codes, Floats, as_floats, refuse_rows

__all__ = ["horizons_of"]


def horizons_of(horizon: ArrayLike | None, followed_until: Floats) -> tuple[Codes, Floats]:
    """Pair every group with every time asked for; None is where each group was last watched."""
    groups = np.arange(len(followed_until))
    if horizon is None:
        return groups, followed_until
    t = as_floats(horizon, "horizon")
    hint = "give a time of at least 0, in the unit of the durations."
    refuse_rows("horizon", t, ~(np.isfinite(t) & (t >= 0.0)), "are no time", hint)
    return np.repeat(groups, len(t)), np.tile(t + 0.0, len(groups))
