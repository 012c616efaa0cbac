"""What kind of customer each account is."""

from __future__ import annotations

from typing import Any

from keyaccount.bands import Cuts
from keyaccount.playbook.explained.words import Lines, by_group, indented, listed, named, number
from keyaccount.segments.axis import Axis
from keyaccount.segments.cascade import Cascade
from keyaccount.segments.loyalty import Loyalty
from keyaccount.segments.matrix import Matrix
from keyaccount.segments.rfm import Rfm

__all__ = ["cascade_lines", "loyalty_lines", "matrix_lines", "rfm_lines"]


def matrix_lines(spec: Matrix) -> Lines:
    """Say which columns make which cells."""
    axes = [f"- {_axis(axis)}" for axis in spec.axes]
    cells = [f"- {_cell(c)}" for c in spec.cells if c.name or c.name_zh or c.treatment]
    title = named(spec.name.upper(), spec.name_zh)
    return [f"{title} crosses:", *axes, *([f"{len(spec.cells)} kinds:", *cells] if cells else [])]


def _axis(axis: Axis) -> str:
    where = "" if axis.column == axis.name else f" (column {axis.column!r})"
    name = named(axis.name, axis.name_zh)
    return f"{name}{where}: {by_group(axis.bands, lambda b: _bands(b, axis))}"


def _bands(bands: Any, axis: Axis) -> str:
    unit = "" if axis.unit in {"", "share"} else f" {axis.unit}"
    if not isinstance(bands, Cuts):
        return ", ".join(f"{c} {s}" for c, s in zip(axis.codes, bands.names, strict=True))
    ranges = [f"from {number(edge)}{unit}" for edge in bands.edges]
    ranges = [f"below {number(bands.edges[0])}{unit}" if ranges else "everything", *ranges]
    return ", ".join(f"{c} {r}" for c, r in zip(axis.codes, ranges, strict=True))


def _cell(cell: Any) -> str:
    treated = "" if cell.treatment is None else f" → {cell.treatment}"
    return f"{cell.code} {named(cell.name, cell.name_zh)}".rstrip() + treated


def cascade_lines(spec: Cascade) -> Lines:
    """Say what each of the three matrices asks."""
    return [
        (
            f"{spec.pcv.name.upper()} sorts all customers; its common ones are sorted by "
            f"{spec.ndf.name.upper()}, its VIPs by {spec.rad.name.upper()}."
        ),
        *(line for m in (spec.pcv, spec.ndf, spec.rad) for line in indented(matrix_lines(m))),
    ]


def loyalty_lines(spec: Loyalty) -> Lines:
    """Say which indicators make the profile."""
    axes = [f"- {_axis(axis)}" for axis in spec.matrix.axes]
    return ["A profile, digit by digit:", *axes]


def rfm_lines(spec: Rfm) -> Lines:
    """Say where high begins, and which segments there are."""
    columns = listed([spec.recency, spec.frequency, spec.monetary])
    lines = [f"Recency, frequency and money are read from {columns}; {_cuts(spec)}."]
    if spec.group is not None:
        lines.append(f"Customers are compared within {spec.group!r}.")
    segments = [
        f"- {named(s.name, s.name_zh, s.code)}"
        + (f" → {s.treatment}" if s.treatment is not None else "")
        for s in spec.segments.segments
    ]
    return [*lines, f"{len(segments)} segments, the best first:", *segments]


def _cuts(spec: Rfm) -> str:
    kind = type(spec.cuts).__name__
    words = {
        "FixedCut": "high is what reaches the thresholds that are stated",
        "MeanCut": "high is what reaches the mean of the book",
        "MedianCut": "high is what reaches the median of the book",
    }
    how = words.get(kind, f"scores from 1 to {spec.cuts.levels} by equal parts of the book")
    return how if spec.is_fitted else f"{how} (to learn)"
