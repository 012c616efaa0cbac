"""Books in Parquet, and what a streamed review is compared with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import keyaccount as ka

SECTORS = ("finance", "retail", None)


@pytest.fixture
def book() -> pa.Table:
    """Five hundred accounts: ties, missing and infinite values, sectors, ids of several lengths."""
    rng = np.random.default_rng(11)
    n = 500
    sales = rng.integers(0, 60, n) / 4
    sales[rng.random(n) < 0.1] = np.nan
    sales[7] = np.inf
    return pa.table(
        {
            "id": [f"{'long account name ' * (i % 3)}{i}" for i in rng.permutation(n)],
            "sales": sales,
            "potential": rng.lognormal(3.0, 1.0, n),
            "sector": [SECTORS[i] for i in rng.choice(3, n, p=[0.6, 0.3, 0.1])],
        }
    )


@pytest.fixture
def scorer() -> ka.CompositeScorer:
    """A scorer that has everything to learn, group by group."""
    return ka.CompositeScorer(
        criteria=[
            ka.Criterion("sales", column="sales", value=ka.Percentile(), missing="neutral"),
            ka.Criterion("potential", column="potential", value=ka.Ratio(to="sum")),
        ],
        weights={"sales": 0.75, "potential": 0.25},
        group="sector",
    )


@pytest.fixture
def policy() -> ka.SelectionPolicy:
    """Seats for a fifth of the accounts, held."""
    return ka.SelectionPolicy(ka.TopShare(0.2), hold=0.02)


@pytest.fixture
def stored(tmp_path: Path, book: pa.Table) -> Path:
    """Write the book into one file."""
    pq.write_table(book, tmp_path / "book.parquet", row_group_size=90)
    return tmp_path / "book.parquet"


@pytest.fixture
def contents() -> Callable[[Path], dict[str, bytes]]:
    """Read every file of a folder."""

    def read(folder: Path) -> dict[str, bytes]:
        files = sorted(p for p in folder.rglob("*") if p.is_file())
        return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}

    return read


@pytest.fixture
def given(stored: Path, scorer: ka.CompositeScorer, policy: ka.SelectionPolicy) -> dict[str, Any]:
    """Give the arguments of a streamed review in parts of sixty rows: nine of them."""
    return {"source": stored, "scorer": scorer, "policy": policy, "part_rows": 60}
