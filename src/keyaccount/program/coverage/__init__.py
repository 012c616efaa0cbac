"""Coverage: who is on each account, in which role, and what hangs on whom."""

from keyaccount.program.coverage.coverage import coverage
from keyaccount.program.coverage.dependence import PeopleDependence
from keyaccount.program.coverage.iron_triangle import iron_triangle
from keyaccount.program.coverage.people import PeopleLoad
from keyaccount.program.coverage.result import Coverage
from keyaccount.program.coverage.role import CoverageRole

__all__ = [
    "Coverage",
    "CoverageRole",
    "PeopleDependence",
    "PeopleLoad",
    "coverage",
    "iron_triangle",
]
