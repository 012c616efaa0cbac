"""A book is the same book however its rows lie in files."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

import keyaccount as ka

Contents = Callable[[Path], dict[str, bytes]]


@pytest.fixture
def sorted_book(book: pa.Table) -> pa.Table:
    """Put the book in the order of its sectors, in which a folder of partitions has it."""
    known = book.filter(pc.is_valid(book["sector"]))
    return known.sort_by("sector").combine_chunks()


def _in_one(book: pa.Table, folder: Path) -> Path:
    pq.write_table(book, folder / "book.parquet")
    return folder / "book.parquet"


def _in_small_groups(book: pa.Table, folder: Path) -> Path:
    pq.write_table(book, folder / "small.parquet", row_group_size=7)
    return folder / "small.parquet"


def _in_a_folder(book: pa.Table, folder: Path) -> Path:
    place = folder / "folder" / "nested"
    place.mkdir(parents=True)
    for i, start in enumerate(range(0, len(book), 130)):
        pq.write_table(book.slice(start, 130), place / f"part-{i}.parquet", row_group_size=33)
    pq.write_table(book.slice(0, 0), place / "part-9.parquet")
    (place / "_SUCCESS").touch()
    (place / ".hidden.parquet").touch()
    return folder / "folder"


def _in_partitions(book: pa.Table, folder: Path) -> Path:
    ds.write_dataset(
        book,
        folder / "hive",
        format="parquet",
        partitioning=ds.partitioning(pa.schema([("sector", pa.string())]), flavor="hive"),
    )
    return folder / "hive"


def _as_dictionary(book: pa.Table, folder: Path) -> Path:
    encoded = book.set_column(3, "sector", pc.dictionary_encode(book["sector"]))
    pq.write_table(encoded, folder / "encoded.parquet")
    return folder / "encoded.parquet"


LAYOUTS = [_in_small_groups, _in_a_folder, _in_partitions, _as_dictionary]


@pytest.mark.parametrize("lay", LAYOUTS)
def test_every_layout_gives_the_same_bytes(
    lay: Callable[[pa.Table, Path], Path],
    tmp_path: Path,
    sorted_book: pa.Table,
    given: dict[str, Any],
    contents: Contents,
) -> None:
    """One file, a folder, Hive partitions, row groups of any size: the same parts and record."""
    found = []
    for write in (_in_one, lay):
        out = tmp_path / f"out{write.__name__}"
        changed = {"source": write(sorted_book, tmp_path), "within": "sector"}
        ka.stream_review(**given | changed, out=out)
        found.append(contents(out))
        del found[-1]["manifest.json"]  # it names the files that were read
    assert found[0] == found[1]


def test_several_files_are_read_in_the_order_given(
    tmp_path: Path, book: pa.Table, scorer: ka.CompositeScorer, policy: ka.SelectionPolicy
) -> None:
    """Paths in a list are one book."""
    paths = [tmp_path / "b.parquet", tmp_path / "a.parquet"]
    for path, start in zip(paths, (0, 250), strict=True):
        pq.write_table(book.slice(start, 250), path)
    review = ka.stream_review(paths, scorer, policy, out=tmp_path / "out")
    assert review.columns("account")["account"].tolist() == book["id"].to_pylist()


def test_parts_of_any_size_hold_the_same_columns(
    tmp_path: Path, stored: Path, scorer: ka.CompositeScorer, policy: ka.SelectionPolicy
) -> None:
    """How many rows are in a file changes no value, and no line of the record but the digests."""
    found = []
    for rows in (17, 500, 10_000):
        out = tmp_path / str(rows)
        ka.stream_review(stored, scorer, policy, out=out, part_rows=rows)
        record = json.loads((out / "review.json").read_text())
        del record["digest"]["data"]
        found.append((pq.read_table(out / "accounts").to_pylist(), record))
    assert repr(found[0]) == repr(found[1]) == repr(found[2])


def test_numbers_of_several_types_are_one_column(
    tmp_path: Path, scorer: ka.CompositeScorer, policy: ka.SelectionPolicy
) -> None:
    """Whole numbers here, floats there, nothing at all elsewhere; ids as numbers or texts."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    sector = pa.array(["x", "y"])
    for name, ids, sales in (
        ("a", pa.array([1, 2], pa.int32()), pa.array([1, 2])),
        ("b", pa.array([3, 4], pa.int64()), pa.array([3.5, None])),
        ("c", pa.array([5, 6], pa.int16()), pa.nulls(2)),
    ):
        columns = {"id": ids, "sales": sales, "potential": [1.0, 2.0], "sector": sector}
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")
    review = ka.stream_review(folder, scorer, policy, out=tmp_path / "out")
    assert review.columns("account")["account"].tolist() == list("123456")
    assert review.summary["known"] == {"sales": 3, "potential": 6}


