"""The six symptoms of a weak programme, measured on the columns of a quarter."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from keyaccount._columns import Bools, common_length, pick
from keyaccount._columns import floats as read_floats
from keyaccount.evaluation.joined import Joined
from keyaccount.evaluation.rules import ReviewRules
from keyaccount.program.symptoms import ProgrammeSymptoms, programme_symptoms

__all__ = ["SYMPTOM_COLUMNS", "symptoms_of"]

_TIMES: Final = ("time", "small_deal_time")
_ALONE: Final = ("budget", "routine", "conflict", "chain_known", "one_hand")
_OWNER: Final = "owner"
_PEOPLE: Final = "people"
"""How many people are on an account, as `coverage` gives it: one of them is one hand."""

SYMPTOM_COLUMNS: Final = (*_ALONE, *_TIMES, _OWNER, _PEOPLE)
"""The columns that symptoms are measured by, where they are there."""


def symptoms_of(joined: Joined, rules: ReviewRules, is_key: Bools) -> ProgrammeSymptoms:
    """Measure each symptom over the key accounts of the later quarter, or ask for the data.

    Owners are counted by key accounts, not by money, which may be below 0.
    """
    later = joined.after
    there = {name for name in SYMPTOM_COLUMNS if joined.has(name, "after")}
    columns = {name: pick(later.columns, name) for name in there}
    _ = common_length({later.id: later.ids, **{n: np.atleast_1d(c) for n, c in columns.items()}})
    given: dict[str, Any] = {name: name for name in _ALONE if name in there}
    if there.issuperset(_TIMES):
        given |= {name: name for name in _TIMES}
    if _OWNER in there and rules.stars is not None:
        given |= {_OWNER: _OWNER, "stars": rules.stars}
    if _PEOPLE in there and "one_hand" not in there:
        columns["one_hand"] = _one_hand(read_floats(later.columns, _PEOPLE))
        given["one_hand"] = "one_hand"
    return programme_symptoms(
        {**columns, "is_key": is_key}, **given, limits=dict(rules.limits) or None
    )


def _one_hand(people: Any) -> Any:
    """Say where one person alone is on an account; unknown where their number is."""
    return np.where(np.isfinite(people), (people == 1.0).astype(np.float64), np.nan)
