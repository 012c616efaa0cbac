"""Read an event log: any columns, any order, into arrays sorted by deal and moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import (
    Bools,
    Codes,
    Columns,
    Days,
    Floats,
    Labels,
    Objects,
    as_days,
    as_floats,
    as_labels,
    common_length,
    names_of,
    pick,
)
from keyaccount._columns.moments import as_moments
from keyaccount.errors import ColumnNotFoundError, SpecError
from keyaccount.findings import Finding
from keyaccount.funnel.events import KINDS
from keyaccount.funnel.rules import Rules

__all__ = ["ABSENT", "COLUMNS", "NO_DAY", "UNKNOWN", "Log", "read_log"]

COLUMNS = (
    "deal",
    "event",
    "at",
    "stage",
    "code",
    "amount",
    "probability",
    "owner",
    "expected",
    "until",
    "account",
    "reason",
    "override",
    "seq",
)
"""The columns that a log may have, under these names or others."""

_MOVE = KINDS.index("move")
_LABELS = ("deal", "stage", "code", "owner", "account", "reason", "override")
ABSENT, UNKNOWN = -1, -2
"""Positions of what is not said, and of what nobody knows."""


@attrs.frozen(eq=False, kw_only=True)
class Log:
    """Events as arrays, sorted by deal and then by moment; one entry per event.

    `stage` and `code` are positions in the rules, -1 where nothing is said and -2 where nobody
    knows the word. `row` is where the event stood in the log.
    """

    ids: Objects
    owners: tuple[str, ...]
    accounts: tuple[str, ...]
    deal: Codes
    at: NDArray[np.int64]
    kind: NDArray[np.int8]
    stage: NDArray[np.int16]
    code: NDArray[np.int16]
    amount: Floats
    probability: Floats
    owner: NDArray[np.int32]
    account: NDArray[np.int32]
    expected: NDArray[np.int64]
    until: NDArray[np.int64]
    reason: Bools
    override: Bools
    row: Codes
    findings: tuple[Finding, ...]

    def __len__(self) -> int:
        return len(self.deal)


def read_log(rules: Rules, events: Columns, names: Mapping[str, str]) -> Log:
    """Read, clean and sort a log."""
    raw = _raw(events, names)
    read: dict[str, Any] = {n: as_labels(raw[n], names[n]) for n in _LABELS if n in raw}
    n = len(read["deal"])
    at = as_moments(raw["at"], names["at"])
    columns: dict[str, NDArray[Any]] = {
        "deal": read["deal"].codes,
        "at": at.astype(np.int64),
        "kind": _kinds(raw, names, n),
        "stage": _positions(read.get("stage"), rules.stage_position, n),
        "code": _positions(read.get("code"), lambda w: rules.code.get(w, -1), n),
        "amount": _numbers(raw, names, "amount", n),
        "probability": _numbers(raw, names, "probability", n),
        "owner": _codes(read.get("owner"), n),
        "account": _codes(read.get("account"), n),
        "expected": _days(raw, names, "expected", n),
        "until": _days(raw, names, "until", n),
        "reason": _said(read.get("reason"), n),
        "override": _said(read.get("override"), n),
        "seq": _numbers(raw, names, "seq", n),
    }
    common_length({names.get(k, k): v for k, v in columns.items()})
    usable = (columns["deal"] >= 0) & ~np.isnat(at)
    findings = [*_unusable(columns["deal"] < 0, np.isnat(at), names)]
    order, copies = _order(columns, np.flatnonzero(usable), read)
    findings += _copies(copies)
    ids = read["deal"].texts()
    columns = {k: v[order] for k, v in columns.items() if k != "seq"}
    deals, first, codes = np.unique(columns["deal"], return_index=True, return_inverse=True)
    del deals
    return Log(
        ids=ids[order][first],
        owners=read["owner"].labels if "owner" in read else (),
        accounts=read["account"].labels if "account" in read else (),
        row=order,
        findings=tuple(findings),
        **{**columns, "deal": codes.astype(np.int64)},
    )


def _raw(events: Columns, names: Mapping[str, str]) -> dict[str, Any]:
    known = names_of(events)
    raw = {n: pick(events, names[n]) for n in names if names[n] in known}
    for needed in ("deal", "at"):
        if needed not in raw:
            raise ColumnNotFoundError.from_name(names[needed], known)
    if "event" not in raw and "stage" not in raw:
        raise ColumnNotFoundError.from_name(names["event"], known)
    return raw


def _kinds(raw: Mapping[str, Any], names: Mapping[str, str], n: int) -> NDArray[np.int8]:
    if "event" not in raw:
        return np.full(n, _MOVE, dtype=np.int8)  # each row says where a deal stands from then on
    found = as_labels(raw["event"], names["event"])
    position: dict[str, int] = {kind: i for i, kind in enumerate(KINDS)}
    for label in found.labels:
        if label not in position:
            raise SpecError.from_choice(f"column {names['event']!r}", label, KINDS)
    table = np.array([position[label] for label in found.labels] + [_MOVE], dtype=np.int8)
    return table[found.codes]


def _positions(found: Labels | None, position: Any, n: int) -> NDArray[np.int16]:
    if found is None:
        return np.full(n, ABSENT, dtype=np.int16)
    known = [position(label) for label in found.labels]
    table = [UNKNOWN if p < 0 else p for p in known]
    return np.array([*table, ABSENT], dtype=np.int16)[found.codes]


def _codes(found: Labels | None, n: int) -> NDArray[np.int32]:
    if found is None:
        return np.full(n, ABSENT, dtype=np.int32)
    return found.codes.astype(np.int32)


def _said(found: Labels | None, n: int) -> Bools:
    return np.zeros(n, dtype=np.bool_) if found is None else found.codes >= 0


def _numbers(raw: Mapping[str, Any], names: Mapping[str, str], name: str, n: int) -> Floats:
    return as_floats(raw[name], names[name]) if name in raw else np.full(n, np.nan)


NO_DAY = np.iinfo(np.int64).min
"""NaT as a whole number."""


def _days(raw: Mapping[str, Any], names: Mapping[str, str], name: str, n: int) -> NDArray[np.int64]:
    if name not in raw:
        return np.full(n, NO_DAY, dtype=np.int64)
    found: Days = as_days(raw[name], names[name])
    return found.astype(np.int64)


# --- Order ---------------------------------------------------------------------------------------

_ROOM = 2**62


def _order(
    columns: Mapping[str, NDArray[Any]], rows: Codes, read: Mapping[str, Labels]
) -> tuple[Codes, int]:
    """Sort rows by deal and moment, ties by the log's sequence or by kind; leave copies out.

    No order of the rows of the log has any influence.
    """
    deal, at = columns["deal"][rows], columns["at"][rows]
    ids = _by_text(read["deal"])[deal]
    key = _packed(ids, at)
    order = np.argsort(key) if key is not None else np.lexsort((at, ids))
    ids, at, rows = ids[order], at[order], rows[order]
    tied = np.flatnonzero((ids[1:] == ids[:-1]) & (at[1:] == at[:-1]))
    if not len(tied):
        return rows, 0
    return _untied(columns, rows, tied, (ids, at), read)


def _by_text(found: Labels) -> Codes:
    """Give each label its place in the order of texts: codes are in the order of the log."""
    place = np.empty(len(found.labels) + 1, dtype=np.int64)
    place[np.argsort(np.array([*found.labels, ""], dtype=object)[:-1], kind="stable")] = np.arange(
        len(found.labels)
    )
    place[-1] = -1
    return place


def _packed(ids: Codes, at: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Put deal and moment into one whole number where they fit: one sort instead of two."""
    if not len(at):
        return at
    offset = at - at.min()
    unit = int(np.gcd.reduce(offset)) or 1  # days, as a rule
    offset //= unit
    span = int(offset.max()) + 1
    if (int(ids.max()) + 1) * span >= _ROOM:
        return None
    key: NDArray[np.int64] = ids * span + offset
    return key


