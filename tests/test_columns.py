"""The border: columns of any library become floats, labels, days or ids, or a named error."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount._columns import (
    as_days,
    as_floats,
    as_ids,
    as_labels,
    bools,
    common_length,
    days,
    floats,
    is_scalar,
    label_text,
    labels,
    names_of,
    one_day,
    one_float,
    pick,
    refuse_rows,
    row_count,
    to_numpy,
    told_names,
)
from keyaccount._columns.moments import as_moments
from keyaccount.testing import assert_same_bits

BIG = 2**53
NA: Any = pd.NA
NAT: Any = pd.NaT
DAYLESS = np.datetime64("NaT", "D")


# --- Names and lengths ---------------------------------------------------------------------------


FRAME = {"sales": [1.0, 2.0], "potential": [3.0, 4.0]}
CONTAINERS: dict[str, Any] = {
    "dict": FRAME,
    "pandas": pd.DataFrame(FRAME),
    "polars": pl.DataFrame(FRAME),
    "pyarrow": pa.table(FRAME),
    "batch": pa.record_batch(FRAME),
    "structured": np.array([(1.0, 3.0), (2.0, 4.0)], dtype=[("sales", "f8"), ("potential", "f8")]),
}


@pytest.mark.parametrize("kind", CONTAINERS)
def test_any_container_gives_its_columns_by_name(kind: str) -> None:
    """Names, columns and number of rows are found in each container."""
    columns = CONTAINERS[kind]
    assert names_of(columns) == ("sales", "potential")
    assert floats(columns, "potential").tolist() == [3.0, 4.0]
    assert row_count(columns) == 2


@pytest.mark.parametrize("kind", CONTAINERS)
def test_a_misspelt_column_is_answered_with_the_closest(kind: str) -> None:
    """The error names the column, offers what looks like it, and lists what there is."""
    with pytest.raises(ka.ColumnNotFoundError, match="no column 'Sale'") as caught:
        pick(CONTAINERS[kind], "Sale")
    assert caught.value.hint == "did you mean 'sales'?"
    assert caught.value.parts == {"column": "Sale", "known": ("sales", "potential")}
    with pytest.raises(ka.ColumnNotFoundError, match=r"there is 'sales', 'potential'\."):
        pick(CONTAINERS[kind], "zzz")


@pytest.mark.parametrize(
    ("bad", "got"),
    [
        ([1.0], "list"),
        ((1.0,), "tuple"),
        (np.array([1.0]), "ndarray"),
        (5, "int"),
        ("sales", "str"),
        (None, "None"),
        ({"sales"}, "set"),
        (pl.Series("sales", [1.0]), "Series"),
        (pa.array([1.0]), "DoubleArray"),
    ],
)
def test_what_holds_no_columns_is_refused(bad: Any, got: str) -> None:
    """A list, a plain array or a number has no column names: an error of this library says so."""
    for read in (names_of, lambda columns: pick(columns, "sales"), ka.experience_inference().infer):
        with pytest.raises(ka.ColumnError) as caught:
            read(bad)
        assert caught.value.fact == f"columns must come in a container that names them (got {got})"
        assert caught.value.hint.startswith("pass a dict of columns, a DataFrame")
    assert told_names(bad) == ()


def test_a_query_that_has_not_run_is_to_be_collected() -> None:
    """A LazyFrame is not asked for its columns, which would run a part of it and warn."""
    lazy = pl.LazyFrame(FRAME)
    for read in (names_of, lambda columns: pick(columns, "sales"), ka.experience_inference().infer):
        with pytest.raises(ka.ColumnError, match="got a LazyFrame") as caught:
            read(lazy)
        assert caught.value.hint == "call .collect() on it first."
    assert told_names(lazy) == ()


def test_whatever_gives_columns_by_name_is_a_container() -> None:
    """A container may tell no names, or have no columns; a row of pandas is one account."""

    class Bare:
        def __getitem__(self, name: str) -> list[float]:
            return [1.0] if name == "sales" else []

    assert names_of(Bare()) == names_of({}) == names_of(pd.DataFrame()) == ()
    assert names_of(pl.DataFrame()) == names_of(pa.table({})) == ()
    assert floats(Bare(), "sales").tolist() == [1.0]
    assert floats(pd.Series({"sales": 2.0}), "sales").tolist() == [2.0]


@pytest.mark.parametrize("table", [pd.DataFrame(index=[0]), pl.DataFrame(), pa.table({})])
def test_a_table_without_columns_says_so(table: Any) -> None:
    """It is no column of another shape."""
    with pytest.raises(ka.ColumnNotFoundError, match="no column at all"):
        floats(table, "sales")


def test_columns_share_one_length() -> None:
    """The lengths that differ are named; no columns at all have length 0."""
    assert common_length({"a": [1], "b": [2]}) == 1
    assert common_length({}) == 0
    with pytest.raises(ka.ColumnError, match="'a' 1, 'b' 2") as caught:
        common_length({"a": [1], "b": [2, 3]})
    assert caught.value.parts == {"lengths": {"a": 1, "b": 2}}


def test_a_dict_of_scalars_is_one_row() -> None:
    """Numbers, texts and missing values are cells; lists and arrays are columns."""
    assert row_count({"a": 1.0}) == row_count({"a": "text"}) == row_count({}) == 1
    cells = [1, 1.0, "x", b"x", None, True, np.float32(1), np.array(1), Decimal(1), NA, NAT]
    assert all(
        map(is_scalar, [*cells, dt.date(2026, 1, 1), pa.scalar(1), np.datetime64("NaT", "D")])
    )
    columns = [[], (), np.ones(1), pd.Series([1]), pl.Series([1]), pa.array([1])]
    assert not any(map(is_scalar, columns))


# --- Numbers -------------------------------------------------------------------------------------


def test_nothing_is_copied_that_already_fits() -> None:
    """A contiguous float64 array comes back as itself, out of a dict or a frame."""
    x = np.array([1.0, math.nan])
    assert as_floats(x, "x") is x
    assert np.shares_memory(as_floats(pd.Series(x, copy=False), "x"), x)
    strided = as_floats(np.repeat(x, 2)[::2], "x")
    assert strided.flags.c_contiguous


NUMBERS: dict[str, Any] = {
    "list": [1, 2.5, None],
    "tuple": (1, 2.5, math.nan),
    "decimals": [Decimal(1), Decimal("2.5"), Decimal("NaN")],
    "fractions": [Fraction(1), Fraction(5, 2), None],
    "numpy objects": np.array([np.int8(1), np.float32(2.5), NA], dtype=object),
    "NaT among them": [1, 2.5, NAT],
    "float32": np.array([1, 2.5, np.nan], dtype="f4"),
    "big-endian": np.array([1, 2.5, np.nan], dtype=">f8"),
    "masked": np.ma.masked_array([1, 2.5, 9], mask=[False, False, True]),
    "pandas": pd.Series([1, 2.5, None]),
    "pandas Float64": pd.Series([1, 2.5, None], dtype="Float64"),
    "pandas arrow": pd.Series([1, 2.5, None], dtype="double[pyarrow]"),
    "pandas categorical": pd.Series([1, 2.5, None]).astype("category"),
    "polars": pl.Series([1.0, 2.5, None]),
    "polars decimal": pl.Series([Decimal(1), Decimal("2.5"), None]),
    "arrow": pa.array([1, 2.5, None]),
    "arrow half": pa.array([1.0, 2.5, None]).cast(pa.float16()),
    "arrow decimal": pa.array([Decimal(1), Decimal("2.5"), None]),
    "arrow dictionary": pa.array([1, 2.5, None]).dictionary_encode(),
    "arrow chunks": pa.chunked_array([[1, 2.5], [None]], pa.float64()),
}


@pytest.mark.parametrize("how", NUMBERS)
def test_numbers_are_read_from_every_type(how: str) -> None:
    """Each becomes contiguous float64 with NaN for what is missing."""
    found = as_floats(NUMBERS[how], "x")
    assert_same_bits(found, np.array([1.0, 2.5, math.nan]))
    assert found.flags.c_contiguous
    assert found.dtype.isnative


@pytest.mark.parametrize(
    "raw",
    [
        [True, None, False],
        np.ma.masked_array([True, True, False], mask=[False, True, False]),
        pd.Series([True, None, False], dtype="boolean"),
        pl.Series([True, None, False]),
        pa.array([True, None, False]),
    ],
)
def test_true_and_false_are_1_and_0(raw: Any) -> None:
    """Booleans read as numbers; read as booleans, a missing one is False."""
    assert_same_bits(as_floats(raw, "x"), np.array([1.0, math.nan, 0.0]))
    assert bools({"x": raw}, "x").tolist() == [True, False, False]
    assert bools({"x": raw[:0]}, "x").tolist() == []
    assert bools({"x": np.array([], dtype=object)}, "x").tolist() == []


def test_booleans_are_0_or_1() -> None:
    """A number that is neither is refused, with its row."""
    with pytest.raises(ka.RowError, match=r"hold neither true nor false \(row 1: 2\.0"):
        bools({"x": [1, 2, 0, 3]}, "x")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("yes", "column 'x': 1 row holds neither true nor false (row 0: 'yes')"),
        (["True", True, "False"], "2 rows hold neither true nor false (row 0: 'True', row 2: 'F"),
        (np.array(["won", "lost"]), "2 rows hold neither true nor false (row 0: 'won'"),
        ([None, 2, True], "1 row holds neither true nor false (row 1: 2)"),
        (np.array(["2026-09-30"], dtype="M8[D]"), "must hold true or false (got dates)"),
    ],
)
def test_what_is_no_boolean_is_not_asked_for_numbers(raw: Any, said: str) -> None:
    """Texts, other numbers and dates where true and false are expected."""
    with pytest.raises(ka.KeyAccountError, match=re.escape(said)) as caught:
        bools({"x": raw}, "x")
    assert caught.value.hint.startswith("use True and False, or 1 and 0")


@pytest.mark.parametrize(
    ("raw", "error", "said"),
    [
        ([1, "12", None, "x"], ka.RowError, "'x': 2 rows hold no number (row 1: '12', row 3"),
        ([1, "12"], ka.RowError, "column 'x': 1 row holds no number (row 1: '12')"),
        ([1] + ["?"] * 9, ka.RowError, "9 rows hold no number (row 1: '?', row 2"),
        (pd.Series([1, "a"], dtype=object), ka.RowError, "row 1: 'a'"),
        (pl.Series(["a", None]), ka.RowError, "row 0: 'a'"),
        (pa.array(["a", None]), ka.RowError, "row 0: 'a'"),
        (np.array(["a"]), ka.ColumnError, "column 'x' must hold numbers (got text)"),
        (np.array(["2026-01-01"], dtype="M8[D]"), ka.ColumnError, "(got dates)"),
        (np.array([1j]), ka.ColumnError, "(got complex numbers)"),
        ([[1.0], [2.0]], ka.RowError, "row 0: [1.0]"),
        (np.ones((2, 2)), ka.ColumnError, "an array of 2 dimensions"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_shown_with_its_row(raw: Any, error: Any, said: str) -> None:
    """The error counts the rows and shows the first few; never one of numpy's own."""
    with pytest.raises(error, match=re.escape(said)):
        as_floats(raw, "x")


