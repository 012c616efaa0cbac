"""What a review found in one account, in a few words."""

from __future__ import annotations

from typing import Final

from keyaccount._words import Words
from keyaccount.evaluation import Review
from keyaccount.evaluation.check import WAYS

__all__ = ["ASKED", "seen"]

ASKED: Final = ("coverage", "plan", "tasks")
"""The questions that are answered by checks."""


def seen(found: Review, i: int, words: Words) -> tuple[str, ...]:
    """Name what else was found: a fallen score, and the checks that found something."""
    grounds = found.grounds
    said: list[str] = []
    if grounds.fell[i]:
        fall = words.number(float(grounds.fall[i]), 3)
        said.append(words.say(f"score fell by {fall}", f"得分下降{fall}"))
    if grounds.borderline[i]:
        said.append(words.say("near the cut", "接近入选线"))
    checks = [c for question in ASKED for c in found.findings.checks(question, i)]
    checks += [c for way in WAYS for c in found.ways.checks(way, i)]
    return (*said, *(words.name(c.name, c.name, c.name_zh) for c in checks))
