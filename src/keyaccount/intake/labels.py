"""Labels that are probably not what was meant: written in two ways, misspelt, or unknown.

Nothing is repaired here: a finding names the label, what it is close to, and the alias to state.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from keyaccount.errors import closest
from keyaccount.findings import Finding, counted, note

__all__ = ["INDUSTRY_WORDS", "folded", "misspelt", "near_duplicates", "unknown_labels"]

_LEGAL = frozenset(
    {"ag", "bv", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated", "limited"}
    | {"llc", "ltd", "nv", "plc", "pte", "sa", "sarl", "spa"}
)
_WORD = re.compile(r"\w+")
_SHORT = 5
"""Shorter words are too often one edit apart and yet both right."""
_LONG = 8
"""From this length on, two edits are still likely the same word."""
_EDITS = 2
_COMPARED = 2_000
"""Up to this many known labels, the closest one is looked for among all of them."""
_NEIGHBOURS = 20_000
"""Up to this many labels, those one edit apart are looked for: the table of forms takes memory."""
_SUGGESTED = 20
"""Findings on single labels per column; more are summed up in one."""

_OUR_WORDS = """
    advertising aerospace agriculture airline apparel automotive aviation banking beverage biotech
    broadcasting chemical chemicals computer computers construction consulting consumer defense
    defence distribution education electronics employment energy engineering entertainment
    environmental equipment finance financial fisheries fishing food forestry furniture gaming
    government hardware health healthcare hospital hospitality hotels industrial industry insurance
    internet investment legal leisure logistics machinery manufacturing marine maritime market
    marketing materials media medical medicine metals military mining nonprofit paper pharma
    pharmaceutical pharmaceuticals plastics printing property public publishing railway recreation
    recruiting research restaurant restaurants retail retailer security semiconductor
    semiconductors service services shipping software sports steel storage technical technologies
    technology telecom telecommunication telecommunications textile textiles tobacco tourism trade
    training transport transportation travel utilities utility warehousing wholesale
"""
INDUSTRY_WORDS = frozenset(_OUR_WORDS.split())
"""Common words of industry names: our own list, to notice misspelt sectors with."""


def folded(label: str) -> str:
    """Write a label without case, accents of width, spaces, punctuation and legal form."""
    words = _WORD.findall(unicodedata.normalize("NFKC", label).casefold().replace("_", " "))
    kept = list(words)
    while len(kept) > 1 and kept[-1] in _LEGAL:
        kept.pop()
    return "".join(kept)


def near_duplicates(counts: Mapping[str, int], where: str) -> tuple[Finding, ...]:
    """Report labels that are probably one: the same but for form, or one edit apart.

    Labels that differ in a digit or in a word of up to three letters are taken to differ on
    purpose. Labels are compared through the forms that lack one letter, not each with each; of
    more than 20,000 labels only the form is looked at.

    Parameters
    ----------
    counts
        The labels, with the number of rows of each.
    where
        What the finding calls the column.

    Returns
    -------
    tuple of Finding
        One finding with the first pairs; none where no labels are alike.

    Examples
    --------
    >>> from keyaccount.intake import near_duplicates
    >>> near_duplicates({"Retail": 9, "retail ": 2}, "accounts: sector")[0].examples
    ('Retail ~ retail ',)
    """
    apart = _one_edit_apart(counts) if len(counts) <= _NEIGHBOURS else ()
    pairs = sorted({*_same_form(counts), *apart})
    message = f"{where}: {counted(len(pairs), 'pair')} of labels may be the same"
    return note(
        "near_duplicate",
        message,
        len(pairs),
        where,
        "warning",
        examples=[f"{a} ~ {b}" for a, b in pairs],
    )


def _same_form(labels: Iterable[str]) -> Iterator[tuple[str, str]]:
    for group in _grouped((folded(label), label) for label in labels):
        yield from ((group[0], other) for other in group[1:])


def _one_edit_apart(labels: Iterable[str]) -> Iterator[tuple[str, str]]:
    forms = [(label, folded(label)) for label in labels]
    keys = ((key, label) for label, form in forms if len(form) >= _SHORT for key in _lacking(form))
    for group in _grouped(keys):
        for i, one in enumerate(group):
            yield from ((one, other) for other in group[i + 1 :] if _same_but_a_letter(one, other))


def _grouped(pairs: Iterable[tuple[str, str]]) -> Iterator[list[str]]:
    """Give the groups of two to twenty labels that share a key, each in order."""
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for key, label in pairs:
        if key:
            groups[key].add(label)
    yield from (sorted(g) for g in groups.values() if 1 < len(g) <= _SUGGESTED)


def _lacking(form: str) -> set[str]:
    """Give the form itself and all that lack one of its letters: neighbours share one of them."""
    return {form, *(form[:i] + form[i + 1 :] for i in range(len(form)))}


def _same_but_a_letter(one: str, other: str) -> bool:
    """Say whether two labels differ in no digit and in no short word."""
    words, others = (_WORD.findall(label.casefold()) for label in (one, other))
    if [c for c in one if c.isdigit()] != [c for c in other if c.isdigit()]:
        return False
    differing = {*words} ^ {*others}
    return all(len(w) >= _SHORT for w in differing) and edits(folded(one), folded(other)) <= 1


def edits(one: str, other: str) -> int:
    """Count the letters to change, add, drop or swap with the next one."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def misspelt(
    counts: Mapping[str, int],
    where: str,
    column: str,
    vocabulary: Collection[str] = INDUSTRY_WORDS,
) -> tuple[Finding, ...]:
    """Report labels in which a word is one or two letters off a word of the vocabulary.

    Parameters
    ----------
    counts
        The labels, with the number of rows of each.
    where
        What the findings call the column.
    column
        What aliases call the column.
    vocabulary
        The right words, in lower case.

    Returns
    -------
    tuple of Finding
        One finding per label, with the alias that would repair it.

    Examples
    --------
    >>> from keyaccount.intake import misspelt
    >>> print(misspelt({"technolgy": 3}, "sector", "sector")[0].message)
    sector: 3 rows 'technolgy' may be misspelt for 'technology'; alias: sector:technolgy=technology
    """
    told: tuple[Finding, ...] = ()
    for label in sorted(counts):
        right = _respelt(label, vocabulary)
        if right != label and len(told) < _SUGGESTED:
            n = counts[label]
            message = (
                f"{where}: {counted(n, 'row')} {label!r} may be misspelt for {right!r}; "
                f"alias: {column}:{label}={right}"
            )
            told += note("misspelt_label", message, n, where, "warning", examples=[label])
    return told


