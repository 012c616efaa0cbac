"""`Move`: one way from stage to stage, and the usual sets of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

import attrs

from keyaccount._validators import text
from keyaccount._view import Spec
from keyaccount.funnel.stages import Stage

__all__ = ["Move", "any_move_forward", "step_by_step"]


@attrs.frozen
class Move(Spec):
    """One way that deals may go.

    Parameters
    ----------
    source, target
        Codes of the stages.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Move("understand", "confirm").target
    'confirm'
    """

    source: str = attrs.field(validator=text)
    target: str = attrs.field(validator=text)


def step_by_step(stages: Sequence[Stage]) -> tuple[Move, ...]:
    """List the moves from each open stage to the next, and to the won stage from the last.

    Parameters
    ----------
    stages
        The stages of a funnel, in their order.

    Returns
    -------
    tuple of Move
        What `Funnel` takes as its moves; the default of a funnel.

    Examples
    --------
    >>> import keyaccount as ka
    >>> [m.target for m in ka.step_by_step(ka.opportunity_stages())][:2]
    ['confirm', 'validate']
    """
    way = [s for s in stages if s.outcome == "open"]
    won = [s for s in stages if s.outcome == "won"]
    steps = [Move(a.code, b.code) for a, b in pairwise(way)]
    return (*steps, *(Move(way[-1].code, s.code) for s in won if way))


def any_move_forward(stages: Sequence[Stage]) -> tuple[Move, ...]:
    """List the moves from each open stage to every later one: stages may be skipped.

    Histories of other systems skip stages; a funnel with these moves takes them as they are.

    Parameters
    ----------
    stages
        The stages of a funnel, in their order.

    Returns
    -------
    tuple of Move
        What `Funnel` takes as its moves.

    Examples
    --------
    >>> import keyaccount as ka
    >>> len(ka.any_move_forward(ka.opportunity_stages()))
    15
    """
    way = [s for s in stages if s.outcome != "lost"]
    return tuple(Move(a.code, b.code) for a, b in combinations(way, 2) if a.outcome == "open")
