"""提醒与告知: puts a reminder, an overdue notice or a message before the people it is for."""

from collections.abc import Mapping
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from rulebooks.procedure.position import Effect
from tasks.carrying import RUN_NAME, carry_out
from tasks.desk import desk


@task(name="remind", task_run_name=RUN_NAME, cache_policy=NO_CACHE, persist_result=False)
async def remind(number: str, effect: Effect) -> State[Any]:
    """提醒: delivers what `effect` says; whom it reaches is the records' knowledge."""

    async def act() -> Mapping[str, str]:
        return desk().deliver(number, effect)

    return await carry_out(number, effect, act)
