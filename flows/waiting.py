"""等待: the one body of every flow that waits on people for months.

A run reads its case, carries out what the machine owes, and suspends under the badge of what the
case waits for; nothing is held meanwhile. The records decide and the run follows: no decision is
read from Prefect, and whatever happens to a run, the next one starts from the records. The same
body runs in the driver and in a stock worker, and does not know which.
"""

import logging
import os
import socket
from typing import Any
from uuid import uuid4

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, State
from prefect.client.schemas.responses import SetStateStatus
from prefect.context import FlowRunContext
from prefect.exceptions import Pause
from prefect.states import Cancelled, Completed, Paused

from tasks.desk import Case, desk
from tasks.effects import TASKS
from tasks.show import show
from tasks.wording import plain

# Long enough for one effect, short enough that a killed process is followed within a minute.
LEASE_SECONDS = 30
BADGE_LIMIT = 32
MESSAGE_LIMIT = 300
FAULT_BADGE = "办理出错待重试"
SUPERSEDED = "已由新的运行接替"
log = logging.getLogger(__name__)


class Leave(Exception):  # noqa: N818 - not an error: another run holds the case
    """离开: another run carries this case; this one goes without touching anything."""


async def carry(number: str, generation: int) -> State[Any]:
    """办理一个事项: do what is owed, then wait; the state to end with when the case is closed.

    Raises:
        Pause: the case is still open; Prefect ends the process and keeps the run suspended.
    """
    client, flow_run = _surroundings()
    try:
        case = await _drive(number, generation)
        if case.generation != generation:
            return Cancelled(name=SUPERSEDED, message="本事项的运行以台账记录的为准。")
        await show(client, case, flow_run.id)
    except Leave:
        raise Pause(state=flow_run.state) from None
    except Exception as error:
        log.exception("%s：本次运行中断", number)
        sentence = f"{type(error).__name__}，详见运行日志。"
        raise await suspend(client, flow_run, FAULT_BADGE, sentence) from None
    if not case.open:
        return Completed(name=badge(case), message=plain(case.title, MESSAGE_LIMIT))
    raise await suspend(client, flow_run, badge(case), case.fault or "")


def badge(case: Case) -> str:
    """状态名: what the run's state is called in Prefect: the wait, the fault, or the outcome."""
    if not case.open:
        return plain(case.outcome or "已办结", BADGE_LIMIT)
    return FAULT_BADGE if case.fault else plain(case.waits_for, BADGE_LIMIT)


def waiting_state(name: str, message: str) -> State[Any]:
    """等待状态: PAUSED without end, under a key of its own, resumed by being scheduled again.

    A key that was used before is refused, and a timeout would end the run as failed.
    """
    return Paused(
        name=plain(name, BADGE_LIMIT),
        message=plain(message, MESSAGE_LIMIT),
        reschedule=True,
        pause_key=uuid4().hex,
    )


async def suspend(client: PrefectClient, flow_run: FlowRun, name: str, message: str) -> Pause:
    """挂起: put the run to sleep under `name`; return the sign to raise, by which it leaves."""
    proposed = waiting_state(name, message)
    answer = await client.set_flow_run_state(flow_run.id, proposed)
    # A run woken twice was put to sleep by its twin; the later badge is the better one.
    if answer.status == SetStateStatus.REJECT and answer.state and answer.state.is_paused():
        answer = await client.set_flow_run_state(flow_run.id, proposed, force=True)
    return Pause(state=answer.state or proposed)


async def _drive(number: str, generation: int) -> Case:
    """Take the lease, carry out what is owed, and return the case as it then stands."""
    records = desk()
    case = records.read(number)
    if case.generation != generation:
        return case
    holder = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex}"
    fencing = records.take_lease(number, holder, LEASE_SECONDS)
    if fencing is None:
        raise Leave
    try:
        await _settle(number, fencing)
    finally:
        # Before the suspension: whoever wakes the run next must find the case free.
        records.release_lease(number, fencing)
    return records.read(number)


async def _settle(number: str, fencing: int) -> None:
    records = desk()
    tried: set[str] = set()
    owed = records.owed(number)
    while todo := [effect for effect in owed.effects if effect.key not in tried]:
        for effect in todo:
            if not records.renew_lease(number, fencing, LEASE_SECONDS):
                raise Leave
            tried.add(effect.key)
            await TASKS[effect.kind](number, effect, return_state=True)
        owed = records.owed(number)
    records.drive_to(number, owed.head)


def _surroundings() -> tuple[PrefectClient, FlowRun]:
    context = FlowRunContext.get()
    if context is None or context.flow_run is None or not isinstance(context.client, PrefectClient):
        raise RuntimeError("本流程只能由 Prefect 运行，请用 minsheng 命令启动驱动程序。")
    return context.client, context.flow_run


class _NotAnError(logging.Filter):
    """Prefect logs every suspension as an error; a run that sleeps or leaves has not failed."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        ended = text.startswith("Finished in state ")
        return not (ended and ("type=PAUSED" in text or text.endswith(" Running()")))


logging.getLogger("prefect.flow_runs").addFilter(_NotAnError())
