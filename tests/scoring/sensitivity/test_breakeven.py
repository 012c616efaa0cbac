"""Break-even weights, exact against choosing again under other weights."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import keyaccount as ka

NAMES = "abc"
EPSILON = 1e-7
"""How far beyond a break-even weight the choice is made again."""

EIGHTHS = st.integers(0, 8).map(lambda k: k / 8)


def _scorer(weights: dict[str, float]) -> ka.CompositeScorer:
    criteria = [ka.Criterion(name, column=name, value=ka.Linear(0, 1)) for name in weights]
    return ka.CompositeScorer(criteria=criteria, weights=weights)


def _scores(weights: list[float], worths: list[list[float]]) -> ka.Scores:
    names = NAMES[: len(weights)]
    columns = {name: [row[k] for row in worths] for k, name in enumerate(names)}
    return _scorer(dict(zip(names, weights, strict=True))).score(columns)


def _moved(weights: list[float], k: int, to: float) -> list[float]:
    """Set one weight, the others scaled in proportion."""
    rest = 1.0 - weights[k]
    return [to if j == k else w * (1.0 - to) / rest for j, w in enumerate(weights)]


def _key(
    scores: ka.Scores, weights: list[float], k: int, to: float, call: dict[str, Any]
) -> NDArray[Any]:
    """Choose again with one weight moved; dyadic scores keep ties and holds exact."""
    moved = dict(zip(scores.names, _moved(weights, k, to), strict=True))
    value = np.round(scores.reweighted(moved) * 2.0**40) / 2.0**40
    return ka.select(value, **call).is_key


def test_sensitivity_breakeven_two_options() -> None:
    """Hand-derived: A leads B by 0.1 until weight 1 falls to 0.6, or A is worth 0.757 on it."""
    scores = _scores([0.7, 0.3], [[0.9, 0.2], [0.5, 0.8]])
    np.testing.assert_allclose(scores.value, [0.69, 0.59], rtol=0, atol=1e-9)
    found = ka.sensitivity(ka.select(scores, ka.TopCount(1)), accounts=[0, 1])
    assert found.lower[0] == pytest.approx(0.6, abs=1e-9)
    assert found.upper[1] == pytest.approx(0.4, abs=1e-9)
    assert np.isnan([found.upper[0], found.lower[1]]).all()
    assert found.account_lower[:, 0] == pytest.approx([0.6, 0.6], abs=1e-9)
    assert found.worth_at_flip[0, 0] == pytest.approx(0.7571428571428571, abs=1e-9)
    assert found.worth_at_flip[1, 0] == pytest.approx(0.5 + 0.1 / 0.7, abs=1e-9)
    assert found.smallest in {("a", -0.1), ("b", 0.1)}


@st.composite
def _situations(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a book on a lattice, where ties, and ties for good, are common, and a way to choose."""
    n, k = draw(st.integers(1, 7)), draw(st.integers(2, 3))
    parts = draw(st.lists(st.integers(0, 8), min_size=k - 1, max_size=k - 1))
    cuts = [0, *sorted(parts), 8]
    weights = [(b - a) / 8 for a, b in pairwise(cuts)]
    rows = st.lists(EIGHTHS, min_size=k, max_size=k)
    worths = draw(st.lists(rows, min_size=n, max_size=n))
    ids = draw(st.permutations([f"i{i}" for i in range(n)]))
    counts, bars = st.integers(0, n).map(ka.TopCount), EIGHTHS.map(ka.AtLeast)
    both = st.tuples(counts, bars).map(lambda rules: rules[0] & rules[1])
    forced = draw(st.dictionaries(st.sampled_from(ids), st.booleans(), max_size=2))
    recent = st.sampled_from(["2025-01-01", "2026-09-01"])
    return {
        "weights": weights,
        "worths": worths,
        "call": {
            "rule": draw(st.one_of(counts, counts, bars, both)),
            "ids": ids,
            "as_of": "2026-09-30",
            "ties": draw(st.sampled_from(["include_all", "exclude_all", "by_id"])),
            "hold": draw(st.sampled_from([0.0, 0.0, 0.125, 0.25])),
            "incumbents": draw(st.dictionaries(st.sampled_from(ids), recent, max_size=4)),
            "min_tenure_days": draw(st.sampled_from([0, 0, 90])),
            "overrides": [
                ka.Override(account, include=include, reason="r", approved_by="b")
                for account, include in forced.items()
            ],
            "within": draw(st.none() | st.lists(st.sampled_from("xy"), min_size=n, max_size=n)),
        },
    }


