"""The exact probability of reaching a target with the deals at hand."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any, overload

from keyaccount._columns import Floats
from keyaccount._validators import exact_float, is_finite
from keyaccount.errors import SpecError
from keyaccount.funnel.attainment.deals import read_deals, read_targets
from keyaccount.funnel.attainment.result import Attainment
from keyaccount.funnel.attainment.shock import CommonShock

NARROW = 1e-3
"""How far apart bounds may be where nothing is asked for: a tenth of a percentage point."""


@overload
def attainment(
    amounts: Any,
    probabilities: Any,
    target: float,
    *,
    shock: CommonShock | None = None,
    group: Any = None,
    width: float = NARROW,
) -> Attainment[float]: ...


@overload
def attainment(
    amounts: Any,
    probabilities: Any,
    target: Sized,
    *,
    shock: CommonShock | None = None,
    group: Any = None,
    width: float = NARROW,
) -> Attainment[Floats]: ...


def attainment(
    amounts: Any,
    probabilities: Any,
    target: Any,
    *,
    shock: CommonShock | None = None,
    group: Any = None,
    width: float = NARROW,
) -> Attainment[Any]:
    """Give the probability that the deals won bring at least the target.

    Parameters
    ----------
    amounts
        ``(n,)`` float64: what each deal brings if it is won, in money. A negative amount (a credit
        note, a contract that may be lost) takes away if it comes about. Amounts of 0 do nothing.
    probabilities
        ``(n,)`` float64 in [0, 1]: the probability of each deal. A deal whose amount or probability
        is missing or infinite is left out and brings nothing, with a finding.
    target
        One amount, or several. Reaching it exactly counts: P(sum >= target).
    shock
        Regimes that move the deals of a group together; None: all deals are independent. A negative
        amount is moved as the others are: it comes about more often where they do.
    group
        With `shock`: the account or the period of each deal, as any column of labels. Groups are
        independent of each other. None: one regime holds for the whole book. A deal without a group
        is independent of all others.
    width
        How far apart `low` and `high` may be where there is no exact way. The default, 10⁻³, is a
        choice of this library.

    Returns
    -------
    Attainment
        The probability per target with its bounds, the whole distribution and its quantiles.

    Raises
    ------
    RowError
        A probability is outside [0, 1], or a target is no finite amount.
    ColumnError
        A column holds no numbers, or the columns differ in length.
    SpecError
        A width is not above 0, a group is given without a shock, or a shock is none.

    Notes
    -----
    Ties are decided without tolerance. An amount or target of whole cents, or of up to four
    decimals, is read as the decimal it is written as; any other as the binary number it is, to the
    last bit.

    Three ways, the cheapest exact one first. *Enumeration*, up to 40 open deals: all subsets of
    two halves, sorted, meet at the target (Horowitz and Sahni 1974). *Unit*: amounts are whole
    multiples of a unit, and one deal after the other is convolved. Both are exact but for float
    rounding. *Lattice*: amounts are rounded to the nearest point of a lattice, and the sum of the
    rounding errors is bounded by its exact moment-generating function (Chernoff 1952), tighter than
    Hoeffding's bound (1963); trimmed tails and float rounding are inside the bounds. Very many
    deals without a shared unit may leave the bounds wider than `width`, with a finding.

    Book-wise: the result does not depend on the order of the rows, to the last bit.

    Examples
    --------
    >>> import keyaccount as ka
    >>> found = ka.attainment([400, 300, 300], [0.5, 0.5, 0.8], 700)
    >>> found.probability, found.low, found.high
    (0.45, 0.45, 0.45)
    >>> ka.attainment([400, 300, 300], [0.5, 0.5, 0.8], [600, 1_000]).probability
    array([0.65, 0.2 ])

    Twelve deals of one account, half of which it gives in a year like any other, seven tenths in a
    good one and three in a bad one:

    >>> shock = ka.CommonShock.from_rates([(0.5, 0.7), (0.5, 0.3)])
    >>> alone = ka.attainment([1] * 12, [0.5] * 12, 9)
    >>> together = ka.attainment([1] * 12, [0.5] * 12, 9, shock=shock)
    >>> round(alone.probability, 4), round(together.probability, 4)
    (0.073, 0.2471)
    """
    book = read_deals(amounts, probabilities, shock, group, "attainment")
    targets, scalar = read_targets(target, "attainment")
    return Attainment(book, targets, stated_width(width, "attainment"), scalar=scalar)


def stated_width(width: object, caller: str) -> float:
    """Read how far apart bounds may be."""
    value = exact_float(width)
    if not is_finite(value) or value <= 0.0:
        raise SpecError.from_field(
            f"{caller}(width)",
            "must be a finite number above 0",
            width,
            "give the difference of probabilities that is still good enough, such as 0.001.",
        )
    return float(value)
