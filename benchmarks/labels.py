"""1,000,000 labels to group codes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.harness import Ratio, compare
from keyaccount._columns import as_labels

N = 1_000_000


def run() -> Iterator[Ratio]:
    names = np.array([f"industry {g}" for g in range(50)], dtype=object)
    column = names[np.random.default_rng(0).integers(0, 50, N)]
    listed = column.tolist()

    def unique() -> object:
        return np.unique(column, return_inverse=True)

    claim = "1,000,000 labels to codes"
    yield compare(
        f"{claim}, object array", lambda: as_labels(column, "g"), "np.unique", unique, floor=1 / 5
    )
    yield compare(
        f"{claim}, list", lambda: as_labels(listed, "g"), "np.unique", unique, floor=1 / 5
    )
