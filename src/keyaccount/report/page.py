"""Render a review as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keyaccount.errors import MissingExtra


def render_page(data: Mapping[str, Any]) -> str:
    """Render the page from plain data; every text is escaped.

    Raises
    ------
    MissingExtra
        jinja2 is not installed.
    """
    try:
        import jinja2
    except ModuleNotFoundError as error:
        raise MissingExtra.from_caller("the report page", "cli", "jinja2") from error
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("keyaccount.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"money": _money, "share": _share, "score": _score, "words": _words}
    return environment.get_template("review.html.j2").render(**data)


def _unknown(value: Any) -> bool:
    return value is None or value != value  # noqa: PLR0124 - NaN


def _money(value: Any) -> str:
    return "–" if _unknown(value) else f"{value:,.0f}"


def _share(value: Any) -> str:
    return "–" if _unknown(value) else f"{value:.0%}"


def _score(value: Any) -> str:
    return "–" if _unknown(value) else f"{value:.3f}"


def _words(value: Any) -> str:
    return str(value).replace("_", " ")
