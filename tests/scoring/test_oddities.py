"""What was odd in the data is told in whole sentences, of one value and of several."""

from __future__ import annotations

import pytest

import keyaccount as ka
from keyaccount.scoring.oddities import Oddities

CRITERIA = (ka.Criterion("sales", column="revenue", value=ka.Ratio(to="sum")),)


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        ((1, 0, 0), "1 value is infinite and counts as missing"),
        ((2, 0, 0), "2 values are infinite and count as missing"),
        ((0, 1, 0), "1 value is 0 or below, has no ratio and counts as missing"),
        ((0, 1_425, 0), "1,425 values are 0 or below, have no ratio and count as missing"),
        ((0, 0, 1), "1 account is judged by the pool of all groups on 'sales'"),
        ((0, 0, 3), "3 accounts are judged by the pool of all groups on 'sales'"),
    ],
)
def test_a_count_agrees_with_its_verb(odd: tuple[int, int, int], told: str) -> None:
    """One value is, several are; each tells where it was met, and how many."""
    infinite, unjudged, pooled = odd
    counts = Oddities(infinite=[infinite], unjudged=[unjudged], pooled=[pooled])
    (found,) = counts.findings(CRITERIA)
    assert (found.message, found.count, found.where) == (told, sum(odd), "revenue")


def test_nothing_odd_is_not_told() -> None:
    """Without a count there is no finding."""
    assert Oddities(infinite=[0], unjudged=[0], pooled=[0]).findings(CRITERIA) == ()
