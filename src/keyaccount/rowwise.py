"""The row-wise protocol: what an engine must know of a spec, and nothing more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal, Protocol, Self, TypeAlias, runtime_checkable

import attrs
from numpy.typing import NDArray

from keyaccount._columns import Columns
from keyaccount._validators import choice, exact_tuple, field_name
from keyaccount.errors import SpecError

__all__ = ["Column", "ColumnKind", "Columns", "Fittable", "RowWise"]

ColumnKind: TypeAlias = Literal["float", "code", "day", "bool"]
"""What a written column holds: numbers, codes into labels, days, or true and false."""


def _unique_texts(instance: object, attribute: Any, value: Any) -> None:
    """Refuse labels that are no texts, or the same; there may be a hundred thousand of them."""
    if not isinstance(value, tuple) or not all(isinstance(label, str) for label in value):
        hint = "give a tuple of texts, also where there is only one."
        raise SpecError.from_field(field_name(instance, attribute), "must be texts", value, hint)
    if len(set(value)) < len(value):
        twice = [label for label, n in Counter(value).items() if n > 1]
        name = field_name(instance, attribute)
        raise SpecError.from_field(name, "must be unique", twice[:3], "rename one of them.")


@attrs.frozen
class Column:
    """What a row-wise spec writes into one column.

    Parameters
    ----------
    kind
        ``"float"``, ``"code"`` (into `labels`), ``"day"`` or ``"bool"``.
    labels
        The labels that codes stand for; each is there once.

    Raises
    ------
    SpecError
        The kind is none of the four, or the labels are no texts or not unique.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Column("float")
    Column(kind='float', labels=())
    """

    kind: ColumnKind = attrs.field(validator=choice("float", "code", "day", "bool"))
    labels: tuple[str, ...] = attrs.field(
        default=(), converter=exact_tuple, validator=_unique_texts
    )


@runtime_checkable
class RowWise(Protocol):
    """A fitted spec whose result for a row depends on that row alone.

    A protocol: a class of your own that has these three goes through every engine.

    Examples
    --------
    >>> import keyaccount as ka
    >>> isinstance(ka.pcv(), ka.RowWise)
    True
    >>> ka.pcv().reads
    ('status', 'output')
    """

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns it needs."""
        ...

    @property
    def writes(self) -> Mapping[str, Column]:
        """The columns it adds, by name."""
        ...

    def apply(self, columns: Columns) -> dict[str, NDArray[Any]]:
        """Compute the columns it adds, aligned with the input by position.

        Parameters
        ----------
        columns
            Any container of columns that has those of `reads`, any slice of the rows, or none.

        Returns
        -------
        dict of str to ndarray
            The columns of `writes`: float64 with NaN for missing, codes with -1, days with NaT.
        """
        ...


@runtime_checkable
class Fittable(Protocol):
    """A spec that learns constants from a whole book.

    Examples
    --------
    >>> import keyaccount as ka
    >>> isinstance(ka.Rfm(cuts=ka.MeanCut()), ka.Fittable)
    True
    """

    @property
    def is_fitted(self) -> bool:
        """Whether every constant is there."""
        ...

    def fit(self, columns: Columns) -> Self:
        """Return the same kind of spec with its constants filled in.

        Parameters
        ----------
        columns
            The book: any container of columns.

        Returns
        -------
        Self
            The fitted spec; the one at hand stays as it was.
        """
        ...
