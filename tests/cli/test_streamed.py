"""``keyaccount review --stream``: Parquet in, parts out, the same as in memory."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import Result

import keyaccount as ka
from keyaccount.cli.files import Reading
from keyaccount.cli.settings import Settings
from keyaccount.cli.streamed import Streaming, review_streamed

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
    named = {"name": "ours", "version": "1", "digest": playbook.digest}
    assert record["playbook"] == named | {"scorer": ka.digest(scorer)}


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
        (("--target", "1e6"), "--target has no meaning with --stream"),
        (("--language", "zh"), "--language has no meaning with --stream"),
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


def test_what_a_file_does_not_say_is_told(run: Run, tmp_path: Path) -> None:
    """No sectors to compare within, no potential, no ratings: the words of a review in memory."""
    pq.write_table(pa.table({"id": ["a", "b"], "sales": [1.0, 2.0]}), tmp_path / "b.parquet")
    given = ("--accounts", tmp_path / "b.parquet", "--top-share", 0.5, "--as-of", "2026-09-30")
    assert not run("--stream", *given, "--out", "streamed").exit_code
    assert not run(*given, "--out", "memory").exit_code
    ours, theirs = (_stored(Path(out))["findings"] for out in ("streamed", "memory"))
    assert len(ours) == 4
    assert all(finding in theirs for finding in ours)


def test_a_table_of_texts_is_refused(run: Run, tmp_path: Path) -> None:
    """CSV is not streamed."""
    (tmp_path / "b.csv").write_text("id,sales\na,1\n")
    result = run("--stream", "--accounts", tmp_path / "b.csv", "--top-share", 0.2)
    assert result.exit_code == 1
    assert "is no readable Parquet file" in result.stderr


# --- The next quarter ----------------------------------------------------------------------------

WEIGHTS = "sales=.4,potential=.3,showcase=.2,win_and_deliver=.1"


def _quarter(place: Path, seed: int, **changed: Any) -> Path:
    """Write a quarter of 120 accounts that may be reviewed in memory and streamed."""
    rng = np.random.default_rng(seed)
    columns = {
        "account_id": [f"A{i:03d}" for i in range(120)],
        "sector": rng.choice(["energy", "retail"], 120),
        "sales": np.where(rng.random(120) < 0.1, np.nan, rng.lognormal(3.0, 1.0, 120)),
        "potential": rng.lognormal(3.0, 1.0, 120),
        "showcase_rating": rng.integers(1, 6, 120).astype(float),
        "win_rate": rng.random(120),
    }
    pq.write_table(pa.table(columns | changed), place)
    return place


def _columns(folder: Path | str) -> dict[str, list[Any]]:
    table = pq.read_table(folder)
    order = table.column_names[0] if "account" not in table.column_names else "account"
    found: dict[str, list[Any]] = table.sort_by(order).to_pydict()
    return found


@pytest.mark.parametrize("changed", [{}, {"potential": pa.nulls(120, pa.float64())}])
def test_two_quarters_streamed_are_two_quarters_in_memory(
    run: Run, tmp_path: Path, changed: dict[str, Any]
) -> None:
    """Weights, constants, seats within sectors and incumbents are carried on as they are there."""
    first = _quarter(tmp_path / "q3.parquet", 1)
    second = _quarter(tmp_path / "q4.parquet", 2, **changed)
    told = ("--weights", WEIGHTS, "--select-within", "--top-share", 0.2)
    for how in (("--level", "account"), ("--stream",)):
        out = Path(how[0].strip("-"))
        given = (*how, "--quiet", "--accounts")
        days = ("--as-of", "2026-06-30"), ("--as-of", "2026-09-30")
        assert not run(*given, first, *told, *days[0], "--out", out / "q3").exit_code
        after = ("--previous", out / "q3", "--hold", 0.05)
        assert not run(*given, second, *after, *days[1], "--out", out / "q4").exit_code
    memory, stream = (Path("level/q4"), Path("stream/q4"))
    expected, found = _columns(memory / "accounts.parquet"), _columns(stream / "accounts")
    assert set(found) <= set(expected) | {"account"}
    for name in set(found) & set(expected):
        assert repr(found[name]) == repr(expected[name]), name
    ours, theirs = _stored(stream), _stored(memory)
    assert [ours["spec"][name] == theirs["spec"][name] for name in ours["spec"]] == [True, True]
    assert ours["seats_within"] == "sector"
    assert ours["findings"] == theirs["findings"]
    moves = ours["summary"]["moves"]
    assert moves["entered"] + moves["stayed"] == ours["summary"]["key_accounts"]
    assert moves["stayed"] + moves["left"] == _stored(Path("stream/q3"))["summary"]["key_accounts"]


def _asked(accounts: Path, out: str, **changed: Any) -> Streaming:
    given = {"rule": ka.TopCount(30), **changed.pop("settings", {})}
    return Streaming(
        accounts=accounts,
        out=Path(out),
        reading=Reading(as_of="2026-09-30"),
        settings=Settings(**given),
        **changed,
    )


def test_what_is_said_now_goes_before_what_was_said_before(run: Run, tmp_path: Path) -> None:
    """Weights and groups that are given, and constants that are asked for anew."""
    del run  # it gives an empty folder to stand in
    first, second = (_quarter(tmp_path / f"q{i}.parquet", i) for i in (3, 4))
    before = review_streamed(_asked(first, "q3")).scorer
    weights = {"sales": 0.1, "potential": 0.2, "showcase": 0.3, "win_and_deliver": 0.4}
    after: dict[str, Any] = {"previous": Path("q3")}
    weighed = review_streamed(
        _asked(second, "weighed", **after, settings={"weights": weights}, given=["--weights"])
    ).scorer
    assert dict(weighed.weights) == weights
    assert weighed.criteria == before.criteria
    rules = {"playbook": ka.Playbook("rule", "1", selection=ka.SelectionPolicy(ka.TopCount(9)))}
    ruled = review_streamed(_asked(second, "ruled", **after, settings=rules | {"refit": True}))
    assert (ruled.scorer, ruled.summary["key_accounts"]) == (before, 9)
    anew = review_streamed(_asked(second, "anew", **after, given=["--refit"])).scorer
    assert anew.weights == before.weights
    assert anew.criteria != before.criteria
    whole = {"compare_within": None}
    alone = review_streamed(
        _asked(second, "whole", **after, settings=whole, given=["--compare-within"])
    ).scorer
    assert alone.group is None


def test_accounts_are_compared_within_the_groups_of_the_quarter_before(
    run: Run, tmp_path: Path
) -> None:
    """Where nobody names other groups, or the book has them no more, which is refused."""
    del run
    regions = {"region": ["north", "south"] * 60}
    first = _quarter(tmp_path / "q3.parquet", 3, **regions)
    settings = {"compare_within": "region", "select_within": True}
    before = review_streamed(_asked(first, "q3", settings=settings))
    assert before.scorer.group == "region"
    second = _quarter(tmp_path / "q4.parquet", 4, **regions)
    after = review_streamed(_asked(second, "q4", previous=Path("q3")))
    assert after.scorer == before.scorer
    assert [cut.group for cut in after.groups] == ["north", "south"]
    options = ["--select-within"]  # said with no: --no-within
    alone = review_streamed(_asked(second, "alone", previous=Path("q3"), given=options))
    assert [cut.group for cut in alone.groups] == [None]
    third = _quarter(tmp_path / "q5.parquet", 5)
    with pytest.raises(ka.ColumnNotFoundError, match="no column 'region'"):
        review_streamed(_asked(third, "q5", previous=Path("q4")))


def test_an_unfitted_playbook_learns_once(run: Run, tmp_path: Path) -> None:
    """Last quarter's constants stay while the rule does, unless they are asked for anew."""
    del run
    first, second = (_quarter(tmp_path / f"q{i}.parquet", i) for i in (3, 4))
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("money", column="potential", value=ka.Percentile())],
        weights={"money": 1},
    )
    rules = {"playbook": ka.Playbook("ours", version="1", scorer=scorer)}
    before = review_streamed(_asked(first, "q3", settings=rules)).scorer
    after: dict[str, Any] = {"previous": Path("q3"), "settings": rules | {"refit": True}}
    assert review_streamed(_asked(second, "q4", **after)).scorer == before
    learned = scorer.fit(pq.read_table(second))
    anew = review_streamed(_asked(second, "anew", **after, given=["--refit"]))
    assert anew.scorer == learned
    other = attrs.evolve(scorer, criteria=[attrs.evolve(scorer.criteria[0], missing="neutral")])
    changed = {"playbook": ka.Playbook("ours", version="2", scorer=other)}
    found = review_streamed(_asked(second, "x", previous=Path("q3"), settings=changed)).scorer
    assert found == other.fit(pq.read_table(second))
    alone = review_streamed(_asked(second, "alone", previous=Path("q3")))
    assert alone.scorer == before
    with pytest.raises(ka.SpecError, match=r"--weights must not be given with --previous"):
        review_streamed(_asked(second, "y", previous=Path("q3"), given=["--weights"]))


