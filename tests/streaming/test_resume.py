"""A run that is killed leaves no half file; what goes on from there ends with the same bytes."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import keyaccount as ka

Contents = Callable[[Path], dict[str, bytes]]
Given = dict[str, Any]


@pytest.fixture
def whole(tmp_path: Path, given: Given) -> Path:
    """Review the book undisturbed."""
    ka.stream_review(**given, out=tmp_path / "whole")
    return tmp_path / "whole"


def _slow(stage: str, done: int, total: int) -> None:
    """Give whoever watches the time to strike."""
    time.sleep(0.02)


def _review(given: Given, out: Path) -> None:
    ka.stream_review(**given, out=out, progress=_slow)


def _killed(given: Given, out: Path, sign: str, count: int) -> None:
    """Run in a child, and kill it when so many files of a kind are there."""
    child = multiprocessing.get_context("spawn").Process(target=_review, args=(given, out))
    child.start()
    while child.is_alive() and len(list(out.rglob(sign))) < count:
        time.sleep(0.002)
    assert child.is_alive(), "it was done before it was struck"
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is of POSIX")
@pytest.mark.parametrize(
    ("sign", "count"),
    [
        ("job.json", 1),
        ("fitted.json", 1),
        ("scores-*.npy", 4),
        ("part-*.parquet", 1),
        ("part-*.parquet", 7),
        (".part-*.tmp", 1),
    ],
)
def test_a_killed_run_goes_on_to_the_same_bytes(
    tmp_path: Path, given: Given, contents: Contents, sign: str, count: int
) -> None:
    """Wherever it is struck: every file that is there is whole, and resuming ends as if never."""
    out = tmp_path / "out"
    _killed(given, out, sign, count)
    assert not (out / "review.json").exists()
    for part in out.rglob("part-*.parquet"):
        assert len(pq.read_table(part)) in {60, 500 % 60}
    review = ka.stream_review(**given, out=out, resume=True)
    assert len(review) == 500
    ka.stream_review(**given, out=tmp_path / "whole")
    assert contents(out) == contents(tmp_path / "whole")


def _stop_at(stage: str, rows: int) -> Callable[[str, int, int], None]:
    def stop(now: str, done: int, total: int) -> None:
        if now == stage and done >= rows:
            raise KeyboardInterrupt

    return stop


def _stopped(given: Given, out: Path, stage: str = "scoring", rows: int = 200) -> None:
    """Review a book up to some row of a stage."""
    with pytest.raises(KeyboardInterrupt):
        ka.stream_review(**given, out=out, progress=_stop_at(stage, rows))


def test_what_is_done_is_not_done_again(tmp_path: Path, given: Given) -> None:
    """A part that is there stays, one that was damaged is made anew."""
    out = tmp_path / "out"
    _stopped(given, out, "writing", 300)
    parts = sorted(out.rglob("part-*.parquet"))
    before = {p.name: p.stat().st_mtime_ns for p in parts}
    content = parts[2].read_bytes()
    parts[2].write_bytes(content[:-1])
    ka.stream_review(**given, out=out, resume=True)
    after = {p.name: p.stat().st_mtime_ns for p in (out / "accounts").iterdir()}
    same = [name for name, moment in before.items() if after[name] == moment]
    assert same == [p.name for p in parts if p != parts[2]]
    assert (out / "accounts" / parts[2].name).read_bytes() == content


def test_parts_already_in_their_place_are_taken_back(
    tmp_path: Path, given: Given, whole: Path, contents: Contents
) -> None:
    """A run may be struck between the last part and the words about it."""
    out = tmp_path / "out"
    _stopped(given, out, "writing", 500)
    (out / ".streaming" / "accounts").rename(out / "accounts")
    ka.stream_review(**given, out=out, resume=True)
    assert contents(out) == contents(whole)


def test_words_about_parts_that_were_taken_back_are_gone(tmp_path: Path, given: Given) -> None:
    """A run may be struck when all is written and the room still there, and the next one too."""
    out = tmp_path / "out"
    _stopped(given, out, "writing", 500)
    shutil.copytree(out / ".streaming", tmp_path / "room")
    ka.stream_review(**given, out=out, resume=True)
    shutil.copytree(tmp_path / "room", out / ".streaming")
    shutil.rmtree(out / ".streaming" / "accounts")
    with pytest.raises(KeyboardInterrupt):
        ka.stream_review(**given, out=out, resume=True, progress=_stop_at("writing", 0))
    assert sorted(path.name for path in out.iterdir()) == [".streaming"]
    assert len(ka.stream_review(**given, out=out, resume=True)) == 500


def test_a_lock_that_a_killed_run_left_hinders_nobody(tmp_path: Path, given: Given) -> None:
    """Whatever else lies in the room, resuming goes on."""
    out = tmp_path / "out"
    _stopped(given, out, "learning from sales", 500)
    (out / ".streaming" / ".fitted.json.lock").touch()
    assert len(ka.stream_review(**given, out=out, resume=True)) == 500


def test_what_was_learned_is_learned_again_where_it_is_damaged(
    tmp_path: Path, given: Given, whole: Path, contents: Contents
) -> None:
    """A file of the room that is not as it was written counts as not written."""
    out = tmp_path / "out"
    _stopped(given, out)
    (out / ".streaming" / "fitted.json").write_text("{}")
    for scores in (out / ".streaming").glob("scores-*.npy"):
        scores.unlink()
    ka.stream_review(**given, out=out, resume=True)
    assert contents(out) == contents(whole)


def test_the_review_before_stays_until_the_new_one_is_complete(
    given: Given, whole: Path, contents: Contents
) -> None:
    """A run that stops leaves last quarter's files as they were."""
    before = contents(whole)
    _stopped(given | {"policy": ka.SelectionPolicy(ka.TopCount(3))}, whole, "writing", 500)
    shutil.rmtree(whole / ".streaming")
    assert contents(whole) == before


