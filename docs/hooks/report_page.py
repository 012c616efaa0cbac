"""Put the report pages of a synthetic book into the site, as ``example/report.html``.

They are what ``keyaccount demo`` writes, in English and in Chinese.
"""

from __future__ import annotations

from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mkdocs.structure.files import File, Files

_PLACES = {"en": "example/report.html", "zh": "example/report-zh.html"}


def on_files(files: Files, config: Any, **_: Any) -> Files:
    """Add the two pages."""
    for language, place in _PLACES.items():
        files.append(File.generated(config, place, content=_page(language)))
    return files


def _page(language: str) -> str:
    from keyaccount.cli.app import app

    with TemporaryDirectory() as folder, redirect_stdout(StringIO()):
        app(["demo", "--language", language, "--out", folder], standalone_mode=False)
        return (Path(folder) / "report.html").read_text("utf-8")
