"""Write what a review found: a table of accounts, a record of the review, a page to read."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np

from keyaccount._columns import Objects, label_text
from keyaccount.cli.kinds import kind_of
from keyaccount.cli.quarter import Quarter
from keyaccount.cli.record import page_data, review_record
from keyaccount.cli.sheets import guarded
from keyaccount.errors import SpecError
from keyaccount.evaluation import decision_log
from keyaccount.playbook import digest
from keyaccount.playbook.atomic import write_whole
from keyaccount.report import render_page

TableFormat: TypeAlias = Literal["parquet", "csv"]
"""How the table of accounts is written."""


def write_all(quarter: Quarter, directory: Path, table_format: TableFormat) -> dict[str, Path]:
    """Write the table, the record, the page and the log; return where each of them is.

    There is a log of decisions where there is a quarter before.

    Everything is put together before anything is written, and each file is replaced in one step: a
    failure on the way leaves the files of the last review as they were. What an earlier review
    wrote there and this one does not, its table in the other format or its log, is taken away.

    Raises
    ------
    SpecError
        The folder cannot be written.
    """
    contents = {
        "accounts": (f"accounts.{table_format}", _TABLES[table_format](quarter.table())),
        "record": ("review.json", f"{_json(review_record(quarter))}\n".encode()),
        "page": ("review.html", render_page(page_data(quarter)).encode()),
    }
    if quarter.review is not None:
        log = decision_log(quarter.review, digest)
        contents["log"] = ("decisions.jsonl", log.text.encode())
    with writable(directory):
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in contents.values():
            write_whole(directory / name, content)
        for name in _OWN - {name for name, _ in contents.values()}:
            (directory / name).unlink(missing_ok=True)
    return {what: directory / name for what, (name, _) in contents.items()}


_OWN = {"accounts.parquet", "accounts.csv", "decisions.jsonl"}
"""What a review writes beside its record and page, or does not."""


@contextmanager
def writable(directory: Path) -> Generator[None]:
    """Turn what the system says of a folder into an error of the library."""
    try:
        yield
    except OSError as error:
        said = error.strerror or type(error).__name__
        rule = f"must be a folder that can be written ({said})"
        hint = "give another folder; it is made if it is not there."
        raise SpecError.from_field("--out", rule, str(directory), hint) from error


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)


def _parquet(table: Mapping[str, Objects]) -> bytes:
    """Write a column of texts as texts even where all of it is missing."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {name: _arrow(column) for name, column in table.items()}
    target = BytesIO()
    pq.write_table(pa.table(columns), target)
    return target.getvalue()


def _arrow(column: Objects) -> Any:
    import pyarrow as pa

    if column.dtype.kind != "O":
        return pa.array(column, from_pandas=True)
    cells, kind = column.tolist(), kind_of(column)
    if kind == "text":
        return pa.array([label_text(cell) for cell in cells], type=pa.string())
    wanted = pa.float64() if kind == "number" else None
    return pa.array(cells, type=wanted, from_pandas=True)


def _csv(table: Mapping[str, Objects]) -> bytes:
    target = StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(table)
    writer.writerows(zip(*(_cells(column) for column in table.values()), strict=True))
    return target.getvalue().encode()


def _cells(column: Objects) -> list[Any]:
    """Write cells as texts that read back equal; nothing where a value is missing.

    A text that a spreadsheet would take for a formula gets an apostrophe in front: names come from
    outside, and a sales director opens this file with a double click.
    """
    if column.dtype.kind == "M":
        return ["" if np.isnat(v) else str(v) for v in column]
    values = column.tolist()
    if column.dtype.kind == "O":
        return ["" if v is None else guarded(v) if isinstance(v, str) else v for v in values]
    return ["" if v != v else v for v in values]  # noqa: PLR0124 - NaN


_TABLES: dict[str, Callable[[Mapping[str, Objects]], bytes]] = {"parquet": _parquet, "csv": _csv}
