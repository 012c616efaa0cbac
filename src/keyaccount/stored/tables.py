"""Tables as files: the bytes of Parquet and of CSV, and their cells read back as what they were."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from io import BytesIO, StringIO
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from keyaccount._columns import Objects, as_days, as_floats, label_text
from keyaccount.errors import ColumnError, MissingExtra, SpecError
from keyaccount.intake import Table
from keyaccount.stored.cells import guarded, unguarded
from keyaccount.stored.kinds import kind_of

__all__ = ["TABLE_FORMATS", "TableFormat", "cells_of", "table_bytes", "texts_of"]

TableFormat: TypeAlias = Literal["parquet", "csv"]
"""How a table is written."""

TABLE_FORMATS: Final[tuple[TableFormat, ...]] = ("parquet", "csv")


def table_bytes(table: Mapping[str, Objects], table_format: str) -> bytes:
    """Give the content of a file that holds a table.

    Raises
    ------
    SpecError
        The format is none of the two.
    MissingExtra
        pyarrow is not installed.
    ColumnError
        A text is none that a file can hold.
    """
    if table_format not in TABLE_FORMATS:
        raise SpecError.from_choice("table_format", table_format, TABLE_FORMATS)
    for name, column in table.items():
        _refuse_broken(name, column)
    return _csv(table) if table_format == "csv" else _parquet(table)


def _refuse_broken(name: str, column: Objects) -> None:
    """Refuse halves of letters (lone surrogates), which no file can hold."""
    texts = column.tolist() if column.dtype.kind in "OU" else []
    for text in (name, *texts):
        if isinstance(text, str) and not text.isascii():
            try:
                _ = text.encode("utf-8")
            except UnicodeEncodeError as error:
                got, hint = f"half of a letter in {text!r}", "read the file in the code it is in."
                raise ColumnError.from_kind(name, "whole letters", got, hint) from error


def cells_of(table: Table, name: str, kinds: Mapping[str, str]) -> Objects:
    """Read a column as what it was: Parquet says so itself, of CSV the record does.

    What was stored is clean, and read to the letter: a space at the end of a name is part of it.
    """
    if not _is_csv(table):
        return table.raw(name)
    cells, kind = table.raw(name).tolist(), kinds[name]
    if kind == "number":
        return np.array([np.nan if c is None else float(c) for c in cells], dtype=np.float64)
    if kind == "day":
        return np.array(["NaT" if c is None else c for c in cells], dtype="datetime64[D]")
    if kind == "flag":
        return _objects(None if c is None else c == "True" for c in cells)
    return _objects(None if c is None else unguarded(c) for c in cells)


def texts_of(table: Table, name: str) -> Objects:
    """Read a column of texts."""
    return cells_of(table, name, {name: "text"})


def _objects(cells: Iterable[Any]) -> Objects:
    return np.array([*cells, None], dtype=object)[:-1]


def _is_csv(table: Table) -> bool:
    return table.source.endswith(".csv")


def _parquet(table: Mapping[str, Objects]) -> bytes:
    """Write a column of texts as texts even where all of it is missing."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ModuleNotFoundError as error:
        raise MissingExtra.from_caller("a table in Parquet", "cli", "pyarrow") from error
    columns = {name: _arrow(column) for name, column in table.items()}
    target = BytesIO()
    pq.write_table(pa.table(columns), target)
    return target.getvalue()


def _arrow(column: Objects) -> Any:
    import pyarrow as pa

    if column.dtype.kind != "O":
        return pa.array(column, from_pandas=True)
    cells, kind = column.tolist(), kind_of(column)
    if kind == "day":
        return pa.array(as_days(column, "day"))
    if kind == "text":
        return pa.array([label_text(cell) for cell in cells], type=pa.string())
    if kind == "number":
        return pa.array(as_floats(column, "number"), from_pandas=True)
    return pa.array(cells, from_pandas=True)


def _csv(table: Mapping[str, Objects]) -> bytes:
    target = StringIO(newline="")
    writer = csv.writer(_Lines(target), lineterminator="\r\n")
    writer.writerow(table)
    writer.writerows(zip(*(_cells(column) for column in table.values()), strict=True))
    return target.getvalue().encode()


class _Lines:
    """Takes lines that end in CR and LF, and ends them in LF alone.

    A writer puts a cell into quotes where it holds a part of what ends a line: so is a CR, which
    readers would take for such an end.
    """

    def __init__(self, target: StringIO) -> None:
        self.target: StringIO = target

    def write(self, line: str) -> int:
        """Write one line."""
        return self.target.write(line.removesuffix("\r\n") + "\n")


def _cells(column: Objects) -> list[Any]:
    """Write cells as texts that read back equal; nothing where a value is missing.

    A text that a spreadsheet would take for a formula gets an apostrophe in front: names come from
    outside, and a sales director opens this file with a double click.
    """
    if column.dtype.kind == "M":
        return ["" if np.isnat(v) else str(v) for v in column]
    values = column.tolist()
    if column.dtype.kind == "O" and kind_of(column) == "day":
        return _cells(as_days(column, "day"))
    if column.dtype.kind == "O" and kind_of(column) == "number":
        return _cells(as_floats(column, "number"))
    if column.dtype.kind == "O" and kind_of(column) == "flag":
        return ["" if label_text(v) is None else bool(v) for v in values]
    if column.dtype.kind == "O":
        return [guarded(label_text(v) or "") for v in values]
    return ["" if v != v else v for v in values]  # noqa: PLR0124 - NaN
