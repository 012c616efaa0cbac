"""Spark: Arrow batches on the workers, in local mode on a real Java."""

from __future__ import annotations

import pickle
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import keyaccount as ka
from keyaccount.testing import assert_same_bits

SPEC = ka.CompositeScorer(
    criteria=[
        ka.Criterion("x", column="x", value=ka.Percentile(), missing="neutral"),
        ka.Criterion("y", column="y", value=ka.ObservedRange()),
    ],
    weights={"x": 0.6, "y": 0.4},
    group="g",
)


@pytest.fixture(scope="module")
def book() -> dict[str, Any]:
    """Give a book with gaps and small groups."""
    rng = np.random.default_rng(11)
    n = 3_000
    x = rng.lognormal(3, 2, n)
    x[rng.random(n) < 0.2] = np.nan
    return {
        "row": np.arange(n),
        "x": x,
        "y": rng.integers(0, 9, n).astype(float),
        "g": rng.choice(["a", "b", "rare"], n, p=[0.6, 0.399, 0.001]),
    }


def test_partitions_do_not_show(spark: Any, book: dict[str, Any]) -> None:
    """Shuffled over seven partitions, learned from and scored, every row is the same."""
    frame = spark.createDataFrame(pa.table(book)).repartition(7)
    fitted = ka.fit(frame, SPEC)
    assert fitted == SPEC.fit(book)
    found = ka.apply(frame, fitted).orderBy("row").toArrow()
    for name, values in fitted.apply(book).items():
        assert_same_bits(found[name].to_numpy(), values, name)


def test_small_batches_do_not_show(spark: Any, book: dict[str, Any]) -> None:
    """Whatever Spark puts into a batch, the result is the same."""
    fitted = SPEC.fit(book)
    frame = ka.apply(spark.createDataFrame(pa.table(book)), fitted)
    setting = "spark.sql.execution.arrow.maxRecordsPerBatch"
    before = spark.conf.get(setting)
    spark.conf.set(setting, 17)
    try:
        found = frame.orderBy("row").toArrow()
    finally:
        spark.conf.set(setting, before)
    assert_same_bits(found["score"].to_numpy(), fitted.apply(book)["score"])


def test_wide_texts_of_arrow_will_do(spark: Any) -> None:
    """Spark may send texts in Arrow's large type; codes come back as texts all the same."""
    spec = ka.ndf(status="deal_status")
    name = next(iter(spec.writes))
    rows = pa.table({"profit": [3e6, None], "deal_status": ["deal", None]})
    frame = spark.createDataFrame(rows)
    setting = "spark.sql.execution.arrow.useLargeVarTypes"
    spark.conf.set(setting, "true")
    try:
        found = ka.apply(frame, spec).toArrow()
    finally:
        spark.conf.set(setting, "false")
    assert sorted(found[name].to_pylist(), key=str) == sorted([*_labels(spec, rows)], key=str)


def _labels(spec: ka.RowWise, rows: Any) -> list[str | None]:
    name, column = next(iter(spec.writes.items()))
    return [None if code < 0 else column.labels[code] for code in spec.apply(rows)[name].tolist()]


def test_it_is_a_frame_like_any_other(spark: Any, book: dict[str, Any]) -> None:
    """Filters, groups and SQL of Spark go on behind it."""
    fitted = SPEC.fit(book)
    scored = ka.apply(spark.createDataFrame(pa.table(book)), fitted)
    scored.createOrReplaceTempView("scored")
    found = spark.sql("SELECT count(*) AS n, max(score) AS top FROM scored WHERE score > 0.5")
    score = fitted.apply(book)["score"]
    assert [tuple(r) for r in found.collect()] == [(int((score > 0.5).sum()), score.max())]
    assert dict(scored.dtypes)["score"] == "double"


def test_case_counts_where_the_session_says_so(spark: Any) -> None:
    """With caseSensitive on, a column ``Score`` is not in the way of ``score``."""
    frame = spark.createDataFrame(pa.table({"x": [1.0], "Score": [2.0]}))
    spec = ka.CompositeScorer(
        criteria=[ka.Criterion("x", column="x", value=ka.Linear(0, 4))], weights={"x": 1.0}
    )
    with pytest.raises(ka.ColumnError, match="'score'"):
        ka.apply(frame, spec)
    spark.conf.set("spark.sql.caseSensitive", "true")
    try:
        found = ka.apply(frame, spec).toArrow()
    finally:
        spark.conf.unset("spark.sql.caseSensitive")
    assert found.column_names[:3] == ["x", "Score", "score"]
    assert found["score"].to_pylist() == [0.25]


def test_a_moment_is_the_day_in_the_zone_of_the_session(spark: Any, dated: Any) -> None:
    """Spark keeps instants: which day they are is the session's business."""
    frame = spark.sql("SELECT timestamp'2026-09-30 23:30:00 UTC' AS at")
    before = spark.conf.get("spark.sql.session.timeZone")
    days = {}
    for zone in ("UTC", "Asia/Shanghai"):
        spark.conf.set("spark.sql.session.timeZone", zone)
        try:
            found = ka.apply(frame, dated).select("next_day").collect()
        finally:
            spark.conf.set("spark.sql.session.timeZone", before)
        days[zone] = str(found[0].next_day)
    assert days == {"UTC": "2026-10-01", "Asia/Shanghai": "2026-10-02"}


def test_a_spec_travels_as_it_is(book: dict[str, Any]) -> None:
    """What is sent to a worker is the spec alone, equal and as fast to use again."""
    fitted = SPEC.fit(book)
    expected = fitted.apply(book)["score"]
    copy = pickle.loads(pickle.dumps(fitted))  # noqa: S301 - our own bytes
    assert copy == fitted
    assert_same_bits(copy.apply(book)["score"], expected)


def test_the_page_on_spark_shows_what_happens(
    spark: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first example of the how-to page prints what the page says it prints."""
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "spark.md").read_text("utf-8")
    [example] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    [shown] = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    exec(compile(example, "spark.md", "exec"), {})  # noqa: S102 - our own page
    assert capsys.readouterr().out.strip() == shown.strip()
