"""Rows that share an id: copies, of which one is enough, and contradictions, of which none is."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from keyaccount._columns import Bools, Objects, label_text
from keyaccount.findings import Finding
from keyaccount.intake.cells import distinct
from keyaccount.intake.notes import note, rows
from keyaccount.intake.tables import Table

__all__ = ["duplicates"]


def duplicates(table: Table, ids: Objects, where: str) -> tuple[Bools, Bools, tuple[Finding, ...]]:
    """Mark the further copies of a row, and all rows of an id whose rows contradict each other.

    Which of two contradicting rows is right cannot be told from their order: none is used.

    Parameters
    ----------
    table
        The table that the rows are compared in, all columns of it.
    ids
        One id per row, None where blank; blank ids are never the same.
    where
        What the findings call the column of ids.
    """
    codes, _, counts = distinct(ids)
    copy = np.zeros(len(ids), dtype=bool)
    conflict = np.zeros(len(ids), dtype=bool)
    twice = np.array([*(n > 1 for n in counts), False], dtype=bool)[codes]
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero(twice).tolist():
        groups[int(codes[row])].append(row)
    for group in groups.values():
        contents = {_content(table, row) for row in group}
        (copy if len(contents) == 1 else conflict)[group] = True
        copy[group[0]] = False
    return copy, conflict, _told(copy, conflict, ids, where)


def _content(table: Table, row: int) -> tuple[str | None, ...]:
    texts = (label_text(column[row]) for column in table.columns.values())
    return tuple(text.strip() or None if text else None for text in texts)


def _told(copy: Bools, conflict: Bools, ids: Objects, where: str) -> tuple[Finding, ...]:
    copies, conflicts = int(np.count_nonzero(copy)), int(np.count_nonzero(conflict))
    said = f"{where}: {rows(copies)} left out, equal to an earlier one in every cell"
    told = note("duplicate_row", said, copies, where, "warning", examples=ids[copy])
    said = f"{where}: {rows(conflicts)} rejected: same id, different content"
    return told + note("conflicting_rows", said, conflicts, where, "error", examples=ids[conflict])
