"""Weights from judgements in pairs: the analytic hierarchy process."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Any, TypeAlias, final

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._validators import exact_float, not_negative, positive, text
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.scoring.weights._matrix import MatrixInput, read_matrix
from keyaccount.scoring.weights.random_index import (
    FIRST_ORDER,
    RandomIndexTable,
    random_index_for,
    table_of,
)
from keyaccount.scoring.weights.weights import Weights, as_weights

Square: TypeAlias = NDArray[np.float64]
"""A square matrix of judgements."""

LARGEST_CONSISTENT_RATIO = 0.1

# 1/3 is printed as .33; beyond the scale of 1 to 9, half a hundredth is no small thing any more
_ROUNDING, _SHARE = 0.005, 0.1
_SLACK = 1e-12

_MATRIX = "ahp_weights(matrix)"


@final
@attrs.frozen
class AhpWeights(Spec):
    """Weights from judgements in pairs, and how consistent the judgements are.

    What `ahp_weights` returns. It is accepted wherever weights are.

    Attributes
    ----------
    weights
        The principal eigenvector of the judgements, summing to 1.
    lambda_max
        Its eigenvalue; equal to the number of criteria where the judgements agree perfectly.
    consistency_index
        (lambda_max − n) / (n − 1), at least 0.
    consistency_ratio
        The index over that of random judgements; 0 below three criteria.
    random_index
        The table that the index of random judgements was taken from.

    Examples
    --------
    >>> import keyaccount as ka
    >>> found = ka.ahp_weights([[1, 3], [1 / 3, 1]], names=["sales", "showcase"])
    >>> round(found.weights["sales"], 3), found.consistent
    (0.75, True)
    """

    weights: Weights = attrs.field(converter=as_weights)
    lambda_max: float = attrs.field(converter=exact_float, validator=positive, kw_only=True)
    consistency_index: float = attrs.field(
        converter=exact_float, validator=not_negative, kw_only=True
    )
    consistency_ratio: float = attrs.field(
        converter=exact_float, validator=not_negative, kw_only=True
    )
    random_index: str = attrs.field(validator=text, kw_only=True)

    @property
    def consistent(self) -> bool:
        """Whether the ratio is at most 0.1, the limit that Saaty proposed."""
        return self.consistency_ratio <= LARGEST_CONSISTENT_RATIO


def ahp_weights(
    matrix: MatrixInput,
    names: Iterable[str] | None = None,
    random_index: RandomIndexTable = "saaty_1980",
) -> AhpWeights:
    """Derive weights from judgements of how much more one criterion matters than another.

    Parameters
    ----------
    matrix
        Judgements: row i, column j says how many times as much i matters as j, on a scale of 1 to
        9. Positive, with 1 on the diagonal and reciprocal across it. Nested lists, a
        two-dimensional array, a data frame or a dict of columns.
    names
        The criteria. By default the labels of the columns, or ``c1``, ``c2``, … where there are
        none.
    random_index
        The table of random consistency indices: ``"saaty_1980"`` (up to 10 criteria),
        ``"saaty_2005"`` (15), ``"tummala_ling_1998"`` (15) or ``"donegan_dodd_1991"`` (all up to
        20, some up to 100). They differ in the second decimal.

    Returns
    -------
    AhpWeights
        The weights with the largest eigenvalue, the consistency index and the consistency ratio. A
        ratio above 0.1 is flagged by ``.consistent``, never refused.

    Raises
    ------
    SpecError
        If the matrix is not square, finite, positive and reciprocal, or if the table does not hold
        its order.

    Notes
    -----
    Weights are the principal right eigenvector [1]_. Published matrices print 1/3 as .33, so a pair
    passes as reciprocal when its smaller entry equals one over the larger to within 0.005 (and to
    within a tenth of it, which matters only for ratios above 20). The entries are used as they are
    given; a matrix so rounded may have a largest eigenvalue just under n, and the index is then 0.

    References
    ----------
    .. [1] Saaty, T. L. (1980). *The Analytic Hierarchy Process*. McGraw-Hill.
    .. [2] Saaty, T. L. (2008). Decision making with the analytic hierarchy process. *International
       Journal of Services Sciences* 1(1), 83-98.

    Examples
    --------
    >>> import keyaccount as ka
    >>> judged = ka.ahp_weights(
    ...     [[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]],
    ...     names=("sales", "potential", "showcase"),
    ... )
    >>> {name: round(weight, 3) for name, weight in judged.weights.items()}
    {'sales': 0.648, 'potential': 0.23, 'showcase': 0.122}
    >>> round(judged.lambda_max, 4), round(judged.consistency_ratio, 4), judged.consistent
    (3.0037, 0.0032, True)
    """
    table_of(random_index)
    known, columns = read_matrix(matrix, names)
    judgements = np.column_stack(columns)
    _check(judgements, known)
    lambda_max, vector = _principal(judgements)
    n = len(known)
    index = max((lambda_max - n) / (n - 1), 0.0) if n > 1 else 0.0
    return AhpWeights(
        Weights.normalised(zip(known, vector.tolist(), strict=True)),
        lambda_max=lambda_max,
        consistency_index=index,
        consistency_ratio=index / random_index_for(n, random_index) if n >= FIRST_ORDER else 0.0,
        random_index=random_index,
    )


def _principal(judgements: Square) -> tuple[float, NDArray[np.float64]]:
    """Return the largest eigenvalue and its vector, which Perron's theorem makes positive."""
    values, vectors = np.linalg.eig(judgements)
    real = np.real(values)
    first = int(np.argmax(real))
    return float(real[first]), np.abs(np.real(vectors[:, first]))


def _check(judgements: Square, names: tuple[str, ...]) -> None:
    """Refuse what is no matrix of judgements in pairs, naming the pair."""
    rows, count = judgements.shape
    if rows != count:
        raise SpecError.from_field(
            _MATRIX,
            "must be square",
            (rows, count),
            "give one row and one column per criterion.",
        )
    for i, name in enumerate(names):
        if judgements[i, i] != 1.0:
            raise _refused((name, name), "must be 1", judgements[i, i])
    for i, j in combinations(range(count), 2):
        _check_pair((names[i], names[j]), float(judgements[i, j]), float(judgements[j, i]))


def _check_pair(pair: tuple[str, str], there: float, back: float) -> None:
    """Refuse a judgement that is no positive number, or that its counterpart contradicts."""
    if not (np.isfinite([there, back]).all() and min(there, back) > 0.0):
        raise _refused(pair, "must be positive and finite in both directions", (there, back))
    reciprocal = 1.0 / max(there, back)
    if abs(min(there, back) - reciprocal) > min(_ROUNDING, _SHARE * reciprocal) + _SLACK:
        raise _refused(pair, "must be reciprocal", (there, back))


def _refused(pair: tuple[str, str], rule: str, got: Any) -> SpecError:
    return SpecError.from_field(
        f"the judgement of {pair[0]!r} against {pair[1]!r}",
        rule,
        got,
        "where a is judged 3 times b, write 3 in row a, column b and 1/3 in row b, column a.",
    )
