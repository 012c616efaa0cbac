"""Scorers and what they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from keyaccount.scoring.aggregation import Ideal
from keyaccount.scoring.composite import Aggregate, CompositeScorer
from keyaccount.scoring.criterion import Criterion, MissingPolicy
from keyaccount.scoring.values import ValueFunction
from keyaccount.scoring.weights import Weights
from keyaccount.testing.books import SHARE
from keyaccount.testing.values import by_group, value_functions

__all__ = ["AGGREGATES", "POLICIES", "criteria", "ideals", "scorers", "weights"]

AGGREGATES: tuple[Aggregate, ...] = ("sum", "product", "topsis")
"""Every way to bring worths together."""

POLICIES: tuple[MissingPolicy, ...] = ("worst", "neutral", "reweight", "reject")
"""Every policy for what is unknown."""


def weights(names: Sequence[str]) -> st.SearchStrategy[Weights]:
    """Draw weights for the names, some of them 0.

    Examples
    --------
    >>> import math
    >>> from hypothesis import given
    >>> @given(weights(["sales", "potential"]))
    ... def they_sum_to_1(weights):
    ...     assert math.isclose(sum(weights.values()), 1.0)
    >>> they_sum_to_1()
    """
    parts = st.lists(st.integers(0, 20), min_size=len(names), max_size=len(names)).filter(any)
    return parts.map(lambda drawn: Weights.normalised(dict(zip(names, drawn, strict=True))))


@st.composite
def criteria(
    draw: st.DrawFn,
    name: str,
    *,
    functions: st.SearchStrategy[ValueFunction] | None = None,
    policies: Sequence[MissingPolicy] = POLICIES,
    grouped: bool = False,
    column: bool = True,
) -> Criterion:
    """Draw a criterion that reads the column of its own name.

    Parameters
    ----------
    name
        Its name.
    functions
        A strategy for the value function; any fitted one when left out.
    policies
        What may happen to unknown values. Under ``"neutral"`` a stated worth is drawn.
    grouped
        Whether constants may differ by group.
    column
        Whether there is a column at all; without, the criterion is unknown for everybody.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(criteria("sales", policies=["worst"]))
    ... def it_is_ready_to_use(criterion):
    ...     assert criterion.is_fitted
    >>> it_is_ready_to_use()
    """
    value: st.SearchStrategy[Any] = value_functions() if functions is None else functions
    neutral: st.SearchStrategy[Any] = SHARE
    if grouped:
        value, neutral = st.one_of(value, by_group(value)), st.one_of(neutral, by_group(neutral))
    policy = draw(st.sampled_from(list(policies)))
    return Criterion(
        name,
        column=name if column else None,
        value=draw(value),
        missing=policy,
        neutral=draw(neutral) if policy == "neutral" else None,
    )


def ideals(*, grouped: bool = False) -> st.SearchStrategy[Any]:
    """Draw the ideals of one criterion under TOPSIS, some of them equal.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(ideals())
    ... def the_best_is_no_worse_than_the_worst(ideal):
    ...     assert ideal.worst <= ideal.best
    >>> the_best_is_no_worse_than_the_worst()
    """
    one = st.tuples(SHARE, SHARE).map(lambda pair: Ideal(min(pair), max(pair)))
    return st.one_of(one, by_group(one)) if grouped else one


@st.composite
def scorers(
    draw: st.DrawFn,
    *,
    aggregates: Sequence[Aggregate] = AGGREGATES,
    functions: st.SearchStrategy[ValueFunction] | None = None,
    policies: Sequence[MissingPolicy] = POLICIES,
    group: str | None = None,
    max_criteria: int = 4,
    all_columns: bool = False,
) -> CompositeScorer:
    """Draw scorers that are ready to use, their constants stated.

    Their criteria are named ``a``, ``b``, … and read the columns of these names.

    Parameters
    ----------
    aggregates
        How worths come together.
    functions
        A strategy for the value functions; any fitted ones when left out.
    policies
        What may happen to unknown values.
    group
        The name of the column of groups; None draws scorers without groups.
    max_criteria
        How many criteria at most.
    all_columns
        Whether every criterion has a column; else one in five has none.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> from keyaccount.testing import assert_row_wise, books
    >>> @settings(deadline=None, max_examples=20)
    ... @given(scorers(), books("abcd"))
    ... def rows_stand_for_themselves(scorer, book):
    ...     assert_row_wise(scorer, book)
    >>> rows_stand_for_themselves()
    """
    names = "abcdefghij"[: draw(st.integers(1, max_criteria))]
    judged = [
        draw(
            criteria(
                name,
                functions=functions,
                policies=policies,
                grouped=group is not None,
                column=all_columns or draw(st.integers(0, 4)) > 0,
            )
        )
        for name in names
    ]
    aggregate = draw(st.sampled_from(list(aggregates)))
    ends = [draw(ideals(grouped=group is not None)) for _ in names]
    return CompositeScorer(
        criteria=tuple(judged),
        weights=draw(weights(list(names))),
        group=group,
        aggregate=aggregate,
        ideals=tuple(ends) if aggregate == "topsis" else None,
    )
