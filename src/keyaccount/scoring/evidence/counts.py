"""What was learned: won and lost deals, in all and by the label of each field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from keyaccount._columns import label_text
from keyaccount._validators import count, exact_int, exact_tuple, field_name, text
from keyaccount._view import Spec
from keyaccount.errors import SpecError

__all__ = ["LabelCounts", "WinCounts"]

_PAIR = 2


def _sorted_counts(value: Any) -> Any:
    """Turn a mapping or pairs into pairs sorted by label, each count an int."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        return value
    given: Any = value.items() if isinstance(value, Mapping) else value
    pairs: list[Any] = list(given)
    if not all(_is_pair(p) and _is_pair(p[1]) for p in pairs):
        return pairs
    named = [(label_text(k), (exact_int(w), exact_int(lost))) for k, (w, lost) in pairs]
    return tuple(sorted(named, key=lambda p: str(p[0])))


def _is_pair(value: Any) -> bool:
    return isinstance(value, tuple | list) and len(value) == _PAIR


def _label_counts(instance: Any, attribute: Any, value: Any) -> None:
    if not isinstance(value, tuple) or not all(_is_count(n) for _, pair in value for n in pair):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must map labels to their won and lost deals",
            value,
            'write for instance {"retail": (12, 9), "finance": (4, 7)}.',
        )
    labels = [label for label, _ in value]
    if None in labels or len(set(labels)) < len(labels):
        rule = "must name each label once"
        hint = "give one pair of counts per label; a blank text is none."
        raise SpecError.from_field(field_name(instance, attribute), rule, labels, hint)
    unseen = [label for label, (won, lost) in value if won + lost == 0]
    if unseen:
        rule = "must hold labels that were seen on a deal"
        hint = "leave out labels without a won or lost deal."
        raise SpecError.from_field(field_name(instance, attribute), rule, unseen, hint)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


@attrs.frozen
class LabelCounts(Spec):
    """Won and lost deals by the label of one field.

    Parameters
    ----------
    field
        The column.
    counts
        Label to its won and lost deals; a mapping or pairs.

    Raises
    ------
    SpecError
        A label is missing, twice there or without a deal, or a count is no whole number.

    Examples
    --------
    >>> from keyaccount.scoring.evidence import LabelCounts
    >>> LabelCounts("sector", {"retail": (12, 9), "finance": (4, 7)}).known
    (16, 16)
    """

    field: str = attrs.field(validator=text)
    counts: tuple[tuple[str, tuple[int, int]], ...] = attrs.field(
        converter=_sorted_counts, validator=_label_counts
    )

    @property
    def known(self) -> tuple[int, int]:
        """Won and lost deals whose label is known."""
        return sum(won for _, (won, _) in self.counts), sum(lost for _, (_, lost) in self.counts)


def _of_all(instance: Any, attribute: Any, value: Any) -> None:
    if not isinstance(value, tuple) or not all(isinstance(v, LabelCounts) for v in value):
        rule = "must be label counts, one per field"
        hint = "leave them to WinEvidence.fit."
        raise SpecError.from_field(field_name(instance, attribute), rule, value, hint)
    for part in value:
        won, lost = part.known
        if won > instance.won or lost > instance.lost:
            rule = f"must count no more deals than there are ({instance.won}, {instance.lost})"
            hint = "a deal has one label per field."
            got = {part.field: part.known}
            raise SpecError.from_field(field_name(instance, attribute), rule, got, hint)


@attrs.frozen
class WinCounts(Spec):
    """Won and lost deals, in all and by the label of each field.

    Parameters
    ----------
    won, lost
        Deals learned from.
    fields
        Their counts by label, one entry per field. Deals whose label is missing are in none.

    Raises
    ------
    SpecError
        A count is no whole number of at least 0, or the labels of a field have more deals.

    Examples
    --------
    >>> from keyaccount.scoring.evidence import LabelCounts, WinCounts
    >>> WinCounts(16, 16, fields=[LabelCounts("sector", {"retail": (12, 9)})]).won
    16
    """

    won: int = attrs.field(converter=exact_int, validator=count)
    lost: int = attrs.field(converter=exact_int, validator=count)
    fields: tuple[LabelCounts, ...] = attrs.field(
        kw_only=True, converter=exact_tuple, validator=_of_all
    )
