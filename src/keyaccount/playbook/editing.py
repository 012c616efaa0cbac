"""`edit_file`: change a stored spec in place, so that comments and order stay."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from keyaccount.errors import MissingExtra, SerialisationError
from keyaccount.playbook.files import Style, failed, parsed, read_text, style_of, write_text

__all__ = ["edit_file"]


@contextmanager
def edit_file(path: str | os.PathLike[str], kind: str | type[Any] | None = None) -> Generator[Any]:
    r"""Change a stored spec in place: comments, order and spacing stay as they are.

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
        The file cannot be read, what it would hold is no such spec, or somebody else has changed it
        meanwhile. The file is then as it was, and so it is after any error in the block.
    MissingExtra
        TOML is edited and ``tomlkit`` is not installed.

    See Also
    --------
    load, dump

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
    file = Path(path)
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
    if text.encode("utf-8") == before:
        return
    _ = read_text(file, style, text.encode("utf-8"), kind)
    if _content(file) != before:
        problem = "the file was changed by somebody else meanwhile"
        raise SerialisationError.from_path(str(file), problem, "edit it again.")
    write_text(file, text)


class _Opened(NamedTuple):
    """A document that can be changed, what writes it, and the errors of what it cannot hold."""

    document: Any
    write: Callable[[Any], str]
    refusals: tuple[type[Exception], ...]


class _NotPlain(Exception):  # noqa: N818 - never leaves this module
    """A document holds what its format has no word for."""


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise failed(file, "cannot be read", error) from error


def _opened(file: Path, style: Style, content: bytes) -> _Opened:
    """Read a document that can be changed."""
    data = parsed(file, style, content)
    if style.name == "JSON":
        return _Opened(data, lambda changed: _plain(style, changed), (_NotPlain,))
    try:
        import tomlkit
        from tomlkit.exceptions import ConvertError
    except ImportError:
        raise MissingExtra.from_caller(edit_file.__name__, "toml", "tomlkit") from None

    def write(changed: Any) -> str:
        text = tomlkit.dumps(changed)
        if tomllib.loads(text) != changed.unwrap():
            message = "tomlkit loses it in this place; put a whole table there"
            raise _NotPlain(message)
        return text

    document = tomlkit.parse(content.decode("utf-8-sig"))
    return _Opened(document, write, (_NotPlain, ConvertError))


def _plain(style: Style, changed: Any) -> str:
    try:
        return style.write(changed)
    except (TypeError, ValueError) as error:
        raise _NotPlain(error) from error
