"""Parent links between accounts: subsidiaries and sites roll up to the account that decides.

A group of companies is judged at the level that holds the budget. That is the top of its tree, or,
where the budget is held further down (the province of a carrier), the nearest account marked so.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from numbers import Real
from typing import Any, Literal, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import (
    Codes,
    Columns,
    Floats,
    Labels,
    Objects,
    as_floats,
    as_ids,
    as_labels,
    bools,
    common_length,
    names_of,
    pick,
    to_numpy,
)
from keyaccount._record import Record, checked_row
from keyaccount._validators import text
from keyaccount._view import Spec, View, Viewed
from keyaccount.errors import ColumnError, HierarchyError, RowError, SpecError, closest
from keyaccount.stats.sums import group_counts, group_max, group_means, group_sums

__all__ = ["How", "RollUp", "WeightedMean", "roll_up"]

_TOP, _UNKNOWN = -1, -2
_COMPARED = 5_000
"""How many ids a misspelt parent is compared with; all of a large book would take minutes."""


@attrs.frozen
class WeightedMean(Spec):
    """Roll a column up as its mean, weighted by another column.

    Parameters
    ----------
    weight
        The column of weights, each at least 0. A row counts where value and weight are known;
        where no row of a group has a known weight above 0, the plain mean stands in.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.WeightedMean(weight="sales")
    WeightedMean(weight='sales')
    """

    weight: str = attrs.field(validator=text)


How: TypeAlias = Literal["sum", "max", "own"] | WeightedMean
"""How one column rolls up: added, its largest, the deciding account's own, or a weighted mean."""


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


def roll_up(
    columns: Columns,
    *,
    id: str,
    parent: str,
    how: Mapping[str, How] | None = None,
    decides: str | None = None,
) -> RollUp:
    """Roll accounts up along their parent links to the group that decides.

    Parameters
    ----------
    columns
        The book: any container of columns, one account per row.
    id
        Column of unique account ids; ids are compared as texts.
    parent
        Column with the id of each account's parent; missing or blank at the top of a tree.
    how
        How named columns roll up: ``"sum"``, ``"max"``, ``"own"`` (the deciding account's own
        value) or `WeightedMean`. By default numbers are added, and everything else (texts, flags,
        dates) is the deciding account's own; `how` overrides this for the columns it names.
    decides
        Column of booleans that marks the accounts which hold a budget. Every account goes to the
        nearest account above it, or itself, that is marked, else to the top of its tree.
        None: to the top.

    Returns
    -------
    RollUp
        One row per group. Unknown numbers are left out of sums, means and maxima; where nothing is
        known, neither is the result.

    Raises
    ------
    HierarchyError
        Accounts that are their own parent, unknown parents and cycles, naming the chain.
    DuplicateIdError, RowError
        Ids that occur twice or are missing.

    Notes
    -----
    Book-wise: sums are exact, so that a group's numbers do not depend on the order of the rows, to
    the last bit. Links are followed by pointer jumping (Wyllie 1979): the depth of a tree costs its
    logarithm.

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {
    ...     "account": ["Acme", "Acme North", "Zoom"],
    ...     "subsidiary_of": ["", "Acme", ""],
    ...     "sector": ["retail", "logistics", "retail"],
    ...     "sales": [100.0, 20.0, 70.0],
    ... }
    >>> groups = ka.roll_up(book, id="account", parent="subsidiary_of")
    >>> groups.ids
    array(['Acme', 'Zoom'], dtype=object)
    >>> groups.columns()["sales"]
    array([120.,  70.])
    """
    accounts, parents = as_ids(pick(columns, id), id), as_labels(pick(columns, parent), parent)
    common_length({id: accounts, parent: parents})
    link = _links(accounts, parents)
    top = _ends(link, accounts)
    decider = top if decides is None else _nearest(link, accounts, bools(columns, decides))
    rows = np.flatnonzero(decider == np.arange(len(link)))
    code = np.full(len(link), -1, dtype=np.int64)
    code[rows] = np.arange(len(rows))
    group = code[decider]
    above = np.where(link[rows] == rows, -1, group[link[rows]])
    rules = _rules(columns, {id, parent}, _stated(how))
    rolled, summed = _rolled(columns, rules, group, rows)
    return RollUp(
        ids=accounts[rows],
        group=group,
        size=group_counts(group, len(rows)),
        tree=code[top[rows]],
        accounts=accounts,
        id_column=id,
        columns={parent: _texts(accounts[rows], above), **rolled},
        summed=summed,
    )


def _texts(ids: Objects, codes: Codes) -> Objects:
    """Write the ids out, None for code -1."""
    return Labels(codes, tuple(ids.tolist())).texts()


def _links(accounts: Objects, parents: Labels) -> Codes:
    """Return the row of each account's parent; its own row at the top of a tree."""
    row_of = {account: row for row, account in enumerate(accounts.tolist())}
    cells = [row_of.get(p, _UNKNOWN) if p.strip() else _TOP for p in parents.labels]
    link: Codes = np.array([*cells, _TOP], dtype=np.int64)[parents.codes]
    unknown = np.flatnonzero(link == _UNKNOWN)
    if len(unknown):
        texts = parents.texts()
        raise _unknown_parents([(accounts[i], texts[i]) for i in unknown], accounts)
    own = np.arange(len(link))
    selves = np.flatnonzero(link == own)
    if len(selves):
        raise HierarchyError.from_chain([str(accounts[selves[0]])] * 2)
    return np.where(link == _TOP, own, link)


