"""`StageChain`: how accounts move between states, where that leads, and what it is worth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any, final

import attrs
import numpy as np

from keyaccount._columns import Columns, Floats
from keyaccount._validators import (
    count,
    exact_float,
    exact_int,
    exact_tuple,
    float_tuple,
    not_negative,
    optional,
    unique_names,
)
from keyaccount._view import Spec
from keyaccount.errors import NotEnoughDataError, NotFittedError, SpecError
from keyaccount.findings import Finding
from keyaccount.lifecycle.chain.by_state import by_state, position_of
from keyaccount.lifecycle.chain.chain_findings import findings_on
from keyaccount.lifecycle.chain.chain_test import ChainTest, constancy_test, order_test
from keyaccount.lifecycle.chain.fields import (
    are_counts,
    are_states,
    is_matrix,
    is_spacing,
    is_test,
    named,
    stay,
    table,
)
from keyaccount.lifecycle.chain.observed import observe
from keyaccount.lifecycle.chain.panel import read_snapshots
from keyaccount.lifecycle.chain.projection import Projection, projected
from keyaccount.lifecycle.chain.smoothing import margins, posterior_means
from keyaccount.lifecycle.chain.solving import expected_steps, long_run_shares
from keyaccount.lifecycle.chain.valuing import present_value

__all__ = ["StageChain"]

_MOST_PERIODS = 100_000
"""More take minutes, and say what the long run says."""


@final
@attrs.frozen(kw_only=True, slots=False)
class StageChain(Spec):
    """A Markov chain of accounts between states: lifecycle stages, segments or any labels.

    Build it from a known matrix, or learn it from snapshots with `fit`.

    Parameters
    ----------
    states
        The states.
    matrix
        For each state (row), the probability of each state one period later (column). Rows sum to
        1.
    absorbing
        The states that are never left; their rows stay where they are.
    counts
        Learned by `fit`: transitions seen, rows before, columns after.
    smoothing
        Learned by `fit`: how many imagined transitions each row was given, spread evenly.
    constancy, order
        Learned by `fit`: does the matrix change from period to period; does the state before the
        last one matter. Small p-values speak against this chain.
    gaps, skipped
        Learned by `fit`: how often an account was missing between two of its snapshots; rows of the
        panel without an account, a period or a state.
    spacing
        Learned by `fit`: the shortest and the longest distance between two periods.

    Raises
    ------
    SpecError
        A field is not what it should be.

    See Also
    --------
    lifecycle_panel : snapshots of lifecycle stages from an order log.

    Examples
    --------
    The example of Pfeifer and Carraway (2000), Modeling customer relationships as Markov chains,
    Journal of Interactive Marketing 14(2): a state for each number of periods since the last
    purchase, the last of them lost for good.

    >>> import keyaccount as ka
    >>> chain = ka.StageChain(
    ...     states=("1", "2", "3", "4", "lost"),
    ...     matrix=(
    ...         (0.3, 0.7, 0, 0, 0),
    ...         (0.2, 0, 0.8, 0, 0),
    ...         (0.15, 0, 0, 0.85, 0),
    ...         (0.05, 0, 0, 0, 0.95),
    ...         (0, 0, 0, 0, 1),
    ...     ),
    ...     absorbing=("lost",),
    ... )
    >>> chain.value((36, -4, -4, -4, 0), discount=0.2).round(3)
    array([52.32 ,  5.554,  1.251, -1.82 ,  0.   ])
    >>> chain.value((36, -4, -4, -4, 0), discount=0.2, horizon=4).round(3)
    array([50.115,  4.22 ,  0.592, -1.98 ,  0.   ])
    >>> chain.expected_periods_to("lost").round(2)
    array([6.05, 4.62, 3.01, 1.3 , 0.  ])
    """

    states: tuple[str, ...] = attrs.field(
        converter=exact_tuple, validator=[unique_names, are_states]
    )
    matrix: tuple[tuple[float, ...], ...] = attrs.field(converter=table, validator=is_matrix)
    absorbing: tuple[str, ...] = attrs.field(default=(), converter=named, validator=stay)
    counts: tuple[tuple[float, ...], ...] | None = attrs.field(
        default=None, converter=table, validator=optional(are_counts)
    )
    smoothing: float = attrs.field(default=1.0, converter=exact_float, validator=not_negative)
    constancy: ChainTest | None = attrs.field(default=None, validator=optional(is_test))
    order: ChainTest | None = attrs.field(default=None, validator=optional(is_test))
    gaps: int = attrs.field(default=0, converter=exact_int, validator=count)
    skipped: int = attrs.field(default=0, converter=exact_int, validator=count)
    spacing: tuple[float, float] | None = attrs.field(
        default=None, converter=float_tuple, validator=optional(is_spacing)
    )

    @classmethod
    def fit(
        cls,
        panel: Columns,
        *,
        account: str = "account",
        at: str = "period",
        state: str = "state",
        states: Sequence[str] | None = None,
        absorbing: Sequence[str] = (),
        smoothing: float = 1.0,
    ) -> StageChain:
        """Learn a chain from snapshots: one row per account and period.

        Parameters
        ----------
        panel
            The snapshots in any order, in any container of columns.
        account, at, state
            The columns of ids, of periods (days or whole numbers) and of states.
        states
            The states in the order wanted; None: the five stages for a `lifecycle_panel`, for any
            other panel those met, by name.
        absorbing
            The states that are never left by definition, such as ``"churn"``. Transitions that
            leave them all the same are counted and told, and do not enter the matrix.
        smoothing
            How many imagined transitions each row is given, spread evenly over the states. The
            default of 1 in all is a choice of this library.

        Returns
        -------
        StageChain
            With counts, the matrix ``(n + smoothing / k) / (total + smoothing)``, and both tests;
            the same in any order of the rows. A row never seen is even; `unseen` names it.

        Raises
        ------
        DuplicateIdError
            An account is in two states in one period.
        NotEnoughDataError
            There is no state; or a row was never seen and `smoothing` is 0.
        ColumnNotFoundError, ColumnError, RowError, SpecError
            A column is not there or cannot be read, or a state is none of `states`.

        Notes
        -----
        Periods are the different values of `at` (days, also written YYYYMMDD, or whole numbers), in
        their order. A transition leads from one period to the very next; where an account has no
        snapshot between, nothing is counted.

        Smoothing is the mean of a Dirichlet posterior with an even prior. Tests as in Anderson, T.
        W. and Goodman, L. A. (1957), Statistical inference about Markov chains, Annals of
        Mathematical Statistics 28, by likelihood ratios.

        Examples
        --------
        >>> import keyaccount as ka
        >>> panel = {
        ...     "account": ["A", "A", "A", "B", "B", "B"],
        ...     "period": [1, 2, 3, 1, 2, 3],
        ...     "state": ["growth", "growth", "churn", "growth", "growth", "growth"],
        ... }
        >>> chain = ka.StageChain.fit(panel, absorbing=["churn"], smoothing=0)
        >>> chain.states, chain.matrix
        (('churn', 'growth'), ((1.0, 0.0), (0.25, 0.75)))
        """
        own = getattr(panel, "states", None) if state == "state" else None
        asked = named(own if states is None and isinstance(own, tuple) else states)
        seen = read_snapshots(panel, account, at, state, asked)
        found = observe(seen)
        fixed = _absorbing(absorbing)
        free = [k for k, s in enumerate(seen.states) if s not in fixed]
        chain = cls.of_counts(seen.states, found.counts, absorbing=absorbing, smoothing=smoothing)
        triples = found.triples
        return attrs.evolve(
            chain,
            constancy=constancy_test(found.by_period[:, free, :]),
            order=order_test(None if triples is None else triples[:, free, :]),
            gaps=found.gaps,
            skipped=seen.skipped,
            spacing=seen.spacing,
        )

    @classmethod
    def of_counts(
        cls,
        states: Sequence[str],
        counts: Any,
        *,
        absorbing: Sequence[str] = (),
        smoothing: float = 1.0,
    ) -> StageChain:
        """Make a chain of transitions that were counted elsewhere.

        Parameters
        ----------
        states
            The states.
        counts
            ``(k, k)``: transitions from row to column.
        absorbing, smoothing
            As for `fit`.

        Raises
        ------
        NotEnoughDataError
            There is no state; or a row was never seen and `smoothing` is 0.
        SpecError
            The counts are no square of numbers of at least 0.

        Examples
        --------
        >>> import keyaccount as ka
        >>> chain = ka.StageChain.of_counts(("a", "b"), ((3, 1), (0, 0)), smoothing=2)
        >>> chain.matrix, chain.unseen
        (((0.6666666666666666, 0.3333333333333333), (0.5, 0.5)), ('b',))
        """
        names = named(states)
        if not names:
            hint = "look at the columns: every row lacks an account, a period or a state."
            raise NotEnoughDataError.from_problem("a chain needs a state, and there is none", hint)
        _refuse_no_counts(counts)
        fixed = tuple(names[position_of(s, names, "absorbing")] for s in _absorbing(absorbing))
        held = table(counts)
        even = tuple(tuple(1.0 / len(names) for _ in names) for _ in names)
        draft = cls(states=names, matrix=even, counts=held, smoothing=smoothing)
        matrix = posterior_means(names, np.array(draft.counts), draft.smoothing, fixed)
        return attrs.evolve(draft, matrix=matrix, absorbing=fixed)

    @property
    def unseen(self) -> tuple[str, ...]:
        """The states from which no transition was seen: their rows are even by smoothing alone."""
        if self.counts is None:
            return ()
        rows = zip(self.states, self.counts, strict=True)
        return tuple(s for s, row in rows if not any(row) and s not in self.absorbing)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader should know of the data the chain was learned from."""
        return findings_on(self)

    def interval(self, level: float = 0.9) -> tuple[Floats, Floats]:
        """Return the ends of the interval that holds each probability with probability `level`.

        Parameters
        ----------
        level
            Above 0 and below 1.

        Returns
        -------
        tuple of ndarray
            ``(k, k)`` low and high ends, each of its own: the beta margins of the posterior.

        Raises
        ------
        NotFittedError
            The chain was not learned from counts.

        Examples
        --------
        >>> import keyaccount as ka
        >>> chain = ka.StageChain.of_counts(("a", "b"), ((30, 10), (0, 5)))
        >>> low, high = chain.interval()
        >>> low.round(2)[0], high.round(2)[0]
        (array([0.63, 0.15]), array([0.85, 0.37]))
        """
        if self.counts is None:
            raise NotFittedError.from_spec("StageChain.interval")
        counts = np.array(self.counts)
        return margins(self.states, counts, self.smoothing, self.absorbing, level)

    def project(self, counts: Any, periods: int) -> Projection:
        """Say how many accounts to expect in each state in the periods to come.

        Parameters
        ----------
        counts
            Accounts by state today: a mapping, or numbers in the order of the states.
        periods
            How many periods ahead.

        Raises
        ------
        SpecError
            A count is below 0, or `periods` is no whole number of at least 0.
        """
        start = by_state(counts, self.states, "counts")
        if (start < 0.0).any():
            hint = "a state holds 0 accounts or more."
            raise SpecError.from_field("counts", "must be at least 0", start.tolist(), hint)
        return projected(self.states, self._array, start, _whole(periods, "periods"))

    def expected_periods_to(self, state: str) -> Floats:
        """Give the expected periods until a state is first reached, by starting state.

        Infinite where it may never be reached; 0 for the state itself.

        Raises
        ------
        SpecError
            There is no such state.
        """
        return expected_steps(self._array, position_of(state, self.states, "state"))

    def value(self, rewards: Any, *, discount: float, horizon: int | None = None) -> Floats:
        """Give the present value of an account, by starting state.

        Parameters
        ----------
        rewards
            The cash flow of a period spent in each state, by name or in the order of the states.
        discount
            The rate per period: 0.2 is 20 % from one period to the next. The first cash flow, of
            the starting state, is not discounted.
        horizon
            The last period that counts: t = 0 … horizon, both included. None: without end.

        Returns
        -------
        ndarray
            ``(k,)`` float64 in the order of the states.

        Raises
        ------
        SpecError
            A reward is not finite, the rate is below 0, or without discount and horizon the sum has
            no end.
        KeyAccountError
            A value is beyond every float.

        Notes
        -----
        Pfeifer, P. E. and Carraway, R. L. (2000), Modeling customer relationships as Markov chains,
        Journal of Interactive Marketing 14(2), 43-55.
        """
        flow = by_state(rewards, self.states, "rewards")
        rate = exact_float(discount)
        if not isinstance(rate, float) or not math.isfinite(rate) or rate < 0.0:
            hint = "write 20 % per period as 0.2."
            raise SpecError.from_field("discount", "must be a rate of at least 0", discount, hint)
        last = None if horizon is None else _whole(horizon, "horizon")
        return present_value(self.states, self._array, flow, rate, last)

    def long_run(self) -> Floats:
        """Give the share of time in each state (column) in the long run, by starting state (row).

        Where every state leads to every other, all rows are the same. Where there are several sets
        of states that are never left, the mix depends on the start.

        Examples
        --------
        >>> import keyaccount as ka
        >>> ka.StageChain(states=("a", "b"), matrix=((0.9, 0.1), (0.3, 0.7))).long_run()
        array([[0.75, 0.25],
               [0.75, 0.25]])
        """
        return long_run_shares(self._array)

    @cached_property
    def _array(self) -> Floats:
        return np.array(self.matrix, dtype=np.float64)


def _refuse_no_counts(counts: Any) -> None:
    if counts is None:
        hint = "give one row and one column per state."
        raise SpecError.from_field("counts", "must be numbers of transitions", counts, hint)


def _absorbing(value: Any) -> tuple[str, ...]:
    names: Any = named(value)
    if not isinstance(names, tuple):
        hint = "leave it out, or name states."
        raise SpecError.from_field("absorbing", "must be a sequence of states", value, hint)
    return names


def _whole(value: Any, field: str) -> int:
    number = exact_int(value)
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        hint = "count periods."
        raise SpecError.from_field(field, "must be a whole number of at least 0", value, hint)
    if number > _MOST_PERIODS:
        hint = "look at the long run instead: long_run(), or value() without a horizon."
        raise SpecError.from_field(field, f"must be at most {_MOST_PERIODS:,}", value, hint)
    return number
