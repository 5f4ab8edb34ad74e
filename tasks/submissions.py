"""报送开立: opens the reports and claims that are due, and shows which."""

import asyncio
from collections.abc import Sequence
from typing import Any

from prefect import task
from prefect.artifacts import acreate_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from tasks.desk import EffectError, Opened, Wanted, desk
from tasks.wording import markdown, plain

PAGE_LIMIT = 20_000
CELL = 200
PAGE = "opened-submissions"


@task(
    name="open_submissions", task_run_name="开立报送件", cache_policy=NO_CACHE, persist_result=False
)
async def open_submissions(wanted: Wanted) -> State[Any]:
    """报送开立: opens what is due; the page lists what was opened and what could not be."""
    try:
        found = await asyncio.to_thread(desk().open_submissions, wanted)
    except EffectError as error:
        return Failed(message=str(error))
    new = [item for item in found if item.new]
    refused = [item for item in found if item.sentence]
    told = f"新开立{len(new)}件，早已开立{len(found) - len(new) - len(refused)}件"
    if refused:
        told += f"，未能开立{len(refused)}件"
    codes = tuple(dict.fromkeys(sentence for item in found for sentence in item.wanted))
    if codes:
        told += f"，{len(codes)}个机关签发之前须补登机关代字"
    await acreate_markdown_artifact(
        markdown(_page(told, new, refused, codes), PAGE_LIMIT), key=PAGE, description=told
    )
    return Completed(message=told + "。")


@task(name="show_claim", task_run_name="认定申请", cache_policy=NO_CACHE, persist_result=False)
async def show_claim(place: str, period: str, *, opens: bool) -> State[Any]:
    """认定申请: a page with what the claim asks for and what is missing; opens it where asked."""
    try:
        page = await asyncio.to_thread(desk().claim_page, place, period, opens=opens)
    except EffectError as error:
        return Failed(message=str(error))
    await acreate_markdown_artifact(page.data, key=page.key, description=page.title)
    return Completed(message=page.title)


def _page(
    told: str, new: Sequence[Opened], refused: Sequence[Opened], wanted: Sequence[str]
) -> str:
    lines = [f"## {told}", ""]
    if new:
        lines += ["| 编号 | 报送件 |", "|---|---|"]
        lines += [f"| {item.number} | {_cell(item.title)} |" for item in new]
    if refused:
        lines += ["", "### 未能开立", "", "| 报送件 | 缘由 |", "|---|---|"]
        lines += [f"| {_cell(item.title)} | {_cell(item.sentence)} |" for item in refused]
    if wanted:
        lines += ["", "### 签发之前须补", "", *(f"- {_cell(sentence)}" for sentence in wanted)]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return plain(text, CELL).replace("|", "、")
