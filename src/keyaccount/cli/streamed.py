"""``keyaccount review --stream``: a book larger than the memory, one row per judged account."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path

import attrs
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.rule import Rule as Line
from rich.table import Table
from rich.text import Text

from keyaccount.cli.console import show_findings
from keyaccount.cli.files import Reading
from keyaccount.cli.output import writable
from keyaccount.cli.settings import CRITERIA, USUAL_GROUP, Settings
from keyaccount.cli.sheets import read_incumbents, read_overrides
from keyaccount.errors import ColumnNotFoundError, SpecError
from keyaccount.intake.mapping import resolve
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.selection import GroupCut
from keyaccount.streaming import StreamedReview, stream_review
from keyaccount.streaming.files import SUFFIXES
from keyaccount.streaming.result import stored_review
from keyaccount.streaming.source import Source
from keyaccount.streaming.store import Store

__all__ = ["Streaming", "finish_streamed", "refuse_unstreamed", "review_streamed"]

_CUTS = 20
_PER_CENT = 100


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
    """

    accounts: Path
    out: Path
    reading: Reading
    settings: Settings
    overrides: Path | None = None
    incumbents: Path | None = None
    previous: Path | None = None
    resume: bool = False


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


def finish_streamed(asked: Streaming, *, quiet: bool) -> None:
    """Review a book part by part, say how far it is, then what was found and where it is."""
    with told(quiet=quiet) as progress:
        review = review_streamed(asked, progress)
    show_streamed(review, Console(quiet=quiet))


def review_streamed(
    asked: Streaming, progress: Callable[[str, int, int], None] | None = None
) -> StreamedReview:
    """Review a book part by part.

    Raises
    ------
    KeyAccountError
        The book, the rule or the options cannot be used.
    """
    source = Source.of(asked.accounts)
    mapping = asked.reading.mapping()
    roles = resolve(mapping, "accounts", source.names, str(asked.accounts))
    group = _group(asked.settings, roles.get("sector"), source.names)
    with writable(asked.out):
        return stream_review(
            asked.accounts,
            _scorer(asked, source.names, group),
            asked.settings.policy(),
            out=asked.out,
            id=roles["id"],
            within=group if asked.settings.select_within else None,
            as_of=asked.reading.as_of,
            overrides=() if asked.overrides is None else read_overrides(asked.overrides),
            incumbents=_incumbents(asked),
            playbook=asked.settings.playbook,
            resume=asked.resume,
            progress=progress,
        )


def _group(settings: Settings, sector: str | None, names: tuple[str, ...]) -> str | None:
    """Tell the column of groups; one that was asked for must be there."""
    name = settings.compare_within
    found = sector if name == USUAL_GROUP and name not in names else name
    if found in names:
        return found
    if settings.select_within:
        rule = "needs a column of groups to give seats within"
        hint = "name one with --compare-within."
        raise SpecError.from_field("--select-within", rule, name, hint)
    if name is not None and name != USUAL_GROUP:
        raise ColumnNotFoundError.from_name(name, names)
    return None


def _scorer(asked: Streaming, names: tuple[str, ...], group: str | None) -> CompositeScorer:
    """Take the scorer of the playbook, or of the review before; else read what can be read."""
    playbook = asked.settings.playbook
    if playbook is not None and playbook.scorer is not None:
        return playbook.scorer
    if asked.previous is not None and not asked.settings.refit:
        return stored_review(Store(asked.previous)).scorer
    columns = {name: column if column in names else None for name, column in CRITERIA.items()}
    if not any(columns.values()):
        raise ColumnNotFoundError.from_name("sales", names)
    return asked.settings.scorer(columns, group)


def _incumbents(asked: Streaming) -> Path | Mapping[str, object] | None:
    """Take last quarter's key accounts, part by part where they were written so."""
    if asked.incumbents is None:
        return asked.previous
    streamed = asked.incumbents.is_dir() or asked.incumbents.suffix.casefold() in SUFFIXES
    return asked.incumbents if streamed else read_incumbents(asked.incumbents)


@contextmanager
def told(*, quiet: bool) -> Generator[Callable[[str, int, int], None] | None]:
    """Show how far the work is, where somebody looks: a bar, or a line per step in a log."""
    console = Console(stderr=True, quiet=quiet)
    if quiet or not console.is_terminal:
        yield None if quiet else _lines(console)
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
    with bar:
        task = bar.add_task("", total=None)

        def show(stage: str, done: int, total: int) -> None:
            bar.update(task, description=stage, completed=done, total=total)

        yield show


def _lines(console: Console) -> Callable[[str, int, int], None]:
    """Print a line where a step begins, and at each quarter of it."""
    last: list[tuple[str, int]] = []

    def show(stage: str, done: int, total: int) -> None:
        quarter = _PER_CENT * done // max(total, 1) // 25 * 25
        if not last or last[0] != (stage, quarter):
            last[:] = [(stage, quarter)]
            console.print(Text(f"{stage}: {done:,} of {total:,}"), soft_wrap=True)

    return show


def show_streamed(review: StreamedReview, console: Console) -> None:
    """Print the cuts, the findings, and where the files are."""
    few = review.summary
    title = f"{few['key_accounts']:,} key accounts of {few['judged']:,}"
    console.print(Line(Text(title, style="bold"), align="left"))
    console.print(_cut_table(review.groups[:_CUTS]))
    if len(review.groups) > _CUTS:
        more = f"and {len(review.groups) - _CUTS:,} more groups in review.json"
        console.print(Text(more, style="dim"))
    show_findings(review.findings, console)
    console.print(Line(Text("written", style="bold"), align="left"))
    for place in (review.out / "accounts", review.out / "review.json"):
        console.print(Text(str(place)), soft_wrap=True)


def _cut_table(cuts: tuple[GroupCut, ...]) -> Table:
    found = Table(box=None, pad_edge=False, header_style="dim")
    for head in ("group", "accounts", "seats", "key", "cut"):
        found.add_column(head, justify="left" if head == "group" else "right")
    for cut in cuts:
        seats = "–" if cut.seats is None else f"{cut.seats:,}"
        name = "all" if cut.group is None else cut.group
        value = "–" if cut.cut != cut.cut else f"{cut.cut:.4f}"
        found.add_row(Text(name), f"{cut.accounts:,}", seats, f"{cut.selected:,}", value)
    return found
