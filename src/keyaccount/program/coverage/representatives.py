"""Representatives of a region, an industry, … on one account, and how they divide the work."""

from __future__ import annotations

from itertools import groupby

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Labels, Objects
from keyaccount.program.book import Keys, distinct
from keyaccount.program.coverage.assignments import Assignments
from keyaccount.program.term import plain
from keyaccount.stats.sums import group_counts

__all__ = ["Representatives", "representatives"]


@attrs.frozen(eq=False)
class Representatives:
    """How many kinds each account has, whether one kind is there twice, and who does what."""

    kinds: Codes
    doubled: Bools
    named: Objects
    division_stated: Bools


def representatives(rows: Assignments, book: Keys, team: Keys) -> Representatives:
    """Count the kinds of representative on each account, and write down who does what."""
    n = len(book)
    if rows.representative is None:
        none, no = np.full(n, "", dtype=object), np.zeros(n, dtype=np.bool_)
        return Representatives(np.zeros(n, np.int64), no, none, no)
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
        named=_named(rows, (book, team), kind, words, np.flatnonzero(there)),
        division_stated=(kinds > 0) & (group_counts(speaking // k, n) == kinds),
    )


def _kinds(given: Labels) -> tuple[Codes, tuple[str, ...]]:
    """Code the kinds by their words, whatever their spelling."""
    words = [plain(label) for label in given.labels]
    order = {word: i for i, word in enumerate(sorted(set(words)))}
    codes = np.array([*(order[word] for word in words), -1], dtype=np.int64)
    return codes[given.codes], tuple(order)


def _named(
    rows: Assignments,
    keys: tuple[Keys, Keys],
    kind: Codes,
    words: tuple[str, ...],
    there: Codes,
) -> Objects:
    """Write the representatives of each account: ``"industry: wu (designs); region: li"``."""
    book, team = keys
    found: Objects = np.full(len(book), "", dtype=object)
    work = [""] * len(there)
    if rows.division is not None:
        texts = (*rows.division.labels, "")
        work = [texts[c] for c in rows.division.codes[there].tolist()]
    who = team.ids[team.rows[there]].tolist()
    entries = zip(book.rows[there].tolist(), kind[there].tolist(), who, work, strict=True)
    for at, of_account in groupby(sorted(set(entries)), key=lambda entry: entry[0]):
        parts = groupby(of_account, key=lambda entry: entry[1])
        found[at] = "; ".join(f"{words[k]}: {_people(list(said))}" for k, said in parts)
    return found


def _people(entries: list[tuple[int, int, str, str]]) -> str:
    """Write the people of one kind, each with what they do where somebody says so."""
    said: list[str] = []
    for who, of_person in groupby(entries, key=lambda entry: entry[2]):
        works = ", ".join(work for *_, work in of_person if work)
        said.append(f"{who} ({works})" if works else who)
    return ", ".join(said)
