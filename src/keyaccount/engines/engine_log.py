"""A log that stays in its engine: what comes home is one row per customer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from keyaccount._columns import Bools, Codes, Days, Floats, Objects
from keyaccount.engines.at_home import AtHome
from keyaccount.engines.grouping import Rows, Wanted
from keyaccount.engines.order_facts import INFINITE, PURCHASE, REFUND, STATES
from keyaccount.errors import KeyAccountError
from keyaccount.ledger.customers import Customers
from keyaccount.ledger.options import Options
from keyaccount.ledger.orders import NO_AMOUNT, REASONS, LogColumns, told_infinite
from keyaccount.ledger.reduced import Met, RowsMet
from keyaccount.stats.split_sums import Cents, Powers, put_together
from keyaccount.stats.sums import refuse_overflow

__all__ = ["LogInEngine"]

_CENTS = ("high", "low", "odd")
_MARGIN = ("margins", "gain_high", "gain_low", "loss_high", "loss_low", "margin_odd")


class LogInEngine:
    """The rows of a log that an engine holds, reduced to their customers: see `ReducedLog`.

    Parameters
    ----------
    facts
        The rows with what `OrderFacts` says of them.
    pieces
        Gives the rows with what `OrderPieces` says of them, of amounts or of margins.
    read_ids
        Reads some ids as the ids of the whole log are read: as numbers, or as texts.
    named, options
        What is asked for.
    """

    def __init__(
        self,
        facts: Rows,
        pieces: Callable[[Literal["amount", "margin"]], Rows],
        read_ids: Callable[[Any], Customers],
        named: LogColumns,
        options: Options,
    ) -> None:
        self._all = facts
        self._pieces = pieces
        self._named = named
        self._counting: int = REFUND if options.refunds == "net" else PURCHASE
        self.has_margin: bool = named.margin is not None
        self._read_ids = read_ids
        home = self._by_customer()
        customers = read_ids(home["customer"])
        slots = customers.ordered(np.unique(customers.codes))
        self.ids: Objects = customers.ids(slots)
        self._place: dict[Any, int] = {one: i for i, one in enumerate(self.ids.tolist())}
        self._home = home.placed(self._places(customers), len(self.ids))
        bought = self._up_to(PURCHASE)
        self.bought: Codes = self._home.added("n", bought)
        self.first: Days = self._home.least("first", bought).view("datetime64[D]")
        self.last: Days = self._home.greatest("last", bought).view("datetime64[D]")
        self.spent: Floats = self._spent()

    def margins(self) -> Floats:
        """Add up the known margins of the rows that count; NaN where there is none."""
        home, counts = self._home, self._up_to(self._counting)
        known = home.added("margins", counts)
        self._refuse("margin_size", int(known.sum()))
        sums = [
            Cents(*(home.added(name, counts) for name in (f"{sign}_high", f"{sign}_low", odd)))
            for sign, odd in (("gain", "margin_odd"), ("loss", "margin_odd"))
        ]
        found = put_together(sums, lambda groups: self._exactly(self._money("margin"), groups))
        return np.where(known > 0, found, np.nan)

    def active_days(self) -> Codes:
        """Count the distinct days with a purchase."""
        days = self._days().grouped(("customer",), Wanted(sums=("one",)))
        home = self._at_their_places(days)
        return home.added("one", home.every)

    def later(self) -> tuple[Codes, Floats]:
        """Count the purchases after the first day, and add up their money."""
        after = self._days().after_first(self._firsts())
        home = self._at_their_places(after.grouped(("customer",), Wanted(sums=("n", *_CENTS))))
        spent = put_together([_cents(home, home.every)], self._spent_later)
        return home.added("n", home.every), spent

    def met(self) -> RowsMet:
        """Tell what was met among the rows; rows of an engine have no numbers to be shown by."""
        count, known_margins = self._states()
        infinite = count.pop(INFINITE)
        count[NO_AMOUNT] += infinite
        kept = count["purchase"] + count["refund"]
        return RowsMet(
            read=sum(count.values()),
            purchases=count["purchase"],
            refunds=count["refund"],
            left_out={reason: Met(count[reason]) for reason in REASONS if count[reason]},
            duplicates=Met(self._repeated()),
            no_margin=Met(kept - known_margins if self.has_margin else 0),
            findings=told_infinite(Met(infinite), self._named.amount),
        )

    # --- queries ---------------------------------------------------------------------------------

    def _by_customer(self) -> AtHome:
        """Take the one pass that every summary needs."""
        margin, size = (_MARGIN, ("margin_size",)) if self.has_margin else ((), ())
        wanted = Wanted(("n", *_CENTS, *margin), ("first",), ("last", "size", *size))
        kept = self._all.within("state", REFUND)
        return AtHome(kept.grouped(("customer", "state"), wanted).home())

    def _days(self) -> Rows:
        """Group the purchases by customer and day."""
        wanted = Wanted(sums=("n", *_CENTS), most=("one",))
        return self._purchases.grouped(("customer", "day"), wanted)

    def _firsts(self) -> Rows:
        """Find the first day of each customer."""
        return self._purchases.grouped(("customer",), Wanted(least=("first",)))

    @property
    def _purchases(self) -> Rows:
        return self._all.within("state", PURCHASE)

    def _money(self, of: Literal["amount", "margin"]) -> Rows:
        """Give the known money of the rows that count, in pieces."""
        return self._pieces(of).within("state", self._counting).within("unknown", 0)

    def _exactly(self, money: Rows, groups: Codes) -> Floats:
        """Add up money that is no whole cents by its pieces, which one more pass brings home."""
        wanted = Wanted(sums=("piece_high", "piece_low"))
        home = self._at_their_places(money.grouped(("customer", "power"), wanted))
        names = ("power", "piece_high", "piece_low")
        return Powers(home.places, *(home.whole(name) for name in names)).rounded(groups)

    def _spent_later(self, groups: Codes) -> Floats:
        money = self._pieces("amount").within("state", PURCHASE)
        return self._exactly(money.after_first(self._firsts()), groups)

    def _states(self) -> tuple[dict[str, int], int]:
        """Count the rows of each state, and the margins known among those that count."""
        sums = ("n", "margins") if self.has_margin else ("n",)
        home = AtHome(self._all.grouped(("state",), Wanted(sums=sums)).home())
        count = dict.fromkeys(STATES, 0)
        for state, n in zip(home.whole("state").tolist(), home.whole("n").tolist(), strict=True):
            count[STATES[state]] += n
        return count, int(home.whole("margins").sum()) if self.has_margin else 0

    def _repeated(self) -> int:
        """Count the rows that equal another one but for the first of each."""
        margin = ("earned", "margin_kind") if self.has_margin else ()
        keys = ("customer", "day", "state", "paid", *margin)
        rows = self._all.within("state", self._counting)
        alike = rows.grouped(keys, Wanted(sums=("n",), most=("one",)))
        home = AtHome(alike.grouped(("state",), Wanted(sums=("n", "one"))).home())
        return int(home.whole("n").sum() - home.whole("one").sum())

    # --- at home ---------------------------------------------------------------------------------

    def _spent(self) -> Floats:
        home, counts = self._home, self._up_to(self._counting)
        self._refuse("size", int(home.added("n", counts).sum()))
        bought = self._up_to(PURCHASE)
        sums = [_cents(home, rows & counts) for rows in (bought, ~bought)]
        return put_together(sums, lambda groups: self._exactly(self._money("amount"), groups))

    def _up_to(self, state: int) -> Bools:
        """Say which rows at home are of a state that is not above this one."""
        found: Bools = self._home.whole("state") <= state
        return found

    def _refuse(self, size: str, n: int) -> None:
        """Refuse money whose sum may not fit a float, as in memory."""
        largest = self._home.numbers(size)[self._up_to(self._counting)].max(initial=0.0)
        refuse_overflow(float(largest), n)

    def _at_their_places(self, rows: Rows) -> AtHome:
        """Bring rows home and say whose they are."""
        home = AtHome(rows.home())
        return home.placed(self._places(self._read_ids(home["customer"])), len(self.ids))

    def _places(self, customers: Customers) -> Codes:
        """Give the place of each row's customer among all of them."""
        slots = np.unique(customers.codes)
        places = np.zeros(customers.size, dtype=np.int64)
        try:
            places[slots] = [self._place[one] for one in customers.ids(slots).tolist()]
        except KeyError as error:
            raise KeyAccountError(
                f"the log changed while it was read: customer {error.args[0]!r} is new",
                "write the log to a table or a file that nobody changes, and summarise that.",
            ) from None
        return places[customers.codes]


def _cents(home: AtHome, rows: Bools) -> Cents:
    return Cents(*(home.added(name, rows) for name in _CENTS))
