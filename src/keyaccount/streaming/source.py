"""`Source`: a book in Parquet files, read a bounded number of rows at a time."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import accumulate
from typing import Any

import attrs

from keyaccount.errors import ColumnError, ColumnNotFoundError, IntakeError, KeyAccountError
from keyaccount.streaming.files import File, find_files, other_files, refuse_changed

_BATCH = 1 << 17
_BUFFER = 1 << 20
"""Rows and bytes read at a time, whatever the size of the row groups."""
_DIGITS = 18
"""So many digits fit into eight bytes."""


@attrs.frozen(eq=False)
class Part:
    """Some rows of a book: the number of the part, its first row, and an Arrow table."""

    number: int
    start: int
    table: Any

    @property
    def stop(self) -> int:
        """The row after the last one."""
        return self.start + int(self.table.num_rows)


@attrs.frozen(eq=False, slots=False)
class Source:
    """The rows of a book in the order of its files; a column may also be named by their folders."""

    files: tuple[File, ...]
    others: tuple[str, ...] = ()
    """What lies beside the files and is not read."""
    _types: dict[str, Any] = attrs.field(init=False, factory=dict)

    @classmethod
    def of(cls, source: Any) -> Source:
        """Find the files of a path, a folder or several paths."""
        return cls(find_files(source), other_files(source))

    def __len__(self) -> int:
        return sum(f.rows for f in self.files)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns there are: those of the first file, and those its folders name."""
        first = self.files[0]
        return tuple(dict.fromkeys([*first.schema.names, *first.constants]))

    def need(self, names: Sequence[str]) -> None:
        """Refuse a book without these columns.

        Raises
        ------
        ColumnNotFoundError, IntakeError
            A column is not there, a file lacks it, or files hold it in types that do not go
            together.
        """
        for name in names:
            if name not in self.names:
                raise ColumnNotFoundError.from_name(name, self.names)
            _ = self.type_of(name)

    def type_of(self, name: str) -> Any:
        """Tell the Arrow type that holds a column of all files."""
        if name not in self._types:
            self._types[name] = self._common_type(name)
        return self._types[name]

    def _common_type(self, name: str) -> Any:
        import pyarrow as pa

        kinds = [pa.schema([(name, _plain(self._kind(f, name)))]) for f in self.files]
        try:
            return pa.unify_schemas(kinds, promote_options="permissive").field(name).type
        except pa.ArrowException as error:
            odd = next(k for k in kinds if k != kinds[0]).field(name).type
            raise _in_two_types(self.files[0], name, kinds[0].field(name).type, odd) from error

    def _kind(self, file: File, name: str) -> Any:
        if file.schema.names.count(name) > 1:
            problem = f"holds two columns named {name!r}"
            raise ColumnError(f"{file.name}: {problem}", "rename or drop one of them.", column=name)
        if name in file.schema.names:
            return file.schema.field(name).type
        if name in file.constants:
            return self._constant_kinds[name]
        hint = ColumnNotFoundError.from_name(name, file.schema.names).hint
        raise IntakeError.from_file(file.name, f"has no column {name!r}", hint)

    @cached_property
    def _constant_kinds(self) -> dict[str, Any]:
        """Whole numbers are numbers only where all of them are written as such."""
        import pyarrow as pa

        said = {name: [f.constants[name] for f in self.files] for name in self.files[0].constants}
        return {
            name: pa.int64() if all(map(_is_whole, texts)) else pa.large_string()
            for name, texts in said.items()
        }

    def parts(self, names: Sequence[str], rows: int, first: int = 0) -> Iterator[Part]:
        """Run over the book in parts of so many rows; an empty book is one part without any.

        Parameters
        ----------
        names
            The columns to read.
        rows
            How many rows a part has; the last one has what is left.
        first
            The number of the part to begin with.
        """
        import pyarrow as pa

        held, start = [], first * rows
        for batch in self._batches(names, start):
            held.append(batch)
            while sum(b.num_rows for b in held) >= rows:
                table = pa.Table.from_batches(held)
                yield Part(start // rows, start, table.slice(0, rows).combine_chunks())
                held, start = table.slice(rows).to_batches(), start + rows
        if held and any(b.num_rows for b in held):
            yield Part(start // rows, start, pa.Table.from_batches(held).combine_chunks())
        if not len(self):
            yield Part(0, 0, self._schema(names).empty_table())

    def part(self, names: Sequence[str], rows: int, number: int) -> Any:
        """Read one part."""
        return next(self.parts(names, rows, number)).table

    def _schema(self, names: Sequence[str]) -> Any:
        import pyarrow as pa

        return pa.schema([(name, self.type_of(name)) for name in dict.fromkeys(names)])

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((f.rows for f in self.files), initial=0))

    def _batches(self, names: Sequence[str], start: int) -> Iterator[Any]:
        schema = self._schema(names)
        for file, first in zip(self.files, self._starts, strict=False):
            if first + file.rows > start:
                refuse_changed(file)
                with _readable(file):
                    yield from _file_batches(file, schema, max(start - first, 0))


@contextmanager
def _readable(file: File) -> Generator[None]:
    """Name the file that cannot be read."""
    import pyarrow as pa

    try:
        yield
    except KeyAccountError:
        raise
    except (OSError, pa.ArrowException) as error:
        said = str(error).partition("\n")[0]
        raise IntakeError.from_file(
            str(file.path), f"cannot be read ({said})", "write it anew."
        ) from error


def _file_batches(file: File, schema: Any, skip: int) -> Iterator[Any]:
    """Read the rows of one file from row `skip` on."""
    import pyarrow.parquet as pq

    # A column may be named by a folder; some column must be read to count the rows.
    stored = [n for n in schema.names if n in file.schema.names] or file.schema.names[:1]
    with pq.ParquetFile(file.path, pre_buffer=False, buffer_size=_BUFFER) as opened:
        group, skip = _group_of(opened.metadata, skip)
        groups = list(range(group, opened.metadata.num_row_groups))
        for batch in opened.iter_batches(_BATCH, row_groups=groups, columns=stored):
            if skip >= batch.num_rows:
                skip -= batch.num_rows
                continue
            yield _as_schema(batch.slice(skip), schema, file)
            skip = 0


def _group_of(metadata: Any, row: int) -> tuple[int, int]:
    """Find the row group that holds a row, and its place in it."""
    for group in range(metadata.num_row_groups):
        rows = metadata.row_group(group).num_rows
        if row < rows:
            return group, row
        row -= rows
    return metadata.num_row_groups, row


def _as_schema(batch: Any, schema: Any, file: File) -> Any:
    import pyarrow as pa

    columns = [
        _as_type(batch.column(field.name), field, file)
        if field.name in batch.schema.names
        else pa.array([file.constants[field.name]], pa.string())
        .cast(field.type)
        .take(pa.nulls(batch.num_rows, pa.int32()).fill_null(0))
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _as_type(column: Any, field: Any, file: File) -> Any:
    """Write a column in the type that all files share, unless a value would become another."""
    import pyarrow as pa

    try:
        return column.cast(field.type)
    except pa.ArrowInvalid as error:
        raise _in_two_types(file, field.name, column.type, field.type) from error


def _in_two_types(file: File, name: str, here: Any, elsewhere: Any) -> IntakeError:
    problem = f"column {name!r} is {here} here and {elsewhere} elsewhere"
    return IntakeError.from_file(file.name, problem, "write the column in one type in all files.")


def _plain(kind: Any) -> Any:
    """Give the type of what a dictionary holds; texts may be long."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return _plain(kind.value_type)
    texts = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    return pa.large_string() if texts or str(kind) == "string_view" else kind


def _is_whole(text: str | None) -> bool:
    """Say whether a text is a whole number of eight bytes as it is written, or nothing."""
    if text is None:
        return True
    digits = text.removeprefix("-")
    return digits.isdecimal() and len(digits) <= _DIGITS and str(int(text)) == text
