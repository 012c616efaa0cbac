"""Write a file whole or not at all, and several files as nearly at once as can be."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from errno import EACCES
from pathlib import Path
from uuid import uuid4

__all__ = ["write_together", "write_whole"]

_ANY_WRITE = 0o222


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside the old one and put it in its place in one step.

    Nobody sees half a file, even where the machine stops in the middle. A link stays a link, and
    the rights on a file that was there stay as they were; so does its owner, where the system lets
    us give it back. Other names of the file (hard links) go on holding the old content.

    Raises
    ------
    PermissionError
        A file that is there must not be written.
    """
    write_together({path: content})


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Write several files beside the old ones, and put each in its place once all are written.

    A disk that is full leaves all of them as they were. The places are taken in the order given:
    name last what vouches for the others.
    """
    staged: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            target = Path(os.path.realpath(path))
            _refuse_read_only(target)
            staged[target] = target.with_name(f".{target.name}.{uuid4().hex[:8]}.tmp")
            _write_beside(staged[target], content)
        for target, beside in staged.items():
            _keep_rights(target, beside)
            beside.replace(target)
    except BaseException:
        for beside in staged.values():
            beside.unlink(missing_ok=True)
        raise


def _refuse_read_only(target: Path) -> None:
    """Refuse what the rights on the folder would allow, but those on the file do not."""
    if not target.exists():
        return
    if not (target.stat().st_mode & _ANY_WRITE and os.access(target, os.W_OK)):
        raise PermissionError(EACCES, os.strerror(EACCES), str(target))


def _keep_rights(target: Path, beside: Path) -> None:
    with suppress(FileNotFoundError):
        was = target.stat()
        if hasattr(os, "chown"):
            with suppress(PermissionError):
                os.chown(beside, was.st_uid, was.st_gid)
        shutil.copymode(target, beside)


def _write_beside(beside: Path, content: bytes) -> None:
    with beside.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
