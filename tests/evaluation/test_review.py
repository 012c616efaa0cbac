"""A review worked out by hand: each decision, its reason, and what is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import attrs
import numpy as np
import pytest

import keyaccount as ka

Make: TypeAlias = Callable[..., ka.Quarter]
JUNE, SEPTEMBER = "2026-06-30", "2026-09-30"


def book(**sales: float | None) -> dict[str, Any]:
    """Give a book of accounts whose potential equals their sales: score = sales / 100."""
    values = list(sales.values())
    return {"id": list(sales), "sales": values, "potential": values}


def test_every_decision_and_its_reason(quarter: Make) -> None:
    """Three seats, held by 0.05; the last of the old loses its seat, one is held, one falls."""
    policy = ka.SelectionPolicy(ka.TopCount(4), hold=0.05, margin=0.01)
    before = quarter(
        book(up=20, kept=90, falls=80, held=60, out=55, low=10), day=JUNE, policy=policy
    )
    after = quarter(
        book(up=85, kept=90, falls=70, held=58, out=40, low=10, new=60),
        policy=policy,
        incumbents=before.selection,
    )
    found = ka.review(before, after)
    assert dict(zip(found.ids, found.decision, strict=True)) == {
        "up": "promote",
        "kept": "watch",  # sales stand still where there is potential
        "falls": "watch",
        "held": "hold",
        "out": "demote",
        "low": None,
        "new": None,
    }
    assert found.counts == {"promote": 1, "keep": 0, "hold": 1, "demote": 1, "watch": 2}
    reason = dict(zip(found.ids, found.reason, strict=True))
    assert reason["up"] == (
        "in: by its score; score 0.850, +0.250 to the next, new; the seat moved by its own data"
    )
    assert reason["held"].startswith("in: it was key, and neither a challenger")
    assert reason["out"].startswith("out: its score is below the cut; score 0.400, ")
    assert reason["falls"] == (
        "score fell by 0.100 (more than 0.05); cannot retain: sales fall: growth of sales -12.5 % "
        "(below -10 %)"
    )
    assert reason["kept"].startswith("cannot grow: sales stand still where there is potential: ")
    assert reason["low"] == ""


def test_an_account_with_nothing_found_is_kept(quarter: Make) -> None:
    """A key account that grows and is far from the cut is kept; near the cut it is watched."""
    rules = ka.ReviewRules(checks=())
    policy = ka.SelectionPolicy(ka.TopCount(2), margin=0.02)
    before = quarter(book(a=80, b=50, c=10), day=JUNE, policy=policy)
    after = quarter(book(a=80, b=50, c=49), policy=policy, incumbents=before.selection)
    found = ka.review(before, after, rules=rules)
    assert found.decision.tolist() == ["keep", "watch", None]
    assert found.reason.tolist() == [
        "in: by its score; score 0.800, +0.310 to the next, c",
        "near the cut (+0.010 to the other side)",
        "",
    ]


def test_the_account_that_sets_the_cut_is_near_it_only_where_another_is(quarter: Make) -> None:
    """The last in is 0 from the cut, which it sets; what counts is how near the best one out is."""
    rules, policy = ka.ReviewRules(checks=()), ka.SelectionPolicy(ka.TopCount(2), margin=0.02)
    first = quarter(book(a=80, b=50, c=20), policy=policy, incumbents=["a", "b"])
    found = ka.review(None, first, rules=rules)
    assert found.decision.tolist() == ["keep", "keep", None]
    assert found.findings.still_key.tolist() == ["ok", "ok", None]
    near = quarter(book(a=80, b=50, c=48), policy=policy, incumbents=["a", "b"])
    assert ka.review(None, near, rules=rules).decision.tolist() == ["keep", "watch", None]
    alone = quarter(book(a=80, b=50), policy=policy, incumbents=["a", "b"])
    assert ka.review(None, alone, rules=rules).decision.tolist() == ["keep", "keep"]
    threshold = ka.SelectionPolicy(ka.AtLeast(0.5), margin=0.02)
    on_it = quarter(book(a=80, b=51, c=10), policy=threshold, incumbents=["a", "b"])
    assert ka.review(None, on_it, rules=rules).decision.tolist() == ["keep", "watch", None]
    # the hold keeps a challenger away
    held = ka.SelectionPolicy(ka.TopCount(2), margin=0.02, hold=0.05)
    kept = quarter(book(a=80, b=50, c=48), policy=held, incumbents=["a", "b"])
    assert ka.review(None, kept, rules=rules).decision.tolist() == ["keep", "keep", None]
    # who is kept out by approval is no rival
    out = ka.Override("c", include=False, reason="left", approved_by="VP")
    freed = quarter(book(a=80, b=50, c=49), policy=policy, incumbents=["a", "b"], overrides=[out])
    assert ka.review(None, freed, rules=rules).decision.tolist() == ["keep", "keep", None]


def test_a_fall_of_the_limit_itself_is_not_more_than_it(quarter: Make) -> None:
    """0.70 to 0.65 is a fall of 0.05, whatever floats make of it."""
    policy = ka.SelectionPolicy(ka.AtLeast(0.1), margin=0.0)
    sizes = {70: JUNE, 65: "2026-09-30", 64.999: "2026-09-30"}
    pair = [quarter(book(a=x), day=day, policy=policy) for x, day in sizes.items()]
    rules = ka.ReviewRules(checks=())
    assert ka.review(pair[0], pair[1], rules=rules).decision.tolist() == ["keep"]
    assert ka.review(pair[0], pair[2], rules=rules).decision.tolist() == ["watch"]


def test_newcomers_and_leavers_are_explicit(quarter: Make) -> None:
    """The later accounts in their order, then those that left, demoted where they were key."""
    before = quarter(book(gone=90, small=10, stays=50), day=JUNE)
    after = quarter(book(new=95, stays=50), incumbents=before.selection)
    found = ka.review(before, after)
    assert found.ids.tolist() == ["new", "stays", "gone", "small"]
    assert found.newcomer.tolist() == [True, False, False, False]
    assert found.leaver.tolist() == [False, False, True, True]
    assert found.decision.tolist()[::2] == ["promote", "demote"]
    assert found.reason[0].startswith("new in the book; in: by its score")
    assert found.reason[2] == "out: not in the book any more"
    assert found.findings.still_key.tolist() == ["ok", "ok", "finding", None]
    assert found.findings.coverage.tolist() == ["unknown", "unknown", None, None]
    assert np.isnan(found.drivers.change[[0, 2, 3]]).all()
    assert found.drivers.row(0)["data_effect"] is None
    assert found.drivers.row(0)["spec_effect"] is None
    assert found.drivers.row(0)["spec_sales"] is None
    assert found.migration["seat"].accounts("key", "(absent)") == ("gone",)


def test_the_first_review_has_nothing_before(quarter: Make) -> None:
    """Without an earlier quarter every key account is promoted, and no score has moved."""
    found = ka.review(None, quarter(book(a=90, b=20, c=50)))
    assert found.decision.tolist() == ["promote", None, "promote"]
    assert found.reason[0] == ("first review; in: by its score; score 0.900, +0.700 to the next, b")
    assert np.isnan(found.drivers.change).all()
    assert found.drivers.data_by is None
    assert found.drivers.seat.tolist() == [1, 0, 1]
    assert list(found.migration) == ["seat"]


def test_three_questions_are_answered_asked_or_found(quarter: Make) -> None:
    """Coverage is fine, found wanting, or unknown; what nobody gave is asked for by name."""
    after = quarter(
        {
            **book(a=90, b=80, c=70, d=10),
            "covered": [True, False, None, False],
            "people": [3, 1, 2, 1],
            "division_missing": [False, False, False, True],
        },
        policy=ka.SelectionPolicy(ka.TopCount(3), margin=0.0),
    )
    found = ka.review(None, after)
    assert found.findings.coverage.tolist() == ["ok", "finding", "unknown", None]
    assert found.findings.why("coverage", 1) == (
        "a role is not held, or by nobody senior enough: covered 0 (below 1); "
        "in one person's hands: people 1 (at least 1, below 2)"
    )
    assert found.findings.why("coverage", 2) == "not known: covered"
    assert found.findings.why("coverage", 3) == ""
    assert found.findings.plan.tolist() == ["unknown"] * 3 + [None]
    assert found.findings.why("plan", 0) == "not known: holds, late"
    asked = {f.where for f in found.notes if f.code == "not_given"}
    assert {"holds", "late", "tasks_stalled"} <= asked
    assert "covered" not in asked


def test_results_of_the_programme_are_read_as_columns(quarter: Make) -> None:
    """What `coverage` gives of each account is what the second question is answered by."""
    on = {"account": ["a", "a", "a", "b"], "person": ["li", "wu", "he", "li"]}
    accounts = {"account": ["a", "b"]}
    covered = ka.coverage({**on, "role": ["AR", "SR", "FR", "AR"]}, accounts=accounts).columns()
    after = quarter({**book(a=90, b=80), **covered})
    found = ka.review(None, after)
    assert found.findings.coverage.tolist() == ["ok", "finding"]
    assert found.symptoms.figure[-1] == 0.5


def test_a_finding_of_the_other_questions_makes_a_key_account_watched(quarter: Make) -> None:
    """A stalled task is a reason to watch; the same finding decides nothing about others."""
    rules = ka.ReviewRules(checks=[c for c in ka.review_checks() if c.about == "tasks"])
    columns = {**book(a=90, b=80, c=70), "tasks_stalled": [0, 2, 9]}
    policy = ka.SelectionPolicy(ka.AtLeast(0.75))
    before = quarter(columns, day=JUNE, policy=policy)
    after = quarter(columns, incumbents=before.selection, policy=policy)
    found = ka.review(before, after, rules=rules)
    assert found.decision.tolist() == ["keep", "watch", None]
    assert found.reason[1] == "tasks: core tasks are stalled: tasks_stalled 2 (at least 1)"


def test_still_key_is_unknown_where_the_unknown_could_decide(quarter: Make) -> None:
    """A seat that what is unknown could cost is no certain one; nor is one without a score."""
    grown = quarter(
        {"id": list("abc"), "sales": [90.0, 80.0, 70.0], "potential": [90.0, None, 70.0]},
        policy=ka.SelectionPolicy(ka.AtLeast(0.35), margin=0.0),
        scorer=ka.CompositeScorer(
            criteria=[
                ka.Criterion("sales", column="sales", value=ka.Linear(0, 100)),
                ka.Criterion(
                    "potential", column="potential", value=ka.Linear(50, 90), missing="reweight"
                ),
            ],
            weights={"sales": 0.4, "potential": 0.6},
        ),
    )
    assert ka.review(None, grown).findings.still_key.tolist() == ["ok", "unknown", "ok"]
    approved = ka.Override("b", include=True, reason="reference", approved_by="VP")
    by_hand = quarter(
        book(a=90, b=None), overrides=[approved], policy=ka.SelectionPolicy(ka.TopCount(2))
    )
    found = ka.review(None, by_hand)
    assert by_hand.selection.is_key.tolist() == [True, True]
    assert found.findings.still_key.tolist() == ["ok", "ok"]
    assert found.reason[1].startswith("first review; in: by special approval")
    assert "reference (approved by VP)" in found.reason[1]


def test_three_ways_to_fail(quarter: Make) -> None:
    """Each way with its evidence; unknown where nothing is given; asked of key accounts alone."""
    june = {**book(a=50, b=60, c=80, d=70, e=1), "wins": [0, 2, 1, None, 0]}
    september = {
        **book(a=60, b=61, c=70, d=90, e=1),
        "wins": [0, 2, 1, None, 0],
        "losses": [3, 1, 0, 1, 9],
        "lifecycle_stage": ["growth", "maturity", "maturity", "churn", "churn"],
    }
    policy = ka.SelectionPolicy(ka.TopCount(4), margin=0.0)
    found = ka.review(quarter(june, day=JUNE, policy=policy), quarter(september, policy=policy))
    assert found.ways.get_in.tolist() == ["shown", "not_shown", "not_shown", "unknown", None]
    assert found.ways.grow.tolist() == ["not_shown", "shown", "not_shown", "not_shown", None]
    assert found.ways.retain.tolist() == ["not_shown", "not_shown", "shown", "shown", None]
    assert found.ways.shown(3) == ("retain",)
    assert (
        found.ways.why("retain", 3)
        == "in decline or gone: lifecycle_stage churn (decline or churn)"
    )
    assert found.ways.why("get_in", 3) == "not known: wins"
    assert found.ways.why("get_in", 4) == ""
    assert list(found.ways.row(4)) == ["account"]
    assert "cannot grow 1" in repr(found.ways)


def test_symptoms_are_measured_or_asked(quarter: Make) -> None:
    """Over the key accounts: shares of those known; what nobody gave is asked for."""
    after = quarter(
        {
            **book(a=90, b=80, c=70, d=60, e=5),
            "owner": ["li", "li", "wu", None, "he"],
            "people": [1, 3, None, 1, 1],
            "budget": [0, 10, 10, 10, 0],
            "time": [10, 10, 10, 10, 10],
        },
        policy=ka.SelectionPolicy(ka.TopCount(4), margin=0.0),
    )
    found = ka.review(None, after, rules=ka.ReviewRules(stars=1, limits={"thin_bench": 0.5}))
    codes = [symptom.code for symptom in found.symptoms.symptoms]
    figure = dict(zip(codes, found.symptoms.figure.tolist(), strict=True))
    shown = dict(zip(codes, found.symptoms.shown.tolist(), strict=True))
    assert (figure["undefined"], figure["few_stars"], figure["thin_bench"]) == (0.25, 2 / 3, 2 / 3)
    assert (shown["thin_bench"], shown["undefined"]) == (True, None)
    assert np.isnan([figure[c] for c in ("small_deals", "no_routine", "no_database")]).all()
    unasked = ka.review(None, after).symptoms
    assert np.isnan(unasked.figure[codes.index("few_stars")])
    nobody = quarter(book(a=90), policy=ka.SelectionPolicy(ka.AtLeast(0.99)))
    assert ka.review(None, nobody).symptoms.figure[0] == 1.0
    alone = quarter({**book(a=90), "people": [1], "one_hand": [False]})
    assert ka.review(None, alone).symptoms.figure[-1] == 0.0


def test_migration_is_shown_where_both_quarters_have_the_column(quarter: Make) -> None:
    """By seat in any case, with money; a column of one quarter alone is asked for."""
    june = {**book(a=90, b=80, c=10), "segment": ["x", "x", "y"], "tier": ["1", "1", "2"]}
    september = {**book(a=90, b=5, c=80), "segment": ["x", "y", "y"]}
    found = ka.review(quarter(june, day=JUNE), quarter(september))
    assert list(found.migration) == ["seat", "segment"]
    seat = found.migration["seat"]
    assert seat.states[:2] == ("key", "not_key")
    assert seat.counts[:2, :2].tolist() == [[1, 1], [1, 0]]
    assert seat.money_after is not None
    assert seat.money_after[:2, :2].tolist() == [[90.0, 5.0], [80.0, 0.0]]
    asked = [f.where for f in found.notes if "migration" in f.message]
    assert asked == ["tier", "lifecycle_stage"]


def test_rows_columns_and_views(quarter: Make) -> None:
    """Columns fit any DataFrame, a row reads well, and nothing in the page of a notebook is raw."""
    before = quarter(book(a=90, b=50, **{"<c>": 40}), day=JUNE)
    after = quarter(book(a=90, b=50, **{"<c>": 60}), incumbents=before.selection)
    found = ka.review(before, after)
    columns = found.columns()
    assert {len(column) for column in columns.values()} == {len(found)} == {3}
    record = found.row(-1)
    assert record["decision"] == "promote"
    assert record["findings"]["coverage"].startswith("unknown: not known: covered, people")
    assert found.row(1)["ways to fail"]["cannot_grow"].startswith("shown: ")
    assert "&lt;c&gt;" in found._repr_html_()
    for part in (found.findings, found.ways, found.drivers, found.symptoms):
        assert "<table" in part._repr_html_()
        assert len(repr(part)) > 10
        with pytest.raises(ka.RowError):
            part.row(99)
    assert repr(found) == "<Review of 3 accounts: promote 1, demote 1, watch 1>"


def test_infinite_values_are_missing_and_told(quarter: Make) -> None:
    """Infinite sales are unknown to every check, and the notes say so."""
    before = quarter({**book(a=90), "people": [np.inf]}, day=JUNE)
    found = ka.review(before, quarter({**book(a=90), "people": [np.inf]}))
    assert found.findings.why("coverage", 0) == "not known: covered, people, division_missing"
    (note,) = [f for f in found.notes if f.code == "infinite"]
    assert (note.where, note.count) == ("people", 1)


def test_an_empty_book_and_one_of_nothing_known(quarter: Make) -> None:
    """Nothing to review is no error; nor is a book of which nothing is known."""
    empty = quarter({"id": [], "sales": [], "potential": []})
    found = ka.review(quarter({"id": [], "sales": [], "potential": []}, day=JUNE), empty)
    assert (len(found), len(found.columns()["reason"]), found.counts["keep"]) == (0, 0, 0)
    unknown = quarter(book(a=None, b=None))
    assert len(ka.review(None, unknown)) == 2


def test_one_account_as_scalars(quarter: Make) -> None:
    """A dict of scalars is a book of one account."""
    found = ka.review(None, quarter({"id": "a", "sales": 90.0, "potential": 90.0, "people": 1}))
    assert found.decision.tolist() == ["promote"]
    assert found.findings.coverage.tolist() == ["finding"]


def test_bad_input_is_told(quarter: Make) -> None:
    """Wrong arguments, columns and ids get an error of the library that says the way out."""
    before, after = quarter(book(a=1), day=JUNE), quarter(book(a=1))
    with pytest.raises(ka.SpecError, match="must be later than before"):
        ka.review(after, before)
    with pytest.raises(ka.SpecError, match="must be a Quarter"):
        ka.review(None, None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(ka.SpecError, match="must be ReviewRules"):
        ka.review(before, after, rules={})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(ka.DuplicateIdError, match="'a'"):
        quarter({"id": ["a", "a"], "sales": [1, 2], "potential": [1, 2]})
    with pytest.raises(ka.RowError, match="no id"):
        quarter({"id": ["a", None], "sales": [1, 2], "potential": [1, 2]})
    with pytest.raises(ka.ColumnNotFoundError, match="did you mean 'id'"):
        quarter(book(a=1), id="idd")
    with pytest.raises(ka.ColumnError, match="differ in length"):
        ka.review(None, quarter({**book(a=1), "people": [1, 2]}))
    with pytest.raises(ka.RowError, match="'people'"):
        ka.review(None, quarter({**book(a=1), "people": ["three"]}))
    with pytest.raises(ka.SpecError, match=r"Quarter\.as_of"):
        quarter(book(a=1), day="soon")
    with pytest.raises(ka.SpecError, match=r"Quarter\.policy"):
        quarter(book(a=1), policy=ka.TopCount(1))
    unfitted = ka.CompositeScorer(
        criteria=[ka.Criterion("size", column="sales", value=ka.Percentile())], weights={"size": 1}
    )
    with pytest.raises(ka.SpecError, match="has learned its constants"):
        quarter(book(a=1), scorer=unfitted)


def test_a_seat_by_approval_alone_is_a_finding(quarter: Make) -> None:
    """It says until when; an approval of an account that is key by its score is none."""
    overrides = [
        ka.Override(a, include=True, reason="flagship", approved_by="VP", expires="2027-03-31")
        for a in "ac"
    ]
    found = ka.review(None, quarter(book(a=90, b=50, c=10), overrides=overrides)).findings
    assert found.still_key.tolist() == ["ok", None, "finding"]
    assert found.why("still_key", 2).endswith("the approval alone gives the seat, until 2027-03-31")
    assert "alone" not in found.why("still_key", 0)


def test_another_spec_is_no_fall_of_an_account(quarter: Make) -> None:
    """The fall is that of the data: a new spec hides none, and makes none."""
    policy = ka.SelectionPolicy(ka.AtLeast(0.0), margin=0.0)

    def linear(top: float) -> ka.CompositeScorer:
        parts = [ka.Criterion(n, column=n, value=ka.Linear(0, top)) for n in ("sales", "potential")]
        return ka.CompositeScorer(criteria=parts, weights={"sales": 0.5, "potential": 0.5})

    before = quarter(book(a=50, b=50), day=JUNE, policy=policy, scorer=linear(100))
    after = quarter(book(a=50, b=40), policy=policy, scorer=linear(200))
    rules = ka.ReviewRules(checks=())
    found = ka.review(before, after, rules=rules)
    assert found.decision.tolist() == ["keep", "watch"]
    assert found.reason[1] == "by its data the score fell by 0.100 (more than 0.05)"
    easier = quarter(book(a=50, b=40), policy=policy, scorer=linear(80))
    assert ka.review(before, easier, rules=rules).decision.tolist() == ["keep", "watch"]


def test_what_became_unknown_is_told_of_a_fall(quarter: Make) -> None:
    """A value that nobody gives any more lets a score fall, and is told as that, with bounds."""
    policy = ka.SelectionPolicy(ka.AtLeast(0.3), margin=0.0)
    june = {"id": ["a", "b"], "sales": [80.0, 50.0], "potential": [60.0, 50.0]}
    before = quarter(june, day=JUNE, policy=policy)
    after = quarter({**june, "potential": [None, None]}, policy=policy)
    found = ka.review(before, after, rules=ka.ReviewRules(checks=()))
    assert found.reason[0] == (
        "score fell by 0.300 (more than 0.05), up to 0.300 of it as potential became unknown"
    )
    assert found.decision.tolist() == ["watch", "demote"]
    assert found.findings.still_key.tolist() == ["ok", "finding"]  # it is not, whatever comes
    assert "; what is unknown could move it over the cut; the seat moved by" in found.reason[1]


def test_quarters_of_other_accounts_are_told(quarter: Make) -> None:
    """Where fewer than half of the accounts are in both, a reader is warned."""
    before = quarter(book(a=90, b=80, c=70), day=JUNE)
    for columns, told in ((book(a=1, x=2, y=3), [1]), (book(a=1, b=2, y=3), []), (book(x=1), [0])):
        notes = ka.review(before, quarter(columns)).notes
        assert [n.count for n in notes if n.code == "few_in_common"] == told


def test_questions_ways_and_rows_that_are_not_there(quarter: Make) -> None:
    """A misspelt question or way, and a row beyond the end, get an error of the library."""
    found = ka.review(None, quarter(book(a=90, b=50)))
    for asked in (found.findings.answer, found.ways.answer):
        with pytest.raises(ka.SpecError, match="must be one of"):
            asked("zz")
    for why in (found.findings.why, found.ways.why):
        with pytest.raises(ka.SpecError, match="must be one of"):
            why("zz", 0)
        with pytest.raises(ka.KeyAccountError, match="99"):
            why("plan" if why == found.findings.why else "grow", 99)
    for row in (found.why, found.ways.shown):
        with pytest.raises(ka.KeyAccountError, match="99"):
            row(99)


def test_words_say_what_was_measured(quarter: Make) -> None:
    """Nobody is not one person, owners are counted by accounts, a loss is not from nothing."""
    before = quarter({**book(a=90, b=80), "sales": [0.0, 0.0]}, day=JUNE)
    columns = {**book(a=90, b=80), "sales": [-5.0, 5.0], "people": [0, 1], "owner": ["li", "wu"]}
    policy = ka.SelectionPolicy(ka.TopCount(2))
    found = ka.review(before, quarter(columns, policy=policy), rules=ka.ReviewRules(stars=1))
    assert found.findings.why("coverage", 0) == "in nobody's hands: people 0 (below 1)"
    assert found.findings.why("coverage", 1).startswith("in one person's hands: people 1")
    assert found.ways.why("retain", 0) == (
        "sales fall: growth of sales from nothing to below 0 (below -10 %)"
    )
    stars = [s.code for s in found.symptoms.symptoms].index("few_stars")
    assert "50.0 % of key accounts are held by the largest" in found.symptoms.why(stars)[0]


def test_a_leader_says_who_is_next(quarter: Make) -> None:
    """The last in is 0 from the cut that it sets; told is who is next, the hold, a threshold."""
    rules = ka.ReviewRules(checks=())
    held = ka.SelectionPolicy(ka.TopCount(1), margin=0.0, hold=0.05)
    first = quarter(book(a=50, c=40, b=40, d=10), policy=held, incumbents=["a"])
    why = ka.review(None, first, rules=rules).findings.why("still_key", 0)
    assert why == "in: by its score; score 0.500, +0.150 to the next, b, hold of 0.05 included"
    limit = ka.SelectionPolicy(ka.AtLeast(0.3), margin=0.0)
    above = ka.review(None, quarter(book(a=50, b=10), policy=limit), rules=rules)
    assert above.reason[0].endswith("; score 0.500, +0.200 to the threshold")
    alone = ka.review(None, quarter(book(a=50)), rules=rules)
    assert alone.reason[0] == "first review; in: by its score; score 0.500"


def test_entering_near_the_cut_is_no_finding_and_losing_a_seat_is(quarter: Make) -> None:
    """Who is promoted near the cut is key, and says so; who is demoted is not, known or not."""
    policy = ka.SelectionPolicy(ka.TopCount(1), margin=0.02)
    before = quarter(book(a=60, b=50), day=JUNE, policy=policy)
    after = quarter(book(a=60, b=61), policy=policy, incumbents=before.selection)
    found = ka.review(before, after, rules=ka.ReviewRules(checks=()))
    assert found.decision.tolist() == ["demote", "promote"]
    assert found.findings.still_key.tolist() == ["finding", "ok"]
    assert "near the cut" in found.findings.why("still_key", 1)
    assert found.reason[1].count("near the cut") == 1


def test_hold_and_promote_tell_what_else_was_found(quarter: Make) -> None:
    """A held account that fell says so, and a promoted one what is wrong with its coverage."""
    policy = ka.SelectionPolicy(ka.TopCount(2), margin=0.0, hold=0.1)
    before = quarter(book(a=90, b=80, c=10), day=JUNE, policy=policy)
    after = quarter(
        {**book(a=90, b=45, c=50, d=95), "people": [3, 3, 3, 0]},
        policy=ka.SelectionPolicy(ka.TopCount(3), margin=0.0, hold=0.1),
        incumbents=["a", "b"],
    )
    held = ka.review(before, attrs_policy(after, policy))
    assert held.decision.tolist() == ["watch", "demote", None, "promote"]
    assert "; coverage: in nobody's hands: people 0 (below 1)" in held.reason[3]
    two = quarter(book(a=90, b=45, c=50), policy=policy, incumbents=before.selection)
    found = ka.review(before, two, rules=ka.ReviewRules(checks=()))
    assert found.decision.tolist() == ["keep", "hold", None]
    assert found.reason[1].endswith("; score fell by 0.350 (more than 0.05)")


def attrs_policy(given: ka.Quarter, policy: ka.SelectionPolicy) -> ka.Quarter:
    """Give the same quarter under another policy."""
    return attrs.evolve(given, policy=policy)


def test_incumbents_that_are_not_the_earlier_key_accounts_are_named(quarter: Make) -> None:
    """None given where the policy asks for them, or others: a note says who differs."""
    held = ka.SelectionPolicy(ka.TopCount(1), margin=0.0, hold=0.1)
    before = quarter(book(a=60, b=55), day=JUNE, policy=held)

    def told(**more: Any) -> list[tuple[str, ...]]:
        notes = ka.review(before, quarter(book(a=60, b=62), **more)).notes
        return [n.examples for n in notes if n.code == "other_incumbents"]

    assert told(policy=held) == [("a",)]
    assert told(policy=held, incumbents=["b"]) == [("a", "b")]
    assert told(policy=held, incumbents=before.selection) == []
    assert told() == []  # nothing in this policy asks who was key


def test_a_first_review_demotes_incumbents_who_left(quarter: Make) -> None:
    """Who is named as key before and is not in the book has left it, and is demoted."""
    after = quarter(book(a=90, b=50), incumbents=["zz", "a"])
    found = ka.review(None, after, rules=ka.ReviewRules(checks=()))
    assert found.ids.tolist() == ["a", "b", "zz"]
    assert found.decision.tolist() == ["keep", "promote", "demote"]
    assert found.reason[2] == "out: not in the book any more"
    assert found.leaver.tolist() == [False, False, True]
    assert found.newcomer.tolist() == [True, True, False]
    assert found.drivers.seat.tolist() == found.drivers.seat_by_data.tolist() == [0, 1, -1]
    assert ka.replay_log(ka.decision_log(found, ka.digest), [None, after], ka.digest).agrees is (
        False
    )  # the rules are others
    assert len(ka.decision_log(found, ka.digest)) == 3


def test_windows_of_two_lengths_are_not_compared(quarter: Make) -> None:
    """Money of 24 months beside 3 makes no change; a fall of the score says what it rests on."""
    policy = ka.SelectionPolicy(ka.AtLeast(0.0), margin=0.0)
    rules = ka.ReviewRules(checks=())
    before = quarter(book(a=90, b=50), day=JUNE, policy=policy, trailing={"sales": 24})
    after = quarter(book(a=60, b=50), policy=policy, trailing={"sales": 3})
    found = ka.review(before, after, rules=rules)
    assert found.migration["seat"].change is None
    assert [n.where for n in found.notes if n.code == "windows_differ"] == ["sales", "sales"]
    assert [n.code for n in found.drivers.notes] == ["windows_differ"]
    assert found.reason[0] == (
        "score fell by 0.300 (more than 0.05), by sales of windows that differ"
    )
    same = ka.review(attrs.evolve(before, trailing={"sales": 3}), after, rules=rules)
    assert same.migration["seat"].change is not None
    assert not [n for n in same.notes if n.code == "windows_differ"]


def test_names_that_are_in_no_column_are_told(quarter: Make) -> None:
    """A misspelt window is refused; misspelt money and a stage nobody knows are noted."""
    with pytest.raises(ka.ColumnNotFoundError, match="did you mean 'sales'"):
        quarter(book(a=1), trailing={"salse": 24})
    found = ka.review(None, quarter(book(a=90)), rules=ka.ReviewRules(money="slaes"))
    assert "no money moves with the accounts: give 'slaes' (after)" in [
        n.message for n in found.notes
    ]
    stages = {**book(a=90, b=80, c=1), "lifecycle_stage": ["Decline", "gone", None]}
    found = ka.review(None, quarter(stages))
    assert found.ways.retain.tolist()[0] == "shown"
    (note,) = [n for n in found.notes if n.code == "unknown_state"]
    assert (note.where, note.count) == ("lifecycle_stage", 1)
    assert "'gone'" in note.message


def test_a_growth_of_ones_own_is_told_in_per_cent(quarter: Make) -> None:
    """The growth that was seen and the limits are written alike."""
    after = quarter({**book(a=90), "grown": [-0.00418373]})
    rules = ka.ReviewRules(checks=ka.review_checks(growth="grown"))
    assert (
        ka.review(None, after, rules=rules)
        .ways.why("grow", 0)
        .startswith(
            "sales stand still where there is potential: grown -0.418 % "
            "(at least -10 %, below +5 %)"
        )
    )
