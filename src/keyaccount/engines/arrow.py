"""pyarrow: tables and batches at once; readers and datasets batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import pyarrow as pa

from keyaccount.engines.adding import Adding
from keyaccount.engines.encoding import CodesAs, arrow_arrays, arrow_type, as_dictionary
from keyaccount.engines.engine import Engine, LazyEngine
from keyaccount.errors import ColumnError

__all__ = ["ArrowDatasetEngine", "ArrowReaderEngine", "ArrowTableEngine", "added_to_batches"]

_LARGE = 1 << 15
"""From how many rows on a chunk is worth scoring on its own."""

T = TypeVar("T")


class ArrowTableEngine(Engine):
    """Tables and record batches of pyarrow."""

    def names(self, frame: Any) -> tuple[str, ...]:
        """List the columns."""
        return tuple(frame.schema.names)

    def empty(self, frame: Any) -> Any:
        """Give the table without its rows."""
        return frame.schema.empty_table()

    def add(self, frame: Any, adding: Adding) -> Any:
        """Return a table, or a batch, with the columns added; large chunks stay what they are."""
        if not isinstance(frame, pa.Table) or not _has_large_chunks(frame):
            return _added(frame, adding, as_dictionary)
        return pa.Table.from_batches(added_to_batches(frame.to_batches(), adding, as_dictionary))


class ArrowReaderEngine(Engine):
    """Readers of record batches, which can be read once."""

    def names(self, frame: Any) -> tuple[str, ...]:
        """List the columns."""
        return tuple(frame.schema.names)

    def empty(self, frame: Any) -> Any:
        """Give columns of the same types without a row."""
        return frame.schema.empty_table()

    def add(self, frame: Any, adding: Adding) -> Any:
        """Return a reader that adds the columns to each batch as it is read."""
        return _reader(frame.schema, frame, adding)

    def read(self, frame: Any, names: tuple[str, ...]) -> Any:
        """Read what is left in the reader, and keep these columns."""
        batches = [batch.select(list(names)) for batch in frame]
        kept = pa.schema([frame.schema.field(name) for name in names])
        return pa.Table.from_batches(batches, kept)


class ArrowDatasetEngine(LazyEngine):
    """Datasets of pyarrow: files that are read batch by batch."""

    def names(self, frame: Any) -> tuple[str, ...]:
        """List the columns."""
        names = tuple(frame.schema.names)
        if len(set(names)) < len(names):  # its scanner finds columns by their names alone
            twice = next(name for name in names if names.count(name) > 1)
            raise ColumnError.from_kind(
                twice,
                "one value per row",
                "two columns of that name",
                "rename one of them: a dataset with both cannot be read.",
            )
        return names

    def empty(self, frame: Any) -> Any:
        """Give columns of the same types without a row."""
        _ = self.names(frame)
        return frame.schema.empty_table()

    def add(self, frame: Any, adding: Adding) -> Any:
        """Return a reader that adds the columns to each batch of the files as it is read.

        A dataset of pyarrow holds files or batches and computes nothing: made of a stream, it would
        first read all of it into memory.
        """
        return _reader(frame.schema, _scanned(frame), adding)

    def read(self, frame: Any, names: tuple[str, ...]) -> Any:
        """Read these columns of the files."""
        return frame.to_table(columns=list(names))

    def narrow(self, frame: Any, names: tuple[str, ...]) -> Any:
        """Return a dataset of these columns alone."""
        return frame.replace_schema(pa.schema([frame.schema.field(name) for name in names]))

    def on_parts(self, frame: Any, names: tuple[str, ...], work: Callable[[Any], T]) -> Iterable[T]:
        """Do some work on these columns of each batch of the files."""
        return (work(batch) for batch in frame.to_batches(columns=list(names)))


def _has_large_chunks(table: Any) -> bool:
    """Say whether it is faster to go chunk by chunk than to copy the chunks into one array."""
    chunks = max((column.num_chunks for column in table.columns), default=0)
    return chunks > 1 and table.num_rows >= chunks * _LARGE


def added_to_batches(batches: Iterable[Any], adding: Adding, codes_as: CodesAs) -> Iterator[Any]:
    """Add the columns to each batch of a stream."""
    for batch in batches:
        yield _added(batch, adding, codes_as)


def _scanned(frame: Any) -> Iterator[Any]:
    """Read batch by batch, from when the first one is asked for."""
    yield from frame.to_batches()


def _reader(schema: Any, batches: Iterable[Any], adding: Adding) -> Any:
    fields = [pa.field(n, arrow_type(c, as_dictionary)) for n, c in adding.written.items()]
    whole = pa.schema([*schema, *fields], metadata=schema.metadata)
    stream = added_to_batches(batches, adding, as_dictionary)
    return pa.RecordBatchReader.from_batches(whole, stream)


def _added(rows: Any, adding: Adding, codes_as: CodesAs) -> Any:
    """Append the columns to a table or a batch."""
    added = arrow_arrays(adding.arrays(rows), adding.written, codes_as)
    fields = [pa.field(name, array.type) for name, array in added.items()]
    schema = pa.schema([*rows.schema, *fields], metadata=rows.schema.metadata)
    return type(rows).from_arrays([*rows.columns, *added.values()], schema=schema)
