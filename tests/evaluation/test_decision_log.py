"""A decision log replays to the same result, or says where it does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import attrs
import pytest

import keyaccount as ka

Make: TypeAlias = Callable[..., ka.Quarter]
JUNE = "2026-06-30"


def pair(quarter: Make, **september: Any) -> tuple[ka.Quarter, ka.Quarter]:
    """Give two quarters of three accounts, in which b takes the seat of c."""
    first = {"id": list("abc"), "sales": [90.0, 50.0, 60.0], "potential": [90.0, 50.0, 60.0]}
    second = {"id": list("cab"), "sales": [60.0, 80.0, 70.0], "potential": [60.0, 90.0, None]}
    policy = ka.SelectionPolicy(ka.TopCount(1), hold=0.1)
    before = quarter(first, day=JUNE, policy=policy)
    more = {"policy": policy, "incumbents": before.selection}
    return before, quarter({**second, **september}, **more)


def test_an_entry_says_what_was_decided_and_on_what(quarter: Make) -> None:
    """One line per account, by id, with parts of the score and both digests."""
    before, after = pair(quarter)
    log = ka.decision_log(ka.review(before, after), ka.digest)
    assert [e["account"] for e in log.entries] == ["a", "b", "c"]
    entry = json.loads(log.lines[0])
    assert entry["decision"] == "watch"
    assert (entry["as_of"], entry["previous"]) == ("2026-09-30", JUNE)
    assert entry["data_effect"] == pytest.approx(-0.05)
    assert entry["score_before"] + entry["data_effect"] + entry["spec_effect"] == pytest.approx(
        entry["score"], abs=1e-12
    )
    assert (entry["is_key"], entry["was_key"], entry["fails"]) == (True, True, ["retain"])
    assert {len(d) for d in entry["digest"].values()} == {64}
    assert json.loads(log.lines[2])["decision"] is None
    assert log.as_of == ("2026-09-30",)


def test_a_log_reads_back_and_replays(quarter: Make) -> None:
    """Text and lines hold the same log, and the same quarters give every entry again."""
    quarters = pair(quarter)
    log = ka.decision_log(ka.review(*quarters), ka.digest)
    assert ka.DecisionLog.parse(log.text).entries == log.entries
    assert ka.DecisionLog.parse([*log.lines, ""]).text == log.text
    for given in (log, log.text, list(log.lines)):
        found = ka.replay_log(given, quarters, ka.digest)
        assert (found.agrees, found.entries, found.matched) == (True, 3, 3)


def test_several_quarters_in_one_log(quarter: Make) -> None:
    """The first review has nothing before it; logs of several quarters are put together."""
    before, after = pair(quarter)
    first = ka.decision_log(ka.review(None, before), ka.digest)
    second = ka.decision_log(ka.review(before, after), ka.digest)
    text = first.text + second.text
    assert ka.DecisionLog.parse(text).as_of == (JUNE, "2026-09-30")
    assert ka.replay_log(text, [None, before, after], ka.digest).matched == 6
    lost = ka.replay_log(second.text, [None, before, after], ka.digest).difference
    assert lost is not None
    assert (lost.field, lost.as_of, lost.logged) == ("entry", JUNE, None)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"sales": [60.0, 80.0, 71.0]}, "digest.data"),
        ({"lifecycle_stage": ["churn", None, None]}, "digest.data"),
        ({"spare": [1, 2, 3]}, None),
    ],
)
def test_data_that_changed_are_told(quarter: Make, changed: Any, field: str | None) -> None:
    """What the review reads counts, also where it changes no decision; nothing else does."""
    log = ka.decision_log(ka.review(*pair(quarter)), ka.digest)
    difference = ka.replay_log(log, pair(quarter, **changed), ka.digest).difference
    assert (None if difference is None else difference.field) == field


def test_specs_incumbents_and_days_that_changed_are_told(quarter: Make) -> None:
    """Other rules, another policy, an override, other incumbents."""
    before, after = pair(quarter)
    log = ka.decision_log(ka.review(before, after), ka.digest)
    tighter = attrs.evolve(after, policy=ka.SelectionPolicy(ka.TopCount(1), hold=0.2))
    out = ka.Override("b", include=False, reason="left", approved_by="VP")
    cases = {
        "digest.spec": [tighter, attrs.evolve(after, overrides=[out])],
        "digest.data": [attrs.evolve(after, incumbents=None)],
    }
    for field, others in cases.items():
        for other in others:
            difference = ka.replay_log(log, [before, other], ka.digest).difference
            assert difference is not None
            assert (difference.field, difference.account) == (field, "a")
    rules = ka.ReviewRules(watch_fall=0.5)
    found = ka.replay_log(log, [before, after], ka.digest, rules=rules)
    assert found.difference is not None
    assert found.difference.field == "digest.spec"


def test_a_line_that_was_touched_is_found(quarter: Make) -> None:
    """The first difference is told with both values; what comes before it matched."""
    quarters = pair(quarter)
    log = ka.decision_log(ka.review(*quarters), ka.digest)
    entries = [dict(e) for e in log.entries]
    entries[1]["decision"] = "promote"
    found = ka.replay_log(ka.DecisionLog(entries), quarters, ka.digest)
    assert found.matched == 1
    assert str(found.difference) == (
        "'b' as of 2026-09-30: decision is None, the log says 'promote'"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "this is no JSON.*line 1"),
        ('\n{"account": "a"}', "no entry of a decision log @ line 2"),
        ('{"schema_version": 3, "as_of": "2026-01-01", "account": "a"}', "version 3 is met"),
        ("[]", "no entry"),
    ],
)
def test_what_is_no_log_is_refused(text: str, message: str) -> None:
    """A line that cannot be an entry is told by its number."""
    with pytest.raises(ka.SerialisationError, match=message):
        ka.DecisionLog.parse(text)


def test_quarters_that_cannot_be_replayed_are_refused(quarter: Make) -> None:
    """Two quarters at least, and one entry per account."""
    before, after = pair(quarter)
    log = ka.decision_log(ka.review(before, after), ka.digest)
    for quarters in ([after], [before, None]):
        with pytest.raises(ka.SpecError, match="at least two quarters"):
            ka.replay_log(log, quarters, ka.digest)
    with pytest.raises(ka.SpecError, match="each account once"):
        ka.replay_log(log.text * 2, [before, after], ka.digest)


@pytest.mark.parametrize("odd", ["a\u2028b", "a\u2029b", "a\x85b"])
def test_a_separator_within_an_id_is_no_end_of_a_line(quarter: Make, odd: str) -> None:
    """JSON leaves such characters as they are; a byte order mark and CRLF are no harm."""
    columns = {"id": [odd, "c"], "sales": [90.0, 1.0], "potential": [1.0, 1.0]}
    log = ka.decision_log(ka.review(None, quarter(columns)), ka.digest)
    windows = "\ufeff" + log.text.replace("\n", "\r\n")
    for text in (log.text, windows, windows.split("\n")):
        assert ka.DecisionLog.parse(text).entries == log.entries


@pytest.mark.parametrize("given", [b"{}", None, Path("log"), [b"{}"], 3])
def test_what_is_no_text_is_refused(given: Any) -> None:
    """Bytes, a path or nothing are told by what they are."""
    with pytest.raises(ka.SerialisationError, match="a text or lines of text are needed"):
        ka.DecisionLog.parse(given)


def test_what_the_earlier_scorer_reads_counts_in_the_later_quarter(quarter: Make) -> None:
    """It makes the effect of the data, also where the later scorer reads it no more."""
    before, after = pair(quarter)
    gone = attrs.evolve(after.scorer.criteria[1], column="sales")
    criteria = [after.scorer.criteria[0], gone]
    after = attrs.evolve(after, scorer=attrs.evolve(after.scorer, criteria=criteria))
    log = ka.decision_log(ka.review(before, after), ka.digest)
    other = attrs.evolve(after, columns={**after.columns, "potential": [60.0, 90.0, 5.0]})
    difference = ka.replay_log(log, [before, other], ka.digest).difference
    assert difference is not None
    assert difference.field == "digest.data"


@pytest.mark.parametrize(
    ("field", "value"),
    [("approved", None), ("decision", ...), ("is_key", 1), ("seat_by_data", 0.0)],
)
def test_fields_added_or_gone_and_other_types_are_found(
    quarter: Make, field: str, value: Any
) -> None:
    """A null that nobody wrote, a null that is gone, 1 for true, 0.0 for 0."""
    quarters = pair(quarter)
    entries = [dict(e) for e in ka.decision_log(ka.review(*quarters), ka.digest).entries]
    row = 2 if field == "decision" else 0
    assert field == "approved" or entries[row][field] in {None, True, 0}
    entries[row][field] = value
    if value is ...:
        del entries[row][field]
    difference = ka.replay_log(ka.DecisionLog(entries), quarters, ka.digest).difference
    assert difference is not None
    assert difference.field == field


def test_a_replay_needs_quarters_and_a_digest(quarter: Make) -> None:
    """One quarter that is no list, or no digest."""
    before, after = pair(quarter)
    with pytest.raises(ka.SpecError, match="at least two quarters"):
        ka.replay_log("", before, ka.digest)  # type: ignore[arg-type]
    with pytest.raises(ka.SpecError, match="must name a spec"):
        ka.replay_log("", [before, after], None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"schema_version": 2, "as_of": "2026-09-30", "account": "a", "x": NaN}', "NaN is no"),
        ('{"schema_version": 2, "as_of": "2026-09-30", "account": "a", "x": -Infinity}', "-Inf"),
        ('{"schema_version": 2, "as_of": [1], "account": "a"}', "'as_of' must be text"),
        ('{"schema_version": 2, "as_of": "2026-09-30", "account": 5}', "'account' must be text"),
    ],
)
def test_what_no_log_holds_is_refused(line: str, problem: str) -> None:
    """Numbers that JSON does not know, and a day or an account that is no text, are told."""
    with pytest.raises(ka.SerialisationError, match=problem):
        ka.DecisionLog.parse(line)
