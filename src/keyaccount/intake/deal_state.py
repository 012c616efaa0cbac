"""How each deal stood on a day.

One that closed later counts as open, at the first open stage and at list price: how far it had
come, and what it brought in the end, was not known.
"""

from __future__ import annotations

import attrs
import numpy as np

from keyaccount._columns import Bools, Floats, Objects
from keyaccount.intake.deals import LOST, OPEN, WON, Deals

__all__ = ["DealState", "state_on"]


@attrs.frozen(kw_only=True, eq=False)
class DealState:
    """How each deal stood on the day."""

    won: Bools
    recent: Bools
    lost: Bools
    open: Bools
    reopened: Bools
    later: Bools
    undated: Bools
    stage: Objects
    chance: Floats
    price: Floats
    listed: Bools

    @property
    def worth(self) -> Floats:
        """What each open deal brings, weighted by its chance."""
        return self.chance * self.price


def state_on(deals: Deals, day: np.datetime64, start: np.datetime64) -> DealState:
    """Tell how each deal stood on the day; comparisons with an unknown day are false."""
    ended = (deals.outcome == WON) | (deals.outcome == LOST)
    known = ended & (deals.closed <= day)
    reopened = ended & (deals.closed > day) & (deals.opened <= day)
    open_ = (deals.outcome == OPEN) & ~(deals.opened > day)
    listed = (open_ & ~(deals.amount > 0.0)) | reopened
    chance = np.where(reopened, deals.first_probability, deals.probability)
    return DealState(
        won=known & (deals.outcome == WON),
        recent=known & (deals.outcome == WON) & (deals.closed > start),
        lost=known & (deals.outcome == LOST),
        open=open_,
        reopened=reopened,
        later=(ended & (deals.closed > day) & ~reopened) | ((deals.outcome == OPEN) & ~open_),
        undated=ended & np.isnat(deals.closed),
        stage=np.where(reopened, deals.first_stage, deals.stage),
        chance=chance,
        price=np.where(listed, deals.list_price, deals.amount),
        listed=listed,
    )
