"""`Job`: all that a streamed review is made from, checked before the long work begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any, Literal, TypeAlias

import attrs
import numpy as np

from keyaccount._validators import exact_int, exact_tuple
from keyaccount.errors import IntakeError, SpecError
from keyaccount.findings import Finding
from keyaccount.playbook import digest
from keyaccount.playbook.playbook import Playbook
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.selection import Override, SelectionPolicy
from keyaccount.scoring.selection.inputs import check_overrides, selection_day
from keyaccount.streaming.named import Named
from keyaccount.streaming.source import Source

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told what is going on, how many rows are done, and how many there are."""


Learn: TypeAlias = Literal["all", "missing"]
"""Learn all that depends on the book, as `fit` does, or only what has not been learned."""
_LEARN = ("all", "missing")


@attrs.frozen(eq=False, kw_only=True)
class Job:
    """All that a streamed review is made from; of the incumbents, who may be many, the digest."""

    source: Source
    scorer: CompositeScorer
    policy: SelectionPolicy
    id: str
    within: str | None
    day: date | None
    overrides: tuple[Override, ...]
    overridden: Named
    incumbents: str | None
    keep: tuple[str, ...]
    playbook: Playbook | None
    learn: Learn
    findings: tuple[Finding, ...]
    part_rows: int
    progress: Progress

    @property
    def rules(self) -> dict[str, str | None] | None:
        """The playbook by its name, version and digest, and the digest of its scorer."""
        book = self.playbook
        if book is None:
            return None
        scorer = None if book.scorer is None else digest(book.scorer)
        named = {"name": book.name, "version": book.version, "digest": book.digest}
        return {**named, "scorer": scorer}

    @property
    def grouped_by(self) -> str | None:
        """The column of the groups that accounts are compared within."""
        return self.scorer.group

    @property
    def part_count(self) -> int:
        """In how many parts the result is written: one at least, to hold the columns."""
        return max(1, -(-len(self.source) // self.part_rows))

    def fingerprint(self) -> dict[str, Any]:
        """Tell by what another job is known: what was begun can only go on with the same."""
        import pyarrow as pa

        from keyaccount import __version__

        return {
            "schema_version": 1,
            "keyaccount": __version__,
            "numpy": np.__version__,
            "pyarrow": pa.__version__,
            "scorer": digest(self.scorer),
            "policy": digest(self.policy),
            "playbook": self.rules,
            "id": self.id,
            "within": self.within,
            "as_of": None if self.day is None else self.day.isoformat(),
            "overrides": sha256("".join(map(digest, self.overrides)).encode()).hexdigest(),
            "incumbents": self.incumbents,
            "keep": list(self.keep),
            "learn": self.learn,
            "findings": sha256(repr(self.findings).encode()).hexdigest(),
            "part_rows": self.part_rows,
            "input": [f.fingerprint() for f in self.source.files],
        }

    def begun(self) -> dict[str, Any]:
        """Tell the same with when each file was written: one changed in place may look the same."""
        return {**self.fingerprint(), "modified": self.moments()}

    def moments(self) -> list[int]:
        """Tell when each file was last written."""
        return [f.modified for f in self.source.files]


def checked_job(  # noqa: D103 - said in stream_review, whose arguments these are
    source: Any,
    scorer: CompositeScorer,
    policy: SelectionPolicy,
    *,
    id: str,
    within: str | None,
    as_of: date | str | None,
    overrides: tuple[Override, ...],
    incumbents: Named | None,
    keep: Iterable[str],
    playbook: Playbook | None,
    learn: Learn,
    findings: Iterable[Finding],
    part_rows: int,
    progress: Progress | None,
) -> Job:
    _refuse_kinds(scorer, policy, playbook, progress)
    _refuse_word(learn)
    rows, keep = _checked_rows(part_rows), _checked_keep(keep)
    check_overrides(overrides)
    found = Source.of(source)
    columns = [id, *scorer.reads, *([within] if within else []), *keep]
    found.need(columns)
    _refuse_taken(within, keep, scorer, id)
    return Job(
        source=found,
        scorer=scorer,
        policy=policy,
        id=id,
        within=within,
        day=selection_day(as_of, overrides, policy.min_tenure_days),
        overrides=overrides,
        overridden=Named.of(dict.fromkeys(o.account for o in overrides)),
        incumbents=None if incumbents is None else incumbents.digest(),
        keep=keep,
        playbook=playbook,
        learn=learn,
        findings=_checked_findings(findings),
        part_rows=rows,
        progress=progress or _silent,
    )


_OWN = (
    "account",
    "is_key",
    "reason",
    "rank",
    "cut",
    "distance",
    "borderline",
    "undecided",
    "since",
    "override",
)
"""The columns that a review writes beside those of the scorer."""


def _refuse_taken(
    within: str | None, keep: tuple[str, ...], scorer: CompositeScorer, id: str
) -> None:
    """Refuse columns that would stand in the place of those that the review writes."""
    own = {*_OWN, *scorer.writes}
    if within in own:
        rule = "must not have the name of a column that the review writes"
        raise SpecError.from_field("within", rule, within, "rename it before.")
    taken = [n for n in keep if n in own or keep.count(n) > 1 or n == id]
    if taken:
        rule = "must not name a column twice, nor one that the review writes"
        raise SpecError.from_field("keep", rule, taken[0], "leave it out, or rename it before.")


def _refuse_kinds(scorer: Any, policy: Any, playbook: Any, progress: Any) -> None:
    kinds = (
        ("scorer", scorer, CompositeScorer),
        ("policy", policy, SelectionPolicy),
        ("playbook", playbook, Playbook),
    )
    for name, value, kind in kinds:
        if not isinstance(value, kind) and not (value is None and kind is Playbook):
            hint = f"pass a {kind.__name__}."
            raise SpecError.from_field(name, f"must be a {kind.__name__}", value, hint)
    if progress is not None and not callable(progress):
        hint = "pass a function of the stage, the rows done and all rows."
        raise SpecError.from_field("progress", "must be a function", progress, hint)


def _refuse_word(learn: str) -> None:
    if learn not in _LEARN:
        raise SpecError.from_choice("learn", learn, _LEARN)


_MOST_ROWS = 1 << 40


def _checked_rows(part_rows: Any) -> int:
    rows = exact_int(part_rows)
    if not isinstance(rows, int) or isinstance(rows, bool) or rows < 1:
        hint = "a million rows per part keep the memory small and the files few."
        raise SpecError.from_field("part_rows", "must be a whole number above 0", part_rows, hint)
    return min(rows, _MOST_ROWS)  # no book has more


def _checked_keep(keep: Any) -> tuple[str, ...]:
    names = exact_tuple(keep)
    if not isinstance(names, tuple):
        hint = "pass them in a list: keep=['name']."
        raise SpecError.from_field("keep", "must be names of columns", keep, hint)
    return names


def _checked_findings(findings: Any) -> tuple[Finding, ...]:
    found = exact_tuple(findings)
    if not isinstance(found, tuple) or not all(isinstance(f, Finding) for f in found):
        raise SpecError.from_field("findings", "must be Findings", findings, "pass them in a list.")
    return found


def _silent(stage: str, done: int, total: int) -> None:
    del stage, done, total


def refuse_other(begun: Mapping[str, Any], now: Mapping[str, Any], place: str) -> None:
    """Refuse to go on with a review that was made from other things.

    Raises
    ------
    IntakeError
        The input, the rule or an option is not what it was.
    """
    odd = next((name for name in now if begun.get(name) != now[name]), None)
    if odd is None:
        return
    if odd == "modified":
        problem = "the files were written since the review was begun here"
    elif odd == "input":
        problem = f"what was begun here read other input: {_other_file(begun, now)}"
    else:
        then, these = _shown(begun.get(odd)), _shown(now[odd])
        problem = f"what was begun here had another {odd} ({then}, now {these})"
    hint = "run without resume: the review is then made anew."
    raise IntakeError.from_file(place, problem, hint)


_LONG = 40


def _shown(value: object) -> str:
    """Write an option; of a digest the beginning will do."""
    text = repr(value)
    return f"{text[:13]}…'" if len(text) > _LONG and isinstance(value, str) else text


def _other_file(begun: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    then, these = begun.get("input") or [], now["input"]
    if len(then) != len(these):
        return f"{len(then)} files, now {len(these)}"
    return next(f"{b['name']} has changed" for a, b in zip(then, these, strict=True) if a != b)
