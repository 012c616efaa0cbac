"""A streamed review is the review in memory, to the last bit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

import keyaccount as ka

FEW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
NUMBERS = st.one_of(
    st.integers(-2, 6).map(lambda k: k / 4),
    st.floats(-10.0, 100.0),
    st.sampled_from([0.0, -0.0, float("nan"), float("inf"), float("-inf"), 1e300]),
)
FUNCTIONS: st.SearchStrategy[Any] = st.sampled_from(
    [
        ka.Percentile(),
        ka.Percentile(parts=3, falling=True),
        ka.ObservedRange(0.1, 0.9),
        ka.Ratio(to="max"),
        ka.Ratio(to="norm"),
        ka.Ratio(to="sum", falling=True),
        ka.Linear(0, 5),
        ka.Percentile().fit([0.0, 1.0, 2.0]),
        ka.ByGroup({"x": ka.Linear(0, 3), "y": ka.Percentile()}, pool=ka.ObservedRange()),
        ka.ByGroup({"new": ka.Percentile()}, pool=ka.Percentile()),
    ]
)
RULES = st.one_of(
    st.integers(0, 6).map(ka.TopCount),
    st.integers(0, 10).map(lambda k: ka.TopShare(k / 10)),
    st.integers(0, 6).map(lambda k: ka.AtLeast(k / 8)),
    st.just(ka.TopCount(3) & ka.AtLeast(0.25)),
)
DAY = "2026-09-30"


@st.composite
def scorers(draw: st.DrawFn) -> ka.CompositeScorer:
    """Draw a scorer of two criteria, which may have to learn."""
    policies: st.SearchStrategy[Any] = st.sampled_from(["worst", "neutral", "reweight", "reject"])
    return ka.CompositeScorer(
        criteria=[
            ka.Criterion(name, column=name, value=draw(FUNCTIONS), missing=draw(policies))
            for name in ("a", "b")
        ],
        weights={"a": 0.5, "b": 0.5},
        group="sector",
        min_group=draw(st.integers(0, 4)),
        aggregate=draw(st.sampled_from(["sum", "product", "topsis"])),
    )


@st.composite
def books(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a book; the texts of its ids sort otherwise than its rows."""
    n = draw(st.integers(1, 14))
    return {
        "id": draw(st.permutations([str(i + 5) for i in range(n)])),
        "a": draw(st.lists(NUMBERS, min_size=n, max_size=n)),
        "b": draw(st.lists(NUMBERS, min_size=n, max_size=n)),
        "sector": draw(st.lists(st.sampled_from(["x", "y", None]), min_size=n, max_size=n)),
    }


