"""A playbook to begin with: presets of the library, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from keyaccount.errors import SpecError
from keyaccount.evaluation.rules import ReviewRules
from keyaccount.funnel.conversion import StallRule
from keyaccount.funnel.forecast import Categories
from keyaccount.funnel.presets import opportunity_funnel
from keyaccount.lifecycle.model import LifecycleModel
from keyaccount.playbook.commented import commented_toml
from keyaccount.playbook.playbook import Playbook
from keyaccount.program.coverage import iron_triangle
from keyaccount.program.information import information_map
from keyaccount.program.plan import plan_template
from keyaccount.program.positioning import StrategicRule, position_levels
from keyaccount.program.rules import ProgramRules
from keyaccount.program.symptoms import weak_programme_symptoms
from keyaccount.scoring.composite import CompositeScorer
from keyaccount.scoring.criterion import Criterion
from keyaccount.scoring.inference import experience_inference
from keyaccount.scoring.selection import SelectionPolicy, TopShare
from keyaccount.scoring.values import Linear, Percentile
from keyaccount.scoring.weights import market_weights
from keyaccount.segments.pcv import pcv
from keyaccount.segments.rfm import MedianCut, Rfm

__all__ = ["STARTER_PARTS", "USUAL_PARTS", "starter_text"]

_HEAD = """\
# A playbook: the rules of a company in one file.
#
# What stands here are presets of the library keyaccount. Where no source states a figure, it is
# a choice of the library and the comment says so: put your own figures in.
#
#   keyaccount playbook check FILE         is it valid, and what has still to be learned
#   keyaccount playbook explain FILE       in plain words
#   keyaccount review --playbook FILE …    score, select and review by it

"""

_REMARKS: Final[Mapping[str, str]] = {
    "$.scorer.weights": "The weights of a market in steady growth: which two criteria lead is the "
    "method's, the figures are a choice of this library.",
    "$.scorer.criteria[0].value": "Percentile and the scale from 1 to 5 of ratings are choices of "
    "this library.",
    "$.selection.rule": "A share of 0.2 (the best fifth) is a choice of this library.",
    "$.selection.hold": "0: no hold. To keep key accounts from coming and going, say 0.03.",
    "$.lifecycle": "Every threshold is a choice of this library, unless it is learned.",
    "$.segmenters": "By name, as many as you want.",
    "$.review": "Every figure is a choice of this library.",
    "$.stall": "Every figure is a choice of this library.",
    "$.categories": "The figures are a choice of this library.",
}


def _scorer() -> CompositeScorer:
    """Judge by the columns that ``keyaccount review`` makes."""
    return CompositeScorer(
        criteria=(
            Criterion("sales", column="sales", value=Percentile()),
            Criterion("potential", column="potential", value=Percentile()),
            Criterion("showcase", column="showcase_rating", value=Linear(1, 5)),
            Criterion("win_and_deliver", column="win_rate", value=Linear(0, 1)),
        ),
        weights=market_weights("steady_growth"),
    )


def _program() -> ProgramRules:
    return ProgramRules(
        roles=iron_triangle(),
        levels=position_levels(),
        strategic=StrategicRule(),
        information=information_map(),
        plans=[plan_template(tier) for tier in ("strategic", "important", "other")],
        symptoms=weak_programme_symptoms(),
    )


_PRESETS: Final[Mapping[str, Callable[[], Any]]] = {
    "scorer": _scorer,
    "selection": lambda: SelectionPolicy(TopShare(0.2)),
    "inference": experience_inference,
    "segmenters": lambda: {"rfm": Rfm(cuts=MedianCut()), "pcv": pcv()},
    "funnel": opportunity_funnel,
    "stall": StallRule,
    "categories": Categories,
    "lifecycle": LifecycleModel,
    "program": _program,
    "review": ReviewRules,
}

STARTER_PARTS: Final = tuple(_PRESETS)
"""The parts that a starter can hold."""

USUAL_PARTS: Final = ("scorer", "selection", "lifecycle")
"""Those it holds where nobody asks for others."""


def starter_text(name: str, parts: Iterable[str] = USUAL_PARTS, *, author: str = "") -> str:
    """Write a playbook of presets as TOML, every key explained.

    Raises
    ------
    SpecError
        There is no preset of a part.
    """
    wanted = tuple(dict.fromkeys(parts))
    for part in wanted:
        if part not in _PRESETS:
            raise SpecError.from_choice("starter_text(parts)", part, STARTER_PARTS)
    made: dict[str, Any] = {part: _PRESETS[part]() for part in STARTER_PARTS if part in wanted}
    playbook = Playbook(name, "1", author=author, **made)
    others = [part for part in STARTER_PARTS if part not in wanted]
    return _HEAD + commented_toml(playbook, _REMARKS) + _others(others)


def _others(parts: Iterable[str]) -> str:
    """Say at the end what else a playbook may hold."""
    listed = ",".join(parts)
    return f"\n# More to begin with: keyaccount playbook init --with {listed}\n" if listed else ""
