"""The rules of a company from the command line: begun, checked, compared, and reviewed by."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import attrs
import jsonschema
import pytest
from typer.testing import Result

import keyaccount as ka
from keyaccount.playbook.starter import STARTER_PARTS

Run: TypeAlias = Callable[..., Result]
Play: TypeAlias = Callable[..., Result]


@pytest.fixture
def play(run: Run) -> Play:
    """Run ``keyaccount playbook`` in an empty folder."""

    def playbook(*arguments: Any) -> Result:
        return run(*arguments, command="playbook", columns=200)

    return playbook


@pytest.fixture
def rules(play: Play, tmp_path: Path) -> Path:
    """Write a playbook to begin with."""
    assert play("init", "--name", "North", "--author", "Li").exit_code == 0
    return tmp_path / "playbook.toml"


def changed(path: Path, name: str, **parts: Any) -> Path:
    """Write the playbook with some parts replaced."""
    target = path.with_name(name)
    attrs.evolve(ka.Playbook.load(path), **parts).dump(target)
    return target


# --- init -----------------------------------------------------------------------------------------


def test_a_starter_loads_and_explains_itself(rules: Path) -> None:
    """Comments say what each key is, and which figures are choices of the library."""
    found = ka.Playbook.load(rules)
    assert (found.name, found.version, found.author) == ("North", "1", "Li")
    assert list(found.parts) == ["scorer", "selection", "lifecycle"]
    text = rules.read_text("utf-8")
    assert "# One weight per criterion, by name; they sum to 1." in text
    assert "choice of this library" in text


def test_a_starter_holds_the_parts_asked_for(play: Play, tmp_path: Path) -> None:
    """All there are, or a few."""
    assert play("init", "all.toml", "--with", ",".join(STARTER_PARTS)).exit_code == 0
    parts = {name.partition(".")[0] for name in ka.Playbook.load(tmp_path / "all.toml").parts}
    assert parts == set(STARTER_PARTS)
    found = play("init", "x.toml", "--with", "scorers")
    assert found.exit_code == 1
    assert "did you mean 'scorer'" in found.stderr


def test_a_file_is_not_written_over_unasked(play: Play, rules: Path) -> None:
    """Rules are work."""
    before = rules.read_bytes()
    refused = play("init", rules)
    assert refused.exit_code == 1
    assert "--force" in refused.stderr
    assert rules.read_bytes() == before
    assert play("init", rules, "--force").exit_code == 0
    assert rules.read_bytes() != before
    assert "must end in .toml" in play("init", "rules.json").stderr


# --- check, explain, diff, schema -----------------------------------------------------------------


def test_check_says_ok_with_the_digest(play: Play, rules: Path) -> None:
    """And what has still to be learned."""
    found = play("check", rules)
    assert found.exit_code == 0
    assert found.stdout.splitlines() == [
        "ok: North, version 1",
        f"digest {ka.Playbook.load(rules).digest}",
        "parts: scorer, selection, lifecycle",
        "still to be learned: scorer, lifecycle",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("share = 0.2", "share = 2", "@ $.selection.rule.share"),
        ("hold = 0.0", "hodl = 0.0", "did you mean 'hold'"),
        ("[scorer]", "[scorer", "is no TOML"),
        ("schema_version = 1", "schema_version = 99", "newer than this keyaccount knows"),
    ],
)
def test_check_says_what_is_wrong(play: Play, rules: Path, old: str, new: str, said: str) -> None:
    """Where, and what was meant; exit code 1."""
    rules.write_text(rules.read_text("utf-8").replace(old, new, 1), "utf-8")
    found = play("check", rules)
    assert found.exit_code == 1
    assert said in found.stderr
    assert not found.stdout


def test_check_holds_a_table_against_what_is_read(play: Play, rules: Path, tmp_path: Path) -> None:
    """Columns that are missing, with the nearest, and for which part."""
    (tmp_path / "d.csv").write_text("id,sale,potential,showcase_rating,win_rate\n1,2,3,4,5\n")
    found = play("check", rules, "--columns", "d.csv", "--part", "scorer")
    assert found.exit_code == 1
    assert "no column 'sales' (for scorer)" in found.stderr
    assert "did you mean 'sale' for 'sales'?" in found.stderr
    assert "'gap_median' (for lifecycle)" in play("check", rules, "--columns", "d.csv").stderr
    (tmp_path / "d.csv").write_text("id,sales,potential,showcase_rating,win_rate\n1,2,3,4,5\n")
    found = play("check", rules, "--columns", "d.csv", "--part", "scorer")
    assert found.exit_code == 0
    assert "columns: d.csv has all that is needed" in found.stdout
    assert (
        "did you mean 'scorer'"
        in play("check", rules, "--columns", "d.csv", "--part", "score").stderr
    )
    assert "no such file" in play("check", rules, "--columns", "e.csv").stderr


def test_what_need_not_be_there_is_not_missed(play: Play, tmp_path: Path) -> None:
    """Unanswered questions are unknown; a cascade can do without NDF and RAD."""
    parts: dict[str, Any] = {
        "inference": ka.experience_inference(),
        "segmenters": {"all": ka.Cascade()},
    }
    ka.Playbook("x", "1", **parts).dump(tmp_path / "x.toml")
    (tmp_path / "d.csv").write_text("status,output\nvip,5\n")
    assert play("check", "x.toml", "--columns", "d.csv").exit_code == 0


def test_explain_says_who_is_key(play: Play, rules: Path) -> None:
    """In plain words."""
    found = play("explain", rules)
    assert found.exit_code == 0
    assert found.stdout.rstrip("\n") == ka.explain(ka.Playbook.load(rules))


def test_diff_tells_places(play: Play, rules: Path) -> None:
    """Or that there are none."""
    other = changed(rules, "b.toml", selection=ka.SelectionPolicy(ka.TopShare(0.15)))
    assert play("diff", rules, other).stdout == "$.selection.rule.share: 0.2 → 0.15\n"
    assert play("diff", rules, rules).stdout.startswith("no difference: digest ")
    assert play("diff", rules, "c.toml").exit_code == 1


def test_schema_is_written(play: Play, rules: Path, tmp_path: Path) -> None:
    """To a file or to the screen."""
    assert play("schema", "-o", "s.json").exit_code == 0
    schema = json.loads((tmp_path / "s.json").read_text("utf-8"))
    assert schema == ka.json_schema()
    assert json.loads(play("schema", "--kind", "top_share").stdout) == ka.json_schema("top_share")
    data = {"schema_version": 1, **ka.to_data(ka.Playbook.load(rules))}
    jsonschema.validate(data, schema)
    assert play("schema", "--kind", "top").exit_code == 1


# --- review ---------------------------------------------------------------------------------------


def record(folder: Path) -> dict[str, Any]:
    """Read what a review wrote."""
    found: dict[str, Any] = json.loads((folder / "review.json").read_text("utf-8"))
    return found


def test_a_review_by_a_playbook_is_the_review_by_the_same_options(
    run: Run, rules: Path, given: list[str], tmp_path: Path
) -> None:
    """And the folder keeps the playbook and its digest."""
    assert run(*given, "--playbook", rules, "--out", "a").exit_code == 0
    options = ("--top-share", 0.2, "--compare-within", "", "--out", "b")
    assert run(*given, *options).exit_code == 0
    a, b = record(tmp_path / "a"), record(tmp_path / "b")
    assert a["digest"]["scorer"] == b["digest"]["scorer"]
    assert a["digest"]["policy"] == b["digest"]["policy"]
    assert (tmp_path / "a/accounts.parquet").read_bytes() == (
        tmp_path / "b/accounts.parquet"
    ).read_bytes()
    playbook = ka.Playbook.load(rules)
    assert ka.from_data(a["playbook"]["spec"]) == playbook
    assert a["playbook"]["digest"] == playbook.digest
    assert a["asked"]["--playbook"] == f"North 1 ({playbook.digest[:12]})"
    assert b["playbook"] is None


def test_scorer_policy_and_review_rules_come_from_the_playbook(
    run: Run, rules: Path, given: list[str], tmp_path: Path
) -> None:
    """What is fitted stays as it is, what is not is fitted on the book."""
    scorer = ka.CompositeScorer(
        criteria=(
            ka.Criterion("money", column="sales", value=ka.ObservedRange(low=0, high=1e6)),
            ka.Criterion("promise", column="potential", value=ka.Percentile()),
        ),
        weights={"money": 0.7, "promise": 0.3},
        group="sector",
    )
    policy = ka.SelectionPolicy(ka.TopCount(7), hold=0.1, max_changes=2)
    own = ka.ReviewRules(checks=(), watch_fall=0.2)
    path = changed(rules, "own.toml", scorer=scorer, selection=policy, review=own)
    assert run(*given, "--playbook", path, "--out", "a").exit_code == 0
    spec = record(tmp_path / "a")["spec"]
    fitted = ka.from_data(spec["scorer"])
    assert fitted.criteria[0] == scorer.criteria[0]
    assert fitted.criteria[1].is_fitted
    assert fitted.group == "sector"
    assert ka.from_data(spec["policy"]) == policy
    assert ka.from_data(spec["rules"]) == own
    assert record(tmp_path / "a")["summary"]["key_accounts"] == 7


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--top-share", 0.2), "--top-share must not be given with --playbook"),
        (("--hold", 0, "--ties", "by_id"), "--hold, --ties must not be given"),
        (("--market", "new"), "playbook.toml says it in its part 'scorer'"),
        (("--compare-within", "region"), "--compare-within must not be given"),
        (("--weights", "sales=1"), "--weights must not be given"),
    ],
)
def test_options_that_the_playbook_leaves_nothing_to_say_are_refused(
    run: Run, rules: Path, given: list[str], options: tuple[Any, ...], said: str
) -> None:
    """Rather than one of the two silently going before the other."""
    found = run(*given, "--playbook", rules, *options)
    assert found.exit_code == 1
    assert said in found.stderr


def test_what_a_playbook_does_not_say_the_options_do(
    run: Run, rules: Path, given: list[str], tmp_path: Path
) -> None:
    """Without a selection the rule is an option; without one of both nothing is done."""
    path = changed(rules, "own.toml", selection=None)
    assert "the rule must say" in run(*given, "--playbook", path).stderr
    assert run(*given, "--playbook", path, "--top-count", 3, "--out", "a").exit_code == 0
    assert record(tmp_path / "a")["summary"]["key_accounts"] == 3


def test_refit_has_no_meaning_with_a_fitted_scorer(
    run: Run, rules: Path, given: list[str], tmp_path: Path
) -> None:
    """Its constants are the company's."""
    assert run(*given, "--playbook", rules, "--out", "a").exit_code == 0
    fitted = ka.from_data(record(tmp_path / "a")["spec"]["scorer"])
    path = changed(rules, "fitted.toml", scorer=fitted)
    assert "--refit must not be given" in run(*given, "--playbook", path, "--refit").stderr
    assert run(*given, "--playbook", path, "--out", "b").exit_code == 0
    assert record(tmp_path / "b")["spec"]["scorer"] == record(tmp_path / "a")["spec"]["scorer"]


