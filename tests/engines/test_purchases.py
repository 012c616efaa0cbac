"""A purchase log is summed up where it is, and the summary is the one made in memory."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.engines.order_facts import OrderFacts
from keyaccount.testing import assert_same_bits

pa: Any = pytest.importorskip("pyarrow")

NIMBLE = ("polars lazy", "dataset", "duckdb")
PUSHED = (*NIMBLE, "dask", "spark")
NAMES: dict[str, Any] = {"customer": "customer", "at": "date", "amount": "amount"}
AS_OF = "2026-03-01"

EXAMPLES = {"polars lazy": 12, "dataset": 6, "duckdb": 8, "dask": 3, "spark": 2}
"""How many logs each engine is given: a job of Spark takes a second."""

LOG: dict[str, Any] = {
    "customer": ["B", "A", "B", "C", "B", "A", "B", "D", None, "A", "B", " "],
    "date": [
        *("2026-01-05", "2026-01-20", "2026-02-02", "2026-02-10", "2026-02-02", "2026-03-02"),
        *("2026-02-10", "2026-02-15", "2026-02-16", None, "2026-02-02", "2026-02-03"),
    ],
    "amount": [100.0, 40.0, 60.0, -5.0, 20.0, 99.0, -30.0, math.nan, 7.0, 8.0, 20.0, 1.0],
    "margin": [10.0, 4.0, math.nan, -1.0, 2.0, 9.0, -3.0, 1.0, 1.0, 1.0, 2.0, 1.0],
    "currency": ["EUR"] * 12,
}


def assert_same_summary(found: ka.PurchaseSummary, expected: ka.PurchaseSummary) -> None:
    """Hold two summaries to be the same: columns to the bit, rows, and what is told."""
    assert found.column_names == expected.column_names
    assert found.id.dtype.kind == expected.id.dtype.kind
    assert found.id.tolist() == expected.id.tolist()
    for name in expected.column_names[1:]:
        assert_same_bits(found[name], expected[name], name)
    assert attrs.asdict(found.rows) == attrs.asdict(expected.rows)
    assert list(map(told, found.findings)) == list(map(told, expected.findings))


def told(finding: ka.Finding) -> Any:
    """Give a finding but for the numbers of its rows."""
    shown = tuple(e for e in finding.examples if not e.startswith("row "))
    return (finding.code, finding.message, finding.count, finding.severity, finding.where, shown)


@pytest.fixture(params=PUSHED)
def pushed(request: pytest.FixtureRequest, kinds: Callable[[str], Any]) -> Any:
    """Give each kind of frame whose engine counts for itself."""
    return kinds(request.param)


@pytest.fixture(params=NIMBLE)
def nimble(request: pytest.FixtureRequest, kinds: Callable[[str], Any]) -> Any:
    """Give the kinds whose engines answer at once; the others take seconds for every query."""
    return kinds(request.param)


@st.composite
def logs(draw: st.DrawFn) -> tuple[Any, list[int], dict[str, Any]]:
    """Draw a log as a table of Arrow, where it is cut, and what is asked of it."""
    ids = draw(
        st.sampled_from(
            [
                (["A", "B", "b", "A ", "Ä", " ", None], pa.string()),
                ([1, 2, 30, -4, None], pa.int64()),
                ([7, 9], pa.int32()),
                ([1.0, 2.0, 7.5, -0.0, None], pa.float64()),
                ([1.0, 2.0, 3.0, None], pa.float64()),
            ]
        )
    )
    cents = st.integers(-500, 5_000).map(lambda c: c / 100)
    money = draw(
        st.sampled_from(
            [
                cents,
                cents | st.sampled_from([None, math.inf, -math.inf, 0.0, -0.0]),
                cents | st.floats(-1e6, 1e6) | st.sampled_from([1e16, 0.1, 1e-9, None]),
            ]
        )
    )
    day = st.integers(0, 20).map(lambda d: date(2026, 1, 1) + timedelta(d))
    row = st.tuples(st.sampled_from(ids[0]), st.none() | day, money, st.none() | money)
    rows = draw(st.lists(row, max_size=40))
    rows += draw(st.lists(st.sampled_from(rows), max_size=3)) if rows else []
    table = pa.table(
        {
            "customer": pa.array([r[0] for r in rows], ids[1]),
            "date": pa.array([r[1] for r in rows], pa.date32()),
            "amount": pa.array([r[2] for r in rows], pa.float64()),
            "margin": pa.array([r[3] for r in rows], pa.float64()),
        }
    )
    options = {
        "as_of": draw(st.sampled_from(["2025-12-31", "2026-01-12", AS_OF])),
        "margin": draw(st.sampled_from([None, "margin", "amount"])),
        "refunds": draw(st.sampled_from(["net", "drop"])),
        "same_day": draw(st.sampled_from(["keep", "merge"])),
        "time_unit": draw(st.sampled_from(["day", "week"])),
    }
    cuts = draw(st.lists(st.integers(0, len(rows)), max_size=3))
    return table, cuts, options


def test_any_log_is_summed_up_as_in_memory(pushed: Any) -> None:
    """Refunds, zeros, fractions of cents, gaps, repeats, later rows: to the last bit."""

    @settings(
        max_examples=EXAMPLES[pushed.name],
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(logs())
    def holds(drawn: Any) -> None:
        table, cuts, options = drawn
        expected = ka.purchase_summary(table, **NAMES, **options)
        found = ka.summarise_purchases(pushed.of(table, cuts), **NAMES, **options)
        assert_same_summary(found, expected)

    holds()


def test_everything_at_once(pushed: Any) -> None:
    """Moments with a zone, decimals, currencies, names with dots and quotes, roles mixed up."""
    names: dict[str, Any] = {"customer": "the date.of", "at": "customer"}
    names |= {"amount": 'a "paid" `sum`'} | {"margin": "margin", "currency": "currency"}
    start = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
    cells = {
        "customer": pa.array(LOG["customer"]),
        "at": pa.array([start + timedelta(hours=h) for h in range(12)], pa.timestamp("us", "UTC")),
        "amount": pa.array([Decimal(c) / 1000 for c in range(-20, 100, 10)], pa.decimal128(9, 3)),
        "margin": pa.array(LOG["margin"], from_pandas=True),
        "currency": pa.array(["EUR"] * 3 + [None] + ["EUR"] * 8),
    }
    table = pa.table({names[role]: column for role, column in cells.items()})
    expected = ka.purchase_summary(table, **names, as_of="2026-02-01")
    assert expected.rows.rejected == {"no customer": 2, "no currency": 1}
    found = ka.summarise_purchases(pushed.of(table, [3, 7]), **names, as_of="2026-02-01")
    assert_same_summary(found, expected)


def test_days_that_are_texts_are_read_in_one_format(nimble: Any) -> None:
    """What a part of the log could not tell, 3 of April or 4 of March, another part decides."""
    log = LOG | {"date": ["04/03/2025"] * 6 + ["13/04/2025"] * 5 + [None]}
    table = pa.table(log)
    expected = ka.purchase_summary(table, **NAMES, as_of=AS_OF)
    assert_same_summary(
        ka.summarise_purchases(nimble.of(table, [6]), **NAMES, as_of=AS_OF), expected
    )
    assert str(expected.first[0]) == "2025-03-04"


@pytest.mark.parametrize(
    ("days", "error", "said"),
    [
        (["04/03/2025"] * 12, ka.ColumnError, "dates that can be read in one way only"),
        (["2026-01-05", "x", *["2026-01-06"] * 10], ka.RowError, "1 value holds no date ('x')"),
    ],
)
def test_days_that_cannot_be_read_are_told(pushed: Any, days: Any, error: Any, said: str) -> None:
    """Before the engine begins, and by the value: rows of an engine have no numbers."""
    with pytest.raises(error) as met:
        ka.summarise_purchases(pushed.of(pa.table(LOG | {"date": days})), **NAMES, as_of=AS_OF)
    assert said in met.value.fact
    assert "row" not in met.value.fact


def test_days_that_are_numbers_or_moments(nimble: Any) -> None:
    """20260105, and a moment with a time zone: the day on the wall."""
    moments = [datetime(2026, 1, 31, 23, 30, tzinfo=UTC) + timedelta(hours=h) for h in range(12)]
    for days in (
        pa.array([20260105, None] * 6, pa.int64()),
        pa.array(moments, pa.timestamp("us", "UTC")),
        pa.array([m.replace(tzinfo=None) for m in moments], pa.timestamp("us")),
    ):
        table = pa.table(LOG).set_column(1, "date", days)
        frame = nimble.of(table, [5])
        held = table if nimble.name == "dataset" else nimble.home(frame)  # the zone of its session
        expected = ka.purchase_summary(held, **NAMES, as_of=AS_OF)
        assert_same_summary(ka.summarise_purchases(frame, **NAMES, as_of=AS_OF), expected)
        assert expected.rows.purchases > 2


def test_money_in_decimals_and_whole_numbers(nimble: Any) -> None:
    """Each is turned into cents by the same code."""
    decimals = pa.array([Decimal(c) / 100 for c in range(-200, 400, 50)], pa.decimal128(12, 2))
    gaps = pa.array([*range(-3, 8), None], pa.int64())
    single = pa.array([0.1, 0.2, 0.3] * 4, pa.float32())
    for amount, margin in ((decimals, gaps), (gaps.fill_null(0).cast(pa.int16()), single)):
        table = pa.table(LOG).set_column(2, "amount", amount).set_column(3, "margin", margin)
        options: Any = {**NAMES, "margin": "margin", "as_of": AS_OF}
        found = ka.summarise_purchases(nimble.of(table, [5]), **options)
        assert_same_summary(found, ka.purchase_summary(table, **options))


def test_ids_that_are_categories(nimble: Any) -> None:
    """Dictionaries of their own in every part."""
    table = pa.table(LOG)
    ids = table["customer"].dictionary_encode()
    expected = ka.purchase_summary(table, **NAMES, as_of=AS_OF)
    found = ka.summarise_purchases(
        nimble.of(table.set_column(0, "customer", ids), [5]), **NAMES, as_of=AS_OF
    )
    assert_same_summary(found, expected)


def test_columns_may_have_any_name(nimble: Any) -> None:
    """Dots, blanks, quotes, and the names of the roles in other places."""
    names: dict[str, Any] = {"customer": "the date.of", "at": "customer"}
    names["amount"] = 'a "paid" `sum`'
    table = pa.table(LOG).select(["customer", "date", "amount"])
    named = table.rename_columns(list(names.values()))
    expected = ka.purchase_summary(table, **NAMES, as_of=AS_OF)
    found = ka.summarise_purchases(nimble.of(named, [5]), **names, as_of=AS_OF)
    assert_same_summary(found, expected)


@pytest.mark.parametrize("names", [("^.*$", "^d", "^date$"), ("*", "count(*)", "COLUMNS(*)")])
def test_names_are_no_patterns(nimble: Any, names: tuple[str, ...]) -> None:
    """What Polars and DuckDB would take for many columns is the one of that name."""
    table = pa.table(LOG).select(["customer", "date", "amount"])
    named = table.rename_columns(names).append_column("date", pa.array(["?"] * 12))
    expected = ka.purchase_summary(table, **NAMES, as_of=AS_OF)
    asked: dict[str, Any] = dict(zip(NAMES, names, strict=True))
    found = ka.summarise_purchases(nimble.of(named, [5]), **asked, as_of=AS_OF)
    assert_same_summary(found, expected)


@pytest.mark.parametrize("ids", [[1.0, 2.0, 7.5], [0.0, -0.0, 2.5], [1.0, math.inf, 2.0]])
def test_ids_that_are_fractions(nimble: Any, ids: list[float]) -> None:
    """Whoever buys once is in no later sum; the others keep their names. Zero has no sign."""
    log = {
        "customer": [ids[0], ids[1], ids[2], ids[0], ids[1], ids[0], None],
        "date": [date(2026, 1, day) for day in (1, 1, 2, 3, 3, 3, 4)],
        "amount": [1.0, 2.0, 3.0, 4.125, 5.0, 5.0, 6.0],
    }
    table = pa.table(log)
    expected = ka.purchase_summary(table, **NAMES, as_of=AS_OF)
    found = ka.summarise_purchases(nimble.of(table, [3]), **NAMES, as_of=AS_OF)
    assert_same_summary(found, expected)


@pytest.mark.parametrize(
    "ids",
    [
        [b"a", b"\xff", b"\xfe"],
        pa.array([1, 1_001, None], pa.time64("ns")),
        pa.array([1, 1_001, None], pa.timestamp("ns")),
        [[1], [2], None],
        [None, None, None],
    ],
    ids=["bytes", "times", "moments", "lists", "nothing"],
)
def test_ids_that_engines_tell_apart_otherwise_come_home(nimble: Any, ids: Any) -> None:
    """Two texts that read alike are one customer, whatever they are made of."""
    table = pa.table(LOG).set_column(0, "customer", pa.chunked_array([ids] * 4))
    frame = nimble.of(table, [5])
    held = table if nimble.name == "dataset" else nimble.home(frame)
    expected = ka.purchase_summary(held, **NAMES, as_of=AS_OF)
    assert_same_summary(ka.summarise_purchases(frame, **NAMES, as_of=AS_OF), expected)


def test_objects_of_polars_come_home() -> None:
    """Polars hands them to no function; ids wider than 64 bits are whole numbers still."""
    pl: Any = pytest.importorskip("polars")
    log = pl.DataFrame({name: LOG[name] for name in NAMES.values()}, strict=False)
    paid = pl.Series([1, 2.5, None] * 4, dtype=pl.Object)
    mixed = pl.Series([7, "7", None] * 4, dtype=pl.Object)
    wide = pl.Series([2**100, -1, None] * 4, dtype=pl.Int128)
    for column in (paid.alias("amount"), mixed.alias("customer"), wide.alias("customer")):
        frame = log.with_columns(column)
        found = ka.summarise_purchases(frame.lazy(), **NAMES, as_of=AS_OF)
        assert_same_summary(found, ka.purchase_summary(frame, **NAMES, as_of=AS_OF))
    assert found.id.tolist() == [str(-1), str(2**100)]


def test_a_collation_makes_no_two_customers_one(duckdb_connection: Any) -> None:
    """A and a are two, also where DuckDB would sort and group them as one."""
    made = "SELECT 'a' COLLATE NOCASE AS customer, DATE '2026-01-01' AS date, 1.5 AS amount"
    more = "SELECT 'A', DATE '2026-01-02' + range::INT, 2.25 FROM range(3)"
    frame = duckdb_connection.sql(f"{made} UNION ALL {more}")
    expected = ka.purchase_summary(frame.to_arrow_table(), **NAMES, as_of=AS_OF)
    found = ka.summarise_purchases(frame, **NAMES, as_of=AS_OF)
    assert_same_summary(found, expected)
    assert found.id.tolist() == ["A", "a"]


def test_a_collation_of_spark_makes_no_two_customers_one(spark: Any) -> None:
    """A and a are two, also where Spark would group them as one."""
    log = spark.createDataFrame(pa.table({name: LOG[name][:2] for name in NAMES.values()}))
    frame = log.selectExpr("collate(lower(customer), 'UTF8_LCASE') AS customer", "date", "amount")
    frame = frame.union(frame.selectExpr("upper(customer)", "date", "amount"))
    found = ka.summarise_purchases(frame, **NAMES, as_of=AS_OF)
    assert found.id.tolist() == ["A", "B", "a", "b"]


@pytest.mark.parametrize("name", ["duckdb", "spark"])
def test_names_that_differ_by_case_alone_are_refused(
    request: pytest.FixtureRequest, name: str
) -> None:
    """DuckDB would take the first of them, Spark none."""
    query = "SELECT 'a' AS id, 'b' AS ID, DATE '2026-01-01' AS date, 1.5 AS amount"
    engine = request.getfixturevalue({"duckdb": "duckdb_connection", "spark": "spark"}[name])
    with pytest.raises(ka.ColumnError, match="2 columns of that name: 'id', 'ID'"):
        ka.summarise_purchases(engine.sql(query), **NAMES | {"customer": "ID"}, as_of=AS_OF)


@pytest.mark.parametrize("name", ["table", "polars lazy", "dataset", "duckdb"])
def test_later_parts_take_one_pass_each(
    kinds: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What leads to the days is not run twice to compare them with the first ones."""
    facts, read = OrderFacts.apply, [0]

    def counted(self: Any, columns: Any) -> Any:
        found = facts(self, columns)
        read[0] += len(found["state"])
        return found

    monkeypatch.setattr(OrderFacts, "apply", counted)
    frame = kinds(name).of(pa.table(LOG), [5])
    summary = ka.summarise_purchases(frame, **NAMES, as_of=AS_OF)
    for part in ("active_days", "mean_spend", "findings"):
        read[0] = 0
        _ = getattr(summary, part)
        assert read[0] == (0 if name == "table" else 12), part


