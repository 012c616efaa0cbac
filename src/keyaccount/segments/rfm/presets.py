"""The two maps that come with the library: eight segments, and 5×5 of recency and frequency."""

from __future__ import annotations

from keyaccount.segments.rfm.segment_map import RfmMap, RfmSegment

__all__ = ["eight_segments", "rfm_map_5x5"]

_EIGHT = (
    ("HHH", "important_value", "important – value", "重要价值"),
    ("LHH", "important_maintain", "important – maintain", "重要保持"),
    ("HLH", "important_develop", "important – develop", "重要发展"),
    ("LLH", "important_win_back", "important – win back", "重要挽留"),
    ("HHL", "general_value", "general – value", "一般价值"),
    ("LHL", "general_maintain", "general – maintain", "一般保持"),
    ("HLL", "general_develop", "general – develop", "一般发展"),
    ("LLL", "general_win_back", "general – win back", "一般挽留"),
)
_TREATMENTS = {
    "important_value": ("keep close, serve first", "重点服务，保持紧密联系"),
    "important_maintain": ("get in touch first, before they leave", "优先保持，主动联系"),
    "important_develop": ("bring them to buy more often", "提高购买频次"),
    "important_win_back": ("win back first", "优先挽留"),
    "general_value": ("offer more to raise what they spend", "提升客单价值"),
    "general_maintain": ("remind at little cost", "低成本提醒维系"),
    "general_develop": ("bring them to buy again", "引导再次购买"),
    "general_win_back": ("win back where it costs little", "低成本挽留"),
}


def eight_segments() -> RfmMap:
    """Give the eight segments of R, F and M, each high or low.

    The segments stand in this order, which is what "better" means: the important ones (high
    monetary) before the general ones, and within each value, maintain, develop, win back.

    Returns
    -------
    RfmMap
        Maintain the important-maintain first, develop the important-develop to buy more often, win
        back the important-win-back first: so says the method. The treatments of the other five,
        all wording, and the order are choices of this library.

    Notes
    -----
    A widely copied table reads raw days, where many days make a high number, as if high were good,
    and so swaps value with maintain. Here R is high when the last purchase is recent.

    See Also
    --------
    Rfm, rfm_map_5x5

    Examples
    --------
    >>> import keyaccount as ka
    >>> for segment in ka.eight_segments().segments[:3]:
    ...     print(segment.cells[0], segment.code, segment.name_zh)
    HHH important_value 重要价值
    LHH important_maintain 重要保持
    HLH important_develop 重要发展
    """
    segments = [
        RfmSegment(
            code,
            (cell,),
            name=name,
            name_zh=name_zh,
            treatment=_TREATMENTS[code][0],
            treatment_zh=_TREATMENTS[code][1],
        )
        for cell, code, name, name_zh in _EIGHT
    ]
    return RfmMap("rfm", segments)


_FIVE_BY_FIVE = (
    ("champions", ("5[4-5]",), "champions", "标杆客户"),
    ("loyal_customers", ("[3-4][4-5]",), "loyal customers", "忠诚客户"),
    ("potential_loyalists", ("[4-5][2-3]",), "potential loyalists", "可望忠诚"),
    ("need_attention", ("33",), "need attention", "需要关注"),
    ("new_customers", ("51",), "new customers", "新客户"),
    ("promising", ("41",), "promising", "有望培养"),
    ("cant_lose", ("[1-2]5",), "can't lose", "不可失去"),
    ("at_risk", ("[1-2][3-4]",), "at risk", "流失风险"),
    ("about_to_sleep", ("3[1-2]",), "about to sleep", "即将沉睡"),
    ("hibernating", ("[1-2][1-2]",), "hibernating", "已经沉睡"),
)


def rfm_map_5x5() -> RfmMap:
    """Give the map of recency and frequency scores from 1 to 5 to ten segments.

    It covers each of the 25 cells once and does not read the monetary measure. The segments stand
    in this order, which is what "better" means, a choice of this library: champions, loyal
    customers, potential loyalists, need attention, new customers, promising, can't lose, at risk,
    about to sleep, hibernating. One score more, of either measure, never leads to a worse one.

    Returns
    -------
    RfmMap
        The cells are those of a map in wide use in published RFM code. The source gives no
        treatments, so there are none; the Chinese labels are ours.

    See Also
    --------
    QuantileScores, eight_segments

    Examples
    --------
    >>> import keyaccount as ka
    >>> rfm = ka.Rfm(cuts=ka.QuantileScores(5), segments=ka.rfm_map_5x5())
    >>> len(rfm.segments.cells), rfm.segments.segments[0].cells
    (25, ('54', '55'))
    """
    segments = [
        RfmSegment(code, cells, name=name, name_zh=name_zh)
        for code, cells, name, name_zh in _FIVE_BY_FIVE
    ]
    return RfmMap("rf5", segments, measures=("recency", "frequency"), symbols="12345")
