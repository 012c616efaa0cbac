"""The row-wise protocol: what an engine must know of a spec, and nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol, Self, TypeAlias, runtime_checkable

import attrs
from numpy.typing import NDArray

from keyaccount._columns import Columns

__all__ = ["Column", "ColumnKind", "Columns", "Fittable", "RowWise"]

ColumnKind: TypeAlias = Literal["float", "code", "day", "bool"]
"""What a written column holds: numbers, codes into labels, days, or true and false."""


@attrs.frozen
class Column:
    """What a row-wise spec writes into one column.

    Parameters
    ----------
    kind
        ``"float"``, ``"code"`` (into `labels`), ``"day"`` or ``"bool"``.
    labels
        The labels that codes stand for.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Column("float")
    Column(kind='float', labels=())
    """

    kind: ColumnKind
    labels: tuple[str, ...] = ()


@runtime_checkable
class RowWise(Protocol):
    """A fitted spec whose result for a row depends on that row alone."""

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns it needs."""
        ...

    @property
    def writes(self) -> Mapping[str, Column]:
        """The columns it adds, by name."""
        ...

    def apply(self, columns: Columns) -> dict[str, NDArray[Any]]:
        """Compute the columns it adds, aligned with the input by position."""
        ...


@runtime_checkable
class Fittable(Protocol):
    """A spec that learns constants from a whole book."""

    @property
    def is_fitted(self) -> bool:
        """Whether every constant is there."""
        ...

    def fit(self, columns: Columns) -> Self:
        """Return the same kind of spec with its constants filled in."""
        ...
