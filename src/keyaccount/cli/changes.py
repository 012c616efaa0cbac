"""What changed since the quarter before, as plain data for the record."""

from __future__ import annotations

from math import fsum
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Objects, as_floats, names_of, pick
from keyaccount._plain import plain
from keyaccount.cli.quarter import Quarter
from keyaccount.evaluation import Review
from keyaccount.evaluation.check import QUESTIONS, WAYS
from keyaccount.playbook import digest
from keyaccount.segments.migrated import Migration
from keyaccount.stats.sums import exact_sum

__all__ = [
    "changes_record",
    "key_sales_moved",
    "seats_moved_by",
]


def changes_record(quarter: Quarter) -> dict[str, Any] | None:
    """Give the record of what changed, or of a first review; None where there is no day."""
    found, before = quarter.review, quarter.previous
    if found is None:
        return None
    return {
        "previous": None
        if before is None
        else {
            "as_of": before.as_of.isoformat(),
            "digest": {"scorer": digest(before.scorer), "policy": digest(before.policy)},
        },
        "decisions": found.counts,
        "newcomers": int(np.count_nonzero(found.newcomer)) if before else None,
        "leavers": int(np.count_nonzero(found.leaver)),
        "findings": {q: _counted(found.findings.answer(q)) for q in QUESTIONS},
        "ways_to_fail": {way: _counted(found.ways.answer(way)) for way in WAYS},
        "drivers": _mean_effects(found),
        "seats_moved_by": seats_moved_by(found),
        "key_sales_moved": key_sales_moved(quarter),
        "migration": {name: _flows(moved) for name, moved in found.migration.items()},
        "symptoms": [_symptom(found, i) for i in range(len(found.symptoms))],
        "notes": [attrs.asdict(note) for note in found.notes],
    }


def _counted(answers: Any) -> dict[str, int]:
    """Count the answers, those that were asked."""
    words = [word for word in answers.tolist() if word is not None]
    return {word: words.count(word) for word in sorted(set(words))}


def _mean_effects(found: Review) -> dict[str, float | None]:
    """Give what moved the score on average, over the accounts of both quarters."""
    drivers = found.drivers
    parts = {"change": drivers.change, "data": drivers.data, "spec": drivers.spec}
    known = ~(np.isnan(drivers.data) | np.isnan(drivers.spec))
    return {name: _mean(part[known]) for name, part in parts.items()}


def seats_moved_by(found: Review) -> dict[str, dict[str, int]]:
    """Count the seats won and lost by what they owe their move to."""
    drivers = found.drivers
    rows = np.flatnonzero(drivers.seat).tolist()
    by = [(drivers.why_seat(i), "won" if drivers.seat[i] > 0 else "lost") for i in rows]
    words = sorted({word for word, _ in by if word})
    return {
        w.replace("its own data", "an account's own data"): {
            side: by.count((w, side)) for side in ("won", "lost")
        }
        for w in words
    }


def key_sales_moved(quarter: Quarter) -> dict[str, float | None]:
    """Say which share of the sales to key accounts entered this quarter, and which left.

    What entered is a share of this quarter's sales to its key accounts; what left, of last
    quarter's to those of then. None where there is no quarter before, or nothing was sold.
    """
    found, before = quarter.review, quarter.previous
    if found is None or before is None:
        return {"entered": None, "left": None}
    entered = set(found.ids[found.decision == "promote"].tolist())
    left = set(found.ids[found.decision == "demote"].tolist())
    was = before.selection.is_key
    return {
        "entered": _sold_share(
            quarter.columns, quarter.columns["id"], quarter.chosen.is_key, entered
        ),
        "left": _sold_share(before.columns, before.ids, was, left),
    }


def _sold_share(columns: Any, ids: Objects, is_key: Bools, some: set[str]) -> float | None:
    """Give the share of some accounts in the sales to the key ones; those below 0 count 0."""
    if "sales" not in names_of(columns):
        return None
    sold = np.maximum(np.nan_to_num(as_floats(pick(columns, "sales"), "sales")), 0.0)
    mine = np.array([str(account) in some for account in ids.tolist()], dtype=np.bool_)
    total = fsum(sold[is_key].tolist())
    return fsum(sold[is_key & mine].tolist()) / total if total > 0.0 else None


def _mean(values: Any) -> float | None:
    return exact_sum(values) / len(values) if len(values) else None


def _flows(moved: Migration) -> list[dict[str, Any]]:
    """List who went from where to where, with the money."""
    columns = moved.columns()
    return [{name: plain(column[i]) for name, column in columns.items()} for i in range(len(moved))]


def _symptom(found: Review, i: int) -> dict[str, Any]:
    columns = found.symptoms.columns()
    return {name: plain(column[i]) for name, column in columns.items()}
