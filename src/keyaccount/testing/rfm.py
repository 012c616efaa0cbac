"""Strategies for RFM: cut rules, maps of segments, specs, and the books they are applied to."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import strategies as st

from keyaccount.groups import ByGroup
from keyaccount.segments.rfm import (
    FixedCut,
    MeanCut,
    MedianCut,
    QuantileScores,
    Rfm,
    RfmCut,
    RfmMap,
    RfmSegment,
    eight_segments,
    rfm_map_5x5,
)
from keyaccount.testing.books import GROUPS, Book, books

__all__ = ["rfm_books", "rfm_cuts", "rfm_maps", "rfms"]

_MEASURES = ("recency", "frequency", "monetary")
_THRESHOLDS = st.one_of(st.integers(0, 40).map(float), st.floats(-1e6, 1e6))


def rfm_books(*, group: str | None = None, min_size: int = 0) -> st.SearchStrategy[Book]:
    """Draw purchase summaries: few distinct values, so that ties and ties at thresholds are common.

    Parameters
    ----------
    group
        The name of a column of groups; None: there is none.
    min_size
        How many accounts there are at least.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(rfm_books())
    ... def summaries_have_three_measures(book):
    ...     assert list(book) == ["days_since", "count", "total"]
    >>> summaries_have_three_measures()
    """
    few = st.integers(0, 40).map(float) | st.integers(-500, 5_000).map(lambda cents: cents / 100)
    return books(("days_since", "count", "total"), group=group, min_size=min_size, values=few)


def _constants(constants: Any, *, grouped: bool) -> Any:
    groups = st.dictionaries(st.sampled_from(GROUPS), constants, max_size=3)
    by_group = st.builds(lambda some, pool: ByGroup(some, pool=pool), groups, constants)
    return st.one_of(constants, by_group) if grouped else constants


def _ladders(n: int, *, falling: bool) -> st.SearchStrategy[tuple[float, ...]]:
    steps = st.lists(_THRESHOLDS, min_size=n - 1, max_size=n - 1)
    return steps.map(lambda found: tuple(sorted(found, reverse=falling)))


@st.composite
def rfm_cuts(
    draw: st.DrawFn, *, fitted: bool = True, grouped: bool = False, scores: int | None = None
) -> RfmCut:
    """Draw cut rules of every kind.

    Parameters
    ----------
    fitted
        Whether the thresholds are there; else only rules that learn are drawn, before they do.
    grouped
        Whether thresholds may differ by group.
    scores
        Only `QuantileScores` of so many scores; None: any rule.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(rfm_cuts())
    ... def cuts_are_fitted(cuts):
    ...     assert cuts.is_fitted
    >>> cuts_are_fitted()
    """
    if scores is None and draw(st.booleans()):
        if not fitted:
            return draw(st.sampled_from([MeanCut(), MedianCut()]))
        rule: Any = draw(st.sampled_from([MeanCut, MedianCut, FixedCut]))
        drawn: RfmCut = rule(
            **{m: draw(_constants(_THRESHOLDS, grouped=grouped)) for m in _MEASURES}
        )
        return drawn
    n = draw(st.integers(2, 6)) if scores is None else scores
    high = draw(st.integers(2, n))
    if not fitted:
        return QuantileScores(n, high=high)
    found = {
        m: draw(_constants(_ladders(n, falling=m == "recency"), grouped=grouped)) for m in _MEASURES
    }
    return QuantileScores(n, high=high, **found)


@st.composite
def rfm_maps(draw: st.DrawFn, *, symbols: str = "LH") -> RfmMap:
    """Draw maps in which every cell has a segment, some of them several cells.

    Parameters
    ----------
    symbols
        The symbols of the levels, from the lowest up.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(rfm_maps())
    ... def maps_cover_each_cell(map_):
    ...     assert set(map_.positions) == set(map_.cells)
    >>> maps_cover_each_cell()
    """
    few = [_MEASURES[:1], _MEASURES[:2], _MEASURES[1:]]
    measures = draw(st.sampled_from([*few, _MEASURES] if symbols in {"LH", "123"} else few))
    cells = ["".join(cell) for cell in product(symbols, repeat=len(measures))]
    count = draw(st.integers(1, len(cells)))
    owner = draw(st.permutations([*range(count), *(0 for _ in cells[count:])]))
    segments = [
        RfmSegment(
            f"segment_{k}",
            [cell for cell, own in zip(cells, owner, strict=True) if own == k],
            treatment=draw(st.sampled_from([None, "call"])),
        )
        for k in range(count)
    ]
    return RfmMap(
        draw(st.sampled_from(["rfm", "own"])), segments, measures=measures, symbols=symbols
    )


@st.composite
def rfms(draw: st.DrawFn, *, fitted: bool = True, group: str | None = None) -> Rfm:
    """Draw specs, with and without weights, over the eight segments, 5×5 or a map of their own.

    Parameters
    ----------
    fitted
        Whether the thresholds are there.
    group
        The column of groups by which thresholds may differ; None: they do not.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(rfms())
    ... def drawn_specs_are_fitted(spec):
    ...     assert spec.is_fitted
    >>> drawn_specs_are_fitted()
    """
    symbols = draw(st.sampled_from(["LH", "LH", "123", "12345"]))
    scores = None if symbols == "LH" else len(symbols)
    presets = {"LH": eight_segments, "12345": rfm_map_5x5}
    own = rfm_maps(symbols=symbols)
    segments = draw(own | st.builds(presets[symbols]) if symbols in presets else own)
    return Rfm(
        cuts=draw(rfm_cuts(fitted=fitted, grouped=group is not None, scores=scores)),
        group=group,
        weights=draw(st.sampled_from([None, (0.2, 0.3, 0.5), (0.1, 0.2, 0.7), (1.0, 0.0, 0.0)])),
        min_group=draw(st.integers(0, 3)),
        segments=segments,
    )
