"""`decision_log`: what a review decided, one line of JSON per account, to be replayed later."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cached_property
from hashlib import sha256
from typing import Any, Final, TypeAlias

import attrs
import numpy as np

from keyaccount._columns import names_of
from keyaccount._validators import exact_tuple
from keyaccount.errors import SerialisationError
from keyaccount.evaluation.check import QUESTIONS
from keyaccount.evaluation.data_digest import data_digest
from keyaccount.evaluation.quarter import Quarter
from keyaccount.evaluation.reviewed import Review
from keyaccount.evaluation.rules import ReviewRules
from keyaccount.evaluation.seat_parts import SEAT_PARTS
from keyaccount.evaluation.symptoms import SYMPTOM_COLUMNS

__all__ = ["LOG_VERSION", "DecisionLog", "SpecDigest", "decision_log"]

LOG_VERSION: Final = 2
"""The version of the lines; a change of their meaning makes another."""

SpecDigest: TypeAlias = Callable[[Any], str]
"""What gives the digest of a spec: `keyaccount.digest`."""


@attrs.frozen(eq=False, slots=False)
class DecisionLog:
    """Decisions as entries of plain data, one per account and quarter.

    Parameters
    ----------
    entries
        One dict per account, by id: what was decided, why, and on what it rests.

    Examples
    --------
    >>> import keyaccount as ka
    >>> log = ka.DecisionLog.parse('{"schema_version": 2, "as_of": "2026-09-30", "account": "a"}')
    >>> len(log), log.as_of
    (1, ('2026-09-30',))
    """

    entries: tuple[dict[str, Any], ...] = attrs.field(converter=exact_tuple)

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def as_of(self) -> tuple[str, ...]:
        """The quarters it holds, in their order."""
        return tuple(dict.fromkeys(entry["as_of"] for entry in self.entries))

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The entries as lines of JSON."""
        return tuple(
            json.dumps(entry, ensure_ascii=False, allow_nan=False) for entry in self.entries
        )

    @property
    def text(self) -> str:
        """The whole log as the text of a file, one line each (JSON lines)."""
        return "".join(f"{line}\n" for line in self.lines)

    @classmethod
    def parse(cls, text: str | Iterable[str]) -> DecisionLog:
        """Read a log again, from its text or its lines; blank lines are nothing.

        A line ends with a line feed alone: other separators may stand within a text. A byte order
        mark in front is nothing.

        Raises
        ------
        SerialisationError
            A line is no entry of a log, or of a version that this library does not know; or what
            is given is neither a text nor lines.
        """
        lines = _lines(text)
        numbered = [(n, line) for n, line in enumerate(lines, start=1) if line.strip()]
        return cls([_entry(n, line) for n, line in numbered])


def decision_log(review: Review, digest: SpecDigest) -> DecisionLog:
    """Write down what a review decided, so that it can be replayed from the same specs and data.

    Parameters
    ----------
    review
        What `review` returned.
    digest
        What names a spec: pass `keyaccount.digest`.

    Returns
    -------
    DecisionLog
        One entry per account, by id: day, decision and reason; the seat and its reason; the four
        findings and the ways to fail; the scores and the effects of data and spec, None where there
        is none; the digests of the specs and of the data.

    Notes
    -----
    The digest of the specs covers both scorers, both policies, the overrides and the rules; that of
    the data covers every column they read, in the later quarter those of the earlier scorer too,
    the incumbents and both days.

    Examples
    --------
    >>> import keyaccount as ka
    >>> scorer = ka.CompositeScorer(
    ...     criteria=[ka.Criterion("size", column="size", value=ka.Linear(0, 1))],
    ...     weights={"size": 1},
    ... )
    >>> quarter = ka.Quarter(
    ...     {"id": ["b", "a"], "size": [0.5, 0.9]},
    ...     scorer,
    ...     policy=ka.SelectionPolicy(ka.AtLeast(0.6)),
    ...     as_of="2026-09-30",
    ... )
    >>> log = ka.decision_log(ka.review(None, quarter), ka.digest)
    >>> [(e["account"], e["decision"], e["score"]) for e in log.entries]
    [('a', 'promote', 0.9), ('b', None, 0.5)]
    """
    digests = {"spec": _spec_digest(review, digest), "data": _data_digest(review)}
    before = review.joined.before
    head = {
        "schema_version": LOG_VERSION,
        "as_of": review.joined.after.as_of.isoformat(),
        "previous": None if before is None else before.as_of.isoformat(),
    }
    ids = review.ids.tolist()
    rows = sorted(range(len(ids)), key=ids.__getitem__)
    written = _written(review)
    return DecisionLog(
        [
            {**head, "account": ids[i], **{k: v[i] for k, v in written.items()}, "digest": digests}
            for i in rows
        ]
    )