@st.composite
def choices(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a policy, and what is said of single accounts."""
    some = st.sampled_from([*(str(i + 5) for i in range(14)), "gone"])
    forced = draw(st.dictionaries(some, st.booleans(), max_size=3))
    days = st.sampled_from([None, "2020-01-01", "2026-09-01"])
    return {
        "policy": ka.SelectionPolicy(
            draw(RULES),
            ties=draw(st.sampled_from(["include_all", "exclude_all", "by_id"])),
            hold=draw(st.sampled_from([0.0, 0.125, 0.3])),
            min_tenure_days=draw(st.sampled_from([0, 90])),
            max_changes=draw(st.none() | st.integers(0, 3)),
        ),
        "within": draw(st.sampled_from([None, "sector"])),
        "as_of": DAY,
        "incumbents": draw(
            st.none() | st.dictionaries(some, days, max_size=6).map(lambda d: d | {"5": DAY})
        ),
        "overrides": [
            ka.Override(account, include=include, reason="why", approved_by="VP")
            for account, include in forced.items()
        ],
    }


def assert_same_columns(found: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    """Compare columns by value; what is missing equals what is missing."""
    for name, column in expected.items():
        ours, theirs = np.asarray(found[name]), np.asarray(column)
        assert len(ours) == len(theirs), name
        missing = np.isnan(theirs) if theirs.dtype.kind == "f" else theirs == np.array(None)
        if theirs.dtype.kind == "M":
            missing = np.isnat(theirs)
            assert np.array_equal(np.isnat(ours), missing), name
        if theirs.dtype.kind == "f":
            assert np.array_equal(ours, theirs, equal_nan=True), name
            assert np.array_equal(np.signbit(ours[~missing]), np.signbit(theirs[~missing])), name
        else:
            assert ours[~missing].tolist() == theirs[~missing].tolist(), name


def in_memory(
    book: dict[str, Any], scorer: ka.CompositeScorer, choice: dict[str, Any]
) -> tuple[ka.CompositeScorer, ka.Scores, ka.Selection]:
    """Review the whole book at once."""
    fitted = scorer if scorer.is_fitted else scorer.fit(book)
    scores, given = fitted.score(book), dict(choice)
    policy, within = given.pop("policy"), given.pop("within")
    groups = None if within is None else book[within]
    return fitted, scores, policy.select(scores, ids=book["id"], within=groups, **given)


def streamed(
    book: dict[str, Any],
    scorer: ka.CompositeScorer,
    choice: dict[str, Any],
    folder: Path,
    part_rows: int,
) -> ka.StreamedReview:
    """Stream the same book from Parquet."""
    table = pa.table(
        {
            "id": book["id"],
            **{name: pa.array(book[name], pa.float64()) for name in "ab"},
            "sector": pa.array(book["sector"], pa.string()),
        }
    )
    pq.write_table(table, folder / "book.parquet", row_group_size=4)
    given = dict(choice)
    return ka.stream_review(
        folder / "book.parquet",
        scorer,
        given.pop("policy"),
        out=folder / "out",
        part_rows=part_rows,
        **given,
    )


@FEW
@given(books(), scorers(), choices(), st.integers(1, 15))
def test_a_streamed_review_is_the_review_in_memory(
    book: dict[str, Any], scorer: ka.CompositeScorer, choice: dict[str, Any], part_rows: int
) -> None:
    """Constants, scores, ranks, seats, reasons, cuts and findings: all the same, or one error."""
    with TemporaryDirectory() as folder, np.errstate(all="ignore"):
        try:
            fitted, scores, chosen = in_memory(book, scorer, choice)
        except ka.KeyAccountError as error:
            with pytest.raises(type(error)) as refused:
                _ = streamed(book, scorer, choice, Path(folder), part_rows)
            event(f"refused: {type(error).__name__}")
            assert refused.value.fact == error.fact  # noqa: PT017 - both are compared
            return
        review = streamed(book, scorer, choice, Path(folder), part_rows)
        assert repr(review.scorer) == repr(fitted)
        assert repr(review.groups) == repr(chosen.groups)
        assert review.findings == (*scores.findings, *chosen.findings)
        expected = {"account": chosen.ids, **scores.columns(), **chosen.columns()}
        assert_same_columns(review.columns(), expected)
        assert review.summary["key_accounts"] == chosen.is_key.sum()
        known = scores.known.sum(axis=0).tolist()
        assert review.summary["known"] == dict(zip("ab", known, strict=True))


def test_infinite_scores_count_as_missing(tmp_path: Path) -> None:
    """A score may overflow: it has a rank, and no seat."""
    book = {"id": ["a", "b", "c"], "a": [1e300, 2.0, -1e300], "b": [0.0] * 3, "sector": ["x"] * 3}
    ratio = ka.Ratio(to="max", reference=1e-300)
    scorer = ka.CompositeScorer(
        criteria=[
            ka.Criterion("a", column="a", value=ratio),
            ka.Criterion("b", column="b", value=ka.Linear(0, 1)),
        ],
        weights={"a": 0.5, "b": 0.5},
    )
    choice: dict[str, Any] = {"policy": ka.SelectionPolicy(ka.TopCount(2)), "within": None}
    with np.errstate(all="ignore"):
        _, scores, chosen = in_memory(book, scorer, choice)
        review = streamed(book, scorer, choice, tmp_path, 2)
    assert np.isinf(scores.value).tolist() == [True, False, True]
    assert "infinite" in {f.code for f in review.findings}
    assert review.findings == (*scores.findings, *chosen.findings)
    assert_same_columns(review.columns(), {**scores.columns(), **chosen.columns()})


def test_what_is_stated_stays_where_only_what_is_missing_is_learned(tmp_path: Path) -> None:
    """``learn="missing"`` learns one criterion; ``"all"`` both, as `fit` does."""
    book = {"id": ["a", "b", "c"], "a": [1.0, 2.0, 3.0], "b": [0.0, 5.0, 7.0], "sector": ["x"] * 3}
    stated = ka.Criterion("a", column="a", value=ka.Percentile().fit([10.0, 20.0]))
    scorer = ka.CompositeScorer(
        criteria=[stated, ka.Criterion("b", column="b", value=ka.Percentile())],
        weights={"a": 0.5, "b": 0.5},
    )
    choice: dict[str, Any] = {"policy": ka.SelectionPolicy(ka.TopCount(2))}
    fitted, told = scorer.fit(book), [ka.Finding(code="odd", message="told before", count=1)]
    assert streamed(book, scorer, choice, tmp_path, 2).scorer == fitted
    review = streamed(book, scorer, {**choice, "learn": "missing", "findings": told}, tmp_path, 2)
    assert review.scorer.criteria == (stated, fitted.criteria[1])
    assert list(review.findings) == told