@pytest.mark.parametrize("raw", [[], (), np.array([]), pl.Series([]), pa.array([]), pd.Series([])])
def test_an_empty_column_has_no_rows(raw: Any) -> None:
    """No values make no values, of each of the kinds of array."""
    assert as_floats(raw, "x").tolist() == []
    assert len(as_labels(raw, "x")) == 0
    assert as_ids(raw, "x").tolist() == []


@pytest.mark.parametrize("raw", [None, NA, NAT, math.nan, Decimal("NaN"), np.float32("nan")])
def test_a_single_missing_value_is_nan(raw: Any) -> None:
    """One account's cell may be missing in any way."""
    assert math.isnan(one_float(raw, "x"))


def test_a_single_value_is_a_single_value() -> None:
    """Of one account, a number of any type is read; a column is refused."""
    for raw in (7, 7.0, np.int8(7), np.array(7), Decimal(7), [7], pa.scalar(7), pl.Series([7])):
        assert one_float(raw, "x") == 7.0
    for several in ([1, 2], [], np.ones(3)):
        with pytest.raises(ka.ColumnError, match="column 'x' must hold one value"):
            one_float(several, "x")


def test_numbers_beyond_the_floats_are_infinite() -> None:
    """A whole number too large for a float counts as infinite, hence as missing."""
    assert [one_float(n, "x") for n in (10**400, -(10**5000))] == [math.inf, -math.inf]
    assert as_floats([10**400, -(10**400), 1], "x").tolist() == [math.inf, -math.inf, 1.0]
    assert to_numpy([BIG + 1, 3], "x").dtype == np.int64


