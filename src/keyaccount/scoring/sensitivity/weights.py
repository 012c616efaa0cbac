"""`sensitivity`: the smallest change of one weight that changes who is key."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Floats, label_text
from keyaccount._record import Record
from keyaccount.errors import SelectionError
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.selection import Selection
from keyaccount.scoring.selection.reasons import Reason
from keyaccount.scoring.sensitivity.breakeven import Lines, first_crossing, flip_of_one, lines_of

_NOT_COMPETING = (
    Reason.UNSCORED,
    Reason.REJECTED,
    Reason.EXCLUDED_BY_OVERRIDE,
    Reason.INCLUDED_BY_OVERRIDE,
    Reason.MINIMUM_TENURE,
)


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
        NaN where no weight in [0, 1] changes it.
    accounts
        The positions of the accounts looked at one by one.
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
        ranges = {
            name: f"{_shown(low)} .. {_shown(high)}"
            for name, low, high in zip(
                self.criteria, self.account_lower[i], self.account_upper[i], strict=True
            )
        }
        return Record({"row": int(self.accounts[i]), "stays while the weight is within": ranges})


def _shown(weight: float) -> str:
    return "any" if np.isnan(weight) else f"{weight:.4g}"


def sensitivity(chosen: Selection, accounts: Iterable[Any] | None = None) -> Sensitivity:
    """Find the smallest change of one weight that flips an account or the set.

    One weight moves, the others are scaled in proportion so that the sum stays 1. Overrides,
    minimum tenures, thresholds, holds and groups stay as they are; a cap on changes is not looked
    at.

    Parameters
    ----------
    chosen
        A selection made from `Scores` of a weighted sum.
    accounts
        The accounts to look at one by one: their ids, or positions where the selection has no ids;
        None: the borderline ones.

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
    Exact: scores are straight lines in a weight, and break-even points are where lines meet.

    References
    ----------
    Triantaphyllou & Sánchez (1997), "A sensitivity analysis approach for some deterministic
    multi-criteria decision-making methods", *Decision Sciences* 28(1).
    """
    scores = _linear_scores(chosen)
    weights = np.array(scores.weights)
    competing = ~np.isin(chosen.reason_code, _NOT_COMPETING)
    rows = _rows(chosen, accounts)
    k = len(weights)
    ends = np.full((2, k), np.nan)
    own = np.full((2, len(rows), k), np.nan)
    for j in range(k):
        lines = lines_of(scores.worths, weights, j, chosen.hold)
        if lines is None:
            continue
        for side, reach in enumerate((-weights[j], 1.0 - weights[j])):
            if reach == 0.0:
                continue
            changes = [_set_flip(chosen, lines, competing, g, reach) for g in _groups(chosen)]
            ends[side, j] = weights[j] + _nearest(changes)
            for m, row in enumerate(rows):
                change = _account_flip(chosen, lines, competing, int(row), reach)
                own[side, m, j] = weights[j] + (np.nan if change is None else change)
    return Sensitivity(
        criteria=scores.names,
        weights=weights,
        lower=ends[0],
        upper=ends[1],
        accounts=rows,
        account_lower=own[0],
        account_upper=own[1],
        worth_at_flip=_worth_at_flip(chosen, scores, weights, competing, rows),
    )


def _linear_scores(chosen: Selection) -> Scores:
    scores = chosen.scores
    if scores is None:
        problem = "the selection was made from plain numbers, which have no weights"
    elif scores.contribution_kind != "sum":
        problem = f"scores of the aggregation {scores.contribution_kind!r} are no straight lines"
    elif scores.reweighted_rows.any():
        problem = 'the missing policy "reweight" bends the lines'
    else:
        return scores
    raise SelectionError.from_problem(problem, "use ka.stability, which serves every scorer.")


def _rows(chosen: Selection, accounts: Iterable[Any] | None) -> Codes:
    if accounts is None:
        return np.flatnonzero(chosen.borderline)
    if chosen.ids is None:
        return np.array(list(accounts), dtype=np.int64)
    position = {name: i for i, name in enumerate(chosen.ids.tolist())}
    names = [label_text(a) for a in accounts]
    unknown = [str(n) for n in names if n not in position]
    if unknown:
        raise SelectionError.from_problem(
            f"no account {unknown[0]!r} in the selection", "pass ids of the selection."
        )
    return np.array([position[str(n)] for n in names], dtype=np.int64)


def _groups(chosen: Selection) -> range:
    return range(len(chosen.groups))


def _nearest(changes: Iterable[float | None]) -> float:
    return min((c for c in changes if c is not None), key=abs, default=float("nan"))


def _of_group(chosen: Selection, competing: Bools, group: int) -> Bools:
    return competing & (chosen.inputs.pool == group)


def _seats(chosen: Selection, competing: Bools, group: int) -> int | None:
    """Count the seats that the competing accounts of a group share; None: no limit."""
    cut = chosen.groups[group]
    if cut.seats is None:
        return None
    mine = chosen.inputs.pool == group
    taken = int(np.count_nonzero(chosen.is_key & mine & ~competing))
    seated = int(np.count_nonzero(chosen.is_key & mine & competing))
    return max(cut.seats - taken, seated)


def _bar(threshold: float) -> Lines:
    """Write a threshold as a line that never moves."""
    return Lines(np.array([threshold]), np.zeros(1))


def _joined(first: Lines, second: Lines) -> Lines:
    return Lines(np.concatenate([first.at, second.at]), np.concatenate([first.slope, second.slope]))


def _set_flip(
    chosen: Selection, lines: Lines, competing: Bools, group: int, reach: float
) -> float | None:
    mine = _of_group(chosen, competing, group)
    inside, outside = lines.take(mine & chosen.is_key), lines.take(mine & ~chosen.is_key)
    threshold = chosen.groups[group].threshold
    seats = _seats(chosen, competing, group)
    if np.isfinite(threshold) and (seats is None or len(inside.at) < seats):
        # With seats to spare, who reaches the threshold is in.
        entering = first_crossing(_bar(threshold), outside, reach)
        leaving = first_crossing(inside, _bar(threshold), reach)
        found = _nearest([entering, leaving])
        return None if np.isnan(found) else found
    if np.isfinite(threshold):
        outside = _joined(outside, _bar(threshold))
    return first_crossing(inside, outside, reach)


def _account_flip(
    chosen: Selection, lines: Lines, competing: Bools, row: int, reach: float
) -> float | None:
    if not competing[row]:
        return None
    group = int(chosen.inputs.pool[row])
    mine = _of_group(chosen, competing, group)
    mine[row] = False
    rivals, threshold = lines.take(mine), chosen.groups[group].threshold
    seats = _seats(chosen, competing, group)
    seats = len(rivals.at) + 1 if seats is None else seats
    blocks = np.ones(len(rivals.at), dtype=np.int64)
    if np.isfinite(threshold):
        rivals = _joined(rivals, _bar(threshold))
        blocks = np.append(blocks, max(seats, 1))
    own = (float(lines.at[row]), float(lines.slope[row]))
    return flip_of_one(own, rivals, blocks, seats, reach)


def _worth_at_flip(
    chosen: Selection, scores: Scores, weights: Floats, competing: Bools, rows: Codes
) -> Floats:
    keys = chosen.value + chosen.hold
    ahead = [keys[row] - _bar_of(chosen, keys, competing, int(row)) for row in rows]
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = scores.worths[rows] - np.array(ahead)[:, None] / weights[None, :]
    return np.where(np.isfinite(found), found, np.nan)


def _bar_of(chosen: Selection, keys: Floats, competing: Bools, row: int) -> float:
    """Find the score at which an account flips: that of the next in line, or of the last seat."""
    if not competing[row]:
        return float("nan")
    group = int(chosen.inputs.pool[row])
    cut = chosen.groups[group]
    others = _of_group(chosen, competing, group) & (chosen.is_key != chosen.is_key[row])
    seats = _seats(chosen, competing, group)
    mine = _of_group(chosen, competing, group) & chosen.is_key
    full = seats is not None and np.count_nonzero(mine) >= seats
    bars = [cut.threshold] if np.isfinite(cut.threshold) else []
    if full and others.any():
        bars.append(float(keys[others].max() if chosen.is_key[row] else keys[others].min()))
    return max(bars, default=float("nan"))
