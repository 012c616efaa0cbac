"""Scores of a book, part by part, each part kept as soon as it is there."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Floats
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.oddities import Oddities
from keyaccount.scoring.scores import Scores
from keyaccount.streaming.job import Job
from keyaccount.streaming.rows import naming_rows
from keyaccount.streaming.source import Part
from keyaccount.streaming.store import Store


def score_parts(job: Job, fitted: CompositeScorer, store: Store) -> Oddities:
    """Score each part that is not scored yet; give the counts of what is odd in the book."""
    n, count = len(job.source), job.part_count
    notes = [store.kept(_name(k)) for k in range(count)]
    first = next((k for k, note in enumerate(notes) if note is None), count)
    job.progress("scoring", min(first * job.part_rows, n), n)
    names = fitted.reads or (job.id,)  # where nothing is measured, rows are counted all the same
    for part in job.source.parts(names, job.part_rows, first):
        if notes[part.number] is None:
            notes[part.number] = _kept(fitted, part, store)
        job.progress("scoring", part.stop, n)
    none = [0] * len(fitted.criteria)
    total = Oddities(infinite=none, unjudged=none, pooled=none)
    for note in notes:
        assert note is not None
        total = total + Oddities(**note["oddities"])
    return total


def _kept(fitted: CompositeScorer, part: Part, store: Store) -> dict[str, Any]:
    scores, content = scored(fitted, part), BytesIO()
    np.save(content, scores.value)
    note = {"oddities": attrs.asdict(scores.oddities)}
    return store.keep(_name(part.number), content.getbuffer(), note)


def scored(fitted: CompositeScorer, part: Part) -> Scores:
    """Score one part."""
    with naming_rows(part):
        return fitted.score(part.table)


def stored_scores(job: Job, store: Store) -> Floats:
    """Read the scores of the whole book."""
    n = len(job.source)
    found = np.empty(n)
    for k, start in enumerate(range(0, n, job.part_rows)):
        part: Floats = np.load(store.room / _name(k))
        found[start : start + len(part)] = part
    return found


def _name(k: int) -> str:
    return f"scores-{k:05d}.npy"


def ranked(ordered: Floats, known: int, values: Sequence[float] | Floats) -> Any:
    """Rank some scores among all: 1 + how many are strictly higher; -1 where there is none.

    `ordered` are the scores of the book in rising order, the `known` ones first.
    """
    value = np.asarray(values)
    order = np.argsort(value)  # neighbours are looked up after each other, which is far faster
    place = np.empty(len(value), dtype=np.int64)
    place[order] = known - np.searchsorted(ordered[:known], value[order], side="right") + 1
    place[np.isnan(value)] = -1
    return place
