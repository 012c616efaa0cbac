"""The opportunity stages carry exactly what the source says, and None where it says nothing."""

from __future__ import annotations

from typing import Any

import pytest

from keyaccount.errors import SpecError
from keyaccount.funnel import Stage, opportunity_stages


def test_the_stages_are_those_of_the_source() -> None:
    """The stages are those of the source."""
    found = [
        (s.letter, s.code, s.name_zh, s.win_probability, s.planned_conversion, s.planned_days)
        for s in opportunity_stages()
    ]
    assert found == [
        ("A", "understand", "了解商机", 0.10, 0.80, 7),
        ("B", "confirm", "确认商机", 0.25, 0.70, 7),
        ("C", "validate", "方案论证", 0.50, 0.60, 10),
        ("D", "negotiate", "商务谈判", 0.75, 0.50, 7),
        ("E", "close", "销售成交", 0.90, None, None),
        ("F", "hand_over_and_collect", "交接回款", 1.0, None, None),
    ]


def test_participants_join_stage_by_stage_and_are_unstated_for_e_and_f() -> None:
    """Participants join stage by stage and are unstated for e and f."""
    found = [s.participants for s in opportunity_stages()]
    assert [None if p is None else len(p) for p in found] == [1, 1, 2, 3, None, None]
    assert found[3] == ("account manager", "consultant", "director")


def test_a_deal_is_open_until_f() -> None:
    """A deal is open until f."""
    assert [s.outcome for s in opportunity_stages()] == ["open"] * 5 + ["won"]


def test_stages_are_plain_data_that_compare_and_hash() -> None:
    """Stages are plain data that compare and hash."""
    assert opportunity_stages() == opportunity_stages()
    assert len(set(opportunity_stages())) == 6


@pytest.mark.parametrize(
    "wrong",
    [
        {"win_probability": 1.2},
        {"planned_conversion": float("nan")},
        {"planned_days": -1},
        {"outcome": "maybe"},
        {"code": " "},
    ],
)
def test_a_stage_refuses_what_it_cannot_hold(wrong: dict[str, Any]) -> None:
    """A stage refuses what it cannot hold."""
    with pytest.raises(SpecError, match="Stage"):
        Stage(**{"code": "x", "name": "X", **wrong})
