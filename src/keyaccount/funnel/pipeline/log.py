"""Read an event log: any columns, any order, into arrays sorted by deal and moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import (
    Bools,
    Codes,
    Columns,
    Labels,
    Objects,
    as_days,
    as_floats,
    as_labels,
    common_length,
    names_of,
    pick,
    to_numpy,
)
from keyaccount._columns.moments import as_moments
from keyaccount.errors import ColumnError, ColumnNotFoundError, SpecError
from keyaccount.findings import Finding
from keyaccount.funnel.events import KINDS
from keyaccount.funnel.pipeline.order import in_order
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


NO_DAY = np.iinfo(np.int64).min
"""NaT as a whole number."""

_BLANK: Mapping[str, NDArray[Any]] = {
    "stage": np.array([ABSENT], dtype=np.int16),
    "code": np.array([ABSENT], dtype=np.int16),
    "amount": np.array([np.nan]),
    "probability": np.array([np.nan]),
    "owner": np.array([ABSENT], dtype=np.int32),
    "account": np.array([ABSENT], dtype=np.int32),
    "expected": np.array([NO_DAY]),
    "until": np.array([NO_DAY]),
    "reason": np.array([ABSENT], dtype=np.int32),
    "override": np.array([ABSENT], dtype=np.int32),
}
"""What is said where a log has no such column."""


@attrs.frozen(eq=False, kw_only=True)
class Log:
    """Events as arrays, sorted by deal and then by moment; one entry per event.

    Attributes
    ----------
    ids, owners, accounts, reasons
        What the codes stand for.
    deal, at, kind
        Of each event: its deal, its moment in microseconds, its kind as a position in `KINDS`.
    said
        The other columns that the log has. Stages and codes are positions in the rules, -1 where
        nothing is said and -2 where nobody knows the word.
    row
        Where each event stood in the log.
    findings
        What was left out.
    """

    ids: Objects
    owners: tuple[str, ...]
    accounts: tuple[str, ...]
    reasons: tuple[str, ...]
    deal: Codes
    at: NDArray[np.int64]
    kind: NDArray[np.int8]
    said: Mapping[str, NDArray[Any]]
    row: Codes
    findings: tuple[Finding, ...]

    def __len__(self) -> int:
        return len(self.deal)

    def has(self, name: str) -> bool:
        """Say whether the log has a column."""
        return name in self.said

    def of(self, name: str, events: Codes) -> Any:
        """Give what a column says of some events, or that it says nothing."""
        if name in self.said:
            return self.said[name][events]
        return np.repeat(_BLANK[name], len(events))


def read_log(rules: Rules, events: Columns, names: Mapping[str, str]) -> Log:
    """Read, clean and sort a log."""
    raw = _raw(events, names)
    read: dict[str, Labels] = {n: as_labels(raw[n], names[n]) for n in _LABELS if n in raw}
    for name in ("reason", "override"):
        if name in raw:
            _refuse_flags(raw[name], names[name])
    deal, ids = _by_text(read["deal"])
    at = as_moments(raw["at"], names["at"])
    kind, said = _kinds(raw, names, len(deal)), _said(rules, raw, read, names)
    seq = {"seq": as_floats(raw["seq"], names["seq"])} if "seq" in raw else {}
    every = {"at": at, "deal": deal, "event": kind, **said, **seq}
    common_length({names[n]: column for n, column in every.items()})
    no_deal, no_moment = deal < 0, np.isnat(at)
    ties = {**seq, "kind": kind, **{n: said[n] for n in _TIES if n in said}}
    texts = [read[n] for n in _LABELS[1:] if n in read]
    usable = np.flatnonzero(~no_deal & ~no_moment)
    whole: NDArray[np.int64] = at.view(np.int64)
    row, in_deals, in_time, copies = in_order(deal, whole, usable, ties, texts)
    tied = () if seq else _order_matters(in_deals, in_time, kind[row])
    new = np.diff(in_deals, prepend=ABSENT) != 0
    return Log(
        ids=ids[in_deals[new]],
        owners=read["owner"].labels if "owner" in read else (),
        accounts=read["account"].labels if "account" in read else (),
        reasons=read["reason"].labels if "reason" in read else (),
        deal=np.cumsum(new) - 1,
        at=in_time,
        kind=kind[row],
        said={n: column[row] for n, column in said.items()},
        row=row,
        findings=(*_unusable(no_deal, no_moment & ~no_deal, names), *_copies(copies), *tied),
    )


_TIES = ("stage", "code", "amount", "probability", "expected", "until")


def _said(
    rules: Rules, raw: Mapping[str, Any], read: Mapping[str, Labels], names: Mapping[str, str]
) -> dict[str, NDArray[Any]]:
    """Read the columns that a log may have."""
    words = {"stage": rules.stage_position, "code": lambda word: rules.code.get(word, -1)}
    return {
        **{n: _positions(read[n], words[n]) for n in words if n in read},
        **{n: as_floats(raw[n], names[n]) + 0.0 for n in ("amount", "probability") if n in raw},
        **{n: read[n].codes.astype(np.int32) for n in ("owner", "account") if n in read},
        **{
            n: as_days(raw[n], names[n]).astype(np.int64) for n in ("expected", "until") if n in raw
        },
        **{n: read[n].codes.astype(np.int32) for n in ("reason", "override") if n in read},
    }


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


def _positions(found: Labels, position: Callable[[str], int]) -> NDArray[np.int16]:
    known = [position(label) for label in found.labels]
    table = [UNKNOWN if p < 0 else p for p in known]
    return np.array([*table, ABSENT], dtype=np.int16)[found.codes]


def _unusable(no_deal: Bools, no_moment: Bools, names: Mapping[str, str]) -> list[Finding]:
    said = (
        ("no_deal", no_deal, "deal"),
        ("no_moment", no_moment, "at"),
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


_OF_STAGES = [KINDS.index(k) for k in ("reopen", "regress", "move", "advance", "win", "lose")]
_CLASH = np.arange(len(KINDS))
_CLASH[_OF_STAGES] = _OF_STAGES[0]
_CLASH[[KINDS.index(k) for k in ("open", "confirm")]] = -1
"""Kinds of event that undo each other, so that their order matters, share a number."""


def _order_matters(
    deal: Codes, at: NDArray[np.int64], kind: NDArray[np.int8]
) -> tuple[Finding, ...]:
    """Say how many events share deal and moment with another that their order matters to."""
    tied = np.flatnonzero((deal[1:] == deal[:-1]) & (at[1:] == at[:-1]))
    first, second = _CLASH[kind[tied]], _CLASH[kind[tied + 1]]
    count = int(np.count_nonzero((first == second) & (first >= 0)))
    if not count:
        return ()
    events = "event happens" if count == 1 else "events happen"
    message = (
        f"{count} {events} at one moment with another that the order matters to: taken by kind, "
        "stage and value; give moments or a column of their sequence"
    )
    return (Finding(code="tied_events", message=message, count=count),)


def _by_text(found: Labels) -> tuple[Codes, Objects]:
    """Give deals their numbers in the order of their ids, whatever the order of the log."""
    texts = np.array(found.labels, dtype=np.str_)
    order = np.argsort(texts, kind="stable")
    place = np.empty(len(order) + 1, dtype=np.int64)
    place[order], place[-1] = np.arange(len(order)), ABSENT
    return place[found.codes], np.array(found.labels, dtype=object)[order]


def _refuse_flags(raw: Any, name: str) -> None:
    """Refuse true, false and numbers where a text is asked for: a false one would say yes."""
    array = to_numpy(raw, name)
    flags = array.dtype.kind in "biu" or (array.dtype.kind == "f" and not np.isnan(array).all())
    if array.dtype.kind == "O":
        flags = any(isinstance(v, bool | int | np.bool_) for v in array.tolist())
    if flags:
        raise ColumnError.from_kind(
            name, "texts that say why", "true and false, or numbers", "leave it empty for none."
        )


def _copies(count: int) -> list[Finding]:
    if not count:
        return []
    events = "event is an exact copy" if count == 1 else "events are exact copies"
    message = f"{count} {events} of another and left out"
    return [Finding(code="copies", message=message, count=count, severity="info")]
