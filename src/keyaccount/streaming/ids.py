"""Ids of a book too large to hold as texts: eight bytes each, and the text where asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Objects, as_labels
from keyaccount.errors import DuplicateIdError, RowError
from keyaccount.streaming.source import Source

Hashes: TypeAlias = NDArray[np.uint64]
"""Eight bytes that stand for a text: equal texts have equal ones."""

_WORD = 8
_SOME = 1_000_000
"""Of so many ids that look alike, the texts are compared."""


def id_texts(column: Any) -> Any:
    """Write a column of ids as Arrow texts, as they are written everywhere in the library."""
    import pyarrow as pa

    column = column.combine_chunks() if hasattr(column, "chunks") else column
    kind = column.type
    if pa.types.is_large_string(kind) or pa.types.is_integer(kind) or pa.types.is_string(kind):
        return column.cast(pa.large_string())
    return pa.array(as_labels(column, "ids").texts().tolist(), pa.large_string())


def refuse_missing_ids(texts: Any, name: str, start: int) -> None:
    """Refuse rows without an id; `start` is the number of the first row."""
    import pyarrow.compute

    compute: Any = pyarrow.compute
    blank = compute.equal(compute.utf8_trim_whitespace(texts), "").fill_null(fill_value=True)
    rows = np.flatnonzero(blank.to_numpy(zero_copy_only=False)) + start
    if len(rows):
        raise RowError.from_rows(
            name,
            "have no id",
            rows.tolist(),
            [None] * min(5, len(rows)),
            "give every row an id, or set these rows aside first.",
        )


def hashes_of(texts: Any, seed: int = 0) -> Hashes:
    """Mix each text into eight bytes: a text of up to eight bytes shares them with none as long.

    The finishing steps are those of SplitMix64 (Steele, Lea & Flood, 2014, "Fast splittable
    pseudorandom number generators", OOPSLA).
    """
    offsets, content = _bytes_of(texts)
    starts, lengths = offsets[:-1], np.diff(offsets)
    words = np.ndarray((len(content) - _WORD + 1,), dtype="<u8", buffer=content, strides=(1,))
    start = np.uint64((seed + 1) * int(_GOLDEN) % (1 << 64))
    mixed = _mixed(lengths.astype(np.uint64) + start)
    shortest, longest = lengths.min(initial=0), lengths.max(initial=0)
    for at in range(0, int(longest), _WORD):
        rows: Any = slice(None) if shortest > at else np.flatnonzero(lengths > at)
        word = words[starts[rows] + at] & _MASKS[np.minimum(lengths[rows] - at, _WORD)]
        mixed[rows] = _mixed((mixed[rows] ^ word) * _GOLDEN)
    return mixed


def _bytes_of(texts: Any) -> tuple[Codes, NDArray[np.uint8]]:
    """Give where each text begins, and all of them as bytes, with room for a word at the end."""
    n, first = len(texts), texts.offset
    _, places, content = texts.buffers()
    offsets = (
        np.frombuffer(places, dtype=np.int64)[first : first + n + 1] if n else np.zeros(1, np.int64)
    )
    start, stop = int(offsets[0]), int(offsets[-1])
    padded = np.zeros(stop - start + _WORD, dtype=np.uint8)
    if stop > start:
        padded[: stop - start] = np.frombuffer(content, dtype=np.uint8)[start:stop]
    return offsets - start, padded


_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MASKS = np.array([(1 << (8 * n)) - 1 for n in range(_WORD + 1)], dtype=np.uint64)


def _mixed(x: Hashes) -> Hashes:
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def refuse_duplicates(hashes: Hashes, source: Source, name: str, rows: int) -> None:
    """Refuse ids that occur more than once; the texts of those that look alike are compared.

    `hashes` is put in order on the way.

    Raises
    ------
    DuplicateIdError
        An id occurs in more than one row.
    """
    hashes.sort()
    alike = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])[:_SOME]
    if not len(alike):
        return
    seen: set[str] = set()
    again: dict[str, None] = {}
    for part in source.parts([name], rows):
        texts = id_texts(part.table.column(name))
        for text in texts.filter(_mask(np.isin(hashes_of(texts), alike))).to_pylist():
            if text in seen:
                again[text] = None
            seen.add(text)
    if again:
        raise DuplicateIdError.from_ids(f"ids in {name!r}", list(again))


def _mask(flags: NDArray[np.bool_]) -> Any:
    import pyarrow as pa

    return pa.array(flags)


@attrs.frozen(eq=False)
class StoredIds:
    """The ids of some rows of a book, read when somebody asks for them.

    It stands in for an array of texts where few of them will ever be looked at: of accounts tied
    at a cut, say.
    """

    source: Source
    name: str
    part_rows: int
    rows: Codes | None = None

    def __len__(self) -> int:
        return len(self.source) if self.rows is None else len(self.rows)

    def __getitem__(self, index: Any) -> StoredIds:
        """Give the ids of some of the rows, which are still to be read."""
        if isinstance(index, slice) and index == slice(None):
            return self
        chosen = np.asarray(index)
        places = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        return attrs.evolve(self, rows=places if self.rows is None else self.rows[places])

    def __iter__(self) -> Iterator[str]:
        """Run over the texts."""
        return iter(self.tolist())

    def tolist(self) -> list[str]:
        """Read the texts."""
        texts: list[str] = self._read().tolist()
        return texts

    def astype(self, kind: type[str]) -> NDArray[np.str_]:
        """Read the texts into an array of texts."""
        return self._read().astype(kind)

    def _read(self) -> Objects:
        rows = np.arange(len(self)) if self.rows is None else self.rows
        found = np.empty(len(rows), dtype=object)
        order = np.argsort(rows, kind="stable")
        parts = rows[order] // self.part_rows
        for number in np.unique(parts).tolist():
            mine = order[np.searchsorted(parts, number) : np.searchsorted(parts, number, "right")]
            texts = id_texts(
                self.source.part([self.name], self.part_rows, number).column(self.name)
            )
            found[mine] = texts.take(rows[mine] - number * self.part_rows).to_pylist()
        return found
