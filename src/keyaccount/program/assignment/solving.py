"""The best owners under capacity: first the seats that stay, then an exact assignment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Floats
from keyaccount.errors import NotEnoughDataError, SpecError
from keyaccount.program._scipy import most_gained
from keyaccount.program.assignment.problem import Problem, fits
from keyaccount.stats.sums import group_counts

__all__ = ["kept_seats", "proposed"]

_EXACT_BELOW = 2.0**52
_CENTS = 100.0
_CELLS = 25_000_000
"""Accounts times seats that are solved at once: 200 MB of gains."""


def kept_seats(problem: Problem) -> tuple[Codes, Codes]:
    """Find the accounts that stay where they are, and those whose holder is full or may not.

    A holder keeps the accounts that are worth most; ties go by id.
    """
    rows = np.flatnonzero((problem.holder >= 0) & ~problem.may_move)
    if not len(rows):
        return rows, rows
    eligible = _fit_of_holders(problem, rows) >= 0.0
    holder = problem.holder[rows]
    order = np.lexsort((rows, -problem.value[rows], holder, ~eligible))
    ranked = holder[order]
    first = np.searchsorted(np.where(eligible[order], ranked, len(problem.person)), ranked)
    place = np.arange(len(order)) - first
    stays = eligible[order] & (place < problem.capacity[ranked])
    return np.sort(rows[order[stays]]), np.sort(rows[order[~stays]])


def _fit_of_holders(problem: Problem, rows: Codes) -> Floats:
    """Give the fit of each account's holder; NaN where not eligible."""
    found = np.ones(len(rows))
    holder = problem.holder[rows]
    for ours, theirs in problem.match:
        found[ours[rows] != theirs[holder]] = np.nan
    if problem.pairs is None:
        return found
    size = len(problem.person)
    account, person, fit = problem.pairs
    table = dict(zip((account * size + person).tolist(), fit.tolist(), strict=True))
    given = [table.get(cell, np.nan) for cell in (rows * size + holder).tolist()]
    return np.where(np.isnan(found), np.nan, given)


def proposed(problem: Problem) -> tuple[Codes, Floats, Codes]:
    """Give the person and the fit of each account, and the accounts that could not stay.

    Person -1: nobody eligible has a free seat; -2: nobody is eligible.
    """
    stay, pushed = kept_seats(problem)
    n = len(problem.account)
    person, fit = np.full(n, -1, dtype=np.int64), np.full(n, np.nan)
    person[stay] = problem.holder[stay]
    fit[stay] = _fit_of_holders(problem, stay)
    free = problem.capacity - group_counts(problem.holder[stay], len(problem.person))
    rest = np.setdiff1d(np.arange(n), stay)
    for rows in _independent(problem, rest):
        _place(problem, rows, free, person, fit)
    return person, fit, pushed


def _independent(problem: Problem, rows: Codes) -> list[Codes]:
    """Cut the accounts where `match` keeps them apart: no person is eligible in two groups."""
    if not problem.match or not len(rows):
        return [rows] if len(rows) else []
    keys = np.stack([ours[rows] for ours, _ in problem.match])
    _, group = np.unique(keys, axis=1, return_inverse=True)
    order = np.argsort(group.reshape(-1), kind="stable")
    cuts = np.flatnonzero(np.diff(group.reshape(-1)[order])) + 1
    return [rows[part] for part in np.split(order, cuts)]


def _place(problem: Problem, rows: Codes, free: Codes, person: Codes, fit: Floats) -> None:
    """Give each account of one group its person, in `person` and `fit`."""
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
    gain = _gains(problem, rows, table)
    row, column = most_gained(gain[:, seat], "assign")
    who = seat[column]
    real = ~np.isnan(table[row, who])
    person[rows[row[real]]] = who[real]
    fit[rows[row[real]]] = table[row[real], who[real]]


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


def _gains(problem: Problem, rows: Codes, table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Write value placed, accounts placed and seats unchanged as one whole number, in this order.

    Each is worth more than all there can be of the next. Value counts in cents.
    """
    holder = problem.holder[rows]
    same = holder[:, None] == np.arange(table.shape[1])[None, :]
    unchanged = np.count_nonzero(holder >= 0) + 1.0
    unit = unchanged * (len(rows) + 1.0)
    cents = np.rint(problem.value[rows][:, None] * table * _CENTS)
    largest = float(np.nanmax(cents, initial=0.0))
    if largest * unit * len(rows) >= _EXACT_BELOW:
        rule = "are too large to be weighed without rounding"
        hint = "write the values in a larger unit, or keep groups apart with match=."
        raise SpecError.from_field("assign(value)", rule, largest / _CENTS, hint)
    return np.where(np.isnan(cents), 0.0, cents * unit + unchanged + same)
