"""`keyaccount review`: every option does what its help says, and the files say what was done."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from typer.testing import Result

import keyaccount as ka

Run: TypeAlias = Callable[..., Result]


def record(out: str | Path) -> dict[str, Any]:
    """Read the record of a review."""
    found: dict[str, Any] = json.loads((Path(out) / "review.json").read_text("utf-8"))
    return found


def table(out: str | Path) -> list[dict[str, Any]]:
    """Read the table of accounts that a review wrote."""
    rows: list[dict[str, Any]] = pq.read_table(Path(out) / "accounts.parquet").to_pylist()
    return rows


def key(out: str | Path) -> list[str]:
    """List the key accounts, best first."""
    return [row["account"] for row in table(out) if row["is_key"]]


def written(out: str | Path) -> dict[str, bytes]:
    """Read all files of a folder."""
    return {p.name: p.read_bytes() for p in sorted(Path(out).iterdir()) if p.is_file()}


def test_a_review_writes_four_files_and_ends_with_the_page(run: Run, given: list[str]) -> None:
    """A review writes four files and its last line is the page, alone."""
    result = run(*given, "--top-share", 0.2, "--out", "q3")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.splitlines()[-1] == "q3/report.html"
    files = {"accounts.parquet", "decisions.jsonl", "review.json", "report.html"}
    assert set(written("q3")) == files


def test_the_table_says_score_decision_and_reason_best_first(run: Run, given: list[str]) -> None:
    """The table says score, decision and reason, best first."""
    run(*given, "--top-share", 0.2, "--out", "q3")
    rows = table("q3")
    assert [r["rank"] for r in rows] == sorted(r["rank"] for r in rows)
    assert [r["is_key"] for r in rows] == sorted((r["is_key"] for r in rows), reverse=True)
    for row in rows:
        parts = [v for name, v in row.items() if name.startswith("contribution_")]
        assert sum(parts) == pytest.approx(row["score"], abs=1e-12)
        assert row["score_low"] <= row["score"] <= row["score_high"]
        assert row["reason"] in {"rank", "below_cut"}


def test_the_record_holds_specs_that_read_back_to_their_digests(run: Run, given: list[str]) -> None:
    """The record holds specs that read back to their digests."""
    run(*given, "--top-share", 0.2, "--hold", 0.03, "--out", "q3")
    found = record("q3")
    for name in ("scorer", "policy"):
        spec = ka.from_data(found["spec"][name])
        assert ka.digest(spec) == found["digest"][name]
    assert ka.from_data(found["spec"]["policy"]).hold == 0.03
    assert found["as_of"] == "2026-09-30"
    assert [t["table"] for t in found["tables"]] == ["accounts", "products", "deals", "ratings"]
    assert all(r["balances"] for r in found["reconciliations"])
    assert {f["code"] for f in found["findings"]} >= {"misspelt_label", "unknown_product", "pooled"}
    assert found["comparison"]["min_group"] == 10
    assert found["summary"]["key_accounts"] == len(key("q3"))


def test_the_stored_scorer_gives_the_written_scores(run: Run, given: list[str]) -> None:
    """The stored scorer gives the written scores again, to the bit."""
    run(*given, "--top-share", 0.2, "--out", "q3")
    scorer = ka.from_data(record("q3")["spec"]["scorer"])
    read = pq.read_table("q3/accounts.parquet")
    assert scorer.score(read).value.tolist() == read["score"].to_pylist()


def test_twice_the_same_gives_the_same_bytes(run: Run, given: list[str]) -> None:
    """Twice the same gives the same bytes: there is no clock and no place in the files."""
    for out in ("one", "deep/other"):
        run(*given, "--top-share", 0.2, "--out", out)
    assert written("one") == written("deep/other")


def test_parquet_in_gives_what_csv_gives(run: Run, given: list[str], book: Path) -> None:
    """Parquet in, types and all, gives what CSV gives."""
    for file in book.glob("*.csv"):
        pq.write_table(pa_csv.read_csv(file), f"{file.stem}.parquet")
    swapped = [f"{Path(a).stem}.parquet" if a.endswith(".csv") else a for a in given]
    run(*given, "--top-share", 0.2, "--out", "from_csv")
    run(*swapped, "--top-share", 0.2, "--out", "from_parquet")
    one, other = written("from_csv"), written("from_parquet")
    assert one["accounts.parquet"] == other["accounts.parquet"]
    records = [json.loads(f["review.json"].replace(b".parquet", b".csv")) for f in (one, other)]
    for found in records:  # the page names the files, and the record has the digest of the page
        del found["digest"]["record"], found["files"]["report.html"]
    assert records[0] == records[1]


def test_the_order_of_the_rows_changes_no_byte(run: Run, given: list[str], book: Path) -> None:
    """The order of the rows of any file changes no byte of the table."""
    shutil.copytree(book, "turned")
    for file in Path("turned").iterdir():
        head, *lines = file.read_text("utf-8").splitlines()
        file.write_text("\n".join([head, *sorted(lines, key=lambda line: line[::-1])]), "utf-8")
    turned = [a.replace(str(book), "turned") for a in given]
    run(*given, "--top-share", 0.2, "--out", "one")
    run(*turned, "--top-share", 0.2, "--out", "other")
    assert written("one")["accounts.parquet"] == written("other")["accounts.parquet"]


def test_the_csv_table_holds_what_the_parquet_table_holds(run: Run, given: list[str]) -> None:
    """The CSV table holds what the Parquet table holds, digit by digit."""
    run(*given, "--top-share", 0.2, "--out", "a")
    run(*given, "--top-share", 0.2, "--out", "b", "--table-format", "csv")
    with Path("b/accounts.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for ours, theirs in zip(table("a"), rows, strict=True):
        assert list(ours) == list(theirs)
        assert {n: "" if v is None else str(v) for n, v in ours.items()} == theirs


def test_the_market_and_weights_of_ones_own_change_the_order(run: Run, given: list[str]) -> None:
    """The market sets the weights; weights of one's own go before it."""
    run(*given, "--top-count", 5, "--market", "new", "--out", "new")
    stated = "sales=.7,potential=.1,showcase=.1,win_and_deliver=.1"
    run(*given, "--top-count", 5, "--weights", stated, "--out", "own")
    weights = {out: record(out)["spec"]["scorer"]["weights"] for out in ("new", "own")}
    assert "0.7" in str(weights["own"])
    assert weights["new"] != weights["own"]
    assert key("new") != key("own")


