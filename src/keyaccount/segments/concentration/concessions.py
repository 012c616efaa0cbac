"""`check_concessions`: what was given up for each customer beside the limit agreed for it."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import (
    Bools,
    Codes,
    Floats,
    Objects,
    as_ids,
    bools,
    common_length,
)
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding, counted
from keyaccount.segments.concentration.amounts import amounts_from_0
from keyaccount.stats.sums import exact_sum

_STATES = ("none", "within", "above", "unlimited")
_WHY = (
    "nothing was conceded",
    "within the agreed limit",
    "above the agreed limit",
    "conceded without an agreed limit",
    "what was conceded is not known",
)
_SHOWN = 5


@attrs.frozen(eq=False)
class Concessions(Viewed):
    """What was conceded to each customer, beside the limit agreed for it.

    Parameters
    ----------
    state
        ``(n,)`` int64: 0 none, 1 within the limit, 2 above it, 3 unlimited: conceded with no limit
        agreed; -1 where it is not known what was conceded.
    granted, agreed
        ``(n,)`` float64: what was conceded, and the limit; NaN where unknown, or where none is
        agreed.
    is_key
        ``(n,)`` bool: whom the findings look at.
    ids
        The ids given.
    findings
        Key accounts with unlimited concessions, and above their limit; what is not known.

    Examples
    --------
    >>> import keyaccount as ka
    >>> found = ka.check_concessions([5, 0, 9, 3], [None, None, 8, 8], ids=["a", "b", "c", "d"])
    >>> found.labels.tolist()
    ['unlimited', 'none', 'above', 'within']
    >>> [finding.message for finding in found.findings]
    ['1 customer with concessions of 5 in all and no agreed limit: a', '1 customer with concessions
    of 1 in all above the agreed limit: c']
    """

    state: Codes
    granted: Floats
    agreed: Floats
    is_key: Bools
    ids: Objects | None
    findings: tuple[Finding, ...]

    names: tuple[str, ...] = attrs.field(
        default=("no concession", "within the limit", "above the limit", "unlimited"), init=False
    )
    names_zh: tuple[str, ...] = attrs.field(
        default=("无让步", "限度内让步", "超限让步", "无限度让步"), init=False
    )

    def __len__(self) -> int:
        return len(self.state)

    @property
    def labels(self) -> Objects:
        """The state of each row; None where it is not known."""
        return np.array([*_STATES, None], dtype=object)[self.state]

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the rows as columns, for any DataFrame constructor."""
        found: dict[str, NDArray[Any]] = {} if self.ids is None else {"id": self.ids}
        figures = {"granted": self.granted, "agreed": self.agreed}
        return {**found, **figures, "is_key": self.is_key, "concession": self.labels}

    def _view(self) -> View:
        return View(f"Concessions to {counted(len(self), 'customer')}", self.columns(), len(self))

    def row(self, i: int) -> Record:
        """Return one customer and why it has its state."""
        i = checked_row(i, len(self))
        record = {name: column[i] for name, column in self.columns().items()}
        plain = {n: v.item() if isinstance(v, np.generic) else v for n, v in record.items()}
        return Record({**plain, "why": _WHY[int(self.state[i])]})


def check_concessions(
    granted: Any, agreed: Any = None, *, key: Any = None, ids: Any = None
) -> Concessions:
    """Hold what was conceded to each customer against the limit agreed for it.

    Unlimited concessions to key accounts eat up what they bring. A concession for which no limit
    is agreed counts as unlimited, however small.

    Parameters
    ----------
    granted
        ``(n,)`` what was conceded, as money or as a share of the price; at least 0. Missing or
        infinite: not known.
    agreed
        ``(n,)`` the agreed limit in the same unit, at least 0; missing or infinite: no limit is
        agreed. None: for nobody.
    key
        ``(n,)`` whether the customer is a key account; None: all are. The findings look at these.
    ids
        ``(n,)`` ids of the customers.

    Returns
    -------
    Concessions
        The state of each customer, and the findings.

    Raises
    ------
    RowError
        A concession or a limit is below 0.
    ColumnError
        The columns differ in length.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.check_concessions([0.0, 100.0]).labels.tolist()
    ['none', 'unlimited']
    """
    given = _amounts(granted, "granted")
    limit = np.full(len(given), np.nan) if agreed is None else _amounts(agreed, "agreed")
    is_key = np.ones(len(given), dtype=np.bool_) if key is None else bools({"key": key}, "key")
    named = None if ids is None else as_ids(ids, "ids")
    columns: dict[str, Any] = {"granted": given, "agreed": limit, "key": is_key}
    common_length(columns if named is None else {**columns, "ids": named})
    state = _states(given, limit)
    found = Concessions(state, given, limit, is_key, named, ())
    return attrs.evolve(found, findings=_findings(found))


def _amounts(raw: Any, name: str) -> Floats:
    """Read amounts of at least 0; what is not finite is not known."""
    hint = "give what was conceded as a positive amount, and 0 for nothing."
    amounts = amounts_from_0(raw, name, hint)
    return np.where(np.isfinite(amounts), amounts + 0.0, np.nan)


def _states(given: Floats, limit: Floats) -> Codes:
    state = np.where(given > limit, 2, 1)
    state[np.isnan(limit)] = 3
    state[given == 0.0] = 0
    state[np.isnan(given)] = -1
    return state.astype(np.int64, copy=False)


def _findings(found: Concessions) -> tuple[Finding, ...]:
    excess = found.granted - found.agreed
    told = (
        (3, "unlimited_concessions", found.granted, "and no agreed limit"),
        (2, "concessions_above_limit", excess, "above the agreed limit"),
    )
    findings = [
        _told(found, np.flatnonzero(found.is_key & (found.state == state)), code, money, words)
        for state, code, money, words in told
    ]
    unknown = int(np.count_nonzero(found.is_key & (found.state == -1)))
    if unknown:
        text = f"{counted(unknown, 'customer')} without known concessions"
        findings.append(Finding(code="missing", message=text, count=unknown, where="granted"))
    return tuple(f for f in findings if f is not None)


def _told(found: Concessions, rows: Codes, code: str, money: Floats, words: str) -> Finding | None:
    if not len(rows):
        return None
    first = rows[:_SHOWN] if found.ids is None else found.ids[rows[:_SHOWN]]
    examples = tuple(str(one) for one in first.tolist())
    named = "" if found.ids is None else f": {', '.join(examples)}"
    total = (
        f"{counted(len(rows), 'customer')} with concessions of {exact_sum(money[rows]):.15g} in all"
    )
    return Finding(
        code=code,
        message=f"{total} {words}{named}",
        count=len(rows),
        where="granted",
        examples=examples,
    )
