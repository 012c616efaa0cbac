"""Put figures into pages: a line ``<!-- figure: NAME -->`` becomes what the examples above drew.

The examples of such a page are run while the site is built; NAME is a variable of theirs that holds
the axes.
"""

from __future__ import annotations

import re
from contextlib import redirect_stdout
from doctest import DocTestParser
from io import StringIO
from typing import Any

_MARK = re.compile(r"^<!-- figure: (\w+) -->$", re.MULTILINE)


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Run the examples of a page with figures, and put the figures in."""
    if not _MARK.search(markdown):
        return markdown
    known: dict[str, Any] = {}
    parts = _MARK.split(markdown)
    shown = [parts[0]]
    for before, name, after in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
        _run(before, known)
        shown += [_drawn(name, known), after]
    return "".join(shown)


def _run(text: str, known: dict[str, Any]) -> None:
    with redirect_stdout(StringIO()):
        for example in DocTestParser().get_examples(text):
            exec(compile(example.source, "<page>", "single"), known)  # noqa: S102 - our own page


def _drawn(name: str, known: dict[str, Any]) -> str:
    from keyaccount import plots

    drawn = plots.svg(known[name], prefix=f"{name}-", ground="page")
    return f'<figure class="keyaccount">\n{drawn}\n</figure>'
