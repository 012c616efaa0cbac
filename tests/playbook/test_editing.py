"""Edited in place, a file keeps its comments; what would be wrong never reaches it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.playbook.starter import STARTER_PARTS, starter_text


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Write a commented playbook."""
    path = tmp_path / "rules.toml"
    path.write_text(starter_text("north", STARTER_PARTS), "utf-8")
    return path


def test_comments_and_order_survive(path: Path) -> None:
    """One line differs, and nothing else."""
    before = path.read_text("utf-8").splitlines()
    with ka.Playbook.edit(path) as rules:
        rules["selection"]["rule"]["share"] = 0.15
        rules["scorer"]["criteria"][2]["value"]["high"] = 10
    after = path.read_text("utf-8").splitlines()
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert changed == [("high = 5.0", "high = 10"), ("share = 0.2", "share = 0.15")]
    loaded = ka.Playbook.load(path)
    assert loaded.selection is not None
    assert loaded.selection.rule == ka.TopShare(0.15)


def test_parts_come_and_go(path: Path) -> None:
    """A spec is put in as data; comments beside it stay."""
    with ka.Playbook.edit(path) as rules:
        del rules["funnel"]
        rules["segmenters"]["rad"] = ka.to_data(ka.rad())
        rules["selection"]["hold"] = 0.03
    loaded = ka.Playbook.load(path)
    assert loaded.funnel is None
    assert loaded.segmenter("rad") == ka.rad()
    assert "# How many: TopShare" in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda r: r["selection"].update(hold=-1), r"@ \$.selection.hold"),
        (lambda r: r["selection"].update(hodl=1), "did you mean 'hold'"),
        (lambda r: r.pop("version"), "missing key 'version'"),
        (lambda r: r.pop("schema_version"), "missing key 'schema_version'"),
        (lambda r: r["scorer"]["weights"].pop("sales"), r"@ \$.scorer.weights"),
    ],
)
def test_what_would_be_wrong_leaves_the_file_as_it_was(path: Path, change: Any, said: str) -> None:
    """The error says where."""
    before = path.read_bytes()
    with pytest.raises(ka.SerialisationError, match=said), ka.Playbook.edit(path) as rules:
        change(rules)
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["rules.toml"]


def test_an_error_in_the_block_leaves_the_file_as_it_was(path: Path) -> None:
    """Half a change is none."""
    before = path.read_bytes()

    def half() -> None:
        with ka.Playbook.edit(path) as rules:
            rules["name"] = "south"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert path.read_bytes() == before


def test_nothing_changed_writes_nothing(path: Path) -> None:
    """Not even another time stamp."""
    path.chmod(0o444)
    with ka.Playbook.edit(path):
        pass
    assert path.stat().st_mode & 0o777 == 0o444


def test_a_file_that_somebody_else_changed_is_left_alone(path: Path) -> None:
    """Their change is not lost."""

    def both() -> None:
        with ka.Playbook.edit(path) as rules:
            rules["name"] = "south"
            path.write_text(path.read_text("utf-8").replace("north", "east"), "utf-8")

    with pytest.raises(ka.SerialisationError, match="by somebody else"):
        both()
    assert ka.Playbook.load(path).name == "east"


def test_json_is_edited_as_well(path: Path) -> None:
    """It has no comments, but an order."""
    target = path.with_suffix(".json")
    ka.Playbook.load(path).dump(target)
    keys = list(json.loads(target.read_text("utf-8")))
    with ka.Playbook.edit(target) as rules:
        rules["name"] = "south"
    assert ka.Playbook.load(target).name == "south"
    assert list(json.loads(target.read_text("utf-8"))) == keys


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.toml", "name = ", "is no TOML"),
        ("a.json", "{", "is no JSON"),
        ("a.yaml", "", "ending in .toml or .json"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    tmp_path: Path, name: str, content: str, said: str
) -> None:
    """Before anybody changes anything."""
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(ka.SerialisationError, match=said), ka.Playbook.edit(tmp_path / name):
        pytest.fail("nothing to edit")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """With the reason."""
    with (
        pytest.raises(ka.SerialisationError, match="cannot be read"),
        ka.edit_file(tmp_path / "a.toml"),
    ):
        pytest.fail("nothing to edit")


@pytest.mark.parametrize("suffix", [".toml", ".json"])
@pytest.mark.parametrize("value", [np.int64(3), ka.TopCount(3), {1, 2}, float("nan")])
def test_what_a_file_cannot_hold_is_refused(path: Path, suffix: str, value: Any) -> None:
    """With the way to write a spec, and the file as it was."""
    target = path.with_suffix(suffix)
    if suffix == ".json":
        ka.Playbook.load(path).dump(target)
    before = target.read_bytes()
    with pytest.raises(ka.SerialisationError), ka.Playbook.edit(target) as rules:
        rules["selection"]["max_changes"] = value
    assert target.read_bytes() == before


def test_tables_are_added_to_arrays(path: Path) -> None:
    """A criterion more, and its weight."""
    with ka.Playbook.edit(path) as rules:
        more = ka.Criterion("reach", column="reach", value=ka.Bands([1, 2], [0, 0.5, 1]))
        rules["scorer"]["criteria"].append(ka.to_data(more))
        rules["scorer"]["weights"]["sales"] = 0.25
        rules["scorer"]["weights"]["reach"] = 0.1
    loaded = ka.Playbook.load(path)
    assert loaded.scorer is not None
    assert loaded.scorer.criteria[-1] == more
    assert "# One weight per criterion, by name; they sum to 1." in path.read_text("utf-8")


def test_other_kinds_are_edited_too(tmp_path: Path) -> None:
    """`Playbook.edit` insists on a playbook, `edit_file` on what it is told."""
    path = tmp_path / "rule.toml"
    ka.dump(ka.TopShare(0.2), path)
    with ka.edit_file(path, "top_share") as rule:
        rule["share"] = 0.3
    assert ka.load(path) == ka.TopShare(0.3)
    with pytest.raises(ka.SerialisationError), ka.Playbook.edit(path) as rule:
        rule["share"] = 0.4
    assert ka.load(path) == ka.TopShare(0.3)


@given(share=st.floats(0, 1), name=st.text(min_size=1).filter(str.strip))
def test_any_value_reads_back_as_it_was_set(
    tmp_path_factory: pytest.TempPathFactory, share: float, name: str
) -> None:
    """To the last bit, whatever the text."""
    path = tmp_path_factory.mktemp("edit") / "a.toml"
    ka.Playbook("x", "1", selection=ka.SelectionPolicy(ka.TopShare(0.5))).dump(path)
    with ka.Playbook.edit(path) as rules:
        rules["name"] = name
        rules["selection"]["rule"]["share"] = share
    loaded = ka.Playbook.load(path)
    assert loaded.name == name
    assert loaded.selection == ka.SelectionPolicy(ka.TopShare(share))


def test_without_tomlkit_it_says_what_to_install(path: Path) -> None:
    """The extra by its name."""
    code = (
        "import sys; sys.modules['tomlkit'] = None\n"
        "import keyaccount as ka\n"
        "try:\n"
        f"    with ka.Playbook.edit({str(path)!r}): pass\n"
        "except ka.MissingExtra as error:\n"
        "    print(error.hint)\n"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603 - our own code
    assert found.stdout.strip() == "pip install 'keyaccount[toml]'"
