"""How much of the value how few customers bring: shares, curves, indices, classes, long tails."""

from keyaccount.segments.concentration.abc_classes import AbcClasses
from keyaccount.segments.concentration.concentration import Concentration
from keyaccount.segments.concentration.concessions import Concessions, check_concessions
from keyaccount.segments.concentration.dependence import Dependence
from keyaccount.segments.concentration.effort import EffortAndValue, effort_and_value
from keyaccount.segments.concentration.lorenz import Lorenz
from keyaccount.segments.concentration.pareto import Pareto, pareto
from keyaccount.segments.concentration.portion import Portion
from keyaccount.segments.concentration.ranked import Negatives, Zeros

__all__ = [
    "AbcClasses",
    "Concentration",
    "Concessions",
    "Dependence",
    "EffortAndValue",
    "Lorenz",
    "Negatives",
    "Pareto",
    "Portion",
    "Zeros",
    "check_concessions",
    "effort_and_value",
    "pareto",
]
