"""The page in a few sentences, each with where to read on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from keyaccount._words import Words
from keyaccount.report.money import MoneyFacts
from keyaccount.report.pipeline import PipelineFacts
from keyaccount.report.report import Report
from keyaccount.report.sections.holes import HoleFacts
from keyaccount.report.sections.risk import RiskFacts

__all__ = ["Sentence", "in_short"]


@attrs.frozen
class Sentence:
    """What to know, and the section that says more."""

    text: str
    anchor: str


def in_short(
    report: Report, risk: RiskFacts | None, holes: HoleFacts | None, words: Words
) -> list[Sentence]:
    """Say what a reader with half a minute should know."""
    parts = (
        _money(report.money_facts, words),
        _changes(report, words),
        _risk(risk, words),
        _pipeline(report.pipeline_facts, words),
        _holes(report, holes, words),
        _data(report, words),
    )
    return [sentence for part in parts for sentence in part]


def _money(found: MoneyFacts | None, words: Words) -> Iterator[Sentence]:
    if found is None:
        return
    share, money = words.share(found.key_share), words.money(found.key)
    few = words.count(found.few)
    yield Sentence(
        words.say(
            f"Key accounts bring {share} of sales, {money} of {words.money(found.total)}; "
            f"{few} accounts bring 80% of them.",
            f"大客户贡献销售额的{share}（{money}，共{words.money(found.total)}）；"
            f"{few}家客户贡献了80%。",
        ),
        "money",
    )


def _changes(report: Report, words: Words) -> Iterator[Sentence]:
    found = report.review
    if found is None or not report.compared:
        return
    counts = found.counts
    entered, left = words.count(counts["promote"]), words.count(counts["demote"])
    watched = words.count(counts["watch"])
    yield Sentence(
        words.say(
            f"{entered} accounts became key, {left} are key no longer, and {watched} are to be "
            "watched.",
            f"{entered}家客户成为大客户，{left}家不再是大客户，{watched}家需要关注。",
        ),
        "changes",
    )


def _risk(found: RiskFacts | None, words: Words) -> Iterator[Sentence]:
    if found is None or not found.rows:
        return
    n, money = words.count(len(found.rows)), words.money(found.sales)
    verb = "shows a way" if len(found.rows) == 1 else "show a way"
    yield Sentence(
        words.say(
            f"{n} of them {verb} to fail; {money} of sales hang on that.",
            f"其中{n}家存在风险，涉及销售额{money}。",
        ),
        "risk",
    )


def _pipeline(found: PipelineFacts | None, words: Words) -> Iterator[Sentence]:
    if found is None:
        return
    n = words.count(found.total["open"])
    weighted = words.money(found.total["weighted"])
    said = words.say(
        f"{n} open deals are worth {weighted} at their chances",
        f"{n}个在途商机，加权金额{weighted}",
    )
    if found.pace is not None and found.reached is not None:
        target = words.money(found.pace.total["target"])
        chance = words.share(found.reached)
        said += words.say(
            f"; the target of {target} is reached with a probability of {chance}",
            f"；达成{target}目标的概率为{chance}",
        )
    yield Sentence(said + words.say(".", "。"), "pipeline")


def _holes(report: Report, found: HoleFacts | None, words: Words) -> Iterator[Sentence]:
    if found is None or not found.uncovered:
        return
    n = words.count(found.uncovered)
    verb = "has" if found.uncovered == 1 else "have"
    of = words.count(int(report.is_key.sum()))
    yield Sentence(
        words.say(
            f"{n} of {of} key accounts {verb} a hole in the coverage.",
            f"{of}家大客户中有{n}家存在覆盖缺口。",
        ),
        "coverage",
    )


def _data(report: Report, words: Words) -> Iterator[Sentence]:
    counts: dict[str, Any] = report.record["summary"]["findings"]
    balanced = report.record["summary"]["balances"]
    rejected, odd = words.count(counts["error"]), words.count(counts["warning"])
    reject = "finding rejects" if counts["error"] == 1 else "findings reject"
    look = "is" if counts["warning"] == 1 else "are"
    sums = words.say(
        "all sums balance" if balanced else "not all sums balance",
        "各项金额均已核对" if balanced else "有金额未能核对",
    )
    yield Sentence(
        words.say(
            f"{rejected} {reject} rows of the data, and {odd} {look} to be looked at; {sums}.",
            f"数据质量：{rejected}项涉及剔除，{odd}项需要查看；{sums}。",
        ),
        "data",
    )
