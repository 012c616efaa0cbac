"""`review`: what changed between two quarters, and what becomes of each account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keyaccount.errors import SpecError
from keyaccount.evaluation.answers import answers_of, not_given, states_not_known, windows_overlap
from keyaccount.evaluation.decision import decide, grounds_of, seats_of
from keyaccount.evaluation.drivers import Drivers
from keyaccount.evaluation.four_findings import FourFindings
from keyaccount.evaluation.joined import Joined
from keyaccount.evaluation.moves import migrations, money_problems, moves_not_given
from keyaccount.evaluation.quarter import Quarter
from keyaccount.evaluation.reviewed import Review
from keyaccount.evaluation.rules import ReviewRules
from keyaccount.evaluation.symptoms import symptoms_of
from keyaccount.evaluation.ways import WaysToFail
from keyaccount.findings import Finding
from keyaccount.segments.migrated import Migration

__all__ = ["review"]

_WATCHED = ("coverage", "plan", "tasks", "get_in", "grow", "retain")

_SHOWN = 5

_COMMON = 0.5
"""Where fewer than this share of the smaller quarter's accounts are in both, a reader is told."""


def review(before: Quarter | None, after: Quarter, *, rules: ReviewRules | None = None) -> Review:
    """Review the accounts of a quarter against the one before: dynamic evaluation (动态评估).

    Four questions are asked of each account that is key in either quarter: is it still key, is it
    in the right hands, are strategy and tactics right, how do the core tasks stand. What was not
    given is asked for, and never counts as fine.

    Parameters
    ----------
    before
        The earlier quarter; None for the first review there is, in which those whom `after` names
        as incumbents were key before.
    after
        The later quarter. Accounts are joined by id. Its incumbents should be the key accounts of
        `before`; a note names those in whom the two differ, and its seats stay what they are.
    rules
        By what to find, decide and count; None: `ReviewRules` as it comes.

    Returns
    -------
    Review
        The decision for each account with its reason, the four findings, what moved the scores, the
        ways to fail, migration, and the symptoms of the programme. The accounts are those of
        `after` in its order, then those that left, in the order of `before`; in a first review,
        incumbents who are not in the book have left.

    Raises
    ------
    SpecError
        A quarter is none, or the later one is not later.
    ColumnError, RowError
        A column that the rules read cannot be read as what it should be.

    Notes
    -----
    The decision takes the first that fits: ``promote``, key now and not before; ``demote``, key
    before and not now; ``hold``, key by hold, tenure or the cap on changes and not by its score;
    ``watch``, key, and near the cut (the best account without a seat, or the threshold, is within
    the margin of the policy), or its data let the score fall by more than `ReviewRules.watch_fall`
    (another spec is no fall of the account), or one of the other three questions or one of the ways
    to fail found something; ``keep``, key and none of these. The reason of ``promote`` and ``hold``
    tells the grounds to watch as well. Accounts that are key in neither quarter need no decision.
    The four questions are those of the method;
    the decisions and their order are a choice of this library.

    Each account's result depends on that account and on the two selections alone; every result is
    the same, to the last bit, in any order of the rows.

    Examples
    --------
    >>> import keyaccount as ka
    >>> scorer = ka.CompositeScorer(
    ...     criteria=[
    ...         ka.Criterion("sales", column="sales", value=ka.Linear(0, 100)),
    ...         ka.Criterion("potential", column="potential", value=ka.Linear(0, 100)),
    ...     ],
    ...     weights={"sales": 0.5, "potential": 0.5},
    ... )
    >>> policy = ka.SelectionPolicy(ka.TopCount(1))
    >>> june = ka.Quarter(
    ...     {"id": ["a", "b"], "sales": [80.0, 50.0], "potential": [60.0, 40.0]},
    ...     scorer,
    ...     policy=policy,
    ...     as_of="2026-06-30",
    ... )
    >>> september = ka.Quarter(
    ...     {"id": ["a", "b"], "sales": [40.0, 90.0], "potential": [60.0, 50.0]},
    ...     scorer,
    ...     policy=policy,
    ...     as_of="2026-09-30",
    ...     incumbents=june.selection,
    ... )
    >>> found = ka.review(june, september)
    >>> found.decision.tolist()
    ['demote', 'promote']
    >>> found.drivers.data
    array([-0.2 ,  0.25])
    >>> found.migration["seat"].accounts("key", "not_key")
    ('a',)
    """
    _check(before, after, rules)
    chosen = ReviewRules() if rules is None else rules
    joined = Joined(before, after)
    seats, drivers = seats_of(joined), Drivers(joined)
    answers = answers_of(chosen.checks, joined)
    found = {subject: answers.about(subject) for subject in _WATCHED}
    grounds = grounds_of(seats, drivers.own, found, chosen.watch_fall)
    moved = migrations(joined, chosen.moves, chosen.money)
    return Review(
        joined=joined,
        rules=chosen,
        seats=seats,
        grounds=grounds,
        decision_code=decide(seats, grounds),
        findings=FourFindings(joined, seats, answers),
        drivers=drivers,
        ways=WaysToFail(seats, answers, joined.ids),
        migration=moved,
        symptoms=symptoms_of(joined, chosen, joined.after.selection.is_key),
        notes=(
            *drivers.notes,
            *_few_in_common(joined),
            *_other_incumbents(joined),
            *_moved_notes(moved),
            *windows_overlap(chosen.checks, joined),
            *not_given(chosen.checks, joined),
            *states_not_known(chosen.checks, joined),
            *moves_not_given(joined, chosen.moves),
            *money_problems(joined, chosen.money),
            *joined.infinite(),
        ),
    )


