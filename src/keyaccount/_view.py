"""How a result looks in a notebook: the first rows as a small table, every text escaped."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from itertools import islice
from typing import Any

__all__ = ["html_table"]

_ROWS = 10
_COLUMNS = 12


def html_table(title: str, columns: Mapping[str, Any], rows: int) -> str:
    """Write the first rows of a result as HTML, without colours of its own: it fits any theme."""
    shown = dict(islice(columns.items(), _COLUMNS))
    heads = "".join(f"<th>{escape(name)}</th>" for name in shown)
    lines = [
        "<tr>" + "".join(f"<td>{_cell(column[i])}</td>" for column in shown.values()) + "</tr>"
        for i in range(min(rows, _ROWS))
    ]
    left = max(rows - _ROWS, 0)
    more = f"<p>and {left:,} more rows</p>" if left else ""
    return (
        f"<div><p><strong>{escape(title)}</strong></p>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>{more}</div>"
    )


def _cell(value: Any) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN and NaT
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else escape(str(value))
