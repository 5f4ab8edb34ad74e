"""报送开立: opens the reports and claims that are due, and shows which."""

import asyncio
from collections.abc import Sequence
from typing import Any

from prefect import task
from prefect.artifacts import acreate_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed

from tasks.desk import Opened, desk
from tasks.wording import markdown, plain

PAGE_LIMIT = 20_000
CELL = 200
PAGE = "opened-submissions"


@task(
    name="open_submissions", task_run_name="开立报送件", cache_policy=NO_CACHE, persist_result=False
)
async def open_submissions(
    every: str | None, period: str | None, city: str | None, place: str | None
) -> State[Any]:
    """报送开立: opens what is due; the page lists what was opened and what could not be.

    Args:
        every: only what recurs so often: month or quarter; None for everything.
        period: only this period, such as 2026-10 or 2026-Q3.
        city: only this city.
        place: only this organisation.
    """
    found = await asyncio.to_thread(desk().open_submissions, every, period, city, place)
    new = [item for item in found if item.new]
    refused = [item for item in found if item.sentence]
    told = f"新开立{len(new)}件，早已开立{len(found) - len(new) - len(refused)}件"
    if refused:
        told += f"，未能开立{len(refused)}件"
    await acreate_markdown_artifact(
        markdown(_page(told, new, refused), PAGE_LIMIT), key=PAGE, description=told
    )
    return Completed(message=told + "。")


def _page(told: str, new: Sequence[Opened], refused: Sequence[Opened]) -> str:
    lines = [f"## {told}", ""]
    if new:
        lines += ["| 编号 | 报送件 |", "|---|---|"]
        lines += [f"| {item.number} | {_cell(item.title)} |" for item in new]
    if refused:
        lines += ["", "### 未能开立", "", "| 报送件 | 缘由 |", "|---|---|"]
        lines += [f"| {_cell(item.title)} | {_cell(item.sentence)} |" for item in refused]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return plain(text, CELL).replace("|", "、")
