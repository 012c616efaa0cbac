"""One column of potential from two sources."""

from __future__ import annotations

import math

import numpy as np
import pytest

import keyaccount as ka

BUYING = ka.BetaGeometricNBD(r=0.243, alpha=4.414, a=0.793, b=2.426, time_unit="week")
SPEND = ka.GammaGamma(p=6.25, q=3.74, v=15.44)


def orders(n: int = 3, years: float = 3.0) -> ka.OrderPotential:
    """Give accounts that are alike but the last, of which nothing is known."""
    last = [math.nan]
    columns = ([v] * (n - 1) + last for v in (2.0, 30.43, 38.86, 22.35))
    return ka.order_potential(BUYING, SPEND, *columns, years=years)


def test_the_wallet_comes_first_and_orders_second() -> None:
    """Each account says which it is; what neither knows is unknown."""
    wallet = ka.wallet_potential([1_000_000, None, None], 0.4, 0.25, opportunities=[5, 0, 0])
    found = ka.combined_potential(wallet, orders())
    assert found.source.tolist() == ["wallet (stated budget)", "orders", None]
    assert found.value[0] == pytest.approx(450_005)
    assert found.value[1] == orders().potential[1]
    assert np.isnan(found.value[2])
    assert (found.low[1], found.high[1]) == (orders().low[1], orders().high[1])
    assert np.isnan(found.headroom[1])
    assert "from_orders" in [f.code for f in found.findings]
    assert orders().columns()["potential_source"].tolist() == ["orders", "orders", None]


def test_what_does_not_belong_together_is_refused() -> None:
    """Another length, another horizon, the wrong way round."""
    wallet = ka.wallet_potential([1_000_000, None, None], 0.4, 0.25)
    with pytest.raises(ka.ColumnError, match="differ in length"):
        ka.combined_potential(wallet, orders(2))
    with pytest.raises(ka.SpecError, match="3 years ahead"):
        ka.combined_potential(wallet, orders(years=1))
    with pytest.raises(ka.SpecError, match="must be a Potential"):
        ka.combined_potential(orders(), wallet)  # type: ignore[arg-type]
