"""What holds for every kind of frame: the same meaning of cells, the same errors, nothing lost."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import keyaccount as ka

NAN, INF = math.nan, math.inf


def scorer(*columns: str, group: str | None = None, **options: Any) -> ka.CompositeScorer:
    """Give a scorer that judges each column by where it lies between 0 and 4."""
    return ka.CompositeScorer(
        criteria=[ka.Criterion(c, column=c, value=ka.Linear(0, 4), **options) for c in columns],
        weights=ka.equal_weights(columns),
        group=group,
    )


def by_label(labels: dict[str, float], pool: float) -> ka.CompositeScorer:
    """Give a scorer whose full mark depends on the group."""
    full = {name: ka.Linear(0, high) for name, high in labels.items()}
    value = ka.ByGroup(full, pool=ka.Linear(0, pool))
    return ka.CompositeScorer(
        criteria=[ka.Criterion("x", column="x", value=value)], weights={"x": 1.0}, group="g"
    )


def table(**columns: Any) -> Any:
    """Give a table with a column that says where each row is."""
    n = len(next(iter(columns.values())))
    return pa.table({"row": pa.array(range(n), pa.int64()), **columns})


def test_columns_are_added_behind_those_there_and_those_stay(kind: Any) -> None:
    """The frame comes back with its own columns as they were, then what the spec writes."""
    spec = scorer("x", "y")
    book = table(x=[1.0, 2.0, 3.5], y=[4, 0, 1], name=["A", "B", "C"])
    found = kind.rows(ka.apply(kind.of(book, [1]), spec))
    assert found.column_names == ["row", "x", "y", "name", *spec.writes]
    for column in book.column_names:
        assert found[column].to_pylist() == book[column].to_pylist()


def test_the_kind_of_frame_stays(kind: Any) -> None:
    """What comes back is of the class that was given, and can be given again."""
    frame = kind.of(table(x=[1.0]))
    found = ka.apply(frame, scorer("x"))
    # a dataset of files becomes a stream
    assert type(found) is (pa.RecordBatchReader if kind.name == "dataset" else type(frame))
    again = kind.rows(ka.apply(found, scorer("x"), prefix="again_"))
    assert again["again_score"].to_pylist() == again["score"].to_pylist() == [0.25]


def test_null_nan_and_infinity_all_mean_missing(
    kind: Any, assert_written: Callable[..., None]
) -> None:
    """Whatever a library writes for what it does not know, the result is the same."""
    spec = ka.CompositeScorer(
        criteria=[
            ka.Criterion("x", column="x", value=ka.Linear(0, 4), missing="reject"),
            ka.Criterion("y", column="y", value=ka.Linear(0, 4), missing="neutral", neutral=0.5),
        ],
        weights={"x": 0.5, "y": 0.5},
    )
    cells = [1.0, None, NAN, INF, -INF, -0.0, 2.0]
    book = table(x=pa.array(cells), y=pa.array(cells[::-1]))
    numbers = np.array([1.0, NAN, NAN, INF, -INF, -0.0, 2.0])
    found = kind.rows(ka.apply(kind.of(book, [2, 3]), spec))
    assert_written(found, spec, {"x": numbers, "y": numbers[::-1].copy()}, nulls=kind.nulls)


NUMBERS: dict[str, Any] = {
    "float64": pa.array([1.0, None, 3.0, 4.0]),
    "float32": pa.array([1.0, None, 3.0, 4.0], pa.float32()),
    "int64": pa.array([1, 2, 3, 4]),
    "int64 with nulls": pa.array([1, None, 3, 4]),
    "int8 with nulls": pa.array([1, None, 3, 4], pa.int8()),
    "decimal": pa.array([Decimal("1.25"), None, Decimal("3.00"), Decimal("4.10")]),
    "bool": pa.array([True, False, True, True]),
    "bool with nulls": pa.array([True, None, False, True]),
    "nothing known": pa.array([None, None, None, None], pa.float64()),
}


@pytest.mark.parametrize("cells", NUMBERS)
def test_numbers_of_every_type_are_the_same_numbers(
    kind: Any, cells: str, assert_written: Callable[..., None]
) -> None:
    """Integers, decimals, bools and floats, with nulls and without, score as their values do."""
    told = [NAN if cell is None else float(cell) for cell in NUMBERS[cells].to_pylist()]
    found = kind.rows(ka.apply(kind.of(table(x=NUMBERS[cells]), [1, 3]), scorer("x")))
    assert_written(found, scorer("x"), {"x": np.array(told)}, nulls=kind.nulls)


LABELS: dict[str, tuple[Any, list[str | None]]] = {
    "string": (pa.array(["7", None, "8", "", "7"]), ["7", None, "8", None, "7"]),
    "large string": (pa.array(["7", None, "8"], pa.large_string()), ["7", None, "8"]),
    "dictionary": (
        pa.array(["8", None, "7", "8"]).dictionary_encode(),
        ["8", None, "7", "8"],
    ),
    "int": (pa.array([7, 8, 9]), ["7", "8", "9"]),
    "int with nulls": (pa.array([7, None, 9, 8]), ["7", None, "9", "8"]),
    "float": (pa.array([7.0, NAN, 8.5, 8.0]), ["7", None, "8.5", "8"]),
    "decimal": (pa.array([Decimal("7.00"), None, Decimal("8.50")]), ["7", None, "8.5"]),
    "bool": (pa.array([True, None, False]), ["true", None, "false"]),
    "date": (
        pa.array([date(2026, 9, 30), None, date(2026, 6, 30)]),
        ["2026-09-30", None, "2026-06-30"],
    ),
}


@pytest.mark.parametrize("cells", LABELS)
def test_group_labels_of_every_type_are_the_same_labels(
    kind: Any, cells: str, assert_written: Callable[..., None]
) -> None:
    """A group is found by its text, whatever type the column of groups has."""
    raw, told = LABELS[cells]
    spec = by_label({"7": 1.0, "8": 2.0, "8.5": 4.0, "true": 5.0, "2026-06-30": 8.0}, pool=10.0)
    x = np.full(len(raw), 0.5)
    found = kind.rows(ka.apply(kind.of(table(x=x, g=raw), [1]), spec))
    assert_written(found, spec, {"x": x, "g": told}, nulls=kind.nulls)


def test_wide_integers_keep_their_digits_as_labels(
    kind: Any, assert_written: Callable[..., None]
) -> None:
    """Beyond 2⁵³ neighbours are told apart, with nulls beside them, save where pandas has none."""
    ids = [2**53, 2**53 + 1, None]
    spec = by_label({str(2**53): 1.0, str(2**53 + 1): 2.0}, pool=4.0)
    if kind.name in {"pandas", "dask"}:  # pandas itself turns them into floats
        ids = ids[:2]
    x = np.full(len(ids), 0.5)
    found = kind.rows(ka.apply(kind.of(table(x=x, g=pa.array(ids, pa.int64()))), spec))
    told = [None if i is None else str(i) for i in ids]
    assert_written(found, spec, {"x": x, "g": told}, nulls=kind.nulls)


@pytest.mark.parametrize("cuts", [[], [0], [0, 0]])
def test_a_frame_without_rows_gets_the_columns(kind: Any, cuts: list[int]) -> None:
    """No rows in, no rows out, and the types are those of a frame that has some."""
    spec = scorer("x", group="g")
    empty = table(x=pa.array([], pa.float64()), g=pa.array([], pa.string()))
    full = table(x=[1.0], g=["a"])
    found = kind.rows(ka.apply(kind.of(empty, cuts), spec))
    assert found.num_rows == 0
    types = kind.rows(ka.apply(kind.of(full), spec)).schema.types
    assert found.schema.types[3:] == types[3:]


def test_parts_without_rows_do_not_show(kind: Any, assert_written: Callable[..., None]) -> None:
    """Empty parts before, between and behind the others change nothing."""
    x = np.array([0.5, NAN, 3.0, 9.0])
    found = kind.rows(ka.apply(kind.of(table(x=x), [0, 0, 2, 2, 2, 4]), scorer("x")))
    assert_written(found, scorer("x"), {"x": x}, nulls=kind.nulls)


def test_one_row_scores_as_it_does_among_others(
    kind: Any, assert_written: Callable[..., None]
) -> None:
    """A frame of one account gives what its row gives in a book."""
    book = {"x": np.array([0.7]), "y": np.array([NAN])}
    found = kind.rows(ka.apply(kind.of(table(**book)), scorer("x", "y")))
    assert_written(found, scorer("x", "y"), book, nulls=kind.nulls)


def test_a_prefix_stands_before_every_added_name(
    kind: Any, assert_written: Callable[..., None]
) -> None:
    """The frame's own columns keep their names."""
    book = table(x=[1.0, 3.0], score=[1, 2])
    found = kind.rows(ka.apply(kind.of(book), scorer("x"), prefix="new_"))
    assert found.column_names[:4] == ["row", "x", "score", "new_score"]
    assert_written(found, scorer("x"), {"x": [1.0, 3.0]}, prefix="new_", nulls=kind.nulls)


