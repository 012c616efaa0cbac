"""Comments of a TOML file, each with what it stands above, and put back there after a change.

A TOML library keeps a comment with what stands *before* it: where a table is removed, or a key is
added, what is said of the next table goes with it. People write a comment above what it is about.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

__all__ = ["CommentLost", "with_comments"]

_NAMES: Final = ("name", "code", "tier", "label", "field", "industry", "column", "kind")
"""The keys that tables of an array are told apart by."""
_TOKEN: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?!")|\'\'\'.*?\'\'\'(?!\')|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\''
    r"|(?P<comment>#[^\n]*)|(?P<open>[\[{])|(?P<close>[\]}])|(?P<end>\n)|[^\"'#\[\]{}\n]+",
    re.DOTALL,
)

Path = tuple[str, ...]


class CommentLost(Exception):  # noqa: N818 - never leaves this package
    """A change would take away a comment whose place stays."""


class _Statement(NamedTuple):
    """A header or a key with its value: where it is, what stands above it, and beside or in it."""

    path: Path
    is_header: bool
    above: tuple[str, ...]
    text: str
    beside: tuple[str, ...]


def with_comments(before: str, after: str) -> str:
    """Put every comment of a file back above what it stood above.

    Comments above and inside what is removed go with it; what a change adds keeps its own.

    Raises
    ------
    CommentLost
        A comment beside a value, or inside a table, would go, though what it is about stays.
    """
    was = _statements(before)
    now = _as_named(was, _statements(after))
    if [(s.path, *_said(s)) for s in was] == [(s.path, *_said(s)) for s in now]:
        return after
    _refuse_losses(was, now)
    old = {s.path: s for s in was}
    ours = {line.strip() for s in was for line in s.above if line.strip()}
    return "".join("".join((*_above(s, old.get(s.path), ours), s.text)) for s in now)


def _said(statement: _Statement) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the comments above a statement, and those beside and in it."""
    return tuple(s for line in statement.above if (s := line.strip())), statement.beside


def _above(now: _Statement, old: _Statement | None, ours: set[str]) -> tuple[str, ...]:
    """Say what should stand above a statement."""
    wanted = () if old is None else _said(old)[0]
    if _said(now)[0] == wanted:
        return now.above
    new = tuple(line for line in now.above if line.strip() and line.strip() not in ours)
    if old is not None and wanted:
        return (*old.above, *new)
    return (*(("\n",) if any(not line.strip() for line in now.above) else ()), *new)


def _refuse_losses(was: Sequence[_Statement], now: Sequence[_Statement]) -> None:
    """Refuse to lose what is said of something that stays."""
    after = {s.path: s for s in now}
    old = {s.path for s in was}
    rewritten = {s.path for s in now if not s.is_header and s.path not in old}
    rewritten |= {s.path for s in was if s.is_header and s.path in after} & {
        s.path for s in now if not s.is_header
    }
    for statement in was:
        found = after.get(statement.path)
        if found is not None:
            lost = Counter(statement.beside) - Counter(found.beside)
        elif any(statement.path[:n] in rewritten for n in range(1, len(statement.path))):
            lost = Counter((*_said(statement)[0], *statement.beside))
        else:
            continue
        if lost:
            raise CommentLost(next(iter(lost)))


# --- Arrays of tables -----------------------------------------------------------------------------


def _as_named(was: Sequence[_Statement], now: Sequence[_Statement]) -> list[_Statement]:
    """Take a table of an array for the same one where it alone was given another name."""
    renamed: dict[Path, Path] = {}
    before, after = _items(was), _items(now)
    for array, names in after.items():
        earlier = before.get(array, [])
        if any(n.startswith("#") for n in (*names, *earlier)) and len(names) != len(earlier):
            _refuse_nameless(was, array)
        if len(names) == len(earlier):
            for old, new in zip(earlier, names, strict=True):
                if new not in earlier and old not in names:
                    renamed[*array, new] = (*array, old)
    return [s._replace(path=_renamed(s.path, renamed)) for s in now]


def _refuse_nameless(was: Sequence[_Statement], array: Path) -> None:
    for statement in was:
        said = (*_said(statement)[0], *statement.beside)
        if statement.path[: len(array)] == array and said:
            raise CommentLost(said[0])


