"""Read a CSV file as texts; rows that do not fit are set aside and counted.

Cells are read as text first, so that a bad cell can be reported with its row instead of turning its
whole column into text.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from keyaccount.errors import IntakeError
from keyaccount.findings import Finding, counted, note
from keyaccount.intake.cells import compute
from keyaccount.intake.headers import named
from keyaccount.intake.tables import Table

__all__ = ["read_csv"]


def read_csv(file: Path, delimiter: str, encoding: str) -> Table:
    """Read the rows and set aside those with too many or too few cells."""
    header = _header(file, delimiter, encoding)
    stripped, told = named(header, file.name)
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


def _ragged(bad: list[Any], source: str, expected: int) -> tuple[Finding, ...]:
    message = f"{source}: {counted(len(bad), 'row')} rejected for not having {expected} cells"
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
    message = f"{source}: {counted(len(met), 'cell')} of several lines; is a quote not closed?"
    return note("line_break", message, len(met), source, "warning", examples=met)
