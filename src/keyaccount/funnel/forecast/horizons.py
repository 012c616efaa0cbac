"""How long before the decision a forecast was made, in bands of days."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from keyaccount.bands import Cuts
from keyaccount.errors import SpecError

__all__ = ["band_texts", "horizons_of"]

HORIZONS = Cuts((30, 90))
"""A month and a quarter ahead, in days: a choice of this library."""


def horizons_of(stated: Cuts | None) -> Cuts:
    """Give the cuts stated, or those of this library."""
    given: Any = HORIZONS if stated is None else stated
    if not isinstance(given, Cuts) or any(e <= 0.0 for e in given.edges):
        raise SpecError.from_field(
            "calibrate_forecasts(horizons)",
            "must be Cuts of days above 0",
            given,
            "write horizons=Cuts((30, 90)).",
        )
    return given


def band_texts(cuts: Cuts) -> list[str]:
    """Write each band in words."""
    if not cuts.edges:
        return ["any day"]
    inner = [f"{a:g} to under {b:g} days" for a, b in pairwise(cuts.edges)]
    return [f"under {cuts.edges[0]:g} days", *inner, f"{cuts.edges[-1]:g} days or more"]
