"""Account plans: counts by hand, one plan as in a book, templates, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import assert_same_columns

BOOK: dict[str, list[Any]] = {
    "account": ["A", "B", "C", "D"],
    "tier": ["strategic", "other", "other", "lost"],
    "in": [100.0, 0.0, None, 5.0],
    "out": [150.0, 50.0, 10.0, 1.0],
    "given": [12.0, None, 5.0, 9.0],
}
GOALS = {"account": ["A", "A", "A", "B", "Z"], "goal": ["g1", "g2", "g1", "g1", "g1"]}
STEPS: dict[str, list[Any]] = {
    "account": ["A", "A", "A", "B", "B"],
    "goal": ["g1", "g1", "g9", "g2", None],
    "owner": ["li", None, "wu", "li", "li"],
    "due": ["2026-09-29", "2026-09-30", "2026-01-01", None, "2026-01-01"],
    "done": [False, False, True, False, None],
}
TEMPLATES = (
    ka.plan_template("strategic", min_goals=3, min_return=2, concession_limit=10),
    ka.plan_template("other"),
)


def checked(steps: Any = STEPS, goals: Any = GOALS, book: Any = BOOK) -> ka.PlanCheck:
    """Check the small book."""
    return ka.check_plans(
        book,
        goals=goals,
        initiatives=steps,
        templates=TEMPLATES,
        as_of="2026-09-30",
        tier="tier",
        resources="in",
        expected_return="out",
        concession="given",
    )


def test_a_book_worked_by_hand() -> None:
    """Goals once each, what is late on the day, what the tier asks for."""
    found = checked()
    assert found.goals.tolist() == [2, 1, 0, 0]
    assert found.initiatives.tolist() == [3, 2, 0, 0]
    assert found.idle_goals.tolist() == [1, 1, 0, 0]
    assert found.stray.tolist() == [1, 2, 0, 0]
    assert found.unowned.tolist() == [1, 0, 0, 0]
    assert found.undated.tolist() == [0, 1, 0, 0]
    assert found.late.tolist() == [1, 1, 0, 0]
    assert found.done.tolist() == [1, 0, 0, 0]
    assert found.done_share.tolist()[:2] == [1 / 3, 0.0]
    assert np.isnan(found.done_share[2])
    assert found.return_per_resource[0] == 1.5
    assert np.isnan(found.return_per_resource[1])
    assert found.low_return.tolist() == [True, False, False, False]
    assert found.over_limit.tolist() == [True, False, False, False]
    assert found.missing_parts.tolist() == [
        "goals, owners",
        "",
        "goals, initiatives, owners",
        "",
    ]
    assert found.holds.tolist() == [False, False, False, False]
    assert found.row(3)["why"] == "a return of 1 for resources of 5; no template for its tier"
    assert found.row(0)["why"] == (
        "1 initiative without an owner; 1 initiative late; 1 initiative serving no goal; "
        "1 goal that no initiative serves; 2 of 3 goals; the plan lacks owners; "
        "a return of 1.5 for one unit of resources, 2 asked for; "
        "concessions of 12, above the limit of 10"
    )
    assert {f.code for f in found.findings} == {
        "plan_lacks",
        "no_due_date",
        "late",
        "idle_goals",
        "stray",
        "low_return",
        "below_cost",
        "over_limit",
        "no_template",
        "unknown_account",
    }


def test_a_limit_that_is_met_is_kept() -> None:
    """A concession at the limit, a return at the least."""
    book = {"account": ["A"], "tier": ["strategic"], "in": [10], "out": [20], "given": [10]}
    found = checked(book=book)
    assert not found.over_limit.any()
    assert not found.low_return.any()


def plan() -> ka.AccountPlan:
    """Make a plan that holds."""
    return ka.AccountPlan(
        "A",
        goals=[ka.PlanGoal("share", "Share of wallet", target=0.4, unit="share")],
        initiatives=[
            ka.Initiative("visit", "Visit", goal="share", owner="li", due="2026-10-01"),
            ka.Initiative("demo", "Demo", goal="share", owner="wu", due="2026-01-01", done=True),
        ],
        resources=10,
        expected_return=30,
    )


def test_one_plan_is_checked_as_in_a_book() -> None:
    """The spec and the columns agree."""
    template = ka.plan_template("strategic", min_return=3)
    found = plan().check(as_of="2026-09-30", template=template)
    assert found.holds.tolist() == [True]
    assert found.row(0)["why"] == "nothing to say"
    late = plan().check(as_of="2026-10-02", template=template)
    assert late.late.tolist() == [1]
    tables = plan().tables()
    same = ka.check_plans(
        tables["plans"],
        goals=tables["goals"],
        initiatives=tables["initiatives"],
        templates=template,
        as_of="2026-09-30",
        resources="resources",
        expected_return="expected_return",
        concession="concession",
    )
    assert_same_columns(found.columns(), same.columns())


def test_an_empty_plan_lacks_what_its_template_asks_for() -> None:
    """Nothing stated, nothing assumed."""
    found = ka.AccountPlan("A").check(as_of="2026-09-30", template=ka.PlanTemplate())
    assert found.missing_parts.tolist() == [
        "goals, initiatives, owners, due_dates, resources, expected_return"
    ]
    free = ka.AccountPlan("A").check(as_of="2026-09-30", template=ka.PlanTemplate(needs=[]))
    assert free.holds.tolist() == [True]


def test_templates_invent_no_figure() -> None:
    """Every figure of a preset is None until stated."""
    for tier in ("strategic", "important", "other"):
        template = ka.plan_template(tier)
        assert template.tier == tier
        assert template.min_goals is template.min_return is template.concession_limit is None


@given(st.permutations(range(5)), st.permutations(range(5)))
def test_the_order_of_goals_and_initiatives_does_not_matter(a: list[int], b: list[int]) -> None:
    """To the bit."""
    steps = {name: [column[i] for i in a] for name, column in STEPS.items()}
    goals = {name: [column[i] for i in b] for name, column in GOALS.items()}
    assert_same_columns(checked(steps, goals).columns(), checked().columns())


def test_accounts_can_be_split() -> None:
    """Each account's row depends on its own plan."""
    whole = checked().columns()
    for i in range(4):
        one = {name: [column[i]] for name, column in BOOK.items()}
        assert_same_columns(checked(book=one).columns(), {k: v[[i]] for k, v in whole.items()})


