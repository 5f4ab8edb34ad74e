"""对账: makes Prefect's runs agree with the records again, whatever was done to them there.

Cancelled, failed, deleted, resumed, lost with the whole database: the records say which cases are
open, and each open case gets a run that sleeps under its badge. Nothing here changes a case.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.states import Cancelled, Completed, Crashed

from deployments.driving import prefect_runs
from deployments.driving.registration import find_deployment, register
from flows.kinds import WAITING
from flows.waiting import SUPERSEDED, badge, waiting_state
from tasks.desk import Case, Desk
from tasks.show import show

# Longer than a worker needs to take up a run and start its process.
PATIENCE = timedelta(seconds=120)
# A run that is carried holds a lease from its first moment on.
RUNNING_PATIENCE = timedelta(seconds=40)
TASK_PATIENCE = timedelta(minutes=10)
CREATED_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Findings:
    """对账结果: how many runs were created, put back to sleep or ended, and task rows closed.

    `more` says that runs are still missing: one pass creates a limited number, so that time
    events and due cases need not wait when thousands are to be created again.
    """

    created: int = 0
    settled: int = 0
    ended: int = 0
    tasks: int = 0
    more: bool = False


async def deployments(client: PrefectClient) -> dict[str, UUID]:
    """The deployment of each kind of case, registered again where one is missing."""
    known = await _known(client)
    if len(known) < len(WAITING):
        await register(client)
        known = await _known(client)
    return known


async def reconcile(
    client: PrefectClient, desk: Desk, known: dict[str, UUID], now: datetime
) -> Findings:
    """对账一遍: one pass over all open cases; costs one small query per 200 of them.

    Args:
        client: the connection to Prefect.
        desk: the records.
        known: what `deployments` returned.
        now: the present moment, with a time zone.
    """
    created, settled, ended = 0, 0, 0
    for kind, deployment in known.items():
        matched, new = await _complete(client, desk, kind, deployment)
        created += new
        if new >= CREATED_AT_ONCE:
            return Findings(created, settled, ended, more=True)
        settled += await _settle(client, desk, deployment, now)
        if await prefect_runs.count_living(client, deployment) > matched:
            ended += await _end_strays(client, desk, deployment)
    tasks = [await _close_tasks(client, deployment, now) for deployment in known.values()]
    return Findings(created, settled, ended, sum(tasks))


async def give_run(
    client: PrefectClient, desk: Desk, case: Case, deployment: UUID
) -> tuple[Case, FlowRun]:
    """Create a run for `case`, remember it, and show the case's page beside it."""
    generation, run = await prefect_runs.create(client, case, deployment)
    desk.remember_run(case.number, generation, str(run.id))
    await show(client, case, run.id)
    return desk.read(case.number), run


async def _known(client: PrefectClient) -> dict[str, UUID]:
    found = {kind: await find_deployment(client, flow.name) for kind, flow in WAITING.items()}
    return {kind: deployment for kind, deployment in found.items() if deployment is not None}


def _pages(desk: Desk, kind: str) -> Iterator[list[Case]]:
    after = ""
    while page := desk.open_cases(after, prefect_runs.PAGE):
        after = page[-1].number
        yield [case for case in page if case.kind == kind]


async def _complete(
    client: PrefectClient, desk: Desk, kind: str, deployment: UUID
) -> tuple[int, int]:
    """Give a run to every open case without one; the number of open cases and of new runs."""
    total, created = 0, 0
    for page in _pages(desk, kind):
        ids = [UUID(case.flow_run_id) for case in page if case.flow_run_id]
        living = await prefect_runs.living(client, deployment, ids) if ids else set()
        for case in page:
            if case.flow_run_id is None or UUID(case.flow_run_id) not in living:
                await give_run(client, desk, case, deployment)
                created += 1
            if created >= CREATED_AT_ONCE:
                return total, created
        total += len(page)
    return total, created


async def _settle(client: PrefectClient, desk: Desk, deployment: UUID, now: datetime) -> int:
    """Put runs that nobody carries back to sleep; the driver wakes the ones that are due."""
    settled = 0
    for run in await prefect_runs.restless(client, deployment):
        case = _case_of(desk, run)
        if case and not desk.leased(case.number) and _abandoned(run, now):
            await prefect_runs.force(client, run.id, _resting_state(case))
            settled += 1
    return settled


async def _end_strays(client: PrefectClient, desk: Desk, deployment: UUID) -> int:
    """End runs that belong to no open case, or that were replaced."""
    ended = 0
    for run in await prefect_runs.all_living(client, deployment):
        case = _case_of(desk, run)
        if case is None:
            await prefect_runs.force(client, run.id, Cancelled(name=SUPERSEDED))
            ended += 1
        elif not case.open and case.driven_to >= case.head and not desk.leased(case.number):
            await prefect_runs.force(client, run.id, _resting_state(case))
            ended += 1
    return ended


async def _close_tasks(client: PrefectClient, deployment: UUID, now: datetime) -> int:
    closed = 0
    for row in await prefect_runs.unfinished_tasks(client, deployment):
        if row.state and row.state.timestamp < now - TASK_PATIENCE:
            state: State[None] = Crashed(message="执行中断；所欠事项由后来的运行接着办理。")
            await client.set_task_run_state(row.id, state, force=True)
            closed += 1
    return closed


def _case_of(desk: Desk, run: FlowRun) -> Case | None:
    """The case whose run this is; None when the records name another run or no such case."""
    try:
        case = desk.read(str(run.parameters.get("number", "")))
    except KeyError:
        return None
    return case if case.flow_run_id == str(run.id) else None


def _abandoned(run: FlowRun, now: datetime) -> bool:
    if run.state is None:
        return False
    running = run.state.type in (StateType.RUNNING, StateType.CANCELLING)
    return run.state.timestamp < now - (RUNNING_PATIENCE if running else PATIENCE)


def _resting_state(case: Case) -> State[None]:
    if case.open or case.driven_to < case.head:
        return waiting_state(badge(case), case.fault or "")
    return Completed(name=badge(case))
