"""The information map: what is known about each account, how old it is, what to ask next."""

from keyaccount.program.information.assessment import InformationAssessment
from keyaccount.program.information.field import InformationField
from keyaccount.program.information.map import InformationMap
from keyaccount.program.information.presets import information_map

__all__ = ["InformationAssessment", "InformationField", "InformationMap", "information_map"]
