"""Rules that say how many accounts are key: a share, a count, a threshold, a capacity."""

from __future__ import annotations

import abc
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, ulp
from typing import Any, Literal, TypeAlias

import attrs

from keyaccount._validators import (
    Validator,
    choice,
    exact_float,
    exact_int,
    exact_tuple,
    field_name,
    not_negative,
    share,
)
from keyaccount._validators import count as a_count
from keyaccount._validators import finite as a_finite
from keyaccount._view import Spec
from keyaccount.errors import SelectionError, SpecError
from keyaccount.groups import ByGroup

Rounding: TypeAlias = Literal["nearest", "floor", "ceil"]
"""What becomes of a share that is no whole number of accounts; ``"nearest"`` rounds halves up."""


@attrs.frozen
class Quota:
    """What a rule gives one group of accounts.

    Parameters
    ----------
    seats
        How many accounts may be key; None: as many as reach the threshold.
    threshold
        The score an account must have.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Quota(seats=3).seats, ka.Quota(threshold=0.6).seats
    (3, None)
    """

    seats: int | None = None
    threshold: float = float("-inf")

    def __and__(self, other: Quota) -> Quota:
        """Give the smaller number of seats and the higher threshold."""
        seats = [s for s in (self.seats, other.seats) if s is not None]
        return Quota(min(seats) if seats else None, max(self.threshold, other.threshold))


class Rule(Spec, abc.ABC):
    """A rule that says how many accounts of a group are key.

    Rules joined by ``&`` give the smaller set: the fewest seats and the highest threshold.

    Examples
    --------
    >>> import keyaccount as ka
    >>> (ka.TopShare(0.2) & ka.Capacity(owners=3, accounts_per_owner=5)).quota(50, None).seats
    10
    """

    __slots__ = ()

    @abc.abstractmethod
    def quota(self, accounts: int, group: str | None) -> Quota:
        """Give the quota of a group of so many accounts.

        Parameters
        ----------
        accounts
            How many accounts the group has, those without a score among them.
        group
            The label of the group, for rules that differ by group; None: there are no groups.

        Returns
        -------
        Quota
            The seats, or the threshold, or both.
        """

    def __and__(self, other: Rule) -> AllOf:
        """Join two rules: the smaller set."""
        return AllOf([*_parts(self), *_parts(other)])


def _parts(rule: Rule) -> tuple[Rule, ...]:
    return rule.rules if isinstance(rule, AllOf) else (rule,)


def _float_figure(value: Any) -> Any:
    return _converted(value, exact_float)


def _int_figure(value: Any) -> Any:
    return _converted(value, exact_int)


def _converted(value: Any, convert: Callable[[object], Any]) -> Any:
    """Convert a figure, or each of several by group."""
    if isinstance(value, Mapping):
        value = ByGroup(value)
    return value.map(convert) if isinstance(value, ByGroup) else convert(value)


def _each(check: Validator) -> Validator:
    """Hold a figure, or each of several by group, to a check."""

    def validate(instance: object, attribute: Any, value: Any) -> None:
        for figure in value if isinstance(value, ByGroup) else [value]:
            check(instance, attribute, figure)

    return validate


def _of(figure: Any, group: str | None) -> Any:
    if not isinstance(figure, ByGroup):
        return figure
    if figure.pool is None and group not in dict(figure.groups):
        whose = "accounts without a group" if group is None else f"group {group!r}"
        raise SelectionError.from_problem(
            f"the rule has no figure for {whose}; it has them for "
            f"{', '.join(repr(label) for label, _ in figure.groups)}",
            "pass within=, one label per account, and a figure for each label, or one for all the "
            "others: ByGroup({...}, pool=...).",
        )
    return figure.of(group)


def _exactly(*factors: float) -> Fraction:
    """Multiply figures as the decimals they are written as.

    A figure that is no decimal, such as 1/3, stands for the fraction it was before it became a
    float: a product is a whole number, or a half, if it is one within the floats' own rounding.
    """
    exact, error = Fraction(1), Fraction(0)
    for factor in factors:
        exact *= Fraction(Decimal(repr(factor)))
        error += Fraction(ulp(factor)) / Fraction(factor or 1)
    near = Fraction(round(2 * exact), 2)
    return near if near and abs(near - exact) <= error * exact else exact


