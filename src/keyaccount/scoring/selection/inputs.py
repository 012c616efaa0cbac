"""The arguments of a selection, read and checked: who competes, who is in or out beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol, runtime_checkable

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from keyaccount._columns import (
    Bools,
    Codes,
    Days,
    Floats,
    Objects,
    as_days,
    as_floats,
    as_ids,
    as_labels,
    common_length,
    is_scalar,
    one_day,
    refuse_missing,
    to_numpy,
)
from keyaccount.errors import SelectionError
from keyaccount.findings import Finding
from keyaccount.groups import order_of_codes
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.selection.notes import said_of
from keyaccount.scoring.selection.override import Override, override_findings


@runtime_checkable
class KeyAccounts(Protocol):
    """What is read of an earlier selection: who was key, and since when."""

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The ids of the key accounts."""
        ...

    @property
    def key_since(self) -> Days:
        """Since when each of them is one."""
        ...


@attrs.frozen(eq=False)
class Inputs:
    """The arguments of a selection, aligned with the scores by position."""

    value: Floats
    scores: Scores | None
    ids: Objects | None
    day: date | None
    overrides: tuple[Override, ...]
    excluded: Bools
    included: Bools
    incumbent: Bools
    since: Days
    tenured: Bools
    pool: Codes
    labels: tuple[str | None, ...]
    within: bool
    follows: bool
    """Whether there is an earlier selection, with at least one key account."""
    findings: tuple[Finding, ...]
    _members: tuple[Codes, ...] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_members", members_of(self.pool, len(self.labels)))

    def rows(self, group: int) -> Codes | slice:
        """List the rows of one group."""
        return self._members[group] if self._members else slice(None)


_MANY, _FEW = 1 << 24, 256
"""From so many rows on room is scarce; so many groups may be looked for one by one."""


def members_of(
    pool: NDArray[np.signedinteger[Any]], groups: int, many: int = _MANY
) -> tuple[Codes, ...]:
    """List the rows of each group; nothing where there is one group only."""
    if groups == 1:
        return ()
    if len(pool) > many and groups <= _FEW:
        narrow: Any = np.int32 if len(pool) <= np.iinfo(np.int32).max else np.int64
        return tuple(np.flatnonzero(pool == group).astype(narrow) for group in range(groups))
    ends = np.cumsum(np.bincount(pool, minlength=groups))
    return tuple(np.split(order_of_codes(pool, groups), ends[:-1]))


@attrs.frozen(kw_only=True)
class Arguments:
    """The arguments of a selection as they were passed."""

    ids: Any
    as_of: date | str | None
    overrides: tuple[Override, ...]
    incumbents: Any
    within: Any
    min_tenure_days: int
    by_id: bool


def read_inputs(scores: Scores | ArrayLike, given: Arguments) -> Inputs:
    """Read and check the arguments of a selection."""
    check_overrides(given.overrides)
    value = scores.value if isinstance(scores, Scores) else as_floats(scores, "scores")
    value, infinite = _finite(value)
    ids = None if given.ids is None else as_ids(given.ids, "ids")
    common_length({"scores": value, **({} if ids is None else {"ids": ids})})
    day = selection_day(given.as_of, given.overrides, given.min_tenure_days)
    position = _positions(ids, given)
    named = named_incumbents(given.incumbents)
    since, incumbent, gone = _incumbents(given, named, position, len(value))
    pool, labels = _pools(given.within, len(value))
    overridden = [
        _overridden(given.overrides, position, day, len(value), include=include)
        for include in (False, True)
    ]
    return Inputs(
        value=value,
        scores=scores if isinstance(scores, Scores) else None,
        ids=ids,
        day=day,
        overrides=tuple(o for o in given.overrides if o.holds_on(day)),
        excluded=overridden[0],
        included=overridden[1],
        incumbent=incumbent,
        since=since,
        tenured=tenured_of(given.min_tenure_days, incumbent, since, day),
        pool=pool,
        labels=labels,
        within=given.within is not None,
        follows=bool(named),
        findings=(*infinite, *override_findings(given.overrides, position, day), *gone),
    )


def _finite(value: Floats) -> tuple[Floats, list[Finding]]:
    """Let infinite scores count as missing, and say so."""
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(np.add.reduce(value)):  # a sum is finite only where every value is
            return value, []
    infinite = np.isinf(value)
    found = infinite_found(int(np.count_nonzero(infinite)))
    return np.where(infinite, np.nan, value), found


def infinite_found(count: int) -> list[Finding]:
    """Say how many scores are infinite."""
    what = ("score is infinite and counts as missing", "scores are infinite and count as missing")
    return said_of("infinite", count, what, where="scores")


def check_overrides(overrides: Any) -> None:
    """Refuse what is no tuple of overrides."""
    wrong = [overrides] if not isinstance(overrides, tuple) else overrides
    wrong = [o for o in wrong if not isinstance(o, Override) or o is overrides]
    if wrong:
        raise SelectionError.from_problem(
            f"overrides= must be Overrides, in a list or tuple (got {wrong[0]!r})",
            "build them by Override(account, include=..., reason=..., approved_by=...).",
        )


def selection_day(
    as_of: date | str | None, overrides: Sequence[Override], min_tenure_days: int
) -> date | None:
    """Read the day of the selection, which dated overrides and tenures need."""
    day = None if as_of is None else _one_date(as_of)
    if day is not None:
        return day
    dated = sorted(o.account for o in overrides if o.is_dated)
    if dated or min_tenure_days:
        reason = f"the override of {dated[0]!r} is dated" if dated else "a minimum tenure is asked"
        raise SelectionError.from_missing_argument(
            "as_of", reason, "say the day of the selection, as YYYY-MM-DD."
        )
    return None


