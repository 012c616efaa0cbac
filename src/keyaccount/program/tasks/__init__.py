"""The eight core tasks, and the upkeep of accounts."""

from keyaccount.program.tasks.core_tasks import core_tasks, upkeep_channels
from keyaccount.program.tasks.status import TaskStatus
from keyaccount.program.tasks.task_status import task_status
from keyaccount.program.tasks.team_tasks import TeamTasks
from keyaccount.program.tasks.upkeep import upkeep
from keyaccount.program.tasks.upkept import Upkeep

__all__ = [
    "TaskStatus",
    "TeamTasks",
    "Upkeep",
    "core_tasks",
    "task_status",
    "upkeep",
    "upkeep_channels",
]
