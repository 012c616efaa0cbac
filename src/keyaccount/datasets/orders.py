"""The purchase log: repeat orders, the orders of won deals, refunds."""

from __future__ import annotations

import attrs
import numpy as np

from keyaccount._columns import Codes, Floats, Objects
from keyaccount.datasets.catalogue import PRODUCTS, picked, texts
from keyaccount.datasets.deals import Deals
from keyaccount.datasets.seasons import Seasons
from keyaccount.datasets.truth import DAYS, YEAR, Truth

__all__ = ["Orders"]

_EVENNESS = 4.0
"""Values of orders are Gamma with this shape around the customer's mean."""
_REFUNDED, _WHOLE = 0.03, 0.5
_PART = (0.1, 0.9)
_BACK_AFTER, _BACK_SPREAD = 3.0, 12.0
_CENT = 0.01


@attrs.frozen(eq=False)
class Orders:
    """Orders and refunds, day by day.

    Parameters
    ----------
    account, product, deal
        Positions; `deal` is -1 for repeat orders, `product` too where nobody says.
    day
        The day, from the first one of the book on.
    amount
        Money, to the cent; below 0: a refund.
    refund_of
        Which order is refunded, as a position; -1: it is an order.
    """

    account: Codes
    product: Codes
    deal: Codes
    day: Codes
    amount: Floats
    refund_of: Codes

    def __len__(self) -> int:
        return len(self.account)

    @classmethod
    def draw(cls, truth: Truth, deals: Deals, rng: np.random.Generator) -> Orders:
        """Draw repeat orders, add one order for each deal handed over, and refunds."""
        account, day = _repeats(truth, rng)
        amount = _amounts(truth, account, day, rng)
        invoiced = np.flatnonzero(np.isfinite(deals.handed_over))
        product = rng.choice(len(PRODUCTS), len(account), p=[p.share for p in PRODUCTS])
        orders = cls(
            account=np.concatenate([account, deals.course.account[invoiced]]),
            product=np.concatenate([product, deals.product[invoiced]]),
            deal=np.concatenate([np.full(len(account), -1), invoiced]),
            day=np.concatenate([day, deals.handed_over[invoiced].astype(np.int64)]),
            amount=np.concatenate([amount, deals.amount[invoiced]]),
            refund_of=np.full(len(account) + len(invoiced), -1),
        )
        return orders._with_refunds(rng)

    def _with_refunds(self, rng: np.random.Generator) -> Orders:
        """Refund some repeat orders, in part or whole, and put all in the order of their days."""
        given = np.flatnonzero((rng.random(len(self)) < _REFUNDED) & (self.deal < 0))
        n = len(given)
        day = self.day[given] + (_BACK_AFTER + _BACK_SPREAD * rng.standard_exponential(n)).astype(
            np.int64
        )
        share = np.where(rng.random(n) < _WHOLE, 1.0, rng.uniform(*_PART, n))
        back = np.maximum(np.round(self.amount[given] * share, 2), _CENT)
        kept = day < DAYS
        given, day, back = given[kept], day[kept], back[kept]
        days = np.concatenate([self.day, day])
        order = np.argsort(days.astype(np.int16), kind="stable")  # few values: sorted in no time
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        refund_of = np.concatenate([self.refund_of, place[given]])
        return Orders(
            account=np.concatenate([self.account, self.account[given]])[order],
            product=np.concatenate([self.product, self.product[given]])[order],
            deal=np.concatenate([self.deal, self.deal[given]])[order],
            day=days[order],
            amount=np.concatenate([self.amount, -back])[order],
            refund_of=refund_of[order],
        )

    def spend(self, accounts: int, days: int) -> Floats:
        """Add up what each account bought, less refunds, in the last days of the book."""
        late = self.day >= DAYS - days
        cents = np.rint(self.amount[late] * 100.0)
        return np.bincount(self.account[late], cents, accounts) / 100.0

    def columns(self, truth: Truth, deals: Deals) -> dict[str, Objects]:
        """Give the log as columns."""
        refund = self.refund_of >= 0
        return {
            "order_id": np.arange(1, len(self) + 1),
            "account_id": truth.ids[self.account],
            "date": truth.date(self.day),
            "amount": self.amount,
            "product": texts(tuple(p.name for p in PRODUCTS), self.product),
            "deal_id": picked(deals.ids, self.deal),
            "refund_of": np.where(refund, self.refund_of + 1.0, np.nan),
        }


def _repeats(truth: Truth, rng: np.random.Generator) -> tuple[Codes, Codes]:
    """Draw the repeat orders: Poisson at the rate of each customer, in season, while it stays."""
    seasons = Seasons.over(truth.dates)
    start = seasons.by(truth.sector, truth.since)
    room = seasons.by(truth.sector, truth.until) - start
    account = np.repeat(np.arange(len(truth)), rng.poisson(truth.rate * room))
    done = start[account] + rng.random(len(account)) * room[account]
    return account, seasons.days(truth.sector[account], done)


def _amounts(truth: Truth, account: Codes, day: Codes, rng: np.random.Generator) -> Floats:
    """Draw the values of orders around the mean of each customer, which grows or shrinks."""
    years = (day - DAYS / 2.0) / YEAR
    mean = truth.value[account] * np.exp(truth.growth[account] * years)
    amount = mean * rng.gamma(_EVENNESS, 1.0 / _EVENNESS, len(account))
    return np.maximum(np.round(amount, 2), _CENT)
