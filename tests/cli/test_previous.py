"""`keyaccount review --previous`: last quarter's decisions feed this one, and the log replays."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow.parquet as pq
import pytest
from markupsafe import escape
from typer.testing import Result

import keyaccount as ka
from keyaccount.stored.record import record_digest

Run: TypeAlias = Callable[..., Result]
Q2, Q3 = "2026-06-30", "2026-09-30"


@pytest.fixture
def files(given: list[str]) -> list[str]:
    """Give the options that read the whole book, without a day."""
    return given[: given.index("--as-of")]


@pytest.fixture
def q2(run: Run, files: list[str]) -> list[str]:
    """Review the second quarter into the folder ``q2``; give the files again."""
    result = run(*files, "--as-of", Q2, "--top-share", 0.2, "--out", "q2")
    assert result.exit_code == 0, result.output
    return files


def record(out: str) -> dict[str, Any]:
    """Read the record of a review."""
    found: dict[str, Any] = json.loads(Path(out, "review.json").read_text("utf-8"))
    return found


def rows(out: str) -> dict[str, dict[str, Any]]:
    """Read the table of accounts by id."""
    table = pq.read_table(Path(out, "accounts.parquet")).to_pylist()
    return {row["account"]: row for row in table}


def test_rule_incumbents_and_constants_flow(run: Run, q2: list[str]) -> None:
    """Without a rule that of the quarter before holds; so do its key accounts and constants."""
    result = run(*q2, "--as-of", Q3, "--previous", "q2", "--hold", 0.05, "--out", "q3")
    assert result.exit_code == 0, result.output
    before, after = record("q2"), record("q3")
    assert after["spec"]["policy"]["rule"] == before["spec"]["policy"]["rule"]
    assert after["spec"]["scorer"] == before["spec"]["scorer"]
    assert after["incumbents"] == {a: Q2 for a, row in rows("q2").items() if row["is_key"]}
    assert (before["changes"]["previous"], before["incumbents"]) == (None, None)
    assert before["changes"]["decisions"]["promote"] == before["summary"]["key_accounts"]
    changes = after["changes"]
    assert changes["previous"]["as_of"] == Q2
    decided = [row["decision"] for row in rows("q3").values()]
    assert {d: decided.count(d) for d in changes["decisions"]} == changes["decisions"]
    assert changes["drivers"]["spec"] == 0.0
    assert "what changed since 2026-06-30" in result.stdout


def test_effects_of_every_row_add_up(run: Run, q2: list[str]) -> None:
    """The score before and both effects are the score now; learned anew, the spec has its part."""
    run(*q2, "--as-of", Q3, "--previous", "q2", "--refit", "--out", "q3")
    moved = 0
    for account, row in rows("q3").items():
        assert row["score_before"] == rows("q2")[account]["score"]
        total = row["score_before"] + row["data_effect"] + row["spec_effect"]
        assert total == pytest.approx(row["score"], abs=1e-12)
        moved += row["spec_effect"] != 0.0
    assert moved > 0
    assert record("q3")["spec"]["scorer"] != record("q2")["spec"]["scorer"]


@pytest.mark.parametrize("table_format", ["parquet", "csv"])
def test_the_log_replays_from_the_stored_quarters(
    run: Run, q2: list[str], table_format: str
) -> None:
    """What the folders hold gives every line of the log again, overrides that ended or not."""
    overrides = "account,include,reason,approved_by,expires\n"
    accounts = list(rows("q2"))
    overrides += f"{accounts[-1]},in,flagship,VP,\n{accounts[-2]},in,old,VP,2026-07-01\n"
    Path("overrides.csv").write_text(overrides, "utf-8")
    more = ["--hold", 0.05, "--overrides", "overrides.csv", "--table-format", table_format]
    result = run(*q2, "--as-of", Q3, "--previous", "q2", *more, "--out", "q3")
    assert result.exit_code == 0, result.output
    log = Path("q3/decisions.jsonl").read_text("utf-8")
    quarters = [ka.load_quarter(name) for name in ("q2", "q3")]
    rules = ka.from_data(record("q3")["spec"]["rules"])
    found = ka.replay_log(log, quarters, ka.digest, rules=rules)
    assert found.difference is None, str(found.difference)
    assert found.matched == len(quarters[1])


def test_a_quarter_against_itself_is_refused(run: Run, q2: list[str]) -> None:
    """The same day is no later quarter, and nothing is written."""
    result = run(*q2, "--as-of", Q2, "--previous", "q2", "--out", "again")
    assert result.exit_code == 1
    assert "must be later than before" in " ".join(result.stderr.split())
    assert not list(Path("again").iterdir())


@pytest.mark.parametrize("out", ["q2", "./q2", "deep/../q2"])
def test_the_quarter_before_is_not_written_over(run: Run, q2: list[str], out: str) -> None:
    """However the folder of the quarter before is spelt, no other quarter goes there."""
    kept = {path.name: path.read_bytes() for path in Path("q2").iterdir()}
    result = run(*q2, "--as-of", Q3, "--previous", "q2", "--out", out)
    assert result.exit_code == 1
    assert "--out must not be the folder of --previous" in " ".join(result.stderr.split())
    assert {path.name: path.read_bytes() for path in Path("q2").iterdir()} == kept


def test_twice_the_same_gives_the_same_bytes(run: Run, q2: list[str]) -> None:
    """The log, the page and the record hold no clock and no place."""
    shutil.copytree("q2", "deep/q2")
    for previous, out in (("q2", "one"), ("deep/q2", "deep/other")):
        run(*q2, "--as-of", Q3, "--previous", previous, "--out", out)
    for name in ("accounts.parquet", "review.json", "report.html", "decisions.jsonl"):
        assert Path("one", name).read_bytes() == Path("deep/other", name).read_bytes()


def test_the_page_says_what_changed(run: Run, q2: list[str]) -> None:
    """The page has the decisions with their reasons, the four questions and who moved."""
    run(*q2, "--as-of", Q3, "--previous", "q2", "--out", "q3")
    page = Path("q3/report.html").read_text("utf-8")
    for said in ("What changed since 30 Jun 2026", "The four questions", "Who moved", "promote"):
        assert said in page
    assert "What changed since" not in Path("q2/report.html").read_text("utf-8")


def test_an_override_that_is_not_given_again_is_told(run: Run, q2: list[str]) -> None:
    """An approval of last quarter that holds still and is not given again is a finding."""
    account = list(rows("q2"))[-1]
    Path("in.csv").write_text(
        f"account,include,reason,approved_by\n{account},in,flagship,VP\n", "utf-8"
    )
    run(*q2, "--as-of", Q2, "--top-share", 0.2, "--overrides", "in.csv", "--out", "q2b")
    run(*q2, "--as-of", Q3, "--previous", "q2b", "--out", "q3")
    (told,) = [f for f in record("q3")["findings"] if f["code"] == "override_not_carried"]
    assert told["examples"] == [account]
    assert rows("q3")[account]["decision"] == "demote"


def test_what_cannot_be_last_quarter_is_refused(run: Run, q2: list[str]) -> None:
    """A folder without a review, a record of another version, data that were changed."""
    asked = [*q2, "--as-of", Q3, "--out", "q3"]

    def refused(folder: str, *more: str) -> str:
        result = run(*asked, "--previous", folder, *more)
        assert result.exit_code == 1
        assert "hint:" in result.stderr
        return " ".join(result.stderr.split())

    assert "cannot be read" in refused("nowhere")
    assert "--incumbents must not be given" in refused("q2", "--incumbents", "q2/accounts.parquet")
    shutil.copytree("q2", "bare")
    Path("bare/accounts.parquet").unlink()
    assert "bare/accounts.parquet: cannot be read" in refused("bare")
    old = {**record("q2"), "schema_version": 2}
    for content, said in ((json.dumps(old), "is no record of version 3"), ("{", "is no JSON")):
        shutil.copytree("q2", "old", dirs_exist_ok=True)
        Path("old/review.json").write_text(content, "utf-8")
        assert said in refused("old")
    broken = {**record("q2"), "spec": {}}
    Path("old/review.json").write_text(json.dumps(broken), "utf-8")
    assert "holds no quarter that can be read" in refused("old")
    assert "must be later than before" in " ".join(
        run(*q2, "--as-of", "2026-03-31", "--previous", "q2", "--out", "q1").stderr.split()
    )


def test_constants_that_were_outgrown_are_told(run: Run, q2: list[str]) -> None:
    """Where many accounts pass all that a criterion was learned from, learning anew is advised."""
    assert q2
    ids = [row["account"] for row in rows("q2").values()]
    for name, factor in (("small", 1), ("large", 1000)):
        lines = "".join(f"{a},{(i + 1) * factor}\n" for i, a in enumerate(ids))
        Path(f"{name}.csv").write_text(f"account,sales\n{lines}", "utf-8")
    run("--accounts", "small.csv", "--as-of", Q2, "--top-share", 0.2, "--out", "s2")
    asked = ["--accounts", "large.csv", "--as-of", Q3, "--previous", "s2"]
    run(*asked, "--out", "kept")
    (told,) = [f for f in record("kept")["findings"] if f["code"] == "constants_outgrown"]
    assert (told["where"], told["count"]) == ("sales", len(ids))
    run(*asked, "--refit", "--out", "learned")
    assert not [f for f in record("learned")["findings"] if f["code"] == "constants_outgrown"]


@pytest.mark.parametrize("table_format", ["parquet", "csv"])
def test_a_sector_of_digits_stays_a_text(run: Run, table_format: str) -> None:
    """Sectors "01" and "1" are two of them, and no numbers: the stored quarter gives its scores."""
    rows_of = "".join(f"A{i},{(f'{i % 2:02d}', '1')[i % 3 == 0]},{i * 7 % 41}\n" for i in range(60))
    Path("accounts.csv").write_text(f"account,sector,sales\n{rows_of}", "utf-8")
    asked = ["--accounts", "accounts.csv", "--table-format", table_format]
    first = run(*asked, "--as-of", Q2, "--top-share", 0.2, "--out", "s2")
    assert first.exit_code == 0, first.output
    stored = ka.load_quarter("s2").columns
    assert set(stored["sector"]) == {"00", "01", "1"}
    result = run(*asked, "--as-of", Q3, "--previous", "s2", "--out", "s3")
    assert result.exit_code == 0, result.output


def test_another_company_is_refused(run: Run, q2: list[str]) -> None:
    """A quarter with no account in common is none of this book."""
    assert q2
    Path("other.csv").write_text("account,sales\nX1,5\nX2,3\n", "utf-8")
    result = run("--accounts", "other.csv", "--as-of", Q3, "--previous", "q2", "--out", "q3")
    assert result.exit_code == 1
    assert "must have accounts in common" in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"as_of": ...}, "is no record of a review"),
        ({"as_of": None}, "says no day"),
        ({"schema_version": 2}, "is no record of version 3"),
        ({"files": ...}, "is no record of version 3"),
        ({"files": ["accounts.parquet"]}, "'files' must be an object"),
        ({"files": {}}, "names no accounts table"),
        ({"digest": {}}, "holds no quarter that can be read"),
        ({"as_of": "soon"}, "holds no quarter that can be read"),
        ({"incumbents": ["A"]}, "'incumbents' must be an object or null"),
        ({"digest": 3}, r"'digest' must be an object \(got 3\)"),
        ({"columns": None}, r"'columns' must be an object \(got None\)"),
        ({"previous": 5}, r"'previous' must be an object or null \(got 5\)"),
        ({"previous": {}}, "'previous' must name a quarter by its day and digest"),
        ({"as_of": 5}, "'as_of' must be a text"),
        ({"incumbents": {"A": "soon"}}, "soon"),
        ({"incumbents": {"A": 3}}, "holds no quarter that can be read"),
        ({"overrides": [3]}, "holds no quarter that can be read"),
    ],
)
def test_a_record_that_was_spoilt_is_told(
    q2: list[str], changed: dict[str, Any], said: str
) -> None:
    """Keys that are gone and values of another kind end in an error of the library."""
    assert q2
    kept = {k: v for k, v in {**record("q2"), **changed}.items() if v is not ...}
    Path("q2/review.json").write_text(json.dumps(kept), "utf-8")
    with pytest.raises(ka.IntakeError, match=said):
        ka.load_quarter("q2")


def test_what_an_earlier_review_left_is_taken_away(run: Run, q2: list[str]) -> None:
    """A folder holds one review: no table in another format, no log of another quarter."""
    run(*q2, "--as-of", Q3, "--previous", "q2", "--out", "q3")
    Path("q3/notes.txt").write_text("mine", "utf-8")
    run(*q2, "--as-of", Q3, "--top-share", 0.2, "--table-format", "csv", "--out", "q3")
    left = {"accounts.csv", "decisions.jsonl", "review.json", "report.html", "notes.txt"}
    assert {path.name for path in Path("q3").iterdir()} == left


def test_options_that_differ_from_the_quarter_before_are_told(run: Run, q2: list[str]) -> None:
    """Other months, another market: what moved may be theirs. The same ones are no finding."""
    other = ["--months", 12, "--market", "new"]
    run(*q2, "--as-of", Q3, "--previous", "q2", *other, "--out", "q3")
    (told,) = [f for f in record("q3")["findings"] if f["code"] == "asked_otherwise"]
    assert "--months 12 (was 24), --market new (was steady_growth)" in told["message"]
    assert told["severity"] == "warning"
    run(*q2, "--as-of", Q3, "--previous", "q2", "--out", "same")
    assert "asked_otherwise" not in {f["code"] for f in record("same")["findings"]}


def test_a_first_review_is_logged_and_the_chain_replays(run: Run, q2: list[str]) -> None:
    """The first quarter has its log too, and the command replays both, each with the one before."""
    run(*q2, "--as-of", Q3, "--previous", "q2", "--hold", 0.05, "--out", "q3")
    first = [json.loads(line) for line in Path("q2/decisions.jsonl").read_text().splitlines()]
    assert {entry["previous"] for entry in first} == {None}
    promoted = [entry for entry in first if entry["decision"]]
    assert {entry["decision"] for entry in promoted} == {"promote"}
    assert all(entry["reason"].startswith("first review; in: ") for entry in promoted)
    text = "".join(Path(name, "decisions.jsonl").read_text("utf-8") for name in ("q2", "q3"))
    quarters = [None, *(ka.load_quarter(name) for name in ("q2", "q3"))]
    rules = ka.from_data(record("q3")["spec"]["rules"])
    assert ka.replay_log(text, quarters, ka.digest, rules=rules).agrees
    result = run("q2", "q3", command="replay")
    assert (result.exit_code, result.stderr) == (0, "")
    count = len(first)
    assert result.stdout.splitlines() == [
        f"q2: same: {count} decisions",
        f"q3: same: {count} decisions",
    ]


def rewritten(folder: str, found: dict[str, Any]) -> None:
    """Write a record that vouches for itself again."""
    found["digest"]["record"] = record_digest(found)
    Path(folder, "review.json").write_text(json.dumps(found), "utf-8")


def resealed(folder: str, name: str, content: bytes) -> None:
    """Put another content into a file, and its digest into the record."""
    Path(folder, name).write_bytes(content)
    found = record(folder)
    found["files"][name] = sha256(content).hexdigest()
    rewritten(folder, found)


def test_decisions_that_come_out_otherwise_are_named(run: Run, q2: list[str]) -> None:
    """A log that says something else ends with 1 and names the accounts and both values."""
    lines = Path("q2/decisions.jsonl").read_text("utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    for entry in entries[2:4]:
        entry["decision"] = "hold"
    text = "".join(f"{json.dumps(entry, ensure_ascii=False)}\n" for entry in entries)
    resealed("q2", "decisions.jsonl", text.encode())
    result = run("q2", command="replay")
    assert result.exit_code == 1
    assert f"2 of {len(lines)} decisions come out otherwise" in result.stdout
    for entry in entries[2:4]:
        assert f"'{entry['account']}' as of {Q2}: decision is" in result.stdout


def test_the_quarter_before_is_looked_for_beside_or_named(run: Run, q2: list[str]) -> None:
    """Elsewhere it must be named; another quarter is refused."""
    run(*q2, "--as-of", Q3, "--previous", "q2", "--out", "q3")
    shutil.copytree("q2", "kept/deep")
    shutil.rmtree("q2")
    lost = run("q3", command="replay")
    assert lost.exit_code == 1
    assert f"against the quarter of {Q2}, which is neither beside it nor inside" in lost.stderr
    assert run("q3", "--previous", "kept/deep", command="replay").exit_code == 0
    shutil.copytree("kept/deep", "q3/before")  # as the demo lays its quarters out
    assert run("q3", command="replay").exit_code == 0
    other = run("q3", "--previous", "q3", command="replay")
    assert other.exit_code == 1
    assert "q3/review.json: the quarter is not what was written (digest " in other.stderr
    both = run("q3", "q3", "--previous", "q3", command="replay")
    assert both.exit_code == 2


@pytest.mark.parametrize("table_format", ["parquet", "csv"])
def test_a_table_that_was_touched_is_refused(run: Run, q2: list[str], table_format: str) -> None:
    """Of a file the digest says that it is another; resealed, the data say it themselves."""
    more = ["--table-format", table_format, "--out", "s2"]
    assert run(*q2, "--as-of", Q2, "--top-share", 0.2, *more).exit_code == 0
    name = f"accounts.{table_format}"
    content = Path("s2", name).read_bytes()
    if table_format == "parquet":
        table = pq.read_table("s2/accounts.parquet")
        place = table.column_names.index("sales")
        doubled = np.asarray(table["sales"].to_numpy()) * 2.0 + 1.0
        pq.write_table(table.set_column(place, "sales", [doubled]), "touched.parquet")
        touched = Path("touched.parquet").read_bytes()
    else:
        touched = content.replace(b"below_cut", b"below cut").replace(b",retail,", b",Retail,")
    Path("s2", name).write_bytes(touched)
    with pytest.raises(ka.DigestError, match=f"{name}: the file is not what was written") as told:
        ka.load_quarter("s2")
    parts = told.value.parts
    assert (parts["path"], parts["what"]) == (f"s2/{name}", "the file")
    assert parts["expected"] == sha256(content).hexdigest()
    assert parts["actual"] == sha256(touched).hexdigest()
    resealed("s2", name, touched)
    with pytest.raises(ka.DigestError, match="what the quarter rests on is not what was written"):
        ka.load_quarter("s2")


@pytest.mark.parametrize(
    ("place", "value", "what"),
    [
        (("spec", "policy", "hold"), 0.5, "the policy"),
        (("spec", "scorer", "min_group"), 3, "the scorer"),
        (("spec", "rules", "watch_fall"), 0.5, "the rules"),
        (("as_of",), "2026-06-29", "what the quarter rests on"),
        (("incumbents",), {"A": None}, "what the quarter rests on"),
        (("trailing",), {"sales": 3}, "what the quarter rests on"),
    ],
)
def test_a_record_that_was_touched_is_refused(
    q2: list[str], place: tuple[str, ...], value: Any, what: str
) -> None:
    """Specs, day, incumbents and windows are those of the digest, or the folder is refused."""
    assert q2
    found = record("q2")
    inner = found
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    Path("q2/review.json").write_text(json.dumps(found), "utf-8")
    with pytest.raises(ka.DigestError, match=f"review.json: {what} is not what was written"):
        ka.load_quarter("q2")


@pytest.mark.parametrize("stopped_at", ["accounts.parquet", "decisions.jsonl", "review.json"])
def test_a_folder_of_two_runs_is_refused(
    run: Run, q2: list[str], monkeypatch: pytest.MonkeyPatch, stopped_at: str
) -> None:
    """A run that dies while it replaces files leaves the old quarter, or one that is refused."""
    before = {path.name: path.read_bytes() for path in Path("q2").iterdir()}
    replace = Path.replace

    def die(self: Path, target: Path) -> Path:
        if target.name == stopped_at:
            raise OSError(5, "Input/output error")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", die)
    assert run(*q2, "--as-of", Q2, "--top-share", 0.4, "--out", "q2").exit_code == 1
    after = {path.name: path.read_bytes() for path in Path("q2").iterdir()}
    assert after.keys() == before.keys()
    if stopped_at == "accounts.parquet":
        assert after == before
        return
    with pytest.raises(ka.DigestError):
        ka.load_quarter("q2")


def test_who_left_the_book_is_written(run: Run, q2: list[str]) -> None:
    """Accounts that left are in a table of their own, with the decision; the page names them."""
    gone = next(a for a, row in rows("q2").items() if row["is_key"] and row["group_size"] == 1)
    place = q2.index("--accounts") + 1
    lines = Path(q2[place]).read_text("utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(f"{gone},")]
    assert len(kept) == len(lines) - 1
    Path("accounts.csv").write_text("\n".join(kept), "utf-8")
    files = [*q2[:place], "accounts.csv", *q2[place + 1 :]]
    result = run(*files, "--as-of", Q3, "--previous", "q2", "--out", "q3")
    assert result.exit_code == 0, result.output
    (left,) = pq.read_table("q3/leavers.parquet").to_pylist()
    assert left == {
        "account": gone,
        "was_key": True,
        "score_before": rows("q2")[gone]["score"],
        "decision": "demote",
        "decision_reason": "out: not in the book any more",
    }
    assert record("q3")["changes"]["leavers"] == 1
    assert gone in Path("q3/report.html").read_text("utf-8")
    assert "demote: " in result.stdout
    assert run("q3", command="replay").exit_code == 0
    run(*files, "--as-of", Q3, "--top-share", 0.2, "--out", "q3")
    assert not Path("q3/leavers.parquet").exists()


def test_notes_of_the_review_are_shown(run: Run, q2: list[str]) -> None:
    """What the review cannot say is on the terminal and on the page."""
    ka.dump(ka.ReviewRules(), "rules.toml")
    more = ["--review-rules", "rules.toml", "--out", "q3"]
    result = run(*q2, "--as-of", Q3, "--previous", "q2", *more)
    page = Path("q3/report.html").read_text("utf-8")
    notes = record("q3")["changes"]["notes"]
    assert {"windows_overlap", "not_given"} <= {note["code"] for note in notes}
    for note in notes:
        assert escape(note["message"]) in page
    assert "windows of 24 months" in " ".join(result.stdout.split())
    assert "are asked, on the page" in result.stdout


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("learned",), {}),
        (("asked", "--months"), 3),
        (("findings",), []),
        (("summary", "key_accounts"), 3),
        (("changes", "leavers"), 5),
        (("held_by",), {"person": {}}),
        (("digest", "record"), "0"),
    ],
)
def test_what_a_record_tells_people_is_vouched_for(
    q2: list[str], place: tuple[str, ...], value: Any
) -> None:
    """Nothing that a record says can be changed unseen: not what was learned, nor what was met."""
    assert q2
    found = record("q2")
    inner = found
    for key in place[:-1]:
        inner = inner[key]
    assert inner[place[-1]] != value
    inner[place[-1]] = value
    Path("q2/review.json").write_text(json.dumps(found), "utf-8")
    with pytest.raises(ka.DigestError, match=r"review\.json: the record is not what was written"):
        ka.load_quarter("q2")
    with pytest.raises(ka.DigestError):
        ka.replay_folder("q2")


def test_the_page_is_vouched_for(run: Run, q2: list[str]) -> None:
    """A page that says something else than was written is refused."""
    page = Path("q2/report.html")
    page.write_text(page.read_text("utf-8").replace("key accounts of", "of"), "utf-8")
    result = run(*q2, "--as-of", Q3, "--previous", "q2", "--out", "q3")
    assert result.exit_code == 1
    assert "q2/report.html: the file is not what was written" in " ".join(result.stderr.split())


def test_what_was_learned_must_be_specs(run: Run, q2: list[str]) -> None:
    """A record that vouches for itself and holds no specs ends in an error of the library."""
    for learned in ({"x": 5}, [5]):
        rewritten("q2", {**record("q2"), "learned": learned})
        result = run(*q2, "--as-of", Q3, "--previous", "q2", "--out", "q3")
        assert result.exit_code == 1
        assert "q2/review.json: 'learned' must hold specs by name (" in result.stderr


def test_the_small_print_of_the_quarter_before_holds(run: Run, q2: list[str]) -> None:
    """Hold, tenure, changes, ties, seats by sector and weights stay until somebody says others."""
    weights = "sales=.4,potential=.3,showcase=.15,win_and_deliver=.15"
    small: list[Any] = ["--hold", 0.04, "--min-tenure-days", 30, "--max-changes", 3]
    small += ["--ties", "by_id", "--select-within", "--weights", weights, "--min-group", 5]
    first = run(*q2, "--as-of", Q2, "--top-share", 0.2, *small, "--out", "s2")
    assert first.exit_code == 0, first.output
    asked = [*q2, "--as-of", Q3, "--previous", "s2"]
    assert run(*asked, "--out", "s3").exit_code == 0
    before, after = record("s2"), record("s3")
    assert after["spec"]["policy"] == before["spec"]["policy"]
    assert after["spec"]["policy"]["hold"] == 0.04
    assert after["spec"]["scorer"]["weights"] == before["spec"]["scorer"]["weights"]
    assert after["spec"]["scorer"]["min_group"] == 5
    assert after["seats_within"] == before["seats_within"] == "sector"
    assert after["asked"] == before["asked"]
    assert "asked_otherwise" not in {f["code"] for f in after["findings"]}
    others = ["--hold", 0, "--ties", "include_all", "--no-within", "--market", "new"]
    assert run(*asked, *others, "--out", "other").exit_code == 0
    changed = record("other")
    policy = changed["spec"]["policy"]
    assert (policy.get("hold", 0.0), policy["max_changes"]) == (0.0, 3)
    assert changed["seats_within"] is None
    assert changed["spec"]["scorer"]["weights"] == dict(ka.market_weights("new"))
    (told,) = [f for f in changed["findings"] if f["code"] == "asked_otherwise"]
    assert (
        "--market new (was steady_growth), --weights not given (was potential=" in told["message"]
    )


def test_how_tables_were_read_is_compared(run: Run, q2: list[str]) -> None:
    """Stages, columns, labels, dates and rules said otherwise are told; the same are not."""
    assert run(*q2, "--as-of", Q2, "--top-share", 0.2, "--stage-map", "X=A,Y=B").exit_code == 0
    ka.dump(ka.ReviewRules(), "rules.toml")
    asked = [*q2, "--as-of", Q3, "--previous", "review"]
    others = ["--stage-map", "X=A,Y=C", "--aliases", "sector:a=b", "--review-rules", "rules.toml"]
    others += ["--column", "accounts.sector=sector", "--min-group", "7"]
    assert run(*asked, *others, "--out", "q3").exit_code == 0
    (told,) = [f for f in record("q3")["findings"] if f["code"] == "asked_otherwise"]
    for said in (
        "--min-group 7 (was 10)",
        f"--review-rules {ka.digest(ka.ReviewRules())[:12]} (was not given)",
        "--stage-map X=A,Y=C (was X=A,Y=B)",
        "--columns accounts.sector=sector (was not given)",
        "--aliases sector:a=b (was not given)",
    ):
        assert said in told["message"]
    assert run(*asked, "--stage-map", "Y=B,X=A", "--out", "same").exit_code == 0
    assert "asked_otherwise" not in {f["code"] for f in record("same")["findings"]}
