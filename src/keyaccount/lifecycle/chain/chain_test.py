"""`ChainTest`: does a chain change over time, and does the state before the last one matter."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._validators import count, exact_float, exact_int, not_negative, share
from keyaccount._view import Spec
from keyaccount.stats._tails import gamma_tails
from keyaccount.stats.sums import exact_sum

__all__ = ["ChainTest", "constancy_test", "order_test"]


@attrs.frozen
class ChainTest(Spec):
    """A likelihood-ratio test of a chain.

    Parameters
    ----------
    statistic
        Twice the log of the ratio of likelihoods: large values speak against the simpler chain.
    degrees
        Degrees of freedom; rows and columns without any transition have none.
    p_value
        How often chance alone brings that much, by the chi-square distribution; too small where
        many expected counts are below about 5.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.ChainTest(3.84, 1, 0.05).p_value
    0.05
    """

    statistic: float = attrs.field(converter=exact_float, validator=not_negative)
    degrees: int = attrs.field(converter=exact_int, validator=count)
    p_value: float = attrs.field(converter=exact_float, validator=share)


def constancy_test(by_period: NDArray[np.int64]) -> ChainTest | None:
    """Test whether each row of the matrix is the same in every period."""
    rows = np.arange(by_period.shape[1])
    return _test([by_period[:, i, :] for i in rows])


def order_test(triples: NDArray[np.int64] | None) -> ChainTest | None:
    """Test whether the state before the last one says anything beyond the last."""
    if triples is None:
        return None
    rows = np.arange(triples.shape[1])
    return _test([triples[:, j, :] for j in rows])


def _test(tables: list[NDArray[np.int64]]) -> ChainTest | None:
    """Add up tests of independence; None where no table has anything to test."""
    found = [_independence(table) for table in tables]
    degrees = sum(d for _, d in found)
    if not degrees:
        return None
    statistic = max(exact_sum([s for s, _ in found]), 0.0)
    upper = 1.0
    if statistic > 0.0:
        half = np.array([0.5 * statistic]), np.array([0.5 * degrees])
        upper = float(gamma_tails(*half)[1][0])
    return ChainTest(statistic, degrees, min(max(upper, 0.0), 1.0))


def _independence(table: NDArray[np.int64]) -> tuple[float, int]:
    """Give the statistic and the degrees of freedom of one table of counts."""
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    total = int(rows.sum())
    degrees = (np.count_nonzero(rows) - 1) * (np.count_nonzero(columns) - 1)
    i, j = np.nonzero(table)
    if not total or degrees <= 0:
        return 0.0, 0
    seen = table[i, j].astype(np.float64)
    expected = rows[i].astype(np.float64) * columns[j].astype(np.float64) / total
    return 2.0 * exact_sum(seen * np.log(seen / expected)), int(degrees)
