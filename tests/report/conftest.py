"""The page of a synthetic book, in both languages, and a browser to open it in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from typer.testing import CliRunner

from keyaccount.cli.app import app

Pages: TypeAlias = Callable[[str], Path]

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """Write the page of the demo in a language, once per session."""
    made: dict[str, Path] = {}

    def page(language: str) -> Path:
        if language not in made:
            folder = tmp_path_factory.mktemp(f"demo-{language}")
            given = ["demo", "--accounts", "250", "--language", language, "--out", str(folder)]
            done = CliRunner().invoke(app, given, catch_exceptions=False)
            assert done.exit_code == 0
            made[language] = folder / "report.html"
        return made[language]

    return page


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Start a headless Chromium; skip where there is none, fail where everything must run."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        _not_here(request, "playwright is not installed")
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        _not_here(request, "there is no Chromium")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


def _not_here(request: pytest.FixtureRequest, what: str) -> None:
    if request.config.getoption("--every-engine"):
        pytest.fail(f"{what}, and --every-engine asks for it")
    pytest.skip(what)
