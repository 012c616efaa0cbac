"""`Adding`: a row-wise spec made ready to add its columns to any part of a frame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import attrs
from numpy.typing import NDArray

from keyaccount._columns import Columns, pick, row_count
from keyaccount.engines.contract import (
    refuse_odd_prefix,
    refuse_odd_writes,
    refuse_other_arrays,
    refuse_what_is_no_spec,
)
from keyaccount.errors import ColumnError
from keyaccount.rowwise import Column, RowWise

__all__ = ["Adding"]


def _asked(adding: Adding) -> dict[str, Column]:
    return dict(adding.spec.writes)


def _named(adding: Adding) -> dict[str, Column]:
    return {adding.prefix + name: column for name, column in adding.writes.items()}


@attrs.frozen(eq=False)
class Adding:
    """What an engine runs on each part of a frame; it can be pickled and sent to other machines.

    Parameters
    ----------
    spec
        The fitted spec.
    prefix
        Put in front of the name of each added column.
    reads
        The columns of the frame that it takes; never empty, so that a part has a length.

    Attributes
    ----------
    writes
        What the spec writes, by its own names: asked once, for there may be many small parts.
    written
        The same, by the names in the frame.
    """

    spec: RowWise
    prefix: str
    reads: tuple[str, ...]
    writes: Mapping[str, Column] = attrs.field(
        init=False, default=attrs.Factory(_asked, takes_self=True)
    )
    written: Mapping[str, Column] = attrs.field(
        init=False, default=attrs.Factory(_named, takes_self=True)
    )

    @classmethod
    def of(cls, spec: RowWise, prefix: str, names: Sequence[str], *, folded: bool) -> Adding:
        """Make a spec ready for a frame with these columns.

        Parameters
        ----------
        spec, prefix
            See the class.
        names
            The columns of the frame.
        folded
            Whether its engine takes ``score`` and ``Score`` for one name.

        Raises
        ------
        SpecError
            It is no row-wise spec or writes nothing, or the prefix is no text.
        ColumnError
            The frame has a column of a name that the spec writes, or two of these names are one.
        """
        refuse_what_is_no_spec(spec)
        refuse_odd_prefix(prefix)
        refuse_odd_writes(spec.writes)
        reads = tuple(name for name in spec.reads if name in names) or tuple(names[:1])
        adding = cls(spec, prefix, reads)
        _refuse_taken(adding.written, names, folded=folded)
        return adding

    def arrays(self, columns: Columns) -> dict[str, NDArray[Any]]:
        """Compute the columns that are added, by their names in the frame.

        Raises
        ------
        SpecError
            The spec, of somebody else's making, does not give what it says it writes.
        """
        found = self.spec.apply(columns)
        refuse_other_arrays(found, self.writes, self._rows(columns))
        return {self.prefix + name: found[name] for name in self.writes}

    def _rows(self, columns: Columns) -> int:
        """Count the rows by a column that is read: a dict may hold a scalar beside columns."""
        if isinstance(columns, Mapping) and self.reads:
            return row_count({"": pick(columns, self.reads[0])})
        return row_count(columns)


def _refuse_taken(written: Mapping[str, Column], names: Sequence[str], *, folded: bool) -> None:
    """Refuse to write over a column that is there, or two columns of one name."""

    def held(name: str) -> str:
        return name.casefold() if folded else name

    there = set(map(held, names))
    found = [name for name in written if held(name) in there]
    if found:
        raise ColumnError(
            f"the frame already has the columns that would be written: {_few(found)}",
            'drop or rename them, or write under other names: prefix="new_".',
            columns=tuple(found),
        )
    count = Counter(map(held, written))
    alike = [name for name in written if count[held(name)] > 1]
    if alike:
        raise ColumnError(
            f"the columns that would be written are one where case does not count: {_few(alike)}",
            "rename a part of the spec.",
            columns=tuple(alike),
        )


def _few(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names[:3])) + (" …" if len(names) > 3 else "")  # noqa: PLR2004 - three names say enough