def test_rules_join_to_the_smaller_set(run: Run, given: list[str]) -> None:
    """Rules join to the smaller set, as share and capacity do."""
    both = ("--top-share", 0.5, "--owners", 2, "--accounts-per-owner", 3)
    run(*given, *both, "--out", "both")
    assert len(key("both")) == 6
    run(*given, "--at-least", 2, "--out", "none")
    assert key("none") == []
    assert "None: no account reaches the rule." in Path("none/report.html").read_text("utf-8")


def test_each_account_is_judged_alone_at_the_level_of_accounts(run: Run, given: list[str]) -> None:
    """At the level of accounts each one is judged alone; of groups, with its subsidiaries."""
    run(*given, "--top-share", 0.2, "--out", "groups")
    run(*given, "--top-share", 0.2, "--level", "account", "--out", "accounts")
    groups, accounts = table("groups"), table("accounts")
    assert len(accounts) == 90
    assert sum(r["group_size"] for r in groups) == 90
    assert len(groups) == sum(r["parent"] is None for r in accounts) == 81
    for name in ("sales", "wins", "trials"):
        total = sum(round(100 * r[name]) for r in accounts if r[name] is not None)
        assert sum(round(100 * r[name]) for r in groups if r[name] is not None) == total
    head = next(r for r in groups if r["group_size"] > 1)
    assert head["account"] in head["group_members"].split("; ")
    assert head["group_members"].count(";") == head["group_size"] - 1


def test_a_group_is_shown_by_its_best_reference(run: Run, given: list[str]) -> None:
    """A group is shown by its best reference, with that one's raters and age."""
    run(*given, "--top-share", 0.2, "--level", "account", "--out", "accounts")
    run(*given, "--top-share", 0.2, "--out", "groups")
    alone = {r["account"]: r for r in table("accounts")}
    for row in table("groups"):
        members = [alone[m] for m in (row["group_members"] or row["account"]).split("; ")]
        best = max((m["showcase_rating"] or 0 for m in members), default=0)
        assert (row["showcase_rating"] or 0) == best
        same = [m for m in members if (m["showcase_rating"] or 0) == best]
        shown = ("showcase_raters", "showcase_age_days", "showcase_latest")
        assert any(all(row[n] == m[n] for n in shown) for m in same)


