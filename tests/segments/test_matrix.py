"""A matrix crosses axes into cells, tells why, and never guesses what is unknown."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import (
    CONTAINERS,
    as_container,
    assert_row_wise,
    assert_same_bits,
    axes,
    matrices,
    segment_books,
)

SIZE = ka.Axis("size", "staff", bands=(50, 250), codes=("3", "2", "1"), unit="people", lowest=0)
STATUS = ka.Axis("status", "status", bands=("lead", "customer"), codes=("L", "C"))
BY_GROUP = ka.Axis("a", "a", bands=ka.ByGroup({"g": (1,)}), codes=("x", "y"))
PLAIN = ka.Matrix("plain", axes=(STATUS, SIZE))
SHARED = ka.Matrix(
    "shared",
    axes=(STATUS, SIZE),
    cells=(ka.Cell("small", treatment="mail"), ka.Cell("big", "big ones", name_zh="大")),
    grid=("small", "small", "big", "small", "big", "big"),
)


def test_cells_are_made_from_the_axes() -> None:
    """Left out, there is one cell per combination, the last axis running fastest."""
    assert PLAIN.codes == ("L3", "L2", "L1", "C3", "C2", "C1")
    assert PLAIN.grid == PLAIN.codes
    assert PLAIN.cell("C1").name == "customer, 1"
    assert PLAIN.cell("C1").treatment is None
    assert PLAIN.qualified[0] == "PLAIN:L3"


def test_a_matrix_may_have_one_axis() -> None:
    """A single axis is a matrix of its bands."""
    found = ka.Matrix("size", axes=(SIZE,)).assign({"staff": [49, 50, 250]})
    assert found.labels.tolist() == ["3", "2", "1"]


def test_combinations_may_share_a_cell() -> None:
    """The code is the position among the cells; an axis that decides nothing is still asked."""
    book = {"status": ["lead", "lead", "C", None], "staff": [250, 10, 50, 250]}
    found = SHARED.assign(book)
    assert found.code.tolist() == [1, 0, 1, -1]
    assert found.labels.tolist() == ["big", "small", "big", None]
    assert found.treatment.tolist() == [None, "mail", None, None]
    assert found.possible(3) == ("big",)
    assert found.counts() == {"small": 1, "big": 2}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"axes": ()}, "Matrix.axes must be axes, at least one"),
        ({"axes": (1,)}, "Matrix.axes must be axes, at least one"),
        ({"axes": (SIZE, SIZE)}, "Matrix.axes must have unique names"),
        ({"cells": ("L3",)}, "Matrix.cells must be cells"),
        ({"cells": None}, "Matrix.cells must be cells"),
        ({"cells": [ka.Cell("a")] * 2}, "Matrix.cells must have unique codes"),
        ({"cells": [ka.Cell("a")]}, r"Matrix.grid must name one cell for each of the 2 × 3 = 6"),
        ({"grid": ("L3",) * 5}, r"Matrix.grid must name one cell .* \(got 5\)"),
        ({"grid": 5}, "Matrix.grid must name one cell"),
        ({"grid": ("L3",) * 5 + ("L4",)}, "Matrix.grid must be one of 'L3'"),
        ({"group": " "}, "Matrix.group must be a text"),
        ({"prefix": ""}, "Matrix.prefix must be a text"),
        ({"name": ""}, "Matrix.name must be a text"),
        (
            {"axes": (BY_GROUP,)},
            "Matrix.group must name the column of groups",
        ),
        (
            {
                "axes": [
                    ka.Axis(str(i), "a", bands=range(99), codes=map(str, range(100)))
                    for i in range(3)
                ]
            },
            "Matrix.axes must make at most 32767 combinations",
        ),
    ],
)
def test_a_matrix_that_makes_no_sense_is_refused(changes: Any, message: str) -> None:
    """A typed error names the field."""
    with pytest.raises(ka.SpecError, match=message):
        ka.Matrix(**{"name": "m", "axes": (STATUS, SIZE), **changes})


def test_an_unknown_cell_is_refused() -> None:
    """Asked for a cell that is not there, the matrix names the closest."""
    with pytest.raises(ka.SpecError, match="code must be one of 'small', 'big'"):
        SHARED.cell("bog")


# --- What is in the data --------------------------------------------------------------------------


def test_missing_is_unknown_and_said() -> None:
    """NaN, None and blanks give no cell; infinite numbers count as missing; all are counted."""
    book = {
        "status": ["lead", None, " ", "customer", "customer"],
        "staff": [math.nan, 10.0, 10.0, math.inf, -math.inf],
    }
    found = PLAIN.assign(book)
    assert found.labels.tolist() == [None] * 5
    assert found.unknown == 5
    told = {(f.where, f.code): f.count for f in found.findings}
    assert told == {("status", "missing"): 2, ("staff", "missing"): 1, ("staff", "infinite"): 2}
    assert found.findings[-1].examples == ("row 3: inf", "row 4: -inf")


def test_an_unknown_label_is_an_error_that_lists_the_states() -> None:
    """The rows, the states and the closest one are named."""
    book = {"status": ["lead", "custumer", "partner", "custumer"], "staff": [1, 2, 3, 4]}
    with pytest.raises(ka.RowError) as caught:
        PLAIN.assign(book)
    assert caught.value.fact == (
        "column 'status': 3 rows hold none of 'lead', 'customer' "
        "(row 1: 'custumer', row 2: 'partner', row 3: 'custumer')"
    )
    assert caught.value.hint.startswith("did you mean 'customer'? the codes L, C will do as well")
    with pytest.raises(ka.RowError, match="1 row holds none of 'lead', 'customer'"):
        PLAIN.assign({"status": "7", "staff": 1})


@pytest.mark.parametrize(
    ("book", "error", "message"),
    [
        ({"status": ["lead"]}, ka.ColumnNotFoundError, "no column 'staff'"),
        ({"statu": ["lead"], "staff": [1]}, ka.ColumnNotFoundError, "no column 'status'"),
        ({"status": ["lead"], "staff": ["many"]}, ka.RowError, "holds no number"),
        ({"status": ["lead"], "staff": [1, 2]}, ka.ColumnError, "columns differ in length"),
        ([1, 2], ka.ColumnError, "container that names them"),
    ],
)
def test_what_cannot_be_read_is_a_typed_error(book: Any, error: Any, message: str) -> None:
    """A misspelt column, texts for numbers, unequal lengths, no columns at all."""
    with pytest.raises(error, match=message):
        PLAIN.assign(book)


def test_a_group_without_cuts_and_no_pool_is_an_error() -> None:
    """The rows and the groups that have cuts are named, a missing group as well."""
    axis = ka.Axis("a", "a", bands=ka.ByGroup({"retail": (1,)}), codes=("x", "y"))
    matrix = ka.Matrix("m", axes=(axis,), group="industry")
    assert matrix.reads == ("a", "industry")
    assert matrix.assign({"a": [1.0], "industry": ["retail"]}).labels.tolist() == ["y"]
    with pytest.raises(ka.RowError, match="2 rows are of a group without cuts") as caught:
        matrix.assign({"a": [1.0, 1.0, 1.0], "industry": ["retail", "steel", None]})
    assert "there are cuts for ['retail']" in caught.value.hint
    with pytest.raises(ka.RowError, match="1 row is of a group without cuts"):
        matrix.assign({"a": 1.0, "industry": None})


def test_numbers_out_of_range_keep_their_band_and_are_told_of() -> None:
    """Negative staff makes no sense: lowest band, with a finding that shows the row."""
    found = PLAIN.assign({"status": ["L", "L"], "staff": [-5, 10]})
    assert found.labels.tolist() == ["L3", "L3"]
    (finding,) = found.findings
    assert (finding.code, finding.count, finding.where) == ("out_of_range", 1, "staff")
    assert finding.message == "1 value is below 0 and counted in the lowest band"
    assert finding.examples == ("row 0: -5",)


def test_shares_above_one_are_told_of_and_percentages_loudly() -> None:
    """One share above 1 is a warning; a column of them reads as percentages: an error finding."""
    matrix = ka.rad_by_share()
    one = matrix.assign({"share_of_wallet": [0.4, 1.2, 0.1, -0.1]})
    assert one.labels.tolist() == ["D", None, "A", "A"]
    assert one.row(1)["why"]["share_of_wallet"] == "1.2 is above 1, no share: unknown"
    assert [(f.code, f.severity, f.count) for f in one.findings] == [
        ("out_of_range", "warning", 1),
        ("out_of_range", "warning", 1),
    ]
    for shares in ([45.0, 20.0, 0.5, math.nan], 45):
        (finding,) = [
            f for f in matrix.assign({"share_of_wallet": shares}).findings if f.code != "missing"
        ]
        assert (finding.code, finding.severity) == ("percent", "error")
        assert matrix.assign({"share_of_wallet": shares}).labels[0] is None
        assert "a share of 45 % is written 0.45" in finding.message


def test_an_empty_book_has_no_rows() -> None:
    """No accounts: no codes, zero counts, zero totals, no findings."""
    found = PLAIN.assign({"status": [], "staff": []})
    assert len(found) == 0
    assert set(found.counts().values()) == {0}
    assert set(found.totals([]).values()) == {0.0}
    assert found.findings == ()
    assert "0 accounts" in found._repr_html_()


@pytest.mark.parametrize("kind", CONTAINERS)
def test_any_container_gives_the_same(kind: str) -> None:
    """Dicts, DataFrames, tables and structured arrays."""
    book: dict[str, Any] = {"status": ["lead", "客户", None], "staff": [49.0, math.nan, 250.0]}
    matrix = ka.Matrix(
        "m",
        axes=(
            ka.Axis(
                "status",
                "status",
                bands=("lead", "customer"),
                codes=("L", "C"),
                names_zh=("线索", "客户"),
            ),
            SIZE,
        ),
    )
    assert matrix.assign(as_container(book, kind)).labels.tolist() == ["L3", None, None]


# --- The result -----------------------------------------------------------------------------------


def test_a_row_says_why_and_how_far_the_next_band_is() -> None:
    """Value, edges and the distance as printed: a cent, and no noise of binary numbers."""
    found = ka.pcv().assign({"status": ["贵宾", "C"], "output": [299_999_999.99, 1.2e9]})
    row = found.row(0)
    assert row["why"] == {
        "status": "贵宾: V (VIP)",
        "output": "299,999,999.99 CNY is in [30,000,000, 300,000,000): 2; 0.01 CNY short of 1",
    }
    assert (row["pcv"], row["qualified"], row["name_zh"]) == ("V2", "PCV:V2", "贵宾，产值中")
    assert row["treatment"].startswith("a key-account manager plans its projects")
    last = found.row(-1)["why"]["output"]
    assert last == "1,200,000,000 CNY is in [300,000,000, ∞): 1"


def test_a_row_with_something_unknown_lists_what_remains_possible() -> None:
    """A known status leaves three cells, a known size two, nothing known all six."""
    found = PLAIN.assign({"status": ["L", None, None], "staff": [None, 300, None]})
    assert found.row(0)["possible"] == ("L3", "L2", "L1")
    assert found.row(1)["possible"] == ("L1", "C1")
    assert found.row(2)["possible"] == PLAIN.codes
    assert found.row(2)["unknown"] == "status, size"
    with pytest.raises(ka.RowError, match="no row 3 in 3 rows"):
        found.row(3)


def test_columns_go_into_any_dataframe() -> None:
    """The bare code, the code with its matrix, the band on each axis and the treatment."""
    found = SHARED.assign({"status": ["lead", None], "staff": [10, 10]})
    assert {k: v.tolist() for k, v in found.columns().items()} == {
        "shared": ["small", None],
        "shared_qualified": ["SHARED:small", None],
        "shared_name": [None, None],
        "shared_name_zh": [None, None],
        "shared_status": ["L", None],
        "shared_size": ["3", "3"],
        "shared_treatment": ["mail", None],
        "shared_treatment_zh": [None, None],
    }
    named = ka.pcv().assign({"status": "vip", "output": 4e8}).columns()
    assert (named["pcv_name"][0], named["pcv_name_zh"][0]) == ("VIP, high output", "贵宾，产值高")
    assert named["pcv_treatment_zh"][0] == "由大客户经理规划项目；人力与时间优先投入"
    assert repr(found) == "<shared of 2 accounts, 1 unknown>"
    assert "SHARED:small" in found._repr_html_()


def test_totals_are_exact_and_count_empty_cells() -> None:
    """0 for an empty cell, NaN where a cell has accounts and no known money."""
    found = ka.Matrix("size", axes=(SIZE,)).assign({"staff": [1, 2, 50, None]})
    totals = found.totals([0.1, 0.2, math.nan, 7.0])
    assert totals["3"] == 0.3
    assert math.isnan(totals["2"])
    assert totals["1"] == 0.0
    with pytest.raises(ka.ColumnError, match="columns differ in length"):
        found.totals([1.0])


def test_where_leaves_accounts_out() -> None:
    """Rows the matrix is not for have no cell, and their labels may be anything."""
    book = {"status": ["lead", "n/a", "C"], "staff": [10, 10, None]}
    found = PLAIN.assign(book, where=[True, False, True])
    assert found.labels.tolist() == ["L3", None, None]
    assert (found.unknown, [f.count for f in found.findings]) == (1, [1])
    assert found.row(1)["why"] == "the matrix is not for this account"
    assert found.is_for(0)
    assert not found.is_for(1)
    with pytest.raises(ka.ColumnError, match="columns differ in length: 'status' 3, 'where' 1"):
        PLAIN.assign(book, where=[True])
    grouped = ka.Matrix("m", axes=(BY_GROUP,), group="industry")
    with pytest.raises(ka.ColumnError, match="columns differ in length"):
        grouped.assign({"a": [1, 2], "industry": ["g"]}, where=[True, True])


def test_the_code_cannot_be_changed() -> None:
    """Counts and labels rest on it."""
    found = PLAIN.assign({"status": ["L"], "staff": [1]})
    with pytest.raises(ValueError, match="read-only"):
        found.code[0] = 3


# --- Algebra --------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(data=st.data())
def test_a_matrix_judges_each_account_alone(data: st.DataObject) -> None:
    """Permuted, split, alone in a batch or as a dict of scalars, an account has the same cell."""
    matrix = data.draw(matrices(group="industry"))
    assert_row_wise(matrix, data.draw(segment_books(matrix)))


@settings(max_examples=20)
@given(data=st.data())
def test_blocks_do_not_show(data: st.DataObject) -> None:
    """A book longer than a block is the same as its rows repeated."""
    matrix = data.draw(matrices(group="industry"))
    book = data.draw(segment_books(matrix, min_size=1, max_size=4))
    once = matrix.assign(book).code
    times = 30_000 // len(once)
    many = matrix.assign({name: column * times for name, column in book.items()}).code
    assert_same_bits(many, np.tile(once, times), "repeated")


@given(data=st.data())
def test_an_axis_is_monotone(data: st.DataObject) -> None:
    """A larger number is never in a lower band; of a share that is none it is in no band."""
    axis = data.draw(axes(numeric=True, group=True))
    matrix = ka.Matrix("m", axes=(axis,), group="industry")
    group = data.draw(st.sampled_from(["finance", "retail", None]))
    values = sorted(data.draw(st.lists(st.floats(-10, 10), max_size=9)))
    code = matrix.assign({axis.column: values, "industry": [group] * len(values)}).code
    known = np.array(values) <= axis.ceiling
    assert ((code >= 0) == known).all()
    assert (np.diff(code[known]) >= 0).all()


@given(data=st.data())
def test_what_is_unknown_changes_nothing_else(data: st.DataObject) -> None:
    """Deleting a value takes the cell away, leaves the other bands, and keeps the cell possible."""
    matrix = data.draw(matrices())
    book = data.draw(segment_books(matrix, min_size=1, max_size=1))
    gone = data.draw(st.sampled_from(matrix.axes))
    before = matrix.assign(book)
    after = matrix.assign({**book, gone.column: [None]})
    assert after.code[0] == -1
    for axis in matrix.axes:
        expected = -1 if axis is gone else before.bands[axis.name][0]
        assert after.bands[axis.name][0] == expected
    assert set(before.possible(0)) <= set(after.possible(0))


@given(data=st.data())
def test_a_known_account_has_one_possible_cell(data: st.DataObject) -> None:
    """With every band known, the cell is the one of the grid."""
    matrix = data.draw(matrices())
    found = matrix.assign(data.draw(segment_books(matrix, min_size=1)))
    for i in range(len(found)):
        if found.code[i] >= 0:
            assert found.possible(i) == (found.labels[i],)


@given(data=st.data())
def test_counts_and_totals_do_not_depend_on_the_order(data: st.DataObject) -> None:
    """Turned round, a book has the same counts and, to the bit, the same totals."""
    matrix = data.draw(matrices())
    book = data.draw(segment_books(matrix))
    found = matrix.assign(book)
    money = data.draw(st.lists(st.floats(-1e9, 1e9), min_size=len(found), max_size=len(found)))
    turned = matrix.assign({name: column[::-1] for name, column in book.items()})
    assert turned.counts() == found.counts()
    assert sum(found.counts().values()) + found.unknown == len(found)
    totals = np.array([*found.totals(money).values()])
    assert_same_bits(np.array([*turned.totals(money[::-1]).values()]), totals, "turned")


def test_the_grid_is_read_with_the_last_axis_fastest() -> None:
    """The code at the crossing of two bands is the one the grid names."""
    for (a, b), code in zip(product(range(2), range(3)), SHARED.grid, strict=True):
        assert SHARED.code_at((a, b)) == code


@pytest.mark.parametrize(
    "bands", [(0,), (0, 0, 0), (0, 3), (-1, 0), (0, -3), (0, 1.5), ("L", 0), 5, None, "00"]
)
def test_bands_that_are_not_there_are_refused(bands: Any) -> None:
    """One band per axis, counted from 0: anything else is a typed error, never another cell."""
    with pytest.raises(ka.SpecError, match=r"Matrix.code_at\(bands\) must be one band per axis"):
        SHARED.code_at(bands)


BY_DICT: Any = {"fin": (1, 2)}
NO_CUTS: Any = 5


def test_reasons_are_columns_too() -> None:
    """Each account's reason on each axis; nothing for whom the matrix is not for."""
    book = {"status": ["vip", "common", None], "output": [3e8, None, 1.0]}
    found = ka.pcv().assign(book, where=[True, True, False])
    why = found.reasons()
    assert list(why) == ["pcv_status_why", "pcv_output_why"]
    for i in (0, 1):
        record = found.row(i)["why"]
        assert [column[i] for column in why.values()] == [record["status"], record["output"]]
    assert [column[2] for column in why.values()] == [None, None]
    assert found.asked == 2


