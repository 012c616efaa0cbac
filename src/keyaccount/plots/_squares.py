"""Lay areas out as rectangles that are as square as may be, for tree maps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

__all__ = ["Box", "laid_out"]

Box: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, width and height."""


def laid_out(areas: Sequence[float], width: float = 1.0, height: float = 1.0) -> list[Box]:
    """Divide a rectangle in proportion to areas above 0, given from large to small.

    Squarified tree map: Bruls, M., Huizing, K. and van Wijk, J. (2000), Squarified Treemaps. The
    first box is at the top left.
    """
    scale = width * height / sum(areas) if areas else 0.0
    left, bottom = 0.0, 0.0
    rest = [a * scale for a in areas]
    boxes: list[Box] = []
    while rest:
        side = min(width, height)
        row = rest[: _best_row(rest, side)]
        rest = rest[len(row) :]
        depth = sum(row) / side
        along = 0.0
        for area in row:
            length = area / depth
            if width >= height:
                boxes.append((left, bottom + height - along - length, depth, length))
            else:
                boxes.append((left + along, bottom + height - depth, length, depth))
            along += length
        if width >= height:
            left, width = left + depth, width - depth
        else:
            height -= depth
    return boxes


def _best_row(areas: Sequence[float], side: float) -> int:
    """Say how many areas to put side by side so that the longest is shortest."""
    best, count = _worst(areas[:1], side), 1
    for n in range(2, len(areas) + 1):
        worst = _worst(areas[:n], side)
        if worst > best:
            break
        best, count = worst, n
    return count


def _worst(row: Sequence[float], side: float) -> float:
    total = sum(row)
    return max(side**2 * max(row) / total**2, total**2 / (side**2 * min(row)))
