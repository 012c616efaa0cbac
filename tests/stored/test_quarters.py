"""Quarters on disk: what goes in comes out, in any format, whatever held it."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.stored.record import quarter_digest
from keyaccount.testing import quarter_pairs, quarters

FEW = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
FORMATS = st.sampled_from(["parquet", "csv"])
SCORER = ka.CompositeScorer(
    criteria=[ka.Criterion("size", column="size", value=ka.Linear(0, 1))], weights={"size": 1}
)
POLICY = ka.SelectionPolicy(ka.AtLeast(0.6))


def quarter(columns: Any, **more: Any) -> ka.Quarter:
    """Give a quarter scored by size."""
    return ka.Quarter(columns, SCORER, policy=POLICY, as_of="2026-09-30", **more)


@FEW
@given(quarters(), FORMATS)
def test_a_stored_quarter_comes_out_again(
    tmp_path: Path, one: ka.Quarter, table_format: Any
) -> None:
    """Scores, seats, overrides, incumbents and all data are those that went in."""
    ka.dump_quarter(one, tmp_path, table_format=table_format)
    found = ka.load_quarter(tmp_path)
    assert quarter_digest(found) == quarter_digest(one)
    assert (found.scorer, found.policy, found.as_of) == (one.scorer, one.policy, one.as_of)
    assert set(found.overrides) == set(one.overrides)
    scores = dict(zip(found.ids.tolist(), found.scores.value.tolist(), strict=True))
    then = dict(zip(one.ids.tolist(), one.scores.value.tolist(), strict=True))
    assert repr(scores) == repr({account: then[account] for account in scores})
    assert set(found.selection.key_ids) == set(one.selection.key_ids)


@FEW
@given(quarter_pairs(), FORMATS)
def test_stored_reviews_replay(
    tmp_path: Path, pair: tuple[ka.Quarter, ka.Quarter], table_format: Any
) -> None:
    """A first review and the next one, stored side by side, replay from the two folders."""
    before, after = pair
    folders = tmp_path / "before", tmp_path / "after"
    for one, earlier, folder in ((before, None, folders[0]), (after, before, folders[1])):
        ka.dump_quarter(one, folder, review=ka.review(earlier, one), table_format=table_format)
        assert ka.replay_folder(folder).agrees


def test_any_columns_are_stored_as_what_they_are(tmp_path: Path) -> None:
    """A DataFrame with another name of ids, days, flags, gaps, and names of the review's own."""
    frame = pd.DataFrame(
        {
            "customer": ["b", "a", "c"],
            "size": [0.9, 0.5, None],
            "score": [1.0, 2.0, 3.0],
            "accounts_score": ["x", None, "=1+1"],
            "since": pd.to_datetime(pd.Series(["2026-01-05", None, "2025-03-04"])),
            "listed": [True, False, True],
            "rank": ["01", "1", None],
        }
    )
    one = quarter(
        frame, id="customer", trailing={"size": 3}, incumbents={"a": None, "b": "2026-01-01"}
    )
    for table_format in ("parquet", "csv"):
        ka.dump_quarter(one, tmp_path / table_format, table_format=table_format)
        found = ka.load_quarter(tmp_path / table_format)
        assert quarter_digest(found) == quarter_digest(one)
        assert set(found.columns) == set(frame.columns)
        rows = {c: r for r, c in enumerate(found.columns["customer"].tolist())}
        assert [found.columns["rank"][rows[c]] for c in "abc"] == ["1", "01", None]
        assert found.columns["score"][rows["a"]] == 2.0
        assert found.columns["accounts_score"][rows["c"]] == "=1+1"
        assert (found.id, dict(found.trailing)) == ("customer", {"size": 3})
        assert repr(found.incumbents) == repr(one.incumbents)


@pytest.mark.parametrize("table_format", ["parquet", "csv"])
@pytest.mark.parametrize(
    "cells",
    [
        ["a", " b"],
        ["=x", "'=x"],
        ["''=x", "'"],
        ["1", "TRUE"],
        [True, None],
        ["a\nb", 'q"'],
        ["NA", "nan"],
        ["", "null"],
        [np.datetime64("2026-01-01"), np.datetime64("NaT", "D")],
        ["é\u2028", "中"],
        ["-", "–"],
        [float("inf"), -float("inf")],
        [1e300, 5e-324],
        [0.1 + 0.2, -0.0],
        [2**53, 1],
        [Decimal("1.10"), None],
        [Decimal("1E+3"), float("nan")],
        [dt.date(2026, 1, 1), float("nan")],
        [True, pd.NA],
        ["A", float("nan")],
        ["a\r\nb", "c\rd"],
        ["\r", "e\r"],
        ["A", True],
    ],
)
def test_odd_cells_come_out_as_they_one(
    tmp_path: Path, cells: list[Any], table_format: Any
) -> None:
    """Spaces, quotes, formulas, words for nothing, the ends of the numbers: to the letter."""
    one = quarter({"id": ["a", "=b"], "size": [0.9, 0.5], "x": cells})
    ka.dump_quarter(one, tmp_path, table_format=table_format)
    assert quarter_digest(ka.load_quarter(tmp_path)) == quarter_digest(one)


