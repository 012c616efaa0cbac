"""A book of five accounts whose figures are worked out by hand, tile by tile, in both languages."""

from __future__ import annotations

import re
from html import unescape
from typing import Any, Literal

import pytest

import keyaccount as ka
from keyaccount._words import Words
from keyaccount.cli.page import PageOptions, report_of
from keyaccount.cli.quarter import review_quarter
from keyaccount.cli.record import review_record
from keyaccount.cli.settings import Settings
from keyaccount.intake import read_book
from keyaccount.report import Report, render_report
from keyaccount.report.in_short import in_short
from keyaccount.report.sections.deals import largest_deals
from keyaccount.report.sections.holes import hole_facts
from keyaccount.report.sections.risk import risk_facts

ACCOUNTS = {
    "account_id": ["a", "b", "c", "d", "e"],
    "account": ["Alder", "Birch", "Cedar", "Dogwood", "Elm"],
    "sector": ["wood", "wood", "stone", "stone", None],
}
DEALS = {
    "deal_id": [f"d{i}" for i in range(11)],
    "account_id": ["a", "b", "c", "d", "a", "b", "a", "e", None, None, "a"],
    "stage": ["won"] * 6 + ["B", "D", "won", "E", "lost"],
    "amount": [600, 200, 100, 60, 20, 20, 400, 200, 50, 100, 0],
    "opened": ["2026-01-05"] * 11,
    "closed": ["2026-02-01"] * 5 + ["2025-12-01", "", "", "2026-03-01", "", "2026-03-01"],
    "expected": [""] * 6 + ["2026-11-01", "2027-02-01", "", "", ""],
}


@pytest.fixture(scope="module")
def report() -> Report:
    """Review the book for a target of 1,200 this year; a and b are key."""
    book = read_book(ACCOUNTS, DEALS, as_of="2026-09-30")
    quarter = review_quarter(book, Settings(rule=ka.TopCount(2), compare_within=None))
    options = PageOptions(target=ka.SalesTarget.by_quarter(1_200.0, 2026))
    return report_of(quarter, review_record(quarter), options)


def tiles(text: str) -> dict[str, str]:
    """Read the tiles of a page: what each is about to its figure."""
    found = re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", text)
    return {unescape(re.sub(r"<.*?>", "", about)): unescape(figure) for about, figure in found}


def test_the_key_accounts_are_those_worked_out(report: Report) -> None:
    """Alder sold 620 of 1,000 and Birch 220; both are key."""
    assert sorted(report.ids[report.is_key].tolist()) == ["a", "b"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_tile_has_its_figure(report: Report, language: Literal["en", "zh"]) -> None:
    """Key accounts bring 840 of 1,000, two accounts 80 %; of the target 1,030 is sold."""
    found = tiles(render_report(report, language=language))
    say = Words(language).say
    expected = {
        say("sold to key accounts", "大客户销售额"): "840",
        say("of all sales", "占全部销售额"): "84%",
        say("accounts bring 80%", "贡献80%的客户数"): "2",
        say("of sales is the largest, Alder", "最大客户占比，Alder"): "62%",
        say("open deals", "在途商机"): "3",
        say("if all are won", "全部赢单的金额"): "700",
        say("weighted by their chances", "按赢单概率加权"): "340",
        say("of that on key accounts", "其中大客户"): "29%",
        say("of no known account", "无对应客户"): "1",
        say("sold so far", "已完成"): say("1.03K", "1,030"),
        say("still missing", "尚缺"): "170",
        say("probability of reaching it", "达成概率"): "25%",
        say("share of sales", "销售额占比"): "84%",
    }
    assert found == found | expected


def test_kinds_stand_by_money_with_their_key_accounts(report: Report) -> None:
    """Wood sold 840 by two accounts, both key; stone 160 by two, none key; one is of no sector."""
    facts = report.money_facts
    assert facts is not None
    rows = [(r.code, r.accounts, r.key, r.sales, r.share) for r in facts.kinds["sector"]]
    assert rows == [("wood", 2, 2, 840.0, 0.84), ("stone", 2, 0, 160.0, 0.16)]
    assert facts.few == 2


def test_the_largest_deals_stand_by_what_they_are_worth(report: Report) -> None:
    """150 of Elm, 100 of Alder, 90 of nobody known."""
    found = report.pipeline_facts
    assert found is not None
    rows = largest_deals(report, found, Words("en"))
    told: list[Any] = [(r.deal, r.account, r.key, r.weighted, r.overdue) for r in rows]
    assert told == [
        ("d7", "Elm", False, 150.0, False),
        ("d6", "Alder", True, 100.0, False),
        ("d9", "no known account", False, 90.0, False),
    ]


def test_the_summary_says_it_in_sentences(report: Report) -> None:
    """Each language has the figures of the tiles."""
    for language in ("en", "zh"):
        words = Words(language)
        risk, holes = risk_facts(report, words), hole_facts(report, words)
        said = {s.anchor: s.text for s in in_short(report, risk, holes, words)}
        assert all(figure in said["money"] for figure in ("84%", "840", "2", "80%"))
        assert all(figure in said["pipeline"] for figure in ("3", "340", "25%"))
        assert "1" in said["data"]
