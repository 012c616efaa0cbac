"""`Waterfall`: how the open pipeline of one date became that of another."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Floats, Objects
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.funnel.forecast.cents import money
from keyaccount.funnel.movement.buckets import BUCKETS, CODES

__all__ = ["Waterfall", "WaterfallBuckets"]


@attrs.frozen(eq=False)
class WaterfallBuckets(Viewed):
    """The bars of a waterfall, one row per bucket, in the order in which they are drawn.

    Parameters
    ----------
    bucket
        ``(k,)`` the code of the bucket.
    deals
        ``(k,)`` int64: the deals in it; each deal is in one bucket.
    change
        ``(k,)`` what it adds to the value of the open pipeline: start and all changes make end.
    value
        ``(k,)`` the amounts of its deals, on the second date where they are there: what was won in
        ``"won"``, what has slipped in ``"slipped"``, which changes no value.
    standing
        ``(k,)`` the value after this bar.
    shown
        ``(k,)`` int64: deals for which it holds, also those that another bucket took.

    Examples
    --------
    >>> import keyaccount as ka
    >>> before = {"deal": ["a"], "outcome": ["open"], "amount": [100.0]}
    >>> after = {"deal": ["a"], "outcome": ["open"], "amount": [120.0]}
    >>> bars = ka.waterfall(before, after).buckets.columns()
    >>> [(b, float(c)) for b, c in zip(bars["bucket"], bars["change"], strict=True) if c]
    [('amount_up', 20.0)]
    """

    bucket: Objects
    deals: Codes
    change: Floats
    value: Floats
    standing: Floats
    shown: Codes

    def __len__(self) -> int:
        return len(self.bucket)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the buckets as columns, for any DataFrame constructor."""
        names = {"name": [b.name for b in BUCKETS], "name_zh": [b.name_zh for b in BUCKETS]}
        return {
            "bucket": self.bucket,
            **{k: np.array(v, dtype=object) for k, v in names.items()},
            "deals": self.deals,
            "change": self.change,
            "value": self.value,
            "standing": self.standing,
            "shown": self.shown,
        }

    def row(self, i: int) -> Record:
        """Return one bucket as a record, with what it holds."""
        i = checked_row(i, len(self))
        cells = {name: column[i] for name, column in self.columns().items()}
        plain = {n: c.item() if isinstance(c, np.generic) else c for n, c in cells.items()}
        return Record({**plain, "holds": BUCKETS[i].holds})

    def __getitem__(self, code: str) -> Record:
        """Return one bucket by its code.

        Raises
        ------
        SpecError
            There is no such bucket.
        """
        if code not in CODES:
            raise SpecError.from_choice("bucket", code, CODES)
        return self.row(CODES.index(code))

    def _view(self) -> View:
        return View("Movements", self.columns(), len(self))


