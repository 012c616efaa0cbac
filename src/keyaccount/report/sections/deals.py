"""The open deals that weigh most."""

from __future__ import annotations

from typing import Final

import attrs
import numpy as np

from keyaccount._words import Words
from keyaccount.report.pipeline import PipelineFacts
from keyaccount.report.report import Report

__all__ = ["DealRow", "largest_deals"]

_SHOWN: Final = 10


@attrs.frozen(kw_only=True)
class DealRow:
    """One open deal."""

    deal: str
    account: str
    id: str
    key: bool
    stage: str
    amount: float
    chance: float
    weighted: float
    expected: np.datetime64
    overdue: bool


def largest_deals(report: Report, found: PipelineFacts, words: Words) -> list[DealRow]:
    """List the open deals that weigh most, amount times chance; equal ones by account and id."""
    weighted = np.nan_to_num(found.forecast.deals.weighted)
    ids = np.full(len(weighted), "", dtype=object) if found.deal is None else found.deal
    rows = np.flatnonzero(weighted > 0.0).tolist()
    rows.sort(key=lambda i: (-weighted[i], str(found.account[i]), str(ids[i])))
    return [_row(report, found, i, str(ids[i] or ""), words) for i in rows[:_SHOWN]]


def _row(report: Report, found: PipelineFacts, i: int, deal: str, words: Words) -> DealRow:
    account = "" if found.account[i] is None else str(found.account[i])
    row = report.row_of.get(account)
    stage = next(s for s in found.stages if s.letter == found.stage[i])
    overdue = found.forecast.deals.overdue
    return DealRow(
        deal=deal,
        account=report.title(account) or words.say("no known account", "无对应客户"),
        id=account,
        key=row is not None and bool(report.is_key[row]),
        stage=f"{stage.letter} {words.say(stage.name, stage.name_zh)}",
        amount=float(found.amount[i]),
        chance=float(found.probability[i]),
        weighted=float(found.forecast.deals.weighted[i]),
        expected=found.expected[i],
        overdue=overdue is not None and bool(overdue[i]),
    )
