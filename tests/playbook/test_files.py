"""Files: readable, versioned, written whole, and honest about what is wrong with them."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

import keyaccount as ka
from keyaccount.playbook.faults import Fault
from keyaccount.playbook.versions import SCHEMA_VERSION, UPGRADES, upgraded

POLICY = ka.SelectionPolicy(
    ka.TopShare(0.2) & ka.AtLeast(ka.ByGroup({"车企": 0.5}, pool=0.6)), max_changes=3
)
SCALE = ka.Criterion(
    "sales", column="x", value=ka.Percentile(parts=2, knots=[(0.5, 0), (2, 0.5), (1e30, 1)])
)

TOML = """\
schema_version = 1
kind = "criterion"
name = "sales"
column = "x"
missing = "worst"

[value]
kind = "percentile"
parts = 2
knots = [
    [0.5, 0.0],
    [2.0, 0.5],
    [1e+30, 1.0],
]
falling = false
"""

JSON = """\
{
  "schema_version": 1,
  "kind": "criterion",
  "name": "sales",
  "column": "x",
  "value": {
    "kind": "percentile",
    "parts": 2,
    "knots": [
      [0.5, 0.0],
      [2.0, 0.5],
      [1e+30, 1.0]
    ],
    "falling": false
  },
  "missing": "worst"
}
"""


def refused(path: Path) -> ka.SerialisationError:
    """Load a file that must be refused."""
    with pytest.raises(ka.SerialisationError) as caught:
        ka.load(path)
    return caught.value


@pytest.mark.parametrize(("name", "text"), [("a.toml", TOML), ("a.json", JSON), ("A.JSON", JSON)])
def test_a_file_reads_as_a_person_would_write_it(tmp_path: Path, name: str, text: str) -> None:
    """The version first, knots as pairs on one line each, a line break at the end."""
    ka.dump(SCALE, tmp_path / name)
    assert (tmp_path / name).read_text("utf-8") == text
    assert ka.load(tmp_path / name) == SCALE


def test_dates_are_native_in_toml_and_text_in_json(tmp_path: Path) -> None:
    """Each format in its own way; both are read in both."""
    spec = ka.Override("A", include=False, reason="moved", approved_by="li", expires="2027-03-31")
    ka.dump(spec, tmp_path / "o.toml")
    ka.dump(spec, tmp_path / "o.json")
    assert "expires = 2027-03-31\n" in (tmp_path / "o.toml").read_text("utf-8")
    assert '"expires": "2027-03-31"' in (tmp_path / "o.json").read_text("utf-8")
    quoted = (tmp_path / "o.toml").read_text("utf-8").replace("2027-03-31", '"2027-03-31"')
    (tmp_path / "o.toml").write_text(quoted, "utf-8")
    assert ka.load(tmp_path / "o.toml") == ka.load(str(tmp_path / "o.json")) == spec


def test_texts_that_look_like_arrays_stay_as_they_are(tmp_path: Path) -> None:
    """Bringing pairs onto one line touches no text."""
    tricky = "[\n    1.0,\n    2.0,\n]"
    spec = ka.Stage(tricky, "名\r\n\x7f\u2028", participants=(tricky, "x"))
    for name in ("s.toml", "s.json"):
        ka.dump(spec, tmp_path / name)
        assert ka.load(tmp_path / name) == spec


def test_long_arrays_stay_one_number_per_line(tmp_path: Path) -> None:
    """No line becomes longer than a reader's window."""
    cuts = ka.Cuts([i / 7 for i in range(20)])
    for name in ("c.toml", "c.json"):
        ka.dump(cuts, tmp_path / name)
        assert max(map(len, (tmp_path / name).read_text("utf-8").splitlines())) <= 100
        assert ka.load(tmp_path / name) == cuts


def test_a_mark_in_front_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    """As editors on Windows leave them."""
    (tmp_path / "a.toml").write_bytes(b"\xef\xbb\xbf" + TOML.replace("\n", "\r\n").encode())
    assert ka.load(tmp_path / "a.toml") == SCALE


BROKEN = [
    ("a.toml", "kind = ", "this is no TOML: Invalid value"),
    ("a.json", '{"kind": ', "this is no JSON: Expecting value: line 1 column 10"),
    ("a.json", '{"kind": "log", "kind": "linear"}', "this is no JSON: the key 'kind' occurs twice"),
    ("a.json", '{"low": NaN}', "this is no JSON: NaN is no number"),
    ("a.json", "[" * 100_000, "this is no JSON: "),
    ("a.json", f'{{"n": {"9" * 5_000}}}', "this is no JSON: "),
]


@pytest.mark.parametrize(("name", "text", "fact"), BROKEN)
def test_what_is_no_toml_or_json_is_refused(
    tmp_path: Path, name: str, text: str, fact: str
) -> None:
    """With what the parser says of the place, in the one style of errors."""
    (tmp_path / name).write_text(text, "utf-8")
    error = refused(tmp_path / name)
    assert error.fact.startswith(fact)
    assert error.fact.endswith(f" @ {tmp_path / name}")


def test_bytes_that_are_no_utf8_are_refused(tmp_path: Path) -> None:
    """A file in another encoding is not guessed at."""
    (tmp_path / "a.toml").write_bytes(b'name = "\xff"')
    assert refused(tmp_path / "a.toml").fact.startswith("this is no TOML: 'utf-8' codec")


