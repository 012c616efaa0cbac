"""``--playbook``: rules from a file, and what may not be said beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import attrs
import typer

from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.lifecycle.model import LifecycleModel
from keyaccount.playbook import digest, to_data
from keyaccount.playbook.playbook import Playbook
from keyaccount.rowwise import Fittable
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.selection import Rule, SelectionPolicy
from keyaccount.segments.rfm import Rfm
from keyaccount.stored.reading import read_record

__all__ = [
    "compared_within",
    "constants_kept",
    "judged_by",
    "lifecycle_of",
    "not_used",
    "not_yet_valid",
    "options_given",
    "playbook_named",
    "playbook_of",
    "playbook_record",
    "segments_of",
    "stored_record",
    "stored_rule",
]

_SAID_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "scorer": ("--market", "--weights", "--compare-within", "--min-group"),
    "selection": (
        "--top-share",
        "--top-count",
        "--at-least",
        "--owners",
        "--accounts-per-owner",
        "--hold",
        "--min-tenure-days",
        "--max-changes",
        "--ties",
    ),
    "review": ("--review-rules",),
    "program.upkeep": ("--contact-every",),
}
"""The options that a part of a playbook leaves nothing to say."""


def playbook_of(path: Path | None, given: Iterable[str]) -> Playbook | None:
    """Read the playbook, and refuse options that say what it says.

    Parameters
    ----------
    path
        The file; None: there is none.
    given
        The options that somebody gave; see `options_given`.

    Raises
    ------
    SerialisationError
        The file holds no playbook.
    SpecError
        An option contradicts it.
    """
    if path is None:
        return None
    found = Playbook.load(path)
    options = set(given)
    for part, said in _SAID_BY.items():
        if _says(found, part):
            _refuse(sorted(options.intersection(said)), path, part)
    if found.scorer is not None and found.scorer.is_fitted:
        _refuse(sorted(options & {"--refit"}), path, "scorer")
    return found


def _says(playbook: Playbook, part: str) -> bool:
    """Say whether a playbook has a part, or a field of one: ``program.upkeep``."""
    name, _, field = part.partition(".")
    return name in playbook.parts and (not field or bool(getattr(playbook.parts[name], field)))


def options_given(context: typer.Context) -> list[str]:
    """List the options that stand on the command line."""
    sources = {p.opts[0]: context.get_parameter_source(str(p.name)) for p in context.command.params}
    return [o for o, source in sources.items() if source and source.name == "COMMANDLINE"]


def _refuse(options: list[str], path: Path, part: str) -> None:
    if options:
        said = f"{path.name} says it in its part {part!r}"
        fact = f"{', '.join(options)} must not be given with --playbook: {said}"
        hint = f"leave {'it' if len(options) == 1 else 'them'} out, or change the playbook."
        raise SpecError(fact, hint, field=options[0], options=tuple(options))


def stored_rule(playbook: Playbook | None, before: SelectionPolicy | None) -> Rule | None:
    """Give the rule that holds where no option states one: the playbook's, the quarter before's."""
    if playbook is not None and playbook.selection is not None:
        return playbook.selection.rule
    return None if before is None else before.rule


def compared_within(playbook: Playbook | None, asked: str | None) -> str | None:
    """Give the column that accounts are compared within."""
    scorer = None if playbook is None else playbook.scorer
    return asked if scorer is None else scorer.group


def stored_record(folder: Path | None) -> dict[str, Any]:
    """Read the record of the quarter before; nothing where there is none."""
    return {} if folder is None else read_record(folder)


# --- Judging --------------------------------------------------------------------------------------


def judged_by(spec: CompositeScorer, unread: Iterable[str]) -> CompositeScorer:
    """Give a playbook's scorer, with what nobody has measured in this book left unknown."""
    none = set(unread)
    criteria = [attrs.evolve(c, column=None) if c.column in none else c for c in spec.criteria]
    return attrs.evolve(spec, criteria=criteria)


