"""Weights of the four criteria of composite scoring, by the state of the market."""

from __future__ import annotations

from typing import Literal, TypeAlias

from keyaccount.errors import SpecError
from keyaccount.scoring.weights.weights import Weights

MarketState: TypeAlias = Literal["new", "steady_growth", "saturated"]
"""The state of a market, which decides the criteria that lead."""

_STATE = "market_weights(state)"
CRITERIA = ("sales", "potential", "showcase", "win_and_deliver")
LEADING, OTHER = 0.35, 0.15

_LEADING_PAIRS: dict[MarketState, tuple[str, str]] = {
    "new": ("showcase", "potential"),
    "steady_growth": ("sales", "potential"),
    "saturated": ("win_and_deliver", "sales"),
}


def market_weights(state: MarketState) -> Weights:
    """Return the weights of the four criteria that fit the state of the market.

    Parameters
    ----------
    state
        ``"new"``: the market is entered and benchmarks are set; showcase and potential lead.
        ``"steady_growth"``: the base is held and new customers are won; sales and potential lead.
        ``"saturated"``: share is held and profit made; win_and_deliver and sales lead.

    Returns
    -------
    Weights
        Of ``sales``, ``potential``, ``showcase`` and ``win_and_deliver``, in this order.

    Raises
    ------
    SpecError
        If the state is none of the three.

    Notes
    -----
    The method (composite scoring of key accounts, 综合评分法) says which pair of criteria leads in
    which market and gives no figures. The figures are a choice of this library: 0.35 for each of
    the leading pair, 0.15 for each of the others. State your own as `Weights` where you know
    better.

    Examples
    --------
    >>> import keyaccount as ka
    >>> dict(ka.market_weights("steady_growth"))
    {'sales': 0.35, 'potential': 0.35, 'showcase': 0.15, 'win_and_deliver': 0.15}
    """
    states = tuple(_LEADING_PAIRS)
    if state not in states:
        raise SpecError.from_choice(_STATE, state, states)
    leading = _LEADING_PAIRS[state]
    return Weights((name, LEADING if name in leading else OTHER) for name in CRITERIA)
