"""Edited in place, a file keeps its comments; what would be wrong never reaches it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.playbook.comments import with_comments
from keyaccount.playbook.locking import alone
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


# --- Comments stay with what they are about -------------------------------------------------------

_COMMENTED = """\
schema_version = 1
kind = "playbook"
name = "n"
version = "1"

# who is key
[selection]
hold = 0.0  # as agreed

# how many
[selection.rule]
kind = "top_share"
share = 0.2  # in May

# where deals stand
[stall]
# the end
"""


@pytest.fixture
def commented(tmp_path: Path) -> Path:
    """Write a short playbook with comments of every place."""
    path = tmp_path / "short.toml"
    path.write_text(_COMMENTED, "utf-8")
    return path


def test_what_is_removed_takes_its_own_comments_alone(commented: Path) -> None:
    """The comment above the next table stays above it."""
    with ka.Playbook.edit(commented) as rules:
        del rules["selection"]
    text = commented.read_text("utf-8")
    assert "# where deals stand\n[stall]\n# the end\n" in text
    assert text.count("#") == 2


def test_a_key_that_is_added_stands_above_the_next_comment(commented: Path) -> None:
    """It does not come between a table and what is said of it."""
    with ka.Playbook.edit(commented) as rules:
        rules["note"] = "x"
    text = commented.read_text("utf-8")
    assert "# who is key\n[selection]\n" in text
    assert text.count("#") == _COMMENTED.count("#")


def test_a_table_that_is_replaced_keeps_what_stands_above_it_and_the_next(commented: Path) -> None:
    """Comments beside keys that are gone go with them."""
    with ka.Playbook.edit(commented) as rules:
        rules["selection"]["rule"] = ka.to_data(ka.TopCount(5))
    text = commented.read_text("utf-8")
    assert "# how many\n[selection.rule]\n" in text
    assert "# where deals stand\n[stall]\n" in text


def test_a_comment_beside_what_stays_is_not_lost(commented: Path) -> None:
    """A whole table in the place of one with comments is refused."""
    before = commented.read_bytes()
    with (
        pytest.raises(ka.SerialisationError, match="'# in May' would be lost"),
        ka.Playbook.edit(commented) as rules,
    ):
        rules["selection"]["rule"] = ka.to_data(ka.TopShare(0.3))
    assert commented.read_bytes() == before


_LISTED = """\
# first
[[a]]
name = "x" # of x
# under x
[a.b]
c = "# none" # one
# second
[[a]]
name = "y"
d = [
  1, # two
]
"""


def test_comments_of_tables_in_arrays_go_by_their_names() -> None:
    """Neither does another place, nor a new name, take a comment from where it belongs."""
    without_x = '[[a]]\nname = "y"\nd = [\n  1, # two\n]\n'
    assert with_comments(_LISTED, without_x) == f"# second\n{without_x}"
    renamed = _LISTED.replace('"x"', '"z"').replace("# second\n", "")
    assert with_comments(_LISTED, renamed) == _LISTED.replace('"x"', '"z"')


# --- Writers together -----------------------------------------------------------------------------


def _raise_version(path: Path) -> bool:
    """Count the version up by one, and say whether that was done."""
    try:
        with ka.Playbook.edit(path) as rules:
            rules["version"] = str(int(rules["version"]) + 1)
    except ka.SerialisationError as error:
        assert "somebody else" in error.fact  # noqa: PT017 - either it is done or told
        return False
    return True


def test_threads_lose_no_change(commented: Path) -> None:
    """Every edit that was not refused is there."""
    with ThreadPoolExecutor(4) as pool:
        done = sum(pool.map(lambda _: _raise_version(commented), range(80)))
    assert ka.Playbook.load(commented).version == str(1 + done)
    assert [p.name for p in commented.parent.iterdir()] == ["short.toml"]


_COUNTING = """
import sys, keyaccount as ka
done = 0
for _ in range(25):
    try:
        with ka.Playbook.edit(sys.argv[1]) as rules:
            rules["version"] = str(int(rules["version"]) + 1)
    except ka.SerialisationError:
        continue
    done += 1
print(done)
"""


def test_processes_lose_no_change(commented: Path) -> None:
    """The lock holds between them too."""
    command = [sys.executable, "-c", _COUNTING, str(commented)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]  # noqa: S603 - our own code
    done = sum(int(process.communicate()[0]) for process in running)
    assert ka.Playbook.load(commented).version == str(1 + done)


def test_a_lock_that_nobody_gives_back_is_told(tmp_path: Path) -> None:
    """With the file to delete."""
    path = tmp_path / "a.toml"
    with (
        alone(path),
        pytest.raises(ka.SerialisationError, match=r"delete .*\.a\.toml\.lock"),
        alone(path, patience=0.0),
    ):
        pytest.fail("two at a time")


# --- Files as they were ---------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_ends_of_lines_and_the_mark_stay(path: Path, suffix: str) -> None:
    """As an editor on Windows wrote them."""
    target = path.with_suffix(suffix)
    ka.Playbook.load(path).dump(target)
    windows = b"\xef\xbb\xbf" + target.read_bytes().replace(b"\n", b"\r\n")
    target.write_bytes(windows)
    with ka.Playbook.edit(target):
        pass
    assert target.read_bytes() == windows
    with ka.Playbook.edit(target) as rules:
        rules["name"] = "south"
    assert target.read_bytes() == windows.replace(b"north", b"south")


def test_json_that_is_not_changed_is_not_laid_out_anew(tmp_path: Path) -> None:
    """On one line it stays on one line."""
    path = tmp_path / "a.json"
    path.write_text('{"schema_version":1,"kind":"top_count","count":3}', "utf-8")
    with ka.edit_file(path):
        pass
    assert path.read_text("utf-8") == '{"schema_version":1,"kind":"top_count","count":3}'


def test_what_is_no_number_is_blamed_on_the_number(commented: Path) -> None:
    """Not on what writes it."""
    with (
        pytest.raises(ka.SerialisationError, match="a finite number"),
        ka.Playbook.edit(commented) as rules,
    ):
        rules["selection"]["hold"] = float("nan")


def test_a_file_that_must_not_be_written_is_refused(commented: Path) -> None:
    """The rights on the folder are not enough."""
    commented.chmod(0o444)
    before = commented.read_bytes()
    with (
        pytest.raises(ka.SerialisationError, match="cannot be written"),
        ka.Playbook.edit(commented) as rules,
    ):
        rules["name"] = "south"
    with pytest.raises(ka.SerialisationError, match="cannot be written"):
        ka.Playbook("n", "1").dump(commented)
    assert commented.read_bytes() == before
    assert [p.name for p in commented.parent.iterdir()] == ["short.toml"]


def test_a_hard_link_keeps_what_it_had(commented: Path) -> None:
    """As the documentation says."""
    other = commented.with_name("other.toml")
    os.link(commented, other)
    with ka.Playbook.edit(commented) as rules:
        rules["name"] = "south"
    assert ka.Playbook.load(other).name == "n"


@pytest.mark.parametrize("path", ["a\0.toml", None, b"a.toml", 3])
def test_a_name_that_is_none_is_refused(path: Any) -> None:
    """Wherever a file is named."""
    with pytest.raises(ka.SerialisationError):
        ka.load(path)
    with pytest.raises(ka.SerialisationError):
        ka.dump(ka.TopCount(3), path)
    with pytest.raises(ka.SerialisationError), ka.edit_file(path):
        pytest.fail("no file")
