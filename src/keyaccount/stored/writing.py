"""`dump_quarter`: a quarter as files, each written whole, and the record that vouches for them."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from keyaccount.errors import IntakeError, SpecError
from keyaccount.evaluation import Quarter, Review, ReviewRules, decision_log
from keyaccount.playbook import digest
from keyaccount.playbook.atomic import write_together
from keyaccount.stored.record import RECORD, file_digest, quarter_record, record_digest, unfinished
from keyaccount.stored.table import leavers_table, quarter_table
from keyaccount.stored.tables import TableFormat, table_bytes

__all__ = ["LOG", "PAGE", "dump_quarter", "review_files", "sealed", "write_folder"]

LOG: Final = "decisions.jsonl"
"""The log of the decisions."""

PAGE: Final = "report.html"
"""The page that people read."""

_OWN: Final = {
    LOG,
    PAGE,
    *(f"{name}.{suffix}" for name in ("accounts", "leavers") for suffix in ("parquet", "csv")),
}
"""What a review writes beside its record, or does not."""


def dump_quarter(
    quarter: Quarter,
    folder: str | Path,
    *,
    review: Review | None = None,
    table_format: TableFormat = "parquet",
) -> dict[str, Path]:
    """Store a quarter, so that `load_quarter` gives it again and the next one has it before it.

    Every file is written whole. All are written beside the old ones before any of these is
    replaced, and the record comes last: a folder of which half is of another run is refused when it
    is read.

    Parameters
    ----------
    quarter
        The quarter.
    folder
        Where the files go; it is made if it is not there.
    review
        The review of this quarter, whose decisions are to be stored too; None: they are not.
    table_format
        ``"parquet"``, or ``"csv"``.

    Returns
    -------
    dict of str to Path
        Where the files are: ``"accounts"``, ``"record"``, and with a review ``"log"`` and, where
        accounts left the book, ``"leavers"``.

    Raises
    ------
    SpecError
        The review is of another quarter, or the format is none.
    IntakeError
        The folder cannot be written.

    Notes
    -----
    Columns are stored as numbers, days, flags or texts.

    Examples
    --------
    >>> import tempfile
    >>> import keyaccount as ka
    >>> scorer = ka.CompositeScorer(
    ...     criteria=[ka.Criterion("size", column="size", value=ka.Linear(0, 1))],
    ...     weights={"size": 1},
    ... )
    >>> quarter = ka.Quarter(
    ...     {"id": ["a", "b"], "size": [0.9, 0.5]},
    ...     scorer,
    ...     policy=ka.SelectionPolicy(ka.AtLeast(0.6)),
    ...     as_of="2026-09-30",
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = ka.dump_quarter(quarter, folder, review=ka.review(None, quarter))
    ...     ka.replay_folder(folder).agrees
    True
    >>> {what: file.name for what, file in files.items()}
    {'accounts': 'accounts.parquet', 'log': 'decisions.jsonl', 'record': 'review.json'}
    """
    if review is not None and review.joined.after is not quarter:
        hint = "pass what review(before, quarter) returned for this very quarter."
        raise SpecError.from_field("dump_quarter(review)", "must be of the quarter", review, hint)
    table, data = quarter_table(
        quarter.columns, quarter.id, quarter.scores, quarter.selection, _decided(review)
    )
    files = {"accounts": (f"accounts.{table_format}", table_bytes(table, table_format))}
    files |= review_files(review, table_format)
    record = quarter_record(
        quarter,
        table,
        data,
        rules=ReviewRules() if review is None else review.rules,
        previous=None if review is None else review.joined.before,
    )
    with _refusals(Path(folder)):
        return write_folder(Path(folder), {**files, "record": (RECORD, sealed(record, files))})


def review_files(review: Review | None, table_format: TableFormat) -> dict[str, tuple[str, bytes]]:
    """Give the files of what was decided: the log, and the accounts that left."""
    if review is None:
        return {}
    found = {"log": (LOG, decision_log(review, digest).text.encode())}
    if review.leaver.any():
        table = table_bytes(leavers_table(review), table_format)
        found["leavers"] = (f"leavers.{table_format}", table)
    return found


def sealed(record: Mapping[str, Any], files: Mapping[str, tuple[str, bytes]]) -> bytes:
    """Write a record with the digests of the files that belong to it, and of itself."""
    digests = {name: file_digest(content) for name, content in sorted(files.values())}
    whole = {**record, "files": digests}
    whole["digest"] = {**whole["digest"], "record": record_digest(whole)}
    text = json.dumps(whole, ensure_ascii=False, indent=2, allow_nan=False)
    return f"{text}\n".encode()


def write_folder(folder: Path, contents: Mapping[str, tuple[str, bytes]]) -> dict[str, Path]:
    """Write files in their order and take away what an earlier review left of its own.

    That is what this one does not have, and what a run left that was killed while it wrote.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_together({folder / name: content for name, content in contents.values()})
    for name in _OWN - {name for name, _ in contents.values()}:
        (folder / name).unlink(missing_ok=True)
    for left in unfinished(folder):
        left.unlink(missing_ok=True)
    return {what: folder / name for what, (name, _) in contents.items()}


def _decided(review: Review | None) -> dict[str, Any]:
    """Give what was decided of the accounts of the quarter, which come first in a review."""
    if review is None:
        return {}
    here = ~review.leaver
    return {"decision": review.decision[here], "decision_reason": review.reason[here]}


@contextmanager
def _refusals(folder: Path) -> Generator[None]:
    """Turn what the system says of a folder into an error of the library."""
    try:
        yield
    except OSError as error:
        problem = f"cannot be written ({error.strerror or type(error).__name__})"
        hint = "give another folder; it is made if it is not there."
        raise IntakeError.from_file(str(folder), problem, hint) from error
