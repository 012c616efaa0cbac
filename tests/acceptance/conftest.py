"""Acceptance checks run on real data, which is not part of the project."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest) -> Path:
    """Return the folder given with `--shared`, or skip the test and say why."""
    given: str | None = request.config.getoption("--shared")
    if given is None:
        pytest.skip("acceptance checks need real data: run pytest with --shared DIR")
    folder = (request.config.invocation_params.dir / given).resolve()
    if not folder.is_dir():
        pytest.skip(f"acceptance checks need real data: --shared {given} is no folder")
    return folder
