"""`Gene`: which industries or customers hold many, large and frequent deals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Self

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Columns, Floats, labels
from keyaccount._record import Record
from keyaccount._validators import (
    count,
    exact_float,
    exact_int,
    exact_tuple,
    field_name,
    is_finite,
    optional,
    optional_float,
    positive,
    text,
    unique_names,
)
from keyaccount._view import html_table
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.rowwise import Column
from keyaccount.scoring.genes.entry import GeneCounts, GeneEntry, GeneMeasure, GenePrior
from keyaccount.scoring.genes.learning import learn
from keyaccount.scoring.genes.notes import alike, findings_of
from keyaccount.scoring.genes.reading import large_from, read_deals
from keyaccount.scoring.genes.views import MEASURES, columns_of, record_of
from keyaccount.stats._levels import checked_share, inner_share

__all__ = ["Gene"]

_ASKED = ("many", "large", "often")


def _sorted_entries(value: Any) -> Any:
    """Put entries in the order of their labels, so that equal genes are equal."""
    entries = exact_tuple(value)
    if isinstance(entries, tuple) and all(isinstance(e, GeneEntry) for e in entries):
        return tuple(sorted(entries, key=lambda e: e.label))
    return entries


def _once_each(instance: object, attribute: Any, value: Any) -> None:
    good = isinstance(value, tuple) and all(isinstance(e, GeneEntry) for e in value)
    names = [e.label for e in value] if good else []
    if not good or len(set(names)) < len(names):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be entries, one for each label",
            names or value,
            "let Gene.fit learn them.",
        )


def _three(instance: object, attribute: Any, value: Any) -> None:
    unique_names(instance, attribute, value)
    if len(value) != len(_ASKED):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be three names, for many, large and often",
            value,
            "leave it out for names made from the column.",
        )


def _codes_by_column(gene: Gene) -> tuple[str, ...]:
    return _code_names(gene.by, {})


@attrs.frozen
class Gene:
    """What deals say of each industry or customer: many large ones, how large, how often.

    Made by `Gene.fit` from won deals. A label with few deals is shrunk toward the pool of all
    labels, and one with fewer than `min_deals` has no answer yet.

    Parameters
    ----------
    by
        The column of labels: the industry, or the customer.
    entries
        What was learned of each label, sorted by label.
    large
        The amount from which a deal is large.
    share, size, per_year, per_account_year
        What each measure is shrunk toward; None where it could not be learned.
    years
        The time the deals were seen in; None where it is not known.
    level
        The probability that the intervals hold.
    min_deals
        From how many deals a label has an answer.
    codes
        The names of the three columns of answers.
    counts
        What was read, and what was left out.

    Raises
    ------
    SpecError
        A field is not what it should be.

    Notes
    -----
    The beta-binomial, gamma-Poisson and normal models of `shrink_rates`, `shrink_event_rates` and
    `shrink_means`, each with its strength learned by empirical Bayes. The pool counts a label's own
    deals, and the intervals take it as known.

    Examples
    --------
    >>> import keyaccount as ka
    >>> deals = {
    ...     "industry": ["finance"] * 12 + ["retail"] * 12 + ["energy"],
    ...     "amount": [50, 900, 800] * 4 + [60, 70, 90, 800] * 3 + [950],
    ... }
    >>> gene = ka.Gene.fit(deals, large=500)
    >>> gene.answers({"industry": ["finance", "retail", "energy"]})["industry_gene_many"].round(2)
    array([0.84, 0.11,  nan])
    >>> print(gene.row("energy"))
    industry              energy
    deals                 1
    large deals           1
    large from            500
    enough                not enough deals (1 of 10)
    share of large deals
      raw                 1
      shrunk              0.528576
      low                 0.284776
      high                0.766029
      lift                1.1012
      above               0.626435
      pool                0.48
    typical large deal
      raw                 950
      shrunk              875.535
      low                 832.14
      high                921.193
      lift                1.03732
      above               0.882113
      pool                844.035
    """

    by: str = attrs.field(validator=text)
    entries: tuple[GeneEntry, ...] = attrs.field(converter=_sorted_entries, validator=_once_each)
    large: float = attrs.field(kw_only=True, converter=exact_float, validator=positive)
    share: GenePrior = attrs.field(kw_only=True)
    size: GenePrior | None = attrs.field(kw_only=True, default=None)
    per_year: GenePrior | None = attrs.field(kw_only=True, default=None)
    per_account_year: GenePrior | None = attrs.field(kw_only=True, default=None)
    years: float | None = attrs.field(
        kw_only=True, default=None, converter=optional_float, validator=optional(positive)
    )
    level: float = attrs.field(
        kw_only=True, default=0.9, converter=exact_float, validator=inner_share
    )
    min_deals: int = attrs.field(kw_only=True, default=10, converter=exact_int, validator=count)
    codes: tuple[str, ...] = attrs.field(
        kw_only=True,
        default=attrs.Factory(_codes_by_column, takes_self=True),
        converter=exact_tuple,
        validator=_three,
    )
    counts: GeneCounts = attrs.field(kw_only=True)

    @classmethod
    def fit(
        cls,
        deals: Columns,
        by: str = "industry",
        *,
        amount: str = "amount",
        large: float | None = None,
        large_share: float = 0.2,
        at: str | None = None,
        account: str | None = None,
        years: float | None = None,
        level: float = 0.9,
        min_deals: int = 10,
        codes: Mapping[str, str] | None = None,
    ) -> Self:
        """Learn a gene from won deals.

        Parameters
        ----------
        deals
            Any container of columns, one won deal per row.
        by
            Column of labels: the industry, or the customer. Rows without one are left out.
        amount
            Column of money. Missing, infinite and negative amounts are left out; an amount of 0 is
            a deal, and never a large one.
        large
            The amount from which a deal is large. None: that of the deal at which `large_share` of
            the deals above 0 is reached, counted from the largest.
        large_share
            The upper fifth by default (a choice of this library).
        at
            Column of days. The exposure of each label is the time from the first to the last day of
            all deals, both counted, in years of 365.25 days. Deals without a day count as well.
        account
            Column of accounts. A label's accounts are those that made at least one of its deals;
            whoever never bought is not among them.
        years
            The time the deals were seen in, where it is known better than from `at`.
        level
            The probability that the intervals hold.
        min_deals
            From how many deals a label has an answer (10: a choice of this library).
        codes
            Names of the columns of answers for ``"many"``, ``"large"``, ``"often"``; left out:
            ``industry_gene_many`` and so on, after `by`.

        Returns
        -------
        Gene
            With one entry per label. Its findings say what was left out.

        Raises
        ------
        NotEnoughDataError
            No row has both a label and an amount.
        SpecError
            An option is not what it should be.

        Examples
        --------
        >>> import keyaccount as ka
        >>> deals = {"customer": ["A", "A", "B"], "amount": [10.0, 90.0, 40.0]}
        >>> gene = ka.Gene.fit(deals, by="customer", large=50, years=2)
        >>> gene.entries[0].large_deals, gene.entries[0].per_year.raw
        (1, 0.5)
        """
        stated, window = _above_0("large", large), _above_0("years", years)
        checked_share(level, "Gene.fit(level)")
        checked_share(large_share, "Gene.fit(large_share)")
        found = read_deals(deals, by, amount=amount, at=at, account=account)
        from_ = large_from(found.amounts, large_share) if stated is None else stated
        seen = found.years if window is None else window
        learned = learn(found, from_, seen, level)
        return cls(
            by,
            learned.entries,
            large=from_,
            share=learned.share,
            size=learned.size,
            per_year=learned.per_year,
            per_account_year=learned.per_account_year,
            years=seen,
            level=level,
            min_deals=min_deals,
            codes=_code_names(by, codes or {}),
            counts=found.counts,
        )

    def __len__(self) -> int:
        return len(self.entries)

    def _repr_html_(self) -> str:
        title = f"Gene of {len(self):,} labels by {self.by}, large from {self.large:,.6g}"
        return html_table(title, self.columns(), len(self))

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels there is an entry for, sorted."""
        return tuple(e.label for e in self.entries)

    @property
    def deals(self) -> int:
        """How many deals were learned from."""
        return sum(e.deals for e in self.entries)

    @property
    def large_deals(self) -> int:
        """How many of them are large."""
        return sum(e.large_deals for e in self.entries)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was left out of the deals, and where the labels do not differ beyond chance."""
        named = {MEASURES[name]: prior for name, prior in self._priors().items()}
        left_out = findings_of(self.counts, self.by, self.large_deals, self.large)
        return left_out + alike(named, len(self))

    @property
    def reads(self) -> tuple[str, ...]:
        """The column of labels."""
        return (self.by,)

    @property
    def writes(self) -> dict[str, Column]:
        """The three columns of answers."""
        return {name: Column("float") for name in self.codes}

    def apply(self, columns: Columns) -> dict[str, NDArray[Any]]:
        """Look up the answers for each row, as `answers` does."""
        return dict(self.answers(columns))

    def answers(self, columns: Columns) -> dict[str, Floats]:
        """Answer three questions about the industry or customer of each row.

        Parameters
        ----------
        columns
            Any container with the column of labels.

        Returns
        -------
        dict
            Three columns in [0, 1], named by `codes`: the probability that a larger share of the
            label's deals is large than in the pool; that its large deals are larger; that they come
            more often. NaN, to be asked, where the label is missing, was never seen or has not
            enough deals, and where the measure could not be learned.

        Examples
        --------
        >>> import keyaccount as ka
        >>> deals = {"customer": ["A"] * 8 + ["B"] * 8 + ["C"], "amount": [9] * 7 + [1] * 9 + [9]}
        >>> gene = ka.Gene.fit(deals, by="customer", large=5, min_deals=8)
        >>> gene.answers({"customer": ["A", "B", "C", None]})["customer_gene_many"].round(2)
        array([0.99, 0.  ,  nan,  nan])
        """
        found = labels(columns, self.by)
        position = {name: i for i, name in enumerate(self.labels)}
        none = len(self.entries)
        rows = np.array(
            [position.get(name, none) for name in found.labels] + [none], dtype=np.int64
        )
        table = np.array([*map(self._answers, self.entries), (math.nan,) * 3], dtype=np.float64)
        by_row = table[rows[found.codes]]
        return {name: np.ascontiguousarray(by_row[:, j]) for j, name in enumerate(self.codes)}

    def enough(self, label: str) -> bool:
        """Say whether a label has enough deals for an answer.

        Raises
        ------
        SpecError
            Nothing was learned of the label.
        """
        return self._entry(label).deals >= self.min_deals

    def columns(self) -> dict[str, NDArray[Any]]:
        """Give what was learned as columns, one row per label, for any DataFrame constructor.

        Counts that are not known are -1, measures NaN.
        """
        return columns_of(self.by, self.entries, self._priors(), self.min_deals)

    def row(self, label: str) -> Record:
        """Give what was learned of one label as a readable record.

        Raises
        ------
        SpecError
            Nothing was learned of the label.
        """
        return record_of(self.by, self._entry(label), self._priors(), self.min_deals, self.large)

    def _priors(self) -> dict[str, GenePrior]:
        """Give the pool of each measure that could be learned, by name."""
        found = {name: getattr(self, name) for name in MEASURES}
        return {name: prior for name, prior in found.items() if prior is not None}

    def _entry(self, label: str) -> GeneEntry:
        for entry in self.entries:
            if entry.label == label:
                return entry
        raise SpecError.from_choice(self.by, label, self.labels)

    def _answers(self, entry: GeneEntry) -> tuple[float, float, float]:
        if entry.deals < self.min_deals:
            return math.nan, math.nan, math.nan
        return _above(entry.share), _above(entry.size), _above(entry.often)


def _above(measure: GeneMeasure | None) -> float:
    return math.nan if measure is None or measure.above is None else measure.above


def _code_names(by: str, codes: Mapping[str, str]) -> tuple[str, ...]:
    for asked in codes:
        if asked not in _ASKED:
            field = "Gene.fit(codes)"
            raise SpecError.from_choice(field, asked, _ASKED)
    return tuple(codes.get(asked, f"{by}_gene_{asked}") for asked in _ASKED)


def _above_0(option: str, value: float | None) -> float | None:
    if value is None:
        return None
    exact: float = exact_float(value)
    if not is_finite(exact) or exact <= 0.0:
        field = f"Gene.fit({option})"
        hint = "give a finite number above 0, or leave it out."
        raise SpecError.from_field(field, "must be a finite number above 0", value, hint)
    return exact
