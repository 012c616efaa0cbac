"""``keyaccount review --stream``: Parquet in, parts out, the same as in memory."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import Result

import keyaccount as ka

Run: TypeAlias = Callable[..., Result]


@pytest.fixture
def ready(tmp_path: Path) -> Path:
    """Write ready accounts of two industries into a folder of two files."""
    rng, folder = np.random.default_rng(5), tmp_path / "ready"
    folder.mkdir()
    for half in range(2):
        columns = {
            "account_id": [f"A{half}{i:03d}" for i in range(150)],
            "industry": rng.choice(["energy", "retail"], 150),
            "sales": rng.lognormal(3.0, 1.0, 150),
            "potential": rng.lognormal(3.0, 1.0, 150),
        }
        pq.write_table(pa.table(columns), folder / f"part-{half}.parquet")
    return folder


def _stored(folder: Path) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads((folder / "review.json").read_text())
    return stored


def test_a_folder_is_streamed(run: Run, ready: Path) -> None:
    """The usual names of columns are found, and what is printed says what was found."""
    result = run("--stream", "--accounts", ready, "--top-share", 0.2, "--out", "q3")
    assert result.exit_code == 0, result.output
    assert "60 key accounts of 300" in result.stdout
    assert "learning from sales: 300 of 300" in result.stderr
    record = _stored(Path("q3"))
    assert record["summary"]["key_accounts"] == 60
    assert record["spec"]["scorer"]["group"] == "industry"
    table = pq.read_table("q3/accounts")
    scorer = ka.from_data(record["spec"]["scorer"], ka.CompositeScorer)
    scores = scorer.score(pq.read_table(ready))
    chosen = ka.select(scores, ka.TopShare(0.2), ids=table["account"])
    assert np.array(table["is_key"]).tolist() == chosen.is_key.tolist()
    assert table["reason"].to_pylist() == chosen.reason.tolist()


def test_the_next_quarter_keeps_constants_and_seats(run: Run, ready: Path) -> None:
    """``--previous`` gives rule, constants and incumbents; a small hold keeps all seats."""
    given = ("--stream", "--accounts", ready, "--quiet", "--as-of")
    assert run(*given, "2026-06-30", "--top-count", 30, "--out", "q3").exit_code == 0
    result = run(*given, "2026-09-30", "--previous", "q3", "--hold", 0.01, "--out", "q4")
    assert result.exit_code == 0, result.output
    assert (result.stdout, result.stderr) == ("", "")
    assert _stored(Path("q4"))["digest"]["scorer"] == _stored(Path("q3"))["digest"]["scorer"]
    key = pq.read_table("q4/accounts", filters=[("is_key", "=", True)])
    assert len(key) == 30
    assert {str(day) for day in key["since"].to_pylist()} == {"2026-06-30"}
    only = run(*given, "2026-09-30", "--incumbents", "q3/accounts", "--top-count", 30, "--out", "x")
    assert only.exit_code == 0, only.output


def test_resume_goes_on_and_refuses_another_rule(run: Run, ready: Path) -> None:
    """What is complete stays; another rule is no continuation."""
    given = ("--accounts", ready, "--out", "q3")
    assert run(*given, "--resume", "--top-share", 0.2).exit_code == 0
    before = {p: p.stat().st_mtime_ns for p in Path("q3").rglob("*.parquet")}
    assert run(*given, "--resume", "--top-share", 0.2).exit_code == 0
    assert {p: p.stat().st_mtime_ns for p in Path("q3").rglob("*.parquet")} == before
    refused = run(*given, "--resume", "--top-share", 0.3)
    assert refused.exit_code == 1
    assert "had another policy" in refused.stderr
    assert "run without resume" in refused.stderr


def test_seats_within_groups_and_special_approvals(run: Run, ready: Path, tmp_path: Path) -> None:
    """Seats by industry; an override is told in the table."""
    overrides = tmp_path / "overrides.csv"
    overrides.write_text("account,include,reason,approved_by\nA0007,in,flagship,VP\n")
    result = run(
        *("--stream", "--accounts", ready, "--top-count", 5, "--out", "q3"),
        *("--select-within", "--overrides", overrides),
    )
    assert result.exit_code == 0, result.output
    assert "energy" in result.stdout
    rows = pq.read_table("q3/accounts", filters=[("account", "=", "A0007")]).to_pylist()
    assert rows[0]["reason"] == "included_by_override"
    assert rows[0]["override"] == "flagship (approved by VP)"


def test_a_playbook_says_the_rule(run: Run, ready: Path, tmp_path: Path) -> None:
    """Scorer and policy are the playbook's."""
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("money", column="sales", value=ka.Percentile())],
        weights={"money": 1},
    )
    policy = ka.SelectionPolicy(ka.TopCount(7))
    playbook = ka.Playbook("ours", version="1", scorer=scorer, selection=policy)
    playbook.dump(tmp_path / "p.toml")
    result = run("--stream", "--accounts", ready, "--playbook", tmp_path / "p.toml", "--out", "q3")
    assert result.exit_code == 0, result.output
    record = _stored(Path("q3"))
    assert record["summary"]["key_accounts"] == 7
    fitted = scorer.fit(pq.read_table(ready))
    assert record["digest"] == record["digest"] | {
        "scorer": ka.digest(fitted),
        "policy": ka.digest(policy),
    }
    assert record["playbook"] == {"name": "ours", "version": "1", "digest": playbook.digest}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--deals", "deals.csv"), "--deals has no meaning with --stream"),
        (("--level", "account"), "--level has no meaning with --stream"),
        (("--table-format", "csv"), "--table-format has no meaning with --stream"),
        (("--compare-within", "industri"), "did you mean 'industry'?"),
        (("--column", "accounts.id=acount_id"), "did you mean 'account_id'?"),
        (("--select-within", "--compare-within", ""), "needs a column of groups"),
        (("--previous", "nothing"), "holds no finished streamed review"),
    ],
)
def test_what_a_stream_cannot_do_is_refused(
    run: Run, ready: Path, options: tuple[str, ...], said: str
) -> None:
    """Options of other tables, misspelt columns, a folder without a review."""
    result = run("--stream", "--accounts", ready, "--top-share", 0.2, "--out", "q3", *options)
    assert result.exit_code == 1, result.output
    assert said in result.stderr


def test_a_file_without_any_criterion_is_refused(run: Run, tmp_path: Path) -> None:
    """One of sales, potential and the ratings must be there."""
    pq.write_table(pa.table({"id": ["a"], "sale": [1.0]}), tmp_path / "b.parquet")
    result = run("--stream", "--accounts", tmp_path / "b.parquet", "--top-share", 0.2)
    assert result.exit_code == 1
    assert "did you mean 'sale'?" in result.stderr


def test_a_table_of_texts_is_refused(run: Run, tmp_path: Path) -> None:
    """CSV is not streamed."""
    (tmp_path / "b.csv").write_text("id,sales\na,1\n")
    result = run("--stream", "--accounts", tmp_path / "b.csv", "--top-share", 0.2)
    assert result.exit_code == 1
    assert "is no readable Parquet file" in result.stderr
