"""Why an account is in its stage, in words with the numbers that decided."""

from __future__ import annotations

import math
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
    "covered_periods",
    "step",
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
    growth: float
    decline: float
    days_since: float
    tenure_days: float
    order_days: float
    gaps: float
    gap_high: float
    slope: float
    slope_low: float
    slope_high: float
    days_to_end: float
    covered_periods: float
    step: float


def reason(account: Judged) -> str:
    """Say what decided."""
    say = None if account.rule is None else _WORDS[account.rule]
    return _unknown(account) if say is None else say(account)


def _unknown(account: Judged) -> str:
    if math.isnan(account.days_since):
        return "no orders are known"
    what = {"tenure": account.tenure_days, "order days": account.order_days}
    names = " and ".join(name for name, value in what.items() if math.isnan(value))
    return f"whether it is past acquisition is unknown: its {names} are not known"


def _days(number: float) -> str:
    return "1 day" if number == 1.0 else f"{number:g} days"


def _ended(account: Judged) -> str:
    when = "today" if account.days_to_end == 0.0 else f"{_days(-account.days_to_end)} ago"
    return f"its contract ended {when}, and no order came since"


def _silent(account: Judged) -> str:
    said = f"silent for {_days(account.days_since)}; counts as churn beyond {account.limit:g}"
    moved = f", moved by {account.moved:+.0%} to hold its stage" if account.moved else ""
    return f"{said}: {_rhythm(account)}{moved}"


def _rhythm(account: Judged) -> str:
    times = f"{account.patience:g} times"
    high, gaps = _days(account.gap_high), f"{account.gaps:g}"
    return {
        "own_rhythm": f"{times} the high gap of {high} of its own {gaps}",
        "own_longest_gap": f"{times} {high}, a high gap of its own {gaps}",
        "group": f"{times} a high gap of its group",
        "pool": f"{times} a high gap of all accounts",
        "default": "the default, as nothing was learned",
    }[str(account.source)]


def _prospect(_: Judged) -> str:
    return "a prospect without orders, being won"


def _young(account: Judged) -> str:
    days = f"{_days(account.tenure_days)} ago"
    return f"its first order was {days}, and acquisition lasts {account.acquisition_days:g}"


def _few_orders(account: Judged) -> str:
    said = f"ordered on {_days(account.order_days)}"
    return f"{said}, and acquisition lasts until {account.acquisition_orders}"


def _rising(account: Judged) -> str:
    return f"spend rises by {account.slope:.1%} of the typical one per period{_interval(account)}"


def _falling(account: Judged) -> str:
    return f"spend falls by {-account.slope:.1%} of the typical one per period{_interval(account)}"


def _steady(account: Judged) -> str:
    return f"spend shows no trend that matters: {account.slope:+.1%} per period{_interval(account)}"


def _step(account: Judged) -> str:
    side = "above" if account.step > 0.0 else "below"
    size = f"a step of {account.step:+.1%} of the typical spend per period"
    return f"every period of the later half is {side} every one of the earlier half: {size}"


def _held(account: Judged) -> str:
    grew = account.rule == "growth_held"
    stage, still = ("growth", "rises") if grew else ("decline", "falls")
    least = account.growth if grew else account.decline
    slope = f"{abs(account.slope):.1%} of the typical one per period{_interval(account)}"
    return f"it was in {stage}, and spend still {still} by {slope}; {least:.1%} keeps it there"


def _no_spend(account: Judged) -> str:
    periods = f"the last {account.covered_periods:g} periods"
    return f"no spend is left in {periods}: silent for {_days(account.days_since)}, and not ended"


def _no_trend(account: Judged) -> str:
    if math.isnan(account.slope) and account.covered_periods > 1.0:
        return f"past acquisition, with no spend in the last {account.covered_periods:g} periods"
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
    "stepped_up": _step,
    "stepped_down": _step,
    "growth_held": _held,
    "decline_held": _held,
    "no_spend": _no_spend,
    "no_trend": _no_trend,
    "steady": _steady,
}
