"""What happened to a pipeline between two dates."""

from keyaccount.funnel.movement.result import Waterfall, WaterfallBuckets
from keyaccount.funnel.movement.waterfall import waterfall

__all__ = ["Waterfall", "WaterfallBuckets", "waterfall"]