def _check(before: Quarter | None, after: Quarter, rules: ReviewRules | None) -> None:
    given: tuple[tuple[str, Any, Any], ...] = (
        ("before", before, Quarter | None),
        ("after", after, Quarter),
        ("rules", rules, ReviewRules | None),
    )
    for name, value, kind in given:
        if not isinstance(value, kind):
            wanted = "ReviewRules" if name == "rules" else "a Quarter"
            hint = "see Quarter and ReviewRules."
            raise SpecError.from_field(f"review({name})", f"must be {wanted}", value, hint)
    if before is not None and before.as_of >= after.as_of:
        raise SpecError.from_field(
            "review(after)",
            f"must be later than before, {before.as_of}",
            str(after.as_of),
            "pass the earlier quarter first; a quarter is not reviewed against itself.",
        )


def _few_in_common(joined: Joined) -> list[Finding]:
    """Say so where two quarters hardly have the same accounts."""
    if joined.before is None:
        return []
    common, smaller = joined.common, min(len(joined.before), len(joined.after))
    message = f"the two quarters have {common} accounts in common, of {smaller} in the smaller one"
    found = Finding(code="few_in_common", message=message, count=common, where=joined.after.id)
    return [found] if common < _COMMON * smaller else []


def _other_incumbents(joined: Joined) -> list[Finding]:
    """Name those in whom the incumbents of the later quarter differ from the earlier key accounts.

    Where no incumbents are given, that matters only to a policy that asks for them.
    """
    before, after = joined.before, joined.after
    policy = after.policy
    asks = policy.hold > 0.0 or policy.min_tenure_days > 0 or policy.max_changes is not None
    if before is None or (after.incumbents is None and not asks):
        return []
    differ = sorted(set(before.selection.key_ids) ^ set(after.incumbents or ()))
    more = f" and {len(differ) - _SHOWN} more" if len(differ) > _SHOWN else ""
    message = (
        "the incumbents of the later quarter are not the key accounts of the earlier one; only one "
        f"of them names {', '.join(differ[:_SHOWN])}{more}: pass incumbents=before.selection"
    )
    found = Finding(
        code="other_incumbents",
        message=message,
        count=len(differ),
        where="incumbents",
        examples=tuple(differ[:_SHOWN]),
    )
    return [found] if differ else []


def _moved_notes(moved: Mapping[str, Migration]) -> list[Finding]:
    """Tell each finding of the migrations once."""
    return list(dict.fromkeys(f for found in moved.values() for f in found.findings))
