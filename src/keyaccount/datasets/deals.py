"""The deals table: what was offered to whom, by whom, for how much, and where it stands."""

from __future__ import annotations

import attrs
import numpy as np

from keyaccount._columns import Codes, Floats, Objects
from keyaccount.datasets.catalogue import PRODUCTS, texts
from keyaccount.datasets.course import LOST, OPEN, REASONS, WON, Course
from keyaccount.datasets.team import Team
from keyaccount.datasets.truth import DAYS, Truth

__all__ = ["AT_END", "AT_OPENING", "NEVER", "Deals"]

_LETTERS = ("A", "B", "C", "D", "E", "F", "won", "lost")
_F, _WON, _LOST = 5, 6, 7
_ORIGINS = ("explicit", "created")
_CREATED = 0.25
AT_OPENING, AT_END, NEVER = range(3)
"""When the amount of a deal was entered."""
_NOT_YET, _NEVER = 0.36, 0.01
_DISCOUNT = 0.25
_PIECES = 2.0
_REQUOTED, _REASSIGNED, _PUT_OFF = 0.2, 0.04, 0.5
"""Shares of the deals that get a new quote or another owner, or are put off, if there is time."""
_PLANNED, _LATER = (100.0, 220.0), 60.0
_HAND_OVER, _COLLECT = (2.0, 10.0), (5.0, 30.0)
"""Days at least, and days to be added on average."""


@attrs.frozen(eq=False)
class Deals:
    """Deals in the order in which they were opened.

    Times are days from the first one of the book on; infinite: never.

    Parameters
    ----------
    course
        How they go through the stages.
    ids
        Their ids.
    product, origin
        Positions in `PRODUCTS`, and whether the opportunity was explicit or created.
    owner, next_owner
        Positions in the team; -1 for nobody.
    asked, agreed
        The amount at first, and after a new quote.
    entered
        `AT_OPENING`, `AT_END` or `NEVER`.
    requoted, reassigned, put_off
        When there is a new quote, another owner, a later day.
    expected, later
        When it is expected to close, first and after it has been put off.
    signed, handed_over, collected
        When its milestones are reached.
    """

    course: Course
    ids: Objects
    product: Codes
    origin: Codes
    owner: Codes
    next_owner: Codes
    asked: Floats
    agreed: Floats
    entered: Codes
    requoted: Floats
    reassigned: Floats
    put_off: Floats
    expected: Floats
    later: Floats
    signed: Floats
    handed_over: Floats
    collected: Floats

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def draw(cls, truth: Truth, team: Team, rng: np.random.Generator) -> Deals:
        """Draw deals."""
        course = Course.draw(truth, rng)
        n, opened, won = len(course), course.enter[0], course.outcome == WON
        product = rng.choice(len(PRODUCTS), n, p=[p.share for p in PRODUCTS])
        asked = _asked(product, truth.size[course.account], rng)
        requoted = _some_time(course, course.enter[2], _REQUOTED, rng)
        expected = opened + rng.uniform(*_PLANNED, n)
        put_off = np.where(rng.random(n) < _PUT_OFF, opened + 0.8 * (expected - opened), np.inf)
        reassigned = _some_time(course, opened, _REASSIGNED, rng)
        owner = team.on[0][course.account]
        handed_over = course.end + _HAND_OVER[0] + rng.gamma(2.0, _HAND_OVER[1] / 2.0, n)
        collected = handed_over + _COLLECT[0] + rng.gamma(2.0, _COLLECT[1] / 2.0, n)
        width = max(6, len(str(n)))
        signed = course.enter[4] + rng.random(n) * (course.enter[5] - course.enter[4])
        return cls(
            course=course,
            ids=np.array([f"D-{i:0{width}d}" for i in range(1, n + 1)], dtype=object),
            product=product,
            origin=(rng.random(n) < _CREATED).astype(np.int64),
            owner=owner,
            next_owner=_colleague(owner, team),
            asked=asked,
            agreed=np.round(asked * rng.uniform(0.7, 1.2, n), 2),
            entered=_entered(rng.random(n)),
            requoted=requoted,
            reassigned=np.where(owner >= 0, reassigned, np.inf),
            put_off=_by(put_off, course.until),
            expected=expected,
            later=np.maximum(expected, opened) + _LATER,
            signed=_by(signed, course.until),
            handed_over=_by(np.where(won, handed_over, np.inf), float(DAYS)),
            collected=_by(np.where(won, collected, np.inf), float(DAYS)),
        )

    def part(self, rows: slice) -> Deals:
        """Give some of the deals."""
        names = [f.name for f in attrs.fields(Deals) if f.name != "course"]
        columns = {name: getattr(self, name)[rows] for name in names}
        return Deals(course=self.course.part(rows), **columns)

    @property
    def amount(self) -> Floats:
        """What each deal is worth, whether anybody entered it or not."""
        return np.where(np.isfinite(self.requoted), self.agreed, self.asked)

    def columns(self, truth: Truth, team: Team) -> dict[str, Objects]:
        """Give the deals as they stand on the day of the export."""
        course = self.course
        decided = course.outcome != OPEN
        unknown = (self.entered == NEVER) | ((self.entered == AT_END) & ~decided)
        owner = np.where(np.isfinite(self.reassigned), self.next_owner, self.owner)
        expected = np.where(np.isfinite(self.put_off), self.later, self.expected)
        return {
            "deal_id": self.ids,
            "account_id": truth.ids[course.account],
            "product": texts(tuple(p.name for p in PRODUCTS), self.product),
            "stage": texts(_LETTERS, self._letters()),
            "opened": truth.date(course.enter[0]),
            "closed": truth.date(np.where(decided, course.end, np.inf)),
            "amount": np.where(unknown, np.nan, self.amount),
            "owner": team.named(owner),
            "origin": texts(_ORIGINS, self.origin),
            "expected": truth.date(expected),
            "lost_reason": texts(REASONS, course.reason),
        }

    def _letters(self) -> Codes:
        """Give the stage: a letter while it is open or to be collected, else how it ended."""
        found = self.course.stage.copy()
        won = self.course.outcome == WON
        found[won] = np.where(np.isfinite(self.collected[won]), _WON, _F)
        found[self.course.outcome == LOST] = _LOST
        return found


def _asked(product: Codes, size: Floats, rng: np.random.Generator) -> Floats:
    """Price times pieces less a discount, to the cent."""
    price = np.array([p.list_price for p in PRODUCTS])[product]
    pieces = 1 + rng.poisson(_PIECES * size**0.75)
    return np.round(price * pieces * (1.0 - _DISCOUNT * rng.random(len(price))), 2)


def _entered(draw: Floats) -> Codes:
    return np.select([draw < _NEVER, draw < _NEVER + _NOT_YET], [NEVER, AT_END], AT_OPENING)


def _some_time(course: Course, start: Floats, share: float, rng: np.random.Generator) -> Floats:
    """Draw a time between a start and the end of the record for a share of the deals."""
    n = len(course)
    time = start + rng.random(n) * (course.until - start)
    return _by(
        np.where((rng.random(n) < share) & (start < course.until), time, np.inf), course.until
    )


def _by(time: Floats, until: Floats | float) -> Floats:
    """Leave out what would be at or after the end."""
    return np.where(time < until, time, np.inf)


def _colleague(owner: Codes, team: Team) -> Codes:
    """Give the next person of the same role and country; the same one where there is none."""
    key = team.role * (int(team.country.max(initial=0)) + 1) + team.country
    following = np.minimum(owner + 1, len(key) - 1)
    return np.where((owner >= 0) & (key[following] == key[owner]), following, owner)
