"""`SalesTarget`: a target split by phases, as data."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import attrs

from keyaccount._validators import (
    a_date,
    exact_date,
    exact_float,
    exact_tuple,
    field_name,
    optional,
    optional_float,
    positive,
    share,
    text,
)
from keyaccount._view import Spec
from keyaccount.errors import SpecError

__all__ = ["SalesTarget", "TargetPhase"]

_CENTS = 100
_TOLERANCE = 1e-9
_MOST = 2.0**53 / _CENTS
_MONTHS_PER_QUARTER = 3


def _not_before_start(instance: Any, attribute: Any, value: Any) -> None:
    a_date(instance, attribute, value)
    if value < instance.start:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must not lie before start, {instance.start}",
            str(value),
            "give the first and the last day of the phase.",
        )


@attrs.frozen
class TargetPhase(Spec):
    """One phase of a target.

    Parameters
    ----------
    name
        What the phase is called.
    start, end
        Its first and its last day.
    share
        The share of the target that falls to it; None: by its days.

    Raises
    ------
    SpecError
        A field is not what it should be.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.TargetPhase("Q3", start="2026-07-01", end="2026-09-30").days
    92
    """

    name: str = attrs.field(validator=text)
    start: date = attrs.field(converter=exact_date, validator=a_date, kw_only=True)
    end: date = attrs.field(converter=exact_date, validator=_not_before_start, kw_only=True)
    share: float | None = attrs.field(
        default=None, converter=optional_float, validator=optional(share), kw_only=True
    )

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1


def _in_order(instance: Any, attribute: Any, value: Any) -> None:
    name = field_name(instance, attribute)
    if (
        not isinstance(value, tuple)
        or not value
        or not all(isinstance(p, TargetPhase) for p in value)
    ):
        raise SpecError.from_field(name, "must be phases", value, "see TargetPhase.")
    late = [b.name for a, b in pairwise(value) if b.start <= a.end]
    if late:
        raise SpecError.from_field(
            name,
            "must follow each other without a day in common",
            late,
            "let each phase begin after the last day of the one before.",
        )
    names = [p.name for p in value]
    if len(set(names)) < len(names):
        raise SpecError.from_field(
            name, "must have names of their own", names, "rename one of them."
        )
    _shares(name, [p.share for p in value])


def _shares(name: str, shares: list[float | None]) -> None:
    given = [s for s in shares if s is not None]
    if not given:
        return
    if len(given) < len(shares):
        raise SpecError.from_field(
            name,
            "must all have a share, or none of them",
            shares,
            "without shares the target is split by days.",
        )
    total = float(sum(map(Fraction, given)))
    if abs(total - 1.0) > _TOLERANCE:
        raise SpecError.from_field(
            name, "must have shares that sum to 1", total, "write 20 % as 0.2."
        )


def _countable(instance: Any, attribute: Any, value: Any) -> None:
    positive(instance, attribute, value)
    if value >= _MOST:
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be small enough to be counted in cents",
            value,
            "write the amounts in a larger unit.",
        )


@attrs.frozen
class SalesTarget(Spec):
    """A sales target split by phases.

    Parameters
    ----------
    amount
        The target, above 0.
    phases
        Phases that follow each other. Their shares sum to 1; without shares the target is split by
        days, since no split is better than another where none is stated.

    Raises
    ------
    SpecError
        A field is not what it should be.

    Examples
    --------
    >>> import keyaccount as ka
    >>> target = ka.SalesTarget.by_quarter(1_000_000, 2026, shares=(0.1, 0.2, 0.3, 0.4))
    >>> target.amounts
    (100000.0, 200000.0, 300000.0, 400000.0)
    """

    amount: float = attrs.field(converter=exact_float, validator=_countable)
    phases: tuple[TargetPhase, ...] = attrs.field(converter=exact_tuple, validator=_in_order)

    @classmethod
    def by_quarter(
        cls, amount: float, year: int, *, shares: tuple[float, ...] | None = None
    ) -> SalesTarget:
        """Split a target by the quarters of a calendar year.

        Parameters
        ----------
        amount
            The target of the year.
        year
            The year.
        shares
            The share of each quarter; None: by days.

        Raises
        ------
        SpecError
            There are not four shares, they do not sum to 1, or there is no such year.
        """
        return cls(amount, _of_year(year, _MONTHS_PER_QUARTER, "Q{}", shares))

    @classmethod
    def by_month(
        cls, amount: float, year: int, *, shares: tuple[float, ...] | None = None
    ) -> SalesTarget:
        """Split a target by the months of a calendar year; see `by_quarter`."""
        return cls(amount, _of_year(year, 1, "{:02}", shares))

    @property
    def amounts(self) -> tuple[float, ...]:
        """The target of each phase; together they make the target to the cent.

        Each is rounded down to the cent, and the cents left over go to the phases that lost most by
        it, the earlier ones first (the method of largest remainders).
        """
        total = round(self.amount * _CENTS)
        days = sum(p.days for p in self.phases)
        parts = [
            Fraction(p.days, days) if p.share is None else Fraction(p.share) for p in self.phases
        ]
        exact = [total * part / sum(parts) for part in parts]
        whole = [e.numerator // e.denominator for e in exact]
        most_lost = sorted(range(len(exact)), key=lambda i: whole[i] - exact[i])
        for i in most_lost[: total - sum(whole)]:
            whole[i] += 1
        return tuple(w / _CENTS for w in whole)


def _of_year(
    year: Any, months: int, name: str, shares: tuple[float, ...] | None
) -> tuple[TargetPhase, ...]:
    if (
        not isinstance(year, int)
        or isinstance(year, bool)
        or not date.min.year <= year < date.max.year
    ):
        raise SpecError.from_field("year", "must be a year", year, "write 2026.")
    starts = [date(year, month, 1) for month in range(1, 13, months)] + [date(year + 1, 1, 1)]
    spans = list(pairwise(starts))
    given: Any = (None,) * len(spans) if shares is None else exact_tuple(shares)
    if not isinstance(given, tuple) or len(given) != len(spans):
        raise SpecError.from_field(
            "shares", f"must be {len(spans)} shares", shares, "give one per phase, or none."
        )
    return tuple(
        TargetPhase(
            f"{year}-{name.format(i)}", start=start, end=after - timedelta(days=1), share=part
        )
        for i, ((start, after), part) in enumerate(zip(spans, given, strict=True), start=1)
    )
