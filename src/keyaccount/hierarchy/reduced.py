"""The columns of a book, reduced to one value per group."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import (
    Codes,
    Columns,
    Floats,
    Objects,
    as_floats,
    common_length,
    pick,
    refuse_rows,
    to_numpy,
)
from keyaccount.hierarchy.how import How, WeightedMean
from keyaccount.stats.sums import group_max, group_means, group_sums

__all__ = ["reduced"]


def reduced(
    columns: Columns, rules: Mapping[str, How | None], group: Codes, rows: Codes
) -> tuple[dict[str, NDArray[Any]], dict[str, Floats]]:
    """Roll every column up; also return, as read, those that are added."""
    rolled: dict[str, NDArray[Any]] = {}
    summed: dict[str, Floats] = {}
    for name, stated in rules.items():
        raw = pick(columns, name)
        array = to_numpy(raw, name)
        common_length({"ids": group, name: array})
        rule = stated or ("sum" if _is_amount(raw, array) else "own")
        if rule == "own":
            rolled[name] = array[rows]
            continue
        values = as_floats(array, name)
        rolled[name] = _by_group(values, rule, group, len(rows), columns)
        if rule == "sum":
            summed[name] = values
    return rolled, summed


def _by_group(values: Floats, rule: How, group: Codes, n_groups: int, columns: Columns) -> Floats:
    if not isinstance(rule, WeightedMean):
        reduce = group_sums if rule == "sum" else group_max
        return reduce(values, group, n_groups)
    weights = as_floats(pick(columns, rule.weight), rule.weight)
    common_length({"ids": group, rule.weight: weights})
    _refuse_negative(weights, rule.weight)
    means = group_means(values, group, n_groups, weights)
    return np.where(np.isnan(means), group_means(values, group, n_groups), means)


def _is_amount(raw: Any, array: Objects) -> bool:
    """Say whether a column holds numbers to add: no flags, no categories, no texts."""
    dtype = getattr(raw, "dtype", None)
    if hasattr(dtype, "categories") or getattr(dtype, "kind", "") == "b":
        return False
    if array.dtype.kind != "O":
        return array.dtype.kind in "iuf"
    kinds = {k for k in map(type, array.tolist()) if k.__name__ not in {"NoneType", "NAType"}}
    return bool(kinds) and all(
        issubclass(k, Real | Decimal) and not issubclass(k, bool | np.bool_) for k in kinds
    )


def _refuse_negative(weights: Floats, name: str) -> None:
    hint = "weigh by a column that cannot be negative, such as a count."
    refuse_rows(name, weights, weights < 0.0, "hold a weight below 0", hint)
