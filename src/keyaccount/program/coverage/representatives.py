"""Representatives of a region, an industry, … on one account, and how they divide the work."""

from __future__ import annotations

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Labels
from keyaccount.program.book import Keys, distinct
from keyaccount.program.coverage.assignments import Assignments
from keyaccount.program.coverage.divided import Divided
from keyaccount.program.term import plain
from keyaccount.stats.sums import group_counts

__all__ = ["Representatives", "representatives"]


@attrs.frozen(eq=False)
class Representatives:
    """How many kinds each account has, whether one kind is there twice, and who does what."""

    kinds: Codes
    doubled: Bools
    named: Divided
    division_stated: Bools


def representatives(rows: Assignments, book: Keys, team: Keys) -> Representatives:
    """Count the kinds of representative on each account, and write down who does what."""
    n = len(book)
    if rows.representative is None:
        none, no = np.zeros(0, dtype=np.int64), np.zeros(n, dtype=np.bool_)
        nobody = Divided(n, none, none, none, none, ((), team.ids, ()))
        return Representatives(np.zeros(n, np.int64), no, nobody, no)
    kind, words = _kinds(rows.representative)
    there = (book.rows >= 0) & (team.rows >= 0) & (kind >= 0)
    k, p = max(len(words), 1), max(len(team), 1)
    cells = distinct((book.rows * k + kind)[there] * p + team.rows[there]) // p  # one per person
    pairs = distinct(cells)
    twice = group_counts(np.searchsorted(pairs, cells), len(pairs)) > 1
    kinds = group_counts(pairs // k, n)
    worded = np.zeros(len(there), dtype=np.bool_)
    if rows.division is not None:
        worded = there & (rows.division.codes >= 0)
    speaking = distinct((book.rows * k + kind)[worded])  # other people's words divide nothing
    people = distinct(book.rows[there] * p + team.rows[there]) // p
    alone = group_counts(people, n) == 1  # nobody to divide the work with
    return Representatives(
        kinds=np.where(alone, np.minimum(kinds, 1), kinds),
        doubled=group_counts(pairs[twice] // k, n) > 0,
        named=_divided(rows, (book, team), kind, words, np.flatnonzero(there)),
        division_stated=(kinds > 0) & (group_counts(speaking // k, n) == kinds),
    )


def _kinds(given: Labels) -> tuple[Codes, tuple[str, ...]]:
    """Code the kinds by their words, whatever their spelling."""
    words = [plain(label) for label in given.labels]
    order = {word: i for i, word in enumerate(sorted(set(words)))}
    codes = np.array([*(order[word] for word in words), -1], dtype=np.int64)
    return codes[given.codes], tuple(order)


def _divided(
    rows: Assignments, keys: tuple[Keys, Keys], kind: Codes, words: tuple[str, ...], there: Codes
) -> Divided:
    """Keep what the text of each account is written from."""
    book, team = keys
    said = rows.division
    work = np.full(len(there), -1, dtype=np.int64) if said is None else said.codes[there]
    works = () if said is None else said.labels
    at, who = book.rows[there], team.rows[there]
    return Divided(len(book), at, kind[there], who, work, (words, team.ids, works))
