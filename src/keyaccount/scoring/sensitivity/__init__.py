"""Sensitivity: how much the choice of key accounts hangs on the weights."""

from keyaccount.scoring.sensitivity.stability import Stability, stability
from keyaccount.scoring.sensitivity.weights import Sensitivity, sensitivity

__all__ = ["Sensitivity", "Stability", "sensitivity", "stability"]
