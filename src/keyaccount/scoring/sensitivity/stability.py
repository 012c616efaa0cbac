"""`stability`: how often an account stays selected when the weights vary."""

from __future__ import annotations

import attrs
import numpy as np

from keyaccount._columns import Floats
from keyaccount._validators import exact_float, exact_int, is_finite
from keyaccount.errors import SelectionError, SpecError
from keyaccount.scoring.selection import Selection
from keyaccount.scoring.selection.seating import pool_of, seat
from keyaccount.scoring.selection.selection import scores_of


@attrs.frozen(eq=False)
class Stability:
    """How often each account is key when the weights vary around what they are.

    Attributes
    ----------
    probability
        ``(n,)`` float64: the share of draws in which the account is key.
    draws, concentration
        How many draws were made, and how closely they keep to the weights.
    weights
        ``(draws, k)`` float64: the weights drawn.

    Examples
    --------
    >>> import keyaccount as ka
    >>> import numpy as np
    >>> scorer = ka.CompositeScorer(
    ...     criteria=[
    ...         ka.Criterion("c1", column="c1", value=ka.Linear(0, 1)),
    ...         ka.Criterion("c2", column="c2", value=ka.Linear(0, 1)),
    ...     ],
    ...     weights={"c1": 0.5, "c2": 0.5},
    ... )
    >>> scores = scorer.score({"c1": [0.9, 0.5, 0.1], "c2": [0.9, 0.8, 0.2]})
    >>> chosen = ka.select(scores, ka.TopCount(1))
    >>> ka.stability(chosen, rng=np.random.default_rng(7), draws=50).probability
    array([1., 0., 0.])
    """

    probability: Floats
    draws: int
    concentration: float
    weights: Floats


def stability(
    chosen: Selection,
    *,
    rng: np.random.Generator,
    draws: int = 200,
    concentration: float = 100.0,
) -> Stability:
    """Find how often each account is key when the weights vary.

    Weights are drawn from a Dirichlet distribution with the stated weights as its mean; a weight of
    0 stays 0. Everything else of the selection (rule, overrides, holds, groups) stays as it is.

    Parameters
    ----------
    chosen
        A selection made from `Scores` of any aggregation.
    rng
        The generator to draw from; the same seed gives the same answer.
    draws
        How many times the weights are drawn. The default of 200 is a choice of this library: the
        standard error of a probability is then at most 0.036.
    concentration
        How closely the draws keep to the weights: a weight ``w`` has the standard deviation
        ``√(w(1 - w)/(concentration + 1))``. The default of 100 is a choice of this library: about
        0.05 for a weight of 0.35.

    Returns
    -------
    Stability
        The share of draws in which each account is key.

    Raises
    ------
    SelectionError
        The selection was made from plain numbers.
    SpecError
        There are no draws, or the concentration is not above 0.

    References
    ----------
    Butler, Jia & Dyer (1997), "Simulation techniques for the sensitivity analysis of multi-criteria
    decision models", *European Journal of Operational Research* 103(3).

    Examples
    --------
    >>> import keyaccount as ka
    >>> import numpy as np
    >>> book = {"sales": [9.0, 6.0, 4.0], "showcase": [1.0, 4.0, 5.0]}
    >>> scorer = ka.CompositeScorer(
    ...     criteria=[
    ...         ka.Criterion("sales", column="sales", value=ka.Linear(0, 10)),
    ...         ka.Criterion("showcase", column="showcase", value=ka.Linear(1, 5)),
    ...     ],
    ...     weights={"sales": 0.6, "showcase": 0.4},
    ... )
    >>> chosen = ka.select(scorer.score(book), ka.TopCount(1), ids=["A", "B", "C"])
    >>> ka.stability(chosen, rng=np.random.default_rng(1)).probability
    array([0.025, 0.795, 0.18 ])
    """
    scores = scores_of(chosen)
    if scores is None:
        raise SelectionError.from_problem(
            "the selection was made from plain numbers, which have no weights",
            "select from the Scores of a scorer.",
        )
    _check(rng, draws, concentration)
    drawn = _drawn(np.array(scores.weights), rng, int(draws), float(concentration))
    times = np.zeros(len(chosen), dtype=np.int64)
    for weights in drawn:
        value = scores.reweighted(dict(zip(scores.names, weights.tolist(), strict=True)))
        inputs = attrs.evolve(chosen.inputs, value=np.where(np.isfinite(value), value, np.nan))
        for group in range(len(chosen.groups)):
            pool = pool_of(inputs, group)
            quota = chosen.rule.quota(len(pool.value), pool.label)
            times[inputs.rows(group)] += seat(pool, quota, chosen.manners).is_key
    return Stability(times / draws, draws, float(concentration), drawn)


def _check(rng: object, draws: object, concentration: object) -> None:
    if not isinstance(rng, np.random.Generator):
        raise SpecError.from_field(
            "stability(rng=)",
            "must be a numpy Generator",
            rng,
            "pass np.random.default_rng(seed): the same seed gives the same answer.",
        )
    many, close = exact_int(draws), exact_float(concentration)
    if isinstance(many, bool) or not isinstance(many, int) or many < 1:
        raise SpecError.from_field(
            "stability(draws=)",
            "must be a whole number above 0",
            draws,
            "more draws make the answer sharper.",
        )
    if not is_finite(close) or not 0.0 < close <= _CLOSEST:
        raise SpecError.from_field(
            "stability(concentration=)",
            f"must be above 0 and at most {_CLOSEST:g}",
            concentration,
            "more concentration keeps nearer to the weights.",
        )


_CLOSEST = 1e12
"""Beyond this concentration the weights do not vary, as far as floats tell."""


def _drawn(weights: Floats, rng: np.random.Generator, draws: int, concentration: float) -> Floats:
    some = weights > 0.0
    found = np.zeros((draws, len(weights)))
    found[:, some] = rng.dirichlet(weights[some] * concentration, size=draws)
    return found
