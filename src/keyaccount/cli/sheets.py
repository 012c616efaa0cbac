"""Small files that people keep: overrides and last quarter's key accounts.

They decide about single accounts, so a row or a cell that cannot be read is refused, not counted.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from keyaccount.errors import IntakeError, KeyAccountError
from keyaccount.findings import Finding
from keyaccount.intake import Table, read_table
from keyaccount.scoring.selection import Override
from keyaccount.stored.cells import unguarded

__all__ = ["read_incumbents", "read_overrides"]

_OVERRIDE = ("account", "include", "reason", "approved_by")
_YES = {"true", "yes", "y", "1", "in", "include"}
_NO = {"false", "no", "n", "0", "out", "exclude"}


def read_overrides(path: Path) -> tuple[Override, ...]:
    """Read special approvals: account, include, reason, approved_by, approved_on, expires.

    Raises
    ------
    IntakeError
        A row is not an override.
    """
    table = _table(path, _OVERRIDE)
    columns: dict[str, list[Any]] = {name: _texts(table, name) for name in _OVERRIDE}
    columns |= {name: _days(table, name) for name in ("approved_on", "expires")}
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    return tuple(_override(path.name, number, row) for number, row in enumerate(rows, start=1))


def _override(source: str, number: int, row: dict[str, Any]) -> Override:
    said = (row["include"] or "").casefold()
    if said not in _YES | _NO:
        fact = f"row {number}: include is neither in nor out (got {row['include']!r})"
        raise IntakeError.from_file(source, fact, "write in or out.")
    try:
        return Override(
            unguarded(row["account"] or ""),
            include=said in _YES,
            reason=row["reason"] or "",
            approved_by=row["approved_by"] or "",
            approved_on=row["approved_on"],
            expires=row["expires"],
        )
    except KeyAccountError as error:
        raise IntakeError.from_file(source, f"row {number}: {error.fact}", error.hint) from error


def read_incumbents(path: Path) -> dict[str, date | None]:
    """Read last quarter's key accounts, each with the day since when.

    Either the table that a review wrote, of which those with ``is_key`` count, or a list of
    accounts, with a column ``since`` or without.

    Raises
    ------
    IntakeError
        A cell cannot be read.
    """
    table = _table(path, ("account",))
    key = _texts(table, "is_key") if "is_key" in table.names else ["yes"] * len(table)
    rows = zip(_texts(table, "account"), key, _days(table, "since"), strict=True)
    return {
        unguarded(account): since
        for account, said, since in rows
        if account is not None and (said or "").casefold() in _YES
    }


def _table(path: Path, needed: tuple[str, ...]) -> Table:
    table = read_table(path)
    missing = [name for name in needed if name not in table.names]
    if missing:
        problem = f"has no column {', '.join(map(repr, missing))}"
        hint = f"it needs the columns {', '.join(needed)}."
        raise IntakeError.from_file(path.name, problem, hint)
    _refuse(table.findings)
    return table


def _texts(table: Table, name: str) -> list[str | None]:
    texts: list[str | None] = table.texts(name)[0].texts().tolist()
    return texts


def _days(table: Table, name: str) -> list[date | None]:
    if name not in table.names:
        return [None] * len(table)
    days, told = table.dates(name)
    _refuse(told)
    found: list[date | None] = days.tolist()
    return found


def _refuse(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        if finding.severity == "error":
            shown = f" ({', '.join(finding.examples)})" if finding.examples else ""
            raise IntakeError(f"{finding.message}{shown}", "correct the file and run again.")