def _nearest(link: Codes, accounts: Objects, decides: NDArray[np.bool_]) -> Codes:
    """Return the row of the nearest account, from each one up, that decides or is at the top."""
    common_length({"ids": accounts, "decides": decides})
    return _ends(np.where(decides, np.arange(len(link)), link), accounts)


def _ends(link: Codes, accounts: Objects) -> Codes:
    """Follow every link to its end, doubling the stride each round."""
    ends = link
    for _ in range(len(link).bit_length()):
        further = ends[ends]
        if np.array_equal(further, ends):
            break
        ends = further
    # Doubled strides may come to rest inside a cycle: an end is where the first link ends.
    astray = np.flatnonzero(link[ends] != ends)
    if len(astray):
        raise HierarchyError.from_chain(_cycle(link, int(astray[0]), accounts))
    return ends


def _cycle(link: Codes, row: int, accounts: Objects) -> list[str]:
    """Name the cycle that an account leads into, from its earliest row around to itself."""
    for _ in range(len(link)):  # after that many links, one is inside the cycle
        row = int(link[row])
    around = [row]
    while int(link[around[-1]]) != row:
        around.append(int(link[around[-1]]))
    first = around.index(min(around))
    return [accounts[r] for r in (*around[first:], *around[: first + 1])]


def _stated(how: Any) -> Mapping[str, How]:
    """Give the rules stated by column; one word for all of them is refused."""
    if how is None:
        return {}
    if not isinstance(how, Mapping):
        field = "roll_up(how)"
        hint = 'say it by column: how={"sales": "sum", "rating": "max"}.'
        raise SpecError.from_field(field, "must map columns to rules", how, hint)
    rules: dict[str, Any] = {str(name): rule for name, rule in how.items()}
    return rules


def _rules(columns: Columns, links: set[str], how: Mapping[str, How]) -> dict[str, How | None]:
    """Return how each column rolls up, None where its values decide, in the book's order."""
    for name, rule in how.items():
        _refuse_rule(name, rule, links)
    names = dict.fromkeys([*names_of(columns), *how])
    return {name: how.get(name) for name in names if name not in links}


def _refuse_rule(name: str, rule: object, links: set[str]) -> None:
    if name in links:
        field = "roll_up(how)"
        raise SpecError.from_field(
            field,
            "must not name the columns of ids and parents",
            name,
            "leave it out: the links themselves say how these two roll up.",
        )
    if not isinstance(rule, WeightedMean) and rule not in ("sum", "max", "own"):
        words = ("sum", "max", "own", "WeightedMean(weight=…)")
        field = f"roll_up(how)[{name!r}]"
        raise SpecError.from_choice(field, rule, words)


def _rolled(
    columns: Columns, rules: Mapping[str, How | None], group: Codes, rows: Codes
) -> tuple[dict[str, NDArray[Any]], dict[str, Floats]]:
    """Roll every column up; also return, as read, those that are added."""
    rolled: dict[str, NDArray[Any]] = {}
    summed: dict[str, Floats] = {}
    for name, stated in rules.items():
        raw = pick(columns, name)
        array = to_numpy(raw, name)
        common_length({"ids": group, name: array})
        rule = stated or ("sum" if _is_amount(raw, array) else "own")
        if rule == "own":
            rolled[name] = array[rows]
            continue
        values = as_floats(array, name)
        rolled[name] = _reduced(values, rule, group, len(rows), columns)
        if rule == "sum":
            summed[name] = values
    return rolled, summed


def _reduced(values: Floats, rule: How, group: Codes, n_groups: int, columns: Columns) -> Floats:
    if not isinstance(rule, WeightedMean):
        reduce = group_sums if rule == "sum" else group_max
        return reduce(values, group, n_groups)
    weights = as_floats(pick(columns, rule.weight), rule.weight)
    common_length({"ids": group, rule.weight: weights})
    _refuse_negative(weights, rule.weight)
    means = group_means(values, group, n_groups, weights)
    return np.where(np.isnan(means), group_means(values, group, n_groups), means)


def _is_amount(raw: Any, array: Objects) -> bool:
    """Say whether a column holds numbers to add: no flags, no categories, no texts."""
    dtype = getattr(raw, "dtype", None)
    if hasattr(dtype, "categories") or getattr(dtype, "kind", "") == "b":
        return False
    if array.dtype.kind != "O":
        return array.dtype.kind in "iuf"
    kinds = {k for k in map(type, array.tolist()) if k.__name__ not in {"NoneType", "NAType"}}
    return bool(kinds) and all(
        issubclass(k, Real | Decimal) and not issubclass(k, bool | np.bool_) for k in kinds
    )


def _refuse_negative(weights: Floats, name: str) -> None:
    wrong = np.flatnonzero(weights < 0.0)
    if len(wrong):
        raise RowError.from_rows(
            name,
            "hold a weight below 0" if len(wrong) > 1 else "holds a weight below 0",
            wrong.tolist(),
            weights[wrong[:5]].tolist(),
            "weigh by a column that cannot be negative, such as a count.",
        )


def _unknown_parents(links: list[tuple[str, str]], accounts: Objects) -> HierarchyError:
    """Name the links to nowhere; in a large book, look for like ids under the same letter only."""
    known = accounts.tolist()
    if len(known) > _COMPARED:
        letter = links[0][1][:1].casefold()
        alike = [k for k in known if k[:1].casefold() == letter][:_COMPARED]
        known = alike or known[:_COMPARED]
    return HierarchyError.from_unknown(links, known)


def _no_group(group_id: str, ids: Objects) -> HierarchyError:
    near = closest(group_id, ids[:_COMPARED].tolist())
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
