"""`Store`: the folder of a streamed review, where each step that is done is kept until all are.

Whatever is written is written whole, and a step counts as done only where what it wrote is there to
the last byte. The review of before stays in place until the new one is complete.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from hashlib import file_digest, sha256
from itertools import chain
from pathlib import Path
from typing import Any

import attrs

from keyaccount.errors import IntakeError
from keyaccount.playbook.atomic import write_whole

_ROOM = ".streaming"
_PARTS, _MANIFEST, _RECORD = "accounts", "manifest.json", "review.json"
_JOB = "job.json"


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
        return _read(self.room / _JOB)

    def strange(self) -> str | None:
        """Name what would be taken away though no streamed review has written it."""
        if self.room.is_dir() or self.is_told():
            return None
        return next((n for n in (_PARTS, _RECORD, _MANIFEST) if (self.out / n).exists()), None)

    def is_told(self) -> bool:
        """Say whether a manifest tells that what is there is a streamed review."""
        manifest, record = (_read_if_sound(self.out / name) for name in (_MANIFEST, _RECORD))
        return "made_from" in manifest and (not record or bool(record.get("streamed")))

    def begin(self, job: Mapping[str, Any]) -> None:
        """Begin anew: what was under way is forgotten.

        The room itself stays where it is: while there is one, what stands beside it is ours.
        """
        self.room.mkdir(exist_ok=True)
        (self.room / _JOB).unlink(missing_ok=True)  # nobody goes on with half of it
        for left in list(self.room.iterdir()):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        (self.room / _PARTS).mkdir()
        self._sweep()
        write_whole(self.room / _JOB, _written(job))

    def go_on(self) -> None:
        """Go on with what was begun: parts that were already put in their place are taken back."""
        if not (self.room / _PARTS).is_dir() and self.parts.is_dir():
            self._unsay()
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
        note = _read(self._note(name))
        return note if note and note.get("sha256") == _digest(self.room / name) else None

    def _note(self, name: str) -> Path:
        return self.room / f"{name.replace('/', '-')}.done.json"

    def finish(self, manifest: Mapping[str, Any], record: Mapping[str, Any]) -> None:
        """Put the parts in their place and tell of them; the room is cleared."""
        told = _written(record)
        manifest = {**manifest, "record": sha256(told).hexdigest()}
        self._unsay()
        if self.parts.exists():
            _ = self.parts.rename(self.room / "before")
        _ = (self.room / _PARTS).rename(self.parts)
        write_whole(self.out / _RECORD, told)
        write_whole(self.out / _MANIFEST, _written(manifest))
        _settle(self.out)
        self.clear()

    def _unsay(self) -> None:
        """Take away the words about parts that move: nobody shall take old ones for new parts."""
        for name in (_RECORD, _MANIFEST):
            (self.out / name).unlink(missing_ok=True)

    def clear(self) -> None:
        """Clear the room away; what it was made from goes first."""
        (self.room / _JOB).unlink(missing_ok=True)
        shutil.rmtree(self.room, ignore_errors=True)

    def is_whole(self, manifest: Mapping[str, Any]) -> bool:
        """Say whether the record and every part of a review are there to the last byte."""
        parts = {self.parts / part["name"]: part["sha256"] for part in manifest["parts"]}
        told = {self.out / _RECORD: manifest.get("record"), **parts}
        return all(_digest(file) == sha for file, sha in told.items())


def part_name(number: int) -> str:
    """Name the file of a part."""
    return f"part-{number:05d}.parquet"


def _digest(file: Path) -> str | None:
    """Digest a file; None: there is none."""
    if not file.is_file():
        return None
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


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


def _read_if_sound(path: Path) -> dict[str, Any]:
    """Read what is there; of a damaged file nothing."""
    try:
        return _read(path) or {}
    except IntakeError:
        return {}
