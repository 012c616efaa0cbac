"""Rows that share an id: copies, of which one is enough, and contradictions, of which none is."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from keyaccount._columns import Bools, Labels, label_text
from keyaccount.findings import Finding, counted, note
from keyaccount.intake.cells import counts_of
from keyaccount.intake.tables import Table

__all__ = ["duplicates"]


def duplicates(table: Table, ids: Labels, where: str) -> tuple[Bools, Bools, tuple[Finding, ...]]:
    """Mark the further copies of a row, and all rows of an id whose rows contradict each other.

    Which of two contradicting rows is right cannot be told from their order: none is used.

    Parameters
    ----------
    table
        The table that the rows are compared in, all columns of it.
    ids
        One id per row; blank ids are never the same.
    where
        What the findings call the column of ids.
    """
    codes = ids.codes
    copy = np.zeros(len(ids), dtype=bool)
    conflict = np.zeros(len(ids), dtype=bool)
    counts = np.array([*counts_of(codes, len(ids.labels)), 0])
    twice = np.flatnonzero(counts[codes] > 1)
    groups: defaultdict[int, list[tuple[int, Any]]] = defaultdict(list)
    for row, cells in zip(twice.tolist(), table.cells(twice), strict=True):
        groups[int(codes[row])].append((row, _content(cells)))
    for group in groups.values():
        members = [row for row, _ in group]
        same = len({content for _, content in group}) == 1
        (copy if same else conflict)[members] = True
        copy[members[0]] = False
    return copy, conflict, _told(copy, conflict, ids, where)


def _content(cells: tuple[Any, ...]) -> tuple[str | None, ...]:
    texts = (label_text(cell) for cell in cells)
    return tuple(text.strip() or None if text else None for text in texts)


def _named(ids: Labels, mask: Bools) -> list[str]:
    """Name the first few ids of the marked rows."""
    return [ids.labels[code] for code in ids.codes[mask].tolist()]


def _told(copy: Bools, conflict: Bools, ids: Labels, where: str) -> tuple[Finding, ...]:
    copies, conflicts = int(np.count_nonzero(copy)), int(np.count_nonzero(conflict))
    said = f"{where}: {counted(copies, 'row')} left out, equal to an earlier one in every cell"
    told = note("duplicate_row", said, copies, where, "warning", examples=_named(ids, copy))
    said = f"{where}: {counted(conflicts, 'row')} rejected: same id, different content"
    return told + note(
        "conflicting_rows", said, conflicts, where, "error", examples=_named(ids, conflict)
    )
