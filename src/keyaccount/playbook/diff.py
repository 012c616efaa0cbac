"""`diff`: what differs between two specs, place by place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from keyaccount._columns import Objects
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.playbook.canonical import digest
from keyaccount.playbook.convert import to_data
from keyaccount.playbook.faults import key_step

__all__ = ["SpecDiff", "diff"]

Change: TypeAlias = Literal["changed", "added", "removed", "moved"]
"""What became of a place: another value, a new one, none any more, or another order."""

_Found: TypeAlias = tuple[str, Change, Any, Any]
_NAMES: Final = ("name", "code", "tier", "label", "field", "industry", "column")
"""By which of their keys the tables of an array are told apart: the first that fits."""
_LONGEST = 72


class SpecDiff(Viewed):
    """What differs between two specs.

    Attributes
    ----------
    path
        ``(n,)`` str: where, as errors say it: ``$.selection.rule.share``. A table in an array goes
        by its name: ``$.scorer.criteria["sales"].column``.
    change
        ``(n,)`` str: ``"changed"``, ``"added"``, ``"removed"``, or ``"moved"``: the same names in
        another order.
    before, after
        ``(n,)`` object: the value as plain data; None where there is none.
    digests
        The digests of the two specs.

    Examples
    --------
    >>> import keyaccount as ka
    >>> found = ka.diff(ka.SelectionPolicy(ka.TopShare(0.2)), ka.SelectionPolicy(ka.TopShare(0.15)))
    >>> found.path.tolist(), found.before.tolist(), found.after.tolist()
    (['$.rule.share'], [0.2], [0.15])
    >>> print(found)
    $.rule.share: 0.2 → 0.15
    """

    def __init__(self, found: list[_Found], digests: tuple[str, str]) -> None:
        paths, changes, before, after = zip(*found, strict=True) if found else ((), (), (), ())
        self.path: Objects = np.array(paths, dtype=object)
        self.change: Objects = np.array(changes, dtype=object)
        self.before: Objects = _objects(before)
        self.after: Objects = _objects(after)
        self.digests: tuple[str, str] = digests

    def __len__(self) -> int:
        return len(self.path)

    def __repr__(self) -> str:
        return f"<SpecDiff of {len(self)} places>"

    def __str__(self) -> str:
        return "\n".join(_line(*row) for row in self._rows())

    def _view(self) -> View:
        return View(f"{len(self)} places differ", self.columns(), len(self))

    def _rows(self) -> Iterator[Any]:
        return zip(self.path, self.change, self.before, self.after, strict=True)

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame."""
        names = ("path", "change", "before", "after")
        return {name: getattr(self, name) for name in names}

    def row(self, i: int) -> Record:
        """Tell one difference.

        Raises
        ------
        RowError
            There is no such row.
        """
        i = checked_row(i, len(self))
        return Record({name: column[i] for name, column in self.columns().items()})


def diff(a: Any, b: Any) -> SpecDiff:
    """Say what differs between two specs, place by place.

    Parameters
    ----------
    a, b
        The earlier and the later spec, of any kinds.

    Returns
    -------
    SpecDiff
        One row per place, in the order of the fields; empty exactly where the digests are equal.

    Raises
    ------
    SerialisationError
        One of them is no spec.

    Notes
    -----
    Tables in an array are matched by their names where each has one of its own, else by position.
    A table that is now of another kind, and an array of numbers, is one place.

    Examples
    --------
    >>> import keyaccount as ka
    >>> before = ka.Playbook("north", "1", selection=ka.SelectionPolicy(ka.TopCount(10)))
    >>> after = ka.Playbook("north", "2", selection=ka.SelectionPolicy(ka.TopCount(12), hold=0.03))
    >>> print(ka.diff(before, after))
    $.version: '1' → '2'
    $.selection.rule.count: 10 → 12
    $.selection.hold: 0 → 0.03
    """
    found = list(_values("$", to_data(a), to_data(b)))
    return SpecDiff(found, (digest(a), digest(b)))


