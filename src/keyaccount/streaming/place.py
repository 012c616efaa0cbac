"""The folder that a streamed review is written to: that it may be, and by one run at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from keyaccount.errors import IntakeError, SpecError
from keyaccount.streaming.source import Source
from keyaccount.streaming.store import Store


def checked_place(out: Any, source: Any, found: Source, incumbents: Any) -> Store:
    """Give the folder to write, where nothing is lost or misread by writing into it.

    Raises
    ------
    SpecError
        It is no path, it holds what no streamed review has written, or what is read lies in it.
    """
    if not isinstance(out, str | Path) or not str(out):
        raise SpecError.from_field("out", "must be a folder to write", out, "pass its path.")
    store = Store(Path(out))
    _refuse_inside(source, store)
    _refuse_own(found, store)
    _refuse_incumbents(incumbents, store)
    _refuse_strange(store)
    return store


def _refuse_inside(source: Any, store: Store) -> None:
    """Refuse to write into the folder that is read: the result would be taken for accounts."""
    if isinstance(source, str | Path) and Path(source).is_dir() and _within(store.out, source):
        rule = f"must lie outside of the folder that is read, {str(source)!r}"
        hint = "the result would be taken for accounts; give another folder."
        raise SpecError.from_field("out", rule, str(store.out), hint)


def _refuse_own(found: Source, store: Store) -> None:
    """Refuse to read what is taken away when the result is put in its place."""
    for file in found.files:
        if any(_within(file.path, folder) for folder in (store.parts, store.room)):
            rule = f"must not be written where {str(file.path)!r} is read"
            hint = f"its folder {store.parts.name!r} is made anew; give another folder."
            raise SpecError.from_field("out", rule, str(store.out), hint)


def _refuse_incumbents(incumbents: Any, store: Store) -> None:
    """Refuse to write over the review that says who was key: it could not be made again."""
    if isinstance(incumbents, str | Path) and (
        _within(store.out, incumbents) or _within(incumbents, store.parts)
    ):
        rule = "must not be the folder of the incumbents"
        hint = "give another folder: this one says who was key before."
        raise SpecError.from_field("out", rule, str(store.out), hint)


def _within(path: str | Path, folder: str | Path) -> bool:
    return Path(path).resolve().is_relative_to(Path(folder).resolve())


def _refuse_strange(store: Store) -> None:
    """Refuse to take away what no streamed review has written."""
    name = store.strange()
    if name is not None:
        rule = f"must be a folder without {name!r}, or one that a streamed review has written"
        hint = "what is there would be taken away; give another folder."
        raise SpecError.from_field("out", rule, str(store.out), hint)


@contextmanager
def held(folder: Path) -> Generator[None]:
    """Make the folder, and keep other runs out of it until this one ends, however it ends.

    Raises
    ------
    IntakeError
        Another run writes there, or the disk does not take what is written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            yield
    except OSError as error:
        said = error.strerror or type(error).__name__
        hint = "see that the folder may be written and that there is room, then resume."
        problem = f"the review cannot be written ({said})"
        raise IntakeError.from_file(str(folder), problem, hint) from error


if sys.platform == "win32":

    @contextmanager
    def _locked(folder: Path) -> Generator[None]:
        """A folder cannot be locked there."""  # noqa: D401 - it says what is
        del folder
        yield

else:
    import fcntl

    @contextmanager
    def _locked(folder: Path) -> Generator[None]:
        """Hold a lock that the system lets go when the process ends, even by kill -9."""
        handle = os.open(folder, os.O_RDONLY)
        try:
            with suppress(OSError):  # some folders of a network know no locks
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    problem = "another run is writing a review there"
                    hint = "wait until it has ended, or give another folder."
                    raise IntakeError.from_file(str(folder), problem, hint) from None
            yield
        finally:
            os.close(handle)
