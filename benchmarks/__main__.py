"""Run the benchmarks: all of them, or those named on the command line."""

from __future__ import annotations

import platform
import sys
from importlib import import_module

import numpy as np

from benchmarks.harness import HEAD

ALL = (
    "score_rank_select",
    "score_alone",
    "percentile",
    "one_account",
    "labels",
    "evidence",
    "inference",
    "bands",
    "matrix_codes",
    "purchase_summary",
    "buying",
    "concentration",
    "replay",
    "attainment",
    "lifecycle",
    "apply",
    "spark",
    "memory",
    "streaming",
    "import_time",
)


def main(names: list[str]) -> int:
    """Print a table of ratios; the exit code says whether every promise held in this run."""
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {platform.machine()}")
    print(HEAD)
    missed = 0
    for name in names or ALL:
        for ratio in import_module(f"benchmarks.{name}").run():
            print(ratio.line(), flush=True)
            missed += ratio.verdict == "MISSED"
    print(f"{missed} missed" if missed else "every promise held")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