def test_a_mistake_in_a_file_names_the_file_and_the_place(tmp_path: Path) -> None:
    """Name in front, path behind."""
    (tmp_path / "a.toml").write_text(TOML.replace("0.5, 0.0", '0.5, "0"'), "utf-8")
    error = refused(tmp_path / "a.toml")
    assert error.fact == "a.toml: expected a number (got '0') @ $.value.knots[0][1]"
    assert error.parts["file"] == str(tmp_path / "a.toml")


def test_1e999_is_no_number(tmp_path: Path) -> None:
    """Python reads it as infinity without a word."""
    (tmp_path / "a.json").write_text('{"schema_version": 1, "kind": "linear", "low": 1e999}')
    assert "missing key 'high'" in refused(tmp_path / "a.json").fact
    (tmp_path / "a.json").write_text(
        '{"schema_version": 1, "kind": "linear", "low": 1e999, "high": 1}'
    )
    assert "expected a finite number (got inf) @ $.low" in refused(tmp_path / "a.json").fact


def test_a_file_must_say_its_version(tmp_path: Path) -> None:
    """Else an upgrade would one day have to guess."""
    (tmp_path / "a.toml").write_text('kind = "top_share"\nshare = 0.2\n')
    error = refused(tmp_path / "a.toml")
    assert error.fact == "a.toml: missing key 'schema_version' @ $"
    assert error.hint == "write schema_version = 1 at the top."


def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    """And not half understood."""
    (tmp_path / "a.toml").write_text(f"schema_version = {SCHEMA_VERSION + 1}\nnew = 1\n")
    error = refused(tmp_path / "a.toml")
    assert "schema_version 2 is newer than this keyaccount knows (1)" in error.fact
    assert "--upgrade" in error.hint


def test_older_data_goes_through_every_upgrade_in_turn() -> None:
    """From its own version on, and no further back."""

    def step(n: int) -> Any:
        return lambda data: {**data, "went": [*data.get("went", []), n]}

    upgrades = {n: step(n) for n in (1, 2, 3)}
    assert upgraded({"schema_version": 2}, upgrades=upgrades, newest=4) == {"went": [2, 3]}
    assert upgraded({"schema_version": 4}, upgrades=upgrades, newest=4) == {}
    assert upgraded({}, upgrades=upgrades, newest=4) == {}  # no version: today's
    with pytest.raises(Fault, match="newer than this keyaccount knows"):
        upgraded({"schema_version": 5}, upgrades=upgrades, newest=4)


def test_an_upgrade_does_not_touch_what_it_was_given() -> None:
    """The caller's dict keeps its version."""
    data = {"schema_version": 1, "kind": "linear"}
    upgraded(data, upgrades={1: lambda d: d | {"low": 1}}, newest=2)
    assert data == {"schema_version": 1, "kind": "linear"}


def test_there_is_an_upgrade_from_every_version_there_was() -> None:
    """A new schema version without one would orphan every stored file."""
    assert set(UPGRADES) == set(range(1, SCHEMA_VERSION))


@pytest.mark.parametrize("name", ["a.yaml", "a", "toml"])
def test_another_suffix_is_refused(tmp_path: Path, name: str) -> None:
    """On both ways."""
    for act in (ka.load, lambda path: ka.dump(POLICY, path)):
        with pytest.raises(ka.SerialisationError, match=r"a name ending in \.toml or \.json"):
            act(tmp_path / name)


def test_a_file_that_cannot_be_read_or_written_says_so(tmp_path: Path) -> None:
    """In the one style of errors."""
    assert refused(tmp_path / "no.toml").fact.startswith("the file cannot be read: No such file")
    with pytest.raises(ka.SerialisationError, match="the file cannot be written: No such file"):
        ka.dump(POLICY, tmp_path / "nowhere" / "a.json")


def test_toml_asks_for_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing needs tomli-w; reading and JSON need nothing."""
    ka.dump(POLICY, tmp_path / "a.toml")
    monkeypatch.setitem(sys.modules, "tomli_w", None)
    with pytest.raises(ka.MissingExtra, match=r"pip install 'keyaccount\[toml\]'"):
        ka.dump(POLICY, tmp_path / "b.toml")
    assert not (tmp_path / "b.toml").exists()
    assert ka.load(tmp_path / "a.toml") == POLICY
    ka.dump(POLICY, tmp_path / "b.json")


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither half a file nor a temporary one."""
    path = tmp_path / "a.toml"
    ka.dump(POLICY, path)
    before = path.read_bytes()

    def fail(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(ka.SerialisationError, match="cannot be written: No space left"):
        ka.dump(SCALE, path)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["a.toml"]  # noqa: PTH208 - hidden ones as well


def test_a_spec_that_cannot_be_stored_leaves_the_old_file(tmp_path: Path) -> None:
    """It is refused before the file is touched."""
    ka.dump(POLICY, tmp_path / "a.json")
    with pytest.raises(ka.SerialisationError):
        ka.dump(ka.ByGroup({"a": float("nan")}), tmp_path / "a.json")
    assert ka.load(tmp_path / "a.json") == POLICY


@pytest.mark.skipif(os.name != "posix", reason="rights and links as on POSIX")
def test_rights_and_links_stay(tmp_path: Path) -> None:
    """A file that others may read does not become private, and a link stays one."""
    path, link = tmp_path / "a.toml", tmp_path / "link.toml"
    ka.dump(POLICY, path)
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask
    path.chmod(0o640)
    link.symlink_to(path)
    ka.dump(SCALE, link)
    assert link.is_symlink()
    assert ka.load(path) == SCALE
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
