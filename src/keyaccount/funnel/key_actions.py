"""`KeyResult` and `KeyAction`: what must be true to go on, and the evidence towards it."""

from __future__ import annotations

import attrs

from keyaccount._validators import exact_tuple, flag, text, text_or_empty, unique_names
from keyaccount._view import Spec

__all__ = ["KeyAction", "KeyResult"]


@attrs.frozen
class KeyResult(Spec):
    """What must be confirmed before a deal leaves a stage: the gate.

    Parameters
    ----------
    code
        Fixed word that events confirm it by; one word, one thing in a funnel.
    name, name_zh
        What it says, in English and Chinese.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.KeyResult("needs_understood", "We understand the customer's needs").code
    'needs_understood'
    """

    code: str = attrs.field(validator=text)
    name: str = attrs.field(validator=text)
    name_zh: str = attrs.field(default="", kw_only=True, validator=text_or_empty)


@attrs.frozen
class KeyAction(Spec):
    """Something done in a stage: evidence towards its key result.

    Parameters
    ----------
    code
        Fixed word that events confirm it by; one word, one thing in a funnel.
    name, name_zh
        What it says, in English and Chinese.
    required
        Whether a deal may leave the stage only when it is done. Key actions are advisory unless a
        company marks them: dozens of hard gates only breed false ticks.
    roles
        The buyer roles it is about: ``"decision_maker"``, ``"user"``, ``"technical_expert"``,
        ``"influencer"``, ``"coach"``, or other words; empty where it is about nobody alone.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.KeyAction("coach_found", "Find and develop a coach", roles=["coach"]).required
    False
    """

    code: str = attrs.field(validator=text)
    name: str = attrs.field(validator=text)
    name_zh: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
    required: bool = attrs.field(default=False, kw_only=True, validator=flag)
    roles: tuple[str, ...] = attrs.field(
        default=(), kw_only=True, converter=exact_tuple, validator=unique_names
    )
