"""Judge stages row by row: silence against rhythm, trend against its own noise, and what held.

With the stage of the time before, every test is eased for that stage and tightened for the others.
Growth and decline are entered by the interval of the slope and kept by the slope itself: to ask the
interval again would flip accounts, to wait until it speaks against the stage would keep chance.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Floats
from keyaccount.lifecycle.stages import LIMIT_SOURCES, RULES, STAGES

__all__ = ["Facts", "Limits", "Thresholds", "Verdict", "judge"]

_STAGE_OF_RULE = np.array(
    [
        STAGES.index(stage)
        for stage in (
            "churn",
            "churn",
            "acquisition",
            "acquisition",
            "acquisition",
            "growth",
            "decline",
            "growth",
            "decline",
            "growth",
            "decline",
            "decline",
            "maturity",
            "maturity",
        )
    ]
    + [-1],
    dtype=np.int16,
)
_FEWEST = 2.0
"""Periods that have a slope, unless nothing was spent in them."""

_OWN, _LONGEST = LIMIT_SOURCES.index("own_rhythm"), LIMIT_SOURCES.index("own_longest_gap")


@attrs.frozen(kw_only=True)
class Thresholds:
    """The numbers of a model that every row is held against."""

    patience: float
    min_gaps: float
    grace_days: float
    acquisition_days: float
    acquisition_orders: float
    growth: float
    decline: float
    hold: float


@attrs.frozen(eq=False, kw_only=True)
class Facts:
    """What is known of each account; NaN is unknown."""

    days_since: Floats
    tenure_days: Floats
    order_days: Floats
    gaps: Floats
    gap_high: Floats
    slope: Floats
    slope_low: Floats
    slope_high: Floats
    days_to_end: Floats
    covered_periods: Floats
    step: Floats
    prospect: Bools
    previous: Codes


@attrs.frozen(eq=False)
class Limits:
    """The days of silence that the others of an account's kind allow, and where they are from."""

    days: Floats
    source: NDArray[np.int16]


@attrs.frozen(eq=False)
class Verdict:
    """Stage, rule and limit of each row; -1 and NaN where nothing can be said."""

    stage: NDArray[np.int16]
    rule: NDArray[np.int16]
    limit: Floats
    source: NDArray[np.int16]


def judge(facts: Facts, limits: Limits, at: Thresholds) -> Verdict:
    """Ask the rules in their order; the first that holds gives the stage."""
    limit, source = _limits(facts, limits, at)
    ordered = ~np.isnan(facts.days_since)
    answers = (*_churn(facts, limit, at), *_acquisition(facts, at), *_trend(facts, limit, at))
    past = ordered & _past_acquisition(facts, at)
    asked = (~np.isnan(facts.days_to_end), ordered, ~ordered, ordered, ordered)
    known = (*asked, *(past for _ in RULES[len(asked) :]))
    rule = _first([a & k for a, k in zip(answers, known, strict=True)])
    return Verdict(
        _STAGE_OF_RULE[rule], rule, np.where(ordered, limit, np.nan), np.where(ordered, source, -1)
    )


def _first(answers: Sequence[Bools]) -> NDArray[np.int16]:
    """Give the position of the first rule that holds in each row, -1 where none does."""
    found = np.full(len(answers[0]), -1, dtype=np.int16)
    for k in range(len(answers) - 1, -1, -1):
        found[answers[k]] = k
    return found


def _limits(facts: Facts, others: Limits, at: Thresholds) -> tuple[Floats, NDArray[np.int16]]:
    """Give the days of silence that count as churn: its own rhythm's, else those of its kind."""
    with np.errstate(over="ignore"):  # beyond every float, no silence is long enough
        own = at.patience * facts.gap_high
    told = own > 0.0
    enough = told & (facts.gaps >= at.min_gaps)
    longer = told & ~enough & (own > others.days)
    limit = np.where(enough | longer, own, others.days)
    source = np.where(enough, _OWN, np.where(longer, _LONGEST, others.source)).astype(np.int16)
    with np.errstate(over="ignore"):
        return limit * (1.0 + _shift(facts, "churn", at)), source


def _shift(facts: Facts, stage: str, at: Thresholds) -> Floats:
    """Say how far a threshold moves: towards the stage an account was in, away from the others."""
    was = facts.previous
    shift: Floats = np.where(was == STAGES.index(stage), -at.hold, at.hold)
    return np.where(was < 0, 0.0, shift)


def _churn(facts: Facts, limit: Floats, at: Thresholds) -> tuple[Bools, Bools]:
    past = 0.0 - facts.days_to_end
    over = past > at.grace_days
    # An order after the end shows that the account goes on without the contract.
    ended = over & ~(facts.days_since < past)
    silent = (facts.days_since > limit) & (over | np.isnan(facts.days_to_end))
    return ended, silent


def _acquisition(facts: Facts, at: Thresholds) -> tuple[Bools, Bools, Bools]:
    young = facts.tenure_days < at.acquisition_days
    return facts.prospect, young, facts.order_days < at.acquisition_orders


def _past_acquisition(facts: Facts, at: Thresholds) -> Bools:
    """Say where enough is known to be past acquisition: what is unknown proves nothing."""
    aged = ~np.isnan(facts.tenure_days) | (at.acquisition_days == 0.0)
    often = ~np.isnan(facts.order_days) | (at.acquisition_orders <= 1.0)
    return aged & often


def _trend(facts: Facts, limit: Floats, at: Thresholds) -> tuple[Bools, ...]:
    up = at.growth * (1.0 + _shift(facts, "growth", at))
    down = at.decline * (1.0 + _shift(facts, "decline", at))
    rising = (facts.slope_low > up - at.growth) & (facts.slope >= up)
    falling = (facts.slope_high < at.decline - down) & (facts.slope <= 0.0 - down)
    stepped = (facts.step > 0.0) & (facts.step >= up), (facts.step < 0.0) & (facts.step <= -down)
    grew, fell = (facts.previous == STAGES.index(s) for s in ("growth", "decline"))
    still = (facts.slope > 0.0) & (facts.slope >= up), (facts.slope < 0.0) & (facts.slope <= -down)
    held = grew & still[0], fell & still[1]
    unknown = np.isnan(facts.slope) | np.isnan(facts.slope_low) | np.isnan(facts.slope_high)
    spent_nothing = np.isnan(facts.slope) & (facts.covered_periods >= _FEWEST)
    lost = spent_nothing & ((facts.days_since > limit) | fell)
    told = (rising, falling, *stepped, *held)
    return (*(answer & ~unknown for answer in told), lost, unknown, ~unknown)
