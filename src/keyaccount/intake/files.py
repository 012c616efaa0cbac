"""Read a CSV or Parquet file as a table of raw cells; nothing is dropped without being counted."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from keyaccount._columns import Objects, names_of, pick, row_count, to_numpy
from keyaccount.errors import IntakeError, MissingExtra
from keyaccount.intake.cells import Column
from keyaccount.intake.delimited import read_csv
from keyaccount.intake.headers import named
from keyaccount.intake.tables import Table

__all__ = ["read_table", "table_of"]

_DELIMITERS = {".csv": ",", ".tsv": "\t"}


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


def read_table(path: str | Path, *, delimiter: str | None = None, encoding: str = "utf-8") -> Table:
    r"""Read a CSV file (``.csv``, ``.tsv``, also ``.gz``) or Parquet (a file or a folder of them).

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

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from keyaccount.intake import read_table
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "accounts.csv"
    ...     _ = path.write_text("id,sector\nA-1,retail\nA-2,\n", encoding="utf-8")
    ...     table = read_table(path)
    >>> table.names, table.read, table.columns["sector"].to_pylist()
    (('id', 'sector'), 2, ['retail', None])
    """
    file = Path(path)
    kind = _kind_of(file)
    _need_pyarrow()
    with _refusals(file):
        if kind == ".parquet":
            return _read_parquet(file)
        return read_csv(file, delimiter or _DELIMITERS[kind], encoding)


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
    import pyarrow.parquet as pq

    if file.is_dir() and not any(file.rglob("*.parquet")):
        hint = "name the file itself; a folder is read where it holds .parquet files."
        raise IntakeError.from_file(file.name, "is a folder without Parquet files", hint)
    found: Any = pq.read_table(str(file))
    columns = {str(n): _from_parquet(found[n], n) for n in found.column_names}
    stripped, told = named(list(columns), file.name)
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
        is_text = file.suffix.casefold() in _DELIMITERS
        hint = "open it in a text editor and have a look." if is_text else "export it once more."
        raise IntakeError.from_file(file.name, f"cannot be read ({problem})", hint) from error


def _bad_encoding(file: Path) -> IntakeError:
    return IntakeError.from_file(
        file.name,
        "holds bytes that are not UTF-8",
        "save it as UTF-8, or state its encoding (Chinese exports are often gb18030).",
    )