@pytest.mark.parametrize("table_format", ["parquet", "csv"])
@pytest.mark.parametrize("columns", [{"x": ["\ud800", "b"]}, {"\ud800": ["a", "b"]}])
def test_half_a_letter_is_refused(
    tmp_path: Path, columns: dict[str, list[str]], table_format: Any
) -> None:
    """A text that no file can hold is refused by name before anything is written."""
    one = quarter({"id": ["a", "b"], "size": [0.9, 0.5], **columns})
    with pytest.raises(ka.ColumnError, match="half of a letter in"):
        ka.dump_quarter(one, tmp_path, table_format=table_format)
    assert not list(tmp_path.iterdir())


def test_the_digest_of_a_quarter_is_of_its_content() -> None:
    """Rows in another order and another container are the same quarter; anything else is not."""
    columns = {"id": ["a", "b"], "size": [0.9, 0.5]}
    whole = quarter_digest(quarter(columns))
    assert quarter_digest(quarter(pd.DataFrame(columns).iloc[::-1])) == whole
    others = [
        quarter({**columns, "size": [0.9, 0.6]}),
        quarter({**columns, "more": [1, 2]}),
        quarter(columns, incumbents=["a"]),
        quarter(columns, trailing={"size": 3}),
        attrs.evolve(quarter(columns), as_of="2026-09-29"),
        attrs.evolve(quarter(columns), policy=ka.SelectionPolicy(ka.AtLeast(0.7))),
        quarter(columns, overrides=[ka.Override("b", include=True, reason="r", approved_by="VP")]),
    ]
    digests = {quarter_digest(other) for other in others}
    assert len(digests | {whole}) == len(others) + 1


def test_a_review_of_another_quarter_is_refused(tmp_path: Path) -> None:
    """Decisions are stored with the quarter they are of, in one of two formats."""
    one, other = (quarter({"id": ["a"], "size": [size]}) for size in (0.9, 0.8))
    with pytest.raises(ka.SpecError, match="must be of the quarter"):
        ka.dump_quarter(one, tmp_path, review=ka.review(None, other))
    with pytest.raises(ka.SpecError, match="table_format"):
        ka.dump_quarter(one, tmp_path, table_format="xlsx")  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_a_folder_without_decisions_is_no_log(tmp_path: Path) -> None:
    """A quarter stored without its review is read, and cannot be replayed."""
    ka.dump_quarter(quarter({"id": ["a"], "size": [0.9]}), tmp_path)
    assert ka.load_quarter(tmp_path).selection.key_ids == ("a",)
    with pytest.raises(ka.IntakeError, match=r"holds no decisions\.jsonl"):
        ka.replay_folder(tmp_path)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A file where the folder should be is an error of the library."""
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(ka.IntakeError, match="cannot be written"):
        ka.dump_quarter(quarter({"id": ["a"], "size": [0.9]}), tmp_path / "file")


def test_what_a_killed_run_left_is_told_and_taken_away(tmp_path: Path) -> None:
    """Files that were being written say why a folder is refused; the next run clears them."""
    one = quarter({"id": ["a"], "size": [0.9]})
    ka.dump_quarter(one, tmp_path)
    mine = tmp_path / ".notes.0123abcd.tmp"
    for name in (".review.json.0123abcd.tmp", ".accounts.parquet.89abcdef.tmp", mine.name):
        (tmp_path / name).write_bytes(b"")
    assert ka.load_quarter(tmp_path).selection.key_ids == ("a",)
    (tmp_path / "accounts.parquet").write_bytes(b"")
    with pytest.raises(ka.DigestError, match="a run that wrote here was interrupted"):
        ka.load_quarter(tmp_path)
    ka.dump_quarter(one, tmp_path)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"accounts.parquet", "review.json", mine.name}


def test_an_error_of_digests_names_all_parts(tmp_path: Path) -> None:
    """File, what of it, expected and actual digest, and a way out."""
    ka.dump_quarter(quarter({"id": ["a"], "size": [0.9]}), tmp_path)
    record = json.loads((tmp_path / "review.json").read_text("utf-8"))
    (tmp_path / "accounts.parquet").write_bytes(b"")
    with pytest.raises(ka.DigestError) as told:
        ka.load_quarter(tmp_path)
    parts = told.value.parts
    assert parts["path"] == str(tmp_path / "accounts.parquet")
    assert parts["expected"] == record["files"]["accounts.parquet"]
    assert parts["actual"] != parts["expected"]
    assert isinstance(told.value, ka.IntakeError)
    assert told.value.hint
