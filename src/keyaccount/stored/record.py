"""The record of a stored quarter: what it rests on, and the digests that vouch for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from re import compile as compile_pattern
from typing import Any, Final

import numpy as np

from keyaccount._columns import names_of
from keyaccount.evaluation import Quarter, ReviewRules, data_digest
from keyaccount.playbook import digest, to_data
from keyaccount.stored.kinds import kind_of

__all__ = [
    "RECORD",
    "RECORD_VERSION",
    "file_digest",
    "quarter_digest",
    "quarter_record",
    "record_digest",
    "unfinished",
]

RECORD: Final = "review.json"
"""The file that holds the record; it is written last of all that it vouches for."""

_UNFINISHED: Final = compile_pattern(
    r"\.(accounts\.(parquet|csv)|leavers\.(parquet|csv)|decisions\.jsonl|review\.(json|html))"
    r"\.[0-9a-f]{8}\.tmp"
)
"""How a file of a review is called while it is written."""

RECORD_VERSION: Final = 3
"""The version of the record; a change of its meaning makes another."""


def quarter_record(
    quarter: Quarter,
    table: Mapping[str, Any],
    data: Mapping[str, str],
    *,
    rules: ReviewRules,
    previous: Quarter | None,
) -> dict[str, Any]:
    """Give the record of a quarter.

    Parameters
    ----------
    quarter
        The quarter.
    table
        The table of accounts that is stored.
    data
        The columns of the quarter, to their names in that table.
    rules
        By what it was reviewed.
    previous
        The quarter it was reviewed against; None: it is the first one.
    """
    specs = {"scorer": quarter.scorer, "policy": quarter.policy, "rules": rules}
    before = None if previous is None else quarter_digest(previous)
    return {
        "schema_version": RECORD_VERSION,
        "as_of": quarter.as_of.isoformat(),
        "digest": {
            "quarter": quarter_digest(quarter),
            **{name: digest(spec) for name, spec in specs.items()},
        },
        "spec": {name: to_data(spec) for name, spec in specs.items()},
        "previous": None
        if previous is None
        else {"as_of": previous.as_of.isoformat(), "quarter": before},
        "overrides": [to_data(o) for o in quarter.overrides],
        "incumbents": _incumbents(quarter),
        "seats_within": quarter.within,
        "trailing": dict(sorted(quarter.trailing.items())),
        "id": quarter.id,
        "columns": {name: kind_of(column) for name, column in table.items()},
        "data": dict(data),
    }


def quarter_digest(quarter: Quarter) -> str:
    """Name a quarter by all it rests on: data, specs, overrides, incumbents and day (SHA-256).

    It is the same however the quarter is stored, and in whatever order its rows are.
    """
    names = [name for name in names_of(quarter.columns) if name != quarter.id]
    parts = [
        "keyaccount quarter 1",
        quarter.as_of.isoformat(),
        quarter.within,
        sorted(quarter.trailing.items()),
        data_digest(quarter.columns, id=quarter.id, names=names),
        sorted(names),
        digest(quarter.scorer),
        digest(quarter.policy),
        sorted(digest(override) for override in quarter.overrides),
        _incumbents(quarter),
    ]
    return sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8")).hexdigest()


def record_digest(record: Mapping[str, Any]) -> str:
    """Name a record by all that stands in it (SHA-256), its own digest left out.

    What a quarter learned, what it was asked for, its findings and sums are read again or shown to
    people: nothing of it may be changed unseen.
    """
    said = record["digest"]
    digests = (
        {k: v for k, v in said.items() if k != "record"} if isinstance(said, Mapping) else said
    )
    text = json.dumps({**record, "digest": digests}, ensure_ascii=False, sort_keys=True)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def unfinished(folder: Path) -> list[Path]:
    """List what a run left that was killed while it wrote."""
    return sorted(path for path in folder.iterdir() if _UNFINISHED.fullmatch(path.name))


def file_digest(content: bytes) -> str:
    """Give the SHA-256 of the content of a file."""
    return sha256(content).hexdigest()


def _incumbents(quarter: Quarter) -> dict[str, str | None] | None:
    """Say who was key before and since when: with them, the stored quarter can be judged again."""
    if quarter.incumbents is None:
        return None
    named = sorted(quarter.incumbents.items())
    return {who: None if np.isnat(day) else str(day) for who, day in named}
