"""Who gets a seat in a book of any size: the selection itself, on columns of few bytes per row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Days, Floats, Objects
from keyaccount.findings import Finding
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.selection import Selection
from keyaccount.scoring.selection.inputs import (
    Inputs,
    incumbents_found,
    infinite_found,
    refuse_undated,
    tenured_of,
)
from keyaccount.scoring.selection.override import override_findings
from keyaccount.scoring.selection.reasons import Reason
from keyaccount.scoring.selection.select import choose
from keyaccount.streaming.census import Census, Groups
from keyaccount.streaming.ids import StoredIds
from keyaccount.streaming.job import Job


@attrs.frozen(eq=False)
class Seats:
    """A selection without what takes much room; `part` gives it back for some of the rows."""

    chosen: Selection
    labels: tuple[str | None, ...]
    place: Codes | None
    """From the code of a group to its place among `labels`; None where nobody asks for groups."""
    codes: Any
    rows: Codes
    since: Days
    gone: int

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader should know of the selection."""
        return self.chosen.findings

    def moves(self) -> dict[str, int]:
        """Count who is new among the key accounts, who stayed, who lost the seat, who is gone."""
        stayed = int(np.count_nonzero(self.chosen.is_key[self.rows]))
        return {
            "entered": int(np.count_nonzero(self.chosen.is_key)) - stayed,
            "stayed": stayed,
            "left": len(self.rows) - stayed,
            "gone": self.gone,
        }

    def part(self, scores: Scores, start: int) -> Selection:
        """Give the selection of the rows from `start` on that `scores` are of."""
        n = len(scores)
        these = slice(start, start + n)
        value = np.where(np.isfinite(scores.value), scores.value, np.nan)
        incumbent, since = self._incumbents(start, n)
        reason = self.chosen.reason_code[these].copy()
        unscored = reason == Reason.UNSCORED
        if unscored.any():
            reason[unscored & scores.rejected] = Reason.REJECTED
        none = np.broadcast_to(np.False_, n)
        inputs = attrs.evolve(
            self.chosen.inputs,
            value=value,
            scores=scores,
            ids=None,
            excluded=none,
            included=none,
            incumbent=incumbent,
            since=since,
            tenured=none,
            pool=_pool(self.codes[these], self.place) if self.place is not None else _zeros(n),
        )
        return attrs.evolve(
            self.chosen,
            is_key=self.chosen.is_key[these],
            reason_code=reason,
            inputs=inputs,
            findings=(),
        )

    def _incumbents(self, start: int, n: int) -> tuple[Bools, Days]:
        first, last = np.searchsorted(self.rows, (start, start + n))
        mine = self.rows[first:last] - start
        incumbent = np.zeros(n, dtype=np.bool_)
        since = np.full(n, "NaT", dtype="datetime64[D]")
        incumbent[mine], since[mine] = True, self.since[first:last]
        return incumbent, since


def seated(job: Job, census: Census, value: Floats) -> Seats:
    """Choose the key accounts of the book.

    `value` are the scores, in which infinite ones become missing.
    """
    groups = None if job.within is None else census.groups[job.within]
    labels, place = _groups(groups)
    infinite = np.isinf(value)
    count = int(np.count_nonzero(infinite))
    value[infinite] = np.nan
    del infinite
    inputs = Inputs(
        value=value,
        scores=None,
        ids=cast("Objects", cast("object", StoredIds(job.source, job.id, job.part_rows))),
        day=job.day,
        overrides=tuple(o for o in job.overrides if o.holds_on(job.day)),
        excluded=_overridden(job, census, include=False),
        included=_overridden(job, census, include=True),
        incumbent=_flags(len(value), census.incumbents.rows),
        since=np.broadcast_to(np.datetime64("NaT", "D"), len(value)),
        tenured=_tenured(job, census),
        pool=_zeros(len(value)) if groups is None else _pool(groups.codes, place),
        labels=labels,
        within=job.within is not None,
        follows=census.incumbents.named > 0,
        findings=(*infinite_found(count), *_of_overrides(job, census), *_gone(job, census)),
    )
    chosen = choose(job.policy, inputs)
    bare = attrs.evolve(
        inputs,
        value=value[:0],
        pool=_zeros(0),
        labels=labels,
        excluded=_NONE,
        included=_NONE,
        incumbent=_NONE,
        tenured=_NONE,
        since=_NO_DAYS,
    )
    return Seats(
        attrs.evolve(chosen, inputs=bare),
        labels,
        None if groups is None else place,
        None if groups is None else groups.codes,
        census.incumbents.rows,
        census.incumbents.since,
        census.incumbents.gone,
    )


