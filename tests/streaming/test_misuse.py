"""What cannot be streamed is refused, with the way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import keyaccount as ka


def _refused(given: dict[str, Any], tmp_path: Path, **changed: Any) -> ka.KeyAccountError:
    with pytest.raises(ka.KeyAccountError) as refused:
        ka.stream_review(**given | changed, out=tmp_path / "out")
    assert not (tmp_path / "out" / "review.json").exists()
    return refused.value


@pytest.mark.parametrize(
    ("changed", "fact", "hint"),
    [
        ({"id": "ids"}, "no column 'ids'", "did you mean 'id'?"),
        ({"within": "sektor"}, "no column 'sektor'", "did you mean 'sector'?"),
        ({"keep": ["sale"]}, "no column 'sale'", "did you mean 'sales'?"),
        ({"keep": ["sales", "sales"]}, "keep must not name a column twice", "leave it out"),
        ({"keep": "sales"}, "keep must be names of columns", "pass them in a list"),
        ({"keep": None}, "keep must be names of columns", "pass them in a list"),
        ({"playbook": "rules.toml"}, "playbook must be a Playbook", "pass a"),
        ({"progress": 7}, "progress must be a function", "pass a function"),
        ({"learn": "some"}, "learn must be one of 'all', 'missing'", "there is"),
        ({"findings": ["odd"]}, "findings must be Findings", "pass them in a list"),
        ({"resume": "no"}, "resume must be True or False", "give a bool"),
        ({"part_rows": 0}, "part_rows must be a whole number above 0", "a million rows"),
        ({"part_rows": True}, "part_rows must be a whole number above 0", "a million rows"),
        ({"scorer": "percentile"}, "scorer must be a CompositeScorer", "pass a"),
        ({"policy": ka.TopCount(3)}, "policy must be a SelectionPolicy", "pass a"),
        ({"overrides": ["x"]}, "overrides= must be Overrides", "build them"),
        ({"incumbents": ["\ud800"]}, "holds half a character", "write it in UTF-8"),
        ({"incumbents": [True]}, "incumbents= must be ids", "pass the ids"),
        ({"as_of": "soon"}, "", ""),
        ({"source": 7}, "7: is no Parquet file", "pass a path"),
        ({"source": []}, "[]: is no Parquet file", "pass a path"),
        ({"source": "nowhere.parquet"}, "nowhere.parquet: there is no such file", ""),
    ],
)
def test_arguments_are_checked_before_the_long_work(
    tmp_path: Path, given: dict[str, Any], changed: dict[str, Any], fact: str, hint: str
) -> None:
    """The fact is told with the value that was met."""
    refused = _refused(given, tmp_path, **changed)
    assert fact in refused.fact
    assert hint in refused.hint
    assert not (tmp_path / "out").exists()


def test_a_minimum_tenure_needs_a_day(tmp_path: Path, given: dict[str, Any]) -> None:
    """As in memory."""
    policy = ka.SelectionPolicy(ka.TopCount(3), min_tenure_days=30)
    assert "as_of= is needed" in _refused(given, tmp_path, policy=policy).fact


@pytest.mark.parametrize("name", ["account", "rank", "score"])
def test_groups_must_not_take_the_place_of_what_is_written(
    tmp_path: Path, given: dict[str, Any], book: pa.Table, name: str
) -> None:
    """A column of groups named ``account`` would be written where the ids belong."""
    path = tmp_path / "taken.parquet"
    pq.write_table(book.append_column(name, book["sector"]), path)
    refused = _refused(given, tmp_path, source=path, within=name)
    assert refused.fact.startswith("within must not have the name of a column that the review")


def test_any_number_of_rows_may_be_in_a_part(tmp_path: Path, given: dict[str, Any]) -> None:
    """More than any book has is all of them."""
    review = ka.stream_review(**given | {"part_rows": 10**20}, out=tmp_path / "out")
    assert [rows for _, rows in review.parts] == [500]


def test_two_columns_of_one_name_are_refused(tmp_path: Path, given: dict[str, Any]) -> None:
    """Nobody can say which of them is meant; of a column that nobody reads there may be two."""
    columns = {"id": ["a"], "sales": [1.0], "potential": [1.0], "sector": ["x"]}
    table = pa.table(columns).append_column("other", pa.array([1])).append_column("other", [[1]])
    pq.write_table(table, tmp_path / "two.parquet")
    given = given | {"source": tmp_path / "two.parquet"}
    assert len(ka.stream_review(**given, out=tmp_path / "fine")) == 1
    pq.write_table(table.append_column("sales", pa.array([2.0])), tmp_path / "two.parquet")
    refused = _refused(given, tmp_path)
    assert refused.fact == "two.parquet: holds two columns named 'sales'"


@pytest.mark.parametrize(
    ("columns", "fact"),
    [
        ({"account": ["a", None]}, "column 'account': 1 row has no id (row 1: None)"),
        ({"account": ["a"], "is_key": ["yes"]}, "column 'is_key': 1 row holds neither true"),
        ({"id": ["a"]}, "no column 'account'"),
    ],
)
def test_a_file_of_incumbents_that_says_nothing_is_refused(
    tmp_path: Path, given: dict[str, Any], columns: dict[str, Any], fact: str
) -> None:
    """A key account without an id, or a flag that is none, would be left out in silence."""
    pq.write_table(pa.table(columns), tmp_path / "key.parquet")
    assert fact in _refused(given, tmp_path, incumbents=tmp_path / "key.parquet").fact


def test_what_is_no_parquet_is_refused(tmp_path: Path, given: dict[str, Any]) -> None:
    """A table of texts, an empty file, a folder without any."""
    text, empty = tmp_path / "book.csv", tmp_path / "empty.parquet"
    text.write_text("id,sales\na,1\n")
    empty.touch()
    for path in (text, empty):
        assert "is no readable Parquet file" in _refused(given, tmp_path, source=path).fact
    folder = tmp_path / "folder"
    folder.mkdir()
    assert "holds no Parquet file" in _refused(given, tmp_path, source=folder).fact
    (folder / "book.csv").touch()
    assert "book.csv" in _refused(given, tmp_path, source=folder).hint


def test_the_result_must_not_lie_among_the_accounts(tmp_path: Path, given: dict[str, Any]) -> None:
    """The next review would take it for accounts."""
    for out in (tmp_path, tmp_path / "q3"):
        with pytest.raises(ka.SpecError, match="out must lie outside of the folder that is read"):
            ka.stream_review(**given | {"source": tmp_path}, out=out)
    assert not (tmp_path / "q3").exists()


def test_a_file_without_a_column_is_named(
    tmp_path: Path, book: pa.Table, given: dict[str, Any]
) -> None:
    """Not every file of a folder holds it."""
    folder = tmp_path / "folder"
    folder.mkdir()
    pq.write_table(book, folder / "a.parquet")
    pq.write_table(
        book.rename_columns(["id", "Sales", "potential", "sector"]), folder / "b.parquet"
    )
    refused = _refused(given, tmp_path, source=folder)
    assert refused.fact == "b.parquet: has no column 'sales'"
    assert refused.hint == "did you mean 'Sales'?"


def test_folders_that_name_other_columns_are_refused(
    tmp_path: Path, book: pa.Table, given: dict[str, Any]
) -> None:
    """Files beside partitions would have no value in the column of the folders."""
    for place in (tmp_path / "book" / "year=2026", tmp_path / "book"):
        place.mkdir(parents=True, exist_ok=True)
        pq.write_table(book, place / "p.parquet")
    refused = _refused(given, tmp_path, source=tmp_path / "book")
    assert "lies in folders that name other columns" in refused.fact


def test_a_text_among_numbers_is_named_by_its_row(tmp_path: Path, given: dict[str, Any]) -> None:
    """Rows are counted from where the part begins in the book, which is said."""
    n = 200
    sales = pa.array(["1"] * n)
    columns = {
        "id": pa.array(range(n)),
        "sales": sales,
        "potential": [1.0] * n,
        "sector": ["x"] * n,
    }
    pq.write_table(pa.table(columns), tmp_path / "texts.parquet")
    refused = _refused(given, tmp_path, source=tmp_path / "texts.parquet")
    assert isinstance(refused, ka.RowError)
    assert "column 'sales': 60 rows hold no number" in refused.fact


def test_a_damaged_file_is_named(tmp_path: Path, given: dict[str, Any]) -> None:
    """A page in the middle that cannot be read."""
    path = Path(given["source"])
    content = bytearray(path.read_bytes())
    content[40:2000] = b"\x00" * 1960
    path.write_bytes(content)
    assert "cannot be read" in _refused(given, tmp_path).fact


def test_a_selection_that_cannot_be_made_is_refused(tmp_path: Path, given: dict[str, Any]) -> None:
    """More accounts are put in by override than there are seats; their ids are told."""
    ids = pq.read_table(given["source"], columns=["id"])["id"].to_pylist()
    changed = {
        "policy": ka.SelectionPolicy(ka.TopCount(1)),
        "overrides": [
            ka.Override(ids[i], include=True, reason="why", approved_by="VP") for i in (0, 400)
        ],
    }
    refused = _refused(given, tmp_path, **changed)
    assert isinstance(refused, ka.SelectionError)
    assert ids[400] in refused.fact