def _renamed(path: Path, renamed: Mapping[Path, Path]) -> Path:
    for n in range(len(path), 1, -1):
        if path[:n] in renamed:
            return _renamed((*renamed[path[:n]], *path[n:]), {})
    return path


def _items(statements: Iterable[_Statement]) -> dict[Path, list[str]]:
    """List the tables of each array by their names."""
    found: dict[Path, list[str]] = {}
    for s in statements:
        if s.is_header and s.text.lstrip().startswith("[["):
            found.setdefault(s.path[:-1], []).append(s.path[-1])
    return found


# --- Reading --------------------------------------------------------------------------------------


def _statements(text: str) -> list[_Statement]:
    """Cut a file into its headers and keys, and what follows the last of them."""
    found: list[_Statement] = []
    above: list[str] = []
    table: Path = ()
    items: dict[Path, str] = {}
    raw = _cut(text)
    for i, (line, comments) in enumerate(raw):
        code = line.strip()
        if not code or code.startswith("#"):
            above.append(line)
            continue
        header = code.startswith("[")
        if header:
            keys, many = _header(code, comments)
            table = _resolved(keys, items)
            if many:
                items = {p: name for p, name in items.items() if p[: len(table)] != table}
                items[table] = _unique(_name_of(raw[i + 1 :]), table, found)
                table = (*table, items[table])
        path = table if header else (*table, *_key(line))
        found.append(_Statement(path, header, tuple(above), line, comments))
        above = []
    return [*found, _Statement(("",), True, tuple(above), "", ())]  # noqa: FBT003 - the end of the file


def _cut(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Cut a text where a line ends outside of every bracket, with the comments on the way."""
    found: list[tuple[str, tuple[str, ...]]] = []
    piece: list[str] = []
    comments: list[str] = []
    depth = 0
    for token in _TOKEN.finditer(text):
        piece.append(token[0])
        if token["comment"]:
            comments.append(token[0].strip())
        depth += bool(token["open"]) - bool(token["close"])
        if token["end"] and depth == 0:
            found.append(("".join(piece), tuple(comments)))
            piece, comments = [], []
    return [*found, ("".join(piece), tuple(comments))] if piece else found


def _header(code: str, comments: Sequence[str]) -> tuple[Path, bool]:
    bare = code.removesuffix(comments[-1]).strip() if comments else code
    many = bare.startswith("[[")
    return _nested(tomllib.loads(bare)), many


def _key(line: str) -> Path:
    """Read the key that a line begins with."""
    return _nested(tomllib.loads(line), len(_dotted(line)))


_ONE_KEY: Final = re.compile(r"""\s*(?:"(?:\\.|[^"\\])*"|'[^']*'|[A-Za-z0-9_-]+)\s*""")


def _dotted(line: str) -> list[str]:
    """List the keys of ``a.b = 1`` as they are written."""
    found, at = [], 0
    while (match := _ONE_KEY.match(line, at)) is not None:
        found.append(match[0])
        at = match.end() + 1
        if line[match.end() : at] != ".":
            break
    return found


def _nested(data: Any, depth: int | None = None) -> Path:
    """Walk down a table of one key to its end."""
    found: list[str] = []
    while isinstance(data, dict | list) and data and (depth is None or len(found) < depth):
        if isinstance(data, list):
            data = data[0]
            continue
        key = next(iter(data))
        found.append(key)
        data = data[key]
    return tuple(found)


def _resolved(keys: Path, items: Mapping[Path, str]) -> Path:
    """Put the names of the tables of arrays into a header below them."""
    found: Path = ()
    for i, key in enumerate(keys):
        found = (*found, key)
        if found in items and i < len(keys) - 1:
            found = (*found, items[found])
    return found


def _name_of(rest: Sequence[tuple[str, tuple[str, ...]]]) -> str | None:
    """Find the name of a table of an array."""
    told: dict[str, str] = {}
    for line, _ in rest:
        code = line.strip()
        if code.startswith("["):
            break
        if code and not code.startswith("#"):
            told |= {k: str(v) for k, v in tomllib.loads(line).items() if k in _NAMES}
    return next((f"{key}={told[key]}" for key in _NAMES if key in told), None)


def _unique(name: str | None, array: Path, found: Sequence[_Statement]) -> str:
    """Tell a table without a name of its own by its place."""
    taken = [s.path[-1] for s in found if s.is_header and s.path[:-1] == array]
    return f"#{len(taken)}" if name is None or name in taken else name
