"""`sensitivity`: the smallest change of one weight that changes who is key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Floats, Objects, as_floats, as_labels, is_scalar
from keyaccount._record import Record, checked_row
from keyaccount.errors import SelectionError
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.selection import Selection
from keyaccount.scoring.selection.seating import Contest, contest_of, pool_of, seat_best
from keyaccount.scoring.selection.selection import scores_of
from keyaccount.scoring.sensitivity.breakeven import nearest, slopes_of
from keyaccount.scoring.sensitivity.flips import account_flip, bars, set_flip

MOST = 50
"""How many borderline accounts are looked at when none are named."""


@attrs.frozen(eq=False, slots=False)
class Sensitivity:
    """How far each weight may move, the others scaled to keep the sum, before somebody flips.

    Attributes
    ----------
    criteria
        The criteria, in declared order.
    weights
        ``(k,)`` float64: the weights as they are.
    lower, upper
        ``(k,)`` float64: the weight below and above which the set of key accounts is another one;
        NaN where no weight in [0, 1] changes it. The weight itself, where accounts tied at the cut
        part as soon as it moves. A weight of 1 has no others to scale, and NaN on both sides.
    accounts, ids
        The positions of the accounts looked at one by one, and their ids where there are some.
    account_lower, account_upper
        ``(m, k)`` float64: the same for each of them: below and above which it goes in or out.
    worth_at_flip
        ``(m, k)`` float64: the worth of one criterion at which the account goes in or out, all else
        the same; outside [0, 1] where that criterion alone cannot do it, NaN at weight 0.

    Examples
    --------
    >>> import keyaccount as ka
    >>> scorer = ka.CompositeScorer(
    ...     criteria=[
    ...         ka.Criterion("c1", column="c1", value=ka.Linear(0, 1)),
    ...         ka.Criterion("c2", column="c2", value=ka.Linear(0, 1)),
    ...     ],
    ...     weights={"c1": 0.7, "c2": 0.3},
    ... )
    >>> scores = scorer.score({"c1": [0.9, 0.5], "c2": [0.2, 0.8]})
    >>> found = ka.sensitivity(ka.select(scores, ka.TopCount(1)))
    >>> found.lower.round(6), found.smallest
    (array([0.6, nan]), ('c1', -0.1))
    """

    criteria: tuple[str, ...]
    weights: Floats
    lower: Floats
    upper: Floats
    accounts: Codes
    ids: Objects | None
    account_lower: Floats
    account_upper: Floats
    worth_at_flip: Floats

    @cached_property
    def smallest(self) -> tuple[str, float] | None:
        """The criterion and change of weight that change the set first; None where none does."""
        changes = np.stack([self.lower - self.weights, self.upper - self.weights])
        if np.isnan(changes).all():
            return None
        way, k = divmod(int(np.nanargmin(np.abs(changes))), len(self.criteria))
        return self.criteria[k], float(changes[way, k].round(12))

    def row(self, i: int) -> Record:
        """Give the account at position `i` of `accounts` as a readable record."""
        i = checked_row(i, len(self.accounts))
        ranges = {
            name: f"{_shown(low)} .. {_shown(high)}"
            for name, low, high in zip(
                self.criteria, self.account_lower[i], self.account_upper[i], strict=True
            )
        }
        record: dict[str, Any] = {} if self.ids is None else {"account": self.ids[i]}
        record |= {"row": int(self.accounts[i]), "stays while the weight is within": ranges}
        return Record(record)


def _shown(weight: float) -> str:
    return "any" if np.isnan(weight) else f"{weight:.4g}"


def sensitivity(chosen: Selection, accounts: Iterable[Any] | None = None) -> Sensitivity:
    """Find the smallest change of one weight that flips an account or the set.

    One weight moves, the others are scaled in proportion so that the sum stays 1. Overrides,
    minimum tenures, thresholds, holds and groups stay as they are. A cap on changes is not looked
    at: what is asked is when the set would change if seats were free to change hands.

    Parameters
    ----------
    chosen
        A selection made from `Scores` of a weighted sum.
    accounts
        The accounts to look at one by one: their ids, or positions where the selection has no ids;
        None: the borderline ones, of more than 50 those nearest to the cut; the limit is a choice
        of this library.

    Returns
    -------
    Sensitivity
        Break-even weights of the set and of each of those accounts.

    Raises
    ------
    SelectionError
        The selection was made from plain numbers, from another aggregation, or from scores in which
        a weight was taken out and scaled over the others (missing policy ``"reweight"``): those do
        not move along straight lines. `stability` serves them all.

    Notes
    -----
    Exact: scores are straight lines in a weight, and break-even points are where lines meet. What
    lasts for one point only, where several lines meet and part as they were, is no change.

    References
    ----------
    Triantaphyllou & Sánchez (1997), "A sensitivity analysis approach for some deterministic
    multi-criteria decision-making methods", *Decision Sciences* 28(1).

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {"sales": [9.0, 6.0, 4.0], "showcase": [1.0, 4.0, 5.0]}
    >>> scorer = ka.CompositeScorer(
    ...     criteria=[
    ...         ka.Criterion("sales", column="sales", value=ka.Linear(0, 10)),
    ...         ka.Criterion("showcase", column="showcase", value=ka.Linear(1, 5)),
    ...     ],
    ...     weights={"sales": 0.6, "showcase": 0.4},
    ... )
    >>> chosen = ka.select(scorer.score(book), ka.TopCount(1), ids=["A", "B", "C"])
    >>> firm = ka.sensitivity(chosen)
    >>> chosen.key_ids, firm.lower.round(3), firm.upper.round(3)
    (('B',), array([0.556, 0.286]), array([0.714, 0.444]))

    B stays the one key account while sales weigh from 0.556 to 0.714.
    """
    scores = _linear_scores(chosen)
    weights = np.array(scores.weights)
    rows = _rows(chosen, accounts)
    contests = [_whole_contest(chosen, g) for g in range(len(chosen.groups))]
    places = _places(chosen, contests)[rows].tolist()
    groups = chosen.inputs.pool[rows].tolist()
    ends = np.full((2, len(weights)), np.nan)
    own = np.full((2, len(rows), len(weights)), np.nan)
    for k, weight in enumerate(weights.tolist()):
        slopes = slopes_of(scores.worths, weights, k)
        if slopes is None:
            continue
        for side, reach in enumerate((-weight, max(1.0 - weight, 0.0))):
            if reach:
                ends[side, k] = _moved(weight, nearest(c.flip(slopes, reach) for c in contests))
                for m, (group, place) in enumerate(zip(groups, places, strict=True)):
                    flip = contests[group].flip_of(place, slopes, reach)
                    own[side, m, k] = _moved(weight, flip)
    return Sensitivity(
        criteria=scores.names,
        weights=weights,
        lower=ends[0],
        upper=ends[1],
        accounts=rows,
        ids=None if chosen.ids is None else chosen.ids[rows],
        account_lower=own[0],
        account_upper=own[1],
        worth_at_flip=_worth_at_flip(chosen, scores, weights, contests, rows),
    )


def _moved(weight: float, change: float | None) -> float:
    return np.nan if change is None else weight + change


@attrs.frozen(eq=False)
class _GroupContest:
    """The contest of one group, with the rows of the book it is about."""

    contest: Contest
    rows: Codes | slice
    now: Bools

    def flip(self, slopes: Floats, reach: float) -> float | None:
        """Find when others have the seats."""
        return set_flip(self.contest, self.now, slopes[self.rows], reach)

    def flip_of(self, place: int, slopes: Floats, reach: float) -> float | None:
        """Find when the account at one place of the group goes in or out."""
        return account_flip(self.contest, self.now, slopes[self.rows], place, reach)


def _whole_contest(chosen: Selection, group: int) -> _GroupContest:
    pool, rows = pool_of(chosen.inputs, group), chosen.inputs.rows(group)
    quota = chosen.rule.quota(len(pool.value), pool.label)
    contest = contest_of(pool, quota, chosen.manners)
    return _GroupContest(contest, rows, seat_best(contest).is_key)


def _places(chosen: Selection, contests: Sequence[_GroupContest]) -> Codes:
    """Give each row of the book its place in its group."""
    place = np.zeros(len(chosen), dtype=np.int64)
    for group in contests:
        place[group.rows] = np.arange(len(group.now))
    return place


def _linear_scores(chosen: Selection) -> Scores:
    scores = scores_of(chosen)
    if scores is None:
        problem = "the selection was made from plain numbers, which have no weights"
    elif scores.contribution_kind != "sum":
        problem = f"scores of the aggregation {scores.contribution_kind!r} are no straight lines"
    elif scores.reweighted_rows.any() or _would_reweight(scores):
        problem = 'the missing policy "reweight" bends the lines'
    else:
        return scores
    raise SelectionError.from_problem(problem, "use ka.stability, which serves every scorer.")


def _would_reweight(scores: Scores) -> bool:
    """Say whether a criterion of weight 0 would be taken out where it is unknown.

    With all the weight on it, such an account has no score.
    """
    for k, name in enumerate(scores.names):
        unknown = ~scores.known[:, k] & ~np.isnan(scores.value)
        if scores.weights[k] == 0.0 and unknown.any():
            alone = scores.reweighted({n: float(n == name) for n in scores.names})
            if np.isnan(alone[unknown]).any():
                return True
    return False


def _rows(chosen: Selection, accounts: Iterable[Any] | None) -> Codes:
    if accounts is None:
        return _nearest_to_the_cut(chosen)
    if is_scalar(accounts):
        raise SelectionError.from_problem(
            f"accounts= must be several (got {accounts!r})", "pass them in a list."
        )
    cells = accounts if hasattr(accounts, "__len__") else list(accounts)
    if chosen.ids is None:
        return _positions(cells, len(chosen))
    names = as_labels(cells, "accounts").texts().tolist()
    position = {name: i for i, name in enumerate(chosen.ids.tolist())}
    unknown = [str(n) for n in names if n not in position]
    if unknown:
        raise SelectionError.from_problem(
            f"no account {unknown[0]!r} in the selection", "pass ids of the selection."
        )
    return np.array([position[n] for n in names], dtype=np.int64)


def _positions(cells: Any, n: int) -> Codes:
    found = as_floats(cells, "accounts")
    wrong = found[~((found >= 0) & (found < n) & (found == np.floor(found)))]
    if len(wrong):
        raise SelectionError.from_problem(
            f"no account at position {wrong[0]:g} in a selection of {n}",
            "pass positions from 0, or select with ids= and pass ids.",
        )
    return found.astype(np.int64)


def _nearest_to_the_cut(chosen: Selection) -> Codes:
    rows = np.flatnonzero(chosen.borderline)
    if len(rows) <= MOST:
        return rows
    names = rows if chosen.ids is None else chosen.ids[rows].astype(str)
    return np.sort(rows[np.lexsort((names, np.abs(chosen.distance[rows])))[:MOST]])


def _worth_at_flip(
    chosen: Selection,
    scores: Scores,
    weights: Floats,
    contests: Sequence[_GroupContest],
    rows: Codes,
) -> Floats:
    ahead = np.full(len(chosen), np.nan)
    for group in contests:
        ahead[group.rows] = group.contest.keys - bars(group.contest)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = scores.worths[rows] - ahead[rows, None] / weights[None, :]
    return np.where(np.isfinite(found), found, np.nan)
