"""What the reference shows of classes and parameters, where their source does not say it.

attrs makes the constructor of a spec, so that no source has its signature: it is made here from the
class, with the types of the fields. A result is not made by its reader, and shows none. Parameters
that share one description (``low, high``) get each its own type and default.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import attrs
import griffe

from keyaccount.playbook.kinds import KINDS

_SPECS = {f"keyaccount.{module}.{name}" for module, name in KINDS.values()}
_MADE_BY_HAND = _SPECS | {"keyaccount.evaluation.quarter.Quarter", "keyaccount.rowwise.Column"}
_INNER = {"Spec", "Stamped", "Table", "Viewed"}
"""Bases that say how a class is shown, which is no part of what it is."""
_NAMED = (griffe.DocstringSectionKind.parameters, griffe.DocstringSectionKind.attributes)


class Reference(griffe.Extension):
    """Complete the classes, then the types of what docstrings name."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Go through everything the library has, once all of it is loaded."""
        things = list(_things(pkg))
        for thing in things:
            if isinstance(thing, griffe.Class):
                _complete(thing)
        for thing in things:
            _give_types(thing)


def _things(parent: griffe.Object) -> Iterator[griffe.Class | griffe.Function]:
    """List the classes and functions below a module or a class."""
    for member in list(parent.members.values()):
        if isinstance(member, griffe.Class | griffe.Function):
            yield member
        if isinstance(member, griffe.Class | griffe.Module):
            yield from _things(member)


def _complete(cls: griffe.Class) -> None:
    """Give a spec its constructor, take a result's away, and leave out bases that say nothing."""
    cls.bases = [base for base in cls.bases if str(base).partition("[")[0] not in _INNER]
    if cls.path in _MADE_BY_HAND:
        _ = cls.members.pop("__init__", None)
        cls.set_member("__init__", _constructor(cls))
    elif cls.docstring is not None and "\n----------\n" in cls.docstring.value:
        headings = {section.kind for section in cls.docstring.parsed}
        if griffe.DocstringSectionKind.attributes in headings:
            _ = cls.members.pop("__init__", None)


def _constructor(cls: griffe.Class) -> griffe.Function:
    """Write down the constructor that attrs has made."""
    made = getattr(import_module(cls.module.path), cls.name)
    own = griffe.Parameter("self", kind=griffe.ParameterKind.positional_or_keyword)
    stated = [
        griffe.Parameter(
            p.name,
            annotation=_type_of(cls, p.name),
            kind=griffe.ParameterKind[p.kind.name.lower()],
            default=None if p.default is p.empty else _shown(p.default),
        )
        for p in inspect.signature(made).parameters.values()
    ]
    return griffe.Function("__init__", parameters=griffe.Parameters(own, *stated))


def _shown(default: object) -> str:
    """Write a default; one that is made anew each time is left open."""
    return "..." if default is attrs.NOTHING else repr(default)


def _type_of(cls: griffe.Class, name: str) -> str | griffe.Expr | None:
    """Find the type of a field or property, also of a base."""
    member = cls.members.get(name)
    return getattr(member, "annotation", None)


def _give_types(thing: griffe.Class | griffe.Function) -> None:
    """Give each parameter and attribute that a docstring names the type that is its own."""
    if thing.docstring is None:
        return
    made = thing.members.get("__init__") if isinstance(thing, griffe.Class) else thing
    known = made.parameters if isinstance(made, griffe.Function) else griffe.Parameters()
    for section in thing.docstring.parsed:
        if section.kind not in _NAMED:
            continue
        for named in section.value:
            if named.name in known:
                named.annotation = known[named.name].annotation
                named.value = known[named.name].default
            elif isinstance(thing, griffe.Class):
                named.annotation = _type_of(thing, named.name)
