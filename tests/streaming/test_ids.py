"""Ids as eight bytes: found, told apart, looked up, without a text per row in the memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.streaming.ids import StoredIds, hashes_of, id_texts
from keyaccount.streaming.named import Named
from keyaccount.streaming.source import Source

TEXTS = st.lists(st.text(max_size=20), max_size=12)


@settings(max_examples=60, deadline=None)
@drawn(TEXTS, st.integers(0, 12), st.integers(0, 3))
def test_a_hash_is_of_the_text_alone(texts: list[str], start: int, seed: int) -> None:
    """Where a text stands in its column changes nothing, and other texts have other hashes."""
    column = pa.array(texts, pa.large_string())
    hashes = hashes_of(column, seed)
    assert hashes_of(column.slice(start), seed).tolist() == hashes[start:].tolist()
    alone = [hashes_of(pa.array([t], pa.large_string()), seed)[0] for t in texts]
    assert hashes.tolist() == alone
    assert len(set(hashes.tolist())) == len(set(texts))


def test_short_texts_never_share_a_hash() -> None:
    """Up to eight bytes the mixing can be undone: a hundred thousand of them differ."""
    numbers = pa.array(np.arange(100_000)).cast(pa.large_string())
    assert len(np.unique(hashes_of(numbers))) == 100_000


@settings(max_examples=40, deadline=None)
@drawn(TEXTS, TEXTS)
def test_the_named_are_found(book: list[str], named: list[str]) -> None:
    """Exactly the rows whose ids are named, each with its place."""
    texts = pa.array(book, pa.large_string())
    found = Named.of(named)
    rows, places = found.find(texts, hashes_of(texts, found.seed))
    assert rows.tolist() == [i for i, text in enumerate(book) if text in named]
    assert found.texts.take(places).to_pylist() == [book[i] for i in rows]


def test_a_hash_alone_proves_nothing() -> None:
    """Another text that had the same hash would not be taken for the account."""
    texts = pa.array(["a"], pa.large_string())
    day = np.array(["NaT"], dtype="datetime64[D]")
    other = Named(pa.array(["b"], pa.large_string()), hashes_of(texts), day, 0)
    rows, places = other.find(texts, hashes_of(texts))
    assert (rows.tolist(), places.tolist()) == ([], [])


def test_what_is_said_last_of_an_account_holds() -> None:
    """An account named twice is one, with its last day."""
    days = np.array(["2025-01-01", "2026-01-01", "2024-01-01"], dtype="datetime64[D]")
    named = Named.of(["a", "a", "b"], days)
    texts = named.texts.to_pylist()
    assert dict(zip(texts, named.days.astype(str).tolist(), strict=True)) == {
        "a": "2026-01-01",
        "b": "2024-01-01",
    }


def test_ids_are_read_when_they_are_asked_for(stored: Path, book: pa.Table) -> None:
    """A row, a mask, rows of rows: the same texts as in the table."""
    source, texts = Source.of(stored), np.array(book["id"].to_pylist(), dtype=object)
    ids = StoredIds(source, "id", 64)
    rows = np.array([499, 3, 64, 63, 3])
    assert ids[rows].tolist() == texts[rows].tolist()
    assert ids[slice(None)][rows][np.array([1, 0])].tolist() == texts[[3, 499]].tolist()
    assert sorted(ids[texts == texts[7]]) == [texts[7]]
    assert ids[rows].astype(str).tolist() == texts[rows].tolist()
    assert len(ids) == len(book)


@pytest.mark.parametrize(
    ("column", "written"),
    [
        (pa.array([7, -1]), ["7", "-1"]),
        (pa.array(["a", " b "]), ["a", " b "]),
        (pa.array(["a", "b"]).dictionary_encode(), ["a", "b"]),
        (pa.array([7.0, 7.5]), ["7", "7.5"]),
        (pa.chunked_array([["a"], ["b"]]), ["a", "b"]),
    ],
)
def test_ids_are_written_as_everywhere(column: pa.Array, written: list[str]) -> None:
    """A number is its digits, a whole float a whole number."""
    assert id_texts(column).to_pylist() == written


def _refusal(folder: Path, ids: pa.Array, part_rows: int) -> ka.KeyAccountError:
    pq.write_table(pa.table({"id": ids, "a": np.arange(float(len(ids)))}), folder / "b.parquet")
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("a", column="a", value=ka.Percentile())], weights={"a": 1}
    )
    policy = ka.SelectionPolicy(ka.TopCount(1))
    with pytest.raises(ka.RowError) as refused:
        ka.stream_review(
            folder / "b.parquet", scorer, policy, out=folder / "out", part_rows=part_rows
        )
    return refused.value


def test_ids_that_occur_twice_are_refused(tmp_path: Path) -> None:
    """Wherever the two rows are; the message is that of a book in memory."""
    ids = ["a long account name", "b", "c", "a long account name", "c", "c"]
    refused = _refusal(tmp_path, pa.array(ids), 2)
    assert isinstance(refused, ka.DuplicateIdError)
    with pytest.raises(ka.DuplicateIdError) as expected:
        ka.select(np.arange(6.0), ka.TopCount(1), ids=ids)
    assert refused.fact == expected.value.fact.replace("'ids'", "'id'")


@pytest.mark.parametrize("blank", [None, "", " \t "])
def test_rows_without_an_id_are_refused(tmp_path: Path, blank: str | None) -> None:
    """They are named by their row in the book."""
    refused = _refusal(tmp_path, pa.array(["a", "b", "c", blank, "d"]), 2)
    assert refused.fact == "column 'id': 1 row has no id (row 3: None)"
