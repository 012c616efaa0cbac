"""The best owners under capacity: first the seats that stay, then an exact assignment."""

from __future__ import annotations

import math

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Floats
from keyaccount.errors import NotEnoughDataError, SpecError
from keyaccount.program._scipy import most_gained
from keyaccount.program.assignment.problem import Problem, fits
from keyaccount.stats.sums import group_counts

__all__ = ["fits_of_holders", "kept_seats", "proposed"]

_EXACT_BELOW = 2.0**52
_CELLS = 25_000_000
"""Accounts times seats that are solved at once: 200 MB of gains."""
_UNEVEN = 2.0**24
"""The steps in which loads are compared; so many times the accounts squared stay exact."""


def kept_seats(problem: Problem, room: Codes) -> tuple[Codes, Codes]:
    """Find the accounts that stay where they are, and those whose holder is full or may not.

    A holder keeps the accounts that are worth most; ties go by id.
    """
    rows = np.flatnonzero((problem.holder >= 0) & ~problem.may_move)
    if not len(rows):
        return rows, rows
    eligible = fits_of_holders(problem, rows) >= 0.0
    holder = problem.holder[rows]
    order = np.lexsort((rows, -problem.value[rows], holder, ~eligible))
    ranked = holder[order]
    first = np.searchsorted(np.where(eligible[order], ranked, len(problem.person)), ranked)
    place = np.arange(len(order)) - first
    stays = eligible[order] & (place < room[ranked])
    return np.sort(rows[order[stays]]), np.sort(rows[order[~stays]])


def fits_of_holders(problem: Problem, rows: Codes) -> Floats:
    """Give the fit of each account's holder; NaN where not eligible."""
    found = np.ones(len(rows))
    holder = problem.holder[rows]
    for ours, theirs in problem.match:
        found[ours[rows] != theirs[holder]] = np.nan
    found[problem.required[rows] > problem.level[holder]] = np.nan
    if problem.pairs is None:
        return found
    size = len(problem.person)
    account, person, fit = problem.pairs
    table = dict(zip((account * size + person).tolist(), fit.tolist(), strict=True))
    given = [table.get(cell, np.nan) for cell in (rows * size + holder).tolist()]
    return np.where(np.isnan(found), np.nan, given)


def proposed(problems: tuple[Problem, ...]) -> tuple[tuple[Codes, Floats, Codes], ...]:
    """Give the person and the fit of each account, and the accounts that could not stay, by role.

    First who stays, a role after the other; then who is proposed, with what is left of capacities.
    Person -1: nobody eligible has a free seat; -2: nobody is eligible.
    """
    used = np.zeros(len(problems[0].person))
    found: list[tuple[Codes, Floats, Codes]] = []
    for problem in problems:
        stay, pushed = kept_seats(problem, problem.rooms(used))
        person = np.full(len(problem.account), -1, dtype=np.int64)
        fit = np.full(len(problem.account), np.nan)
        person[stay] = problem.holder[stay]
        fit[stay] = fits_of_holders(problem, stay)
        used = used + problem.load * group_counts(person, len(used))
        found.append((person, fit, pushed))
    for k, problem in enumerate(problems):
        person, fit, _ = found[k]
        rest = np.flatnonzero(person < 0)
        barred = tuple(one[0] for one in (*found[:k], *found[k + 1 :]))
        for rows in _independent(problem, rest):
            _place(attrs.evolve(problem, barred=barred), rows, used, person, fit)
        used = used + problem.load * group_counts(person[rest], len(used))
    return tuple(found)


def _independent(problem: Problem, rows: Codes) -> list[Codes]:
    """Cut the accounts where `match` keeps them apart: no person is eligible in two groups."""
    if not problem.match or not len(rows):
        return [rows] if len(rows) else []
    keys = np.stack([ours[rows] for ours, _ in problem.match])
    _, group = np.unique(keys, axis=1, return_inverse=True)
    order = np.argsort(group.reshape(-1), kind="stable")
    cuts = np.flatnonzero(np.diff(group.reshape(-1)[order])) + 1
    return [rows[part] for part in np.split(order, cuts)]


def _place(problem: Problem, rows: Codes, used: Floats, person: Codes, fit: Floats) -> None:
    """Give each account of one group its person, in `person` and `fit`."""
    free = problem.rooms(used)
    table = _fits_within(problem, rows)
    nobody: Bools = np.all(np.isnan(table), axis=1)
    person[rows[nobody]] = -2
    rows, table = rows[~nobody], table[~nobody]
    seat = np.repeat(np.arange(len(free)), np.minimum(free, len(rows)))
    wanted: Bools = np.any(~np.isnan(table), axis=0)
    seat = seat[wanted[seat]]
    if not len(rows) or not len(seat):
        return
    if len(rows) * len(seat) > _CELLS:
        raise _too_large(len(rows), len(seat))
    weight = _uneven(seat, used / problem.load, problem.capacity / problem.load)
    row, who = _best(_gains(problem, rows, table), problem.holder[rows], seat, weight)
    person[rows[row]] = who
    fit[rows[row]] = table[row, who]


