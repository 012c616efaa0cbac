"""Who is key: criteria, weights and how many seats there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from keyaccount.groups import ByGroup
from keyaccount.playbook.explained.words import Lines, by_group, listed, number, percent, several
from keyaccount.playbook.kinds import kind_of
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.criterion import Criterion
from keyaccount.scoring.selection import Rule, SelectionPolicy

__all__ = ["rule_words", "scorer_lines", "selection_lines", "value_words"]

_AGGREGATES: Final[Mapping[str, str]] = {
    "sum": "the weighted sum of what each is worth, from 0 to 1",
    "product": "the weighted product of what each is worth, from 0 to 1",
    "topsis": "how close it comes to the best of all, from 0 to 1 (TOPSIS)",
}
_UNKNOWN: Final[Mapping[str, str]] = {
    "worst": "what is unknown is worth 0",
    "neutral": "what is unknown is worth the median of the group",
    "reweight": "what is unknown leaves its weight to the others",
    "reject": "an account of which it is unknown gets no score",
}
_TIES: Final[Mapping[str, str]] = {
    "include_all": "Accounts tied at the cut are all taken.",
    "exclude_all": "Of accounts tied at the cut none is taken.",
    "by_id": "Of accounts tied at the cut the key ones of before go first, then by id.",
}


def scorer_lines(spec: CompositeScorer) -> Lines:
    """Say by what accounts are judged, the heaviest criterion first."""
    heaviest = sorted(spec.criteria, key=lambda c: -spec.weights[c.name])
    lines = [
        f"The score is {_AGGREGATES[spec.aggregate]}:",
        *(f"- {_criterion(c, spec.weights[c.name])}" for c in heaviest),
    ]
    if spec.group is not None:
        lines.append(
            f"Accounts are compared within {spec.group!r}; groups of fewer than {spec.min_group} "
            "known values are compared with all."
        )
    if not spec.is_fitted:
        lines.append("What depends on the whole book has still to be learned: see fit.")
    return lines


def _criterion(criterion: Criterion, weight: float) -> str:
    if criterion.column is None:
        return f"{percent(weight)} {criterion.name}: nobody has measured it yet"
    worth = by_group(criterion.value, value_words)
    where = "" if criterion.column == criterion.name else f" (column {criterion.column!r})"
    return f"{percent(weight)} {criterion.name}{where}: {worth}; {_UNKNOWN[criterion.missing]}"


# --- Value functions ------------------------------------------------------------------------------


def value_words(spec: Any) -> str:
    """Say what a raw value is worth."""
    return _VALUES[str(kind_of(type(spec)))](spec)


def _ends(spec: Any, how: str) -> str:
    return f"worth 0 at {number(spec.low)} and 1 at {number(spec.high)}{how}"


def _percentile(spec: Any) -> str:
    better = "above" if spec.falling else "below"
    return f"worth the share of the book that lies {better} it{_learned(spec)}"


def _observed(spec: Any) -> str:
    low, high = percent(spec.lower), percent(spec.upper)
    less = ", less is better" if spec.falling else ""
    if not spec.is_fitted:
        return f"worth 0 to 1 between the quantiles {low} and {high} of the book{less} (to learn)"
    seen = f"{number(spec.low)} and {number(spec.high)}"
    return f"worth 0 to 1 between {seen}, the quantiles {low} and {high} of the book{less}"


def _learned(spec: Any) -> str:
    return "" if spec.is_fitted else " (to learn)"


def _bands(spec: Any) -> str:
    edges = spec.cuts.edges
    names = [f"below {number(edges[0])}"] if edges else ["everything"]
    names += [f"from {number(e)}" for e in edges]
    return ", ".join(
        f"{name}: {number(worth)}" for name, worth in zip(names, spec.values, strict=True)
    )


def _points(spec: Any) -> str:
    pairs = ", ".join(f"{number(x)}: {number(y)}" for x, y in spec.points)
    return f"worth on straight lines through {pairs}"


def _ratio(spec: Any) -> str:
    less = ", less is better" if spec.falling else ""
    return f"worth its ratio to the {spec.to} of the book{less}{_learned(spec)}"


_VALUES: Final[Mapping[str, Callable[[Any], str]]] = {
    "bands": _bands,
    "linear": lambda s: _ends(s, ""),
    "log": lambda s: _ends(s, ", even in the logarithm"),
    "logistic": lambda s: (
        f"worth one half at {number(s.midpoint)}, in an S of slope {number(s.slope)}"
    ),
    "observed_range": _observed,
    "percentile": _percentile,
    "piecewise_linear": _points,
    "ratio": _ratio,
}


# --- Selection ------------------------------------------------------------------------------------


def selection_lines(spec: SelectionPolicy) -> Lines:
    """Say how many accounts are key, and what keeps them so."""
    lines = [f"Key accounts are {rule_words(spec.rule)}.", _TIES[spec.ties]]
    if spec.hold:
        lines.append(f"A challenger must be {number(spec.hold)} ahead to take the seat of one.")
    if spec.min_tenure_days:
        lines.append(f"A new one stays for {several(spec.min_tenure_days, 'day')} at least.")
    if spec.max_changes is not None:
        changes = several(spec.max_changes, "account")
        lines.append(f"In one review {changes} at most may enter by rank, and leave.")
    lines.append(f"Within {number(spec.margin)} of the cut an account is borderline.")
    return lines


def rule_words(rule: Rule) -> str:
    """Say how many accounts are key."""
    return _RULES[str(kind_of(type(rule)))](rule)


def _capacity(rule: Any) -> str:
    owners, each = by_group(rule.owners, number), by_group(rule.accounts_per_owner, number)
    return f"as many of the best as the owners can carry (owners: {owners}; accounts each: {each})"


def _count(rule: Any) -> str:
    if isinstance(rule.count, ByGroup):
        return f"so many of the best: {by_group(rule.count, number)}"
    return "the best account" if rule.count == 1 else f"the {rule.count:,} best accounts"


_RULES: Final[Mapping[str, Callable[[Any], str]]] = {
    "all_of": lambda r: "those who are among each of: " + listed(map(rule_words, r.rules)),
    "at_least": lambda r: f"all with a score of at least {by_group(r.score, number)}",
    "capacity": _capacity,
    "top_count": _count,
    "top_share": lambda r: f"the best {by_group(r.share, percent)} of all accounts",
}
