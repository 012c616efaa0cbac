"""`stream_review`: score and select the accounts of a book that is larger than the memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from keyaccount._validators import exact_tuple
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.playbook import from_data, to_data
from keyaccount.playbook.playbook import Playbook
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.selection import Override, SelectionPolicy
from keyaccount.scoring.selection.inputs import KeyAccounts
from keyaccount.streaming.census import Census, take_census
from keyaccount.streaming.files import not_read, refuse_changed
from keyaccount.streaming.job import Job, Learn, Progress, checked_job, refuse_other
from keyaccount.streaming.learning import learned
from keyaccount.streaming.named import Named, read_named
from keyaccount.streaming.place import checked_place, held
from keyaccount.streaming.record import manifest_of, record_of
from keyaccount.streaming.result import StreamedReview, stored_review
from keyaccount.streaming.scoring import score_parts, stored_scores
from keyaccount.streaming.seats import seated
from keyaccount.streaming.store import Store
from keyaccount.streaming.writing import Judged, write_parts

Incumbents: TypeAlias = KeyAccounts | StreamedReview | str | Path
"""Where it is said who was key."""
_FITTED = "fitted.json"


def stream_review(
    source: str | Path | Iterable[str | Path],
    scorer: CompositeScorer,
    policy: SelectionPolicy,
    *,
    out: str | Path,
    id: str = "id",
    within: str | None = None,
    as_of: date | str | None = None,
    overrides: Iterable[Override] = (),
    incumbents: Incumbents | Mapping[Any, Any] | Iterable[Any] | None = None,
    keep: Iterable[str] = (),
    playbook: Playbook | None = None,
    learn: Learn = "all",
    findings: Iterable[Finding] = (),
    resume: bool = False,
    part_rows: int = 1_000_000,
    progress: Progress | None = None,
) -> StreamedReview:
    """Score and select the accounts of a book that is larger than the memory.

    The book is streamed from Parquet and the result written part by part, in the order of the book.
    Scores, ranks, seats, reasons and findings are to the last bit those of ``scorer.fit(book)``,
    ``.score(book)`` and ``policy.select(...)`` on the whole table.

    Parameters
    ----------
    source
        One Parquet file, a folder of them (with ``region=north/`` folders where a column is laid
        out so), or several files. One row per judged account, with the columns the scorer reads.
    scorer
        What accounts are judged by; one that has still to learn learns from the book.
    policy
        How key accounts are chosen.
    out
        The folder to write, by one run at a time. A streamed review that is there stays until the
        new one is complete; what else is there is never taken away.
    id
        The column of ids, each of them once.
    within
        The column of groups that seats are given within; None: all accounts compete together.
    as_of
        The day of the selection, needed where an override is dated or a tenure matters.
    overrides
        Special approvals (特批), in or out.
    incumbents
        The key accounts of before: a `Selection`, ids, ids to the day since when, an earlier
        streamed review or its folder, or a Parquet file with the columns that it has.
    keep
        Columns of the book that are written beside the result.
    playbook
        The playbook that scorer and policy are from, to be named in the record.
    learn
        What a scorer learns that has still to learn: ``"all"`` that depends on the book, as `fit`
        does, or only what is ``"missing"``: criteria that have their constants keep them.
    findings
        What was found before, to be told first.
    resume
        Go on where a run of before was stopped. The result is the same, to the last byte; what was
        begun with other data or another rule is refused.
    part_rows
        How many rows are in one file of the result; it bounds the memory, and changes no value. The
        default of a million is a choice of this library.
    progress
        Called with what is going on, how many rows are done and how many there are.

    Returns
    -------
    StreamedReview
        Where everything is, the counts and findings, and any row.

    Raises
    ------
    ColumnNotFoundError, ColumnError, RowError, DuplicateIdError
        A column is not there or holds no numbers, an id is missing or occurs twice.
    SpecError
        An argument is not what it should be, or writing to `out` would take away what is there.
    IntakeError
        A file cannot be read or written, changes meanwhile, or is not what was begun with; another
        run writes to `out`.
    SelectionError
        The selection cannot be made.

    Notes
    -----
    Memory: twenty to forty bytes per account, beside what one part needs. Files written are whole:
    each is written beside its place, brought to the disk and put there in one step.

    Examples
    --------
    >>> import keyaccount as ka
    >>> import pyarrow as pa, pyarrow.parquet as pq
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> scorer = ka.CompositeScorer(
    ...     criteria=[ka.Criterion("revenue", column="revenue", value=ka.Percentile())],
    ...     weights={"revenue": 1},
    ... )
    >>> with TemporaryDirectory() as folder:
    ...     book = pa.table({"id": ["a", "b", "c"], "revenue": [3.0, 1.0, 2.0]})
    ...     pq.write_table(book, Path(folder) / "book.parquet")
    ...     review = ka.stream_review(
    ...         Path(folder) / "book.parquet",
    ...         scorer,
    ...         ka.SelectionPolicy(ka.TopCount(1)),
    ...         out=Path(folder) / "q4",
    ...     )
    ...     print(review.row(0)["account"], review.row(0)["reason"], review.summary["key_accounts"])
    a rank 1
    """
    _refuse_no_flag(resume)
    incumbents = incumbents.out if isinstance(incumbents, StreamedReview) else incumbents
    named = None if incumbents is None else read_named(incumbents)
    job = checked_job(
        source,
        scorer,
        policy,
        id=id,
        within=within,
        as_of=as_of,
        overrides=exact_tuple(overrides),
        incumbents=named,
        keep=keep,
        playbook=playbook,
        learn=learn,
        findings=findings,
        part_rows=part_rows,
        progress=progress,
    )
    store = checked_place(out, source, job.source, incumbents)
    with held(store.out):
        if resume and _is_finished(job, store):
            store.clear()
            return stored_review(store)
        _begin(job, store, resume=resume)
        census = take_census(job, named or Named.of([]))
        del named  # there may be millions
        _run(job, census, store)
        return stored_review(store)


def _refuse_no_flag(resume: object) -> None:
    if not isinstance(resume, bool):
        raise SpecError.from_field("resume", "must be True or False", resume, "give a bool.")


def _is_finished(job: Job, store: Store) -> bool:
    """Say whether the review that is there is the one asked for, whole."""
    if store.begun() is not None:
        return False
    manifest = store.manifest() if store.is_told() else None
    if manifest is None:
        return False
    made_from = {**manifest["made_from"], "modified": manifest.get("modified")}
    refuse_other(made_from, job.begun(), str(store.out))
    return store.is_whole(manifest)


def _begin(job: Job, store: Store, *, resume: bool) -> None:
    begun = store.begun() if resume else None
    if begun is None:
        store.begin(job.begun())
        return
    refuse_other(begun, job.begun(), str(store.out))
    store.go_on()


def _run(job: Job, census: Census, store: Store) -> None:
    """Do every step that is not done yet."""
    fitted = _fitted(job, census, store)
    oddities = score_parts(job, fitted, store)
    job.progress("choosing", 0, len(job.source))
    seats = seated(job, census, stored_scores(job, store))
    job.progress("choosing", len(job.source), len(job.source))
    ordered = stored_scores(job, store)
    ordered.sort()  # what is missing comes last
    known = int(np.searchsorted(ordered, np.nan))
    judged = Judged(fitted=fitted, ordered=ordered, known=known, seats=seats, census=census)
    parts = write_parts(job, judged, store)
    for file in job.source.files:
        refuse_changed(file)
    told = (*job.findings, *not_read(job.source.others))
    findings = (*told, *oddities.findings(fitted.criteria), *seats.findings)
    store.finish(manifest_of(job, parts), record_of(job, fitted, seats, findings, parts))


def _fitted(job: Job, census: Census, store: Store) -> CompositeScorer:
    """Fit the scorer, or take what was learned before the run was stopped."""
    if store.kept(_FITTED) is not None:
        return from_data(json.loads((store.room / _FITTED).read_bytes()), CompositeScorer)
    fitted = learned(job, census)
    _ = store.keep(_FITTED, json.dumps(to_data(fitted)).encode(), {})
    return fitted