def lifecycle_of(playbook: Playbook | None, kept: object) -> LifecycleModel | None:
    """Give the model of stages: what was learned by the same rules, else the playbook's."""
    if isinstance(kept, LifecycleModel):
        return kept
    return None if playbook is None else playbook.lifecycle


def segments_of(playbook: Playbook | None, kept: object) -> Rfm | None:
    """Give the cuts of recency, frequency and money, likewise: the first of the playbook's."""
    if isinstance(kept, Rfm):
        return kept
    named = () if playbook is None else playbook.segmenters
    return next((spec for _, spec in named if isinstance(spec, Rfm)), None)


def constants_kept(playbook: Playbook | None, record: Mapping[str, Any]) -> bool:
    """Say whether what the quarter before learned was learned by the same rules."""
    stored = record.get("playbook")
    before = stored.get("learning", {}) if isinstance(stored, Mapping) else {}
    return bool(before == _learning(playbook))


def _learning(playbook: Playbook | None) -> dict[str, str]:
    """Give the digests of the parts that learn."""
    parts = {} if playbook is None else playbook.parts
    return {name: digest(spec) for name, spec in parts.items() if isinstance(spec, Fittable)}


# --- Telling --------------------------------------------------------------------------------------


def playbook_named(playbook: Playbook | None) -> str | None:
    """Name a playbook for people to compare."""
    if playbook is None:
        return None
    return f"{playbook.name} {playbook.version} ({playbook.digest[:12]})"


def playbook_record(playbook: Playbook | None) -> dict[str, Any] | None:
    """Give what a review keeps of its playbook: all of it, and the digests that name it."""
    if playbook is None:
        return None
    return {
        "name": playbook.name,
        "version": playbook.version,
        "digest": playbook.digest,
        "learning": _learning(playbook),
        "spec": to_data(playbook),
    }


def not_yet_valid(playbook: Playbook | None, day: date | None) -> tuple[Finding, ...]:
    """Say so where a playbook does not hold yet on the day."""
    since = None if playbook is None else playbook.valid_from
    if since is None or day is None or since <= day:
        return ()
    message = f"the playbook is valid from {since}, and the day asked about is {day}"
    return (Finding(code="playbook_not_valid", message=message, count=1, where="--playbook"),)


_USED: Final = ("scorer", "selection", "lifecycle", "review")
_OF_PROGRAM: Final[Mapping[str, str]] = {
    "roles": "assignments",
    "plans": "plans",
    "tasks": "tasks",
    "channels": "contacts",
    "upkeep": "contacts",
}
"""What a review takes of the programme, with the table without which it cannot."""


def not_used(playbook: Playbook | None, tables: Iterable[str]) -> tuple[Finding, ...]:
    """Name what a review takes nothing from, and what it has no table for."""
    if playbook is None:
        return ()
    rfm = next((f"segmenters.{n}" for n, s in playbook.segmenters if isinstance(s, Rfm)), None)
    others = [n for n in playbook.parts if n not in {*_USED, "program", rfm}]
    without, given = _of_program(playbook), set(tables)
    missing = {n: _OF_PROGRAM[n] for n in without if _OF_PROGRAM.get(n, "") not in {"", *given}}
    unread = [*others, *(f"program.{n}" for n in without if n not in _OF_PROGRAM)]
    told = [f"a review takes nothing from {', '.join(unread)} of the playbook"] if unread else []
    told += [f"program.{n} of the playbook waits for --{table}" for n, table in missing.items()]
    return tuple(
        Finding(code="part_not_used", message=m, count=1, where="--playbook", severity="info")
        for m in told
    )


def _of_program(playbook: Playbook) -> list[str]:
    """List what a playbook says of the programme."""
    program = playbook.program
    return (
        []
        if program is None
        else [a.name for a in attrs.fields(type(program)) if getattr(program, a.name)]
    )
