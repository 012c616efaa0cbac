"""The kernel of a learned function whose values were all equal: below, equal, above."""

from __future__ import annotations

from keyaccount._columns import Floats


class StepKernel:
    """Worth 0 on the worse side of one value, `top` on the better side, half of it there.

    What is equal for everybody tells nobody apart: half, which is the same whichever way is better.
    """

    __slots__ = ("at", "falling", "half", "top")

    def __init__(self, at: float, top: float, *, falling: bool) -> None:
        self.at: float = at
        self.top: float = top
        self.half: float = 0.5 * top
        self.falling: bool = falling

    def into(self, x: Floats, out: Floats) -> None:
        """Write the worth of one contiguous block of finite values into `out`."""
        out[:] = 0.0
        out[x == self.at] = self.half
        out[x < self.at if self.falling else x > self.at] = self.top

    def one(self, x: float) -> float:
        """Give the worth of one finite value, to the same bit as `into`."""
        if x == self.at:
            return self.half
        return self.top if (x < self.at) == self.falling else 0.0
