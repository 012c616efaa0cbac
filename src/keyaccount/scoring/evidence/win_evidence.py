"""`WinEvidence`: naive Bayes on won and lost deals, with every factor open to inspection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Columns
from keyaccount._validators import (
    a_date,
    count,
    exact_date,
    exact_float,
    exact_int,
    exact_tuple,
    optional,
)
from keyaccount._view import Spec
from keyaccount.bands import Cuts
from keyaccount.errors import NotFittedError, SpecError
from keyaccount.groups import ByGroup
from keyaccount.rowwise import Column
from keyaccount.scoring.evidence.checks import (
    as_bands,
    as_pairs,
    bands_of_fields,
    counts_of_fields,
    no_field,
    numbers_of_deals,
    some_fields,
    weight_in_deals,
)
from keyaccount.scoring.evidence.counts import WinCounts
from keyaccount.scoring.evidence.learning import (
    DealBook,
    Reading,
    learn_counts,
    read_book,
    read_facts,
)
from keyaccount.scoring.evidence.plan import Plan
from keyaccount.scoring.evidence.probabilities import WinProbabilities

__all__ = ["WinEvidence"]


@attrs.frozen(kw_only=True, slots=False)
class WinEvidence(Spec):
    """What won and lost deals say about the deals that are open: naive Bayes.

    `WinEvidence.fit` learns from past deals how often each label occurs on won and on lost ones;
    `predict` multiplies the odds of winning by what each fact of a deal makes of them, and tells
    the factors with the deals behind them. `held_out_evidence` says whether that is worth anything.

    Parameters
    ----------
    fields
        The columns that are facts, in the order in which their terms are added: known before the
        outcome is. A field that is filled in on closing (a reason for the loss, a discount granted
        at the end) gives the outcome away, and no split by time can notice it.
    bands
        Column to its cuts, for numbers: each band is a label of its own.
    smoothing
        Deals added to the won and to the lost ones of every label, so that what has not happened
        yet is not impossible. The default of 1 is Laplace's.
    team
        The column of teams that learn from their own deals.
    min_team
        How many won deals, and how many lost ones, a team needs for that; other teams, and deals
        without a team, are judged by all deals. The default of 30 is a choice of this library.
    team_strength
        How many deals the pool's say weighs against a team's own. The default of 30 is a choice of
        this library.
    before
        The day before which the deals learned from were closed, if they were chosen by time.
    counts
        Learned: won and lost deals, in all and by label, of all deals and of each team.
    left_out
        Learned: deals that were not learned from, by reason.

    Raises
    ------
    SpecError
        A field is not what it should be.

    Notes
    -----
    The factor of a label is ``log(P(label | won) / P(label | lost))`` with
    ``P(label | won) = (won deals with it + s) / (won deals whose label is known + s·K)``, where
    ``K`` labels were seen in learning. What is missing, or was never seen, has the factor 0: it
    changes nothing. Where nothing is missing this is the multinomial naive Bayes classifier with
    additive smoothing.

    A team's own factor is the log odds of its win rate with the label, less the log odds of its win
    rate. Both rates are shrunk with the weight of `team_strength` deals (the conjugate
    beta-binomial model, as `BetaPrior`): the latter toward the win rate of all deals, the former
    toward what the team's odds times the pool's factor expect. A label that the team has never met
    has the pool's factor.

    Facts count as independent of each other given the outcome. Where they are not (a product sold
    to one sector only), the probabilities go too near 0 and 1; `held_out_evidence` shows it.

    Prediction is row-wise: terms are added in declared order, and a deal alone has the same
    probability as in a batch, to the last bit.

    References
    ----------
    Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd edition, 6.6.3. Gelman
    et al., Bayesian Data Analysis, 3rd edition, 2.4.

    Examples
    --------
    >>> import keyaccount as ka
    >>> past = {
    ...     "sector": ["retail", "retail", "retail", "finance", "finance", "finance", "finance"],
    ...     "amount": [500, 800, 9_000, 700, 8_000, 12_000, 3_000],
    ...     "won": [True, True, False, True, False, False, None],
    ... }
    >>> evidence = ka.WinEvidence.fit(past, ["sector", "amount"], bands={"amount": (1_000, 5_000)})
    >>> dict(evidence.left_out)["open"]
    1
    >>> evidence.predict({"sector": "retail", "amount": 600.0}).probability.round(2)
    array([0.86])
    """

    fields: tuple[str, ...] = attrs.field(converter=exact_tuple, validator=some_fields)
    bands: tuple[tuple[str, Cuts], ...] = attrs.field(
        default=(), converter=as_bands, validator=bands_of_fields
    )
    smoothing: float = attrs.field(default=1.0, converter=exact_float, validator=weight_in_deals)
    team: str | None = attrs.field(default=None, validator=no_field)
    min_team: int = attrs.field(default=30, converter=exact_int, validator=count)
    team_strength: float = attrs.field(
        default=30.0, converter=exact_float, validator=weight_in_deals
    )
    before: date | None = attrs.field(
        default=None, converter=exact_date, validator=optional(a_date)
    )
    counts: ByGroup[WinCounts] | None = attrs.field(default=None, validator=counts_of_fields)
    left_out: tuple[tuple[str, int], ...] = attrs.field(
        default=(), converter=as_pairs, validator=numbers_of_deals
    )

    def __getstate__(self) -> dict[str, Any]:
        """Leave the plan behind: it is made anew where the spec goes."""
        return {k: v for k, v in self.__dict__.items() if k != "_plan"}

    @classmethod
    def fit(
        cls,
        deals: Columns,
        fields: Sequence[str],
        won: str = "won",
        *,
        bands: Mapping[str, Cuts | Sequence[float]] | None = None,
        smoothing: float = 1.0,
        team: str | None = None,
        min_team: int = 30,
        team_strength: float = 30.0,
        closed: str | None = None,
        before: date | str | None = None,
    ) -> WinEvidence:
        """Learn from past deals.

        Parameters
        ----------
        deals
            One row per deal: any container of columns.
        fields, bands, smoothing, team, min_team, team_strength
            As in the class.
        won
            The column that says what became of a deal: true or 1 won, false or 0 lost, missing
            still open. Open deals are left out and counted.
        closed, before
            The column of the day on which a deal was closed, and the day before which deals must
            have been closed to be learned from. Deals of unknown day are left out and counted.

        Returns
        -------
        WinEvidence
            A spec that holds what was learned. The order of the deals does not matter.

        Raises
        ------
        NotEnoughDataError
            There is no won deal to learn from, or no lost one.
        ColumnNotFoundError, ColumnError, RowError
            A column is not there, or does not hold what it should.
        SpecError
            An option is not what it should be.

        Examples
        --------
        >>> import keyaccount as ka
        >>> past = {
        ...     "sector": ["retail", "retail", "finance", "finance"],
        ...     "won": [True, False, True, False],
        ...     "closed": ["2026-03-01", "2026-05-01", "2026-06-01", "2026-07-01"],
        ... }
        >>> evidence = ka.WinEvidence.fit(past, ["sector"], closed="closed", before="2026-07-01")
        >>> evidence.left_out
        (('open', 0), ('no close date', 0), ('closed later', 1))
        """
        spec = cls(
            fields=fields,
            bands=bands,
            smoothing=smoothing,
            team=team,
            min_team=min_team,
            team_strength=team_strength,
            before=before,
        )
        refuse_leaks(spec, won, closed)
        if (closed is None) != (before is None):
            raise SpecError.from_field(
                "WinEvidence.fit(closed, before)",
                "go together",
                (closed, before),
                'write for instance closed="close_date", before="2026-07-01".',
            )
        book = read_book(deals, reading_of(spec), won, closed)
        return learned(spec, book)

    @property
    def learned_from(self) -> tuple[int, int]:
        """Won and lost deals learned from.

        Raises
        ------
        NotFittedError
            Nothing was learned yet.
        """
        pool = self._learned.of(None)
        return pool.won, pool.lost

    @property
    def base_rate(self) -> float:
        """The win rate of the deals learned from."""
        won, lost = self.learned_from
        return won / (won + lost)

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns it needs."""
        return self.fields if self.team is None else (*self.fields, self.team)

    @property
    def writes(self) -> Mapping[str, Column]:
        """The columns it adds, by name."""
        names = ["win_probability", "win_log_odds", *(f"factor_{name}" for name in self.fields)]
        return {name: Column("float") for name in names}

    def predict(self, deals: Columns) -> WinProbabilities:
        """Say how likely each deal is to be won.

        Parameters
        ----------
        deals
            Any container of columns, or a dict of scalars for one deal.

        Returns
        -------
        WinProbabilities
            Probability, log odds, and the factor of each fact with the deals behind it, aligned
            with the input by position.

        Raises
        ------
        NotFittedError
            Nothing was learned yet.
        ColumnNotFoundError, ColumnError, RowError
            A column is not there, or one with bands holds no numbers.
        """
        facts, team = read_facts(deals, reading_of(self))
        return WinProbabilities(self, self._plan, facts, team)

    def apply(self, columns: Columns) -> dict[str, NDArray[Any]]:
        """Compute the columns named in `writes`, aligned with the input by position."""
        return self.predict(columns).row_wise_columns()

    def table(self) -> dict[str, NDArray[Any]]:
        """List every label of every field with its deals and its factor, of all deals.

        Returns
        -------
        dict
            Columns ``field``, ``label``, ``won``, ``lost`` and ``factor``: what the odds of winning
            are multiplied by. For any DataFrame constructor.

        Examples
        --------
        >>> import keyaccount as ka
        >>> past = {"sector": ["retail", "retail", "finance"], "won": [True, True, False]}
        >>> table = ka.WinEvidence.fit(past, ["sector"]).table()
        >>> table["label"].tolist(), table["factor"].round(2).tolist()
        (['finance', 'retail'], [0.38, 2.25])
        """
        parts = list(zip(self.fields, self._plan.factors, strict=True))
        return {
            "field": np.array([n for n, f in parts for _ in f.labels], dtype=object),
            "label": np.array([label for _, f in parts for label in f.labels], dtype=object),
            "won": np.concatenate([f.deals[:-1, 0] for _, f in parts]),
            "lost": np.concatenate([f.deals[:-1, 1] for _, f in parts]),
            "factor": np.exp(np.concatenate([f.pool[:-1] for _, f in parts])),
        }

    @property
    def _learned(self) -> ByGroup[WinCounts]:
        if self.counts is None:
            raise NotFittedError.from_spec("win evidence")
        return self.counts

    @cached_property
    def _plan(self) -> Plan:
        """The spec made ready to run; made once, when it is first used."""
        return Plan(self.fields, self._learned, self.smoothing, self.team_strength)


