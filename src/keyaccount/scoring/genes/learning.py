"""Learn the measures of each label: counts in, raw and shrunk values with their intervals out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Codes, Floats
from keyaccount.scoring.genes.entry import GeneEntry, GeneMeasure, GenePrior
from keyaccount.scoring.genes.reading import Deals
from keyaccount.stats.mixing import Mixture, mixed_event_rates, mixed_means, mixed_rates
from keyaccount.stats.shrinkage import empirical_bayes_strength, event_strength
from keyaccount.stats.strength import StrengthFit
from keyaccount.stats.sums import exact_sum, group_counts, group_max, group_min

__all__ = ["Learned", "Terms", "learn"]

_TOO_FEW = 2
"""Nothing recurs in fewer stretches of time."""


@attrs.frozen(kw_only=True)
class Terms:
    """What a gene is learned by: the words are those of `Gene.fit`."""

    large: float
    years: float | None
    min_years: float
    stretches_a_year: int
    population: Mapping[str, float] | None
    level: float

    def long_enough(self, years: float | None) -> bool:
        """Say whether a time is known and not too short to speak of a year."""
        return years is not None and years >= self.min_years


@attrs.frozen(eq=False)
class Measured:
    """One measure of every label, None where a label has none, and what they are shrunk toward."""

    entries: tuple[GeneMeasure | None, ...]
    prior: GenePrior | None = None


@attrs.frozen(eq=False, kw_only=True)
class Learned:
    """All measures of all labels."""

    entries: tuple[GeneEntry, ...]
    priors: dict[str, Any]
    stretches: int | None


def learn(deals: Deals, terms: Terms) -> Learned:
    """Learn every measure from the deals that count."""
    n_labels = len(deals.names)
    is_large = deals.amounts >= terms.large
    total = group_counts(deals.codes, n_labels)
    big = group_counts(deals.codes, n_labels, is_large)
    many = _events(big, np.ones(n_labels), terms.level)
    unknown = Measured((None,) * n_labels)
    found = {
        "many": many,
        "share": _shares(big, total, terms.level),
        "size": _sizes(deals.amounts[is_large], deals.codes[is_large], n_labels, terms.level),
        "recurrence": unknown,
        "per_year": unknown,
        "per_account_year": unknown,
    }
    stretches = _stretches(deals, terms)
    if stretches is not None:
        with_large = deals.stretches_with(is_large, stretches)
        found["recurrence"] = _shares(with_large, np.full(n_labels, stretches), terms.level)
    if terms.years is not None and terms.long_enough(terms.years):
        found["per_year"] = _a_year(many, terms.years)
        found["per_account_year"] = _per_account(big, deals.names, terms, terms.years)
    accounts = [None] * n_labels if deals.accounts is None else deals.accounts.tolist()
    rows = zip(deals.names, total.tolist(), big.tolist(), accounts, strict=True)
    measures = zip(*(measured.entries for measured in found.values()), strict=True)
    return Learned(
        entries=tuple(
            GeneEntry(
                label=name, deals=n, large_deals=k, accounts=a, **dict(zip(found, of, strict=True))
            )
            for (name, n, k, a), of in zip(rows, measures, strict=True)
        ),
        priors={measure: measured.prior for measure, measured in found.items()},
        stretches=stretches,
    )


def _stretches(deals: Deals, terms: Terms) -> int | None:
    if not terms.long_enough(deals.years):
        return None
    number = deals.stretches(terms.stretches_a_year)
    return number if number >= _TOO_FEW else None


def _shares(k: Codes, n: Codes, level: float) -> Measured:
    """Measure a share: beta-binomial; where the pool is 0 or 1 there is no more to be said."""
    some, of = k.astype(np.float64), n.astype(np.float64)
    pool = exact_sum(some) / exact_sum(of)
    if 0.0 < pool < 1.0:
        return _of_mixture(mixed_rates(some, of), some / of, level)
    return _plain(some / of, pool, empirical_bayes_strength(some, of, pool))


def _events(k: Codes, exposure: Floats, level: float) -> Measured:
    """Measure a rate of large deals: gamma-Poisson; without any there is no more to be said."""
    some = k.astype(np.float64)
    if not k.any():
        return _plain(some, 0.0, event_strength(some, exposure, 0.0))
    return _of_mixture(mixed_event_rates(some, exposure), some / exposure, level)


def _a_year(many: Measured, years: float) -> Measured:
    """Give the number of large deals by the year: one time for all labels."""
    prior = many.prior
    yearly = (
        None
        if prior is None
        else attrs.evolve(prior, mean=prior.mean / years, strength=prior.strength * years)
    )
    once = {id(m): _divided(m, years) for m in {id(m): m for m in many.entries if m}.values()}
    return Measured(tuple(None if m is None else once[id(m)] for m in many.entries), yearly)


def _divided(m: GeneMeasure, years: float) -> GeneMeasure:
    parts = {part: getattr(m, part) / years for part in ("raw", "shrunk", "low", "high")}
    return attrs.evolve(m, **parts)


def _per_account(big: Codes, names: tuple[str, ...], terms: Terms, years: float) -> Measured:
    """Measure large deals by account and year; a label of unknown population has none."""
    population = terms.population or {}
    held = np.array([name in population for name in names], dtype=np.bool_)
    if not held.any():
        return Measured((None,) * len(names))
    accounts = np.array([population[name] for name in names if name in population])
    measured = _events(big[held], accounts * years, terms.level)
    found = iter(measured.entries)
    return Measured(tuple(next(found) if h else None for h in held.tolist()), measured.prior)


def _of_mixture(found: Mixture, raw: Floats, level: float) -> Measured:
    low, high = found.interval(level)
    _, first = np.unique(found.case, return_index=True)  # labels of the same counts share a measure
    columns = (raw, found.mean, low, high, found.probability_above_pool())
    of_case = [
        GeneMeasure(raw=r, shrunk=s, low=bottom, high=top, lift=s / found.pool, above=above)
        for r, s, bottom, top, above in zip(*(c[first].tolist() for c in columns), strict=True)
    ]
    entries = tuple(of_case[case] for case in found.case.tolist())
    return Measured(entries, GenePrior(found.pool, found.fit.strength, found.fit.at_bound))


def _plain(raw: Floats, pool: float, fit: StrengthFit) -> Measured:
    """Give what is the same for all labels as it is: none of them is above the pool or below."""
    lift = 1.0 if pool > 0.0 else None
    entries = tuple(
        GeneMeasure(raw=r, shrunk=pool, low=pool, high=pool, lift=lift) for r in raw.tolist()
    )
    return Measured(entries, GenePrior(pool, fit.strength, fit.at_bound))


def _sizes(amounts: Floats, codes: Codes, n_labels: int, level: float) -> Measured:
    """Measure the typical large deal on the log scale: normal; a label without any has none."""
    if not len(amounts):
        return Measured((None,) * n_labels)
    found, mixture = mixed_means(np.log(np.ascontiguousarray(amounts)), codes, n_labels)
    raw = _typical(found.raw, amounts, codes, n_labels)
    largest = float(amounts.max())
    # exp(log(x)) need not be x
    pool = largest if largest == amounts.min() else math.exp(found.pool)
    prior = GenePrior(pool, found.fit.strength, found.fit.at_bound)
    if mixture is None:
        return Measured(tuple(_alone(r, pool) for r in raw), prior)
    low, high = mixture.interval(level)
    columns = (mixture.mean, low, high, mixture.probability_above_pool())
    entries = tuple(
        None
        if own is None
        else GeneMeasure(
            raw=own,
            shrunk=math.exp(mean),
            low=math.exp(bottom),
            high=math.exp(top),
            lift=math.exp(mean - found.pool),
            above=above,
        )
        for own, mean, bottom, top, above in zip(raw, *(c.tolist() for c in columns), strict=True)
    )
    return Measured(entries, prior)


def _typical(logs: Floats, amounts: Floats, codes: Codes, n_labels: int) -> list[float | None]:
    """Give each label's geometric mean: the amount itself where all of them are the same."""
    least, most = group_min(amounts, codes, n_labels), group_max(amounts, codes, n_labels)
    return [
        None if math.isnan(log) else low if low == high else math.exp(log)
        for log, low, high in zip(logs.tolist(), least.tolist(), most.tolist(), strict=True)
    ]


def _alone(raw: float | None, pool: float) -> GeneMeasure | None:
    """Give a size that nothing is known about but itself: amounts of a label do not scatter."""
    if raw is None:
        return None
    return GeneMeasure(raw=raw, shrunk=raw, low=raw, high=raw, lift=raw / pool)
