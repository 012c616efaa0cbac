"""A scale that the method asks for."""

from __future__ import annotations

from keyaccount.scoring.judgement.anchored_scale import Anchor, AnchoredScale

__all__ = ["showcase_scale"]


def showcase_scale() -> AnchoredScale:
    """Return a scale for the value of an account as a showcase (示范作用), in five levels.

    The source of the method asks for the judgement and gives no levels: the number of levels and
    the wording of the anchors are ours.

    Returns
    -------
    AnchoredScale
        Levels from 1 to 5, each with an anchor in English and Chinese.

    Examples
    --------
    >>> import keyaccount as ka
    >>> for anchor in ka.showcase_scale().anchors:
    ...     print(f"{anchor.value:g} {anchor.name} {anchor.name_zh}")
    1 no reference value 无参考价值
    2 known to its direct neighbours 仅在周边有影响
    3 a useful reference in its region or segment 区域或细分领域内的有效参考
    4 its choice is noticed across the industry 选择受到全行业关注
    5 the industry follows its choice 行业标杆，同行跟随其选择
    """
    return AnchoredScale(
        1,
        5,
        anchors=(
            Anchor(1, "no reference value", "无参考价值"),
            Anchor(2, "known to its direct neighbours", "仅在周边有影响"),
            Anchor(3, "a useful reference in its region or segment", "区域或细分领域内的有效参考"),
            Anchor(4, "its choice is noticed across the industry", "选择受到全行业关注"),
            Anchor(5, "the industry follows its choice", "行业标杆，同行跟随其选择"),
        ),
        name="showcase value",
        name_zh="示范作用",
    )
