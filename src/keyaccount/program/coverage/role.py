"""`CoverageRole`: what one of our people answers for on an account."""

from __future__ import annotations

import attrs

from keyaccount._validators import exact_tuple, text, text_or_empty, texts
from keyaccount._view import Spec

__all__ = ["CoverageRole"]


@attrs.frozen
class CoverageRole(Spec):
    """What one of our people answers for on an account.

    Parameters
    ----------
    code
        Fixed word that assignments use.
    name, name_zh
        What it is called, in English and Chinese. Assignments may use these as well.
    duties, duties_zh
        What it answers for, in both languages.
    parts, parts_zh
        The people it is made of where it takes several; empty where it takes one.

    Raises
    ------
    SpecError
        A text is blank.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.CoverageRole("exec", "Executive sponsor", duties=["meets their board"]).duties
    ('meets their board',)
    """

    code: str = attrs.field(validator=text)
    name: str = attrs.field(validator=text)
    name_zh: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
    duties: tuple[str, ...] = attrs.field(
        default=(), kw_only=True, converter=exact_tuple, validator=texts
    )
    duties_zh: tuple[str, ...] = attrs.field(
        default=(), kw_only=True, converter=exact_tuple, validator=texts
    )
    parts: tuple[str, ...] = attrs.field(
        default=(), kw_only=True, converter=exact_tuple, validator=texts
    )
    parts_zh: tuple[str, ...] = attrs.field(
        default=(), kw_only=True, converter=exact_tuple, validator=texts
    )