def test_a_misspelt_column_is_told_with_the_nearest(
    run: Run, rules: Path, given: list[str]
) -> None:
    """A criterion that nobody could have measured is a slip, not an unknown."""
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("p", column="potentail", value=ka.Linear(0, 9))], weights={"p": 1.0}
    )
    found = run(*given, "--playbook", changed(rules, "own.toml", scorer=scorer))
    assert found.exit_code == 1
    assert "did you mean 'potential'" in found.stderr


def test_a_column_that_nobody_measured_is_unknown(
    run: Run, rules: Path, book: Path, tmp_path: Path
) -> None:
    """A usual criterion without its table is told, as it is without a playbook."""
    accounts = ("--accounts", book / "accounts.csv", "--deals", book / "deals.csv")
    assert run(*accounts, "--as-of", "2026-09-30", "--playbook", rules, "--out", "a").exit_code == 0
    codes = [f["code"] for f in record(tmp_path / "a")["findings"]]
    assert "unmeasured_criterion" in codes


def test_constants_are_kept_by_the_same_rules_and_learned_anew_by_others(
    run: Run, rules: Path, given: list[str], tmp_path: Path
) -> None:
    """From quarter to quarter."""
    early = [*given[:-1], "2026-06-30"]
    assert run(*early, "--playbook", rules, "--out", "q1").exit_code == 0
    later = [*given, "--previous", tmp_path / "q1"]
    assert run(*later, "--playbook", rules, "--out", "q2").exit_code == 0
    first, second = (record(tmp_path / q)["spec"]["scorer"] for q in ("q1", "q2"))
    assert second == first
    loaded = ka.Playbook.load(rules)
    assert loaded.scorer is not None
    finer = [ka.Criterion("sales", column="sales", value=ka.Percentile(parts=50))]
    scorer = attrs.evolve(loaded.scorer, criteria=(*finer, *loaded.scorer.criteria[1:]))
    other = changed(rules, "own.toml", version="2", scorer=scorer)
    assert run(*later, "--playbook", other, "--out", "q3").exit_code == 0
    third = record(tmp_path / "q3")
    assert third["spec"]["scorer"]["criteria"][0]["value"]["parts"] == 50
    told = {f["code"]: f["message"] for f in third["findings"]}
    assert "--playbook North 2" in told["asked_otherwise"]