def test_a_criterion_without_a_column_needs_none(kind: Any) -> None:
    """A spec that reads nothing gives each row what it gives a row without data."""
    spec = ka.CompositeScorer(
        criteria=[ka.Criterion("x", column=None, value=ka.Linear(0, 1))], weights={"x": 1.0}
    )
    found = kind.rows(ka.apply(kind.of(table(name=["A", "B"])), spec))
    assert found["score_high"].to_pylist() == [1.0, 1.0]


def test_a_missing_column_is_named_at_once(kind: Any) -> None:
    """Lazy or not, what is close is offered before anything is run."""
    with pytest.raises(ka.ColumnNotFoundError, match="'potential'") as caught:
        ka.apply(kind.of(table(potentiel=[1.0], rating=[2.0])), scorer("potential"))
    assert "did you mean 'potentiel'" in caught.value.hint


def test_a_column_that_is_there_is_not_written_over(kind: Any) -> None:
    """The columns in the way are named, and the way out."""
    frame = kind.of(table(x=[1.0], coverage=[2.0]))
    with pytest.raises(ka.ColumnError, match="'coverage'") as caught:
        ka.apply(frame, scorer("x"))
    assert caught.value.parts["columns"] == ("coverage",)
    assert "prefix=" in caught.value.hint


def test_names_that_differ_by_case_are_one_where_the_engine_says_so(kind: Any) -> None:
    """DuckDB and Spark take Score for score; the others hold both."""
    frame = kind.of(table(x=[1.0], Score=[2.0]))
    if kind.name in {"duckdb", "spark"}:
        with pytest.raises(ka.ColumnError, match="'score'"):
            ka.apply(frame, scorer("x"))
    else:
        assert {"Score", "score"} <= set(kind.rows(ka.apply(frame, scorer("x"))).column_names)


