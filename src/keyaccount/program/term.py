"""`Term`: one coded word of the programme, in English and Chinese."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Codes, Labels
from keyaccount._validators import field_name, text, text_or_empty
from keyaccount._view import Spec
from keyaccount.errors import RowError, SpecError, closest

__all__ = [
    "Term",
    "as_verbs_take",
    "code_rows",
    "coded",
    "has_unique_codes",
    "one_spelling",
    "placed_words",
    "plain",
    "refuse_clashes",
    "sought",
    "terms_given",
    "terms_of",
]

_SHOWN = 5
_NONE, _SEVERAL = -1, -2
_SPELLINGS = ("code", "name", "name_zh")


@attrs.frozen
class Term(Spec):
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


def terms_of(*rows: tuple[str, str, str]) -> tuple[Term, ...]:
    """Write a preset down: code, English and Chinese name of each term."""
    return tuple(Term(code, name, name_zh=name_zh) for code, name, name_zh in rows)


def plain(word: str) -> str:
    """Write a word as it is compared: case, width and spaces make no difference."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())


def one_spelling(given: Labels) -> Labels:
    """Give labels that are one word one code, under the first of their spellings by the alphabet.

    This is how the programme reads every word: tiers, levels, kinds, goals, regions, teams. Ids of
    accounts and people are no words, and stay as they are written.
    """
    words = [plain(label) for label in given.labels]
    position = {word: i for i, word in enumerate(dict.fromkeys(words))}
    if len(position) == len(words):
        return given
    spelling: dict[str, str] = {}
    for label in sorted(given.labels):
        spelling.setdefault(plain(label), label)
    table = np.array([*(position[word] for word in words), -1], dtype=np.int64)
    return Labels(table[given.codes], tuple(spelling[word] for word in position))


def sought(given: Labels, words: Iterable[str]) -> Codes:
    """Find the label of each row among some words; -1 where it is missing or none of them."""
    position = {plain(word): i for i, word in enumerate(words)}
    table = [position.get(plain(label), -1) for label in given.labels]
    found: Codes = np.array([*table, -1], dtype=np.int64)[given.codes]
    return found


def has_unique_codes(kind: type) -> Any:
    """Refuse anything but a tuple of one kind of coded spec, each code once."""

    def validate(instance: object, attribute: Any, value: Any) -> None:
        name = field_name(instance, attribute)
        _refuse_others(value, kind, name)
        refuse_clashes(value, name, ("code",))

    return validate


def terms_given(given: Any, kind: type, name: str) -> Any:
    """Take an argument that lists coded specs, or refuse it; at least one is needed."""
    found: Any = given
    with suppress(TypeError):
        found = tuple(given)
    _refuse_others(found, kind, name)
    if not found:
        hint = "leave it out for the preset."
        raise SpecError.from_field(name, "must not be empty", given, hint)
    refuse_clashes(found, name)
    return found


def as_verbs_take(kind: type) -> Any:
    """Refuse what `terms_given` refuses: no list of one kind, an empty one, or words that clash."""

    def validate(instance: object, attribute: Any, value: Any) -> None:
        terms_given(value, kind, field_name(instance, attribute))

    return validate


def _refuse_others(value: Any, kind: type, name: str) -> None:
    if not isinstance(value, tuple) or not all(isinstance(v, kind) for v in value):
        rule = f"must be a list of {kind.__name__}"
        raise SpecError.from_field(name, rule, value, f"build each with ka.{kind.__name__}(…).")


def refuse_clashes(terms: Iterable[Any], name: str, by: tuple[str, ...] = _SPELLINGS) -> None:
    """Refuse terms of which one is written as another, by code or by name in either language.

    Raises
    ------
    SpecError
        Two of them clash.
    """
    held: dict[str, tuple[int, str]] = {}
    for i, term in enumerate(terms):
        for read in by:
            written = getattr(term, read)
            first, other = held.setdefault(plain(written), (i, written))
            if first != i and plain(written):
                rule = f"must have unique {'codes' if by == ('code',) else 'codes and names'}"
                hint = "rename one of them: case, width and spaces make no difference."
                raise SpecError.from_field(name, rule, [other, written], hint)


def _known(terms: Any) -> dict[str, int]:
    """Map spellings to positions; a code goes before any name, a name of several is none's."""
    found: dict[str, int] = {}
    codes = {plain(term.code): i for i, term in enumerate(terms)}
    for i, term in enumerate(terms):
        for read in ("name", "name_zh"):
            word = plain(getattr(term, read))
            if word:
                found[word] = i if found.get(word, i) == i else _SEVERAL
    return {**found, **codes}


def coded(words: tuple[str, ...], terms: Any) -> Codes:
    """Find each word among the terms, in any case and either language; below 0 where it is none.

    -1 is a word that is no term, -2 a name that several terms have.
    """
    known = _known(terms)
    return np.array([known.get(plain(w), _NONE) for w in words], dtype=np.int64)


def placed_words(given: Mapping[Any, Any], terms: Any, name: str) -> dict[int, tuple[str, Any]]:
    """Give what a mapping says of each term, by its place, with the word that it was said by.

    Raises
    ------
    SpecError
        A word is none of the terms, or two words are one of them.
    """
    found: dict[int, tuple[str, Any]] = {}
    for word, said in given.items():
        place = int(coded((str(word),), terms)[0])
        if place < 0:
            raise SpecError.from_choice(name, word, [term.code for term in terms])
        if place in found:
            hint = "keep one of them: a code, its names and their spellings are one word."
            raise SpecError.from_field(name, "must be named once", [found[place][0], word], hint)
        found[place] = (str(word), said)
    return found


def code_rows(given: Labels, terms: Any, name: str) -> Codes:
    """Find the term of each row, -1 where missing.

    Raises
    ------
    RowError
        Some rows hold a word that is no term, or that several terms are called.
    """
    table = np.append(coded(given.labels, terms), _NONE)
    found: Codes = table[given.codes]
    for wrong, said, way_out in (
        (found == _SEVERAL, "hold a name of several", _namesakes),
        ((given.codes >= 0) & (found == _NONE), "hold no known word", _nearest),
    ):
        rows = np.flatnonzero(wrong)
        if len(rows):
            words = [given.labels[c] for c in given.codes[rows[:_SHOWN]].tolist()]
            raise RowError.from_rows(name, said, rows.tolist(), words, way_out(words[0], terms))
    return found


def _namesakes(word: str, terms: Any) -> str:
    called = [t.code for t in terms if plain(word) in {plain(t.name), plain(t.name_zh)}]
    return f"use the code: {' or '.join(called)}."


def _nearest(word: str, terms: Any) -> str:
    codes = [t.code for t in terms]
    near = closest(word, codes)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}there is {', '.join(codes)}."
