"""The main job on a real CRM export: every figure is computed again here, from the files alone.

85 accounts, 7 products and 8,800 opportunities of a hardware vendor, with its real flaws.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import keyaccount as ka
from keyaccount.cli.app import app

Frame: TypeAlias = pd.DataFrame

YEAR_END = "2017-12-31"
CHANCE = {"Prospecting": 0.10, "Engaging": 0.25}
"""Stages A and B of the canon, as the stage map below says."""
STAGES = ("--stage-map", "Prospecting=A,Engaging=B")
ALIAS = ("--aliases", "product:GTXPro=GTX Pro")
FIFTH = ("--top-share", "0.2")


class Export:
    """The export, read with pandas, and what follows from it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.accounts = pd.read_csv(folder / "accounts.csv").set_index("account")
        self.prices = pd.read_csv(folder / "products.csv").set_index("product")["sales_price"]
        self.deals = pd.read_csv(folder / "sales_pipeline.csv")
        for name in ("engage_date", "close_date"):
            self.deals[name] = pd.to_datetime(self.deals[name], format="%m/%d/%Y")
        parents = self.accounts["subsidiary_of"]
        self.head = parents.where(parents.notna(), self.accounts.index.to_series())
        self.deals["head"] = self.deals["account"].map(self.head)
        self.heads = sorted(set(self.head))

    def options(self) -> list[str]:
        """Give the options that name the files."""
        return [
            *("--accounts", str(self.folder / "accounts.csv")),
            *("--deals", str(self.folder / "sales_pipeline.csv")),
            *("--products", str(self.folder / "products.csv")),
        ]

    def won(self, day: str = YEAR_END) -> Frame:
        """List the deals won by a day."""
        deals = self.deals
        return deals[(deals["deal_stage"] == "Won") & (deals["close_date"] <= day)]

    def ended(self, day: str = YEAR_END) -> Frame:
        """List the deals won or lost by a day."""
        deals = self.deals
        return deals[deals["deal_stage"].isin(["Won", "Lost"]) & (deals["close_date"] <= day)]

    def pipeline(self, day: str = YEAR_END) -> Frame:
        """List the deals open on a day, each with its cents: chance × list price."""
        deals = self.deals.copy()
        is_open = deals["deal_stage"].isin(list(CHANCE)) & ~(deals["engage_date"] > day)
        later = (deals["close_date"] > day) & (deals["engage_date"] <= day)
        price = deals["product"].replace("GTXPro", "GTX Pro").map(self.prices)
        chance = deals["deal_stage"].map(CHANCE).where(is_open, CHANCE["Prospecting"])
        deals["cents"] = np.rint(price * chance * 100.0)
        return deals[is_open | later]

    def sums(self, deals: Frame, column: str) -> list[float]:
        """Add up a column per head, in the order of the heads."""
        return deals.groupby("head")[column].sum().reindex(self.heads, fill_value=0.0).tolist()


def run(*arguments: object) -> Result:
    """Run the command; what it does not catch is raised."""
    return CliRunner().invoke(app, ["review", *map(str, arguments)], catch_exceptions=False)


def table(out: Path) -> Frame:
    """Read the written accounts, in the order of their ids."""
    return pd.read_parquet(out / "accounts.parquet").set_index("account").sort_index()


def record(out: Path) -> dict[str, Any]:
    """Read the written record."""
    found: dict[str, Any] = json.loads((out / "review.json").read_text("utf-8"))
    return found


def findings(out: Path, code: str) -> list[dict[str, Any]]:
    """List the findings of one code."""
    return [f for f in record(out)["findings"] if f["code"] == code]


def sums(out: Path) -> dict[str, dict[str, Any]]:
    """List the reconciliations by name."""
    return {r["name"]: r for r in record(out)["reconciliations"]}


@pytest.fixture(scope="module")
def export(shared: Path) -> Export:
    """Read the export with pandas."""
    return Export(shared / "data" / "crm")