def _written(review: Review) -> dict[str, list[Any]]:
    """Give what is written of every account, as lists of plain values."""
    drivers, ways = review.drivers, review.ways
    numbers = {
        "score_before": drivers.before,
        "score": drivers.after,
        "score_change": drivers.change,
        "data_effect": drivers.data,
        "spec_effect": drivers.spec,
    }
    answers = {question: review.findings.answer(question) for question in QUESTIONS}
    return {
        "decision": review.decision.tolist(),
        "reason": review.reason.tolist(),
        "is_key": review.seats.now.tolist(),
        "was_key": review.seats.was.tolist(),
        **{name: answer.tolist() for name, answer in answers.items()},
        "fails": [list(ways.shown(i)) for i in range(len(review))],
        **{name: _known(column) for name, column in numbers.items()},
        **{f"seat_by_{p}": getattr(drivers, f"seat_by_{p}").tolist() for p in SEAT_PARTS},
    }


def _known(column: Any) -> list[float | None]:
    """JSON knows no NaN: write it as nothing."""
    return [None if np.isnan(value) else value for value in column.tolist()]


def _spec_digest(review: Review, digest: SpecDigest) -> str:
    """Name all specs of a review at once."""
    parts = [digest(review.rules)]
    for quarter in (review.joined.before, review.joined.after):
        if quarter is None:
            parts.append("none")
            continue
        own = sorted(digest(override) for override in quarter.overrides)
        parts += [digest(quarter.scorer), digest(quarter.policy), *own, "end"]
    return sha256("\n".join(parts).encode("utf-8")).hexdigest()


def _data_digest(review: Review) -> str:
    """Name all data of a review at once."""
    before, after = review.joined.before, review.joined.after
    # the earlier scorer scores the later quarter too: that is the effect of the data
    names = () if before is None else before.scorer.reads
    parts = ["none"] if before is None else _data_of(before, review.rules)
    parts += _data_of(after, review.rules, names)
    return sha256(json.dumps(parts).encode("utf-8")).hexdigest()


def _data_of(quarter: Quarter, rules: ReviewRules, more: tuple[str, ...] = ()) -> list[str]:
    """Name the columns that are read, the day, and who was key before."""
    there = names_of(quarter.columns)
    within = [] if quarter.within is None else [quarter.within]
    names = (*quarter.scorer.reads, *more, *within, *rules.reads, *SYMPTOM_COLUMNS)
    read = [n for n in names if n in there]
    named = quarter.incumbents
    before = [] if named is None else sorted(f"{who} {day}" for who, day in named.items())
    columns = data_digest(quarter.columns, id=quarter.id, names=read)
    windows = sorted(f"{name} {months}" for name, months in quarter.trailing.items())
    return [quarter.as_of.isoformat(), quarter.within or "", columns, *windows, "windows", *before]


def _lines(given: Any) -> list[str]:
    """Split at line feeds alone: JSON leaves U+2028 and its like within a text as they are."""
    if isinstance(given, str):
        return given.removeprefix("\ufeff").split("\n")
    lines: list[Any] = list(given) if isinstance(given, Iterable) else [given]
    if not all(isinstance(line, str) for line in lines):
        problem = f"a text or lines of text are needed (got {type(given).__name__})"
        hint = 'read a file by path.read_text("utf-8").'
        raise SerialisationError.from_path("log", problem, hint)
    return [lines[0].removeprefix("\ufeff"), *lines[1:]] if lines else []


def _no_number(word: str) -> None:
    """Refuse what Python reads as a number, and JSON does not know."""
    raise ValueError(f"{word} is no number of JSON")


def _entry(number: int, line: str) -> dict[str, Any]:
    path = f"line {number}"
    try:
        found = json.loads(line, parse_constant=_no_number)
    except ValueError as error:
        problem = f"this is no JSON: {error}"
        hint = "a log has one object of JSON per line."
        raise SerialisationError.from_path(path, problem, hint) from error
    if not isinstance(found, dict) or not {"schema_version", "as_of", "account"} <= set(found):
        problem = "this is no entry of a decision log"
        hint = "read what decision_log() wrote."
        raise SerialisationError.from_path(path, problem, hint)
    for name in ("as_of", "account"):
        if not isinstance(found[name], str):
            problem = f"{name!r} must be text (got {found[name]!r})"
            raise SerialisationError.from_path(path, problem, "read what decision_log() wrote.")
    if found["schema_version"] != LOG_VERSION:
        problem = f"a log of version {found['schema_version']!r} is met, {LOG_VERSION} is known"
        raise SerialisationError.from_path(path, problem, "read it with the release that wrote it.")
    return found