def learned(spec: WinEvidence, book: DealBook) -> WinEvidence:
    """Count the deals of a book that is read: those closed before the day, where there is one."""
    ended = book.ended
    dated = earlier = np.ones(len(ended), dtype=np.bool_)
    if book.closed is not None and spec.before is not None:
        dated = ~np.isnat(book.closed)
        earlier = book.closed < np.datetime64(spec.before, "D")
    left_out = (
        ("open", _count(~ended)),
        ("no close date", _count(ended & ~dated)),
        ("closed later", _count(ended & dated & ~earlier)),
    )
    counts = learn_counts(book, ended & dated & earlier, spec.min_team)
    return attrs.evolve(spec, counts=counts, left_out=left_out)


def reading_of(spec: WinEvidence) -> Reading:
    """Say how the columns of a deal are read."""
    return Reading(spec.fields, dict(spec.bands), spec.team)


def refuse_leaks(spec: WinEvidence, won: str, closed: str | None) -> None:
    """Refuse the outcome, or the day it was known, as evidence for itself."""
    for name in (won, closed):
        if name is not None and name in spec.reads:
            raise SpecError.from_field(
                "WinEvidence.fields",
                "must not hold what is only known with the outcome",
                name,
                "name what is known of a deal before it is decided.",
            )


def _count(flags: Bools) -> int:
    return int(np.count_nonzero(flags))
