"""Judgement criteria: what several raters think of an account, on a scale with anchors.

Value as a showcase is a judgement, not a size. It is rated on a scale whose levels are described in
words, by named raters, on a date. Per account the ratings that still count become one mean, with
how far the raters are apart, how many they are and how old the latest rating is; where nobody
rated, it stays unknown.
"""

from keyaccount.scoring.judgement.anchored_scale import Anchor, AnchoredScale
from keyaccount.scoring.judgement.presets import showcase_scale
from keyaccount.scoring.judgement.rating_summary import RatingSummary

__all__ = ["Anchor", "AnchoredScale", "RatingSummary", "showcase_scale"]
