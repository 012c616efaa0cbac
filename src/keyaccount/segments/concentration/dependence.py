"""`Dependence`: whether a book hangs on single customers, by a stated limit."""

from __future__ import annotations

from typing import Any

import attrs
from numpy.typing import NDArray

from keyaccount._record import Record
from keyaccount._validators import exact_float
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding, counted
from keyaccount.segments.concentration.portion import Portion, percent
from keyaccount.segments.concentration.ranked import Ranked
from keyaccount.segments.concentration.shares import ratio, stated_share


@attrs.frozen(eq=False)
class Dependence(Viewed):
    """Whether a book hangs on single customers: those whose share of the value reaches a limit.

    Parameters
    ----------
    limit
        The stated share of the value.
    largest_share
        The share of the largest customer; NaN where nobody brings anything.
    customers
        Everybody who reaches the limit, largest first.
    findings
        One finding where somebody does.

    Examples
    --------
    >>> import keyaccount as ka
    >>> found = ka.Concentration.of([50, 30, 20], ids=["a", "b", "c"]).dependence(0.3)
    >>> found.depends, found.customers.ids.tolist()
    (True, ['a', 'b'])
    >>> found.findings[0].message
    '2 customers bring 30 % or more of the value each: a, b'
    """

    limit: float
    largest_share: float
    customers: Portion
    findings: tuple[Finding, ...]

    @property
    def depends(self) -> bool:
        """Whether any customer reaches the limit."""
        return len(self.customers) > 0

    def __len__(self) -> int:
        return len(self.customers)

    def _view(self) -> View:
        reach = "reaches" if len(self) == 1 else "reach"
        title = f"{counted(len(self), 'customer')} {reach} {percent(self.limit)} of the value"
        return View(title, self.customers.columns(), len(self))

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the customers that reach the limit as columns, largest first."""
        return self.customers.columns()

    def row(self, i: int) -> Record:
        """Return one customer that reaches the limit, the largest first."""
        return self.customers.row(i)


def dependence_on(source: Ranked, limit: object) -> Dependence:
    """Find the customers that reach the limit."""
    share = stated_share(limit, "Concentration.dependence(limit)")
    sums = source.sums
    reach = sums.at_least(share * sums.total) if sums.total else 0
    stated = exact_float(limit)
    said = f"{percent(stated)} or more of the value"
    found = Portion(source, 0, reach, f"brings {said}")
    return Dependence(
        stated, ratio(sums.top(min(1, len(sums))), sums.total), found, _findings(found, said)
    )


def _findings(found: Portion, said: str) -> tuple[Finding, ...]:
    if not len(found):
        return ()
    who = found.positions[:5] if found.ids is None else found.ids[:5]
    examples = tuple(str(one) for one in who.tolist())
    verb = "brings" if len(found) == 1 else "bring"
    each = "" if len(found) == 1 else " each"
    named = "" if found.ids is None else f": {', '.join(examples)}"
    return (
        Finding(
            code="dependence",
            message=f"{counted(len(found), 'customer')} {verb} {said}{each}{named}",
            count=len(found),
            where=found.measure,
            examples=examples,
        ),
    )
