"""A small synthetic book in files, and the command run on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from typer.testing import CliRunner, Result

from keyaccount.cli.app import app
from keyaccount.datasets import synthetic_book

Run: TypeAlias = Callable[..., Result]

AS_OF = "2026-09-30"


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the tables of a synthetic book of 90 accounts."""
    folder = tmp_path_factory.mktemp("book")
    synthetic_book(90, seed=3, as_of=AS_OF).write(folder)
    return folder


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``keyaccount review`` in an empty folder; an exception that is not caught is raised."""
    monkeypatch.chdir(tmp_path)

    def review(*arguments: Any, columns: int = 120, command: str = "review") -> Result:
        runner = CliRunner(env={"COLUMNS": str(columns), "NO_COLOR": "1"})
        return runner.invoke(app, [command, *map(str, arguments)], catch_exceptions=False)

    return review


@pytest.fixture
def given(book: Path) -> list[str]:
    """Give the options that read the whole book."""
    names = ("accounts", "deals", "products", "ratings")
    files = [part for name in names for part in (f"--{name}", str(book / f"{name}.csv"))]
    return [*files, "--as-of", AS_OF]
