"""Write what a review found: a table of accounts, a record of the review, a page to read.

Every file is written beside its place and moved there when it is whole.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias

import attrs
import numpy as np

from keyaccount.cli.quarter import Quarter
from keyaccount.playbook import digest, to_data
from keyaccount.report import render_page

TableFormat: TypeAlias = Literal["parquet", "csv"]
"""How the table of accounts is written."""


def write_all(quarter: Quarter, directory: Path, table_format: TableFormat) -> dict[str, Path]:
    """Write the table, the record and the page; return where each of them is."""
    directory.mkdir(parents=True, exist_ok=True)
    places = {
        "accounts": directory / f"accounts.{table_format}",
        "record": directory / "review.json",
        "page": directory / "review.html",
    }
    write_table = _write_parquet if table_format == "parquet" else _write_csv
    _whole(places["accounts"], lambda path: write_table(quarter.table(), path))
    record = json.dumps(review_record(quarter), ensure_ascii=False, indent=2, allow_nan=False)
    _whole(places["record"], lambda path: path.write_text(f"{record}\n", "utf-8"))
    page = render_page(page_data(quarter))
    _whole(places["page"], lambda path: path.write_text(page, "utf-8"))
    return places


def _whole(place: Path, write: Callable[[Path], Any]) -> None:
    """Write a file so that nobody ever sees half of it."""
    beside = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        write(beside)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)


def _write_parquet(table: Mapping[str, Any], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {name: pa.array(column, from_pandas=True) for name, column in table.items()}
    pq.write_table(pa.table(columns), path)


def _write_csv(table: Mapping[str, Any], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(table)
        columns = [_cells(column) for column in table.values()]
        writer.writerows(zip(*columns, strict=True))


def _cells(column: Any) -> list[Any]:
    """Write cells as texts that read back equal; nothing where a value is missing."""
    array = np.asarray(column)
    if array.dtype.kind == "M":
        return ["" if np.isnat(v) else str(v) for v in array]
    return ["" if v is None or v != v else v for v in array.tolist()]  # noqa: PLR0124 - NaN


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
