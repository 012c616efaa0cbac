"""Incumbents: who was key, since when, and how they leave."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import keyaccount as ka

IDS = list("abcde")
SCORES = [0.9, 0.8, 0.7, 0.6, 0.5]


def reasons(chosen: ka.Selection) -> dict[str, str]:
    """Give the reason of each account."""
    assert chosen.ids is not None
    return dict(zip(chosen.ids.tolist(), chosen.reason.tolist(), strict=True))


def choose(rule: Any = ka.TopCount(2), scores: Any = SCORES, **arguments: Any) -> ka.Selection:  # noqa: B008 - frozen
    """Choose two of five accounts, from the best down to the worst."""
    return ka.select(scores, rule, ids=IDS, **arguments)


def test_incumbents_come_in_any_container() -> None:
    """Ids in a list, a set, an array, a column of any library, a generator, a mapping."""
    names = ["d", "e"]
    for incumbents in (
        names,
        tuple(names),
        set(names),
        (n for n in names),
        np.array(names),
        np.array(names, dtype=object),
        pd.Series(names),
        pl.Series(names),
        pa.array(names),
        pa.chunked_array([names]),
        dict.fromkeys(names),
        dict.fromkeys(names).keys(),
    ):
        assert choose(incumbents=incumbents, hold=1.0).key_ids == ("d", "e")
    numbered = ka.select([0.5, 0.6], ka.TopCount(1), ids=[7, 8], incumbents=[7.0], hold=1.0)
    assert numbered.key_ids == ("7",)


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-31",
        date(2026, 1, 31),
        np.datetime64("2026-01-31"),
        np.datetime64("2026-01-31T10:00:00", "ns"),
        pd.Timestamp("2026-01-31 10:00"),
        pd.Timestamp("2026-01-31 23:00", tz="Asia/Shanghai"),
    ],
)
def test_since_when_may_be_said_in_any_way(day: Any) -> None:
    """Texts, dates and moments are read as days and carried on."""
    chosen = choose(incumbents={"a": day, "c": "2025-06-30"}, as_of="2026-09-30")
    expected = np.array(["2026-01-31", "2026-09-30"], dtype="datetime64[D]")
    np.testing.assert_array_equal(chosen.key_since, expected)


@pytest.mark.parametrize("missing", [None, "", np.datetime64("NaT", "D"), float("nan"), pd.NaT])
def test_an_unknown_day_protects_nobody_and_is_reported(missing: Any) -> None:
    """Minimum tenure needs a day; an incumbent without one falls back to its score."""
    chosen = choose(
        incumbents={"d": missing, "e": "2026-09-01"}, as_of="2026-09-30", min_tenure_days=90
    )
    assert chosen.key_ids == ("a", "e")
    (unknown,) = [f for f in chosen.findings if f.code == "tenure_unknown"]
    assert unknown.count == 1


def test_a_tenure_without_any_day_is_an_error() -> None:
    """Ids alone, or a selection made without a day, do not say who is recent."""
    earlier = choose()
    for incumbents in (["d", "e"], earlier, {"a": None}):
        with pytest.raises(ka.SelectionError, match="not said since when"):
            choose(incumbents=incumbents, as_of="2026-09-30", min_tenure_days=90)
    chosen = choose(incumbents=[], as_of="2026-09-30", min_tenure_days=90)
    assert chosen.key_ids == ("a", "b")
    with pytest.raises(ka.SelectionError, match="as_of= is needed: a minimum tenure is asked"):
        choose(min_tenure_days=90)


def test_whether_a_tenure_can_be_judged_does_not_hang_on_who_is_gone() -> None:
    """The only dated incumbent left the book: the others are undated, which is a finding."""
    chosen = choose(
        incumbents={"gone": "2026-09-01", "d": None}, as_of="2026-09-30", min_tenure_days=90
    )
    assert {f.code for f in chosen.findings} == {"incumbent_gone", "tenure_unknown"}


def test_incumbents_gone_are_named() -> None:
    """Those not in the book any more are counted and named, in the order of their ids."""
    chosen = choose(incumbents=["z", "a", "y"])
    (gone,) = chosen.findings
    assert (gone.code, gone.count, gone.examples) == ("incumbent_gone", 2, ("y", "z"))
    assert gone.message == "2 incumbents are not in the book any more"


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ("a", "must be ids"),
        (b"a", "must be ids"),
        (7, "must be ids"),
        (np.array([True, False, True, False, True]), "a mask of rows"),
        ([True, False, True, False, True], "a mask of rows"),
        (["a", None], "has no id"),
        (["a", " "], "has no id"),
        ({"a": "01/02/2026"}, "read in one way"),
        ({"a": "soon"}, "holds no date"),
        (np.array([["a", "b"]]), "2 dimensions"),
    ],
)
def test_incumbents_that_cannot_be_read(wrong: Any, error: str) -> None:
    """One text, a mask, a missing id, a date that is none: each meets a typed error."""
    with pytest.raises(ka.KeyAccountError, match=error):
        choose(incumbents=wrong)


def test_incumbents_need_ids() -> None:
    """Accounts are known by id, on both sides."""
    with pytest.raises(ka.SelectionError, match="ids= is needed: overrides and incumbents"):
        ka.select(SCORES, ka.TopCount(2), incumbents=["a"])
    nameless = ka.select(SCORES, ka.TopCount(2))
    with pytest.raises(ka.SelectionError, match="made without ids"):
        choose(incumbents=nameless)


def test_a_chain_of_quarters() -> None:
    """Since is carried on while an account stays, and starts anew when it comes back."""
    policy = ka.SelectionPolicy(ka.TopCount(2), hold=0.05, min_tenure_days=100)
    q1 = policy.select([0.9, 0.8, 0.7, 0.6], ids=list("abcd"), as_of="2026-03-31")
    assert q1.key_ids == ("a", "b")
    # c is ahead of b by more than the hold, but b became key 91 days ago.
    q2 = policy.select([0.9, 0.5, 0.7, 0.6], ids=list("abcd"), as_of="2026-06-30", incumbents=q1)
    assert reasons(q2) == {
        "a": "minimum_tenure",
        "b": "minimum_tenure",
        "c": "displaced_by_tenure",
        "d": "no_seat",
    }
    q3 = policy.select([0.9, 0.5, 0.7, 0.6], ids=list("abcd"), as_of="2026-09-30", incumbents=q2)
    assert q3.key_ids == ("a", "c")
    assert q3.key_since.astype(str).tolist() == ["2026-03-31", "2026-09-30"]
    assert np.isnat(q3.since[[1, 3]]).all()
    # Rows in another order, one account gone, one back: ids carry it all.
    q4 = policy.select([0.99, 0.98, 0.1], ids=["b", "d", "c"], as_of="2026-12-31", incumbents=q3)
    assert reasons(q4) == {"b": "rank", "d": "displaced_by_tenure", "c": "minimum_tenure"}
    assert q4.since.astype(str).tolist() == ["2026-12-31", "NaT", "2026-09-30"]


def test_an_incumbent_included_by_override_keeps_its_day() -> None:
    """Special approval of an incumbent is no new beginning."""
    put = ka.Override("e", include=True, reason="why", approved_by="VP")
    chosen = choose(overrides=[put], incumbents={"e": "2020-01-01"}, as_of="2026-09-30")
    assert chosen.key_since.astype(str).tolist() == ["2026-09-30", "2020-01-01"]


# --- The cap on changes --------------------------------------------------------------------------


def test_at_most_so_many_enter_and_leave() -> None:
    """Both challengers are ahead; one may enter, so the weaker incumbent alone leaves."""
    chosen = choose(incumbents=["d", "e"], max_changes=1)
    assert reasons(chosen) == {
        "a": "rank",
        "b": "waits_for_change_cap",
        "c": "below_cut",
        "d": "kept_by_change_cap",
        "e": "below_cut",
    }
    frozen = choose(incumbents=["d", "e"], max_changes=0)
    assert frozen.key_ids == ("d", "e")
    assert choose(incumbents=["d", "e"], max_changes=2).key_ids == ("a", "b")


def test_seats_that_were_free_are_filled_no_faster() -> None:
    """The cap is on entering, not only on changing places."""
    chosen = choose(ka.TopCount(4), incumbents=["a"], max_changes=1)
    assert chosen.key_ids == ("a", "b")
    assert reasons(chosen)["c"] == "waits_for_change_cap"


def test_a_first_selection_is_not_capped() -> None:
    """Who follows nobody changes nothing: None and an empty quarter are first quarters."""
    first: tuple[Any, ...] = (None, [], choose(ka.TopCount(0)))
    for incumbents in first:
        assert choose(incumbents=incumbents, max_changes=1).key_ids == ("a", "b")


def test_the_cap_holds_in_each_group_also_where_none_of_it_was_key() -> None:
    """One may enter and one leave in each group, once anybody was key anywhere."""
    chosen = choose(
        ka.TopCount(2), within=["x", "x", "x", "y", "y"], incumbents=["c"], max_changes=1
    )
    assert reasons(chosen) == {
        "a": "rank",
        "b": "waits_for_change_cap",
        "c": "kept_by_change_cap",
        "d": "rank",
        "e": "waits_for_change_cap",
    }


def test_the_quota_goes_before_the_cap() -> None:
    """Seats that are no more cannot be kept: the best incumbents stay."""
    chosen = choose(ka.TopCount(1), incumbents=["a", "b", "c"], max_changes=1)
    assert chosen.key_ids == ("a",)


def test_the_cap_keeps_incumbents_below_a_threshold() -> None:
    """Three would leave under the threshold, one may: the weakest."""
    chosen = choose(ka.AtLeast(0.85), incumbents=["b", "c", "d"], max_changes=1)
    assert reasons(chosen) == {
        "a": "rank",
        "b": "kept_by_change_cap",
        "c": "kept_by_change_cap",
        "d": "below_threshold",
        "e": "below_threshold",
    }


def test_overrides_and_lost_scores_do_not_count_as_changes() -> None:
    """One leaves by override, one has no score any more; still one may go and come by rank."""
    out = ka.Override("c", include=False, reason="why", approved_by="VP")
    chosen = choose(
        ka.TopCount(3),
        [0.9, 0.8, 0.95, float("nan"), 0.1],
        overrides=[out],
        incumbents=["c", "d", "e"],
        max_changes=1,
    )
    assert reasons(chosen) == {
        "a": "rank",
        "b": "waits_for_change_cap",
        "c": "excluded_by_override",
        "d": "unscored",
        "e": "rank",
    }


def test_the_cap_takes_the_best_and_ties_by_id() -> None:
    """Of entrants with equal scores the first by id enters; of incumbents it stays."""
    chosen = ka.select(
        [0.9, 0.9, 0.1, 0.1],
        ka.TopCount(2),
        ids=["n2", "n1", "o2", "o1"],
        incumbents=["o1", "o2"],
        max_changes=1,
    )
    assert set(chosen.key_ids) == {"n1", "o1"}
