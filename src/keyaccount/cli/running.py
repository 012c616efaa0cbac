"""Run the steps of a command: say what is going on, and end with an exit code."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from keyaccount.cli.console import show_error, show_places, show_quarter
from keyaccount.cli.files import Files, Reading
from keyaccount.cli.output import TableFormat, writable, write_all
from keyaccount.cli.page import PageOptions
from keyaccount.cli.quarter import Quarter, review_quarter
from keyaccount.cli.settings import Settings
from keyaccount.cli.sheets import read_incumbents, read_overrides
from keyaccount.errors import KeyAccountError, MissingExtra
from keyaccount.evaluation import Quarter as Reviewable
from keyaccount.intake import Book

__all__ = ["DATA", "STRICT", "Job", "errors_shown"]

DATA, STRICT = 1, 3
"""Exit codes: the data or the options cannot be used; done, but data were rejected."""


@contextmanager
def errors_shown(code: int = DATA) -> Generator[None]:
    """Turn an error of the library into a message and an exit code."""
    try:
        yield
    except KeyAccountError as error:
        show_error(error, Console(stderr=True))
        raise typer.Exit(code) from error


class Job:
    """One run of a command: progress and errors on stderr, what was found on stdout.

    Parameters
    ----------
    out
        Where the files go.
    quiet
        Whether only errors are printed.
    """

    def __init__(self, out: Path, *, quiet: bool = False) -> None:
        self.out: Path = out
        self.stdout: Console = Console(quiet=quiet)
        stderr = Console(stderr=True, quiet=quiet)
        self.progress: Progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=stderr,
            transient=True,
            disable=quiet or not stderr.is_terminal,
        )

    @contextmanager
    def step(self, what: str) -> Generator[None]:
        """Say what is going on while it does; where nobody looks, print nothing."""
        if self.progress.disable:  # some versions of rich print an empty line even so
            yield
            return
        with self.progress:
            task = self.progress.add_task(what, total=None)
            try:
                yield
            finally:
                self.progress.remove_task(task)

    def ready(self) -> None:
        """Make the folder before the long work: nobody waits for what cannot be written.

        Raises
        ------
        MissingExtra
            What the page is drawn with is not installed.
        SpecError
            The folder cannot be written.
        """
        for needed in ("jinja2", "matplotlib"):
            if find_spec(needed) is None:
                raise MissingExtra.from_caller("the report page", "cli", needed)
        with writable(self.out):
            self.out.mkdir(parents=True, exist_ok=True)

    def read(self, files: Files, reading: Reading) -> Book:
        """Read the tables."""
        with self.step(f"reading {files.weight}"):
            return reading.read(files)

    def judge(
        self,
        book: Book,
        settings: Settings,
        overrides: Path | None = None,
        incumbents: Path | None = None,
        previous: Reviewable | None = None,
        **asked: Mapping[str, object],
    ) -> Quarter:
        """Score and select, and review what changed where there is a quarter before."""
        with self.step(f"judging {len(book):,} accounts"):
            quarter = review_quarter(
                book,
                settings,
                overrides=() if overrides is None else read_overrides(overrides),
                incumbents=None if incumbents is None else read_incumbents(incumbents),
                previous=previous,
                **asked,
            )
            _ = quarter.review
            return quarter

    def finish(
        self, quarter: Quarter, table_format: TableFormat, page: PageOptions | None = None
    ) -> None:
        """Write the files, then print what was found and where they are."""
        with self.step("writing"):
            places = write_all(quarter, self.out, table_format, page)
        show_quarter(quarter, self.stdout)
        show_places(places, self.stdout)
