"""`Refusal`: the rules that an event may break, each with its wording."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Refusal"]


class Refusal(IntEnum):
    """Why an event changes nothing.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Refusal.KEY_RESULT.rule
    'the key result of the stage is not confirmed'
    """

    NONE = 0
    NOT_OPENED = 1
    ALREADY_OPEN = 2
    CLOSED = 3
    NOT_CLOSED = 4
    NO_SUCH_MOVE = 5
    KEY_RESULT = 6
    REQUIRED_ACTION = 7
    UNKNOWN_STAGE = 8
    UNKNOWN_CODE = 9
    NO_REASON = 10
    BAD_VALUE = 11
    BACKWARDS = 12

    @property
    def rule(self) -> str:
        """The rule in words."""
        return _RULES[self]


_RULES: dict[Refusal, str] = {
    Refusal.NONE: "nothing stands against it",
    Refusal.NOT_OPENED: "the deal has not been opened yet",
    Refusal.ALREADY_OPEN: "the deal has been opened before",
    Refusal.CLOSED: "the deal is won or lost",
    Refusal.NOT_CLOSED: "the deal is still open",
    Refusal.NO_SUCH_MOVE: "the funnel has no such move",
    Refusal.KEY_RESULT: "the key result of the stage is not confirmed",
    Refusal.REQUIRED_ACTION: "a required key action of the stage is not done",
    Refusal.UNKNOWN_STAGE: "the funnel has no such stage",
    Refusal.UNKNOWN_CODE: "the funnel has no such key result, key action or milestone",
    Refusal.NO_REASON: "no reason is given",
    Refusal.BAD_VALUE: "the value is missing or out of range",
    Refusal.BACKWARDS: "it lies before the last event of the deal",
}