# --- Labels --------------------------------------------------------------------------------------


TEXTS = ["b", "a", None, "b", ""]
LABELS: dict[str, Any] = {
    "list": TEXTS,
    "objects": np.array(TEXTS, dtype=object),
    "pandas": pd.Series(TEXTS),
    "pandas object": pd.Series(TEXTS, dtype=object),
    "pandas string": pd.Series(TEXTS, dtype="string[python]"),
    "pandas arrow": pd.Series(TEXTS, dtype="string[pyarrow]"),
    "pandas arrow dtype": pd.Series(TEXTS, dtype=pd.ArrowDtype(pa.string())),
    "pandas categorical": pd.Series(pd.Categorical(TEXTS, categories=["", "a", "b", "unused"])),
    "polars": pl.Series(TEXTS),
    "polars categorical": pl.Series(TEXTS, dtype=pl.Categorical),
    "polars enum": pl.Series(TEXTS, dtype=pl.Enum(["", "unused", "a", "b"])),
    "arrow": pa.array(TEXTS),
    "arrow large": pa.array(TEXTS, pa.large_string()),
    "arrow view": pa.array(TEXTS).cast(pa.string_view()),
    "arrow dictionary": pa.array(TEXTS).dictionary_encode(),
    "arrow chunks": pa.chunked_array([TEXTS[:2], TEXTS[2:]]),
    "arrow dictionary chunks": pa.chunked_array(
        [pa.array(TEXTS[:2]).dictionary_encode(), pa.array(TEXTS[2:]).dictionary_encode()]
    ),
}


