"""How a result or a spec looks in a notebook or a terminal: a short table, every text escaped.

Nothing has a colour of its own: rules and texts take that of the page or the terminal, so that a
light theme and a dark one are both right.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from html import escape
from itertools import islice
from typing import Any, NamedTuple

import attrs
import numpy as np

__all__ = ["Spec", "View", "Viewed"]

_ROWS = 10
_COLUMNS = 12
_DEEP = 3
_LONG = 120
_LISTED = 12
"""How many values of a column are written in one line of text."""
_IN_FULL, _READABLE = 1e3, 1e15
"""Numbers between these are written in full, with two decimals where they have some."""

_MOST_DECIMALS = 7

_TABLE = '<table style="border-collapse:collapse;margin:0">'
_HEAD = "text-align:left;border-bottom:1px solid currentColor;padding:2px 8px"
_TEXT = "text-align:left;vertical-align:top;padding:2px 8px"
_NUMBER = "text-align:right;vertical-align:top;padding:2px 8px;font-variant-numeric:tabular-nums"


class View(NamedTuple):
    """The first rows of a result under a title."""

    title: str
    columns: Mapping[str, Any]
    rows: int

    @property
    def shown(self) -> dict[str, list[tuple[str, bool]]]:
        """The cells that are shown by column, each with whether it is a number."""
        some = islice(self.columns.items(), _COLUMNS)
        n = min(self.rows, _ROWS)
        return {name: _cells(column, n) for name, column in some}

    @property
    def left_out(self) -> str:
        """What is not shown, in words; empty where everything is."""
        rows = max(self.rows - _ROWS, 0) if self.columns else self.rows
        columns = max(len(self.columns) - _COLUMNS, 0)
        said = [f"{rows:,} more rows"] * bool(rows) + [f"{columns:,} more columns"] * bool(columns)
        return f"and {' and '.join(said)}" if said else ""

    def html(self) -> str:
        """Write it for a notebook."""
        shown = self.shown
        heads = "".join(_html_head(str(name), _are_numbers(c)) for name, c in shown.items())
        lines = "".join(
            f"<tr>{''.join(_html_cell(*cell) for cell in row)}</tr>"
            for row in zip(*shown.values(), strict=True)
        )
        more = f"<p>{self.left_out}</p>" if self.left_out else ""
        return (
            f"<div><p><strong>{escape(self.title)}</strong></p>"
            f"{_TABLE}<thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>{more}</div>"
        )

    def rich(self) -> Any:
        """Make the table that rich prints in a terminal; only rich asks for it."""
        from rich.table import Table
        from rich.text import Text

        shown = self.shown
        table = Table(title=Text(self.title), caption=self.left_out or None, title_justify="left")
        for name, cells in shown.items():
            numbers = _are_numbers(cells)
            table.add_column(Text(str(name)), justify="right" if numbers else "left")
        for row in zip(*shown.values(), strict=True):
            table.add_row(*(Text(text) for text, _ in row))  # a name in brackets is no markup
        return table


class Viewed:
    """A result that shows itself in notebooks, in terminals through rich, and else in one line.

    The repr that attrs would make writes every label of a million rows.
    """

    __slots__ = ()

    def __init_subclass__(cls, **options: Any) -> None:
        """Put the short repr where attrs takes it for the class's own, and makes no other."""
        super().__init_subclass__(**options)
        if cls.__repr__ is Viewed.__repr__:
            cls.__repr__ = Viewed.__repr__  # type: ignore[method-assign]

    def __repr__(self) -> str:
        return _brief_fields(self)

    def _view(self) -> View:
        """Say what is shown."""
        raise NotImplementedError

    def _repr_html_(self) -> str:
        return self._view().html()

    def __rich__(self) -> Any:
        return self._view().rich()


def _brief_fields(value: Any) -> str:
    """Write a value as attrs would, but of long columns how long they are."""
    told = (f"{a.name}={_written(a.repr)(getattr(value, a.name))}" for a in _shown_fields(value))
    name = type(value).__qualname__.rpartition(">.")[2]
    return f"{name}({', '.join(told)})"


def _shown_fields(value: Any) -> list[Any]:
    return [a for a in attrs.fields(type(value)) if a.repr]


