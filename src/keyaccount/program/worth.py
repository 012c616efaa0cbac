"""What accounts bring, read alike by every verb: what is missing or below 0 counts 0, and is told.

Refunds can make the value of an account negative. No share of a book can be taken of it, and nobody
is to lose an account for it: it is there, and worth nothing.
"""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Bools, Columns, Floats, common_length
from keyaccount.findings import Finding, about_rows, counted
from keyaccount.program.book import numbers

__all__ = ["read_worth"]


def read_worth(
    accounts: Columns | None, name: str | None, concerned: Bools, what: str = "account"
) -> tuple[Floats, tuple[Finding, ...]]:
    """Read what each account brings, 1 each where no column says it.

    Parameters
    ----------
    concerned
        Of which accounts it is told where the value is missing or below 0.
    what
        What these are called.
    """
    if accounts is None or name is None:
        return np.ones(len(concerned)), ()
    found, told = numbers(accounts, name)
    _ = common_length({"account": concerned, name: found})
    for code, which, said in (
        ("missing", np.isnan(found), "without a"),
        ("negative", found < 0.0, "of negative"),
    ):
        rows = np.flatnonzero(concerned & which)
        message = f"{counted(len(rows), what)} {said} value, which counts 0"
        told += about_rows(code, message, rows, where=name)
    return np.where(found > 0.0, found, 0.0), told
