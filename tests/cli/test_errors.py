"""Whatever is wrong with the input, the command says the fact and the way out, and no traceback."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from typer.testing import Result

from keyaccount.cli import output, running
from keyaccount.errors import KeyAccountError

Run: TypeAlias = Callable[..., Result]

FILES = {
    "a.csv": "account,sector\nA,x\nB,y\n",
    "b.csv": "account\nA\n\nB\n",
    "cycle.csv": "account,subsidiary_of\nA,B\nB,C\nC,A\nD,\n",
    "d.csv": "account,stage,closed,amount\nA,won,2026-01-01,5\nB,Demo,,\n",
    "day.csv": "account,stage,closed,amount\nA,won,soon,5\nB,won,later,1\n",
    "two_ways.csv": "account,stage,closed,amount\nA,won,3/4/2026,5\n",
    "empty.csv": "",
    "header.csv": "account,sector\n",
    "misspelt.csv": "acount,sector\nA,x\n",
    "semicolons.csv": "account;sector\nA;x\n",
    "twice.csv": "account,sector,sector\nA,x,y\n",
    "x.xlsx": "x",
    "bad.parquet": "no Parquet",
    "bad.toml": "[deals\n",
    "odd.toml": '[deals]\namont = "x"\n',
    "o.csv": "account,include,reason,approved_by\nA,perhaps,why,who\n",
    "o2.csv": "account,include,reason,approved_by\nA,in,,who\n",
    "o3.csv": "account,include,reason,approved_by,expires\nA,in,why,who,some day\n",
    "o4.csv": "account,include,reason,approved_by\nA,in,why,who,more\n",
    "o5.csv": "account,include,reason,approved_by\nA,in,why,who\nB,in,why,who\n",
    "file": "in the way",
}
HALF = ("--top-share", "0.5")
DEALS = ("--accounts", "a.csv", "--deals", "d.csv", *HALF)


@pytest.fixture(autouse=True)
def _files(run: Run, tmp_path: Path) -> None:
    """Write the files in the folder that the command runs in."""
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, "utf-8")
    (tmp_path / "folder").mkdir()


@pytest.mark.parametrize(
    ("arguments", "fact", "hint"),
    [
        (["--accounts", "c.csv", *HALF], "c.csv: there is no such file", "there is a.csv, b.csv"),
        (["--accounts", "folder", *HALF], "folder without Parquet files", "name the file itself"),
        (["--accounts", "empty.csv", *HALF], "empty.csv: is empty", "give the columns names"),
        (["--accounts", "header.csv", *HALF], "no account can be used of 0 rows", "an id"),
        (["--accounts", "misspelt.csv", *HALF], "'acount'", "--column accounts.id=acount"),
        (["--accounts", "semicolons.csv", *HALF], "'account;sector'", "with commas"),
        (["--accounts", "twice.csv", *HALF], "more than one column is named 'sector'", "rename"),
        (["--accounts", "x.xlsx", *HALF], "neither CSV nor Parquet", ".csv"),
        (["--accounts", "bad.parquet", *HALF], "bad.parquet: cannot be read", "export it"),
        (["--accounts", "cycle.csv", *HALF], "'A' -> 'B' -> 'C' -> 'A'", "clear the parent"),
        ([*DEALS, "--as-of", "2026-09-30"], "'Demo' (1)", "--stage-map 'Demo=A'"),
        (DEALS, "as_of= is needed", "YYYY-MM-DD"),
        ([*DEALS, "--as-of", "2026-13-45"], "must be a day (got '2026-13-45')", "YYYY-MM-DD"),
        (
            ["--accounts", "a.csv", "--deals", "day.csv", *HALF, "--as-of", "2026-09-30"],
            "must hold dates (got texts such as 'soon')",
            "YYYY-MM-DD",
        ),
        (
            ["--accounts", "a.csv", "--deals", "two_ways.csv", *HALF, "--as-of", "2026-09-30"],
            "'3/4/2026', which both '%m/%d/%Y' and '%d/%m/%Y' can read",
            "state the format",
        ),
        (["--accounts", "a.csv"], "must say how many accounts are key", "--top-share"),
        (["--accounts", "a.csv", "--top-share", "20"], "(got 20.0)", "write 20 % as 0.2"),
        (["--accounts", "a.csv", "--owners", "2"], "--accounts-per-owner must be given", "both"),
        (
            [*DEALS, "--weights", "sales=1,potential=1,showcase=.5,win_and_deliver=.5"],
            "weights must sum to 1 (got 3.0)",
            "write --weights sales=0.3333333333333333,potential=",
        ),
        ([*DEALS, "--weights", "sales=0"], "must sum to 1 (got 0.0)", "a weight above 0"),
        ([*DEALS, "--weights", "sales=x"], "--weights must be numbers (got 'x')", "sales=.4"),
        ([*DEALS, "--weights", "sales"], "written name=value (got 'sales')", "="),
        ([*DEALS, "--weights", "a=.5,a=.5"], "only once (got 'a')", "drop one"),
        (
            ["--accounts", "a.csv", *HALF, "--weights", "sales=1"],
            "no weight for 'potential', 'showcase', 'win_and_deliver'",
            "one weight per criterion",
        ),
        ([*DEALS, "--columns", "bad.toml"], "bad.toml: is no column mapping (Expected", "TOML"),
        ([*DEALS, "--columns", "no.toml"], "(No such file or directory)", "write TOML"),
        ([*DEALS, "--columns", "odd.toml"], "(got 'deals.amont')", "'deals.amount'"),
        (
            ["--accounts", "a.csv", *HALF, "--column", "accounts.sector=sektor"],
            "a.csv: no column 'sektor'",
            "'sector'",
        ),
        ([*DEALS, "--aliases", "no.csv"], "holds no aliases (No such file", "column,from,to"),
        ([*DEALS, "--aliases", "a.csv"], "there is no column 'column'", "column,from,to"),
        ([*DEALS, "--aliases", "GTXPro=GTX"], "must be written column:from=to", "product:"),
        ([*DEALS, "--stage-map", "Demo"], "must be written label=meaning", "Prospecting=A"),
        ([*DEALS, "--stage-map", "Demo=G"], "(got 'G')", "won"),
        (["--accounts", "a.csv", *HALF, "--compare-within", "secto"], "'secto'", "'sector'"),
        (
            ["--accounts", "b.csv", *HALF, "--select-within"],
            "--select-within needs a column of groups",
            "--compare-within",
        ),
        (["--accounts", "a.csv", *HALF, "--overrides", "a.csv"], "'include', 'reason'", "needs"),
        (["--accounts", "a.csv", *HALF, "--overrides", "o.csv"], "(got 'perhaps')", "in or out"),
        (["--accounts", "a.csv", *HALF, "--overrides", "o2.csv"], "row 1: Override.reason", ""),
        (["--accounts", "a.csv", *HALF, "--overrides", "o3.csv"], "'some day'", "YYYY-MM-DD"),
        (["--accounts", "a.csv", *HALF, "--overrides", "o4.csv"], "not having 4 cells", "correct"),
        (
            ["--accounts", "a.csv", *HALF, "--overrides", "o5.csv"],
            "2 accounts are included by override, but the rule gives 1 seat",
            "raise the quota",
        ),
        (["--accounts", "a.csv", *HALF, "--incumbents", "misspelt.csv"], "'account'", "needs"),
        (["--accounts", "a.csv", *HALF, "--out", "file"], "--out must be a folder", "another"),
        (["--accounts", "a.csv", *HALF, "--out", "file/x"], "(Not a directory)", "another"),
    ],
)
def test_the_fact_and_the_way_out_are_told(
    run: Run, arguments: list[str], fact: str, hint: str
) -> None:
    """What cannot be used ends with 1, the fact and the way out on stderr, nothing on stdout."""
    result = run(*arguments)
    assert result.exit_code == 1
    assert result.stdout == ""
    first, second = result.stderr.splitlines()
    assert first.startswith("error: ")
    assert fact in first
    assert second.startswith("hint: ")
    assert hint in second


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--accounts"],
        ["--accounts", "a.csv", "--top-share", "many"],
        ["--accounts", "a.csv", *HALF, "--market", "old"],
        ["--accounts", "a.csv", *HALF, "--level", "site"],
        ["--accounts", "a.csv", *HALF, "--months", "0"],
        ["--accounts", "a.csv", *HALF, "--hold", "-1"],
        ["--accounts", "a.csv", *HALF, "--bogus"],
    ],
)
def test_a_command_that_is_no_command_ends_with_2(run: Run, arguments: list[str]) -> None:
    """A command line that cannot be understood ends with 2 and writes nothing."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error" in result.stderr
    assert not Path("review").exists()


