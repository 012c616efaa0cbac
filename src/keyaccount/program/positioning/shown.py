"""What has been shown of what the levels of positioning ask for."""

from __future__ import annotations

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Columns, as_ids, labels, pick
from keyaccount.findings import Finding, counted
from keyaccount.program.book import about, read_keys, same_length
from keyaccount.program.positioning.level import PositionLevel
from keyaccount.program.term import plain, sought

__all__ = ["ShownEvidence", "shown_evidence"]


@attrs.frozen(eq=False)
class ShownEvidence:
    """The codes of evidence, which level asks for which, and which account has shown it."""

    codes: tuple[str, ...]
    asks: Bools
    given: Bools
    findings: tuple[Finding, ...]

    def claimed(self, now: Codes) -> Bools:
        """Mark the evidence that the level now asks for and that is not shown."""
        table = np.concatenate([self.asks, np.zeros((1, self.asks.shape[1]), dtype=np.bool_)])
        return table[now] & ~self.given

    def between(self, now: Codes, aim: Codes) -> Bools:
        """Mark what levels above now and up to the aim ask for and that is not shown."""
        found = np.zeros(self.given.shape, dtype=np.bool_)
        for level, asked in enumerate(self.asks):
            on_the_way = (now >= 0) & (level > now) & (level <= aim)
            found |= on_the_way[:, None] & asked[None, :]
        return found & ~self.given


def shown_evidence(
    table: Columns | None,
    accounts: Columns,
    account: str,
    shown: str,
    levels: tuple[PositionLevel, ...],
) -> ShownEvidence:
    """Read what has been shown; evidence that no level asks for is told."""
    first = {plain(code): code for level in reversed(levels) for code in reversed(level.evidence)}
    words = [[plain(code) for code in level.evidence] for level in levels]
    codes = tuple(first[word] for word in dict.fromkeys(word for one in words for word in one))
    asks = np.array([[plain(c) in one for c in codes] for one in words], dtype=np.bool_)
    given = np.zeros((len(as_ids(pick(accounts, account), account)), len(codes)), dtype=np.bool_)
    if table is None:
        return ShownEvidence(codes, asks, given, ())
    seen, what = labels(table, account), labels(table, shown)
    same_length(account=seen, evidence=what)
    book = read_keys(seen, accounts, account, "account")
    column = sought(what, codes)
    there = (book.rows >= 0) & (column >= 0)
    given[book.rows[there], column[there]] = True
    known = {plain(code) for code in codes}
    other = [label for label in what.labels if plain(label) not in known]
    said = f"{counted(len(other), 'kind')} of evidence that no level asks for"
    told = about("other_evidence", said, other, shown, severity="info")
    return ShownEvidence(codes, asks, given, book.findings + told)
