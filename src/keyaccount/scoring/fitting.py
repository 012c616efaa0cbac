"""Learning: what a criterion takes from a whole book, group by group where there are groups."""

from __future__ import annotations

import attrs
import numpy as np

from keyaccount._columns import Floats, Labels
from keyaccount.errors import NotEnoughDataError, SpecError
from keyaccount.groups import ByGroup, GroupIndex, learn_by_group
from keyaccount.scoring.aggregation import Ideal, learn_ideal
from keyaccount.scoring.criterion import Criterion
from keyaccount.scoring.values import ValueFunction


def fitted_criterion(
    criterion: Criterion, x: Floats | None, labels: Labels | None, min_group: int
) -> Criterion:
    """Fill in the constants that a criterion learns; a column of None teaches nothing.

    Raises
    ------
    NotEnoughDataError
        A constant must be learned from a column without a single known value.
    """
    if x is None:
        return criterion
    try:
        value = _fitted_value(criterion, x, labels, min_group)
    except SpecError as error:
        where = f"criterion {criterion.name!r} cannot learn from column {criterion.column!r}"
        raise SpecError(f"{where}: {error.fact}", error.hint, **error.parts) from error
    if criterion.missing != "neutral":
        return attrs.evolve(criterion, value=value)
    worths = _known_worths(attrs.evolve(criterion, value=value), x, labels)
    if not np.isfinite(worths).any():
        raise _nothing_known(criterion)
    neutral = learn_by_group(_median, worths, labels, min_group)
    return attrs.evolve(criterion, value=value, neutral=neutral)


def _fitted_value(
    criterion: Criterion, x: Floats, labels: Labels | None, min_group: int
) -> ValueFunction | ByGroup[ValueFunction]:
    value = criterion.value
    members = list(value) if isinstance(value, ByGroup) else [value]
    if any(f.learns and not np.isfinite(f.defined(x)).any() for f in members):
        raise _nothing_known(criterion)
    if not isinstance(value, ByGroup):
        return (
            learn_by_group(value.fit_sorted, value.defined(x), labels, min_group)
            if value.learns
            else value
        )
    return _fitted_by_group(value, x, labels, min_group)


def _nothing_known(criterion: Criterion) -> NotEnoughDataError:
    return NotEnoughDataError.from_column(
        f"criterion {criterion.name!r}",
        str(criterion.column),
        "state the constants, or set column=None until somebody has measured it.",
    )


def _fitted_by_group(
    value: ByGroup[ValueFunction], x: Floats, labels: Labels | None, min_group: int
) -> ByGroup[ValueFunction]:
    """Learn what learns: stated constants stay, and a pool that learns learns every other group."""
    pool = value.pool
    assert pool is not None
    assert labels is not None
    own: dict[str, ValueFunction] = {}
    if pool.learns:
        learned = learn_by_group(pool.fit_sorted, pool.defined(x), labels, min_group)
        assert isinstance(learned, ByGroup)
        own, pool = dict(learned.groups), learned.pool
    for label, function in value.groups:
        own.pop(label, None)
        found = _learned_for(label, function, x, labels, min_group) if function.learns else function
        if found is not None:
            own[label] = found
    return ByGroup(own, pool=pool)


def _learned_for(
    label: str, function: ValueFunction, x: Floats, labels: Labels, min_group: int
) -> ValueFunction | None:
    """Learn the constants of one group; None where too little is known of it."""
    if label not in labels.labels:
        return None
    values = function.defined(x[labels.codes == labels.labels.index(label)])
    known = np.sort(values[np.isfinite(values)])
    return function.fit_sorted(known) if len(known) >= max(min_group, 1) else None


def fitted_ideal(
    criterion: Criterion, x: Floats | None, labels: Labels | None, min_group: int
) -> Ideal | ByGroup[Ideal]:
    """Learn the worst and the best worth of a fitted criterion among the accounts of a book."""
    if x is None:
        return Ideal(0.0, 1.0)
    worths = _known_worths(criterion, x, labels)
    if not np.isfinite(worths).any():
        return Ideal(0.0, 1.0)
    return learn_by_group(learn_ideal, worths, labels, min_group)


def _known_worths(criterion: Criterion, x: Floats, labels: Labels | None) -> Floats:
    """Give the worth of every account, NaN where it is unknown."""
    value = criterion.value
    if not isinstance(value, ByGroup):
        return value.value(x)
    assert labels is not None
    index = GroupIndex.of([value])
    codes = index.codes(labels)
    worths = np.full(len(x), np.nan)
    for position, function in enumerate(index.spread(value)):
        rows = np.flatnonzero(codes == position)
        worths[rows] = function.value(x[rows])
    return worths


def _median(worths: Floats) -> float:
    middle = len(worths) // 2
    if len(worths) % 2:
        return float(worths[middle])
    return 0.5 * (float(worths[middle - 1]) + float(worths[middle]))
