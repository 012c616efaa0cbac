"""Learning: what a criterion takes from a whole book, group by group where there are groups."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager

import attrs
import numpy as np

from keyaccount._columns import Floats
from keyaccount.errors import NotEnoughDataError, SpecError
from keyaccount.groups import ByGroup, Laid, learn_laid, sorted_known
from keyaccount.scoring.aggregation import Ideal, learn_ideal
from keyaccount.scoring.criterion import Criterion
from keyaccount.scoring.values import ValueFunction

_ROWS = 1 << 20
"""So many rows are judged at a time: a column may be most of the memory there is."""


def fitted_criterion(criterion: Criterion, column: Laid | None, min_group: int) -> Criterion:
    """Fill in the constants that a criterion learns; a column of None teaches nothing.

    Raises
    ------
    NotEnoughDataError
        A constant must be learned from a column without a single known value.
    """
    if column is None:
        return criterion
    with learning_of(criterion):
        value = _fitted_value(criterion, column, min_group)
    if criterion.missing != "neutral":
        return attrs.evolve(criterion, value=value)
    worths = _worths(attrs.evolve(criterion, value=value), column)
    if not np.isfinite(worths.values).any():
        raise nothing_known(criterion)
    neutral = learn_laid(_median, worths, min_group)
    return attrs.evolve(criterion, value=value, neutral=neutral)


@contextmanager
def learning_of(criterion: Criterion) -> Generator[None]:
    """Name the criterion in an error of what it learns."""
    try:
        yield
    except SpecError as error:
        where = f"criterion {criterion.name!r} cannot learn from column {criterion.column!r}"
        raise SpecError(f"{where}: {error.fact}", error.hint, **error.parts) from error


def _fitted_value(
    criterion: Criterion, column: Laid, min_group: int
) -> ValueFunction | ByGroup[ValueFunction]:
    value = criterion.value
    members = list(value) if isinstance(value, ByGroup) else [value]
    if any(f.learns and not np.isfinite(f.defined(column.values)).any() for f in members):
        raise nothing_known(criterion)
    if not isinstance(value, ByGroup):
        return _learned(value, column, min_group) if value.learns else value
    return _fitted_by_group(value, column, min_group)


def _learned(
    function: ValueFunction, column: Laid, min_group: int
) -> ValueFunction | ByGroup[ValueFunction]:
    return learn_laid(function.fit_sorted, column.map(function.defined), min_group)


def nothing_known(criterion: Criterion) -> NotEnoughDataError:
    """Make the error of a column that teaches nothing."""
    return NotEnoughDataError.from_column(
        f"criterion {criterion.name!r}",
        str(criterion.column),
        "state the constants, or set column=None until somebody has measured it.",
    )


def _fitted_by_group(
    value: ByGroup[ValueFunction], column: Laid, min_group: int
) -> ByGroup[ValueFunction]:
    """Learn what learns: stated constants stay, and a pool that learns learns every other group."""
    pool = value.pool
    assert pool is not None
    own: dict[str, ValueFunction] = {}
    if pool.learns:
        learned = _learned(pool, column, min_group)
        assert isinstance(learned, ByGroup)
        own, pool = dict(learned.groups), learned.pool
    for label, function in value.groups:
        own.pop(label, None)
        found = _learned_for(label, function, column, min_group) if function.learns else function
        if found is not None:
            own[label] = found
    return ByGroup(own, pool=pool)


def _learned_for(
    label: str, function: ValueFunction, column: Laid, min_group: int
) -> ValueFunction | None:
    """Learn the constants of one group; None where too little is known of it."""
    known = sorted_known(function.defined(column.of(label)))
    return function.fit_sorted(known) if len(known) >= max(min_group, 1) else None


def fitted_ideal(
    criterion: Criterion, column: Laid | None, min_group: int
) -> Ideal | ByGroup[Ideal]:
    """Learn the worst and the best worth of a fitted criterion among the accounts of a book."""
    if column is None:
        return Ideal(0.0, 1.0)
    worths = _worths(criterion, column)
    if not np.isfinite(worths.values).any():
        return Ideal(0.0, 1.0)
    return learn_laid(learn_ideal, worths, min_group)


def _worths(criterion: Criterion, column: Laid) -> Laid:
    """Give the worth of every account, NaN where it is unknown."""
    found = np.empty(len(column.values))
    for rows, function in _judged_by(criterion, column):
        for start in range(rows.start, rows.stop, _ROWS):
            some = slice(start, min(start + _ROWS, rows.stop))
            found[some] = function.value(column.values[some])
    return attrs.evolve(column, values=found)


def _judged_by(criterion: Criterion, column: Laid) -> Iterable[tuple[slice, ValueFunction]]:
    """List which rows are judged by which function."""
    value = criterion.value
    if not isinstance(value, ByGroup):
        return [(slice(0, len(column.values)), value)]
    assert column.labels is not None
    assert value.pool is not None
    named = dict(value.groups)
    own = [
        (column.part(code), named.get(label, value.pool))
        for code, label in enumerate(column.labels)
    ]
    return [(column.part(-1), value.pool), *own]


def _median(worths: Floats) -> float:
    middle = len(worths) // 2
    if len(worths) % 2:
        return float(worths[middle])
    return 0.5 * (float(worths[middle - 1]) + float(worths[middle]))
