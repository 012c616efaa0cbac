"""Which ratings count: each other row is counted once, in the finding of why it does not."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Bools
from keyaccount.findings import Finding
from keyaccount.scoring.judgement.ratings import Ratings, age_in_days, pairs_of
from keyaccount.stats.sums import group_max

__all__ = ["sift"]

_SHOWN = 5


def sift(
    read: Ratings, scale: tuple[float, float], as_of: np.datetime64, max_age: float
) -> tuple[Bools, list[Finding]]:
    """Mark the ratings that count; each other row is counted once, under the first that applies."""
    left = np.ones(len(read.rating), dtype=np.bool_)
    findings: list[Finding] = []
    for code, severity, column, fails, problem in _tests(read, scale, as_of, max_age):
        caught = left & fails
        left &= ~caught
        if caught.any():
            findings.append(_finding(read.kept(caught), code, severity, column, problem))
    replaced = left & ~_is_latest(read, left)
    if replaced.any():
        replaced_by = "been replaced by a later one of the same rater"
        findings.append(_finding(read.kept(replaced), "replaced", "info", "at", replaced_by))
    return left & ~replaced, findings


_Test = tuple[str, str, str, Bools, str]
"""Code, severity, column, the rows it catches, and what these ratings have."""


def _tests(
    read: Ratings, scale: tuple[float, float], as_of: np.datetime64, max_age: float
) -> tuple[_Test, ...]:
    age = age_in_days(read.at, as_of)
    low, high = scale
    off = (read.rating < low) | (read.rating > high)
    on_scale = f"a value off the scale from {low:g} to {high:g}"
    return (
        ("missing_account", "error", "account", read.accounts.codes < 0, "no account"),
        ("missing_rater", "error", "rater", read.raters.codes < 0, "no rater"),
        ("missing_date", "error", "at", np.isnat(read.at), "no date"),
        ("missing_rating", "error", "rating", ~np.isfinite(read.rating), "no finite value"),
        ("off_scale", "error", "rating", off, on_scale),
        ("after_as_of", "warning", "at", age < 0.0, f"a date after {as_of}"),
        ("too_old", "warning", "at", age > max_age, f"an age above {max_age:g} days"),
    )


def _finding(rows: Ratings, code: str, severity: str, column: str, problem: str) -> Finding:
    n = len(rows.rating)
    return Finding(
        code=code,
        message=f"{n} rating{'s have' if n != 1 else ' has'} {problem}",
        count=n,
        where=rows.names[column],
        severity=severity,
        examples=_examples(rows, code),
    )


def _examples(rows: Ratings, code: str) -> tuple[str, ...]:
    """Show ratings off the scale, else accounts: sorted, since the order of rows says nothing."""
    if code == "off_scale":
        return tuple(f"{value:g}" for value in np.unique(rows.rating)[:_SHOWN])
    codes = np.unique(rows.accounts.codes)
    return tuple(rows.accounts.labels[c] for c in codes[codes >= 0][:_SHOWN])


def _is_latest(read: Ratings, left: Bools) -> Bools:
    """Mark the rows on the last day on which their rater rated their account."""
    kept = read.kept(left)
    accounts, pair = pairs_of(kept)
    at = kept.at.astype(np.float64)
    marked = np.zeros(len(left), dtype=np.bool_)
    marked[left] = at == group_max(at, pair, len(accounts))[pair]
    return marked
