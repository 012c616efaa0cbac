"""Results and specs show themselves: short, escaped, without colours of their own."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from typing import Any

import attrs
import numpy as np
import pytest

import keyaccount as ka
from keyaccount._view import Spec, View, Viewed
from keyaccount.playbook.kinds import KINDS, spec_class
from keyaccount.stats.survival import kaplan_meier

NASTY = "<script>alert('x')</script>[bold]&"


class Balanced(HTMLParser):
    """Sees to it that every tag that is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002 - its signature
        """Note a tag that opens."""
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Match a tag that closes."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        self.texts.append(data)


def read(html: str) -> list[str]:
    """Give the texts of a piece of HTML."""
    parser = Balanced()
    parser.feed(html)
    assert not parser.open
    return parser.texts


def test_a_result_shows_ten_rows_and_says_how_many_are_left() -> None:
    """A result shows ten rows and says how many are left."""
    scores = ka.select(np.linspace(0, 1, 1234), ka.TopCount(2))
    html = scores._repr_html_()
    assert html.count("<tr>") == 11
    assert "and 1,224 more rows" in read(html)


def test_columns_beyond_the_twelfth_are_counted() -> None:
    """Columns beyond the twelfth are counted."""
    columns = {f"c{i}": [1.5] for i in range(15)}
    html = View("wide", columns, 1).html()
    assert html.count("<th ") == 12
    assert "and 3 more columns" in read(html)


def test_names_are_text_and_never_markup() -> None:
    """Names are text and never markup."""
    view = View(NASTY, {NASTY: [NASTY]}, 1)
    assert "<script>" not in view.html()
    assert read(view.html()).count(NASTY) == 3
    spec = ka.Criterion(NASTY, column=NASTY, value=ka.Linear(0, 1))
    assert "<script>" not in spec._repr_html_()
    assert NASTY in read(spec._repr_html_())


def test_what_is_missing_is_a_dash_and_numbers_stand_to_the_right() -> None:
    """What is missing is a dash and numbers stand to the right."""
    cells = [np.nan, 0.123456, None, np.datetime64("NaT", "D"), 7, True, "text"]
    view = View("cells", {"c": np.array(cells, dtype=object)}, len(cells))
    html = view.html()
    assert read(html)[2:] == ["–", "0.1235", "–", "–", "7", "True", "text"]
    assert html.count("text-align:right") == 3  # with the head


def test_a_view_has_no_colour_of_its_own() -> None:
    """A view has no colour of its own."""
    for html in (View("t", {"a": [1]}, 1).html(), ka.pcv()._repr_html_()):
        assert not re.search(r"(?<![-\w])(color|background)\s*:", html)


def test_a_terminal_shows_the_same_cells() -> None:
    """Rich makes a table of its own, in which brackets are text."""
    console_of: Any = pytest.importorskip("rich.console")
    console = console_of.Console(width=200, file=io.StringIO())
    console.print(ka.select([0.9, 0.5, 0.5], ka.TopCount(1), ids=["A", NASTY, "C"]))
    text = console.file.getvalue()
    assert NASTY in text
    assert "below_cut" in text


def test_money_is_written_in_full_and_shares_in_four_digits() -> None:
    """Nobody reads 1.235e+04."""
    cells = [12_345.67, 123_456.0, 1_234_567, 0.123456, -0.0, np.float32(0.5), 1e18]
    html = View("cells", {"c": cells}, len(cells)).html()
    assert read(html)[2:] == ["12,345.67", "123,456", "1,234,567", "0.1235", "0", "0.5", "1e+18"]
    assert html.count("text-align:right") == len(cells) + 1  # with the head


@pytest.mark.parametrize(
    ("column", "written"),
    [
        ([0.276, 0.4544, -0.5], ["0.2760", "0.4544", "-0.5000"]),
        ([0.25, 0.5, np.nan], ["0.25", "0.50", "–"]),
        ([1.0, 0.0, 12.0], ["1", "0", "12"]),
        ([5014.61, 944.5, 12.0], ["5,014.61", "944.50", "12.00"]),
        ([5014.0, 944.0, -0.0], ["5,014", "944", "0"]),
        ([0.123456, 1e-9, 0.0], ["0.1235", "1e-09", "0.0000"]),
        ([1e300, 1e-300, np.inf], ["1e+300", "1e-300", "inf"]),
        ([], []),
    ],
)
def test_numbers_of_a_column_have_as_many_decimals(column: list[float], written: list[str]) -> None:
    """Points stand below each other; what would become 0 does not."""
    html = View("cells", {"c": np.array(column)}, len(column)).html()
    assert read(html)[2:] == written


