"""Learning a scorer where the book is: by counting where that is enough, column by column else."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import floats, labels
from keyaccount.engines.bucketing import Bucketing
from keyaccount.engines.engine import LazyEngine
from keyaccount.engines.labels import labels_there
from keyaccount.engines.order import OrderStatistics, order_statistics
from keyaccount.groups import ByGroup, Laid, Layout, learn_each
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.criterion import Criterion
from keyaccount.scoring.fitting import fitted_criterion, learning_of, nothing_known
from keyaccount.scoring.values import ValueFunction

__all__ = ["learned_scorer"]


def learned_scorer(engine: LazyEngine, frame: Any, scorer: CompositeScorer) -> CompositeScorer:
    """Learn the constants of a scorer, to the last bit as `CompositeScorer.fit` does."""
    if scorer.aggregate == "topsis":  # ideals are ends of worths, and not of values
        return scorer.fit_laid(lambda name: _laid(engine, frame, name, scorer.group))
    groups = () if scorer.group is None else labels_there(engine, frame, scorer.group)
    criteria = [_learned(engine, frame, c, scorer, groups) for c in scorer.criteria]
    return attrs.evolve(scorer, criteria=criteria)


def _learned(
    engine: LazyEngine,
    frame: Any,
    criterion: Criterion,
    scorer: CompositeScorer,
    groups: tuple[str, ...],
) -> Criterion:
    column, value = criterion.column, criterion.value
    if column is None or (_learns_nothing(value) and criterion.missing != "neutral"):
        return criterion
    if isinstance(value, ByGroup) or not value.places(1) or criterion.missing == "neutral":
        laid = _laid(engine, frame, column, scorer.group)
        return fitted_criterion(criterion, laid, scorer.min_group)
    with learning_of(criterion):
        found = _by_counting(engine, frame, criterion, scorer, groups)
    return attrs.evolve(criterion, value=found)


def _learns_nothing(value: ValueFunction | ByGroup[ValueFunction]) -> bool:
    return not any(f.learns for f in (value if isinstance(value, ByGroup) else [value]))


def _by_counting(
    engine: LazyEngine,
    frame: Any,
    criterion: Criterion,
    scorer: CompositeScorer,
    groups: tuple[str, ...],
) -> ValueFunction | ByGroup[ValueFunction]:
    """Learn from the values at the places that the function looks at."""
    value, column = criterion.value, criterion.column
    assert isinstance(value, ValueFunction)
    assert column is not None

    def found(group: str | None) -> list[OrderStatistics]:
        named = () if group is None else groups
        position: dict[str | None, int] = {label: i for i, label in enumerate(named)}
        bucketing = Bucketing(column, value.defined, group, position)
        return order_statistics(engine, frame, bucketing, lambda _, n: value.places(n) or ())

    whole = found(None)[0]
    if not len(whole):
        raise nothing_known(criterion)
    pool = value.fit_sorted(whole)
    if scorer.group is None:
        return pool
    parts = zip(groups, found(scorer.group), strict=True) if groups else ()
    return ByGroup(learn_each(value.fit_sorted, parts, scorer.min_group), pool=pool)


def _laid(engine: LazyEngine, frame: Any, column: str, group: str | None) -> Laid:
    """Bring one column home, beside its groups."""
    rows = engine.read(frame, (column,) if group in {None, column} else (column, str(group)))
    values = floats(rows, column)
    layout = Layout.of(None if group is None else labels(rows, group), len(values))
    return layout.lay(np.ascontiguousarray(values))
