"""The parts of a review, written one by one in the order of the book."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Floats
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.selection import Selection
from keyaccount.scoring.selection.reasons import WORDS, Reason
from keyaccount.streaming.census import Census
from keyaccount.streaming.ids import id_texts
from keyaccount.streaming.job import Job
from keyaccount.streaming.scoring import ranked, scored
from keyaccount.streaming.seats import Seats, override_texts
from keyaccount.streaming.source import Part
from keyaccount.streaming.store import Store, part_name

_FEW = ("reason", "cut", "since", "override")
"""Columns of few distinct values."""


@attrs.frozen(eq=False, kw_only=True)
class Judged:
    """A book that is judged: its scores in rising order, and who has a seat."""

    fitted: CompositeScorer
    ordered: Floats
    known: int
    seats: Seats
    census: Census


def write_parts(job: Job, judged: Judged, store: Store) -> list[dict[str, Any]]:
    """Write each part that is not written yet; give the notes of all."""
    n, count = len(job.source), job.part_count
    notes = [store.kept(f"accounts/{part_name(k)}") for k in range(count)]
    first = next((k for k, note in enumerate(notes) if note is None), count)
    job.progress("writing", min(first * job.part_rows, n), n)
    names = [job.id, *judged.fitted.reads, *([job.within] if job.within else []), *job.keep]
    for part in job.source.parts(names, job.part_rows, first):
        if notes[part.number] is None:
            notes[part.number] = _written(job, judged, store, part)
        job.progress("writing", part.stop, n)
    return [note for note in notes if note is not None]


def _written(job: Job, judged: Judged, store: Store, part: Part) -> dict[str, Any]:
    scores = scored(judged.fitted, part)
    chosen = judged.seats.part(scores, part.start)
    name = part_name(part.number)
    note = {"name": name, "counts": _counts(scores, chosen)}
    return store.keep(f"accounts/{name}", _as_parquet(_table(job, judged, chosen, part)), note)


def _table(job: Job, judged: Judged, chosen: Selection, part: Part) -> Any:
    """Put the columns of a part together, in the order that a review in memory has them in."""
    import pyarrow as pa

    scores, own = chosen.scores, chosen.columns()
    assert scores is not None
    overrides = override_texts(job, judged.census, part.start, len(scores))
    columns = {
        "account": id_texts(part.table.column(job.id)).cast(pa.string()),
        "is_key": own["is_key"],
        "reason": pa.array(WORDS, pa.string()).take(pa.array(chosen.reason_code)),
        **{name: _numbers(column) for name, column in scores.row_wise_columns().items()},
        "rank": ranked(judged.ordered, judged.known, scores.value),
        "cut": _numbers(own["cut"]),
        "distance": _numbers(own["distance"]),
        **{name: own[name] for name in ("borderline", "undecided", "since")},
        "override": pa.array(overrides, pa.string()),
    }
    more = [job.within, *job.keep] if job.within else [*job.keep]
    return pa.table(columns | {name: part.table.column(name) for name in dict.fromkeys(more)})


def _numbers(column: Floats) -> Any:
    """Write what is missing as null, as the table of a review in memory has it."""
    import pyarrow as pa

    return pa.array(column, from_pandas=True)


def _as_parquet(table: Any) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink: Any = pa.BufferOutputStream()
    few: Any = [name for name in _FEW if name in table.column_names]
    pq.write_table(table, sink, row_group_size=max(len(table), 1), use_dictionary=few)
    return memoryview(sink.getvalue())


def _counts(scores: Scores, chosen: Selection) -> dict[str, Any]:
    """Count what the record tells of."""
    reasons = np.bincount(chosen.reason_code, minlength=len(Reason)).tolist()
    return {
        "rows": len(scores),
        "key": int(np.count_nonzero(chosen.is_key)),
        "borderline": int(np.count_nonzero(chosen.borderline)),
        "undecided": int(np.count_nonzero(chosen.undecided)),
        "known": np.count_nonzero(scores.known, axis=0).tolist(),
        "reasons": reasons,
    }
