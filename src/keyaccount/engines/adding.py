"""`Adding`: a row-wise spec made ready to add its columns to any part of a frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
from numpy.typing import NDArray

from keyaccount._columns import Columns
from keyaccount.errors import ColumnError, SpecError
from keyaccount.rowwise import Column, RowWise

__all__ = ["Adding"]


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
    """

    spec: RowWise
    prefix: str
    reads: tuple[str, ...]

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
            It is no row-wise spec, or the prefix is no text.
        ColumnError
            The frame has a column of a name that the spec writes.
        """
        given: Any = spec
        if not isinstance(given, RowWise) or isinstance(given, type):
            raise SpecError.from_field(
                "spec",
                "must be a row-wise spec",
                spec,
                "give a fitted scorer, matrix, Rfm, gate inference or lifecycle model.",
            )
        if not isinstance(prefix, str):
            raise SpecError.from_field("prefix", "must be a text", prefix, 'write "" for none.')
        reads = tuple(name for name in spec.reads if name in names) or tuple(names[:1])
        adding = cls(spec, prefix, reads)
        _refuse_taken(adding.written, names, folded=folded)
        return adding

    @property
    def written(self) -> dict[str, Column]:
        """The columns that are added, by their names in the frame."""
        return {self.prefix + name: column for name, column in self.spec.writes.items()}

    def arrays(self, columns: Columns) -> dict[str, NDArray[Any]]:
        """Compute the columns that are added, by their names in the frame."""
        found = self.spec.apply(columns)
        return {self.prefix + name: found[name] for name in self.spec.writes}


def _refuse_taken(written: Mapping[str, Column], names: Sequence[str], *, folded: bool) -> None:
    """Refuse to write over a column that is there."""
    there = {name.casefold() if folded else name: name for name in names}
    found = [name for name in written if (name.casefold() if folded else name) in there]
    if found:
        said = ", ".join(repr(name) for name in found[:3]) + (" …" if len(found) > 3 else "")  # noqa: PLR2004 - three names say enough
        raise ColumnError(
            f"the frame already has the columns that would be written: {said}",
            'drop or rename them, or write under other names: prefix="new_".',
            columns=tuple(found),
        )
