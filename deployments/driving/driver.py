"""驱动程序: lets time pass, wakes the cases that are due, and keeps Prefect's runs in order.

It decides nothing: `tick` appends the time events that have come, the records say which cases are
due, and each due case's run is carried here (default) or handed to the work pool. People's
answers need none of this; while Prefect is away, ticking goes on and the cases stay due.
"""

import asyncio
import json
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

import anyio
import httpx
from prefect.client.orchestration import PrefectClient

from deployments.driving import prefect_runs
from deployments.driving.reconciling import deployments, give_run, reconcile
from deployments.driving.registration import register
from flows.kinds import WAITING
from tasks.desk import Case, Desk

BATCH = 50
LONGEST_REST = 300.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """节奏: seconds between rounds, and how many cases are carried at once.

    One at a time on SQLite: with four, Prefect's server answers 503.
    """

    poll: float = 0.5
    tick: float = 5.0
    reconcile: float = 60.0
    rest: float = 5.0
    at_once: int = 1


@dataclass(slots=True)
class _Rest:
    """A case that was just woken; it is left alone until then, longer each time in vain."""

    driven_to: int
    times: int
    until: float


@dataclass(slots=True)
class Driver:
    """驱动程序: what it works with, and what it must not forget between two rounds.

    `tick` appends the time events that are due; `real_now` is the machine's clock, also in a
    demonstration, for Prefect knows only real time; `heartbeat` is the file by which others see
    that the driver lives; with `by="pool"` stock workers carry the runs.
    """

    desk: Desk
    tick: Callable[[], object]
    real_now: Callable[[], datetime]
    heartbeat: Path
    by: Literal["driver", "pool"] = "driver"
    pace: Pace = Pace()
    _known: dict[str, UUID] = field(init=False, default_factory=dict)
    _rests: dict[str, _Rest] = field(init=False, default_factory=dict)
    _next: dict[str, float] = field(init=False, default_factory=dict)
    _woken: int = field(init=False, default=0)

    async def drive(self, stop: threading.Event) -> None:
        """驱动: go round until `stop` is set; the case being carried is finished first."""
        async with anyio.create_task_group() as group:
            group.start_soon(self._keep_time, stop)
            group.start_soon(self._keep_runs, stop)
        self.heartbeat.unlink(missing_ok=True)

    async def round(self, client: PrefectClient, stop: threading.Event) -> int:
        """One round: reconcile when it is time, wake what is due; the number woken."""
        if self._is_time("reconcile", self.pace.reconcile):
            self._known = await deployments(client)
            findings = await reconcile(client, self.desk, self._known, self.real_now())
            log.info("对账：%s", findings)
            if findings.more:
                self._next.pop("reconcile")
        return await self._wake_due(client, stop)

    async def _keep_time(self, stop: threading.Event) -> None:
        """Time events and the heartbeat: a loop of its own, which never waits for Prefect."""
        while not stop.is_set():
            if self._is_time("tick", self.pace.tick):
                try:
                    self.tick()
                except Exception:
                    log.exception("时间事件没有记入台账，稍后再试。")
                self._beat()
            await anyio.sleep(self.pace.poll)

    async def _keep_runs(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                async with prefect_runs.connect() as client:
                    await register(client)
                    await self._rounds(client, stop)
            except Exception as error:
                log.warning("Prefect 暂时用不上（%s），稍后再试；台账照常受理。", _innermost(error))
                self._next.pop("reconcile", None)
                await anyio.sleep(self.pace.rest)

    async def _rounds(self, client: PrefectClient, stop: threading.Event) -> None:
        while not stop.is_set():
            if not await self.round(client, stop):
                await anyio.sleep(self.pace.poll)

    def _is_time(self, what: str, every: float) -> bool:
        if time.monotonic() < self._next.get(what, 0.0):
            return False
        self._next[what] = time.monotonic() + every
        return True

    def _beat(self) -> None:
        beat = {"pid": os.getpid(), "by": self.by, "woken": self._woken, "at": str(self.real_now())}
        self.heartbeat.parent.mkdir(parents=True, exist_ok=True)
        draft = self.heartbeat.with_name(f".{self.heartbeat.name}")
        draft.write_text(json.dumps(beat), encoding="utf-8")
        draft.replace(self.heartbeat)

    async def _wake_due(self, client: PrefectClient, stop: threading.Event) -> int:
        self._forget_rests()
        due = [case for case in self.desk.due(BATCH) if self._rested(case)]
        limit = anyio.CapacityLimiter(self.pace.at_once)
        async with anyio.create_task_group() as group:
            for case in due:
                group.start_soon(self._wake, client, case, limit, stop)
        self._woken += len(due)
        return len(due)

    def _forget_rests(self) -> None:
        long_ago = time.monotonic() - LONGEST_REST
        self._rests = {n: rest for n, rest in self._rests.items() if rest.until > long_ago}

    def _rested(self, case: Case) -> bool:
        """Whether `case` may be woken now; one that does not get on is woken ever more rarely."""
        moment = time.monotonic()
        last = self._rests.get(case.number)
        if last and last.until > moment and last.driven_to == case.driven_to:
            return False
        again = last.times + 1 if last and last.driven_to == case.driven_to else 0
        rest = min(self.pace.rest * 2**again, LONGEST_REST)
        self._rests[case.number] = _Rest(case.driven_to, again, moment + rest)
        return True

    async def _wake(
        self,
        client: PrefectClient,
        case: Case,
        limit: anyio.CapacityLimiter,
        stop: threading.Event,
    ) -> None:
        async with limit:
            if stop.is_set():
                return
            try:
                await self._carry(client, case)
            except httpx.TransportError:
                raise
            except Exception:
                log.exception("%s：没有唤醒，稍后再试", case.number)

    async def _carry(self, client: PrefectClient, case: Case) -> None:
        deployment = self._known[case.kind]
        run = await prefect_runs.find(client, case, deployment)
        if run is None:
            case, run = await give_run(client, self.desk, case, deployment)
        if self.by == "pool":
            await prefect_runs.retag(client, case, run)
            await prefect_runs.hand_over(client, run)
            return
        await prefect_runs.wake(run, WAITING[case.kind])
        # Afterwards: whoever acts while the run is carried is followed by the same wake.
        await prefect_runs.retag(client, self.desk.read(case.number), run)


def _innermost(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return type(error).__name__


def run(driver: Driver) -> None:
    """运行驱动程序: until SIGTERM or SIGINT; the case being carried is finished first.

    The rounds go in a second thread: in the main thread Prefect takes the signals for itself and
    would leave the run it is carrying as crashed.
    """
    stop = threading.Event()
    signals = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in signals}
    settings = copy_context()
    rounds = threading.Thread(target=lambda: settings.run(asyncio.run, driver.drive(stop)))
    try:
        rounds.start()
        rounds.join()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
