"""PCV for everybody, NDF for the common customers, RAD for the VIPs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import assert_row_wise, segment_books

BOOK: dict[str, Any] = {
    #          P3        C2       V1       C, no NDF  V of unknown output  nobody knows
    "status": ["potential", "common", "vip", "common", "vip", None],
    "output": [1e6, 5e7, 4e8, 5e7, None, 4e8],
    "deal_status": ["?", "deal", "?", None, "?", "?"],
    "profit": [9e9, 3e6, 9e9, 1e7, 9e9, 9e9],
    "budget": [9e9, 9e9, 6e5, 9e9, 1e5, 9e9],
    "share_of_wallet": [-9, -9, 0.3, -9, 0.5, 45],
}


def test_the_most_specific_code_leads() -> None:
    """A common customer shows its NDF code, a VIP its RAD code, the others PCV."""
    found = ka.cascade(BOOK)
    assert found.pcv.labels.tolist() == ["P3", "C2", "V1", "C2", None, None]
    assert found.ndf.labels.tolist() == [None, "D2", None, None, None, None]
    assert found.rad.labels.tolist() == [None, None, "R2", None, "A1", None]
    assert found.qualified.tolist() == ["PCV:P3", "NDF:D2", "RAD:R2", "PCV:C2", "RAD:A1", None]
    assert found.treatment[1] == ka.ndf().cell("D2").treatment
    assert found.treatment[5] is None
    assert found.treatment_zh[1] == ka.ndf().cell("D2").treatment_zh


def test_a_matrix_is_asked_for_its_own_customers_only() -> None:
    """What other customers hold in its columns is not read: no error, no finding, no count."""
    found = ka.cascade(BOOK)
    assert [(f.code, f.where, f.count) for f in found.findings] == [
        ("missing", "status", 1),
        ("missing", "output", 1),
        ("missing", "deal_status", 1),
        ("no_ndf", "ndf", 1),
    ]
    assert found.findings[-1].message == "1 common (C) customer has no NDF code"
    counts = found.counts()
    assert {name: sum(n.values()) for name, n in counts.items()} == {"pcv": 4, "ndf": 1, "rad": 2}
    assert counts["ndf"]["N1"] == 0


def test_a_row_tells_each_matrix_that_was_asked() -> None:
    """PCV for everybody, NDF beside it for a common customer whose data is missing."""
    found = ka.cascade(BOOK)
    assert list(found.row(2)) == ["segment", "treatment", "pcv", "rad"]
    assert found.row(3)["ndf"]["possible"] == ("N1", "D1", "F1")
    assert list(found.row(5)) == ["segment", "pcv"]
    with pytest.raises(ka.RowError, match="no row 6"):
        found.row(6)


def test_columns_and_views() -> None:
    """Bare codes by matrix, the code that leads, and what to do."""
    found = ka.cascade(BOOK)
    assert list(found.columns()) == [
        *("pcv", "ndf", "rad"),
        *("segment", "treatment", "treatment_zh"),
    ]
    assert repr(found) == "<pcv, ndf, rad of 6 customers>"
    assert "NDF:D2" in found._repr_html_()


def test_other_matrices_take_part() -> None:
    """RAD by share keeps a name of its own; NDF reads the column it is told to."""
    book = {**BOOK, "deal": BOOK["deal_status"]}
    found = ka.cascade(book, ndf=ka.ndf(status="deal"), rad=ka.rad_by_share())
    assert found.qualified.tolist()[1:3] == ["NDF:D2", "RADS:D"]


def test_one_status_column_cannot_serve_two_matrices() -> None:
    """`ndf()` as it is reads PCV's status: refused, with the way out."""
    with pytest.raises(ka.SpecError, match=r"Cascade.ndf must read its 'status' from a column of"):
        ka.Cascade(ndf=ka.ndf())
    with pytest.raises(ka.SpecError) as caught:
        ka.cascade(BOOK, ndf=ka.ndf())
    assert caught.value.hint == 'say for instance ndf(status="deal_status").'


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pcv": 5}, "Cascade.pcv must be a Matrix"),
        ({"rad": None}, "Cascade.rad must be a Matrix"),
        ({"pcv": ka.rad()}, "Cascade.pcv must have an axis of states with the codes 'C' and 'V'"),
        ({"ndf": ka.rad()}, "Cascade must have matrices of different names"),
    ],
)
def test_matrices_that_do_not_go_together_are_refused(changes: Any, message: str) -> None:
    """A typed error says what does not fit."""
    with pytest.raises(ka.SpecError, match=message):
        ka.Cascade(**changes)


