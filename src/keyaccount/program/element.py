"""`ProgrammeElement`: one element of key-account management, with its parts."""

from __future__ import annotations

from typing import Any

import attrs

from keyaccount._validators import exact_tuple, field_name, text, text_or_empty
from keyaccount._view import Spec
from keyaccount.program.term import Term, has_unique_codes, refuse_clashes

__all__ = ["ProgrammeElement"]


def _differ(instance: Any, attribute: Any, value: Any) -> None:
    refuse_clashes(value, field_name(instance, attribute))


@attrs.frozen
class ProgrammeElement(Spec):
    """One element of key-account management, with its parts.

    Parameters
    ----------
    code
        Fixed word.
    name, name_zh
        What it is called, in English and Chinese.
    parts
        What it is made of; empty where nothing is said.

    Raises
    ------
    SpecError
        A text is blank, or two parts go by one code or name.

    Examples
    --------
    >>> import keyaccount as ka
    >>> element = ka.ProgrammeElement("scene", "Scene", parts=ka.account_scenes())
    >>> [part.name_zh for part in element.parts]
    ['售前', '打单', '交付', '售后']
    """

    code: str = attrs.field(validator=text)
    name: str = attrs.field(validator=text)
    name_zh: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
    parts: tuple[Term, ...] = attrs.field(
        default=(),
        kw_only=True,
        converter=exact_tuple,
        validator=[has_unique_codes(Term), _differ],
    )
