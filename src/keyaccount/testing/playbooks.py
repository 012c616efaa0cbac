"""Playbooks, with some of their parts and none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from keyaccount.funnel.conversion import StallRule
from keyaccount.playbook.playbook import Playbook
from keyaccount.program.coverage import iron_triangle
from keyaccount.program.plan import plan_template
from keyaccount.program.positioning import StrategicRule, position_levels
from keyaccount.program.rules import ProgramRules
from keyaccount.scoring.selection import AtLeast, SelectionPolicy, TopCount, TopShare
from keyaccount.segments.cascade import Cascade
from keyaccount.segments.loyalty import loyalty
from keyaccount.testing.books import SHARE
from keyaccount.testing.evidence import win_evidence
from keyaccount.testing.forecast import forecast_categories
from keyaccount.testing.funnels import funnels
from keyaccount.testing.inference import inferences
from keyaccount.testing.lifecycle import budget_regressions, lifecycle_models
from keyaccount.testing.program import information_maps
from keyaccount.testing.reviews import review_rules
from keyaccount.testing.rfm import rfms
from keyaccount.testing.scorers import scorers
from keyaccount.testing.segments import matrices

__all__ = ["playbooks", "program_rules", "selection_policies"]

_NAMES = ("north", "大客户", "two words", "a.b", "kind")


def selection_policies() -> st.SearchStrategy[SelectionPolicy]:
    """Draw policies of one rule or two.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(selection_policies())
    ... def a_hold_is_never_below_0(policy):
    ...     assert policy.hold >= 0
    >>> a_hold_is_never_below_0()
    """
    one = st.one_of(
        st.builds(TopShare, SHARE),
        st.builds(TopCount, st.integers(0, 20)),
        st.builds(AtLeast, SHARE),
    )
    return st.builds(
        SelectionPolicy,
        one | st.builds(lambda a, b: a & b, one, one),
        ties=st.sampled_from(["include_all", "exclude_all", "by_id"]),
        hold=SHARE,
        min_tenure_days=st.integers(0, 400),
        max_changes=st.none() | st.integers(0, 5),
        margin=SHARE,
    )


def program_rules() -> st.SearchStrategy[ProgramRules]:
    """Draw what a programme asks for, some of it left out.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(program_rules())
    ... def the_days_of_upkeep_are_above_0(rules):
    ...     assert all(rhythm.days > 0 for rhythm in rules.upkeep)
    >>> the_days_of_upkeep_are_above_0()
    """
    tiers = st.sampled_from(["strategic", "important", "other"])
    return st.builds(
        ProgramRules,
        roles=st.sampled_from([None, iron_triangle()]),
        levels=st.sampled_from([None, position_levels()]),
        strategic=st.sampled_from([None, StrategicRule(), StrategicRule(from_level="vendor")]),
        information=st.none() | information_maps(),
        plans=st.lists(tiers.map(plan_template), unique_by=lambda t: t.tier, max_size=3),
        upkeep=st.dictionaries(tiers, st.floats(1, 400), max_size=3),
    )


@st.composite
def playbooks(draw: st.DrawFn, *, fitted: bool = True) -> Playbook:
    """Draw playbooks with any of their parts.

    Parameters
    ----------
    fitted
        Whether every constant is there; else some parts have still to learn.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from hypothesis import given, settings
    >>> @settings(deadline=None, max_examples=20)
    ... @given(playbooks())
    ... def they_read_back_equal(playbook):
    ...     assert ka.from_data(ka.to_data(playbook)) == playbook
    >>> they_read_back_equal()
    """
    ready = fitted or draw(st.booleans())
    segmenters = matrices() | st.just(Cascade()) | st.just(loyalty()) | rfms(fitted=ready)
    parts: Mapping[str, st.SearchStrategy[Any]] = {
        "scorer": scorers(),
        "selection": selection_policies(),
        "inference": inferences(industries=True),
        "evidence": win_evidence(),
        "segmenters": st.dictionaries(st.sampled_from(_NAMES), segmenters, max_size=2),
        "funnel": funnels(),
        "stall": st.builds(StallRule),
        "categories": forecast_categories(),
        "lifecycle": lifecycle_models(fitted=ready),
        "budgets": budget_regressions().filter(lambda spec: spec.is_fitted or not fitted),
        "program": program_rules(),
        "review": review_rules(),
    }
    wanted = draw(st.sets(st.sampled_from(sorted(parts)), max_size=4))
    drawn: dict[str, Any] = {name: draw(parts[name]) for name in sorted(wanted)}
    return Playbook(
        draw(st.sampled_from(_NAMES)),
        draw(st.sampled_from(["1", "2026.3"])),
        author=draw(st.sampled_from(["", "Li Wei"])),
        valid_from=draw(st.none() | st.dates()),
        note=draw(st.text(max_size=5)),
        **drawn,
    )
