"""A cell is read where it can be read in one way only; the rest is missing, counted and shown."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.errors import ColumnError
from keyaccount.intake.cells import distinct, read_texts
from keyaccount.intake.dates import read_dates
from keyaccount.intake.numeric import read_numbers


def objects(*values: Any) -> np.ndarray[Any, Any]:
    """Make an array of objects."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12", 12.0),
        (" 12.50 ", 12.5),
        ("-3", -3.0),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1,234.50", 1234.5),
        ("1,234,567", 1234567.0),
        ("$1,234", 1234.0),
        ("-$5", -5.0),
        ("$-5", -5.0),
        ("12 €", 12.0),
        ("￥3", 3.0),
        (7, 7.0),
        (Decimal("1.25"), 1.25),
        (True, 1.0),
    ],
)
def test_what_can_be_read_in_one_way_is_read(cell: object, number: float) -> None:
    """What can be read in one way is read."""
    values, _ = read_numbers(objects(cell), "x")
    assert values.tolist() == [number]


@pytest.mark.parametrize(
    "cell",
    [
        "1,23",
        "0,123",
        "12,34,567",
        "1.234,50",
        "(5)",
        "5%",
        "--5",
        "-$-5",
        "$5€",
        "n/a",
        "nan",
        "inf",
        "1_000",
        "٣",
        "1 234",
        object(),
        date(2026, 1, 1),
    ],
)
def test_what_can_be_read_in_two_ways_or_none_is_missing_and_told(cell: object) -> None:
    """What can be read in two ways or none is missing and told."""
    values, findings = read_numbers(objects(cell, 1.0), "x")
    assert np.isnan(values[0])
    assert values[1] == 1.0
    assert [f.code for f in findings] == ["unreadable_number"]
    assert findings[0].severity == "error"
    assert findings[0].examples == (str(cell),)


@pytest.mark.parametrize("blank", [None, "", "  ", float("nan")])
def test_blank_is_missing_without_a_finding(blank: object) -> None:
    """Blank is missing without a finding."""
    values, findings = read_numbers(objects(blank), "x")
    assert np.isnan(values).all()
    assert findings == ()


def test_commas_are_no_separators_in_a_column_that_writes_decimals_with_them() -> None:
    """Commas are no separators in a column that writes decimals with them."""
    values, findings = read_numbers(objects("1,50", "2,75", "1,234"), "x")
    assert np.isnan(values).all()
    assert findings[0].count == 3


def test_one_slip_does_not_turn_a_column_of_separators() -> None:
    """One slip does not turn a column of separators."""
    values, _ = read_numbers(objects("1,234.50", "2,000.10", "3,4"), "x")
    assert values[:2].tolist() == [1234.5, 2000.1]
    assert np.isnan(values[2])


def test_two_currencies_are_not_added_up() -> None:
    """Two currencies are not added up."""
    values, findings = read_numbers(objects("$1", "$2", "€3"), "x")
    assert values[:2].tolist() == [1.0, 2.0]
    assert np.isnan(values[2])
    assert {f.code: f.count for f in findings} == {"currency_sign": 2, "unreadable_number": 1}


def test_infinite_numbers_are_missing_and_told() -> None:
    """Infinite numbers are missing and told."""
    values, findings = read_numbers(np.array([1.0, np.inf, -np.inf]), "x")
    assert np.isnan(values[1:]).all()
    assert (findings[0].code, findings[0].count) == ("infinite", 2)


def test_a_column_of_dates_is_no_column_of_numbers() -> None:
    """A column of dates is no column of numbers."""
    with pytest.raises(ColumnError, match="must hold numbers"):
        read_numbers(np.array(["2026-01-01"], dtype="datetime64[D]"), "x")


@given(st.lists(st.one_of(st.none(), st.text(max_size=8), st.floats(), st.integers(-9, 9))))
def test_any_column_is_read_and_every_unread_cell_is_counted(cells: list[Any]) -> None:
    """Any column is read and every unread cell is counted."""
    values, findings = read_numbers(objects(*cells), "x")
    _, known, counts = distinct(objects(*cells))
    assert len(values) == len(cells)
    lost = sum(f.count for f in findings if f.severity == "error")
    assert np.isfinite(values).sum() + lost == sum(counts)
    assert len(known) == len(counts)


@given(st.lists(st.floats(-1e9, 1e9).map(lambda x: round(x, 2))))
def test_numbers_written_in_either_form_read_the_same(numbers: list[float]) -> None:
    """Numbers written in either form read the same."""
    plain, _ = read_numbers(objects(*(f"{x:.2f}" for x in numbers)), "x")
    grouped, _ = read_numbers(objects(*(f"{x:,.2f}" for x in numbers)), "x")
    assert plain.tolist() == grouped.tolist() == numbers


