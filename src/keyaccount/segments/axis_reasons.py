"""Why an account is in a band, in words: its value, the edges, and how far the next band is."""

from __future__ import annotations

import math
from decimal import Decimal

from keyaccount.groups import ByGroup
from keyaccount.segments.axis_rows import AxisRows, NumberRows, StateRows

__all__ = ["reason"]


def reason(rows: AxisRows, i: int) -> str:
    """Say why one account is in its band of an axis."""
    return _state(rows, i) if isinstance(rows, StateRows) else _band(rows, i)


def _state(rows: StateRows, i: int) -> str:
    code = int(rows.found.codes[i])
    if code < 0:
        return "unknown"
    band = int(rows.table[code])
    return f"{rows.found.labels[code]}: {rows.axis.codes[band]} ({rows.axis.labels[band]})"


def _band(rows: NumberRows, i: int) -> str:
    axis, x = rows.axis, float(rows.values[i])
    if not math.isfinite(x):
        return "unknown"
    if x > axis.ceiling:
        return f"{_number(x)} is above {_number(axis.ceiling)}, no share: unknown"
    cuts = rows.cuts_of(i)
    edges, band = cuts.edges, cuts.one(x)
    low = f"[{_number(edges[band - 1])}" if band else "(-∞"
    high = _number(edges[band]) if band < len(edges) else "∞"
    said = f"{_with_unit(x, axis.unit)} is in {low}, {high}): {axis.codes[band]}"
    if isinstance(axis.bands, ByGroup):
        said += f" by the cuts of {rows.whose_cuts(i)}"
    if band == len(edges):
        return said
    gap = Decimal(repr(edges[band])) - Decimal(repr(x))  # as printed: 0.01, not 0.00999999
    return f"{said}; {_with_unit(float(gap), axis.unit)} short of {axis.codes[band + 1]}"


def _with_unit(x: float, unit: str) -> str:
    number = _number(x)
    return f"{number} {unit}" if unit and unit != "share" else number


def _number(x: float) -> str:
    """Write money with thousands apart, and no digit that float64 does not hold."""
    return f"{x + 0.0:,.15g}"