@pytest.mark.parametrize("how", LABELS)
def test_labels_are_read_from_every_type(how: str) -> None:
    """The same texts in the order of their first row, -1 where missing; a blank text is."""
    found = as_labels(LABELS[how], "x")
    assert found.labels == ("b", "a")
    assert found.codes.tolist() == [0, 1, -1, 0, -1]
    assert found.codes.dtype == np.int64
    assert found.texts().tolist() == ["b", "a", None, "b", None]
    assert len(found) == 5
    assert as_labels(found, "x") is found


WHOLE = [BIG + 1, BIG, None, 7]
WHOLE_NUMBERS: dict[str, Any] = {
    "list": WHOLE,
    "pandas Int64": pd.Series(WHOLE, dtype="Int64"),
    "pandas arrow": pd.Series(WHOLE, dtype="int64[pyarrow]"),
    "polars": pl.Series(WHOLE),
    "arrow": pa.array(WHOLE),
    "arrow chunks": pa.chunked_array([WHOLE[:1], WHOLE[1:]]),
    "masked": np.ma.masked_array([BIG + 1, BIG, 0, 7], mask=[v is None for v in WHOLE]),
}


@pytest.mark.parametrize("how", WHOLE_NUMBERS)
def test_long_numbers_keep_every_digit(how: str) -> None:
    """Ids beyond 2⁵³ stay apart although others are missing, and read without a point."""
    assert as_labels(WHOLE_NUMBERS[how], "x").texts().tolist() == [
        "9007199254740993",
        "9007199254740992",
        None,
        "7",
    ]


INTEGERS = ("i1", "i2", "i4", "i8", ">i4", "u1", "u2", "u4", "u8")


