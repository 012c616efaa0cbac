"""`RatingSummary`: what the raters think of each account."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Days, Floats, Objects, as_labels
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding

__all__ = ["RatingSummary"]


@attrs.frozen(eq=False)
class RatingSummary(Viewed):
    """What the raters think of each account, one row per rated account, sorted by id.

    Parameters
    ----------
    accounts
        The ids of the accounts with at least one rating that counts.
    rating
        The mean over raters.
    spread
        The sample standard deviation over raters (n − 1); NaN with a single rater.
    raters
        How many raters count.
    latest
        The day of the latest rating.
    age_days
        How old that one is.
    as_of
        The day of the summary.
    findings
        The ratings that do not count, and why, with their number.
    account_column
        The name of the column of accounts.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ratings = {"account": "A", "rating": 4, "rater": "li", "at": "2026-06-30"}
    >>> columns = {name: name for name in ratings}
    >>> summary = ka.showcase_scale().summarise(ratings, **columns, as_of="2026-09-30")
    >>> summary.for_accounts(["B", "A"], "showcase")["showcase_rating"]
    array([nan,  4.])
    """

    accounts: Objects
    rating: Floats
    spread: Floats
    raters: Codes
    latest: Days
    age_days: Floats
    as_of: np.datetime64
    findings: tuple[Finding, ...]
    account_column: str

    def __len__(self) -> int:
        return len(self.accounts)

    def columns(self, prefix: str = "") -> dict[str, NDArray[Any]]:
        """Return the summary as columns, the accounts under their own name.

        ``columns("showcase")`` writes ``showcase_rating``, ``showcase_spread``,
        ``showcase_raters``, ``showcase_latest`` and ``showcase_age_days``.
        """
        return {self.account_column: self.accounts, **_prefixed(self._measures(), prefix)}

    def for_accounts(self, ids: Any, prefix: str = "") -> dict[str, NDArray[Any]]:
        """Return the measures aligned with any column of account ids.

        Where nobody rated, the rating is NaN and the number of raters is 0.
        """
        row_of = {account: row for row, account in enumerate(self.accounts.tolist())}
        asked = as_labels(ids, self.account_column)
        rows = np.array([*(row_of.get(a, -1) for a in asked.labels), -1])[asked.codes]
        unrated = (np.nan, np.nan, 0, np.datetime64("NaT", "D"), np.nan)
        measures = zip(self._measures().items(), unrated, strict=True)
        aligned = {
            name: np.append(values, np.array([none], dtype=values.dtype))[rows]
            for (name, values), none in measures
        }
        return _prefixed(aligned, prefix)

    def unmatched(self, ids: Any) -> tuple[str, ...]:
        """List the rated accounts that are not among these ids.

        Examples
        --------
        >>> import keyaccount as ka
        >>> ratings = {"account": "A", "rating": 4, "rater": "li", "at": "2026-06-30"}
        >>> columns = {name: name for name in ratings}
        >>> summary = ka.showcase_scale().summarise(ratings, **columns, as_of="2026-09-30")
        >>> summary.unmatched(["B"])
        ('A',)
        """
        known = set(as_labels(ids, self.account_column).labels)
        return tuple(a for a in self.accounts.tolist() if a not in known)

    def _view(self) -> View:
        return View(f"RatingSummary of {len(self):,} accounts", self.columns(), len(self))

    def row(self, i: int) -> Record:
        """Return one account as a record."""
        i = checked_row(i, len(self))
        return Record({name: column[i] for name, column in self.columns().items()})

    def _measures(self) -> dict[str, NDArray[Any]]:
        return {
            "rating": self.rating,
            "spread": self.spread,
            "raters": self.raters,
            "latest": self.latest,
            "age_days": self.age_days,
        }


def _prefixed(columns: dict[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {f"{prefix}_{name}" if prefix else name: column for name, column in columns.items()}
