"""`Ranked`: the values that count under the stated policies, and their order."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal, TypeAlias, get_args

import numpy as np

from keyaccount._columns import (
    Bools,
    Codes,
    Floats,
    Objects,
    as_floats,
    as_ids,
    common_length,
    refuse_rows,
    told_names,
)
from keyaccount.errors import ColumnError, RowError, SpecError
from keyaccount.findings import Finding, counted, note
from keyaccount.segments.concentration.exact import TopSums
from keyaccount.stats.sums import exact_sum

Negatives: TypeAlias = Literal["refuse", "zero", "drop"]
"""What becomes of values below 0: an error, customers that bring 0, or nobody."""

Zeros: TypeAlias = Literal["keep", "drop"]
"""Whether customers that bring nothing count as customers."""

_LARGEST = 2.0**1000
_SHOWN = 5


class Ranked:
    """The values that count, aligned with the input, and what follows from their order.

    `value` is NaN in rows that are left out; `sums` adds the others, largest first.
    """

    def __init__(
        self, value: Floats, ids: Objects | None, findings: tuple[Finding, ...], name: str
    ) -> None:
        self.value: Floats = value
        self.ids: Objects | None = ids
        self.findings: tuple[Finding, ...] = findings
        self.name: str = name

    def __len__(self) -> int:
        return len(self.value)

    def only(self, rows: Bools) -> Ranked:
        """Leave out all other rows."""
        return Ranked(np.where(rows, self.value, np.nan), self.ids, (), self.name)

    @cached_property
    def counted(self) -> Bools:
        """Which rows count."""
        found: Bools = ~np.isnan(self.value)
        return found

    @cached_property
    def largest_first(self) -> Floats:
        """The values that count, sorted."""
        found = np.negative(self.value[self.counted])
        found.sort()
        np.negative(found, out=found)
        return found

    @cached_property
    def sums(self) -> TopSums:
        """The exact sums of the largest."""
        return TopSums(self.largest_first)

    def money(self, units: int) -> float:
        """Turn units of `sums` into the unit of the values."""
        return float(units * self.sums.unit)

    @cached_property
    def order(self) -> Codes:
        """The rows that count, largest value first; equal values by id, or else by position."""
        rows = np.flatnonzero(self.counted)
        order = rows[np.argsort(np.negative(self.value[rows]), kind="stable")]
        run = self.run_start
        tied = np.flatnonzero(np.bincount(run, minlength=len(run))[run] > 1)
        if self.ids is not None and len(tied):
            among = order[tied]
            order[tied] = among[np.lexsort((_places(self.ids[among]), run[tied]))]
        return order

    @cached_property
    def run_start(self) -> Codes:
        """How many values are larger, by place: the place where each run of equal ones begins."""
        ordered = self.largest_first
        start = np.arange(len(ordered))
        start[1:][ordered[1:] == ordered[:-1]] = 0
        found: Codes = np.maximum.accumulate(start)
        return found

    def larger_than(self, value: float) -> int:
        """Count the values above one."""
        return len(self.sums) - int(np.searchsorted(self.largest_first[::-1], value, side="right"))

    def not_below(self, value: float) -> int:
        """Count the values of at least one."""
        return len(self.sums) - int(np.searchsorted(self.largest_first[::-1], value, side="left"))

    def spread(self, by_place: Any, missing: Any) -> Any:
        """Bring what is listed by place back to the rows."""
        found = np.full(len(self), missing, dtype=by_place.dtype)
        found[self.order] = by_place
        return found


def ranked(values: Any, ids: Any, negatives: Negatives, zeros: Zeros, name: str) -> Ranked:
    """Read values, and keep those that count.

    Raises
    ------
    ColumnError, RowError
        The values are no numbers, too large to add up, or below 0 where that is refused.
    DuplicateIdError
        An id occurs twice.
    SpecError
        There is no such policy.
    """
    _known_policy("negatives", negatives, get_args(Negatives))
    _known_policy("zeros", zeros, get_args(Zeros))
    _refuse_a_table(values, name)
    raw = as_floats(values, name)
    named = None if ids is None else as_ids(ids, "ids")
    if named is not None:
        common_length({name: raw, "ids": named})
    _refuse_the_endless(raw, name)
    value = np.where(np.isfinite(raw), raw, np.nan)
    findings = [*_left_out(raw, name)]
    below = value < 0.0
    if below.any():
        findings.append(_negative(value, below, negatives, name, named))
        value[below] = 0.0 if negatives == "zero" else np.nan
    nothing = value == 0.0
    if nothing.any():
        findings.append(_zero(int(np.count_nonzero(nothing)), zeros, name))
        value[nothing] = 0.0 if zeros == "keep" else np.nan  # −0.0 becomes 0.0
    if not (value > 0.0).any():
        findings.append(_worthless(name))
    value.flags.writeable = False
    return Ranked(value, named, tuple(findings), name)


def _places(ids: Objects) -> Codes:
    places = np.empty(len(ids), dtype=np.int64)
    places[np.argsort(ids, kind="stable")] = np.arange(len(ids))
    return places


def _known_policy(argument: str, given: str, allowed: tuple[str, ...]) -> None:
    if given not in allowed:
        raise SpecError.from_choice(f"Concentration.of({argument})", given, allowed)


def _refuse_a_table(values: Any, name: str) -> None:
    """Refuse a table, a dict (its keys would be read as values), a set (no order) and nothing."""
    if values is None or isinstance(values, set | frozenset):
        raise ColumnError.from_kind(
            name,
            "one value per row",
            "None" if values is None else type(values).__name__,
            "pass one column, such as values=book['revenue']: a list, an array or a series.",
        )
    if isinstance(values, Mapping) or told_names(values):
        raise ColumnError.from_kind(
            name,
            "one value per row",
            type(values).__name__,
            "pass one column, such as values=book['revenue']; of a dict of customers its values, "
            "and its keys as ids=.",
        )


def _refuse_the_endless(raw: Floats, name: str) -> None:
    """Refuse values whose sum may not fit a float."""
    limit = _LARGEST / max(len(raw), 1)
    hint = "write the values in a larger unit, or look for a wrong entry among them."
    refuse_rows(
        name, raw, np.isfinite(raw) & (np.abs(raw) >= limit), "are too large to add up", hint
    )


def _left_out(raw: Floats, name: str) -> list[Finding]:
    unknown = int(np.count_nonzero(np.isnan(raw)))
    infinite = int(np.count_nonzero(np.isinf(raw)))
    no_value = f"{counted(unknown, 'customer')} without a known value left out"
    no_end = f"{counted(infinite, 'customer')} with an infinite value left out"
    return [*note("missing", no_value, unknown, name), *note("infinite", no_end, infinite, name)]


def _negative(
    value: Floats, below: Bools, policy: Negatives, name: str, ids: Objects | None
) -> Finding:
    """Say how many values are below 0 and how much that is, as an error or as a finding."""
    rows, money = np.flatnonzero(below), exact_sum(value[below])
    first = value[rows[:_SHOWN]].tolist()
    if policy == "refuse":
        raise RowError.from_rows(
            name,
            f"are below 0, {money:.15g} in all",
            rows.tolist(),
            first,
            "shares of a total that some reduce can pass 1: say negatives='zero' to count them as "
            "customers that bring nothing, or negatives='drop' to leave them out.",
        )
    fate = "counted as 0" if policy == "zero" else "left out"
    return Finding(
        code="negative",
        message=f"{counted(len(rows), 'customer')} below 0, {money:.15g} in all, {fate}",
        count=len(rows),
        where=name,
        examples=tuple(f"{v:.15g}" for v in first) if ids is None else tuple(ids[rows[:_SHOWN]]),
    )


def _zero(count: int, policy: Zeros, name: str) -> Finding:
    kept = "counted as a customer" if count == 1 else "counted as customers"
    fate = kept if policy == "keep" else "left out"
    text = f"{counted(count, 'customer')} at 0 {fate}"
    return Finding(code="zero", message=text, count=count, where=name, severity="info")


def _worthless(name: str) -> Finding:
    text = "no value is above 0: there is nothing to concentrate, and no measure is known"
    return Finding(code="no_value", message=text, count=0, where=name)
