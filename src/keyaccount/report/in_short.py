"""The page in a few sentences, each with where to read on."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from keyaccount._words import Words
from keyaccount.findings import counted
from keyaccount.report.met import met
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
        _risk(report, risk, words),
        _pipeline(report.pipeline_facts, words),
        _holes(report, holes, words),
        _data(report, words),
    )
    return [sentence for part in parts for sentence in part]


def _money(found: MoneyFacts | None, words: Words) -> Iterator[Sentence]:
    if found is None:
        return
    money, total = words.money(found.key), words.money(found.total)
    if not found.total > 0.0:
        english = f"Key accounts bring {money} of sales, and all accounts {total}."
        yield Sentence(words.say(english, f"大客户销售额{money}，全部客户{total}。"), "money")
        return
    share, few = words.share(found.key_share), counted(found.few, "account")
    verb = "brings" if found.few == 1 else "bring"
    yield Sentence(
        words.say(
            f"Key accounts bring {share} of sales, {money} of {total}; {few} {verb} 80% of them.",
            f"大客户贡献销售额的{share}（{money}，共{total}）；"
            f"{words.count(found.few)}家客户贡献了80%。",
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
    is_are = "is" if counts["watch"] == 1 else "are"
    yield Sentence(
        words.say(
            f"{counted(counts['promote'], 'account')} became key, {left} left, and {watched} "
            f"{is_are} to be watched.",
            f"{entered}家客户成为大客户，{left}家不再是大客户，{watched}家需要关注。",
        ),
        "changes",
    )


def _risk(report: Report, found: RiskFacts | None, words: Words) -> Iterator[Sentence]:
    if found is None or not found.rows:
        return
    n, of = words.count(len(found.rows)), words.count(int(report.is_key.sum()))
    money = words.money(found.sales)
    verb = "shows" if len(found.rows) == 1 else "show"
    yield Sentence(
        words.say(
            f"{n} of {of} key accounts {verb} a way to fail; {money} of sales hang on that.",
            f"{of}家大客户中有{n}家存在风险，涉及销售额{money}。",
        ),
        "risk",
    )


def _pipeline(found: PipelineFacts | None, words: Words) -> Iterator[Sentence]:
    if found is None:
        return
    n, weighted = found.total["open"], words.money(found.total["weighted"])
    verb = "is" if n == 1 else "are"
    said = words.say(
        f"{counted(n, 'open deal')} {verb} worth {weighted} at their chances",
        f"{words.count(n)}个在途商机，加权金额{weighted}",
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
    n, of = words.count(found.uncovered), words.count(int(report.is_key.sum()))
    verb = "has" if found.uncovered == 1 else "have"
    yield Sentence(
        words.say(
            f"{n} of {of} key accounts {verb} a hole in the coverage.",
            f"{of}家大客户中有{n}家存在覆盖缺口。",
        ),
        "coverage",
    )


def _data(report: Report, words: Words) -> Iterator[Sentence]:
    found = met(report.record)
    rejected, odd = len(found.rejected), len(found.odd)
    reject = "rejects" if rejected == 1 else "reject"
    look = "is" if odd == 1 else "are"
    yield Sentence(
        words.say(
            f"{counted(rejected, 'finding')} {reject} rows of the data, and {words.count(odd)} "
            f"{look} to be looked at{_balance(report, words)}.",
            f"数据：{words.count(rejected)}项涉及剔除，{words.count(odd)}项需要查看"
            f"{_balance(report, words)}。",
        ),
        "data",
    )


def _balance(report: Report, words: Words) -> str:
    """Say whether the sums of money balance; nothing where there are none."""
    if not report.record["reconciliations"]:
        return ""
    if report.record["summary"]["balances"]:
        return words.say("; all sums balance", "；各项金额均已核对")
    return words.say("; not all sums balance", "；有金额未能核对")
