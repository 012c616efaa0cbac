"""`import keyaccount` beside `import numpy`, each in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from benchmarks.harness import Ratio, absolute

RUNS = 11


def _started(module: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True)  # noqa: S603
    return time.perf_counter() - start


def run() -> Iterator[Ratio]:
    pairs = [(_started("numpy, keyaccount"), _started("numpy")) for _ in range(RUNS)]
    more = median(a - b for a, b in pairs)
    yield absolute("import keyaccount, beyond import numpy", max(more, 0.0), "s", 80e-3)
    first = [
        (_started("keyaccount; keyaccount.CompositeScorer"), _started("numpy")) for _ in range(RUNS)
    ]
    more = median(a - b for a, b in first)
    yield absolute("… and CompositeScorer looked up", max(more, 0.0), "s", 80e-3)
