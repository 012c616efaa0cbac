"""`Bridge`: from inference to a composite score, account by account, as real data come in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Columns, Floats, Objects
from keyaccount._record import Record, checked_row
from keyaccount._stamp import Stamped
from keyaccount._validators import count, exact_float, exact_int, field_name, optional, share
from keyaccount._view import Spec, View, Viewed
from keyaccount.errors import NotFittedError, SpecError
from keyaccount.findings import Finding
from keyaccount.rowwise import Column
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.inference.experience import ExperienceInference
from keyaccount.scoring.inference.inferences import Inferences
from keyaccount.scoring.ranking import competition_rank
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.values import PiecewiseLinear
from keyaccount.scoring.values.quantiles import at_equal_steps

_PARTS = 100
"""Into how many parts both distributions are cut; with no more accounts, each is a knot."""


def _kind(cls: type, hint: str) -> Any:
    def validate(instance: object, attribute: Any, value: Any) -> None:
        if not isinstance(value, cls):
            name = field_name(instance, attribute)
            raise SpecError.from_field(name, f"must be of type {cls.__name__}", value, hint)

    return validate


def _not_below(instance: Bridge, attribute: Any, value: Any) -> None:
    share(instance, attribute, value)
    if value < instance.at:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must be at least at ({instance.at:g})",
            value,
            "an account is judged by data alone from `full`, and begins to be from `at`.",
        )


@attrs.frozen
class Bridge(Spec):
    """From inference to a composite score, account by account, as real data come in.

    The two scores live on scales of their own: a switch from one to the other would move accounts
    past each other although nothing is known of them that was not known before. So the composite
    score is first put on the scale of inference: the account in the middle by data gets the middle
    inference, and so on for every share of the accounts (equipercentile equating). Where both
    methods order the accounts alike, each of them keeps exactly the score it had. Then an account
    moves by degrees: at a coverage of `at` it is still judged by inference alone, from `full` on by
    data alone, in between by both.

    What is unknown of an account's data must not cost it rank for having moved: under a weighted
    sum it is placed by the weighted mean of its known worths, not by a score in which the unknown
    counts 0. The bounds say what the unknown could still change.

    Parameters
    ----------
    inference
        The gates.
    scorer
        The composite score to move to.
    at
        The coverage of real data, in [0, 1], from which an account begins to be judged by it.
    full
        The coverage from which it is judged by data alone.
    min_accounts
        How many accounts must have come as far as `at` before any is moved.
    scale
        Learned: from a composite score to the scale of inference.
    learned_from
        Learned: how many accounts the scale rests on.

    Raises
    ------
    SpecError
        A field is not what it should be.

    References
    ----------
    Kolen & Brennan (2014), *Test Equating, Scaling, and Linking*, chapter 2, for equipercentile
    equating. Moving by degrees of coverage is a choice of this library.

    Examples
    --------
    >>> import keyaccount as ka
    >>> inference = ka.ExperienceInference(
    ...     [ka.Gate("match", [ka.Question("fit", "Does it fit?")], pass_mark=0.5)]
    ... )
    >>> scorer = ka.CompositeScorer(
    ...     criteria=[ka.Criterion("potential", column="potential", value=ka.Linear(0, 100))],
    ...     weights={"potential": 1.0},
    ... )
    >>> bridge = inference.to_composite(scorer, at=0.5, min_accounts=3)
    >>> book = {"fit": [0.2, 0.4, 0.6, 0.8], "potential": [10.0, 20.0, 30.0, None]}
    >>> found = bridge.fit(book).score(book)
    >>> found.value, found.method.tolist()  # the same order by both: nobody moves
    (array([0.1, 0.2, 0.8, 0.9]), ['composite', 'composite', 'composite', 'inference'])
    """

    inference: ExperienceInference = attrs.field(
        validator=_kind(ExperienceInference, "see experience_inference().")
    )
    scorer: CompositeScorer = attrs.field(validator=_kind(CompositeScorer, "see CompositeScorer."))
    at: float = attrs.field(kw_only=True, converter=exact_float, validator=share)
    full: float = attrs.field(
        default=1.0, kw_only=True, converter=exact_float, validator=_not_below
    )
    min_accounts: int = attrs.field(default=10, kw_only=True, converter=exact_int, validator=count)
    scale: PiecewiseLinear | None = attrs.field(
        default=None,
        kw_only=True,
        validator=optional(_kind(PiecewiseLinear, "leave it out: fit learns it.")),
    )
    learned_from: int | None = attrs.field(
        default=None, kw_only=True, converter=exact_int, validator=optional(count)
    )

    @property
    def is_fitted(self) -> bool:
        """Whether every constant is there."""
        return self.learned_from is not None and self.scorer.is_fitted

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns of both methods."""
        return tuple(dict.fromkeys([*self.inference.reads, *self.scorer.reads]))

    @property
    def writes(self) -> Mapping[str, Column]:
        """The columns it adds, by name."""
        names = ("score", "score_low", "score_high", "coverage")
        both = ("inference", "composite", "composite_share")
        return {name: Column("float") for name in (*names, *both)}

    def fit(self, columns: Columns) -> Bridge:
        """Learn the composite score, and its place on the scale of inference.

        Parameters
        ----------
        columns
            The book: answers and data side by side; any container of columns.

        Returns
        -------
        Bridge
            The same spec with its constants filled in. With fewer than `min_accounts` accounts that
            have come as far as `at`, everybody stays with inference.

        Raises
        ------
        NotEnoughDataError
            A constant of the composite score has no known value to be learned from.
        """
        scorer = self.scorer.fit(columns)
        inferred, scores = self.inference.infer(columns), scorer.score(columns)
        come = (scores.coverage >= self.at) & np.isfinite(scores.value)
        number = int(np.count_nonzero(come))
        scale = None
        if number >= max(self.min_accounts, 1):
            scale = _equated(np.sort(_by_known(scores)[come]), np.sort(inferred.score[come]))
        return attrs.evolve(self, scorer=scorer, scale=scale, learned_from=number)

    def score(self, columns: Columns) -> Bridged:
        """Judge each account by inference, by data, or by both, as far as its data have come.

        Raises
        ------
        NotFittedError
            `fit` has not been called.
        """
        if not self.is_fitted:
            raise NotFittedError.from_spec(type(self).__name__)
        return Bridged(self, self.inference.infer(columns), self.scorer.score(columns))

    def apply(self, columns: Columns) -> dict[str, NDArray[Any]]:
        """Compute the columns named in `writes`, aligned with the input by position."""
        return {**self.score(columns).row_wise_columns()}

    def composite_share(self, scores: Scores) -> Floats:
        """Say how far each account is judged by data: 0 by inference alone, 1 by data alone."""
        if self.scale is None:
            return np.zeros(len(scores))
        c = scores.coverage
        if self.full == self.at:
            moved = (c >= self.at).astype(np.float64)
        else:
            moved = np.clip((c - self.at) / (self.full - self.at), 0.0, 1.0) + 0.0
        return np.where(np.isfinite(scores.value), moved, 0.0)


