"""The algebra of a purchase summary: order, splits, merges and money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import assert_same_bits, purchase_logs

OPTIONS = st.fixed_dictionaries(
    {
        "refunds": st.sampled_from(["net", "drop"]),
        "same_day": st.sampled_from(["keep", "merge"]),
        "time_unit": st.sampled_from(["day", "week"]),
        "as_of": st.sampled_from(["2025-12-31", "2026-01-01", "2026-01-12", "2026-12-31"]),
    }
)


def summary_of(log: Any, **options: Any) -> ka.PurchaseSummary:
    """Sum up a drawn log, with margins."""
    names: dict[str, Any] = {
        "customer": "customer",
        "at": "date",
        "amount": "amount",
        "margin": "margin",
    }
    return ka.purchase_summary(log, **names, **options)


def taken(log: Mapping[str, Any], rows: Any) -> dict[str, Any]:
    """Give some rows of a log."""
    return {name: column[rows] for name, column in log.items()}


def assert_same(found: ka.PurchaseSummary, expected: ka.PurchaseSummary) -> None:
    """Hold two summaries to be the same to the bit."""
    for name in expected.column_names:
        assert_same_bits(found[name], expected[name], name)


@given(purchase_logs(), OPTIONS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(log: Any, options: Any, random: Any) -> None:
    """Not to the last bit, and not to the counts."""
    rows = list(range(len(log["date"])))
    random.shuffle(rows)
    found, expected = summary_of(taken(log, rows), **options), summary_of(log, **options)
    assert_same(found, expected)
    assert found.rows.rejected == expected.rows.rejected
    for count in ("read", "kept", "after_as_of", "same_day", "duplicates"):
        assert getattr(found.rows, count) == getattr(expected.rows, count)


@given(st.lists(st.floats(-1e9, 1e9), max_size=40), st.randoms(use_true_random=False))
def test_fractions_of_cents_add_up_in_any_order(amounts: list[float], random: Any) -> None:
    """Rounded once, at the end."""
    ids, days = np.arange(len(amounts)) % 3, np.full(len(amounts), "2026-01-01", "M8[D]")
    log = {"customer": ids, "date": days, "amount": np.array(amounts), "margin": ids * 1.0}
    rows = list(range(len(amounts)))
    random.shuffle(rows)
    expected = summary_of(log, as_of="2026-01-01")
    assert_same(summary_of(taken(log, rows), as_of="2026-01-01"), expected)


@given(purchase_logs(), OPTIONS)
def test_a_log_may_be_split_by_customer(log: Any, options: Any) -> None:
    """A customer's summary rests on the customer's own rows."""
    whole = summary_of(log, **options)
    for i, customer in enumerate(whole.id):
        alone = summary_of(taken(log, log["customer"] == customer), **options)
        for name in whole.column_names:
            assert_same_bits(alone[name], whole[name][i : i + 1], name)


@given(purchase_logs(), OPTIONS)
def test_ids_and_columns_of_any_kind_give_the_same(log: Any, options: Any) -> None:
    """Text ids in Arrow memory with nulls, and whole numbers in numpy."""
    texts = [f"C{i}" for i in log["customer"]]
    table = pa.table({**log, "customer": pa.array(texts, pa.string())})
    found, expected = summary_of(table, **options), summary_of(log, **options)
    assert found.id.tolist() == [f"C{i}" for i in expected.id]
    for name in expected.column_names[1:]:
        assert_same_bits(found[name], expected[name], name)


@given(purchase_logs(), OPTIONS)
def test_rows_balance(log: Any, options: Any) -> None:
    """Every row is a purchase, a refund, later, or rejected."""
    found = summary_of(log, **options)
    rows = found.rows
    refunds = rows.refunds_netted + rows.refunds_dropped
    assert rows.read == len(log["date"])
    assert rows.read == rows.purchases + refunds + rows.after_as_of + sum(rows.rejected.values())
    assert rows.same_day == rows.purchases - found.active_days.sum()
    if options["same_day"] == "keep":
        assert rows.purchases == found.count.sum()


@given(purchase_logs(), st.sampled_from(["keep", "merge"]))
def test_totals_add_up_to_the_money_of_the_log(log: Any, same_day: str) -> None:
    """To the cent: nothing is lost between the rows and the customers."""
    found = summary_of(log, as_of="2026-12-31", same_day=same_day)
    known = np.isfinite(log["amount"]) & ~np.isnat(log["date"])
    cents = [round(100 * a) for a in log["amount"][known].tolist()]
    assert sum(round(100 * t) for t in found.total.tolist()) == sum(cents)


@given(purchase_logs())
def test_merging_days_that_are_merged_changes_nothing(log: Any) -> None:
    """A log of one row per customer and day says the same under both rules."""
    keep = taken(log, np.isfinite(log["amount"]) & (log["amount"] >= 0.0))
    keys = list(zip(keep["customer"].tolist(), keep["date"].tolist(), strict=True))
    first = [i for i, key in enumerate(keys) if key not in keys[:i]]
    once = taken(keep, first)
    merged = summary_of(once, as_of="2026-12-31", same_day="merge")
    assert_same(merged, summary_of(once, as_of="2026-12-31", same_day="keep"))


@given(purchase_logs())
def test_netting_lowers_dropping_merges_and_neither_moves_a_day(log: Any) -> None:
    """Options change what they speak of, and nothing else."""
    net = summary_of(log, as_of="2026-12-31")
    drop = summary_of(log, as_of="2026-12-31", refunds="drop")
    merge = summary_of(log, as_of="2026-12-31", same_day="merge")
    assert (net.total <= drop.total).all()
    assert (merge.count <= net.count).all()
    assert (merge.count == net.active_days).all()
    for name in ("id", "first", "last", "active_days", "days_since", "recency", "T"):
        assert_same_bits(drop[name], net[name], name)
        assert_same_bits(merge[name], net[name], name)


@given(purchase_logs(), st.integers(0, 30))
def test_time_goes_on_and_nothing_else(log: Any, days: int) -> None:
    """A later as_of without later orders makes T and days_since longer by the days between."""
    early = summary_of(log, as_of="2026-03-01")
    late = summary_of(log, as_of=np.datetime64("2026-03-01") + np.timedelta64(days, "D"))
    assert_same_bits(late.T, early.T + days)
    assert_same_bits(late.days_since, early.days_since + days)
    assert (early.recency <= early.T).tolist() == (early.count > 0).tolist()
    assert_same_bits(late.recency, early.recency)


@given(purchase_logs())
def test_first_seen_is_a_reordering(log: Any) -> None:
    """The same customers, in the order of their first row that is kept."""
    seen = summary_of(log, as_of="2026-12-31", order="first_seen")
    expected = summary_of(log, as_of="2026-12-31")
    order = np.argsort(seen.id)
    for name in expected.column_names:
        assert_same_bits(seen[name][order], expected[name], name)
    kept = np.isfinite(log["amount"]) & ~np.isnat(log["date"])
    assert seen.id.tolist() == list(dict.fromkeys(log["customer"][kept].tolist()))