def _fits_within(problem: Problem, rows: Codes) -> NDArray[np.float64]:
    if len(rows) * len(problem.person) > _CELLS:
        raise _too_large(len(rows), len(problem.person))
    return fits(problem, rows)


def _too_large(accounts: int, seats: int) -> NotEnoughDataError:
    return NotEnoughDataError.from_problem(
        f"{accounts:,} accounts and {seats:,} seats are too many to weigh at once",
        "propose owners for key accounts, or keep groups apart with match=.",
        accounts=accounts,
        seats=seats,
    )


def _best(
    gain: NDArray[np.float64], holder: Codes, seat: Codes, uneven: Floats
) -> tuple[Codes, Codes]:
    """Match accounts with people: the most gained, most placed, fewest changes, most even load.

    First the largest gain; then, of all matchings that gain as much, the best in what comes next.
    Everything is in whole numbers, so that nothing of it is rounded.
    """
    row, who = _matched(gain, seat)
    unchanged = float(np.count_nonzero(holder >= 0))
    second = (unchanged + 1.0) + (holder[:, None] == np.arange(gain.shape[1])[None, :])
    gain = _among_best(gain, (row, who), second, len(seat))
    row, who = _matched(gain, seat)
    third = np.ones_like(gain)
    third = _among_best(gain, (row, who), third, len(seat), float(uneven.max()) + 1.0)
    return _matched(third, seat, uneven)


def _among_best(
    gain: NDArray[np.float64],
    best: tuple[Codes, Codes],
    then: NDArray[np.float64],
    seats: int,
    most: float | None = None,
) -> NDArray[np.float64]:
    """Weigh by what comes next, such that its best matching is one of those that gain the most.

    These are the matchings of pairs that gain just their prices, in which everybody of a price is:
    who must be counts more than all of what comes next, which is at most `most` a pair.
    """
    account_price, seat_price = _prices(gain, *best)
    tight = gain == account_price[:, None] + seat_price[None, :]  # never where not eligible
    must = min(len(gain), seats) * (float(then.max()) if most is None else most) + 1.0
    priced = (account_price > 0.0)[:, None] * 1.0 + (seat_price > 0.0)[None, :]
    return np.where(tight, then + must * priced, np.nan)


def _matched(
    gain: NDArray[np.float64], seat: Codes, less: Floats | None = None
) -> tuple[Codes, Codes]:
    """Match for the largest gain; NaN is never matched, and each seat may gain a bit less."""
    table = gain[:, seat] if less is None else gain[:, seat] + (less.max() - less)[None, :]
    row, column = most_gained(np.nan_to_num(table), "assign")
    real = ~np.isnan(table[row, column])
    return row[real], seat[column[real]]


def _uneven(seat: Codes, taken: Floats, capacity: Floats) -> Floats:
    """Say of each seat what it adds to the squares of loads over capacities, in whole numbers."""
    nth = taken[seat] + np.arange(len(seat)) - np.searchsorted(seat, seat)
    added: Floats = (2.0 * nth + 1.0) / capacity[seat]
    found: Floats = np.rint(added * (_UNEVEN / max(float(added.max()), 1.0)))
    return found


def _prices(gain: NDArray[np.float64], row: Codes, who: Codes) -> tuple[Floats, Floats]:
    """Give the least prices of seats, and those of accounts, under which the matching is best.

    The prices of the dual: a matching gains the most just if each pair of it gains its two prices,
    and all accounts and seats of a price above 0 are in it.
    """
    account, seat = np.zeros(len(gain)), np.zeros(gain.shape[1])
    while True:
        account[row] = gain[row, who] - seat[who]
        asked = np.fmax.reduce(gain - account[:, None], axis=0, initial=0.0)
        raised: Floats = np.maximum(seat, asked)
        if np.array_equal(raised, seat):
            return account, seat
        seat = raised


def _gains(problem: Problem, rows: Codes, table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Write value times fit as whole numbers; NaN where not eligible.

    In units of a power of ten, the smallest in which all of them add up without rounding: some 13
    digits of the largest for a thousand accounts.
    """
    with np.errstate(over="ignore"):
        gain = problem.value[rows][:, None] * table
    largest = float(np.nanmax(gain, initial=0.0))
    if not np.isfinite(largest):
        hint = "write the values in a larger unit."
        rule = "are too large to be weighed"
        raise SpecError.from_field("assign(value)", rule, float(problem.value[rows].max()), hint)
    if largest == 0.0:
        return gain
    digits = math.floor(math.log10(_EXACT_BELOW / len(rows)) - math.log10(largest))
    whole = 10.0 ** min(abs(digits), 300)  # a power of ten above 1 divides without a second error
    found: Floats = np.rint(gain * whole if digits >= 0 else gain / whole)
    return found
