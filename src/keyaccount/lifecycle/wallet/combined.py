"""`combined_potential`: one column of potential, from the budget first and from orders second."""

from __future__ import annotations

from typing import Any

import numpy as np

from keyaccount._columns import common_length
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, counted
from keyaccount.lifecycle.buying.potential import OrderPotential
from keyaccount.lifecycle.wallet.potential import Potential

__all__ = ["combined_potential"]


def combined_potential(wallet: Potential, orders: OrderPotential) -> Potential:
    """Take each account's potential from its budget, and from its orders where that is unknown.

    The two answer different questions, what is there to win and what comes if nothing changes, and
    are never added up: `source` says for each account which one it is.

    Parameters
    ----------
    wallet
        What `wallet_potential` gives.
    orders
        What `order_potential` gives, of the same accounts in the same order, over as many years.

    Returns
    -------
    Potential
        Aligned with the input by position; row-wise. Source ``"orders"`` where the budget tells
        nothing; headroom and opportunities are NaN there. None where neither is known.

    Raises
    ------
    SpecError
        One of them is something else, or they look differently far ahead.
    ColumnError
        They differ in length.

    Examples
    --------
    >>> import keyaccount as ka
    >>> wallet = ka.wallet_potential([1_000_000, None], 0.4, 0.25)
    >>> orders = ka.order_potential(
    ...     ka.BetaGeometricNBD(r=0.243, alpha=4.414, a=0.793, b=2.426, time_unit="week"),
    ...     ka.GammaGamma(p=6.25, q=3.74, v=15.44),
    ...     *([2, 2], [30.43, 30.43], [38.86, 38.86], [22.35, 22.35]),
    ... )
    >>> found = ka.combined_potential(wallet, orders)
    >>> found.value.round(2), found.source
    (array([4.500e+05, 8.781e+01]), array(['wallet (stated budget)', 'orders'], dtype=object))
    """
    _refuse(wallet, orders)
    _ = common_length({"wallet": wallet.value, "orders": orders.potential})
    first = np.isfinite(wallet.value)
    second = ~first & np.isfinite(orders.potential)
    pairs = ((wallet.low, orders.low), (wallet.value, orders.potential), (wallet.high, orders.high))
    low, value, high = (np.where(first, w, np.where(second, o, np.nan)) + 0.0 for w, o in pairs)
    source = wallet.source.copy()
    source[second] = orders.source
    told = (*wallet.findings, *orders.findings)
    n = int(np.count_nonzero(second))
    said = f"the potential of {counted(n, 'account')} is from orders: no budget tells it"
    return Potential(
        bounds=(low, value, high),
        headroom=np.where(first, wallet.headroom, np.nan),
        opportunities=np.where(first, wallet.opportunities, np.nan),
        years=wallet.years,
        source=source,
        findings=(*told, Finding(code="from_orders", message=said, count=n)) if n else told,
    )


def _refuse(wallet: Any, orders: Any) -> None:
    for name, value, wanted in (("wallet", wallet, Potential), ("orders", orders, OrderPotential)):
        if not isinstance(value, wanted):
            rule, hint = f"must be a {wanted.__name__}", "give wallet_potential, order_potential."
            raise SpecError.from_field(f"combined_potential({name})", rule, value, hint)
    if wallet.years != orders.years:
        rule = f"must look {wallet.years:g} years ahead, as the wallet does"
        hint = "give both the same years=."
        raise SpecError.from_field("combined_potential(orders)", rule, orders.years, hint)
