"""Write specs as plain data: every field, in declared order, tagged by kind.

A field is left out only where it is None, so that a stored file says all there is to say.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, TypeAlias, get_args

from cattrs import Converter

from keyaccount.playbook.faults import Fault, index_step, key_step, shown
from keyaccount.playbook.fields import fields_of, is_table
from keyaccount.playbook.kinds import KINDS, PLAIN, kind_of
from keyaccount.playbook.scalars import number

__all__ = ["Form", "written"]

Write: TypeAlias = Callable[[Any], Any]
"""Turn one value into plain data."""


class Form(Enum):
    """For whom data is written."""

    JSON = "json"
    """Dates as ISO text, names and constants as tables."""
    TOML = "toml"
    """The same with TOML's own dates."""
    CANONICAL = "canonical"
    """Names and constants as arrays of pairs: their order counts, and that of keys does not."""


def written(spec: Any, form: Form) -> dict[str, Any]:
    """Write a spec as plain data.

    Raises
    ------
    SerialisationError
        It is no spec, or holds what cannot be stored.
    """
    try:
        if kind_of(type(spec)) is None:
            raise _no_spec(spec)
        cls: Any = type(spec)
        data: dict[str, Any] = _body(cls, form)(spec)
    except Fault as fault:
        raise fault.error() from None
    return data


@cache
def _writer(form: Form) -> Converter:
    """Make the converter that writes in one form, once."""
    made = Converter()
    made.register_unstructure_hook_factory(lambda _: True, lambda _: _refuse)
    made.register_unstructure_hook_factory(_is_spec, lambda cls: _inner(cls, form))
    made.register_unstructure_hook(tuple, lambda items: _array(items, form))
    made.register_unstructure_hook(float, number)
    made.register_unstructure_hook(int, int)
    made.register_unstructure_hook(bool, bool)
    made.register_unstructure_hook(str, _text)
    made.register_unstructure_hook(date, _as_it_is if form is Form.TOML else date.isoformat)
    return made


def _is_spec(cls: Any) -> bool:
    return kind_of(cls) is not None


def _as_it_is(value: Any) -> Any:
    return value


def _text(value: str) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        problem = f"a text holds half a character (got {shown(value)})"
        raise Fault(problem, "remove the lone surrogate; UTF-8 cannot hold it.") from None
    return str(value)


def _refuse(value: Any) -> Any:
    raise _no_spec(value)


def _no_spec(value: object) -> Fault:
    problem = f"a {type(value).__name__} has no kind and cannot be stored (got {shown(value)})"
    return Fault(problem, f"the kinds there are: {', '.join(KINDS)}.", got=value)


@cache
def _body(cls: Any, form: Form) -> Write:
    """Make what writes a spec with its kind."""
    kind = kind_of(cls)
    fields = [(field.key, _field(field.type, form)) for field in fields_of(cls)]

    def write(spec: Any) -> dict[str, Any]:
        found = {"kind": kind}
        for key, write_field in fields:
            value = getattr(spec, key)
            if value is not None:
                found[key] = _at(key_step(key), write_field, value)
        return found

    return write


def _at(step: str, write: Write, value: Any) -> Any:
    try:
        return write(value)
    except Fault as fault:
        fault.at(step)
        raise


def _inner(cls: Any, form: Form) -> Write:
    """Make what writes a spec inside another: plain where that says it all."""
    kind = kind_of(cls)
    if kind not in PLAIN:
        return _body(cls, form)
    (field,) = fields_of(cls)
    write = _field(field.type, form)
    return lambda spec: write(getattr(spec, field.key))


def _field(declared: Any, form: Form) -> Write:
    """Make what writes a field: pairs of a name and something by name, the rest by what it is."""
    write = _writer(form).unstructure
    if not any(map(is_table, (declared, *get_args(declared)))):
        return write
    if form is Form.CANONICAL:
        return lambda pairs: [list(pair) for pair in _table(pairs, write).items()]
    return lambda pairs: _table(pairs, write)


def _table(pairs: Any, write: Write) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            hint = "a table holds each name once; give one of them another name."
            raise Fault(problem=f"{name!r} occurs twice", hint=hint)
        found[_at(key_step(name), _text, name)] = _at(key_step(name), write, value)
    return found


def _array(items: Any, form: Form) -> list[Any]:
    write = _writer(form).unstructure
    return [_at(index_step(i), write, item) for i, item in enumerate(items)]
