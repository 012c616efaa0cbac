"""`Phase`: stages of a funnel that go by one name."""

from __future__ import annotations

import attrs

from keyaccount._validators import exact_tuple, text, text_or_empty, unique_names
from keyaccount._view import Spec

__all__ = ["Phase"]


@attrs.frozen
class Phase(Spec):
    """Stages of a funnel that go by one name, such as all before the sale.

    Parameters
    ----------
    code
        Fixed word that stored data refers to the phase by.
    stages
        The codes of its stages.
    name, name_zh
        What it is called, in English and Chinese.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Phase("before", ["talk", "offer"], name="Before the sale").stages
    ('talk', 'offer')
    """

    code: str = attrs.field(validator=text)
    stages: tuple[str, ...] = attrs.field(converter=exact_tuple, validator=unique_names)
    name: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
    name_zh: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
