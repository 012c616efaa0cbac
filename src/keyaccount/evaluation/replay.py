"""`replay_log`: review stored quarters again and compare every decision with the log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final

import attrs

from keyaccount._validators import exact_tuple
from keyaccount.errors import SpecError
from keyaccount.evaluation.decision_log import DecisionLog, SpecDigest, decision_log
from keyaccount.evaluation.quarter import Quarter
from keyaccount.evaluation.review import review
from keyaccount.evaluation.rules import ReviewRules

__all__ = ["LogDifference", "Replay", "replay_log"]

_NO_FIELD: Final = "no such field"
"""What stands for a field that an entry has not, which is not one that is null."""


@attrs.frozen(kw_only=True, eq=False)
class LogDifference:
    """The first place where an entry of a log and its replay differ.

    Attributes
    ----------
    as_of, account
        The quarter and the account.
    field
        What differs: ``"digest.spec"`` and ``"digest.data"`` say that the specs or the data are not
        those of the log; ``"entry"`` that one of the two has no such entry.
    logged, replayed
        What the log holds, and what the replay gave; None where there is no entry, and
        ``"no such field"`` where an entry lacks the field.

    Examples
    --------
    >>> import keyaccount as ka
    >>> difference = ka.LogDifference(
    ...     as_of="2026-09-30", account="A-1", field="decision", logged="keep", replayed="watch"
    ... )
    >>> difference.logged, difference.replayed
    ('keep', 'watch')
    """

    as_of: str
    account: str
    field: str
    logged: Any
    replayed: Any

    def __str__(self) -> str:
        return (
            f"{self.account!r} as of {self.as_of}: {self.field} is {self.replayed!r}, "
            f"the log says {self.logged!r}"
        )


@attrs.frozen(kw_only=True, eq=False)
class Replay:
    """What became of replaying a log.

    Attributes
    ----------
    entries
        How many entries the log has.
    matched
        How many of them the replay gave again, to the last digit, before the first difference.
    differences
        The first difference of each entry that differs, by day and account.

    Examples
    --------
    >>> import keyaccount as ka
    >>> scorer = ka.CompositeScorer(
    ...     criteria=[ka.Criterion("size", column="size", value=ka.Linear(0, 1))],
    ...     weights={"size": 1},
    ... )
    >>> policy = ka.SelectionPolicy(ka.TopCount(1))
    >>> columns = {"id": ["a", "b"], "size": [0.9, 0.5]}
    >>> quarter = ka.Quarter(columns, scorer, policy=policy, as_of="2026-09-30")
    >>> log = ka.decision_log(ka.review(None, quarter), ka.digest)
    >>> ka.replay_log(log.text, [None, quarter], ka.digest)
    Replay(entries=2, matched=2, differences=())
    """

    entries: int
    matched: int
    differences: tuple[LogDifference, ...] = attrs.field(converter=exact_tuple)

    @property
    def difference(self) -> LogDifference | None:
        """The first difference of all; None where there is none."""
        return self.differences[0] if self.differences else None

    @property
    def agrees(self) -> bool:
        """Whether every entry came out as it was logged."""
        return not self.differences


def replay_log(
    log: DecisionLog | str | Iterable[str],
    quarters: Sequence[Quarter | None],
    digest: SpecDigest,
    *,
    rules: ReviewRules | None = None,
) -> Replay:
    """Review stored quarters again, and find what differs from what was logged.

    Parameters
    ----------
    log
        The log, its text or its lines; of one quarter, or of several put together.
    quarters
        The quarters in their order, each reviewed against the one before it. None at the start
        stands for nothing before: the first review there was.
    digest
        What names a spec: pass `keyaccount.digest`.
    rules
        By what was reviewed; None: `ReviewRules` as it comes.

    Returns
    -------
    Replay
        How many entries came out as logged, and those that did not.

    Raises
    ------
    SerialisationError
        A line is no entry of a log.
    SpecError
        There are fewer than two quarters.

    Notes
    -----
    Where the specs or the data are others, the digests say so, and they are compared first. Scores
    are compared to the last digit, which holds for one build of numpy on one family of processors.

    Examples
    --------
    >>> import keyaccount as ka
    >>> scorer = ka.CompositeScorer(
    ...     criteria=[ka.Criterion("size", column="size", value=ka.Linear(0, 1))],
    ...     weights={"size": 1},
    ... )
    >>> def quarter(size):
    ...     return ka.Quarter(
    ...         {"id": ["a", "b"], "size": size},
    ...         scorer,
    ...         policy=ka.SelectionPolicy(ka.AtLeast(0.6)),
    ...         as_of="2026-09-30",
    ...     )
    >>> text = ka.decision_log(ka.review(None, quarter([0.9, 0.5])), ka.digest).text
    >>> ka.replay_log(text, [None, quarter([0.9, 0.5])], ka.digest).agrees
    True
    >>> ka.replay_log(text, [None, quarter([0.9, 0.7])], ka.digest).difference.field
    'digest.data'
    """
    read = log if isinstance(log, DecisionLog) else DecisionLog.parse(log)
    _check(quarters, digest)
    again = [
        entry
        for before, after in pairwise(quarters)
        if after is not None
        for entry in decision_log(review(before, after, rules=rules), digest).entries
    ]
    return _compared(read.entries, again)


def _check(quarters: Any, digest: Any) -> None:
    several = isinstance(quarters, Sequence) and len(quarters) > 1
    if not several or any(q is None for q in quarters[1:]):
        raise SpecError.from_field(
            "replay_log(quarters)",
            "must be at least two quarters, of which only the first may be None",
            len(quarters) if isinstance(quarters, Sequence) else quarters,
            "pass [None, quarter] for a first review.",
        )
    if not callable(digest):
        hint = "pass keyaccount.digest."
        raise SpecError.from_field("replay_log(digest)", "must name a spec", digest, hint)


def _compared(logged: Sequence[dict[str, Any]], again: Sequence[dict[str, Any]]) -> Replay:
    """Compare entries one by one, in the order of days and ids."""
    mine, theirs = _by_place(again), _by_place(logged)
    places = sorted({*mine, *theirs})
    found = [_difference(place, theirs.get(place), mine.get(place)) for place in places]
    matched = next((n for n, one in enumerate(found) if one is not None), len(found))
    differences = [one for one in found if one is not None]
    return Replay(entries=len(logged), matched=matched, differences=differences)


def _by_place(entries: Sequence[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in entries:
        place = (str(entry["as_of"]), str(entry["account"]))
        if place in found:
            hint = "keep one log per review."
            raise SpecError.from_field("the log", "must tell each account once", place, hint)
        found[place] = entry
    return found


def _difference(
    place: tuple[str, str], logged: dict[str, Any] | None, replayed: dict[str, Any] | None
) -> LogDifference | None:
    """Find what differs first: the digests, which explain the rest, then field by field."""
    as_of, account = place
    if logged is None or replayed is None:
        one = None if logged is None else "there"
        other = None if replayed is None else "there"
        return LogDifference(
            as_of=as_of, account=account, field="entry", logged=one, replayed=other
        )
    if _as_written(logged) == _as_written(replayed):
        return None
    theirs, mine = _flat(logged), _flat(replayed)
    for field in dict.fromkeys(["digest.spec", "digest.data", *mine, *theirs]):
        one, other = theirs.get(field, _NO_FIELD), mine.get(field, _NO_FIELD)
        if _as_written(one) != _as_written(other):
            return LogDifference(
                as_of=as_of, account=account, field=field, logged=one, replayed=other
            )
    return None


def _as_written(value: Any) -> str:
    """Write a value as JSON, in which true, 1 and 1.0 differ."""
    return json.dumps(value, sort_keys=True, default=repr)


def _flat(entry: dict[str, Any]) -> dict[str, Any]:
    """Bring the digests to the level of the other fields."""
    digests = entry.get("digest")
    named = digests if isinstance(digests, dict) else {"digest": digests}
    rest = {name: value for name, value in entry.items() if name != "digest"}
    return {**rest, **{f"digest.{name}": value for name, value in named.items()}}
