"""Value functions: raw values in, worth in [0, 1] out."""

from keyaccount.scoring.values.band_values import Bands
from keyaccount.scoring.values.base import Kernel, ValueFunction
from keyaccount.scoring.values.linear import Linear
from keyaccount.scoring.values.log import Log
from keyaccount.scoring.values.logistic import Logistic
from keyaccount.scoring.values.observed import ObservedRange
from keyaccount.scoring.values.percentile import Percentile
from keyaccount.scoring.values.piecewise import PiecewiseLinear
from keyaccount.scoring.values.ratio import Ratio

__all__ = [
    "Bands",
    "Kernel",
    "Linear",
    "Log",
    "Logistic",
    "ObservedRange",
    "Percentile",
    "PiecewiseLinear",
    "Ratio",
    "ValueFunction",
]
