"""Win evidence: what won and lost deals say about the deals that are open."""

from keyaccount.scoring.evidence.counts import LabelCounts, WinCounts
from keyaccount.scoring.evidence.held_out import HeldOut, held_out_evidence
from keyaccount.scoring.evidence.probabilities import WinProbabilities
from keyaccount.scoring.evidence.win_evidence import WinEvidence

__all__ = [
    "HeldOut",
    "LabelCounts",
    "WinCounts",
    "WinEvidence",
    "WinProbabilities",
    "held_out_evidence",
]
