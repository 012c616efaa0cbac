"""Strategies for axes, matrices and the accounts they are applied to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from math import prod
from typing import Any

from hypothesis import strategies as st

from keyaccount.bands import Cuts, States
from keyaccount.groups import ByGroup
from keyaccount.segments.axis import Axis
from keyaccount.segments.cell import Cell
from keyaccount.segments.matrix import Matrix
from keyaccount.testing.books import GROUPS

__all__ = ["axes", "matrices", "segment_books"]

_MAX_BANDS = 4
_STATES = ("potential", "common", "vip", "former")
_STATES_ZH = ("潜在", "价值", "贵宾", "流失")
_CODES = ("P", "C", "V", "X")
_EDGES = (-2.0, 9.0)
"""Cuts are drawn between these."""


@st.composite
def axes(
    draw: st.DrawFn,
    *,
    name: str = "axis",
    numeric: bool | None = None,
    group: bool = False,
    min_bands: int = 1,
) -> Axis:
    """Draw axes of bands or of states.

    Parameters
    ----------
    name
        The name of the axis, and of the column it reads.
    numeric
        Only bands, or only states; None: either.
    group
        Whether cuts may differ by group.
    min_bands
        How many bands or states there are at least.

    Examples
    --------
    >>> from hypothesis import strategies as st
    >>> from keyaccount.testing import axes
    >>> isinstance(axes(), st.SearchStrategy)
    True
    """
    size = draw(st.integers(min_bands, _MAX_BANDS))
    if draw(st.booleans()) if numeric is None else numeric:
        return _numeric(draw, name, size, group=group)
    return Axis(
        name,
        name,
        bands=_STATES[:size],
        codes=_CODES[:size],
        names_zh=draw(st.sampled_from([(), _STATES_ZH[:size]])),
        aliases=draw(st.sampled_from([{}, {"lead": _STATES[0]}])),
    )


def _numeric(draw: st.DrawFn, name: str, size: int, *, group: bool) -> Axis:
    bands: Cuts | ByGroup[Cuts]
    bands = pool = draw(_cuts(size - 1))
    if group and draw(st.booleans()):
        known = draw(st.dictionaries(st.sampled_from(GROUPS), _cuts(size - 1), max_size=3))
        bands = ByGroup(known, pool=pool)
    return Axis(
        name,
        name,
        bands=bands,
        codes=[str(size - i) for i in range(size)],
        unit=draw(st.sampled_from(["", "CNY", "share"])),
        lowest=draw(st.sampled_from([None, _EDGES[0]])),
        highest=draw(st.sampled_from([None, _EDGES[1]])),
    )


def _cuts(count: int) -> st.SearchStrategy[Cuts]:
    edges = st.sets(st.floats(*_EDGES, width=16), min_size=count, max_size=count)
    return edges.map(lambda found: Cuts(sorted(found)))


@st.composite
def matrices(
    draw: st.DrawFn,
    *,
    name: str = "drawn",
    group: str | None = None,
    max_axes: int = 3,
    min_bands: int = 1,
) -> Matrix:
    """Draw matrices with a cell for each combination of bands, or with cells that share some.

    Parameters
    ----------
    name
        The name of the matrix.
    group
        The column of groups where cuts may differ by group; None: they do not.
    max_axes
        How many axes there are at most.
    min_bands
        How many bands or states each axis has at least.

    Examples
    --------
    >>> from hypothesis import strategies as st
    >>> from keyaccount.testing import matrices
    >>> isinstance(matrices(), st.SearchStrategy)
    True
    """
    columns = "abc"[: draw(st.integers(1, max_axes))]
    crossed = tuple(draw(axes(name=c, group=bool(group), min_bands=min_bands)) for c in columns)
    if draw(st.booleans()):
        return Matrix(name, axes=crossed, group=group)
    cells = (Cell("low", treatment="wait"), Cell("high", name_zh="高"), Cell("empty"))
    combinations = prod(axis.size for axis in crossed)
    codes = st.sampled_from(["low", "high"])
    grid = draw(st.lists(codes, min_size=combinations, max_size=combinations))
    return Matrix(name, axes=crossed, cells=cells, grid=grid, group=group)


@st.composite
def segment_books(
    draw: st.DrawFn, matrix: Matrix, *, min_size: int = 0, max_size: int = 8
) -> dict[str, Any]:
    """Draw accounts for a matrix: numbers on and beside its cuts, states in any wording, gaps.

    Parameters
    ----------
    matrix
        What the accounts are to be assigned by.
    min_size, max_size
        How many accounts there are.

    Examples
    --------
    >>> from hypothesis import strategies as st
    >>> import keyaccount as ka
    >>> from keyaccount.testing import segment_books
    >>> isinstance(segment_books(ka.pcv()), st.SearchStrategy)
    True
    """
    n = draw(st.integers(min_size, max_size))
    cells = {axis.column: st.sampled_from(_values(axis)) for axis in matrix.axes}
    if matrix.group is not None and matrix.group in matrix.reads:
        cells[matrix.group] = st.sampled_from([*GROUPS, "never seen", None])
    return {name: draw(st.lists(some, min_size=n, max_size=n)) for name, some in cells.items()}


def _values(axis: Axis) -> Sequence[Any]:
    if isinstance(axis.bands, States):
        words = [*axis.positions, *axis.bands.names]
        return [*words, *(f" {word.upper()}" for word in axis.bands.names), None]
    constants = axis.bands if isinstance(axis.bands, ByGroup) else [axis.bands]
    edges = sorted({edge for cuts in constants for edge in cuts.edges})
    beside = [math.nextafter(e, to) for e in edges for to in (-math.inf, math.inf)]
    return [*edges, *beside, -1e12, 0.0, -0.0, 1e12, math.nan, math.inf, -math.inf]
