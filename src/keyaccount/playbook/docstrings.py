"""What the docstring of a spec class says of it and of each field."""

from __future__ import annotations

import inspect
import re
from typing import Any

__all__ = ["parameters", "summary"]

_SECTION = re.compile(r"^(?P<title>[A-Z][A-Za-z ]*)\n-{3,}\n", re.MULTILINE)
_ENTRY = re.compile(r"^(?P<names>\w+(?:, \w+)*)\n(?P<said>(?:(?: +\S.*)?\n)+)", re.MULTILINE)
_TABLE = re.compile(r"^ +={3,} ", re.MULTILINE)
_ROLE = re.compile(r"``?([^`]+)``?")


def summary(cls: Any) -> str:
    """Give the first line."""
    return _plain((inspect.getdoc(cls) or "").partition("\n")[0])


def parameters(cls: Any) -> dict[str, str]:
    """Give what is said of each parameter, or attribute, by name."""
    doc = (inspect.getdoc(cls) or "") + "\n"
    found: dict[str, str] = {}
    for entry in _ENTRY.finditer(_section(doc, "Attributes") + _section(doc, "Parameters")):
        said = _plain(" ".join(_TABLE.split(entry["said"])[0].split()))
        found |= dict.fromkeys(entry["names"].split(", "), said)
    return found


def _section(doc: str, title: str) -> str:
    """Cut out one section."""
    heads = list(_SECTION.finditer(doc))
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        if head["title"] == title:
            return doc[head.end() : None if after is None else after.start()]
    return ""


def _plain(text: str) -> str:
    """Take the marks off names and code."""
    return _ROLE.sub(r"\1", text)
