"""The strategic resources that steps take which are not strategic."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Columns, Floats, as_ids, labels, pick
from keyaccount.findings import Finding, about_rows, counted
from keyaccount.program.book import numbers, read_keys, same_length
from keyaccount.program.flags import flags
from keyaccount.stats.sums import group_sums

__all__ = ["other_steps"]


def other_steps(
    steps: Columns | None, accounts: Columns, names: tuple[str, str, str]
) -> tuple[Floats, Floats, tuple[Finding, ...]]:
    """Add up what all steps of each account take, and its other steps; NaN where not known."""
    account, strategic, taken = names
    n = len(as_ids(pick(accounts, account), account))
    if steps is None:
        return np.full(n, np.nan), np.full(n, np.nan), ()
    seen, is_strategic = labels(steps, account), flags(steps, strategic)
    put, told = numbers(steps, taken, low=0.0)
    same_length(account=seen, strategic=is_strategic, resources=put)
    book = read_keys(seen, accounts, account, "account")
    unknown = np.flatnonzero(np.isnan(is_strategic) & (put > 0.0))
    said = f"{counted(len(unknown), 'step')} of which it is unknown whether strategic"
    told += about_rows("step_unknown", f"{said}, left out", unknown, where=strategic)
    put = np.nan_to_num(put)
    other = np.where(np.isnan(is_strategic), np.nan, np.where(is_strategic == 1.0, 0.0, put))
    on_all, on_other = (group_sums(column, book.rows, n) for column in (put, other))
    return on_all, on_other, book.findings + told