def test_a_review_that_is_complete_is_not_made_again(
    given: Given, whole: Path, contents: Contents
) -> None:
    """Resuming what is done does nothing, unless a part is not as it was."""
    before, stages = contents(whole), []

    def note(stage: str, done: int, total: int) -> None:
        stages.append(stage)

    assert len(ka.stream_review(**given, out=whole, resume=True, progress=note)) == 500
    assert not stages
    (whole / "accounts" / "part-00001.parquet").unlink()
    ka.stream_review(**given, out=whole, resume=True, progress=note)
    assert stages
    assert contents(whole) == before


def test_other_data_are_refused(tmp_path: Path, given: Given, book: pa.Table) -> None:
    """What was begun with one book does not go on with another; without resume it begins anew."""
    out = tmp_path / "out"
    _stopped(given, out)
    pq.write_table(book.slice(1), given["source"])
    with pytest.raises(ka.IntakeError, match=r"book\.parquet has changed"):
        ka.stream_review(**given, out=out, resume=True)
    assert len(ka.stream_review(**given, out=out)) == 499
    assert not (out / ".streaming").exists()


def test_data_written_again_are_refused(tmp_path: Path, given: Given) -> None:
    """A file may be changed in the middle and be as long as before: the moment tells."""
    out = tmp_path / "out"
    _stopped(given, out)
    os.utime(given["source"], ns=(0, 0))
    with pytest.raises(ka.IntakeError, match="were written since"):
        ka.stream_review(**given, out=out, resume=True)


CHANGES: list[tuple[Given, str]] = [
    ({"policy": ka.SelectionPolicy(ka.TopCount(3))}, "another policy"),
    ({"part_rows": 41}, "another part_rows"),
    ({"within": "sector"}, "another within"),
    ({"incumbents": ["1"]}, "another incumbents"),
    ({"as_of": "2026-09-30"}, "another as_of"),
    ({"keep": ["sales"]}, "another keep"),
]


def test_another_job_is_refused(tmp_path: Path, given: Given, whole: Path) -> None:
    """Whatever decides about the result must be what it was, in the middle and at the end."""
    _stopped(given, tmp_path / "out")
    for out in (tmp_path / "out", whole):
        for changed, said in CHANGES:
            with pytest.raises(ka.IntakeError, match=said):
                ka.stream_review(**given | changed, out=out, resume=True)


@pytest.mark.parametrize("rows", [500, 90])
def test_a_file_that_is_replaced_meanwhile_is_named(
    tmp_path: Path, given: Given, book: pa.Table, rows: int
) -> None:
    """With fewer rows or with as many: it is met at the next step, not at the end of all."""

    def change(stage: str, done: int, total: int) -> None:
        if stage == "reading ids" and done == total:
            pq.write_table(book.slice(0, rows), given["source"])
        assert stage != "choosing"

    with pytest.raises(ka.IntakeError, match="was written while it was read"):
        ka.stream_review(**given, out=tmp_path / "out", progress=change)


def test_data_that_change_meanwhile_are_refused(tmp_path: Path, given: Given) -> None:
    """A result that rests on two states of the data is none."""

    def change(stage: str, done: int, total: int) -> None:
        if stage == "writing" and done == total:
            os.utime(given["source"], ns=(0, 0))

    with pytest.raises(ka.IntakeError, match="was written while it was read"):
        ka.stream_review(**given, out=tmp_path / "out", progress=change)
    assert not (tmp_path / "out" / "review.json").exists()
