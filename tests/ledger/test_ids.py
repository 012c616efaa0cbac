"""A customer is the same whatever type the ids have, and ids come back in their own kind."""

from __future__ import annotations

import math
import string
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.ledger import packing, slots
from keyaccount.ledger.ids import read_customers
from keyaccount.ledger.slots import slots_of
from keyaccount.testing import assert_same_bits


def summary_of(ids: Any, n: int | None = None) -> ka.PurchaseSummary:
    """Sum up one order per id: day and amount count up."""
    n = len(ids) if n is None else n
    days = np.datetime64("2026-01-01") + np.arange(n)
    log = {"id": ids, "day": days, "paid": np.arange(float(n))}
    return ka.purchase_summary(log, customer="id", at="day", amount="paid", as_of="2027-12-31")


NUMBERS = [7, 3, 7, 12, 3, 7]
TEXTS = ["b7", "a3", "b7", "c12", "a3", "b7"]


@pytest.mark.parametrize(
    "ids",
    [
        NUMBERS,
        tuple(NUMBERS),
        np.array(NUMBERS),
        np.array(NUMBERS, dtype=np.int32),
        np.array(NUMBERS, dtype=np.uint8),
        np.array(NUMBERS, dtype=np.float64),
        np.array(NUMBERS, dtype=object),
        np.repeat(np.array(NUMBERS), 2)[::2],
        pd.Series(NUMBERS),
        pd.Series(NUMBERS, dtype="Int32"),
        pd.Series(NUMBERS, dtype="category"),
        pd.Series(NUMBERS, dtype="int64[pyarrow]"),
        pl.Series(NUMBERS),
        pa.array(NUMBERS),
        pa.chunked_array([NUMBERS[:2], NUMBERS[2:]]),
        pa.array(NUMBERS).dictionary_encode(),
    ],
    ids=lambda ids: f"{type(ids).__module__}.{getattr(ids, 'dtype', getattr(ids, 'type', ''))}",
)
def test_whole_numbers_stay_whole_numbers(ids: Any) -> None:
    """Whatever holds them."""
    found = summary_of(ids)
    assert found.id.dtype.kind in "iu"
    assert found.id.tolist() == [3, 7, 12]
    assert found.total.tolist() == [5.0, 7.0, 3.0]


@pytest.mark.parametrize(
    "ids",
    [
        TEXTS,
        np.array(TEXTS),
        np.array(TEXTS, dtype=object),
        np.repeat(np.array(TEXTS), 2)[::2],
        np.array(TEXTS).astype(">U3"),
        pd.Series(TEXTS),
        pd.Series(TEXTS, dtype=object),
        pd.Series(TEXTS, dtype="string[python]"),
        pd.Series(TEXTS, dtype="category"),
        pl.Series(TEXTS),
        pl.Series(TEXTS, dtype=pl.Categorical),
        pl.Series(TEXTS, dtype=pl.Enum(["c12", "b7", "unused", "a3"])),
        pa.array(TEXTS),
        pa.array(TEXTS, pa.large_string()),
        pa.array(TEXTS, pa.string_view()),
        pa.array(["x", *TEXTS]).slice(1),
        pa.chunked_array([TEXTS[:2], TEXTS[2:]]),
        pa.chunked_array([TEXTS[:2], TEXTS[2:]]).dictionary_encode(),
    ],
    ids=lambda ids: f"{type(ids).__module__}.{getattr(ids, 'dtype', getattr(ids, 'type', ''))}",
)
def test_texts_stay_texts(ids: Any) -> None:
    """Whatever holds them; they sort as texts."""
    found = summary_of(ids)
    assert found.id.tolist() == ["a3", "b7", "c12"]
    assert found.total.tolist() == [5.0, 7.0, 3.0]


