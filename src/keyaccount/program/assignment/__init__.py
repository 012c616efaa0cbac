"""Assignment: owners proposed for key accounts, under capacity."""

from keyaccount.program.assignment.assign import assign
from keyaccount.program.assignment.assigned import Assigned
from keyaccount.program.assignment.seats import Seats

__all__ = ["Assigned", "Seats", "assign"]
