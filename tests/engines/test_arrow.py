"""pyarrow: nothing is copied that fits, streams stay streams, metadata stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

import keyaccount as ka
from keyaccount.testing import assert_same_bits

SPEC = ka.CompositeScorer(
    criteria=[ka.Criterion("x", column="x", value=ka.Linear(0, 4))], weights={"x": 1.0}
)


def test_the_words_beside_a_schema_stay() -> None:
    """Metadata of the table and of its fields is the caller's."""
    field = pa.field("x", pa.float64(), metadata={"unit": "EUR"})
    table = pa.table({"x": [1.0]}, schema=pa.schema([field], metadata={"owner": "sales"}))
    for found in (
        ka.apply(table, SPEC),
        ka.apply(table.to_batches()[0], SPEC),
        ka.apply(table.to_reader(), SPEC),
    ):
        assert found.schema.metadata == {b"owner": b"sales"}
        assert found.schema.field("x").metadata == {b"unit": b"EUR"}


def test_the_columns_there_are_not_copied() -> None:
    """What comes back holds the very buffers that were given, chunk by chunk."""
    table = pa.concat_tables([pa.table({"x": [1.0, 2.0]}), pa.table({"x": [3.0]})])
    found = ka.apply(table, SPEC)
    before = [chunk.buffers()[1].address for chunk in table["x"].chunks]
    assert [chunk.buffers()[1].address for chunk in found["x"].chunks] == before


def test_a_reader_is_read_when_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch is scored when it is read, one by one, and the schema is known before."""
    read: list[int] = []

    def batches() -> Iterator[Any]:
        for i in range(3):
            read.append(i)
            yield pa.record_batch({"x": [float(i)]})

    reader = pa.RecordBatchReader.from_batches(pa.schema([("x", pa.float64())]), batches())
    found = ka.apply(reader, SPEC)
    assert found.schema.names == ["x", *SPEC.writes]
    assert read == []
    assert found.read_next_batch()["score"].to_pylist() == [0.0]
    assert read == [0]
    assert found.read_all()["score"].to_pylist() == [0.25, 0.5]


def test_files_in_folders_are_one_stream(tmp_path: Any) -> None:
    """A dataset cut by folders, of many files and row groups, is read once and in order."""
    rng = np.random.default_rng(1)
    book = {"x": rng.normal(2, 2, 5_000), "region": np.repeat(["east", "west"], 2_500)}
    ds.write_dataset(
        pa.table(book),
        tmp_path,
        format="parquet",
        partitioning=["region"],
        max_rows_per_group=300,
        max_rows_per_file=900,
    )
    files = ds.dataset(tmp_path, partitioning=["region"])
    stream = ka.apply(files, SPEC)
    assert stream.schema.names == ["x", "region", *SPEC.writes]
    found = stream.read_all()
    assert_same_bits(np.sort(found["score"].to_numpy()), np.sort(SPEC.apply(book)["score"]))
    pq.write_table(pa.table(book), tmp_path / "again.parquet")  # the folder is free again


def test_a_stream_can_be_written_as_it_comes(tmp_path: Any) -> None:
    """From files to files with one batch in memory."""
    pq.write_table(pa.table({"x": np.arange(1_000.0)}), tmp_path / "book.parquet")
    stream = ka.apply(ds.dataset(tmp_path / "book.parquet"), SPEC)
    ds.write_dataset(stream, tmp_path / "scored", format="parquet")
    found = ds.dataset(tmp_path / "scored").to_table()
    assert_same_bits(found["score"].to_numpy(), SPEC.apply({"x": np.arange(1_000.0)})["score"])


def test_codes_are_a_dictionary() -> None:
    """The labels stand once, and what is missing is null."""
    spec = ka.ndf(status="deal_status")
    name, column = next(iter(spec.writes.items()))
    table = pa.table({"profit": [3e6, None], "deal_status": ["deal", None]})
    found = ka.apply(table, spec)[name]
    assert found.type == pa.dictionary(pa.int32(), pa.string())
    assert found.null_count == 1
    assert found.chunk(0).dictionary.to_pylist() == list(column.labels)


@pytest.mark.parametrize("n", [0, 1, 7, 8, 9, 63, 64, 65])
def test_bits_of_missing_values_are_where_they_belong(n: int) -> None:
    """The bitmap of nulls is right at every length around a byte and a word."""
    x = np.where(np.arange(n) % 3 == 0, np.nan, 1.0)
    spec = ka.CompositeScorer(
        criteria=[ka.Criterion("x", column="x", value=ka.Linear(0, 4), missing="reject")],
        weights={"x": 1.0},
    )
    found = ka.apply(pa.table({"x": x}), spec)["score"]
    found.validate(full=True)
    assert found.to_pylist() == [None if i % 3 == 0 else 0.25 for i in range(n)]


@pytest.mark.parametrize("size", [100, 70_000])
def test_chunks_do_not_show(size: int) -> None:
    """Scored one by one where they are large, together where they are small."""
    rng = np.random.default_rng(2)
    x = rng.normal(2, 2, 3 * size + 5)
    x[rng.random(len(x)) < 0.1] = np.nan
    whole = pa.table({"x": pa.array(x, from_pandas=True), "row": range(len(x))})
    cut = pa.concat_tables([whole.slice(i, size) for i in range(0, len(x), size)])
    found = ka.apply(cut, SPEC)
    assert found["score"].num_chunks == (1 if size == 100 else 4)
    assert found.combine_chunks().equals(ka.apply(whole, SPEC).combine_chunks())
    codes = ka.apply(cut, _tiers(), prefix="t_")
    assert codes.combine_chunks().equals(ka.apply(whole, _tiers(), prefix="t_").combine_chunks())


def _tiers() -> ka.Matrix:
    return ka.Matrix("tier", axes=(ka.Axis("x", "x", bands=(0, 2), codes=("C", "B", "A")),))


def test_a_name_that_is_there_twice() -> None:
    """Tables and readers keep two columns that nobody reads; a dataset cannot read them."""
    table = pa.table([[1.0], [2.0], [3.0]], names=["x", "y", "y"])
    for frame in (table, table.to_batches()[0], table.to_reader()):
        assert ka.apply(frame, SPEC).schema.names[:4] == ["x", "y", "y", "score"]
    for work in (ka.apply, ka.fit):
        with pytest.raises(ka.ColumnError, match=r"'y' .* two columns of that name"):
            work(ds.dataset(table), SPEC)
