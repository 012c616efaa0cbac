"""How far each seat is from the other side of the cut: from the best account that has none."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Floats
from keyaccount.scoring.selection import Selection
from keyaccount.scoring.selection.reasons import Reason

__all__ = ["lead_of"]

_NO_RIVAL = (Reason.EXCLUDED_BY_OVERRIDE, Reason.UNSCORED, Reason.REJECTED)
"""Who is out for another reason than its score takes nobody's seat by it."""


def lead_of(chosen: Selection) -> Floats:
    """Say how far ahead each account is of what could cost it a seat, in score units.

    That is the best account of its group without a seat, or the threshold where that is higher;
    infinite where there is neither, NaN where the account has no score. An incumbent's hold counts
    for it. The account that sets the cut is 0 from the cut, and yet it may be far ahead.
    """
    keys = chosen.value + chosen.hold
    rival = ~chosen.is_key & ~np.isnan(keys) & ~np.isin(chosen.reason_code, _NO_RIVAL)
    other_side = np.array([group.threshold for group in chosen.groups], dtype=np.float64)
    np.maximum.at(other_side, chosen.inputs.pool[rival], keys[rival])
    lead: Floats = keys - other_side[chosen.inputs.pool]
    return lead
