"""A bench to try a driver on, against the session's real Prefect server."""

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import monotonic, time
from uuid import UUID

import pytest
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun, TaskRun

from deployments.driving import prefect_runs
from deployments.driving.driver import Driver
from deployments.driving.reconciling import Findings, deployments, reconcile
from flows.kinds import WAITING
from tasks.desk import use
from tests.deployments.fake_desk import FakeDesk

Story = Callable[[PrefectClient], Awaitable[None]]
_numbers = count(1)


@dataclass
class Bench:
    """A desk, a driver and the server, with what the stories do again and again."""

    desk: FakeDesk
    driver: Driver
    number: str
    stop: threading.Event = field(default_factory=threading.Event)

    def tell(self, story: Story) -> None:
        """Play the story with a connection to the server."""

        async def with_connection() -> None:
            async with prefect_runs.connect() as client:
                await story(client)

        asyncio.run(with_connection())

    def another(self) -> str:
        """A number no other case has."""
        return f"ZJG-2026-{next(_numbers):04d}"

    async def goes_round(self, client: PrefectClient) -> int:
        return await self.driver.round(client, self.stop)

    async def reconciles(self, client: PrefectClient, later: int = 0) -> Findings:
        """Reconcile as if `later` seconds had passed."""
        now = datetime.fromtimestamp(time(), UTC) + timedelta(seconds=later)
        return await reconcile(client, self.desk, await deployments(client), now)

    async def run_of(self, client: PrefectClient, number: str | None = None) -> FlowRun:
        return await client.read_flow_run(self.run_id(number))

    def run_id(self, number: str | None = None) -> UUID:
        return UUID(self.desk.of(number or self.number)["flow_run_id"])

    async def wakes(self, client: PrefectClient, run: FlowRun) -> None:
        await prefect_runs.wake(run, WAITING["project"])

    async def rows(self, client: PrefectClient, expected: int) -> list[TaskRun]:
        """The run's task rows, which Prefect records a moment later."""
        own = FlowRunFilter(id=FlowRunFilterId(any_=[self.run_id()]))
        until = monotonic() + 10
        while monotonic() < until:
            rows = await client.read_task_runs(flow_run_filter=own)
            if len(rows) >= expected and all(row.state and row.state.is_final() for row in rows):
                break
            await asyncio.sleep(0.3)
        return sorted(rows, key=lambda row: str(row.start_time))


def shown(run: FlowRun) -> str:
    """The run's state as Prefect shows it: type and name."""
    return f"{run.state_type and run.state_type.value} {run.state_name}"


@pytest.fixture
def bench(prefect_home: Path, tmp_path: Path) -> Bench:
    """A bench with an empty desk."""
    desk = FakeDesk(tmp_path)
    use(desk)
    return bench_with(desk, tmp_path)


def bench_with(desk: FakeDesk, folder: Path) -> Bench:
    """A bench around the given desk."""
    assert os.environ["PREFECT_HOME"]
    driver = Driver(
        desk=desk,
        tick=lambda: None,
        real_now=lambda: datetime.fromtimestamp(time(), UTC),
        heartbeat=folder / "driver.json",
    )
    return Bench(desk, driver, f"ZJG-2026-{next(_numbers):04d}")
