"""Totals in = totals out + totals set aside + totals rejected, to the cent."""

from __future__ import annotations

import attrs
import numpy as np

from keyaccount._columns import Floats
from keyaccount._validators import exact_tuple, finite, text
from keyaccount.errors import IntakeError
from keyaccount.findings import Finding, counted, note
from keyaccount.stats.sums import group_sums

__all__ = ["Reconciliation", "in_cents", "known_total"]

_CENTS = 100.0
_EXACT_BELOW = 2.0**53
_NOISE = 1e-6
"""An amount is written in decimals and held in binary: this far off a whole cent it is whole."""


@attrs.frozen
class Reconciliation:
    """What became of a sum of money on its way from the file to the accounts.

    The four figures are added up independently of each other: `read` over all rows, `used` over the
    accounts, the others over the rows they concern.

    Parameters
    ----------
    name
        What is added up: ``"won value"``.
    read
        All that the file holds.
    used
        What the accounts hold in the end.
    outside
        What the question leaves out: closed before the window or after the day asked about.
    rejected
        What could not be attributed.
    reasons
        Pairs of a reason and its part of `outside` and `rejected`.

    Examples
    --------
    >>> from keyaccount.intake import Reconciliation
    >>> Reconciliation("won value", 100.30, used=80.10, outside=0.0, rejected=20.20).balances
    True
    """

    name: str = attrs.field(validator=text)
    read: float = attrs.field(converter=float, validator=finite)
    used: float = attrs.field(converter=float, validator=finite, kw_only=True)
    outside: float = attrs.field(default=0.0, converter=float, validator=finite, kw_only=True)
    rejected: float = attrs.field(default=0.0, converter=float, validator=finite, kw_only=True)
    reasons: tuple[tuple[str, float], ...] = attrs.field(
        default=(), converter=exact_tuple, kw_only=True
    )

    @property
    def difference(self) -> float:
        """What is unaccounted for, in whole cents: 0 if the books balance."""
        parts = (self.used, self.outside, self.rejected)
        return (round(self.read * _CENTS) - sum(round(p * _CENTS) for p in parts)) / _CENTS

    @property
    def balances(self) -> bool:
        """Whether totals in equal totals out, to the cent."""
        return self.difference == 0.0


def in_cents(amounts: Floats, where: str) -> tuple[Floats, tuple[Finding, ...]]:
    """Round amounts to whole cents, so that they can be added without rounding.

    Raises
    ------
    IntakeError
        Together the amounts are beyond 2⁵³ cents.
    """
    beyond = np.abs(amounts) >= _EXACT_BELOW / _CENTS
    n_beyond = int(np.count_nonzero(beyond))
    cents: Floats = np.where(beyond, np.nan, amounts) * _CENTS
    whole = np.rint(cents)
    off = np.abs(cents - whole)
    n_rounded = int(np.count_nonzero(off > _NOISE + 2.0 * np.spacing(np.abs(whole))))
    if float(np.nansum(np.abs(whole))) >= _EXACT_BELOW:
        raise IntakeError.from_file(
            where, "the amounts together are beyond 2**53 cents", "write them in a larger unit."
        )
    told = note(
        "rounded",
        f"{where}: {counted(n_rounded, 'row')} rounded to the cent",
        n_rounded,
        where,
        "info",
    )
    message = f"{where}: {counted(n_beyond, 'row')} beyond 2**53 cents, counted as missing"
    told += note(
        "too_large", message, n_beyond, where, "error", examples=amounts[beyond][:5].tolist()
    )
    rounded: Floats = whole / _CENTS + 0.0
    return rounded, told


def known_total(values: Floats) -> float:
    """Add whole cents without rounding; what is unknown adds nothing."""
    total = float(group_sums(values, np.zeros(len(values), dtype=np.int64), 1)[0])
    return 0.0 if np.isnan(total) else total
