"""Experience inference: who may become a key account where there is no history yet."""

from keyaccount.scoring.inference.bridge import Bridge, Bridged
from keyaccount.scoring.inference.experience import ExperienceInference
from keyaccount.scoring.inference.gate import Gate
from keyaccount.scoring.inference.industry import IndustryAnswers
from keyaccount.scoring.inference.inferences import Inferences
from keyaccount.scoring.inference.presets import experience_inference
from keyaccount.scoring.inference.question import Question

__all__ = [
    "Bridge",
    "Bridged",
    "ExperienceInference",
    "Gate",
    "IndustryAnswers",
    "Inferences",
    "Question",
    "experience_inference",
]