@pytest.mark.parametrize(
    "ids",
    [
        ["a", None, " ", "a"],
        np.array(["a", "", " ", "a"]),
        pd.Series(["a", None, " ", "a"]),
        pd.Series(["a", None, " ", "a"], dtype=object),
        pd.Series(["a", None, " ", "a"], dtype="category"),
        pl.Series(["a", None, " ", "a"]),
        pl.Series(["a", None, " ", "a"], dtype=pl.Categorical),
        pa.array(["a", None, " ", "a"]),
        pa.array(["a", None, " ", "a"]).dictionary_encode(),
        ["a", float("nan"), " ", "a"],
    ],
)
def test_a_missing_or_blank_text_is_no_customer(ids: Any) -> None:
    """Such rows are rejected and counted."""
    found = summary_of(ids)
    assert found.id.tolist() == ["a"]
    assert found.rows.rejected == {"no customer": 2}


@pytest.mark.parametrize(
    "ids",
    [
        [7, None, 7],
        np.array([7.0, np.nan, 7.0]),
        np.ma.masked_array([7, 1, 7], mask=[False, True, False]),
        pd.Series([7, None, 7]),
        pd.Series([7, None, 7], dtype="Int64"),
        pd.Series([7, None, 7], dtype="category"),
        pl.Series([7, None, 7]),
        pa.array([7, None, 7]),
        pa.array([7, None, 7]).dictionary_encode(),
    ],
)
def test_whole_numbers_with_gaps_stay_whole_numbers(ids: Any) -> None:
    """A gap does not turn 7 into 7.0."""
    found = summary_of(ids)
    assert found.id.tolist() == [7]
    assert found.id.dtype.kind in "iu"
    assert found.rows.rejected == {"no customer": 1}


@pytest.mark.parametrize(
    "ids",
    [
        [9, 10, None],
        [9, np.int64(10), None],
        [9.0, 10.0, None],
        [9, 10.0, math.nan],
        np.array([np.int64(9), np.int32(10), None], dtype=object),
        pd.Series([9, 10, pd.NA], dtype=object),
        pd.Series([9, 10, None], dtype=object),
        pd.Series([9, 10, math.nan], dtype=object),
        pd.Series([9, 10, pd.NaT], dtype=object),
        pd.Series([9, 10, None]),
        pd.Series([9, 10, None], dtype="Int64"),
        pl.Series([9, 10, None]),
        pa.array([9, 10, None]),
    ],
)
def test_whole_numbers_are_the_same_customers_in_every_container(ids: Any) -> None:
    """Whatever stands for the gap: 9 comes before 10, which as texts it would not."""
    found = summary_of(ids)
    assert found.id.dtype.kind in "iu"
    assert found.id.tolist() == [9, 10]
    assert found.rows.rejected == {"no customer": 1}


def test_unsigned_ids_are_the_same_customers_in_every_container() -> None:
    """Numbers of 64 bits without a sign stay numbers as objects too."""
    ids = [2**64 - 1, 9, 2**64 - 1]
    for column in (
        ids,
        np.array(ids, dtype=np.uint64),
        np.array(ids, dtype=object),
        pl.Series(ids),
    ):
        assert summary_of(column).id.tolist() == [9, 2**64 - 1]


def test_numbers_beside_texts_are_known_by_their_text() -> None:
    """7 and "7" are one customer then, and a finding says so."""
    found = summary_of([7, "7", "A", 7.0, None])
    assert found.id.tolist() == ["7", "A"]
    assert found.count.tolist() == [3, 1]
    (told,) = [f for f in found.findings if f.code == "mixed_ids"]
    assert told.count == 2
    assert "2 of 5 ids" in told.message


@pytest.mark.parametrize(
    ("ids", "customers", "shown"),
    [
        ([1.0, "1"], ["1"], "1.0"),
        (["1", np.float64(1.0), math.nan], ["1"], "1.0"),
        ([Decimal("1.50"), "1.5"], ["1.5"], "1.50"),
        ([date(2026, 1, 2), "2026-01-02"], ["2026-01-02"], "2026-01-02"),
        (pd.Series([1.0, "1"], dtype="category"), ["1"], "1.0"),
    ],
)
def test_whatever_becomes_a_text_beside_texts_is_told(
    ids: Any, customers: list[str], shown: str
) -> None:
    """Fractions, money and dates, not numbers alone."""
    found = summary_of(ids)
    assert found.id.tolist() == customers
    (told,) = [f for f in found.findings if f.code == "mixed_ids"]
    assert (told.count, told.examples) == (1, (shown,))


