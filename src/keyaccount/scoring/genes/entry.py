"""What a gene holds: counts, measures with their intervals, and the pool they are shrunk toward."""

from __future__ import annotations

from typing import Any

import attrs

from keyaccount._validators import (
    choice,
    count,
    exact_float,
    exact_int,
    field_name,
    finite,
    is_finite,
    optional,
    optional_float,
    share,
    text,
)
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.stats.strength import Bound

__all__ = ["GeneCounts", "GeneEntry", "GeneMeasure", "GenePrior"]


def _positive(instance: object, attribute: Any, value: Any) -> None:
    if not is_finite(value) or value <= 0.0:
        raise SpecError.from_field(
            field_name(instance, attribute), "must be above 0", value, "give a number above 0."
        )


@attrs.frozen(kw_only=True)
class GeneMeasure(Spec):
    """One measure of a label: as it was seen, and as it is believed.

    Parameters
    ----------
    raw
        What the label's own deals say.
    shrunk
        The same after shrinking toward the pool: the posterior mean.
    low, high
        The credible interval, at the level of the gene.
    lift
        The shrunk value over the pool's; None where the pool's is 0.
    above
        The probability that the label is above the pool, in [0, 1]. None where nothing can be
        said: no deal is large, or every deal is, or amounts that do not scatter do not tell what
        chance would do.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.GeneMeasure(raw=0.5, shrunk=0.3, low=0.1, high=0.5, lift=1.5, above=0.9).lift
    1.5
    """

    raw: float = attrs.field(converter=exact_float, validator=finite)
    shrunk: float = attrs.field(converter=exact_float, validator=finite)
    low: float = attrs.field(converter=exact_float, validator=finite)
    high: float = attrs.field(converter=exact_float, validator=finite)
    lift: float | None = attrs.field(
        default=None, converter=optional_float, validator=optional(finite)
    )
    above: float | None = attrs.field(
        default=None, converter=optional_float, validator=optional(share)
    )


@attrs.frozen
class GenePrior(Spec):
    """What one measure is shrunk toward, and how strongly.

    Parameters
    ----------
    mean
        The pool's value: what all labels have together.
    strength
        The most probable worth of it: labels for the number, deals for the share and the size,
        stretches for the recurrence, years or account years for the rates. The measures are over
        all strengths, as probable as they are.
    at_bound
        ``"high"``: the labels differ no more than chance makes them; ``"low"``: they have hardly
        anything in common; None: in between.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.GenePrior(0.2, 12.5)
    GenePrior(mean=0.2, strength=12.5, at_bound=None)
    """

    mean: float = attrs.field(converter=exact_float, validator=finite)
    strength: float = attrs.field(converter=exact_float, validator=_positive)
    at_bound: Bound | None = attrs.field(default=None, validator=optional(choice("low", "high")))


@attrs.frozen(kw_only=True)
class GeneEntry(Spec):
    """What was learned of one label: an industry, or a customer.

    Parameters
    ----------
    label
        The industry or customer.
    deals
        Its deals.
    large_deals
        How many of them are large.
    accounts
        How many accounts made them; None where accounts were not given. Whoever never bought is not
        among them, so that nothing is divided by them.
    many
        The number of large deals.
    share
        The share of its deals that are large.
    size
        The typical large deal: the geometric mean, in money. None where it has none.
    recurrence
        The share of the stretches of time, a quarter each by default, that hold a large deal; None
        without dates, or where they span too little.
    per_year
        Large deals a year; None without dates or years, or where they span too little.
    per_account_year
        Large deals per account and year, over all accounts of the label, buyers or not; None where
        their number was not given.

    Raises
    ------
    SpecError
        A field is not what it should be.

    Examples
    --------
    >>> import keyaccount as ka
    >>> half = ka.GeneMeasure(raw=0.5, shrunk=0.3, low=0.1, high=0.5)
    >>> two = ka.GeneMeasure(raw=2, shrunk=1.5, low=0.5, high=3)
    >>> ka.GeneEntry(label="finance", deals=4, large_deals=2, many=two, share=half).large_deals
    2
    """

    label: str = attrs.field(validator=text)
    deals: int = attrs.field(converter=exact_int, validator=count)
    large_deals: int = attrs.field(converter=exact_int, validator=count)
    accounts: int | None = attrs.field(default=None, converter=exact_int, validator=optional(count))
    many: GeneMeasure = attrs.field(validator=attrs.validators.instance_of(GeneMeasure))
    share: GeneMeasure = attrs.field(validator=attrs.validators.instance_of(GeneMeasure))
    size: GeneMeasure | None = None
    recurrence: GeneMeasure | None = None
    per_year: GeneMeasure | None = None
    per_account_year: GeneMeasure | None = None

    def __attrs_post_init__(self) -> None:
        if self.large_deals > self.deals:
            field = "GeneEntry.large_deals"
            hint = "count the large ones among the deals."
            raise SpecError.from_field(
                field, f"must be at most the {self.deals} deals", self.large_deals, hint
            )


@attrs.frozen(kw_only=True)
class GeneCounts(Spec):
    """How many rows were read, and what was wrong with them.

    Parameters
    ----------
    rows
        Rows read.
    no_label, no_amount, negative
        Rows left out: no industry or customer; an amount that is missing or infinite; one below 0,
        which is a credit and no deal.
    infinite
        Those of the missing amounts that are infinite.
    zero
        Deals of amount 0, which count as deals and are never large.
    no_date, no_account
        Deals that count all the same, though when or by whom is not known.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.GeneCounts(rows=10, no_label=2).no_label
    2
    """

    rows: int = attrs.field(converter=exact_int, validator=count)
    no_label: int = attrs.field(default=0, converter=exact_int, validator=count)
    no_amount: int = attrs.field(default=0, converter=exact_int, validator=count)
    infinite: int = attrs.field(default=0, converter=exact_int, validator=count)
    negative: int = attrs.field(default=0, converter=exact_int, validator=count)
    zero: int = attrs.field(default=0, converter=exact_int, validator=count)
    no_date: int = attrs.field(default=0, converter=exact_int, validator=count)
    no_account: int = attrs.field(default=0, converter=exact_int, validator=count)
