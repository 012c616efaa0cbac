"""`load_quarter`: a stored quarter, read only where it is what was written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

from keyaccount._columns import Objects, as_floats
from keyaccount.errors import DigestError, IntakeError, KeyAccountError
from keyaccount.evaluation import Quarter
from keyaccount.intake import Table, read_table
from keyaccount.playbook import digest, from_data
from keyaccount.stored.record import (
    RECORD,
    RECORD_VERSION,
    file_digest,
    quarter_digest,
    record_digest,
    unfinished,
)
from keyaccount.stored.tables import cells_of, texts_of

__all__ = ["load_quarter", "read_record"]

_AGAIN: Final = "review that quarter again with this version, then this one."
_TABLES: Final = ("accounts.parquet", "accounts.csv")
_NEEDED: Final[dict[str, str]] = {
    "as_of": "a text",
    "spec": "an object",
    "digest": "an object",
    "files": "an object",
    "columns": "an object",
    "data": "an object",
    "incumbents": "an object or null",
    "overrides": "a list",
    "previous": "an object or null",
    "trailing": "an object",
}
"""What a record must say, and as what."""

_JSON: Final[dict[str, tuple[type, ...]]] = {
    "a text": (str,),
    "an object": (dict,),
    "a list": (list,),
    "an object or null": (dict, type(None)),
}


def load_quarter(folder: str | Path) -> Quarter:
    """Read a quarter that `dump_quarter` or ``keyaccount review`` stored.

    Parameters
    ----------
    folder
        Where the files of the quarter are.

    Returns
    -------
    Quarter
        Its specs, its columns, and what people decided.

    Raises
    ------
    DigestError
        A file, a spec or the data are not what was written.
    IntakeError
        A file is not there or cannot be read, or the stored data and specs do not give the stored
        scores and key accounts.

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
    ...     _ = ka.dump_quarter(quarter, folder)
    ...     ka.load_quarter(folder).selection.key_ids
    ('a',)
    """
    place = Path(folder)
    record = read_record(place)
    files = _verified_files(place, record)
    table = read_table(place / _accounts(place, files))
    try:
        quarter = _quarter(record, table)
        _refuse_other_specs(place, record, quarter)
        _refuse_other_scores(place, quarter, table)
        _refuse_other_words(place, record)
    except IntakeError:
        raise
    except (KeyAccountError, KeyError, TypeError, ValueError, AttributeError) as error:
        problem = f"holds no quarter that can be read: {_fact(error)}"
        raise IntakeError.from_file(str(folder), problem, _AGAIN) from error
    return quarter


def read_record(folder: Path) -> dict[str, Any]:
    """Read the record of a stored quarter.

    Raises
    ------
    IntakeError
        It is not there, or is no record of a review that was made on a day.
    """
    path = folder / RECORD
    try:
        found = json.loads(path.read_text("utf-8"))
    except OSError as error:
        problem = f"cannot be read ({error.strerror or type(error).__name__})"
        hint = "give the folder of one review, as `keyaccount review --out` writes it."
        raise IntakeError.from_file(str(path), problem, hint) from error
    except ValueError as error:
        raise IntakeError.from_file(str(path), f"is no JSON: {error}", _AGAIN) from error
    if not isinstance(found, dict) or not {"schema_version", "as_of"} <= set(found):
        raise IntakeError.from_file(str(path), "is no record of a review", _AGAIN)
    if found["as_of"] is None:
        hint = "review that quarter again with --as-of."
        raise IntakeError.from_file(str(path), "says no day", hint)
    if found["schema_version"] != RECORD_VERSION or not set(found) >= set(_NEEDED):
        known = f"is no record of version {RECORD_VERSION}"
        problem = f"{known} (got version {found['schema_version']!r})"
        raise IntakeError.from_file(str(path), problem, _AGAIN)
    _refuse_shapes(path, found)
    return found


def _refuse_shapes(path: Path, record: Mapping[str, Any]) -> None:
    """Refuse a part of the record that is of another kind than what is written there."""
    for name, kind in _NEEDED.items():
        if not isinstance(record[name], _JSON[kind]):
            problem = f"{name!r} must be {kind} (got {record[name]!r})"
            raise IntakeError.from_file(str(path), problem, _AGAIN)
    before = record["previous"]
    if before is not None and not all(isinstance(before.get(k), str) for k in ("as_of", "quarter")):
        problem = f"'previous' must name a quarter by its day and digest (got {before!r})"
        raise IntakeError.from_file(str(path), problem, _AGAIN)


def _fact(error: Exception) -> str:
    if isinstance(error, KeyAccountError):
        return error.fact
    return f"it has no {error}" if isinstance(error, KeyError) else str(error)


def _verified_files(folder: Path, record: Mapping[str, Any]) -> dict[str, str]:
    """Compare each file with the digest that the record has of it."""
    files: dict[str, str] = record["files"]
    for name, expected in files.items():
        path = folder / name
        try:
            actual = file_digest(path.read_bytes())
        except OSError as error:
            problem = f"cannot be read ({error.strerror or type(error).__name__})"
            hint = "the record says that it belongs to this review: restore it."
            raise IntakeError.from_file(str(path), problem, hint) from error
        if actual != expected:
            cut = " (a run that wrote here was interrupted)" if unfinished(folder) else ""
            raise DigestError.from_digests(str(path), f"the file{cut}", str(expected), actual)
    return files


def _accounts(folder: Path, files: Mapping[str, str]) -> str:
    """Tell which of the files is the table of accounts."""
    there = [name for name in _TABLES if name in files]
    if len(there) != 1:
        problem = "names no accounts table" if not there else "names two accounts tables"
        raise IntakeError.from_file(str(folder / RECORD), problem, _AGAIN)
    return there[0]


def _quarter(record: Mapping[str, Any], table: Table) -> Quarter:
    incumbents = record["incumbents"]
    kinds = record["columns"]
    data = {name: cells_of(table, stored, kinds) for name, stored in record["data"].items()}
    return Quarter(
        {record["id"]: texts_of(table, "account"), **data},
        from_data(record["spec"]["scorer"]),
        policy=from_data(record["spec"]["policy"]),
        as_of=record["as_of"],
        id=record["id"],
        overrides=[from_data(o) for o in record["overrides"]],
        incumbents=None
        if incumbents is None
        else {
            who: None if day is None else date.fromisoformat(day) for who, day in incumbents.items()
        },
        within=record["seats_within"],
        trailing=record["trailing"],
    )


def _refuse_other_specs(folder: Path, record: Mapping[str, Any], quarter: Quarter) -> None:
    """Refuse specs that were changed, then anything else that the decisions rest on."""
    path, expected = str(folder / RECORD), record["digest"]
    actual = {
        "scorer": digest(quarter.scorer),
        "policy": digest(quarter.policy),
        "rules": digest(from_data(record["spec"]["rules"])),
        "quarter": quarter_digest(quarter),
    }
    for name, found in actual.items():
        if found != expected[name]:
            what = "what the quarter rests on" if name == "quarter" else f"the {name}"
            raise DigestError.from_digests(path, what, str(expected[name]), found)


def _refuse_other_scores(folder: Path, quarter: Quarter, table: Table) -> None:
    """Refuse a quarter whose scores or seats come out otherwise than they are stored."""
    stored = as_floats(_column(table, "score"), "score")
    key = [str(said).casefold() == "true" for said in texts_of(table, "is_key")]
    same = (stored == quarter.scores.value) | (np.isnan(stored) & np.isnan(quarter.scores.value))
    wrong = quarter.ids[~same | (np.array(key, dtype=np.bool_) != quarter.selection.is_key)]
    if len(wrong):
        problem = (
            f"its data and specs give {len(wrong)} accounts another score or seat than is stored "
            f"({', '.join(sorted(map(str, wrong.tolist()))[:5])})"
        )
        raise IntakeError.from_file(str(folder), problem, _AGAIN)


def _refuse_other_words(folder: Path, record: Mapping[str, Any]) -> None:
    """Refuse a record of which anything else was changed: what it learned, was asked, or found."""
    actual, expected = record_digest(record), record["digest"]["record"]
    if actual != expected:
        path = str(folder / RECORD)
        raise DigestError.from_digests(path, "the record", str(expected), actual)


def _column(table: Table, name: str) -> Objects:
    return cells_of(table, name, {name: "number"})