def _one_date(raw: Any) -> date | None:
    """Read a day; None where it is missing (NaT, a blank text)."""
    day: date | None = one_day(raw, "as_of").astype(object)
    return day


def _positions(ids: Objects | None, given: Arguments) -> dict[str, int]:
    """Find the row of each id, where anything is said of single accounts."""
    named = bool(given.overrides) or given.incumbents is not None
    if ids is None and (named or given.by_id):
        raise SelectionError.from_missing_argument(
            "ids",
            "overrides and incumbents name accounts by id" if named else "ties are decided by id",
            'pass ids=accounts["account_id"].',
        )
    return {name: i for i, name in enumerate(ids.tolist())} if named and ids is not None else {}


def _overridden(
    overrides: Sequence[Override],
    position: Mapping[str, int],
    day: date | None,
    n: int,
    *,
    include: bool,
) -> Bools:
    found = np.zeros(n, dtype=np.bool_)
    rows = [
        position[o.account]
        for o in overrides
        if o.include is include and o.holds_on(day) and o.account in position
    ]
    found[rows] = True
    return found


def _incumbents(
    given: Arguments, named: Mapping[str, np.datetime64], position: Mapping[str, int], n: int
) -> tuple[Days, Bools, list[Finding]]:
    since = np.full(n, "NaT", dtype="datetime64[D]")
    incumbent = np.zeros(n, dtype=np.bool_)
    rows = [position[name] for name in named if name in position]
    incumbent[rows] = True
    since[rows] = [day for name, day in named.items() if name in position]
    if given.min_tenure_days:
        refuse_undated(len(named), sum(not np.isnat(day) for day in named.values()))
    gone = sorted(name for name in named if name not in position)
    undated = int(np.count_nonzero(incumbent & np.isnat(since))) if given.min_tenure_days else 0
    return since, incumbent, incumbents_found(len(gone), gone[:5], undated)


def refuse_undated(named: int, dated: int) -> None:
    """Refuse incumbents none of whom has a day since when, where a minimum tenure is asked."""
    if named and not dated:
        raise SelectionError.from_missing_argument(
            "incumbents",
            "a minimum tenure is asked, and it is not said since when accounts are key",
            "pass last quarter's Selection, made with as_of=, or a mapping of ids to dates.",
        )


def incumbents_found(gone: int, examples: Sequence[str], undated: int) -> list[Finding]:
    """Say how many incumbents are not in the book, and how many have no day since when."""
    left = ("incumbent is not in the book any more", "incumbents are not in the book any more")
    free = (
        "incumbent has no day since when: no minimum tenure protects it",
        "incumbents have no day since when: no minimum tenure protects them",
    )
    return [
        *said_of("incumbent_gone", gone, left, where="incumbents", examples=examples),
        *said_of("tenure_unknown", undated, free, where="incumbents"),
    ]


def named_incumbents(incumbents: Any) -> dict[str, np.datetime64]:
    """Read who was key, and since when, out of whatever says it."""
    if incumbents is None:
        return {}
    if isinstance(incumbents, KeyAccounts):
        if getattr(incumbents, "ids", incumbents.key_ids) is None:
            raise SelectionError.from_problem(
                "incumbents= is a selection made without ids, which names nobody",
                "make last quarter's selection with ids= too.",
            )
        return dict(zip(incumbents.key_ids, incumbents.key_since, strict=True))
    dated = isinstance(incumbents, Mapping)
    names = _incumbent_ids(list(incumbents) if dated else incumbents)
    if not dated:
        return dict.fromkeys(names, np.datetime64("NaT", "D"))
    return dict(zip(names, as_days(list(incumbents.values()), "incumbents"), strict=True))


def _incumbent_ids(raw: Any) -> list[str]:
    """Read ids, and refuse what is none: one text, a mask of rows."""
    hint = "pass the ids of last quarter's key accounts, as a list, or the Selection itself."
    if is_scalar(raw):
        raise SelectionError.from_problem(f"incumbents= must be ids (got {raw!r})", hint)
    cells = raw if hasattr(raw, "__len__") else list(raw)
    if set(map(type, to_numpy(cells, "incumbents").tolist())) == {bool}:
        raise SelectionError.from_problem("incumbents= must be ids (got a mask of rows)", hint)
    found = as_labels(cells, "incumbents")
    refuse_missing(found, "incumbents")
    return [found.labels[code] for code in found.codes.tolist()]


def tenured_of(min_tenure_days: int, incumbent: Bools, since: Days, day: date | None) -> Bools:
    """Say which incumbents are key for too short a time to lose their seats."""
    if not min_tenure_days or day is None:
        return np.zeros(len(incumbent), dtype=np.bool_)
    tenure = (np.datetime64(day, "D") - since).astype(np.int64)
    return incumbent & ~np.isnat(since) & (tenure < min_tenure_days)


def _pools(within: Any, n: int) -> tuple[Codes, tuple[str | None, ...]]:
    """Give each row the code of its group, groups in the order of their labels."""
    if within is None:
        return np.zeros(n, dtype=np.int64), (None,)
    if isinstance(within, str):
        raise SelectionError.from_problem(
            f"within= must be one label per account (got the text {within!r})",
            f"pass within=accounts[{within!r}].",
        )
    found = as_labels(within, "within")
    common_length({"scores": range(n), "within": found})
    order = sorted(range(len(found.labels)), key=found.labels.__getitem__)
    table = np.empty(len(order) + 1, dtype=np.int64)
    table[order] = np.arange(len(order))
    table[-1] = len(order)  # accounts without a label compete with each other
    names: list[str | None] = [found.labels[i] for i in order]
    missing = bool((found.codes < 0).any()) or not names
    return table[found.codes], tuple([*names, None] if missing else names)
