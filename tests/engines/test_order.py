"""Values at places of a column, found by counting, are those that sorting gives."""

from __future__ import annotations

import itertools
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.engines import bucketing, fitting, order
from keyaccount.engines.bucketing import Bucketing, Range, Ranges
from keyaccount.engines.engine import LazyEngine
from keyaccount.engines.known import engine_of
from keyaccount.engines.labels import labels_there
from keyaccount.testing import columns_of_numbers

pa: Any = pytest.importorskip("pyarrow")
dataset: Any = pytest.importorskip("pyarrow.dataset")
pl: Any = pytest.importorskip("polars")

FLOATS = st.floats(allow_nan=False, allow_infinity=False, width=64)


@pytest.fixture(autouse=True)
def many_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut into few buckets and bring nothing home before it must be, so that passes are many."""
    monkeypatch.setattr(order, "_BUCKETS", 4)
    monkeypatch.setattr(order, "FEW_AT_HOME", 2)
    monkeypatch.setattr(order, "_PER_PLACE", 2)
    monkeypatch.setattr(fitting, "FEW_AT_HOME", 0)


def as_it_is(values: Any) -> Any:
    """Judge every value."""
    return values


def in_parts(values: list[float], groups: list[Any], size: int) -> Any:
    """Make a dataset of batches."""
    table = pa.table({"x": pa.array(values, pa.float64()), "g": pa.array(groups, pa.string())})
    return dataset.dataset(table.to_batches(max_chunksize=size), schema=table.schema)


def found(frame: Any, buckets: Bucketing, places: Any) -> Any:
    """Search a frame."""
    engine = engine_of(frame)
    assert isinstance(engine, LazyEngine)
    return order.order_statistics(engine, frame, buckets, places)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 40), st.integers(1, 9))
def test_every_place_is_what_sorting_gives(data: st.DataObject, size: int, batch: int) -> None:
    """Every place is what sorting gives."""
    values = data.draw(columns_of_numbers(size, values=st.one_of(FLOATS, st.integers(0, 3))))
    groups = data.draw(st.lists(st.sampled_from("ab"), min_size=size, max_size=size))
    frame = in_parts(values, groups, batch)
    by_group = Bucketing("x", as_it_is, "g", {"a": 0, "b": 1})
    for key, statistics in enumerate(found(frame, by_group, lambda _, n: tuple(range(n)))):
        own = [x for x, g in zip(values, groups, strict=True) if g == "ab"[key]]
        known = np.sort(np.array(own)[np.isfinite(own)])
        assert [statistics[i] for i in range(len(statistics))] == known.tolist()


def test_the_floats_of_all_sizes_are_told_apart() -> None:
    """The floats of all sizes are told apart."""
    values = [
        -1.7e308,
        -1.0,
        -5e-324,
        0.0,
        -0.0,
        5e-324,
        1e-300,
        1.0,
        np.nextafter(1.0, 2),
        1.7e308,
    ]
    frame = in_parts(values, ["a"] * len(values), 3)
    (statistics,) = found(frame, Bucketing("x", as_it_is, None, {}), lambda _, n: tuple(range(n)))
    assert [statistics[i] for i in range(len(values))] == sorted(values)
    assert statistics[-1] == 1.7e308


def test_only_what_is_asked_for_and_the_ends_come_home() -> None:
    """Only what is asked for and the ends come home."""
    frame = in_parts([float(i) for i in range(1000)], ["a"] * 1000, 100)
    (statistics,) = found(frame, Bucketing("x", as_it_is, None, {}), lambda _, n: (n // 2,))
    assert statistics.found == {0: 0.0, 500: 500.0, 999: 999.0}


def test_pieces_of_a_range_are_its_values_and_no_others() -> None:
    """Pieces of a range are its values and no others."""
    ranges = Ranges.of([Range(0, 5.0, 9.0, 0, 9, (1,)), Range(0, 1.0, 2.0, 0, 9, (1,))], 1, 4)
    values = np.array([0.9, 1.0, 2.0, 3.0, 5.0, 9.0, 9.1])
    buckets = ranges.find(values, np.zeros(7, dtype=np.int64))
    inside = buckets >= 0
    assert inside.tolist() == [False, True, True, False, True, True, False]
    assert ranges.owner[buckets[inside]].tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize("few", [0, 1 << 20])
def test_each_of_many_keys_has_buckets_of_its_own(
    monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Also where there are too many of them for a table; a key may have none."""
    monkeypatch.setattr(bucketing, "_FEW_PLACES", few)
    cut = [Range(k, float(k % 3), k + 5.0, 0, 9, (1,)) for k in range(40) if k % 7]
    ranges = Ranges.of([Range(0, 60.0, 70.0, 0, 9, (1,)), *cut], 40, 3)
    keys = np.repeat(np.arange(40), 100)
    values = np.tile(np.linspace(-1.0, 80.0, 100), 40)
    found = ranges.find(values, keys)
    for key in range(40):
        own = [r for r in cut if r.key == key] if key else [Range(0, 60.0, 70.0, 0, 9, (1,))]
        alone = Ranges.of([attrs.evolve(r, key=0) for r in own], 1, 3)
        expected = alone.find(values[keys == key], np.zeros(100, dtype=np.int64))
        mine = found[keys == key]
        assert np.array_equal(mine >= 0, expected >= 0)
        assert np.array_equal(np.diff(mine[mine >= 0]), np.diff(expected[expected >= 0]))
        assert {cut[o - 1].key if o else 0 for o in ranges.owner[mine[mine >= 0]]} <= {key}


