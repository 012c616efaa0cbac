"""`forecast`: what a pipeline will bring, weighted by the chance of each deal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from keyaccount._columns import (
    Bools,
    Codes,
    Columns,
    Floats,
    as_labels,
    common_length,
    labels,
)
from keyaccount._validators import exact_tuple
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.funnel.forecast.calendar import Period
from keyaccount.funnel.forecast.category import CLOSED, OMITTED, Categories
from keyaccount.funnel.forecast.deals import ForecastDeals
from keyaccount.funnel.forecast.grouping import grouped
from keyaccount.funnel.forecast.reading import column_if_there, told
from keyaccount.funnel.forecast.result import Forecast, ForecastSums, record_of
from keyaccount.funnel.forecast.table import DealColumns, DealTable, read_deals
from keyaccount.funnel.pipeline.standing import Standing
from keyaccount.funnel.rules import LOST, OPEN, WON
from keyaccount.stats.sums import group_counts, group_sums

__all__ = ["UNCATEGORISED", "forecast"]

UNCATEGORISED = "uncategorised"
"""Open deals without a category."""


def forecast(
    deals: Columns,
    *,
    by: str | Sequence[str] | None = None,
    amount: str = "amount",
    probability: str = "probability",
    outcome: str | None = "outcome",
    expected: str = "expected",
    closed: str | None = "closed",
    period: Period | None = None,
    as_of: Any = None,
    category: str | None = None,
    categories: Categories | None = None,
    deal: str | None = None,
) -> Forecast:
    """Weigh a pipeline by the chances of its deals, by group and by category.

    Parameters
    ----------
    deals
        One row per deal: a `Standing`, or any table of deals.
    by
        Column or columns to group by, such as ``"stage"`` or ``("owner", "stage")``. The stages of
        a `Standing` come in the order of its funnel, all else sorted. None: all deals are one
        group.
    amount
        Column of amounts; missing ones add nothing and are counted, also where all of a group are.
    probability
        Column of chances of winning in [0, 1], as a stage states them or as they were learned. Won
        deals count 1 and lost ones 0, whatever it holds for them.
    outcome
        Column of ``"open"``, ``"won"`` or ``"lost"`` (or 0, 1 and 2); a deal without one is open.
        None: all deals are open.
    expected
        Column of the days on which deals are expected to close; read only where `period` or `as_of`
        is given.
    closed
        Column of the days on which deals were decided: a decided deal belongs to the period of this
        day, and where it is missing to that of its expected day. Read only where `period` is given,
        and under its usual name only where the table has it. None: not read.
    period
        Group by ``"month"``, ``"quarter"`` or ``"year"`` of the calendar as well, in the column
        ``period``.
    as_of
        The day of the forecast: open deals expected to close before it are overdue.
    category
        Column of the categories that people have stated, as in a CRM; they replace those by
        probability, also where none is stated. None: by probability.
    categories
        The categories and their thresholds; None: `Categories`, whose figures are a choice of this
        library.
    deal
        Column of ids to tell deals by.

    Returns
    -------
    Forecast
        Per group: count, amount and weighted amount of open deals, what is won, amounts by category
        exclusive and cumulative, and how many amounts and chances are missing.

    Raises
    ------
    SpecError
        An option is not what it should be, or a stated category goes by no known word.
    ColumnNotFoundError, ColumnError, RowError
        A column is not there or cannot be read, or a probability lies outside [0, 1].

    Notes
    -----
    Book-wise: sums do not depend on the order of the rows, to the bit. The weighted amount of a
    deal is its amount in cents times its probability, one product of float64, rounded to the cent,
    ties to even. So groups add up to the total to the cent.

    A weighted sum is an expectation: what one book brings may lie far from it. `attainment` gives
    the probability of reaching a target.

    Examples
    --------
    >>> import keyaccount as ka
    >>> deals = {
    ...     "owner": ["li", "li", "wang"],
    ...     "amount": [120_000, 80_000, 50_000],
    ...     "probability": [0.9, 0.25, 0.5],
    ...     "expected": ["2026-09-20", "2026-11-30", "2026-08-31"],
    ... }
    >>> found = ka.forecast(deals, outcome=None, period="quarter", as_of="2026-09-15")
    >>> print(found.row(0))
    period             2026-Q3
    open               2
    amount             170000
    weighted           133000
    won                0
    won_amount         0
    projected          133000
    closed             0
    commit             120000
    best_case          50000
    pipeline           0
    omitted            0
    uncategorised      0
    up_to_closed       0
    up_to_commit       120000
    up_to_best_case    170000
    up_to_pipeline     170000
    lost               0
    no_amount          0
    no_probability     0
    overdue            1
    """
    steps = _steps(categories)
    ended = None if period is None else column_if_there(deals, closed, "closed")
    named = DealColumns(amount, probability, outcome, expected, ended, deal)
    table = read_deals(deals, named, as_of, period)
    codes, findings = _categories(deals, category, steps, table)
    names = _key_names(by, steps)
    keys = {name: labels(deals, name) for name in names}
    if table.period is not None:
        keys["period"] = as_labels(table.period, "period")
    _ = common_length({"amount": table.amount, **keys})
    groups = grouped(keys, len(table.amount), _stated_order(deals))
    shown = np.array([*steps.codes, CLOSED, OMITTED, None], dtype=object)
    one = np.zeros(len(table.amount), dtype=np.int64)
    return Forecast(
        keys=groups.keys,
        sums=_summed(table, codes, steps, groups.codes, groups.size),
        total=record_of(_summed(table, codes, steps, one, 1).columns(), 0),
        deals=ForecastDeals(
            deal=table.deal,
            state=table.state,
            amount=table.amount,
            probability=table.probability,
            weighted=table.weighted,
            category=shown[codes],
            stated=np.full(len(codes), category is not None) & (codes >= 0),
            expected=table.expected,
            overdue=table.overdue,
        ),
        findings=(*table.findings, *findings),
    )


def _stated_order(deals: Columns) -> Mapping[str, Sequence[str]]:
    """Give the order of the stages where the deals have a funnel."""
    if not isinstance(deals, Standing):
        return {}
    return {"stage": [s.code for s in deals.funnel.stages]}


def _steps(given: Any) -> Categories:
    if given is None:
        return Categories()
    if not isinstance(given, Categories):
        field = "forecast(categories)"
        raise SpecError.from_field(field, "must be Categories", given, "see Categories.")
    return given


def _categories(
    deals: Columns, name: str | None, steps: Categories, table: DealTable
) -> tuple[Codes, tuple[Finding, ...]]:
    """Give each deal's place among the categories, then closed and omitted; -1 for none."""
    closed = len(steps.codes)
    findings: tuple[Finding, ...] = ()
    if name is None:
        found = steps.by_probability(table.probability)
    else:
        found = steps.stated(labels(deals, name), name)
        _ = common_length({"amount": table.amount, name: found})
        odd = (table.state == OPEN) & (found == closed)
        said = f"open but stated as {CLOSED}: without a category"
        findings = told("category_contradicts", odd, said, name)
        found = np.where(odd, -1, found)
    found = np.where(table.state == WON, closed, found)
    return np.where(table.state == LOST, closed + 1, found), findings