def test_a_later_day_is_never_less_late() -> None:
    """Monotone in the day."""
    template = ka.plan_template("other")
    late = [
        plan().check(as_of=day, template=template).late[0]
        for day in ("2026-01-01", "2026-10-01", "2026-10-02", "2027-01-01")
    ]
    assert late == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda: ka.plan_template("vip"), ka.SpecError, "plan_template"),
        (lambda: ka.PlanTemplate(needs=["goal"]), ka.SpecError, "did you mean 'goals'"),
        (lambda: ka.PlanTemplate(min_goals=-1), ka.SpecError, "whole number"),
        (lambda: ka.AccountPlan("A", goals=["x"]), ka.SpecError, "PlanGoal"),
        (
            lambda: ka.AccountPlan("A", initiatives=[ka.Initiative("v", "V", goal="x")]),
            ka.SpecError,
            "goal of 'v'",
        ),
        (lambda: ka.Initiative("v", "V", due="soon"), ka.SpecError, "must be a date"),
        (lambda: plan().check(as_of="x", template=TEMPLATES[0]), ka.SpecError, "date"),
        (lambda: plan().check(as_of="2026-01-01", template="x"), ka.SpecError, "PlanTemplate"),  # type: ignore[arg-type]
        (lambda: checked(book={**BOOK, "in": [-1, 0, 0, 0]}), ka.RowError, "below 0"),
        (lambda: checked(steps={**STEPS, "done": [2] * 5}), ka.RowError, "neither true nor false"),
        (lambda: checked(goals={"account": ["A"]}), ka.ColumnNotFoundError, "goal"),
        (
            lambda: ka.check_plans(
                BOOK, goals=GOALS, initiatives=STEPS, templates=TEMPLATES, as_of="2026-01-01"
            ),
            ka.SpecError,
            "tier",
        ),
        (
            lambda: ka.check_plans(
                BOOK,
                goals=GOALS,
                initiatives=STEPS,
                templates=TEMPLATES * 2,
                as_of="2026-01-01",
                tier="tier",
            ),
            ka.SpecError,
            "different tiers",
        ),
    ],
)
def test_what_cannot_be_is_refused(make: Any, error: type[Exception], said: str) -> None:
    """Typed errors, each with its hint."""
    with pytest.raises(error, match=said) as caught:
        make()
    assert "Hint:" in str(caught.value)


