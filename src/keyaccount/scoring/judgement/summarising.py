"""Ratings that count, averaged: each rater's of the day, then the raters of each account."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Codes, Floats
from keyaccount.findings import Finding
from keyaccount.scoring.judgement.rating_summary import RatingSummary
from keyaccount.scoring.judgement.ratings import Ratings, age_in_days, pairs_of
from keyaccount.stats.sums import group_counts, group_max, group_means, group_sums

__all__ = ["summarised"]


def summarised(
    read: Ratings, as_of: np.datetime64, account_column: str, findings: tuple[Finding, ...]
) -> RatingSummary:
    """Average each rater's ratings of the day, then the raters of each account."""
    accounts, pair = pairs_of(read)
    opinion = group_means(read.rating, pair, len(accounts))
    rated, row = np.unique(accounts, return_inverse=True)
    latest = group_max(read.at.astype(np.float64), row[pair], len(rated))
    day = latest.astype(np.int64).astype("datetime64[D]")
    return RatingSummary(
        accounts=np.array([*read.accounts.labels, None], dtype=object)[rated],
        rating=group_means(opinion, row, len(rated)),
        spread=_spread(opinion, row, len(rated)),
        raters=group_counts(row, len(rated)),
        latest=day,
        age_days=age_in_days(day, as_of),
        as_of=as_of,
        findings=findings,
        account_column=account_column,
    )


def _spread(values: Floats, codes: Codes, n_groups: int) -> Floats:
    """Return the sample standard deviation of each group, NaN where it has one value."""
    deviation = values - group_means(values, codes, n_groups)[codes]
    freedom = (group_counts(codes, n_groups) - 1).astype(np.float64)
    freedom[freedom == 0.0] = np.nan
    return np.sqrt(group_sums(np.square(deviation), codes, n_groups) / freedom)
