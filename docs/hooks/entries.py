"""Lay out the entries of the reference.

A name that `import keyaccount as ka` reaches stands by itself, as in ``ka.NAME``; any other stands
with the module that it is imported from. An entry below a heading of its page is part of it.
"""

from __future__ import annotations

import re
from typing import Any

import keyaccount as ka

_ENTRY = re.compile(r"^::: (\S+)$(?!\n    options:)", re.MULTILINE)
_HEADING = re.compile(r"^## ", re.MULTILINE)


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Give each entry its options."""
    return _ENTRY.sub(_entry, markdown)


def _entry(found: re.Match[str]) -> str:
    known = getattr(ka, found[1].rpartition(".")[2], None)
    at_top = f"{getattr(known, '__module__', '')}.{getattr(known, '__qualname__', '')}" == found[1]
    options = {
        "show_root_full_path": "false" if at_top else "true",
        "heading_level": "3" if _HEADING.search(found.string, 0, found.start()) else "2",
    }
    lines = [f"      {name}: {value}" for name, value in options.items()]
    return "\n".join([found[0], "    options:", *lines])
