"""`Term`: one coded word of the programme, in English and Chinese."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Labels
from keyaccount._validators import field_name, text, text_or_empty
from keyaccount.errors import RowError, SpecError, closest

__all__ = ["Term", "code_rows", "coded", "has_unique_codes", "terms_given"]

_SHOWN = 5


@attrs.frozen
class Term:
    """One coded word of the programme, in English and Chinese: a buyer role, a task, a channel.

    Parameters
    ----------
    code
        Fixed word that data use.
    name, name_zh
        What it is called, in English and Chinese. Data may use these as well.

    Raises
    ------
    SpecError
        The code or the name is blank.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Term("coach", "Coach", name_zh="线人").name_zh
    '线人'
    """

    code: str = attrs.field(validator=text)
    name: str = attrs.field(validator=text)
    name_zh: str = attrs.field(default="", kw_only=True, validator=text_or_empty)


def has_unique_codes(kind: type) -> Any:
    """Refuse anything but a tuple of one kind of coded spec, each code once."""

    def validate(instance: object, attribute: Any, value: Any) -> None:
        _refuse(value, kind, field_name(instance, attribute))

    return validate


def terms_given(given: Any, kind: type, name: str) -> Any:
    """Take an argument that lists coded specs, or refuse it; at least one is needed."""
    found: Any = given
    with suppress(TypeError):
        found = tuple(given)
    _refuse(found, kind, name)
    if not found:
        hint = "leave it out for the preset."
        raise SpecError.from_field(name, "must not be empty", given, hint)
    return found


def _refuse(value: Any, kind: type, name: str) -> None:
    if not isinstance(value, tuple) or not all(isinstance(v, kind) for v in value):
        rule = f"must be a list of {kind.__name__}"
        raise SpecError.from_field(name, rule, value, f"build each with ka.{kind.__name__}(…).")
    codes = [v.code for v in value]
    twice = sorted({c for c in codes if codes.count(c) > 1})
    if twice:
        raise SpecError.from_field(name, "must have unique codes", twice, "rename one of them.")


def _spellings(terms: Any) -> dict[str, int]:
    """Map codes and names in both languages to positions; a code goes before any name."""
    found: dict[str, int] = {}
    for read in ("code", "name", "name_zh"):
        for i, term in enumerate(terms):
            word = getattr(term, read).strip().casefold()
            if word:
                found.setdefault(word, i)
    return found


def coded(words: tuple[str, ...], terms: Any) -> Codes:
    """Find each word among the terms, in any case and either language; -1 where it is none."""
    known = _spellings(terms)
    return np.array([known.get(w.strip().casefold(), -1) for w in words], dtype=np.int64)


def code_rows(given: Labels, terms: Any, name: str) -> Codes:
    """Find the term of each row, -1 where missing.

    Raises
    ------
    RowError
        Some rows hold a word that is no term.
    """
    table = np.append(coded(given.labels, terms), -1)
    found = table[given.codes]
    wrong: Bools = (given.codes >= 0) & (found < 0)
    if wrong.any():
        rows = np.flatnonzero(wrong)
        words = [given.labels[c] for c in given.codes[rows[:_SHOWN]].tolist()]
        codes = [t.code for t in terms]
        near = closest(words[0], codes)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise RowError.from_rows(
            name,
            "hold no known word" if len(rows) > 1 else "holds no known word",
            rows.tolist(),
            words,
            f"{hint}there is {', '.join(codes)}.",
        )
    return found
