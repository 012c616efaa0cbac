"""`AccountPlan`: goals, resources and initiatives for one account."""

from __future__ import annotations

from typing import Any

import attrs

from keyaccount._validators import (
    exact_tuple,
    field_name,
    finite,
    not_negative,
    optional,
    optional_float,
    text,
)
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.program.plan.check_plans import check_plans
from keyaccount.program.plan.checked import PlanCheck
from keyaccount.program.plan.goal import PlanGoal
from keyaccount.program.plan.initiative import Initiative
from keyaccount.program.plan.template import PlanTemplate
from keyaccount.program.term import has_unique_codes

__all__ = ["AccountPlan"]


def _serve_goals(instance: Any, attribute: Any, value: Any) -> None:
    codes = [goal.code for goal in instance.goals]
    for one in value:
        if one.goal and one.goal not in codes:
            name = f"{field_name(instance, attribute)}: goal of {one.code!r}"
            raise SpecError.from_choice(name, one.goal, codes)


@attrs.frozen
class AccountPlan(Spec):
    """The plan of one account (客户规划): goals, resources, initiatives, owners, dates.

    Parameters
    ----------
    account
        Id of the account.
    goals, initiatives
        What is to be reached, and what is done towards it.
    resources, expected_return
        What goes in and what should come out, in the same unit; None: not stated.
    concession
        What is conceded to the account; None: not stated.

    Raises
    ------
    SpecError
        A field is not what it should be, or an initiative serves a goal that is not there.

    Examples
    --------
    >>> import keyaccount as ka
    >>> plan = ka.AccountPlan(
    ...     "A-17",
    ...     goals=[ka.PlanGoal("share", "Share of wallet", target=0.4)],
    ...     initiatives=[ka.Initiative("visit", "Visit", goal="share", due="2026-09-01")],
    ... )
    >>> print(plan.check(as_of="2026-09-30", template=ka.plan_template("other")).row(0)["why"])
    1 initiative without an owner; 1 initiative late; the plan lacks owners
    """

    account: str = attrs.field(validator=text)
    goals: tuple[PlanGoal, ...] = attrs.field(
        default=(), kw_only=True, converter=exact_tuple, validator=has_unique_codes(PlanGoal)
    )
    initiatives: tuple[Initiative, ...] = attrs.field(
        default=(),
        kw_only=True,
        converter=exact_tuple,
        validator=[has_unique_codes(Initiative), _serve_goals],
    )
    resources: float | None = attrs.field(
        default=None, kw_only=True, converter=optional_float, validator=optional(not_negative)
    )
    expected_return: float | None = attrs.field(
        default=None, kw_only=True, converter=optional_float, validator=optional(finite)
    )
    concession: float | None = attrs.field(
        default=None, kw_only=True, converter=optional_float, validator=optional(not_negative)
    )

    def check(self, *, as_of: Any, template: PlanTemplate) -> PlanCheck:
        """Hold the plan against a template, as `check_plans` does for a whole book.

        Parameters
        ----------
        as_of
            The day on which what is open and due before is late.
        template
            What the plan must hold.

        Returns
        -------
        PlanCheck
            One row.

        Raises
        ------
        SpecError
            The day or the template is none.
        """
        tables = self.tables()
        return check_plans(
            tables["plans"],
            goals=tables["goals"],
            initiatives=tables["initiatives"],
            templates=template,
            as_of=as_of,
            resources="resources",
            expected_return="expected_return",
            concession="concession",
        )

    def tables(self) -> dict[str, dict[str, list[Any]]]:
        """Return the plan as the tables of `check_plans`: plans, goals, initiatives.

        The initiatives are also the steps of `positioning`.

        Returns
        -------
        dict
            Tables by name, each a dict of columns.
        """
        figures = ("resources", "expected_return", "concession")
        return {
            "plans": {
                "account": [self.account],
                **{name: [getattr(self, name)] for name in figures},
            },
            "goals": {
                "account": [self.account] * len(self.goals),
                "goal": [goal.code for goal in self.goals],
            },
            "initiatives": {
                "account": [self.account] * len(self.initiatives),
                **{
                    name: [getattr(one, name) for one in self.initiatives]
                    for name in ("goal", "owner", "due", "done", "strategic", "resources")
                },
            },
        }
