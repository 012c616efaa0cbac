"""The bridge from inference to a composite score: by degrees, and without a jump."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import assert_row_wise

NAN = math.nan
SHARES = st.floats(0, 1)


def inference() -> ka.ExperienceInference:
    """One gate, one question: the score is x/2, or (1 + x)/2 from 0.5 on."""
    gate = ka.Gate("match", [ka.Question("fit", "Does it fit?")], pass_mark=0.5)
    return ka.ExperienceInference([gate])


def scorer() -> ka.CompositeScorer:
    """Two criteria: coverage 0, 0.4, 0.6 or 1."""
    return ka.CompositeScorer(
        criteria=[
            ka.Criterion("potential", column="potential", value=ka.Linear(0, 100)),
            ka.Criterion("showcase", column="showcase", value=ka.Linear(1, 5)),
        ],
        weights={"potential": 0.6, "showcase": 0.4},
    )


def book(n: int, seed: int = 0) -> dict[str, Any]:
    """Answers for everybody, data for all."""
    rng = np.random.default_rng(seed)
    return {
        "fit": rng.uniform(0, 1, n),
        "potential": rng.uniform(0, 100, n),
        "showcase": rng.uniform(1, 5, n),
    }


def test_where_both_agree_on_the_order_nobody_moves() -> None:
    """The change of method alone moves no account: not in rank, and not by a bit in score."""
    given_book = book(60)
    order = np.argsort(np.argsort(given_book["fit"]))
    given_book["potential"] = order + 0.0
    given_book["showcase"] = 1 + order / 60
    given_book["showcase"][::3] = NAN  # and these stay behind
    given_book["potential"][::3] = NAN
    bridge = inference().to_composite(scorer(), at=0.5).fit(given_book)
    found = bridge.score(given_book)
    assert found.method.tolist().count("composite") == 40
    np.testing.assert_array_equal(found.value, found.inference.score)
    np.testing.assert_array_equal(found.rank, found.rank_by_inference)


def test_partly_known_data_cost_nobody_a_place() -> None:
    """Where what is known agrees with inference, what is unknown moves no account."""
    given_book = book(100)
    order = np.argsort(np.argsort(given_book["fit"])) / 100
    given_book |= {"potential": 100 * order, "showcase": 1 + 4 * order}
    given_book["showcase"][::2] = NAN
    for full in (0.6, 1.0):
        bridge = inference().to_composite(scorer(), at=0.5, full=full).fit(given_book)
        found = bridge.score(given_book)
        assert (found.composite_share[::2] > 0).all()
        np.testing.assert_array_equal(found.rank, found.rank_by_inference)


def test_better_than_all_that_were_seen_stays_ahead() -> None:
    """The scale runs on beyond what it was learned from, to 0 and 1."""
    given_book = book(40)
    given_book |= {"potential": 20 + 0.4 * given_book["potential"], "showcase": [3.0] * 40}
    bridge = inference().to_composite(scorer(), at=0.5).fit(given_book)
    new = {"fit": [0.5] * 4, "potential": [5.0, 70.0, 80.0, 100.0], "showcase": [1.0, 3, 4, 5]}
    found = bridge.score(new)
    assert found.rank.tolist() == found.rank_by_composite.tolist() == [4, 3, 2, 1]
    assert found.value[3] == 1.0


def test_data_move_accounts_among_themselves_only() -> None:
    """The accounts judged by data share out the scores that they had by inference."""
    given_book = book(50)
    given_book["potential"][:20] = NAN
    given_book["showcase"][:20] = NAN
    found = inference().to_composite(scorer(), at=0.5).fit(given_book).score(given_book)
    np.testing.assert_array_equal(found.value[:20], found.inference.score[:20])
    np.testing.assert_allclose(
        np.sort(found.value[20:]), np.sort(found.inference.score[20:]), rtol=0, atol=1e-15
    )
    by_data = np.argsort(found.composite.value[20:])
    assert (np.diff(found.value[20:][by_data]) >= 0).all()


def test_at_the_threshold_nothing_jumps() -> None:
    """At a coverage of exactly `at` the score is that of inference; then it moves by degrees."""
    given_book = book(40)
    bridge = inference().to_composite(scorer(), at=0.6, full=1.0).fit(given_book)
    one = {"fit": 0.9, "potential": 10.0, "showcase": NAN}
    at = bridge.score(one)
    assert at.composite.coverage[0] == 0.6
    assert (at.value[0], at.method[0]) == (at.inference.score[0], "inference")
    assert bridge.score({**one, "showcase": 1.0}).method[0] == "composite"
    between = inference().to_composite(scorer(), at=0.2).fit(given_book)
    assert between.score(one).method[0] == "both"
    assert between.score(one).composite_share[0] == pytest.approx(0.5)


def test_full_may_equal_at() -> None:
    """Then the move is made at once."""
    bridge = inference().to_composite(scorer(), at=0.6, full=0.6).fit(book(40))
    found = bridge.score({"fit": [0.9, 0.9], "potential": [10.0, NAN], "showcase": [NAN, 3.0]})
    assert found.method.tolist() == ["composite", "inference"]


def test_too_few_stay_with_inference() -> None:
    """Nine accounts with data are not ten: nobody moves, and a finding says so."""
    found = inference().to_composite(scorer(), at=0.5).fit(book(9)).score(book(9))
    np.testing.assert_array_equal(found.value, found.inference.score)
    assert "too_few_moved" in {f.code for f in found.findings}
    assert "9 accounts" in found.findings[0].message


def test_a_rejected_account_stays_with_inference() -> None:
    """Where there is no composite score there is nothing to move to."""
    strict = ka.CompositeScorer(
        criteria=[
            ka.Criterion("potential", column="potential", value=ka.Linear(0, 100)),
            ka.Criterion("showcase", column="showcase", value=ka.Linear(1, 5), missing="reject"),
        ],
        weights={"potential": 0.9, "showcase": 0.1},
    )
    given_book = book(30)
    given_book["showcase"][0] = NAN
    found = inference().to_composite(strict, at=0.5).fit(given_book).score(given_book)
    assert found.method[0] == "inference"
    assert found.value[0] == found.inference.score[0]
    assert found.rank_by_composite[0] == -1


def test_a_bridge_must_be_fitted() -> None:
    """Scores on two scales are never mixed."""
    bridge = inference().to_composite(scorer(), at=0.5)
    assert not bridge.is_fitted
    with pytest.raises(ka.NotFittedError, match="Bridge"):
        bridge.score(book(3))


@pytest.mark.parametrize(
    "options", [{"at": 1.5}, {"at": 0.8, "full": 0.5}, {"at": 0.5, "min_accounts": -1}]
)
def test_wrong_specs(options: dict[str, Any]) -> None:
    """Each says which field broke which rule."""
    with pytest.raises(ka.SpecError, match="Hint: "):
        inference().to_composite(scorer(), **options)
    with pytest.raises(ka.SpecError, match="Hint: "):
        ka.Bridge(scorer(), inference(), at=0.5)  # type: ignore[arg-type]


def test_both_methods_are_reported() -> None:
    """Side by side in a row, and as columns."""
    found = inference().to_composite(scorer(), at=0.5).fit(book(20)).score(book(20))
    assert {"inference", "composite", "rank_by_inference", "rank_by_composite", "method"} <= set(
        found.row(3)
    )
    assert list(found.columns()) == list(found.row(0))
    assert "20 accounts" in found._repr_html_()
    assert repr(found) == "<Bridged scores of 20 accounts, 20 of them moved>"


CELLS = st.one_of(SHARES, st.just(NAN))
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=12, max_size=40)


@given(ROWS, st.floats(0, 1), st.floats(0, 1))
def test_rows_stand_for_themselves_within_bounds(
    rows: list[tuple[float, float, float]], a: float, b: float
) -> None:
    """Row-wise to the bit, bounds around the value, the scores of inference's own range."""
    fit, potential, showcase = zip(*rows, strict=True)
    given_book = {
        "fit": list(fit),
        "potential": [100 * p for p in potential],
        "showcase": [1 + 4 * s for s in showcase],
    }
    bridge = inference().to_composite(scorer(), at=min(a, b), full=max(a, b), min_accounts=1)
    fitted = bridge.fit(given_book)
    assert_row_wise(fitted, given_book)
    found = fitted.score(given_book)
    assert (found.low <= found.value).all()
    assert (found.value <= found.high).all()
    assert ((found.value >= 0) & (found.value <= 1)).all()
