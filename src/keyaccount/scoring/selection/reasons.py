"""Why an account is key or is not, as fixed words."""

from __future__ import annotations

from enum import IntEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Objects

ReasonCodes: TypeAlias = NDArray[np.int8]
"""One `Reason` per account, one byte each: a book may be large."""


class Reason(IntEnum):
    """Why an account is key or is not; the words are the names in lower case.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Reason.BELOW_CUT.word
    'below_cut'
    >>> chosen = ka.select([0.9, 0.2], ka.TopCount(1))
    >>> chosen.reason.tolist(), chosen.row(1)["meaning"]
    (['rank', 'below_cut'], 'out: its score is below the cut')
    """

    BELOW_CUT = 0
    BELOW_THRESHOLD = 1
    UNSCORED = 2
    REJECTED = 3
    EXCLUDED_BY_OVERRIDE = 4
    INCLUDED_BY_OVERRIDE = 5
    MINIMUM_TENURE = 6
    RANK = 7
    HELD = 8
    KEPT_BY_CHANGE_CAP = 9
    WAITS_FOR_CHANGE_CAP = 10
    TIED_AT_CUT = 11
    DISPLACED_BY_OVERRIDE = 12
    DISPLACED_BY_HOLD = 13
    DISPLACED_BY_TENURE = 14
    NO_SEAT = 15

    @property
    def word(self) -> str:
        """The reason as it stands in results."""
        return self.name.lower()


MEANINGS = {
    Reason.BELOW_CUT: "out: its score is below the cut",
    Reason.BELOW_THRESHOLD: "out: its score is below the threshold of its group",
    Reason.UNSCORED: "out: it has no score",
    Reason.REJECTED: "out: a criterion that must be known is not",
    Reason.EXCLUDED_BY_OVERRIDE: "out: by special approval",
    Reason.INCLUDED_BY_OVERRIDE: "in: by special approval",
    Reason.MINIMUM_TENURE: "in: it became key too recently to leave",
    Reason.RANK: "in: by its score",
    Reason.HELD: "in: it was key, and neither a challenger nor the threshold is ahead by the hold",
    Reason.KEPT_BY_CHANGE_CAP: "in: so few seats may change hands in one review that it stays",
    Reason.WAITS_FOR_CHANGE_CAP: "out: so few seats may change hands in one review that it waits",
    Reason.TIED_AT_CUT: "out: tied at the cut, and not all of the tied have a seat",
    Reason.DISPLACED_BY_OVERRIDE: "out: an account put in by override has its seat",
    Reason.DISPLACED_BY_HOLD: "out: not far enough ahead of the account that holds the seat",
    Reason.DISPLACED_BY_TENURE: "out: an account too recently key to leave has its seat",
    Reason.NO_SEAT: "out: no seat is left to be had by a score",
}
"""What each reason means, in words for people."""

WORDS: Objects = np.array([r.word for r in Reason], dtype=object)
"""The words of the reasons by code."""
