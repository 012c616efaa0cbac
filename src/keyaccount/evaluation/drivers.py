"""`Drivers`: why scores and seats moved between two quarters, in parts that add up."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from keyaccount._columns import Codes, Floats, Objects
from keyaccount._plain import plain
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.evaluation.joined import Joined
from keyaccount.evaluation.quarter import Quarter
from keyaccount.evaluation.seat_parts import SEAT_PARTS, SeatParts, seat_parts
from keyaccount.findings import Finding
from keyaccount.scoring.scores import Scores

__all__ = ["Drivers"]

_SHOWN = 5


class Drivers(Viewed):
    """Why scores and seats moved between two quarters, aligned with the review by position.

    The data effect is what the earlier scorer makes of the later data, less the earlier score. The
    spec effect is what the later scorer makes of the later data, less that. The two add up to the
    change of the score. An override moves no score but a seat, and is told apart.

    Attributes
    ----------
    ids
        ``(n,)`` str: the accounts.
    before, after
        ``(n,)`` float64: the scores; NaN where there is none.
    change
        ``(n,)`` float64: the later score less the earlier; NaN where either is not there.
    data, spec
        ``(n,)`` float64: the effects of the data and of the spec, which add up to `change` within
        1e-12; NaN where the earlier scorer has no score for the later data, and a note says so.
    names
        The criteria of both scorers: those of the earlier, then new ones.
    data_by, spec_by
        ``(n, k)`` float64: both effects by criterion, adding up to them within 1e-12; None where a
        scorer does not add its criteria up (weighted product, TOPSIS).
    seat
        ``(n,)`` int64: 1 where the account got a seat, -1 where it lost one, else 0.
    seat_by_data, seat_by_others, seat_by_time, seat_by_scorer, seat_by_policy, seat_by_override
        ``(n,)`` int64: what the move of the seat is owed to: the account's own data, those of the
        others, incumbency and time, another scorer, another policy of selection, and special
        approvals on both dates. They add up to `seat`.
    notes
        What a reader should know.

    Notes
    -----
    The order of the two effects is a choice of this library: data first, under the earlier spec, so
    that with fixed constants all of the change is the data's. Where the later columns lack one that
    the earlier scorer reads, it counts as unknown there, and a note says so.

    Seats are split in steps: first the day and who was key before, with the earlier data, under
    which tenures lapse and holds come and go; then the later data under the earlier scorer and
    policy, then the later scorer, the later policy, and overrides. What the data moved is the
    account's own doing where its own move would have done it alone: it fell below the best earlier
    account without a seat, or below the threshold, or it reached the score of the last earlier
    seat. Else it is that of the others. With the same data, scorer and policy, only time and
    overrides move seats. `seat_by_override` is the seat less the seat of a selection without any
    override, later less earlier, so that it also shows the accounts whose seat an override took.
    Incumbents are those who were, overrides and all. In a first review the seat is compared with
    who is named as incumbent.

    Examples
    --------
    >>> import keyaccount as ka
    >>> def quarter(top, sales, day):
    ...     sized = ka.Criterion("size", column="sales", value=ka.Linear(0, top))
    ...     return ka.Quarter(
    ...         {"id": ["a", "b"], "sales": sales},
    ...         ka.CompositeScorer(criteria=[sized], weights={"size": 1}),
    ...         policy=ka.SelectionPolicy(ka.TopCount(1)),
    ...         as_of=day,
    ...     )
    >>> drivers = ka.review(
    ...     quarter(100, [40.0, 60.0], "2026-06-30"), quarter(200, [80.0, 60.0], "2026-09-30")
    ... ).drivers
    >>> drivers.data, drivers.spec, drivers.change
    (array([0.4, 0. ]), array([-0.4, -0.3]), array([ 0. , -0.3]))
    """

    def __init__(self, joined: Joined) -> None:
        self._joined: Joined = joined
        self.ids: Objects = joined.ids

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        moved = int(np.count_nonzero(self.change[~np.isnan(self.change)]))
        return f"<Drivers of {len(self)} accounts, of which {moved} changed their score>"

    def _view(self) -> View:
        return View(repr(self).strip("<>"), self.columns(), len(self))

    @cached_property
    def before(self) -> Floats:
        """The earlier scores."""
        quarter = self._joined.before
        if quarter is None:
            return np.full(len(self), np.nan)
        return self._joined.spread(quarter.scores.value, "before")

    @cached_property
    def after(self) -> Floats:
        """The later scores."""
        return self._joined.spread(self._joined.after.scores.value, "after")

    @cached_property
    def change(self) -> Floats:
        """The later score less the earlier."""
        return self.after - self.before + 0.0

    @cached_property
    def between(self) -> Floats:
        """What the earlier scorer makes of the later data."""
        scores = self._between
        if scores is None:
            return np.full(len(self), np.nan)
        both = ~np.isnan(self.before)  # a newcomer has no earlier score to move from
        return np.where(both, self._joined.spread(scores.value, "after"), np.nan)

    @cached_property
    def data(self) -> Floats:
        """How far the data moved the score, under the earlier spec."""
        return self.between - self.before + 0.0

    @cached_property
    def spec(self) -> Floats:
        """How far the spec moved the score, on the later data."""
        return self.after - self.between + 0.0

    @property
    def own(self) -> Floats:
        """What an account's data made of its score; where that cannot be split off, all of it."""
        return np.where(np.isnan(self.data), self.change, self.data)

    def became_unknown(self, i: int) -> tuple[str, ...]:
        """Name the criteria of the earlier scorer that were known of one account and are not."""
        earlier, later = self._earlier, self._between
        before, after = int(self._joined.row_before[i]), int(self._joined.row_after[i])
        if earlier is None or later is None or before < 0 or after < 0:
            return ()
        gone = earlier.scores.known[before] & ~later.known[after]
        return tuple(n for n, lost in zip(later.names, gone.tolist(), strict=True) if lost)

    def regained(self, i: int) -> float:
        """Say how far one account would rise, by the earlier scorer, with all known at best."""
        scores, row = self._between, int(self._joined.row_after[i])
        return float("nan") if scores is None else float(scores.high[row] - scores.value[row])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The criteria of both scorers: those of the earlier, then new ones."""
        earlier = self._earlier
        first = () if earlier is None else earlier.scores.names
        return tuple(dict.fromkeys([*first, *self._joined.after.scores.names]))

    @cached_property
    def data_by(self) -> Floats | None:
        """The effect of the data by criterion."""
        earlier, between = self._earlier, self._between
        if earlier is None or between is None or not self._adds_up:
            return None
        then = self._parts(earlier.scores, "before")
        return self._parts(between, "after") - then + 0.0

    @cached_property
    def spec_by(self) -> Floats | None:
        """The effect of the spec by criterion; a criterion that a scorer lacks gives it nothing."""
        between = self._between
        if between is None or not self._adds_up:
            return None
        now = self._parts(self._joined.after.scores, "after")
        parts = now - self._parts(between, "after") + 0.0
        parts[np.isnan(self.before)] = np.nan
        return parts

    @cached_property
    def seat(self) -> Codes:
        """1 where the account got a seat, -1 where it lost one."""
        now = self._joined.spread_flags(self._joined.after.selection.is_key, "after")
        return now.astype(np.int64) - self._joined.was_key.astype(np.int64)

    @property
    def seat_by_data(self) -> Codes:
        """What of it is owed to the account's own data."""
        return self._seat_parts.data

    @property
    def seat_by_others(self) -> Codes:
        """What of it is owed to the data of the others, who moved the cut."""
        return self._seat_parts.others

    @property
    def seat_by_time(self) -> Codes:
        """What of it is owed to incumbency and time: who was key before, and for how long."""
        return self._seat_parts.time

    @property
    def seat_by_scorer(self) -> Codes:
        """What of it is owed to another scorer."""
        return self._seat_parts.scorer

    @property
    def seat_by_policy(self) -> Codes:
        """What of it is owed to another policy of selection: more or fewer seats, another hold."""
        return self._seat_parts.policy

    @property
    def seat_by_override(self) -> Codes:
        """What of it is owed to special approvals."""
        return self._seat_parts.override

    def why_seat(self, i: int) -> str:
        """Say what the move of one seat is owed to; empty where it did not move."""
        i = checked_row(i, len(self))
        moved = int(self.seat[i])
        by = [words for part, words in SEAT_PARTS.items() if moved and self._part(part)[i] == moved]
        return " and ".join(by)

    @cached_property
    def notes(self) -> tuple[Finding, ...]:
        """What a reader should know."""
        if self._earlier is None:
            return ()
        seats = self._seat_parts.notes
        told = (*self._not_added(), *self._not_read(), *self._not_comparable())
        return (*told, *self._not_split(), *seats)

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame."""
        return {
            "account": self.ids,
            "score_before": self.before,
            "score_after": self.after,
            "score_change": self.change,
            "data_effect": self.data,
            "spec_effect": self.spec,
            **self._named("data", self.data_by),
            **self._named("spec", self.spec_by),
            "seat_change": self.seat,
            **{f"seat_by_{part}": self._part(part) for part in SEAT_PARTS},
        }

    def row(self, i: int) -> Record:
        """Give one account as a readable record; what is not there is unknown."""
        i = checked_row(i, len(self))
        record: dict[str, Any] = {name: plain(column[i]) for name, column in self.columns().items()}
        return Record(record)

    @property
    def _earlier(self) -> Quarter | None:
        return self._joined.before

    @cached_property
    def _between(self) -> Scores | None:
        """Score the later data by the earlier scorer."""
        earlier, later = self._earlier, self._joined.after
        if earlier is None:
            return None
        if earlier.scorer == later.scorer:
            return later.scores
        columns = {name: later.columns[name] for name in earlier.scorer.reads if self._has(name)}
        columns |= {name: np.full(len(later), np.nan) for name in self._lacking}
        return earlier.scorer.score(columns or {later.id: later.ids})

    @cached_property
    def _lacking(self) -> tuple[str, ...]:
        """The columns that the earlier scorer reads and the later quarter has not."""
        earlier = self._earlier
        return () if earlier is None else tuple(n for n in earlier.scorer.reads if not self._has(n))

    def _has(self, name: str) -> bool:
        return self._joined.has(name, "after")

    @property
    def _adds_up(self) -> bool:
        earlier, later = self._earlier, self._joined.after
        return earlier is not None and all(
            q.scores.contribution_kind == "sum" for q in (earlier, later)
        )

    def _parts(self, scores: Scores, when: Any) -> Floats:
        """Lay contributions beside the joined accounts, one column per name."""
        parts = np.zeros((len(self), len(self.names)))
        for name, column in zip(scores.names, scores.contributions.T, strict=True):
            parts[:, self.names.index(name)] = self._joined.spread(column, when)
        parts[np.isnan(self._joined.spread(scores.value, when))] = np.nan
        return parts

    @cached_property
    def _seat_parts(self) -> SeatParts:
        return seat_parts(self._joined, self._between)

    def _part(self, name: str) -> Codes:
        part: Codes = getattr(self._seat_parts, name)
        return part

    def _named(self, effect: str, parts: Floats | None) -> dict[str, Floats]:
        if parts is None:
            return {}
        return {f"{effect}_{n}": c for n, c in zip(self.names, parts.T, strict=True)}

    def _not_added(self) -> list[Finding]:
        if self._adds_up:
            return []
        message = (
            "the criteria of a scorer do not add up to its score: effects are told in all, and not "
            "by criterion"
        )
        return [Finding(code="not_additive", message=message, count=1, severity="info")]

    def _not_read(self) -> list[Finding]:
        return [
            Finding(
                code="column_gone",
                message=f"the earlier scorer reads {name!r}, which the later quarter has not: it "
                "counts as unknown in the effect of the data",
                count=len(self._joined.after),
                where=name,
            )
            for name in self._lacking
        ]

    @cached_property
    def not_comparable(self) -> tuple[str, ...]:
        """The columns that scores read, and that are sums over windows of two lengths."""
        earlier = self._earlier
        reads = () if earlier is None else (*earlier.scorer.reads, *self._joined.after.scorer.reads)
        return tuple(n for n in dict.fromkeys(reads) if self._joined.lengths_problem(n))

    def _not_comparable(self) -> list[Finding]:
        return [
            Finding(
                code="windows_differ",
                message=f"what moved the scores is not all a change of the accounts: {name!r} is "
                f"scored, and {self._joined.lengths_problem(name)}",
                count=len(self),
                where=name,
            )
            for name in self.not_comparable
        ]

    def _not_split(self) -> list[Finding]:
        rows = np.flatnonzero(np.isnan(self.data) & ~np.isnan(self.change))
        names = sorted(self.ids[rows].tolist())
        message = (
            f"the earlier scorer has no score for the later data of {len(names)} accounts: what "
            "moved their score is not split"
        )
        shown = tuple(names[:_SHOWN])
        found = Finding(code="not_split", message=message, count=len(names), examples=shown)
        return [found] if names else []
