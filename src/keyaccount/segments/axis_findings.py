"""What a reader should know of an axis's column: what is missing, infinite or makes no sense."""

from __future__ import annotations

import math

import numpy as np

from keyaccount._columns import Bools
from keyaccount.findings import Finding, about_values
from keyaccount.groups import ByGroup
from keyaccount.segments.axis_rows import AxisRows, NumberRows, StateRows

__all__ = ["axis_findings"]

_HALF = 0.5


def axis_findings(rows: AxisRows) -> list[Finding]:
    """Count what is missing, infinite or out of range on one axis."""
    if isinstance(rows, StateRows):
        return _missing(rows.found.codes < 0, rows)
    found = _missing(np.isnan(rows.values), rows)
    x, where = rows.values, rows.axis.column
    lost = "infinite and counted as missing"
    told = about_values("infinite", lost, np.isinf(x), x, where=where)
    return [*found, *told, *_out_of_range(rows), *_pooled(rows)]


def _pooled(rows: NumberRows) -> list[Finding]:
    """Tell of accounts whose group has no cuts of its own."""
    bands, groups = rows.axis.bands, rows.groups
    if not isinstance(bands, ByGroup) or groups is None:
        return []
    own = {label for label, _ in bands.groups}
    pooled = np.array([label not in own for label in groups.labels] + [True])[groups.codes]
    count = int(np.count_nonzero(pooled if rows.asked is None else pooled & rows.asked))
    if count == 0:
        return []
    account = "account is" if count == 1 else "accounts are"
    message = f"{count} {account} held against the cuts of the pool on {rows.axis.name!r}"
    return [
        Finding(
            code="pooled", message=message, count=count, where=rows.axis.column, severity="info"
        )
    ]


def _missing(where: Bools, rows: AxisRows) -> list[Finding]:
    count = int(np.count_nonzero(where if rows.asked is None else where & rows.asked))
    if count == 0:
        return []
    verb = "value is" if count == 1 else "values are"
    message = f"{count} {verb} missing: no cell without {'it' if count == 1 else 'them'}"
    return [Finding(code="missing", message=message, count=count, where=rows.axis.column)]


def _out_of_range(rows: NumberRows) -> tuple[Finding, ...]:
    axis, x = rows.axis, rows.values
    told: tuple[Finding, ...] = ()
    if axis.lowest is not None:
        below = (x < axis.lowest) & np.isfinite(x)
        what = f"below {axis.lowest:.6g} and counted in the lowest band"
        told += about_values("out_of_range", what, below, x, where=axis.column)
    if axis.highest is not None:
        told += _above(rows, (x > axis.highest) & np.isfinite(x))
    return told


def _above(rows: NumberRows, above: Bools) -> tuple[Finding, ...]:
    """Tell of numbers above the range; most of them above 1 means that shares are percentages."""
    axis, x = rows.axis, rows.values
    most = np.count_nonzero(above) > _HALF * np.count_nonzero(np.isfinite(x))
    if axis.unit == "share" and most:
        what = (
            "above 1, most of the column, and without a cell: percentages? a share of 45 % is "
            "written 0.45"
        )
        return about_values("percent", what, above, x, where=axis.column, severity="error")
    fate = "no share: no cell" if math.isfinite(axis.ceiling) else "counted in the highest band"
    what = f"above {axis.highest:.6g} and {fate}"
    return about_values("out_of_range", what, above, x, where=axis.column)
