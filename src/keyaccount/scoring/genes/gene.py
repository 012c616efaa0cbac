"""`Gene`: which industries or customers hold many, large and frequent deals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
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
    not_negative,
    optional,
    optional_float,
    positive,
    text,
    unique_names,
)
from keyaccount._view import Spec, View, Viewed
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.rowwise import Column
from keyaccount.scoring.genes.answering import ASKED, Answer, answers_of, asked_of
from keyaccount.scoring.genes.entry import GeneCounts, GeneEntry, GenePrior
from keyaccount.scoring.genes.learning import Terms, learn
from keyaccount.scoring.genes.notes import (
    alike,
    findings_of,
    no_population,
    no_spread,
    one_label,
    short_span,
)
from keyaccount.scoring.genes.population import read_population
from keyaccount.scoring.genes.reading import large_from, read_deals
from keyaccount.scoring.genes.views import MEASURES, columns_of, record_of
from keyaccount.stats._levels import checked_share, inner_share

__all__ = ["Gene"]


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
    if len(value) != len(ASKED):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be three names, for many, large and often",
            value,
            "leave it out for names made from the column.",
        )


def _level_of_proof(instance: object, attribute: Any, value: Any) -> None:
    if not is_finite(value) or not 0.5 <= value < 1.0:  # noqa: PLR2004 - a toss of a coin
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be at least 0.5 and below 1",
            value,
            "give the probability from which an answer counts, such as 0.9.",
        )


def _codes_by_column(gene: Gene) -> tuple[str, ...]:
    return _code_names(gene.by, {})


@attrs.frozen(slots=False)
class Gene(Viewed, Spec):
    """What deals say of each industry or customer: many large ones, how large, how often.

    Made by `Gene.fit` from won deals. A label with few deals is shrunk toward the pool of all
    labels. An answer is given only where the deals decide it: a measure that tells the labels apart
    no better than chance answers nothing, and neither does a probability that is not sure.

    Parameters
    ----------
    by
        The column of labels: the industry, or the customer.
    entries
        What was learned of each label, sorted by label.
    large
        The amount from which a deal is large.
    many, share, size, recurrence, per_year, per_account_year
        What each measure is shrunk toward; None where it could not be learned.
    years
        The time the deals were seen in; None where it is not known.
    min_years
        The time below which nothing is said by the year.
    stretches
        Into how many stretches the time was divided for the recurrence; None without one.
    level
        The probability that the intervals hold.
    min_deals
        From how many deals a label has an answer.
    sure
        The probability from which an answer is given; below ``1 - sure`` it is a no.
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
    The beta-binomial, gamma-Poisson and normal models, over all strengths of the prior as far as
    the deals leave them probable and with the error of the pool's mean (`Mixture`), so that an
    interval holds about as often as it says also with a dozen labels. Deals count as independent;
    one customer's run of deals looks like many. The pool counts a label's own deals.

    Examples
    --------
    >>> import keyaccount as ka
    >>> deals = {
    ...     "industry": ["finance"] * 40 + ["retail"] * 30 + ["health"] * 12 + ["energy"],
    ...     "amount": [900, 600] * 20 + [60, 70, 800] * 10 + [700, 550, 40] * 4 + [950],
    ... }
    >>> gene = ka.Gene.fit(deals, large=500)
    >>> asked = {"industry": ["finance", "retail", "health", "energy"]}
    >>> gene.answers(asked)["industry_gene_many"].round(2)
    array([1.  , 0.09, 0.03,  nan])
    >>> print(gene.row("health"))
    industry               health
    deals                  12
    large deals            8
    large from             500
    enough                 yes
    answers
      many                 0.0268593
      large                0.0445509
      often                not measured
    number of large deals
      raw                  8
      shrunk               8.42226
      low                  4.32117
      high                 13.6087
      lift                 0.571001
      above                0.0268593
      pool                 14.75
    share of large deals
      raw                  0.666667
      shrunk               0.671222
      low                  0.44984
      high                 0.861458
      lift                 0.944261
      above                0.406221
      pool                 0.710843
    typical large deal
      raw                  620.484
      shrunk               651.248
      low                  581.212
      high                 729.446
      lift                 0.889954
      above                0.0445509
      pool                 731.777
    """

    by: str = attrs.field(validator=text)
    entries: tuple[GeneEntry, ...] = attrs.field(converter=_sorted_entries, validator=_once_each)
    large: float = attrs.field(kw_only=True, converter=exact_float, validator=positive)
    many: GenePrior = attrs.field(kw_only=True)
    share: GenePrior = attrs.field(kw_only=True)
    size: GenePrior | None = attrs.field(kw_only=True, default=None)
    recurrence: GenePrior | None = attrs.field(kw_only=True, default=None)
    per_year: GenePrior | None = attrs.field(kw_only=True, default=None)
    per_account_year: GenePrior | None = attrs.field(kw_only=True, default=None)
    years: float | None = attrs.field(
        kw_only=True, default=None, converter=optional_float, validator=optional(positive)
    )
    min_years: float = attrs.field(
        kw_only=True, default=0.5, converter=exact_float, validator=not_negative
    )
    stretches: int | None = attrs.field(
        kw_only=True, default=None, converter=exact_int, validator=optional(count)
    )
    level: float = attrs.field(
        kw_only=True, default=0.9, converter=exact_float, validator=inner_share
    )
    min_deals: int = attrs.field(kw_only=True, default=10, converter=exact_int, validator=count)
    sure: float = attrs.field(
        kw_only=True, default=0.9, converter=exact_float, validator=_level_of_proof
    )
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
        accounts_of: Mapping[str, float] | None = None,
        years: float | None = None,
        min_years: float = 0.5,
        stretches_a_year: int = 4,
        level: float = 0.9,
        min_deals: int = 10,
        sure: float = 0.9,
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
            Column of days. The time is that from the first to the last day of all deals, both
            counted, in years of 365.25 days. Deals without a day count as well.
        account
            Column of accounts, to count the buyers of each label. No answer depends on it: whoever
            never bought is not in it, so that a rate by buyer is high where there are few.
        accounts_of
            How many accounts each label has, buyers or not. With it ``"often"`` is answered by the
            large deals per account and year, and a label it does not name has no such answer.
        years
            The time the deals were seen in, where it is known better than from `at`.
        min_years
            The time below which nothing is said by the year, nor of what recurs (half a year: a
            choice of this library).
        stretches_a_year
            Into how many stretches a year is divided for the recurrence (4: a choice of this
            library, since known deals seldom reach back over enough whole years).
        level
            The probability that the intervals hold.
        min_deals
            From how many deals a label has an answer (10: a choice of this library).
        sure
            The probability from which a label counts as above the pool, and below ``1 - sure`` as
            below it; in between there is no answer (0.9: a choice of this library).
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
        shortest = _at_least(0.0, "min_years", min_years)
        parts = _whole("stretches_a_year", stretches_a_year)
        found = read_deals(deals, by, amount=amount, at=at, account=account)
        terms = Terms(
            large=large_from(found.amounts, large_share) if stated is None else stated,
            years=found.years if window is None else window,
            min_years=shortest,
            stretches_a_year=parts,
            population=None if accounts_of is None else read_population(accounts_of, found, by),
            level=level,
        )
        learned = learn(found, terms)
        return cls(
            by,
            learned.entries,
            **learned.priors,
            large=terms.large,
            years=terms.years,
            min_years=shortest,
            stretches=learned.stretches,
            level=level,
            min_deals=min_deals,
            sure=sure,
            codes=_code_names(by, codes or {}),
            counts=found.counts,
        )

    def __getstate__(self) -> dict[str, Any]:
        """Leave the lookup behind: it is made anew where the gene goes."""
        return {k: v for k, v in self.__dict__.items() if k != "_lookup"}

    def __len__(self) -> int:
        return len(self.entries)

    def _view(self) -> View:
        title = f"Gene of {len(self):,} labels by {self.by}, large from {self.large:,.6g}"
        return View(title, self.columns(), len(self))

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
        told = list(findings_of(self.counts, self.by, self.large_deals, self.large))
        priors = self._priors()
        if self.years is not None and self.years < self.min_years:
            told.append(short_span(self.years, self.min_years))
        if len(self) == 1:
            told.append(one_label(self.by))
        sizes = [e.size for e in self.entries if e.size is not None]
        if len(self) > 1 and sizes and all(size.above is None for size in sizes):
            told.append(no_spread())
        if self.per_account_year is not None:
            missing = [e.label for e in self.entries if e.per_account_year is None]
            told.extend([no_population(missing)] if missing else [])
        asked = {MEASURES[m]: priors[m] for m in asked_of(priors).values() if m in priors}
        return (*told, *alike({**asked, MEASURES["share"]: self.share}, len(self)))

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
            Three columns in [0, 1], named by `codes`. ``many``: the probability that the label has
            more large deals than the labels have on average. ``large``: that its large deals are
            larger. ``often``: that they recur in more stretches of the time; or come more often per
            account and year, where `accounts_of` was given. NaN, to be asked, where the label is
            missing, was never seen or has not enough deals; where it is the only one; where the
            measure could not be learned or does not tell the labels apart beyond chance; and where
            the probability is not sure, between ``1 - sure`` and `sure`.

        Examples
        --------
        >>> import keyaccount as ka
        >>> deals = {"customer": ["A"] * 30 + ["B"] * 30 + ["C"], "amount": [9] * 28 + [1] * 33}
        >>> gene = ka.Gene.fit(deals, by="customer", large=5)
        >>> gene.answers({"customer": ["A", "B", "C", None]})["customer_gene_many"].round(2)
        array([ 1.,  0., nan, nan])
        """
        found = labels(columns, self.by)
        position, table = self._lookup
        none = len(self.entries)
        rows = np.array(
            [position.get(name, none) for name in found.labels] + [none], dtype=np.int64
        )
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
        entry = self._entry(label)
        answers = dict(zip(ASKED, self._answers(entry), strict=True))
        return record_of(
            self.by, entry, self._priors(), answers, min_deals=self.min_deals, large=self.large
        )

    def _priors(self) -> dict[str, GenePrior]:
        """Give the pool of each measure that could be learned, by name."""
        found = {name: getattr(self, name) for name in MEASURES}
        return {name: prior for name, prior in found.items() if prior is not None}

    @cached_property
    def _lookup(self) -> tuple[dict[str, int], Floats]:
        """The row of each label and the answers by row, the last one for labels without any."""
        position = {name: i for i, name in enumerate(self.labels)}
        answers = [tuple(a.value for a in self._answers(e)) for e in self.entries]
        return position, np.array([*answers, (math.nan,) * len(ASKED)], dtype=np.float64)

    def _entry(self, label: str) -> GeneEntry:
        i = self._lookup[0].get(label)
        if i is None:
            raise SpecError.from_choice(self.by, label, self.labels)
        return self.entries[i]

    def _answers(self, entry: GeneEntry) -> tuple[Answer, ...]:
        priors, n = self._priors(), len(self)
        return answers_of(entry, priors, n_labels=n, min_deals=self.min_deals, sure=self.sure)


