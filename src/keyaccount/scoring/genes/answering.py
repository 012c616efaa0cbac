"""When a measure is an answer: where it tells labels apart, and is sure enough of this one."""

from __future__ import annotations

import math
from collections.abc import Mapping

import attrs

from keyaccount.scoring.genes.entry import GeneEntry, GenePrior

__all__ = ["ASKED", "Answer", "answers_of", "asked_of", "not_enough"]

ASKED: tuple[str, ...] = ("many", "large", "often")
"""The questions a gene answers."""


@attrs.frozen
class Answer:
    """A probability, NaN where it is no answer, and then why not."""

    value: float
    why_not: str = ""

    @property
    def told(self) -> float | str:
        """The answer, or why there is none."""
        return self.why_not or self.value


def asked_of(priors: Mapping[str, GenePrior]) -> dict[str, str]:
    """Give the measure that answers each question: per account only where all accounts count."""
    often = "per_account_year" if "per_account_year" in priors else "recurrence"
    return dict(zip(ASKED, ("many", "size", often), strict=True))


def answers_of(
    entry: GeneEntry, priors: Mapping[str, GenePrior], *, n_labels: int, min_deals: int, sure: float
) -> tuple[Answer, ...]:
    """Answer each question about one label."""
    if entry.deals < min_deals:
        return (_unknown(not_enough(entry, min_deals)),) * len(ASKED)
    if n_labels == 1:
        return (_unknown("nothing to compare with"),) * len(ASKED)
    return tuple(
        _answer(entry, measure, priors.get(measure), sure) for measure in asked_of(priors).values()
    )


def not_enough(entry: GeneEntry, min_deals: int) -> str:
    """Say how many deals are missing; nothing where none is."""
    if entry.deals >= min_deals:
        return ""
    return f"not enough deals ({entry.deals:,} of {min_deals:,})"


def _answer(entry: GeneEntry, measure: str, prior: GenePrior | None, sure: float) -> Answer:
    found = getattr(entry, measure)
    if found is None or prior is None:
        return _unknown("not measured")
    if found.above is None:
        return _unknown("nothing differs")
    if prior.at_bound == "high":
        return _unknown("labels alike")
    if 1.0 - sure < found.above < sure:
        return _unknown(f"not sure enough ({found.above:.3g})")
    return Answer(found.above)


def _unknown(why: str) -> Answer:
    return Answer(math.nan, why)
