"""Who belongs to whom: groups, their subsidiaries, the sites of these."""

from __future__ import annotations

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Objects
from keyaccount.datasets.catalogue import picked, texts
from keyaccount.datasets.truth import Truth

__all__ = ["Hierarchy"]

_LEVELS = ("single", "group", "subsidiary", "site")
_SINGLE, _GROUP, _SUBSIDIARY, _SITE = range(4)
_ONE_GROUP_IN = 30
_SUBSIDIARIES, _SITES = 0.07, 0.03
"""Their shares of all accounts."""
_OWN_BUDGET = 0.25
"""The share of subsidiaries that decide for themselves."""


@attrs.frozen(eq=False)
class Hierarchy:
    """The parent of each account, -1 for none; its level; whether it holds a budget."""

    parent: Codes
    level: Codes
    holds_budget: Bools

    @classmethod
    def draw(cls, truth: Truth, rng: np.random.Generator) -> Hierarchy:
        """Put some accounts under the largest ones, and some of the rest under those.

        The k-th largest group draws subsidiaries with a weight of 1/k.
        """
        n = len(truth)
        parent, level = np.full(n, -1, dtype=np.int64), np.zeros(n, dtype=np.int64)
        by_size = np.argsort(-truth.size, kind="stable")
        heads = by_size[: max(1, n // _ONE_GROUP_IN)]
        others = rng.permutation(by_size[len(heads) :])
        subs, rest = np.split(others, [round(_SUBSIDIARIES * n)])
        sites = rest[: round(_SITES * n)] if len(subs) else rest[:0]
        weight = np.cumsum(1.0 / np.arange(1, len(heads) + 1))
        drawn = np.searchsorted(weight, rng.random(len(subs)) * weight[-1], side="right")
        parent[subs] = heads[drawn]
        parent[sites] = subs[rng.integers(max(len(subs), 1), size=len(sites))]
        level[parent[subs]], level[subs], level[sites] = _GROUP, _SUBSIDIARY, _SITE
        own = (level == _SUBSIDIARY) & (rng.random(n) < _OWN_BUDGET)
        return cls(parent, level, own | (level == _SINGLE) | (level == _GROUP))

    def top(self) -> Codes:
        """Give the account at the top of each account's group."""
        top = np.arange(len(self.parent))
        for _ in range(_SITE - _GROUP):
            above = self.parent[top]
            top = np.where(above >= 0, above, top)
        return top

    def columns(self, ids: Objects) -> dict[str, Objects]:
        """Give the tree as columns."""
        return {
            "account_id": ids,
            "parent": picked(ids, self.parent),
            "level": texts(_LEVELS, self.level),
            "group_id": ids[self.top()],
            "holds_budget": self.holds_budget,
        }
