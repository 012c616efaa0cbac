"""Fit the Gamma-Gamma model: the likelihood of mean spends and its slopes."""

from __future__ import annotations

import math

import numpy as np

from keyaccount._columns import Codes, Floats
from keyaccount.errors import NotEnoughDataError
from keyaccount.lifecycle.buying._scipy import special
from keyaccount.lifecycle.buying.estimation import maximise
from keyaccount.lifecycle.buying.facts import BuyingFit
from keyaccount.lifecycle.buying.learning import FEWEST_REPEATERS, facts_of
from keyaccount.lifecycle.buying.patterns import distinct_rows

__all__ = ["Spends", "learn_spend", "mean_log_likelihood"]

_STARTS = ((1.0, 2.0, 1.0), (6.0, 4.0, 0.5), (2.0, 10.0, 5.0))
"""With v as a multiple of the mean spend."""


class Spends:
    """The distinct (frequency, mean spend) of a book, in one fixed order."""

    __slots__ = ("counts", "level", "log_x", "log_z", "money", "shared", "x", "xs")

    def __init__(self, frequency: Floats, money: Floats) -> None:
        starts, order = distinct_rows(frequency, money)
        self.counts: Floats = np.diff(starts, append=len(order)).astype(np.float64)
        self.x: Floats = frequency[order][starts]
        self.money: Floats = money[order][starts]
        self._prepare()

    def _prepare(self) -> None:
        change = np.flatnonzero(np.diff(self.x, prepend=-1.0))
        self.xs: Floats = self.x[change]
        self.shared: Floats = np.add.reduceat(self.counts, change)
        lengths = np.diff(change, append=len(self.x))
        self.level: Codes = np.repeat(np.arange(len(change)), lengths)
        self.log_x: Floats = np.log(self.x)
        self.log_z: Floats = np.log(self.money)

    def in_units_of(self, unit: float) -> Spends:
        """Write the money as multiples of `unit`."""
        found = object.__new__(Spends)
        found.counts, found.x, found.money = self.counts, self.x, self.money / unit
        found._prepare()
        return found


def learn_spend(frequency: Floats, money: Floats, customers: int) -> tuple[Floats, BuyingFit]:
    """Estimate (p, q, v) from repeat buyers."""
    if len(frequency) < FEWEST_REPEATERS:
        raise NotEnoughDataError.from_problem(
            f"{len(frequency)} repeat buyers with a known spend "
            f"(a model of spend needs {FEWEST_REPEATERS})",
            "fit on more customers or a longer log, or use parameters learned elsewhere.",
            repeaters=len(frequency),
        )
    if float(money.min()) == float(money.max()):
        raise NotEnoughDataError.from_problem(
            f"all {len(money)} repeat buyers spend the same ({money[0]:g})",
            "there is no scatter to learn from: use that figure.",
            repeaters=len(money),
        )
    spends = Spends(frequency, money)
    repeaters = float(spends.counts.sum())
    unit = float((spends.counts * spends.money).sum()) / repeaters
    scaled = spends.in_units_of(unit)
    found = maximise(
        lambda theta: mean_log_likelihood(theta, scaled),
        lambda theta: mean_log_likelihood(theta, scaled),
        _STARTS,
    )
    theta: Floats = found.at + np.array([0.0, 0.0, math.log(unit)])
    value = mean_log_likelihood(theta, spends)[0] * repeaters
    return np.exp(theta), facts_of(
        found,
        ("p", "q", "v"),
        log_likelihood=value,
        customers=customers,
        repeaters=repeaters,
        informing=repeaters,
    )


def mean_log_likelihood(theta: Floats, book: Spends) -> tuple[float, Floats]:
    """Return the mean log-likelihood and its slope in the logarithms of p, q and v."""
    sp = special()
    p, q, v = np.exp(theta)
    n = float(book.counts.sum())
    shape = p * book.xs
    whole = sp.gammaln(shape + q) - sp.gammaln(shape) - sp.gammaln(q) + q * theta[2]
    total = np.log(book.x * book.money + v)
    k = shape[book.level]
    rows = k * (book.log_z + book.log_x - total) - book.log_z - q * total
    rising = sp.psi(shape + q)
    slope_p = (book.shared * book.xs * (rising - sp.psi(shape))).sum() + (
        book.counts * book.x * (book.log_z + book.log_x - total)
    ).sum()
    slope_q = (book.shared * (rising - sp.psi(q) + theta[2])).sum() - (book.counts * total).sum()
    slope_v = n * q / v - (book.counts * (k + q) / (book.x * book.money + v)).sum()
    value = (book.shared * whole).sum() + (book.counts * rows).sum()
    slope = np.array([slope_p * p, slope_q * q, slope_v * v]) / n
    return float(value) / n, slope