def _objects(values: tuple[Any, ...]) -> Objects:
    found = np.empty(len(values), dtype=object)
    found[:] = values if not values else [*values]
    return found


# --- Comparing ------------------------------------------------------------------------------------


def _values(path: str, a: Any, b: Any) -> Iterator[_Found]:
    """Compare what stands in one place."""
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        yield from _tables(path, a, b)
    elif isinstance(a, list) and isinstance(b, list):
        yield from _arrays(path, a, b)
    elif not _same(a, b):
        yield path, "changed", a, b


def _same(a: Any, b: Any) -> bool:
    """Compare plain data as digests do: 1.0 is 1, and true is not."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_same, a, b))
    return bool(a == b) and isinstance(a, bool) is isinstance(b, bool)


def _tables(path: str, a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[_Found]:
    if a.get("kind") != b.get("kind"):
        yield path, "changed", a, b
        return
    yield from _by_name(path, a, b, lambda name: path + key_step(name))


def _by_name(path: str, a: Mapping[str, Any], b: Mapping[str, Any], step: Any) -> Iterator[_Found]:
    """Compare what goes by the same name, and say what is there on one side only."""
    shared = [name for name in a if name in b]
    if "kind" not in a and shared != [name for name in b if name in a]:
        yield path, "moved", list(a), list(b)
    for name in [*a, *(name for name in b if name not in a)]:
        if name in b and name in a:
            yield from _values(step(name), a[name], b[name])
        elif name in a:
            yield step(name), "removed", a[name], None
        else:
            yield step(name), "added", None, b[name]


def _arrays(path: str, a: list[Any], b: list[Any]) -> Iterator[_Found]:
    """Compare arrays: of named tables by name, of other tables by position, else as a whole."""
    key = _naming(a, b)
    if key is not None:
        one, other = ({item[key]: item for item in items} for items in (a, b))
        yield from _by_name(path, one, other, lambda name: f"{path}{_named(name)}")
    elif len(a) == len(b) and all(isinstance(item, Mapping) for item in (*a, *b)):
        for i, pair in enumerate(zip(a, b, strict=True)):
            yield from _values(f"{path}[{i}]", *pair)
    elif not _same(a, b):
        yield path, "changed", a, b


def _naming(a: list[Any], b: list[Any]) -> str | None:
    """Find the key that names every table of both arrays, each once."""
    if not (a or b) or not all(isinstance(item, Mapping) for item in (*a, *b)):
        return None
    for key in _NAMES:
        names = [[item.get(key) for item in items] for items in (a, b)]
        if all(None not in n and len(set(n)) == len(n) for n in names):
            return key
    return None


def _named(name: object) -> str:
    return f'["{name}"]'


# --- Telling --------------------------------------------------------------------------------------


def _line(path: str, change: Change, before: Any, after: Any) -> str:
    """Tell one difference in a line."""
    if change == "added":
        return f"{path}: added {_cut(_shown(after))}"
    if change == "removed":
        return f"{path}: removed {_cut(_shown(before))}"
    one, other = _shown(before), _shown(after)
    shared = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    told = f"{_cut(one, shared)} → {_cut(other, shared)}"
    return f"{path}: order {told}" if change == "moved" else f"{path}: {told}"


def _shown(value: Any) -> str:
    """Write a value as a person would, to the last digit."""
    if isinstance(value, Mapping) and "kind" in value:
        rest = ", ".join(f"{k} {_shown(v)}" for k, v in value.items() if k != "kind")
        text = f"{value['kind']} ({rest})" if rest else str(value["kind"])
    elif isinstance(value, float):
        text = repr(value).removesuffix(".0")
    elif isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, list):
        text = f"[{', '.join(map(_shown, value))}]"
    else:
        text = repr(value)
    return text


def _cut(text: str, around: int = 0) -> str:
    """Cut a long text so that one place of it is seen."""
    if len(text) <= _LONGEST:
        return text
    start = max(0, around - _LONGEST // 2)
    piece = f"…{text[start:]}" if start else text
    return piece if len(piece) <= _LONGEST else f"{piece[: _LONGEST - 1]}…"