@settings(max_examples=25, deadline=None)
@given(st.data(), st.integers(2, 40))
def test_a_scorer_learns_the_same_by_counting(data: st.DataObject, size: int) -> None:
    """A scorer learns the same by counting."""
    values = data.draw(columns_of_numbers(size, values=st.floats(0.01, 1e6)))
    groups = data.draw(st.lists(st.sampled_from(["a", "b", None]), min_size=size, max_size=size))
    if not np.isfinite(values).any():
        values[0] = 1.0
    functions = {
        "percentile": ka.Percentile(parts=data.draw(st.integers(1, 12)), falling=True),
        "range": ka.ObservedRange(lower=0.1, upper=0.9),
        "largest": ka.Ratio(to="max"),
        "smallest": ka.Ratio(to="min", falling=True),
        "whole": ka.Ratio(to="sum"),
        "stated": ka.Linear(1, 5),
    }
    scorer = ka.CompositeScorer(
        criteria=(
            *(ka.Criterion(n, column="x", value=f) for n, f in functions.items()),
            ka.Criterion("middle", column="x", value=ka.Percentile(), missing="neutral"),
        ),
        weights=ka.equal_weights([*functions, "middle"]),
        group=data.draw(st.sampled_from(["g", None])),
        min_group=2,
        aggregate=data.draw(st.sampled_from(["sum", "topsis"])),
    )
    columns = {"x": values, "g": groups}
    assert ka.fit(in_parts(values, groups, 7), scorer) == scorer.fit(columns)
    assert ka.fit(pl.LazyFrame(columns, strict=False), scorer) == scorer.fit(columns)


@settings(max_examples=25, deadline=None)
@given(st.data(), st.integers(1, 40), st.sampled_from(["include_all", "exclude_all"]))
def test_a_cut_is_the_same_by_counting(data: st.DataObject, size: int, ties: Any) -> None:
    """A cut is the same by counting."""
    scores = data.draw(columns_of_numbers(size, values=st.integers(0, 8).map(lambda i: i / 8)))
    groups = data.draw(st.lists(st.sampled_from(["a", "b", None]), min_size=size, max_size=size))
    columns = {"score": scores, "g": groups}
    rule = data.draw(st.sampled_from([ka.TopShare(0.3), ka.TopCount(4), ka.AtLeast(0.5)]))
    cut = ka.ScoreCut(rule=rule, ties=ties, within=data.draw(st.sampled_from(["g", None])))
    table = in_parts(scores, groups, 7).to_table().rename_columns(["score", "g"])
    assert ka.fit(dataset.dataset(table), cut) == cut.fit(columns)
    assert ka.fit(pl.LazyFrame(columns, strict=False), cut) == cut.fit(columns)