@pytest.mark.parametrize(
    ("call", "message", "hint"),
    [
        (lambda: ka.pcv(thresholds=(1e7,)), r"pcv\(thresholds\) must be two rising", "low to high"),
        (lambda: ka.pcv(thresholds=BY_DICT), r"pcv\(thresholds\) must be two", "ByGroup"),
        (lambda: ka.rad(share_cuts=(0.5,)), r"rad\(share_cuts\) must be two", "low to high"),
        (lambda: ka.rad_by_share(share_cuts=(0.5, 0.2)), r"rad_by_share\(share_cuts\)", "low"),
        (lambda: ka.loyalty(repurchase_cuts=NO_CUTS), r"loyalty\(repurchase_cuts\)", "low to high"),
        (
            lambda: ka.relationship_levels(margin_cuts=(0.1,)),
            r"relationship_levels\(margin_cuts\) must be two",
            "low to high",
        ),
        (
            lambda: ka.ndf(thresholds=ka.ByGroup({"fin": (1,)}), group="industry"),
            r"ndf\(thresholds\) must be two",
            "low to high",
        ),
        (lambda: ka.Axis("a", "a", bands={"fin": (1, 2)}, codes="abc"), "ByGroup", "ByGroup"),
    ],
)
def test_cuts_of_the_wrong_shape_are_told_by_the_argument(
    call: Any, message: str, hint: str
) -> None:
    """The argument is named, not what was to be made of it."""
    with pytest.raises(ka.SpecError, match=message) as caught:
        call()
    assert hint in caught.value.hint


