"""`AbcClasses`: customers in three classes by what the larger ones already bring."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Floats, Objects
from keyaccount._record import Record, checked_row
from keyaccount._validators import exact_float
from keyaccount._view import View, Viewed
from keyaccount.errors import SpecError
from keyaccount.segments.concentration.ranked import Ranked
from keyaccount.segments.concentration.shares import ratio, stated_share

_CLASSES = ("A", "B", "C")


class AbcClasses(Viewed):
    """Customers in classes A, B and C, aligned with the input by position.

    A customer is in class A as long as the customers larger than it bring less than the share `a`
    of the value, in B as long as they bring less than `b`, and in C otherwise. So the one that
    crosses a line is above it, equal customers are in one class, and A brings at least `a`.

    Attributes
    ----------
    a, b
        The shares of value at which A and B end.
    code
        ``(n,)`` int64: 0, 1, 2 for A, B, C; -1 for rows that do not count, and where nobody brings
        anything.
    labels
        ``(n,)`` object: ``"A"``, ``"B"``, ``"C"``; None where there is no class.
    names, names_zh
        The classes in words.
    treatments, treatments_zh
        What to do with each class: a choice of this library.
    treatment, treatment_zh
        ``(n,)`` object: the treatment of each row's class; None where there is none.
    customers, values, value_shares
        ``(3,)``: how many are in each class, what they bring, and its share of the total.

    Examples
    --------
    >>> import keyaccount as ka
    >>> classes = ka.Concentration.of([70, 15, 4, 6, 4, 1]).abc()
    >>> classes.labels.tolist()
    ['A', 'A', 'B', 'B', 'B', 'C']
    >>> classes.value_shares
    array([0.85, 0.14, 0.01])
    """

    names: tuple[str, str, str] = ("class A", "class B", "class C")
    names_zh: tuple[str, str, str] = ("A类客户", "B类客户", "C类客户")
    treatments: tuple[str, str, str] = (
        "plan for each of them, first in line for people and time",
        "visit regularly, find those that can grow",
        "standard service at low cost",
    )
    treatments_zh: tuple[str, str, str] = (
        "逐一规划，人力与时间优先投入",
        "定期拜访，发掘可提升者",
        "低成本标准服务",
    )

    def __init__(self, source: Ranked, a: object, b: object) -> None:
        lines = (stated_share(a, "Concentration.abc(a)"), stated_share(b, "Concentration.abc(b)"))
        if lines[0] > lines[1]:
            raise SpecError.from_field(
                "Concentration.abc(a, b)",
                "must not fall",
                (a, b),
                "b is where A and B end together: give 0.95 for an A of 80 % and a B of 15 %.",
            )
        self._source = source
        self._lines = lines
        self.a: float = exact_float(a)
        self.b: float = exact_float(b)

    def __len__(self) -> int:
        return len(self._source)

    def __repr__(self) -> str:
        counts = ", ".join(f"{c} {n:,}" for c, n in zip(_CLASSES, self.customers, strict=True))
        return f"<AbcClasses: {counts}>"

    def _view(self) -> View:
        return View(repr(self)[1:-1], self.columns(), len(self))

    @cached_property
    def _smallest(self) -> tuple[float, float]:
        """The smallest value in A, and in A or B."""
        return self._reaching(self._lines[0]), self._reaching(self._lines[1])

    def _reaching(self, line: Fraction) -> float:
        sums = self._source.sums
        if not sums.total:
            return np.nan
        return float(self._source.largest_first[sums.reaching(line * sums.total) - 1])

    @cached_property
    def code(self) -> Codes:
        """0, 1, 2 for A, B, C; -1 where there is no class."""
        if not self._source.sums.total:
            return np.full(len(self), -1, dtype=np.int64)
        value = self._source.value
        below_a, below_b = (value < smallest for smallest in self._smallest)
        code = below_a.astype(np.int64) + below_b
        code[~self._source.counted] = -1
        return code

    @property
    def labels(self) -> Objects:
        """The class of each row; None where there is none."""
        return np.array([*_CLASSES, None], dtype=object)[self.code]

    @property
    def treatment(self) -> Objects:
        """What to do with each row; None where there is no class."""
        return np.array([*self.treatments, None], dtype=object)[self.code]

    @property
    def treatment_zh(self) -> Objects:
        """What to do with each row, in Chinese; None where there is no class."""
        return np.array([*self.treatments_zh, None], dtype=object)[self.code]

    @property
    def customers(self) -> tuple[int, int, int]:
        """How many customers are in each class."""
        _, a, b, c = self._ends
        return a, b - a, c - b

    @property
    def values(self) -> Floats:
        """What each class brings."""
        return np.array([self._source.money(u) for u in self._units])

    @property
    def value_shares(self) -> Floats:
        """The share of the total that each class brings."""
        total = self._source.sums.total
        return np.array([ratio(units, total) for units in self._units])

    @property
    def _ends(self) -> list[int]:
        if not self._source.sums.total:
            return [0, 0, 0, 0]
        in_a, in_b = (self._source.not_below(v) for v in self._smallest)
        return [0, in_a, in_b, len(self._source.sums)]

    @property
    def _units(self) -> list[int]:
        top = [self._source.sums.top(end) for end in self._ends]
        return [upper - lower for lower, upper in pairwise(top)]

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the classes as columns, for any DataFrame constructor."""
        found: dict[str, NDArray[Any]] = {
            "value": self._source.value,
            "abc": self.labels,
            "abc_treatment": self.treatment,
            "abc_treatment_zh": self.treatment_zh,
        }
        return found if self._source.ids is None else {"id": self._source.ids, **found}

    def row(self, i: int) -> Record:
        """Return one customer, its class, and why it is there."""
        i = checked_row(i, len(self))
        code = int(self.code[i])
        ids = self._source.ids
        record: dict[str, Any] = {} if ids is None else {"id": ids[i]}
        record["value"] = float(self._source.value[i])
        record["class"] = _CLASSES[code] if code >= 0 else None
        if code >= 0:
            record["treatment"] = self.treatments[code]
            record["treatment_zh"] = self.treatments_zh[code]
        record["why"] = self.why(i)
        return Record(record)

    def why(self, i: int) -> str:
        """Say why a customer is in its class."""
        sums, value = self._source.sums, float(self._source.value[i])
        if not sums.total or np.isnan(value):
            return "the value does not count" if np.isnan(value) else "nobody brings anything"
        above = ratio(sums.top(self._source.larger_than(value)), sums.total)
        brings = f"larger customers bring {above:.4g} of the value"
        in_a, in_b = (value >= smallest for smallest in self._smallest)
        if in_a:
            return f"{brings}, less than {self.a:.4g}"
        return f"{brings}, less than {self.b:.4g}" if in_b else f"{brings}, {self.b:.4g} or more"
