"""`FittedOn`: what the constants of a part were learned from."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import attrs

from keyaccount._validators import (
    a_date,
    count,
    exact_date,
    exact_int,
    exact_tuple,
    field_name,
    optional,
    unique_names,
)
from keyaccount._view import Spec
from keyaccount.errors import SpecError

__all__ = ["FittedOn"]

_DIGEST = re.compile(r"[0-9a-f]{64}")


def _sha256(instance: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, str) or _DIGEST.fullmatch(value) is None:
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be the 64 hexadecimal digits of a SHA-256",
            value,
            "see data_digest() and digest(); leave it out where it is not known.",
        )


@attrs.frozen(kw_only=True)
class FittedOn(Spec):
    """What the constants of a part of a playbook were learned from.

    Parameters
    ----------
    rows
        How many rows the book had.
    columns
        The columns that were read.
    as_of
        The day that the data speak of; None: not said.
    data
        `data_digest` of those columns; None: the book had no column of ids.
    day
        The day on which it was learned; None: not said.
    part
        `digest` of the part as it was when its constants had been learned, by which a later change
        is told; None: not said.

    Raises
    ------
    SpecError
        A field is not what it should be.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.FittedOn(rows=400, columns=["sales"], as_of="2026-09-30").as_of.year
    2026
    """

    rows: int = attrs.field(converter=exact_int, validator=count)
    columns: tuple[str, ...] = attrs.field(converter=exact_tuple, validator=unique_names)
    as_of: date | None = attrs.field(default=None, converter=exact_date, validator=optional(a_date))
    data: str | None = attrs.field(default=None, validator=optional(_sha256))
    day: date | None = attrs.field(default=None, converter=exact_date, validator=optional(a_date))
    part: str | None = attrs.field(default=None, validator=optional(_sha256))
