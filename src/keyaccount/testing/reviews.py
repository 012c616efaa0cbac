"""Strategies for quarters, pairs of them, and the rules of a review."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from keyaccount.evaluation.check import ReviewCheck
from keyaccount.evaluation.quarter import Quarter
from keyaccount.evaluation.rules import ReviewRules
from keyaccount.evaluation.sign import Measure, ReviewSign
from keyaccount.scoring.composite import Aggregate
from keyaccount.scoring.selection import AtLeast, Override, SelectionPolicy, TopCount, TopShare
from keyaccount.testing.scorers import AGGREGATES, scorers

__all__ = ["quarter_pairs", "quarters", "review_rules", "review_signs"]

_COLUMNS = ("sales", "people", "late", "wins", "losses")
_DAYS = ("2026-06-30", "2026-09-30")
_ABOUT = ("coverage", "plan", "tasks", "get_in", "grow", "retain")
_WINDOWS: tuple[dict[str, int], ...] = ({}, {"sales": 3}, {"sales": 24, "wins": 3})
_STAGES = ("growth", "maturity", "decline", "churn")
_MEASURES: tuple[Measure, ...] = ("value", "before", "change", "growth", "worth")
_NUMBERS = st.integers(0, 6).map(float) | st.sampled_from([float("nan"), float("inf"), -1.5])


@st.composite
def review_signs(draw: st.DrawFn) -> ReviewSign:
    """Draw signs: numbers within limits, growth, worths, states.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(review_signs())
    ... def a_sign_asks_for_limits_or_states(sign):
    ...     assert sign.asked()
    >>> a_sign_asks_for_limits_or_states()
    """
    if draw(st.booleans()):
        states = st.lists(st.sampled_from(_STAGES), min_size=1, max_size=2, unique=True)
        when = draw(st.sampled_from(_MEASURES[:2]))
        return ReviewSign("lifecycle_stage", of=when, states=draw(states))
    of = draw(st.sampled_from(_MEASURES))
    column = "a" if of == "worth" else draw(st.sampled_from(_COLUMNS))
    low, high = sorted(draw(st.sets(st.integers(-2, 6), min_size=2, max_size=2)))
    limits = draw(st.sampled_from([{"at_least": low}, {"below": high}, {}]))
    return ReviewSign(column, of=of, **(limits or {"at_least": low, "below": high}))


@st.composite
def review_rules(draw: st.DrawFn) -> ReviewRules:
    """Draw rules of a review, with checks of their own.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(review_rules())
    ... def every_check_has_a_code_of_its_own(rules):
    ...     assert len({check.code for check in rules.checks}) == len(rules.checks)
    >>> every_check_has_a_code_of_its_own()
    """
    checks = [
        ReviewCheck(
            f"c{i}",
            about=draw(st.sampled_from(_ABOUT)),
            signs=draw(st.lists(review_signs(), min_size=1, max_size=2)),
            name=f"check {i}",
        )
        for i in range(draw(st.integers(0, 4)))
    ]
    return ReviewRules(
        checks=checks,
        stars=draw(st.sampled_from([None, 1, 2])),
        limits=draw(st.sampled_from([{}, {"thin_bench": 0.3}])),
        watch_fall=draw(st.sampled_from([0.0, 0.05, 1.0])),
        money=draw(st.sampled_from(["sales", "wins"])),
    )


@st.composite
def quarters(
    draw: st.DrawFn,
    *,
    as_of: str = _DAYS[1],
    incumbents: Any = None,
    aggregates: tuple[Aggregate, ...] = AGGREGATES,
    max_accounts: int = 8,
) -> Quarter:
    """Draw quarters: accounts with gaps, any scorer without groups, overrides, a policy, windows.

    Parameters
    ----------
    as_of
        The day.
    incumbents
        Who was key before.
    aggregates
        How worths come together.
    max_accounts
        How many accounts there are at most.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> @settings(deadline=None, max_examples=20)
    ... @given(quarters())
    ... def every_account_has_a_seat_or_none(quarter):
    ...     assert len(quarter.selection) == len(quarter)
    >>> every_account_has_a_seat_or_none()
    """
    ids = draw(st.lists(st.integers(0, 2 * max_accounts), unique=True, max_size=max_accounts))
    names = [f"A{i}" for i in ids]
    scorer = draw(scorers(aggregates=list(aggregates), max_criteria=3))
    numbers = {
        name: [draw(_NUMBERS) for _ in ids] for name in dict.fromkeys([*scorer.reads, *_COLUMNS])
    }
    labels = {
        "lifecycle_stage": [draw(st.none() | st.sampled_from(_STAGES)) for _ in ids],
        "owner": [draw(st.sampled_from(["li", "wu", None])) for _ in ids],
    }
    out = [
        Override(name, include=False, reason="left", approved_by="VP")
        for name in names
        if draw(st.integers(0, 5)) == 0
    ]
    rule = draw(st.sampled_from([TopShare(0.5), TopCount(2), AtLeast(0.3)]))
    policy = SelectionPolicy(rule, hold=draw(st.sampled_from([0.0, 0.1])))
    return Quarter(
        {"id": names, **numbers, **labels},
        scorer,
        policy=policy,
        as_of=as_of,
        overrides=out,
        incumbents=incumbents,
        trailing=draw(st.sampled_from(_WINDOWS)),
    )


@st.composite
def quarter_pairs(
    draw: st.DrawFn, *, aggregates: tuple[Aggregate, ...] = AGGREGATES
) -> tuple[Quarter, Quarter]:
    """Draw two quarters that share some accounts, the earlier one's key accounts incumbent.

    Parameters
    ----------
    aggregates
        How worths come together.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from hypothesis import given, settings
    >>> @settings(deadline=None, max_examples=20)
    ... @given(quarter_pairs())
    ... def every_account_is_reviewed(pair):
    ...     assert len(ka.review(*pair)) >= len(pair[1])
    >>> every_account_is_reviewed()
    """
    before = draw(quarters(as_of=_DAYS[0], aggregates=aggregates))
    after = draw(quarters(incumbents=before.selection, aggregates=aggregates))
    return before, after
