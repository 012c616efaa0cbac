"""The cells of a column: each distinct one once, with a code per row; texts without outer spaces.

One bad cell does not decide about the others: it becomes missing, and a finding counts such cells
and shows a few. The work is done once per distinct cell. A column of texts that comes from a file
stays in Arrow until somebody asks for its cells: a million ids are coded there in a tenth of the
time that Python takes.
"""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from itertools import compress
from typing import Any, TypeAlias

import numpy as np

from keyaccount._columns import Bools, Codes, Labels, Objects, label_text
from keyaccount.findings import Finding, counted, note

__all__ = [
    "Cells",
    "Column",
    "compute",
    "counts_of",
    "distinct",
    "in_one_piece",
    "is_arrow",
    "label_counts",
    "read_texts",
    "relabelled",
    "taken",
]

Cells: TypeAlias = tuple[Codes, list[Any], list[int]]
"""One code per row (-1 where missing), the distinct cells, and how many rows hold each."""

Column: TypeAlias = Any
"""A numpy array of objects, numbers or dates, or an Arrow column of texts."""


def is_arrow(column: Column) -> bool:
    """Say whether a column is one of texts in Arrow."""
    return not isinstance(column, np.ndarray)


def compute() -> Any:
    """Give Arrow's functions, which are made at run time and known to no type checker."""
    return import_module("pyarrow.compute")


def distinct(column: Column) -> Cells:
    """Give each distinct known cell a code; blank texts and NaN are missing."""
    codes, cells, counts = _coded_arrow(column) if is_arrow(column) else _coded(column)
    known = np.array([not _is_blank(cell) for cell in cells], dtype=np.bool_)
    if known.all():
        return codes, cells, counts
    renumbered = np.append(np.where(known, np.cumsum(known) - 1, -1), -1)
    return renumbered[codes], list(compress(cells, known)), list(compress(counts, known))


def _coded(array: Objects) -> Cells:
    values = array.tolist()
    counts = Counter(values)
    position = dict(zip(counts, range(len(counts)), strict=True))
    codes = np.fromiter(map(position.__getitem__, values), dtype=np.int64, count=len(values))
    return codes, list(counts), list(counts.values())


def _coded_arrow(column: Column) -> Cells:
    """Let Arrow code the texts, in the order in which they are first met."""
    encoded = in_one_piece(column).dictionary_encode()
    codes = encoded.indices.cast("int64").fill_null(-1).to_numpy(zero_copy_only=False)
    cells = encoded.dictionary.to_pylist()
    return codes, cells, counts_of(codes, len(cells))


def in_one_piece(column: Column) -> Any:
    """Put the chunks of an Arrow column together."""
    return column.combine_chunks() if hasattr(column, "chunks") else column


def counts_of(codes: Codes, n: int) -> list[int]:
    """Count the rows of each code; -1 is none."""
    counts: list[int] = np.bincount(codes + 1, minlength=n + 1)[1:].tolist()
    return counts


def _is_blank(value: Any) -> bool:
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or label_text(value) is None


def read_texts(column: Column, where: str) -> tuple[Labels, tuple[Finding, ...]]:
    """Read a column as texts without spaces around them, missing where blank."""
    codes, cells, counts = distinct(column)
    texts = cells if is_arrow(column) else [label_text(c) or "" for c in cells]
    stripped = [t.strip() for t in texts]
    padded = [(t, n) for t, s, n in zip(texts, stripped, counts, strict=True) if t != s]
    n = sum(n for _, n in padded)
    message = f"{where}: {counted(n, 'row')} had spaces around the text, which were taken off"
    found = note("spaces", message, n, where, "info", examples=[repr(t) for t, _ in padded])
    if is_arrow(column) and not padded:
        return Labels(codes, tuple(texts)), found
    return relabelled(codes, stripped), found


def relabelled(codes: Codes, texts: list[str]) -> Labels:
    """Give each text one code where several codes have come to mean the same text."""
    position = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    if len(position) == len(texts):
        return Labels(codes, tuple(texts))
    table = np.array([*(position[t] for t in texts), -1], dtype=np.int64)
    return Labels(table[codes], tuple(position))


def taken(found: Labels, mask: Bools) -> Labels:
    """Give the labels of some rows."""
    return Labels(found.codes[mask], found.labels)


def label_counts(found: Labels) -> dict[str, int]:
    """Count the rows of each label that occurs."""
    counts = counts_of(found.codes, len(found.labels))
    return {label: n for label, n in zip(found.labels, counts, strict=True) if n}
