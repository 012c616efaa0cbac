"""What each deal adds to the probability of reaching a target."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Floats
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.funnel.attainment.deals import Book, read_deals, read_targets
from keyaccount.funnel.attainment.enumeration import MOST_DEALS, Enumeration
from keyaccount.funnel.attainment.lattice import Lattice
from keyaccount.funnel.attainment.leave_one_out import Say, by_convolution, by_subsets
from keyaccount.funnel.attainment.plan import chosen, whole_sums
from keyaccount.funnel.attainment.probability import NARROW, stated_width
from keyaccount.funnel.attainment.shock import CommonShock


@attrs.frozen(eq=False)
class MarginalContributions(Viewed):
    """What each deal adds to the probability of reaching a target, aligned with the input.

    Parameters
    ----------
    target
        The target.
    now
        P(sum >= target) as things stand.
    amount, probability
        ``(n,)`` float64: the deals.
    if_won, if_lost
        ``(n,)`` float64: P(sum >= target) once the deal is won, and once it is lost. With a common
        shock, either says something of the group's regime, and the other deals of the group follow.
    contribution
        ``(n,)`` float64: ``if_won - if_lost``, the change of the probability of reaching the target
        per unit of the deal's own probability, where deals are independent.
    without
        ``(n,)`` float64: P(sum >= target) with the deal struck from the book. Where deals are
        independent it is `if_lost`.
    error
        ``(n,)`` float64: how far off each of the three probabilities may be; 0 where exact.
    findings
        Deals left out; they are NaN in all columns but their own.

    Examples
    --------
    >>> import keyaccount as ka
    >>> found = ka.marginal_contributions([400, 300, 300], [0.5, 0.5, 0.8], 700)
    >>> found.contribution
    array([0.9 , 0.1 , 0.25])
    >>> print(found.row(0))
    amount        400
    probability   0.5
    if_won        0.9
    if_lost       0
    contribution  0.9
    without       0
    error         0
    why           the target of 700 is reached with 0.45 now, 0.9 if this deal is won, 0 if lost
    """

    target: float
    now: float
    amount: Floats
    probability: Floats
    if_won: Floats
    if_lost: Floats
    contribution: Floats
    without: Floats
    error: Floats
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.amount)

    def _view(self) -> View:
        title = f"MarginalContributions to {self.target:,.6g}, reached with {self.now:.4g}"
        return View(title, self.columns(), len(self))

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return one row per deal, for any DataFrame constructor."""
        return {
            "amount": self.amount,
            "probability": self.probability,
            "if_won": self.if_won,
            "if_lost": self.if_lost,
            "contribution": self.contribution,
            "without": self.without,
            "error": self.error,
        }

    def row(self, i: int) -> Record:
        """Return one deal, and why it matters as it does."""
        i = checked_row(i, len(self))
        found = {name: column[i].item() for name, column in self.columns().items()}
        return Record({**found, "why": self._why(i)})

    def _why(self, i: int) -> str:
        if np.isnan(self.contribution[i]):
            return "its amount or its probability is unknown: it is left out"
        return (
            f"the target of {self.target:.6g} is reached with {self.now:.3g} now, "
            f"{self.if_won[i]:.3g} if this deal is won, {self.if_lost[i]:.3g} if lost"
        )


def marginal_contributions(
    amounts: Any,
    probabilities: Any,
    target: Any,
    *,
    shock: CommonShock | None = None,
    group: Any = None,
    width: float = NARROW,
) -> MarginalContributions:
    """Say what each deal adds to the probability of reaching a target.

    Parameters
    ----------
    amounts, probabilities, shock, group, width
        As in `attainment`.
    target
        One amount.

    Returns
    -------
    MarginalContributions
        The probability if each deal is won, if it is lost, and without it. A deal that is certain
        or impossible is won or lost for the sake of argument, and says nothing of a regime.

    Raises
    ------
    RowError, ColumnError, SpecError
        As in `attainment`; more than one target.

    Notes
    -----
    The ways of `attainment`. Enumerated deals are asked all at once. On a lattice each deal's
    others are convolved anew, by halves: about ``log₂n`` times the work of one attainment, twice.

    Examples
    --------
    >>> import keyaccount as ka
    >>> found = ka.marginal_contributions([50, 20, 30], [0.9, 0.5, 0.2], 70)
    >>> found.if_won - found.if_lost
    array([0.6 , 0.72, 0.45])
    """
    book = read_deals(amounts, probabilities, shock, group, "marginal_contributions")
    targets, _ = read_targets(target, "marginal_contributions")
    if len(targets) != 1:
        raise SpecError.from_field(
            "marginal_contributions(target)",
            "must be one amount",
            targets,
            "ask for each target in a call of its own.",
        )
    narrow = stated_width(width, "marginal_contributions")
    threshold = book.units.reaching(targets[0]) - book.certain
    law = chosen(book.moved, narrow, [threshold])
    table = np.full((len(book), 3, 3), np.nan)  # deal; won, lost, without; probability, low, high
    for say in _says(book, law, threshold, narrow):
        table[say.row] = _as_stated(say, away=book.units.values[say.row] < 0)
    _settle(table, book, law, threshold)
    return _result(book, targets[0], float(law.reach([threshold]).probability[0]), table)


def _says(book: Book, law: Enumeration | Lattice, threshold: int, width: float) -> Iterator[Say]:
    """Ask every open deal, those of no amount among them."""
    if not book.blocks:
        return iter(())
    if isinstance(law, Lattice):
        return by_convolution(law, book.blocks, threshold)
    if sum(len(b) for b in book.blocks) <= MOST_DEALS:
        return by_subsets(Enumeration(book.blocks), threshold)
    return by_convolution(whole_sums(book.moved, width), book.blocks, threshold)


def _as_stated(say: Say, *, away: bool) -> NDArray[np.float64]:
    """Turn back a deal that takes away: it was counted as taken, and given back if lost."""
    if away:
        return np.stack([say.lost, say.won, say.kept_on])
    return np.stack([say.won, say.lost, say.kept_off])


def _settle(
    table: NDArray[np.float64], book: Book, law: Enumeration | Lattice, threshold: int
) -> None:
    """Fill in certain and impossible deals: they shift the threshold."""
    certain = book.known & (book.probabilities == 1.0)
    rows = np.flatnonzero(certain | (book.known & (book.probabilities == 0.0))).tolist()
    amounts = [book.units.values[r] for r in rows]
    there = [v if certain[r] else 0 for r, v in zip(rows, amounts, strict=True)]
    lost = [threshold + v for v in there]
    won = [t - v for t, v in zip(lost, amounts, strict=True)]
    for place, thresholds in ((0, won), (1, lost), (2, lost)):
        found = law.reach(thresholds)
        table[rows, place] = np.stack([found.probability, found.low, found.high], axis=1)


def _result(
    book: Book, target: float, now: float, table: NDArray[np.float64]
) -> MarginalContributions:
    told, low, high = np.clip(table, 0.0, 1.0).transpose(2, 1, 0)
    error = np.maximum(high - told, told - low).max(axis=0)
    return MarginalContributions(
        target=target,
        now=now,
        amount=book.amounts,
        probability=book.probabilities,
        if_won=told[0],
        if_lost=told[1],
        contribution=told[0] - told[1] + 0.0,
        without=told[2],
        error=error + 0.0,
        findings=book.findings,
    )
