"""By what the quarterly review decides."""

from __future__ import annotations

from keyaccount.evaluation.check import ReviewCheck
from keyaccount.evaluation.rules import ReviewRules
from keyaccount.evaluation.sign import ReviewSign
from keyaccount.playbook.explained.words import Lines, listed, named, number, percent

__all__ = ["review_lines"]


def review_lines(spec: ReviewRules) -> Lines:
    """Say what is watched, and what is looked for."""
    lines = [
        (
            f"A key account is watched when its data let the score fall by more than "
            f"{number(spec.watch_fall)}."
        ),
        f"Shown to move: {listed(spec.moves) or 'nothing'}; with them the money in {spec.money!r}.",
    ]
    lines += [f"Shown where above {percent(limit)}: {code}." for code, limit in spec.limits]
    return [*lines, *(f"- {_check(check)}" for check in spec.checks)]


def _check(check: ReviewCheck) -> str:
    about = check.about.replace("_", " ")
    return f"{about}: {named(check.name, check.name_zh)}, where {listed(map(_sign, check.signs))}"


def _sign(sign: ReviewSign) -> str:
    of = {
        "value": "",
        "before": " before",
        "change": "'s change",
        "growth": "'s growth",
        "worth": "'s worth",
    }
    what = f"{sign.column}{of[sign.of]}"
    if sign.states:
        return f"{what} is {listed(sign.states, 'or')}"
    least = [] if sign.at_least is None else [f"at least {number(sign.at_least)}"]
    below = [] if sign.below is None else [f"below {number(sign.below)}"]
    return f"{what} is {listed([*least, *below])}"
