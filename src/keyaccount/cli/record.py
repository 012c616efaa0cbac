"""A review as plain data: the record that is kept, the few numbers on top, the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from keyaccount.cli.quarter import Quarter
from keyaccount.playbook import digest, to_data

__all__ = ["page_data", "review_record", "summary"]


def review_record(quarter: Quarter) -> dict[str, Any]:
    """Give the record of a review: the spec used, its digest, and all that was met."""
    from keyaccount import __version__

    return {
        "schema_version": 1,
        "keyaccount": __version__,
        "as_of": None if quarter.as_of is None else quarter.as_of.isoformat(),
        "summary": summary(quarter),
        "digest": {"scorer": digest(quarter.scorer), "policy": digest(quarter.policy)},
        "spec": {"scorer": to_data(quarter.scorer), "policy": to_data(quarter.policy)},
        "tables": [attrs.asdict(t) for t in quarter.book.tables],
        "reconciliations": [
            {**attrs.asdict(r), "difference": r.difference, "balances": r.balances}
            for r in quarter.book.reconciliations
        ],
        "cuts": [_without_nan(attrs.asdict(g)) for g in quarter.chosen.groups],
        "findings": [attrs.asdict(f) for f in quarter.findings],
    }


def _without_nan(data: Mapping[str, Any]) -> dict[str, Any]:
    """JSON knows no NaN and no infinity: write them as nothing."""
    return {k: None if isinstance(v, float) and not np.isfinite(v) else v for k, v in data.items()}


def summary(quarter: Quarter) -> dict[str, Any]:
    """Give the few numbers that a reader looks for first."""
    is_key, sales = quarter.chosen.is_key, np.nan_to_num(quarter.columns["sales"].astype(float))
    total = float(sales.sum())
    return {
        "accounts_read": len(quarter.book),
        "judged": len(quarter.chosen),
        "key_accounts": int(is_key.sum()),
        "share_of_sales": float(sales[is_key].sum()) / total if total > 0.0 else None,
        "borderline": int(quarter.chosen.borderline.sum()),
        "mean_coverage": float(quarter.scores.coverage.mean()) if len(quarter.chosen) else None,
        "findings": {
            severity: sum(f.severity == severity for f in quarter.findings)
            for severity in ("error", "warning", "info")
        },
        "balances": quarter.book.balances,
    }


def page_data(quarter: Quarter) -> dict[str, Any]:
    """Give what the page shows: the key accounts with their reasons, and the record."""
    order = np.lexsort((np.arange(len(quarter.chosen)), -np.nan_to_num(quarter.scores.value)))
    return {
        "record": review_record(quarter),
        "criteria": list(quarter.scores.names),
        "weights": list(quarter.scores.weights),
        "key": [_page_row(quarter, int(i)) for i in order if quarter.chosen.is_key[i]],
        "near": [
            _page_row(quarter, int(i))
            for i in order
            if quarter.chosen.borderline[i] and not quarter.chosen.is_key[i]
        ],
    }


def _page_row(quarter: Quarter, i: int) -> dict[str, Any]:
    record = dict(quarter.chosen.row(i))
    sector = quarter.columns.get("sector")
    return {
        **record,
        "sector": None if sector is None else sector[i],
        "sales": float(quarter.columns["sales"][i]),
        "potential": float(quarter.columns["potential"][i]),
    }