def test_seats_can_be_given_sector_by_sector(run: Run, given: list[str]) -> None:
    """Seats can be given sector by sector."""
    run(*given, "--top-count", 1, "--select-within", "--out", "q3")
    winners = [r["sector"] for r in table("q3") if r["is_key"]]
    assert len(winners) == len(set(winners)) > 5
    assert len(record("q3")["cuts"]) == len(set(winners))


def test_small_groups_use_the_pool_unless_asked_otherwise(run: Run, given: list[str]) -> None:
    """Groups below the stated size use the pool; with size 1 none does."""
    run(*given, "--top-share", 0.2, "--min-group", 1, "--out", "one")
    run(*given, "--top-share", 0.2, "--min-group", 1000, "--out", "all")
    assert set(record("one")["comparison"]["pooled"].values()) == {0}
    assert record("all")["comparison"]["pooled"]["sales"] == 81
    run(*given, "--top-share", 0.2, "--compare-within", "", "--out", "whole")
    assert record("whole")["comparison"] == {"within": None, "min_group": None, "pooled": {}}
    scores = [[r["contribution_sales"] for r in table(out)] for out in ("all", "whole")]
    assert sorted(scores[0]) == sorted(scores[1])


def test_overrides_put_accounts_in_and_out(run: Run, given: list[str]) -> None:
    """Overrides put accounts in and out, inside the quota, with the reason beside the score."""
    run(*given, "--top-count", 5, "--out", "before")
    ranked = [r["account"] for r in table("before")]
    Path("o.csv").write_text(
        "account,include,reason,approved_by,approved_on,expires\n"
        f"{ranked[40]},in,flagship reference,VP sales,,2027-03-31\n"
        f"{ranked[0]},out,in court with us,CEO,2026-01-01,\n"
        f"{ranked[50]},in,long ago,VP sales,,2020-01-01\n",
        "utf-8",
    )
    run(*given, "--top-count", 5, "--overrides", "o.csv", "--out", "after")
    rows = {r["account"]: r for r in table("after")}
    assert set(key("after")) == {*ranked[1:5], ranked[40]}
    assert rows[ranked[40]]["reason"] == "included_by_override"
    assert rows[ranked[40]]["override"] == "flagship reference (approved by VP sales)"
    assert rows[ranked[0]]["reason"] == "excluded_by_override"
    assert "override_expired" in {f["code"] for f in record("after")["findings"]}
    assert len(record("after")["overrides"]) == 2


@pytest.mark.parametrize("table_format", ["parquet", "csv"])
def test_a_quarter_feeds_from_the_one_before(run: Run, given: list[str], table_format: str) -> None:
    """A second quarter holds the incumbents of the first, and knows since when they are."""
    early = [*given[:-1], "2025-12-31"]
    form = ("--table-format", table_format)
    run(*early, "--top-share", 0.2, *form, "--out", "q4")
    last = ("--incumbents", f"q4/accounts.{table_format}")
    run(*given, "--top-share", 0.2, "--out", "free")
    run(*given, "--top-share", 0.2, *last, "--hold", 1, "--out", "held")
    run(*given, "--top-share", 0.2, *last, "--max-changes", 1, "--out", "capped")
    run(*early, "--top-share", 0.2, "--out", "early")
    assert key("free") != key("early")
    assert set(key("held")) == set(key("early"))
    assert {str(r["since"]) for r in table("held") if r["is_key"]} == {"2025-12-31"}
    assert {r["reason"] for r in table("held") if r["is_key"]} <= {"held", "rank"}
    assert len(set(key("capped")) - set(key("early"))) == 1


def test_a_tenure_protects_a_new_key_account(run: Run, given: list[str]) -> None:
    """A tenure protects a new key account from its score."""
    run(*given, "--top-count", 3, "--out", "before")
    last = [r["account"] for r in table("before")][-1]
    Path("i.csv").write_text(f"account,since\n{last},2026-08-01\n", "utf-8")
    asked = ("--incumbents", "i.csv", "--min-tenure-days", 90)
    run(*given, "--top-count", 3, *asked, "--out", "after")
    assert last in key("after")
    assert next(r for r in table("after") if r["account"] == last)["reason"] == "minimum_tenure"


