"""How far each seat is from the other side of the cut: from the best account that has none."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Bools, Codes, Floats
from keyaccount.scoring.selection import Selection
from keyaccount.scoring.selection.reasons import Reason

__all__ = ["lead_of", "other_side", "rivals_of"]

_NO_RIVAL = (Reason.EXCLUDED_BY_OVERRIDE, Reason.UNSCORED, Reason.REJECTED)
"""Who is out for another reason than its score takes nobody's seat by it."""


def lead_of(chosen: Selection) -> Floats:
    """Say how far ahead each account is of what could cost it a seat, in score units.

    That is the best account of its group without a seat, or the threshold where that is higher;
    infinite where there is neither, NaN where the account has no score. An incumbent's hold counts
    for it. The account that sets the cut is 0 from the cut, and yet it may be far ahead.
    """
    lead: Floats = chosen.value + chosen.hold - other_side(chosen)
    return lead


def other_side(chosen: Selection) -> Floats:
    """Give what each account must stay ahead of: the best of its group without a seat, or more."""
    found = np.array([group.threshold for group in chosen.groups], dtype=np.float64)
    rival, keys = _rivals(chosen), chosen.value + chosen.hold
    np.maximum.at(found, chosen.inputs.pool[rival], keys[rival])
    beside: Floats = found[chosen.inputs.pool]
    return beside


def rivals_of(chosen: Selection) -> Codes:
    """Find the row of the best account without a seat beside each, -1 where a threshold is higher.

    Of several as good it is the first by id.
    """
    keys = chosen.value + chosen.hold
    best = np.flatnonzero(_rivals(chosen) & (keys == other_side(chosen))).tolist()
    ids = chosen.ids
    first = np.full(len(chosen.groups), -1, dtype=np.int64)
    for row in best if ids is None else sorted(best, key=ids.__getitem__, reverse=True):
        first[chosen.inputs.pool[row]] = row
    beside: Codes = first[chosen.inputs.pool]
    return beside


def _rivals(chosen: Selection) -> Bools:
    rival: Bools = ~chosen.is_key & ~np.isnan(chosen.value)
    return rival & ~np.isin(chosen.reason_code, _NO_RIVAL)
