"""One playbook with many parts, and a book that it learns from."""

from __future__ import annotations

from typing import Any

import pytest

import keyaccount as ka


@pytest.fixture
def playbook() -> ka.Playbook:
    """Make a playbook with a part of nearly every room, none of them fitted."""
    scorer = ka.CompositeScorer(
        criteria=(
            ka.Criterion("sales", column="sales", value=ka.Percentile()),
            ka.Criterion("rating", column="showcase", value=ka.Linear(1, 5), missing="neutral"),
            ka.Criterion(
                "reach", column="reach", value=ka.ByGroup({"a": ka.Log(1, 9)}, pool=ka.Linear(0, 9))
            ),
        ),
        weights={"sales": 0.5, "rating": 0.3, "reach": 0.2},
        group="industry",
        min_group=1,
    )
    return ka.Playbook(
        "north",
        "2026.3",
        author="Li Wei",
        valid_from="2026-10-01",
        note="大客户",
        scorer=scorer,
        selection=ka.SelectionPolicy(ka.TopShare(0.2) & ka.AtLeast(0.3), hold=0.03, max_changes=2),
        inference=ka.experience_inference(),
        segmenters={
            "pcv": ka.pcv(),
            "rfm": ka.Rfm(cuts=ka.MedianCut(), min_group=1),
            "cascade": ka.Cascade(),
            "loyalty": ka.loyalty(),
        },
        funnel=ka.opportunity_funnel(),
        stall=ka.StallRule(),
        categories=ka.Categories(),
        appraisal=ka.AppraisalShares([("A", "sales", 0.7), ("A", "presales", 0.3)]),
        lifecycle=ka.LifecycleModel(min_group=1),
        budgets=ka.BudgetRegression(["staff"]),
        program=ka.ProgramRules(
            roles=ka.iron_triangle(),
            buyer_roles=ka.buyer_roles(),
            levels=ka.position_levels(),
            strategic=ka.StrategicRule(from_level="business_partner"),
            information=ka.information_map(),
            plans=[ka.plan_template("strategic", min_return=2, concession_limit=0.1)],
            tasks=ka.core_tasks(),
            channels=ka.upkeep_channels(),
            upkeep={"strategic": 14, "other": {"visit": 60, "phone": 14}},
            meetings=[ka.Rhythm(30, role="decision_maker")],
            symptoms=ka.weak_programme_symptoms(),
        ),
        review=ka.ReviewRules(limits={"thin_bench": 0.3}),
    )


@pytest.fixture
def book() -> dict[str, Any]:
    """Make a book with the columns that the scorer and the RFM learn from."""
    return {
        "id": ["A", "B", "C"],
        "industry": ["a", "b", "a"],
        "sales": [1.0, 5.0, 3.0],
        "showcase": [2, None, 5],
        "reach": [1, 2, 3],
        "days_since": [10, 20, 30],
        "count": [1, 2, 3],
        "total": [5.0, 50.0, 500.0],
    }