def _one_plan(**given: Any) -> ka.AccountPlan:
    fields: dict[str, Any] = {
        "goals": [ka.PlanGoal("g", "Goal")],
        "initiatives": [ka.Initiative("i", "Do", goal="g", owner="li", due="2026-12-01")],
        "resources": 10.0,
        **given,
    }
    return ka.AccountPlan("A", **fields)


def test_unknown_money_is_not_within_limits() -> None:
    """A least return or a limit without the figure does not hold, and says so."""
    template = ka.plan_template("important", min_return=3.0, concession_limit=0.1)
    found = _one_plan().check(as_of="2026-09-30", template=template)
    assert found.holds.tolist() == [False]
    assert {f.code for f in found.findings} == {"return_unknown", "concession_unknown"}
    assert found.row(0)["why"] == (
        "return or resources not stated, a return of 3 asked for; "
        "concessions not stated, with a limit of 0.1"
    )
    whole = _one_plan(expected_return=30.0, concession=0.1)
    assert whole.check(as_of="2026-09-30", template=template).holds.tolist() == [True]


def test_a_loss_is_a_low_return() -> None:
    """Without resources there is no ratio, and a loss is still below what is asked for."""
    template = ka.plan_template("important", min_return=3.0)
    plan = _one_plan(resources=0.0, expected_return=-5.0)
    found = plan.check(as_of="2026-09-30", template=template)
    assert found.low_return.tolist() == [True]
    assert found.holds.tolist() == [False]
    assert found.row(0)["why"] == "a loss of 5, a return of 3 asked for"
    free = _one_plan(resources=0.0, expected_return=5.0)
    assert free.check(as_of="2026-09-30", template=template).holds.tolist() == [True]


def test_idle_goals_do_not_hold() -> None:
    """A goal that nothing serves breaks a plan whose tier asks for initiatives."""
    stray = [ka.Initiative("i", "Do", owner="li", due="2026-12-01")]
    plan = _one_plan(initiatives=stray)
    found = plan.check(as_of="2026-09-30", template=ka.plan_template("other"))
    assert found.holds.tolist() == [False]
    goals_only = ka.PlanTemplate("x", needs=["goals"])
    assert plan.check(as_of="2026-09-30", template=goals_only).holds.tolist() == [True]


def test_a_least_number_asks_by_itself() -> None:
    """`min_goals` counts although the parts needed do not name goals."""
    template = ka.PlanTemplate("x", needs=["owners"], min_goals=5, min_initiatives=9)
    found = _one_plan().check(as_of="2026-09-30", template=template)
    assert found.missing_parts.tolist() == ["goals, initiatives"]
    assert found.row(0)["why"] == "1 of 5 goals; 1 of 9 initiatives"


def test_gaps_are_told_whatever_the_tier_asks_for() -> None:
    """No plan at all, nobody who does it, no day, less out than in: no template need name them."""
    book = {"account": ["A", "B"], "in": [3_000_000, None], "out": [2_500_000, None]}
    steps: dict[str, list[Any]] = {
        "account": ["A", "A"],
        "goal": ["g", "g"],
        "owner": [None, "li"],
        "due": ["2026-12-01", None],
        "done": [False, False],
    }
    found = ka.check_plans(
        book,
        goals={"account": ["A"], "goal": ["g"]},
        initiatives=steps,
        templates=ka.PlanTemplate(needs=[]),
        as_of="2026-09-30",
        resources="in",
        expected_return="out",
    )
    assert found.holds.tolist() == [True, True]  # nothing was asked for
    assert found.no_plan.tolist() == [False, True]
    assert found.below_cost.tolist() == [True, False]
    assert [(f.code, f.count) for f in found.findings] == [
        ("no_plan", 1),
        ("no_owner", 1),
        ("no_due_date", 1),
        ("below_cost", 1),
    ]
    assert found.row(0)["why"] == (
        "1 initiative without an owner; 1 initiative without a date; "
        "a return of 2,500,000 for resources of 3,000,000"
    )
    assert found.row(1)["why"] == "there is no plan"


