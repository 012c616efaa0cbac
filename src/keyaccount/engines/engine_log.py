"""A log that stays in its engine: what comes home is one row per customer."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Literal

import numpy as np

from keyaccount._columns import Bools, Codes, Days, Floats, Objects
from keyaccount.engines.at_home import AtHome
from keyaccount.engines.grouping import Groups, Rows, Wanted
from keyaccount.engines.order_facts import INFINITE, PURCHASE, REFUND, STATES
from keyaccount.errors import KeyAccountError
from keyaccount.ledger.customers import Customers
from keyaccount.ledger.ids import read_customers
from keyaccount.ledger.options import Options
from keyaccount.ledger.orders import NO_AMOUNT, REASONS, LogColumns, told_infinite
from keyaccount.ledger.reduced import Met, RowsMet
from keyaccount.stats.split_sums import Cents, Powers, put_together
from keyaccount.stats.sums import refuse_overflow

__all__ = ["LogInEngine"]

_WHOSE = ("customer", "state")
_POWERS = (*_WHOSE, "unknown", "power")
_PIECES = Wanted(sums=("piece_high", "piece_low"))
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
    named, options
        What is asked for.

    Attributes
    ----------
    mixed
        Whether numbers stand beside texts among the ids: an engine takes 7 and ``"7"`` for two.
    """

    def __init__(
        self,
        facts: Rows,
        pieces: Callable[[Literal["amount", "margin"]], Rows],
        named: LogColumns,
        options: Options,
    ) -> None:
        self._rows = facts
        self._pieces = pieces
        self._named = named
        self._counting: int = REFUND if options.refunds == "net" else PURCHASE
        self.has_margin: bool = named.margin is not None
        home = self._by_customer()
        customers = read_customers(home["customer"], named.customer)
        self.mixed: bool = bool(customers.findings)
        kept = home.up_to(REFUND)
        slots = customers.ordered(np.unique(customers.codes[kept]))
        self.ids: Objects = customers.ids(slots)
        places = _spread(customers, kept, slots, np.arange(len(slots)))
        self._home = home.placed(places, len(slots))
        bought = self._home.up_to(PURCHASE)
        self.bought: Codes = self._home.added("n", bought)
        self.first: Days = self._home.least("first", bought).view("datetime64[D]")
        self.last: Days = self._home.greatest("last", bought).view("datetime64[D]")
        self.spent: Floats = self._spent()

    def margins(self) -> Floats:
        """Add up the known margins of the rows that count; NaN where there is none."""
        home, counts = self._home, self._home.up_to(self._counting)
        known = home.added("margins", counts)
        self._refuse("margin_size", int(known.sum()))
        sums = [
            Cents(*(home.added(name, counts) for name in (f"{sign}_high", f"{sign}_low", odd)))
            for sign, odd in (("gain", "margin_odd"), ("loss", "margin_odd"))
        ]
        found = put_together(sums, lambda groups: self._exact("margin", groups))
        return np.where(known > 0, found, np.nan)

    def active_days(self) -> Codes:
        """Count the distinct days with a purchase."""
        home = self._at_their_places(self._days().grouped(_WHOSE, Wanted(sums=("one",))))
        return home.added("one", home.up_to(PURCHASE))

    def later(self) -> tuple[Codes, Floats]:
        """Count the purchases after the first day, and add up their money."""
        after = self._days().after_first().grouped(_WHOSE, Wanted(sums=("n", *_CENTS)))
        home = self._at_their_places(after)
        bought = home.up_to(PURCHASE)
        return home.added("n", bought), put_together([_cents(home, bought)], self._spent_later)

    def met(self) -> RowsMet:
        """Tell what was met among the rows; rows of an engine have no numbers to be shown by."""
        count = self._states()
        infinite = count.pop(INFINITE)
        count[NO_AMOUNT] += infinite
        kept = count["purchase"] + count["refund"]
        return RowsMet(
            read=sum(count.values()),
            purchases=count["purchase"],
            refunds=count["refund"],
            left_out={reason: Met(count[reason]) for reason in REASONS if count[reason]},
            duplicates=Met(self._repeated()),
            no_margin=Met(kept - self._known_margins() if self.has_margin else 0),
            findings=told_infinite(Met(infinite), self._named.amount),
        )

    # --- queries ---------------------------------------------------------------------------------

    def _by_customer(self) -> AtHome:
        """Take the one pass that every summary needs."""
        margin, size = (_MARGIN, ("margin_size",)) if self.has_margin else ((), ())
        wanted = Wanted(("n", *_CENTS, *margin), ("first",), ("last", "size", *size))
        return AtHome(self._rows.grouped(_WHOSE, wanted).home())

    def _days(self) -> Groups:
        """Group by customer and day."""
        wanted = Wanted(sums=("n", *_CENTS), most=("one",))
        return self._rows.grouped((*_WHOSE, "day"), wanted)

    def _exactly(self, money: Rows, states: int, groups: Codes) -> Floats:
        """Add up money that is no whole cents by its pieces, which one more pass brings home."""
        home = self._at_their_places(money.grouped(_POWERS, _PIECES))
        counts = home.up_to(states) & (home.whole("unknown") == 0)
        names = ("power", "piece_high", "piece_low")
        columns = (home.whole(name)[counts] for name in names)
        return Powers(home.places[counts], *columns).rounded(groups)

    def _spent_later(self, groups: Codes) -> Floats:
        by_day = self._pieces("amount").grouped((*_POWERS, "day"), _PIECES)
        return self._exactly(by_day.after_first(), PURCHASE, groups)

    def _repeated(self) -> int:
        """Count the rows that equal another one but for the first of each."""
        margin = ("earned", "margin_kind") if self.has_margin else ()
        keys = ("customer", "day", "state", "paid", *margin)
        alike = self._rows.grouped(keys, Wanted(sums=("n",), most=("one",)))
        home = AtHome(alike.grouped(("state",), Wanted(sums=("n", "one"))).home())
        again = home.whole("n") - home.whole("one")
        return int(again[home.up_to(self._counting)].sum())

    # --- at home ---------------------------------------------------------------------------------

    def _states(self) -> dict[str, int]:
        """Count the rows of each state."""
        found = np.bincount(self._home.whole("state"), self._home.whole("n"), len(STATES))
        return {state: int(n) for state, n in zip(STATES, found.tolist(), strict=True)}

    def _known_margins(self) -> int:
        return int(self._home.added("margins", self._home.up_to(REFUND)).sum())

    def _spent(self) -> Floats:
        home, counts = self._home, self._home.up_to(self._counting)
        self._refuse("size", int(home.added("n", counts).sum()))
        bought = home.up_to(PURCHASE)
        sums = [_cents(home, rows & counts) for rows in (bought, ~bought)]
        return put_together(sums, lambda groups: self._exact("amount", groups))

    def _exact(self, of: Literal["amount", "margin"], groups: Codes) -> Floats:
        return self._exactly(self._pieces(of), self._counting, groups)

    def _refuse(self, size: str, n: int) -> None:
        """Refuse money whose sum may not fit a float, as in memory."""
        counts = self._home.up_to(self._counting)
        refuse_overflow(float(self._home.numbers(size)[counts].max(initial=0.0)), n)

    def _at_their_places(self, rows: Groups) -> AtHome:
        """Bring rows home and say whose they are."""
        home = AtHome(rows.home())
        customers = read_customers(home["customer"], self._named.customer)
        kept = home.up_to(REFUND)
        slots = np.unique(customers.codes[kept])
        places = _spread(customers, kept, slots, self._known(customers.ids(slots)))
        return home.placed(places, len(self.ids))

    def _known(self, ids: Objects) -> Codes:
        """Give the place of some customers among all of them."""
        try:
            places = [self._place[str(one)] for one in ids.tolist()]
        except KeyError as error:
            raise KeyAccountError(
                f"the log changed while it was read: customer {error.args[0]!r} is new",
                "write the log to a table or a file that nobody changes, and summarise that.",
            ) from None
        return np.array(places, dtype=np.int64)

    @cached_property
    def _place(self) -> dict[str, int]:
        """Find customers by their text: without 7.5 among them, 1.0 and 2.0 are whole numbers."""
        return {str(one): place for place, one in enumerate(self.ids.tolist())}


def _spread(customers: Customers, kept: Bools, slots: Codes, places: Codes) -> Codes:
    """Give each row the place of its customer's slot; -1 where it does not count."""
    place_of = np.full(max(customers.size, 1), -1)
    place_of[slots] = places
    return np.where(kept, place_of[customers.codes], -1)


def _cents(home: AtHome, rows: Bools) -> Cents:
    return Cents(*(home.added(name, rows) for name in _CENTS))
