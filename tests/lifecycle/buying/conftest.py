"""Customers who behave as the models say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

Columns = dict[str, Any]


def simulated_customer(
    rng: np.random.Generator, model: str, p: tuple[float, ...], age: float, ahead: float
) -> tuple[int, float, int]:
    """Draw one customer: repeat orders by `age`, the time of the last, orders after it."""
    rate = rng.gamma(p[0], 1.0 / p[1])
    leaves = rng.beta(p[2], p[3]) if model != "pareto" else 0.0
    death = rng.exponential(1.0 / rng.gamma(p[2], 1.0 / p[3])) if model == "pareto" else np.inf
    now, last, count, later = 0.0, 0.0, 0, 0
    if model == "mbg" and rng.random() < leaves:
        return 0, 0.0, 0
    while True:
        now += rng.exponential(1.0 / rate) if rate > 0.0 else np.inf
        if now > min(age + ahead, death):
            return count, last, later
        if now <= age:
            count, last = count + 1, now
        else:
            later += 1
        if rng.random() < leaves:
            return count, last, later


def simulated(
    model: str, p: tuple[float, ...], n: int, *, seed: int, age: float = 40.0, ahead: float = 0.0
) -> Columns:
    """Draw a book of customers whose first orders spread over a third of the time."""
    rng = np.random.default_rng(seed)
    ages = age - np.round(rng.random(n) * age / 3.0, 1)
    rows = [simulated_customer(rng, model, p, t, ahead) for t in ages]
    x, tx, later = (np.array(c, dtype=np.float64) for c in zip(*rows, strict=True))
    return {"frequency": x, "recency": tx, "T": ages, "actual": later}


@pytest.fixture
def simulate() -> Any:
    """Give the simulation."""
    return simulated


@pytest.fixture(scope="session")
def book() -> Columns:
    """Six hundred customers of a BG/NBD, with what they spend."""
    columns = simulated("bg", (0.6, 4.0, 0.8, 2.5), 600, seed=3)
    rng = np.random.default_rng(4)
    x = columns["frequency"]
    nu = rng.gamma(4.0, 1.0 / 15.0, len(x))
    spend = rng.gamma(6.0 * np.maximum(x, 1.0), 1.0 / nu) / np.maximum(x, 1.0)
    columns["mean_spend"] = np.where(x > 0.0, np.round(spend, 2) + 0.01, np.nan)
    return columns