def _written(how: Any) -> Any:
    """Give what writes a field: what the class names, or a short repr."""
    return how if callable(how) else _brief


def _brief(value: Any) -> str:
    if isinstance(value, np.ndarray):
        shape = " × ".join(f"{n:,}" for n in value.shape)
        return repr(value) if value.size <= _LISTED else f"<{shape} {value.dtype}>"
    if isinstance(value, tuple | list | dict) and len(value) > _LISTED:
        return f"<{len(value):,} items>"
    if type(value) is tuple:
        return f"({', '.join(map(_brief, value))}{',' if len(value) == 1 else ''})"
    if type(value) is dict:
        return f"{{{', '.join(f'{k!r}: {_brief(v)}' for k, v in value.items())}}}"
    return _brief_fields(value) if _is_told_by_attrs(value) else repr(value)


def _is_told_by_attrs(value: Any) -> bool:
    """Say whether attrs has made the repr of a value, which would write all of its fields."""
    code = getattr(type(value).__repr__, "__code__", None)
    return code is not None and code.co_filename.startswith("<attrs generated")


class Spec:
    """A spec that shows its fields in notebooks; rich prints its repr, as it is."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return f"<div>{_html_spec(self, 0)}</div>"


def _are_numbers(cells: Iterable[tuple[str, bool]]) -> bool:
    return any(is_number for _, is_number in cells)


def _cells(column: Any, n: int) -> list[tuple[str, bool]]:
    """Write the first cells of a column; floats with as many decimals as the largest needs."""
    cells = [_cell(column[i]) for i in range(n)]
    if not (isinstance(column, np.ndarray) and column.dtype.kind == "f"):
        return cells
    values = [float(column[i]) for i in range(n)]
    decimals = _decimals([v for v in values if math.isfinite(v)])
    return [
        # What these decimals would write as 0 is left as it was.
        (f"{v + 0.0:,.{decimals}f}", True) if _is_seen(v, decimals) else cell
        for v, cell in zip(values, cells, strict=True)
    ]


def _decimals(values: list[float]) -> int:
    """Give how many decimals write four digits of the largest, less those that are 0 in all."""
    most = max(map(abs, values), default=0.0)
    if most >= _IN_FULL or not most:
        enough = 2
    else:
        enough = min(3 - math.floor(math.log10(most)), _MOST_DECIMALS)
    needed = (d for d in range(enough) if all(round(v, d) == round(v, enough) for v in values))
    return next(needed, enough)


def _is_seen(value: float, decimals: int) -> bool:
    return abs(value) < _READABLE and (value == 0.0 or round(value, decimals) != 0.0)


def _cell(value: Any) -> tuple[str, bool]:
    """Write a cell, and say whether it is a number."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return "–", False
    if isinstance(value, np.generic):
        value = value.item() if value == value else None  # noqa: PLR0124 - NaN and NaT
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–", False
    if isinstance(value, float):
        return _measured(value), True
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}", True
    return _short(str(value)), False


def _measured(value: float) -> str:
    """Write a number as it is read: money in full, shares to four digits."""
    if _IN_FULL <= abs(value) < _READABLE:
        return f"{value:,.2f}".removesuffix(".00")
    return f"{value + 0.0:.4g}"


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def _html_head(name: str, of_numbers: bool) -> str:  # noqa: FBT001 - half of a head
    style = _HEAD.replace("left", "right") if of_numbers else _HEAD
    return f'<th scope="col" style="{style}">{escape(name)}</th>'


def _html_cell(text: str, is_number: bool) -> str:  # noqa: FBT001 - half of a cell
    style = _NUMBER if is_number else _TEXT
    return f'<td style="{style}">{escape(text)}</td>'


def _html_spec(spec: Any, depth: int) -> str:
    """Write the fields of a spec that are not left at None or empty, one per line."""
    told = {name: value for name, value in _fields(spec).items() if _is_told(value)}
    name = escape(type(spec).__name__)
    return f"<p><strong>{name}</strong></p>{_html_pairs(told.items(), depth)}"


def _fields(spec: Any) -> dict[str, Any]:
    cls: Any = type(spec)
    return {a.name.lstrip("_"): getattr(spec, a.name) for a in attrs.fields(cls) if a.init}


def _is_told(value: Any) -> bool:
    return value is not None and value != ()


