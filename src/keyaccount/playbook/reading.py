"""Build specs from plain data by what their fields declare, and refuse everything else.

cattrs finds the hook for each declared type; the hooks are ours, since its own take ``"5"`` for 5
and 1.0 for True. A hook raises a `Fault`, and each level adds its step to the path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import NoneType
from typing import Any, Final, Literal, TypeVar, get_args, get_origin

from cattrs import Converter

from keyaccount.errors import KeyAccountError, WeightsError
from keyaccount.playbook.faults import Fault, allowed_here, expected, index_step, key_step, shown
from keyaccount.playbook.fields import Field, fields_of, is_table, is_union
from keyaccount.playbook.kinds import KINDS, PLAIN, family_kinds, kind_of, spec_class
from keyaccount.playbook.scalars import SCALARS, Read, constant, one_of, text

__all__ = ["read_spec", "reader"]


@cache
def reader() -> Converter:
    """Make the converter that reads, once."""
    made = Converter()
    factories: tuple[tuple[Callable[[Any], bool], Callable[[Any], Read]], ...] = (
        (lambda t: isinstance(t, TypeVar), _open),
        (lambda t: get_origin(t) is Literal, lambda t: one_of(get_args(t))),
        (lambda t: get_origin(t) is tuple, _array),
        (is_table, _table),
        (is_union, _union),
        (_is_spec, lambda t: _tagged(_allowed(t))),
        (lambda t: kind_of(t) in PLAIN, _plain),
    )
    for scalar, read in SCALARS.items():
        made.register_structure_hook(scalar, read)
    for fits, factory in factories:  # the last that fits decides
        made.register_structure_hook_factory(fits, factory)
    return made


def read_spec(data: Any, declared: Any = None) -> Any:
    """Read a spec that carries its kind: any there is, or one of those `declared` allows."""
    allowed = dict(_every_kind()) if declared is None else _allowed(declared)
    return _tagged(allowed)(data, declared)


_ONE_BRACKET: Final = "two square brackets begin one table of many: write [name], not [[name]]."
_TWO_BRACKETS: Final = "one square bracket begins a single table: write [[name]], not [name]."
_BY_NAME: Final = "give each its own name: [name.one], [name.two], not [[name]]."


def _of_tables(data: Any) -> bool:
    """Say whether somebody wrote tables in an array."""
    return isinstance(data, list) and bool(data) and all(isinstance(d, Mapping) for d in data)


def _hook(declared: Any) -> Read:
    return reader().get_structure_hook(declared)


def _is_spec(declared: Any) -> bool:
    return kind_of(declared) is not None or bool(family_kinds(declared))


def _allowed(declared: Any) -> dict[str, Any]:
    """List the kinds that may stand for a type, each with the type itself where that is known."""
    kind = kind_of(declared)
    return dict.fromkeys(family_kinds(declared)) if kind is None else {kind: declared}


@cache
def _every_kind() -> dict[str, Any]:
    return dict.fromkeys(KINDS)


# --- Tables with a kind ---------------------------------------------------------------------------


def _tagged(allowed: Mapping[str, Any]) -> Read:
    """Read one of several kinds; where only one is allowed its word may be left out."""
    only = next(iter(allowed)) if len(allowed) == 1 else None

    def read(data: Any, _type: object) -> Any:
        if not isinstance(data, Mapping):
            hint = allowed_here("", allowed, "kinds allowed here")
            raise expected(data, "a table", _ONE_BRACKET if _of_tables(data) else hint)
        kind = _kind(data, allowed, only)
        return _body(allowed[kind] or spec_class(kind))(data)

    return read


def _kind(data: Mapping[str, Any], allowed: Mapping[str, Any], only: str | None) -> str:
    """Find the kind of a table among those allowed."""
    kind = data.get("kind", only)
    if isinstance(kind, str) and kind in allowed:
        return kind
    hint = allowed_here(kind or "", allowed, "kinds allowed here")
    if kind is None:
        raise Fault(problem="missing key 'kind'", hint=hint, missing=("kind",))
    known = isinstance(kind, str) and kind in KINDS
    problem = f"kind {kind!r} cannot stand here" if known else f"unknown kind {shown(kind)}"
    raise Fault(problem, hint, kind=kind, allowed=tuple(allowed)).at(key_step("kind"))


@cache
def _body(declared: Any) -> Callable[[Mapping[str, Any]], Any]:
    """Make what reads the fields of one spec class."""
    cls = get_origin(declared) or declared
    hooks = [(field, _hook(field.type)) for field in fields_of(declared)]
    fields = [field for field, _ in hooks]

    def read(data: Mapping[str, Any]) -> Any:
        _check_keys(data, fields, kind_of(cls))
        given = {}
        for field, hook in hooks:
            if field.key in data:
                given[field.argument] = _read_key(hook, data, field)
            elif field.if_missing == "none":
                given[field.argument] = None
        return _built(cls, fields, given)

    return read


def _read_key(hook: Read, data: Mapping[str, Any], field: Field) -> Any:
    try:
        return hook(data[field.key], field.type)
    except Fault as fault:
        fault.at(key_step(field.key))
        raise


def _check_keys(data: Mapping[str, Any], fields: list[Field], kind: str | None) -> None:
    """Refuse keys that the spec does not know, and the lack of those it needs."""
    keys = [field.key for field in fields]
    for key in data:
        if key not in keys and key != "kind":
            hint = allowed_here(key, keys, f"keys of {kind}")
            fault = Fault(f"unknown key {shown(key)}", hint, unknown=key, allowed=tuple(keys))
            raise fault.at(key_step(key))
    needed = [field.key for field in fields if field.if_missing == "refuse"]
    missing = [key for key in needed if key not in data]
    if missing:
        said = f"missing key{'s' if len(missing) > 1 else ''} {', '.join(map(repr, missing))}"
        raise Fault(said, allowed_here("", keys, f"keys of {kind}"), missing=tuple(missing))


def _built(cls: Any, fields: list[Field], given: dict[str, Any]) -> Any:
    try:
        return cls(**given)
    except KeyAccountError as error:
        fault = Fault.from_error(error)
        if (inner := error.parts.get("key")) is not None:
            fault = fault.at(key_step(inner))
        key = _blamed(cls, fields, error)
        raise (fault if key is None else fault.at(key_step(key))) from error


def _blamed(cls: Any, fields: list[Field], error: KeyAccountError) -> str | None:
    """Find the key that a validator speaks of: ``Linear.high`` is the key ``high`` of a linear."""
    owner, _, name = str(error.parts.get("field", "")).partition(".")
    if len(fields) == 1:
        return fields[0].key
    for field in fields:
        if owner == cls.__name__ and field.key == name:
            return field.key
        if isinstance(error, WeightsError) and kind_of(field.type) == "weights":
            return field.key
    return None


# --- Values inside a spec -------------------------------------------------------------------------


def _union(declared: Any) -> Read:
    """Read one of several types: tables by their kind, anything else by the one type left."""
    members = [m for m in get_args(declared) if m is not NoneType]
    specs = [m for m in members if _is_spec(m) and kind_of(m) not in PLAIN]
    others = [_hook(m) for m in members if m not in specs]
    by_kind = {kind: cls for m in specs for kind, cls in _allowed(m).items()}
    allowed = {kind: by_kind[kind] for kind in sorted(by_kind)}
    tagged = _tagged(allowed) if allowed else None
    by_value = _by_value(others[0], allowed) if others else tagged
    if len(others) > 1 or by_value is None:
        message = f"stored data cannot tell the members of {declared} apart"
        raise TypeError(message)  # a spec class declares what this room cannot store
    optional = NoneType in get_args(declared)

    def read(data: Any, _type: object) -> Any:
        if data is None and optional:
            return None
        by = tagged if tagged is not None and isinstance(data, Mapping) else by_value
        return by(data, _type)

    return read


def _by_value(hook: Read, allowed: Mapping[str, Any]) -> Read:
    """Read a value that a table might stand for, and say so where it is wrong."""

    def read(data: Any, _type: object) -> Any:
        try:
            return hook(data, _type)
        except Fault as fault:
            if allowed and not fault.steps:
                fault.hint += f" A table may stand here, of kind {', '.join(allowed)}."
            raise

    return read


def _array(declared: Any) -> Read:
    """Read an array: of any length (``tuple[X, ...]``), or of one value per type."""
    args = get_args(declared)
    if len(args) == 2 and args[1] is Ellipsis:  # noqa: PLR2004 - tuple[item, ...]
        hook = _hook(args[0])
        return lambda data, _type: tuple(_items(data, [hook] * len(_checked(data))))
    hooks = [_hook(a) for a in args]

    def read(data: Any, _type: object) -> Any:
        if len(_checked(data)) != len(hooks):
            raise expected(
                data,
                f"an array of {len(hooks)} values",
                f"write {len(hooks)} values in square brackets.",
            )
        return tuple(_items(data, hooks))

    return read


def _checked(data: Any) -> list[Any] | tuple[Any, ...]:
    if not isinstance(data, list | tuple):
        hint = "write it in square brackets: [ … ]."
        raise expected(data, "an array", _TWO_BRACKETS if isinstance(data, Mapping) else hint)
    return data


def _items(data: Any, hooks: list[Read]) -> list[Any]:
    """Read each item by its hook."""
    found: list[Any] = []
    try:
        for item, hook in zip(data, hooks, strict=True):
            found.append(hook(item, None))
    except Fault as fault:
        fault.at(index_step(len(found)))
        raise
    return found


def _table(declared: Any) -> Read:
    """Read a table of names as the pairs it is declared as, in the order written."""
    pair = get_args(get_args(declared)[0])
    hook = _hook(pair[1])

    def read(data: Any, _type: object) -> Any:
        if not isinstance(data, Mapping):
            hint = "write one line per name: name = value."
            raise expected(data, "a table", _BY_NAME if _of_tables(data) else hint)
        return tuple((_name(name), _at_name(hook, data, name)) for name in data)

    return read


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise expected(name, "a text as key", "write it in quotes.").at(key_step(name))
    return text(name)


def _at_name(hook: Read, data: Mapping[str, Any], name: str) -> Any:
    try:
        return hook(data[name], None)
    except Fault as fault:
        fault.at(key_step(name))
        raise


def _plain(declared: Any) -> Read:
    """Read a spec that stands inside another as its one field alone."""
    (field,) = fields_of(declared)
    hook = _hook(field.type)

    def read(data: Any, _type: object) -> Any:
        given = {field.argument: hook(data, field.type)}
        return _built(declared, [], given)

    return read


def _open(_declared: object) -> Read:
    """Read what a `ByGroup` on its own holds: a spec of any kind, or a constant."""

    def read(data: Any, declared: object) -> Any:
        return read_spec(data) if isinstance(data, Mapping) else constant(data, declared)

    return read