def _rounded(exact: Fraction, rounding: str) -> int:
    if rounding == "floor":
        return floor(exact)
    return ceil(exact) if rounding == "ceil" else floor(exact + Fraction(1, 2))


@attrs.frozen
class TopShare(Rule):
    """The best share of the accounts, those without a score counted too.

    Parameters
    ----------
    share
        The share in [0, 1], or one per group.
    rounding
        What becomes of a share that is no whole number: ``"nearest"`` (halves up), ``"floor"`` or
        ``"ceil"``. The share is read as the decimal or the fraction it is written as: 0.29 of 100
        is 29, and 1/3 of 300 is 100.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.TopShare(0.2).quota(85, None).seats
    17
    """

    share: float | ByGroup[float] = attrs.field(converter=_float_figure, validator=_each(share))
    rounding: Rounding = attrs.field(
        default="nearest", kw_only=True, validator=choice("nearest", "floor", "ceil")
    )

    def quota(self, accounts: int, group: str | None) -> Quota:
        """Give the quota of a group of so many accounts."""
        exact = _exactly(_of(self.share, group), float(accounts))
        return Quota(_rounded(exact, self.rounding))


@attrs.frozen
class TopCount(Rule):
    """The best so many accounts.

    Parameters
    ----------
    count
        How many, or how many per group.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.TopCount(10).quota(85, None).seats
    10
    """

    count: int | ByGroup[int] = attrs.field(converter=_int_figure, validator=_each(a_count))

    def quota(self, accounts: int, group: str | None) -> Quota:
        """Give the quota of a group of so many accounts."""
        del accounts
        return Quota(_of(self.count, group))


@attrs.frozen
class AtLeast(Rule):
    """Every account whose score reaches a threshold.

    Parameters
    ----------
    score
        The threshold, or one per group, as each industry or customer type has its own.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.AtLeast({"finance": 0.6, "carriers": 0.5}).quota(40, "carriers").threshold
    0.5
    """

    score: float | ByGroup[float] = attrs.field(converter=_float_figure, validator=_each(a_finite))

    def quota(self, accounts: int, group: str | None) -> Quota:
        """Give the quota of a group of so many accounts."""
        del accounts
        return Quota(threshold=_of(self.score, group))


@attrs.frozen(kw_only=True)
class Capacity(Rule):
    """As many accounts as the sales team can carry.

    Parameters
    ----------
    owners
        How many people own key accounts; where the selection is made within groups, the team of
        each group.
    accounts_per_owner
        How many key accounts one of them can carry; the product is rounded down.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Capacity(owners=12, accounts_per_owner=15).quota(1_000, None).seats
    180
    """

    owners: float | ByGroup[float] = attrs.field(
        converter=_float_figure, validator=_each(not_negative)
    )
    accounts_per_owner: float | ByGroup[float] = attrs.field(
        converter=_float_figure, validator=_each(not_negative)
    )

    def quota(self, accounts: int, group: str | None) -> Quota:
        """Give the quota of a group of so many accounts."""
        del accounts
        owners, per_owner = _of(self.owners, group), _of(self.accounts_per_owner, group)
        return Quota(floor(_exactly(owners, per_owner)))


def _rules(instance: Any, attribute: Any, value: Any) -> None:
    if not isinstance(value, tuple) or not value or not all(isinstance(r, Rule) for r in value):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be rules, at least one",
            value,
            "join TopShare, TopCount, AtLeast and Capacity by &.",
        )


@attrs.frozen
class AllOf(Rule):
    """Several rules together: the smaller set.

    Parameters
    ----------
    rules
        The rules joined.

    Examples
    --------
    >>> import keyaccount as ka
    >>> rule = ka.TopShare(0.2) & ka.Capacity(owners=2, accounts_per_owner=5) & ka.AtLeast(0.4)
    >>> rule.quota(85, None)
    Quota(seats=10, threshold=0.4)
    """

    rules: tuple[Rule, ...] = attrs.field(converter=exact_tuple, validator=_rules)

    def quota(self, accounts: int, group: str | None) -> Quota:
        """Give the quota of a group of so many accounts."""
        found = Quota()
        for rule in self.rules:
            found = found & rule.quota(accounts, group)
        return found