def test_a_column_that_teaches_nothing_is_told_as_in_memory() -> None:
    """A column that teaches nothing is told as in memory."""
    scorer = ka.CompositeScorer(
        criteria=(ka.Criterion("a", column="x", value=ka.Percentile()),), weights={"a": 1.0}
    )
    with pytest.raises(ka.NotEnoughDataError, match="criterion 'a'"):
        ka.fit(in_parts([np.nan, np.inf], ["a", "a"], 1), scorer)
    with pytest.raises(ka.ColumnNotFoundError, match="did you mean 'xx'"):
        ka.fit(in_parts([1.0], ["a"], 1).replace_schema(pa.schema([("xx", pa.float64())])), scorer)


def test_rows_that_change_between_two_passes_are_told() -> None:
    """A query that draws at random teaches nothing."""
    draws = itertools.count()

    def drawn(column: Any) -> Any:
        return pl.Series([float(next(draws) + i * i) for i in range(len(column))])

    query = pl.LazyFrame({"x": [0.0] * 50}).select(
        pl.col("x").map_batches(drawn, return_dtype=pl.Float64)
    )
    scorer = ka.CompositeScorer(
        criteria=(ka.Criterion("a", column="x", value=ka.Percentile()),), weights={"a": 1.0}
    )
    with pytest.raises(ka.KeyAccountError, match="changed between two passes"):
        ka.fit(query, scorer)


def test_a_group_that_is_the_column_itself_is_read_once() -> None:
    """A book grouped by what it is judged by is odd, and learned from as in memory."""
    columns = {"x": [1.0, 1.0, 2.0, 2.0, 2.0]}
    scorer = ka.CompositeScorer(
        criteria=(ka.Criterion("a", column="x", value=ka.Percentile()),),
        weights={"a": 1.0},
        group="x",
        min_group=1,
    )
    assert ka.fit(pl.LazyFrame(columns), scorer) == scorer.fit(columns)


@pytest.mark.parametrize(("x", "group"), [("^x$", "^g"), ("*", "count(*)"), ('"q"', "`b.c`")])
def test_names_are_no_patterns(kinds: Any, x: str, group: str) -> None:
    """Of columns and of groups, wherever they are counted."""
    table = pa.table({x: [float(i % 5) for i in range(24)], group: ["a", "b", None, "A"] * 6})
    scorer = ka.CompositeScorer(
        criteria=(ka.Criterion("p", column=x, value=ka.Percentile()),),
        weights={"p": 1.0},
        group=group,
        min_group=1,
    )
    for name in ("polars lazy", "dataset", "duckdb"):
        assert ka.fit(kinds(name).of(table, [5]), scorer) == scorer.fit(table), name


def test_groups_in_spark_may_go_by_any_name(kinds: Any) -> None:
    """Quotes and dots are a part of it."""
    frame = kinds("spark").of(pa.table({"`b.c`": ["b", None, "a", "b"]}))
    engine = engine_of(frame)
    assert isinstance(engine, LazyEngine)
    assert labels_there(engine, frame, "`b.c`") == ("a", "b")


@pytest.mark.parametrize("lazy", [True, False])
def test_a_misspelt_column_is_told_with_what_is_close(lazy: bool) -> None:
    """Specs that are learned at home look at the names of the frame, and not of what was read."""
    frame = pl.DataFrame({"days_since": [1.0], "cuont": [1.0], "total": [2.0]})
    with pytest.raises(ka.ColumnNotFoundError, match="did you mean 'cuont'"):
        ka.fit(frame.lazy() if lazy else frame, ka.Rfm(cuts=ka.MeanCut()))
    nothing = pl.DataFrame({"other": [1.0]})
    with pytest.raises(ka.ColumnNotFoundError, match="other"):
        ka.fit(nothing.lazy() if lazy else nothing, ka.Rfm(cuts=ka.MeanCut()))


def test_a_book_of_few_rows_is_learned_from_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """The result is the same."""
    columns = {"x": [float(i * i % 17) for i in range(50)]}
    scorer = ka.CompositeScorer(
        criteria=(ka.Criterion("a", column="x", value=ka.Percentile(parts=9)),), weights={"a": 1.0}
    )
    by_counting = ka.fit(pl.LazyFrame(columns), scorer)
    monkeypatch.setattr(fitting, "FEW_AT_HOME", 50)
    assert ka.fit(pl.LazyFrame(columns), scorer) == by_counting == scorer.fit(columns)