@pytest.mark.parametrize("dtype", INTEGERS)
@given(data=st.data())
def test_whole_numbers_are_coded_as_any_cells_are(dtype: str, data: st.DataObject) -> None:
    """An array of integers, near each other or far apart, reads as the list of them does."""
    ends = np.iinfo(dtype)
    starts = st.integers(int(ends.min), int(ends.max) - 9)
    near = data.draw(starts | st.sampled_from([int(ends.min), int(ends.max) - 9]))
    far = st.integers(int(ends.min), int(ends.max))
    cells = data.draw(st.lists(st.integers(near, near + 9)) | st.lists(far | st.just(near)))
    found, expected = as_labels(np.array(cells, dtype=dtype), "x"), as_labels(cells, "x")
    assert found.labels == expected.labels
    assert found.codes.dtype == np.int64
    assert found.codes.tolist() == expected.codes.tolist()


@pytest.mark.parametrize("missing", [None, math.nan, NA, NAT, DAYLESS, Decimal("NaN")])
def test_missing_labels_have_no_text(missing: Any) -> None:
    """None, NaN, NA and NaT are no labels, in a column or alone."""
    assert label_text(missing) is None
    assert as_labels([missing, "a", missing], "x").codes.tolist() == [-1, 0, -1]
    assert as_labels(missing, "x").codes.tolist() == [-1]


@given(
    cells=st.lists(
        st.sampled_from([1, 1.0, "1", True, "true", Decimal("1.00"), np.int8(1), False, 0, -0.0])
        | st.sampled_from([2.5, "2.5", Decimal("2.50"), Fraction(5, 2), np.float32(2.5), b"2.5"])
    ),
    order=st.randoms(use_true_random=False),
)
def test_a_label_depends_on_its_cell_alone(cells: list[Any], order: Any) -> None:
    """1, 1.0 and "1" are one label, True is another, whatever stands before them."""
    expected = [label_text(c) for c in cells]
    assert as_labels(cells, "x").texts().tolist() == expected
    rows = list(range(len(cells)))
    order.shuffle(rows)
    shuffled = as_labels([cells[i] for i in rows], "x")
    assert shuffled.texts().tolist() == [expected[i] for i in rows]
    assert len(set(shuffled.labels)) == len(shuffled.labels)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (7, "7"),
        (7.0, "7"),
        (-0.0, "0"),
        (7.5, "7.5"),
        (Decimal("7.00"), "7"),
        (Decimal("7.50"), "7.5"),
        (Decimal("1E+3"), "1000"),
        (math.inf, "inf"),
        (Decimal("Infinity"), "inf"),
        (True, "true"),
        (np.False_, "false"),
        (np.str_("x"), "x"),
        ("汽车".encode(), "汽车"),
        (" x ", " x "),
        (dt.date(2026, 9, 30), "2026-09-30"),
        (np.datetime64("2026-09-30"), "2026-09-30"),
        ((1, 2), "(1, 2)"),
    ],
)
def test_the_text_of_a_label(cell: Any, text: str) -> None:
    """Numbers without needless digits, booleans in lower case, bytes as text."""
    assert label_text(cell) == text
    assert as_labels([cell], "x").labels == (text,)


def test_moments_have_the_same_label_in_every_unit() -> None:
    """Nanoseconds read as microseconds do; cells that cannot be hashed are read too."""
    moments = ["2026-09-30T12:00", "NaT"]
    for unit in ("s", "us", "ns"):
        found = as_labels(np.array(moments, dtype=f"M8[{unit}]"), "x")
        assert found.texts().tolist() == ["2026-09-30 12:00:00", None]
    assert as_labels([[1], [1], [2]], "x").codes.tolist() == [0, 0, 1]
    assert labels({"x": np.array(["a", "b"])}, "x").labels == ("a", "b")


# --- Ids -----------------------------------------------------------------------------------------


def test_ids_are_texts() -> None:
    """Numbers and texts may be mixed, as long as they are different."""
    assert as_ids([1, "A-2", 3.0], "id").tolist() == ["1", "A-2", "3"]


def test_ids_that_occur_twice_are_refused() -> None:
    """1, 1.0 and "1" are one id."""
    with pytest.raises(ka.DuplicateIdError, match=re.escape("2 occur more than once ('1', 'B')")):
        as_ids([1, "1", 1.0, "B", "A", "B"], "id")
    with pytest.raises(ka.DuplicateIdError, match=re.escape("1 occurs more than once ('B')")):
        as_ids(["B", "A", "B"], "id")


