"""Memory of a streamed review: a book of any size within a stated number of GiB.

Run alone, with the size to try: ``python -m benchmarks.streaming --rows 50_000_000``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import keyaccount as ka
from benchmarks.harness import Ratio, absolute

ROWS = 2_000_000
LIMIT = 2.0
_PART = 1_000_000
_SECTORS = np.array(["carriers", "energy", "finance", "public", "retail", "software"])


def write_book(path: Path, rows: int, *, texts: bool = True) -> None:
    """Write a book of accounts, with ids as texts or as whole numbers."""
    rng = np.random.default_rng(7)
    writer: Any = None
    for start in range(0, rows, _PART):
        n = min(_PART, rows - start)
        numbers = pa.array(np.arange(start, start + n))
        ids = pa.array([f"ACC-{i:09d}" for i in range(start, start + n)]) if texts else numbers
        columns = {
            "id": ids,
            "sector": pa.DictionaryArray.from_arrays(
                pa.array(rng.integers(0, len(_SECTORS), n).astype(np.int8)), pa.array(_SECTORS)
            ).cast(pa.string()),
            "sales": rng.lognormal(10.0, 1.5, n).round(2),
            "potential": pa.array(
                np.where(rng.random(n) < 0.05, np.nan, rng.lognormal(11.0, 1.2, n)),
                from_pandas=True,
            ),
            "rating": pa.array(rng.integers(1, 6, n).astype(np.float64)),
        }
        table = pa.table(columns)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    writer.close()


def rule(group: str | None) -> tuple[ka.CompositeScorer, ka.SelectionPolicy]:
    """Give a scorer that learns from every row, and a policy that holds seats."""
    scorer = ka.CompositeScorer(
        criteria=[
            ka.Criterion("sales", column="sales", value=ka.Percentile()),
            ka.Criterion("potential", column="potential", value=ka.Percentile(), missing="neutral"),
            ka.Criterion("showcase", column="rating", value=ka.Linear(1, 5)),
        ],
        weights={"sales": 0.4, "potential": 0.4, "showcase": 0.2},
        group=group,
    )
    return scorer, ka.SelectionPolicy(ka.TopShare(0.2), hold=0.02)


def review(book: Path, out: Path, *, grouped: bool, previous: Path | None) -> None:
    """Review a book, as the child process whose memory is measured does."""
    group = "sector" if grouped else None
    scorer, policy = rule(group)
    ka.stream_review(
        book, scorer, policy, out=out, within=group, incumbents=previous, progress=_told
    )


_began = time.perf_counter()


def _told(stage: str, done: int, total: int) -> None:
    if done == total or not done:
        seconds = time.perf_counter() - _began
        peak = _peak_so_far()
        print(f"{seconds:7.1f} s  {peak:5.2f} GiB  {stage} {done:,}", file=sys.stderr, flush=True)


def _peak_so_far() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def measured(book: Path, out: Path, *options: str) -> tuple[float, float]:
    """Review a book in a process of its own: its peak memory in GiB, and the seconds it took."""
    command = [sys.executable, "-m", "benchmarks.streaming", "--review", str(book), str(out)]
    began = time.perf_counter()
    child = subprocess.Popen([*command, *options])  # noqa: S603 - ourselves
    _, status, used = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(status)
    return used.ru_maxrss / 2**20, time.perf_counter() - began


def run() -> Iterator[Ratio]:
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book.parquet"
        write_book(book, ROWS)
        peak, _ = measured(book, Path(folder) / "out")
        yield absolute(f"peak memory of streaming {ROWS:,} accounts", peak, "GiB", LIMIT)


def main() -> None:
    """Measure one size."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=ROWS)
    asked.add_argument("--numbers", action="store_true", help="ids are whole numbers, not texts")
    asked.add_argument("--grouped", action="store_true", help="within sectors")
    asked.add_argument("--twice", action="store_true", help="and again, with incumbents")
    asked.add_argument("--folder", type=Path, help="where to work; a temporary folder otherwise")
    asked.add_argument("--review", nargs=2, type=Path, help=argparse.SUPPRESS)
    asked.add_argument("--previous", type=Path, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.review:
        review(*given.review, grouped=given.grouped, previous=given.previous)
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        book, first, second = (Path(folder) / name for name in ("book.parquet", "q3", "q4"))
        write_book(book, given.rows, texts=not given.numbers)
        options = ["--grouped"] if given.grouped else []
        _say("first review", given.rows, *measured(book, first, *options))
        if given.twice:
            again = measured(book, second, *options, "--previous", str(first))
            _say("with incumbents", given.rows, *again)


def _say(what: str, rows: int, peak: float, seconds: float) -> None:
    print(f"{what}: {rows:,} accounts, peak {peak:.2f} GiB, {seconds:.0f} s")


if __name__ == "__main__":
    main()