def test_types_that_do_not_go_together_are_refused(
    tmp_path: Path, scorer: ka.CompositeScorer, policy: ka.SelectionPolicy
) -> None:
    """A column of numbers in one file and of texts in the next is named."""
    folder = tmp_path / "book"
    folder.mkdir()
    for name, sales in (("a", [1.0]), ("b", ["much"])):
        columns = {"id": [name], "sales": sales, "potential": [1.0], "sector": ["x"]}
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")
    with pytest.raises(ka.IntakeError, match="'sales' is double here and large_string elsewhere"):
        ka.stream_review(folder, scorer, policy, out=tmp_path / "out")


@pytest.mark.parametrize(
    ("ids", "others"),
    [
        (pa.array([2**53 + 1]), pa.array([7.0])),
        (pa.array([2**64 - 1], pa.uint64()), pa.array([7])),
    ],
)
def test_an_id_never_becomes_another(
    tmp_path: Path, policy: ka.SelectionPolicy, ids: pa.Array, others: pa.Array
) -> None:
    """Where no one type holds the whole numbers of all files, the files are named."""
    (tmp_path / "book").mkdir()
    for name, column in (("a", others), ("b", ids)):
        table = pa.table({"id": column, "rating": [1.0]})
        pq.write_table(table, tmp_path / "book" / f"{name}.parquet")
    with pytest.raises(ka.IntakeError, match=r"b\.parquet: column 'id' is .* elsewhere"):
        ka.stream_review(
            tmp_path / "book",
            _by_rating(),
            ka.SelectionPolicy(ka.TopCount(1)),
            out=tmp_path / "out",
        )


def _by_rating(column: str | None = "rating") -> ka.CompositeScorer:
    return ka.CompositeScorer(
        criteria=[ka.Criterion("rating", column=column, value=ka.Linear(0, 1))],
        weights={"rating": 1},
    )


def test_a_linked_folder_is_read_and_a_circle_is_refused(
    tmp_path: Path, policy: ka.SelectionPolicy
) -> None:
    """No account is left out in silence because its file lies behind a link."""
    for place, name in (("book", "a"), ("elsewhere", "b")):
        (tmp_path / place).mkdir()
        pq.write_table(pa.table({"id": [name], "rating": [0.5]}), tmp_path / place / "p.parquet")
    (tmp_path / "book" / "north").symlink_to(tmp_path / "elsewhere")
    review = ka.stream_review(tmp_path / "book", _by_rating(), policy, out=tmp_path / "out")
    assert review.columns("account")["account"].tolist() == ["b", "a"]
    (tmp_path / "book" / "again").symlink_to(tmp_path / "book")
    with pytest.raises(ka.IntakeError, match="is met twice"):
        ka.stream_review(tmp_path / "book", _by_rating(), policy, out=tmp_path / "out")
    (tmp_path / "book" / "again").unlink()
    (tmp_path / "book" / "lost.parquet").symlink_to(tmp_path / "nowhere.parquet")
    with pytest.raises(ka.IntakeError, match=r"lost\.parquet: there is no such file"):
        ka.stream_review(tmp_path / "book", _by_rating(), policy, out=tmp_path / "out")


def test_a_file_that_is_not_read_is_told(tmp_path: Path, policy: ka.SelectionPolicy) -> None:
    """There may be accounts in a table of texts beside the Parquet files."""
    place = tmp_path / "book"
    place.mkdir()
    pq.write_table(pa.table({"id": ["a"], "rating": [0.5]}), place / "a.parquet")
    (place / "_SUCCESS").touch()
    review = ka.stream_review(place, _by_rating(), policy, out=tmp_path / "out")
    assert "file_not_read" not in [f.code for f in review.findings]
    (place / "b.csv").write_text("id,rating\nb,1\n")
    told = ka.stream_review(place, _by_rating(), policy, out=tmp_path / "out").findings[0]
    assert (told.code, told.message, told.examples) == (
        "file_not_read",
        "1 file lies beside the Parquet files and is not read",
        ("b.csv",),
    )


def test_who_was_key_is_read_wherever_a_review_says_it(
    tmp_path: Path, given: dict[str, Any]
) -> None:
    """A streamed review itself, its folder, its parts; the folder of a review in memory."""
    q3 = ka.stream_review(**given, out=tmp_path / "q3")
    memory = tmp_path / "memory"
    memory.mkdir()
    pq.write_table(pq.read_table(tmp_path / "q3" / "accounts"), memory / "accounts.parquet")
    pq.write_table(pa.table({"account": ["left"]}), memory / "leavers.parquet")
    places: list[Any] = [q3, q3.out, str(q3.out / "accounts"), memory]
    moves = [
        ka.stream_review(**given, out=tmp_path / f"q4-{i}", incumbents=place).summary["moves"]
        for i, place in enumerate(places)
    ]
    stayed = q3.summary["key_accounts"]
    assert moves == [{"entered": 0, "stayed": stayed, "left": 0, "gone": 0}] * 4
    assert q3.summary["moves"] is None


