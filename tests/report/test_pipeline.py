"""What open deals may bring: sums by stage, the target, and what is certain of it."""

from __future__ import annotations

from datetime import date
from itertools import product
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.cli.target import target_of
from keyaccount.errors import SpecError
from keyaccount.report.pipeline import PipelineFacts, pipeline_facts

DAY = date(2026, 9, 30)


def deals(*rows: tuple[str, str, float, float, str | None]) -> dict[str, Any]:
    """Make open deals: account, stage, amount, chance, the day they are planned for."""
    account, stage, amount, chance, expected = zip(*rows, strict=True) if rows else ((),) * 5
    return {
        "account": np.array(account, dtype=object),
        "stage": np.array(stage, dtype=object),
        "amount": np.array(amount, dtype=np.float64),
        "probability": np.array(chance, dtype=np.float64),
        "expected": np.array([d or "NaT" for d in expected], dtype="datetime64[D]"),
    }


def facts(open_deals: dict[str, Any], **more: Any) -> PipelineFacts:
    """Weigh deals of which account a is key."""
    return pipeline_facts(open_deals, as_of=DAY, key_ids={"a"}, **more)


BOOK = deals(
    ("a", "B", 1_000.0, 0.25, "2026-12-31"),
    ("b", "D", 400.0, 0.75, "2027-01-01"),
    ("a", "B", 200.0, 0.25, None),
    ("b", "E", np.nan, 0.9, "2026-09-29"),
)
SOLD = {
    "amount": np.array([500.0, 70.0, 30.0]),
    "date": np.array(["2026-03-01", "2025-12-31", "2026-09-30"], dtype="datetime64[D]"),
}


def test_sums_stand_by_stage_in_the_order_of_the_funnel() -> None:
    """Amounts, chances and weighted amounts add up by stage; what has no amount is counted."""
    found = facts(BOOK)
    rows = [(s.letter, s.deals, s.amount, s.weighted) for s in found.stages]
    assert rows == [("B", 2, 1_200.0, 300.0), ("D", 1, 400.0, 300.0), ("E", 1, 0.0, 0.0)]
    assert found.total["weighted"] == 600.0
    assert found.on_key == 300.0
    assert found.total["overdue"] == 1
    assert found.reached is None


def test_the_target_counts_what_is_sold_and_what_may_still_close_in_its_period() -> None:
    """Deals planned for after the period do not count; those planned for no day do."""
    target = ka.SalesTarget.by_quarter(1_530.0, 2026)
    found = facts(BOOK, target=target, sold=SOLD)
    assert found.pace is not None
    assert found.pace.total["actual"] == 530.0
    assert found.counts.tolist() == [True, False, True, True]
    assert found.reached == pytest.approx(0.25)  # the deal of 1,000 must be won
    record = found.record()["target"]
    assert (record["from"], record["until"]) == ("2026-01-01", "2026-12-31")
    assert record["deals_counted"] == 3


def test_what_is_reached_already_is_certain() -> None:
    """Where more is sold than asked for, the probability is 1, whatever is open."""
    found = facts(BOOK, target=ka.SalesTarget.by_quarter(530.0, 2026), sold=SOLD)
    assert found.reached == 1.0
    assert facts(deals(), target=ka.SalesTarget.by_quarter(531.0, 2026), sold=SOLD).reached == 0


def test_no_deals_are_no_trouble() -> None:
    """Without open deals there are no stages and nothing is promised."""
    found = facts(deals())
    assert found.stages == ()
    assert found.at_least == {}
    assert found.record()["weighted"] == 0.0


@given(
    st.lists(
        st.tuples(st.integers(1, 50), st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9])),
        min_size=1,
        max_size=6,
    ),
    st.integers(1, 120),
)
def test_the_chance_is_that_of_all_ways_the_deals_may_end(
    rows: list[tuple[int, float]], goal: int
) -> None:
    """The probability of the target is the sum over all endings of the deals that reach it."""
    book = deals(*[("a", "B", float(amount), chance, None) for amount, chance in rows])
    found = facts(book, target=ka.SalesTarget.by_quarter(float(goal), 2026), sold=None)
    endings = product([False, True], repeat=len(rows))
    chance = sum(
        prod(p if won else 1.0 - p for (_, p), won in zip(rows, ending, strict=True))
        for ending in endings
        if sum(a for (a, _), won in zip(rows, ending, strict=True) if won) >= goal
    )
    assert found.reached == pytest.approx(chance, abs=1e-9)


