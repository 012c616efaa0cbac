"""``keyaccount replay``: take stored decisions again, and say whether they come out the same."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from keyaccount.cli.running import DATA, errors_shown
from keyaccount.evaluation import Replay
from keyaccount.stored import replay_folder

__all__ = ["HELP", "replay"]

HELP = (
    "Take the decisions of stored reviews again, from the specs and data that are stored.\n\n"
    "Each folder is what [bold]keyaccount review --out[/bold] wrote. The quarter before it is "
    "looked for, by its digest, in the folders beside and inside. A folder that was changed, or of "
    "which half is of another run, is refused.\n\n"
    "[bold]Exit codes[/bold]: 0 the same; 1 a decision comes out otherwise, or a folder is refused."
)

_NAMED = 20

Folders = Annotated[
    list[Path], typer.Argument(metavar="FOLDER...", help="Stored reviews.", show_default=False)
]
PreviousFolder = Annotated[
    Path | None,
    typer.Option(
        "--previous",
        metavar="FOLDER",
        help="Where the quarter before is, if it is not near by; with one folder.",
        show_default=False,
    ),
]


def replay(folders: Folders, previous: PreviousFolder = None) -> None:
    """Take the decisions of stored reviews again, and say whether they come out the same."""
    if previous is not None and len(folders) > 1:
        message = "--previous goes with one folder"
        raise typer.BadParameter(message)
    with errors_shown():
        found = {folder: replay_folder(folder, previous) for folder in folders}
    _show(found)
    if not all(one.agrees for one in found.values()):
        raise typer.Exit(DATA)


def _show(found: Mapping[Path, Replay]) -> None:
    """Say of each folder whether it is the same, and name the accounts that differ."""
    console = Console()
    for folder, one in found.items():
        said = f"same: {one.entries:,} decisions" if one.agrees else _differing(one)
        console.print(Text(f"{folder}: {said}", style="" if one.agrees else "bold red"))
        for difference in one.differences[:_NAMED]:
            console.print(Text(f"  {difference}"), soft_wrap=True)
        more = len(one.differences) - _NAMED
        if more > 0:
            console.print(Text(f"  and {more:,} more", style="dim"))


def _differing(one: Replay) -> str:
    return f"{len(one.differences):,} of {one.entries:,} decisions come out otherwise"
