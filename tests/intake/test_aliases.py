"""Aliases repair labels once, say so, and refuse to contradict themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.errors import IntakeError, SpecError
from keyaccount.intake import Aliases


def test_a_repair_is_counted_per_label() -> None:
    """A repair is counted per label."""
    aliases = Aliases.parse(["product:GTXPro=GTX Pro", "sector:technolgy=technology"])
    values, findings = aliases.repair("product", ["GTXPro", None, "MG", "GTXPro", "technolgy"])
    assert values.texts().tolist() == ["GTX Pro", None, "MG", "GTX Pro", "technolgy"]
    assert [(f.code, f.count, f.severity) for f in findings] == [("repaired_label", 2, "info")]


def test_the_header_of_the_file_names_the_column_as_well() -> None:
    """The header of the file names the column as well."""
    values, _ = Aliases.parse(["Industry:a=b"]).repair("sector", ["a"], also="Industry")
    assert values.texts().tolist() == ["b"]


@pytest.mark.parametrize("text", ["GTXPro=GTX Pro", "product:GTXPro", "product:=x", ":a=b"])
def test_texts_that_are_no_alias_are_refused(text: str) -> None:
    """Texts that are no alias are refused."""
    with pytest.raises(SpecError):
        Aliases.parse([text])


@pytest.mark.parametrize("texts", [["c:a=b", "c:a=d"], ["c:a=b", "c:b=d"], ["c:a=a"]])
def test_contradictions_and_chains_are_refused(texts: list[str]) -> None:
    """Contradictions and chains are refused."""
    with pytest.raises(SpecError, match=r"contradict|chain"):
        Aliases.parse(texts)


def test_toml_and_csv_hold_the_same(tmp_path: Path) -> None:
    """Toml and csv hold the same."""
    toml, table = tmp_path / "a.toml", tmp_path / "a.csv"
    toml.write_text('[product]\nGTXPro = "GTX Pro"\n', "utf-8")
    table.write_text("column,from,to\nproduct,GTXPro,GTX Pro\n", "utf-8")
    assert (
        Aliases.from_file(toml)
        == Aliases.from_file(table)
        == Aliases.parse(["product:GTXPro=GTX Pro"])
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.toml", "[product"),
        ("a.toml", "product = 1"),
        ("a.csv", "from,to\na,b\n"),
        ("no.csv", None),
    ],
)
def test_files_without_aliases_are_refused(tmp_path: Path, name: str, content: str | None) -> None:
    """Files without aliases are refused."""
    path = tmp_path / name
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(IntakeError, match="holds no aliases"):
        Aliases.from_file(path)


def test_aliases_join() -> None:
    """Aliases join."""
    one, other = Aliases.parse(["c:a=b"]), Aliases.parse(["c:a=b", "d:a=c"])
    assert (one | other).pairs == (("c", "a", "b"), ("d", "a", "c"))


@given(
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from("wxyz")),
    st.lists(st.one_of(st.none(), st.sampled_from("abcdwxyz"))),
)
def test_repairing_twice_is_repairing_once(table: dict[str, str], values: list[str | None]) -> None:
    """Repairing twice is repairing once."""
    aliases = Aliases([("c", a, b) for a, b in table.items()])
    once, _ = aliases.repair("c", values)
    twice, findings = aliases.repair("c", once)
    assert once.texts().tolist() == twice.texts().tolist()
    assert findings == ()
