"""`digest`: one name for one spec, whoever computes it and wherever.

The canonical form is that of RFC 8785 (JSON Canonicalization Scheme), so that any language can
compute the same digest: keys sorted, no white space, the shortest digits that read back equal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

from keyaccount.playbook.versions import SCHEMA_VERSION, VERSION_KEY
from keyaccount.playbook.writing import Form, written

__all__ = ["canonical_json", "digest"]

_PLAIN_BELOW, _PLAIN_FROM = 21, -6
_EXACT = 2.0**53
_SMALLEST_ALIKE = 1e-4
"""From here to `_EXACT`, Python and ECMAScript write what is no whole number alike."""


def digest(spec: Any) -> str:
    """Give the SHA-256 of a spec: equal specs have equal digests, and different ones differ.

    Parameters
    ----------
    spec
        Any spec of this library.

    Returns
    -------
    str
        64 hexadecimal digits; the same on every machine and in every version of Python.

    Raises
    ------
    SerialisationError
        It is no spec, or holds what cannot be stored.

    Notes
    -----
    The SHA-256 of the UTF-8 text of ``{"schema_version": …, "spec": …}`` in the canonical form of
    RFC 8785, where the spec is written as `to_data` writes it, but weights and constants by group
    as arrays of pairs: their order counts, and canonical JSON knows no order of keys. A whole
    number that no float equals is written with all its digits, so that no two of them are one.

    References
    ----------
    Rundgren, Jordan & Erdtman (2020), *JSON Canonicalization Scheme (JCS)*, RFC 8785.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.digest(ka.Linear(1, 5))[:16]
    '0b6e5481f1cf26d6'
    >>> ka.digest(ka.Linear(1.0, 5.0)) == ka.digest(ka.Linear(1, 5))
    True
    """
    document = {VERSION_KEY: SCHEMA_VERSION, "spec": written(spec, Form.CANONICAL)}
    return sha256(canonical_json(document).encode("utf-8")).hexdigest()


def canonical_json(data: Any) -> str:
    """Write plain data as canonical JSON."""
    if isinstance(data, Mapping):
        items = sorted(data.items(), key=lambda item: item[0].encode("utf-16-be"))
        return f"{{{','.join(f'{_text(k)}:{canonical_json(v)}' for k, v in items)}}}"
    if isinstance(data, list):
        return f"[{','.join(map(canonical_json, data))}]"
    if isinstance(data, float):
        return _number(data)
    if isinstance(data, int) and not isinstance(data, bool):
        return _whole(data)
    return _text(data)


def _text(value: str | int) -> str:
    """Write a text, a whole number, true or false as JSON does."""
    return json.dumps(value, ensure_ascii=False)


def _whole(value: int) -> str:
    """Write a whole number as the float that equals it, where there is one."""
    try:
        near = float(value)
    except OverflowError:
        return _text(value)
    return _number(near) if near == value else _text(value)


def _number(value: float) -> str:
    """Write a finite float as ECMAScript does, so that 1.0 and 1 are one number."""
    if value.is_integer() and abs(value) <= _EXACT:
        return str(int(value))
    if _SMALLEST_ALIKE <= abs(value) < _EXACT:
        return repr(value)
    sign, figures, exponent = Decimal(repr(value)).normalize().as_tuple()
    digits = "".join(map(str, figures))
    point = len(digits) + int(exponent)
    return "-" * sign + _placed(digits, point)


def _placed(digits: str, point: int) -> str:
    """Set the point into the digits, or the exponent behind them."""
    if _PLAIN_FROM < point <= 0:
        return f"0.{'0' * -point}{digits}"
    if 0 < point <= _PLAIN_BELOW:
        whole, rest = digits[:point].ljust(point, "0"), digits[point:]
        return f"{whole}.{rest}" if rest else whole
    mantissa = f"{digits[0]}.{digits[1:]}" if len(digits) > 1 else digits
    return f"{mantissa}e{point - 1:+d}"
