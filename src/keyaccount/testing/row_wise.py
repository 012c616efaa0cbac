"""Hold a spec to the row-wise contract that engines rely on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import names_of, to_numpy
from keyaccount.rowwise import RowWise
from keyaccount.testing.same_bits import assert_same_bits, fail

__all__ = ["assert_row_wise"]


def assert_row_wise(
    spec: RowWise, columns: Any, *, rng: np.random.Generator | None = None, singles: int = 40
) -> None:
    """Hold a spec to the row-wise contract on a book, to the last bit.

    The result for a row depends on that row alone: the same whatever the order of the rows, however
    they are cut into parts, for an empty part, for one account in a batch of one, and for one
    account as a dict of scalars. The columns it says it writes are the ones it writes, and what it
    reads is left as it was.

    Parameters
    ----------
    spec
        A fitted spec.
    columns
        A book: any container of columns.
    rng
        What rows are shuffled and cut with; the same every time when left out.
    singles
        How many rows are tried alone.

    Raises
    ------
    AssertionError
        Something does not hold: the message says what, and where.

    Examples
    --------
    >>> import keyaccount as ka
    >>> scorer = ka.CompositeScorer(
    ...     criteria=[ka.Criterion("potential", column="potential", value=ka.Linear(0, 100))],
    ...     weights={"potential": 1.0},
    ... )
    >>> assert_row_wise(scorer, {"potential": [10.0, None, 250.0]})
    """
    rng = np.random.default_rng(0) if rng is None else rng
    book = _read(spec, columns)
    n = max((len(array) for array in book.values()), default=0)
    whole = spec.apply(columns)
    _assert_declared(spec, whole, n if book else None)
    for name, array in _read(spec, columns).items():
        if array.dtype != object:
            assert_same_bits(array, book[name], f"input {name!r}, before and after,")
    if not book:
        return
    for what, parts in _arrangements(n, rng, singles):
        for rows in parts:
            found = spec.apply({name: array[rows] for name, array in book.items()})
            _assert_agrees(found, whole, rows, what)
    for i in _some(n, rng, singles).tolist():
        row = {name: _cell(array, i) for name, array in book.items()}
        _assert_agrees(spec.apply(row), whole, np.array([i]), f"one account alone (row {i})")


def _read(spec: RowWise, columns: Any) -> dict[str, NDArray[Any]]:
    """Copy the columns that a spec reads."""
    known = names_of(columns)
    return {name: to_numpy(columns[name], name).copy() for name in spec.reads if name in known}


def _cell(array: NDArray[Any], i: int) -> Any:
    """Give one cell as Python writes it."""
    return array[i] if array.dtype.kind == "M" else array[i : i + 1].tolist()[0]


def _assert_declared(spec: RowWise, found: Mapping[str, NDArray[Any]], n: int | None) -> None:
    """Hold the columns written to what the spec says it writes."""
    if set(found) != set(spec.writes):
        fail(f"{sorted(found)} are written, {sorted(spec.writes)} declared")
    kinds = {"float": "f", "code": "i", "day": "M", "bool": "b"}
    for name, column in spec.writes.items():
        array = found[name]
        if array.dtype.kind != kinds[column.kind]:
            fail(f"{name!r} is {array.dtype}, declared {column.kind!r}")
        if array.ndim != 1 or (n is not None and len(array) != n):
            fail(f"{name!r} has shape {array.shape} for {n} rows")


def _assert_agrees(
    found: Mapping[str, NDArray[Any]],
    whole: Mapping[str, NDArray[Any]],
    rows: NDArray[np.int64],
    what: str,
) -> None:
    for name, array in whole.items():
        assert_same_bits(found[name], array[rows], f"{what}: {name!r}")


def _some(n: int, rng: np.random.Generator, most: int) -> NDArray[np.int64]:
    """Choose some rows, all of them where they are few."""
    if n <= most:
        return np.arange(n)
    return np.sort(rng.choice(n, size=most, replace=False))


def _arrangements(
    n: int, rng: np.random.Generator, singles: int
) -> Iterator[tuple[str, list[NDArray[np.int64]]]]:
    """Give the rows in other orders and in other parts."""
    rows = np.arange(n)
    yield "rows in reverse", [rows[::-1]]
    yield "rows in another order", [rng.permutation(n)]
    cuts = np.sort(rng.integers(0, n + 1, size=3))
    yield "rows in parts", np.split(rows, cuts)
    yield "no rows", [rows[:0]]
    yield "a batch of one", [rows[i : i + 1] for i in _some(n, rng, singles)]
