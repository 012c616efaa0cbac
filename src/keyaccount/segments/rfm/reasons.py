"""Why a measure is high or low: the value of one account against its thresholds."""

from __future__ import annotations

from keyaccount.segments.rfm.cut_rule import RfmCut
from keyaccount.segments.rfm.ladder import Ladder
from keyaccount.segments.rfm.reading import RfmRows

__all__ = ["reasons"]

_LETTERS = 2


def reasons(cuts: RfmCut, rows: RfmRows, i: int) -> dict[str, str]:
    """Write each measure of one account against its thresholds, and whose thresholds they are."""
    why: dict[str, str] = {
        ladder.measure: _reason(cuts, rows, ladder, i) for ladder in rows.ladders
    }
    if rows.labels is not None:
        why["group"] = rows.group_of(i) or "unknown"
    pooled = [measure for measure, which in rows.pooled.items() if which[i]]
    if pooled:
        why["judged by the pool"] = ", ".join(pooled)
    return why


def _reason(cuts: RfmCut, rows: RfmRows, ladder: Ladder, i: int) -> str:
    """Write one measure against the threshold that decides, and what comes of it."""
    level = int(rows.levels[ladder.measure][i])
    if level < 0:
        return "unknown"
    value, edges = rows.values[ladder.measure][i], rows.edges_of(ladder, i)
    reached, missed = ("<=", ">") if ladder.measure == "recency" else (">=", "<")
    against = f"{reached} {edges[level - 1]:.10g}" if level else f"{missed} {edges[0]:.10g}"
    letter = "H" if level >= cuts.high_level else "L"
    score = "" if cuts.levels == _LETTERS else f"score {level + 1} of {cuts.levels}, "
    return f"{value:.10g} {against}: {score}{letter}"
