"""Read a CSV or Parquet file as a table of raw cells; nothing is dropped without being counted.

CSV cells are read as text first, so that a bad cell can be reported with its row instead of turning
its whole column into text.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import (
    Codes,
    Days,
    Floats,
    Labels,
    Objects,
    names_of,
    pick,
    row_count,
    to_numpy,
)
from keyaccount._validators import count, exact_tuple, text
from keyaccount.errors import ColumnNotFoundError, IntakeError, MissingExtra
from keyaccount.findings import Finding
from keyaccount.intake.cells import Column, compute, is_arrow, read_texts
from keyaccount.intake.dates import read_dates
from keyaccount.intake.notes import note, rows
from keyaccount.intake.numbers import read_numbers

__all__ = ["Table", "read_table", "table_of"]

_DELIMITERS = {".csv": ",", ".tsv": "\t"}


@attrs.frozen(kw_only=True, eq=False)
class Table:
    """A table of raw cells, with what was met on the way in.

    Parameters
    ----------
    source
        What findings and errors call the table: the name of its file.
    columns
        Column names to arrays: objects (None where missing), numbers or dates, or an Arrow column
        of texts.
    read
        Rows in the file, the rejected ones among them.
    rejected
        Rows that had too many or too few cells and are not in `columns`.
    findings
        What was met while reading.
    commas
        Whether a comma inside a number can only be a thousands separator.
    """

    source: str = attrs.field(validator=text)
    columns: Mapping[str, Column]
    read: int = attrs.field(validator=count)
    rejected: int = attrs.field(default=0, validator=count)
    findings: tuple[Finding, ...] = attrs.field(default=(), converter=exact_tuple)
    commas: bool = True

    def __len__(self) -> int:
        return self.read - self.rejected

    @property
    def names(self) -> tuple[str, ...]:
        """The column names."""
        return tuple(self.columns)

    def column(self, name: str) -> Column:
        """Give one column as it was read, texts of a file still in Arrow."""
        if name not in self.columns:
            raise ColumnNotFoundError.from_name(name, self.names)
        return self.columns[name]

    def raw(self, name: str) -> Objects:
        """Give one column as an array, as it was read."""
        return _as_array(self.column(name))

    def cells(self, rows_of: Codes) -> list[tuple[Any, ...]]:
        """Give some rows, cell by cell."""
        taken = [_as_array(c.take(rows_of)).tolist() for c in self.columns.values()]
        return list(zip(*taken, strict=True))

    def where(self, name: str) -> str:
        """Say where a column is: ``deals.csv: amount``."""
        return f"{self.source}: {name}"

    def numbers(self, name: str) -> tuple[Floats, tuple[Finding, ...]]:
        """Read a column as numbers; cells that cannot be read become missing, with a finding."""
        return read_numbers(self.column(name), self.where(name), commas=self.commas)

    def dates(self, name: str, date_format: str | None = None) -> tuple[Days, tuple[Finding, ...]]:
        """Read a column as days; cells that cannot be read become missing, with a finding."""
        return read_dates(self.column(name), self.where(name), date_format)

    def texts(self, name: str) -> tuple[Labels, tuple[Finding, ...]]:
        """Read a column as texts without spaces around them, missing where blank."""
        return read_texts(self.column(name), self.where(name))


def table_of(source: Any, name: str) -> Table:
    """Take a table, the path of one, or columns in memory (a dict, a DataFrame) as a `Table`."""
    if isinstance(source, Table):
        return source
    if isinstance(source, str | Path):
        return read_table(source)
    columns = {n: _as_objects(to_numpy(pick(source, n), n)) for n in names_of(source)}
    if not columns:
        raise IntakeError.from_file(name, "has no columns", "pass a path or a dict of columns.")
    return Table(source=name, columns=columns, read=row_count(source))


def _as_objects(array: Objects) -> Objects:
    return array.astype(object) if array.dtype.kind in "US" else array


def _as_array(column: Column) -> Objects:
    if not is_arrow(column):
        return np.asarray(column)
    array: Objects = np.empty(len(column), dtype=object)
    array[:] = column.to_pylist()  # to_numpy() would import pandas where it is installed
    return array


def read_table(path: str | Path, *, delimiter: str | None = None, encoding: str = "utf-8") -> Table:
    """Read a CSV file (``.csv``, ``.tsv``, also ``.gz``) or Parquet (a file or a folder of them).

    Parameters
    ----------
    path
        The file or folder.
    delimiter
        What stands between the cells of a CSV file; comma, or tab for ``.tsv``.
    encoding
        How a CSV file writes its characters; Chinese exports are often ``"gb18030"``.

    Returns
    -------
    Table
        Raw cells. CSV cells are texts; blank ones are missing. Rows with too many or too few
        cells are rejected and counted.

    Raises
    ------
    IntakeError
        The file is not there, empty, not readable, or two of its columns share a name.
    MissingExtra
        pyarrow is not installed.
    """
    file = Path(path)
    kind = _kind_of(file)
    if kind == ".parquet":
        return _read_parquet(file)
    return _read_csv(file, delimiter or _DELIMITERS[kind], encoding)


def _kind_of(file: Path) -> str:
    """Tell the kind of a file by its suffix."""
    if not file.exists():
        near = sorted(p.name for p in file.parent.glob("*")) if file.parent.is_dir() else []
        hint = f"in that folder there is {', '.join(near[:12])}." if near else "check the path."
        raise IntakeError.from_file(str(file), "there is no such file", hint)
    if file.is_dir():
        return ".parquet"
    name = file.name.casefold().removesuffix(".gz")
    for kind in (*_DELIMITERS, ".parquet"):
        if name.endswith(kind):
            return kind
    raise IntakeError.from_file(
        file.name, "is neither CSV nor Parquet", "name it .csv, .tsv, .csv.gz or .parquet."
    )


def _read_parquet(file: Path) -> Table:
    with _refusals(file):
        _need_pyarrow()
        import pyarrow.parquet as pq

        found: Any = pq.read_table(str(file))
    columns = {str(n): _from_parquet(found[n], n) for n in found.column_names}
    stripped, told = _named(list(columns), file.name)
    return Table(
        source=file.name,
        columns={new: columns[old] for old, new in stripped.items()},
        read=int(found.num_rows),
        findings=told,
    )


def _from_parquet(column: Any, name: str) -> Column:
    """Leave texts in Arrow, and turn the rest into an array."""
    if str(column.type) in {"string", "large_string"}:
        return column
    return _as_objects(to_numpy(column, name))


def _read_csv(file: Path, delimiter: str, encoding: str) -> Table:
    _need_pyarrow()
    with _refusals(file):
        header = _header(file, delimiter, encoding)
        stripped, told = _named(header, file.name)
        bad: list[Any] = []
        found = _parsed(file, header, delimiter, encoding, bad)
    columns = {new: found.column(header.index(old)) for old, new in stripped.items()}
    return Table(
        source=file.name,
        columns=columns,
        read=int(found.num_rows) + len(bad),
        rejected=len(bad),
        findings=told
        + _ragged(bad, file.name, len(header))
        + _line_breaks(found, header, file.name),
        commas=delimiter != ";",
    )


def _parsed(file: Path, header: list[str], delimiter: str, encoding: str, bad: list[Any]) -> Any:
    """Read the rows as texts; `bad` collects those with too many or too few cells."""
    import pyarrow as pa
    from pyarrow import csv as pa_csv

    def set_aside(row: Any) -> str:
        bad.append(row)
        return "skip"

    places = [str(i) for i in range(len(header))]  # blank names are no names for Arrow
    return pa_csv.read_csv(
        str(file),
        # One thread: only then does a rejected row know its number.
        read_options=pa_csv.ReadOptions(
            use_threads=False, column_names=places, skip_rows=1, encoding=encoding
        ),
        parse_options=pa_csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, invalid_row_handler=set_aside
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(places, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
        ),
    )


def _header(file: Path, delimiter: str, encoding: str) -> list[str]:
    """Read the names of the columns."""
    utf8 = encoding.casefold().replace("_", "-") in {"utf-8", "utf8"}
    opened: Any = gzip.open if file.suffix.casefold() == ".gz" else Path.open
    with opened(file, "rt", encoding="utf-8-sig" if utf8 else encoding, newline="") as lines:
        header = next(csv.reader(lines, delimiter=delimiter), [])
    if not any(cell.strip() for cell in header):
        raise IntakeError.from_file(
            file.name, "is empty" if not header else "has no header", "give the columns names."
        )
    if len(header) == 1 and delimiter == "," and header[0].count(";") > 0:
        raise IntakeError.from_file(
            file.name,
            f"has one column named {header[0]!r}",
            "its cells seem to be separated by ';': save it with commas, or state the delimiter.",
        )
    return header


def _named(header: list[str], source: str) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """Strip the names; leave out columns without one, refuse two columns of one name."""
    broken = [raw for raw in header if "\n" in raw or "\r" in raw]
    if broken:
        raise IntakeError.from_file(
            source, f"a column name holds a line break: {broken[0]!r}", "write names on one line."
        )
    stripped = {raw: raw.strip() for raw in header if raw.strip()}
    names = [raw.strip() for raw in header if raw.strip()]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise IntakeError.from_file(
            source,
            f"more than one column is named {', '.join(map(repr, twice))}",
            "rename one of them, so that it is clear which one to read.",
        )
    blank = len(header) - len(names)
    message = f"{source}: {rows(blank, 'column')} without a name left out"
    return stripped, note("unnamed_column", message, blank, source)


def _ragged(bad: list[Any], source: str, expected: int) -> tuple[Finding, ...]:
    message = f"{source}: {rows(len(bad))} rejected for not having {expected} cells"
    some = [f"line {r.number}: {r.actual_columns} cells: {r.text[:80]}" for r in bad]
    return note("ragged_row", message, len(bad), source, "error", examples=some)


def _line_breaks(found: Any, header: Sequence[str], source: str) -> tuple[Finding, ...]:
    """Report cells of several lines: a quote that is never closed swallows the rows behind it."""
    pc = compute()
    met: list[str] = []
    for place, name in enumerate(header):
        column = found.column(place)
        broken = column.filter(pc.match_substring(column, "\n"))
        met += [f"{name}: {cell[:40]!r}" for cell in broken.to_pylist()]
    message = f"{source}: {rows(len(met), 'cell')} of several lines; is a quote not closed?"
    return note("line_break", message, len(met), source, "warning", examples=met)


def _need_pyarrow() -> None:
    try:
        import pyarrow as pa
    except ImportError:
        raise MissingExtra.from_caller(read_table.__name__, "cli", "pyarrow") from None
    del pa


@contextmanager
def _refusals(file: Path) -> Generator[None]:
    """Turn what pyarrow and Python raise into one error that names the file."""
    try:
        yield
    except (IntakeError, MissingExtra):
        raise
    except UnicodeDecodeError as error:
        raise _bad_encoding(file) from error
    except (ValueError, OSError, EOFError) as error:  # Arrow's errors are kinds of both
        if "UTF8" in str(error):
            raise _bad_encoding(file) from error
        problem = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise IntakeError.from_file(
            file.name, f"cannot be read ({problem})", "open it in a text editor and have a look."
        ) from error


def _bad_encoding(file: Path) -> IntakeError:
    return IntakeError.from_file(
        file.name,
        "holds bytes that are not UTF-8",
        "save it as UTF-8, or state its encoding (Chinese exports are often gb18030).",
    )