def test_orders_can_tell_the_sales(run: Run, given: list[str]) -> None:
    """Orders tell the sales where there are orders; the deals keep the rest."""
    Path("orders.csv").write_text(
        "customer_id,order_date,total\nA-0001,2026-09-01,123.45\nnobody,2026-09-01,7\n", "utf-8"
    )
    result = run(*given, "--orders", "orders.csv", "--top-share", 0.2, "--out", "q3")
    assert result.exit_code == 0
    assert sum(r["sales"] for r in table("q3")) == 123.45
    assert any(r["wins"] > 0 for r in table("q3"))
    sums = {r["name"]: r for r in record("q3")["reconciliations"]}
    assert (sums["order value"]["used"], sums["order value"]["rejected"]) == (123.45, 7.0)


def test_columns_are_named_by_file_or_option(run: Run, book: Path) -> None:
    """Columns of unusual names are named in a TOML file or by an option, which goes first."""
    text = (book / "deals.csv").read_text("utf-8")
    Path("odd.csv").write_text(text.replace("amount", "x1", 1).replace("stage", "x2", 1), "utf-8")
    Path("columns.toml").write_text('[deals]\namount = "deal_id"\nstage = "x2"\n', "utf-8")
    asked = ("--as-of", "2026-09-30", "--top-share", 0.2)
    accounts = ("--accounts", book / "accounts.csv")
    named = ("--columns", "columns.toml", "--column", "deals.amount=x1")
    assert run(*accounts, "--deals", "odd.csv", *asked).exit_code == 1
    assert run(*accounts, "--deals", "odd.csv", *named, *asked, "--out", "odd").exit_code == 0
    assert run(*accounts, "--deals", book / "deals.csv", *asked, "--out", "plain").exit_code == 0
    assert written("odd")["accounts.parquet"] == written("plain")["accounts.parquet"]


def test_stages_aliases_dates_and_window_are_read_as_said(run: Run) -> None:
    """Stages, aliases, dates and the window are read as the options say."""
    Path("a.csv").write_text("account\nA\nB\n", "utf-8")
    Path("p.csv").write_text("product,price\nGTX Pro,100\n", "utf-8")
    Path("d.csv").write_text(
        "account,stage,opened,closed,amount,product\n"
        "A,Prospecting,1/2/2026,,,GTXPro\n"
        "B,Signed,1/2/2025,3/4/2025,10,GTXPro\n"
        "B,Signed,1/2/2026,3/4/2026,7,GTXPro\n",
        "utf-8",
    )
    Path("aliases.toml").write_text('[account]\nBee = "B"\n', "utf-8")
    files = ("--accounts", "a.csv", "--deals", "d.csv", "--products", "p.csv")
    asked = ("--stage-map", "Prospecting=C,Signed=won", "--date-format", "%d/%m/%Y")
    aliases = ("--aliases", "product:GTXPro=GTX Pro", "--aliases", "aliases.toml")
    more = ("--as-of", "2026-09-30", "--months", 12, "--top-count", 1, "--out", "o")
    assert run(*files, *asked, *aliases, *more).exit_code == 0
    rows = {r["account"]: r for r in table("o")}
    assert (rows["A"]["potential"], rows["B"]["sales"]) == (50.0, 7.0)
    codes = {f["code"] for f in record("o")["findings"]}
    assert {"repaired_label", "unused_alias"} <= codes
    assert "unknown_product" not in codes


def test_what_has_no_seat_by_a_tie_is_decided_as_asked(run: Run) -> None:
    """Accounts tied at the cut are all in, all out, or go by id."""
    Path("a.csv").write_text("account,sales\nA,1\nB,1\nC,1\n", "utf-8")
    found = []
    for ties in ("include_all", "exclude_all", "by_id"):
        asked = ("--top-count", 2, "--ties", ties, "--out", ties)
        assert run("--accounts", "a.csv", *asked).exit_code == 0
        found.append(key(ties))
    assert found == [["A", "B", "C"], [], ["A", "B"]]
    codes = {f["code"]: f["message"] for f in record("include_all")["findings"]}
    assert "it tells no account apart" in codes["constant_criterion"]
    assert "3 are key for 2 seats" in codes["tie_at_cut"]