def test_a_folder_that_may_not_be_written_is_told_before_the_work(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that may not be written is told before anything is read."""

    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    result = run("--accounts", "nowhere.csv", *HALF, "--out", "locked")
    assert result.exit_code == 1
    assert "--out must be a folder that can be written (Permission denied)" in result.stderr


@pytest.mark.parametrize("part", ["render_report", "review_record"])
def test_a_failure_on_the_way_leaves_the_files_of_the_last_review(
    run: Run, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """A failure while the files are put together leaves all those of the last review whole."""
    assert run("--accounts", "a.csv", *HALF, "--out", "o").exit_code == 0
    before = {p.name: p.read_bytes() for p in Path("o").iterdir()}

    def fail(*_: Any, **_more: Any) -> None:
        raise KeyAccountError("the lights went out", "wait for daylight.")

    monkeypatch.setattr(output, part, fail)
    result = run("--accounts", "b.csv", "--top-share", "1", "--out", "o")
    assert (result.exit_code, result.stdout) == (1, "")
    assert {p.name: p.read_bytes() for p in Path("o").iterdir()} == before


def test_a_disk_that_fails_leaves_whole_files_and_no_rubbish(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fails at a file is told; each file there is whole, and nothing else is left."""
    assert run("--accounts", "a.csv", *HALF, "--out", "o").exit_code == 0
    before = {p.name: p.read_bytes() for p in Path("o").iterdir()}
    replace = Path.replace

    def fail_at_the_record(self: Path, target: Path) -> Path:
        if target.name == "review.json":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail_at_the_record)
    result = run("--accounts", "b.csv", "--top-share", "1", "--out", "o")
    assert result.exit_code == 1
    assert "No space left on device" in result.stderr
    after = {p.name: p.read_bytes() for p in Path("o").iterdir()}
    assert after.keys() == before.keys()
    assert after["review.json"] == before["review.json"]
    assert after["report.html"].endswith(b"</html>\n")


def test_a_mistake_of_ours_is_not_hidden(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of the library itself is not dressed up as one of the user."""

    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(running, "review_quarter", fail)
    with pytest.raises(ZeroDivisionError):
        run("--accounts", "a.csv", *HALF)


@pytest.mark.parametrize("needed", ["jinja2", "matplotlib"])
def test_what_the_page_needs_is_asked_for_before_the_long_work(
    run: Run, monkeypatch: pytest.MonkeyPatch, needed: str
) -> None:
    """Where an extra is missing nothing is read and no folder is made; the error names it."""
    monkeypatch.setattr(
        running, "find_spec", lambda name: None if name == needed else find_spec(name)
    )
    result = run("--accounts", "not there.csv", *HALF, "--out", "o")
    assert result.exit_code == 1
    assert needed in result.stderr
    assert "keyaccount[cli]" in result.stderr
    assert not Path("o").exists()