def _by_known(scores: Scores) -> Floats:
    """Judge each account by its known data alone: the weighted mean of the worths that are known.

    Worths under a product or TOPSIS have no such mean; there the score itself is taken.
    """
    if scores.contribution_kind != "sum":
        return scores.value
    total, weight = np.zeros(len(scores)), np.zeros(len(scores))
    for i, w in enumerate(scores.weights):
        known = scores.known[:, i]
        total += np.where(known, w * scores.worths[:, i], 0.0)
        weight += np.where(known, w, 0.0)
    mean = np.divide(total, weight, out=scores.value.copy(), where=weight > 0.0)
    return np.where(np.isfinite(scores.value), mean, np.nan)


def _equated(data: Floats, inferred: Floats) -> PiecewiseLinear:
    """Pair two sorted samples, quantile by quantile; tied data get the mean of their partners.

    Below and above what was seen the scale runs on to 0 and 1, so that an account better than all
    of them stays ahead of them.
    """
    pairs: dict[float, list[float]] = {}
    for x, y in zip(at_equal_steps(data, _PARTS), at_equal_steps(inferred, _PARTS), strict=True):
        pairs.setdefault(x, []).append(y)
    points = [(x, math.fsum(ys) / len(ys)) for x, ys in pairs.items()]
    below = [(0.0, 0.0)] if points[0][0] > 0.0 else []
    above = [(1.0, 1.0)] if points[-1][0] < 1.0 else []
    return PiecewiseLinear([*below, *points, *above])