def _code_names(by: str, codes: Mapping[str, str]) -> tuple[str, ...]:
    for asked in codes:
        if asked not in ASKED:
            field = "Gene.fit(codes)"
            raise SpecError.from_choice(field, asked, ASKED)
    return tuple(codes.get(asked, f"{by}_gene_{asked}") for asked in ASKED)


def _above_0(option: str, value: float | None) -> float | None:
    if value is None:
        return None
    exact: float = exact_float(value)
    if not is_finite(exact) or exact <= 0.0:
        field = f"Gene.fit({option})"
        hint = "give a finite number above 0, or leave it out."
        raise SpecError.from_field(field, "must be a finite number above 0", value, hint)
    return exact


def _whole(option: str, value: Any) -> int:
    exact = _at_least(1.0, option, value)
    if not exact.is_integer():
        field = f"Gene.fit({option})"
        raise SpecError.from_field(field, "must be a whole number", value, "such as 4, or 12.")
    return int(exact)


def _at_least(least: float, option: str, value: Any) -> float:
    exact = exact_float(value)
    if not is_finite(exact) or exact < least:
        field = f"Gene.fit({option})"
        hint = "leave it out for the value of this library."
        raise SpecError.from_field(field, f"must be a number of at least {least:g}", value, hint)
    return float(exact)
