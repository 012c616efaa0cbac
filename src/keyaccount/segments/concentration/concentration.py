"""`Concentration`: how much of the value how few customers bring, measured and never assumed."""

from __future__ import annotations

from functools import cached_property
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Floats, Objects
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding, counted
from keyaccount.segments.concentration.abc_classes import AbcClasses
from keyaccount.segments.concentration.dependence import Dependence, dependence_on
from keyaccount.segments.concentration.lorenz import Lorenz, lorenz_of
from keyaccount.segments.concentration.portion import Portion, percent
from keyaccount.segments.concentration.ranked import Negatives, Ranked, Zeros, ranked
from keyaccount.segments.concentration.shares import ratio, stated_count, stated_share


class Concentration(Viewed):
    """How much of the value how few customers bring.

    Made by `Concentration.of`. Sums are exact and every measure is rounded once, so that nothing
    depends on the order of the rows and no 80 % is missed by a float's rounding. The columns of
    shares (`share`, `cumulative_share`, `lorenz`) are rounded once where all values are whole
    cents, and else within a few units in the last place. Everything is computed when it is asked
    for. Where nobody brings anything, measures are NaN.

    Attributes
    ----------
    value
        ``(n,)`` float64: what each row counts as; NaN where it is left out.
    ids
        The ids given; None where none were.
    findings
        How many values were missing, infinite, negative or 0, and what became of them.

    Notes
    -----
    The rule of thumb says that about 20 % of the customers bring about 80 % of the projects, the
    revenue or the profit, and others that 1 % are super-users. These measures say what holds in the
    book at hand. Their choice is ours; the formulas are those of the sources named with them.

    Examples
    --------
    >>> import keyaccount as ka
    >>> sales = ka.Concentration.of([500, 300, 60, 50, 40, 20, 10, 10, 5, 5])
    >>> sales.top_share(0.2)
    0.8
    >>> sales.customers_for(0.8).customer_share
    0.2
    >>> print(sales.summary())
    customers                10
    total                    1000
    largest customer         0.5
    top 1 %                  0.5
    top 20 %                 0.8
    customers for 80 %       2
    share of them            0.2
    Gini                     0.691
    HHI                      0.34835
    as many equal customers  2.87068
    """

    def __init__(self, source: Ranked) -> None:
        self._source = source

    @classmethod
    def of(
        cls,
        values: Any,
        *,
        ids: Any = None,
        negatives: Negatives = "refuse",
        zeros: Zeros = "keep",
        name: str = "values",
    ) -> Concentration:
        """Measure the concentration of one value per customer.

        Parameters
        ----------
        values
            ``(n,)`` numbers, one row per customer: revenue, profit, projects. What is missing (NaN,
            null) or infinite is left out, with a finding.
        ids
            ``(n,)`` ids of the customers, each once; None: customers go by their position.
        negatives
            What becomes of values below 0, as of a customer with more refunds than orders:
            ``"refuse"`` is an error; ``"zero"`` counts the customer as bringing nothing; ``"drop"``
            leaves it out. Both of these say in a finding how many they are and how much, for
            `total` is then more than the sum of what was given.
        zeros
            Whether customers that bring nothing count as customers (``"keep"``) or not
            (``"drop"``). Applied after `negatives`.
        name
            What the values are called in findings and errors.

        Returns
        -------
        Concentration
            The measures, aligned with the input where they are per row.

        Raises
        ------
        RowError
            Values are below 0 and refused, no numbers, or too large to add up.
        ColumnError
            The values are no column of numbers (nor are None, or a set, which has no order), or ids
            differ from them in number.
        DuplicateIdError
            An id occurs in more than one row.
        SpecError
            A policy is none of those above.

        Examples
        --------
        >>> import keyaccount as ka
        >>> sales = ka.Concentration.of([90, 10, -20, None], negatives="zero")
        >>> sales.n, sales.total
        (3, 100.0)
        >>> sales.findings[1].message
        '1 customer below 0, -20 in all, counted as 0'
        """
        return cls(ranked(values, ids, negatives, zeros, name))

    def __len__(self) -> int:
        return len(self._source)

    def __repr__(self) -> str:
        return f"<Concentration of {self._source.name!r} over {counted(self.n, 'customer')}>"

    def _view(self) -> View:
        summary = self.summary()
        table = {"measure": list(summary), "figure": list(summary.values())}
        return View(repr(self)[1:-1], table, len(summary))

    @property
    def value(self) -> Floats:
        """What each row counts as; NaN where it is left out."""
        return self._source.value

    @property
    def ids(self) -> Objects | None:
        """The ids given."""
        return self._source.ids

    @property
    def findings(self) -> tuple[Finding, ...]:
        """How many values were missing, infinite, negative or 0, and what became of them."""
        return self._source.findings

    @property
    def n(self) -> int:
        """How many customers count."""
        return len(self._source.sums)

    @property
    def total(self) -> float:
        """What they bring together; 0 where there is nobody."""
        return self._source.money(self._source.sums.total)

    @property
    def largest_share(self) -> float:
        """The share of the largest customer."""
        return self._share_of(min(1, self.n))

    def top_share(self, share: float) -> float:
        """Give the share of value that the largest share of customers brings.

        Parameters
        ----------
        share
            A share of the customers, above 0 and up to 1. Where it is no whole number of
            customers, it is rounded up: at least that share.

        Returns
        -------
        float
            Their share of the value.

        Raises
        ------
        SpecError
            The share is not in (0, 1].

        Examples
        --------
        >>> import keyaccount as ka
        >>> ka.Concentration.of([6, 3, 1]).top_share(0.5)  # of 3 customers: 2
        0.9
        """
        return self._share_of(self._count(share, "Concentration.top_share(share)"))

    def cr(self, count: int) -> float:
        """Give the concentration ratio CR-n: the share of value of the `count` largest customers.

        Parameters
        ----------
        count
            How many; more than there are is all of them.

        Returns
        -------
        float
            Their share of the value.

        Raises
        ------
        SpecError
            The count is no whole number of at least 1.

        Examples
        --------
        >>> import keyaccount as ka
        >>> ka.Concentration.of([6, 3, 1]).cr(2)
        0.9
        """
        return self._share_of(min(stated_count(count, "Concentration.cr(count)"), self.n))

    def customers_for(self, share: float) -> Portion:
        """Find the fewest customers that bring at least a share of the value.

        Parameters
        ----------
        share
            A share of the value, above 0 and up to 1: 0.8 is read as exactly 4/5.

        Returns
        -------
        Portion
            Who they are, how many, and what share of all customers; nobody where nobody brings
            anything.

        Raises
        ------
        SpecError
            The share is not in (0, 1].

        Examples
        --------
        >>> import keyaccount as ka
        >>> ka.Concentration.of([1, 8, 1]).customers_for(0.8).customers
        1
        """
        part = stated_share(share, "Concentration.customers_for(share)")
        sums = self._source.sums
        stop = sums.reaching(part * sums.total) if sums.total else 0
        why = f"the fewest customers that bring {percent(share)} of the value"
        return Portion(self._source, 0, stop, why)

    def head(self, share: float) -> Portion:
        """List the head: the largest share of customers, rounded up as in `top_share`.

        Parameters
        ----------
        share
            The share of the customers that count, in (0, 1].

        Returns
        -------
        Portion
            The customers of the head, largest first, with what they bring.

        Raises
        ------
        SpecError
            The share is not in (0, 1].

        Examples
        --------
        >>> import keyaccount as ka
        >>> ka.Concentration.of([2, 7, 1]).head(0.4).positions
        array([1, 0])
        """
        count = self._count(share, "Concentration.head(share)")
        size = f"at least {percent(share)} of them"
        why = f"the largest {count:,} of {counted(self.n, 'customer')}, {size}"
        return Portion(self._source, 0, count, why)

    def tail(self, after: float) -> Portion:
        """List the long tail: every customer after the head of the share `after`.

        Head and tail together are all customers that count. The tail may bring more than the head.

        Parameters
        ----------
        after
            The share of the customers that are the head, in (0, 1].

        Returns
        -------
        Portion
            The customers of the tail, largest first, with what they bring.

        Raises
        ------
        SpecError
            The share is not in (0, 1].

        Examples
        --------
        >>> import keyaccount as ka
        >>> sales = ka.Concentration.of([10] + [1] * 19)
        >>> sales.head(0.05).value, sales.tail(after=0.05).value
        (10.0, 19.0)
        """
        count = self._count(after, "Concentration.tail(after)")
        why = f"after the largest {count:,} of {counted(self.n, 'customer')}"
        return Portion(self._source, count, self.n, why)

    @cached_property
    def lorenz(self) -> Lorenz:
        """The Lorenz curve, from the smallest customer up."""
        return lorenz_of(self._source)

    @property
    def gini(self) -> float:
        """The Gini coefficient: 0 where all are equal, ``1 - 1/n`` where one brings everything.

        Half the mean difference of all pairs, each with itself among them, over the mean (Gini, C.
        1912, Variabilità e mutabilità): twice the area between the Lorenz curve and the diagonal.
        """
        return ratio(self._gini_part, self.n * self._source.sums.total)

    @property
    def gini_corrected(self) -> float:
        """The Gini coefficient times ``n/(n - 1)``: 1 where one brings everything.

        The pairs of different customers alone (Deltas, G. 2003, The small-sample bias of the Gini
        coefficient, Review of Economics and Statistics 85). NaN for a single customer.
        """
        return ratio(self._gini_part, (self.n - 1) * self._source.sums.total)

    @property
    def hhi(self) -> float:
        """The Herfindahl-Hirschman index: the sum of squared shares, from ``1/n`` to 1.

        Some write it in points: times 10,000. Hirschman, A. O. (1964), The paternity of an index,
        American Economic Review 54.
        """
        return ratio(self._source.sums.squares, self._source.sums.total**2)

    @property
    def hhi_normalised(self) -> float:
        """The HHI stretched over its range: 0 where all are equal, 1 where one brings everything.

        NaN for a single customer.
        """
        squared = self._source.sums.total**2
        return ratio(self.n * self._source.sums.squares - squared, (self.n - 1) * squared)

    @property
    def effective_number(self) -> float:
        """How many equal customers would be as concentrated: ``1/HHI`` (Adelman, M. A. 1969)."""
        return ratio(self._source.sums.total**2, self._source.sums.squares)

    def abc(self, a: float = 0.8, b: float = 0.95) -> AbcClasses:
        """Divide the customers into classes A, B and C by the value that larger ones bring.

        Parameters
        ----------
        a, b
            The shares of value at which A and B end, in (0, 1]. The defaults, 80 % and the next
            15 %, are a choice of this library after common use.

        Returns
        -------
        AbcClasses
            One class per row. The customer that crosses a line is above it, and equal customers
            are in one class.

        Raises
        ------
        SpecError
            A share is not in (0, 1], or they fall.

        Examples
        --------
        >>> import keyaccount as ka
        >>> ka.Concentration.of([8, 1, 1]).abc().labels.tolist()
        ['A', 'B', 'B']
        """
        return AbcClasses(self._source, a, b)

    def dependence(self, limit: float) -> Dependence:
        """Find the single customers that bring a stated share of the value or more.

        Parameters
        ----------
        limit
            The share of value from which the book hangs on a customer, above 0 and up to 1. There
            is no default. In use, for one: IFRS 8, paragraph 34, has a company disclose customers
            that bring 10 % or more of its revenue.

        Returns
        -------
        Dependence
            Whether there are any, who, and a finding.

        Raises
        ------
        SpecError
            The limit is not in (0, 1].

        Examples
        --------
        >>> import keyaccount as ka
        >>> ka.Concentration.of([2, 1, 1]).dependence(0.6).depends
        False
        """
        return dependence_on(self._source, limit)

    @cached_property
    def rank(self) -> Codes:
        """1 is the largest, equal values share the better rank, -1 where a row does not count."""
        found: Codes = self._source.spread(self._source.run_start + 1, -1)
        return found

    @cached_property
    def share(self) -> Floats:
        """The share of the value that each row brings; NaN where it does not count.

        Rounded once where all values are whole cents; else the total is rounded before.
        """
        return self._source.sums.shares_of(self.value)

    @cached_property
    def cumulative_share(self) -> Floats:
        """The share of the value of all customers with at least the value of the row."""
        if not self.total:
            return np.full(len(self), np.nan)
        start = self._source.run_start
        last = np.cumsum(np.bincount(start, minlength=self.n))[start] - 1
        found: Floats = self._source.spread(self._source.sums.shares_from_the_top()[last], np.nan)
        return found

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return each row's value, rank, shares and ABC class, for any DataFrame constructor."""
        found: dict[str, NDArray[Any]] = {} if self.ids is None else {"id": self.ids}
        return {
            **found,
            "value": self.value,
            "rank": self.rank,
            "share": self.share,
            "cumulative_share": self.cumulative_share,
            "abc": self.abc().labels,
        }

    def row(self, i: int) -> Record:
        """Return one customer: its rank, its share, its class by `abc`, and why."""
        i = checked_row(i, len(self))
        record: dict[str, Any] = {} if self.ids is None else {"id": self.ids[i]}
        record["value"] = value = float(self.value[i])
        if not np.isnan(value):
            record["rank"] = int(self.rank[i])
            record["share"] = float(self.share[i])
            record["cumulative_share"] = float(self.cumulative_share[i])
        classes = self.abc().row(i)
        return Record({**record, "class": classes["class"], "why": classes["why"]})

    def summary(self) -> Record:
        """Return the measures side by side.

        The top 1 % and 20 % and the 80 % of value are those of the rules of thumb.
        """
        most = self.customers_for(0.8)
        return Record(
            {
                "customers": self.n,
                "total": self.total,
                "largest customer": self.largest_share,
                "top 1 %": self.top_share(0.01),
                "top 20 %": self.top_share(0.2),
                "customers for 80 %": most.customers,
                "share of them": most.customer_share,
                "Gini": self.gini,
                "HHI": self.hhi,
                "as many equal customers": self.effective_number,
            }
        )

    @property
    def _gini_part(self) -> int:
        """The sum over all pairs of the differences, in units."""
        return 2 * self._source.sums.by_place - (self.n + 1) * self._source.sums.total

    def _share_of(self, count: int) -> float:
        return ratio(self._source.sums.top(count), self._source.sums.total)

    def _count(self, share: object, field: str) -> int:
        return ceil(stated_share(share, field) * self.n)