@given(st.permutations(range(4)))
def test_the_order_of_deals_does_not_matter(order: list[int]) -> None:
    """Deals in any order give the same figures."""
    shuffled = {name: column[order] for name, column in BOOK.items()}
    assert facts(shuffled).record() == facts(BOOK).record()


@pytest.mark.parametrize(
    ("period", "first", "last", "phases"),
    [
        (None, "2026-01-01", "2026-12-31", 4),
        ("2027", "2027-01-01", "2027-12-31", 4),
        ("2026-Q3", "2026-07-01", "2026-09-30", 1),
        ("2028-02", "2028-02-01", "2028-02-29", 1),
        ("2026-10-01:2027-03-31", "2026-10-01", "2027-03-31", 1),
    ],
)
def test_a_period_is_a_year_a_quarter_a_month_or_two_days(
    period: str | None, first: str, last: str, phases: int
) -> None:
    """Without a period the target is that of the year of the day."""
    found = target_of(1_000.0, period, "2026-09-30")
    assert found is not None
    assert (str(found.phases[0].start), str(found.phases[-1].end)) == (first, last)
    assert len(found.phases) == phases


@pytest.mark.parametrize(
    ("amount", "period", "as_of", "said"),
    [
        (None, "2026", "2026-09-30", "--target-period"),
        (10.0, None, None, "needs a period"),
        (10.0, "next year", "2026-09-30", "2026-Q3"),
        (10.0, "2026-Q5", "2026-09-30", "must be a year"),
        (10.0, "2026-12-31:2026-01-01", None, "must not lie before start"),
        (0.0, "2026", None, "amount"),
        (float("nan"), "2026", None, "amount"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused(
    amount: float | None, period: str | None, as_of: str | None, said: str
) -> None:
    """An amount without a period, a period without an amount, and what is neither."""
    with pytest.raises(SpecError, match=said):
        _ = target_of(amount, period, as_of)


def test_no_target_is_none() -> None:
    """Who gives no target has none."""
    assert target_of(None, None, None) is None


@pytest.mark.parametrize(
    ("first", "last", "counts"),
    [
        ("2026-10-01", "2026-12-31", [True, False, True, False]),
        ("2026-01-01", "2026-09-30", [False, False, True, True]),  # overdue: it may close today
        ("2027-01-01", "2027-12-31", [False, True, True, False]),
        ("2026-01-01", "2026-08-31", [False, False, False, False]),  # it is over
    ],
)
def test_a_deal_counts_in_the_period_it_is_planned_for(
    first: str, last: str, counts: list[bool]
) -> None:
    """Neither before nor after; one of no known day until the period is over."""
    target = ka.SalesTarget(10.0, [ka.TargetPhase("period", start=first, end=last)])
    assert facts(BOOK, target=target).counts.tolist() == counts


def test_what_the_deals_bring_at_least_is_a_quantile_of_their_sum() -> None:
    """Of one deal at 25 % nothing is sure but 0; a chance below that brings all of it."""
    one = facts(deals(("a", "B", 1_000.0, 0.25, None)))
    assert one.at_least == {0.9: 0.0, 0.5: 0.0, 0.1: 1_000.0}
    sure = facts(deals(("a", "E", 1_000.0, 0.95, None), ("a", "B", 50.0, 0.5, None)))
    assert sure.at_least == {0.9: 1_000.0, 0.5: 1_000.0, 0.1: 1_050.0}


def test_the_weighted_pipeline_held_against_the_target_is_that_of_its_period() -> None:
    """What is planned for later covers nothing of the gap."""
    found = facts(BOOK, target=ka.SalesTarget.by_quarter(1_130.0, 2026), sold=SOLD)
    assert found.pace is not None
    assert found.pace.total["open_weighted"] == 300.0
    assert found.pace.total["coverage"] == 0.5


def test_deals_of_no_known_account_are_the_company_s() -> None:
    """They count towards the target, and are told."""
    lost = {**BOOK, "account": np.array([None, "b", "a", None], dtype=object)}
    found = facts(lost, target=ka.SalesTarget.by_quarter(1_530.0, 2026), sold=SOLD)
    assert found.of_nobody == 2
    assert found.reached == pytest.approx(0.25)
    assert found.on_key == 50.0


@pytest.mark.parametrize(("stage", "chance"), [("E", 0.9), ("C", 0.5), ("A", 0.1)])
def test_a_chance_that_is_met_exactly_is_met(stage: str, chance: float) -> None:
    """A deal of 90 % brings its amount nine times out of ten."""
    found = facts(deals(("a", stage, 1_000.0, chance, None)))
    assert found.at_least[chance] == 1_000.0
    assert all(amount == (1_000.0 if p <= chance else 0.0) for p, amount in found.at_least.items())
