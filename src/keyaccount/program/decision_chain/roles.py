"""The five buyer roles, the stances, and the roles that a text names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from keyaccount.errors import SpecError
from keyaccount.program.term import Term, coded, terms_given, terms_of

__all__ = ["STANCES", "buyer_roles", "roles_of"]

_ROLES = terms_of(
    ("decision_maker", "Decision maker", "决策者"),
    ("user", "User", "使用者"),
    ("technical_expert", "Technical expert", "技术专家"),
    ("influencer", "Influencer", "影响者"),
    ("coach", "Coach", "线人"),
)

STANCES = terms_of(
    ("opposes", "Opposes", "反对"),
    ("neutral", "Neutral", "中立"),
    ("supports", "Supports", "支持"),
)
"""The stances, from -1 to 1."""

_BETWEEN = tuple(map(re.compile, (r"[,;、，；]+", r"[/|+&／]+", r"\s+and\s+|和|与|及")))
"""What stands between roles, from what cannot be part of a name to what may be."""


def buyer_roles() -> tuple[Term, ...]:
    """Return the five buyer roles (五个买者) of a customer's decision chain.

    Returns
    -------
    tuple of Term
        Decision maker, user, technical expert, influencer and coach.

    Examples
    --------
    >>> import keyaccount as ka
    >>> [role.name_zh for role in ka.buyer_roles()]
    ['决策者', '使用者', '技术专家', '影响者', '线人']
    """
    return _ROLES


def roles_of(text: str | Iterable[str], roles: Iterable[Term] | None = None) -> tuple[str, ...]:
    """List the roles that a text names, as codes, each once and in the order of the text.

    Parameters
    ----------
    text
        Codes or names in either language and any case, with commas, semicolons, slashes, "and" or
        和 between them: a cell of a contact list; or several such texts, as the ``roles`` of a key
        action. Empty: none.
    roles
        The roles there are; None: `buyer_roles()`.

    Returns
    -------
    tuple of str
        Codes; a word that is none of the roles stays as it is.

    Raises
    ------
    SpecError
        It is neither a text nor several, or the roles are none.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.roles_of("user, technical_expert"), ka.roles_of("决策者、线人"), ka.roles_of("")
    (('user', 'technical_expert'), ('decision_maker', 'coach'), ())
    """
    known = _ROLES if roles is None else terms_given(roles, Term, "roles_of(roles)")
    words = tuple(word for part in _texts(text) for word in _words(part, known))
    found = coded(words, known).tolist()
    codes = (known[i].code if i >= 0 else w for w, i in zip(words, found, strict=True))
    return tuple(dict.fromkeys(codes))


def _words(
    text: str, roles: tuple[Term, ...], cuts: tuple[re.Pattern[str], ...] = _BETWEEN
) -> tuple[str, ...]:
    """Cut a text into words; what is a role as it stands, such as "R&D lead", stays whole."""
    word = text.strip()
    if not word:
        return ()
    if not cuts or coded((word,), roles)[0] >= 0:
        return (word,)
    return tuple(found for part in cuts[0].split(word) for found in _words(part, roles, cuts[1:]))


def _texts(given: Any) -> tuple[str, ...]:
    if isinstance(given, str):
        return (given,)
    found: tuple[Any, ...] = tuple(given) if isinstance(given, Iterable) else (given,)
    if not all(isinstance(one, str) for one in found):
        raise SpecError.from_field("roles_of(text)", "must be texts", given, "leave it empty.")
    return found
