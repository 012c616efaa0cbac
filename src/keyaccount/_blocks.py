"""Cache-sized blocks for element-wise kernels.

A kernel of several passes over a long column is bound by memory. Cut into blocks of 24,576 rows,
the passes after the first find their data in the cache.
"""

from __future__ import annotations

from collections.abc import Iterator

BLOCK = 24_576
"""Rows in a block: three arrays of doubles this long fit into a second-level cache of 1 MiB."""


def blocks(n: int, size: int = BLOCK) -> Iterator[slice]:
    """Cut ``range(n)`` into slices of at most `size` rows."""
    for start in range(0, n, size):
        yield slice(start, min(start + size, n))
