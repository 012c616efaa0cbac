"""`Oddities`: what a reader should know of the data scored, counted criterion by criterion."""

from __future__ import annotations

from collections.abc import Iterator
from operator import add

import attrs

from keyaccount._validators import exact_tuple
from keyaccount.findings import Finding, counted
from keyaccount.scoring.criterion import Criterion


@attrs.frozen(kw_only=True)
class Oddities:
    """How many values of each criterion are odd; counts of parts of a book add up to those of it.

    Attributes
    ----------
    infinite
        How many values are infinite.
    unjudged
        How many are known, but the value function cannot judge them.
    pooled
        How many accounts are judged by the pool of all groups.
    """

    infinite: tuple[int, ...] = attrs.field(converter=exact_tuple)
    unjudged: tuple[int, ...] = attrs.field(converter=exact_tuple)
    pooled: tuple[int, ...] = attrs.field(converter=exact_tuple)

    def __add__(self, other: Oddities) -> Oddities:
        """Add the counts of another part of the book."""
        return Oddities(
            infinite=map(add, self.infinite, other.infinite),
            unjudged=map(add, self.unjudged, other.unjudged),
            pooled=map(add, self.pooled, other.pooled),
        )

    def findings(self, criteria: tuple[Criterion, ...]) -> tuple[Finding, ...]:
        """Word the counts, in the order of the criteria."""
        return (*self._of_values(criteria), *self._of_pools(criteria))

    def _of_values(self, criteria: tuple[Criterion, ...]) -> Iterator[Finding]:
        for criterion, infinite, unjudged in zip(
            criteria, self.infinite, self.unjudged, strict=True
        ):
            where = criterion.column or criterion.name
            if infinite:
                alone, many = "is infinite and counts", "are infinite and count"
                yield _missing("infinite", infinite, alone, many, where)
            if unjudged:
                alone = "is 0 or below, has no ratio and counts"
                many = "are 0 or below, have no ratio and count"
                yield _missing("not_positive", unjudged, alone, many, where)

    def _of_pools(self, criteria: tuple[Criterion, ...]) -> Iterator[Finding]:
        for criterion, count in zip(criteria, self.pooled, strict=True):
            if count:
                judged = f"{counted(count, 'account')} {'is' if count == 1 else 'are'} judged"
                yield Finding(
                    code="pooled",
                    message=f"{judged} by the pool of all groups on {criterion.name!r}",
                    count=count,
                    where=criterion.column or criterion.name,
                    severity="info",
                )


def _missing(code: str, count: int, alone: str, many: str, where: str) -> Finding:
    said = f"{counted(count, 'value')} {alone if count == 1 else many} as missing"
    return Finding(code=code, message=said, count=count, where=where)
