"""What the book that a spec was fitted to says of its thresholds: cuts that tell nothing apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from keyaccount.findings import Finding
from keyaccount.segments.rfm.counts import Counts, RfmCounts, standings
from keyaccount.segments.rfm.cut_rule import Edges, RfmCut, edges_of
from keyaccount.segments.rfm.measures import Measure
from keyaccount.segments.rfm.segment_map import RfmMap

__all__ = ["fit_findings"]

_SHOWN = 5
_LETTERS = 2


@attrs.frozen(eq=False)
class _Standing:
    """How the known accounts of one group stood on one measure: how many at each level."""

    measure: Measure
    where: str
    edges: Edges
    counts: Counts
    group: str


def fit_findings(
    cuts: RfmCut, names: Mapping[Measure, str], map_: RfmMap, seen: RfmCounts
) -> tuple[Finding, ...]:
    """Tell which cuts put the whole book on one side, and whether it fell into one segment."""
    filled = sum(count > 0 for count in seen.segments)
    is_filled = "is" if filled == 1 else "are"
    of_all = f"{filled} of {len(seen.segments)} segments {is_filled} filled"
    found: list[Finding] = []
    for measure, group, known, counts in standings(seen, cuts.thresholds):
        standing = _Standing(measure, names[measure], edges_of(known), counts, group)
        found += _degenerate(cuts, standing, of_all)
        found += _empty_scores(cuts, standing)
    return (*found, *_one_segment(map_, seen.segments))


def _degenerate(cuts: RfmCut, of: _Standing, filled: str) -> Iterator[Finding]:
    """Tell of a cut with all known accounts of a group on one side."""
    known, high = sum(of.counts), sum(of.counts[cuts.high_level :])
    if not known or 0 < high < known:
        return
    edge = of.edges[cuts.high_level - 1]
    reach = "at most" if of.measure == "recency" else "at least"
    side = "high" if high else "low"
    yield Finding(
        code="degenerate_cut",
        message=(
            f"{of.measure} tells nothing apart{of.group}: {_everybody(known, 'known account')} "
            f"{side} (100 %), where high is {reach} {edge:.10g}; {filled}"
        ),
        count=known,
        where=of.where,
        examples=[f"{edge:.15g}"],
    )


def _everybody(count: int, noun: str) -> str:
    whose = "of the fitted book"
    return f"the only {noun} {whose} is" if count == 1 else f"all {count:,} {noun}s {whose} are"


def _empty_scores(cuts: RfmCut, of: _Standing) -> Iterator[Finding]:
    """Tell of scores that ties leave without anybody: two scores begin at one value."""
    empty = [s for s in range(2, cuts.levels) if of.edges[s - 1] == of.edges[s - 2]]
    known = sum(of.counts)
    if cuts.levels > _LETTERS and known >= cuts.levels and of.counts[0] == 0:
        empty.insert(0, 1)
    if empty and known:
        scores = ", ".join(map(str, empty))
        yield Finding(
            code="empty_scores",
            message=(
                f"nobody of the fitted book has score {scores} of {cuts.levels} on "
                f"{of.measure}{of.group}: equal values score equally, the higher score"
            ),
            count=len(empty),
            where=of.where,
            examples=tuple(map(str, empty[:_SHOWN])),
        )


def _one_segment(map_: RfmMap, counts: Counts) -> Iterator[Finding]:
    """Tell of a book that fell into one segment: of one account, or of equal values."""
    filled = [(code, n) for code, n in zip(map_.codes, counts, strict=True) if n]
    if len(filled) == 1 and len(map_.codes) > 1:
        [(code, known)] = filled
        yield Finding(
            code="one_segment",
            message=(
                f"{_everybody(known, 'account')} in one segment, {code}: "
                "these thresholds say nothing of who is better"
            ),
            count=known,
            where=map_.name,
            examples=[code],
        )
