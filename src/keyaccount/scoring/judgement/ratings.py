"""Ratings as read, and which raters rated which accounts."""

from __future__ import annotations

import attrs
import numpy as np

from keyaccount._columns import (
    Bools,
    Codes,
    Columns,
    Days,
    Floats,
    Labels,
    common_length,
    days,
    floats,
    labels,
)

__all__ = ["Ratings", "age_in_days", "pairs_of", "read_ratings"]


@attrs.frozen(eq=False)
class Ratings:
    """Ratings as read, with the names of their columns."""

    accounts: Labels
    raters: Labels
    rating: Floats
    at: Days
    names: dict[str, str]

    def kept(self, rows: Bools) -> Ratings:
        """Keep some of the rows."""
        return attrs.evolve(
            self,
            accounts=Labels(self.accounts.codes[rows], self.accounts.labels),
            raters=Labels(self.raters.codes[rows], self.raters.labels),
            rating=self.rating[rows],
            at=self.at[rows],
        )


def read_ratings(ratings: Columns, *, account: str, rating: str, rater: str, at: str) -> Ratings:
    """Read the columns of ratings; the labels of accounts and raters are sorted."""
    read = Ratings(
        _sorted_labels(labels(ratings, account)),
        _sorted_labels(labels(ratings, rater)),
        floats(ratings, rating),
        days(ratings, at),
        {"account": account, "rating": rating, "rater": rater, "at": at},
    )
    common_length({account: read.accounts, rater: read.raters, rating: read.rating, at: read.at})
    return read


def _sorted_labels(found: Labels) -> Labels:
    """Give labels the codes of their sorted order, and blank ones the code of missing."""
    order = sorted((text, i) for i, text in enumerate(found.labels) if text.strip())
    table = np.full(len(found.labels) + 1, -1, dtype=np.int64)
    table[[i for _, i in order]] = np.arange(len(order))
    return Labels(table[found.codes], tuple(text for text, _ in order))


def pairs_of(read: Ratings) -> tuple[Codes, Codes]:
    """Return the distinct pairs of account and rater, and the pair of each row."""
    keys = read.accounts.codes * len(read.raters.labels) + read.raters.codes
    pairs, pair = np.unique(keys, return_inverse=True)
    return pairs // max(len(read.raters.labels), 1), pair


def age_in_days(at: Days, as_of: np.datetime64) -> Floats:
    """Return the age of each day in days, NaN where the day is unknown."""
    ages: Floats = (as_of - at) / np.timedelta64(1, "D")
    return ages
