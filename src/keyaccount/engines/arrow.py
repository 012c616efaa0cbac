"""pyarrow: tables and batches at once; readers and datasets batch by batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from keyaccount._columns import Columns
from keyaccount.engines.adding import Adding
from keyaccount.engines.encoding import CodesAs, arrow_arrays, arrow_type, as_dictionary

__all__ = ["ArrowDatasetEngine", "ArrowReaderEngine", "ArrowTableEngine", "added_to_batches"]


class ArrowTableEngine:
    """Tables and record batches of pyarrow."""

    folds_case = False

    def names(self, frame: Any) -> tuple[str, ...]:
        """List the columns."""
        return tuple(frame.schema.names)

    def empty(self, frame: Any) -> Columns:
        """Give the table without its rows."""
        return frame.schema.empty_table()

    def add(self, frame: Any, adding: Adding) -> Any:
        """Return a table, or a batch, with the columns added."""
        return _added(frame, adding, as_dictionary)

    def read(self, frame: Any, names: tuple[str, ...]) -> Columns:
        """Give the table: it is in memory."""
        del names
        return frame


class ArrowReaderEngine:
    """Readers of record batches, which can be read once."""

    folds_case = False

    def names(self, frame: Any) -> tuple[str, ...]:
        """List the columns."""
        return tuple(frame.schema.names)

    def empty(self, frame: Any) -> Columns:
        """Give columns of the same types without a row."""
        return frame.schema.empty_table()

    def add(self, frame: Any, adding: Adding) -> Any:
        """Return a reader that adds the columns to each batch as it is read."""
        return _reader(frame.schema, frame, adding)

    def read(self, frame: Any, names: tuple[str, ...]) -> Columns:
        """Read what is left in the reader, and keep these columns."""
        batches = [batch.select(list(names)) for batch in frame]
        kept = pa.schema([frame.schema.field(name) for name in names])
        return pa.Table.from_batches(batches, kept)


class ArrowDatasetEngine:
    """Datasets of pyarrow: files that are read batch by batch."""

    folds_case = False

    def names(self, frame: Any) -> tuple[str, ...]:
        """List the columns."""
        return tuple(frame.schema.names)

    def empty(self, frame: Any) -> Columns:
        """Give columns of the same types without a row."""
        return frame.schema.empty_table()

    def add(self, frame: Any, adding: Adding) -> Any:
        """Return a dataset over the batches as they are read, with the columns added.

        A dataset of pyarrow holds files or batches and computes nothing, so what comes back can be
        scanned once, like the stream it is.
        """
        from pyarrow import dataset

        batches = frame.scanner().to_batches()
        return dataset.InMemoryDataset(_reader(frame.schema, batches, adding))

    def read(self, frame: Any, names: tuple[str, ...]) -> Columns:
        """Read these columns of the files."""
        return frame.to_table(columns=list(names))


def added_to_batches(batches: Iterable[Any], adding: Adding, codes_as: CodesAs) -> Iterator[Any]:
    """Add the columns to each batch of a stream."""
    for batch in batches:
        yield _added(batch, adding, codes_as)


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