def test_odd_names_of_columns_are_only_names(
    kind: Any, assert_written: Callable[..., None]
) -> None:
    """Quotes, dots, spaces and Chinese in a name do not matter."""
    names = ["a b", 'say "so"', "a.b", "得分", "`x`", "'); DROP"]
    book = {name: [1.0, 3.0] for name in names}
    found = kind.rows(ka.apply(kind.of(table(**book)), scorer(*names)))
    assert_written(found, scorer(*names), book, nulls=kind.nulls)


def test_a_spec_that_has_not_learned_says_so_at_once(kind: Any) -> None:
    """Before anything is run."""
    spec = ka.CompositeScorer(
        criteria=[ka.Criterion("x", column="x", value=ka.Percentile())], weights={"x": 1.0}
    )
    with pytest.raises(ka.NotFittedError):
        ka.apply(kind.of(table(x=[1.0])), spec)


@pytest.mark.parametrize("odd", [None, "scorer", ka.CompositeScorer, ka.Linear(0, 1)])
def test_what_is_no_row_wise_spec_is_refused(kind: Any, odd: Any) -> None:
    """A class, a text, a value function: the error says what to give."""
    with pytest.raises(ka.SpecError, match="row-wise"):
        ka.apply(kind.of(table(x=[1.0])), odd)


