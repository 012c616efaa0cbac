"""Small files are read strictly, and a table for spreadsheets cannot run as a program."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeAlias

import pytest
from typer.testing import Result

from keyaccount.cli.sheets import read_incumbents, read_overrides
from keyaccount.stored.cells import guarded

Run: TypeAlias = Callable[..., Result]


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(A1)", "\t=1"])
def test_a_formula_from_outside_is_a_text(run: Run, name: str) -> None:
    """A name that a spreadsheet would run has an apostrophe in front, in the CSV table only."""
    quoted = name.replace('"', '""')
    Path("a.csv").write_text(f'account_id,account,sales\n1,"{quoted}",-5\n2,B,3\n', "utf-8")
    asked = ("--accounts", "a.csv", "--top-count", 1, "--table-format", "csv", "--out", "o")
    assert run(*asked).exit_code == 0
    written = Path("o/accounts.csv").read_text("utf-8")
    assert f"'{quoted.strip()}" in written
    assert ",-5.0," in written, "a negative number is no formula"


def test_an_account_that_is_called_like_a_formula_is_still_found_next_quarter(run: Run) -> None:
    """An id that was guarded in last quarter's table is still found by this quarter's review."""
    Path("a.csv").write_text("account,sales\n=A,1\n=B,2\n", "utf-8")
    asked = ("--accounts", "a.csv", "--as-of", "2026-09-30", "--top-count", 1)
    run(*asked, "--table-format", "csv", "--out", "o")
    assert read_incumbents(Path("o/accounts.csv")) == {"=B": date(2026, 9, 30)}


@pytest.mark.parametrize("text", ["", "Acme", "'quoted'", "北京"])
def test_a_plain_text_is_left_alone(text: str) -> None:
    """A text that starts with nothing special is left alone."""
    assert guarded(text) == text


def test_incumbents_are_a_list_or_the_table_of_a_review(tmp_path: Path) -> None:
    """Incumbents are a bare list, a list with days, or a table of which the key ones count."""
    path = tmp_path / "i.csv"
    path.write_text("account\n A \nB\n\n", "utf-8")
    assert read_incumbents(path) == {"A": None, "B": None}
    path.write_text("account,since\nA,1/31/2026\nB,\n", "utf-8")
    assert read_incumbents(path) == {"A": date(2026, 1, 31), "B": None}
    path.write_text("account,is_key\nA,True\nB,False\nC,\n", "utf-8")
    assert read_incumbents(path) == {"A": None}


def test_overrides_are_read_with_their_days(tmp_path: Path) -> None:
    """Overrides are read with their days, in and out in several words."""
    path = tmp_path / "o.csv"
    path.write_text(
        "account,include,reason,approved_by,approved_on,expires\n"
        "A, IN ,flagship,VP,2026-01-01,2027-01-01\nB,false,in court,CEO,,\n",
        "utf-8",
    )
    one, other = read_overrides(path)
    assert (one.include, one.approved_on, one.expires) == (True, date(2026, 1, 1), date(2027, 1, 1))
    assert (other.account, other.include, other.is_dated) == ("B", False, False)
