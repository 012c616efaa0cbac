"""Polars: an Enum for codes, one expression that streams, errors that keep their type."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

import keyaccount as ka
from keyaccount.testing import assert_same_bits

SPEC = ka.CompositeScorer(
    criteria=[
        ka.Criterion("x", column="x", value=ka.Log(1, 1e6)),
        ka.Criterion("y", column="y", value=ka.Linear(0, 4), missing="reweight"),
    ],
    weights={"x": 0.6, "y": 0.4},
)


@pytest.fixture
def book() -> dict[str, Any]:
    """Give more rows than a morsel has, some unknown."""
    rng = np.random.default_rng(5)
    n = 300_000
    x = rng.lognormal(5, 3, n)
    x[rng.random(n) < 0.1] = np.nan
    return {"row": np.arange(n), "x": x, "y": rng.normal(2, 2, n)}


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_morsels_do_not_show(book: dict[str, Any], engine: Any) -> None:
    """Run in memory or streamed, a long book scores as it does in numpy."""
    frame = pl.DataFrame(book).with_columns(pl.col("x").fill_nan(None))
    found = ka.apply(frame.lazy(), SPEC).collect(engine=engine)
    for name, expected in SPEC.apply(book).items():
        assert_same_bits(found[name].to_numpy(), expected, name)


def test_a_stream_from_files_to_files(book: dict[str, Any], tmp_path: Any) -> None:
    """A query over files is written to a file without a frame in between."""
    pl.DataFrame(book).write_parquet(tmp_path / "book.parquet", row_group_size=40_000)
    query = ka.apply(pl.scan_parquet(tmp_path / "book.parquet"), SPEC)
    query.sink_parquet(tmp_path / "scored.parquet")
    found = pl.read_parquet(tmp_path / "scored.parquet")
    assert found["row"].to_list() == list(range(300_000))
    assert_same_bits(found["score"].to_numpy(), SPEC.apply(book)["score"])


def test_rows_that_are_filtered_out_do_not_matter(book: dict[str, Any]) -> None:
    """A filter behind, a selection behind, a slice behind: what is left is the same."""
    whole = SPEC.apply(book)
    query = ka.apply(pl.LazyFrame(book), SPEC)
    chosen = query.filter(pl.col("row") % 7 == 3).select("row", "score").collect()
    assert_same_bits(chosen["score"].to_numpy(), whole["score"][3::7])
    above = query.filter(pl.col("score") > 0.5).select("row").collect()["row"].to_numpy()
    assert_same_bits(above, np.flatnonzero(whole["score"] > 0.5))
    assert query.head(3).collect()["coverage"].to_list() == whole["coverage"][:3].tolist()


def test_codes_are_an_enum() -> None:
    """The labels are in the type, in the declared order, before a row is read."""
    spec = ka.ndf(status="deal_status")
    name, column = next(iter(spec.writes.items()))
    frame = pl.DataFrame({"profit": [3e6, None], "deal_status": ["deal", None]})
    for found in (ka.apply(frame, spec), ka.apply(frame.lazy(), spec).collect()):
        assert found.schema[name] == pl.Enum(list(column.labels))
        assert found[name].null_count() == 1
    assert ka.apply(frame.lazy(), spec).collect_schema()[name] == pl.Enum(list(column.labels))


def test_two_specs_follow_each_other() -> None:
    """What one spec writes another may read, without anything being run between them."""
    frame = pl.LazyFrame({"x": [10.0, None, 1e6], "y": [1.0, 2.0, 3.0]})
    second = ka.CompositeScorer(
        criteria=[ka.Criterion("s", column="score", value=ka.Linear(0, 1))], weights={"s": 1.0}
    )
    found = ka.apply(ka.apply(frame, SPEC), second, prefix="again_").collect()
    assert_same_bits(found["again_score"].to_numpy(), found["score"].to_numpy())


def test_an_error_keeps_its_type_and_its_hint() -> None:
    """Polars makes the error anew from its text; the fact and the way out are still there."""
    with pytest.raises(ka.RowError) as caught:
        ka.apply(pl.LazyFrame({"x": ["many"], "y": [1.0]}), SPEC).collect()
    assert caught.value.fact == "column 'x': 1 row holds no number (row 0: 'many')"
    assert caught.value.hint.startswith("convert it to numbers first")


@pytest.mark.parametrize("name", ["^x.*$", "*", "__keyaccount__", "__keyaccount___"])
def test_a_name_is_no_pattern_and_no_column_is_lost(name: str) -> None:
    """A query reads the column of that very name, keeps it, and learns from it alone."""
    spec = ka.CompositeScorer(
        criteria=[ka.Criterion("s", column=name, value=ka.ObservedRange())], weights={"s": 1.0}
    )
    frame = pl.DataFrame({name: [1.0, 3.0, 2.0], "xz": [-9.0, 9.0, 9.0], "__keyaccount__ ": 7})
    fitted = ka.fit(frame.lazy(), spec)
    assert fitted == spec.fit(frame)
    found = ka.apply(frame.lazy(), fitted).collect()
    assert found.columns[:4] == [*frame.columns, "score"]
    assert found[name].to_list() == [1.0, 3.0, 2.0]
    assert found["score"].to_list() == [0.0, 1.0, 0.5]


def test_integers_of_128_bits_are_numbers() -> None:
    """They are wider than what numpy holds, as numbers and as labels."""
    book = pl.DataFrame(
        {"x": [10**3, None, 10**30], "y": [2, 2, 2]}, schema={"x": pl.Int128, "y": pl.Int128}
    )
    found = ka.apply(book, SPEC)
    for name, expected in SPEC.apply({"x": [1e3, np.nan, 1e30], "y": [2.0] * 3}).items():
        assert_same_bits(found[name].to_numpy(), expected, name)