def _untied(
    columns: Mapping[str, NDArray[Any]],
    rows: Codes,
    tied: Codes,
    sorted_by: tuple[NDArray[np.int64], NDArray[np.int64]],
    read: Mapping[str, Labels],
) -> tuple[Codes, int]:
    """Order events of one deal and one moment, and drop exact copies."""
    places = np.union1d(tied, tied + 1)
    some = rows[places]
    keys = [sorted_by[0][places], sorted_by[1][places]]
    keys += [_key(columns[n][some]) for n in ("seq", "kind", "stage", "code")]
    keys += [_key(columns[n][some]) for n in ("amount", "probability", "expected", "until")]
    keys += [_by_text(read[n])[read[n].codes[some]] for n in _LABELS if n in read]
    order = np.lexsort(keys[::-1])
    rows = rows.copy()
    rows[places] = some[order]
    same = np.ones(len(some) - 1, dtype=np.bool_)
    for key in keys:
        in_order = key[order]
        same &= in_order[1:] == in_order[:-1]
    kept = np.ones(len(rows), dtype=np.bool_)
    kept[places[1:][same]] = False
    return rows[kept], int(np.count_nonzero(same))


def _key(values: NDArray[Any]) -> NDArray[Any]:
    """Let missing numbers compare as equal."""
    return np.nan_to_num(values, nan=-np.inf) if values.dtype.kind == "f" else values


def _unusable(no_deal: Bools, no_moment: Bools, names: Mapping[str, str]) -> list[Finding]:
    said = (
        ("no_deal", no_deal, "deal"),
        ("no_moment", no_moment & ~no_deal, "at"),
    )
    return [
        Finding(
            code=code,
            message=f"{count} events have no {what} and are left out",
            count=count,
            where=names[what],
            severity="error",
        )
        for code, flags, what in said
        if (count := int(np.count_nonzero(flags)))
    ]


def _copies(count: int) -> list[Finding]:
    if not count:
        return []
    events = "event is an exact copy" if count == 1 else "events are exact copies"
    message = f"{count} {events} of another and left out"
    return [Finding(code="copies", message=message, count=count, severity="info")]
