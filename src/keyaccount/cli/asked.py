"""From the texts of the options to the specs they stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_
from pathlib import Path

from keyaccount.errors import SpecError, WeightsError
from keyaccount.evaluation import ReviewRules
from keyaccount.intake import Aliases, ColumnMapping
from keyaccount.playbook import load
from keyaccount.scoring.selection import AtLeast, Capacity, Rule, TopCount, TopShare
from keyaccount.scoring.weights import Weights, market_weights
from keyaccount.scoring.weights.market import MarketState

__all__ = ["aliases_of", "mapping_of", "review_rules_of", "rule_of", "weights_of"]


def rule_of(
    *,
    top_share: float | None,
    top_count: int | None,
    at_least: float | None,
    owners: float | None,
    accounts_per_owner: float | None,
    stored: Rule | None = None,
) -> Rule:
    """Join the rules that were asked for: the smaller set; none: the rule of the quarter before."""
    rules: list[Rule] = []
    rules += [] if top_share is None else [TopShare(top_share)]
    rules += [] if top_count is None else [TopCount(top_count)]
    rules += [] if at_least is None else [AtLeast(at_least)]
    if owners is not None and accounts_per_owner is not None:
        rules.append(Capacity(owners=owners, accounts_per_owner=accounts_per_owner))
    elif owners is not None or accounts_per_owner is not None:
        option = "--owners" if owners is None else "--accounts-per-owner"
        raise SpecError.from_field(option, "must be given too", None, "a capacity is both.")
    if stored is not None and not rules:
        return stored
    if not rules:
        raise SpecError.from_field(
            "the rule",
            "must say how many accounts are key",
            None,
            "give --top-share, --top-count, --at-least, or --owners with --accounts-per-owner.",
        )
    return reduce(and_, rules)


def weights_of(market: MarketState, stated: str | None) -> Weights:
    """Give the weights that are written out, else those of the market."""
    if stated is None:
        return market_weights(market)
    pairs = _pairs("--weights", stated.split(","))
    try:
        return Weights([(name, _number("--weights", text)) for name, text in pairs])
    except WeightsError as error:
        raise _offered(error) from error


def _offered(error: WeightsError) -> WeightsError:
    """Offer the normalised weights as they are written here."""
    right: Mapping[str, float] = error.parts.get("normalised") or {}
    pairs = ",".join(f"{name}={weight!r}" for name, weight in right.items())
    return WeightsError(error.fact, f"write --weights {pairs}" if pairs else error.hint)


def review_rules_of(path: Path | None) -> ReviewRules | None:
    """Read the rules of a review from a file; None where none is given.

    Raises
    ------
    SpecError
        The file holds a spec of another kind.
    SerialisationError
        It holds no spec.
    """
    if path is None:
        return None
    found = load(path)
    if not isinstance(found, ReviewRules):
        rule, hint = "must hold rules of a review", 'its kind is "review_rules".'
        raise SpecError.from_field("--review-rules", rule, type(found).__name__, hint)
    return found


def mapping_of(file: Path | None, stated: Sequence[str]) -> ColumnMapping:
    """Join the file that says which column is what with what the options say."""
    mapping = ColumnMapping() if file is None else ColumnMapping.from_toml(file)
    return mapping.override(dict(_pairs("--column", stated)))


def aliases_of(given: Sequence[str]) -> Aliases:
    """Join files of aliases and aliases written out."""
    written = [g for g in given if "=" in g and not Path(g).is_file()]
    found = Aliases.parse(written)
    for path in given:
        if path not in written:
            found |= Aliases.from_file(path)
    return found


def _pairs(option: str, texts: Sequence[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (equals and name and value):
            hint = "separate name and value by =."
            raise SpecError.from_field(option, "must be written name=value", text, hint)
        if name in dict(found):
            raise SpecError.from_field(option, "must name each only once", name, "drop one.")
        found.append((name, value))
    return found


def _number(option: str, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        hint = "write sales=.4,potential=.6"
        raise SpecError.from_field(option, "must be numbers", text, hint) from error
