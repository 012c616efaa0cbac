"""Where a streamed review is written, nothing is lost and nobody else writes."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import keyaccount as ka
from keyaccount.streaming.result import stored_review
from keyaccount.streaming.store import Store

Contents = Callable[[Path], dict[str, bytes]]
Given = dict[str, Any]


def test_a_folder_of_accounts_that_is_read_is_not_taken_away(
    tmp_path: Path, given: Given, book: pa.Table
) -> None:
    """``data/accounts`` is read and ``data`` written: the result would take its place."""
    read = tmp_path / "data" / "accounts"
    read.mkdir(parents=True)
    pq.write_table(book, read / "mine.parquet")
    with pytest.raises(ka.SpecError, match="out must not be written where"):
        ka.stream_review(**given | {"source": read}, out=tmp_path / "data")
    assert len(pq.read_table(read / "mine.parquet")) == len(book)


@pytest.mark.parametrize("name", ["accounts/mine.txt", "review.json", "manifest.json"])
def test_what_no_streamed_review_has_written_is_not_taken_away(
    tmp_path: Path, given: Given, contents: Contents, name: str
) -> None:
    """A folder of somebody's own, the record of a review in memory: another folder is asked for."""
    out = tmp_path / "out"
    (out / name).parent.mkdir(parents=True)
    (out / name).write_text('{"accounts": "mine"}')
    before, there = contents(out), Path(name).parts[0]
    for resume in (False, True):
        with pytest.raises(ka.SpecError, match=f"out must be a folder without '{there}'"):
            ka.stream_review(**given, out=out, resume=resume)
    assert contents(out) == before


def test_a_review_is_not_written_over_the_one_that_says_who_was_key(
    tmp_path: Path, given: Given, contents: Contents
) -> None:
    """Once it was replaced, nobody could make the quarter again."""
    q3 = tmp_path / "q3"
    ka.stream_review(**given, out=q3)
    before = contents(q3)
    for incumbents in (q3, q3 / "accounts", str(q3 / "accounts" / "part-00000.parquet")):
        with pytest.raises(ka.SpecError, match="out must not be the folder of the incumbents"):
            ka.stream_review(**given, out=q3, incumbents=incumbents)
    assert contents(q3) == before


@pytest.mark.skipif(os.name != "posix", reason="folders are locked on POSIX alone")
def test_two_runs_never_write_into_one_folder(
    tmp_path: Path, given: Given, contents: Contents
) -> None:
    """The second is refused while the first is at work, and the first ends undisturbed."""
    begun, told = threading.Event(), []

    def second(stage: str, done: int, total: int) -> None:
        if stage == "scoring" and done >= 200 and not begun.is_set():
            begun.set()
            other = given | {"policy": ka.SelectionPolicy(ka.TopCount(3))}
            with pytest.raises(ka.IntakeError, match="another run is writing a review there"):
                ka.stream_review(**other, out=tmp_path / "out")
            told.append("refused")

    ka.stream_review(**given, out=tmp_path / "out", progress=second)
    assert told == ["refused"]
    ka.stream_review(**given, out=tmp_path / "alone")
    assert contents(tmp_path / "out") == contents(tmp_path / "alone")


@pytest.mark.parametrize("out", [None, "", 7])
def test_a_place_that_is_none_is_refused(given: Given, out: Any) -> None:
    """The empty text would be the folder that somebody happens to stand in."""
    with pytest.raises(ka.SpecError, match="out must be a folder to write"):
        ka.stream_review(**given, out=out)


