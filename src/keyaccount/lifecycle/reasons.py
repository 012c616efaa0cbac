"""Why an account is in its stage, in words with the numbers that decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs

__all__ = ["NUMBERS", "Judged", "reason"]

NUMBERS: Final = (
    "days_since",
    "tenure_days",
    "order_days",
    "gaps",
    "gap_high",
    "slope",
    "slope_low",
    "slope_high",
    "days_to_end",
)
"""The facts that a reason may speak of."""


@attrs.frozen(kw_only=True)
class Judged:
    """One account with everything its reason speaks of."""

    rule: str | None
    limit: float
    source: str | None
    patience: float
    moved: float
    acquisition_days: float
    acquisition_orders: int
    days_since: float
    tenure_days: float
    order_days: float
    gaps: float
    gap_high: float
    slope: float
    slope_low: float
    slope_high: float
    days_to_end: float


def reason(account: Judged) -> str:
    """Say what decided."""
    say = None if account.rule is None else _WORDS[account.rule]
    return "no orders are known" if say is None else say(account)


def _ended(account: Judged) -> str:
    return f"its contract ended {-account.days_to_end:g} days ago, and no order came since"


def _silent(account: Judged) -> str:
    said = f"silent for {account.days_since:g} days; counts as churn beyond {account.limit:g}"
    moved = f", moved by {account.moved:+.0%} to hold its stage" if account.moved else ""
    return f"{said}: {_rhythm(account)}{moved}"


def _rhythm(account: Judged) -> str:
    times = f"{account.patience:g} times"
    high, gaps = f"{account.gap_high:g}", f"{account.gaps:g}"
    return {
        "own_rhythm": f"{times} the high gap of {high} days of its own {gaps}",
        "own_longest_gap": f"{times} {high} days, a high gap of its own {gaps}",
        "group": f"{times} a high gap of its group",
        "pool": f"{times} a high gap of all accounts",
        "default": "the default, as nothing was learned",
    }[str(account.source)]


def _prospect(_: Judged) -> str:
    return "a prospect without orders, being won"


def _young(account: Judged) -> str:
    days = f"{account.tenure_days:g} days ago"
    return f"its first order was {days}, and acquisition lasts {account.acquisition_days:g}"


def _few_orders(account: Judged) -> str:
    days = "1 day" if account.order_days == 1.0 else f"{account.order_days:g} days"
    return f"ordered on {days}, and acquisition lasts until {account.acquisition_orders}"


def _rising(account: Judged) -> str:
    return f"spend rises by {account.slope:.1%} of the typical one per period{_interval(account)}"


def _falling(account: Judged) -> str:
    return f"spend falls by {-account.slope:.1%} of the typical one per period{_interval(account)}"


def _steady(account: Judged) -> str:
    return f"spend shows no trend that matters: {account.slope:+.1%} per period{_interval(account)}"


def _no_trend(_: Judged) -> str:
    return "past acquisition, with too few periods to tell a trend"


def _interval(account: Judged) -> str:
    return f" ({account.slope_low:+.1%} to {account.slope_high:+.1%})"


_WORDS: Final[dict[str, Callable[[Judged], str]]] = {
    "contract_ended": _ended,
    "silent": _silent,
    "prospect": _prospect,
    "young": _young,
    "few_orders": _few_orders,
    "rising": _rising,
    "falling": _falling,
    "no_trend": _no_trend,
    "steady": _steady,
}