class Bridged(Stamped, Viewed):
    """What both methods say of each account, and the score that leads from one to the other.

    Attributes
    ----------
    value, low, high
        ``(n,)`` float64: the score on the scale of inference, and its bounds.
    composite_share
        ``(n,)`` float64: how far it rests on data: 0 by inference alone, 1 by data alone.
    method
        ``(n,)`` texts: ``"inference"``, ``"both"`` or ``"composite"``.
    inference, composite
        What each method says by itself: `Inferences` and `Scores`.
    rank, rank_by_inference, rank_by_composite
        ``(n,)`` int64: 1 is best, equal scores share the better rank.
    findings
        What a reader should know.

    Examples
    --------
    >>> import keyaccount as ka
    >>> gate = ka.Gate("match", [ka.Question("fit", "Does it fit?")], pass_mark=0.5)
    >>> scorer = ka.CompositeScorer(
    ...     criteria=[ka.Criterion("potential", column="potential", value=ka.Linear(0, 100))],
    ...     weights={"potential": 1.0},
    ... )
    >>> bridge = ka.ExperienceInference([gate]).to_composite(scorer, at=0.5, min_accounts=3)
    >>> book = {"fit": [0.2, 0.4, 0.6, 0.8], "potential": [10.0, 20.0, 30.0, None]}
    >>> bridge.fit(book).score(book).method.tolist()
    ['composite', 'composite', 'composite', 'inference']
    """

    def __init__(self, bridge: Bridge, inference: Inferences, composite: Scores) -> None:
        self._bridge = bridge
        self.inference: Inferences = inference
        self.composite: Scores = composite
        self.composite_share: Floats = bridge.composite_share(composite)
        self.value: Floats = self._blended(inference.score, _by_known(composite))
        self.value.flags.writeable = False

    def __len__(self) -> int:
        return len(self.value)

    def __repr__(self) -> str:
        return f"<Bridged scores of {len(self)} accounts, {self._moved()} of them moved>"

    def _view(self) -> View:
        return View(f"Bridged scores of {len(self):,} accounts", self.columns(), len(self))

    @property
    def spec(self) -> Bridge:
        """The spec that made it."""
        return self._bridge

    @cached_property
    def low(self) -> Floats:
        """The score with everything unknown at its worst."""
        blended = self._blended(self.inference.low, self.composite.low)
        return np.minimum(blended, self.value)  # the two are rounded on ways of their own

    @cached_property
    def high(self) -> Floats:
        """The score with everything unknown at its best."""
        return np.maximum(self._blended(self.inference.high, self.composite.high), self.value)

    @cached_property
    def method(self) -> Objects:
        """What each account is judged by."""
        names = np.array(["inference", "both", "composite"], dtype=object)
        step = (self.composite_share > 0.0).astype(np.int64) + (self.composite_share == 1.0)
        found: Objects = names[step]
        return found

    @cached_property
    def rank(self) -> Codes:
        """By the score: 1 is best."""
        return competition_rank(self.value)

    @cached_property
    def rank_by_inference(self) -> Codes:
        """By inference alone: 1 is best."""
        return self.inference.rank

    @cached_property
    def rank_by_composite(self) -> Codes:
        """By the composite score alone: 1 is best, -1 where there is none."""
        return self.composite.rank

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader should know."""
        return (*self._too_few(), *self.inference.findings, *self.composite.findings)

    def row_wise_columns(self) -> dict[str, Floats]:
        """Give what depends on each account alone as columns: all but the ranks."""
        return {
            "score": self.value,
            "score_low": self.low,
            "score_high": self.high,
            "coverage": self.composite.coverage,
            "inference": self.inference.score,
            "composite": self.composite.value,
            "composite_share": self.composite_share,
        }

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame."""
        return {
            **self.row_wise_columns(),
            "method": self.method,
            "rank": self.rank,
            "rank_by_inference": self.rank_by_inference,
            "rank_by_composite": self.rank_by_composite,
        }

    def row(self, i: int) -> Record:
        """Give one account as a readable record: both methods side by side."""
        i = checked_row(i, len(self))
        return Record({name: column[i] for name, column in self.columns().items()})

    def _blended(self, inferred: Floats, scored: Floats) -> Floats:
        if self._bridge.scale is None:
            return inferred.copy()
        moved: Bools = self.composite_share > 0.0
        share = self.composite_share[moved]
        value = inferred.copy()
        on_scale = self._bridge.scale.value(scored[moved])
        value[moved] = (1.0 - share) * inferred[moved] + share * on_scale
        return value

    def _moved(self) -> int:
        return int(np.count_nonzero(self.composite_share))

    def _too_few(self) -> tuple[Finding, ...]:
        bridge, count = self._bridge, self._bridge.learned_from or 0
        if bridge.scale is not None:
            return ()
        accounts = "account has" if count == 1 else "accounts have"
        message = (
            f"{count} {accounts} data for a coverage of {bridge.at:g}, and {bridge.min_accounts} "
            "are needed: all stay with inference"
        )
        return (Finding(code="too_few_moved", message=message, count=count, severity="info"),)
