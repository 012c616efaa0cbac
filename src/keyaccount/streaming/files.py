"""The Parquet files of a book: which there are, in which order, and what each of them holds."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import attrs

from keyaccount.errors import IntakeError, MissingExtra
from keyaccount.findings import Finding

SUFFIXES = (".parquet", ".parq", ".pq")
_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
"""How Hive writes a partition of missing values."""
_TAIL = 8
"""A Parquet file ends with the length of its footer and four letters."""


@attrs.frozen(eq=False)
class File:
    """One Parquet file of a book.

    Attributes
    ----------
    path, name
        Where it is, and its name within the folder.
    rows, size, modified
        Its rows, its bytes, and when it was last written, in nanoseconds.
    footer
        The SHA-256 of its footer, which holds the places, counts and extremes of all columns.
    schema
        The Arrow schema of what is in it.
    constants
        What its folders say of all its rows (``region=north/``), as texts.
    """

    path: Path
    name: str
    rows: int
    size: int
    modified: int
    footer: str
    schema: Any
    constants: dict[str, str | None]

    def fingerprint(self) -> dict[str, Any]:
        """Tell by what a changed file is known; nothing of it depends on where the folder is."""
        return {"name": self.name, "rows": self.rows, "size": self.size, "footer": self.footer}


def find_files(source: Any) -> tuple[File, ...]:
    """List the Parquet files of a path, a folder or several paths, in the order they are read.

    The files of a folder are read in the order of their names, folders within folders too. Files
    and folders whose name begins with a dot or an underscore are left out, as everywhere.

    Raises
    ------
    IntakeError
        There is no such file or folder, no Parquet file in it, or one that cannot be read.
    MissingExtra
        pyarrow is not installed.
    """
    _need_pyarrow()
    if isinstance(source, str | Path):
        root = Path(source)
        return _of_folder(root) if root.is_dir() else (_opened(root, root.name, {}),)
    given: list[Any] = list(source) if isinstance(source, Iterable) else []
    paths = [Path(p) for p in given if isinstance(p, str | Path)]
    if not paths or len(paths) < len(given):
        problem = "is no Parquet file and no folder of them"
        raise IntakeError.from_file(repr(source), problem, "pass a path, or several paths.")
    return tuple(_opened(path, f"{i}/{path.name}", {}) for i, path in enumerate(paths))


def _need_pyarrow() -> None:
    if find_spec("pyarrow") is None:
        raise MissingExtra.from_caller("streaming a review", "cli", "pyarrow")


def _of_folder(root: Path) -> tuple[File, ...]:
    inside = sorted(_shown(root))
    found = [p for p in inside if _is_parquet(p)]
    if not found:
        there = ", ".join(p.name for p in inside[:12])
        hint = f"in that folder there is {there}." if there else "the folder is empty."
        raise IntakeError.from_file(str(root), "holds no Parquet file", hint)
    files = [_opened(p, p.relative_to(root).as_posix(), _constants(p, root)) for p in found]
    _refuse_other_folders(files)
    return tuple(files)


def other_files(source: Any) -> tuple[str, ...]:
    """List what lies in the folder of a book and is not read, by names within the folder."""
    if not isinstance(source, str | Path) or not Path(source).is_dir():
        return ()
    root = Path(source)
    return tuple(sorted(p.relative_to(root).as_posix() for p in _shown(root) if not _is_parquet(p)))


def not_read(others: Sequence[str]) -> list[Finding]:
    """Say which files of a book were not read: there may be accounts in them."""
    if not others:
        return []
    files = "file lies" if len(others) == 1 else "files lie"
    said = "is" if len(others) == 1 else "are"
    message = f"{len(others)} {files} beside the Parquet files and {said} not read"
    return [
        Finding(
            code="file_not_read",
            message=message,
            count=len(others),
            where="source",
            severity="info",
            examples=tuple(others[:5]),
        )
    ]


def _shown(root: Path) -> Iterator[Path]:
    return (p for p in _walked(root) if not _hidden(p, root))


def _is_parquet(path: Path) -> bool:
    return path.suffix.casefold() in SUFFIXES


def _walked(root: Path) -> Iterator[Path]:
    """List all files, those behind links too; a folder that cannot be read is no empty one.

    Raises
    ------
    IntakeError
        A folder cannot be read, or is met twice.
    """
    seen: set[str] = set()
    for place, _, names in os.walk(root, onerror=_unreadable, followlinks=True):
        real = os.path.realpath(place)
        if real in seen:
            hint = "take away the link that leads there a second time."
            raise IntakeError.from_file(place, f"is met twice: it is {real}", hint)
        seen.add(real)
        yield from (Path(place, name) for name in names)


def _unreadable(error: OSError) -> None:
    said = error.strerror or type(error).__name__
    hint = "see that its rights let you read it, or move it elsewhere."
    raise IntakeError.from_file(str(error.filename), f"cannot be read ({said})", hint) from error


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.relative_to(root).parts)


def _constants(path: Path, root: Path) -> dict[str, str | None]:
    """Read what the folders say: ``region=north/year=2026/part-0.parquet``."""
    pairs = [part.partition("=") for part in path.relative_to(root).parts[:-1] if "=" in part]
    return {
        unquote(name): None if value == _NO_VALUE else unquote(value) for name, _, value in pairs
    }


def _refuse_other_folders(files: Sequence[File]) -> None:
    first = files[0]
    for file in files:
        if file.constants.keys() != first.constants.keys():
            problem = f"lies in folders that name other columns than those of {first.name}"
            hint = "name the same columns everywhere: region=north/year=2026/part-0.parquet."
            raise IntakeError.from_file(file.name, problem, hint)


def _opened(path: Path, name: str, constants: dict[str, str | None]) -> File:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():
        near = sorted(p.name for p in path.parent.glob("*")) if path.parent.is_dir() else []
        hint = f"in that folder there is {', '.join(near[:12])}." if near else "check the path."
        raise IntakeError.from_file(str(path), "there is no such file", hint)
    try:
        told = path.stat()
        with pq.ParquetFile(path) as file:
            rows, schema = file.metadata.num_rows, file.schema_arrow
        return File(
            path, name, rows, told.st_size, told.st_mtime_ns, _footer(path), schema, constants
        )
    except (OSError, pa.ArrowException) as error:
        hint = "write it anew; a table of texts (CSV) must be turned into Parquet first."
        raise IntakeError.from_file(str(path), "is no readable Parquet file", hint) from error


def refuse_changed(file: File) -> None:
    """Refuse a file that is not as it was found: a result would rest on two states of the book.

    Raises
    ------
    IntakeError
        It was written since, or is gone.
    """
    try:
        now = file.path.stat()
    except OSError:
        now = None
    if now is None or (now.st_size, now.st_mtime_ns) != (file.size, file.modified):
        problem = "is gone" if now is None else "was written while it was read"
        hint = "let nobody write to the book while it is judged, and run again."
        raise IntakeError.from_file(str(file.path), problem, hint)


def _footer(path: Path) -> str:
    with path.open("rb") as file:
        _ = file.seek(-_TAIL, 2)
        length = int.from_bytes(file.read(4), "little")
        _ = file.seek(-_TAIL - length, 2)
        return sha256(file.read(length)).hexdigest()
