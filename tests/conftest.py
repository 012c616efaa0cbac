"""What every test shares: the option `--shared` and the hypothesis profiles."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# `ci` is the same on every run and on every machine; `dev` looks for new examples each time.
settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    max_examples=200,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("dev", deadline=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that say where real data is, and whether every engine must run."""
    parser.addoption(
        "--shared",
        metavar="DIR",
        default=None,
        help="folder with the real data that tests/acceptance checks; without it they are skipped",
    )
    parser.addoption(
        "--every-engine",
        action="store_true",
        help="fail where an engine (Spark, Java, Dask, DuckDB, Chromium) is missing; else skip",
    )