def test_appraisal_shares_go_by_the_roles_of_the_programme() -> None:
    """The iron triangle's roles, and the steps of the main process, as a company shares them."""
    roles = [role.code for role in ka.iron_triangle()]
    process = ka.account_process()
    shares = ka.AppraisalShares({"plan": {"AR": 0.6, "SR": 0.4}, "produce_value": {"FR": 1}})
    assert set(shares.roles) <= set(roles)
    assert list(shares.columns(process)) == ["stage", "AR", "SR", "FR"]
    assert shares.of("plan", roles[0]) == 0.6


def test_a_template_without_a_tier_is_for_all_others() -> None:
    """Tiers that have no template of their own, and accounts without a tier."""
    book = {"account": list("ABC"), "tier": ["key", "small", None]}
    none: dict[str, list[Any]] = {"account": [], "goal": []}
    steps: dict[str, list[Any]] = {**none, "owner": [], "due": [], "done": []}
    key, other = ka.PlanTemplate("key", needs=["goals"]), ka.PlanTemplate(needs=["owners"])
    options: dict[str, Any] = {"goals": none, "initiatives": steps, "as_of": "2026-09-30"}
    found = ka.check_plans(book, templates=[key, other], tier="tier", **options)
    assert found.missing_parts.tolist() == ["goals", "owners", "owners"]
    assert found.has_template.all()
    lone = ka.check_plans(
        book, templates=[key, ka.PlanTemplate("kee", needs=[])], tier="tier", **options
    )
    assert lone.has_template.tolist() == [True, False, False]
    told = next(f for f in lone.findings if f.code == "unknown_tier")
    assert told.examples == ("kee",)


def test_breaking_even_is_no_loss() -> None:
    """As much out as in."""
    template = ka.PlanTemplate(needs=[])
    even = _one_plan(resources=10.0, expected_return=10.0)
    assert not even.check(as_of="2026-09-30", template=template).below_cost.any()
    less = _one_plan(resources=10.0, expected_return=9.0)
    assert less.check(as_of="2026-09-30", template=template).below_cost.all()


def test_one_table_may_hold_goals_and_initiatives() -> None:
    """A row without an initiative is a goal that nothing serves, and no initiative."""
    table: dict[str, list[Any]] = {
        "account": ["A", "A", "A", "B", "B"],
        "goal": ["g1", "g2", "g3", "g1", None],
        "step": ["pilot", None, " - ", "visit", "train"],
        "owner": ["li", None, None, "TBD", "待定"],
        "due": ["2026-12-01", None, None, "2026-12-01", "2026-12-01"],
        "done": [False, None, None, False, False],
    }
    asked: dict[str, Any] = {
        "goals": table,
        "initiatives": table,
        "templates": ka.plan_template("other"),
        "as_of": "2026-09-30",
    }
    found = ka.check_plans({"account": ["A", "B"]}, initiative="step", **asked)
    assert found.goals.tolist() == [3, 1]
    assert found.initiatives.tolist() == [1, 2]
    assert found.idle_goals.tolist() == [2, 0]
    assert found.unowned.tolist() == [0, 2]
    assert found.undated.tolist() == [0, 0]
    assert found.stray.tolist() == [0, 1]
    told = next(f for f in found.findings if f.code == "nobody")
    assert (told.count, told.where) == (2, "owner")
    every = ka.check_plans({"account": ["A", "B"]}, **asked)
    assert every.initiatives.tolist() == [3, 2]
    assert every.idle_goals.tolist() == [0, 0]
