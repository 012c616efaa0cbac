"""`pareto`: the rule of 80 and 20 held against several measures of one book, each on its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Columns, pick
from keyaccount._record import Record, checked_row
from keyaccount._validators import exact_float, exact_tuple
from keyaccount._view import View, Viewed
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.segments.concentration.concentration import Concentration
from keyaccount.segments.concentration.portion import percent
from keyaccount.segments.concentration.ranked import Negatives, Zeros
from keyaccount.segments.concentration.shares import stated_share


@attrs.frozen(eq=False)
class Pareto(Mapping[str, Concentration], Viewed):
    """The concentration of several measures side by side, one row per measure.

    A mapping of each measure to its `Concentration`.

    Parameters
    ----------
    top
        The share of customers whose share of each measure is told.
    target
        The share of each measure for which the fewest customers are counted.

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {"projects": [3, 2, 2, 2, 1], "revenue": [80, 5, 5, 5, 5]}
    >>> found = ka.pareto(book, ("projects", "revenue"))
    >>> found["revenue"].hhi
    0.65
    >>> print(found.row(0))
    measure         projects
    customers       5
    total           10
    top_share       0.3
    customers_for   4
    customer_share  0.8
    gini            0.16
    hhi             0.22
    why             the largest 20 % bring 30 %, and it takes 80 % to bring 80 %
    """

    top: float
    target: float
    _measured: Mapping[str, Concentration] = attrs.field(alias="measured", repr=False)

    def __getitem__(self, measure: str) -> Concentration:
        if measure not in self._measured:
            raise SpecError.from_choice("measure", measure, tuple(self._measured))
        return self._measured[measure]

    def __contains__(self, measure: object) -> bool:
        return measure in self._measured

    def __iter__(self) -> Iterator[str]:
        return iter(self._measured)

    def __len__(self) -> int:
        return len(self._measured)

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures, in the order asked for."""
        return tuple(self._measured)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings on each measure's values."""
        return tuple(f for one in self._measured.values() for f in one.findings)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return one row per measure as columns, for any DataFrame constructor."""
        rows = [self._figures(measure) for measure in self.measures]
        names = ("measure", *rows[0])
        return {
            name: np.array(
                self.measures if name == "measure" else [row[name] for row in rows],
                dtype=object if name == "measure" else None,
            )
            for name in names
        }

    def _view(self) -> View:
        return View(f"Pareto of {len(self)} measures", self.columns(), len(self))

    def row(self, i: int) -> Record:
        """Return one measure as a record."""
        measure = self.measures[checked_row(i, len(self))]
        figures = self._figures(measure)
        if not figures["total"]:
            why = "no value is above 0" if figures["customers"] else "there are no customers"
            return Record({"measure": measure, **figures, "why": f"nothing to measure: {why}"})
        why = (
            f"the largest {percent(self.top)} bring {percent(figures['top_share'])}, "
            f"and it takes {percent(figures['customer_share'])} to bring {percent(self.target)}"
        )
        return Record({"measure": measure, **figures, "why": why})

    def _figures(self, measure: str) -> dict[str, Any]:
        one = self._measured[measure]
        fewest = one.customers_for(self.target)
        return {
            "customers": one.n,
            "total": one.total,
            "top_share": one.top_share(self.top),
            "customers_for": fewest.customers,
            "customer_share": fewest.customer_share,
            "gini": one.gini,
            "hhi": one.hhi,
        }


def pareto(
    columns: Columns,
    measures: Sequence[str] = ("projects", "revenue", "profit"),
    *,
    id: str | None = None,
    top: float = 0.2,
    target: float = 0.8,
    negatives: Negatives = "refuse",
    zeros: Zeros = "keep",
) -> Pareto:
    """Measure how much of each measure how few customers bring.

    About 20 % of the customers are said to bring about 80 % of the projects, of the revenue or of
    the profit. Each is a claim of its own, and they may well be different customers.

    Parameters
    ----------
    columns
        One row per customer.
    measures
        The columns to measure, each once.
    id
        The column of ids; None: customers go by their position.
    top
        The share of customers to look at, rounded up to whole customers.
    target
        The share of each measure to reach.
    negatives, zeros
        The policies of `Concentration.of`, for every measure. Profit may well be below 0.

    Returns
    -------
    Pareto
        One row per measure, and each measure's `Concentration`.

    Raises
    ------
    ColumnNotFoundError
        A measure, or the ids, is not there.
    SpecError
        No measure is asked for, or one twice; a share is not in (0, 1].
    RowError
        As `Concentration.of`.

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {"account": ["a", "b", "c"], "revenue": [90, 8, 2], "profit": [1, 8, -4]}
    >>> found = ka.pareto(book, ("revenue", "profit"), id="account", negatives="zero")
    >>> found["revenue"].head(0.2).ids.tolist(), found["profit"].head(0.2).ids.tolist()
    (['a'], ['b'])
    """
    names = _checked(measures)
    stated_share(top, "pareto(top)")
    stated_share(target, "pareto(target)")
    ids = None if id is None else pick(columns, id)
    return Pareto(
        exact_float(top),
        exact_float(target),
        {
            name: Concentration.of(
                pick(columns, name), ids=ids, negatives=negatives, zeros=zeros, name=name
            )
            for name in names
        },
    )


def _checked(measures: Sequence[str]) -> tuple[str, ...]:
    names: Any = (measures,) if isinstance(measures, str) else exact_tuple(measures)
    named = isinstance(names, tuple) and all(isinstance(name, str) for name in names)
    if not named or not names or len(set(names)) < len(names):
        raise SpecError.from_field(
            "pareto(measures)",
            "must name at least one column, and each once",
            measures,
            "list the columns to measure, such as ('revenue', 'profit').",
        )
    found: tuple[str, ...] = names
    return found