def test_one_currency(nimble: Any) -> None:
    """A row without one is rejected; two are refused, but not for the sake of rows left out."""
    asked = {**NAMES, "currency": "currency", "as_of": AS_OF}
    log = LOG | {"currency": ["EUR", None, *["EUR"] * 3, "USD", *["EUR"] * 6]}  # USD: after as_of
    expected = ka.purchase_summary(log, **asked)
    assert expected.rows.rejected["no currency"] == 1
    assert_same_summary(ka.summarise_purchases(nimble.of(pa.table(log), [5]), **asked), expected)
    log["currency"][0] = "USD"
    with pytest.raises(ka.ColumnError, match=r"one currency.*'EUR', 'USD'"):
        ka.summarise_purchases(nimble.of(pa.table(log)), **asked)


def test_what_cannot_be_is_refused_before_the_engine_begins(pushed: Any) -> None:
    """Misspelt columns, texts for money, an order that there is not."""
    frame = pushed.of(pa.table(LOG))
    with pytest.raises(ka.ColumnNotFoundError, match="did you mean 'customer'"):
        ka.summarise_purchases(frame, **NAMES | {"customer": "custommer"}, as_of=AS_OF)
    with pytest.raises(ka.ColumnError, match="'currency' must hold numbers"):
        ka.summarise_purchases(frame, **NAMES | {"amount": "currency"}, as_of=AS_OF)
    with pytest.raises(ka.SpecError, match="its rows are in no order"):
        ka.summarise_purchases(frame, **NAMES, as_of=AS_OF, order="first_seen")
    with pytest.raises(ka.SpecError, match="must be one of 'net', 'drop'"):
        ka.summarise_purchases(frame, **NAMES, as_of=AS_OF, refunds="both")  # type: ignore[arg-type]
    with pytest.raises(ka.SpecError, match="date_format must be a text"):
        ka.summarise_purchases(frame, **NAMES, as_of=AS_OF, date_format=5)  # type: ignore[arg-type]


