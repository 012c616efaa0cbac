"""PCV, NDF and RAD at every edge of the published bands: a cent below, exact, a cent above."""

from __future__ import annotations

from typing import Any

import pytest

import keyaccount as ka

PCV = [
    # status, output value, code
    ("vip", 300_000_000.01, "V1"),
    ("vip", 300_000_000.00, "V1"),
    ("vip", 299_999_999.99, "V2"),
    ("vip", 30_000_000.01, "V2"),
    ("vip", 30_000_000.00, "V2"),
    ("vip", 29_999_999.99, "V3"),
    ("vip", 0.0, "V3"),
    ("common", 300_000_000.00, "C1"),
    ("common", 299_999_999.99, "C2"),
    ("common", 30_000_000.00, "C2"),
    ("common", 29_999_999.99, "C3"),
    ("potential", 300_000_000.00, "P1"),
    ("potential", 299_999_999.99, "P2"),
    ("potential", 30_000_000.00, "P2"),
    ("potential", 29_999_999.99, "P3"),
]
NDF = [
    # status, profit, code
    ("no_deal", 10_000_000.01, "N1"),
    ("no_deal", 10_000_000.00, "N1"),
    ("no_deal", 9_999_999.99, "N2"),
    ("no_deal", 2_000_000.01, "N2"),
    ("no_deal", 2_000_000.00, "N2"),
    ("no_deal", 1_999_999.99, "N3"),
    ("no_deal", -5.0, "N3"),
    ("deal", 10_000_000.00, "D1"),
    ("deal", 9_999_999.99, "D2"),
    ("deal", 2_000_000.00, "D2"),
    ("deal", 1_999_999.99, "D3"),
    ("finished", 10_000_000.00, "F1"),
    ("finished", 9_999_999.99, "F2"),
    ("finished", 2_000_000.00, "F2"),
    ("finished", 1_999_999.99, "F3"),
]
RAD = [
    # budget, share of wallet, code
    (500_000.01, 0.5, "R1"),
    (500_000.00, 0.5, "R1"),
    (499_999.99, 0.5, "A1"),
    (100_000.01, 0.5, "A1"),
    (100_000.00, 0.5, "A1"),
    (99_999.99, 0.5, "D1"),
    (0.0, 1.0, "D1"),
    # the hole between the printed 49 % and 50 % belongs to band 2
    (500_000.00, 0.4999999, "R2"),
    (500_000.00, 0.495, "R2"),
    (500_000.00, 0.4949999, "R2"),
    (500_000.00, 0.49, "R2"),
    (500_000.00, 0.25, "R2"),
    (500_000.00, 0.2499999, "R3"),
    (500_000.00, 0.0, "R3"),
    (100_000.00, 0.495, "A2"),
    (100_000.00, 0.2499999, "A3"),
    (99_999.99, 0.495, "D2"),
    (99_999.99, 0.2499999, "D3"),
]
RAD_BY_SHARE = [
    (1.0, "R"),
    (0.5, "R"),
    (0.4999999, "D"),
    (0.495, "D"),
    (0.25, "D"),
    (0.2499999, "A"),
    (0.0, "A"),
]


def spread(rows: list[Any], *names: str) -> tuple[dict[str, Any], list[str]]:
    """Turn a table into columns and the codes expected."""
    *columns, codes = zip(*rows, strict=True)
    return dict(zip(names, columns, strict=True)), list(codes)


def test_pcv_bands() -> None:
    """Output value: 1 from 3 × 10⁸, 2 from 3 × 10⁷, 3 below, for every status."""
    book, codes = spread(PCV, "status", "output")
    assert ka.pcv().assign(book).labels.tolist() == codes


def test_ndf_bands() -> None:
    """Profit: 1 from 10⁷, 2 from 2 × 10⁶, 3 below, for every status; a loss is band 3."""
    book, codes = spread(NDF, "status", "profit")
    assert ka.ndf().assign(book).labels.tolist() == codes


def test_rad_bands() -> None:
    """Budget: R from 5 × 10⁵, A from 10⁵, D below; share: 1 from 50 %, 2 from 25 %, 3 below."""
    book, codes = spread(RAD, "budget", "share_of_wallet")
    assert ka.rad().assign(book).labels.tolist() == codes


def test_rad_by_share_bands() -> None:
    """The other reading of RAD: R from 50 %, D from 25 %, A below."""
    book, codes = spread(RAD_BY_SHARE, "share_of_wallet")
    assert ka.rad_by_share().assign(book).labels.tolist() == codes


