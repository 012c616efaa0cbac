"""Parent links as rows: where each account's chain ends, and what is no chain."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Bools, Codes, Labels, Objects, common_length
from keyaccount.errors import HierarchyError

__all__ = ["COMPARED", "ends", "links", "nearest"]

_TOP, _UNKNOWN = -1, -2

COMPARED = 5_000
"""How many ids a misspelt parent is compared with; all of a large book would take minutes."""


def links(accounts: Objects, parents: Labels) -> Codes:
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


def nearest(link: Codes, accounts: Objects, decides: Bools) -> Codes:
    """Return the row of the nearest account, from each one up, that decides or is at the top."""
    common_length({"ids": accounts, "decides": decides})
    return ends(np.where(decides, np.arange(len(link)), link), accounts)


def ends(link: Codes, accounts: Objects) -> Codes:
    """Follow every link to its end, doubling the stride each round."""
    end = link
    for _ in range(len(link).bit_length()):
        further = end[end]
        if np.array_equal(further, end):
            break
        end = further
    # Doubled strides may come to rest inside a cycle: an end is where the first link ends.
    astray = np.flatnonzero(link[end] != end)
    if len(astray):
        raise HierarchyError.from_chain(_cycle(link, int(astray[0]), accounts))
    return end


def _cycle(link: Codes, row: int, accounts: Objects) -> list[str]:
    """Name the cycle that an account leads into, from its earliest row around to itself."""
    for _ in range(len(link)):  # after that many links, one is inside the cycle
        row = int(link[row])
    around = [row]
    while int(link[around[-1]]) != row:
        around.append(int(link[around[-1]]))
    first = around.index(min(around))
    return [accounts[r] for r in (*around[first:], *around[: first + 1])]


def _unknown_parents(wrong: list[tuple[str, str]], accounts: Objects) -> HierarchyError:
    """Name the links to nowhere; in a large book, look for like ids under the same letter only."""
    known = accounts.tolist()
    if len(known) > COMPARED:
        letter = wrong[0][1][:1].casefold()
        alike = [k for k in known if k[:1].casefold() == letter][:COMPARED]
        known = alike or known[:COMPARED]
    return HierarchyError.from_unknown(wrong, known)
