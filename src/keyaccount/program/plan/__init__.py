"""Account plans: goals, resources, initiatives with owner and date, and what they lack."""

from keyaccount.program.plan.account_plan import AccountPlan
from keyaccount.program.plan.check_plans import check_plans
from keyaccount.program.plan.checked import PlanCheck
from keyaccount.program.plan.goal import PlanGoal
from keyaccount.program.plan.initiative import Initiative
from keyaccount.program.plan.template import PlanTemplate, plan_template

__all__ = [
    "AccountPlan",
    "Initiative",
    "PlanCheck",
    "PlanGoal",
    "PlanTemplate",
    "check_plans",
    "plan_template",
]
