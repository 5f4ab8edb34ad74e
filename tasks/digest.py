"""每日摘要: one digest per day over the heads of all journals."""

from datetime import date
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed

from tasks.desk import desk


@task(
    name="take_digest",
    task_run_name="每日摘要 · {day}",
    cache_policy=NO_CACHE,
    persist_result=False,
)
async def take_digest(day: date) -> State[Any]:
    """每日摘要: takes and shows the digest for `day`; the records keep the first of a day."""
    return Completed(message=f"{day}：{desk().take_digest(day)}")
