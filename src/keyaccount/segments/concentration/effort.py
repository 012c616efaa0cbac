"""`effort_and_value`: the share of effort that the top customers take beside what they bring."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Floats, common_length
from keyaccount._record import Record, checked_row
from keyaccount._validators import exact_float
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding, counted
from keyaccount.segments.concentration.amounts import amounts_from_0
from keyaccount.segments.concentration.concentration import Concentration
from keyaccount.segments.concentration.ranked import Negatives, Ranked, Zeros, ranked
from keyaccount.segments.concentration.shares import ratio, stated_share
from keyaccount.stats.sums import exact_sum, group_sums


@attrs.frozen(eq=False)
class EffortAndValue(Viewed):
    """The share of effort that the top customers take beside the share of value they bring.

    Parameters
    ----------
    top
        The stated share of customers.
    customers
        How many customers that is.
    value_share, effort_share
        What they bring and what they take, as shares of all customers of which both are known.
    value, effort
        Each measured on its own, over the same customers.
    findings
        What was missing, and how much value that is.

    Examples
    --------
    >>> import keyaccount as ka
    >>> found = ka.effort_and_value([50, 20, 10, 10, 10], [8, 3, 3, 3, 3])
    >>> found.value_share, found.effort_share, found.intensity
    (0.5, 0.4, 0.8)
    >>> print(found.row(1))
    value_share   0.2
    effort_share  0.15
    intensity     0.75
    why           takes 0.15 of the effort and brings 0.2 of the value
    """

    top: float
    customers: int
    value_share: float
    effort_share: float
    value: Concentration
    effort: Concentration
    findings: tuple[Finding, ...]

    @property
    def intensity(self) -> float:
        """The top customers' share of effort over their share of value; 1: effort follows value."""
        return self.effort_share / self.value_share if self.value_share else np.nan

    def __len__(self) -> int:
        return len(self.value)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return both shares of each customer as columns, for any DataFrame constructor."""
        found: dict[str, NDArray[Any]] = {} if self.value.ids is None else {"id": self.value.ids}
        shares = {"value_share": self.value.share, "effort_share": self.effort.share}
        return {**found, **shares, "intensity": self._intensities()}

    def _intensities(self) -> Floats:
        value = np.where(self.value.share > 0.0, self.value.share, np.nan)
        found: Floats = self.effort.share / value
        return found

    def _view(self) -> View:
        title = (
            f"{counted(self.customers, 'customer')}: {self.effort_share:.1%} of the effort, "
            f"{self.value_share:.1%} of the value"
        )
        return View(title, self.columns(), len(self))

    def row(self, i: int) -> Record:
        """Return one customer as a record."""
        i = checked_row(i, len(self))
        record = {name: column[i] for name, column in self.columns().items()}
        takes, brings = float(record["effort_share"]), float(record["value_share"])
        record["why"] = (
            "its effort, its value or all of them are not known"
            if np.isnan(takes + brings)
            else f"takes {takes:.4g} of the effort and brings {brings:.4g} of the value"
        )
        return Record({n: float(v) if isinstance(v, np.floating) else v for n, v in record.items()})


def effort_and_value(
    value: Any,
    effort: Any,
    *,
    top: float = 0.2,
    ids: Any = None,
    negatives: Negatives = "refuse",
    zeros: Zeros = "keep",
) -> EffortAndValue:
    """Put the share of effort that the top customers take beside the share of value they bring.

    Firms are said to put 80 % of their effort on 20 % of their customers. Only customers of which
    value and effort are both known are compared.

    Parameters
    ----------
    value
        ``(n,)`` what each customer brings.
    effort
        ``(n,)`` what each customer takes: hours, visits, cost to serve; at least 0.
    top
        The share of customers to look at, the most valuable first, rounded up to whole customers.
        Of equal customers on both sides of the line, each counts in part.
    ids
        ``(n,)`` ids of the customers.
    negatives, zeros
        The policies of `Concentration.of` for `value`.

    Returns
    -------
    EffortAndValue
        Both shares of the top customers, and of each customer.

    Raises
    ------
    RowError
        Effort is below 0, or as `Concentration.of`.
    ColumnError
        Value and effort differ in length.
    SpecError
        `top` is not in (0, 1].

    Examples
    --------
    >>> import keyaccount as ka
    >>> found = ka.effort_and_value([60, 20, 10, 5, 5], [None, 5, 1, 1, 1], top=0.25)
    >>> found.effort_share
    0.625
    >>> found.findings[-1].message
    '1 customer with value 60 in all and no known effort left out'
    """
    share = stated_share(top, "effort_and_value(top)")
    given = ranked(value, ids, negatives, zeros, "value")
    hours = amounts_from_0(effort, "effort", "give what each customer takes, 0 for nothing.")
    taken = ranked(hours, ids, "refuse", "keep", "effort")
    common_length({"value": given, "effort": taken})
    both = given.counted & taken.counted
    brings, takes = given.only(both), taken.only(both)
    top_count = ceil(share * len(brings.sums))
    return EffortAndValue(
        top=exact_float(top),
        customers=top_count,
        value_share=ratio(brings.sums.top(top_count), brings.sums.total),
        effort_share=_effort_of_top(brings, takes, top_count) if top_count else np.nan,
        value=Concentration(brings),
        effort=Concentration(takes),
        findings=(*given.findings, *taken.findings, *_unpaired(given, taken)),
    )


def _effort_of_top(value: Ranked, effort: Ranked, count: int) -> float:
    """Add the effort on the top customers; equal ones at the line share the places that are left.

    So the answer does not depend on which of them comes first.
    """
    line = float(value.largest_first[count - 1])
    larger, not_below = value.larger_than(line), value.not_below(line)
    group = np.where(value.value > line, 0, np.where(value.value == line, 1, 2))
    above, tied, below = np.nan_to_num(group_sums(effort.value, group, 3)).tolist()
    part = Fraction(count - larger, not_below - larger)
    total = exact_sum([above, tied, below])
    if not total:
        return np.nan
    return float((Fraction(above) + part * Fraction(tied)) / Fraction(total))


def _unpaired(given: Ranked, taken: Ranked) -> list[Finding]:
    found = []
    for one, other in ((given, taken), (taken, given)):
        alone = one.counted & ~other.counted
        count = int(np.count_nonzero(alone))
        if count:
            money = exact_sum(one.value[alone])
            told = f"{counted(count, 'customer')} with {one.name} {money:.15g} in all"
            found.append(
                Finding(
                    code=f"no_{other.name}",
                    message=f"{told} and no known {other.name} left out",
                    count=count,
                    where=other.name,
                )
            )
    return found
