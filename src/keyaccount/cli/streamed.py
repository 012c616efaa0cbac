"""``keyaccount review --stream``: a book larger than the memory, one row per judged account."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

import attrs
from rich.console import Console

from keyaccount.cli.files import Reading
from keyaccount.cli.settings import USUAL_GROUP, Settings
from keyaccount.cli.sheets import read_incumbents, read_overrides
from keyaccount.cli.streamed_findings import found_before
from keyaccount.cli.streamed_rule import Before, scorer_asked_for
from keyaccount.cli.streamed_shown import show_streamed, told
from keyaccount.errors import ColumnNotFoundError, SpecError
from keyaccount.intake.mapping import resolve
from keyaccount.streaming import StreamedReview, stream_review
from keyaccount.streaming.files import SUFFIXES
from keyaccount.streaming.source import Source

__all__ = ["Streaming", "finish_streamed", "refuse_unstreamed", "review_streamed"]


@attrs.frozen(kw_only=True)
class Streaming:
    """What a streamed review is asked for.

    Parameters
    ----------
    accounts
        A Parquet file, or a folder of them: one row per judged account.
    out
        Where the files go.
    reading, settings
        Which column is what; how accounts are judged and chosen.
    overrides, incumbents
        Files of special approvals, and of last quarter's key accounts.
    previous
        The folder of last quarter's streamed review.
    resume
        Whether to go on where a run of before was stopped.
    given
        The options that somebody gave: what was not given is as in the review before.
    """

    accounts: Path
    out: Path
    reading: Reading
    settings: Settings
    overrides: Path | None = None
    incumbents: Path | None = None
    previous: Path | None = None
    resume: bool = False
    given: Collection[str] = ()


_UNUSED = (
    "--deals",
    "--orders",
    "--products",
    "--ratings",
    "--team",
    "--assignments",
    "--plans",
    "--tasks",
    "--contacts",
    "--months",
    "--stage-map",
    "--aliases",
    "--date-format",
    "--level",
    "--growth-months",
    "--stalled-after",
    "--contact-every",
    "--review-rules",
    "--table-format",
    "--language",
    "--currency",
    "--target",
    "--target-period",
)
"""The options of tables that are still to be put together."""


def refuse_unstreamed(given: Iterable[str]) -> None:
    """Refuse options that a stream of ready rows has no use for.

    Raises
    ------
    SpecError
        One of them is given.
    """
    for option in given:
        if option in _UNUSED:
            fact = f"{option} has no meaning with --stream, which reads one ready row per account"
            raise SpecError(fact, "leave it out, or review without --stream.", field=option)


def finish_streamed(asked: Streaming, *, quiet: bool) -> StreamedReview:
    """Review a book part by part, say how far it is, then what was found and where it is."""
    with told(quiet=quiet) as progress:
        review = review_streamed(asked, progress)
    show_streamed(review, Console(quiet=quiet))
    return review


def review_streamed(
    asked: Streaming, progress: Callable[[str, int, int], None] | None = None
) -> StreamedReview:
    """Review a book part by part.

    Raises
    ------
    KeyAccountError
        The book, the rule or the options cannot be used.
    """
    _refuse_two_quarters(asked)
    source, before, settings = Source.of(asked.accounts), Before.of(asked.previous), asked.settings
    mapping = asked.reading.mapping()
    roles = resolve(mapping, "accounts", source.names, str(asked.accounts))
    group = _group(asked, roles.get("sector"), source.names, before)
    scorer = scorer_asked_for(source, settings, group, before, asked.given)
    overrides = () if asked.overrides is None else read_overrides(asked.overrides)
    return stream_review(
        asked.accounts,
        scorer,
        settings.policy(),
        out=asked.out,
        id=roles["id"],
        within=_within(asked, group, before),
        as_of=asked.reading.as_of,
        overrides=overrides,
        incumbents=_incumbents(asked),
        playbook=settings.playbook,
        learn="missing",
        findings=found_before(settings, scorer, before, overrides, asked.reading.as_of),
        resume=asked.resume,
        progress=progress,
    )


def _refuse_two_quarters(asked: Streaming) -> None:
    """Refuse to write over the review before, and to be told twice who was key."""
    if asked.previous is None:
        return
    if asked.previous.resolve() == asked.out.resolve():
        rule = "must not be the folder of --previous"
        hint = "give another folder: this one keeps the quarter before."
        raise SpecError.from_field("--out", rule, str(asked.out), hint)
    if asked.incumbents is not None:
        rule = "must not be given with --previous"
        hint = "the quarter before says who was key: leave one of them out."
        raise SpecError.from_field("--incumbents", rule, str(asked.incumbents), hint)


def _group(
    asked: Streaming, sector: str | None, names: tuple[str, ...], before: Before | None
) -> str | None:
    """Tell the column of groups; one that was asked for must be there."""
    settings = asked.settings
    name = settings.compare_within
    stated = "--compare-within" in asked.given or _has_scorer(settings)
    if before is not None and not stated and name == USUAL_GROUP:
        name = before.scorer.group
    found = sector if name == USUAL_GROUP and name not in names else name
    if found in names:
        return found
    if settings.select_within:
        rule = "needs a column of groups to give seats within"
        hint = "name one with --compare-within."
        raise SpecError.from_field("--select-within", rule, name, hint)
    if name is not None and (name != USUAL_GROUP or before is not None):
        raise ColumnNotFoundError.from_name(name, names)
    return None


def _has_scorer(settings: Settings) -> bool:
    return settings.playbook is not None and settings.playbook.scorer is not None


def _within(asked: Streaming, group: str | None, before: Before | None) -> str | None:
    """Tell the column that seats are given within, now or in the review before."""
    if asked.settings.select_within:
        return group
    return None if before is None or "--select-within" in asked.given else before.within


def _incumbents(asked: Streaming) -> Path | Mapping[str, object] | None:
    """Take last quarter's key accounts, part by part where they were written so."""
    if asked.incumbents is None:
        return asked.previous
    streamed = asked.incumbents.is_dir() or asked.incumbents.suffix.casefold() in SUFFIXES
    return asked.incumbents if streamed else read_incumbents(asked.incumbents)
