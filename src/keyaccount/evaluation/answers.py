"""What each check of a review says of each account, and on what evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs
import numpy as np

from keyaccount._columns import Floats, Labels
from keyaccount.evaluation.check import ReviewCheck
from keyaccount.evaluation.joined import Joined
from keyaccount.evaluation.truth import UNKNOWN, YES, Truth, all_of, any_of
from keyaccount.findings import Finding
from keyaccount.lifecycle.stages import STAGES

__all__ = ["Answers", "answers_of", "not_given", "states_not_known", "windows_overlap"]


_STAGE: Final = "lifecycle_stage"


@attrs.frozen(eq=False)
class Answers:
    """The answer of each check for each account, with what it was seen by."""

    checks: tuple[ReviewCheck, ...]
    truths: tuple[Truth, ...]
    seen: tuple[tuple[Floats | Labels, ...], ...]
    accounts: int

    def about(self, subject: str) -> Truth:
        """Say of each account whether any check of a subject finds something."""
        asked = zip(self.checks, self.truths, strict=True)
        return any_of([t for check, t in asked if check.about == subject], self.accounts)

    def found(self, subject: str, i: int) -> list[str]:
        """Tell what the checks of a subject find in one account, with the evidence."""
        return [f"{self.checks[k].name}: {self._evidence(k, i)}" for k in self._seen(subject, i)]

    def checks_found(self, subject: str, i: int) -> tuple[ReviewCheck, ...]:
        """List the checks of a subject that find something in one account."""
        return tuple(self.checks[k] for k in self._seen(subject, i))

    def unknown(self, subject: str, i: int) -> list[str]:
        """Name the columns by which the unanswered checks of a subject could be answered."""
        names = [
            name
            for k, check in enumerate(self.checks)
            if check.about == subject and self.truths[k][i] == UNKNOWN
            for name in self._missing(k, i)
        ]
        return list(dict.fromkeys(names))

    def _seen(self, subject: str, i: int) -> list[int]:
        asked = enumerate(self.checks)
        return [k for k, c in asked if c.about == subject and self.truths[k][i] == YES]

    def _evidence(self, k: int, i: int) -> str:
        pairs = zip(self.checks[k].signs, self.seen[k], strict=True)
        return " and ".join(sign.words(seen, i) for sign, seen in pairs)

    def _missing(self, k: int, i: int) -> list[str]:
        pairs = zip(self.checks[k].signs, self.seen[k], strict=True)
        return [sign.column for sign, seen in pairs if _is_unknown(seen, i)]


def answers_of(checks: Sequence[ReviewCheck], joined: Joined) -> Answers:
    """Ask every check of every account."""
    return Answers(
        checks=tuple(checks),
        truths=tuple(all_of([s.truth(joined) for s in c.signs]) for c in checks),
        seen=tuple(tuple(s.seen(joined) for s in c.signs) for c in checks),
        accounts=len(joined),
    )


def not_given(checks: Sequence[ReviewCheck], joined: Joined) -> list[Finding]:
    """Say which checks nobody can answer, and what they ask for."""
    found: list[Finding] = []
    for check in checks:
        lacking = [sign.column for sign in check.signs if sign.lacks(joined)]
        if lacking:
            names = ", ".join(map(repr, dict.fromkeys(lacking)))
            message = f"{check.about} is not judged by {check.code!r}: give {names}"
            found.append(
                Finding(
                    code="not_given",
                    message=message,
                    count=len(joined),
                    where=lacking[0],
                    severity="info",
                    examples=(check.name,),
                )
            )
    return found


def states_not_known(checks: Sequence[ReviewCheck], joined: Joined) -> list[Finding]:
    """Say which lifecycle stages are met that neither the library nor a check names."""
    asked = [s for check in checks for s in check.signs if s.states and s.column == _STAGE]
    if not asked:
        return []
    known = {state.casefold() for sign in asked for state in (*sign.states, *STAGES)}
    met = joined.labels(_STAGE, "after")
    counts = np.bincount(met.codes[met.codes >= 0], minlength=len(met.labels)).tolist()
    return [
        Finding(
            code="unknown_state",
            message=f"no check knows the {_STAGE} {label!r}: known are {', '.join(STAGES)}",
            count=count,
            where=_STAGE,
        )
        for label, count in sorted(zip(met.labels, counts, strict=True))
        if label.strip().casefold() not in known
    ]


def windows_overlap(checks: Sequence[ReviewCheck], joined: Joined) -> list[Finding]:
    """Say which columns the checks compare and cannot: what their windows share tells nothing."""
    columns = dict.fromkeys(s.column for check in checks for s in check.signs if s.compares)
    return [
        Finding(
            code="windows_overlap",
            message=f"whether {column!r} grew is not read from the two quarters: {problem}; give "
            "the growth itself, or sums of windows that do not overlap",
            count=len(joined),
            where=column,
        )
        for column in columns
        if (problem := joined.window_problem(column))
    ]


def _is_unknown(seen: Floats | Labels, i: int) -> bool:
    if isinstance(seen, Labels):
        return int(seen.codes[i]) < 0
    return bool(seen[i] != seen[i])
