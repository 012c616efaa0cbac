"""`Attainment`: the probability of reaching a target, its bounds, and what it rests on."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Generic, Literal, TypeAlias, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Floats
from keyaccount._record import Record, checked_row
from keyaccount._validators import exact_float, is_finite
from keyaccount._view import View, Viewed
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.funnel.attainment.bounds import SumDistribution, SumQuantile
from keyaccount.funnel.attainment.deals import Book
from keyaccount.funnel.attainment.lattice import Lattice
from keyaccount.funnel.attainment.plan import chosen, whole_sums

AttainmentMethod: TypeAlias = Literal["enumeration", "unit", "lattice"]
"""All subsets of two halves; a convolution in the shared unit; one on a lattice, with bounds."""

NumberT = TypeVar("NumberT", float, Floats)
"""A float where one target was given, an array where several were."""


class Attainment(Viewed, Generic[NumberT]):
    """The probability that the sum of the deals won is at least the target.

    Attributes
    ----------
    target
        The target; a float where one was given, ``(n,)`` float64 where several were.
    probability
        P(sum >= target), of the same shape: the best estimate, and the truth where `exact`.
    low, high
        What the truth lies between, whatever the method; both equal `probability` where `exact`.
    exact
        Whether nothing but float rounding stands between the result and the truth: less than
        10⁻¹² for up to 1,000 deals.
    method
        ``"enumeration"``, ``"unit"`` or ``"lattice"``.
    expected, sd
        Expectation and standard deviation of the sum of all deals that count, common shocks
        included; exact, whatever the method.
    open_deals, certain_deals
        How many deals have a probability inside (0, 1), and how many one of 1.
    findings
        What a reader should know: deals left out, bounds wider than asked for.

    Examples
    --------
    >>> import keyaccount as ka
    >>> found = ka.attainment([50_000, 20_000, 30_000], [0.9, 0.5, 0.2], 70_000)
    >>> round(found.probability, 3), found.exact
    (0.54, True)
    >>> print(found.row(0))
    target       70000
    probability  0.54
    low          0.54
    high         0.54
    why          61000 expected, sd 21656; 3 open and 0 certain deals, counted in units of 10000
    """

    def __init__(self, book: Book, targets: list[float], width: float, *, scalar: bool) -> None:
        self._book = book
        self._width = width
        self._scalar = scalar
        thresholds = [book.units.reaching(t) - book.certain for t in targets]
        law = chosen(book.moved, width, thresholds)
        self._law = law
        self._targets: Floats = np.array(targets, dtype=np.float64) + 0.0
        self._reach = law.reach(thresholds)
        # What is certain, or out of reach, is exact on any lattice.
        self.exact: bool = bool((self._reach.low == self._reach.high).all())
        self.method: AttainmentMethod = law.name
        self.expected: float = book.expected
        self.sd: float = book.sd
        known = book.probabilities[book.known]
        self.open_deals: int = int(((known > 0.0) & (known < 1.0)).sum())
        self.certain_deals: int = int((known == 1.0).sum())
        self.findings: tuple[Finding, ...] = book.findings + self._too_wide()

    def __len__(self) -> int:
        return len(self._targets)

    def __repr__(self) -> str:
        what = f"{len(self)} targets" if len(self) != 1 else f"target {self._targets[0]:g}"
        return f"<Attainment of {what} by {self.open_deals + self.certain_deals} deals>"

    def _view(self) -> View:
        return View(f"Attainment: {self._why}", self.columns(), len(self))

    @property
    def target(self) -> NumberT:
        """The target, or the targets."""
        return self._shaped(self._targets)

    @property
    def probability(self) -> NumberT:
        """P(sum >= target): the truth where `exact`, else the best estimate."""
        return self._shaped(self._reach.probability)

    @property
    def low(self) -> NumberT:
        """What the truth is not below."""
        return self._shaped(self._reach.low)

    @property
    def high(self) -> NumberT:
        """What the truth is not above."""
        return self._shaped(self._reach.high)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return one row per target, for any DataFrame constructor."""
        return {
            "target": self._targets,
            "probability": self._reach.probability,
            "low": self._reach.low,
            "high": self._reach.high,
        }

    def row(self, i: int) -> Record:
        """Return one target with its probability, and what it rests on."""
        i = checked_row(i, len(self))
        found = {name: column[i].item() for name, column in self.columns().items()}
        return Record({**found, "why": self._why})

    def distribution(self) -> SumDistribution:
        """Give the whole distribution of the sum: P(sum >= amount) for each of its amounts.

        Returns
        -------
        SumDistribution
            Every possible sum and its exact probability where the amounts share a unit that is not
            too small; else the points of a lattice with bounds. They are as narrow as `width` asks
            at the median, and may be wider elsewhere.

        Examples
        --------
        >>> import keyaccount as ka
        >>> ka.attainment([5, 5, 10], [0.5, 0.5, 0.5], 10).distribution().probability
        array([1.   , 0.875, 0.625, 0.375, 0.125])
        """
        law, book = self._sums, self._book
        points = law.points()
        found = law.reach(points)
        amounts = [book.units.money(p + book.certain) + 0.0 for p in points]
        return SumDistribution(
            np.array(amounts), found.probability, found.low, found.high, law.exact
        )

    def quantile(self, share: float) -> SumQuantile:
        """Give the smallest amount that the sum does not exceed with a stated probability.

        Parameters
        ----------
        share
            The probability, above 0 and up to 1. ``quantile(0.1)`` is what nine books out of ten
            reach or pass.

        Returns
        -------
        SumQuantile
            What the amount lies between.

        Raises
        ------
        SpecError
            The share is not in (0, 1].

        Examples
        --------
        >>> import keyaccount as ka
        >>> found = ka.attainment([5, 5, 10], [0.5, 0.5, 0.5], 10)
        >>> found.quantile(0.5).low, found.quantile(1).low
        (10.0, 20.0)
        """
        stated = exact_float(share)
        if not is_finite(stated) or not 0.0 < stated <= 1.0:
            raise SpecError.from_field(
                "Attainment.quantile(share)",
                "must be a share above 0 and up to 1",
                share,
                "write 10 % as 0.1.",
            )
        low, high = self._sums.quantile(stated)
        units, certain = self._book.units, self._book.certain
        return SumQuantile(
            stated, units.money(low + certain) + 0.0, units.money(high + certain) + 0.0
        )

    @cached_property
    def _sums(self) -> Lattice:
        """The law of the whole distribution; that of the targets where it is exact."""
        if isinstance(self._law, Lattice) and self._law.exact:
            return self._law
        return whole_sums(self._book.moved, self._width)

    @property
    def _why(self) -> str:
        way = {
            "enumeration": "all subsets of two halves listed",
            "unit": f"counted in units of {self._step:.6g}",
            "lattice": f"rounded to steps of {self._step:.3g}, the remainder bounded",
        }[self.method]
        return (
            f"{self.expected:.6g} expected, sd {self.sd:.5g}; "
            f"{self.open_deals} open and {self.certain_deals} certain deals, {way}"
        )

    @property
    def _step(self) -> float:
        law = self._law
        return self._book.units.money(law.step) if isinstance(law, Lattice) else 0.0

    def _shaped(self, values: Floats) -> NumberT:
        return cast("NumberT", float(values[0]) if self._scalar else values)

    def _too_wide(self) -> tuple[Finding, ...]:
        apart = self._reach.high - self._reach.low
        wide = np.flatnonzero(apart > self._width)
        if not len(wide):
            return ()
        text = f"bounds are up to {apart.max():.2g} apart, wider than the {self._width:g} asked for"
        shown = tuple(f"target {t:g}" for t in self._targets[wide[:5]].tolist())
        return (Finding(code="wide", message=text, count=len(wide), examples=shown),)
