"""`opportunity_funnel`: the six opportunity stages A to F."""

from __future__ import annotations

import attrs

from keyaccount.funnel.funnel import Funnel
from keyaccount.funnel.presets.opportunity_actions import KEY_ACTIONS, KEY_RESULTS
from keyaccount.funnel.stages import Stage

__all__ = ["opportunity_funnel", "opportunity_stages"]

_MANAGER, _CONSULTANT, _DIRECTOR = "account manager", "consultant", "director"

_STAGES = (
    Stage(
        "understand",
        "Understand the opportunity",
        letter="A",
        name_zh="了解商机",
        win_probability=0.10,
        planned_conversion=0.80,
        planned_days=7,
        participants=(_MANAGER,),
    ),
    Stage(
        "confirm",
        "Confirm the opportunity",
        letter="B",
        name_zh="确认商机",
        win_probability=0.25,
        planned_conversion=0.70,
        planned_days=7,
        participants=(_MANAGER,),
    ),
    Stage(
        "validate",
        "Validate the solution",
        letter="C",
        name_zh="方案论证",
        win_probability=0.50,
        planned_conversion=0.60,
        planned_days=10,
        participants=(_MANAGER, _CONSULTANT),
    ),
    Stage(
        "negotiate",
        "Negotiate the contract",
        letter="D",
        name_zh="商务谈判",
        win_probability=0.75,
        planned_conversion=0.50,
        planned_days=7,
        participants=(_MANAGER, _CONSULTANT, _DIRECTOR),
    ),
    Stage(
        "close",
        "Close the sale",
        letter="E",
        name_zh="销售成交",
        win_probability=0.90,
        milestones=("signed",),
    ),
    Stage(
        "hand_over_and_collect",
        "Hand over and collect",
        letter="F",
        name_zh="交接回款",
        win_probability=1.0,
        milestones=("handed_over", "collected"),
        outcome="won",
    ),
)


def _full(stage: Stage) -> Stage:
    """Put the key result and the key actions into a stage."""
    return attrs.evolve(
        stage,
        key_result=KEY_RESULTS.get(stage.letter),
        key_actions=KEY_ACTIONS.get(stage.letter, ()),
    )


_FULL = tuple(_full(stage) for stage in _STAGES)


def opportunity_stages() -> tuple[Stage, ...]:
    """Return the six opportunity stages A to F.

    The plan contradicts itself, and both readings are kept under their own names: the chances of
    winning imply conversions that rise from stage to stage, the planned conversions fall. A deal is
    open until F: it is signed in E, handed over and paid in F. The source gives E and F neither
    planned conversion nor planned days nor participants nor key result nor key actions: they are
    None, and no key actions.

    Returns
    -------
    tuple of Stage
        ``understand``, ``confirm``, ``validate``, ``negotiate``, ``close`` and
        ``hand_over_and_collect``.

    See Also
    --------
    opportunity_funnel

    Examples
    --------
    >>> from keyaccount.funnel import opportunity_stages
    >>> [(s.letter, s.win_probability) for s in opportunity_stages()]
    [('A', 0.1), ('B', 0.25), ('C', 0.5), ('D', 0.75), ('E', 0.9), ('F', 1.0)]
    >>> [len(s.key_actions) for s in opportunity_stages()]
    [10, 10, 12, 9, 0, 0]
    """
    return _FULL


def opportunity_funnel() -> Funnel:
    """Return the opportunity funnel (商机漏斗): stages A to F, with what opens each gate.

    A key result is the gate of A, B, C and D each: confirmed before the deal advances. The 41 key
    actions are evidence towards it and advisory; a company marks those that it requires. Each names
    the buyer roles that it is about in `role`: several are separated by ``", "``.

    The chance of winning is 90 % while the deal stands in E and 100 % only in F. Signing and
    collection have dates of their own: the milestones ``signed``, ``handed_over`` and
    ``collected``, confirmed as anything else. The origin of a deal, explicit or created, is said
    when it is opened.

    Returns
    -------
    Funnel
        Six stages, each open one leading to the next; F is won.

    See Also
    --------
    plan_consistency : the plan contradicts itself, and this tells where.
    sales_progress, lead_to_cash, customer_funnel : other funnels of deals.
    stage_mapping : from the stages of one funnel to those of another.

    Notes
    -----
    The lists of key actions of C and D carry no stage in the published method: their assignment is
    inferred from the people in them and from their content. The codes, the English wording and the
    names of the milestones are choices of this library.

    Examples
    --------
    >>> import keyaccount as ka
    >>> funnel = ka.opportunity_funnel()
    >>> deal = funnel.open("OPP-1", at="2026-09-01", amount=120_000, origin="created")
    >>> deal = funnel.confirm(deal, "needs_understood", at="2026-09-03", by="li")
    >>> deal = funnel.advance(deal, at="2026-09-08", by="li")
    >>> deal.stage, deal.probability, funnel.missing(deal)
    ('confirm', 0.25, ('need_confirmed',))
    >>> [action.name for action in funnel.stage("D").key_actions][-1]
    'Reach a framework intent'
    """
    return Funnel("opportunity_funnel", opportunity_stages(), name_zh="商机漏斗")
