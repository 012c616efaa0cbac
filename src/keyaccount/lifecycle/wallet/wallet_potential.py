"""`wallet_potential`: the budget within reach that is not ours yet, and opportunities created."""

from __future__ import annotations

from typing import Any, TypeAlias

import attrs
import numpy as np

from keyaccount._columns import Bools, Floats, Objects, as_floats, common_length, refuse_rows
from keyaccount._validators import exact_float, is_finite
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, about_rows, counted
from keyaccount.lifecycle.wallet.budgets import Budgets
from keyaccount.lifecycle.wallet.potential import Potential
from keyaccount.lifecycle.wallet.sources import STATED

__all__ = ["wallet_potential"]

Range: TypeAlias = tuple[Any, Any] | None
"""A low and a high column, or one number for all rows; None: as sure as the figure itself."""


def wallet_potential(
    budget: Any,
    attainable_share: Any,
    present_share: Any,
    *,
    years: float = 3,
    opportunities: Any = 0.0,
    budget_range: Range = None,
    attainable_range: Range = None,
    present_range: Range = None,
    opportunities_range: Range = None,
) -> Potential:
    """Give what each account may bring beyond what it brings now, from its own budget.

    ``years × budget × (attainable share - present share) + opportunities``, and never the past
    extrapolated. Where the attainable share is below the present one, there is no headroom.

    Parameters
    ----------
    budget
        The customer's own budget a year for what we sell: a column, one number for all rows, or the
        `Budgets` that `peer_budgets` and `BudgetRegression` give, with their ranges and sources.
    attainable_share
        The share of that budget we can reach, in [0, 1].
    present_share
        The share of it we have, in [0, 1].
    years
        How many years are added up.
    opportunities
        Opportunities already created that the shares do not hold, weighted as they are believed in.
    budget_range, attainable_range, present_range, opportunities_range
        For what is judged: a low and a high column, or numbers, around the figure.

    Returns
    -------
    Potential
        Aligned with the input by position; row-wise. The low end takes the low budget, the low
        attainable and the high present share, the high end the opposite. What is unknown in any
        part makes an account's potential unknown; ±inf counts as missing.

    Raises
    ------
    ColumnError, RowError
        A column holds no numbers, columns differ in length, a share is outside [0, 1], a budget or
        opportunity is below 0, or a range does not hold its figure.
    SpecError
        `years` is no number above 0, or a range is no pair.

    Notes
    -----
    The formula, flat over the years, is a choice of this library: the method asks for the increment
    of the next three years. A forecast from orders is another source, and says so.

    Examples
    --------
    >>> import keyaccount as ka
    >>> found = ka.wallet_potential(
    ...     [1_000_000, 400_000, None],
    ...     [0.40, 0.10, 0.50],
    ...     [0.25, 0.30, 0.10],
    ...     opportunities=[50_000, 0, 0],
    ...     attainable_range=([0.30, 0.05, 0.4], [0.50, 0.2, 0.6]),
    ... )
    >>> found.value, found.low, found.high
    (array([500000.,      0.,     nan]), array([200000.,      0.,     nan]), array([800000.,
        0.,     nan]))
    >>> found.source
    array(['wallet (stated budget)', 'wallet (stated budget)', None],
          dtype=object)
    """
    span = _years(years)
    source = None
    if isinstance(budget, Budgets):
        source = budget.source
        budget_range = (budget.low, budget.high) if budget_range is None else budget_range
        budget = budget.value
    parts = {
        "budget": _judged("budget", budget, budget_range),
        "attainable_share": _judged("attainable_share", attainable_share, attainable_range),
        "present_share": _judged("present_share", present_share, present_range),
        "opportunities": _judged("opportunities", opportunities, opportunities_range),
    }
    rows, parts = _aligned(parts)
    _refuse(parts)
    money, reach, have, more = parts.values()
    headroom = _headroom(money.best, reach.best, have.best)
    with np.errstate(over="ignore"):  # what no float holds is unknown
        bounds = (
            span * _headroom(money.low, reach.low, have.high) + more.low,
            span * headroom + more.best,
            span * _headroom(money.high, reach.high, have.low) + more.high,
        )
    unknown = ~np.logical_and.reduce([np.isfinite(b) for b in bounds])
    low, value, high = (np.where(unknown, np.nan, b) + 0.0 for b in bounds)
    return Potential(
        bounds=(low, value, high),
        headroom=headroom,
        opportunities=more.best,
        years=span,
        source=_sources(source, unknown, rows),
        findings=_findings(parts, unknown),
    )