_NONE: Bools = np.zeros(0, dtype=np.bool_)
_NO_DAYS: Days = np.empty(0, dtype="datetime64[D]")


def _zeros(n: int) -> Codes:
    return np.broadcast_to(np.int64(0), n)


def _groups(groups: Groups | None) -> tuple[tuple[str | None, ...], Codes]:
    """Order the labels as a selection does: by text, accounts without a group last."""
    if groups is None:
        return (None,), np.zeros(1, dtype=np.int64)
    order = sorted(range(len(groups.labels)), key=groups.labels.__getitem__)
    place = np.empty(len(order) + 1, dtype=groups.codes.dtype)
    place[order] = np.arange(len(order))
    place[-1] = len(order)
    names: list[str | None] = [groups.labels[i] for i in order]
    missing = bool((groups.codes < 0).any()) or not names
    return tuple([*names, None] if missing else names), place


def _pool(codes: Any, place: Codes) -> Codes:
    found: Codes = place[codes]
    return found


def _flags(n: int, rows: Codes) -> Bools:
    """Mark some rows; where there are none, no room is taken."""
    if not len(rows):
        return np.broadcast_to(np.False_, n)
    found = np.zeros(n, dtype=np.bool_)
    found[rows] = True
    return found


def _present(job: Job, census: Census) -> dict[str, int]:
    """Give the rows of the overridden accounts that are in the book."""
    names = job.overridden.texts.take(census.overridden.places).to_pylist()
    return dict(zip(names, census.overridden.rows.tolist(), strict=True))


def _overridden(job: Job, census: Census, *, include: bool) -> Bools:
    row = _present(job, census)
    rows = [
        row[o.account]
        for o in job.overrides
        if o.include is include and o.holds_on(job.day) and o.account in row
    ]
    return _flags(len(job.source), np.array(rows, dtype=np.int64))


def _tenured(job: Job, census: Census) -> Bools:
    found = census.incumbents
    everybody = np.ones(len(found.since), dtype=np.bool_)
    young = tenured_of(job.policy.min_tenure_days, everybody, found.since, job.day)
    return _flags(len(job.source), census.incumbents.rows[young])


def _of_overrides(job: Job, census: Census) -> Sequence[Finding]:
    return override_findings(job.overrides, _present(job, census), job.day)


def _gone(job: Job, census: Census) -> Sequence[Finding]:
    """Say which incumbents are not in the book, and how many that are have no day."""
    shortest, found = job.policy.min_tenure_days, census.incumbents
    if shortest:
        refuse_undated(found.named, found.dated)
    undated = int(np.count_nonzero(np.isnat(found.since))) if shortest else 0
    return incumbents_found(found.gone, found.first_gone, undated)


def override_texts(job: Job, census: Census, start: int, n: int) -> list[str | None]:
    """Write the override that decides of each account of a part that has one; out before in."""
    found: list[str | None] = [None] * n
    row = _present(job, census)
    holding = [o for o in job.overrides if o.holds_on(job.day) and o.account in row]
    # Of several the first one said holds, as everywhere: it is written last.
    for override in sorted(holding, key=lambda o: o.include)[::-1]:
        place = row[override.account] - start
        if 0 <= place < n:
            found[place] = f"{override.reason} (approved by {override.approved_by})"
    return found