@pytest.mark.parametrize(
    ("matrix", "cells"),
    [
        (ka.pcv(), "P3 P2 P1 C3 C2 C1 V3 V2 V1"),
        (ka.ndf(), "N3 N2 N1 D3 D2 D1 F3 F2 F1"),
        (ka.rad(), "D3 D2 D1 A3 A2 A1 R3 R2 R1"),
        (ka.rad_by_share(), "A D R"),
    ],
)
def test_the_cells_rise_with_the_bands(matrix: ka.Matrix, cells: str) -> None:
    """The order of the cells is that of the bands, the digit 1 the highest."""
    assert matrix.codes == tuple(cells.split())


def test_d_means_two_things_and_the_codes_say_which() -> None:
    """`D2` of NDF, of RAD and `D` of RAD by share are told apart by their matrix."""
    ndf = ka.ndf().assign({"status": "deal", "profit": 2e6})
    rad = ka.rad().assign({"budget": 0.0, "share_of_wallet": 0.25})
    by_share = ka.rad_by_share().assign({"share_of_wallet": 0.25})
    assert (ndf.labels[0], rad.labels[0]) == ("D2", "D2")
    assert [a.qualified[0] for a in (ndf, rad, by_share)] == ["NDF:D2", "RAD:D2", "RADS:D"]


@pytest.mark.parametrize("matrix", [ka.pcv(), ka.ndf(), ka.rad(), ka.rad_by_share()])
def test_every_part_has_two_languages_and_every_cell_a_treatment(matrix: ka.Matrix) -> None:
    """English and Chinese labels of matrix, axes, bands and cells; treatments in both."""
    assert matrix.name_zh
    assert all(axis.name_zh and len(axis.names_zh) == axis.size for axis in matrix.axes)
    assert all(c.name and c.name_zh and c.treatment and c.treatment_zh for c in matrix.cells)


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        (ka.pcv(), ["潜在", "价值", "贵宾"]),
        (ka.pcv(), ["P", "c", " V "]),
        (ka.pcv(), ["Potential", "COMMON", "VIP"]),
        (ka.ndf(), ["未成交", "成交及转期", "已完成"]),
        (ka.ndf(), ["no deal", "rescheduled", "delivered"]),
        (ka.ndf(), ["N", "转期", "已交付"]),
    ],
)
def test_a_status_is_read_by_code_or_word_in_either_language(
    matrix: ka.Matrix, words: list[str]
) -> None:
    """Codes, English and Chinese words and aliases, whatever the case, mean the three states."""
    status = matrix.axes[0]
    found = matrix.assign({status.column: words, matrix.axes[1].column: [0.0] * 3})
    assert found.bands["status"].tolist() == [0, 1, 2]


def test_thresholds_are_the_callers_in_any_currency() -> None:
    """Thresholds in another currency are held against numbers in it."""
    matrix = ka.pcv(thresholds=(4e6, 4e7), unit="USD")
    found = matrix.assign({"status": ["V", "V"], "output": [4e7, 39_999_999.99]})
    assert found.labels.tolist() == ["V1", "V2"]
    assert "USD" in found.row(1)["why"]["output"]


@pytest.mark.parametrize("preset", [ka.pcv, ka.ndf, ka.rad])
def test_another_currency_needs_thresholds_in_it(preset: Any) -> None:
    """The printed thresholds are CNY: dollars are never held against them."""
    with pytest.raises(ka.SpecError, match=r"must be 'CNY' .* \(got 'USD'\)") as caught:
        preset(unit="USD")
    assert "give thresholds= in USD" in caught.value.hint


@pytest.mark.parametrize("preset", [ka.pcv, ka.ndf, ka.rad])
@pytest.mark.parametrize("thresholds", [(3e7,), (3e8, 3e7), (1.0, 2.0, 3.0), ("a", "b"), 5.0])
def test_thresholds_are_two_rising_numbers(preset: Any, thresholds: Any) -> None:
    """One, three, falling or no numbers are refused with a typed error."""
    with pytest.raises(ka.SpecError):
        preset(thresholds=thresholds)


def test_thresholds_differ_by_industry() -> None:
    """Each industry has its own thresholds; others, and accounts of none, have the pool's."""
    matrix = ka.pcv(
        thresholds=ka.ByGroup({"retail": (1e6, 1e7)}, pool=(3e7, 3e8)), group="industry"
    )
    book = {
        "status": ["V"] * 5,
        "output": [1e7, 9_999_999.99, 1e7, 3e8, 1e7],
        "industry": ["retail", "retail", "steel", "steel", None],
    }
    found = matrix.assign(book)
    assert found.labels.tolist() == ["V1", "V2", "V3", "V1", "V3"]
    assert [f.code for f in found.findings] == ["pooled"]
    assert found.findings[0].count == 3
    assert "by the cuts of 'retail'" in found.row(0)["why"]["output"]
    assert "by the cuts of the pool" in found.row(4)["why"]["output"]
