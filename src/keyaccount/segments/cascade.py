"""`Cascade`: PCV for every customer, NDF for the common ones, RAD for the VIPs, in one call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
from numpy.typing import NDArray

from keyaccount._columns import Bools, Columns, names_of, pick
from keyaccount._validators import field_name
from keyaccount._view import Spec
from keyaccount.bands import States
from keyaccount.errors import SpecError
from keyaccount.rowwise import Column
from keyaccount.segments.assignment import Assignment
from keyaccount.segments.axis import Axis
from keyaccount.segments.cascaded import Cascaded
from keyaccount.segments.matrix import Matrix
from keyaccount.segments.ndf import ndf as ndf_matrix
from keyaccount.segments.pcv import pcv as pcv_matrix
from keyaccount.segments.rad import rad as rad_matrix

__all__ = ["Cascade", "cascade"]

_COMMON, _VIP = "C", "V"
_SEGMENT = "segment"


def _is_matrix(instance: Any, attribute: Any, value: Any) -> None:
    if not isinstance(value, Matrix):
        hint = "take pcv(), ndf() or rad(), or a Matrix of your own."
        raise SpecError.from_field(field_name(instance, attribute), "must be a Matrix", value, hint)


def _tells_letters(instance: Any, attribute: Any, value: Any) -> None:
    _is_matrix(instance, attribute, value)
    if _letters(value) is None:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must have an axis of states with the codes {_COMMON!r} and {_VIP!r}",
            [axis.codes for axis in value.axes],
            "it says which customers NDF and RAD are for.",
        )


def _own_name(instance: Cascade, attribute: Any, value: Any) -> None:
    del attribute, value
    names = [instance.pcv.name, instance.ndf.name, instance.rad.name, _SEGMENT]
    if len(set(names)) < len(names):
        raise SpecError.from_field(
            "Cascade", "must have matrices of different names", names, "rename one of them."
        )


def _own_states(instance: Cascade, attribute: Any, value: Matrix) -> None:
    """Refuse a status of NDF or RAD read from the column that holds PCV's."""
    letters = _letters(instance.pcv)
    for axis in value.axes:
        if letters and isinstance(axis.bands, States) and axis.column == letters.column:
            raise SpecError.from_field(
                field_name(instance, attribute),
                f"must read its {axis.name!r} from a column of its own: "
                f"{letters.column!r} holds the states of {instance.pcv.name!r}",
                axis.column,
                'say for instance ndf(status="deal_status").',
            )


def _letters(matrix: Matrix) -> Axis | None:
    """Find the axis that says who is common and who is a VIP."""
    for axis in matrix.axes:
        if isinstance(axis.bands, States) and {_COMMON, _VIP} <= set(axis.codes):
            return axis
    return None


def _default_ndf() -> Matrix:
    return ndf_matrix(status="deal_status")


