"""Selection: from scores to key accounts."""

from keyaccount.scoring.selection.cut import ScoreCut
from keyaccount.scoring.selection.override import Override
from keyaccount.scoring.selection.reasons import Reason
from keyaccount.scoring.selection.rules import (
    AllOf,
    AtLeast,
    Capacity,
    Quota,
    Rule,
    TopCount,
    TopShare,
)
from keyaccount.scoring.selection.select import SelectionPolicy, select
from keyaccount.scoring.selection.selection import GroupCut, Selection

__all__ = [
    "AllOf",
    "AtLeast",
    "Capacity",
    "GroupCut",
    "Override",
    "Quota",
    "Reason",
    "Rule",
    "ScoreCut",
    "Selection",
    "SelectionPolicy",
    "TopCount",
    "TopShare",
    "select",
]
