"""`Rhythm`: how many days may pass between two contacts, by tier and by role or channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Literal, TypeAlias

import attrs
import numpy as np

from keyaccount._columns import Columns, Floats, labels
from keyaccount._validators import exact_float, is_finite, positive, text_or_empty
from keyaccount._view import Spec
from keyaccount.errors import SpecError, closest
from keyaccount.findings import Finding, counted
from keyaccount.program.book import about, same_length
from keyaccount.program.term import Term, coded, plain

__all__ = ["By", "Rhythm", "RhythmInput", "limits_of", "rhythms_given", "stated_once"]

By: TypeAlias = Literal["role", "channel"]
"""What a rhythm may be for, besides a tier."""


@attrs.frozen
class Rhythm(Spec):
    """How many days may pass between two contacts: with a tier, a buyer role, by a channel.

    A rhythm without a channel is for contacts of any kind, one without a role for all people; one
    that names a tier goes before one for any tier.

    Parameters
    ----------
    days
        Days from one contact to the next, above 0. There is no default: the method gives no figure.
    tier
        The tier of the accounts; empty for any.
    role
        The buyer role, for `decision_chain`; empty for any.
    channel
        The channel, for `upkeep`; empty for a contact by any channel.

    Raises
    ------
    SpecError
        The days are not above 0, or a word is no text.

    Examples
    --------
    >>> import keyaccount as ka
    >>> found = ka.upkeep(
    ...     {"account": ["A"], "channel": ["phone"], "date": ["2026-09-20"]},
    ...     rhythm=[ka.Rhythm(14), ka.Rhythm(90, channel="visit")],
    ...     as_of="2026-09-30",
    ... )
    >>> for reason in found.why(0):
    ...     print(reason)
    last contact 10 days ago, every 14 days asked for
    no contact by visit is known, every 90 days asked for
    """

    days: float = attrs.field(converter=exact_float, validator=positive)
    tier: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
    role: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
    channel: str = attrs.field(default="", kw_only=True, validator=text_or_empty)


RhythmInput: TypeAlias = (
    float | Rhythm | Iterable[Rhythm] | Mapping[str, float | Mapping[str, float]]
)
"""One number; rhythms; or by tier a number, or numbers by role or channel."""


def rhythms_given(given: Any, by: By, name: str) -> tuple[Rhythm, ...]:
    """Take an argument that states rhythms, or refuse it."""
    found = _rhythms(given, by, name)
    if not found:
        hint = 'write one number, or one per tier as {"A": 30, "B": 90}.'
        raise SpecError.from_field(name, "must state a rhythm", given, hint)
    other = "role" if by == "channel" else "channel"
    for one in found:
        if getattr(one, other):
            rule = f"goes by {by}, not by {other}"
            raise SpecError.from_field(name, rule, one, f"state the {by}, or none.")
    return found


def _rhythms(given: Any, by: By, name: str) -> tuple[Rhythm, ...]:
    if isinstance(given, Mapping):
        return tuple(
            Rhythm(_days(days, f"{name}[{tier!r}]", by), tier=str(tier), **{by: str(word)})
            for tier, stated in given.items()
            for word, days in (stated if isinstance(stated, Mapping) else {"": stated}).items()
        )
    found: Any = (given,) if isinstance(given, Rhythm) else given
    with suppress(TypeError):
        found = tuple(found)
    if isinstance(found, tuple) and found and all(isinstance(one, Rhythm) for one in found):
        return found
    return (Rhythm(_days(given, name, by)),)


def _days(given: Any, name: str, by: By) -> float:
    found: Any = exact_float(given)
    if not is_finite(found) or found <= 0.0:
        hint = f'write one number, one per tier as {{"A": 30, "B": 90}}, or ka.Rhythm(…, {by}=…).'
        raise SpecError.from_field(name, "must be a number above 0", given, hint)
    days: float = found
    return days


def limits_of(
    rhythms: tuple[Rhythm, ...],
    terms: tuple[Term, ...],
    accounts: tuple[Columns | None, str | None, int],
    by: By,
    name: str,
) -> tuple[Floats, tuple[Finding, ...]]:
    """Give the days of each account, ``(n, 1 + k)``: for anything, then for each term.

    Raises
    ------
    SpecError
        A term is none, or tiers are stated for accounts without tiers.
    """
    table, tier, n = accounts
    tiers = None if table is None or tier is None else labels(table, tier)
    same_length(account=np.empty(n), tier=tiers)
    if tiers is None and any(one.tier for one in rhythms):
        stated = [one.tier for one in rhythms if one.tier]
        why = "needs the tier of each account"
        raise SpecError.from_field(name, why, stated, "name the column with tier=.")
    words = () if tiers is None else tiers.labels
    stated_days = stated_once(rhythms, terms, by, name)
    rows = np.array([_row(stated_days, plain(word), len(terms)) for word in (*words, "")])
    codes = np.full(n, -1, dtype=np.int64) if tiers is None else tiers.codes
    found: Floats = rows[codes]
    return found, _unused(rhythms, words, str(tier))


def stated_once(
    rhythms: tuple[Rhythm, ...], terms: tuple[Term, ...], by: By, name: str
) -> dict[tuple[str, int], float]:
    """Map tier and place to days: place 0 is for anything, the terms follow.

    Raises
    ------
    SpecError
        A term is none, or two rhythms are for one tier and term.
    """
    found: dict[tuple[str, int], float] = {}
    for one in rhythms:
        word = getattr(one, by)
        place = int(coded((word,), terms)[0]) if word else -1
        if word and place < 0:
            raise SpecError.from_choice(f"{name}: {by}", word, [term.code for term in terms])
        tier = plain(one.tier)
        if (tier, place + 1) in found:
            rule = f"must have one rhythm for each tier and {by}"
            raise SpecError.from_field(name, rule, one, "keep one of them.")
        found[tier, place + 1] = one.days
    return found


def _row(stated: dict[tuple[str, int], float], tier: str, k: int) -> list[float]:
    """Give the days of one tier: its own, else those for any."""
    return [stated.get((tier, j), stated.get(("", j), np.nan)) for j in range(k + 1)]


def _unused(rhythms: tuple[Rhythm, ...], words: tuple[str, ...], where: str) -> tuple[Finding, ...]:
    """Name the tiers that have a rhythm and no account: a slip, most likely."""
    there = {plain(word) for word in ("", *words)}
    names = sorted({one.tier for one in rhythms if plain(one.tier) not in there})
    near = closest(names[0], words) if names else ()
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    said = f"{counted(len(names), 'tier')} with a rhythm and no account{hint}"
    return about("unknown_tier", said, names, where)