def test_sums_that_may_not_fit_are_refused(pushed: Any) -> None:
    """In the same words as in memory."""
    table = pa.table(LOG | {"amount": [9e300] * 12})
    with pytest.raises(ka.KeyAccountError) as expected:
        ka.purchase_summary(table, **NAMES, as_of=AS_OF)
    with pytest.raises(ka.KeyAccountError) as met:
        ka.summarise_purchases(pushed.of(table), **NAMES, as_of=AS_OF)
    assert met.value.fact == expected.value.fact


@pytest.mark.parametrize("name", ["pandas", "polars", "table", "batch", "reader"])
def test_what_is_in_memory_goes_the_usual_way(kinds: Any, name: str) -> None:
    """With the numbers of the rows, and in the order of the rows where that is asked for."""
    frame = kinds(name).of(pa.table(LOG))
    found = ka.summarise_purchases(frame, **NAMES, as_of=AS_OF, order="first_seen")
    assert_same_summary(found, ka.purchase_summary(LOG, **NAMES, as_of=AS_OF, order="first_seen"))
    assert {f.code: f.examples for f in found.findings}["no_date"] == ("row 9",)


def test_a_dict_is_a_frame() -> None:
    """Of columns in memory."""
    found = ka.summarise_purchases(LOG, **NAMES, as_of=AS_OF)
    assert_same_summary(found, ka.purchase_summary(LOG, **NAMES, as_of=AS_OF))


