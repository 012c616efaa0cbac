"""What is printed can be read at a glance, in a narrow window and in a wide one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from rich.cells import cell_len
from typer.testing import Result

Run: TypeAlias = Callable[..., Result]

NAMES = (
    "北京大客户科技有限公司",
    "Zweckverband Wasserversorgung Oberes Schlichemtal GmbH",
    "O'Neil",
)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Write a book with a Chinese name, a long name and a short one."""
    rows = [f'{i},"{name}",retail,{10**i}' for i, name in enumerate(NAMES, start=6)]
    text = "\n".join(["account_id,account,sector,sales", *rows])
    (tmp_path / "a.csv").write_text(text, "utf-8")
    return ["--accounts", "a.csv", "--top-count", "3"]


def key_table(result: Result) -> list[str]:
    """Cut the table of key accounts out of what was printed."""
    lines = result.stdout.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("account "))
    return lines[start : start + 1 + len(NAMES)]


@pytest.mark.parametrize("columns", [60, 80, 100, 120, 200])
def test_each_account_takes_one_line_and_columns_align(
    run: Run, files: list[str], columns: int
) -> None:
    """Each account takes one line that fits; columns align, whatever script names are in."""
    lines = key_table(run(*files, columns=columns))
    assert all(cell_len(line) <= columns for line in lines)
    at = {cell_len(line[: line.index("rank")]) for line in lines[1:]}
    assert at == {lines[0].index("why")}
    assert "100,000,000" in lines[1]
    assert "1,000,000" in lines[3]
    assert "0.350" in lines[1]  # the score, or the contribution of sales
    assert "…" not in "".join(line.split(maxsplit=1)[1] for line in (lines[0], lines[1], lines[3]))


def test_a_wide_window_shows_sector_and_coverage(run: Run, files: list[str]) -> None:
    """A wide window shows sector, coverage and whole names; a narrow one leaves them out."""
    wide = "\n".join(key_table(run(*files, columns=140)))
    narrow = "\n".join(key_table(run(*files, columns=80)))
    assert all(name in wide for name in (*NAMES, "retail", "35%", "known"))
    assert "retail" not in narrow
    assert NAMES[1][:10] in narrow


def test_what_is_unknown_is_a_dash(run: Run, files: list[str]) -> None:
    """What is unknown is a dash, and no zero that somebody could take for a judgement."""
    head, first, *_ = key_table(run(*files))
    assert "showcase" in head
    assert first.count("–") == 3


def test_grave_findings_are_printed_with_what_they_are_about(run: Run, tmp_path: Path) -> None:
    """Grave findings are printed, the gravest first; those of information are counted."""
    text = 'account,sector,sales\nAcme Corp,technolgy,1\nAcme Corp.,x,n/a\n,y,3\nB,z,"1,000"\n'
    (tmp_path / "a.csv").write_text(text, "utf-8")
    printed = run("--accounts", "a.csv", "--top-count", 1, columns=200).stdout
    errors, warnings = printed.index("\nerror"), printed.index("\nwarning")
    assert errors < warnings
    assert "(Acme Corp ~ Acme Corp.)" in printed
    assert "missing (n/a)" in printed
    assert "of information only, in review.json" in printed


def test_many_key_accounts_and_findings_are_cut_short(run: Run, tmp_path: Path) -> None:
    """Many key accounts are cut short, and it says how many there are besides."""
    rows = [f"A{i},{i}" for i in range(50)]
    (tmp_path / "a.csv").write_text("\n".join(["account,sales", *rows]), "utf-8")
    printed = run("--accounts", "a.csv", "--top-share", 0.6).stdout
    assert "30 key accounts of 50" in printed
    assert "and 10 more in the table of accounts" in printed
    assert "A49 " in printed
    assert "A29 " not in printed


def test_the_sums_are_printed_to_the_cent(run: Run, given: list[str]) -> None:
    """The sums are printed to the cent, also in a narrow window."""
    printed = run(*given, "--top-share", 0.2, columns=60).stdout
    assert "won value: balances" in printed
    assert all(word in printed for word in ("used", "outside", "rejected"))
    assert all(cell_len(line) <= 60 for line in printed.splitlines())


def test_the_help_fits_and_names_what_matters(run: Run) -> None:
    """The help fits 80 columns, and tells the example, the files and the exit codes."""
    result = run("--help", columns=80)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert all(cell_len(line) <= 80 for line in lines)
    text = " ".join(result.stdout.replace("│", " ").split())
    for said in (
        "keyaccount review --accounts accounts.csv --deals deals.csv",
        "3 done, but data were rejected",
        '[deals] amount = "value"',
        "--accounts-per-owner",
        "Smaller groups are compared with all",
    ):
        assert said in text, said
    assert "…" not in text.replace("win_an…", "")


def test_demo_says_what_it_made_what_it_found_and_where_the_page_is(run: Run) -> None:
    """The demo says what it made, what it found, and last, alone, where the page is."""
    result = run("--accounts", 60, "--seed", 5, "--out", "shown", command="demo")
    assert result.exit_code == 0
    text = " ".join(result.stdout.split())
    assert "a synthetic book, seed 5" in text
    assert "60 accounts," in text
    assert "'technolgy' may be misspelt for 'technology'" in text
    assert "key accounts of" in text
    assert result.stdout.splitlines()[-1] == "shown/report.html"
    assert Path("shown/report.html").is_file()


def test_what_demo_says_of_doing_it_by_hand_is_true(run: Run) -> None:
    """The command that demo prints to do the same by hand writes the same bytes."""
    shown = run("--accounts", 60, "--out", "shown", command="demo").stdout.splitlines()
    (line,) = [line for line in shown if line.startswith("keyaccount review ")]
    assert run(*line.split()[2:], "--out", "by_hand").exit_code == 0
    for name in ("accounts.parquet", "review.json", "report.html", "decisions.jsonl"):
        assert Path("shown", name).read_bytes() == Path("by_hand", name).read_bytes()


def test_demo_refuses_a_folder_that_is_a_file(run: Run) -> None:
    """The demo refuses a folder that is a file, as review does."""
    Path("x").write_text("", "utf-8")
    result = run("--out", "x", command="demo")
    assert result.exit_code == 1
    assert "--out must be a folder" in result.stderr