def test_a_prefix_is_a_text(kind: Any) -> None:
    """Not a number, not None."""
    odd: Any = None
    with pytest.raises(ka.SpecError, match="prefix"):
        ka.apply(kind.of(table(x=[1.0])), scorer("x"), prefix=odd)


ERRORS = {
    "duckdb": ("duckdb", "InvalidInputException"),
    "spark": ("pyspark.errors", "PythonException"),
}
"""What an error on a worker becomes where it does not stay what it is."""


def test_texts_in_a_column_of_numbers_are_told_where_they_are_met(kind: Any) -> None:
    """At once or when the frame is run; the text of the error is always there."""
    frame = kind.of(table(x=["1.0", "many"]))
    expected: Any = ka.RowError
    if kind.name in ERRORS:
        module, name = ERRORS[kind.name]
        expected = getattr(pytest.importorskip(module), name)
    if not kind.lazy:
        with pytest.raises(ka.RowError, match="hold no number"):
            ka.apply(frame, scorer("x"))
        return
    lazy = ka.apply(frame, scorer("x"))  # nothing is run
    with pytest.raises(expected, match=r"(?s)column 'x': .* hold.? no number.*Hint: convert"):
        kind.rows(lazy)


def test_days_bools_and_codes_come_as_the_engine_holds_them(
    kind: Any, dated: Any, assert_written: Callable[..., None]
) -> None:
    """A spec of one's own that reads days and writes a day, a truth, a code and a number."""
    days = [date(2026, 9, 30), None, date(1969, 2, 28), date(2026, 10, 1)]
    book = table(at=pa.array(days))
    found = kind.rows(ka.apply(kind.of(book, [2]), dated))
    assert_written(found, dated, {"at": np.array(days, dtype="M8[D]")}, nulls=kind.nulls)


def test_moments_are_read_as_the_day_on_the_wall(
    kind: Any, dated: Any, assert_written: Callable[..., None]
) -> None:
    """A moment is a day; one with a zone is the day in the zone the frame holds."""
    moments = [datetime(2026, 9, 30, 23, 59), None, datetime(2026, 10, 1)]  # noqa: DTZ001
    days = np.array(["2026-09-30", "NaT", "2026-10-01"], dtype="M8[D]")
    plain = table(at=pa.array(moments, pa.timestamp("us")))
    found = kind.rows(ka.apply(kind.of(plain, [1]), dated))
    assert_written(found, dated, {"at": days}, nulls=kind.nulls)
    zoned = table(at=pa.array(moments, pa.timestamp("us", "UTC")))
    found = kind.rows(ka.apply(kind.of(zoned, [1]), dated))
    assert_written(found, dated, {"at": days}, nulls=kind.nulls)


def test_a_frame_nobody_knows_is_refused() -> None:
    """The error names what would do."""
    for odd in (None, 7, "accounts.csv", [[1.0]], object()):
        with pytest.raises(ka.ColumnError, match="got") as caught:
            ka.apply(odd, scorer("x"))
        assert "Polars" in caught.value.hint


def test_a_dict_of_columns_gets_columns() -> None:
    """Arrays beside what was there, texts in place of codes."""
    found = ka.apply({"value": [10.0, 30.0], "name": ["A", "B"]}, scorer("value"))
    assert list(found)[:3] == ["value", "name", "score"]
    assert found["name"] == ["A", "B"]
    alone = ka.apply({"value": 1.0}, scorer("value"))
    assert alone["score"].tolist() == [0.25]
