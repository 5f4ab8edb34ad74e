"""Prefect 运行: the one module that leans on how Prefect works inside.

Checked against the pinned version by `tests/deployments/test_prefect_contract.py`; read that
first when the pin moves. Three things here are not promised by Prefect: a run may be created
directly in state PAUSED, it may go from there to RUNNING without a worker, and a run whose local
copy names no deployment is carried without a thread and a websocket of its own.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
    TaskRunFilter,
    TaskRunFilterState,
    TaskRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType, TaskRun
from prefect.client.schemas.sorting import FlowRunSort
from prefect.context import AsyncClientContext, SyncClientContext
from prefect.exceptions import Abort, ObjectNotFound, Pause
from prefect.flow_engine import run_flow_async
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.waiting import badge, waiting_state
from tasks.desk import Case
from tasks.wording import plain

LIVE = (
    StateType.PAUSED,
    StateType.RUNNING,
    StateType.PENDING,
    StateType.SCHEDULED,
    StateType.CANCELLING,
)
RESTLESS = LIVE[1:]
PAGE = 200
TITLE_LIMIT = 30
TAG_LIMIT = 40


@asynccontextmanager
async def connect() -> AsyncIterator[PrefectClient]:
    """A connection to Prefect that every run carried inside it shares.

    The engine also asks one thing through a synchronous client; without one to share it would
    open, and leave open, a connection for every run. Its heartbeats, a thread and an event for
    every run, are off: who carries a case is told by the lease in the records.
    """
    with (
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
        SyncClientContext.get_or_create(),
    ):
        async with AsyncClientContext.get_or_create() as context:
            yield context.client


def run_name(case: Case) -> str:
    """运行名: number and title, such as 「XX-2026-0001 塘市花苑货车停放点」."""
    return f"{case.number} {plain(case.title, TITLE_LIMIT)}"


def tags(case: Case) -> list[str]:
    """标签: city, town, community and stage, each short and none twice."""
    words = (case.city, case.town, case.community, case.stage)
    return sorted({plain(word, TAG_LIMIT) for word in words if word})


def usable(run: FlowRun, deployment: UUID) -> bool:
    """Whether `run` can still be woken: not ended, and not orphaned by a deleted deployment."""
    alive = run.state is not None and run.state.type in LIVE
    return alive and run.deployment_id == deployment


async def find(client: PrefectClient, case: Case, deployment: UUID) -> FlowRun | None:
    """The case's run, or None when it is gone, has ended, or has lost its deployment."""
    if case.flow_run_id is None:
        return None
    try:
        run = await client.read_flow_run(UUID(case.flow_run_id))
    except ObjectNotFound:
        return None
    return run if usable(run, deployment) else None


async def create(client: PrefectClient, case: Case, deployment: UUID) -> tuple[int, FlowRun]:
    """新建运行: a sleeping run for `case`; its generation and the run.

    A key that was used returns the old run, even one that has ended: the next generation follows.
    """
    generation = max(case.generation, 1)
    while True:
        run = await client.create_flow_run_from_deployment(
            deployment,
            parameters={"number": case.number, "generation": generation},
            state=waiting_state(badge(case), case.fault or ""),
            name=run_name(case),
            tags=tags(case),
            idempotency_key=f"{case.number}-{generation}",
        )
        if usable(run, deployment):
            return generation, run
        generation += 1


async def retag(client: PrefectClient, case: Case, run: FlowRun) -> None:
    """Let the run's tags follow the stage."""
    if sorted(run.tags) != tags(case):
        await client.update_flow_run(run.id, tags=tags(case))


async def wake(run: FlowRun, flow: Flow[..., Any]) -> None:
    """唤醒: carry `run` in this process until it sleeps again or the case is closed."""
    local = run.model_copy(update={"deployment_id": None})
    try:
        await run_flow_async(flow, local, parameters=dict(run.parameters), return_type="state")
    except (Abort, Pause):
        return


async def hand_over(client: PrefectClient, run: FlowRun) -> None:
    """交工作池: let the work pool's next worker carry `run`, unless one already does."""
    if run.state is not None and run.state.is_paused():
        await client.resume_flow_run(run.id)


async def force(client: PrefectClient, run: UUID, state: State[Any]) -> None:
    """Set a run's state past Prefect's own rules."""
    await client.set_flow_run_state(run, state, force=True)


async def living(client: PrefectClient, deployment: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Those of `ids` (at most one page) whose runs can still be woken."""
    wanted = _runs(deployment, LIVE, FlowRunFilterId(any_=list(ids)))
    if await client.count_flow_runs(flow_run_filter=wanted) == len(ids):
        return set(ids)
    return {run.id for run in await client.read_flow_runs(flow_run_filter=wanted, limit=PAGE)}


async def count_living(client: PrefectClient, deployment: UUID) -> int:
    """How many runs of the deployment have not ended."""
    return await client.count_flow_runs(flow_run_filter=_runs(deployment, LIVE))


async def all_living(client: PrefectClient, deployment: UUID) -> list[FlowRun]:
    """Every run of the deployment that has not ended."""
    found: list[FlowRun] = []
    while page := await client.read_flow_runs(
        flow_run_filter=_runs(deployment, LIVE),
        sort=FlowRunSort.ID_DESC,
        limit=PAGE,
        offset=len(found),
    ):
        found += page
    return found


async def restless(client: PrefectClient, deployment: UUID) -> list[FlowRun]:
    """Runs that neither sleep nor have ended: being carried, or lost on the way."""
    return await client.read_flow_runs(flow_run_filter=_runs(deployment, RESTLESS), limit=PAGE)


async def unfinished_tasks(client: PrefectClient, deployment: UUID) -> list[TaskRun]:
    """Task rows of the deployment's runs that never reached an end."""
    types = TaskRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING])
    return await client.read_task_runs(
        task_run_filter=TaskRunFilter(state=TaskRunFilterState(type=types)),
        deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment])),
        limit=PAGE,
    )


def _runs(
    deployment: UUID, types: Collection[StateType], ids: FlowRunFilterId | None = None
) -> FlowRunFilter:
    return FlowRunFilter(
        id=ids,
        deployment_id=FlowRunFilterDeploymentId(any_=[deployment]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(types))),
    )
