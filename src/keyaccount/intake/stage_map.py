"""What the stages of a CRM mean: won, lost, or one of the open stages A to F."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self, TypeAlias

import attrs

from keyaccount._validators import field_name
from keyaccount.errors import IntakeError, SpecError, closest
from keyaccount.funnel import Stage, opportunity_stages

__all__ = ["Meaning", "StageMap"]

Meaning: TypeAlias = Literal["won", "lost", "A", "B", "C", "D", "E", "F"]
"""What a stage of the CRM stands for."""

_MEANINGS = ("won", "lost", "A", "B", "C", "D", "E", "F")
_CLOSED = {
    "won": "won",
    "closed won": "won",
    "closedwon": "won",
    "赢单": "won",
    "lost": "lost",
    "closed lost": "lost",
    "closedlost": "lost",
    "输单": "lost",
}


_SLIPS = 50
"""One deal in so many may have a stage that nobody mapped; it is rejected then. Our choice."""


def _pairs(value: Any) -> Any:
    items = value.items() if isinstance(value, Mapping) else value
    return tuple((str(a).strip(), _meaning(str(b).strip())) for a, b in items)


def _meaning(text: str) -> str:
    return text.upper() if len(text) == 1 else text.casefold()


def _known(instance: object, attribute: Any, value: tuple[tuple[str, str], ...]) -> None:
    for label, meaning in value:
        if meaning not in _MEANINGS or not label:
            name = f"{field_name(instance, attribute)}[{label!r}]"
            raise SpecError.from_choice(name, meaning, _MEANINGS)
    _refuse_contradictions(instance, attribute, value)


def _refuse_contradictions(
    instance: object, attribute: Any, value: tuple[tuple[str, str], ...]
) -> None:
    table: dict[str, str] = {}
    for label, meaning in value:
        if table.setdefault(label.casefold(), meaning) != meaning:
            raise SpecError.from_field(
                field_name(instance, attribute),
                "must give each stage one meaning",
                label,
                "remove one of the two.",
            )


@attrs.frozen
class StageMap:
    """What the stage labels of a CRM mean; case does not matter.

    Labels that speak for themselves need no entry: won, lost, the letters A to F, and the codes and
    names of the opportunity stages.

    Parameters
    ----------
    pairs
        Label of the CRM and its meaning: ``"won"``, ``"lost"`` or a letter A to F. A mapping is
        taken as well.

    Examples
    --------
    >>> from keyaccount.intake import StageMap
    >>> stages = StageMap.parse("Prospecting=A,Engaging=B")
    >>> stages.meaning("engaging"), stages.meaning("Won"), stages.meaning("Demo")
    ('B', 'won', None)
    """

    pairs: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_pairs, validator=_known)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a map written ``"Prospecting=A,Engaging=B,Won=won,Lost=lost"``."""
        parts = [p for p in text.split(",") if p.strip()]
        found = [p.rpartition("=") for p in parts]
        wrong = [p for p, (label, _, _) in zip(parts, found, strict=True) if not label.strip()]
        if wrong:
            raise SpecError.from_field(
                cls.__name__, "must be written label=meaning", wrong[0], "Prospecting=A,Closed=won"
            )
        return cls([(label, meaning) for label, _, meaning in found])

    def meaning(self, label: str) -> str | None:
        """Tell what a label means, None if nobody said."""
        folded = " ".join(label.casefold().split())
        stated = {k.casefold(): m for k, m in self.pairs}
        return stated.get(folded) or _CLOSED.get(folded) or _own_words().get(folded)

    def meanings(self, counts: Mapping[str, int], source: str) -> dict[str, str]:
        """Tell what each label means, leaving out a few slips of the pen.

        Raises
        ------
        IntakeError
            Nobody said what some of them mean, and more than one deal in fifty goes by them.
        """
        found = {label: self.meaning(label) for label in counts}
        unknown = sorted((c for c in counts if found[c] is None), key=lambda c: (-counts[c], c))
        if _SLIPS * sum(counts[c] for c in unknown) > sum(counts.values()):
            raise _unmapped(unknown, counts, source, [k for k, _ in self.pairs])
        return {label: meaning for label, meaning in found.items() if meaning is not None}

    @property
    def first_open(self) -> Stage:
        """The earliest open stage of the map, A where it names none."""
        named = {m for _, m in self.pairs}
        stages = [s for s in opportunity_stages() if s.outcome == "open"]
        return next((s for s in stages if s.letter in named), stages[0])


def _own_words() -> dict[str, str]:
    """List the labels of the opportunity stages themselves, with their letters."""
    stages = opportunity_stages()
    return {
        word.casefold(): s.letter for s in stages for word in (s.letter, s.code, s.name, s.name_zh)
    }


def _unmapped(
    unknown: list[str], counts: Mapping[str, int], source: str, stated: list[str]
) -> IntakeError:
    said = ", ".join(f"{label!r} ({counts[label]:,})" for label in unknown)
    near = [f"{c!r}, written {u!r}?" for u in unknown for c in closest(u, [*stated, *_CLOSED])[:1]]
    meant = f" Was it meant to be {' '.join(near)}" if near else ""
    example = ",".join(f"{label}=A" for label in unknown[:3])
    return IntakeError.from_file(
        source,
        f"nobody said what these stages mean: {said}",
        f"map each to won, lost or a letter A to F, for example --stage-map {example!r}.{meant}",
    )
