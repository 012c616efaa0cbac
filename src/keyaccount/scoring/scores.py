"""`Scores`: what a scorer says of each account, each part computed when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from keyaccount._columns import Bools, Codes, Floats
from keyaccount._record import Record, checked_row
from keyaccount._stamp import Stamped
from keyaccount._view import View, Viewed
from keyaccount.errors import WeightsError
from keyaccount.findings import Finding
from keyaccount.scoring.oddities import Oddities
from keyaccount.scoring.plan import Fill
from keyaccount.scoring.ranking import competition_rank
from keyaccount.scoring.sources import Source
from keyaccount.scoring.weights import as_weights

if TYPE_CHECKING:
    from keyaccount.scoring.composite import CompositeScorer


def _any(flags: Bools) -> Bools:
    """Say of each row whether any of its flags is set."""
    found: Bools = np.logical_or.reduce(flags, axis=1)
    return found


class Scores(Stamped, Viewed):
    """What a scorer says of each account, aligned with its input by position.

    Attributes
    ----------
    value
        ``(n,)`` float64: the score; NaN where it is rejected, or rests on nothing known.
    low, high
        ``(n,)`` float64: the score with everything unknown at its worst (0) and best (1), under
        the full weights.
    coverage
        ``(n,)`` float64: the share of the weight that rests on known values.
    contributions
        ``(n, k)`` float64: the part of each criterion, in declared order.
    contribution_kind
        How they relate to the value: ``"sum"``: they add up to it; ``"product"``: they multiply to
        it; ``"topsis"``: the value shared out by the squared distances from the worst ideal.
    rank
        ``(n,)`` int64: 1 is best, equal scores share the better rank (1, 2, 2, 4), -1 where there
        is no score.
    known, pooled
        ``(n, k)`` bool: which values are known; which constants fell back to the pool of all
        groups.
    findings
        What a reader should know of the data.

    Notes
    -----
    Only `value` is computed at once. The others are computed from the caller's own columns when
    they are first asked for: a buffer that is to be filled anew must be copied before.

    Bounds take the worth of an unknown value to lie in [0, 1]. A `Ratio` can leave that range for
    values far from the book it was learned from, and below 0 for negative ones; the bounds and the
    rule that what is unknown never helps do not reach there.

    Examples
    --------
    >>> import keyaccount as ka
    >>> scorer = ka.CompositeScorer(
    ...     criteria=(
    ...         ka.Criterion("sales", column="sales", value=ka.Linear(0, 100)),
    ...         ka.Criterion("showcase", column="rating", value=ka.Linear(1, 5)),
    ...     ),
    ...     weights={"sales": 0.6, "showcase": 0.4},
    ... )
    >>> scores = scorer.score({"sales": [50.0, 100.0], "rating": [3.0, None]})
    >>> scores.value, scores.high
    (array([0.5, 0.6]), array([0.5, 1. ]))
    >>> print(scores.row(1))
    score          0.6
    low            0.6
    high           1
    coverage       0.6
    rank           1
    contributions
      sales        0.6
      showcase     0
    unknown        showcase
    """

    def __init__(self, source: Source, spec: CompositeScorer) -> None:
        self._source = source
        self._spec = spec
        self.value: Floats = source.values(Fill.POLICY)
        self.value.flags.writeable = False  # ranks and selections rest on it

    def __len__(self) -> int:
        return len(self.value)

    def __repr__(self) -> str:
        return f"<Scores of {len(self)} accounts by {', '.join(self.names)}>"

    def _view(self) -> View:
        return View(f"Scores of {len(self):,} accounts", self.columns(), len(self))

    @property
    def spec(self) -> CompositeScorer:
        """The spec that made it."""
        return self._spec

    @property
    def names(self) -> tuple[str, ...]:
        """The criteria, in declared order."""
        return self._source.plan.names

    @property
    def weights(self) -> tuple[float, ...]:
        """The weights, in declared order."""
        return tuple(p.weight for p in self._source.plan.parts)

    @property
    def contribution_kind(self) -> str:
        """How contributions relate to the value: ``"sum"``, ``"product"`` or ``"topsis"``."""
        return self._source.aggregation.kind

    @cached_property
    def low(self) -> Floats:
        """The score with everything unknown at its worst, under the full weights."""
        return self._bound(Fill.LOW)

    @cached_property
    def high(self) -> Floats:
        """The score with everything unknown at its best, under the full weights."""
        return self._bound(Fill.HIGH)

    def _bound(self, fill: Fill) -> Floats:
        """Give a bound; where nothing is unknown, it is the value, and there is nothing to add."""
        return self.value if self._is_complete else self._source.values(fill)

    @cached_property
    def _is_complete(self) -> bool:
        return self._source.is_complete()

    @cached_property
    def known(self) -> Bools:
        """Which values are known, as an (n, k) array."""
        return self._source.known()

    @cached_property
    def rejected(self) -> Bools:
        """Which accounts have no score because a criterion that must be known is not."""
        must = [p.criterion.missing == "reject" for p in self._source.plan.parts]
        return _any(~self.known[:, must])

    @cached_property
    def reweighted_rows(self) -> Bools:
        """Which accounts had the weight of an unknown criterion scaled over the others."""
        parts = self._source.plan.parts
        dropped = [p.reweights and p.weight > 0.0 for p in parts]
        return _any(~self.known[:, dropped])

    @cached_property
    def worths(self) -> Floats:
        """What each value is worth before weighting, as an (n, k) array in declared order.

        An unknown value is worth what its criterion's policy says; NaN under ``"reject"``.
        """
        return self._source.worths()

    def reweighted(self, weights: Mapping[str, float]) -> Floats:
        """Give the scores under other weights, everything else the same.

        Raises
        ------
        WeightsError
            There is not one weight per criterion, or they do not sum to 1.
        """
        checked = as_weights(weights)
        missing = [n for n in self.names if n not in checked]
        unknown = [n for n in checked if n not in self.names]
        if missing or unknown:
            raise WeightsError.from_names(missing, unknown)
        return self._source.reweighted([checked[n] for n in self.names])

    @cached_property
    def coverage(self) -> Floats:
        """The share of the weight that rests on known values."""
        total = self._source.plan.total
        missing = np.zeros(len(self))
        for known, weight in zip(self.known.T, self.weights, strict=True):
            missing += np.where(known, 0.0, weight)
        return (total - missing) / total

    @cached_property
    def contributions(self) -> Floats:
        """The part of each criterion, as an (n, k) array in declared order."""
        return self._source.contributions()

    @cached_property
    def pooled(self) -> Bools:
        """Which constants fell back to the pool of all groups, as an (n, k) array."""
        return self._source.pooled()

    @cached_property
    def rank(self) -> Codes:
        """1 is best, equal scores share the better rank, -1 where there is no score."""
        return competition_rank(self.value)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader should know of the data."""
        return self.oddities.findings(tuple(p.criterion for p in self._source.plan.parts))

    @cached_property
    def oddities(self) -> Oddities:
        """The counts that the findings rest on."""
        return self._source.oddities()

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame."""
        return {**self.row_wise_columns(), "rank": self.rank}

    def row_wise_columns(self) -> dict[str, Floats]:
        """Give what depends on each account alone as columns: all but the rank."""
        named = zip(self.names, self.contributions.T, strict=True)
        return {
            "score": self.value,
            "score_low": self.low,
            "score_high": self.high,
            "coverage": self.coverage,
            **{f"contribution_{name}": c for name, c in named},
        }

    def row(self, i: int) -> Record:
        """Give one account as a readable record."""
        i = checked_row(i, len(self))
        unknown = [n for n, known in zip(self.names, self.known[i], strict=True) if not known]
        pooled = [n for n, p in zip(self.names, self.pooled[i], strict=True) if p]
        record: dict[str, Any] = {
            "score": float(self.value[i]),
            "low": float(self.low[i]),
            "high": float(self.high[i]),
            "coverage": float(self.coverage[i]),
            "rank": int(self.rank[i]),
            "contributions": dict(zip(self.names, self.contributions[i].tolist(), strict=True)),
        }
        if unknown:
            record["unknown"] = ", ".join(unknown)
        if pooled:
            record["judged by the pool"] = ", ".join(pooled)
        return Record(record)
