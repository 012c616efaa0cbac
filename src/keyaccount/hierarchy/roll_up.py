"""Parent links between accounts: subsidiaries and sites roll up to the account that decides.

A group of companies is judged at the level that holds the budget. That is the top of its tree, or,
where the budget is held further down (the province of a carrier), the nearest account marked so.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from keyaccount._columns import (
    Codes,
    Columns,
    Labels,
    Objects,
    as_ids,
    as_labels,
    bools,
    common_length,
    pick,
)
from keyaccount.hierarchy.how import How, rules_of
from keyaccount.hierarchy.links import ends, links, nearest
from keyaccount.hierarchy.reduced import reduced
from keyaccount.hierarchy.rolled_up import RollUp
from keyaccount.stats.sums import group_counts

__all__ = ["roll_up"]


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
    link = links(accounts, parents)
    top = ends(link, accounts)
    decider = top if decides is None else nearest(link, accounts, bools(columns, decides))
    rows = np.flatnonzero(decider == np.arange(len(link)))
    code = np.full(len(link), -1, dtype=np.int64)
    code[rows] = np.arange(len(rows))
    group = code[decider]
    above = np.where(link[rows] == rows, -1, group[link[rows]])
    rules = rules_of(columns, {id, parent}, how)
    rolled, summed = reduced(columns, rules, group, rows)
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