def test_a_playbook_that_is_not_valid_yet_is_told(
    run: Run, rules: Path, given: list[str], tmp_path: Path
) -> None:
    """It is used all the same: to try it out is what it may be for."""
    path = changed(rules, "own.toml", valid_from="2027-01-01")
    assert run(*given, "--playbook", path, "--out", "a").exit_code == 0
    codes = [f["code"] for f in record(tmp_path / "a")["findings"]]
    assert "playbook_not_valid" in codes


def test_stages_and_segments_are_those_of_the_playbook(
    run: Run, rules: Path, given: list[str], tmp_path: Path
) -> None:
    """A model that is fitted stays as it is, one that is not is fitted on the book."""
    stated = ka.LifecycleModel(hiatus_days=45, growth=0.2)
    cuts = ka.Rfm(cuts=ka.FixedCut(recency=90, frequency=2, monetary=10))
    path = changed(rules, "own.toml", lifecycle=stated, segmenters={"pcv": ka.pcv(), "rfm": cuts})
    assert run(*given, "--playbook", path, "--out", "a").exit_code == 0
    learned = record(tmp_path / "a")["learned"]
    assert ka.from_data(learned["lifecycle"]) == stated
    assert ka.from_data(learned["segments"]) == cuts
    open_model = ka.LifecycleModel(patience=3)
    path = changed(rules, "own.toml", lifecycle=open_model)
    assert run(*given, "--playbook", path, "--out", "b").exit_code == 0
    found = ka.from_data(record(tmp_path / "b")["learned"]["lifecycle"])
    assert found.is_fitted
    assert found.patience == 3
    later = [*given[:-1], "2026-12-31", "--previous", tmp_path / "b", "--playbook", path]
    assert run(*later, "--out", "c").exit_code == 0
    assert ka.from_data(record(tmp_path / "c")["learned"]["lifecycle"]) == found