def test_rows_without_an_id_are_refused() -> None:
    """The rows are counted and shown."""
    with pytest.raises(ka.RowError, match=r"column 'id': 2 rows have no id \(row 1: None"):
        as_ids(["A", None, math.nan], "id")


def test_names_of_polars_that_look_like_patterns_are_names() -> None:
    """Methods of a column would else go by its name."""
    texts, numbers = pl.Series(["A", None, "A"]), pl.Series([7, None, 7])
    for cells, read in ((texts, ["A", None, "A"]), (numbers, ["7", None, "7"])):
        frame = pl.DataFrame([cells.alias("^a$"), cells.alias("a")])
        assert labels(frame, "^a$").texts().tolist() == read


# --- Days ----------------------------------------------------------------------------------------


DAY = np.datetime64("2026-09-30")
ZONE = dt.timezone(dt.timedelta(hours=8))
NOON = dt.datetime(2026, 9, 30, 12)  # noqa: DTZ001 - a moment without a zone
LATE = dt.datetime(2026, 9, 30, 23, 30, tzinfo=ZONE)
"""Late in the evening at UTC+8: still the same day there, and at UTC."""
EARLY = dt.datetime(2026, 9, 30, 0, 30, tzinfo=ZONE)
"""Just after midnight at UTC+8: at UTC it is the day before."""
SHANGHAI = pa.timestamp("us", tz="Asia/Shanghai")

DAYS: dict[str, Any] = {
    "texts": ["2026-09-30", None],
    "moments": ["2026-09-30 00:30:00", "2026-09-30T23:59:59.999Z"],
    "moments with a zone": ["2026-09-30T00:30:00+08:00", ""],
    "slashes": ["2026/09/30", "  "],
    "digits": ["20260930", None],
    "American": ["09/30/2026", None],
    "European": ["30/09/2026", None],
    "German": ["30.09.2026", None],
    "dashes": ["30-09-2026", None],
    "American dashes": ["09-30-2026", None],
    "moments to the hour": ["2026-09-30 9", "2026-09-30T00+08", "2026-09-30 23:59:59,5 UTC"],
    "midnight at the end": ["2026-09-29T24:00:00", "2026-09-29 24:00Z"],
    "whole numbers": [20260930, 20260930],
    "whole numbers with gaps": [20260930, None],
    "numpy whole numbers": np.array([20260930], dtype=np.int32),
    "numpy numbers with gaps": np.array([20260930.0, np.nan]),
    "pandas whole numbers": pd.Series([20260930, None], dtype="Int64"),
    "pandas objects": pd.Series([20260930, NA, np.int64(20260930)], dtype=object),
    "polars whole numbers": pl.Series([20260930, None]),
    "arrow whole numbers": pa.array([20260930, None]),
    "numpy texts": np.array(["2026-09-30", ""]),
    "dates": [dt.date(2026, 9, 30), NAT],
    "datetimes": [LATE, EARLY],
    "mixed": [dt.date(2026, 9, 30), "2026-09-30", EARLY, pd.Timestamp(EARLY), DAY, math.nan, NA],
    "numpy ns": np.array(["2026-09-30T23:00", "NaT"], dtype="M8[ns]"),
    "numpy D": np.array(["2026-09-30", "NaT"], dtype="M8[D]"),
    "numpy objects": [np.datetime64("2026-09-30T01:00", "ns"), np.datetime64("NaT", "D")],
    "pandas": pd.Series(pd.to_datetime(pd.Series(["2026-09-30 10:00", None]))),
    "pandas zone": pd.Series([EARLY, None], dtype="datetime64[ns, Asia/Shanghai]"),
    "pandas arrow": pd.Series([EARLY, None], dtype=pd.ArrowDtype(SHANGHAI)),
    "polars date": pl.Series([dt.date(2026, 9, 30), None]),
    "polars": pl.Series([NOON, None]),
    "polars zone": pl.Series([EARLY, None]).dt.convert_time_zone("Asia/Shanghai"),
    "arrow date": pa.array([dt.date(2026, 9, 30), None]),
    "arrow date64": pa.array([dt.date(2026, 9, 30), None]).cast(pa.date64()),
    "arrow": pa.array([NOON, None]),
    "arrow zone": pa.array([EARLY, None], SHANGHAI),
    "arrow chunks": pa.chunked_array([[EARLY], [None]], SHANGHAI),
    "arrow ns": pa.array([1_790_726_400_000_000_001, None], pa.timestamp("ns")),
}


