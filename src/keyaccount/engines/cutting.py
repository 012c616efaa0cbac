"""Learning a `ScoreCut` where the book is: counts, and the scores at the cut."""

from __future__ import annotations

from typing import Any

import numpy as np

from keyaccount._columns import Floats
from keyaccount.engines.bucketing import Bucketing
from keyaccount.engines.engine import LazyEngine
from keyaccount.engines.labels import labels_there
from keyaccount.engines.order import order_statistics
from keyaccount.engines.tally import tally
from keyaccount.scoring.selection.cut import ScoreCut, cut_places

__all__ = ["learned_cut"]


def learned_cut(engine: LazyEngine, frame: Any, cut: ScoreCut) -> ScoreCut:
    """Learn the cut, to the last bit as `ScoreCut.fit` does."""
    named = () if cut.within is None else labels_there(engine, frame, cut.within)
    groups: tuple[str | None, ...] = (None, *named)
    position = {label: i for i, label in enumerate(groups)}
    scored = Bucketing(cut.column, _as_it_is, cut.within, position)
    accounts = np.zeros(len(groups), dtype=np.int64)
    counted = tally(engine, frame, Bucketing(cut.column, _known, cut.within, position))
    accounts[counted.bucket] = counted.count

    def places(key: int, count: int) -> tuple[int, ...]:
        return cut_places(count, cut.rule.quota(int(accounts[key]), groups[key]))

    scores = order_statistics(engine, frame, scored, places)
    return cut.learned(list(zip(groups, accounts.tolist(), scores, strict=True)))


def _as_it_is(scores: Floats) -> Floats:
    return scores


def _known(scores: Floats) -> Floats:
    """Count an account without a score too."""
    return np.zeros(len(scores))
