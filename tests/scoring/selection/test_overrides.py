"""Overrides: special approval, on record and in force only while it holds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

import keyaccount as ka
from keyaccount.findings import Finding


def put(account: Any, *, include: bool = True, **dates: Any) -> ka.Override:
    """Put an account in, or out."""
    return ka.Override(account, include=include, reason="why", approved_by="VP", **dates)


def chosen(overrides: Any, as_of: Any = "2026-09-30") -> ka.Selection:
    """Choose two of four accounts."""
    return ka.select(
        [0.9, 0.8, 0.1, 0.2], ka.TopCount(2), ids=list("abcd"), as_of=as_of, overrides=overrides
    )


def findings(selection: ka.Selection) -> dict[str, Finding]:
    """Give the findings by code."""
    return {f.code: f for f in selection.findings}


@pytest.mark.parametrize(
    ("dates", "holds"),
    [
        ({}, True),
        ({"expires": "2026-09-30"}, True),  # the last day on which it holds
        ({"expires": "2026-09-29"}, False),
        ({"approved_on": "2026-09-30"}, True),  # the first day on which it holds
        ({"approved_on": "2026-10-01"}, False),
        ({"approved_on": "2026-09-30", "expires": "2026-09-30"}, True),
        ({"expires": date(2026, 12, 31)}, True),
        ({"expires": datetime(2026, 9, 29, 12)}, False),  # noqa: DTZ001 - a day has no zone
    ],
)
@pytest.mark.parametrize("include", [True, False])
def test_an_override_holds_from_its_first_to_its_last_day(
    dates: dict[str, Any], holds: bool, include: bool
) -> None:
    """Both days count; before and after, the score decides, and the reader is told."""
    account = "c" if include else "a"
    selection = chosen([put(account, include=include, **dates)])
    assert (account in selection.key_ids) == (include if holds else not include)
    idle = {"override_expired", "override_not_in_force"} & set(findings(selection))
    assert bool(idle) != holds


def test_what_a_reader_is_told_of_overrides() -> None:
    """Expired, not yet in force, unknown, contradicting and repeated ones are named and counted."""
    selection = chosen(
        [
            put("d", expires="2026-01-01"),
            put("c", approved_on="2027-01-01"),
            put("zz"),
            put("yy", include=False),
            put("a", include=False),
            put("a", include=True),
            put("c"),
            put("c"),
        ]
    )
    found = findings(selection)
    assert {code: (f.count, f.examples) for code, f in found.items()} == {
        "override_expired": (1, ("d",)),
        "override_not_in_force": (1, ("c",)),
        "override_unknown": (2, ("yy", "zz")),
        "override_contradicted": (1, ("a",)),
        "override_repeated": (1, ("c",)),
    }
    assert found["override_unknown"].message == (
        "2 accounts' overrides name no account of the book"
    )
    assert found["override_expired"].message == "1 account's override has expired"
    assert {f.where for f in found.values()} == {"overrides"}
    assert selection.key_ids == ("b", "c")


def test_accounts_displaced_are_named() -> None:
    """Who loses a seat to an included account says so in its reason and in a finding."""
    selection = chosen([put("c"), put("d")])
    assert selection.key_ids == ("c", "d")
    assert selection.reason[:2].tolist() == ["displaced_by_override"] * 2
    found = findings(selection)["displaced_by_override"]
    assert (found.count, found.examples) == (2, ("a", "b"))
    assert "2 accounts lose their seat" in found.message


def test_an_account_included_that_is_in_anyway_displaces_nobody() -> None:
    """An override that changes nothing is still the reason, and nobody pays for it."""
    selection = chosen([put("a")])
    assert selection.reason.tolist() == [
        "included_by_override",
        "rank",
        "below_cut",
        "below_cut",
    ]
    assert selection.findings == ()


def test_repeated_overrides_take_one_seat() -> None:
    """Two approvals of one account are one seat inside the quota."""
    selection = chosen([put("c"), put("c"), put("d")])
    assert selection.key_ids == ("c", "d")


def test_the_record_shows_the_override_that_decided() -> None:
    """Where one says in and one says out, out wins and is the one shown."""
    stay = ka.Override("a", include=True, reason="flagship", approved_by="VP")
    leave = ka.Override("a", include=False, reason="in court", approved_by="CEO")
    for overrides in ([stay, leave], [leave, stay]):
        row = chosen(overrides).row(0)
        assert row["override"] == "in court (approved by CEO)"
        assert row["reason"] == "excluded_by_override"
    assert "override" not in chosen([stay]).row(1)


def test_ids_of_any_kind_are_met_as_texts() -> None:
    """7, 7.0 and "7" are one account."""
    for account in (7, 7.0, "7"):
        selection = ka.select(
            [0.1, 0.2], ka.TopCount(1), ids=[7, 8], overrides=[put(account)], as_of=None
        )
        assert selection.key_ids == ("7",)


def test_dated_overrides_need_the_day() -> None:
    """Without as_of nobody can say whether they hold; undated ones need no day."""
    assert chosen([put("c")], as_of=None).key_ids == ("a", "c")
    for as_of in (None, "", float("nan")):
        with pytest.raises(ka.SelectionError, match="as_of= is needed: the override of 'c' is da"):
            chosen([put("c", expires="2027-01-01")], as_of=as_of)


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": None},
        {"account": " "},
        {"include": 1},
        {"reason": ""},
        {"approved_by": None},
        {"expires": "31.12.2026"},
        {"approved_on": "2026-09-02", "expires": "2026-09-01"},
    ],
)
def test_an_override_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    """A blank text, a date that is none, an end before the start."""
    given: dict[str, Any] = {
        "account": "a",
        "include": True,
        "reason": "why",
        "approved_by": "VP",
    } | wrong
    with pytest.raises(ka.SpecError, match=f"Override.{list(wrong)[-1]}"):
        ka.Override(given.pop("account"), **given)


@pytest.mark.parametrize("wrong", [None, "c", [{"account": "c"}], put("c"), [put("c"), "d"], 5])
def test_overrides_must_be_overrides(wrong: Any) -> None:
    """Anything else meets a typed error that says how they are built."""
    with pytest.raises(ka.SelectionError, match="overrides= must be Overrides"):
        chosen(wrong)