def test_a_matrix_of_a_spec_is_a_table() -> None:
    """Five by five numbers in a line are read by nobody."""
    chain = ka.StageChain.of_counts(("a", "b"), ((3, 1), (0, 4)), smoothing=0)
    assert "<td" in chain._repr_html_()
    texts = read(chain._repr_html_())
    at = texts.index("matrix")
    assert texts[at + 1 : at + 5] == ["0.75", "0.25", "0", "1"]


def test_the_repr_of_a_result_is_short_however_many_rows_it_has() -> None:
    """A session that echoes it, or a log, is not flooded."""
    curve = kaplan_meier(np.arange(5_000.0), np.ones(5_000), groups=[f"g{i}" for i in range(5_000)])
    assert len(repr(curve)) < 600
    assert "labels=<5,000 items>" in repr(curve)
    assert "at_risk=<5,000 int64>" in repr(curve)


def test_the_repr_of_a_small_result_has_all_of_it() -> None:
    """As attrs would write it."""
    curve = kaplan_meier([3, 5], [1, 1])
    assert "survival=array([0.5, 0. ])" in repr(curve)
    assert "entries=None" in repr(curve)


@attrs.frozen
class _Result(Viewed):
    few: tuple[Any, ...]
    named: dict[str, Any]
    hidden: int = attrs.field(default=1, repr=False)
    told: str = attrs.field(default="x", repr=lambda _: "as told")


@attrs.frozen
class _Own(Viewed):
    def __repr__(self) -> str:
        return "<mine>"


def test_a_repr_follows_what_the_class_says_of_its_fields() -> None:
    """Hidden ones are hidden, and a repr of one's own stays."""
    found = _Result((1, _Own()), {"a": np.zeros((40, 2)), "b": (1.0,)})
    assert repr(found) == (
        "_Result(few=(1, <mine>), named={'a': <40 × 2 float64>, 'b': (1.0,)}, told=as told)"
    )


def test_constants_of_a_spec_are_written_to_the_last_digit() -> None:
    """A cut that is copied from a page decides as the one it was copied from."""
    assert "0.1234567890123" in read(ka.AtLeast(0.1234567890123)._repr_html_())


def test_a_view_without_columns_counts_its_rows() -> None:
    """Nothing is shown, and all of it is said to be left out."""
    assert "and 20 more rows" in read(View("none", {}, 20).html())


@pytest.mark.parametrize("kind", KINDS)
def test_every_spec_shows_its_fields(kind: str) -> None:
    """Every spec shows its fields."""
    assert callable(getattr(spec_class(kind), "_repr_html_", None))


def test_a_spec_shows_what_is_in_it_and_not_what_is_left_out() -> None:
    """A spec shows what is in it and not what is left out."""
    texts = read(ka.experience_inference()._repr_html_())
    assert "ExperienceInference" in texts
    assert "industry_gene" in texts
    assert "3 Question" in texts
    fields = read(ka.Linear(1, 5)._repr_html_())
    assert fields == ["Linear", "low", "1", "high", "5"]


def test_specs_of_several_kinds_stand_in_one_table() -> None:
    """Each row says its kind, and a field that a kind has not is a dash."""
    texts = read((ka.TopShare(0.2) & ka.Capacity(owners=2, accounts_per_owner=5))._repr_html_())
    assert texts[texts.index("TopShare") :][:3] == ["TopShare", "0.2", "nearest"]
    assert texts[texts.index("Capacity") :][:3] == ["Capacity", "–", "–"]


def test_constants_by_group_are_named_in_a_table() -> None:
    """A cell names the groups."""
    value = ka.ByGroup({"a": ka.Linear(0, 1), "b": ka.Linear(0, 2)}, pool=ka.Linear(0, 3))
    scorer = ka.CompositeScorer(
        criteria=(ka.Criterion("c", column="c", value=value),), weights={"c": 1.0}, group="g"
    )
    assert "ByGroup(a, b)" in read(scorer._repr_html_())


def test_long_lists_and_long_texts_are_cut_short() -> None:
    """Long lists and long texts are cut short."""
    many = ka.ByGroup({f"g{i}": ka.Linear(0, 1) for i in range(40)}, pool=ka.Linear(0, 2))
    texts = read(many._repr_html_())
    assert "and 30 more" in texts
    override = ka.Override("A", include=True, reason="r" * 500, approved_by="b")
    assert max(map(len, read(override._repr_html_()))) == 120


@attrs.frozen
class _Nothing(Spec):
    pass


def test_a_spec_without_fields_is_a_title() -> None:
    """A spec without fields is a title."""
    assert read(_Nothing()._repr_html_()) == ["_Nothing"]
