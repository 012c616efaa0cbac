"""`stage_mapping`: from the stages of one funnel to those of another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from keyaccount.funnel.funnel import Funnel
from keyaccount.funnel.presets.slips import refuse_no_funnel

__all__ = ["stage_mapping"]

_WORK: Final[Mapping[str, tuple[str, ...]]] = {
    # opportunity_funnel
    "understand": ("understand",),
    "confirm": ("confirm need", "confirm product"),
    "validate": ("plan", "present"),
    "negotiate": ("negotiate",),  # sales_progress as well
    "close": ("sign",),
    "hand_over_and_collect": ("deliver", "collect", "end"),
    # sales_progress
    "understand_need": ("understand",),
    "confirm_need": ("confirm need",),
    "confirm_product": ("confirm product",),
    "make_plan": ("plan",),
    "present_product": ("present",),
    "sign_contract": ("sign",),
    "collect_and_serve": ("collect", "deliver", "end"),
    # lead_to_cash
    "lead": ("lead",),
    "opportunity": ("understand", "confirm need", "confirm product"),
    "pursuit": ("plan", "quote", "present", "negotiate"),
    "contract": ("sign",),  # customer_funnel as well
    "delivery": ("deliver",),
    "payment": ("collect",),
    "contract_closed": ("end",),
    # customer_funnel: what comes before an opportunity is a lead; the rest where it is clear
    "leads": ("lead",),
    "screening": ("lead",),
    "intent": ("lead",),
    "value": ("lead",),
    "needs": ("understand", "confirm need"),
    "quote": ("quote",),
    "negotiation": ("negotiate",),
    "collection": ("collect",),
}
"""The work that is done in each stage of the funnels of deals, what comes first before the rest."""


def stage_mapping(source: Funnel, target: Funnel) -> dict[str, str | None]:
    """Say which stage of another funnel each stage of a funnel is.

    Stages are mapped by the work done in them; several may be one in the other funnel. Of several
    that one stage is in the other funnel, it is the first: no more is claimed than that the deal
    has come so far. A stage that both funnels have is itself. Outcomes do not come along: a deal in
    `lead_to_cash` is open while it is delivered, and won in F.

    Parameters
    ----------
    source, target
        Funnels that come with the library, or a company's own with stages of the same codes.

    Returns
    -------
    dict
        The code of each stage of `source`, in order, to that of a stage of `target`; None where it
        has no counterpart, or none that is clear.

    Raises
    ------
    SpecError
        One of the two is no funnel.

    Notes
    -----
    The mapping is a choice of this library, not of the published method.

    Examples
    --------
    >>> import keyaccount as ka
    >>> stages = ka.stage_mapping(ka.sales_progress(), ka.opportunity_funnel())
    >>> [ka.opportunity_funnel().stage(code).letter for code in stages.values()]
    ['A', 'B', 'B', 'C', 'C', 'D', 'E', 'F']
    >>> ka.stage_mapping(ka.lead_to_cash(), ka.opportunity_funnel())["lead"] is None
    True
    """
    refuse_no_funnel("source", source)
    refuse_no_funnel("target", target)
    return {stage.code: _counterpart(stage.code, target) for stage in source.stages}


def _counterpart(code: str, target: Funnel) -> str | None:
    """Find the stage of a funnel where the first work of another stage is done."""
    known = [stage.code for stage in target.stages]
    if code in known:
        return code
    found = (c for work in _WORK.get(code, ()) for c in known if work in _WORK.get(c, ()))
    return next(found, None)