@pytest.mark.parametrize("how", DAYS)
def test_days_are_read_from_every_type(how: str) -> None:
    """The day on the wall where it was written, NaT where missing."""
    found = as_days(DAYS[how], "at")
    assert found.dtype == np.dtype("M8[D]")
    known = found[~np.isnat(found)]
    assert len(known) >= 1
    assert (known == DAY).all()
    assert len(found) == len(DAYS[how])


def test_days_are_read_from_columns_and_single_values() -> None:
    """By the name of a column, in a stated format, or one at a time."""
    assert days({"at": ["30 Sep 2026"]}, "at", "%d %b %Y").tolist() == [dt.date(2026, 9, 30)]
    assert one_day("2026-09-30", "as_of") == one_day(LATE, "as_of") == DAY
    assert np.isnat(as_days([None, math.nan], "at")).all()
    assert np.isnat(as_days(np.array([np.nan]), "at")).all()
    assert len(as_days([], "at")) == 0


def test_dates_that_two_formats_read_differently_are_refused() -> None:
    """The row is shown, with both formats; a row that only one can read decides for all."""
    with pytest.raises(ka.ColumnError, match="'02/03/2026' in row 2, which both") as caught:
        as_days(["01/01/2026", None, "02/03/2026"], "at")
    assert "'%m/%d/%Y' and '%d/%m/%Y'" in str(caught.value)
    assert caught.value.hint == "state the format the dates are written in."
    settled = as_days(["02/03/2026", "13/03/2026"], "at")
    assert settled.tolist() == [dt.date(2026, 3, 2), dt.date(2026, 3, 13)]
    assert as_days(["02/03/2026"], "at", "%m/%d/%Y").tolist() == [dt.date(2026, 2, 3)]
    assert as_days(["03/03/2026"], "at").tolist() == [dt.date(2026, 3, 3)]


def test_dashes_are_as_ambiguous_as_slashes() -> None:
    """1 February or 2 January: only a row that one format alone can read decides."""
    with pytest.raises(ka.ColumnError, match="'01-02-2026' in row 1, which both") as caught:
        as_days(["01-01-2026", "01-02-2026"], "at")
    assert "'%m-%d-%Y' and '%d-%m-%Y'" in str(caught.value)
    for text, day in (("01-13-2026", dt.date(2026, 1, 13)), ("13-01-2026", dt.date(2026, 1, 13))):
        assert as_days([text], "at").tolist() == [day]
    assert as_days(["01-02-2026"], "at", "%d-%m-%Y").tolist() == [dt.date(2026, 2, 1)]


IMPOSSIBLE = [
    "2026-01-02T99:99",
    "2026-01-02 25:00",
    "2026-01-02 24:01",
    "2026-01-02T12:60",
    "2026-01-02T12:00:60",
    "2026-01-02T23:30:00+99:00",
    "2026-01-02T12:00+08:60",
    "2026-02-30T12:00",
    "9999-12-31T24:00",
    "2026-01-02 12:00 or so",
]


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_times_that_no_clock_shows_are_refused(text: str) -> None:
    """As days and as moments, with the row."""
    for read in (as_days, as_moments):
        with pytest.raises(ka.RowError, match=re.escape(f"1 row holds no date (row 1: {text!r})")):
            read(["2026-01-02T12:00", text], "at")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-02T24:00:00", "2026-01-03T00:00"),
        ("2026-01-02 9:05", "2026-01-02T09:05"),
        ("2026-01-02 09", "2026-01-02T09:00"),
        ("2026-01-02T23:30:00.1234567+08:00", "2026-01-02T23:30:00.123456"),
        ("2026-01-02 23:30:00,5 +0800", "2026-01-02T23:30:00.5"),
        (" 2026-01-02 23:30 UTC", "2026-01-02T23:30"),
        ("2026-01-02", "2026-01-02T00:00"),
    ],
)
def test_a_moment_and_its_day_agree(text: str, moment: str) -> None:
    """What is read as a moment is read as the day it falls on; hour 24 is the next day."""
    (found,) = as_moments([text], "at")
    assert found == np.datetime64(moment, "us")
    assert as_days([text], "at")[0] == found.astype("M8[D]")