def test_a_folder_that_cannot_be_read_is_no_empty_one(
    tmp_path: Path, policy: ka.SelectionPolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its accounts would be missing, and nobody would know."""
    for place in ("book", "book/closed"):
        (tmp_path / place).mkdir()
        pq.write_table(pa.table({"id": [place], "rating": [0.5]}), tmp_path / place / "p.parquet")
    scan = os.scandir

    def refused(place: Any) -> Any:
        if str(place).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(place))
        return scan(place)

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(ka.IntakeError, match=r"closed: cannot be read \(Permission denied\)"):
        ka.stream_review(tmp_path / "book", _by_rating(), policy, out=tmp_path / "out")


def test_a_scorer_that_reads_nothing_yet_is_no_error(
    tmp_path: Path, policy: ka.SelectionPolicy
) -> None:
    """Nobody has measured anything: all accounts are judged, none of them known."""
    pq.write_table(pa.table({"id": ["a", "b"]}), tmp_path / "book.parquet")
    review = ka.stream_review(
        tmp_path / "book.parquet", _by_rating(None), policy, out=tmp_path / "out", part_rows=1
    )
    assert review.columns("coverage")["coverage"].tolist() == [0.0, 0.0]


def test_folders_may_name_numbers_of_any_length(tmp_path: Path, policy: ka.SelectionPolicy) -> None:
    """What no eight bytes hold is a label as it is written."""
    long = "9" * 20
    for label in (long, "7"):
        place = tmp_path / "book" / f"group={label}"
        place.mkdir(parents=True)
        pq.write_table(pa.table({"id": [label], "rating": [0.5]}), place / "p.parquet")
    review = ka.stream_review(
        tmp_path / "book", _by_rating(), policy, out=tmp_path / "out", within="group"
    )
    assert [cut.group for cut in review.groups] == ["7", long]


def test_folders_that_name_numbers_name_numbers(tmp_path: Path, policy: ka.SelectionPolicy) -> None:
    """``year=2026/`` is a number to score by, ``region=7b/`` a text; both may be missing."""
    for year, region in ((2024, "7b"), (2026, "8")):
        place = tmp_path / "book" / f"year={year}" / f"region={region}"
        place.mkdir(parents=True)
        pq.write_table(pa.table({"id": [f"{year}-{i}" for i in range(3)]}), place / "p.parquet")
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("year", column="year", value=ka.Linear(2024, 2026))],
        weights={"year": 1},
        group="region",
    )
    review = ka.stream_review(
        tmp_path / "book", scorer, policy, out=tmp_path / "out", keep=["region"], part_rows=2
    )
    assert review.columns("score")["score"].tolist() == [0.0] * 3 + [1.0] * 3
    assert review.columns("region")["region"].tolist() == ["7b"] * 3 + ["8"] * 3


@pytest.mark.parametrize("folder", [False, True])
def test_a_book_without_accounts_is_reviewed(
    tmp_path: Path, book: pa.Table, policy: ka.SelectionPolicy, folder: bool
) -> None:
    """Nobody is key; the one part has all columns and no row, and the next quarter reads it."""
    place = tmp_path / "book"
    place.mkdir()
    pq.write_table(book.slice(0, 0), place / "empty.parquet")
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("potential", column="potential", value=ka.Linear(0, 100))],
        weights={"potential": 1},
    )
    source = place if folder else place / "empty.parquet"
    review = ka.stream_review(source, scorer, policy, out=tmp_path / "out", incumbents=["gone"])
    assert (len(review), review.summary["key_accounts"], len(review.parts)) == (0, 0, 1)
    assert [f.code for f in review.findings] == ["incumbent_gone"]
    assert {name: len(c) for name, c in review.columns("score", "account").items()} == {
        "score": 0,
        "account": 0,
    }
    assert "0 key accounts among 0" in review._repr_html_()
    after = ka.stream_review(
        source, scorer, policy, out=tmp_path / "after", incumbents=tmp_path / "out"
    )
    assert after.findings == ()


def test_a_review_shows_itself(tmp_path: Path, given: dict[str, Any]) -> None:
    """The first rows in a notebook, any row as a record, and which policy chose."""
    review = ka.stream_review(**given, out=tmp_path / "out")
    assert "key accounts among 500" in review._repr_html_()
    assert review.row(499)["account"] == pq.read_table(given["source"])["id"][499].as_py()
    assert review.digest == ka.digest(given["policy"])
    with pytest.raises(ka.RowError, match="no row 500"):
        review.row(500)