def test_a_missing_column_of_pcv_is_named() -> None:
    """PCV is for everybody: its columns must be there."""
    book = {name: column for name, column in BOOK.items() if name != "output"}
    with pytest.raises(ka.ColumnNotFoundError, match="no column 'output'"):
        ka.cascade(book)


def test_a_book_of_vips_needs_no_column_of_the_common_ones() -> None:
    """Nobody is asked for a deal status or a profit: no error and no finding."""
    vips: dict[str, list[Any]] = {
        "status": ["vip"],
        "output": [4e8],
        "budget": [6e5],
        "share_of_wallet": [0.3],
    }
    found = ka.cascade(vips)
    assert found.qualified.tolist() == ["RAD:R2"]
    assert found.findings == ()
    one = {name: column[0] for name, column in vips.items()}
    assert ka.cascade(one).qualified.tolist() == ["RAD:R2"]


def test_a_column_that_is_not_there_is_unknown_to_those_it_is_asked_of() -> None:
    """The others are judged as ever: no row hangs on another one."""
    book = {name: column for name, column in BOOK.items() if name != "profit"}
    book["profits"] = BOOK["profit"]
    found = ka.cascade(book)
    assert found.qualified.tolist() == ["PCV:P3", "PCV:C2", "RAD:R2", "PCV:C2", "RAD:A1", None]
    told = next(f for f in found.findings if f.code == "no_column")
    assert told.message == "no column 'profit': unknown for 2 customers"
    assert (told.where, told.count, told.examples) == ("profit", 2, ("profits",))
    alone = {name: column[2:3] for name, column in book.items()}
    assert ka.cascade(alone).qualified.tolist() == ["RAD:R2"]
    assert ka.cascade(alone).findings == ()


def test_an_unknown_deal_status_of_a_common_customer_is_an_error() -> None:
    """The row is counted in the whole book."""
    book = {**BOOK, "deal_status": ["?", "?", "?", "?", "?", "?"]}
    with pytest.raises(ka.RowError, match=r"2 rows hold none of .*row 1: '\?', row 3: '\?'"):
        ka.cascade(book)


@settings(max_examples=40)
@given(data=st.data())
def test_the_cascade_judges_each_customer_alone(data: st.DataObject) -> None:
    """Permuted, split, alone or as a dict of scalars, a customer has the same codes."""
    spec = ka.Cascade()
    n = data.draw(st.integers(0, 6))
    book: dict[str, Any] = {}
    for matrix in (spec.pcv, spec.ndf, spec.rad):
        book |= data.draw(segment_books(matrix, min_size=n, max_size=n))
    assert_row_wise(spec, book)


@given(data=st.data())
def test_a_code_of_ndf_or_rad_belongs_to_its_customers(data: st.DataObject) -> None:
    """Nobody has both; a PCV letter, where known, agrees."""
    spec = ka.Cascade()
    book: dict[str, Any] = {}
    for matrix in (spec.pcv, spec.ndf, spec.rad):
        book |= data.draw(segment_books(matrix, min_size=5, max_size=5))
    found = spec.assign(book)
    for pcv, ndf, rad in zip(found.pcv.labels, found.ndf.labels, found.rad.labels, strict=True):
        assert ndf is None or rad is None
        assert ndf is None or pcv is None or pcv[0] == "C"
        assert rad is None or pcv is None or pcv[0] == "V"
