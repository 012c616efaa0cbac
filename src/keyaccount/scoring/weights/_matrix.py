"""Read a matrix of any kind as named float64 columns: lists, arrays, data frames, dicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np

from keyaccount._columns import Floats, as_floats, common_length, refuse_rows
from keyaccount.errors import SpecError

MatrixInput: TypeAlias = Any
"""Nested lists, a two-dimensional array, a data frame, or a dict of columns."""

_MATRIX, _NAMES = "matrix", "names"
_TABLE = "give one row per account and one column per criterion, with a number in each cell."


def read_matrix(
    matrix: MatrixInput, names: Iterable[str] | None
) -> tuple[tuple[str, ...], list[Floats]]:
    """Read a matrix as the names of its columns and the columns, each contiguous."""
    labels = _labels(matrix)
    raw = _unlabelled(matrix) if labels is None else [matrix[label] for label in labels]
    known = _names(names, labels, len(raw))
    columns = [as_floats(column, name) for name, column in zip(known, raw, strict=True)]
    rows = common_length(dict(zip(known, columns, strict=True)))
    if not rows:
        raise SpecError.from_field(
            _MATRIX, "must have at least one cell", (rows, len(columns)), _TABLE
        )
    return known, columns


def _labels(matrix: MatrixInput) -> list[Any] | None:
    """Return the labels of the columns, if the matrix has any."""
    keys: Any = matrix
    if isinstance(matrix, Mapping):
        return list(keys)
    # pyarrow has both, and its `columns` are the arrays themselves
    for attribute in ("column_names", "columns"):
        if (labels := getattr(matrix, attribute, None)) is not None:
            return list(labels)
    fields = getattr(getattr(matrix, "dtype", None), "names", None)
    return None if fields is None else list(fields)


def _unlabelled(matrix: MatrixInput) -> list[Any]:
    """Take the columns of nested lists or of an array."""
    try:
        array = np.asarray(_unmasked(matrix))
    except ValueError:
        raise SpecError.from_field(
            _MATRIX, "must have rows of one length", matrix, _TABLE
        ) from None
    if array.ndim != 2:  # noqa: PLR2004 - a matrix has two dimensions
        raise SpecError.from_field(_MATRIX, "must have two dimensions", array.ndim, _TABLE)
    return list(array.T)


def _unmasked(matrix: MatrixInput) -> MatrixInput:
    """Turn masked cells into missing ones, which numpy would show with what lies below the mask."""
    if isinstance(matrix, np.ma.MaskedArray):
        return np.ma.filled(matrix.astype(np.float64), np.nan)
    return matrix


def _names(names: Iterable[str] | None, labels: list[Any] | None, count: int) -> tuple[str, ...]:
    """Take the names given, else the labels of the columns, else c1, c2, …."""
    if names is None:
        if labels is not None and all(isinstance(label, str) for label in labels):
            return tuple(labels)
        return tuple(f"c{i}" for i in range(1, count + 1))
    given = () if isinstance(names, str | bytes) else tuple(names)
    if len(given) != count or len(set(given)) != count:
        rule = f"must give each of the {count} columns a name of its own"
        raise SpecError.from_field(_NAMES, rule, names, "give one name per column, none twice.")
    return given


def refuse_missing(names: tuple[str, ...], columns: list[Floats]) -> None:
    """Refuse missing and infinite values: to drop rows here would be a silent choice."""
    bad = [~np.isfinite(column) for column in columns]
    total = sum(int(b.sum()) for b in bad)
    problem = f"without a finite number, {total} such cells in the matrix"
    hint = "drop these accounts or fill the gaps first, so that the choice is yours."
    for name, column, b in zip(names, columns, bad, strict=True):
        refuse_rows(name, column, b, problem, hint)
