"""Small files that people keep: overrides and last quarter's key accounts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from keyaccount.errors import IntakeError
from keyaccount.intake import read_table
from keyaccount.scoring.selection import Override

_OVERRIDE = ("account", "include", "reason", "approved_by")
_YES = {"true", "yes", "y", "1", "in", "include"}
_NO = {"false", "no", "n", "0", "out", "exclude"}


_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet takes for a formula."""


def guarded(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def read_overrides(path: Path) -> tuple[Override, ...]:
    """Read special approvals: account, include, reason, approved_by, approved_on, expires."""
    rows = _rows(path, _OVERRIDE)
    return tuple(_override(path, i, row) for i, row in enumerate(rows))


def _override(path: Path, i: int, row: dict[str, Any]) -> Override:
    said = str(row["include"]).strip().casefold()
    if said not in _YES | _NO:
        raise IntakeError.from_file(
            str(path),
            f"row {i}: include is neither in nor out (got {row['include']!r})",
            "write in or out.",
        )
    dates = {name: row.get(name) or None for name in ("approved_on", "expires")}
    return Override(
        row["account"],
        include=said in _YES,
        reason=row["reason"] or "",
        approved_by=row["approved_by"] or "",
        **dates,
    )


def read_incumbents(path: Path) -> Any:
    """Read last quarter's key accounts: the table a review wrote, or ids with ``since``."""
    rows = _rows(path, ("account",))
    if rows and "is_key" in rows[0]:
        rows = [r for r in rows if str(r["is_key"]).strip().casefold() in _YES]
    named = [r for r in rows if r["account"] is not None]
    if named and "since" in named[0]:
        return {_unguarded(str(r["account"])): r["since"] for r in named}
    return [_unguarded(str(r["account"])) for r in named]


def _rows(path: Path, needed: tuple[str, ...]) -> list[dict[str, Any]]:
    table = read_table(path)
    missing = [name for name in needed if name not in table.names]
    if missing:
        raise IntakeError.from_file(
            str(path),
            f"has no column {missing[0]!r}",
            f"it needs the columns {', '.join(needed)}.",
        )
    columns = {name: table.raw(name).tolist() for name in table.names}
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
