"""Write a file whole or not at all."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

__all__ = ["write_whole"]


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside the old one and put it in its place in one step.

    Nobody sees half a file, even where the machine stops in the middle. A link stays a link, and
    the rights on a file that was there stay as they were.
    """
    target = Path(os.path.realpath(path))
    beside = target.with_name(f".{target.name}.{uuid4().hex[:8]}.tmp")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            shutil.copymode(target, beside)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
