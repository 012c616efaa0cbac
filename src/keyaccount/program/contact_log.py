"""A log of contacts or meetings: with whom, on which day, by which channel."""

from __future__ import annotations

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Columns, Days, Floats, Labels, days, labels
from keyaccount.findings import Finding, about_rows, counted
from keyaccount.program.book import optional_labels, same_length
from keyaccount.program.term import Term, code_rows

__all__ = ["ContactLog", "read_contacts"]


@attrs.frozen(eq=False)
class ContactLog:
    """What a log says, one entry per row; `age` is NaN where the entry does not count."""

    account: Labels
    person: Labels | None
    when: Days
    channel: Codes
    age: Floats
    findings: tuple[Finding, ...]


def read_contacts(
    table: Columns, names: dict[str, str | None], channels: tuple[Term, ...], day: np.datetime64
) -> ContactLog:
    """Read a log; what is after the day, or has none, does not count."""
    account, person = labels(table, str(names["account"])), optional_labels(table, names["person"])
    when, by = days(table, str(names["date"])), optional_labels(table, names["channel"])
    same_length(account=account, person=person, date=when, channel=by)
    unknown = np.full(len(account), -1, dtype=np.int64)
    codes = unknown if by is None else code_rows(by, channels, str(names["channel"]))
    later, undated = when > day, np.isnat(when)
    age = np.where(later | undated, np.nan, (day - when).astype(np.float64))
    told = (
        *_rows("later", later, f"after {day}, left out"),
        *_rows("no_date", undated, "without a day, left out"),
        *_rows("no_channel", (codes < 0) & (by is not None), "without a channel"),
    )
    return ContactLog(account, person, when, codes, age, told)


def _rows(code: str, which: Bools, said: str) -> tuple[Finding, ...]:
    rows = np.flatnonzero(which)
    message = f"{counted(len(rows), 'contact')} {said}"
    return about_rows(code, message, rows, severity="info" if code == "later" else "warning")
