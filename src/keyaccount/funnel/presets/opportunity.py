"""Funnels that come with the library."""

from __future__ import annotations

from keyaccount.funnel.stages import Stage

__all__ = ["opportunity_stages"]


def opportunity_stages() -> tuple[Stage, ...]:
    """Return the six opportunity stages A to F.

    The plan contradicts itself, and both readings are kept under their own names: the chances of
    winning imply conversions that rise from stage to stage, the planned conversions fall. A deal is
    open until F: it is signed in E, handed over and paid in F. The source gives E and F neither
    planned conversion nor planned days nor participants: they are None.

    Examples
    --------
    >>> from keyaccount.funnel import opportunity_stages
    >>> [(s.letter, s.win_probability) for s in opportunity_stages()]
    [('A', 0.1), ('B', 0.25), ('C', 0.5), ('D', 0.75), ('E', 0.9), ('F', 1.0)]
    """
    manager, consultant, director = "account manager", "consultant", "director"
    return (
        Stage(
            "understand",
            "Understand the opportunity",
            letter="A",
            name_zh="了解商机",
            win_probability=0.10,
            planned_conversion=0.80,
            planned_days=7,
            participants=(manager,),
        ),
        Stage(
            "confirm",
            "Confirm the opportunity",
            letter="B",
            name_zh="确认商机",
            win_probability=0.25,
            planned_conversion=0.70,
            planned_days=7,
            participants=(manager,),
        ),
        Stage(
            "validate",
            "Validate the solution",
            letter="C",
            name_zh="方案论证",
            win_probability=0.50,
            planned_conversion=0.60,
            planned_days=10,
            participants=(manager, consultant),
        ),
        Stage(
            "negotiate",
            "Negotiate the contract",
            letter="D",
            name_zh="商务谈判",
            win_probability=0.75,
            planned_conversion=0.50,
            planned_days=7,
            participants=(manager, consultant, director),
        ),
        Stage("close", "Close the sale", letter="E", name_zh="销售成交", win_probability=0.90),
        Stage(
            "hand_over_and_collect",
            "Hand over and collect",
            letter="F",
            name_zh="交接回款",
            win_probability=1.0,
            outcome="won",
        ),
    )
