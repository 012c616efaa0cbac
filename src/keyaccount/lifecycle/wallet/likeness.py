"""Read the columns by which accounts are alike, and the budgets that are stated."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from keyaccount._columns import Columns, Floats, common_length, floats, refuse_rows
from keyaccount._validators import exact_tuple, float_tuple, is_finite
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, counted

__all__ = ["read_alike", "read_stated", "rising_quantiles"]


def read_alike(columns: Columns, names: Sequence[str]) -> Floats:
    """Read columns of numbers side by side; what is infinite is unknown."""
    asked = exact_tuple(names)
    if not isinstance(asked, tuple) or not asked:
        hint = 'name columns of size, such as ["employees", "revenue"].'
        raise SpecError.from_field("alike", "must name a column or more", names, hint)
    read = {name: floats(columns, name) for name in asked}
    _ = common_length(read)
    beside = np.column_stack(list(read.values()))
    return np.where(np.isfinite(beside), beside, np.nan)


def read_stated(columns: Columns, name: str, rows: int) -> tuple[Floats, tuple[Finding, ...]]:
    """Read the budgets that are stated; none is below 0."""
    found = floats(columns, name)
    _ = common_length({name: found, "alike": np.empty(rows)})
    infinite = int(np.count_nonzero(np.isinf(found)))
    stated = np.where(np.isfinite(found), found, np.nan)
    hint = "leave a budget empty where it is unknown."
    refuse_rows(name, stated, stated < 0.0, "are below 0", hint)
    if not infinite:
        return stated + 0.0, ()
    said = f"{counted(infinite, 'value')} infinite: taken as missing"
    return stated + 0.0, (Finding(code="infinite", message=said, count=infinite, where=name),)


def rising_quantiles(value: Any, field: str) -> tuple[float, ...]:
    """Give three rising shares above 0 and below 1, or say which field must be."""
    shares: Any = float_tuple(value)
    numbers = shares if isinstance(shares, tuple) else ()
    good = len(numbers) == 3 and all(map(is_finite, numbers))  # noqa: PLR2004 - low, best, high
    if not good or not all(a < b for a, b in pairwise((0.0, *numbers, 1.0))):
        raise SpecError.from_field(
            field,
            "must be three rising shares above 0 and below 1: low, best, high",
            value,
            "the default is (0.1, 0.5, 0.9).",
        )
    return numbers