def test_objects_of_dask_are_one_customer_by_their_text(kinds: Any) -> None:
    """7 and "7": the log comes home, for pandas would keep them apart."""
    pd: Any = pytest.importorskip("pandas")
    _ = kinds("dask")
    import dask

    dd: Any = __import__("dask.dataframe").dataframe

    frame = pd.DataFrame(LOG | {"customer": pd.Series([7, "7", *["x"] * 10], dtype=object)})
    with dask.config.set({"dataframe.convert-string": False}):
        found = ka.summarise_purchases(dd.from_pandas(frame, npartitions=2), **NAMES, as_of=AS_OF)
    assert_same_summary(found, ka.purchase_summary(frame, **NAMES, as_of=AS_OF))
    assert found.id.tolist() == ["7", "x"]


def test_categories_of_dask_may_hold_both(kinds: Any) -> None:
    """7 and "7" again, as categories that only a pass over the log shows."""
    pd: Any = pytest.importorskip("pandas")
    _ = kinds("dask")
    dd: Any = __import__("dask.dataframe").dataframe
    for ids in ([7, "7"] * 6, [7.0, 8.0] * 6, ["b", None] * 6):
        frame = pd.DataFrame(LOG | {"customer": pd.Categorical(ids)})
        found = ka.summarise_purchases(dd.from_pandas(frame, npartitions=2), **NAMES, as_of=AS_OF)
        assert_same_summary(found, ka.purchase_summary(frame, **NAMES, as_of=AS_OF))


