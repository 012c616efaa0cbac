"""One name for the data of a review: the same in any order and from any container."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import CONTAINERS, as_container

BOOK: dict[str, list[Any]] = {
    "id": ["b", "a", "ü"],
    "sales": [1.5, None, -0.0],
    "sector": ["x", None, "é"],
}
NAMES = ("sales", "sector")
GOLDEN = "e6944971969507e2a306bf565a5af115edca5492159992537f84473277b8e6a1"


def digest(**changed: Any) -> str:
    """Digest the book with some columns changed."""
    return ka.data_digest({**BOOK, **changed}, names=NAMES)


def test_the_digest_of_a_stored_book_never_changes() -> None:
    """Logs hold it: another value would make every stored log disagree."""
    assert digest() == GOLDEN


@pytest.mark.parametrize("container", CONTAINERS)
def test_any_container_gives_the_same(container: str) -> None:
    """A frame, a table or a dict of the same data have one digest."""
    book = as_container({**BOOK, "sales": [1.5, math.nan, -0.0]}, container)
    assert ka.data_digest(book, names=NAMES) == GOLDEN


@given(st.permutations(range(3)), st.permutations(NAMES))
def test_no_order_matters(rows: list[int], names: list[str]) -> None:
    """Neither that of the rows nor that of the names."""
    shuffled = {name: [column[i] for i in rows] for name, column in BOOK.items()}
    assert ka.data_digest(shuffled, names=names) == GOLDEN


def test_what_is_one_value_is_one() -> None:
    """0.0 and −0.0, NaN and None, 1 and 1.0 and True are the same."""
    assert digest(sales=[1.5, np.nan, 0]) == GOLDEN
    odd = np.array([0, -(2**51), 0], dtype=np.int64).view(np.float64)  # a NaN of other bits
    assert np.isnan(odd[1])
    assert odd.tobytes() != np.array([0.0, np.nan, 0.0]).tobytes()
    assert digest(sales=np.where([True, False, False], 1.5, odd)) == GOLDEN
    ones = [digest(sales=column) for column in ([1, 1, 1], [1.0] * 3, [True] * 3)]
    assert len(set(ones)) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"sales": [1.5, 0.0, 0.0]},
        {"sales": [1.5000000000000002, None, 0.0]},
        {"sales": [None, 1.5, 0.0]},
        {"sales": ["1.5", None, "0"]},
        {"sales": [dt.date(2026, 1, 1), None, None]},
        {"sector": ["x", "None", "é"]},
        {"sector": ["é", None, "x"]},
        {"id": ["b", "a", "u"]},
        {"id": ["a", "b", "ü"]},
    ],
)
def test_what_differs_differs(changed: dict[str, Any]) -> None:
    """Another value, another kind, another id, or the same at another account."""
    assert digest(**changed) != GOLDEN


def _moments(days: list[dt.date | None]) -> list[dt.datetime | None]:
    return [None if d is None else dt.datetime(d.year, d.month, d.day) for d in days]  # noqa: DTZ001


DAY_FORMS: dict[str, Any] = {
    "datetime64[D]": lambda d: np.array(d, dtype="datetime64[D]"),
    "datetime64[us]": lambda d: np.array(d, dtype="datetime64[us]"),
    "list of datetime": _moments,
    "list of datetime64": lambda d: [None if x is None else np.datetime64(x) for x in d],
    "pandas": lambda d: pd.Series(pd.to_datetime(d)),
    "pandas objects": lambda d: pd.Series(d, dtype=object),
    "polars": lambda d: pl.Series(d, dtype=pl.Date),
    "polars moments": lambda d: pl.Series(_moments(d), dtype=pl.Datetime),
    "pyarrow": lambda d: pa.array(d, pa.date32()),
    "pyarrow chunks": lambda d: pa.chunked_array(
        [pa.array(d[:1], pa.date32()), pa.array(d[1:], pa.date32())]
    ),
    "pyarrow moments": lambda d: pa.array(_moments(d), pa.timestamp("us")),
}
NUMBER_FORMS: dict[str, Any] = {
    "array": lambda v: np.array(v, dtype=np.float64),
    "objects": lambda v: np.array(v, dtype=object),
    "pandas": lambda v: pd.Series(v, dtype="float64"),
    "pandas nullable": lambda v: pd.Series(v, dtype="Float64"),
    "polars": lambda v: pl.Series(v, dtype=pl.Float64),
    "pyarrow": lambda v: pa.array(v, pa.float64()),
}
TEXT_FORMS: dict[str, Any] = {
    "objects": lambda v: np.array([*v, None], dtype=object)[:-1],
    "pandas": lambda v: pd.Series(v, dtype=object),
    "pandas strings": lambda v: pd.Series(v, dtype="string"),
    "pandas categories": lambda v: pd.Series(v, dtype="category"),
    "polars": lambda v: pl.Series(v, dtype=pl.String),
    "polars categories": lambda v: pl.Series(v, dtype=pl.Categorical),
    "pyarrow": lambda v: pa.array(v, pa.string()),
    "pyarrow dictionary": lambda v: pa.array(v, pa.string()).dictionary_encode(),
}


def same_in(forms: dict[str, Any], values: list[Any]) -> None:
    """Check that every form of the values has the digest of the list."""
    ids = [f"a{i}" for i in range(len(values))]
    whole = ka.data_digest({"id": ids, "x": values}, names=["x"])
    for name, form in forms.items():
        found = ka.data_digest({"id": ids, "x": form(values)}, names=["x"])
        assert found == whole, name


@settings(max_examples=25, deadline=None)
@given(st.lists(st.none() | st.dates(dt.date(1970, 1, 1), dt.date(2200, 1, 1)), max_size=4))
def test_days_are_days_whatever_holds_them(days: list[dt.date | None]) -> None:
    """Lists of dates, numpy's days and the columns of all libraries have one digest."""
    same_in(DAY_FORMS, days)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), max_size=4))
