"""What goes wrong with key accounts: three ways to fail, six symptoms of a weak programme."""

from keyaccount.program.symptoms.check_item import CheckItem
from keyaccount.program.symptoms.presets import ways_to_fail, weak_programme_symptoms
from keyaccount.program.symptoms.programme_symptoms import programme_symptoms
from keyaccount.program.symptoms.result import ProgrammeSymptoms

__all__ = [
    "CheckItem",
    "ProgrammeSymptoms",
    "programme_symptoms",
    "ways_to_fail",
    "weak_programme_symptoms",
]
