"""Weights read from the data: the more unequal a column, the more it weighs."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from keyaccount._columns import Floats, refuse_rows
from keyaccount.errors import SpecError
from keyaccount.scoring.weights._matrix import (
    MatrixInput,
    read_matrix,
    refuse_missing,
)
from keyaccount.scoring.weights.weights import Weights

_MATRIX = "entropy_weights(matrix)"


def entropy_weights(matrix: MatrixInput, names: Iterable[str] | None = None) -> Weights:
    """Weigh each criterion by how unevenly it is spread over the accounts.

    Parameters
    ----------
    matrix
        One row per account and one column per criterion: nested lists, a two-dimensional array, a
        data frame or a dict of columns. Every value is finite and at least 0, every column has one
        above 0.
    names
        The criteria. By default the labels of the columns, or ``c1``, ``c2``, … where there are
        none.

    Returns
    -------
    Weights
        Proportional to 1 − e, where e is the Shannon entropy of the shares of a column, in units
        of its largest possible value, ln n. A column in which all accounts are equal weighs 0.

    Raises
    ------
    RowError
        If values are missing, infinite or negative.
    SpecError
        If a column is all 0, or if no column tells the accounts apart (one row, or all columns
        constant).

    Notes
    -----
    A column is turned into shares p of its sum, and 0·ln 0 counts as 0 [1]_ [2]_. What is
    computed is not 1 − e but the same thing without its cancellation: with r = p·n, each column's
    sum of r·ln r − (r − 1), which is n·ln n times 1 − e and adds only terms of at least 0. Sums are
    exactly rounded, so the weights do not depend on the order of the rows, to the bit.

    The spread of a criterion is not its importance: these weights say what tells the accounts of
    this book apart, and move with the book.

    References
    ----------
    .. [1] Shannon, C. E. (1948). A mathematical theory of communication. *Bell System Technical
       Journal* 27(3), 379-423.
    .. [2] Hwang, C.-L., & Yoon, K. (1981). *Multiple Attribute Decision Making*. Springer, 52-53.

    Examples
    --------
    >>> import keyaccount as ka
    >>> weights = ka.entropy_weights({"sales": [1, 4], "potential": [2, 16]})
    >>> {name: round(weight, 4) for name, weight in weights.items()}
    {'sales': 0.3589, 'potential': 0.6411}
    """
    known, columns = read_matrix(matrix, names)
    refuse_missing(known, columns)
    for name, column in zip(known, columns, strict=True):
        _check_shares(name, column)
    amounts = [_inequality(column) for column in columns]
    if not any(amounts):
        raise SpecError.from_field(
            _MATRIX,
            "must have a column that tells the accounts apart",
            f"{len(columns[0])} rows, all equal",
            "use equal_weights(names): these data give no reason to prefer a criterion.",
        )
    return Weights.normalised(zip(known, amounts, strict=True))


def _check_shares(name: str, column: Floats) -> None:
    """Refuse a column that cannot be turned into shares of its sum."""
    hint = "use critic_weights, which takes values of either sign."
    refuse_rows(name, column, column < 0.0, "below 0", hint)
    if not column.any():
        field = f"the sum of column {name!r}"
        raise SpecError.from_field(field, "must be above 0", 0.0, "leave this column out.")


def _inequality(column: Floats) -> float:
    """Return (1 − entropy / ln n) · n · ln n of one column, at least 0."""
    # by the largest first, so that no sum overflows, and equal values give exactly 1
    scaled = column / column.max()
    ratio = scaled / (math.fsum(scaled.tolist()) / len(scaled))
    logs = np.log(ratio, out=np.zeros_like(ratio), where=ratio > 0.0)
    terms: Floats = ratio * logs - (ratio - 1.0)
    # no term is negative; its last bit may be
    return math.fsum(np.maximum(terms, 0.0).tolist())