class Waterfall(Viewed):
    """How the value of the open pipeline on one date became that on another.

    One row per deal of either date, in the order of ids.

    Attributes
    ----------
    deal
        ``(n,)`` ids.
    bucket
        ``(n,)`` the one bucket that each deal is in.
    also
        ``(n,)`` what else holds for it, joined by commas; None for nothing.
    before, after
        ``(n,)`` its amount in the open pipeline on each date; 0 where it is not in it.
    change
        ``(n,)`` what it adds to the change of the pipeline's value: `after` less `before`.
    value
        ``(n,)`` its amount on the second date, or on the first where it is not in the second.
    buckets
        The sums of each bucket.
    start, end
        The value of the open pipeline on each date.
    open_before, open_after
        How many deals are in it.
    reconciles
        Whether start and the changes of all buckets make end: counted in whole cents.
    findings
        What a reader should know of the data.

    Examples
    --------
    >>> import keyaccount as ka
    >>> march = {"deal": ["a", "b"], "amount": [100.0, 50.0]}
    >>> april = {"deal": ["a", "c"], "amount": [130.0, 20.0]}
    >>> moved = ka.waterfall(march, april, outcome=None, stage=None, expected=None)
    >>> moved.start, moved.end, moved.reconciles
    (150.0, 150.0, True)
    >>> print(moved.row(0))
    deal    a
    bucket  amount_up
    before  100
    after   130
    change  30
    value   130
    why     the amount has grown
    """

    def __init__(
        self,
        *,
        deal: Objects,
        code: Codes,
        holds: Bools,
        before: Codes,
        after: Codes,
        value: Codes,
        totals: tuple[int, int],
        counts: tuple[int, int],
        findings: tuple[Finding, ...],
    ) -> None:
        self._code: Codes = code
        self._holds: Bools = holds
        self._cents: tuple[Codes, Codes] = (before, after)
        self._value: Codes = value
        self._totals: tuple[int, int] = totals
        self.deal: Objects = deal
        self.open_before: int = counts[0]
        self.open_after: int = counts[1]
        self.findings: tuple[Finding, ...] = findings

    def __len__(self) -> int:
        return len(self.deal)

    def __repr__(self) -> str:
        return f"<Waterfall of {len(self)} deals: {self.start:,.2f} to {self.end:,.2f}>"

    @property
    def start(self) -> float:
        """The value of the open pipeline on the first date."""
        return self._totals[0] / 100.0

    @property
    def end(self) -> float:
        """The value of the open pipeline on the second date."""
        return self._totals[1] / 100.0

    @cached_property
    def bucket(self) -> Objects:
        """The one bucket that each deal is in."""
        found: Objects = np.array(CODES, dtype=object)[self._code]
        return found

    @cached_property
    def also(self) -> Objects:
        """What else holds for each deal, joined by commas."""
        others = self._holds.copy()
        others[self._code, np.arange(len(self))] = False
        out = np.full(len(self), None, dtype=object)
        for i in np.flatnonzero(others.any(axis=0)).tolist():
            out[i] = ", ".join(CODES[k] for k in np.flatnonzero(others[:, i]).tolist())
        return out

    @property
    def before(self) -> Floats:
        """The amount of each deal in the open pipeline on the first date."""
        return money(self._cents[0])

    @property
    def after(self) -> Floats:
        """The amount of each deal in the open pipeline on the second date."""
        return money(self._cents[1])

    @property
    def change(self) -> Floats:
        """What each deal adds to the change of the pipeline's value."""
        return money(self._cents[1] - self._cents[0])

    @property
    def value(self) -> Floats:
        """The amount of each deal, on the second date where it is there."""
        return money(self._value)

    @cached_property
    def buckets(self) -> WaterfallBuckets:
        """The sums of each bucket."""
        change = self._by_bucket(self._cents[1] - self._cents[0])
        return WaterfallBuckets(
            bucket=np.array(CODES, dtype=object),
            deals=np.bincount(self._code, minlength=len(CODES)).astype(np.int64),
            change=money(change),
            value=money(self._by_bucket(self._value)),
            standing=money(self._totals[0] + np.cumsum(change)),
            shown=np.count_nonzero(self._holds, axis=1).astype(np.int64),
        )

    @property
    def reconciles(self) -> bool:
        """Whether start and the changes of all buckets make end, in whole cents."""
        change = self._by_bucket(self._cents[1] - self._cents[0])
        return self._totals[0] + int(change.sum()) == self._totals[1]

    def deals_in(self, bucket: str) -> tuple[str, ...]:
        """List the ids of the deals in one bucket.

        Raises
        ------
        SpecError
            There is no such bucket.
        """
        if bucket not in CODES:
            raise SpecError.from_choice("bucket", bucket, CODES)
        return tuple(self.deal[self._code == CODES.index(bucket)].tolist())

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the deals as columns, for any DataFrame constructor."""
        return {
            "deal": self.deal,
            "bucket": self.bucket,
            "also": self.also,
            "before": self.before,
            "after": self.after,
            "change": self.change,
            "value": self.value,
        }

    def row(self, i: int) -> Record:
        """Return one deal as a record, with why it is in its bucket, and what else holds if any."""
        i = checked_row(i, len(self))
        cells = {name: column[i] for name, column in self.columns().items()}
        if cells["also"] is None:
            del cells["also"]
        plain = {n: c.item() if isinstance(c, np.generic) else c for n, c in cells.items()}
        return Record({**plain, "why": BUCKETS[self._code[i]].holds})

    def _by_bucket(self, cents: Codes) -> Codes:
        """Add whole cents up by bucket."""
        found = np.zeros(len(CODES), dtype=np.int64)
        np.add.at(found, self._code, cents)
        return found

    def _view(self) -> View:
        title = f"Open pipeline: {self.start:,.2f} to {self.end:,.2f}"
        met = np.flatnonzero(self.buckets.shown)
        columns = {name: column[met] for name, column in self.buckets.columns().items()}
        return View(title, columns, len(met))
