"""The reliability table: how often what was forecast at 60 % came about."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Codes, Floats
from keyaccount._record import Record, checked_row
from keyaccount._validators import exact_int
from keyaccount._view import View, Viewed
from keyaccount.bands import Cuts
from keyaccount.errors import SpecError
from keyaccount.stats.sums import exact_sum, group_counts, group_means
from keyaccount.stats.wilson import wilson_interval

__all__ = ["BrierParts", "ReliabilityTable", "as_bins", "brier_parts", "reliability_table"]


@attrs.frozen(eq=False)
class ReliabilityTable(Viewed):
    """Forecasts in bins, and how often what they forecast came about.

    Parameters
    ----------
    start, end
        The bins, half-open: a forecast equal to an inner end belongs to the upper bin.
    count
        Forecasts in the bin.
    forecast
        Their mean; NaN in an empty bin.
    observed
        How often the event came about; NaN in an empty bin.
    low, high
        Wilson's interval of the observed rate. A mean forecast outside it is not calibrated there.

    Examples
    --------
    >>> import keyaccount as ka
    >>> table = ka.calibration([0.2, 0.3, 0.9], [0, 1, 1], bins=2).table
    >>> table.count, table.forecast, table.observed
    (array([2, 1]), array([0.25, 0.9 ]), array([0.5, 1. ]))
    """

    start: Floats
    end: Floats
    count: Codes
    forecast: Floats
    observed: Floats
    low: Floats
    high: Floats

    def __len__(self) -> int:
        return len(self.count)

    def columns(self) -> dict[str, Any]:
        """Return the table as columns, for any DataFrame constructor."""
        return {a.name: getattr(self, a.name) for a in attrs.fields(type(self))}

    def _view(self) -> View:
        return View(f"Reliability in {len(self)} bins", self.columns(), len(self))

    def row(self, i: int) -> Record:
        """Return one bin as a record."""
        i = checked_row(i, len(self))
        return Record({name: column[i].item() for name, column in self.columns().items()})


@attrs.frozen
class BrierParts:
    """What a Brier score is made of: reliability − resolution + uncertainty + within_bins.

    Parameters
    ----------
    reliability
        How far the mean forecasts of the bins lie from the observed rates, squared; 0 is best.
    resolution
        How far the observed rates of the bins lie from that of all, squared; more is better.
    uncertainty
        The variance of the outcomes: what a forecaster who only knew their rate would score.
    within_bins
        What forecasts that differ inside a bin add; 0 where all forecasts in a bin are equal.

    Examples
    --------
    >>> import keyaccount as ka
    >>> parts = ka.calibration([0.25, 0.25, 0.75, 0.75], [0, 1, 1, 1], bins=2).parts
    >>> parts.reliability, parts.resolution, parts.uncertainty
    (0.0625, 0.0625, 0.1875)
    """

    reliability: float
    resolution: float
    uncertainty: float
    within_bins: float


def as_bins(bins: Any) -> Cuts:
    """Read how to cut forecasts into bins: how many equal ones, or at which cuts.

    Raises
    ------
    SpecError
        It is neither a count from 1 on nor cuts inside (0, 1).
    """
    if isinstance(bins, Cuts):
        good = all(0.0 < e < 1.0 for e in bins.edges)
        cuts = bins
    else:
        n = exact_int(bins)
        good = isinstance(n, int) and not isinstance(n, bool) and 1 <= n <= 1_000  # noqa: PLR2004 - more bins than per mille
        cuts = Cuts([i / n for i in range(1, n)]) if good else Cuts(())
    if not good:
        raise SpecError.from_field(
            "calibration(bins)",
            "must be a count from 1 to 1000, or Cuts inside (0, 1)",
            bins,
            "write bins=10, or bins=Cuts((0.2, 0.5)) for three bins.",
        )
    return cuts


def reliability_table(p: Floats, o: Floats, cuts: Cuts, level: float) -> ReliabilityTable:
    """Count forecasts and outcomes per bin."""
    k = len(cuts.edges) + 1
    codes = cuts.codes(p).astype(np.int64)
    count = group_counts(codes, k)
    low, high = wilson_interval(group_counts(codes, k, o == 1.0), count, level=level)
    return ReliabilityTable(
        np.array([0.0, *cuts.edges]),
        np.array([*cuts.edges, 1.0]),
        count,
        group_means(p, codes, k),
        group_means(o, codes, k),
        low,
        high,
    )


def brier_parts(p: Floats, o: Floats, cuts: Cuts, table: ReliabilityTable) -> BrierParts:
    """Take the Brier score apart by bins.

    Murphy (1973) for the first three parts, and Stephenson, Coelho & Jolliffe (2008) for the
    fourth, without which they add up only where all forecasts of a bin are equal.
    """
    n = len(p)
    filled = table.count > 0
    count, forecast, observed = table.count[filled], table.forecast[filled], table.observed[filled]
    rate = exact_sum(o) / n
    codes = cuts.codes(p)
    off, miss = p - table.forecast[codes], o - table.observed[codes]
    apart, distance = forecast - observed, observed - rate
    return BrierParts(
        reliability=exact_sum(count * apart * apart) / n,
        resolution=exact_sum(count * distance * distance) / n,
        uncertainty=rate * (1.0 - rate),
        within_bins=exact_sum(off * off - 2.0 * miss * off) / n,
    )
