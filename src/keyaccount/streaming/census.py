"""The first look at a book: every id once, which groups there are, who of the named is there."""

from __future__ import annotations

import attrs
import numpy as np

from keyaccount._columns import Codes, Days, Labels, as_labels
from keyaccount.streaming.ids import (
    Hashes,
    hashes_of,
    id_texts,
    refuse_duplicates,
    refuse_missing_ids,
)
from keyaccount.streaming.job import Job
from keyaccount.streaming.named import Named

_NARROW = np.iinfo(np.int16).max


@attrs.define(eq=False)
class Groups:
    """The group of each row as a code, of two bytes where groups are few; -1: it has none."""

    codes: np.ndarray[tuple[int], np.dtype[np.signedinteger]]
    position: dict[str, int] = attrs.field(factory=dict)

    @classmethod
    def empty(cls, n: int) -> Groups:
        """Make room for the groups of so many rows."""
        return cls(np.empty(n, dtype=np.int16))

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, in the order in which they are first seen."""
        return tuple(self.position)

    def put(self, start: int, found: Labels) -> None:
        """Put the groups of some rows in their place."""
        for label in found.labels:
            _ = self.position.setdefault(label, len(self.position))
        if len(self.position) > _NARROW and self.codes.dtype == np.int16:
            self.codes = self.codes.astype(np.int32)
        table = np.array([*(self.position[label] for label in found.labels), -1])
        self.codes[start : start + len(found)] = table[found.codes]


@attrs.frozen(eq=False)
class Present:
    """Which of the named accounts are in the book: their rows, rising, and places in the list."""

    rows: Codes
    places: Codes


@attrs.frozen(eq=False)
class Incumbents:
    """Who was key before: the rows, rising, and days of those in the book, and who is gone."""

    rows: Codes
    since: Days
    named: int
    dated: int
    gone: int
    first_gone: tuple[str, ...]


@attrs.frozen(eq=False)
class Census:
    """What the first look at a book found."""

    groups: dict[str, Groups]
    overridden: Present
    incumbents: Incumbents


def take_census(job: Job, incumbents: Named) -> Census:
    """Read ids and groups.

    Raises
    ------
    RowError, DuplicateIdError
        A row has no id, or an id occurs twice.
    """
    n, named = len(job.source), [job.overridden, incumbents]
    columns = [c for c in (job.grouped_by, job.within) if c is not None]
    groups = {name: Groups.empty(n) for name in columns}
    found: list[list[tuple[Codes, Codes]]] = [[], []]
    hashes = np.empty(n, dtype=np.uint64)
    job.progress("reading ids", 0, n)
    for part in job.source.parts([job.id, *groups], job.part_rows):
        start, texts = part.start, id_texts(part.table.column(job.id))
        refuse_missing_ids(texts, job.id, start)
        hashes[start : start + len(texts)] = own = hashes_of(texts)
        for one, parts in zip(named, found, strict=True):
            parts.append(_found(one, texts, own, start))
        for name, group in groups.items():
            group.put(start, as_labels(part.table.column(name), name))
        job.progress("reading ids", start + len(texts), n)
    refuse_duplicates(hashes, job.source, job.id, job.part_rows)
    overridden, present = map(_present, found)
    return Census(groups, overridden, _incumbents(incumbents, present))


def _found(named: Named, texts: object, hashes: Hashes, start: int) -> tuple[Codes, Codes]:
    own = hashes if named.seed == 0 else hashes_of(texts, named.seed)
    rows, places = named.find(texts, own)
    return rows + start, places


def _incumbents(named: Named, present: Present) -> Incumbents:
    """Keep of the named what the selection asks for: their texts may be many."""
    left = np.ones(len(named), dtype=np.bool_)
    left[present.places] = False
    gone = np.flatnonzero(left)
    return Incumbents(
        rows=present.rows,
        since=named.days[present.places],
        named=len(named),
        dated=int(np.count_nonzero(~np.isnat(named.days))),
        gone=len(gone),
        first_gone=tuple(named.first_texts(gone, 5)) if len(gone) else (),
    )


def _present(parts: list[tuple[Codes, Codes]]) -> Present:
    none = np.empty(0, dtype=np.int64)
    rows = np.concatenate([none, *(rows for rows, _ in parts)])
    return Present(rows, np.concatenate([none, *(places for _, places in parts)]))
