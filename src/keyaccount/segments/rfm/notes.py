"""What a reader should know of the measures of some accounts: what is unknown or odd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from keyaccount._columns import Floats
from keyaccount.findings import Finding, Severity, about_values, counted
from keyaccount.segments.rfm.measures import Measure
from keyaccount.segments.rfm.reading import RfmRows

__all__ = ["rfm_findings"]


def rfm_findings(names: Mapping[Measure, str], rows: RfmRows) -> tuple[Finding, ...]:
    """Tell what is odd in each measure, and who is judged by the pool."""
    found: list[Finding] = []
    for ladder in rows.ladders:
        where = names[ladder.measure]
        found += _odd_values(ladder.measure, rows.raw[ladder.measure], where)
        found += _pooled(rows, ladder.measure, where)
    return tuple(found)


def _odd_values(measure: Measure, raw: Floats, where: str) -> tuple[Finding, ...]:
    infinite = np.isinf(raw)
    negative = (raw < 0.0) & ~infinite
    late = measure == "recency"
    below = "0 days: a purchase after the day of the summary" if late else f"0 on {measure}"
    serious: Severity = "info" if measure == "monetary" else "warning"
    lost = "infinite and counted as missing"
    return (
        *about_values(
            "missing", f"missing on {measure}", np.isnan(raw), raw, where=where, severity="info"
        ),
        *about_values("infinite", lost, infinite, raw, where=where),
        *about_values("negative", f"below {below}", negative, raw, where=where, severity=serious),
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
