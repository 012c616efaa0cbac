"""Plans of accounts, what tiers ask of them, and where we stand and aim."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from keyaccount.program.plan import AccountPlan, Initiative, PlanGoal, PlanTemplate
from keyaccount.program.plan.template import PLAN_PARTS
from keyaccount.program.positioning import position_levels
from keyaccount.testing.tables import table_of

__all__ = ["account_plans", "account_steps", "plan_templates", "position_books"]

_MONEY = st.sampled_from([None, 0.0, 0.1, 40_000.0])


@st.composite
def account_plans(draw: st.DrawFn, *, accounts: str = "ABC", max_size: int = 3) -> AccountPlan:
    """Draw account plans: goals that nothing serves, initiatives without an owner or a date.

    Parameters
    ----------
    accounts
        The ids there are, one letter each.
    max_size
        How many goals and how many initiatives there are at most; perhaps none.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from hypothesis import given
    >>> @given(account_plans(), plan_templates())
    ... def what_holds_lacks_nothing(plan, template):
    ...     found = plan.check(as_of="2026-09-30", template=template)
    ...     assert not (found.holds & found.lacks.any(axis=1)).any()
    >>> what_holds_lacks_nothing()
    """
    goals = [f"g{i}" for i in range(draw(st.integers(0, max_size)))]
    initiatives = [
        Initiative(
            f"i{i}",
            f"Initiative {i}",
            goal=draw(st.sampled_from(["", *goals])),
            owner=draw(st.sampled_from(["", "li", "wu"])),
            due=draw(st.sampled_from([None, "2026-09-29", "2026-09-30", "2026-12-31"])),
            done=draw(st.booleans()),
            strategic=draw(st.booleans()),
            resources=draw(_MONEY),
        )
        for i in range(draw(st.integers(0, max_size)))
    ]
    return AccountPlan(
        draw(st.sampled_from(accounts)),
        goals=[PlanGoal(code, f"Goal {code}") for code in goals],
        initiatives=initiatives,
        resources=draw(_MONEY),
        expected_return=draw(_MONEY | st.just(-5.0)),
        concession=draw(_MONEY),
    )


@st.composite
def plan_templates(draw: st.DrawFn, *, tier: str = "") -> PlanTemplate:
    """Draw templates of account plans: any parts, with and without figures.

    Parameters
    ----------
    tier
        The tier they are for.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(plan_templates(tier="key"))
    ... def a_template_is_for_its_tier(template):
    ...     assert template.tier == "key"
    >>> a_template_is_for_its_tier()
    """
    least = st.sampled_from([None, 0, 1, 3])
    return PlanTemplate(
        tier,
        needs=draw(st.lists(st.sampled_from(PLAN_PARTS), unique=True)),
        min_goals=draw(least),
        min_initiatives=draw(least),
        min_return=draw(_MONEY),
        concession_limit=draw(_MONEY),
    )


@st.composite
def position_books(draw: st.DrawFn, *, accounts: str = "ABC") -> dict[str, list[Any]]:
    """Draw tables for `keyaccount.positioning`: levels, aims, flags and resources, or gaps.

    Columns: ``account``, ``now``, ``aim``, ``works_on_strategy``, ``is_key``, ``budget``.

    Parameters
    ----------
    accounts
        The ids, one letter each; every account has its row.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from hypothesis import given
    >>> @given(position_books())
    ... def a_strategic_account_may_take_strategic_resources(book):
    ...     found = ka.positioning(book, resources="budget")
    ...     assert not (found.misplaced & (found.standing == 2)).any()
    >>> a_strategic_account_may_take_strategic_resources()
    """
    words = [word for level in position_levels() for word in (level.code, level.name_zh)]
    level, flag = st.sampled_from([*words, None]), st.sampled_from([True, False, None])
    rows = [
        (one, draw(level), draw(level), draw(flag), draw(flag), draw(_MONEY))
        for one in draw(st.permutations(accounts))
    ]
    names = ["account", "now", "aim", "works_on_strategy", "is_key", "budget"]
    return table_of(names, rows)


@st.composite
def account_steps(
    draw: st.DrawFn, *, accounts: str = "ABC", max_size: int = 6
) -> dict[str, list[Any]]:
    """Draw steps of accounts: ``account``, ``strategic`` and ``resources``, gaps among them.

    Parameters
    ----------
    accounts
        The ids there are, one letter each.
    max_size
        How many rows there are at most; perhaps none.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from hypothesis import given
    >>> @given(position_books(), account_steps())
    ... def only_strategic_accounts_misplace_steps(book, steps):
    ...     found = ka.positioning(book, steps=steps)
    ...     assert not (found.misplaced_steps & (found.standing != 2)).any()
    >>> only_strategic_accounts_misplace_steps()
    """
    flag = st.sampled_from([True, False, None])
    row = st.tuples(st.sampled_from([*accounts, None]), flag, _MONEY)
    rows = draw(st.lists(row, max_size=max_size))
    return table_of(["account", "strategic", "resources"], rows)
