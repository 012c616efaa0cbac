"""What a reader should know of the measures of some accounts: what is unknown or odd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from keyaccount._columns import Bools, Floats
from keyaccount.findings import Finding, counted
from keyaccount.segments.rfm.measures import Measure
from keyaccount.segments.rfm.reading import RfmRows

__all__ = ["rfm_findings"]

_SHOWN = 5


def rfm_findings(names: Mapping[Measure, str], rows: RfmRows) -> tuple[Finding, ...]:
    """Tell what is odd in each measure, and who is judged by the pool."""
    found: list[Finding] = []
    for ladder in rows.ladders:
        where = names[ladder.measure]
        found += _odd_values(ladder.measure, rows.raw[ladder.measure], where)
        found += _pooled(rows, ladder.measure, where)
    return tuple(found)


def _odd_values(measure: Measure, raw: Floats, where: str) -> Iterator[Finding]:
    missing = np.isnan(raw)
    if missing.any():
        yield _told("missing", f"missing on {measure}", missing, raw, where, severity="info")
    infinite = np.isinf(raw)
    if infinite.any():
        yield _told("infinite", "infinite and counted as missing", infinite, raw, where)
    negative = (raw < 0.0) & ~infinite
    if negative.any() and measure == "recency":
        what = "below 0 days: a purchase after the day of the summary"
        yield _told("negative", what, negative, raw, where)
    elif negative.any():
        severity = "warning" if measure == "frequency" else "info"
        yield _told("negative", f"below 0 on {measure}", negative, raw, where, severity=severity)


def _told(
    code: str, what: str, which: Bools, raw: Floats, where: str, *, severity: str = "warning"
) -> Finding:
    count = int(np.count_nonzero(which))
    first = np.flatnonzero(which)[:_SHOWN].tolist()
    verb = "value is" if count == 1 else "values are"
    return Finding(
        code=code,
        message=f"{count:,} {verb} {what}",
        count=count,
        where=where,
        severity=severity,
        examples=[f"row {i}: {raw[i]:.15g}" for i in first],
    )


def _pooled(rows: RfmRows, measure: Measure, where: str) -> Iterator[Finding]:
    pooled = rows.pooled.get(measure)
    count = 0 if pooled is None else int(np.count_nonzero(pooled))
    if count:
        accounts = f"{counted(count, 'account')} {'is' if count == 1 else 'are'}"
        yield Finding(
            code="pooled",
            message=f"{accounts} judged by the pool of all groups on {measure}",
            count=count,
            where=where,
            severity="info",
        )