def test_a_folder_that_cannot_be_written_is_named(
    tmp_path: Path, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file in its place, a disk that is full: a typed error, and resuming ends as ever."""
    (tmp_path / "file").write_text("x")
    for out in (tmp_path / "file", tmp_path / "file" / "out"):
        with pytest.raises(ka.IntakeError, match="the review cannot be written"):
            ka.stream_review(**given, out=out)
    out = tmp_path / "out"

    def full(handle: int) -> None:
        del handle
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(ka.IntakeError, match="No space left on device"):
            ka.stream_review(**given, out=out)
    assert len(ka.stream_review(**given, out=out, resume=True)) == 500


# --- What tells of a finished review -------------------------------------------------------------


def test_a_lost_record_is_written_anew(tmp_path: Path, given: Given, contents: Contents) -> None:
    """Without it, or with another in its place, a review is not finished: resuming mends it."""
    out = tmp_path / "out"
    ka.stream_review(**given, out=out)
    before = contents(out)
    (out / "review.json").unlink()
    assert len(ka.stream_review(**given, out=out, resume=True)) == 500
    assert contents(out) == before
    for damaged in ("{}", "{half", "[]"):
        (out / "review.json").write_text(damaged)
        assert len(ka.stream_review(**given, out=out, resume=True)) == 500
        assert contents(out) == before


def test_a_review_in_memory_that_was_written_over_a_streamed_one_stays(
    tmp_path: Path, given: Given
) -> None:
    """Its record is none of a streamed review, and is told as such."""
    out = tmp_path / "out"
    ka.stream_review(**given, out=out)
    (out / "review.json").write_text('{"schema_version": 1}')
    with pytest.raises(ka.SpecError, match="one that a streamed review has written"):
        ka.stream_review(**given, out=out)
    with pytest.raises(ka.IntakeError, match="holds a review that was not streamed"):
        _ = stored_review(Store(out))


def test_a_damaged_note_of_what_was_begun_hinders_nobody_who_begins_anew(
    tmp_path: Path, given: Given
) -> None:
    """Resuming is refused with that way out, and the way is open."""
    out = tmp_path / "out"
    (out / ".streaming").mkdir(parents=True)
    (out / ".streaming" / "job.json").write_text("{half")
    with pytest.raises(ka.IntakeError, match="run without --resume"):
        ka.stream_review(**given, out=out, resume=True)
    assert len(ka.stream_review(**given, out=out)) == 500


def test_values_changed_in_place_are_no_finished_review(tmp_path: Path) -> None:
    """Two values change places: as long, the same extremes, the same footer, another book."""
    source, out = tmp_path / "book.parquet", tmp_path / "out"
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("a", column="a", value=ka.Percentile())], weights={"a": 1}
    )
    policy = ka.SelectionPolicy(ka.TopCount(1))
    for moment, values in enumerate(([9.0, 5.0, 1.0], [1.0, 5.0, 9.0])):
        columns = {"id": ["x", "y", "z"], "a": values}
        pq.write_table(pa.table(columns), source, compression="none", use_dictionary=False)
        os.utime(source, (moment, moment))
        if moment == 0:
            ka.stream_review(source, scorer, policy, out=out)
    with pytest.raises(ka.IntakeError, match="were written since"):
        ka.stream_review(source, scorer, policy, out=out, resume=True)
    review = ka.stream_review(source, scorer, policy, out=out)
    assert review.columns("is_key")["is_key"].tolist() == [False, False, True]


@pytest.mark.parametrize("name", ["spec", "cuts", "summary", "findings"])
def test_a_damaged_record_is_told(tmp_path: Path, given: Given, name: str) -> None:
    """Never by the bare error of a key that is not there."""
    out = tmp_path / "out"
    ka.stream_review(**given, out=out)
    record = json.loads((out / "review.json").read_text())
    for damaged in ({k: v for k, v in record.items() if k != name}, record | {name: [7]}):
        (out / "review.json").write_text(json.dumps(damaged))
        if name == "summary" and name in damaged:
            continue  # what is in it is for people
        with pytest.raises(ka.IntakeError, match="what tells of the review is damaged"):
            _ = stored_review(Store(out))


def test_parts_that_are_gone_and_columns_that_never_were_are_told(
    tmp_path: Path, given: Given
) -> None:
    """A typed error with the way out."""
    review = ka.stream_review(**given, out=tmp_path / "year=2026" / "out")
    assert "year" not in review.columns()
    assert list(review.columns("score", "account", "score")) == ["score", "account"]
    with pytest.raises(ka.ColumnNotFoundError, match="did you mean 'score'"):
        review.columns("scor")
    review.parts[0][0].unlink()
    for read in (lambda: review.columns("score"), lambda: review.row(0), review._repr_html_):
        with pytest.raises(ka.IntakeError, match=r"part-00000\.parquet: cannot be read"):
            read()
