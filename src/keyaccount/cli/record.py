"""A review as plain data: the record that is kept, and the few numbers on top."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import as_floats
from keyaccount.cli.by_playbook import playbook_record
from keyaccount.cli.changes import changes_record
from keyaccount.cli.quarter import Quarter
from keyaccount.playbook import digest, to_data
from keyaccount.stored.record import RECORD_VERSION, quarter_record

__all__ = ["review_record", "summary"]


def review_record(quarter: Quarter) -> dict[str, Any]:
    """Give the record of a review: the specs used, their digests, and all that was met.

    Nothing in it depends on the clock or on where the files are: the same input gives the same
    record.
    """
    from keyaccount import __version__

    return {
        "schema_version": RECORD_VERSION,
        "keyaccount": __version__,
        "as_of": None,
        "summary": summary(quarter),
        **_rests_on(quarter),
        "comparison": _comparison(quarter),
        "asked": dict(quarter.asked),
        "playbook": playbook_record(quarter.playbook),
        "tables": [attrs.asdict(t) for t in quarter.book.tables],
        "reconciliations": [
            {**attrs.asdict(r), "difference": r.difference, "balances": r.balances}
            for r in quarter.book.reconciliations
        ],
        "cuts": [_without_nan(attrs.asdict(g)) for g in quarter.chosen.groups],
        "findings": [attrs.asdict(f) for f in quarter.findings],
        "changes": changes_record(quarter),
        "learned": {n: to_data(s) for n, s in sorted(quarter.programme.found.learned.items())},
        "held_by": quarter.held_by,
    }


def _rests_on(quarter: Quarter) -> dict[str, Any]:
    """Give what the next quarter reads of this one; without a day there is none."""
    specs = {"scorer": quarter.scorer, "policy": quarter.policy}
    if quarter.as_of is None:
        return {
            "digest": {name: digest(spec) for name, spec in specs.items()},
            "spec": {name: to_data(spec) for name, spec in specs.items()},
        }
    rules, before = quarter.rules, quarter.previous
    table, data = quarter.stored
    return quarter_record(quarter.reviewable, table, data, rules=rules, previous=before)


def _comparison(quarter: Quarter) -> dict[str, Any]:
    """Say within which groups accounts are compared, and how many of them use the pool."""
    scorer, pooled = quarter.scorer, quarter.scores.pooled
    return {
        "within": scorer.group,
        "min_group": scorer.min_group if scorer.group else None,
        "pooled": dict(
            zip(quarter.scores.names, np.count_nonzero(pooled, axis=0).tolist(), strict=True)
        )
        if scorer.group
        else {},
    }


def _without_nan(data: Mapping[str, Any]) -> dict[str, Any]:
    """JSON knows no NaN and no infinity: write them as nothing."""
    return {k: None if isinstance(v, float) and not np.isfinite(v) else v for k, v in data.items()}


def summary(quarter: Quarter) -> dict[str, Any]:
    """Give the few numbers that a reader looks for first."""
    is_key, sales = (
        quarter.chosen.is_key,
        np.nan_to_num(as_floats(quarter.columns["sales"], "sales")),
    )
    total = math.fsum(sales.tolist())  # whatever the order of the rows
    return {
        "accounts_read": len(quarter.book),
        "judged": len(quarter.chosen),
        "key_accounts": int(is_key.sum()),
        "share_of_sales": math.fsum(sales[is_key].tolist()) / total if total > 0.0 else None,
        "borderline": int(quarter.chosen.borderline.sum()),
        "mean_coverage": float(quarter.scores.coverage.mean()) if len(quarter.chosen) else None,
        "findings": {
            severity: sum(f.severity == severity for f in quarter.findings)
            for severity in ("error", "warning", "info")
        },
        "balances": quarter.book.balances,
    }
