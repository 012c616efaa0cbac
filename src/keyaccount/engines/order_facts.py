"""What the library says of each row of a log by itself; an engine only counts and adds it up.

The specs here write whole numbers and nothing that is missing: NaN, null, decimals, time zones and
the rounding of money mean the same in every engine because none of them sees any.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Columns, Floats
from keyaccount.ledger.nobody import who_is_missing
from keyaccount.ledger.orders import NO_AMOUNT, REASONS, LogColumns, LogRows, read_rows
from keyaccount.rowwise import Column
from keyaccount.stats.split_sums import cents_of, pieces_of

__all__ = [
    "INFINITE",
    "PURCHASE",
    "REFUND",
    "STATES",
    "OrderFacts",
    "OrderPieces",
]

PURCHASE, REFUND = 0, 1
"""The states of rows that count; higher ones are the reasons of those that do not."""
INFINITE: Final = "infinite"
STATES: Final = ("purchase", "refund", *REASONS, INFINITE)
"""What became of a row, by its state."""

_FLOAT = Column("float")
_COUNTED = ("state", "day", "first", "last", "n", "one", "high", "low", "odd", "size", "paid")
_MARGIN = (
    "margins",
    "gain_high",
    "gain_low",
    "loss_high",
    "loss_low",
    "margin_odd",
    "margin_size",
    "earned",
    "margin_kind",
)


@attrs.frozen(kw_only=True)
class _Reading:
    """How the rows of a log are read: its columns go by their roles in the frame.

    Attributes
    ----------
    named
        The names of the columns, for messages.
    as_of
        The last day that counts, as a count of days.
    date_format
        How dates are written, if they are texts.
    """

    named: LogColumns
    as_of: int
    date_format: str | None

    def rows(self, columns: Columns) -> LogRows:
        """Read some rows."""
        held = {name: columns[role] for role, name in self.named.roles.items()}
        who = who_is_missing(columns["customer"], self.named.customer)
        as_of = np.datetime64(self.as_of, "D")
        return read_rows(held, self.named, who, as_of, self.date_format)


@attrs.frozen(kw_only=True)
class OrderFacts(_Reading):
    """State, day and cents of each row: what counts, extremes and sums are made of."""

    @property
    def reads(self) -> tuple[str, ...]:
        """The roles of the columns."""
        return tuple(self.named.roles)

    @property
    def writes(self) -> Mapping[str, Column]:
        """Whole numbers, beside amount and margin as keys; 0 where a row does not count."""
        names = _COUNTED if self.named.margin is None else (*_COUNTED, *_MARGIN)
        return dict.fromkeys(names, _FLOAT)

    def apply(self, columns: Columns) -> dict[str, NDArray[Any]]:
        """Say what each row adds."""
        log = self.rows(columns)
        state = _states(log)
        kept = state <= REFUND
        amounts = np.where(kept, log.amounts, 0.0) + 0.0
        cents = cents_of(amounts)
        day = _day_numbers(log, kept)
        found = {
            "state": state,
            "day": day,
            "first": day,
            "last": day,
            "n": np.ones(log.read),
            "one": np.ones(log.read),
            "high": cents.high,
            "low": cents.low,
            "odd": cents.odd,
            "size": np.abs(amounts),
            "paid": amounts,
        }
        return found if log.margins is None else found | _margins(log.margins, kept)


@attrs.frozen(kw_only=True)
class OrderPieces(_Reading):
    """The exact pieces of the money of each row, for customers who pay fractions of cents.

    Attributes
    ----------
    of
        ``"amount"`` or ``"margin"``.
    """

    of: Literal["amount", "margin"]

    @property
    def reads(self) -> tuple[str, ...]:
        """The roles of the columns."""
        return tuple(self.named.roles)

    @property
    def writes(self) -> Mapping[str, Column]:
        """State, day and pieces; `unknown` is 1 where there is no such money."""
        names = ("state", "day", "unknown", "power", "piece_high", "piece_low")
        return dict.fromkeys(names, _FLOAT)

    def apply(self, columns: Columns) -> dict[str, NDArray[Any]]:
        """Split the money of each row."""
        log = self.rows(columns)
        state = _states(log)
        kept = state <= REFUND
        money: Any = log.amounts if self.of == "amount" else log.margins
        known = kept & np.isfinite(money)
        pieces = pieces_of(np.where(known, money, 0.0))
        return {
            "state": state,
            "day": _day_numbers(log, kept),
            "unknown": (~known).astype(np.float64),
            "power": pieces.power,
            "piece_high": pieces.high,
            "piece_low": pieces.low,
        }


def _states(log: LogRows) -> Floats:
    """Say what became of each row: the first reason that holds, else order or refund."""
    state = np.where(log.amounts < 0.0, float(REFUND), float(PURCHASE))
    for reason, rows in reversed(log.reasons):
        state[rows] = STATES.index(reason)
        if reason == NO_AMOUNT:
            state[rows & np.isinf(log.amounts)] = STATES.index(INFINITE)
    return state


def _day_numbers(log: LogRows, kept: NDArray[np.bool_]) -> Floats:
    return np.where(kept, log.days.astype(np.int64), 0).astype(np.float64)


def _margins(margins: Floats, kept: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
    known = kept & np.isfinite(margins)
    held = np.where(known, margins, 0.0) + 0.0
    gain, loss = cents_of(np.maximum(held, 0.0)), cents_of(np.minimum(held, 0.0) + 0.0)
    kind = np.select(
        [np.isnan(margins), margins == np.inf, margins == -np.inf], [1.0, 2.0, 3.0], 0.0
    )  # unknown margins are alike, as a part of the key by which repeated rows are found
    return {
        "margins": known.astype(np.float64),
        "gain_high": gain.high,
        "gain_low": gain.low,
        "loss_high": loss.high,
        "loss_low": loss.low,
        "margin_odd": gain.odd + loss.odd,
        "margin_size": np.abs(held),
        "earned": held,
        "margin_kind": kind,
    }
