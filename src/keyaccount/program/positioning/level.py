"""`PositionLevel`: how close a customer and we are, and what shows it."""

from __future__ import annotations

import attrs

from keyaccount._validators import exact_tuple, text, text_or_empty, texts
from keyaccount._view import Spec

__all__ = ["PositionLevel", "position_levels"]


@attrs.frozen
class PositionLevel(Spec):
    """How close a customer and we are.

    Parameters
    ----------
    code
        Fixed word that data use.
    name, name_zh
        What it is called, in English and Chinese. Data may use these as well.
    meaning
        What it means, in a sentence.
    evidence
        Codes of what has to be shown for it; empty where nothing is asked for.

    Raises
    ------
    SpecError
        A text is blank.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.PositionLevel("partner", "Partner", evidence=["joint_plan"]).evidence
    ('joint_plan',)
    """

    code: str = attrs.field(validator=text)
    name: str = attrs.field(validator=text)
    name_zh: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
    meaning: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
    evidence: tuple[str, ...] = attrs.field(
        default=(), kw_only=True, converter=exact_tuple, validator=texts
    )


_LEVELS = (
    PositionLevel(
        "vendor",
        "Vendor",
        name_zh="供应商",
        meaning="One of many who deliver what is ordered.",
    ),
    PositionLevel(
        "preferred_supplier",
        "Preferred supplier",
        name_zh="优选供应商",
        meaning="Asked first among those who deliver.",
        evidence=("preferred_status",),
    ),
    PositionLevel(
        "business_partner",
        "Business partner",
        name_zh="业务伙伴",
        meaning="Solves the customer's problems of today.",
        evidence=("problems_solved",),
    ),
    PositionLevel(
        "strategic_partner",
        "Strategic partner",
        name_zh="战略伙伴",
        meaning="Shares the trends ahead, and designs advantage from the strengths of both sides; "
        "affects where the customer goes.",
        evidence=("shared_trends", "joint_advantage", "affects_direction"),
    ),
    PositionLevel(
        "community_of_interest",
        "Community of interest",
        name_zh="利益共同体",
        meaning="Both gain and lose together.",
        evidence=("shared_interest",),
    ),
)


def position_levels() -> tuple[PositionLevel, ...]:
    """Return the levels of relationship positioning (关系定位), the loosest first.

    The source names business partner, strategic partner and community of interest (利益共同体). The
    two below them, and the codes of evidence, are choices of this library.

    Returns
    -------
    tuple of PositionLevel
        Five levels.

    Examples
    --------
    >>> import keyaccount as ka
    >>> [level.name_zh for level in ka.position_levels()[2:]]
    ['业务伙伴', '战略伙伴', '利益共同体']
    """
    return _LEVELS