def test_a_bad_date_does_not_decide_about_the_others() -> None:
    """A bad date does not decide about the others."""
    values, findings = read_dates(objects("3/1/2017", "1/13/2017", "soon", None), "x")
    assert values.astype(str).tolist() == ["2017-03-01", "2017-01-13", "NaT", "NaT"]
    assert (findings[0].code, findings[0].count) == ("unreadable_date", 1)
    assert findings[0].examples == ("soon",)


def test_dates_that_two_formats_read_differently_are_refused() -> None:
    """Dates that two formats read differently are refused."""
    with pytest.raises(ColumnError, match="one way only"):
        read_dates(objects("3/1/2017", "soon"), "x")


def test_a_stated_format_settles_it() -> None:
    """A stated format settles it."""
    values, _ = read_dates(objects("3/1/2017"), "x", "%d/%m/%Y")
    assert values.astype(str).tolist() == ["2017-01-03"]


def test_days_that_read_the_same_both_ways_need_no_format() -> None:
    """Days that read the same both ways need no format."""
    values, _ = read_dates(objects("3/3/2017"), "x")
    assert values.astype(str).tolist() == ["2017-03-03"]


def test_texts_that_are_no_dates_are_refused_as_a_column() -> None:
    """Texts that are no dates are refused as a column."""
    with pytest.raises(ColumnError, match="must hold dates"):
        read_dates(objects("Acme", "Initech", "2017-01-01"), "x")


def test_dates_moments_and_iso_texts_mix() -> None:
    """Dates moments and iso texts mix."""
    cells = objects(date(2026, 1, 2), datetime(2026, 1, 3, 10), "2026-01-04T10:00:00Z", 7)  # noqa: DTZ001
    values, findings = read_dates(cells, "x")
    assert values.astype(str).tolist() == ["2026-01-02", "2026-01-03", "2026-01-04", "NaT"]
    assert findings[0].count == 1


def test_an_empty_column_of_dates_is_all_missing() -> None:
    """An empty column of dates is all missing."""
    assert np.isnat(read_dates(np.full(2, np.nan), "x")[0]).all()
    assert np.isnat(read_dates(objects(None, ""), "x")[0]).all()


def test_numbers_are_no_dates() -> None:
    """Numbers are no dates."""
    with pytest.raises(ColumnError, match="must hold dates"):
        read_dates(np.array([1.0]), "x")


def test_texts_lose_the_spaces_around_them_and_say_so() -> None:
    """Texts lose the spaces around them and say so."""
    values, findings = read_texts(objects(" Acme", "Acme", "  ", 7.0, None), "x")
    assert values.texts().tolist() == ["Acme", "Acme", None, "7", None]
    assert values.labels == ("Acme", "7")
    assert (findings[0].code, findings[0].severity, findings[0].count) == ("spaces", "info", 1)


def test_a_number_of_six_digits_is_no_date() -> None:
    """A number of six digits is no date: nobody meant 2026-01-01 by 202611."""
    values, findings = read_dates(objects("20260101", "20260201", "202611"), "x")
    assert values.astype(str).tolist() == ["2026-01-01", "2026-02-01", "NaT"]
    assert findings[0].count == 1


numerals = st.one_of(
    st.none(),
    st.text("0123456789.", max_size=8),
    st.text("0123456789.,-+eE$€ _", max_size=8),
    st.floats().map(repr),
    st.integers(-(10**20), 10**20).map(str),
    st.sampled_from(["1,234.50", "0,5", "nan", "inf", " 7 ", "9" * 400, "1\n", "٣", "1\x00"]),
)


@given(st.lists(numerals), st.integers(0, 3), st.booleans())
def test_arrow_reads_every_cell_as_python_does(
    cells: list[str | None], cut: int, commas: bool
) -> None:
    """Arrow reads every cell as Python does, findings and codes included, in any chunks."""
    column = pa.chunked_array([cells[:cut], cells[cut:]], type=pa.string())
    numbers, told = read_numbers(objects(*cells), "x", commas=commas)
    from_arrow, said = read_numbers(column, "x", commas=commas)
    assert (numbers.tobytes(), told) == (from_arrow.tobytes(), said)
    texts, told = read_texts(objects(*cells), "x")
    labels, said = read_texts(column, "x")
    assert (texts.codes.tolist(), texts.labels, told) == (
        labels.codes.tolist(),
        labels.labels,
        said,
    )
    codes, known, counts = distinct(column)
    assert (codes.tolist(), known, counts) == (
        distinct(objects(*cells))[0].tolist(),
        *distinct(objects(*cells))[1:],
    )