def test_a_slip_in_a_stage_label_rejects_one_deal_and_not_the_review(run: Run) -> None:
    """One deal whose stage nobody mapped is counted as rejected; the sums still balance."""
    Path("a.csv").write_text("account\nA\nB\n", "utf-8")
    lines = [f"d{i},{'AB'[i % 2]},Won,{i + 1},2026-01-01,2026-02-01" for i in range(99)]
    lines.append("slip,A,Wonn,7,2026-01-01,2026-02-01")
    head = "id,account,stage,amount,opened,closed\n"
    Path("d.csv").write_text(head + "\n".join(lines), "utf-8")
    asked = ("--as-of", "2026-06-30", "--top-count", 1, "--out", "o")
    assert run("--accounts", "a.csv", "--deals", "d.csv", *asked).exit_code == 0
    told = {f["code"]: f for f in record("o")["findings"]}
    assert (told["unknown_stage"]["severity"], told["unknown_stage"]["count"]) == ("error", 1)
    assert told["unknown_stage"]["examples"] == ["Wonn"]
    assert record("o")["summary"]["balances"]


def test_strict_ends_with_3_where_data_were_rejected(run: Run, given: list[str]) -> None:
    """Strict ends with 3 where data were rejected, with 0 where none were, files written."""
    assert run(*given, "--top-share", 0.2, "--strict", "--out", "a").exit_code == 3
    assert Path("a/report.html").is_file()
    Path("a.csv").write_text("account,sales\nA,1\nB,2\n", "utf-8")
    assert run("--accounts", "a.csv", "--top-count", 1, "--strict").exit_code == 0


def test_quiet_prints_nothing(run: Run, given: list[str]) -> None:
    """Quiet prints nothing, and writes all the same."""
    result = run(*given, "--top-share", 0.2, "--quiet", "--out", "q3")
    assert (result.exit_code, result.output) == (0, "")
    assert Path("q3/report.html").is_file()


def test_one_account_and_accounts_of_which_nothing_is_known_are_judged(run: Run) -> None:
    """One account, and accounts of which nothing is known, are judged; the bounds say how well."""
    Path("one.csv").write_text("account\nA\n", "utf-8")
    assert run("--accounts", "one.csv", "--top-share", 1, "--out", "one").exit_code == 0
    (row,) = table("one")
    assert (row["is_key"], row["score"], row["score_high"], row["coverage"]) == (True, 0, 1, 0)
    Path("blank.csv").write_text("account,sales,showcase_rating\nA,,\nB,,\n", "utf-8")
    assert run("--accounts", "blank.csv", "--top-count", 1, "--out", "blank").exit_code == 0
    assert [r["sales"] for r in table("blank")] == [None, None]


def test_columns_called_as_ours_keep_their_values(run: Run) -> None:
    """Columns that are called as ours keep their values under another name."""
    Path("a.csv").write_text("account,sales,score,reason\nA,1,7,x\nB,2,8,y\n", "utf-8")
    assert run("--accounts", "a.csv", "--top-count", 1, "--out", "o").exit_code == 0
    rows = {r["account"]: r for r in table("o")}
    assert (rows["A"]["accounts_score"], rows["A"]["accounts_reason"]) == (7.0, "x")
    assert rows["A"]["reason"] == "below_cut"


def test_ratings_that_nothing_reads_are_told(run: Run, given: list[str]) -> None:
    """Ratings of a criterion that nothing reads are told."""
    Path("r.csv").write_text(
        "account,criterion,rating,rater,date\nA-0001,service,4,li,2026-01-01\n", "utf-8"
    )
    run(*given, "--ratings", "r.csv", "--top-share", 0.2, "--out", "o")
    assert "unused_ratings" in {f["code"] for f in record("o")["findings"]}


def test_the_installed_command_runs_as_the_runner_does(
    run: Run, given: list[str], tmp_path: Path
) -> None:
    """The installed command, in a process of its own, writes the same bytes."""
    run(*given, "--top-share", 0.2, "--out", "here")
    command = Path(sys.executable).with_name("keyaccount")
    called = [str(command), "review", *given, "--top-share", "0.2", "--out", "there"]
    done = subprocess.run(  # noqa: S603 - our own command
        called, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "there/report.html"
    assert written("here") == written("there")


def test_a_process_that_fails_ends_with_1_and_no_traceback(tmp_path: Path) -> None:
    """A process that fails ends with 1, the fact and the hint on stderr, and no traceback."""
    called = [sys.executable, "-c", "from keyaccount.cli import main; main()", "review"]
    done = subprocess.run(  # noqa: S603 - our own command
        [*called, "--accounts", "no.csv", "--top-share", "0.2"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: no.csv: there is no such file\nhint: ")