@attrs.frozen(kw_only=True)
class Cascade(Spec):
    """PCV for all customers, then NDF for its C, then RAD for its V.

    Row-wise: a customer's codes depend on that customer alone.

    Parameters
    ----------
    pcv
        The matrix of all customers. One of its axes has the states ``C`` and ``V``.
    ndf
        The matrix of common customers. Its status must not read the column of PCV's status: left
        out, it reads ``deal_status``.
    rad
        The matrix of VIP customers: `rad` or `rad_by_share`.

    Raises
    ------
    SpecError
        PCV has no axis with ``C`` and ``V``, two matrices share a name, or NDF and PCV read their
        different states from one column.

    Notes
    -----
    What NDF and RAD are asked goes by the letter alone: a common customer of unknown output has no
    PCV code and may have an NDF code. The columns of NDF are read for common customers only, those
    of RAD for VIPs only; whatever the other rows hold there does not matter. A column of theirs
    that is not there at all is unknown for the customers it is asked of, with a finding: a book
    without common customers needs no column of NDF.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Cascade().reads
    ('status', 'output', 'deal_status', 'profit', 'budget', 'share_of_wallet')
    """

    pcv: Matrix = attrs.field(factory=pcv_matrix, validator=_tells_letters)
    ndf: Matrix = attrs.field(factory=_default_ndf, validator=[_is_matrix, _own_states])
    rad: Matrix = attrs.field(factory=rad_matrix, validator=[_is_matrix, _own_states, _own_name])

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns it needs."""
        return tuple(dict.fromkeys([*self.pcv.reads, *self.ndf.reads, *self.rad.reads]))

    @property
    def writes(self) -> Mapping[str, Column]:
        """The columns it adds, by name."""
        return {
            **self.pcv.writes,
            **self.ndf.writes,
            **self.rad.writes,
            _SEGMENT: Column("code", self.segments),
        }

    @property
    def segments(self) -> tuple[str, ...]:
        """Every code of the three matrices, with its matrix."""
        return (*self.pcv.qualified, *self.ndf.qualified, *self.rad.qualified)

    def assign(self, columns: Columns) -> Cascaded:
        """Give each customer its PCV code, and the NDF or RAD code its status calls for.

        Parameters
        ----------
        columns
            Any container of columns, or a dict of scalars for one customer.

        Returns
        -------
        Cascaded
            The three assignments and the most specific code, aligned with the input by position.

        Raises
        ------
        ColumnNotFoundError, ColumnError, RowError
            A column of PCV is not there, or a column holds no numbers, or a label that is none of
            the states.
        """
        letters = _letters(self.pcv)
        assert letters is not None
        pcv = self.pcv.assign(columns)
        letter = pcv.bands[letters.name]
        ndf = _assigned(self.ndf, columns, letter == letters.codes.index(_COMMON))
        rad = _assigned(self.rad, columns, letter == letters.codes.index(_VIP))
        return Cascaded(self, (pcv, ndf, rad), names_of(columns))

    def apply(self, columns: Columns) -> dict[str, NDArray[Any]]:
        """Compute the columns named in `writes`, aligned with the input by position."""
        found = self.assign(columns)
        return {
            self.pcv.name: found.pcv.code,
            self.ndf.name: found.ndf.code,
            self.rad.name: found.rad.code,
            _SEGMENT: found.code,
        }


def _assigned(matrix: Matrix, columns: Columns, asked: Bools) -> Assignment:
    """Assign those a matrix is asked for; a column that is not there is unknown to all of them.

    A book of VIPs need not hold what is asked of common customers. Whether a column must be there
    cannot hang on the other rows, or a row would not be judged alone.
    """
    known = names_of(columns)
    absent = [name for name in matrix.reads if known and name not in known]
    if not absent:
        return matrix.assign(columns, where=asked)
    read = {name: pick(columns, name) for name in matrix.reads if name not in absent}
    unknown = dict.fromkeys(absent, [None] * len(asked))
    return matrix.assign({**read, **unknown}, where=asked)


def cascade(
    columns: Columns,
    *,
    pcv: Matrix | None = None,
    ndf: Matrix | None = None,
    rad: Matrix | None = None,
) -> Cascaded:
    """Give each customer its PCV code, and the NDF or RAD code its status calls for.

    Parameters
    ----------
    columns
        Any container of columns with ``status``, ``output``, ``deal_status``, ``profit``,
        ``budget`` and ``share_of_wallet``, unless other matrices say otherwise. The last four may
        be left out where there is nobody they are asked of.
    pcv, ndf, rad
        The matrices, where they are not ``pcv()``, ``ndf(status="deal_status")`` and ``rad()``.

    Returns
    -------
    Cascaded
        The three assignments and the most specific code, aligned with the input by position.

    Raises
    ------
    SpecError
        The matrices do not go together: see `Cascade`.
    ColumnNotFoundError, ColumnError, RowError
        A column of PCV is not there, or a column holds no numbers, or a label that is none of the
        states.

    See Also
    --------
    Cascade : the same as a spec that can be stored and applied row by row.

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {
    ...     "status": ["potential", "common", "vip"],
    ...     "output": [1e6, 5e7, 4e8],
    ...     "deal_status": [None, "deal", None],
    ...     "profit": [None, 3e6, None],
    ...     "budget": [None, None, 6e5],
    ...     "share_of_wallet": [None, None, 0.3],
    ... }
    >>> ka.cascade(book).qualified
    array(['PCV:P3', 'NDF:D2', 'RAD:R2'], dtype=object)
    """
    given = {"pcv": pcv, "ndf": ndf, "rad": rad}
    spec = Cascade(**{name: matrix for name, matrix in given.items() if matrix is not None})
    return spec.assign(columns)
