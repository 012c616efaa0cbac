"""The smallest set of open deals that, all won, still reaches a target."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Floats
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.funnel.attainment.deals import Book, read_deals, read_targets
from keyaccount.funnel.attainment.likeliest import likeliest_set


@attrs.frozen(eq=False)
class StillNeeded(Viewed):
    """The fewest open deals that reach a target from what is certain, largest first.

    Parameters
    ----------
    target
        The target.
    certain
        What is certain: the sum of the deals of probability 1.
    reachable
        Whether all open deals together reach the target. If not, all of them are listed.
    positions
        ``(k,)`` int64: their rows in the input.
    amount, probability
        ``(k,)`` float64: the deals.
    running_total
        ``(k,)`` float64: what is certain, and the deals up to this one.
    all_won
        The probability that all of them are won, independently; 1 where none is needed.
    likeliest
        ``(k,)`` int64: the rows, ascending, of that set of as few deals which is most likely won as
        a whole. None where the search for it would take too long, and where there is none.
    likeliest_all_won
        The probability that all of those are won; NaN where there is none.
    findings
        Deals left out.

    Examples
    --------
    >>> import keyaccount as ka
    >>> needed = ka.still_needed([900, 500, 400, 300], [0.1, 0.4, 0.5, 1.0], 1_000)
    >>> needed.positions, round(needed.all_won, 3)
    (array([0]), 0.1)
    >>> print(needed.row(0))
    position       0
    amount         900
    probability    0.1
    running_total  1200
    why            largest open deal no. 1; with it 1200 of the 1000 needed
    """

    target: float
    certain: float
    reachable: bool
    positions: Codes
    amount: Floats
    probability: Floats
    running_total: Floats
    all_won: float
    likeliest: Codes | None
    likeliest_all_won: float
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.positions)

    def _view(self) -> View:
        word = "reach" if self.reachable else "do not reach"
        title = f"StillNeeded: {len(self):,} open deals {word} {self.target:,.6g}"
        return View(title, self.columns(), len(self))

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return one row per deal needed, for any DataFrame constructor."""
        return {
            "position": self.positions,
            "amount": self.amount,
            "probability": self.probability,
            "running_total": self.running_total,
        }

    def row(self, i: int) -> Record:
        """Return one deal needed, and why it is on the list."""
        i = checked_row(i, len(self))
        found = {name: column[i].item() for name, column in self.columns().items()}
        why = (
            f"largest open deal no. {i + 1}; "
            f"with it {self.running_total[i]:.6g} of the {self.target:.6g} needed"
        )
        return Record({**found, "why": why})


def still_needed(amounts: Any, probabilities: Any, target: Any) -> StillNeeded:
    """Find the smallest set of open deals that, all won, reaches a target.

    Parameters
    ----------
    amounts
        ``(n,)`` float64: what each deal brings if it is won. Open deals that take away, or bring
        nothing, are no help and left aside.
    probabilities
        ``(n,)`` float64 in [0, 1]. 1 is certain, and 0 is out of play.
    target
        One amount. Reaching it exactly counts.

    Returns
    -------
    StillNeeded
        The largest deals, as many as it takes: no fewer deals can do it. Of equal amounts the more
        probable is taken, of equal deals the first. None where the target is there already. Beside
        them, the set of as few deals that is most likely won as a whole.

    Raises
    ------
    RowError, ColumnError
        As in `attainment`.
    SpecError
        More than one target.

    Notes
    -----
    Sums are exact, in units as in `attainment`. The likeliest set is found by branch and bound and
    is exact where it is given.

    Examples
    --------
    >>> import keyaccount as ka
    >>> needed = ka.still_needed([500, 400, 300, 200], [0.2, 0.4, 0.6, 0.9], 700)
    >>> needed.amount, needed.likeliest
    (array([500., 400.]), array([1, 2]))
    """
    book = read_deals(amounts, probabilities, None, None, "still_needed")
    targets, _ = read_targets(target, "still_needed")
    if len(targets) != 1:
        raise SpecError.from_field(
            "still_needed(target)",
            "must be one amount",
            targets,
            "ask for each target in a call of its own.",
        )
    return _needed(book, targets[0])


def _needed(book: Book, target: float) -> StillNeeded:
    values, stated = book.units.values, book.probabilities
    certain = sum(values[i] for i in np.flatnonzero(book.known & (stated == 1.0)).tolist())
    gap = book.units.reaching(target) - certain
    useful = book.known & (stated > 0.0) & (stated < 1.0) & (book.amounts > 0.0)
    opened = np.flatnonzero(useful).tolist()
    opened.sort(key=lambda i: (-values[i], -float(stated[i]), i))
    totals = _running([values[i] for i in opened], gap)
    rows = opened[: len(totals)]
    reached = gap <= (totals[-1] if totals else 0)
    best = likeliest_set(opened, values, stated, gap, len(rows)) if reached else None
    positions = np.array(rows, dtype=np.int64)
    return StillNeeded(
        target=target,
        certain=book.units.money(certain) + 0.0,
        reachable=reached,
        positions=positions,
        amount=book.amounts[positions],
        probability=stated[positions],
        running_total=np.array([book.units.money(certain + t) for t in totals], dtype=np.float64),
        all_won=math.prod(stated[positions].tolist()),
        likeliest=None if best is None else np.array(sorted(best), dtype=np.int64),
        likeliest_all_won=math.nan if best is None else math.prod(stated[sorted(best)].tolist()),
        findings=book.findings,
    )


def _running(values: Sequence[int], gap: int) -> list[int]:
    """Add the largest until the gap is closed, or all are in."""
    totals: list[int] = []
    total = 0
    for value in values:
        if total >= gap:
            break
        total += value
        totals.append(total)
    return totals
