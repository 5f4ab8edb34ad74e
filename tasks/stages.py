"""环节开启: the one task by which every stage appears in the run's graph."""

from collections.abc import Mapping
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from rulebooks.procedure.position import Effect
from tasks.carrying import RUN_NAME, carry_out


@task(name="open_stage", task_run_name=RUN_NAME, cache_policy=NO_CACHE, persist_result=False)
async def open_stage(number: str, effect: Effect) -> State[Any]:
    """环节开启: shows that a stage of case `number` was opened, once per stage and round.

    The duty itself was projected when the event was recorded; opening it moves nothing.
    """

    async def act() -> Mapping[str, str]:
        return {"stage": str(effect.stage), "round": str(effect.round)}

    return await carry_out(number, effect, act)
