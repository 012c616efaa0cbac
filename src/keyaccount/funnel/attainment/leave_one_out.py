"""The probability of reaching a threshold with each deal won, lost, and struck from the book.

Taking a deal back out of a convolution is unstable. What all others bring is built anew instead, by
halves: of two halves, each gets the other added, until one deal is left over. That takes about
``n·log₂n`` additions for `n` deals, and needs nothing but additions of positive terms.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import attrs
import numpy as np

from keyaccount._columns import Codes, Floats
from keyaccount.funnel.attainment.blocks import Block
from keyaccount.funnel.attainment.convolution import Mass, add_block, add_deals, nothing_yet
from keyaccount.funnel.attainment.enumeration import Enumeration, Scenario
from keyaccount.funnel.attainment.lattice import Lattice
from keyaccount.funnel.attainment.reach import Reach, Sum
from keyaccount.funnel.attainment.remainder import Remainder, Rounded


@attrs.frozen(eq=False)
class Say:
    """What a deal at a row of the input does, as triples of probability, low and high.

    `kept_off` and `kept_on` are the probabilities where the deal is no longer a chance, and says
    nothing of its regime: its amount is out of the sum for good, or in it.
    """

    row: int
    won: Floats
    lost: Floats
    kept_off: Floats
    kept_on: Floats


def by_convolution(law: Lattice, blocks: Sequence[Block], threshold: int) -> Iterator[Say]:
    """Ask each deal on the law's lattice; `blocks` may hold deals of no amount besides."""
    again = Lattice(blocks, law.step, law.tiny) if law.sum.deals != _deals(blocks) else law
    parts = again.rounding.parts
    for place, mass in _without_blocks(nothing_yet(), list(range(len(parts))), parts, law.tiny):
        part = parts[place]
        said: list[list[Reach]] = [[] for _ in part.counts]
        for regime in range(len(part.block.weights)):
            bounds = again.rounding.given(place, regime)
            chances = part.block.chances[regime]
            every = list(range(len(part.counts)))
            for i, others in _without_deals(mass, every, part.counts, chances, law.tiny):
                own = part.block.values[i]
                near = None if bounds is None else _less_one(bounds, part, regime, i)
                alone = Sum(others, near, law.step, again.sum.total - own, again.sum.deals)
                said[i].append(alone.reach([threshold, threshold - own]))
        for i, reaches in enumerate(said):
            yield _weighed(part.block, i, reaches)


def _less_one(bounds: Remainder, part: Rounded, regime: int, i: int) -> Remainder:
    """Take one deal's mean error out; a risk that holds with its error holds without it."""
    own = float(part.errors[i] * part.block.chances[regime, i])
    return attrs.evolve(bounds, mean=bounds.mean - own)


def _weighed(block: Block, i: int, reaches: Sequence[Reach]) -> Say:
    """Mix the regimes: as they are, and as they are believed once the deal is won, or lost."""
    weights, p = np.array(block.weights), block.chances[:, i]
    table = np.array([[r.probability, r.low, r.high] for r in reaches])  # regime, bound, threshold
    off, on = table[:, :, 0], table[:, :, 1]
    return Say(
        block.rows[i],
        _mean(on, weights * p, weights),
        _mean(off, weights * (1.0 - p), weights),
        _mean(off, weights, weights),
        _mean(on, weights, weights),
    )


def _mean(table: Floats, believed: Floats, weights: Floats) -> Floats:
    """Average over regimes as they are believed; an outcome too rare for a float says nothing."""
    told = (believed if believed.any() else weights).tolist()
    found = np.zeros(table.shape[1])
    for row, weight in zip(table, told, strict=True):
        found += weight * row
    return found / math.fsum(told)


def _without_blocks(
    mass: Mass, places: Sequence[int], parts: Sequence[Rounded], tiny: float
) -> Iterator[tuple[int, Mass]]:
    if len(places) == 1:
        yield places[0], mass
    for kept, added in _halved(places):
        more = mass
        for place in added:
            part = parts[place]
            more = add_block(more, part.block.weights, part.block.chances, part.counts, tiny)
        yield from _without_blocks(more, kept, parts, tiny)


def _without_deals(
    mass: Mass, places: Sequence[int], counts: Codes, chances: Floats, tiny: float
) -> Iterator[tuple[int, Mass]]:
    if len(places) == 1:
        yield places[0], mass
    for kept, added in _halved(places):
        more = add_deals(mass, counts[list(added)], chances[list(added)], tiny)
        yield from _without_deals(more, kept, counts, chances, tiny)


def _halved(places: Sequence[int]) -> list[tuple[Sequence[int], Sequence[int]]]:
    """Pair each half with the other."""
    if len(places) < 2:  # noqa: PLR2004 - one cannot be halved
        return []
    cut = len(places) // 2
    return [(places[:cut], places[cut:]), (places[cut:], places[:cut])]


def by_subsets(law: Enumeration, threshold: int) -> Iterator[Say]:
    """Ask each deal of an enumeration: the subsets of its half with the deal, and without."""
    for side, half in enumerate(law.halves):
        start = law.completing(side, threshold)
        ends = [_completed(law, scenario, side, start) for scenario in law.scenarios]
        for i, row in enumerate(half.rows):
            yield Say(row, *(np.full(3, p) for p in _said(law.scenarios, side, i, ends)))


def _completed(law: Enumeration, scenario: Scenario, side: int, start: Codes) -> Floats:
    """Give, for each subset of a half, the probability that the other half completes it."""
    found = np.empty(len(start))
    found[law.halves[side].order] = law.tails(scenario, 1 - side)[start]
    return found


def _said(scenarios: Sequence[Scenario], side: int, i: int, ends: Sequence[Floats]) -> list[float]:
    """Give the probabilities of reaching: won, lost, kept off, kept on."""
    won = lost = off = on = chance = rest = 0.0
    for scenario, end in zip(scenarios, ends, strict=True):
        subsets = scenario.chances[side].reshape(-1, 2, 1 << i)
        completed = end.reshape(-1, 2, 1 << i)
        without, with_it = subsets[:, 0], subsets[:, 1]
        won += scenario.weight * float((with_it * completed[:, 1]).sum())
        lost += scenario.weight * float((without * completed[:, 0]).sum())
        off += scenario.weight * float((with_it * completed[:, 0]).sum())
        on += scenario.weight * float((without * completed[:, 1]).sum())
        chance += scenario.weight * float(with_it.sum())
        rest += scenario.weight * float(without.sum())
    kept_off, kept_on = lost + off, won + on
    if_won = won / chance if chance else kept_on  # too rare for a float: it says nothing
    if_lost = lost / rest if rest else kept_off
    return [if_won, if_lost, kept_off, kept_on]


def _deals(blocks: Sequence[Block]) -> int:
    return sum(len(b) for b in blocks)
