"""A waterfall puts every deal into one bucket and balances to the cent, whatever the books."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.funnel.movement.buckets import BUCKETS, CODES, OVERLAPPING
from keyaccount.testing import deal_tables

STAGES = ("understand", "confirm", "negotiate")
Table = dict[str, list[Any]]


def table(*rows: tuple[Any, ...]) -> Table:
    """Write a table of deals: id, outcome, amount, stage, expected."""
    names = ("deal", "outcome", "amount", "stage", "expected")
    return {name: [row[k] for row in rows] for k, name in enumerate(names)}


BEFORE = table(
    ("advanced", "open", 10.0, "understand", "2026-09-30"),
    ("back", "open", 20.0, "negotiate", "2026-09-30"),
    ("down", "open", 30.25, "confirm", "2026-09-30"),
    ("early", "open", 40.0, "confirm", "2026-09-30"),
    ("gone", "open", 50.0, "confirm", "2026-09-30"),
    ("long lost", "lost", 60.0, "confirm", "2026-01-31"),
    ("lost", "open", 70.0, "confirm", "2026-09-30"),
    ("once lost", "lost", 80.0, "confirm", "2026-01-31"),
    ("same", "open", 90.0, "confirm", "2026-09-30"),
    ("slipped", "open", 100.0, "confirm", "2026-09-30"),
    ("up", "open", 110.5, "confirm", "2026-09-30"),
    ("won", "open", 120.0, "negotiate", "2026-09-30"),
)
AFTER = table(
    ("won", "won", 125.0, "negotiate", "2026-08-31"),
    ("up", "open", 111.0, "negotiate", "2026-12-31"),
    ("slipped", "open", 100.0, "negotiate", "2026-12-31"),
    ("same", "open", 90.0, "confirm", "2026-09-30"),
    ("once lost", "open", 85.0, "confirm", "2026-12-31"),
    ("new", "open", 15.0, "understand", "2026-12-31"),
    ("lost", "lost", 70.0, "confirm", "2026-08-31"),
    ("long lost", "lost", 60.0, "confirm", "2026-01-31"),
    ("in and out", "won", 17.0, "negotiate", "2026-08-31"),
    ("early", "open", 40.0, "confirm", "2026-08-31"),
    ("down", "open", 30.0, "confirm", "2026-09-30"),
    ("back", "open", 20.0, "confirm", "2026-09-30"),
    ("advanced", "open", 10.0, "confirm", "2026-09-30"),
)
BUCKET_OF = {
    "advanced": "advanced",
    "back": "regressed",
    "down": "amount_down",
    "early": "pulled_forward",
    "gone": "removed",
    "in and out": "won",
    "long lost": "outside",
    "lost": "lost",
    "new": "new",
    "once lost": "reopened",
    "same": "unchanged",
    "slipped": "slipped",
    "up": "amount_up",
    "won": "won",
}


def test_one_deal_in_each_bucket() -> None:
    """Every kind of movement, its change of the pipeline, and the amount that stands in it."""
    moved = ka.waterfall(BEFORE, AFTER, stages=STAGES)
    assert dict(zip(moved.deal.tolist(), moved.bucket.tolist(), strict=True)) == BUCKET_OF
    change = dict(zip(moved.deal.tolist(), moved.change.tolist(), strict=True))
    assert {d: c for d, c in change.items() if c} == {
        "down": -0.25,
        "gone": -50.0,
        "lost": -70.0,
        "new": 15.0,
        "once lost": 85.0,
        "up": 0.5,
        "won": -120.0,
    }
    assert (moved.start, moved.end) == (640.75, 501.0)
    assert (moved.open_before, moved.open_after) == (10, 9)
    assert moved.buckets["won"]["value"] == 142.0
    assert moved.buckets["won"]["deals"] == 2
    assert moved.buckets["slipped"]["value"] == 100.0
    assert moved.buckets["slipped"]["change"] == 0.0
    assert [(f.code, f.count, f.where) for f in moved.findings] == [("removed", 1, "after")]


def test_what_else_happened_is_told() -> None:
    """A deal that grew, slipped and advanced is in one bucket; the other two are told."""
    moved = ka.waterfall(BEFORE, AFTER, stages=STAGES)
    up = moved.deal.tolist().index("up")
    assert dict(moved.row(up)) == {
        "deal": "up",
        "bucket": "amount_up",
        "also": "slipped, advanced",
        "before": 110.5,
        "after": 111.0,
        "change": 0.5,
        "value": 111.0,
        "why": "the amount has grown",
    }
    assert "also" not in moved.row(moved.deal.tolist().index("won"))
    assert "unknown" not in str(moved.row(moved.deal.tolist().index("won")))
    assert moved.buckets["slipped"]["deals"] == 1
    assert moved.buckets["slipped"]["shown"] == 2
    assert moved.deals_in("advanced") == ("advanced",)
    with pytest.raises(ka.SpecError, match="did you mean 'advanced'"):
        moved.deals_in("advance")
    with pytest.raises(ka.SpecError, match="did you mean 'won'"):
        moved.buckets["wonn"]


def test_another_priority() -> None:
    """Where slips come first, they take their money with them, and the sum is the same."""
    slips_first = ("slipped", *(c for c in OVERLAPPING if c != "slipped"))
    moved = ka.waterfall(BEFORE, AFTER, stages=STAGES, priority=slips_first)
    assert moved.deals_in("slipped") == ("slipped", "up")
    assert moved.buckets["slipped"]["change"] == 0.5
    assert moved.reconciles
    with pytest.raises(ka.SpecError, match="must name each of"):
        ka.waterfall(BEFORE, AFTER, stages=STAGES, priority=("slipped",))
    for wrong in ("slipped", 5):
        with pytest.raises(ka.SpecError, match="must name each of"):
            ka.waterfall(BEFORE, AFTER, stages=STAGES, priority=wrong)  # type: ignore[arg-type]


def test_a_period_moves_deals_in_and_out() -> None:
    """Looked at by quarter, a slip beyond its end moves a deal out, and a pull-in moves one in."""
    before = table(
        ("in", "open", 1.0, None, "2026-10-01"),
        ("never", "open", 2.0, None, None),
        ("out", "open", 4.0, None, "2026-09-30"),
        ("slips inside", "open", 8.0, None, "2026-07-01"),
        ("won from outside", "open", 16.0, None, "2026-12-31"),
        ("won elsewhere", "open", 32.0, None, "2026-12-31"),
    )
    after = table(
        ("in", "open", 1.5, None, "2026-09-30"),
        ("never", "open", 2.0, None, None),
        ("out", "open", 4.0, None, "2026-10-01"),
        ("slips inside", "open", 8.0, None, "2026-09-30"),
        ("won from outside", "won", 16.0, None, "2026-08-31"),
        ("won elsewhere", "won", 32.0, None, "2026-12-31"),
    )
    quarter = ("2026-07-01", "2026-09-30")
    moved = ka.waterfall(before, after, stages=STAGES, period=quarter)
    expected = ["moved_in", "outside", "moved_out", "slipped", "outside", "won"]
    assert moved.bucket.tolist() == expected
    assert (moved.start, moved.change.tolist(), moved.end) == (12.0, [1.5, 0, -4.0, 0, 0, 0], 9.5)
    assert [(f.code, f.where) for f in moved.findings] == [
        ("no_expected", "before"),
        ("no_expected", "after"),
    ]
    whole = ka.waterfall(before, after, stages=STAGES)
    assert whole.buckets["moved_in"]["deals"] == whole.buckets["moved_out"]["deals"] == 0
    assert whole.deals_in("slipped") == ("out", "slips inside")


def test_a_deal_belongs_to_the_period_it_was_decided_in() -> None:
    """Expected in May and won in February: February sees it, where the day is known."""
    before = table(
        ("late", "open", 1.0, None, "2026-02-20"),
        ("lost", "open", 2.0, None, "2026-05-31"),
        ("won", "open", 4.0, None, "2026-05-31"),
        ("won in January", "won", 8.0, None, "2026-02-20"),
        ("won some day", "won", 16.0, None, None),
    )
    after = {**before, "outcome": ["open", "lost", "won", "won", "won"]}
    days = [None, "2026-02-03", "2026-02-10", "2026-01-20", None]
    period = ("2026-02-01", "2026-02-28")
    seen = ka.waterfall(before, {**after, "closed": days}, stages=STAGES, period=period)
    buckets = ["unchanged", "lost", "won", "outside", "outside"]
    assert seen.bucket.tolist() == buckets
    assert (seen.buckets["won"]["value"], seen.start, seen.end) == (4.0, 1.0, 1.0)
    assert [(f.code, f.count, f.where) for f in seen.findings] == [
        ("no_day", 1, "before"),
        ("no_day", 1, "after"),
    ]
    for unseen in (
        ka.waterfall(before, after, stages=STAGES, period=period),
        ka.waterfall(before, {**after, "closed": days}, stages=STAGES, closed=None, period=period),
    ):
        assert unseen.bucket.tolist() == ["unchanged", *["outside"] * 4]
    with pytest.raises(ka.ColumnNotFoundError):
        ka.waterfall(before, after, stages=STAGES, closed="ended", period=period)
    with pytest.raises(ka.ColumnError, match="differ in length"):
        ka.waterfall(before, {**after, "closed": days[:2]}, stages=STAGES, period=period)


def test_a_standing_knows_when_a_deal_was_won() -> None:
    """Two standings, a period, and nothing else."""
    events = [
        ka.Event("A", "open", at="2026-01-05", amount=100.0, expected="2026-05-31"),
        ka.Event("A", "win", at="2026-02-10", override="signed at once"),
    ]
    pipeline = ka.opportunity_funnel().replay(ka.event_log(events))
    sides = pipeline.at("2026-01-31"), pipeline.at("2026-02-28")
    moved = ka.waterfall(*sides, period=("2026-02-01", "2026-02-28"))
    assert (moved.bucket.tolist(), moved.buckets["won"]["value"]) == (["won"], 100.0)


def test_stages_by_any_word() -> None:
    """Letters, names in either language and codes in any case are the same stages."""
    funnel = ka.opportunity_funnel()
    said = ["A", "b", " Understand ", "understand", None]
    first, second = funnel.stages[:2]
    said_later = [second.name_zh, second.name.upper(), first.name_zh, "A", "A"]
    before = table(*((f"d{i}", "open", 1.0, s, None) for i, s in enumerate(said)))
    after = {**before, "stage": said_later}
    buckets = ["advanced", *["unchanged"] * 4]
    for stages in (funnel, funnel.stages):
        moved = ka.waterfall(before, after, stages=stages)
        assert moved.bucket.tolist() == buckets
    codes = ("Talk", "offer")
    shouted = {**before, "stage": ["TALK", "talk", "Offer ", None, "Talk"]}
    offered = {**before, "stage": ["OFFER", "Talk", "offer", "Talk", "TALK"]}
    assert ka.waterfall(shouted, offered, stages=codes).bucket.tolist() == buckets
    with pytest.raises(ka.SpecError, match="did you mean 'understand'"):
        ka.waterfall({**before, "stage": ["understandd"] * 5}, after, stages=funnel)


def test_two_standings_know_their_stages() -> None:
    """`ka.waterfall(before, after)` needs nothing else where a funnel keeps the deals."""
    funnel = ka.opportunity_funnel()
    events = ka.event_log(
        [
            ka.Event("A", "open", at="2026-01-05", amount=100.0, expected="2026-03-31"),
            ka.Event("B", "open", at="2026-01-05", amount=50.0),
            ka.Event("A", "confirm", at="2026-02-01", code="needs_understood"),
            ka.Event("A", "advance", at="2026-02-02"),
            ka.Event("B", "lose", at="2026-02-03", reason="price"),
        ]
    )
    pipeline = funnel.replay(events)
    moved = ka.waterfall(pipeline.at("2026-01-31"), pipeline.at("2026-02-28"))
    assert moved.bucket.tolist() == ["advanced", "lost"]
    assert (moved.start, moved.end) == (150.0, 100.0)
    assert moved.findings == ()


def test_two_standings_of_two_funnels() -> None:
    """Where a stage stands first in one and last in the other, nobody knows the order."""
    stages = (ka.Stage("talk", "Talk"), ka.Stage("offer", "Offer"))

    def standing(order: tuple[ka.Stage, ...], *where: str) -> ka.Standing:
        opened = [
            ka.Event(f"d{i}", "open", at="2026-01-05", amount=1.0, stage=stage)
            for i, stage in enumerate(where)
        ]
        return ka.Funnel("x", order).replay(ka.event_log(opened)).at("2026-01-31")

    before = standing(stages, "talk", "offer")
    after = standing(stages[::-1], "offer", "offer")
    assert ka.waterfall(before, after, stages=stages).bucket.tolist() == ["advanced", "unchanged"]
    moved = ka.waterfall(before, after)
    assert moved.bucket.tolist() == ["unchanged", "unchanged"]
    assert [f.code for f in moved.findings] == ["stage_order_unknown"]


def test_stages_without_an_order() -> None:
    """Nobody knows whether such a deal came forward, and that is told."""
    moved = ka.waterfall(BEFORE, AFTER)
    assert "unchanged" in moved.bucket[moved.deal == "advanced"]
    told = [f for f in moved.findings if f.code == "stage_order_unknown"]
    assert [f.count for f in told] == [4]
    with pytest.raises(ka.SpecError, match="column 'stage' must be one of"):
        ka.waterfall(BEFORE, AFTER, stages=("understand", "confirm"))
    for wrong in ((), "confirm", ("confirm", "confirm"), (1, 2), 5):
        with pytest.raises(ka.SpecError, match="must list each stage once"):
            ka.waterfall(BEFORE, AFTER, stages=wrong)  # type: ignore[arg-type]
    stages = ka.opportunity_stages()
    staged = {**BEFORE, "stage": ["understand"] * 12}
    assert ka.waterfall(staged, staged, stages=stages).buckets["advanced"]["deals"] == 0


def test_amounts_that_are_no_whole_cents_or_missing() -> None:
    """They count 0, or are rounded to the cent; each is told, and the sum still balances."""
    before = {"deal": ["a", "b", "c", "d"], "amount": [0.125, None, np.inf, -5.0]}
    after = {"deal": ["a", "b"], "amount": [0.375, 3.0]}
    moved = ka.waterfall(before, after, outcome=None, stage=None, expected=None)
    assert moved.before.tolist() == [0.12, 0.0, 0.0, -5.0]
    assert moved.bucket.tolist() == ["amount_up", "amount_up", "removed", "removed"]
    assert (moved.start, moved.end, moved.reconciles) == (-4.88, 3.38, True)
    assert [(f.code, f.count, f.where) for f in moved.findings] == [
        ("infinite", 1, "before"),
        ("negative", 1, "before"),
        ("no_amount", 2, "before"),
        ("fractions", 1, "before"),
        ("fractions", 1, "after"),
        ("removed", 2, "after"),
    ]


def test_sums_that_cents_cannot_hold() -> None:
    """An amount, or a sum of amounts, beyond the exact whole numbers of a float is refused."""
    options: dict[str, Any] = {"outcome": None, "stage": None, "expected": None}
    none: Table = {"deal": [], "amount": []}
    with pytest.raises(ka.RowError, match="too large"):
        ka.waterfall({"deal": ["a"], "amount": [1e14]}, none, **options)
    many = {"deal": ["a", "b"], "amount": [8e13, 8e13]}
    with pytest.raises(ka.KeyAccountError, match="add up to more"):
        ka.waterfall(many, none, **options)
    decided = {**many, "outcome": ["won", "won"]}
    with pytest.raises(ka.KeyAccountError, match="add up to more"):
        ka.waterfall({**none, "outcome": []}, decided, stage=None, expected=None)


def test_nothing_and_one_deal() -> None:
    """Empty books balance; one deal may be given as scalars."""
    none: Table = table()
    empty = ka.waterfall(none, none)
    assert (len(empty), empty.start, empty.end, empty.reconciles) == (0, 0.0, 0.0, True)
    assert empty.columns()["also"].tolist() == []
    one = {"deal": "a", "amount": 5, "outcome": None, "stage": "x", "expected": "2026-01-31"}
    assert ka.waterfall(none, one).bucket.tolist() == ["new"]
    assert ka.waterfall(one, one).bucket.tolist() == ["unchanged"]


def test_misuse() -> None:
    """Wrong columns, ids and options say what to do."""
    one = table(("a", "open", 1.0, None, None))
    with pytest.raises(ka.DuplicateIdError):
        ka.waterfall(table(*[("a", "open", 1.0, None, None)] * 2), one)
    with pytest.raises(ka.RowError, match="has no id"):
        ka.waterfall(one, {**one, "deal": [None]})
    with pytest.raises(ka.ColumnNotFoundError, match="did you mean 'amount'"):
        ka.waterfall(one, one, amount="amont")
    with pytest.raises(ka.RowError, match="holds no known outcome"):
        ka.waterfall(one, {**one, "outcome": ["Closed Won"]})
    with pytest.raises(ka.ColumnError, match="must hold outcomes"):
        ka.waterfall(one, {**one, "outcome": np.array([True])})
    with pytest.raises(ka.ColumnError, match="differ in length"):
        ka.waterfall(one, {**one, "amount": [1.0, 2.0]})
    wrong: tuple[Any, ...] = (
        ("2026-09-30", "2026-07-01"),
        "2026-Q3",
        ("2026-07-01",),
        (1, 2),
        (None, None),
        5,
    )
    for period in wrong:
        with pytest.raises(ka.SpecError, match="must be two days in order"):
            ka.waterfall(one, one, period=period)
    with pytest.raises(ka.SpecError, match="must name a column where a period is given"):
        ka.waterfall(one, one, expected=None, period=("2026-07-01", "2026-09-30"))
    with pytest.raises(ka.RowError, match="no row 1"):
        ka.waterfall(one, one).row(1)


def test_views() -> None:
    """As frames, as HTML, as text; every bucket has its labels in both languages."""
    moved = ka.waterfall(BEFORE, AFTER, stages=STAGES)
    frame = pd.DataFrame(moved.columns())
    assert len(frame) == len(moved) == 14
    bars = pd.DataFrame(moved.buckets.columns())
    assert bars["bucket"].tolist() == list(CODES)
    assert bars["standing"].iloc[-1] == moved.end
    assert bars["name_zh"].tolist() == [b.name_zh for b in BUCKETS]
    assert all(b.name_zh and b.name and b.holds for b in BUCKETS)
    assert moved.buckets.row(0)["holds"] == "first seen on the second date"
    assert repr(moved) == "<Waterfall of 14 deals: 640.75 to 501.00>"
    assert "640.75" in moved._repr_html_()
    assert "moved_in" not in moved._repr_html_()  # bars of nothing are not drawn
    assert "moved_in" in moved.buckets._repr_html_()


PERIODS = st.none() | st.just(("2026-04-01", "2026-09-30"))


def look(before: Table, after: Table, period: Any = None) -> ka.Waterfall:
    """Compare two tables."""
    return ka.waterfall(before, after, stages=STAGES, period=period)


@given(deal_tables(), deal_tables(), PERIODS)
def test_it_balances(before: Table, after: Table, period: Any) -> None:
    """Start and the bars make end; a bar is the sum of its deals; each deal is in one bucket."""
    moved = look(before, after, period)
    cents = np.rint(moved.buckets.change * 100)
    assert round(moved.start * 100) + cents.sum() == round(moved.end * 100)
    assert moved.reconciles
    assert moved.buckets.deals.sum() == len(moved) == len({*before["deal"], *after["deal"]})
    assert (moved.buckets.shown >= moved.buckets.deals).all()
    still = np.isin(moved.bucket, ["unchanged", "outside", "slipped", "advanced", "regressed"])
    assert not moved.change[still].any()


@given(deal_tables(), deal_tables(), PERIODS)
def test_there_and_back(before: Table, after: Table, period: Any) -> None:
    """With the dates swapped, every change has the other sign, and what came in went out."""
    there, back = look(before, after, period), look(after, before, period)
    assert (there.change == -back.change + 0.0).all()
    assert (there.start, there.end) == (back.end, back.start)
    for one, other in (("amount_up", "amount_down"), ("moved_in", "moved_out")):
        assert there.deals_in(one) == back.deals_in(other)
    assert not look(before, before, period).buckets.change.any()


@given(deal_tables(), deal_tables(), PERIODS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(
    before: Table, after: Table, period: Any, random: Any
) -> None:
    """Rows of both tables in any order: the same deals in the same buckets."""
    moved = look(before, after, period)
    rows = list(range(len(before["deal"])))
    random.shuffle(rows)
    mixed = look({n: [c[i] for i in rows] for n, c in before.items()}, after, period)
    for name, column in moved.columns().items():
        assert column.tolist() == mixed.columns()[name].tolist()


@given(
    deal_tables(max_deals=4),
    deal_tables(max_deals=4),
    deal_tables(max_deals=4, prefix="e"),
    deal_tables(max_deals=4, prefix="e"),
)
def test_books_without_a_deal_in_common_add_up(
    before: Table, after: Table, other_before: Table, other_after: Table
) -> None:
    """Two books side by side: the bars of both together."""

    def beside(one: Table, other: Table) -> Table:
        return {name: one[name] + other[name] for name in one}

    parts = [look(before, after), look(other_before, other_after)]
    both = look(beside(before, other_before), beside(after, other_after))
    assert both.buckets.deals.tolist() == np.sum([p.buckets.deals for p in parts], axis=0).tolist()
    cents = np.sum([np.rint(p.buckets.change * 100) for p in parts], axis=0)
    assert np.rint(both.buckets.change * 100).tolist() == cents.tolist()


def test_columns_of_the_usual_names_are_asked_for_only_where_they_are() -> None:
    """Ids and amounts are enough; what is not looked at is told; a column named must be there."""
    before = {"deal": ["a", "b"], "amount": [10.0, 20.0]}
    after = {"deal": ["a", "c"], "amount": [15.0, 5.0]}
    moved = ka.waterfall(before, after)
    assert (moved.start, moved.end) == (30.0, 20.0)
    assert moved.bucket.tolist() == ["amount_up", "removed", "new"]
    assert {f.code for f in moved.findings} >= {
        "no_outcome_column",
        "no_stage_column",
        "no_expected_column",
    }
    with pytest.raises(ka.ColumnNotFoundError, match="no column 'closing'"):
        ka.waterfall(before, after, expected="closing")
    with pytest.raises(ka.ColumnNotFoundError, match="no column 'expected'"):
        ka.waterfall(before, {**after, "expected": ["2026-09-30"] * 2})
