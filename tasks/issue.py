"""公文出具: makes the documents a stage owes and keeps them as files.

What makes a document is registered by its name, so that a new document is a template and a maker,
not a change here.
"""

import asyncio
import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext

from rulebooks.procedure.position import Effect
from tasks.carrying import RUN_NAME, carry_out
from tasks.desk import Case, EffectError, Page, desk
from tasks.pages import keep_page
from tasks.wording import markdown

GATE = "报出前总检查"
PAGE_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class Paper:
    """一份文件: a plain file name and the bytes."""

    name: str
    content: bytes


# Makes a case's document: the same files with the same bytes however often it is asked.
Maker = Callable[[Case, Effect], Sequence[Paper]]
_makers: dict[str, Maker] = {}


def register(document: str, maker: Maker) -> None:
    """Let `maker` make every document called `document` in the rulebooks."""
    _makers[document] = maker


def documents() -> frozenset[str]:
    """The documents that can be made."""
    return frozenset(_makers)


@task(name="issue", task_run_name=RUN_NAME, cache_policy=NO_CACHE, persist_result=False)
async def issue(number: str, effect: Effect) -> State[Any]:
    """公文出具: makes and keeps the document that `effect.content["document"]` names."""

    async def act() -> Mapping[str, str]:
        await _pass_gate(number)
        receipt = await asyncio.to_thread(_make, desk().read(number), effect)
        for page in await asyncio.to_thread(desk().charts, number, effect):
            await _keep(page)
        return receipt

    return await carry_out(number, effect, act)


async def _pass_gate(number: str) -> None:
    """报出前总检查: nothing is issued from records that do not agree; the page shows which rows.

    The page tells the latest check; what failed before also stands in the run of the task.
    """
    gate = await asyncio.to_thread(desk().gate, number)
    if gate is None:
        return
    await _keep(Page(f"{number.lower()}-gate", GATE, markdown(gate.page, PAGE_LIMIT)))
    if not gate.passed:
        raise EffectError(f"{GATE}不合，改正之前不能报出：{gate.sentence}")


async def _keep(page: Page) -> None:
    context = FlowRunContext.get()
    if context is not None and context.flow_run is not None:
        await keep_page(cast(PrefectClient, context.client), context.flow_run.id, page)


def _make(case: Case, effect: Effect) -> dict[str, str]:
    document = str(effect.content.get("document", ""))
    maker = _makers.get(document)
    if maker is None:
        raise EffectError(f"“{document}”没有登记制作方法，{effect.label}出具不了，请联系管理员。")
    folder = desk().papers() / case.number
    return {paper.name: keep(folder, paper) for paper in maker(case, effect)}


def keep(folder: Path, paper: Paper) -> str:
    """Write `paper` whole or not at all; return the digest of what stands in the folder.

    A file that is already there stays as it is: it was announced, and announced bytes never change.

    Raises:
        EffectError: the name is not a plain file name.
    """
    name = paper.name
    if not name or name != Path(name).name or name.startswith("."):
        raise EffectError(f"文件名“{name}”不是单纯的文件名，公文没有保存。")
    target = folder / name
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{name}.{os.getpid()}"
        with draft.open("wb") as file:
            file.write(paper.content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    return hashlib.sha256(target.read_bytes()).hexdigest()
