"""Read the columns a lifecycle stage is judged by; what is infinite is unknown, and told."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Columns, Floats, bools, common_length, floats, pick, told_names
from keyaccount.bands import States
from keyaccount.errors import RowError
from keyaccount.findings import Finding
from keyaccount.lifecycle.judging import Facts
from keyaccount.lifecycle.stages import NAMES_ZH, STAGES

__all__ = ["MEASURES", "Read", "read_facts"]

MEASURES = (
    "days_since",
    "tenure_days",
    "order_days",
    "gaps",
    "gap_high",
    "slope",
    "slope_low",
    "slope_high",
    "days_to_end",
)
"""The columns of numbers, as `lifecycle_features` names them."""

_OPTIONAL = ("covered_periods", "step")
"""Columns of `lifecycle_features` that are read where they are there."""

_SIGNED = frozenset({"slope", "slope_low", "slope_high", "days_to_end"})

_INTERVAL = ("slope_low", "slope", "slope_high")

_SPOKEN = States((*STAGES, *NAMES_ZH))


@attrs.frozen(eq=False)
class Read:
    """The facts of each row, and what was met in reading them."""

    facts: Facts
    findings: tuple[Finding, ...]


def read_facts(columns: Columns, prospect: str | None, previous: str | None) -> Read:
    """Read numbers, whether an account is a prospect, and its stage of the time before."""
    found: dict[str, Any] = {}
    told: list[Finding] = []
    for name in MEASURES:
        values, infinite = _known(floats(columns, name))
        _refuse_below(name, values)
        found[name] = values
        told += [_infinite(name, infinite)] if infinite else []
    n = len(found["days_since"])
    _refuse_outside(*(found[name] for name in _INTERVAL))
    there = told_names(columns)
    for name in _OPTIONAL:
        found[name] = _known(floats(columns, name))[0] if name in there else np.full(n, np.nan)
    found["prospect"] = np.zeros(n, dtype=np.bool_)
    found["previous"] = np.full(n, -1, dtype=np.int64)
    if prospect is not None:
        found["prospect"] = bools(columns, prospect)
    if previous is not None:
        codes = _SPOKEN.codes(pick(columns, previous), previous)
        found["previous"] = np.where(codes < 0, -1, codes % len(STAGES))
    _ = common_length({(previous or k) if k == "previous" else k: v for k, v in found.items()})
    return Read(Facts(**found), tuple(told))


def _refuse_below(name: str, values: Floats) -> None:
    """Refuse days and counts below 0: only slopes and the days to an end may be."""
    wrong = np.flatnonzero(values < 0.0)
    if name in _SIGNED or not len(wrong):
        return
    problem = "is below 0" if len(wrong) == 1 else "are below 0"
    hint = "days run from an order to the day of the count: look at as_of."
    raise RowError.from_rows(name, problem, wrong.tolist(), values[wrong].tolist(), hint)


def _refuse_outside(low: Floats, slope: Floats, high: Floats) -> None:
    """Refuse slopes outside their own interval: columns were swapped, and the stage with them."""
    _ = common_length({"slope_low": low, "slope": slope, "slope_high": high})
    for name, lower, above, upper in (
        ("slope_low", low, "slope_high", high),
        ("slope_low", low, "slope", slope),
        ("slope", slope, "slope_high", high),
    ):
        wrong = np.flatnonzero(lower > upper)
        if len(wrong):
            raise RowError.from_rows(
                name,
                f"are above {above}",
                wrong.tolist(),
                lower[wrong].tolist(),
                "an interval has its low end first and holds the slope: were columns swapped?",
            )


def _known(values: Floats) -> tuple[Floats, int]:
    infinite = np.isinf(values)
    count = int(np.count_nonzero(infinite))
    return (np.where(infinite, np.nan, values) if count else values), count


def _infinite(name: str, count: int) -> Finding:
    said = "1 value is" if count == 1 else f"{count:,} values are"
    message = f"{said} infinite and taken as missing"
    return Finding(code="infinite", message=message, count=count, where=name)
