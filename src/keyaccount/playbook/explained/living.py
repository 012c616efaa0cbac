"""How each account is doing: its stage of life, and budgets nobody stated."""

from __future__ import annotations

from keyaccount.lifecycle.model import LifecycleModel
from keyaccount.lifecycle.wallet import BudgetRegression
from keyaccount.playbook.explained.words import Lines, by_group, listed, number, percent

__all__ = ["budget_lines", "lifecycle_lines"]


def lifecycle_lines(spec: LifecycleModel) -> Lines:
    """Say when an account is lost, new, growing or declining."""
    if spec.hiatus_days is None:
        limit = f"{number(spec.default_days)} days, until the rhythm of its kind is learned"
    else:
        limit = f"days by its kind: {by_group(spec.hiatus_days, number)}"
    return [
        (
            f"Lost: silent for more than {number(spec.patience)} times its usual longest gap; with "
            f"fewer than {spec.min_gaps} gaps, for {limit}."
        ),
        f"Under contract: lost {number(spec.grace_days)} days after its end.",
        (
            f"New: until it ordered on {spec.acquisition_orders} days and the first is "
            f"{number(spec.acquisition_days)} days ago."
        ),
        (
            f"Growing or declining: its spend rises by {percent(spec.growth)} or falls by "
            f"{percent(spec.decline)} of what is typical, each period, or more."
        ),
    ]


def budget_lines(spec: BudgetRegression) -> Lines:
    """Say what budgets nobody stated are taken from."""
    low, best, high = map(percent, spec.quantiles)
    said = (
        f"Budgets are estimated from {listed(spec.alike)}: {low}, {best} and {high} of all stated "
        f"ones ({spec.budget!r}) lie below."
    )
    learned = f"Learned from {spec.basis:,} stated budgets."
    return [said, learned if spec.is_fitted else "Nothing was learned yet."]
