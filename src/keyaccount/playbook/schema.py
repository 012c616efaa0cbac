"""`json_schema`: what files may hold, for editors and forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from types import FunctionType, NoneType
from typing import Any, Final, Literal, TypeVar, get_args, get_origin

import attrs

from keyaccount._validators import count, not_negative, positive, share, text
from keyaccount.errors import SpecError
from keyaccount.playbook.docstrings import parameters, summary
from keyaccount.playbook.fields import fields_of, is_table, is_union, takes_none
from keyaccount.playbook.kinds import KINDS, PLAIN, family_kinds, kind_of, spec_class
from keyaccount.playbook.versions import SCHEMA_KEY, SCHEMA_VERSION, VERSION_KEY

__all__ = ["json_schema"]

_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_SCALARS: Final[Mapping[Any, dict[str, Any]]] = {
    float: {"type": "number"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    str: {"type": "string"},
    date: {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
}
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORDS: Final[Mapping[Any, str]] = {float: "number", int: "whole", str: "text"}
_BOUNDS: Final[Mapping[Any, dict[str, Any]]] = {
    positive: {"exclusiveMinimum": 0},
    not_negative: {"minimum": 0},
    count: {"minimum": 0},
    share: {"minimum": 0, "maximum": 1},
    text: {"pattern": r"\S"},
}
"""What a validator that many specs share asks for, in words of JSON Schema."""
_ABOUT: Final = {"pattern": {"string"}}
_NUMBERS: Final = {"number", "integer"}
"""Of which types a bound speaks; where none is named, of numbers."""
_OF_FIELD: Final[Mapping[str, dict[str, Any]]] = {
    "all_of.rules": {"minItems": 1},
    "composite_scorer.criteria": {"minItems": 1},
    "experience_inference.gates": {"minItems": 1},
    "funnel.stages": {"minItems": 1},
    "gate.questions": {"minItems": 1},
    "matrix.axes": {"minItems": 1},
    "weights.pairs": {
        "minProperties": 1,
        "additionalProperties": {"type": "number", "minimum": 0},
    },
}
"""What the validator of one field alone asks for."""


def json_schema(kind: str | type[Any] = "playbook") -> dict[str, Any]:
    """Describe the files of a kind as JSON Schema, for editors and forms.

    Parameters
    ----------
    kind
        A kind (``"playbook"``) or spec class.

    Returns
    -------
    dict
        A schema of draft 2020-12, with one definition for each kind that may stand inside, and the
        words of this documentation as descriptions.

    Raises
    ------
    SpecError
        There is no such kind.

    Notes
    -----
    Whatever `load` takes for this kind is valid under it, in TOML and in JSON: the word ``kind``
    may be left out at the top, and JSON may say null for what is optional. It knows keys, types,
    words and plain limits; what several fields must agree on only `load` can tell.

    A JSON file may name its schema for an editor by ``"$schema"`` at the top; in TOML, many editors
    read the comment ``#:schema playbook.schema.json`` in the first line.

    References
    ----------
    JSON Schema, draft 2020-12: https://json-schema.org/draft/2020-12/json-schema-core

    Examples
    --------
    >>> import keyaccount as ka
    >>> schema = ka.json_schema("top_share")
    >>> schema["required"], schema["properties"]["rounding"]["enum"]
    (['schema_version', 'share'], ['nearest', 'floor', 'ceil'])
    """
    cls = spec_class(kind) if isinstance(kind, str) and kind in KINDS else kind
    found = kind_of(cls)
    if isinstance(cls, str) or found is None:
        raise SpecError.from_choice("json_schema(kind)", kind, tuple(KINDS))
    definitions: dict[str, Any] = {}
    body = _body(cls, definitions)
    version = {"const": SCHEMA_VERSION, "description": "The version of the form of the file."}
    return {
        "$schema": _DRAFT,
        "title": f"keyaccount {found}",
        **body,
        "properties": {
            SCHEMA_KEY: {"type": "string", "description": "Where this schema is, for editors."},
            VERSION_KEY: version,
            **body["properties"],
        },
        "required": [VERSION_KEY, *body["required"]],
        "$defs": {name: definitions[name] for name in sorted(definitions)},
    }


def _body(declared: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """Describe the table of one spec class."""
    cls = get_origin(declared) or declared
    said = parameters(cls)
    attributes = {a.name: a for a in attrs.fields(cls)}
    properties: dict[str, Any] = {"kind": {"const": kind_of(cls)}}
    for field in fields_of(declared):
        described = {"description": said[field.key]} if field.key in said else {}
        attribute = attributes[field.key]
        described |= _default(attribute)
        limited = _bounded(_value(field.type, definitions), _bounds(attribute.validator))
        limited |= _OF_FIELD.get(f"{kind_of(cls)}.{field.key}", {})
        properties[field.key] = {
            **(_or_null(limited) if takes_none(field.type) else limited),
            **described,
        }
    return {
        "description": summary(cls),
        "type": "object",
        "properties": properties,
        "required": [f.key for f in fields_of(declared) if f.if_missing == "refuse"],
        "additionalProperties": False,
    }


def _default(attribute: Any) -> dict[str, Any]:
    plain = isinstance(attribute.default, str | int | float | bool)
    return {"default": attribute.default} if plain else {}


def _bounds(validator: Any) -> dict[str, Any]:
    """Describe what a validator asks for, and those that it is made of."""
    found = dict(_BOUNDS.get(validator, {}))
    for inner in getattr(validator, "_validators", ()):
        found |= _bounds(inner)
    for cell in getattr(validator, "__closure__", None) or ():
        if isinstance(cell.cell_contents, FunctionType):
            found |= _bounds(cell.cell_contents)
    return found


def _bounded(value: dict[str, Any], bounds: Mapping[str, Any]) -> dict[str, Any]:
    """Hold what is a number or a text to its bounds, alone or beside a table."""
    if "anyOf" in value:
        return {**value, "anyOf": [_bounded(one, bounds) for one in value["anyOf"]]}
    of = value.get("type")
    return value | {k: v for k, v in bounds.items() if of in _ABOUT.get(k, _NUMBERS)}


def _or_null(value: dict[str, Any]) -> dict[str, Any]:
    """Let null stand for what is left out, as it does in JSON."""
    if "anyOf" in value:
        return {**value, "anyOf": [*value["anyOf"], {"type": "null"}]}
    if isinstance(value.get("type"), str):
        return {**value, "type": [value["type"], "null"]}
    return {"anyOf": [value, {"type": "null"}]}


def _value(declared: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """Describe what may stand for a type."""
    if declared in _SCALARS:
        return dict(_SCALARS[declared])
    if isinstance(declared, TypeVar):
        return {"type": ["number", "string", "boolean", "object"]}
    if kind_of(declared) in PLAIN:
        (field,) = fields_of(declared)
        inside = _OF_FIELD.get(f"{kind_of(declared)}.{field.key}", {})
        return _value(field.type, definitions) | inside
    return _made_up(declared, definitions)


def _made_up(declared: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """Describe what may stand for a type that is made of others."""
    if get_origin(declared) is Literal:
        return {"enum": list(get_args(declared))}
    if is_union(declared):
        return _one_of(declared, definitions)
    if is_table(declared):
        inner = get_args(get_args(declared)[0])[1]
        return {"type": "object", "additionalProperties": _value(inner, definitions)}
    if get_origin(declared) is tuple:
        return _array(declared, definitions)
    return _tables([declared], definitions)


def _array(declared: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """Describe an array of any length, or of one value per type."""
    args = get_args(declared)
    if len(args) == 2 and args[1] is Ellipsis:  # noqa: PLR2004 - tuple[item, ...]
        return {"type": "array", "items": _value(args[0], definitions)}
    items = [_value(a, definitions) for a in args]
    sizes = {"minItems": len(items), "maxItems": len(items)}
    return {"type": "array", "prefixItems": items, "items": False, **sizes}


def _one_of(declared: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """Describe a union: tables told apart by their kind, beside something that is no table."""
    members = [m for m in get_args(declared) if m is not NoneType]
    tables = [m for m in members if _is_table_of(m)]
    found = [_value(m, definitions) for m in members if m not in tables]
    found += [_tables(tables, definitions)] if tables else []
    return found[0] if len(found) == 1 else {"anyOf": found}


def _is_table_of(declared: Any) -> bool:
    return bool(family_kinds(declared)) or kind_of(declared) not in {None, *PLAIN}


def _tables(declared: list[Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Describe a table of one of several kinds; where there is one its word may be left out."""
    classes = [c for d in declared for c in ([spec_class(k) for k in family_kinds(d)] or [d])]
    found = [{"$ref": f"#/$defs/{_defined(c, definitions)}"} for c in classes]
    return found[0] if len(found) == 1 else {"required": ["kind"], "oneOf": found}


def _defined(declared: Any, definitions: dict[str, Any]) -> str:
    """Describe a spec class once, and give the name of the description."""
    name = _name(declared)
    if name not in definitions:
        definitions[name] = {}  # it may hold itself
        definitions[name] = _body(declared, definitions)
    return name


@cache
def _name(declared: Any) -> str:
    """Name a spec class, or one for a given type: ``by_group_of_number``."""
    kind, given = kind_of(declared), get_args(declared)
    return f"{kind}_of_{_word(given[0])}" if given else str(kind)


def _word(declared: Any) -> str:
    """Give a word for a type."""
    if get_origin(declared) is tuple:
        return f"{_word(get_args(declared)[0])}s"
    return _WORDS.get(declared) or kind_of(declared) or _CAPITAL.sub("_", declared.__name__).lower()
