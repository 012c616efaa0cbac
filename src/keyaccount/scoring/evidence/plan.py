"""Evidence made ready to run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from keyaccount._columns import Codes, Floats, Labels
from keyaccount.groups import ByGroup
from keyaccount.scoring.evidence.counts import WinCounts
from keyaccount.scoring.evidence.factors import FieldFactors, log_priors

__all__ = ["Plan"]


class Plan:
    """The tables that deals are looked up in.

    Attributes
    ----------
    fields
        The fields, in the order in which their terms are added.
    factors
        What their labels are worth.
    priors
        Log odds before any fact, by team, the pool's last.
    deals
        Won and lost deals behind them.
    """

    def __init__(
        self, fields: Sequence[str], counts: ByGroup[WinCounts], smoothing: float, strength: float
    ) -> None:
        self.fields: tuple[str, ...] = tuple(fields)
        self.factors: tuple[FieldFactors, ...] = tuple(
            FieldFactors(i, counts, smoothing, strength) for i in range(len(fields))
        )
        self.priors: Floats = log_priors(counts, strength)
        self.deals: Codes = np.array([(c.won, c.lost) for c in counts], dtype=np.int64)
        self.team: dict[str, int] = {label: i for i, (label, _) in enumerate(counts.groups)}

    def teams(self, found: Labels | None, n: int) -> Codes:
        """Give the position of each deal's team; -1, the pool's, where it has no own tables."""
        if found is None:
            return np.full(n, -1, dtype=np.int64)
        table = [self.team.get(label, -1) for label in found.labels]
        return np.array([*table, -1], dtype=np.int64)[found.codes]
