"""What a reader should know of the deals a gene was learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keyaccount.findings import Finding
from keyaccount.scoring.genes.entry import GeneCounts, GenePrior

__all__ = ["alike", "findings_of", "no_population", "no_spread", "one_label", "short_span"]


def findings_of(counts: GeneCounts, by: str, large_deals: int, large: float) -> tuple[Finding, ...]:
    """Say which rows were left out or say less than others, each kind with its count."""
    c = counts
    facts = (
        ("no_label", c.no_label, f"have no {by} and are left out", "warning"),
        ("no_amount", c.no_amount, "have no finite amount and are left out", "warning"),
        ("infinite", c.infinite, "of these have an infinite amount", "warning"),
        ("negative", c.negative, "are below 0, credits and no deals, and are left out", "warning"),
        ("zero", c.zero, "have an amount of 0: they are deals, and none of them is large", "info"),
        ("no_date", c.no_date, "have no date: they count, and say nothing of the time", "info"),
        ("no_account", c.no_account, "have no account: they count, their buyers do not", "warning"),
    )
    told = [
        Finding(
            code=code,
            message=f"{n:,} of {c.rows:,} rows {fact}",
            count=n,
            where="deals",
            severity=severity,
        )
        for code, n, fact, severity in facts
        if n
    ]
    if not large_deals:
        message = f"no deal reaches {large:,.6g}, from which a deal is large"
        told.append(Finding(code="no_large_deal", message=message, count=0, where="deals"))
    return tuple(told)


def alike(measures: Mapping[str, GenePrior], n_labels: int) -> tuple[Finding, ...]:
    """Say which measures, named in words, do not tell labels apart, so that they answer nothing."""
    return tuple(
        Finding(
            code="labels_alike",
            message=f"{words}: the {n_labels:,} labels differ no more than chance makes them",
            count=n_labels,
            where="deals",
            severity="info",
        )
        for words, prior in measures.items()
        if n_labels > 1 and prior.at_bound == "high" and prior.mean > 0.0
    )


def one_label(by: str) -> Finding:
    """Say that a single label has nothing to be compared with."""
    message = f"there is one {by} and nothing to compare it with: no answers"
    return Finding(code="one_label", message=message, count=1, where="deals")


def no_spread() -> Finding:
    """Say that large deals of a label are all of one amount."""
    message = "large deals of one label are all of one amount: which are larger is not known"
    return Finding(code="no_spread", message=message, count=0, where="deals", severity="info")


def short_span(years: float, min_years: float) -> Finding:
    """Say that the time is too short to speak of a year."""
    days, least = f"{years * 365.25:,.3g}", f"{min_years * 365.25:,.3g}"
    message = f"the deals span {days} days, fewer than {least}: how often they come is not known"
    return Finding(code="short_span", message=message, count=1, where="deals")


def no_population(labels: Sequence[str]) -> Finding:
    """Say which labels have no number of accounts."""
    message = f"{len(labels):,} labels have no number of accounts, and no rate by account"
    return Finding(
        code="no_population",
        message=message,
        count=len(labels),
        where="accounts_of",
        examples=tuple(labels[:5]),
    )