def test_the_index_of_dask_is_no_column(kinds: Any) -> None:
    """Of whatever name; and a name that is no text is told as in pandas."""
    pd: Any = pytest.importorskip("pandas")
    _ = kinds("dask")
    dd: Any = __import__("dask.dataframe").dataframe
    frame = pd.DataFrame(LOG | {"customer": ["A", "B"] * 6})
    held = frame.set_index("customer", drop=False).rename(columns={"currency": 0})
    log = dd.from_pandas(held, npartitions=2, sort=False)
    found = ka.summarise_purchases(log, **NAMES, as_of=AS_OF)
    assert_same_summary(found, ka.purchase_summary(frame, **NAMES, as_of=AS_OF))
    with pytest.raises(ka.ColumnError, match="got 0, of type int"):
        ka.summarise_purchases(log, **NAMES, currency="0", as_of=AS_OF)


def test_other_processes_say_what_a_row_is(kinds: Any, dask_client: Any) -> None:
    """What runs on the workers of a cluster is sent to them."""
    del dask_client  # Dask computes there as long as it is
    table = pa.table(LOG)
    found = ka.summarise_purchases(kinds("dask").of(table, [5]), **NAMES, as_of=AS_OF)
    assert_same_summary(found, ka.purchase_summary(table, **NAMES, as_of=AS_OF))