# --- What is told, and what is refused ------------------------------------------------------------


def test_check_remarks_on_what_may_not_be_meant(play: Play, rules: Path) -> None:
    """A criterion without its column can be used, but should not be so unnoticed."""
    text = rules.read_text("utf-8").replace('column = "potential"\n', "", 1)
    rules.write_text(text, "utf-8")
    found = play("check", rules)
    assert found.exit_code == 0
    assert "note: criterion 'potential' has no column (not measured)" in found.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "playbook.toml", "--part", "scorer"], "--part needs --columns"),
        (["init", "x.toml", "--with", "nonsense"], "--with is unknown (got 'nonsense')"),
        (["init", "x.toml", "--name", " "], "--name must not be blank"),
        (["schema", "--kind", "playbok"], "did you mean 'playbook'?"),
        (["schema", "-o", "playbook.toml"], "must end in .json"),
    ],
)
def test_an_option_is_told_by_its_name(
    play: Play, rules: Path, arguments: list[str], said: str
) -> None:
    """Not by the argument of a function."""
    before = rules.read_bytes()
    found = play(*arguments)
    assert found.exit_code == 1
    assert said in found.stderr
    assert "linear" not in found.stderr
    assert rules.read_bytes() == before


def test_a_schema_is_not_written_over_unasked(play: Play, tmp_path: Path) -> None:
    """What is there stays."""
    assert play("schema", "-o", "s.json").exit_code == 0
    (tmp_path / "s.json").write_text("mine")
    refused = play("schema", "-o", "s.json")
    assert refused.exit_code == 1
    assert "--force" in refused.stderr
    assert (tmp_path / "s.json").read_text() == "mine"
    assert play("schema", "-o", "s.json", "--force").exit_code == 0


