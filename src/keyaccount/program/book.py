"""The accounts that a result is about, and where each row of a long table belongs."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import (
    Bools,
    Codes,
    Columns,
    Floats,
    Labels,
    Objects,
    as_ids,
    common_length,
    floats,
    is_scalar,
    labels,
    one_day,
    pick,
)
from keyaccount.errors import KeyAccountError, RowError, SpecError
from keyaccount.findings import Finding, about_rows, counted

__all__ = [
    "Keys",
    "about",
    "day_given",
    "distinct",
    "free_codes",
    "marked",
    "numbers",
    "optional_labels",
    "ranked",
    "read_keys",
    "same_length",
    "says_nothing",
    "who",
]

_SHOWN = 5
_UNKNOWN = frozenset(
    [
        *("", "-", "--", "—", "?", "n/a", "na", "nan", "unknown", "not known", "tbd"),
        *("未知", "不详", "不明", "不清楚", "不知道", "待定"),
    ]
)
_NOTHING = _UNKNOWN | {"false", "0", "0.0"}


@attrs.frozen(eq=False)
class Keys:
    """Ids of accounts or people, and which of them each row of a long table is about.

    Attributes
    ----------
    ids
        ``(n,)`` texts: in the order of the table of accounts or people; sorted where none is
        given, so that the order of the long table does not matter.
    rows
        One position per row of the long table, -1 where it is about none of them.
    findings
        Rows without an id, and rows whose id is not in the table.
    """

    ids: Objects
    rows: Codes
    findings: tuple[Finding, ...]

    def __len__(self) -> int:
        return len(self.ids)


def read_keys(seen: Labels, table: Columns | None, column: str, what: str) -> Keys:
    """Find the accounts (or people) that rows are about, in a table of them or by themselves."""
    ids = _sorted(seen) if table is None else as_ids(pick(table, column), column)
    position = {one: i for i, one in enumerate(ids.tolist())}
    where = [position.get(label, -1) for label in seen.labels]
    rows = np.array([*where, -1], dtype=np.int64)[seen.codes]
    blank = np.flatnonzero(seen.codes < 0)
    said = f"{counted(len(blank), 'row')} without {what}, left out"
    other = np.flatnonzero((seen.codes >= 0) & (rows < 0))
    outside = [label for label, i in zip(seen.labels, where, strict=True) if i < 0]
    strange = f"{counted(len(other), 'row')} of {counted(len(outside), what)} not in the table"
    return Keys(
        ids,
        rows,
        about_rows(f"no_{what}", said, blank, where=what)
        + about(f"unknown_{what}", f"{strange}, left out", outside, what, severity="info"),
    )


def _sorted(seen: Labels) -> Objects:
    found: Objects = np.empty(len(seen.labels), dtype=object)
    found[:] = sorted(seen.labels)
    return found


def about(
    code: str, message: str, ids: Iterable[Any], where: str = "", *, severity: str = "warning"
) -> tuple[Finding, ...]:
    """Tell a fact about some accounts or people, the first by id named; nothing about none."""
    who = [str(one) for one in ids]
    if not who:
        return ()
    return (
        Finding(
            code=code,
            message=message,
            count=len(who),
            where=where,
            severity=severity,
            examples=tuple(heapq.nsmallest(_SHOWN, who)),
        ),
    )


def numbers(
    columns: Columns, name: str, *, low: float = -np.inf, high: float = np.inf
) -> tuple[Floats, tuple[Finding, ...]]:
    """Read numbers within bounds; what is infinite is missing, and told.

    Raises
    ------
    RowError
        A number is out of bounds.
    """
    given = floats(columns, name)
    infinite = np.isinf(given)
    found: Floats = np.where(infinite, np.nan, given) + 0.0
    wrong = np.flatnonzero((found < low) | (found > high))
    if len(wrong):
        bound = f"below {low:g}" if found[wrong[0]] < low else f"above {high:g}"
        raise RowError.from_rows(
            name,
            f"are {bound}",
            wrong.tolist(),
            found[wrong[:_SHOWN]].tolist(),
            "look for a wrong entry, and leave what is unknown empty.",
        )
    rows = np.flatnonzero(infinite)
    said = f"{counted(len(rows), 'row')} of an infinite number, which counts as missing"
    return found, about_rows("infinite", said, rows, where=name)


def free_codes(terms: Iterable[Any], taken: Iterable[str], name: str) -> None:
    """Refuse terms whose code is the name of a column that the result has anyway.

    Raises
    ------
    SpecError
        A code is taken.
    """
    words = set(taken)
    for term in terms:
        if term.code in words:
            rule, hint = "must not be a column of the result", "give it another code."
            raise SpecError.from_field(f"{name}: code", rule, term.code, hint)


def says_nothing(label: str) -> bool:
    """Say whether a word stands for "not known", such as ``"-"``, ``"N/A"``, ``"未知"`` or a 0."""
    return label.strip().casefold() in _NOTHING


def who(columns: Columns, name: str) -> tuple[Labels, tuple[Finding, ...]]:
    """Read who somebody is; a word that names nobody, such as ``"TBD"``, is blank, and told."""
    given = labels(columns, name)
    empty = [label.strip().casefold() in _UNKNOWN for label in given.labels]  # 0 may be an id
    if not any(empty):
        return given, ()
    left = [label for label, is_empty in zip(given.labels, empty, strict=True) if not is_empty]
    table = np.array([*(np.cumsum(np.logical_not(empty)) - 1), -1], dtype=np.int64)
    table[:-1][empty] = -1
    rows = np.flatnonzero(np.array([*empty, False])[given.codes])
    words = ", ".join(repr(label) for label in sorted(set(given.labels) - set(left))[:_SHOWN])
    said = f"{counted(len(rows), 'row')} with a word that names nobody ({words}), read as blank"
    return Labels(table[given.codes], tuple(left)), about_rows("nobody", said, rows, where=name)


def optional_labels(columns: Columns, name: str | None) -> Labels | None:
    """Read a column of labels that may not have been named."""
    return None if name is None else labels(columns, name)


def same_length(**columns: Any) -> int:
    """Return the length of the columns that are given; None is not."""
    return common_length({name: c for name, c in columns.items() if c is not None})


def day_given(raw: Any, name: str) -> np.datetime64:
    """Take an argument that is one day, or refuse it."""
    hint = "write it as YYYY-MM-DD or pass a datetime.date."
    found: np.datetime64 = np.datetime64("NaT", "D")
    if is_scalar(raw):
        with suppress(KeyAccountError):
            found = one_day(raw, name)
    if np.isnat(found):
        raise SpecError.from_field(name, "must be a date", raw, hint)
    return found


def distinct(numbers: Codes) -> Codes:
    """Give each whole number once, sorted: `np.unique` hashes them, and takes ten times as long."""
    found = np.sort(numbers)
    first = np.ones(len(found), dtype=np.bool_)
    first[1:] = found[1:] != found[:-1]
    return found[first]


def ranked(given: Labels) -> Codes:
    """Code the labels by their order, -1 where missing: whatever order the rows came in."""
    order = sorted(range(len(given.labels)), key=given.labels.__getitem__)
    table = np.full(len(order) + 1, -1, dtype=np.int64)
    table[order] = np.arange(len(order))
    found: Codes = table[given.codes]
    return found


def marked(ids: Objects, which: Bools) -> list[str]:
    """List the ids that a column of booleans marks."""
    found: list[str] = ids[which].tolist()
    return found
