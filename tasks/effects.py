"""机器欠办的种类: which task carries out which kind of effect; each kind has exactly one."""

from typing import Any

from prefect import Task

from tasks.issue import issue
from tasks.remind import remind
from tasks.stages import open_stage

TASKS: dict[str, Task[..., Any]] = {
    "open_stage": open_stage,
    "issue": issue,
    "remind": remind,
    "message": remind,
}
