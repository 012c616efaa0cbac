"""The documentation is complete: what is public is in the reference."""

from __future__ import annotations

import re
from pathlib import Path

import keyaccount as ka

DOCS = Path(__file__).parent.parent / "docs"


def test_reference_names_every_public_name() -> None:
    """Every name of the library's map has a place in the reference."""
    pages = "\n".join(p.read_text("utf-8") for p in (DOCS / "reference").glob("*.md"))
    documented = {m.rpartition(".")[2] for m in re.findall(r"^::: (\S+)$", pages, re.MULTILINE)}
    classes = {n: getattr(ka, n) for n in ka.__all__ if isinstance(getattr(ka, n), type)}
    errors = {n for n, cls in classes.items() if issubclass(cls, ka.KeyAccountError)}
    missing = set(ka.__all__) - documented - errors - {"__version__"}
    assert not missing


def test_readme_links_to_pages_that_exist() -> None:
    """No link of the README leads nowhere."""
    readme = DOCS.parent / "README.md"
    links = re.findall(r"\]\(((?:docs/|[A-Z]+\.md)[^)#]*)\)", readme.read_text("utf-8"))
    assert links
    assert [link for link in links if not (DOCS.parent / link).is_file()] == []
