"""One writer at a time: a lock beside the file that several may want to change."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from keyaccount.errors import SerialisationError
from keyaccount.playbook.faults import failed

__all__ = ["alone"]

_PATIENCE: Final = 10.0
_PAUSE: Final = 0.002


@contextmanager
def alone(file: Path, patience: float = _PATIENCE) -> Generator[None]:
    """Hold the lock of a file: threads and processes wait for each other, some seconds at most.

    The lock is a file that only one can make (``.rules.toml.lock``), so that it holds on every
    system and on shared folders.

    Raises
    ------
    SerialisationError
        The folder takes no file, or another has held the lock all the time.
    """
    try:
        target = Path(os.path.realpath(file))
    except ValueError as error:
        raise failed(file, "cannot be written", error) from error
    lock = target.with_name(f".{target.name}.lock")
    until = monotonic() + patience
    while not _taken(file, lock):
        if monotonic() > until:
            problem = "somebody else is writing the file"
            hint = f"try again; where nobody is, a writer was killed: delete {lock}."
            raise SerialisationError.from_path(str(file), problem, hint)
        sleep(_PAUSE)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _taken(file: Path, lock: Path) -> bool:
    """Try to make the lock; it is somebody else's where it is there."""
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return False
    except OSError as error:
        raise failed(file, "cannot be written", error) from error
    return True
