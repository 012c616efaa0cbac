"""RFM: recency, frequency and monetary value, the cuts between low and high, and the segments."""

from keyaccount.segments.rfm.counts import RfmCounts
from keyaccount.segments.rfm.cut_rule import RfmCut
from keyaccount.segments.rfm.fixed_cut import FixedCut
from keyaccount.segments.rfm.mean_cut import MeanCut
from keyaccount.segments.rfm.median_cut import MedianCut
from keyaccount.segments.rfm.presets import eight_segments, rfm_map_5x5
from keyaccount.segments.rfm.quantile_scores import QuantileScores
from keyaccount.segments.rfm.result import RfmResult
from keyaccount.segments.rfm.rfm import Rfm
from keyaccount.segments.rfm.segment_map import RfmMap, RfmSegment
from keyaccount.segments.rfm.steps import RfmStep

__all__ = [
    "FixedCut",
    "MeanCut",
    "MedianCut",
    "QuantileScores",
    "Rfm",
    "RfmCounts",
    "RfmCut",
    "RfmMap",
    "RfmResult",
    "RfmSegment",
    "RfmStep",
    "eight_segments",
    "rfm_map_5x5",
]