@pytest.fixture(scope="module")
def reviewed(export: Export, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the main job once."""
    out = tmp_path_factory.mktemp("crm") / "q4"
    result = run(*export.options(), *STAGES, *ALIAS, *FIFTH, "--as-of", YEAR_END, "--out", out)
    assert (result.exit_code, result.stderr) == (0, "")
    return out


@pytest.fixture(scope="module")
def unrepaired(export: Export, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run it once more, as somebody does who knows of no flaw."""
    out = tmp_path_factory.mktemp("crm") / "first"
    result = run(*export.options(), *STAGES, *FIFTH, "--as-of", YEAR_END, "--out", out)
    assert result.exit_code == 0
    return out


def test_subsidiaries_count_with_their_parents(reviewed: Path, export: Export) -> None:
    """15 subsidiaries of 7 parents are rolled up: 85 accounts are read, 70 judged, none is lost."""
    rows = table(reviewed)
    assert len(export.accounts) == 85
    assert rows.index.tolist() == export.heads
    assert len(rows) == 70
    assert rows["group_size"].tolist() == export.head.value_counts()[export.heads].tolist()
    groups = rows[rows["group_size"] > 1]
    assert (len(groups), int(groups["group_size"].sum()) - len(groups)) == (7, 15)
    for head, members in groups["group_members"].items():
        assert set(members.split("; ")) == set(export.head.index[export.head == head])


def test_sales_are_the_won_value_to_the_cent(reviewed: Path, export: Export) -> None:
    """Sales are the won value of each group to the cent, 10,005,534 in all."""
    assert table(reviewed)["sales"].tolist() == export.sums(export.won(), "close_value")
    total = sums(reviewed)["won value"]
    assert (total["read"], total["used"], total["outside"], total["rejected"]) == (
        10_005_534.0,
        10_005_534.0,
        0.0,
        0.0,
    )


def test_concentration_of_won_value_per_account(export: Export) -> None:
    """Shares, lines, indices and classes of 85 accounts are those of sums of whole dollars."""
    cents = dict.fromkeys(export.accounts.index, 0)
    for name, value in zip(export.won()["account"], export.won()["close_value"], strict=True):
        cents[name] += round(100 * value)
    money = pd.Series({name: c / 100 for name, c in cents.items()})
    found = ka.Concentration.of(money, ids=money.index, name="won value")
    x, total, n = sorted(cents.values(), reverse=True), sum(cents.values()), len(cents)
    assert (n, found.n, round(100 * found.total)) == (85, 85, total)
    top = [sum(x[:k]) for k in range(n + 1)]
    for tenths in range(1, 11):
        count = -(-tenths * n // 10)
        assert found.top_share(tenths / 10) == top[count] / total
        fewest = next(k for k in range(n + 1) if 10 * top[k] >= tenths * total)
        assert found.customers_for(tenths / 10).customers == fewest
    assert found.gini == sum(abs(a - b) for a in x for b in x) / (2 * n * total)
    assert found.hhi == sum(a * a for a in x) / total**2
    assert found.lorenz.value[10] == (total - top[n - 10]) / total
    above = {name: sum(c for c in x if c > own) for name, own in cents.items()}
    classes = [
        "A" if 5 * u < 4 * total else "B" if 20 * u < 19 * total else "C" for u in above.values()
    ]
    assert found.abc().labels.tolist() == classes
    largest = max(cents, key=lambda name: cents[name])
    assert found.dependence(x[0] / total).row(0)["id"] == largest
    assert not found.dependence(0.1).depends
    assert [f.code for f in found.findings] == (["zero"] if min(x) == 0 else [])


def test_potential_is_open_deals_at_stage_probability_and_list_price(
    reviewed: Path, export: Export
) -> None:
    """Potential is open deals at stage probability and list price; what nobody owns is rejected."""
    deals = export.pipeline()
    expected = [cents / 100.0 for cents in export.sums(deals, "cents")]
    assert table(reviewed)["potential"].tolist() == expected
    total = sums(reviewed)["open value at stage probability"]
    orphans = deals.loc[deals["account"].isna(), "cents"].sum() / 100.0
    assert (total["read"], total["used"]) == (1_080_455.85, 354_020.20)
    assert total["rejected"] == orphans == 726_435.65
    assert dict(total["reasons"]) == {"no account": 726_435.65}


def test_totals_in_are_totals_out_and_totals_rejected(reviewed: Path, unrepaired: Path) -> None:
    """Totals in are totals out plus totals rejected, to the cent, repaired or not."""
    for out in (reviewed, unrepaired):
        assert record(out)["summary"]["balances"] is True
        for total in sums(out).values():
            parts = [total[name] for name in ("used", "outside", "rejected")]
            assert round(100 * total["read"]) == sum(round(100 * part) for part in parts)
            assert total["difference"] == 0.0
    read = {t["table"]: (t["read"], t["rejected"]) for t in record(reviewed)["tables"]}
    assert read == {"accounts": (85, 0), "products": (7, 0), "deals": (8_800, 0)}


def test_win_rates_are_shrunk_toward_the_sector(reviewed: Path, export: Export) -> None:
    """Win rates are (wins + m·sector's rate) / (ended + m), m being the most probable strength."""
    rows = table(reviewed)
    wins = export.won().groupby("head").size().reindex(export.heads)
    ended = export.ended().groupby("head").size().reindex(export.heads)
    assert (int(wins.sum()), int(ended.sum())) == (4_238, 6_711)
    sector = export.accounts["sector"].reindex(export.heads)
    prior = wins.groupby(sector).transform("sum") / ended.groupby(sector).transform("sum")
    strength = ((wins - rows["win_rate"] * ended) / (rows["win_rate"] - prior)).to_numpy()
    m = float(np.median(strength))
    np.testing.assert_allclose(strength, m, rtol=1e-6)
    np.testing.assert_allclose(rows["win_rate"], (wins + m * prior) / (ended + m), rtol=1e-12)
    assert all(
        likelihood(wins, ended, prior, m) > likelihood(wins, ended, prior, s) for s in (1, 30, 1000)
    )
    assert len(findings(reviewed, "win_rates_alike")) == 1


def likelihood(wins: Any, ended: Any, prior: Any, strength: float) -> float:
    """Give the beta-binomial log likelihood of the wins, but for a constant."""
    total = 0.0
    for k, n, p in zip(wins, ended, prior, strict=True):
        a, b = p * strength, (1.0 - p) * strength
        total += math.lgamma(k + a) + math.lgamma(n - k + b) - math.lgamma(n + strength)
        total -= math.lgamma(a) + math.lgamma(b) - math.lgamma(strength)
    return total


def test_nobody_has_rated_the_showcase_and_the_bounds_say_so(reviewed: Path) -> None:
    """Nobody has rated the showcase: .85 of each score is known, and it may gain .15."""
    rows = table(reviewed)
    np.testing.assert_allclose(rows["coverage"], 0.85, atol=1e-12)
    np.testing.assert_allclose(rows["score_high"] - rows["score_low"], 0.15, atol=1e-12)
    assert rows["score"].tolist() == rows["score_low"].tolist()
    assert (rows["contribution_showcase"] == 0.0).all()
    assert [f["where"] for f in findings(reviewed, "unmeasured_criterion")] == ["showcase_rating"]
    assert "unknown: showcase" in (reviewed / "report.html").read_text("utf-8")


def test_sectors_of_ten_are_compared_within_smaller_ones_with_all(
    reviewed: Path, export: Export
) -> None:
    """Of the sectors, medical (12) and retail (17) stand alone; 41 accounts use the pool."""
    rows = table(reviewed)
    sector = export.accounts["sector"].reindex(export.heads)
    size = sector.map(sector.value_counts())
    assert sorted(set(sector[size >= 10])) == ["medical", "retail"]
    for name in ("sales", "potential"):
        own = (rows.groupby(sector)[name].rank() - 1.0) / (size - 1.0)
        pool = (rows[name].rank() - 1.0) / (len(rows) - 1.0)
        worth = own.where(size >= 10, pool)
        np.testing.assert_allclose(rows[f"contribution_{name}"], 0.35 * worth, atol=1e-12)
    assert record(reviewed)["comparison"] == {
        "within": "sector",
        "min_group": 10,
        "pooled": {"sales": 41, "potential": 41, "showcase": 0, "win_and_deliver": 0},
    }
    assert [f["count"] for f in findings(reviewed, "pooled")] == [41, 41]


def test_a_fifth_are_key_by_score(reviewed: Path) -> None:
    """The 14 best of 70 are key, each with its reason, its distance to the cut and its parts."""
    rows = table(reviewed)
    key = rows[rows["is_key"]]
    assert set(key.index) == set(rows["score"].nlargest(14).index)
    assert set(key["reason"]) == {"rank"}
    assert set(rows.loc[~rows["is_key"], "reason"]) == {"below_cut"}
    parts = rows.filter(like="contribution_").sum(axis=1)
    np.testing.assert_allclose(parts, rows["score"], atol=1e-12)
    np.testing.assert_allclose(rows["distance"], rows["score"] - key["score"].min(), atol=1e-15)
    assert rows["rank"].tolist() == rows["score"].rank(ascending=False, method="min").tolist()
    assert key["score"].idxmax() == "Acme Corporation"


def test_the_spec_of_the_record_is_the_one_that_was_used(reviewed: Path) -> None:
    """The scorer of the record reads back, has its digest, and gives the written scores."""
    found = record(reviewed)
    scorer = ka.from_data(found["spec"]["scorer"])
    assert ka.digest(scorer) == found["digest"]["scorer"]
    assert ka.digest(ka.from_data(found["spec"]["policy"])) == found["digest"]["policy"]
    rows = table(reviewed)
    assert scorer.score(rows).value.tolist() == rows["score"].tolist()


def test_the_flaws_of_the_export_are_findings(unrepaired: Path, export: Export) -> None:
    """Blank accounts, GTXPro and technolgy are findings with their counts, and with the way out."""
    (blank,) = findings(unrepaired, "no_account")
    assert (blank["count"], blank["severity"]) == (1_425, "error")
    assert int(export.deals["account"].isna().sum()) == 1_425
    (product,) = findings(unrepaired, "unknown_product")
    assert product["count"] == 1_480
    assert "'GTXPro'" in product["message"]
    assert "alias: product:GTXPro=GTX Pro" in product["message"]
    (sector,) = findings(unrepaired, "misspelt_label")
    assert (sector["count"], sector["examples"]) == (12, ["technolgy"])
    assert "alias: sector:technolgy=technology" in sector["message"]
    orphans = export.pipeline()
    unpriced = orphans["product"] == "GTXPro"
    (lost,) = findings(unrepaired, "open_without_worth")
    assert lost["count"] == int(unpriced.sum()) == 333
    rejected = unpriced & orphans["account"].isna()
    assert f"{int(rejected.sum())} of them among the rejected" in lost["message"]


def test_an_alias_repairs_and_says_so(reviewed: Path) -> None:
    """An alias repairs 1,480 rows and says so; the product is unknown no more."""
    (repaired,) = findings(reviewed, "repaired_label")
    assert repaired["count"] == 1_480
    assert findings(reviewed, "unknown_product") == []
    assert findings(reviewed, "open_without_worth") == []


def test_a_repaired_sector_changes_its_name_and_no_score(
    reviewed: Path, export: Export, tmp_path: Path
) -> None:
    """A repaired sector has its right name; since all of it was misspelt, no score changes."""
    asked = ("--aliases", "sector:technolgy=technology", "--as-of", YEAR_END, "--out", tmp_path)
    assert run(*export.options(), *STAGES, *ALIAS, *FIFTH, *asked).exit_code == 0
    rows = table(tmp_path)
    assert "technolgy" not in set(rows["sector"])
    assert rows["score"].tolist() == table(reviewed)["score"].tolist()
    assert findings(tmp_path, "misspelt_label") == []


def test_strict_says_that_data_were_rejected(export: Export, tmp_path: Path) -> None:
    """Strict ends with 3, for the deals of nobody."""
    asked = ("--as-of", YEAR_END, "--strict", "--out", tmp_path)
    assert run(*export.options(), *STAGES, *FIFTH, *asked).exit_code == 3


def test_a_few_ratings_fill_the_showcase_of_the_rated(
    reviewed: Path, export: Export, tmp_path: Path
) -> None:
    """Rated accounts are known in full; the others keep their bounds; a wrong rating is told."""
    ratings = (
        "account,criterion,rating,rater,date\n"
        "Kan-code,showcase,5,li,2017-06-01\n"
        "Kan-code,showcase,4,wang,2017-12-01\n"
        "Kan-code,showcase,1,wang,2017-01-01\n"
        "Bluth Company,showcase,3,li,2017-12-31\n"
        "Sonron,showcase,2,li,2017-10-01\n"
        "Hottechi,showcase,9,li,2017-10-01\n"
        "Isdom,showcase,5,li,2018-01-01\n"
        "Nobody & Sons,showcase,5,li,2017-10-01\n"
    )
    (tmp_path / "ratings.csv").write_text(ratings, "utf-8")
    asked = ("--ratings", tmp_path / "ratings.csv", "--as-of", YEAR_END, "--out", tmp_path / "o")
    assert run(*export.options(), *STAGES, *ALIAS, *FIFTH, *asked).exit_code == 0
    rows, before = table(tmp_path / "o"), table(reviewed)
    group = export.head["Bluth Company"]
    mean = {"Kan-code": 4.5, group: 3.0, "Sonron": 2.0}
    rated = rows.loc[list(mean)]
    assert rated["showcase_rating"].tolist() == list(mean.values())
    assert rated["showcase_raters"].tolist() == [2, 1, 1]
    assert rated["showcase_age_days"].tolist() == [30.0, 0.0, 91.0]
    assert rated["showcase_spread"].iloc[0] == pytest.approx(math.sqrt(0.5))
    np.testing.assert_allclose(rated["coverage"], 1.0, atol=1e-12)
    assert (rated["score_high"] == rated["score_low"]).all()
    gained = [0.15 * (r - 1) / 4 for r in mean.values()]
    np.testing.assert_allclose(rated["contribution_showcase"], gained, atol=1e-12)
    np.testing.assert_allclose(rated["score"], before.loc[list(mean), "score"] + gained, atol=1e-12)
    others = rows.drop(index=list(mean))
    np.testing.assert_allclose(others["coverage"], 0.85, atol=1e-12)
    assert others["score"].tolist() == before.drop(index=list(mean))["score"].tolist()
    codes = {f["code"]: f["count"] for f in record(tmp_path / "o")["findings"]}
    assert (codes["off_scale"], codes["after_as_of"], codes["replaced"]) == (1, 1, 1)
    assert codes["unknown_account_ratings"] == 1


def test_the_order_of_the_rows_changes_no_byte(
    reviewed: Path, export: Export, tmp_path: Path
) -> None:
    """Whatever the order of the rows of every file, the same bytes are written."""
    rng = np.random.default_rng(20171231)
    for name in ("accounts", "sales_pipeline", "products"):
        head, *lines = (export.folder / f"{name}.csv").read_text("utf-8").splitlines()
        shuffled = [lines[i] for i in rng.permutation(len(lines))]
        (tmp_path / f"{name}.csv").write_text("\n".join([head, *shuffled]), "utf-8")
    turned = [o.replace(str(export.folder), str(tmp_path)) for o in export.options()]
    asked = ("--as-of", YEAR_END, "--out", tmp_path / "o")
    assert run(*turned, *STAGES, *ALIAS, *FIFTH, *asked).exit_code == 0
    for name in ("accounts.parquet", "review.json", "report.html"):
        assert (tmp_path / "o" / name).read_bytes() == (reviewed / name).read_bytes(), name


def test_another_process_writes_the_same_bytes(
    reviewed: Path, export: Export, tmp_path: Path
) -> None:
    """The installed command, in a process of its own, writes the same bytes."""
    command = str(Path(sys.executable).with_name("keyaccount"))
    asked = [*STAGES, *ALIAS, *FIFTH, "--as-of", YEAR_END, "--out", str(tmp_path / "o")]
    done = subprocess.run(  # noqa: S603 - our own command
        [command, "review", *export.options(), *asked], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == str(tmp_path / "o" / "report.html")
    for name in ("accounts.parquet", "review.json", "report.html"):
        assert (tmp_path / "o" / name).read_bytes() == (reviewed / name).read_bytes(), name


def test_each_account_can_be_judged_alone(export: Export, tmp_path: Path) -> None:
    """At the level of accounts all 85 are judged, a fifth of them is 17, with the same totals."""
    asked = ("--level", "account", "--as-of", YEAR_END, "--out", tmp_path)
    assert run(*export.options(), *STAGES, *ALIAS, *FIFTH, *asked).exit_code == 0
    rows = table(tmp_path)
    assert (len(rows), int(rows["is_key"].sum())) == (85, 17)
    alone = export.won().groupby("account")["close_value"].sum()
    assert rows["sales"].tolist() == alone.reindex(rows.index, fill_value=0.0).tolist()
    assert record(tmp_path)["comparison"]["pooled"]["sales"] == 44


def test_the_quarters_of_2017_feed_from_each_other(export: Export, tmp_path: Path) -> None:
    """Four quarters in a row: what each could know, and seats held unless one is ahead by .05."""
    days = ("2017-03-31", "2017-06-30", "2017-09-30", YEAR_END)
    before: Frame | None = None
    entered = []
    for day in days:
        out = tmp_path / day
        asked = ["--as-of", day, "--hold", "0.05", "--out", str(out)]
        if before is not None:
            last = days[days.index(day) - 1]
            asked += ["--incumbents", str(tmp_path / last / "accounts.parquet")]
        assert run(*export.options(), *STAGES, *ALIAS, *FIFTH, *asked).exit_code == 0
        rows = table(out)
        assert rows["sales"].tolist() == export.sums(export.won(day), "close_value")
        worth = [c / 100.0 for c in export.sums(export.pipeline(day), "cents")]
        assert rows["potential"].tolist() == worth
        assert record(out)["summary"]["balances"] is True
        assert int(rows["is_key"].sum()) == 14
        if before is not None:
            entered.append(see_that_seats_were_held(before, rows, day))
        before = rows
    assert entered == [4, 0, 2]
    assert int((table(tmp_path / "2017-09-30")["reason"] == "held").sum()) == 2


def see_that_seats_were_held(before: Frame, rows: Frame, day: str) -> int:
    """See that who stayed is key since when it was, and who left was beaten; count who is new."""
    was, is_now = set(before.index[before["is_key"]]), set(rows.index[rows["is_key"]])
    stayed, new, left = sorted(was & is_now), sorted(is_now - was), sorted(was - is_now)
    assert stayed
    assert rows.loc[stayed, "since"].tolist() == before.loc[stayed, "since"].tolist()
    assert {str(since) for since in rows.loc[new, "since"]} <= {day}
    for loser in left:
        assert (rows.loc[new, "score"] >= rows.loc[loser, "score"] + 0.05).all()
    held = rows.index[rows["reason"] == "held"]
    kept_out = rows[~rows["is_key"] & ~rows.index.isin(left)]
    assert len(held) == 0 or kept_out["score"].max() < rows.loc[held, "score"].min() + 0.05
    return len(new)


@pytest.mark.parametrize("by", ["sector", "account"])
def test_genes_add_up_to_the_won_deals(export: Export, by: str) -> None:
    """By sector and by customer, genes count every won deal of the year once."""
    won = export.won().assign(sector=lambda d: d["account"].map(export.accounts["sector"]))
    account = "account" if by == "sector" else None
    gene = ka.Gene.fit(won, by=by, amount="close_value", at="close_date", account=account)
    assert (len(won), gene.counts.rows, gene.deals) == (4_238, 4_238, 4_238)
    # customers differ in their share of large deals, sectors do not: the finding says so
    alike = [f.message.partition(":")[0] for f in gene.findings if f.code == "labels_alike"]
    recurring = "share of stretches with a large deal"
    assert alike == [recurring, *(["share of large deals"] if by == "sector" else [])]
    assert len(gene.findings) == len(alike)
    assert gene.stretches == 3
    large = won[won["close_value"] >= gene.large]
    # the upper fifth, and whoever is level with the last of it
    assert (
        len(large) == gene.large_deals >= 0.2 * len(won) > (won["close_value"] > gene.large).sum()
    )
    assert gene.share.mean == len(large) / len(won)
    table = pd.DataFrame(gene.columns()).set_index(by)
    groups = won.groupby(by)
    assert table["deals"].to_dict() == groups.size().to_dict()
    counted = large.groupby(by).size().reindex(table.index, fill_value=0)
    assert table["large_deals"].tolist() == counted.tolist()
    assert table["enough"].all()
    # both ends counted
    span = (won["close_date"].max() - won["close_date"].min()).days + 1
    years = span / 365.25
    assert gene.years == years
    np.testing.assert_allclose(table["per_year_raw"], counted / years)
    pool = (table["share_shrunk"] - table["share_raw"]) * (gene.share.mean - table["share_raw"])
    assert (pool >= -1e-15).all()  # shrunk toward the pool, never away from it
    if by == "sector":
        assert len(table) == 10
        assert table["accounts"].to_dict() == groups["account"].nunique().to_dict()
        assert int(table["accounts"].sum()) == 85
    shuffled = won.sample(frac=1.0, random_state=1)
    again = ka.Gene.fit(shuffled, by=by, amount="close_value", at="close_date", account=account)
    assert ka.digest(again) == ka.digest(gene)
    answers = pd.DataFrame(gene.answers({by: list(gene.labels)}))
    known = answers.stack().dropna()
    assert ((known <= 0.1) | ((known >= 0.9) & (known <= 1.0))).all()
    assert answers[f"{by}_gene_often"].isna().all()
    # ten sectors that differ in their number of large deals alone: nobody is ruled out by that
    if by == "sector":
        names = dict(
            zip(answers.columns, ka.experience_inference().gates[0].questions, strict=True)
        )
        asked = {question.column: answers[column] for column, question in names.items()}
        verdicts = ka.experience_inference().infer(asked).counts()
        assert verdicts == {"target": 0, "ask": 10, "nurture": 0, "rule_out": 0}


# --- Matrices ------------------------------------------------------------------------------------


def test_pcv_of_the_export_by_sector_revenue(export: Export) -> None:
    """Every account by status and its own revenue, against the terciles of its sector.

    The export states revenue in millions of US dollars, so that the printed cuts in CNY do not
    apply: thresholds are given with their unit. Who has won is common, the fifth with most won
    deals is VIP; that is a stand-in, for the export knows no status.
    """
    won = export.won()["account"].value_counts().reindex(export.accounts.index, fill_value=0)
    line = won.sort_values(ascending=False).iloc[len(won) // 5 - 1]
    status = np.where(won >= line, "vip", np.where(won > 0, "common", "potential"))
    accounts = export.accounts.assign(status=status)
    sectors = accounts.groupby("sector")["revenue"]
    cuts = {str(sector): tuple(r.quantile([1 / 3, 2 / 3])) for sector, r in sectors}
    pool = tuple(accounts["revenue"].quantile([1 / 3, 2 / 3]))
    matrix = ka.pcv(
        thresholds=ka.ByGroup(cuts, pool=pool),
        unit="million USD",
        output="revenue",
        group="sector",
    )
    with pytest.raises(ka.SpecError, match="must be 'CNY' while the printed thresholds are used"):
        ka.pcv(unit="million USD", output="revenue")
    found = matrix.assign(accounts)

    low, high = (accounts["sector"].map({s: c[k] for s, c in cuts.items()}) for k in (0, 1))
    revenue = accounts["revenue"]
    digit = np.where(revenue >= high, "1", np.where(revenue >= low, "2", "3"))
    letter = accounts["status"].str[0].str.upper()
    assert found.labels.tolist() == [f"{a}{b}" for a, b in zip(letter, digit, strict=True)]
    assert len(found) == 85
    assert found.unknown == 0
    assert found.findings == ()
    counts = pd.Series(found.labels).value_counts().to_dict()
    assert {code: n for code, n in found.counts().items() if n} == counts
    cents = (revenue * 100).round().groupby(found.labels).sum()
    totals = {code: round(100 * money) for code, money in found.totals(revenue).items() if money}
    assert totals == {code: int(n) for code, n in cents.items()}
    first = found.row(0)["why"]["output"]
    assert f"{revenue.iloc[0]:,.15g} million USD is in [" in first
    assert f"by the cuts of {accounts['sector'].iloc[0]!r}" in first
    assert found.columns()["pcv_name_zh"][0] == found.row(0)["name_zh"]

    plain = ka.pcv(thresholds=pool, unit="million USD", output="revenue").assign(accounts)
    thirds = pd.Series(plain.bands["output"]).value_counts().tolist()
    assert sum(thirds) == 85
    assert max(thirds) - min(thirds) <= 1


def test_the_cascade_asks_the_export_for_what_it_lacks(export: Export) -> None:
    """It knows neither deal status nor profit, budget nor share of wallet: PCV codes, and told."""
    accounts = export.accounts.assign(status=["vip", *["common"] * 84])
    matrix = ka.pcv(thresholds=(500, 2_000), unit="million USD", output="revenue")
    found = ka.cascade(accounts, pcv=matrix)
    assert {code.partition(":")[0] for code in found.qualified} == {"PCV"}
    assert [(f.where, f.count) for f in found.findings if f.code == "no_column"] == [
        ("deal_status", 84),
        ("profit", 84),
        ("budget", 1),
        ("share_of_wallet", 1),
    ]