def _chosen(situation: dict[str, Any]) -> ka.Selection | None:
    scores = _scores(situation["weights"], situation["worths"])
    try:
        return ka.select(scores, **situation["call"])
    except ka.SelectionError:  # more are included than there are seats
        return None


def _assert_breaks_even(same: Any, weight: float, low: float, high: float) -> None:
    """Hold that nothing changes between the two break-even weights, and that it does beyond.

    The points between are off the lattice on which several lines may meet in passing.
    """
    start, end = (0.0 if math.isnan(low) else low), (1.0 if math.isnan(high) else high)
    for to in np.linspace(0.0031, 0.9913, 17):
        if start + EPSILON < to < end - EPSILON:
            assert same(float(to)), f"changes at {to}, not at {low} or {high}"
    if not math.isnan(low) and low > EPSILON:
        assert low <= weight
        assert not same(low - EPSILON), f"does not change below {low}"
    if not math.isnan(high) and high < 1.0 - EPSILON:
        assert high >= weight
        assert not same(high + EPSILON), f"does not change above {high}"


@given(_situations())
@settings(max_examples=60, deadline=None)
def test_the_set_changes_at_the_break_even_weights_and_not_before(
    situation: dict[str, Any],
) -> None:
    """Chosen again under moved weights, the set is the same up to the break-even, not beyond."""
    chosen = _chosen(situation)
    if chosen is None:
        return
    found = ka.sensitivity(chosen, accounts=[])
    weights, call = situation["weights"], situation["call"]
    scores = chosen.scores
    assert scores is not None
    for k, weight in enumerate(weights):
        if weight == 1.0:
            assert np.isnan([found.lower[k], found.upper[k]]).all()
            continue

        def same(to: float, k: int = k) -> bool:
            return bool((_key(scores, weights, k, to, call) == chosen.is_key).all())

        _assert_breaks_even(same, weight, found.lower[k], found.upper[k])


@given(_situations())
@settings(max_examples=40, deadline=None)
def test_an_account_flips_at_its_break_even_weights_and_not_before(
    situation: dict[str, Any],
) -> None:
    """Chosen again under moved weights, an account stays in, or out, up to its break-even."""
    chosen = _chosen(situation)
    if chosen is None:
        return
    weights, call = situation["weights"], situation["call"]
    found = ka.sensitivity(chosen, accounts=call["ids"])
    scores = chosen.scores
    assert scores is not None
    for k, weight in enumerate(weights):
        if weight == 1.0:
            continue
        for i in range(len(chosen)):

            def same(to: float, k: int = k, i: int = i) -> bool:
                return bool(_key(scores, weights, k, to, call)[i] == chosen.is_key[i])

            _assert_breaks_even(same, weight, found.account_lower[i, k], found.account_upper[i, k])


@given(_situations())
@settings(max_examples=40, deadline=None)
def test_an_account_flips_where_its_worth_crosses_worth_at_flip(situation: dict[str, Any]) -> None:
    """A little below the worth at the flip an account is out, a little above it is in."""
    chosen = _chosen(situation)
    if chosen is None:
        return
    call, weights, worths = situation["call"], situation["weights"], situation["worths"]
    found = ka.sensitivity(chosen, accounts=call["ids"])
    for i, k in np.argwhere(np.isfinite(found.worth_at_flip)):
        for nudge, is_key in ((-EPSILON, False), (EPSILON, True)):
            value = np.array(
                [math.fsum(w * u for w, u in zip(weights, r, strict=True)) for r in worths]
            )
            value[i] += (found.worth_at_flip[i, k] + nudge - worths[i][k]) * weights[k]
            assert ka.select(value, **call).is_key[i] == is_key
