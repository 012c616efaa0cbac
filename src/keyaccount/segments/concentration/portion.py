"""`Portion`: some customers, next to each other by value: who they are, and what they bring."""

from __future__ import annotations

import math
from typing import Any

from numpy.typing import NDArray

from keyaccount._columns import Codes, Floats, Objects
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.findings import counted
from keyaccount.segments.concentration.ranked import Ranked
from keyaccount.segments.concentration.shares import ratio


class Portion(Viewed):
    """Some customers, next to each other by value: who they are and what they bring together.

    Attributes
    ----------
    why
        What makes these customers a portion, in words.
    measure
        What the values are called.
    customers, customer_share
        How many they are, and their share of all customers that count.
    value, value_share
        What they bring together, and its share of the total.
    tied
        How many customers outside have the same value as one inside: equal customers are told
        apart by id, and without ids by position.
    positions
        Their rows in the input, largest value first.
    ids
        Their ids in the same order; None where none were given.

    Examples
    --------
    >>> import keyaccount as ka
    >>> head = ka.Concentration.of([5, 80, 15], ids=["a", "b", "c"]).head(0.2)
    >>> head.customers, head.value_share, head.ids.tolist()
    (1, 0.8, ['b'])
    >>> print(head.row(0))
    id     b
    value  80
    share  0.8
    place  1
    why    the largest 1 of 3 customers, at least 20 % of them
    """

    def __init__(self, source: Ranked, start: int, stop: int, why: str) -> None:
        sums = source.sums
        units = sums.top(stop) - sums.top(start)
        self._source = source
        self._places = slice(start, stop)
        self.why: str = why
        self.measure: str = source.name
        self.customers: int = stop - start
        self.customer_share: float = ratio(stop - start, len(sums))
        self.value: float = source.money(units)
        self.value_share: float = ratio(units, sums.total)

    def __len__(self) -> int:
        return self.customers

    def __repr__(self) -> str:
        who = counted(self.customers, "customer")
        if math.isnan(self.value_share):
            return f"<Portion of {who}, of nothing to measure>"
        share = f"{self.value_share:.1%} of the value"
        return f"<Portion of {who}, {self.customer_share:.1%} with {share}>"

    def _view(self) -> View:
        unknown = math.isnan(self.value_share)
        said = "nothing to measure" if unknown else f"{self.value_share:.1%} of the value"
        title = f"{self.why}: {said}"
        return View(title, self.columns(), len(self))

    @property
    def tied(self) -> int:
        """How many customers outside have the same value as one inside."""
        inside = self._source.largest_first[self._places]
        if not len(inside):
            return 0
        top, bottom = float(inside[0]), float(inside[-1])
        equal = self._source.not_below(bottom) - self._source.larger_than(top)
        return equal - self.customers

    @property
    def positions(self) -> Codes:
        """Their rows in the input, largest value first."""
        return self._source.order[self._places]

    @property
    def ids(self) -> Objects | None:
        """Their ids, largest value first."""
        return None if self._source.ids is None else self._source.ids[self.positions]

    @property
    def values(self) -> Floats:
        """What each of them brings, largest first."""
        return self._source.largest_first[self._places]

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the customers as columns, for any DataFrame constructor."""
        share = self._source.sums.shares_of(self.values)
        found = {"position": self.positions, "value": self.values, "share": share}
        return found if self.ids is None else {"id": self.ids, **found}

    def row(self, i: int) -> Record:
        """Return one customer, the largest first, and why it is here."""
        i = checked_row(i, len(self))
        place = self._places.start + i
        row = int(self._source.order[place])
        sums, ids = self._source.sums, self._source.ids
        who = {"position": row} if ids is None else {"id": ids[row]}
        share = ratio(sums.top(place + 1) - sums.top(place), sums.total)
        value = float(self.values[i])
        return Record({**who, "value": value, "share": share, "place": place + 1, "why": self.why})


def percent(share: float) -> str:
    """Write a share as a percentage."""
    return f"{100 * share:.6g} %"