def test_one_of_a_thing_is_named_as_one() -> None:
    """The grammar of counts, from reprs to findings."""
    one = {"status": ["vip"], "output": [4e8], "budget": [6e5], "share_of_wallet": [0.3]}
    placed = ka.cascade(one)
    assert repr(placed.pcv) == "<pcv of 1 account, 0 unknown>"
    assert repr(placed) == "<pcv, ndf, rad of 1 customer>"
    rfm = ka.Rfm(cuts=ka.FixedCut(recency=ka.ByGroup({}, pool=9), frequency=1, monetary=1),
                 group="kind")  # fmt: skip
    row = {"days_since": [1], "count": [1], "total": [None], "kind": [None]}
    found = rfm.assign(row)
    assert repr(found) == "<rfm of 1 account, 1 unknown>"
    assert [f.message for f in found.findings] == [
        "1 account is judged by the pool of all groups on recency",
        "1 value is missing on monetary",
    ]
    moved = ka.migration(["a"], ["a"], ids_before=[1], ids_after=[1],
                         money_before=[None], money_after=[1.0])  # fmt: skip
    assert [f.message for f in moved.findings] == ["1 account has no known money and adds nothing"]
    assert "1 customer reaches" in ka.Concentration.of([3, 1]).dependence(0.5)._repr_html_()
