"""Maps cover every cell once, or say which they do not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

import keyaccount as ka
from keyaccount.testing import rfm_maps

PUBLISHED_RF_REGEX_MAP = {
    "hibernating": ("12", "12"),
    "at_risk": ("12", "34"),
    "cant_lose": ("12", "5"),
    "about_to_sleep": ("3", "12"),
    "need_attention": ("3", "3"),
    "loyal_customers": ("34", "45"),
    "promising": ("4", "1"),
    "new_customers": ("5", "1"),
    "potential_loyalists": ("45", "23"),
    "champions": ("5", "45"),
}


def test_the_5x5_map_is_the_published_one() -> None:
    """Recency and frequency scores of the map in wide use: 25 of 25 cells, each once."""
    map_ = ka.rfm_map_5x5()
    expected = {
        r + f: code for code, (rs, fs) in PUBLISHED_RF_REGEX_MAP.items() for r in rs for f in fs
    }
    assert len(expected) == 25
    assert {cell: map_.codes[i] for cell, i in map_.positions.items()} == expected
    assert all(s.name and s.name_zh and s.treatment is None for s in map_.segments)


def test_a_score_more_never_leads_to_a_worse_segment() -> None:
    """The order of the 5×5 map, "better", agrees with both scores; so do the eight segments."""
    for map_ in (ka.rfm_map_5x5(), ka.eight_segments()):
        for cell, position in map_.positions.items():
            for k, symbol in enumerate(cell):
                up = map_.symbols.index(symbol) + 1
                if up < len(map_.symbols):
                    better = cell[:k] + map_.symbols[up] + cell[k + 1 :]
                    assert map_.positions[better] <= position


def test_ranges_stand_for_several_cells() -> None:
    """Brackets are written out, and written out they are the same spec."""
    short = ka.RfmSegment("at_risk", ("[1-2][3-4]", "5", "[3]1"))
    assert short.cells == ("13", "14", "23", "24", "5", "31")
    assert ka.RfmSegment("at_risk", short.cells) == short


def test_names_for_the_eight_can_be_overridden() -> None:
    """A map is data: the same cells under other names."""
    own = ka.RfmMap(
        "rfm",
        [
            ka.RfmSegment("key", ("H[H-H]H", "LHH"), treatment="visit"),
            ka.RfmSegment("others", ("HHL", "HL[H-H]", "HLL", "LLH", "LHL", "LLL")),
        ],
    )
    spec = ka.Rfm(cuts=ka.FixedCut(recency=9, frequency=2, monetary=1), segments=own)
    found = spec.assign({"days_since": [99, 99], "count": [2, 1], "total": [5, 5]})
    assert found.labels.tolist() == ["key", "others"]
    assert found.treatment.tolist() == ["visit", None]
    assert found.qualified[0] == "RFM:key"


def test_letters_of_a_score_cut_use_its_high_score() -> None:
    """The eight segments over five scores: 4 and 5 are high."""
    cut = ka.QuantileScores(5, recency=(4, 3, 2, 1), frequency=(2, 3, 4, 5), monetary=(2, 3, 4, 5))
    found = ka.Rfm(cuts=cut).assign({"days_since": 2, "count": 3, "total": 4})
    assert (found.letters[0], found.labels[0]) == ("HLH", "important_develop")


def test_holes_and_overlaps_are_named() -> None:
    """Every cell exactly once: the error lists what is missing, double and unknown."""
    with pytest.raises(ka.SpecError) as caught:
        ka.RfmMap(
            "rf",
            [ka.RfmSegment("a", ("HH", "HL", "XX")), ka.RfmSegment("b", ("HL", "LL"))],
            measures=("recency", "frequency"),
        )
    assert caught.value.parts["holes"] == ("LH",)
    assert caught.value.parts["overlaps"] == ("HL",)
    assert caught.value.parts["unknown"] == ("XX",)
    assert "no segment for LH; more than one for HL; no such XX" in str(caught.value)


def test_a_long_list_of_holes_is_cut_short() -> None:
    """24 holes are counted, 12 are shown."""
    with pytest.raises(ka.SpecError, match="and 12 more"):
        ka.RfmMap(
            "rf", [ka.RfmSegment("a", ("55",))], measures=("recency", "frequency"), symbols="12345"
        )


@given(rfm_maps())
def test_positions_are_those_of_the_cells(map_: ka.RfmMap) -> None:
    """Every cell leads to the segment that names it."""
    assert set(map_.positions) == set(map_.cells)
    for cell, position in map_.positions.items():
        assert cell in map_.segments[position].cells


SEGMENT = ka.RfmSegment("all", ("H", "L"))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ka.RfmSegment("", ("HHH",)), "not blank"),
        (lambda: ka.RfmSegment("a", ()), "at least one"),
        (lambda: ka.RfmSegment("a", ("[3-1]",)), "at least one"),
        (lambda: ka.RfmSegment("a", "HHH"), "texts that are not blank"),
        (lambda: ka.RfmSegment("a", (1, 2)), "texts that are not blank"),
        (lambda: ka.RfmMap("m", []), "at least one"),
        (lambda: ka.RfmMap("m", ["HHH"]), "see RfmSegment"),
        (lambda: ka.RfmMap("m", [SEGMENT, SEGMENT]), "unique codes"),
        (lambda: ka.RfmMap("m", (SEGMENT,), measures=()), "some of recency"),
        (lambda: ka.RfmMap("m", (SEGMENT,), measures=("frequency", "recency")), "in this order"),
        (lambda: ka.RfmMap("m", (SEGMENT,), symbols="L"), "2 to 9 different"),
        (lambda: ka.RfmMap("m", (SEGMENT,), symbols="LL"), "2 to 9 different"),
        (lambda: ka.RfmMap("m", (SEGMENT,), symbols="0123456789"), "2 to 9 different"),
    ],
)
def test_maps_that_cannot_be_are_refused(call: Any, said: str) -> None:
    """A spec error says what is wrong."""
    with pytest.raises(ka.SpecError, match=said):
        call()