def test_texts_with_gaps_are_not_mixed() -> None:
    """NaN, NA and NaT are missing, not numbers beside texts."""
    found = summary_of(np.array(["a", math.nan, pd.NA, pd.NaT, None], dtype=object))
    assert found.id.tolist() == ["a"]
    assert [f.code for f in found.findings] == ["no_customer"]


def test_ids_that_differ_in_blanks_only_are_told() -> None:
    """They are counted apart; blanks around or within, of any width, are meant."""
    ids = [" a", "a ", "b", "c  d", "c d", "e ", "f\u3000g", "f g", "fg"]
    for column in (ids, pd.Series(ids), pl.Series(ids), pa.array(ids)):
        found = summary_of(column)
        assert len(found) == len(ids)
        (told,) = [f for f in found.findings if f.code == "ids_alike"]
        assert told.message == "6 customers counted apart though alike but for blanks in the id"
        assert told.examples == ("' a'", "'a '", "'c  d'", "'c d'", "'f g'")
    for column in ([1, 2], ["a ", "b"], ["a b", "ab"], []):
        assert not [f for f in summary_of(column).findings if f.code == "ids_alike"]


def test_other_ids_are_known_by_their_text() -> None:
    """Fractions, dates, numbers beyond 64 bits, money: as labels are."""
    assert summary_of([1.5, 2.0, 1.5]).id.tolist() == ["1.5", "2"]
    assert summary_of([2**70, 1, 2**70]).id.tolist() == ["1", str(2**70)]
    assert summary_of([Decimal("7.0"), Decimal(7)]).id.tolist() == ["7"]
    assert summary_of(np.array(["2026-01-01"], dtype="datetime64[D]")).id.tolist() == ["2026-01-01"]


def test_ids_of_full_width_are_kept_to_the_last_digit() -> None:
    """The ends of 64 bits, with and without a sign."""
    signed = np.array([2**63 - 1, -(2**63), 2**63 - 2, 0])
    assert summary_of(signed).id.tolist() == sorted(signed.tolist())
    unsigned = np.array([2**64 - 1, 2**63, 2**64 - 2, 0, 2**63], dtype=np.uint64)
    assert summary_of(unsigned).id.tolist() == sorted(set(unsigned.tolist()))
    high = np.array([2**64 - 1, 2**64 - 3], dtype=np.uint64)
    assert summary_of(high).id.tolist() == [2**64 - 3, 2**64 - 1]


def test_texts_with_zeros_and_of_any_length_are_told_apart() -> None:
    """A zero at the end of a text is a letter like any other."""
    for ids in (["a", "a\0", "a"], pa.array(["a", "a\0", "a"]), ["x" * 400, "x" * 401]):
        assert len(summary_of(ids)) == 2
    wide = [f"{i:064d}{'y' * i}" for i in range(50)]
    assert summary_of(wide).id.tolist() == wide


words = st.text(st.sampled_from(string.ascii_letters + "0 é漢𝄞"), max_size=12)


@given(st.lists(words | st.none(), max_size=20))
def test_a_text_is_the_same_customer_in_every_container(ids: list[str | None]) -> None:
    """Packed, hashed or coded: the same customers, the same rows."""
    expected = summary_of(ids)
    known = sorted({i for i in ids if i is not None and i.strip()})
    assert expected.id.tolist() == known
    for other in (
        pa.array(ids, pa.string()),
        pl.Series(ids, dtype=pl.String),
        pd.Series(ids, dtype=object),
    ):
        found = summary_of(other)
        assert found.id.tolist() == expected.id.tolist()
        assert_same_bits(found.total, expected.total)
        assert_same_bits(found.count, expected.count)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=40))