def _html_pairs(pairs: Iterable[tuple[str, Any]], depth: int) -> str:
    lines = "".join(
        f'<tr><th scope="row" style="{_TEXT}">{escape(str(name))}</th>'
        f'<td style="{_TEXT}">{_html_value(value, depth + 1)}</td></tr>'
        for name, value in pairs
    )
    return f"{_TABLE}<tbody>{lines}</tbody></table>"


def _html_value(value: Any, depth: int) -> str:
    """Write the value of a field: a spec as its fields, several as a table, the rest as text."""
    if depth < _DEEP and attrs.has(type(value)):
        return _html_spec(value, depth)
    if depth < _DEEP and _names_values(value):
        pairs = value.items() if isinstance(value, Mapping) else value
        return _html_pairs(islice(pairs, _ROWS), depth) + _more(len(value))
    if depth < _DEEP and _is_matrix(value):
        return _html_matrix(value)
    if depth < _DEEP and _are_specs(value):
        return _html_specs(value) + _more(len(value))
    return escape(_told(value))


def _is_matrix(value: Any) -> bool:
    """Say whether it is several rows of numbers."""
    return (
        isinstance(value, tuple)
        and len(value) > 1
        and all(isinstance(row, tuple) and len(row) == len(value[0]) for row in value)
        and all(isinstance(cell, int | float) for row in value for cell in row)
    )


def _html_matrix(rows: tuple[tuple[float, ...], ...]) -> str:
    """Write rows of numbers as a table; who learns from it reads it, and copies it from no page."""
    lines = "".join(
        f"<tr>{''.join(_html_cell(*_cell(cell)) for cell in row[:_COLUMNS])}</tr>"
        for row in rows[:_ROWS]
    )
    return f"{_TABLE}<tbody>{lines}</tbody></table>{_more(len(rows))}"


def _html_specs(specs: tuple[Any, ...]) -> str:
    """Write several specs as a table, one per row and one column per field that says something."""
    rows = [_fields(spec) for spec in specs[:_ROWS]]
    names = dict.fromkeys(name for row in rows for name in row)
    kinds = [type(spec).__name__ for spec in specs[:_ROWS]]
    alike = len(set(kinds)) == 1
    cells = {} if alike else {"kind": kinds}
    for name in names:
        if any(_is_told(row.get(name)) for row in rows):
            cells[name] = [_told(row.get(name)) for row in rows]
    return View(kinds[0] if alike else f"{len(specs)} specs", cells, len(rows)).html()


def _told(value: Any) -> str:
    """Write a value on one line: of specs their kind, and what they go by."""
    if not _is_told(value):
        return "–"
    if attrs.has(type(value)):
        return _short(f"{type(value).__name__}({', '.join(_known_by(value))})")
    if _are_specs(value):
        kinds = {type(v).__name__ for v in value}
        return f"{len(value)} {kinds.pop() if len(kinds) == 1 else 'specs'}"
    if isinstance(value, tuple):
        return _short(", ".join(_told(v) for v in value))
    # The digits of a constant count: one that is copied from here must decide alike.
    return _short(repr(value).removesuffix(".0") if isinstance(value, float) else str(value))


def _known_by(spec: Any) -> list[str]:
    """List what a spec goes by: its first plain fields, or what it lists."""
    fields = [value for value in _fields(spec).values() if _is_told(value)]
    plain = [_told(value) for value in fields if isinstance(value, str | int | float)]
    if plain:
        return plain[:2]
    listed: tuple[Any, ...] = next((v for v in fields if isinstance(v, tuple)), ())
    return [name for name, _ in listed] if _names_values(listed) else [_told(v) for v in listed]


def _are_specs(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and all(attrs.has(type(v)) for v in value)


def _names_values(value: Any) -> bool:
    """Say whether it is a mapping, or pairs of a name and a value."""
    if isinstance(value, Mapping):
        return True
    pairs = value if isinstance(value, tuple) else ()
    return bool(pairs) and all(
        isinstance(p, tuple) and len(p) == 2 and isinstance(p[0], str)  # noqa: PLR2004 - a pair
        for p in pairs
    )


def _more(count: int) -> str:
    return f"<p>and {count - _ROWS:,} more</p>" if count > _ROWS else ""