def _key_names(by: str | Sequence[str] | None, steps: Categories) -> tuple[str, ...]:
    names: Any = () if by is None else (by,) if isinstance(by, str) else exact_tuple(by)
    taken = {
        *("open", "amount", "weighted", "won", "won_amount", "projected", "lost", "overdue"),
        *("no_amount", "no_probability", "period", CLOSED, OMITTED, UNCATEGORISED, *steps.codes),
    }
    listed: tuple[Any, ...] = names if isinstance(names, tuple) else (by,)
    wrong = [n for n in listed if not isinstance(n, str) or n in taken or listed.count(n) > 1]
    if wrong:
        raise SpecError.from_field(
            "forecast(by)",
            "must be names of columns, each once, that no column of the result has",
            wrong,
            "rename the column first; period= groups by time.",
        )
    return listed


def _summed(
    table: DealTable, category: Codes, steps: Categories, group: Codes, size: int
) -> ForecastSums:
    is_open, is_won = table.state == OPEN, table.state == WON
    closed = len(steps.codes)
    exclusive = {CLOSED: is_won} | {c: category == i for i, c in enumerate(steps.codes)}
    exclusive |= {OMITTED: is_open & (category == closed + 1), UNCATEGORISED: category == -1}
    surer = {CLOSED: is_won} | {
        c: is_won | ((category >= 0) & (category <= i)) for i, c in enumerate(steps.codes)
    }

    def add(values: Floats, which: Bools) -> Floats:
        return _sums(values, which, group, size)

    def count(which: Bools) -> Codes:
        return group_counts(group, size, which)

    return ForecastSums(
        open=count(is_open),
        won=count(is_won),
        lost=count(table.state == LOST),
        amount=add(table.amount, is_open),
        weighted=add(table.weighted, is_open),
        won_amount=add(table.amount, is_won),
        projected=add(np.where(is_won, table.amount, table.weighted), is_open | is_won),
        categories={c: add(table.amount, which) for c, which in exclusive.items()},
        up_to={c: add(table.amount, which) for c, which in surer.items()},
        no_amount=count((is_open | is_won) & np.isnan(table.amount)),
        no_probability=count(np.isnan(table.probability)),
        overdue=None if table.overdue is None else count(table.overdue),
    )


def _sums(values: Floats, which: Bools, group: Codes, size: int) -> Floats:
    """Add the known values of the rows marked; 0 where a group has none."""
    sums = group_sums(values[which], group[which], size)
    return np.where(np.isnan(sums), 0.0, sums)
