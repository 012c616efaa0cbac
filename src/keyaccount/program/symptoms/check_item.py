"""`CheckItem`: one point of a checklist, with the question to ask."""

from __future__ import annotations

import attrs

from keyaccount._validators import text, text_or_empty
from keyaccount._view import Spec

__all__ = ["CheckItem"]


@attrs.frozen
class CheckItem(Spec):
    """One point of a checklist, with the question to ask where data do not answer it.

    Parameters
    ----------
    code
        Fixed word.
    name, name_zh
        What it is called, in English and Chinese.
    question, question_zh
        What to ask, in both languages.

    Raises
    ------
    SpecError
        The code or the name is blank.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.CheckItem("thin_bench", "Thin bench", question="Who would take over?").code
    'thin_bench'
    """

    code: str = attrs.field(validator=text)
    name: str = attrs.field(validator=text)
    name_zh: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
    question: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
    question_zh: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