def _respelt(label: str, vocabulary: Collection[str]) -> str:
    """Replace each word that is close to a word of the vocabulary."""
    return _WORD.sub(lambda match: _right_word(match[0], vocabulary), label)


def _right_word(word: str, vocabulary: Collection[str]) -> str:
    low = word.casefold()
    if low in vocabulary or len(low) < _SHORT or not low.isalpha():
        return word
    # A slip in the first letter is rare, and looking for it would cost ten times as much.
    alike = [v for v in vocabulary if v[0] == low[0] and abs(len(v) - len(low)) <= _EDITS]
    near = [(edits(low, v), v) for v in alike]
    allowed = _EDITS if len(low) >= _LONG else 1
    off, right = min(near, default=(allowed + 1, ""))
    # "retailers" is a form of "retailer", no slip of the pen
    if off > allowed or low.startswith(right) or right.startswith(low):
        return word
    return right.capitalize() if word[0].isupper() else right


def unknown_labels(
    counts: Mapping[str, int], known: Collection[str], where: str, column: str, what: str
) -> tuple[Finding, ...]:
    """Report labels that are in no list, each with the closest one there is.

    Parameters
    ----------
    counts
        The labels met, with the number of rows of each.
    known
        The labels in the list.
    where
        What the findings call the column.
    column
        What aliases call the column.
    what
        What the list is called: ``"product list"``.

    Returns
    -------
    tuple of Finding
        One finding per label, with the closest label there is and the alias that would repair it.

    Examples
    --------
    >>> from keyaccount.intake import unknown_labels
    >>> found = unknown_labels(
    ...     {"GTXPro": 4}, ["GTX Pro"], "deals: product", "product", "product list"
    ... )
    >>> found[0].count, found[0].examples
    (4, ('GTXPro',))
    """
    unknown = sorted((c for c in counts if c not in known), key=lambda c: (-counts[c], c))
    told: tuple[Finding, ...] = ()
    if not unknown:
        return told
    forms = {folded(k): k for k in sorted(known, reverse=True)}
    for label in unknown[:_SUGGESTED]:
        near = _nearest(label, forms, known)
        offer = f"; closest: {near!r}, alias: {column}:{label}={near}" if near else ""
        n = counts[label]
        message = f"{where}: {counted(n, 'row')} name {label!r}, which is not in the {what}{offer}"
        told += note(f"unknown_{column}", message, n, where, "warning", examples=[label])
    rest = unknown[_SUGGESTED:]
    message = f"{where}: {counted(len(rest), 'more label')} not in the {what}"
    return told + note(f"unknown_{column}", message, len(rest), where, "warning", examples=rest)


def _nearest(label: str, forms: Mapping[str, str], known: Collection[str]) -> str:
    same = forms.get(folded(label), "")
    if same or len(known) > _COMPARED:
        return same
    return next(iter(closest(label, known)), "")