def test_whole_numbers_and_their_texts_are_the_same_customers(ids: list[int]) -> None:
    """Written with leading zeros they even sort alike."""
    numbers, texts = summary_of(ids), summary_of([f"{i:07d}" for i in ids])
    assert [f"{i:07d}" for i in numbers.id] == texts.id.tolist()
    for name in numbers.column_names[1:]:
        assert_same_bits(numbers[name], texts[name], name)


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(0, 9), min_size=1, max_size=60))
def test_slots_are_a_numbering(numbers: list[int]) -> None:
    """Equal numbers share a slot, slots rise with their numbers and give them back."""
    array = np.array(numbers, dtype=np.int64)
    found = slots_of(array)
    assert found.numbers(found.codes).tolist() == numbers
    assert found.codes.max() < found.size
    assert np.array_equal(np.argsort(found.codes, kind="stable"), np.argsort(array, kind="stable"))


@pytest.mark.parametrize("rows", [1, 5, 70_000])
def test_many_far_numbers_find_their_slots(rows: int) -> None:
    """More keys than places in the first table: the later ones take them."""
    array = np.random.default_rng(0).integers(-(2**62), 2**62, rows)
    found = slots_of(np.concatenate([array, array[::-1]]))
    assert found.size == rows
    assert np.array_equal(found.numbers(found.codes)[:rows], array)


def test_numbers_made_to_collide_are_still_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """When every multiplier sends all keys to one place, sorting finishes the work."""
    monkeypatch.setattr(slots, "_MULTIPLIERS", (1, 1))
    array = np.array([5, 2**40, 5, 2**40 + 1, 9, 2**40 + 1])
    found = slots_of(array)
    assert found.numbers(found.codes).tolist() == array.tolist()
    assert np.array_equal(found.codes, np.unique(array, return_inverse=True)[1])


def test_a_shared_hash_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts too rich to pack are hashed; where two share a hash, they are coded one by one."""
    random = np.random.default_rng(0)
    letters = np.array(list(string.ascii_letters))
    rich = ["".join(word) for word in random.choice(letters, (30, 40))] * 2
    assert summary_of(rich).id.tolist() == sorted(set(rich))
    monkeypatch.setattr(packing, "_mixed", lambda texts: np.zeros(len(texts), dtype=np.uint64))
    assert summary_of(rich).id.tolist() == sorted(set(rich))
    assert summary_of(pa.array(rich)).id.tolist() == sorted(set(rich))


def test_long_logs_are_worked_off_in_blocks() -> None:
    """More rows than a block holds, under four ways of telling customers apart."""
    codes = np.random.default_rng(0).integers(0, 1_000, 60_000)
    expected = summary_of(codes)
    texts = {
        "packed": [f"C{i:04d}" for i in range(1_000)],
        "of many lengths": [f"C{i}" for i in range(1_000)],
        "hashed": [f"{i:04d}{'abcdefghij'[i % 10 :] * 9}" for i in range(1_000)],
    }
    for kind, names in texts.items():
        found = summary_of(pa.array(names).take(pa.array(codes)))
        order = np.argsort([names.index(i) for i in found.id])
        for name in expected.column_names[1:]:
            assert_same_bits(found[name][order], expected[name], f"{kind}: {name}")
    far = summary_of(codes * 2**40)
    assert (far.id == expected.id * 2**40).all()
    assert_same_bits(far.total, expected.total)


def test_categories_keep_their_codes() -> None:
    """Nothing is looked up per row; unused categories are no customers."""
    series = pd.Series(pd.Categorical(["x", "z", "x"], categories=["z", "y", "x"]))
    found = read_customers(series, "id")
    assert found.codes.tolist() == [found.codes[0], found.codes[1], found.codes[0]]
    assert summary_of(series).id.tolist() == ["x", "z"]
