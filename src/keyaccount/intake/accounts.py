"""The accounts of a book: one row each, with an id that other tables find them by."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Labels, Objects
from keyaccount.errors import IntakeError
from keyaccount.findings import Finding, counted, note
from keyaccount.intake.aliases import Aliases
from keyaccount.intake.cells import label_counts, taken
from keyaccount.intake.duplicates import duplicates
from keyaccount.intake.labels import misspelt, near_duplicates, unknown_labels
from keyaccount.intake.mapping import Roles
from keyaccount.intake.tables import Table

__all__ = ["MEASURES", "UNKNOWN", "Accounts", "read_accounts"]

MEASURES = ("sales", "potential", "wins", "losses", "trials", "win_rate", "showcase_rating")
"""Columns that accounts are judged by, where the accounts table brings them itself."""

UNKNOWN = -2
"""The code of a reference that names no account; a blank one has -1."""


@attrs.frozen(kw_only=True, eq=False)
class Accounts:
    """The accounts that can be used, and how other tables find them.

    Parameters
    ----------
    columns
        ``id``, ``name``, ``sector``, ``parent``, ``owner`` where known, and all other columns of
        the table.
    position
        What an account may be called (its id, its name where no other has it) to its row.
    rejected
        Rows of the table that could not be used.
    findings
        What was met.
    """

    columns: Mapping[str, Objects]
    position: Mapping[str, int]
    rejected: int
    findings: tuple[Finding, ...]

    def __len__(self) -> int:
        return len(self.columns["id"])

    def find(
        self, references: Labels, column: str, where: str
    ) -> tuple[Codes, tuple[Finding, ...]]:
        """Give the row of the account that each reference names, -1 if blank, -2 if unknown."""
        place = [self.position.get(c, UNKNOWN) for c in references.labels]
        unknown = {c: n for c, n in label_counts(references).items() if c not in self.position}
        told = unknown_labels(unknown, self.position, where, column, "accounts")
        return np.array([*place, -1], dtype=np.int64)[references.codes], told


def read_accounts(table: Table, roles: Roles, aliases: Aliases) -> Accounts:
    """Read the accounts table; rows without an id and rows that share one are rejected.

    Parameters
    ----------
    table
        The raw table.
    roles
        Which column plays which part: ``{"id": "account_id"}``.
    aliases
        What labels should be called.

    Returns
    -------
    Accounts
        The rows that can be used; those that cannot are counted in its findings.

    Raises
    ------
    IntakeError
        No row can be used.
    """
    ids, told = table.texts(roles["id"])
    kept, said = _usable(table, ids, table.where(roles["id"]))
    if not kept.any():
        raise IntakeError.from_file(
            table.source,
            f"no account can be used of {counted(table.read, 'row')}",
            "give each row an id.",
        )
    read: dict[str, Labels] = {"id": taken(ids, kept)}
    for role in ("name", "sector", "parent", "owner"):
        if role in roles:
            texts, spaces = table.texts(roles[role])
            read[role], repaired = aliases.repair(
                _column_of(role),
                taken(texts, kept),
                also=roles[role],
                where=table.where(roles[role]),
            )
            told += spaces + repaired
    columns = {role: labels.texts() for role, labels in read.items()}
    position = _positions(read)
    told += said + _quality(read, roles, table)
    if "parent" in read:
        columns["parent"], cleared = _parents(read, position, table.where(roles["parent"]))
        told += cleared
    others, repairs = _other_columns(table, roles, kept)
    return Accounts(
        columns={**others, **columns},
        position=position,
        rejected=int(np.count_nonzero(~kept)),
        findings=told + repairs,
    )


def _column_of(role: str) -> str:
    """Tell what aliases call a role: a parent is an account, too."""
    return "account" if role == "parent" else role


def _usable(table: Table, ids: Labels, where: str) -> tuple[Bools, tuple[Finding, ...]]:
    """Mark the rows with an id of their own."""
    blank = ids.codes < 0
    n = int(np.count_nonzero(blank))
    told = note("no_id", f"{where}: {counted(n, 'row')} without an id rejected", n, where, "error")
    same, conflicting, said = duplicates(table, ids, where)
    return ~(blank | same | conflicting), told + said


def _positions(read: Mapping[str, Labels]) -> dict[str, int]:
    """Tell the row of each id, and of each name that one account alone has and that is no id."""
    found: dict[str, int] = {text: i for i, text in enumerate(read["id"].texts().tolist())}
    if "name" in read:
        names = read["name"]
        once = {label for label, n in label_counts(names).items() if n == 1}
        for i, name in enumerate(names.texts().tolist()):
            if name in once:
                found.setdefault(name, i)
    return found


def _quality(read: Mapping[str, Labels], roles: Roles, table: Table) -> tuple[Finding, ...]:
    """Report labels that are probably not what was meant."""
    called = "name" if "name" in read else "id"
    told = near_duplicates(label_counts(read[called]), table.where(roles[called]))
    if "sector" in read:
        where = table.where(roles["sector"])
        blank = int(np.count_nonzero(read["sector"].codes < 0))
        told += note(
            "no_sector", f"{where}: {counted(blank, 'row')} without a sector", blank, where
        )
        told += _sectors_told(label_counts(read["sector"]), where)
    return told


def _sectors_told(counts: Mapping[str, int], where: str) -> tuple[Finding, ...]:
    """Report sectors that may be misspelt, and pairs among the others that may be the same."""
    told = misspelt(counts, where, "sector")
    slips = {example for finding in told for example in finding.examples}
    others = {label: n for label, n in counts.items() if label not in slips}
    return told + near_duplicates(others, where)


def _parents(
    read: Mapping[str, Labels], position: Mapping[str, int], where: str
) -> tuple[Objects, tuple[Finding, ...]]:
    """Write parents as ids; clear a parent that is not in the book or the account itself."""
    ids, named = read["id"].texts(), read["parent"]
    rows_of = np.array([*(position.get(c, UNKNOWN) for c in named.labels), -1])[named.codes]
    own = rows_of == np.arange(len(ids))
    unknown = {c: n for c, n in label_counts(named).items() if c not in position}
    told = unknown_labels(unknown, position, where, "account", "accounts: no parent")
    n = int(np.count_nonzero(own))
    message = f"{where}: {counted(n, 'account')} named as their own parent: no parent"
    told += note("own_parent", message, n, where, "warning", examples=ids[own])
    parents = ids[rows_of]
    parents[(rows_of < 0) | own] = None
    return parents, told


def _other_columns(
    table: Table, roles: Roles, kept: Bools
) -> tuple[dict[str, Objects], tuple[Finding, ...]]:
    """Pass the other columns on: as numbers where every known cell is one, else as they are.

    What accounts are judged by is numbers in any case; a cell that is none is missing, and told.
    """
    found: dict[str, Objects] = {}
    told: tuple[Finding, ...] = ()
    for name in table.names:
        if name not in roles.values():
            values, said = table.numbers(name) if name in MEASURES else _as_numbers(table, name)
            found[name] = values[kept]
            told += said
    return found, told


def _as_numbers(table: Table, name: str) -> tuple[Objects, tuple[Finding, ...]]:
    if getattr(table.column(name), "dtype", np.dtype(object)).kind == "M":
        return table.raw(name), ()
    values, told = table.numbers(name)
    if any(f.severity == "error" for f in told) or np.isnan(values).all():
        return table.raw(name), ()
    return values, told
