"""How far a streamed review is, and what it found, on the terminal."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.rule import Rule as Line
from rich.table import Table
from rich.text import Text

from keyaccount.cli.console import show_findings
from keyaccount.scoring.selection import GroupCut
from keyaccount.streaming import StreamedReview

__all__ = ["show_streamed", "told"]

_CUTS = 20
_PER_CENT = 100


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
    if few["moves"] is not None:
        said = ", ".join(f"{count:,} {move}" for move, count in few["moves"].items())
        console.print(Text(f"since the review before: {said}"))
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
