"""`Matrix`: axes crossed into cells, each with a code, labels and a treatment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Columns, Labels, bools, common_length, labels
from keyaccount._validators import (
    exact_int,
    exact_tuple,
    field_name,
    optional,
    some_of,
    text,
    text_or_empty,
)
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.groups import ByGroup
from keyaccount.rowwise import Column
from keyaccount.segments.assignment import Assignment
from keyaccount.segments.axis import Axis
from keyaccount.segments.axis_rows import read_axis
from keyaccount.segments.cell import Cell

__all__ = ["Matrix"]

_MOST = np.iinfo(np.int16).max
"""Codes are 16-bit integers."""


def _few_enough(instance: Any, attribute: Any, value: Any) -> None:
    combinations = prod(a.size for a in value)
    if combinations > _MOST:
        rule = f"must make at most {_MOST} combinations"
        hint = "take fewer bands: cells that hold nobody tell nothing apart."
        raise SpecError.from_field(field_name(instance, attribute), rule, combinations, hint)


def _capitals(instance: Matrix) -> str:
    return str(instance.name).upper()


def _made_cells(instance: Matrix) -> tuple[Cell, ...]:
    """Make one cell per combination of bands."""
    axes: Any = instance.axes
    if not axes or not isinstance(axes, tuple) or not all(isinstance(a, Axis) for a in axes):
        return ()  # the validator of the axes has the word
    if prod(a.size for a in instance.axes) > _MOST:
        return ()
    codes = product(*(a.codes for a in instance.axes))
    names = product(*(a.labels for a in instance.axes))
    names_zh = product(*(a.names_zh or a.codes for a in instance.axes))
    return tuple(
        Cell("".join(c), ", ".join(n), name_zh="，".join(z))
        for c, n, z in zip(codes, names, names_zh, strict=True)
    )


def _cells(instance: Matrix, attribute: Any, value: Any) -> None:
    name = field_name(instance, attribute)
    if not isinstance(value, tuple) or not all(isinstance(c, Cell) for c in value):
        raise SpecError.from_field(name, "must be cells", value, "see Cell.")
    codes = [c.code for c in value]
    twice = sorted({c for c in codes if codes.count(c) > 1})
    if twice:
        hint = "list each cell once; grid= says which combinations of bands belong to it."
        raise SpecError.from_field(name, "must have unique codes", twice, hint)


def _made_grid(instance: Matrix) -> tuple[str, ...]:
    """Let the cells stand for the combinations, in order."""
    cells: Any = instance.cells
    good = isinstance(cells, tuple) and all(isinstance(c, Cell) for c in cells)
    return tuple(c.code for c in instance.cells) if good else ()


def _grid(instance: Matrix, attribute: Any, value: Any) -> None:
    name = field_name(instance, attribute)
    wanted = prod(a.size for a in instance.axes)
    if not isinstance(value, tuple) or len(value) != wanted:
        sizes = " × ".join(str(a.size) for a in instance.axes)
        got = len(value) if isinstance(value, tuple) else value
        raise SpecError.from_field(
            name,
            f"must name one cell for each of the {sizes} = {wanted} combinations of bands",
            got,
            "the last axis runs fastest, each from low to high.",
        )
    codes = [c.code for c in instance.cells]
    for code in value:
        if code not in codes:
            raise SpecError.from_choice(name, code, codes)


def _group(instance: Matrix, attribute: Any, value: Any) -> None:
    optional(text)(instance, attribute, value)
    grouped = [a.name for a in instance.axes if isinstance(a.bands, ByGroup)]
    if value is None and grouped:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must name the column of groups: {grouped} differ by group",
            value,
            'say for instance group="industry".',
        )


@attrs.frozen
class Matrix(Spec):
    """Axes crossed into cells: which kind of customer each account is.

    Row-wise: an account's cell depends on that account alone.

    Parameters
    ----------
    name
        What the matrix is called; also the column it writes (``"pcv"``).
    axes
        One or more axes, the first the one whose code is printed first.
    cells
        The kinds of customer. Left out: one for each combination of bands, in the order of `grid`,
        with the codes of the axes run together.
    grid
        The code of the cell of each combination of bands; the last axis runs fastest, each axis
        from low to high. Several combinations may share a cell. Left out: one cell each, in
        order.
    group
        The column of groups, where the cuts of an axis differ by group.
    prefix
        What marks a code as one of this matrix: ``"NDF"`` makes ``"NDF:D2"``. Left out: the name in
        capitals.
    name_zh
        Chinese label.
    used_by
        Whose working tool it is, where the source says so.

    Raises
    ------
    SpecError
        Names or codes occur twice, the grid does not name one cell for each combination, or
        a group column is needed and not named.

    Examples
    --------
    >>> import keyaccount as ka
    >>> matrix = ka.Matrix(
    ...     "size",
    ...     axes=(
    ...         ka.Axis("status", "status", bands=("lead", "customer"), codes=("L", "C")),
    ...         ka.Axis("staff", "staff", bands=(50, 250), codes=("3", "2", "1")),
    ...     ),
    ... )
    >>> matrix.assign({"status": ["lead", "C", None], "staff": [250, 49, 10]}).labels
    array(['L1', 'C3', None], dtype=object)
    """

    name: str = attrs.field(validator=text)
    axes: tuple[Axis, ...] = attrs.field(
        converter=exact_tuple,
        validator=[some_of(Axis, "axes", by="name"), _few_enough],
        kw_only=True,
    )
    cells: tuple[Cell, ...] = attrs.field(
        default=attrs.Factory(_made_cells, takes_self=True),
        converter=exact_tuple,
        validator=_cells,
        kw_only=True,
    )
    grid: tuple[str, ...] = attrs.field(
        default=attrs.Factory(_made_grid, takes_self=True),
        converter=exact_tuple,
        validator=_grid,
        kw_only=True,
    )
    group: str | None = attrs.field(default=None, validator=_group, kw_only=True)
    prefix: str = attrs.field(
        default=attrs.Factory(_capitals, takes_self=True), validator=text, kw_only=True
    )
    name_zh: str = attrs.field(default="", validator=text_or_empty, kw_only=True)
    used_by: str = attrs.field(default="", validator=text_or_empty, kw_only=True)

    @property
    def codes(self) -> tuple[str, ...]:
        """The code of each cell."""
        return tuple(c.code for c in self.cells)

    @property
    def qualified(self) -> tuple[str, ...]:
        """The code of each cell with its matrix: ``NDF:D2``."""
        return tuple(f"{self.prefix}:{c.code}" for c in self.cells)

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns it needs."""
        names = [a.column for a in self.axes]
        if self.group is not None and self._is_grouped:
            names.append(self.group)
        return tuple(dict.fromkeys(names))

    @property
    def writes(self) -> Mapping[str, Column]:
        """The columns it adds, by name."""
        return {self.name: Column("code", self.codes)}

    @property
    def _is_grouped(self) -> bool:
        return any(isinstance(a.bands, ByGroup) for a in self.axes)

    def cell(self, code: str) -> Cell:
        """Give a cell by its code.

        Raises
        ------
        SpecError
            There is no such cell.
        """
        for cell in self.cells:
            if cell.code == code:
                return cell
        raise SpecError.from_choice("code", code, self.codes)

    def assign(self, columns: Columns, *, where: Any = None) -> Assignment:
        """Say of each account which cell it is in.

        Parameters
        ----------
        columns
            Any container of columns, or a dict of scalars for one account.
        where
            Which accounts the matrix is for, one true or false per account; the others have no
            cell, whatever their columns hold. None: all.

        Returns
        -------
        Assignment
            Code, label, treatment and reasons, aligned with the input by position. An account with
            anything unknown on an axis has no cell.

        Raises
        ------
        ColumnNotFoundError, ColumnError, RowError
            A column is not there, holds no numbers, or holds a label that is none of the states.
        """
        groups: Labels | None = None
        asked = None if where is None else bools({"where": where}, "where")
        read: dict[str, Any] = {} if asked is None else {"where": asked}
        if self._is_grouped:
            groups = read[str(self.group)] = labels(columns, str(self.group))
        common_length(read)
        axes = tuple(
            read_axis(a, columns, groups=groups, group=self.group, asked=asked) for a in self.axes
        )
        common_length({**read, **{rows.axis.column: rows for rows in axes}})
        return Assignment(self, axes, asked)

    def apply(self, columns: Columns) -> dict[str, NDArray[Any]]:
        """Compute the columns named in `writes`, aligned with the input by position."""
        return {self.name: self.assign(columns).code}

    def code_at(self, bands: Sequence[int]) -> str:
        """Give the code of the cell where these bands cross.

        Parameters
        ----------
        bands
            One band per axis, in their order, counted from 0, the lowest.

        Raises
        ------
        SpecError
            There is not one band per axis, or no such band.

        Examples
        --------
        >>> import keyaccount as ka
        >>> ka.pcv().code_at((2, 0))
        'V3'
        """
        given: Any = exact_tuple(bands)
        sizes = [axis.size for axis in self.axes]
        if not isinstance(given, tuple) or len(given) != len(sizes):
            raise self._no_bands(bands)
        position = 0
        for size, stated in zip(sizes, given, strict=True):
            band = exact_int(stated)
            if type(band) is not int or not 0 <= band < size:
                raise self._no_bands(bands)
            position = position * size + band
        return self.grid[position]

    def _no_bands(self, bands: object) -> SpecError:
        sizes = ", ".join(f"{axis.name!r} 0 to {axis.size - 1}" for axis in self.axes)
        return SpecError.from_field(
            "Matrix.code_at(bands)",
            "must be one band per axis, counted from 0",
            bands,
            f"the bands are: {sizes}.",
        )

    @property
    def cell_at(self) -> NDArray[np.int16] | None:
        """The position of the cell of each combination of bands, and -1 last.

        None where each combination is its own cell, in order.
        """
        if self.grid == self.codes:
            return None
        position = {code: i for i, code in enumerate(self.codes)}
        return np.array([*(position[code] for code in self.grid), -1], dtype=np.int16)
