"""Fit a kernel to a history: enough data, a sensible unit, the search, and what is kept of it."""

from __future__ import annotations

import math

import numpy as np

from keyaccount._columns import Floats
from keyaccount.errors import NotEnoughDataError
from keyaccount.lifecycle.buying.estimation import Maximum, maximise
from keyaccount.lifecycle.buying.facts import BuyingFit
from keyaccount.lifecycle.buying.history import History
from keyaccount.lifecycle.buying.kernel import Kernel
from keyaccount.lifecycle.buying.patterns import Patterns

__all__ = ["FEWEST_CUSTOMERS", "FEWEST_REPEATERS", "facts_of", "learn"]

FEWEST_CUSTOMERS = 30
FEWEST_REPEATERS = 10
"""Fewer say too little about four parameters: a choice of this library."""


def learn(kernel: Kernel, history: History) -> tuple[Floats, BuyingFit]:
    """Estimate the parameters, in the unit of the history."""
    book = _book(history)
    unit = float(book.age.max())
    scaled = book.scaled(unit)
    coarse = scaled.coarse()
    found = maximise(
        lambda theta: kernel.mean_log_likelihood(theta, scaled),
        lambda theta: kernel.mean_log_likelihood(theta, coarse),
        kernel.starts,
    )
    theta: Floats = found.at + np.where(kernel.timed, math.log(unit), 0.0)
    value = kernel.mean_log_likelihood(theta, book)[0] * book.customers
    repeaters = float(book.counts[book.frequency > 0.0].sum())
    facts = facts_of(
        found,
        kernel.names,
        log_likelihood=value,
        customers=book.customers,
        repeaters=repeaters,
        informing=book.customers,
    )
    return np.exp(theta), facts


def facts_of(
    found: Maximum,
    names: tuple[str, ...],
    *,
    log_likelihood: float,
    customers: float,
    repeaters: float,
    informing: float,
) -> BuyingFit:
    """Keep what is to be known of a search as plain data; `informing` customers had a say."""
    covariance = found.covariance(informing)
    return BuyingFit(
        log_likelihood=log_likelihood,
        customers=int(customers),
        repeaters=int(repeaters),
        iterations=found.iterations,
        gradient=found.gradient,
        converged=found.converged,
        at_bound=[name for name, at in zip(names, found.bound, strict=True) if at],
        covariance=None if covariance is None else covariance.tolist(),
    )


def _book(history: History) -> Patterns:
    known = history.known
    x = history.frequency[known]
    repeaters = int(np.count_nonzero(x))
    if len(x) < FEWEST_CUSTOMERS or repeaters < FEWEST_REPEATERS:
        raise NotEnoughDataError.from_problem(
            f"{len(x)} customers with {repeaters} repeat buyers among them "
            f"(a buying model needs {FEWEST_CUSTOMERS} and {FEWEST_REPEATERS})",
            "fit on more customers or a longer log, or use parameters learned elsewhere.",
            customers=len(x),
            repeaters=repeaters,
        )
    return Patterns.among(x, history.recency[known], history.age[known])