def test_numbers_are_numbers_whatever_holds_them(values: list[float | None]) -> None:
    """So have numbers, to the last bit."""
    same_in(NUMBER_FORMS, values)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.none() | st.text("aé 中1", min_size=1, max_size=3), max_size=4))
def test_texts_are_texts_whatever_holds_them(values: list[str | None]) -> None:
    """So have texts, those of blanks among them."""
    same_in(TEXT_FORMS, values)


def test_a_column_of_nothing_is_one_whatever_it_would_have_held() -> None:
    """Days, texts and numbers that are all missing tell the same: nothing."""
    for forms in (DAY_FORMS, NUMBER_FORMS, TEXT_FORMS):
        same_in(forms, [None, None])


def test_days_go_with_their_account() -> None:
    """A column of days is read in the order of the ids too."""
    first, second = dt.date(2026, 1, 1), dt.date(2026, 6, 1)
    ids = (["a", "b"], ["b", "a"])
    same = [digest_days(ids[0], [first, second]), digest_days(ids[1], [second, first])]
    assert same[0] == same[1] != digest_days(ids[0], [second, first])
    assert digest_days(ids[0], [first, None]) != digest_days(ids[0], [None, first])


def digest_days(ids: list[str], days: list[dt.date | None]) -> str:
    """Digest a column of days."""
    return ka.data_digest({"id": ids, "day": np.array(days, dtype="datetime64[D]")}, names=["day"])


def test_texts_do_not_run_into_each_other() -> None:
    """The border between two texts counts, as does the name of a column."""
    two = [
        ka.data_digest({"id": ["1", "2"], "t": texts}, names=["t"])
        for texts in (["ab", "c"], ["a", "bc"], [None, "abc"], ["abc", None])
    ]
    assert len(set(two)) == 4
    columns = {"id": ["1"], "t": ["x"], "u": ["x"]}
    assert ka.data_digest(columns, names=["t"]) != ka.data_digest(columns, names=["u"])


def test_bad_input_is_told() -> None:
    """A column that is not there, ids that are none, and lengths that differ."""
    with pytest.raises(ka.ColumnNotFoundError, match="did you mean 'sales'"):
        ka.data_digest(BOOK, names=["slaes"])
    with pytest.raises(ka.DuplicateIdError):
        digest(id=["a", "a", "b"])
    with pytest.raises(ka.ColumnError, match="differ in length"):
        digest(sales=[1.0])
    assert len(ka.data_digest({"id": []}, names=[])) == 64
