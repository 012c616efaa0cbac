"""`dump` and `load`: one spec in one TOML or JSON file."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TypeVar, overload

from keyaccount.errors import MissingExtra, SerialisationError, closest
from keyaccount.playbook.atomic import write_whole
from keyaccount.playbook.convert import from_data
from keyaccount.playbook.faults import Fault, failed
from keyaccount.playbook.locking import alone
from keyaccount.playbook.versions import SCHEMA_VERSION, VERSION_KEY
from keyaccount.playbook.writing import Form, written

__all__ = [
    "Style",
    "dump",
    "file_of",
    "inline_numbers",
    "load",
    "parsed",
    "read_text",
    "style_of",
    "write_bytes",
    "write_text",
]

T = TypeVar("T")

_LINE = 100
_NUMBERS = re.compile(r"\[\n((?: *[-+.0-9e]+,?\n)+) *\]")
"""An array of numbers, one per line. In texts a line break is escaped: they cannot match."""


def dump(spec: Any, path: str | os.PathLike[str]) -> None:
    """Write a spec to a file; the suffix says how.

    Parameters
    ----------
    spec
        Any spec of this library.
    path
        A name ending in ``.toml`` or ``.json``. A file that is there is replaced in one step: no
        reader ever meets half of it. It keeps its rights, and its owner where you may give it
        back; other hard links to it go on holding the old content.

    Raises
    ------
    SerialisationError
        The suffix is another, the spec cannot be stored, or the file cannot be written.
    MissingExtra
        TOML is asked for and ``tomli-w`` is not installed.

    See Also
    --------
    load, to_data

    Notes
    -----
    What is dumped and loaded dumps to the same bytes. Comments in a file that is there are lost.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "rule.toml"
    ...     ka.dump(ka.TopShare(0.2), path)
    ...     print(path.read_text())
    ...     ka.load(path)
    schema_version = 1
    kind = "top_share"
    share = 0.2
    rounding = "nearest"
    <BLANKLINE>
    TopShare(share=0.2, rounding='nearest')
    """
    file = file_of(path)
    style = style_of(file)
    text = style.write({VERSION_KEY: SCHEMA_VERSION, **written(spec, style.form)})
    with alone(file):
        write_text(file, text)


@overload
def load(path: str | os.PathLike[str], kind: type[T]) -> T: ...
@overload
def load(path: str | os.PathLike[str], kind: str | type[Any] | None = None) -> Any: ...
def load(path: str | os.PathLike[str], kind: str | type[Any] | None = None) -> Any:
    """Read a spec from a file that `dump` or somebody by hand has written.

    Parameters
    ----------
    path
        A name ending in ``.toml`` or ``.json``.
    kind
        What must be in it, by kind (``"linear"``) or class; None: any kind.

    Returns
    -------
    spec
        Equal to the one that was dumped.

    Raises
    ------
    SerialisationError
        The file cannot be read, is of a newer version than this library knows, or does not describe
        a spec. The message ends with the path to the place, and begins with the name of the file.

    See Also
    --------
    dump, from_data

    Examples
    --------
    >>> import keyaccount as ka
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "rule.json"
    ...     _ = path.write_text('{"schema_version": 1, "kind": "top_count", "count": 10}')
    ...     ka.load(path, ka.TopCount)
    TopCount(count=10)
    """
    file = file_of(path)
    style = style_of(file)
    try:
        content = file.read_bytes()
    except (OSError, ValueError) as error:
        raise failed(file, "cannot be read", error) from error
    return read_text(file, style, content, kind)


def read_text(file: Path, style: Style, content: bytes, kind: str | type[Any] | None) -> Any:
    """Build the spec that the content of a file describes."""
    data = parsed(file, style, content)
    if isinstance(data, Mapping) and VERSION_KEY not in data:
        raise _in_file(_unversioned(data), file)
    try:
        return from_data(data, kind)
    except SerialisationError as error:
        raise _in_file(error, file) from error.__cause__


def write_text(file: Path, text: str) -> None:
    """Write a file whole, or say why not."""
    write_bytes(file, text.encode("utf-8"))


def write_bytes(file: Path, content: bytes) -> None:
    """Write a file whole, or say why not."""
    try:
        write_whole(file, content)
    except (OSError, ValueError) as error:
        raise failed(file, "cannot be written", error) from error


def file_of(path: object) -> Path:
    """Take a text or a path for the name of a file.

    Raises
    ------
    SerialisationError
        It is neither.
    """
    if isinstance(path, str | os.PathLike) and isinstance(name := os.fspath(path), str):
        return Path(name)
    problem = f"expected the name of a file (got {path!r})"
    raise SerialisationError.from_path("path", problem, "give a text or a pathlib.Path.")


class Style(NamedTuple):
    """How one kind of file is read and written."""

    name: str
    form: Form
    read: Callable[[str], Any]
    write: Callable[[Mapping[str, Any]], str]


def style_of(file: Path) -> Style:
    """Tell by the suffix how a file is written."""
    style = _STYLES.get(file.suffix.casefold())
    if style is None:
        problem = f"expected a name ending in {' or '.join(_STYLES)}"
        raise SerialisationError.from_path(str(file), problem, "the suffix says how it is written.")
    return style


def parsed(file: Path, style: Style, content: bytes) -> Any:
    """Read plain data, or say where the file is none."""
    try:
        return style.read(content.decode("utf-8-sig"))  # Windows editors put a mark in front
    except (ValueError, RecursionError) as error:
        raise SerialisationError.from_path(
            str(file), f"this is no {style.name}: {error}", "correct the file there."
        ) from error


def _unversioned(data: Mapping[str, Any]) -> SerialisationError:
    near = [key for key in data if closest(key, (VERSION_KEY,))]
    meant = f"did you mean {VERSION_KEY!r} by {near[0]!r}? " if near else ""
    hint = f"{meant}{'W' if near else 'w'}rite {VERSION_KEY} = {SCHEMA_VERSION} at the top."
    return Fault(f"missing key {VERSION_KEY!r}", hint, missing=(VERSION_KEY,)).error()


def _in_file(error: SerialisationError, file: Path) -> SerialisationError:
    """Put the name of the file in front."""
    return SerialisationError(
        f"{file.name}: {error.fact}", error.hint, **{**error.parts, "file": str(file)}
    )


def inline_numbers(text: str) -> str:
    """Write short arrays of numbers on one line."""
    return _NUMBERS.sub(_on_one_line, text)


def _on_one_line(found: re.Match[str]) -> str:
    """Bring a short array of numbers onto one line: a knot reads as a pair."""
    line = f"[{', '.join(found[1].replace(',', '').split())}]"
    return line if len(line) <= _LINE else found[0]


def _read_json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that occurs twice, of which json would keep the last."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            message = f"the key {key!r} occurs twice"
            raise ValueError(message)
        found[key] = value
    return found


def _no_constant(word: str) -> NoReturn:
    message = f"{word} is no number"
    raise ValueError(message)


def _write_json(data: Mapping[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
    return inline_numbers(text)


def _write_toml(data: Mapping[str, Any]) -> str:
    try:
        import tomli_w
    except ImportError:
        raise MissingExtra.from_caller(dump.__name__, "toml", "tomli_w") from None
    return inline_numbers(tomli_w.dumps(data))


_STYLES = {
    ".toml": Style("TOML", Form.TOML, tomllib.loads, _write_toml),
    ".json": Style("JSON", Form.JSON, _read_json, _write_json),
}
