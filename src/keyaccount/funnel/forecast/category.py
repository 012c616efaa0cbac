"""`Categories`: how sure a deal is, in the few words that a sales meeting uses, as data."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import attrs
import numpy as np

from keyaccount._columns import Codes, Floats, Labels
from keyaccount._validators import (
    exact_float,
    exact_tuple,
    field_name,
    share,
    text,
    text_or_empty,
    unique_names,
)
from keyaccount._view import Spec
from keyaccount.bands import Cuts
from keyaccount.errors import SpecError

__all__ = ["CLOSED", "OMITTED", "PRESET", "Categories", "Category"]

CLOSED: Final = "closed"
"""The category of every deal that is won."""

OMITTED: Final = "omitted"
"""The category of every deal that is lost, and of open ones that somebody leaves out by hand."""

_CLOSED_WORDS = ("closed", "closed won", "won", "已成交")
_OMITTED_WORDS = ("omitted", "closed lost", "lost", "不计入")


def folded(word: str) -> str:
    """Write a word without case, blanks and strokes: Best Case, best_case and BestCase are one."""
    return "".join(c for c in word.casefold() if c not in " _-")


@attrs.frozen
class Category(Spec):
    """One category of open deals.

    Parameters
    ----------
    code
        Fixed word that results call the category by.
    at_least
        The lowest chance of winning in it.
    name, name_zh
        English and Chinese label; may be empty.
    also
        Other words that a CRM may call it by.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Category("commit", 0.9, name="Commit").at_least
    0.9
    """

    code: str = attrs.field(validator=text)
    at_least: float = attrs.field(converter=exact_float, validator=share)
    name: str = attrs.field(default="", validator=text_or_empty, kw_only=True)
    name_zh: str = attrs.field(default="", validator=text_or_empty, kw_only=True)
    also: tuple[str, ...] = attrs.field(
        default=(), converter=exact_tuple, validator=unique_names, kw_only=True
    )

    @property
    def words(self) -> frozenset[str]:
        """Every word the category goes by, without case, blanks and strokes."""
        return frozenset(folded(w) for w in (self.code, self.name, self.name_zh, *self.also) if w)


PRESET: Final = (
    Category("commit", 0.9, name="Commit", name_zh="承诺", also=("Forecast",)),
    Category("best_case", 0.5, name="Best case", name_zh="力争"),
    Category("pipeline", 0.0, name="Pipeline", name_zh="储备"),
)
"""Commit, best case and pipeline: everyday words, with figures that this library chose."""


def _surest_first(instance: object, attribute: Any, value: Any) -> None:
    name = field_name(instance, attribute)
    if not isinstance(value, tuple) or not all(isinstance(c, Category) for c in value) or not value:
        raise SpecError.from_field(name, "must be categories", value, "see Category.")
    steps = [c.at_least for c in value]
    if any(a <= b for a, b in pairwise(steps)) or steps[-1] != 0.0:
        raise SpecError.from_field(
            name,
            "must have thresholds that fall, the last one to 0",
            steps,
            "list the surest category first; the last takes every other open deal.",
        )
    taken = [w for c in value for w in c.words]
    kept = {folded(w) for w in (*_CLOSED_WORDS, *_OMITTED_WORDS)}
    twice = sorted({w for w in taken if taken.count(w) > 1 or w in kept})
    if twice:
        raise SpecError.from_field(
            name,
            "must go by words of their own, and not by those for won and lost deals",
            twice,
            "rename one of them.",
        )


@attrs.frozen
class Categories(Spec):
    """Categories of open deals by their chance of winning, the surest first.

    Won deals are ``"closed"`` and lost ones ``"omitted"``, whatever their probability.

    Parameters
    ----------
    steps
        The categories, the surest first. The default is commit from 0.9 on, best case from 0.5 on
        and pipeline for the rest: these figures are a choice of this library, since the words are
        common and no source states their figures.

    Raises
    ------
    SpecError
        The thresholds do not fall to 0, or two categories share a word.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Categories().of([0.9, 0.75, 0.1, None]).tolist()
    ['commit', 'best_case', 'pipeline', None]
    """

    steps: tuple[Category, ...] = attrs.field(
        default=PRESET, converter=exact_tuple, validator=_surest_first
    )

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the categories of open deals, the surest first."""
        return tuple(c.code for c in self.steps)

    def of(self, probabilities: Any) -> Any:
        """Give the category of open deals by their chances; None where the chance is unknown.

        Parameters
        ----------
        probabilities
            ``(n,)`` numbers; NaN is missing.

        Returns
        -------
        ndarray
            ``(n,)`` codes as texts.
        """
        table = np.array([*self.codes, None], dtype=object)
        return table[self.by_probability(probabilities)]

    def by_probability(self, probabilities: Floats | Any) -> Codes:
        """Give the position of the category of open deals; -1 where the chance is unknown."""
        rising = tuple(c.at_least for c in reversed(self.steps[:-1]))
        band = Cuts(rising).codes(probabilities).astype(np.int64)
        return np.where(band < 0, -1, len(rising) - band)

    def stated(self, found: Labels, column: str) -> Codes:
        """Give the position of the category somebody stated; -1 where nobody did.

        After the categories of open deals comes ``"closed"``, then ``"omitted"``.

        Raises
        ------
        SpecError
            A label is none of the words the categories go by.
        """
        words = {word: i for i, c in enumerate(self.steps) for word in c.words}
        n = len(self.steps)
        words |= {folded(w): n for w in _CLOSED_WORDS}
        words |= {folded(w): n + 1 for w in _OMITTED_WORDS}
        for label in found.labels:
            if folded(label) not in words:
                known = (*self.codes, CLOSED, OMITTED)
                raise SpecError.from_choice(f"column {column!r}", label, known)
        table = [words[folded(label)] for label in found.labels]
        codes: Codes = np.array([*table, -1], dtype=np.int64)[found.codes]
        return codes
