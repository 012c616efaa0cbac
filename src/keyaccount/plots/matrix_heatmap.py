"""`matrix_heatmap`: how many accounts, and how much money, are in each cell of a matrix."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from keyaccount._columns import Codes, Floats
from keyaccount._words import Language, Words, shortened
from keyaccount.errors import SpecError
from keyaccount.plots._canvas import canvas, expect
from keyaccount.plots._checks import amounts_of
from keyaccount.plots._heat import Heat, draw_heat, shades
from keyaccount.plots._words import told_accounts, told_missing, words_for
from keyaccount.segments.assignment import Assignment
from keyaccount.segments.axis import Axis
from keyaccount.segments.matrix import Matrix
from keyaccount.stats.sums import group_counts, group_sums

__all__ = ["matrix_heatmap"]

_FIGURE = "matrix_heatmap"
_MOST_AXES = 2
_WIDE, _NARROW = 28, 20
"""Letters that a label beside the rows and one below a column may have."""
_SHORT = 2
"""Letters of a code that stands before a name; longer ones are words themselves."""
_LETTERS = 5
"""Letters of a matrix that goes by its capitals."""


def matrix_heatmap(
    assignment: Assignment,
    ax: Axes | None = None,
    *,
    money: Any = None,
    currency: str = "",
    language: Language = "en",
) -> Axes:
    """Draw a matrix of one or two axes: accounts, and money, where two bands cross.

    The first axis runs upwards and the second to the right, each from low to high. The shade goes
    by money where it is given, and by the number of accounts else.

    Parameters
    ----------
    assignment
        What `Matrix.assign` returned: PCV, NDF, RAD, relationship levels or a matrix of your own.
    ax
        Where to draw; None: a figure of its own.
    money
        ``(n,)`` an amount per account; missing ones are left out of the sums.
    currency
        What amounts are written with.
    language
        ``"en"`` or ``"zh"``.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    SpecError
        The matrix has more than two axes, or an argument is not what it should be.
    ColumnError, RowError
        There is not one amount per account.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from keyaccount import plots
    >>> from matplotlib.figure import Figure
    >>> book = {"status": ["vip", "vip", "common"], "output": [4e8, 3e8, 1e6]}
    >>> found = ka.pcv().assign(book)
    >>> ax = plots.matrix_heatmap(
    ...     found, Figure().subplots(), money=[900_000, 300_000, 50_000], currency="€"
    ... )
    >>> print(ax.texts[-1].get_text())
    V1
    2
    €1.2M
    """
    expect(assignment, Assignment, _FIGURE, "pass what matrix.assign(columns) returned.")
    words = words_for(language, currency, figure=_FIGURE)
    matrix = assignment.matrix
    if len(matrix.axes) > _MOST_AXES:
        raise SpecError.from_field(
            _FIGURE,
            f"draws matrices of at most {_MOST_AXES} axes",
            [a.name for a in matrix.axes],
            "draw matrices of two of its axes each.",
        )
    amounts = amounts_of(money, len(assignment), "money")
    rows, columns = _sides(matrix)
    width = 2.4 + 1.35 * (columns.size if columns else 1)
    on = canvas(ax, words, size=(width, 1.6 + 0.95 * rows.size))
    plain = matrix.prefix if len(matrix.prefix) <= _LETTERS else _words_of(matrix.name).capitalize()
    label = words.name(matrix.name, plain, matrix.name_zh)
    told = told_accounts(assignment.asked - assignment.unknown, assignment.asked, words)
    if amounts is not None:
        told += told_missing(amounts, words)
    on.title(f"{label}: {told}", f"{label}：{told}")
    if not len(assignment) or assignment.unknown == assignment.asked:
        return on.nothing("no account has a cell", "没有客户落入单元格")
    size = (rows.size, columns.size if columns else 1)
    at = _places(assignment)
    counts = group_counts(at, size[0] * size[1]).reshape(size)
    sums = None if amounts is None else group_sums(amounts, at, size[0] * size[1]).reshape(size)
    shade = counts.astype(np.float64) if sums is None else sums
    texts = _texts(assignment.matrix, counts, sums, size, words)
    across = _labels(columns, words, _NARROW) if columns else [""]
    draw_heat(
        on,
        Heat(shades(np.where(counts > 0, shade, 0.0)), texts, _labels(rows, words, _WIDE), across),
    )
    on.ax.set_ylabel(_title(rows, words))
    on.ax.set_xlabel(_title(columns, words) if columns else "")
    return on.done()


def _sides(matrix: Matrix) -> tuple[Axis, Axis | None]:
    return matrix.axes[0], matrix.axes[1] if len(matrix.axes) == _MOST_AXES else None


def _places(assignment: Assignment) -> Codes:
    """Give where the bands of each account cross; -1 where one is unknown."""
    found = np.zeros(len(assignment), dtype=np.int64)
    lost = assignment.code < 0
    for axis in assignment.matrix.axes:
        found = found * axis.size + assignment.bands[axis.name]
    return np.where(lost, -1, found)


def _texts(
    matrix: Matrix, counts: Codes, sums: Floats | None, size: tuple[int, int], words: Words
) -> list[list[str]]:
    texts = [["" for _ in range(size[1])] for _ in range(size[0])]
    for (i, j), code in zip(product(range(size[0]), range(size[1])), matrix.grid, strict=True):
        lines = [_cell_label(matrix, code, words), words.count(counts[i, j])]
        if sums is not None and counts[i, j]:
            lines.append(words.money(float(sums[i, j])))
        texts[i][j] = "\n".join(lines)
    return texts


def _cell_label(matrix: Matrix, code: str, words: Words) -> str:
    """Write the code of a cell; where codes are words, its name."""
    cell = matrix.cell(code)
    plain = code == cell.name and cell.name_zh
    return shortened(words.name(code, cell.name, cell.name_zh) if plain else code, 16)


def _labels(axis: Axis, words: Words, longest: int) -> list[str]:
    names_zh = axis.names_zh or ("",) * axis.size
    named = zip(axis.codes, axis.labels, names_zh, strict=True)
    found: list[str] = []
    for code, english, chinese in named:
        name = words.name(code, english, chinese)
        short = len(code) < len(name) and len(code) <= _SHORT
        found.append(shortened(f"{code} {name}" if short else name, longest))
    return found


def _title(axis: Axis, words: Words) -> str:
    return f"{words.name(_words_of(axis.name), '', axis.name_zh)} →"


def _words_of(code: str) -> str:
    return code.replace("_", " ")
