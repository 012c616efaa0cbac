"""The arguments of a selection, read and checked: who competes, who is in or out beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol, runtime_checkable

import attrs
import numpy as np
from numpy.typing import ArrayLike

from keyaccount._columns import (
    Bools,
    Codes,
    Days,
    Floats,
    Objects,
    as_floats,
    as_ids,
    as_labels,
    common_length,
    label_text,
    one_day,
)
from keyaccount._validators import exact_date
from keyaccount.errors import SelectionError
from keyaccount.findings import Finding
from keyaccount.scoring.scores import Scores
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
    findings: tuple[Finding, ...]

    def rows(self, group: int) -> Codes | slice:
        """List the rows of one group."""
        return np.flatnonzero(self.pool == group) if len(self.labels) > 1 else slice(None)


@attrs.frozen(kw_only=True)
class Arguments:
    """The arguments of a selection as they were passed."""

    ids: Any
    as_of: date | str | None
    overrides: tuple[Override, ...]
    incumbents: Any
    within: Any
    min_tenure_days: int


def read_inputs(scores: Scores | ArrayLike, given: Arguments) -> Inputs:
    """Read and check the arguments of a selection."""
    value = scores.value if isinstance(scores, Scores) else as_floats(scores, "scores")
    value = np.where(np.isfinite(value), value, np.nan)
    ids = None if given.ids is None else as_ids(given.ids, "ids")
    common_length({"scores": value, **({} if ids is None else {"ids": ids})})
    day = _day(given)
    position = _positions(ids, given)
    since, incumbent, gone = _incumbents(given, position, len(value))
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
        tenured=_tenured(given.min_tenure_days, incumbent, since, day),
        pool=pool,
        labels=labels,
        within=given.within is not None,
        findings=(*override_findings(given.overrides, tuple(position), day), *gone),
    )


def _day(given: Arguments) -> date | None:
    """Read the day of the selection, which dated overrides and tenures need."""
    if given.as_of is not None:
        day = exact_date(given.as_of)
        return day if isinstance(day, date) else one_day(given.as_of, "as_of").item()
    dated = [o.account for o in given.overrides if o.is_dated]
    if dated or given.min_tenure_days:
        reason = f"the override of {dated[0]!r} is dated" if dated else "a minimum tenure is asked"
        raise SelectionError.from_missing_argument(
            "as_of", reason, "say the day of the selection, as YYYY-MM-DD."
        )
    return None


def _positions(ids: Objects | None, given: Arguments) -> dict[str, int]:
    """Find the row of each id, where anything is said of single accounts."""
    if not given.overrides and given.incumbents is None:
        return {}
    if ids is None:
        raise SelectionError.from_missing_argument(
            "ids",
            "overrides and incumbents name accounts by id",
            'pass ids=accounts["account_id"].',
        )
    return {name: i for i, name in enumerate(ids.tolist())}


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
    given: Arguments, position: Mapping[str, int], n: int
) -> tuple[Days, Bools, list[Finding]]:
    since = np.full(n, "NaT", dtype="datetime64[D]")
    incumbent = np.zeros(n, dtype=np.bool_)
    named = _named_incumbents(given.incumbents)
    for name, day in named.items():
        if name in position:
            incumbent[position[name]] = True
            since[position[name]] = day
    undated = incumbent & np.isnat(since)
    if given.min_tenure_days and incumbent.any() and (undated == incumbent).all():
        raise SelectionError.from_missing_argument(
            "incumbents",
            "a minimum tenure is asked, and it is not said since when accounts are key",
            "pass last quarter's Selection, or a mapping of ids to dates.",
        )
    gone = [name for name in named if name not in position]
    findings = [
        _finding("incumbent_gone", "incumbents are not in the book any more", len(gone), gone),
        _finding(
            "tenure_unknown",
            "incumbents have no day since when: no minimum tenure protects them",
            int(np.count_nonzero(undated)) if given.min_tenure_days else 0,
            (),
        ),
    ]
    return since, incumbent, [f for f in findings if f is not None]


def _finding(code: str, what: str, count: int, examples: Sequence[str]) -> Finding | None:
    if not count:
        return None
    message = f"{count} {what}"
    return Finding(
        code=code, message=message, count=count, where="incumbents", examples=examples[:5]
    )


def _named_incumbents(incumbents: Any) -> dict[str, Any]:
    """Read who was key, and since when, out of whatever says it."""
    if incumbents is None:
        return {}
    if isinstance(incumbents, KeyAccounts):
        return dict(zip(incumbents.key_ids, incumbents.key_since, strict=True))
    if isinstance(incumbents, Mapping):
        return {str(label_text(k)): one_day(v, "incumbents") for k, v in incumbents.items()}
    if isinstance(incumbents, str):
        raise SelectionError.from_missing_argument(
            "incumbents", f"ids are expected, not one text ({incumbents!r})", "pass a list of ids."
        )
    return {str(label_text(k)): np.datetime64("NaT", "D") for k in incumbents}


def _tenured(min_tenure_days: int, incumbent: Bools, since: Days, day: date | None) -> Bools:
    if not min_tenure_days or day is None:
        return np.zeros(len(incumbent), dtype=np.bool_)
    tenure = (np.datetime64(day, "D") - since).astype(np.int64)
    return incumbent & ~np.isnat(since) & (tenure < min_tenure_days)


def _pools(within: Any, n: int) -> tuple[Codes, tuple[str | None, ...]]:
    """Give each row the code of its group, groups in the order of their labels."""
    if within is None:
        return np.zeros(n, dtype=np.int64), (None,)
    if isinstance(within, str):
        raise SelectionError.from_missing_argument(
            "within",
            f"one label per account is expected, not one text ({within!r})",
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