@attrs.frozen(eq=False)
class _Judged:
    """A figure with its range, and how many values of it are infinite."""

    low: Floats
    best: Floats
    high: Floats
    infinite: int

    def spread(self, rows: int) -> _Judged:
        """Let one number stand for all rows."""
        low, best, high = (
            np.full(rows, v[0]) if len(v) == 1 else v for v in (self.low, self.best, self.high)
        )
        return _Judged(low, best, high, self.infinite)


def _years(years: Any) -> float:
    number = exact_float(years)
    if not is_finite(number) or number <= 0.0:
        raise SpecError.from_field("years", "must be above 0", years, "3 is the default.")
    return float(number)


def _judged(name: str, best: Any, bounds: Any) -> _Judged:
    columns = [as_floats(best, name)]
    if bounds is not None:
        if not isinstance(bounds, tuple | list) or len(bounds) != 2:  # noqa: PLR2004 - low and high
            hint = "give (low, high), each a column or a number."
            raise SpecError.from_field(f"the range of {name}", "must be a pair", bounds, hint)
        columns += [as_floats(bounds[0], f"low {name}"), as_floats(bounds[1], f"high {name}")]
    infinite = sum(int(np.count_nonzero(np.isinf(c))) for c in columns)
    known = [np.where(np.isfinite(c), c, np.nan) for c in columns]
    best, low, high = known if bounds is not None else known * 3
    return _Judged(low, best, high, infinite)


def _aligned(parts: dict[str, _Judged]) -> tuple[int, dict[str, _Judged]]:
    columns = {
        f"{end} {name}" if end != "best" else name: getattr(part, end)
        for name, part in parts.items()
        for end in ("best", "low", "high")
    }
    rows = common_length({n: c for n, c in columns.items() if len(c) != 1} or columns)
    return rows, {name: part.spread(rows) for name, part in parts.items()}


def _refuse(parts: dict[str, _Judged]) -> None:
    for name, part in parts.items():
        share = name.endswith("share")
        for values in (part.low, part.best, part.high):
            outside = (values < 0.0) | (values > 1.0) if share else values < 0.0
            rule = "are outside [0, 1]" if share else "are below 0"
            hint = "write 20 % as 0.2." if share else "leave empty what is unknown."
            refuse_rows(name, values, outside, rule, hint)
        apart = (part.low > part.best) | (part.high < part.best)
        hint = "low <= figure <= high."
        refuse_rows(name, part.best, apart, "are outside its own range", hint)


def _headroom(budget: Floats, attainable: Floats, present: Floats) -> Floats:
    room: Floats = budget * np.maximum(attainable - present, 0.0) + 0.0
    return room


def _sources(source: Objects | None, unknown: Bools, rows: int) -> Objects:
    told = np.full(rows, STATED, dtype=object) if source is None else source
    if len(told) != rows:
        told = np.full(rows, told[0], dtype=object)
    words = {word: f"wallet ({word})" for word in set(told.tolist()) if word is not None}
    named = np.array([words.get(word) for word in told.tolist()], dtype=object)
    named[unknown] = None
    return named


def _findings(parts: dict[str, _Judged], unknown: Bools) -> tuple[Finding, ...]:
    told: tuple[Finding, ...] = ()
    for name, part in parts.items():
        if part.infinite:
            said = f"{counted(part.infinite, 'value')} infinite: taken as missing"
            told += (Finding(code="infinite", message=said, count=part.infinite, where=name),)
    below = np.flatnonzero(parts["attainable_share"].best < parts["present_share"].best)
    said = f"{counted(len(below), 'account')} attainable below what we have: no headroom"
    told += about_rows("attainable_below_present", said, below)
    missing = np.flatnonzero(unknown)
    said = f"{counted(len(missing), 'account')} without a potential: a part of it is unknown"
    return told + about_rows("unknown", said, missing)
