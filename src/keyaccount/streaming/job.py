"""`Job`: all that a streamed review is made from, checked before the long work begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any, TypeAlias

import attrs
import numpy as np

from keyaccount._validators import exact_int
from keyaccount.errors import IntakeError, SpecError
from keyaccount.playbook import digest
from keyaccount.playbook.playbook import Playbook
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.selection import Override, SelectionPolicy
from keyaccount.scoring.selection.inputs import check_overrides, selection_day
from keyaccount.streaming.named import Named
from keyaccount.streaming.source import Source

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told what is going on, how many rows are done, and how many there are."""


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
    part_rows: int
    progress: Progress

    @property
    def rules(self) -> dict[str, str] | None:
        """The playbook by its name, version and digest."""
        book = self.playbook
        if book is None:
            return None
        return {"name": book.name, "version": book.version, "digest": book.digest}

    @property
    def grouped_by(self) -> str | None:
        """The column of the groups that accounts are compared within."""
        return self.scorer.group

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
    keep: tuple[str, ...],
    playbook: Playbook | None,
    part_rows: int,
    progress: Progress | None,
) -> Job:
    for name, value, kind in (
        ("scorer", scorer, CompositeScorer),
        ("policy", policy, SelectionPolicy),
    ):
        if not isinstance(value, kind):
            hint = f"pass a {kind.__name__}."
            raise SpecError.from_field(name, f"must be a {kind.__name__}", value, hint)
    rows = exact_int(part_rows)
    if not isinstance(rows, int) or isinstance(rows, bool) or rows < 1:
        hint = "a million rows per part keep the memory small and the files few."
        raise SpecError.from_field("part_rows", "must be a whole number above 0", part_rows, hint)
    check_overrides(overrides)
    found = Source.of(source)
    columns = [id, *scorer.reads, *([within] if within else []), *keep]
    found.need(columns)
    _refuse_taken(keep, scorer, id)
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


def _refuse_taken(keep: tuple[str, ...], scorer: CompositeScorer, id: str) -> None:
    taken = [n for n in keep if n in (*_OWN, *scorer.writes) or keep.count(n) > 1 or n == id]
    if taken:
        rule = "must not name a column twice, nor one that the review writes"
        raise SpecError.from_field("keep", rule, taken[0], "leave it out, or rename it before.")


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
