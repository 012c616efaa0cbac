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

    @property
    def may_be_set_aside(self) -> bool:
        """Whether an override with a reason sets it aside."""
        return self in {Refusal.NO_SUCH_MOVE, Refusal.KEY_RESULT, Refusal.REQUIRED_ACTION}

    @property
    def way_out(self) -> str:
        """What to do about it."""
        return _WAYS_OUT.get(self, "look at the deal's stage and at its dates")


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

_WAYS_OUT: dict[Refusal, str] = {
    Refusal.NOT_OPENED: "open it first",
    Refusal.ALREADY_OPEN: "give each deal an id of its own",
    Refusal.CLOSED: "reopen it first",
    Refusal.NO_SUCH_MOVE: "look at the stage the deal is in and at the moves of the funnel",
    Refusal.KEY_RESULT: "confirm what is missing first",
    Refusal.REQUIRED_ACTION: "confirm what is missing first",
    Refusal.UNKNOWN_STAGE: "use a code, a letter or a name of a stage of the funnel",
    Refusal.UNKNOWN_CODE: "use a code of the funnel, see its `codes`",
    Refusal.NO_REASON: "say why",
    Refusal.BAD_VALUE: "give money of at least 0, a share in [0, 1], an owner, or a later day",
    Refusal.BACKWARDS: "pass back_filled=True where it was only entered late",
}
