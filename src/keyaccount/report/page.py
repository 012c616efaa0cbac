"""Render a review as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keyaccount.errors import MissingExtra

__all__ = ["render_page"]


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
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "cents": _cents,
        "count": _count,
        "money": _money,
        "score": _score,
        "share": _share,
        "signed": _signed,
        "words": _words,
    }
    return environment.get_template("review.html.j2").render(**data)


def _formatted(value: Any, pattern: str) -> str:
    """Write a number, a dash where it is unknown."""
    unknown = value is None or value != value  # noqa: PLR0124 - NaN
    return "–" if unknown else format(value, pattern).replace("-", "−")


def _cents(value: Any) -> str:
    return _formatted(value, ",.2f")


def _count(value: Any) -> str:
    return _formatted(value, ",d")


def _money(value: Any) -> str:
    return _formatted(value, ",.0f")


def _score(value: Any) -> str:
    return _formatted(value, ".3f")


def _share(value: Any) -> str:
    return _formatted(value, ".0%")


def _signed(value: Any) -> str:
    return _formatted(value, "+.3f")


def _words(value: Any) -> str:
    return str(value).replace("_", " ")
