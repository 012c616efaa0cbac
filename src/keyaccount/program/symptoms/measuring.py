"""What the symptoms of a weak programme are measured by."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from keyaccount._columns import Bools, Columns, Floats, common_length, floats, refuse_rows
from keyaccount._validators import exact_int
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, about_rows, counted
from keyaccount.program.book import numbers, who
from keyaccount.program.flags import flags
from keyaccount.program.worth import read_worth
from keyaccount.stats.sums import exact_sum, group_sums

__all__ = [
    "Part",
    "bad_marks",
    "either_bad",
    "held_by_few",
    "known_of",
    "share_of_marks",
    "time_on_small_deals",
    "without_budget",
]


class Part(NamedTuple):
    """A part of a whole: accounts, value or time; NaN where it is not measured."""

    part: float = np.nan
    whole: float = np.nan

    @property
    def share(self) -> float:
        """The part in the whole; NaN where there is no whole."""
        return min(self.part / self.whole, 1.0) if self.whole > 0.0 else np.nan


def without_budget(
    accounts: Columns, is_key: Floats, budget: str | None
) -> tuple[Part, tuple[Finding, ...]]:
    """Measure key accounts without budget; where none is defined, all of them are."""
    unknown = np.flatnonzero(np.isnan(is_key))
    said = f"{counted(len(unknown), 'account')} of which it is not known whether they are key"
    told = about_rows("key_unknown", said, unknown, where="key")
    if len(is_key) and not (is_key == 1.0).any():
        return Part(1.0, 1.0), told
    if budget is None or not len(is_key):
        return Part(), told
    money, money_told = numbers(accounts, budget, low=0.0)
    common_length({"key": is_key, budget: money})
    concerned = is_key != 0.0
    without = np.isnan(is_key) | ~(money > 0.0)
    return _counts(without & concerned, concerned), told + money_told


def held_by_few(
    accounts: Columns, is_key: Floats, names: tuple[str | None, str | None, int | None]
) -> tuple[Part, tuple[Finding, ...]]:
    """Measure the share of the owned key value that the largest few owners hold."""
    owner, value, stars = names
    if owner is None or stars is None:
        return Part(), ()
    few: Any = exact_int(stars)
    if not isinstance(few, int) or isinstance(few, bool) or few < 1:
        rule, hint = "must be a whole number of at least 1", "say how many people are the few."
        raise SpecError.from_field("programme_symptoms(stars)", rule, stars, hint)
    owned, blank = who(accounts, owner)
    worth, told = read_worth(accounts, value, is_key == 1.0, "key account")
    common_length({"key": is_key, owner: owned})
    of_key = np.where(is_key == 1.0, worth, np.nan)
    free = (is_key == 1.0) & (owned.codes < 0)
    told += blank + _unowned(of_key, free, owner)
    total = exact_sum(of_key[~free])
    if not total > 0.0:
        return Part(), told
    held = np.sort(np.nan_to_num(group_sums(of_key, owned.codes, len(owned.labels))))
    return Part(exact_sum([0.0, *held[::-1][:few]]), total), told


def _unowned(of_key: Floats, free: Bools, owner: str) -> tuple[Finding, ...]:
    """Tell of key accounts that nobody owns, and of the share that they are of the key value."""
    rows = np.flatnonzero(free)
    total = exact_sum(of_key)
    share = f", {100 * exact_sum(of_key[rows]) / total:.1f} % of key value" if total > 0.0 else ""
    said = f"{counted(len(rows), 'key account')} without an owner{share}, left out"
    return about_rows("no_owner", said, rows, where=owner)


def _unknown(is_key: Floats, missing: Bools, what: str, name: str) -> tuple[Finding, ...]:
    rows = np.flatnonzero((is_key == 1.0) & missing)
    return about_rows("missing", f"{counted(len(rows), 'key account')} {what}", rows, where=name)


def time_on_small_deals(
    accounts: Columns, is_key: Floats, names: tuple[str | None, str | None]
) -> tuple[Part, tuple[Finding, ...]]:
    """Measure the share of the time on key accounts that small deals take."""
    if names[0] is None or names[1] is None:
        return Part(), ()
    time, told = numbers(accounts, names[0], low=0.0)
    small, small_told = numbers(accounts, names[1], low=0.0)
    common_length({"key": is_key, "time": time, "small_deal_time": small})
    hint = "give both in one unit: the time, and the part of it that small deals take."
    refuse_rows(names[1], small, small > time, "are more than the whole time", hint)
    known = (is_key == 1.0) & ~np.isnan(time) & ~np.isnan(small)
    share = Part(exact_sum(small[known]), exact_sum(time[known]))
    missing = np.isnan(time) | np.isnan(small)
    left_out = _unknown(is_key, missing, "without a known time, left out", names[0])
    return share, told + small_told + left_out


def bad_marks(accounts: Columns, is_key: Floats, name: str | None, *, bad: bool) -> Floats | None:
    """Mark where a key account is bad: 1, 0, NaN where unknown or not key; None where not given."""
    if name is None:
        return None
    known = flags(accounts, name)
    common_length({"key": is_key, name: known})
    is_bad = np.where(np.isnan(known), np.nan, (known == float(bad)).astype(np.float64))
    return np.where(is_key == 1.0, is_bad, np.nan)


def either_bad(a: Floats | None, b: Floats | None) -> Floats | None:
    """Mark where one of two is bad; where neither is and one is unknown, it is unknown."""
    if a is None or b is None:
        return a if b is None else b
    unknown = np.isnan(a) | np.isnan(b)
    found: Floats = np.where((a == 1.0) | (b == 1.0), 1.0, np.where(unknown, np.nan, 0.0))
    return found


def share_of_marks(marks: Floats | None) -> Part:
    """Give the share of bad ones among those that are known."""
    return Part() if marks is None else _counts(marks == 1.0, ~np.isnan(marks))


def known_of(accounts: Columns, is_key: Floats, owner: str | None, *figures: str | None) -> int:
    """Count the key accounts of which a figure is known: who owns them, and all its numbers."""
    there = is_key == 1.0
    if owner is not None:
        there &= who(accounts, owner)[0].codes >= 0
    for name in figures:
        if name is not None:
            there &= np.isfinite(floats(accounts, name))
    return int(np.count_nonzero(there))


def _counts(part: Bools, whole: Bools) -> Part:
    return Part(float(np.count_nonzero(part)), float(np.count_nonzero(whole)))
