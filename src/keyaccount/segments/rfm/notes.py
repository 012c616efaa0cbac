"""What a reader should know of the measures of a book: unknown, odd, and cuts that tell nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs
import numpy as np

from keyaccount._columns import Bools, Floats
from keyaccount.findings import Finding
from keyaccount.segments.rfm.cut_rule import Edges, RfmCut
from keyaccount.segments.rfm.ladder import Ladder
from keyaccount.segments.rfm.measures import Measure
from keyaccount.segments.rfm.reading import RfmRows

__all__ = ["rfm_findings"]

_SHOWN = 5
_FEWEST = 2
"""One account alone always lies on one side of a cut: that says nothing of the cut."""


def rfm_findings(
    cuts: RfmCut, names: Mapping[Measure, str], rows: RfmRows, filled: str
) -> tuple[Finding, ...]:
    """Tell what is odd in each measure, and which cuts put everybody on one side."""
    found: list[Finding] = []
    for ladder in rows.ladders:
        where = names[ladder.measure]
        found += _odd_values(ladder.measure, rows.raw[ladder.measure], where)
        found += _pooled(rows, ladder.measure, where)
        for standing in _standings(ladder, rows, where, cuts.levels):
            found += _degenerate(cuts, standing, filled)
            found += _empty_scores(cuts, standing)
    return tuple(found)


def _odd_values(measure: Measure, raw: Floats, where: str) -> Iterator[Finding]:
    missing = np.isnan(raw)
    if missing.any():
        yield _told("missing", f"of {measure} missing", missing, raw, where, severity="info")
    infinite = np.isinf(raw)
    if infinite.any():
        yield _told("infinite", "infinite and counted as missing", infinite, raw, where)
    negative = (raw < 0.0) & ~infinite
    if negative.any() and measure == "recency":
        what = "below 0 days: a purchase after the day of the summary"
        yield _told("negative", what, negative, raw, where)
    elif negative.any():
        severity = "warning" if measure == "frequency" else "info"
        yield _told("negative", f"of {measure} below 0", negative, raw, where, severity=severity)


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
        yield Finding(
            code="pooled",
            message=f"{count:,} accounts are judged by the pool of all groups on {measure}",
            count=count,
            where=where,
            severity="info",
        )


@attrs.frozen(eq=False)
class _Standing:
    """How the known accounts of one group stand on one measure: how many are at each level."""

    measure: Measure
    where: str
    edges: Edges
    counts: list[int]
    group: str


def _standings(ladder: Ladder, rows: RfmRows, where: str, size: int) -> Iterator[_Standing]:
    """Count the known accounts of each group that has thresholds, and of the pool, by level."""
    level = rows.levels[ladder.measure]
    known = level >= 0
    cell = level[known].astype(np.int64)
    if ladder.grouped and rows.groups is not None:
        cell += rows.groups[known] * size
    counts = np.bincount(cell, minlength=len(ladder.edges) * size).reshape(-1, size).tolist()
    names = [f" in group {name!r}" for name in rows.group_names]
    for edges, own, group in zip(
        ladder.edges, counts, [*names, " in the pool"] if ladder.grouped else [""], strict=True
    ):
        yield _Standing(ladder.measure, where, edges, own, group)


def _degenerate(cuts: RfmCut, of: _Standing, filled: str) -> Iterator[Finding]:
    """Tell of a cut with all known accounts of a group on one side."""
    known, high = sum(of.counts), sum(of.counts[cuts.high_level :])
    if known < _FEWEST or 0 < high < known:
        return
    edge = of.edges[cuts.high_level - 1]
    reach = "at most" if of.measure == "recency" else "at least"
    side = "high" if high else "low"
    yield Finding(
        code="degenerate_cut",
        message=(
            f"{of.measure} tells nothing apart{of.group}: all {known:,} known accounts (100 %) are "
            f"{side}, where high is {reach} {edge:.10g}; {filled}"
        ),
        count=known,
        where=of.where,
        examples=[f"{edge:.15g}"],
    )


def _empty_scores(cuts: RfmCut, of: _Standing) -> Iterator[Finding]:
    """Tell of scores that ties leave without anybody: two scores begin at one value."""
    empty = [s for s in range(2, cuts.levels) if of.edges[s - 1] == of.edges[s - 2]]
    known = sum(of.counts)
    if cuts.levels > _FEWEST and known >= cuts.levels and of.counts[0] == 0:
        empty.insert(0, 1)
    if empty and known:
        scores = ", ".join(map(str, empty))
        yield Finding(
            code="empty_scores",
            message=(
                f"nobody has score {scores} of {cuts.levels} on {of.measure}{of.group}: equal "
                "values score equally, the higher score"
            ),
            count=len(empty),
            where=of.where,
            examples=tuple(map(str, empty[:_SHOWN])),
        )
