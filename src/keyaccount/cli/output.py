"""Write what a review found: a table of accounts, a record of the review, a page to read."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from keyaccount.cli.page import PageOptions, report_of
from keyaccount.cli.quarter import Quarter
from keyaccount.cli.record import review_record
from keyaccount.errors import SpecError
from keyaccount.report import render_report
from keyaccount.stored.record import RECORD
from keyaccount.stored.tables import TableFormat, table_bytes
from keyaccount.stored.writing import PAGE, review_files, sealed, write_folder

__all__ = ["TableFormat", "writable", "write_all"]


def write_all(
    quarter: Quarter, directory: Path, table_format: TableFormat, page: PageOptions | None = None
) -> dict[str, Path]:
    """Write the table, the log, the record and the page; return where each of them is.

    There is a log of decisions where there is a day, and a table of those that left the book where
    any did.

    Everything is put together before anything is written, each file is replaced in one step, and
    the record, which has the digests of the others and of itself, comes after them: a failure on
    the way leaves the files of the last review as they were, or a folder that is refused when it is
    read. What an earlier review wrote there and this one does not, its table in the other format or
    its log, is taken away.

    Raises
    ------
    SpecError
        The folder cannot be written.
    """
    accounts = table_bytes(quarter.table(), table_format)
    files = {"accounts": (f"accounts.{table_format}", accounts)}
    files |= review_files(quarter.review, table_format)
    asked = PageOptions() if page is None else page
    report = report_of(quarter, review_record(quarter), asked)
    text = render_report(report, language=asked.language, currency=asked.currency)
    files |= {"page": (PAGE, text.encode())}
    record = {"record": (RECORD, sealed({**report.record, **report.figures()}, files))}
    with writable(directory):
        return write_folder(directory, {**files, **record})


@contextmanager
def writable(directory: Path) -> Generator[None]:
    """Turn what the system says of a folder into an error of the options."""
    try:
        yield
    except OSError as error:
        said = error.strerror or type(error).__name__
        rule = f"must be a folder that can be written ({said})"
        hint = "give another folder; it is made if it is not there."
        raise SpecError.from_field("--out", rule, str(directory), hint) from error
