"""`RollUp`: a book rolled up, one row per group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Floats, Objects
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.errors import ColumnError, HierarchyError, closest
from keyaccount.hierarchy.links import COMPARED
from keyaccount.stats.sums import group_sums

__all__ = ["RollUp"]


@attrs.frozen(eq=False)
class RollUp(Viewed):
    """A book rolled up to the accounts that decide, one row per group.

    Parameters
    ----------
    ids
        The id of each group's deciding account, in the order of those accounts' own rows.
    group
        The group of each account of the book, as a position in `ids`.
    size
        How many accounts each group has, the deciding one among them.
    tree
        The group at the top of each group's tree, as a position in `ids`; itself at the top.
    accounts
        The id of each account of the book.
    id_column
        The name of the column of ids.

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {
    ...     "account": ["A", "B", "C"],
    ...     "subsidiary_of": [None, "A", None],
    ...     "sales": [0.1, 0.2, 5.0],
    ... }
    >>> rolled = ka.roll_up(book, id="account", parent="subsidiary_of")
    >>> print(rolled.row(0))
    account          A
    size             2
    columns
      subsidiary_of  unknown
      sales          0.3
    """

    ids: Objects
    group: Codes
    size: Codes
    tree: Codes
    accounts: Objects
    id_column: str
    _columns: Mapping[str, NDArray[Any]] = attrs.field(repr=False, alias="columns")
    _summed: Mapping[str, Floats] = attrs.field(repr=False, alias="summed")

    def __len__(self) -> int:
        return len(self.ids)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the rolled-up columns by their names, the ids under theirs.

        The parent column holds the id of the group above, so that the result is a book again.
        """
        return {self.id_column: self.ids, **self._columns}

    def members(self, group_id: str) -> Objects:
        """Return the ids of the accounts in one group, in the order of their rows.

        Examples
        --------
        >>> import keyaccount as ka
        >>> book = {"id": ["A", "B", "C"], "parent": ["", "A", ""]}
        >>> ka.roll_up(book, id="id", parent="parent").members("A")
        array(['A', 'B'], dtype=object)
        """
        found = np.flatnonzero(self.ids == group_id)
        if not len(found):
            raise _no_group(str(group_id), self.ids)
        members: Objects = self.accounts[self.group == found[0]]
        return members

    def top_total(self, column: str) -> Floats:
        """Return, for each group, the total of a summed column over its whole tree.

        The group total beside the level that decides; where nothing splits the trees, it equals the
        rolled-up column.

        Examples
        --------
        >>> import keyaccount as ka
        >>> book = {
        ...     "id": ["HQ", "North", "South"],
        ...     "parent": [None, "HQ", "HQ"],
        ...     "holds_budget": [True, True, False],
        ...     "sales": [1.0, 10.0, 100.0],
        ... }
        >>> rolled = ka.roll_up(book, id="id", parent="parent", decides="holds_budget")
        >>> rolled.columns()["sales"], rolled.top_total("sales")
        (array([101.,  10.]), array([111., 111.]))
        """
        if column not in self._summed:
            raise _no_total(column, tuple(self._summed))
        totals = group_sums(self._summed[column], self.tree[self.group], len(self))
        return totals[self.tree]

    def _view(self) -> View:
        return View(f"RollUp to {len(self):,} groups", self.columns(), len(self))

    def row(self, i: int) -> Record:
        """Return one group as a record."""
        i = checked_row(i, len(self))
        own = {name: column[i] for name, column in self._columns.items()}
        return Record({self.id_column: self.ids[i], "size": int(self.size[i]), "columns": own})


def _no_group(group_id: str, ids: Objects) -> HierarchyError:
    near = closest(group_id, ids[:COMPARED].tolist())
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else "see .ids for the groups."
    return HierarchyError(f"no group is decided by {group_id!r}", hint, group=group_id)


def _no_total(column: str, summed: tuple[str, ...]) -> ColumnError:
    return ColumnError.from_kind(
        column,
        "numbers that were added when rolled up",
        "another column",
        f"ask for one of {', '.join(map(repr, summed)) or 'none: no column was added'}, "
        'or roll it up with how={"…": "sum"}.',
    )