def test_diff_answers_by_its_exit_code_where_asked(play: Play, rules: Path) -> None:
    """0 the same, 1 another, 2 no playbook."""
    other = changed(rules, "other.toml", version="2")
    assert play("diff", rules, other).exit_code == 0
    assert play("diff", "--exit-code", rules, rules).exit_code == 0
    assert play("diff", "--exit-code", rules, other).exit_code == 1
    assert play("diff", "--exit-code", rules, "none.toml").exit_code == 2


def test_a_terminal_without_the_letters_still_explains(rules: Path) -> None:
    """What it has no letter for becomes a question mark."""
    path = changed(rules, "zh.toml", note="大客户")
    assert b"???" in _in_ascii("explain", path)


def test_a_terminal_without_the_letters_still_shows_the_schema() -> None:
    """JSON has its own way to write them."""
    assert json.loads(_in_ascii("schema")) == ka.json_schema()


def _in_ascii(*arguments: object) -> bytes:
    """Run a command where stdout takes ASCII alone, and give what it prints."""
    code = "from keyaccount.cli.app import app; app()"
    found = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code, "playbook", *map(str, arguments)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


def test_a_review_says_what_of_a_playbook_it_takes_nothing_from(
    run: Run, rules: Path, given: list[str], tmp_path: Path
) -> None:
    """And what it has no table for."""
    program = ka.ProgramRules(upkeep={"strategic": 14}, symptoms=ka.weak_programme_symptoms())
    more = changed(
        rules, "more.toml", stall=ka.StallRule(), segmenters={"p": ka.pcv()}, program=program
    )
    assert run(*given, "--playbook", more, "--out", "m").exit_code == 0
    told = [
        f["message"]
        for f in json.loads((tmp_path / "m" / "review.json").read_text("utf-8"))["findings"]
        if f["code"] == "part_not_used"
    ]
    assert told == [
        "a review takes nothing from segmenters.p, stall, program.symptoms of the playbook",
        "program.upkeep of the playbook waits for --contacts",
    ]
    refused = run(*given, "--playbook", more, "--contact-every", "30", "--out", "r")
    assert refused.exit_code == 1
    assert "--contact-every must not be given" in refused.stderr
