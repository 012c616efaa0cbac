"""Learning from a book column by column: one column is in the memory at a time."""

from __future__ import annotations

from functools import partial

import attrs
import numpy as np

from keyaccount._columns import floats
from keyaccount.groups import Laid
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.streaming.census import Census, Groups
from keyaccount.streaming.job import Job
from keyaccount.streaming.rows import naming_rows


def learned(job: Job, census: Census) -> CompositeScorer:
    """Fit the scorer to the bit as `fit` does on the whole table; one that is fitted stays."""
    scorer = job.scorer
    if scorer.is_fitted:
        return scorer
    groups = None if job.grouped_by is None else census.groups[job.grouped_by]
    fitted = scorer.fit_laid(partial(_laid, job, groups))
    if job.learn == "all":
        return fitted
    pairs = zip(scorer.criteria, fitted.criteria, strict=True)
    return attrs.evolve(fitted, criteria=[old if old.is_fitted else new for old, new in pairs])


def _laid(job: Job, groups: Groups | None, name: str) -> Laid:
    """Read one column, group after group."""
    stage, n = f"learning from {name}", len(job.source)
    counts = None if groups is None else np.bincount(groups.codes + np.int32(1), minlength=1)
    place = np.zeros(1, np.int64) if counts is None else np.cumsum(counts) - counts
    values = np.empty(n)
    job.progress(stage, 0, n)
    for part in job.source.parts([name], job.part_rows):
        with naming_rows(part):
            x = floats(part.table, name)
        start, stop = part.start, part.stop
        if groups is None:
            values[start:stop] = x
        else:
            codes = groups.codes[start:stop]
            order = np.argsort(codes, kind="stable")
            own = np.bincount(codes + np.int32(1), minlength=len(place))
            within = np.arange(len(x)) - np.repeat(np.cumsum(own) - own, own)
            values[np.repeat(place, own) + within] = x[order]
            place = place + own
        job.progress(stage, stop, n)
    if groups is None:
        return Laid(values, None, (n,))
    return Laid(values, groups.labels, tuple(place.tolist()))  # each begins where the last ends
