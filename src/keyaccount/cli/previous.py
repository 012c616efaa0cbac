"""The stored quarter before, read from the folder of its review and judged again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from keyaccount._columns import Objects, as_floats
from keyaccount.cli.sheets import unguarded
from keyaccount.errors import IntakeError, KeyAccountError, SpecError
from keyaccount.evaluation import Quarter
from keyaccount.intake import Table, read_table
from keyaccount.playbook import from_data

__all__ = ["read_previous", "stored_options", "stored_quarter"]

_TABLES = ("accounts.parquet", "accounts.csv")
_CLASHED = "accounts_"
"""What is put before a column of the accounts table that is called as one of the review's."""


def stored_quarter(folder: Path | None, incumbents: Path | None, out: Path) -> Quarter | None:
    """Read the quarter before where it is given; it says who was key, and nothing else may."""
    if folder is None:
        return None
    if folder.resolve() == out.resolve():
        rule = "must not be the folder of --previous"
        hint = "give another folder: this one keeps the quarter before."
        raise SpecError.from_field("--out", rule, str(out), hint)
    if incumbents is not None:
        rule = "must not be given with --previous"
        hint = "the quarter before says who was key: leave one of them out."
        raise SpecError.from_field("--incumbents", rule, str(incumbents), hint)
    return read_previous(folder)


def stored_options(folder: Path | None) -> dict[str, object]:
    """Read the options that the quarter before was asked for with; none where there are none."""
    asked = {} if folder is None else _record(folder / "review.json").get("asked")
    return dict(asked) if isinstance(asked, dict) else {}


def read_previous(folder: Path) -> Quarter:
    """Read the quarter that a review wrote, and see that it gives what was written.

    Parameters
    ----------
    folder
        Where that review wrote its files.

    Returns
    -------
    Quarter
        Its specs, its columns, and what people decided.

    Raises
    ------
    IntakeError
        A file is not there or cannot be read, or the stored data and specs do not give the stored
        scores and key accounts.
    """
    record = _record(folder / "review.json")
    table = read_table(_accounts(folder))
    try:
        quarter = _quarter(record, table)
        _refuse_other(folder, quarter, table)
    except IntakeError:
        raise
    except (KeyAccountError, KeyError, TypeError, ValueError) as error:
        problem = f"holds no quarter that can be read: {_fact(error)}"
        raise IntakeError.from_file(str(folder), problem, _AGAIN) from error
    return quarter


def _fact(error: Exception) -> str:
    if isinstance(error, KeyAccountError):
        return error.fact
    return f"it has no {error}" if isinstance(error, KeyError) else str(error)


_AGAIN = "review that quarter again with this version, then this one."


def _record(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except OSError as error:
        problem = f"cannot be read ({error.strerror or type(error).__name__})"
        hint = "give the folder that `keyaccount review --out` wrote last quarter."
        raise IntakeError.from_file(str(path), problem, hint) from error
    except ValueError as error:
        raise IntakeError.from_file(str(path), f"is no JSON: {error}", _AGAIN) from error
    if not isinstance(found, dict) or not {"incumbents", "as_of"} <= set(found):
        raise IntakeError.from_file(str(path), "is no record of a review", _AGAIN)
    if found["as_of"] is None:
        hint = "review that quarter again with --as-of."
        raise IntakeError.from_file(str(path), "says no day", hint)
    return found


def _accounts(folder: Path) -> Path:
    there = [folder / name for name in _TABLES if (folder / name).exists()]
    if len(there) != 1:
        problem = "holds no accounts table" if not there else "holds two accounts tables"
        hint = "give the folder of one review, with accounts.parquet or accounts.csv."
        raise IntakeError.from_file(str(folder), problem, hint)
    return there[0]


def _quarter(record: Mapping[str, Any], table: Table) -> Quarter:
    incumbents = record["incumbents"]
    if not isinstance(incumbents, dict | None):
        rule = "must map accounts to days"
        raise SpecError.from_field("incumbents", rule, incumbents, _AGAIN)
    return Quarter(
        _columns(table, record["columns"]),
        from_data(record["spec"]["scorer"]),
        policy=from_data(record["spec"]["policy"]),
        as_of=record["as_of"],
        overrides=[from_data(o) for o in record["overrides"]],
        incumbents=None
        if incumbents is None
        else {
            who: None if day is None else date.fromisoformat(day) for who, day in incumbents.items()
        },
        within=record["seats_within"],
    )


def _columns(table: Table, kinds: Mapping[str, str]) -> dict[str, Objects]:
    """Give the columns as they were judged: a sector ``01`` is no number."""
    found = {name: _cells(table, name, kinds) for name in table.names if name != "account"}
    renamed = {name.removeprefix(_CLASHED): c for name, c in found.items() if _clashed(name, found)}
    return {"id": _texts(table, "account"), **found, **renamed}


def _clashed(name: str, columns: Mapping[str, Objects]) -> bool:
    return name.startswith(_CLASHED) and name.removeprefix(_CLASHED) in columns


def _cells(table: Table, name: str, kinds: Mapping[str, str]) -> Objects:
    """Read a column as what it was: Parquet says so itself, of CSV the record does."""
    if not table.source.endswith(".csv"):
        return table.raw(name)
    kind = kinds[name]
    if kind == "number":
        return table.numbers(name)[0]
    if kind == "day":
        return table.dates(name)[0]
    texts = _texts(table, name)
    if kind == "flag":
        texts[:] = [None if cell is None else cell == "True" for cell in texts]
    return texts


def _texts(table: Table, name: str) -> Objects:
    cells = table.texts(name)[0].texts()
    if table.source.endswith(".csv"):
        cells[:] = [None if cell is None else unguarded(cell) for cell in cells]
    return cells


def _refuse_other(folder: Path, quarter: Quarter, table: Table) -> None:
    """Refuse a quarter whose scores or seats come out otherwise than they are stored."""
    stored = as_floats(_cells(table, "score", {"score": "number"}), "score")
    key = [str(said).casefold() == "true" for said in _texts(table, "is_key")]
    same = (stored == quarter.scores.value) | (np.isnan(stored) & np.isnan(quarter.scores.value))
    wrong = quarter.ids[~same | (np.array(key, dtype=np.bool_) != quarter.selection.is_key)]
    if len(wrong):
        problem = (
            f"its data and specs give {len(wrong)} accounts another score or seat than is stored "
            f"({', '.join(sorted(map(str, wrong.tolist()))[:5])})"
        )
        raise IntakeError.from_file(str(folder), problem, _AGAIN)
