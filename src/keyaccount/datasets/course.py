"""How deals go: opened, through the stages one after the other, won, lost or still on the way."""

from __future__ import annotations

import attrs
import numpy as np

from keyaccount._columns import Codes, Floats
from keyaccount.datasets.catalogue import SECTORS
from keyaccount.datasets.truth import DAYS, YEAR, Truth, logistic

__all__ = ["LOST", "OPEN", "REASONS", "STAGES", "WON", "Course"]

OPEN, WON, LOST = range(3)
STAGES = 5
"""Stages in which a deal is open: A to E."""
REASONS = ("price", "rival", "no budget", "no decision", "customer left")
_GONE = REASONS.index("customer left")
_REASON_SHARES = (0.35, 0.3, 0.2, 0.15)

_PER_YEAR = 1.3
"""Deals a year of an account of size 1, beside the first one."""
_STAY = (20.0, 25.0, 32.0, 24.0, 14.0)
"""Mean days in each stage; the stays are Gamma with shape 2, and a day at least."""
_LOSING = (0.30, 0.25, 0.22, 0.16, 0.07)
"""How the log of the win rate is divided among the stages: most deals are lost early."""
_BOND = 0.4
"""What one standard deviation of relationship adds to the log odds of winning."""
_BACK = 0.06
"""The share of deals that would fall back by a stage once."""
_BACK_FROM, _BACK_TO = 0.3, 0.5
"""When in its stay a deal falls back, and when it is there again: shares of the stay."""
_LEAVING = (5.0, 45.0)
"""How many days after a customer left its deals are given up."""


@attrs.frozen(eq=False)
class Course:
    """The courses of deals, in the order in which they were opened.

    Times are days from the first one of the book on; what lies after the last one has not happened.

    Parameters
    ----------
    account
        Whose deal it is.
    enter
        ``(6, deals)``: when it would enter each stage, if nothing came between.
    end
        When it is decided.
    outcome
        `OPEN`, `WON` or `LOST`, by the end of the book.
    stage
        The stage where it stands, or stood when it was decided.
    back
        The stage from which it falls back once, -1 where it never does.
    reason
        Why it is lost, a position in `REASONS`; -1 where it is not.
    """

    account: Codes
    enter: Floats
    end: Floats
    outcome: Codes
    stage: Codes
    back: Codes
    reason: Codes

    def __len__(self) -> int:
        return len(self.account)

    @classmethod
    def draw(cls, truth: Truth, rng: np.random.Generator) -> Course:
        """Draw deals while accounts are customers, and take each through the stages."""
        account, opened = _openings(truth, rng)
        n = len(account)
        stays = np.stack([1.0 + rng.gamma(2.0, mean / 2.0, n) for mean in _STAY])
        enter = opened + np.concatenate([np.zeros((1, n)), np.cumsum(stays, axis=0)])
        losing = _losing(truth, account, rng)
        merit = enter[np.minimum(losing + 1, STAGES), np.arange(n)]
        leaves = truth.left[account] + rng.uniform(*_LEAVING, n)
        end = np.minimum(merit, np.maximum(leaves, opened + 1.0))
        outcome = np.where((losing < STAGES) | (end < merit), LOST, WON)
        outcome[end >= DAYS] = OPEN
        reason = rng.choice(len(_REASON_SHARES), n, p=_REASON_SHARES)
        reason[end < merit] = _GONE
        reason[outcome != LOST] = -1
        back = np.where(rng.random(n) < _BACK, rng.integers(1, STAGES - 1, n), -1)
        drawn = cls(account, enter, end, outcome, np.zeros(n, dtype=np.int64), back, reason)
        return attrs.evolve(drawn, stage=drawn.stage_at(drawn.until))

    def part(self, rows: slice) -> Course:
        """Give some of the deals."""
        return Course(**{f.name: getattr(self, f.name)[..., rows] for f in attrs.fields(Course)})

    @property
    def until(self) -> Floats:
        """When the record of each deal ends: when it is decided, or with the book."""
        return np.minimum(self.end, float(DAYS))

    def fall(self) -> tuple[Floats, Floats]:
        """Give when deals fall back, and when they are there again; infinite: never."""
        column, stage = np.arange(len(self)), np.maximum(self.back, 0)
        start = self.enter[stage, column]
        stay = self.enter[stage + 1, column] - start
        never = self.back < 0
        return (
            np.where(never, np.inf, start + _BACK_FROM * stay),
            np.where(never, np.inf, start + _BACK_TO * stay),
        )

    def stage_at(self, time: Floats) -> Codes:
        """Give the stage of each deal just before a time, from 0 on."""
        stage = np.zeros(len(self), dtype=np.int64)
        for enter in self.enter[1:STAGES]:
            stage += enter < time
        fallen, again = self.fall()
        return stage - ((fallen < time) & (time <= again))


def _openings(truth: Truth, rng: np.random.Generator) -> tuple[Codes, Floats]:
    """Draw how many deals each account has, and when they are opened: earlier ones first."""
    years = (truth.until - truth.since) / YEAR
    rate = _PER_YEAR * truth.size**0.25 * rng.gamma(4.0, 0.25, len(truth))
    account = np.repeat(np.arange(len(truth)), 1 + rng.poisson(rate * years))
    since, until = truth.since[account], truth.until[account]
    opened = since + rng.random(len(account)) * (until - since)
    order = np.argsort(opened, kind="stable")
    return account[order], opened[order]


def _losing(truth: Truth, account: Codes, rng: np.random.Generator) -> Codes:
    """Draw the stage in which each deal is lost on its merits; `STAGES` where it is not."""
    rates = np.array([s.win_rate for s in SECTORS])
    odds = np.log(rates / (1.0 - rates))[truth.sector] + _BOND * truth.bond
    log_rate = np.log(logistic(odds))[account]
    draw = np.log(1.0 - rng.random(len(account)))
    passed = np.zeros(len(account), dtype=np.int64)
    for reached in np.cumsum(_LOSING):
        passed += draw < reached * log_rate
    return passed
