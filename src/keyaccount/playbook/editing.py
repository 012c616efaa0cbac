"""`edit_file`: change a stored spec in place, so that comments and order stay."""

from __future__ import annotations

import os
import tomllib
from codecs import BOM_UTF8
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from keyaccount.errors import MissingExtra, SerialisationError
from keyaccount.playbook.comments import CommentLost, with_comments
from keyaccount.playbook.faults import failed
from keyaccount.playbook.files import (
    Style,
    file_of,
    parsed,
    read_text,
    style_of,
    write_bytes,
)
from keyaccount.playbook.locking import alone

__all__ = ["edit_file"]


@contextmanager
def edit_file(path: str | os.PathLike[str], kind: str | type[Any] | None = None) -> Generator[Any]:
    r"""Change a stored spec in place: its comments and their order stay.

    Parameters
    ----------
    path
        A ``.toml`` or ``.json`` file.
    kind
        What must be in it, by kind or class; None: any kind.

    Yields
    ------
    document
        The file as nested tables, to be changed like dicts and lists; `to_data` turns a spec into
        what can be put in. JSON has no comments, but keys keep their order.

    Raises
    ------
    SerialisationError
        The file cannot be read, what it would hold is no such spec, a comment would be lost though
        what it is about stays, or somebody else has changed the file meanwhile. The file is then
        as it was, and so it is after any error in the block.
    MissingExtra
        TOML is edited and ``tomlkit`` is not installed.

    See Also
    --------
    load, dump

    Notes
    -----
    A comment stands above what it is about, or beside it: it stays there, and goes only with what
    is removed. To replace a table that holds comments, change the values inside it. Spacing stays
    where a value is changed; blank lines may change where tables come and go. Ends of lines and a
    byte order mark stay. JSON that is changed is laid out as `dump` does. A file in which nothing
    is changed is not written.

    Writers wait for each other. Who comes second to the same file is refused, not merged.

    TOML is read by ``tomlkit`` so that it can be written as it was: a megabyte of fitted constants
    takes about ten seconds. Edit the rules before they are fitted, or `dump` them anew.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "rule.toml"
    ...     _ = path.write_text(
    ...         'schema_version = 1\nkind = "top_share"\nshare = 0.2  # as agreed in May\n'
    ...     )
    ...     with ka.edit_file(path) as rule:
    ...         rule["share"] = 0.25
    ...     print(path.read_text())
    schema_version = 1
    kind = "top_share"
    share = 0.25  # as agreed in May
    <BLANKLINE>
    """
    file = file_of(path)
    style = style_of(file)
    before = _content(file)
    opened = _opened(file, style, before)
    try:
        yield opened.document
        text = opened.write(opened.document)
    except opened.refusals as error:
        hint = "give plain numbers, texts, lists and tables; ka.to_data() makes them of a spec."
        problem = f"a value cannot be written: {error}"
        raise SerialisationError.from_path(str(file), problem, hint) from error
    except CommentLost as error:
        hint = "change the values inside the table in place, or drop the comment first."
        problem = f"the comment {str(error)!r} would be lost"
        raise SerialisationError.from_path(str(file), problem, hint) from None
    if text is not None:
        _replace(file, style, before, _as_it_was_written(text, before), kind)


def _replace(
    file: Path, style: Style, before: bytes, after: bytes, kind: str | type[Any] | None
) -> None:
    """Put the new content in the place of the old, unless it is wrong or the old is gone."""
    _ = read_text(file, style, after, kind)
    with alone(file):
        if _content(file) != before:
            problem = "the file was changed by somebody else meanwhile"
            raise SerialisationError.from_path(str(file), problem, "edit it again.")
        write_bytes(file, after)


def _as_it_was_written(text: str, before: bytes) -> bytes:
    """Keep the byte order mark of a file, and the ends of its lines."""
    after = text.replace("\n", "\r\n") if _is_crlf(before) else text
    return BOM_UTF8 * before.startswith(BOM_UTF8) + after.encode("utf-8")


def _is_crlf(content: bytes) -> bool:
    """Say whether every line ends as on Windows."""
    ends = content.count(b"\n")
    return ends > 0 and content.count(b"\r\n") == ends


class _Opened(NamedTuple):
    """A document that can be changed, what writes it, and the errors of what it cannot hold.

    What writes it gives None where nothing was changed.
    """

    document: Any
    write: Callable[[Any], str | None]
    refusals: tuple[type[Exception], ...]


class _NotPlain(Exception):  # noqa: N818 - never leaves this module
    """A document holds what its format has no word for."""


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (OSError, ValueError) as error:
        raise failed(file, "cannot be read", error) from error


def _opened(file: Path, style: Style, content: bytes) -> _Opened:
    """Read a document that can be changed."""
    data = parsed(file, style, content)
    if style.name == "JSON":
        return _opened_json(style, data)
    try:
        import tomlkit
        from tomlkit.exceptions import ConvertError
    except ImportError:
        raise MissingExtra.from_caller(edit_file.__name__, "toml", "tomlkit") from None
    before = content.decode("utf-8-sig")
    before = before.replace("\r\n", "\n") if _is_crlf(content) else before

    def write(changed: Any) -> str | None:
        text = tomlkit.dumps(changed)
        if text == before:
            return None
        _refuse_lost(text, changed)
        mended = with_comments(before, text)
        _refuse_lost(mended, changed)
        return mended

    return _Opened(tomlkit.parse(before), write, (_NotPlain, ConvertError))


def _opened_json(style: Style, data: Any) -> _Opened:
    before = style.write(data)

    def write(changed: Any) -> str | None:
        try:
            text = style.write(changed)
        except (TypeError, ValueError) as error:
            raise _NotPlain(error) from error
        return None if text == before else text

    return _Opened(data, write, (_NotPlain,))


def _refuse_lost(text: str, changed: Any) -> None:
    """Refuse a text that does not say what the document holds."""
    if not _alike(tomllib.loads(text), changed.unwrap()):
        message = "tomlkit loses it in this place; put a whole table there"
        raise _NotPlain(message)


def _alike(a: Any, b: Any) -> bool:
    """Compare plain data; what is no number equals itself here, for `load` to refuse it."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_alike(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_alike, a, b))
    return bool(a == b or (a != a and b != b))  # noqa: PLR0124 - NaN