def test_moments_of_two_zones_keep_their_own_clocks() -> None:
    """The same instant, written in two zones; what is missing stays missing."""
    utc = LATE.astimezone(dt.UTC)
    found = as_moments([LATE, utc, None, pd.NaT, dt.date(2026, 9, 30)], "at")
    walls = ["2026-09-30T23:30", "2026-09-30T15:30", "NaT", "NaT", "2026-09-30T00:00"]
    np.testing.assert_array_equal(found, np.array(walls, dtype="M8[us]"))


@pytest.mark.parametrize("day", ["June", "01-02-2026", 17, ["2026-09-30"], [], "2026-09-30T25:00"])
def test_what_is_no_single_day_is_no_matter_of_rows(day: Any) -> None:
    """An argument has no rows: the error names it and shows what was given."""
    with pytest.raises(ka.SpecError) as caught:
        one_day(day, "as_of")
    assert caught.value.fact == f"as_of must be one day (got {day!r})"
    assert caught.value.hint == "write it as YYYY-MM-DD or pass a datetime.date."


@pytest.mark.parametrize(
    ("raw", "error", "said"),
    [
        (["2026-09-30", "soon"], ka.RowError, "column 'at': 1 row holds no date (row 1: 'soon')"),
        (["2026-09-30", None, "2026-02-30", "x"], ka.RowError, "(row 2: '2026-02-30', row 3: 'x')"),
        (["2026-09-30 perhaps"], ka.RowError, "row 0: '2026-09-30 perhaps'"),
        (["202609", "202610"], ka.RowError, "2 rows hold no date (row 0: '202609'"),
        (["2026-09-30", "09/30/2026"], ka.RowError, "1 row holds no date (row 1: '09/30/2026')"),
        ([dt.date(2026, 9, 30), 20260930], ka.RowError, "1 row holds no date (row 1: 20260930)"),
        ([1.5, "2026-09-30"], ka.RowError, "row 0: 1.5"),
        (np.array([46295, 46296]), ka.ColumnError, "'at' must hold dates (got 46295 in row 0)"),
        (np.array([np.nan, 1.0]), ka.ColumnError, "must hold dates (got 1.0 in row 1)"),
        (np.array([20260930, 20260931]), ka.RowError, "1 row holds no date (row 1: 20260931)"),
        ([20261301, 20260930, 20260900, 0, 9991231], ka.RowError, "4 rows hold no date (row 0: 2"),
        (np.array([20260930.5, 20260930.0, np.inf]), ka.RowError, "2 rows hold no date (row 0: 20"),
        (np.array([True]), ka.ColumnError, "must hold dates (got bool)"),
        ([True], ka.RowError, "row 0: True"),
    ],
)  # fmt: skip
def test_what_is_no_date_is_shown_with_its_row(raw: Any, error: Any, said: str) -> None:
    """Texts that fit no format, half dates, numbers and words after a date are refused."""
    with pytest.raises(error, match=re.escape(said)):
        as_days(raw, "at")


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        ([1.0, -2.0], "column 'paid': 1 row is below 0 (row 1: -2.0)"),
        ([-1.0, -2.0], "column 'paid': 2 rows are below 0 (row 0: -1.0, row 1: -2.0)"),
    ],
)
def test_rows_that_are_wrong_are_shown(amounts: list[float], said: str) -> None:
    """One row is, several are."""
    paid = np.array(amounts)
    with pytest.raises(ka.RowError, match=re.escape(said)):
        refuse_rows("paid", paid, paid < 0.0, "are below 0", "leave it empty.")


def test_rows_in_order_are_not_refused() -> None:
    """Nothing happens where nothing is marked, not even in an empty column."""
    for rows in (0, 3):
        refuse_rows("paid", np.ones(rows), np.zeros(rows, dtype=np.bool_), "are below 0", "look.")
