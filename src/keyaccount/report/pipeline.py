"""`PipelineFacts`: what the open deals may bring, and how likely they bring what is asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from math import fsum
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Days, Floats, Objects
from keyaccount._plain import plain
from keyaccount.funnel import opportunity_stages
from keyaccount.funnel.attainment import Attainment, attainment
from keyaccount.funnel.forecast import Forecast, Pace, SalesTarget, forecast, pace

__all__ = ["NO_DEALS", "PipelineFacts", "StageRow", "pipeline_facts"]

NO_DEALS: Mapping[str, Any] = {
    "account": np.empty(0, dtype=object),
    "stage": np.empty(0, dtype=object),
    "amount": np.empty(0),
    "probability": np.empty(0),
    "expected": np.empty(0, dtype="datetime64[D]"),
}
"""Open deals where there are none."""

_OFTEN: tuple[float, ...] = (0.9, 0.5, 0.1)
"""The chances for which it is said how much the open deals bring at least."""
_NEXT_TO_NOTHING = 1e-9


@attrs.frozen(kw_only=True)
class StageRow:
    """The open deals of one stage."""

    letter: str
    name: str
    name_zh: str
    deals: int
    amount: float
    chance: float
    weighted: float


@attrs.frozen(kw_only=True, eq=False)
class PipelineFacts:
    """What the open deals may bring.

    Attributes
    ----------
    account, amount, probability, expected, stage, deal
        The open deals, row by row; `deal` is None where deals have no ids.
    forecast
        Their sums by stage.
    stages
        The stages in their order, those that have open deals.
    attainment
        What the deals that count may bring together. Of a target, those of its period count, and
        what is sold in it is certain.
    pace
        How far the target has come; None: there is none.
    counts
        ``(n,)`` bool: which deals count towards the target.
    at_least
        A chance to the amount that `attainment` brings at least with it.
    on_key
        The weighted amount on key accounts.
    of_nobody
        How many deals are of no known account.
    """

    account: Objects
    amount: Floats
    probability: Floats
    expected: Days
    stage: Objects
    deal: Objects | None
    forecast: Forecast
    stages: tuple[StageRow, ...]
    attainment: Attainment[Any]
    pace: Pace | None
    counts: Bools
    at_least: Mapping[float, float]
    on_key: float
    of_nobody: int

    @property
    def total(self) -> Mapping[str, Any]:
        """The sums of all open deals."""
        return self.forecast.total

    @property
    def reached(self) -> float | None:
        """The probability of the target; None where there is none."""
        return None if self.pace is None else float(self.attainment.probability)

    def record(self) -> dict[str, Any]:
        """Give the figures as plain data."""
        return {
            "open_deals": int(self.total["open"]),
            "amount": float(self.total["amount"]),
            "weighted": float(self.total["weighted"]),
            "weighted_on_key_accounts": self.on_key,
            "of_no_known_account": self.of_nobody,
            "overdue": int(self.total["overdue"]),
            "stages": [attrs.asdict(row) for row in self.stages],
            "at_least": {f"{chance:g}": amount for chance, amount in self.at_least.items()},
            "target": self._target_record(),
        }

    def _target_record(self) -> dict[str, Any] | None:
        if self.pace is None:
            return None
        start, end = self.pace.start[0], self.pace.end[-1]
        return {
            "from": str(start),
            "until": str(end),
            **{name: plain(self.pace.total[name]) for name in self.pace.total},
            "deals_counted": int(np.count_nonzero(self.counts)),
            "probability": self.reached,
        }


def pipeline_facts(
    deals: Mapping[str, Any],
    *,
    as_of: date,
    key_ids: Collection[str],
    target: SalesTarget | None = None,
    sold: Mapping[str, Any] | None = None,
) -> PipelineFacts:
    """Weigh the open deals, and hold them against a target.

    A deal counts towards the target if it is planned to close in its period. One that should have
    closed by now may close today; one of which nobody says when may close until the period ends.

    Parameters
    ----------
    deals
        Open deals as columns: ``account`` (None where it is not known), ``stage``, ``amount``,
        ``probability``, ``expected``, and ``deal`` where they have ids.
    as_of
        The day.
    key_ids
        The key accounts.
    target
        What is to be sold; None: nobody said.
    sold
        What was sold: ``date`` and ``amount``.
    """
    amount, chance, expected = deals["amount"], deals["probability"], deals["expected"]
    sums = forecast(dict(deals), by="stage", outcome=None, as_of=as_of)
    weighted = np.nan_to_num(sums.deals.weighted)
    counts = _counted(expected, target, np.datetime64(as_of, "D"))
    paced = _paced(target, sold, as_of, fsum(weighted[counts].tolist()))
    reach = _reach(amount[counts], chance[counts], paced)
    accounts = deals["account"]
    on_key = np.array([account in key_ids for account in accounts], dtype=np.bool_)
    nowhere = np.array([account is None for account in accounts], dtype=np.bool_)
    return PipelineFacts(
        account=accounts,
        amount=amount,
        probability=chance,
        expected=expected,
        stage=deals["stage"],
        deal=deals.get("deal"),
        forecast=sums,
        stages=_stages(sums),
        attainment=reach,
        pace=paced,
        counts=counts,
        at_least=_at_least(reach),
        on_key=fsum(weighted[on_key].tolist()),
        of_nobody=int(np.count_nonzero(nowhere)),
    )


def _reach(amount: Floats, chance: Floats, paced: Pace | None) -> Attainment[Any]:
    """Give what the deals may bring; with a target, together with what is sold and so certain."""
    if paced is None:
        return attainment(amount, chance, [])
    so_far, target = float(paced.total["actual"]), float(paced.total["target"])
    return attainment(np.append(amount, so_far), np.append(chance, 1.0), target)


def _at_least(reach: Attainment[Any]) -> dict[float, float]:
    """Give the largest amounts that come about with the chances asked for; met exactly, they count.

    That is the smallest sum which is exceeded with less than the chance.
    """
    if not reach.open_deals:
        return {}
    return {chance: reach.quantile(1.0 - chance + _NEXT_TO_NOTHING).low for chance in _OFTEN}


def _counted(expected: Days, target: SalesTarget | None, today: np.datetime64) -> Bools:
    """Say which deals count towards the target; without one all do."""
    if target is None:
        return np.ones(len(expected), dtype=np.bool_)
    first, last = (
        np.datetime64(day, "D") for day in (target.phases[0].start, target.phases[-1].end)
    )
    when = np.maximum(expected, today)
    found: Bools = np.where(np.isnat(expected), last >= today, (first <= when) & (when <= last))
    return found


def _paced(
    target: SalesTarget | None,
    sold: Mapping[str, Any] | None,
    as_of: date,
    weighted: float,
) -> Pace | None:
    """Hold what was sold in the period of the target against it."""
    if target is None:
        return None
    rows = sold or {"amount": np.empty(0), "date": np.empty(0, dtype="datetime64[D]")}
    return pace(target, rows["amount"], rows["date"], as_of=as_of, open_weighted=weighted)


def _stages(sums: Forecast) -> tuple[StageRow, ...]:
    """List the stages that have open deals, in the order of the funnel."""
    named = {stage.letter: stage for stage in opportunity_stages()}
    place = {letter: i for i, letter in enumerate(sums.keys["stage"].tolist())}
    columns = sums.sums.columns()
    return tuple(
        StageRow(
            letter=letter,
            name=stage.name,
            name_zh=stage.name_zh,
            deals=int(columns["open"][place[letter]]),
            amount=float(columns["amount"][place[letter]]),
            chance=stage.win_probability or 0.0,
            weighted=float(columns["weighted"][place[letter]]),
        )
        for letter, stage in named.items()
        if letter in place
    )
