"""Learn the measures of each label: counts in, raw and shrunk values with their intervals out."""

from __future__ import annotations

import math

import attrs
import numpy as np

from keyaccount._columns import Codes, Floats
from keyaccount.scoring.genes.entry import GeneEntry, GeneMeasure, GenePrior
from keyaccount.scoring.genes.reading import Deals
from keyaccount.stats.normal import shrink_means
from keyaccount.stats.shrinkage import ShrunkRates, shrink_event_rates, shrink_rates
from keyaccount.stats.sums import group_counts

__all__ = ["Learned", "learn"]


@attrs.frozen(eq=False)
class Measured:
    """One measure of every label, None where a label has none, and what they are shrunk toward."""

    entries: tuple[GeneMeasure | None, ...]
    prior: GenePrior | None = None


@attrs.frozen(eq=False, kw_only=True)
class Learned:
    """All measures of all labels."""

    entries: tuple[GeneEntry, ...]
    share: GenePrior
    size: GenePrior | None
    per_year: GenePrior | None
    per_account_year: GenePrior | None


def learn(deals: Deals, large: float, years: float | None, level: float) -> Learned:
    """Learn every measure from the deals that count."""
    n_labels = len(deals.names)
    is_large = deals.amounts >= large
    total = group_counts(deals.codes, n_labels)
    big = group_counts(deals.codes, n_labels, is_large)
    share, prior = _shares(big, total, level)
    size = _sizes(deals.amounts[is_large], deals.codes[is_large], n_labels, level)
    per_year = _rates(big, None if years is None else np.full(n_labels, years), level)
    accounts = deals.accounts
    together = None if accounts is None or years is None else accounts.astype(np.float64) * years
    per_account = _rates(big, together, level)
    entries = tuple(
        GeneEntry(
            label=name,
            deals=int(total[i]),
            large_deals=int(big[i]),
            accounts=None if accounts is None else int(accounts[i]),
            share=share[i],
            size=size.entries[i],
            per_year=per_year.entries[i],
            per_account_year=per_account.entries[i],
        )
        for i, name in enumerate(deals.names)
    )
    return Learned(
        entries=entries,
        share=prior,
        size=size.prior,
        per_year=per_year.prior,
        per_account_year=per_account.prior,
    )


def _shares(big: Codes, total: Codes, level: float) -> tuple[tuple[GeneMeasure, ...], GenePrior]:
    """Measure the share of large deals: beta-binomial."""
    k, n = big.astype(np.float64), total.astype(np.float64)
    shrunk = shrink_rates(k, n)
    pool = float(shrunk.prior[0])
    in_doubt = 0.0 < pool < 1.0
    return _of_rates(shrunk, k / n, level, in_doubt=in_doubt), _prior(shrunk)


def _rates(big: Codes, exposure: Floats | None, level: float) -> Measured:
    """Measure the rate of large deals: gamma-Poisson; a label without exposure has none."""
    held = np.zeros(len(big), dtype=np.bool_) if exposure is None else exposure > 0.0
    if exposure is None or not held.any():
        return Measured((None,) * len(big))
    k, e = big[held].astype(np.float64), exposure[held].astype(np.float64)
    shrunk = shrink_event_rates(k, e)
    found = iter(_of_rates(shrunk, k / e, level, in_doubt=float(shrunk.prior[0]) > 0.0))
    return Measured(tuple(next(found) if h else None for h in held.tolist()), _prior(shrunk))


def _of_rates(
    shrunk: ShrunkRates, raw: Floats, level: float, *, in_doubt: bool
) -> tuple[GeneMeasure, ...]:
    pool = float(shrunk.prior[0])
    low, high = shrunk.posterior.interval(level)
    above = 1.0 - shrunk.posterior.probability_below(pool)
    columns = (raw, shrunk.mean, low, high, above)
    return tuple(
        GeneMeasure(
            raw=r,
            shrunk=s,
            low=bottom,
            high=top,
            lift=s / pool if pool > 0.0 else None,
            above=a if in_doubt else None,
        )
        for r, s, bottom, top, a in zip(*(c.tolist() for c in columns), strict=True)
    )


def _prior(shrunk: ShrunkRates) -> GenePrior:
    bound = None if shrunk.fit is None else shrunk.fit.at_bound
    return GenePrior(float(shrunk.prior[0]), shrunk.strength, bound)


def _sizes(amounts: Floats, codes: Codes, n_labels: int, level: float) -> Measured:
    """Measure the typical large deal on the log scale: normal; a label without any has none."""
    if not len(amounts):
        return Measured((None,) * n_labels)
    found = shrink_means(np.log(np.ascontiguousarray(amounts)), codes, n_labels)
    low, high = found.interval(level)
    columns = (found.raw, found.mean, low, high, found.probability_above_pool())
    entries = tuple(
        None
        if math.isnan(raw)
        else GeneMeasure(
            raw=math.exp(raw),
            shrunk=math.exp(mean),
            low=math.exp(bottom),
            high=math.exp(top),
            lift=math.exp(mean - found.pool),
            above=None if math.isnan(above) else above,
        )
        for raw, mean, bottom, top, above in zip(*(c.tolist() for c in columns), strict=True)
    )
    prior = GenePrior(math.exp(found.pool), found.fit.strength, found.fit.at_bound)
    return Measured(entries, prior)
