"""What each label is worth: log likelihood ratios from counts, ready to be looked up."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from keyaccount._columns import Bools, Codes, Floats, Labels
from keyaccount.groups import ByGroup
from keyaccount.scoring.evidence.counts import LabelCounts, WinCounts

__all__ = ["FieldFactors", "log_priors"]


def log_priors(counts: ByGroup[WinCounts], strength: float) -> Floats:
    """Give the log odds of a deal of each team before any fact, the pool's last."""
    pool = counts.of(None)
    rate = pool.won / (pool.won + pool.lost)
    own = [_log_odds(c.won, c.lost, rate, strength) for _, c in counts.groups]
    return np.array([*own, math.log(pool.won / pool.lost)])


def _log_odds(won: int, lost: int, rate: float, strength: float) -> float:
    """Give the log odds of a win rate shrunk toward `rate`, which weighs `strength` deals."""
    return math.log((won + strength * rate) / (lost + strength * (1.0 - rate)))


class FieldFactors:
    """The log likelihood ratio of each label of one field, of all deals and of each team.

    Attributes
    ----------
    pool
        One ratio per label, in the order of `labels`; a last one of 0 for what is not known.
    deals
        Won and lost deals per label, and a last row of zeros.
    """

    def __init__(
        self, field: int, counts: ByGroup[WinCounts], smoothing: float, strength: float
    ) -> None:
        pool = counts.of(None)
        learned = pool.fields[field]
        self.labels: tuple[str, ...] = tuple(label for label, _ in learned.counts)
        self.position: dict[str, int] = {label: i for i, label in enumerate(self.labels)}
        self.deals: Codes = _table([pair for _, pair in learned.counts] + [(0, 0)])
        self.pool: Floats = np.append(_ratios(self.deals[:-1], learned.known, smoothing), 0.0)
        teams = [c.fields[field] for _, c in counts.groups]
        pairs = self._by_key(teams)
        self.keys: Codes = np.array(list(pairs), dtype=np.int64)
        self.own_deals: Codes = _table(pairs.values())
        rate = pool.won / (pool.won + pool.lost)
        bases = [_log_odds(*team.known, rate, strength) for team in teams]
        own = [
            _shrunk(
                pair, bases[key // len(self.labels)], self.pool[key % len(self.labels)], strength
            )
            for key, pair in pairs.items()
        ]
        self.own: Floats = np.array(own, dtype=np.float64)

    def _by_key(self, teams: Iterable[LabelCounts]) -> dict[int, tuple[int, int]]:
        """Give each pair of team and label a number, and sort them by it."""
        found = {
            # A label that only a team knows is from a hand-written spec, and stays unseen.
            t * len(self.labels) + self.position[label]: pair
            for t, team in enumerate(teams)
            for label, pair in team.counts
            if label in self.position
        }
        return dict(sorted(found.items()))

    def positions(self, values: Labels) -> Codes:
        """Give the place of each deal's label among those learned; -1 where it is not known."""
        table = [self.position.get(label, -1) for label in values.labels]
        return np.array([*table, -1], dtype=np.int64)[values.codes]

    def ratios(self, position: Codes, team: Codes) -> Floats:
        """Give the log likelihood ratio of each deal's label, its team's own where there is one."""
        found: Floats = self.pool[position]
        place, own = self._pairs(position, team)
        found[own] = self.own[place[own]]
        return found

    def deals_behind(self, position: Codes, team: Codes) -> tuple[Codes, Bools]:
        """Give the won and lost deals behind each ratio, and whether they are the team's own."""
        found: Codes = self.deals[position]
        place, own = self._pairs(position, team)
        found[own] = self.own_deals[place[own]]
        return found, own

    def _pairs(self, position: Codes, team: Codes) -> tuple[Codes, Bools]:
        """Find the pair of team and label of each deal, where the team has met that label."""
        if not len(self.keys):
            none: Bools = np.zeros(len(position), dtype=np.bool_)
            return np.zeros(len(position), dtype=np.int64), none
        key = team * len(self.labels) + position
        place = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
        # No team is -1, which makes a key below 0; no label is -1, the last key of the team before.
        found: Bools = (self.keys[place] == key) & (position >= 0)
        return place, found


def _table(pairs: Iterable[tuple[int, int]]) -> Codes:
    return np.array(list(pairs), dtype=np.int64).reshape(-1, 2)


def _ratios(deals: Codes, known: tuple[int, int], smoothing: float) -> Floats:
    """Compare how often each label occurs on won and on lost deals, each count smoothed."""
    k = len(deals)
    if not k:
        return np.empty(0)
    seen = np.log(deals + smoothing)
    total = [math.log(n + smoothing * k) for n in known]
    ratios: Floats = (seen[:, 0] - total[0]) - (seen[:, 1] - total[1])
    return ratios + 0.0


def _shrunk(pair: tuple[int, int], base: float, ratio: float, strength: float) -> float:
    """Give a team's own ratio: its win rate with the label, shrunk toward what the pool expects.

    Expected of the team's deals with the label are the team's odds times the pool's ratio.
    """
    odds = math.exp(base + ratio)
    won = pair[0] + strength * odds / (1.0 + odds)
    lost = pair[1] + strength / (1.0 + odds)
    return math.log(won / lost) - base + 0.0
