"""Matrix codes of 10,000,000 rows beside a binary search per row and axis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import keyaccount as ka
from benchmarks.harness import Ratio, compare

N = 10_000_000


def run() -> Iterator[Ratio]:
    rng = np.random.default_rng(0)
    book = {"budget": rng.lognormal(12, 1.5, N), "share_of_wallet": rng.random(N)}
    yield _against_search("RAD", ka.rad(), book, floor=1 / 5)
    gaps = {name: np.where(rng.random(N) < 0.05, np.nan, x) for name, x in book.items()}
    yield _against_search("RAD, 5 % missing", ka.rad(), gaps, floor=1 / 5)
    yield _against_search("9 cuts × 9 cuts", _nine_by_nine(book), book, floor=1 / 5)


def _nine_by_nine(book: dict[str, Any]) -> ka.Matrix:
    codes = [str(i) for i in range(10)]
    axes = tuple(
        ka.Axis(name, name, bands=np.quantile(x[:100_000], np.arange(1, 10) / 10), codes=codes)
        for name, x in book.items()
    )
    cells = [ka.Cell(f"{i:02}") for i in range(100)]
    return ka.Matrix("nine", axes=axes, cells=cells)


def _against_search(
    claim: str, matrix: ka.Matrix, book: dict[str, Any], floor: float | None
) -> Ratio:
    edges = [np.array(a.bands.edges) for a in matrix.axes if isinstance(a.bands, ka.Cuts)]
    columns = [book[a.column] for a in matrix.axes]
    size = len(edges[-1]) + 1

    def theirs() -> list[np.ndarray]:
        """Search each axis; crossing them is not even asked for."""
        return [np.searchsorted(e, x, side="right") for e, x in zip(edges, columns, strict=True)]

    def ours() -> np.ndarray:
        return matrix.assign(book).code

    first, second = theirs()
    known = np.isfinite(columns[0]) & np.isfinite(columns[1])
    assert (ours() == np.where(known, first * size + second, -1)).all()
    return compare(f"{claim} of 10,000,000 rows", ours, "np.searchsorted", theirs, floor=floor)
