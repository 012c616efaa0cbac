"""Weights read from the data: spread, and what the other columns do not say already."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any, Literal, TypeAlias

import numpy as np

from keyaccount._columns import Floats
from keyaccount.errors import SpecError
from keyaccount.scoring.weights._matrix import MatrixInput, read_matrix, refuse_missing
from keyaccount.scoring.weights.weights import Weights

Scaling: TypeAlias = Literal["min_max", "none"]
"""What a column's standard deviation is measured in: its own range, or its own unit."""

Correlation: TypeAlias = Literal["pearson", "spearman"]
"""Whether columns are compared by their values or by their ranks."""

# a correlation nearer to 1 than rounding can tell counts as 1, lest noise become weight
_PERFECT = 1e-12

_FALLING = "falling"


def critic_weights(
    matrix: MatrixInput,
    names: Iterable[str] | None = None,
    *,
    falling: Sequence[bool] | None = None,
    scaling: Scaling = "min_max",
    correlation: Correlation = "pearson",
) -> Weights:
    """Weigh each criterion by its spread and by its conflict with the others.

    Parameters
    ----------
    matrix
        One row per account and one column per criterion: nested lists, a two-dimensional array, a
        data frame or a dict of columns. Every value is finite.
    names
        The criteria. By default the labels of the columns, or ``c1``, ``c2``, … where there are
        none.
    falling
        For each column, whether less of it is better, as of a cost. It then counts turned round:
        its correlations change sign. By default none is.
    scaling
        ``"min_max"``: standard deviations of columns scaled to [0, 1], as in the paper.
        ``"none"``: standard deviations as they are, for columns that share a unit.
    correlation
        ``"pearson"``, as in the paper, or ``"spearman"``: of ranks, ties sharing their average.

    Returns
    -------
    Weights
        Proportional to the standard deviation times the sum of 1 − r over the other columns. A
        constant column weighs 0, and its correlations count as 0.

    Raises
    ------
    RowError
        If values are missing or infinite.
    SpecError
        If no column tells the accounts apart (one row, or all columns constant), or if all of them
        say the same thing (every correlation is 1).

    Notes
    -----
    CRITIC, criteria importance through intercriteria correlation [1]_. Correlations within 1e-12
    of 1 count as 1. A single column has nothing to conflict with and takes the whole weight. Sums
    are exactly rounded, so the weights do not depend on the order of the rows, to the bit.

    References
    ----------
    .. [1] Diakoulaki, D., Mavrotas, G., & Papayannakis, L. (1995). Determining objective weights in
       multiple criteria problems: the CRITIC method. *Computers & Operations Research* 22(7),
       763-770.

    Examples
    --------
    >>> import keyaccount as ka
    >>> accounts = {"sales": [9, 5, 4, 1], "profit": [8, 5, 5, 1], "showcase": [1, 5, 2, 4]}
    >>> weights = ka.critic_weights(accounts)
    >>> {name: round(weight, 3) for name, weight in weights.items()}
    {'sales': 0.238, 'profit': 0.24, 'showcase': 0.522}
    """
    _check_choice("scaling", scaling, ("min_max", "none"))
    _check_choice("correlation", correlation, ("pearson", "spearman"))
    known, columns = read_matrix(matrix, names)
    refuse_missing(known, columns)
    signs = _signs(falling, len(columns))
    spreads = _deviations(columns, scaling)
    conflicts = _conflicts([_centred(c, correlation) for c in columns], signs)
    amounts = [s * c for s, c in zip(spreads, conflicts, strict=True)]
    if not any(amounts):
        raise _undecided(len(columns[0]), constant=not any(spreads))
    return Weights.normalised(zip(known, amounts, strict=True))


def _check_choice(field: str, got: str, allowed: tuple[str, ...]) -> None:
    if got not in allowed:
        raise SpecError.from_choice(field, got, allowed)


def _undecided(rows: int, *, constant: bool) -> SpecError:
    return SpecError.from_field(
        "critic_weights(matrix)",
        "must have a column that tells the accounts apart"
        if constant
        else "must have columns that differ in what they say",
        f"{rows} rows, {'all equal' if constant else 'every correlation 1'}",
        "use equal_weights(names): these data give no reason to prefer a criterion.",
    )


def _signs(falling: Sequence[bool] | None, count: int) -> list[float]:
    """Return −1 for each column of which less is better, 1 for the others."""
    flags: list[Any] = [False] * count if falling is None else list(falling)
    if len(flags) != count or not all(isinstance(f, bool | np.bool_) for f in flags):
        rule = f"must be True or False for each of the {count} columns"
        hint = "give one bool per column, in the order of the columns."
        raise SpecError.from_field(_FALLING, rule, falling, hint)
    return [-1.0 if f else 1.0 for f in flags]


def _unit(column: Floats) -> tuple[Floats, float]:
    """Scale a column to [0, 1]; return it with half its range. A constant one becomes 0."""
    half = column * 0.5  # exact, and the range of any finite values stays finite
    width = float(half.max() - half.min())
    return (half - half.min()) / (width or 1.0), width


def _around_mean(values: Floats) -> Floats:
    centred: Floats = values - math.fsum(values.tolist()) / len(values)
    return centred


def _dot(a: Floats, b: Floats) -> float:
    """Add up the products, exactly rounded, so that the order of the rows cannot matter."""
    return math.fsum((a * b).tolist())


def _deviations(columns: list[Floats], scaling: Scaling) -> list[float]:
    """Return standard deviations up to a factor that all columns share."""
    units = [_unit(column) for column in columns]
    roots = [math.sqrt(_dot(c, c)) for c in (_around_mean(unit) for unit, _ in units)]
    if scaling == "min_max":
        return roots
    widest = max(width for _, width in units) or 1.0
    return [root * (width / widest) for root, (_, width) in zip(roots, units, strict=True)]


def _centred(column: Floats, correlation: Correlation) -> Floats:
    """Return what correlates: a column's values or ranks, around their mean."""
    return _around_mean(_unit(column)[0] if correlation == "pearson" else _average_ranks(column))


def _average_ranks(column: Floats) -> Floats:
    """Rank from 1 up; ties share the average of their ranks."""
    _, codes, counts = np.unique(column, return_inverse=True, return_counts=True)
    ranks: Floats = np.cumsum(counts) - (counts - 1) / 2.0
    return ranks[codes]


def _conflicts(centred: list[Floats], signs: list[float]) -> list[float]:
    """For each column, add up 1 − r over the others."""
    if len(centred) == 1:
        return [1.0]
    norms = [math.sqrt(_dot(c, c)) for c in centred]
    parts: list[list[float]] = [[] for _ in centred]
    for i, j in combinations(range(len(centred)), 2):
        scale = norms[i] * norms[j]
        r = signs[i] * signs[j] * _dot(centred[i], centred[j]) / scale if scale else 0.0
        conflict = 0.0 if r > 1.0 - _PERFECT else 1.0 - r
        parts[i].append(conflict)
        parts[j].append(conflict)
    return [math.fsum(p) for p in parts]
