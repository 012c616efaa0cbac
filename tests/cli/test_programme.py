"""The tables of the programme: who is on the accounts, stages, plans, tasks, contacts."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import Result

import keyaccount as ka

Run: TypeAlias = Callable[..., Result]
DAY = "2026-09-30"
FIVE = list("ABCDE")


def write(name: str, columns: Mapping[str, Sequence[Any]]) -> str:
    """Write a CSV file."""
    with Path(name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return name


def record(out: str = "o") -> dict[str, Any]:
    """Read the record of a review."""
    found: dict[str, Any] = json.loads(Path(out, "review.json").read_text("utf-8"))
    return found


def rows(out: str = "o") -> dict[str, dict[str, Any]]:
    """Read the table of accounts by id."""
    table = pq.read_table(Path(out, "accounts.parquet")).to_pylist()
    return {row["account"]: row for row in table}


def messages(out: str = "o") -> dict[str, str]:
    """Read the findings by code, the last of each."""
    return {f["code"]: f["message"] for f in record(out)["findings"]}


@pytest.fixture
def accounts(run: Run) -> list[str]:
    """Give the options of five accounts, the better the earlier in the alphabet."""
    write("accounts.csv", {"account": FIVE, "sales": [50, 40, 30, 20, 10]})
    return ["--accounts", "accounts.csv", "--as-of", DAY, "--top-share", "0.6", "--out", "o"]


@pytest.fixture
def deals(accounts: list[str]) -> list[str]:
    """Give the options with deals: li on A and B, wu and he on C, an old deal of yo on D."""
    table: dict[str, list[Any]] = {
        "account": ["A", "A", "B", "C", "C", "C", "D", "E"],
        "sales_agent": ["li", "wu", "li", "wu", "he", "wu", "yo", "li"],
        "stage": ["won"] * 5 + ["A", "lost", "won"],
        "amount": [500, 100, 400, 100, 200, 50, 10, 100],
        "engage_date": ["2026-01-05"] * 8,
        "close_date": [
            "2026-09-01",
            "2026-05-01",
            "2026-08-03",
            "2026-07-02",
            "2026-04-06",
            "",
            "2023-02-02",
            "2026-02-02",
        ],
    }
    table["engage_date"][6] = "2023-01-01"
    return [*accounts, "--deals", write("deals.csv", table), "--stage-map", "A=A,won=won,lost=lost"]


def test_owners_of_deals_cover_the_accounts(run: Run, deals: list[str]) -> None:
    """Who is on deals of the window is on the account; where nobody is, nothing is known."""
    result = run(*deals)
    assert result.exit_code == 0, result.output
    found = rows()
    assert {a: r["people"] for a, r in found.items()} == {"A": 2, "B": 1, "C": 2, "D": None, "E": 1}
    assert {a: r["covered"] for a, r in found.items()} == {
        "A": 1,
        "B": 1,
        "C": 1,
        "D": None,
        "E": 1,
    }
    assert {a: r["owner"] for a, r in found.items()} == {
        "A": "li",
        "B": "li",
        "C": "he",
        "D": None,
        "E": "li",
    }
    assert found["B"]["only_person"] == "li"
    assert "division_missing" not in found["A"]
    assert "coverage is judged for AR (account responsible) alone" in messages()["roles_not_given"]
    changes = record()["changes"]
    assert changes["findings"]["coverage"] == {"finding": 1, "unknown": 2}
    (bench,) = [s for s in changes["symptoms"] if s["code"] == "thin_bench"]
    assert (bench["part"], bench["whole"]) == (1.0, 3.0)


def test_how_few_hold_how_much_is_told(run: Run, deals: list[str]) -> None:
    """By person, manager and region: accounts, shares, what leaves, and the few who hold most."""
    team = {
        "sales_agent": ["li", "wu", "he", "yo"],
        "manager": ["Ma", "Ma", "Mo", "Mo"],
        "regional_office": ["East", "West", "East", "West"],
    }
    result = run(*deals, "--team", write("team.csv", team))
    assert result.exit_code == 0, result.output
    held = record()["held_by"]
    assert [h["name"] for h in held["person"]["holders"]] == ["li", "wu", "he"]
    li, wu, he = held["person"]["holders"]
    # key accounts A 600, B 400, C 300: li has half of A and B; wu half of A, half of C
    assert [h["held"] for h in (li, wu, he)] == pytest.approx([700 / 1300, 450 / 1300, 150 / 1300])
    assert (li["accounts"], li["alone"], li["leaves"]) == (2, 1, pytest.approx(400 / 1300))
    assert [few["people"] for few in held["person"]["few"]] == [1, 2]
    assert [h["name"] for h in held["manager"]["holders"]] == ["Ma", "Mo"]
    assert [h["name"] for h in held["region"]["holders"]] == ["East", "West"]
    found = rows()
    assert {a: r["representatives"] for a, r in found.items()} == {
        "A": 2,
        "B": 1,
        "C": 2,
        "D": None,
        "E": 1,
    }
    # nobody says how work is divided: two regions may or may not have agreed on it
    assert {a: r["division_missing"] for a, r in found.items()} == {
        "A": None,
        "B": 0,
        "C": None,
        "D": None,
        "E": 0,
    }
    assert "held, by person: 50% by 1 of 3, 80% by 2 of 3" in result.stdout
    page = Path("o/report.html").read_text("utf-8")
    assert "Who holds the key accounts" in page
    held = page[page.index("Who holds the key accounts") :]
    assert held.index(">li<") < held.index(">wu<") < held.index(">he<")


def test_assignments_tell_all_roles(run: Run, accounts: list[str]) -> None:
    """With assignments every role is judged, capacity too; who is assigned elsewhere is told."""
    on = {
        "account": ["A", "A", "A", "B", "C", "X"],
        "person": ["li", "wu", "he", "li", "li", "li"],
        "role": ["AR", "SR", "FR", "AR", "SR", "AR"],
    }
    team: dict[str, list[Any]] = {"person": ["li", "wu", "he"], "capacity": [1, 5, 5]}
    more = ["--assignments", write("on.csv", on), "--team", write("team.csv", team)]
    result = run(*accounts, *more)
    assert result.exit_code == 0, result.output
    found = rows()
    assert [found[a]["covered"] for a in FIVE] == [1, 0, 0, 0, 0]
    assert [found[a]["missing_roles"] for a in "ABC"] == [None, "SR, FR", "AR, FR"]
    assert [found[a]["people"] for a in FIVE] == [3, 1, 1, 0, 0]
    assert "on.csv: account: 1 row of no known account rejected" in messages()["no_account"]
    assert record()["held_by"]["person"]["holders"][0]["over_capacity"]
    assert record()["changes"]["findings"]["coverage"] == {"finding": 2, "unknown": 1}


def test_a_subsidiary_counts_for_the_head(run: Run) -> None:
    """Who is on a subsidiary is on the group that is judged."""
    table: dict[str, list[Any]] = {
        "account": ["A", "B", "S"],
        "sales": [9, 5, 1],
        "parent": ["", "", "A"],
    }
    on = {"account": ["A", "S", "B"], "person": ["li", "wu", "li"], "role": ["AR", "SR", "AR"]}
    run(
        "--accounts",
        write("a.csv", table),
        "--assignments",
        write("on.csv", on),
        "--as-of",
        DAY,
        "--top-share",
        0.5,
        "--out",
        "o",
    )
    assert {a: r["people"] for a, r in rows().items()} == {"A": 2, "B": 1}


def test_plans_tasks_and_contacts_answer_the_questions(run: Run, accounts: list[str]) -> None:
    """A plan that holds and one late, a stalled task, a contact long ago: findings with reasons."""
    plans = {
        "account": ["A", "B", "B"],
        "goal": ["share", "share", "entry"],
        "initiative": ["visit", "visit", "call"],
        "owner": ["li", "li", "wu"],
        "due": ["2026-12-01", "2026-09-01", "2026-12-01"],
        "done": ["no", "no", "yes"],
    }
    tasks = {
        "account": ["A", "B"],
        "task": ["deal_winning_skills", "打单能力"],
        "status": ["under_way", "under_way"],
        "date": ["2026-09-01", "2026-01-01"],
    }
    contacts = {
        "account": ["A", "B"],
        "channel": ["phone", "email"],
        "date": ["2026-09-20", "2026-05-01"],
    }
    files = ["--plans", write("plans.csv", plans), "--tasks", write("tasks.csv", tasks)]
    files += ["--contacts", write("contacts.csv", contacts)]
    limits = ["--stalled-after", 90, "--contact-every", 30]
    result = run(*accounts, *files, *limits)
    assert result.exit_code == 0, result.output
    found = rows()
    assert [found[a]["holds"] for a in "ABC"] == [1, 0, 0]
    assert [found[a]["late"] for a in "ABC"] == [0, 1, 0]
    assert [found[a]["tasks_stalled"] for a in "ABC"] == [0, 1, None]
    assert [found[a]["days_since_contact"] for a in "ABC"] == [10, 152, None]
    assert [found[a]["contact_overdue"] for a in "ABC"] == [0, 1, 1]
    changes = record()["changes"]
    assert changes["findings"]["plan"] == {"finding": 2, "ok": 1}
    assert changes["findings"]["tasks"] == {"finding": 1, "ok": 1, "unknown": 1}
    (routine,) = [s for s in changes["symptoms"] if s["code"] == "no_routine"]
    assert (routine["part"], routine["whole"]) == (2.0, 3.0)
    without = run(*accounts, *files, "--out", "w")
    assert without.exit_code == 0, without.output
    assert {"stall_unknown", "rhythm_unknown"} <= set(messages("w"))
    assert "tasks_stalled" not in rows("w")["A"]
    assert rows("w")["A"]["days_since_contact"] == 10


def test_parquet_gives_what_csv_gives(run: Run, accounts: list[str]) -> None:
    """The tables of the programme are read from Parquet too, days and flags as they are."""
    plans: dict[str, Any] = {
        "account": ["A", "B"],
        "goal": ["share", "share"],
        "owner": ["li", None],
        "due": ["2026-12-01", "2026-09-01"],
        "done": ["true", "false"],
    }
    write("plans.csv", plans)
    typed = pa.table(
        {**plans, "done": [True, False], "due": pa.array(plans["due"]).cast(pa.date32())}
    )
    pq.write_table(typed, "plans.parquet")
    found = []
    for name in ("plans.csv", "plans.parquet"):
        assert run(*accounts, "--plans", name).exit_code == 0
        found.append({a: (r["holds"], r["late"]) for a, r in rows().items()})
    assert found[0] == found[1]
    assert found[0]["B"] == (0.0, 1.0)


def orders(months: int, **monthly: float) -> dict[str, list[Any]]:
    """Give an order on the 15th of each of the last months of every account."""
    first = np.datetime64("2026-10") - np.timedelta64(months, "M")
    days = [f"{first + np.timedelta64(m, 'M')}-15" for m in range(months)]
    found = [(a, day, money) for a, money in monthly.items() for day in days]
    columns = [list(column) for column in zip(*found, strict=True)]
    return dict(zip(("account", "date", "amount"), columns, strict=True))


def test_orders_give_stages_segments_and_growth(run: Run, accounts: list[str]) -> None:
    """Two years of orders: the growth of a year, a stage, one of eight segments, kept next time."""
    log = orders(24, A=100.0, B=50.0, C=10.0)
    doubled = [a == "A" and d > "2025-10-01" for a, d, _ in zip(*log.values(), strict=True)]
    log["amount"] = [m * (1 + two) for m, two in zip(log["amount"], doubled, strict=True)]
    write("orders.csv", log)
    result = run(*accounts, "--orders", "orders.csv")
    assert result.exit_code == 0, result.output
    found = rows()
    assert found["A"]["sales_growth"] == pytest.approx(1.0)
    assert found["B"]["sales_growth"] == found["E"]["sales_growth"] == 0.0
    assert found["B"]["lifecycle_stage"] == "maturity"
    assert found["A"]["segment"] == "important_value"
    assert (found["E"]["lifecycle_stage"], found["E"]["segment"]) == (None, None)
    kinds = {name: spec["kind"] for name, spec in record()["learned"].items()}
    assert kinds == {"lifecycle": "lifecycle_model", "segments": "rfm"}
    assert record()["trailing"] == {"sales": 24}
    late = ["--as-of", "2027-03-31", "--previous", "o", "--out", "p"]
    days = accounts.index("--as-of")
    again = run(*accounts[:days], *late, "--orders", "orders.csv")
    assert again.exit_code == 0, again.output
    assert record("p")["learned"] == record()["learned"]
    changes = record("p")["changes"]
    assert {"seat", "segment", "lifecycle_stage"} <= set(changes["migration"])
    moved = {
        (f["before"], f["after"]): f["accounts"] for f in changes["migration"]["lifecycle_stage"]
    }
    assert moved["maturity", "churn"] == 3
    assert rows("p")["A"]["decision"] == "watch"
    assert "in decline or gone" in rows("p")["A"]["decision_reason"]
    assert run("o", "p", command="replay").exit_code == 0


def test_growth_of_a_log_too_short_is_not_known(run: Run, accounts: list[str]) -> None:
    """Half a year of orders tells no growth of a year; that of three months it tells."""
    write("orders.csv", orders(7, A=100.0, B=50.0, C=10.0))
    run(*accounts, "--orders", "orders.csv")
    assert "it takes 24 months of them" in messages()["growth_unknown"]
    assert rows()["A"]["sales_growth"] is None
    assert record()["changes"]["ways_to_fail"]["retain"] == {"unknown": 3}
    run(*accounts, "--orders", "orders.csv", "--growth-months", 3, "--out", "q")
    assert rows("q")["A"]["sales_growth"] == 0.0
    assert record("q")["changes"]["ways_to_fail"]["retain"] == {"not_shown": 3}


def test_the_matrix_of_all_customers_is_the_segment_where_it_can_be(run: Run) -> None:
    """Accounts with status and output are put into the PCV matrix."""
    table: dict[str, list[Any]] = {
        "account": ["A", "B"],
        "sales": [9, 5],
        "status": ["vip", "potential"],
        "output": [4e8, 1e6],
    }
    run("--accounts", write("a.csv", table), "--as-of", DAY, "--top-share", 0.5, "--out", "o")
    assert {a: r["segment"] for a, r in rows().items()} == {"A": "V1", "B": "P3"}
    assert "output is taken as CNY" in messages()["pcv"]


def test_another_status_is_no_hindrance(run: Run) -> None:
    """A status that is none of the matrix leaves the segment to others, and is told."""
    table: dict[str, list[Any]] = {"account": ["A", "B"], "sales": [9, 5]}
    table |= {"status": ["active", "asleep"], "output": [4e8, 1e6]}
    result = run(
        "--accounts", write("a.csv", table), "--as-of", DAY, "--top-share", 0.5, "--out", "o"
    )
    assert result.exit_code == 0, result.output
    assert "not those of the PCV matrix" in messages()["no_pcv"]


def test_two_owners_of_an_account_are_not_ambiguous(run: Run) -> None:
    """What nobody need give is guessed by the surest name; two of them hinder nothing."""
    table: dict[str, list[Any]] = {"account": ["A", "B"], "sales": [9, 5]}
    table |= {"account_manager": ["Ma", "Mo"], "Owner": ["li", "wu"]}
    result = run(
        "--accounts", write("a.csv", table), "--as-of", DAY, "--top-share", 0.5, "--out", "o"
    )
    assert result.exit_code == 0, result.output
    assert {a: (r["owner"], r["people"]) for a, r in rows().items()} == {
        "A": ("li", 1.0),
        "B": ("wu", 1.0),
    }
    assert rows()["A"]["account_manager"] == "Ma"


def test_odd_rows_of_the_programme_are_told_and_hinder_nothing(run: Run, deals: list[str]) -> None:
    """Blank people, roles that are none, flags that are neither: findings, and a review."""
    on = {
        "account": ["A", "A", "B", ""],
        "person": ["li", "", "wu", "he"],
        "role": ["AR", "SR", "boss", "AR"],
    }
    plans = {"account": ["A", "B"], "goal": ["x", ""], "done": ["perhaps", "no"]}
    team = {"person": ["li", "li", ""], "capacity": ["2", "3", "x"]}
    result = run(
        *deals,
        "--assignments",
        write("on.csv", on),
        "--plans",
        write("plans.csv", plans),
        "--team",
        write("team.csv", team),
    )
    assert result.exit_code == 0, result.output
    assert {"no_account", "unknown_role", "no_flag", "no_person"} <= set(messages())
    assert rows()["A"]["people"] == 1


def test_the_order_of_the_rows_changes_nothing(run: Run, accounts: list[str]) -> None:
    """Tables of the programme turned around give the same bytes."""
    tables: dict[str, dict[str, list[Any]]] = {
        "orders": orders(26, A=100.0, B=50.0, C=10.0),
        "assignments": {
            "account": ["A", "A", "B", "C", "B"],
            "person": ["li", "wu", "wu", "li", ""],
            "role": ["AR", "AR", "boss", "SR", "AR"],
        },
        "plans": {"account": ["A", "B", "B"], "goal": ["x", "", "y"], "owner": ["li", "li", ""]},
        "tasks": {
            "account": ["A", "A", "B"],
            "task": ["deal_winning_skills"] * 3,
            "status": ["done", "under_way", ""],
            "date": ["2026-09-01", "2026-09-01", ""],
        },
        "contacts": {"account": ["A", "A", "C"], "date": ["2026-09-01", "2026-09-02", ""]},
        "team": {"person": ["li", "wu"], "manager": ["Ma", "Mo"], "capacity": [1, 2]},
    }
    tables["orders"]["account"][3] = "B"  # an order that another one is like
    tables["orders"]["date"][3] = tables["orders"]["date"][30]
    tables["orders"]["amount"][3] = 50.0
    limits = ["--stalled-after", 30, "--contact-every", 30]
    found = []
    for turn, out in ((1, "one"), (-1, "other")):
        Path(out).mkdir()
        files: list[str] = []
        for name, columns in tables.items():
            turned = {role: column[::turn] for role, column in columns.items()}
            files += [f"--{name}", write(f"{name}.csv", turned)]
        result = run(*accounts, *files, *limits, "--out", out)
        assert result.exit_code == 0, result.output
        found.append({path.name: path.read_bytes() for path in Path(out).iterdir()})
    assert found[0] == found[1]


def test_an_empty_table_of_the_programme_says_nothing(run: Run, accounts: list[str]) -> None:
    """Headers alone: nobody is on any account, no plan, no task, no contact."""
    files: list[str] = []
    for option, names in (
        ("assignments", "account,person,role"),
        ("plans", "account,goal,initiative"),
        ("tasks", "account,task,status,date"),
        ("contacts", "account,channel,date"),
        ("team", "person,manager,capacity"),
    ):
        Path(f"{option}.csv").write_text(f"{names}\n", "utf-8")
        files += [f"--{option}", f"{option}.csv"]
    result = run(*accounts, *files, "--stalled-after", 30, "--contact-every", 30)
    assert result.exit_code == 0, result.output
    found = rows()["A"]
    assert (found["people"], found["covered"], found["holds"]) == (0, 0, 0)
    assert (found["tasks_stalled"], found["contact_overdue"]) == (None, 1)
    assert record()["held_by"]["person"]["holders"] == []


def test_what_accounts_say_themselves_is_kept(run: Run) -> None:
    """A column of the accounts table is not replaced, and that is told."""
    table: dict[str, list[Any]] = {"account": ["A", "B"], "sales": [9, 5], "people": [7, 8]}
    on = {"account": ["A"], "person": ["li"], "role": ["AR"]}
    run(
        "--accounts",
        write("a.csv", table),
        "--assignments",
        write("on.csv", on),
        "--as-of",
        DAY,
        "--top-share",
        0.5,
        "--out",
        "o",
    )
    assert {a: r["people"] for a, r in rows().items()} == {"A": 7, "B": 8}
    assert "accounts have a column 'people' of their own" in messages()["column_kept"]


def test_rules_of_the_review_come_from_a_file(run: Run, accounts: list[str]) -> None:
    """Limits, stars and checks of a file are those of the review, of its log and of its replay."""
    rules = ka.ReviewRules(
        checks=[
            ka.ReviewCheck(
                "small", about="plan", signs=[ka.ReviewSign("sales", below=45)], name="too small"
            )
        ],
        watch_fall=0.2,
        stars=1,
        limits={"few_stars": 0.3},
    )
    ka.dump(rules, "rules.toml")
    on = {"account": FIVE, "person": ["li", "li", "wu", "wu", "wu"], "role": ["AR"] * 5}
    more = ["--assignments", write("on.csv", on), "--review-rules", "rules.toml"]
    result = run(*accounts, *more)
    assert result.exit_code == 0, result.output
    assert ka.from_data(record()["spec"]["rules"]) == rules
    assert record()["changes"]["findings"]["plan"] == {"finding": 2, "ok": 1}
    (stars,) = [s for s in record()["changes"]["symptoms"] if s["code"] == "few_stars"]
    assert (stars["figure"], stars["shown"]) == (pytest.approx(2 / 3), True)
    assert run("o", command="replay").exit_code == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('kind = "top_share"\nschema_version = 1\nshare = 0.2\n', "must hold rules of a review"),
        ('kind = "review_rules"\nschema_version = 1\nwatch_fal = 0.1\n', "watch_fall"),
    ],
)
def test_a_file_of_other_rules_is_refused(
    run: Run, accounts: list[str], content: str, said: str
) -> None:
    """Another kind and a misspelt key end with 1, and the way out."""
    Path("rules.toml").write_text(content, "utf-8")
    result = run(*accounts, "--review-rules", "rules.toml")
    assert result.exit_code == 1
    assert said in result.stderr


@pytest.mark.parametrize(
    ("option", "columns", "said"),
    [
        (
            "--assignments",
            {"account": ["A"], "persn": ["li"], "role": ["AR"]},
            "--column assignments.person=persn",
        ),
        ("--tasks", {"account": ["A"], "task": ["x"], "status": ["done"], "date": [DAY]}, "task"),
        ("--contacts", {"account": ["A"], "channel": ["phone"]}, "--column contacts.date="),
        ("--plans", {"account": ["A"]}, "--column plans.goal="),
        ("--team", {"manager": ["Ma"]}, "--column team.person="),
    ],
)
def test_tables_that_cannot_be_read_are_told(
    run: Run, accounts: list[str], option: str, columns: Mapping[str, Sequence[Any]], said: str
) -> None:
    """A column that is not there is asked for by the option that names it; nothing is written."""
    result = run(*accounts, option, write("t.csv", columns))
    assert result.exit_code == 1
    assert said in " ".join(result.stderr.split())
    assert not Path("o/review.json").exists()


def test_an_account_misspelt_is_told_with_the_closest(run: Run) -> None:
    """A row of an unknown account names the one it is close to."""
    write("a.csv", {"account": ["Golddex", "Sonron"], "sales": [2, 1]})
    on = {"account": ["Goldex"], "person": ["li"], "role": ["AR"]}
    run(
        "--accounts",
        "a.csv",
        "--assignments",
        write("on.csv", on),
        "--as-of",
        DAY,
        "--top-share",
        0.5,
        "--out",
        "o",
    )
    told = [f["message"] for f in record()["findings"]]
    assert any("'Goldex'" in m and "'Golddex'" in m for m in told), told


def test_a_team_alone_puts_nobody_on_the_watch(run: Run, deals: list[str]) -> None:
    """Several regions on an account are no missing division, unless a division is spoken of."""
    team = {
        "sales_agent": ["li", "wu", "he", "yo"],
        "regional_office": ["East", "West", "East", "West"],
    }
    more = ["--team", write("team.csv", team)]
    first = deals.index("--as-of") + 1
    early = [*deals[:first], "2026-06-30", *deals[first + 1 :]]
    for options in (early, [*deals, "--previous", "o", "--out", "p"]):
        result = run(*options, *more)
        assert result.exit_code == 0, result.output
    decided = {a: (r["decision"], r["decision_reason"]) for a, r in rows("p").items()}
    assert decided["A"][0] == "keep", decided
    assert "division" not in " ".join(str(why) for _, why in decided.values())


@pytest.mark.parametrize(("work", "missing"), [(["keeps it", "opens it"], 0), (["", "all"], 1)])
def test_a_division_of_work_is_judged_where_it_is_spoken_of(
    run: Run, accounts: list[str], work: list[str], missing: float
) -> None:
    """With a column of divisions, an account of two regions needs one for each."""
    on = {
        "account": ["A", "A", "B"],
        "person": ["li", "wu", "li"],
        "role": ["AR", "AR", "AR"],
        "representative": ["East", "West", "East"],
        "division": [*work, ""],
    }
    result = run(*accounts, "--assignments", write("on.csv", on))
    assert result.exit_code == 0, result.output
    assert [rows()[a]["division_missing"] for a in "AB"] == [missing, 0]


# --- What a playbook says of the programme --------------------------------------------------------


def playbook(**rules: Any) -> str:
    """Write a playbook with rules of the programme."""
    ka.Playbook("n", "1", program=ka.ProgramRules(**rules)).dump("rules.toml")
    return "rules.toml"


def test_a_playbook_says_how_often_to_keep_in_touch(run: Run, accounts: list[str]) -> None:
    """By tier where accounts have one; else what it says of any tier, if it does."""
    contacts = write("contacts.csv", {"account": ["A", "B"], "date": ["2026-09-10", "2026-09-10"]})
    rules = playbook(upkeep=[ka.Rhythm(30), ka.Rhythm(10, tier="strategic")])
    given = [*accounts, "--contacts", contacts, "--playbook", rules]
    assert run(*given).exit_code == 0
    assert [rows()[a]["contact_overdue"] for a in "ABC"] == [0, 0, 1]
    tiers = ["strategic", "other", "other", "other", "other"]
    write("accounts.csv", {"account": FIVE, "sales": [50, 40, 30, 20, 10], "tier": tiers})
    assert run(*given).exit_code == 0
    assert [rows()[a]["contact_overdue"] for a in "ABC"] == [1, 0, 1]


def test_a_rhythm_by_tier_needs_tiers(run: Run, accounts: list[str]) -> None:
    """And says so where there are none."""
    contacts = write("contacts.csv", {"account": ["A"], "date": ["2026-09-10"]})
    rules = playbook(upkeep={"strategic": 10})
    assert run(*accounts, "--contacts", contacts, "--playbook", rules).exit_code == 0
    assert "the playbook says it by tier" in messages()["rhythm_unknown"]
    assert "contact_overdue" not in rows()["A"]


def test_a_playbook_says_which_roles_an_account_needs(run: Run, accounts: list[str]) -> None:
    """In the place of the iron triangle."""
    on = {"account": ["A", "B"], "person": ["li", "wu"], "role": ["AR", "XX"]}
    rules = playbook(roles=[ka.CoverageRole("XX", "Somebody")])
    given = [*accounts, "--assignments", write("on.csv", on), "--playbook", rules]
    assert run(*given).exit_code == 0
    assert {a: rows()[a]["covered"] for a in "AB"} == {"A": 0, "B": 1}


def test_a_playbook_says_what_a_plan_holds(run: Run, accounts: list[str]) -> None:
    """The template for any tier where accounts have none."""
    plans = {"account": ["A"], "goal": ["grow"]}
    given = [*accounts, "--plans", write("plans.csv", plans), "--playbook"]
    strict = ka.plan_template("strategic", min_return=2, concession_limit=0.1)
    result = run(*given, playbook(plans=[strict]))
    assert result.exit_code == 0, result.output
    assert "to the template 'strategic'" in messages()["plan_template"]


def test_a_window_that_was_not_full_is_told(run: Run, accounts: list[str]) -> None:
    """Purchases that begin inside the window before make sales grow with the log."""
    write("orders.csv", orders(15, A=100.0, B=50.0, C=10.0))
    late = ["--as-of", "2026-12-31", "--previous", "o", "--out", "p"]
    cut = accounts[: accounts.index("--as-of")]
    for months, told in ((24, True), (12, False)):
        more = ["--orders", "orders.csv", "--months", months]
        assert run(*accounts, *more).exit_code == 0
        assert run(*cut, *late, *more).exit_code == 0
        assert ("window_half_seen" in messages("p")) == told
        assert "window_half_seen" not in messages("o")
        if told:
            said = messages("p")["window_half_seen"]
            assert "begin on 2025-07-15, inside the window of 24 months to 2026-09-30" in said
            assert "those of 442 days then and are those of 534 now" in said
