"""The column of an axis read for one call: what writes the band of each row, block by block."""

from __future__ import annotations

import math
from typing import TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._blocks import blocks
from keyaccount._columns import Bools, Columns, Floats, Labels, common_length, floats, labels
from keyaccount.bands import Cuts, States
from keyaccount.errors import RowError, closest
from keyaccount.groups import ByGroup
from keyaccount.segments.axis import Axis, folded

__all__ = ["AxisRows", "Bands16", "NumberRows", "StateRows", "all_bands", "read_axis"]

Bands16: TypeAlias = NDArray[np.int16]
"""The band of each row, 0 the lowest, -1 where it is not known."""


def _cuts_by_group(rows: NumberRows) -> Floats | None:
    """Lay the cuts out by group, the pool's last: rows without a group go there."""
    bands = rows.axis.bands
    if not isinstance(bands, ByGroup):
        return None
    assert rows.groups is not None
    own = dict(bands.groups)
    pool = bands.pool or next(iter(bands))  # without a pool every row has cuts of its own
    found = [own.get(label, pool).edges for label in rows.groups.labels] + [pool.edges]
    return np.ascontiguousarray(np.array(found).reshape(len(found), -1).T)


@attrs.frozen(eq=False)
class NumberRows:
    """Numbers against one list of cuts, or against those of each row's group.

    `asked` marks the rows that the axis is for; the others are unknown to it.
    """

    axis: Axis
    values: Floats
    groups: Labels | None = None
    asked: Bools | None = None
    table: Floats | None = attrs.field(
        init=False, default=attrs.Factory(_cuts_by_group, takes_self=True)
    )

    def __len__(self) -> int:
        return len(self.values)

    def into(self, rows: slice, out: Bands16) -> None:
        """Write the band of one block of rows."""
        x = self.values[rows]
        if self.table is None:
            assert isinstance(self.axis.bands, Cuts)
            self.axis.bands.into(x, out)
        else:
            assert self.groups is not None
            group = self.groups.codes[rows]
            out[:] = 0
            for edges in self.table:
                out += x >= edges[group]
        ceiling = self.axis.ceiling
        known = np.isfinite(x) if math.isinf(ceiling) else np.isfinite(x) & (x <= ceiling)
        if not known.all():
            out |= known.astype(np.int16) - 1  # all bits set is −1; three times faster than a mask

    def cuts_of(self, i: int) -> Cuts:
        """Give the cuts that one row is held against."""
        bands = self.axis.bands
        if isinstance(bands, ByGroup):
            return bands.of(self._group_of(i))
        assert isinstance(bands, Cuts)
        return bands

    def whose_cuts(self, i: int) -> str:
        """Name the group whose cuts one row is held against."""
        assert isinstance(self.axis.bands, ByGroup)
        label = self._group_of(i)
        return repr(label) if label in dict(self.axis.bands.groups) else "the pool"

    def _group_of(self, i: int) -> str | None:
        assert self.groups is not None
        code = int(self.groups.codes[i])
        return None if code < 0 else self.groups.labels[code]


@attrs.frozen(eq=False)
class StateRows:
    """Labels as the states they mean."""

    axis: Axis
    found: Labels
    table: Bands16
    asked: Bools | None = None

    def __len__(self) -> int:
        return len(self.found)

    def into(self, rows: slice, out: Bands16) -> None:
        """Write the state of one block of rows."""
        out[:] = self.table[self.found.codes[rows]]


AxisRows: TypeAlias = NumberRows | StateRows
"""An axis over the rows of one call."""


def read_axis(
    axis: Axis, columns: Columns, *, groups: Labels | None, group: str | None, asked: Bools | None
) -> AxisRows:
    """Read the column of an axis, or those of its rows that are asked for.

    Raises
    ------
    ColumnNotFoundError, ColumnError, RowError
        The column is not there, holds no numbers, or holds a label that is none of the states; a
        group has no cuts of its own and there is no pool.
    """
    if isinstance(axis.bands, States):
        found = labels(columns, axis.column)
        if asked is not None:
            common_length({axis.column: found, "where": asked})
            found = _labels_where(found, asked)
        return _states(axis, found, asked)
    values = floats(columns, axis.column)
    if asked is not None:
        common_length({axis.column: values, "where": asked})
        values = np.where(asked, values, np.nan)
    own = groups if isinstance(axis.bands, ByGroup) else None
    if own is not None and isinstance(axis.bands, ByGroup) and axis.bands.pool is None:
        _refuse_groups_without_cuts(axis.bands, own, str(group), asked)
    return NumberRows(axis, values, own, asked)


def _labels_where(found: Labels, asked: Bools) -> Labels:
    """Keep the labels of some rows, and forget those that only the others hold."""
    codes = np.where(asked, found.codes, -1)
    used = np.unique(codes[codes >= 0])
    table = np.full(len(found.labels) + 1, -1, dtype=np.int64)
    table[used] = np.arange(len(used))
    return Labels(table[codes], tuple(found.labels[i] for i in used.tolist()))


def all_bands(rows: AxisRows) -> Bands16:
    """Write the band of every row."""
    out = np.empty(len(rows), dtype=np.int16)
    for block in blocks(len(rows)):
        rows.into(block, out[block])
    return out


def _states(axis: Axis, found: Labels, asked: Bools | None) -> StateRows:
    positions = axis.positions
    known = [positions.get(folded(label), -1) for label in found.labels]
    unknown = [i for i, position in enumerate(known) if position < 0]
    if unknown:
        raise _unknown_state(axis, found, unknown)
    return StateRows(axis, found, np.array([*known, -1], dtype=np.int16), asked)


def _unknown_state(axis: Axis, found: Labels, unknown: list[int]) -> RowError:
    assert isinstance(axis.bands, States)
    rows = np.flatnonzero(np.isin(found.codes, unknown)).tolist()
    states = axis.bands.names
    near = closest(found.labels[unknown[0]], [*states, *axis.codes])
    offer = f"did you mean {near[0]!r}? " if near else ""
    return RowError.from_rows(
        axis.column,
        f"hold none of {', '.join(map(repr, states))}",
        rows,
        [found.labels[found.codes[r]] for r in rows[:5]],
        f"{offer}the codes {', '.join(axis.codes)} will do as well; other words go into aliases=, "
        "and what is unknown stays empty.",
    )


def _refuse_groups_without_cuts(
    bands: ByGroup[Cuts], groups: Labels, column: str, asked: Bools | None
) -> None:
    own = {label for label, _ in bands.groups}
    has = np.array([label in own for label in groups.labels] + [False])
    lost = ~has[groups.codes]
    rows = np.flatnonzero(lost if asked is None else lost & asked).tolist()
    if rows:
        texts = groups.texts()
        raise RowError.from_rows(
            column,
            "are of a group without cuts of its own",
            rows,
            [texts[r] for r in rows[:5]],
            f"give cuts for it, or a pool for all others; there are cuts for {sorted(own)}.",
        )
