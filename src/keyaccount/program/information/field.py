"""`InformationField`: one thing to know about a customer, or a branch of such things."""

from __future__ import annotations

import attrs

from keyaccount._validators import (
    exact_float,
    exact_tuple,
    not_negative,
    optional,
    optional_float,
    positive,
    text,
    text_or_empty,
    texts,
)
from keyaccount._view import Spec

__all__ = ["InformationField"]


@attrs.frozen
class InformationField(Spec):
    """One thing to know about a customer; a branch where other fields name it as theirs.

    Parameters
    ----------
    code
        Fixed word that entries use.
    name, name_zh
        What it is called, in English and Chinese. Entries may use these as well.
    branch
        Code of the field it belongs to; empty at the top.
    weight
        How much it counts, at least 0; below a branch, times the weight of the branch. 1 each is a
        choice of this library.
    max_age_days
        Days after which an entry is stale. None: as the branch says, or the whole map.
    ask
        Buyer roles to ask. Empty: as the branch says.

    Raises
    ------
    SpecError
        A field is not what it should be.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.InformationField("budget", "Budget", branch="strategy", ask=["decision_maker"]).weight
    1.0
    """

    code: str = attrs.field(validator=text)
    name: str = attrs.field(validator=text)
    name_zh: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
    branch: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
    weight: float = attrs.field(
        default=1.0, kw_only=True, converter=exact_float, validator=not_negative
    )
    max_age_days: float | None = attrs.field(
        default=None, kw_only=True, converter=optional_float, validator=optional(positive)
    )
    ask: tuple[str, ...] = attrs.field(
        default=(), kw_only=True, converter=exact_tuple, validator=texts
    )