def test_what_a_playbook_states_is_not_learned_anew(run: Run, ready: Path, tmp_path: Path) -> None:
    """Of a playbook that has one criterion fitted, the other alone learns: as in memory."""
    stated = ka.Criterion("sales", column="sales", value=ka.Percentile().fit([1.0, 2.0, 9.0]))
    learns = ka.Criterion("potential", column="potential", value=ka.Percentile())
    scorer = ka.CompositeScorer(criteria=[stated, learns], weights={"sales": 0.5, "potential": 0.5})
    playbook = ka.Playbook("ours", version="1", scorer=scorer, valid_from="2027-01-01")
    playbook.dump(tmp_path / "p.toml")
    given = ("--playbook", tmp_path / "p.toml", "--top-share", 0.2, "--as-of", "2026-09-30")
    result = run("--stream", "--accounts", ready, *given, "--out", "q3")
    assert result.exit_code == 0, result.output
    record = _stored(Path("q3"))
    found = ka.from_data(record["spec"]["scorer"], ka.CompositeScorer)
    assert found.criteria == (stated, scorer.fit(pq.read_table(ready)).criteria[1])
    assert [f["code"] for f in record["findings"]] == ["playbook_not_valid"]


def test_a_special_approval_that_is_not_given_again_is_told(
    run: Run, ready: Path, tmp_path: Path
) -> None:
    """It would end in silence."""
    overrides = tmp_path / "overrides.csv"
    overrides.write_text("account,include,reason,approved_by\nA0007,in,flagship,VP\n")
    given = ("--stream", "--accounts", ready, "--top-count", 5)
    assert not run(*given, "--overrides", overrides, "--out", "q3").exit_code
    result = run(*given, "--previous", "q3", "--out", "q4")
    assert result.exit_code == 0, result.output
    assert "1 override of the quarter before holds still" in result.stdout
    assert "since the review before: 1 entered, 4 stayed, 1 left, 0 gone" in result.stdout
    found = [f for f in _stored(Path("q4"))["findings"] if f["code"] == "override_not_carried"]
    assert [f["examples"] for f in found] == [["A0007"]]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--out", "q3"), "must not be the folder of --previous"),
        (("--out", "q4", "--incumbents", "q3"), "must not be given with --previous"),
    ],
)
def test_the_quarter_before_is_neither_overwritten_nor_told_twice(
    run: Run, ready: Path, options: tuple[str, ...], said: str
) -> None:
    """As in memory."""
    given = ("--stream", "--accounts", ready, "--top-count", 5)
    assert not run(*given, "--out", "q3").exit_code
    result = run(*given, "--previous", "q3", *options)
    assert result.exit_code == 1
    assert said in " ".join(result.stderr.split())
