"""`Store`: the folder of a streamed review, where each step that is done is kept until all are.

Whatever is written is written whole, and a step counts as done only where what it wrote is there to
the last byte. The review of before stays in place until the new one is complete.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import attrs

from keyaccount.errors import IntakeError
from keyaccount.playbook.atomic import write_whole

_ROOM = ".streaming"
_PARTS, _MANIFEST, _RECORD = "accounts", "manifest.json", "review.json"


@attrs.frozen
class Store:
    """The folder of a streamed review.

    ``accounts/part-00000.parquet`` and so on, ``manifest.json`` and ``review.json`` are what a
    finished review leaves; the room beside them holds what is under way.
    """

    out: Path

    @property
    def room(self) -> Path:
        """Where what is under way is kept."""
        return self.out / _ROOM

    @property
    def parts(self) -> Path:
        """Where the finished parts are."""
        return self.out / _PARTS

    def manifest(self) -> dict[str, Any] | None:
        """Read what the finished review was made from, and of which parts it is."""
        return _read(self.out / _MANIFEST)

    def record(self) -> dict[str, Any] | None:
        """Read the record of the finished review."""
        return _read(self.out / _RECORD)

    def begun(self) -> dict[str, Any] | None:
        """Read what the review under way is made from."""
        return _read(self.room / "job.json")

    def begin(self, job: Mapping[str, Any]) -> None:
        """Begin anew: what was under way is forgotten."""
        shutil.rmtree(self.room, ignore_errors=True)
        (self.room / _PARTS).mkdir(parents=True)
        self._sweep()
        write_whole(self.room / "job.json", _written(job))

    def go_on(self) -> None:
        """Go on with what was begun: parts that were already put in their place are taken back."""
        if not (self.room / _PARTS).is_dir() and self.parts.is_dir():
            _ = self.parts.rename(self.room / _PARTS)
        (self.room / _PARTS).mkdir(exist_ok=True)
        self._sweep()

    def _sweep(self) -> None:
        """Take away what a run that was killed has begun to write."""
        ours = [self.out.glob(f".{name}.*.tmp") for name in (_RECORD, _MANIFEST)]
        for half in chain(self.room.rglob(".*.tmp"), *ours):
            half.unlink()

    def keep(self, name: str, content: Any, note: Mapping[str, Any]) -> dict[str, Any]:
        """Keep what a step has made, and note that it is done."""
        write_whole(self.room / name, content)
        done = {"sha256": sha256(content).hexdigest(), **note}
        write_whole(self._note(name), _written(done))
        return done

    def kept(self, name: str) -> dict[str, Any] | None:
        """Read the note of a step; None where it is not done, or what it made is not as it was."""
        note, file = _read(self._note(name)), self.room / name
        if note is None or not file.is_file():
            return None
        with file.open("rb") as opened:
            found = _digest(opened)
        return note if note["sha256"] == found else None

    def _note(self, name: str) -> Path:
        return self.room / f"{name.replace('/', '-')}.done.json"

    def finish(self, manifest: Mapping[str, Any], record: Mapping[str, Any]) -> None:
        """Put the parts in their place and tell of them; the room is cleared."""
        for name in (_RECORD, _MANIFEST):  # nobody shall take old words for new parts
            (self.out / name).unlink(missing_ok=True)
        if self.parts.exists():
            _ = self.parts.rename(self.room / "before")
        _ = (self.room / _PARTS).rename(self.parts)
        write_whole(self.out / _RECORD, _written(record))
        write_whole(self.out / _MANIFEST, _written(manifest))
        _settle(self.out)
        self.clear()

    def clear(self) -> None:
        """Clear the room away; what it was made from goes first."""
        (self.room / "job.json").unlink(missing_ok=True)
        shutil.rmtree(self.room, ignore_errors=True)

    def is_whole(self, manifest: Mapping[str, Any]) -> bool:
        """Say whether every part of a finished review is there to the last byte."""
        return all(self._is_as_told(part) for part in manifest["parts"])

    def _is_as_told(self, part: Mapping[str, Any]) -> bool:
        file = self.parts / part["name"]
        if not file.is_file():
            return False
        with file.open("rb") as opened:
            return _digest(opened) == str(part["sha256"])


def part_name(number: int) -> str:
    """Name the file of a part."""
    return f"part-{number:05d}.parquet"


def _digest(file: Any) -> str:
    found = sha256()
    while block := file.read(1 << 20):
        found.update(block)
    return found.hexdigest()


def _settle(folder: Path) -> None:
    """See to it that the names in a folder are on the disk too, where the system lets one."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _written(data: Mapping[str, Any]) -> bytes:
    return f"{json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)}\n".encode()


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        hint = "run without --resume: the review is then made anew."
        raise IntakeError.from_file(str(path), "cannot be read", hint) from error
    return found if isinstance(found, dict) else None