def test_a_log_that_changes_is_told(kinds: Any) -> None:
    """Days are counted when they are asked for; a customer who was not there is no small matter."""
    pl: Any = pytest.importorskip("polars")
    held = [pl.DataFrame({k: LOG[k][:2] for k in LOG})]
    source = pl.defer(lambda: held[0], schema=held[0].schema)
    found = ka.summarise_purchases(source, **NAMES, as_of=AS_OF)
    held[0] = held[0].with_columns(customer=pl.lit("new"))
    with pytest.raises(ka.KeyAccountError, match="while it was read: customer 'new'"):
        _ = found.active_days


def test_partial_results_of_files_are_grouped_again(
    kinds: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many batches there are, what is kept has the size of what comes out."""
    monkeypatch.setattr("keyaccount.engines.grouping._COMPACTED_AT", 4)
    table = pa.table(LOG)
    frame = kinds("dataset").of(table, list(range(12)))
    found = ka.summarise_purchases(frame, **NAMES, margin="margin", as_of=AS_OF)
    assert_same_summary(found, ka.purchase_summary(table, **NAMES, margin="margin", as_of=AS_OF))


def test_a_summary_feeds_any_spec(nimble: Any) -> None:
    """Rfm scores the customers of a log that stayed where it was."""
    summary = ka.summarise_purchases(nimble.of(pa.table(LOG)), **NAMES, as_of=AS_OF)
    rfm = ka.Rfm(cuts=ka.MeanCut())
    expected = rfm.fit(ka.purchase_summary(LOG, **NAMES, as_of=AS_OF))
    assert rfm.fit(summary) == expected
    assert np.array_equal(summary.count, [1, 4, 0])
