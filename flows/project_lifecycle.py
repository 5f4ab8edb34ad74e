"""项目全流程: one run per project, from suggestion to archive."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.waiting import carry


@flow(name="project_lifecycle", persist_result=False, log_prints=False)
async def run_project(number: str, generation: int) -> State[Any]:
    """项目全流程: carries project `number` until the records say that it is closed.

    Args:
        number: the case number, such as XX-2026-0001.
        generation: which of the case's runs this is; a run that was replaced only leaves.
    """
    return await carry(number, generation)
