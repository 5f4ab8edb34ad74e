"""演示报送: when the projects are done, the month, the quarter and the half-year are reported.

The scheduled flows are started by hand, as an administrator would start them in Prefect with a
period: the demonstration's days are not Prefect's. Everything after that is people's work.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun

from deployments.demonstration.run import Demonstration, StuckError
from deployments.driving.registration import find_deployment
from records.acting.ticks import tick
from records.database import clock

MONTHS_A_QUARTER = 3
PATIENCE = 180.0
POLL = 0.5

Firing = tuple[str, str]


def firings(today: date) -> tuple[Firing, ...]:
    """开立哪些: which scheduled flow for which period, on the first day of a quarter."""
    last = today - timedelta(days=1)
    quarter = (last.month - 1) // MONTHS_A_QUARTER + 1
    half = 1 if quarter <= MONTHS_A_QUARTER - 1 else 2
    return (
        ("monthly_reports", f"{last.year}-{last.month:02d}"),
        ("quarterly_claims", f"{last.year}-Q{quarter}"),
        ("dated_submissions", f"{last.year}-H{half}"),
        ("dated_submissions", f"{last.year}"),
    )


def report(show: Demonstration) -> Iterator[tuple[date, int, int]]:
    """报送: goes on to the next quarter's first day, opens what is due, lets people work it off.

    Raises:
        StuckError: a scheduled flow did not end well, or the driver did not follow.
    """
    begin_quarter(show)
    asyncio.run(_fire(firings(show.today)))
    yield from show.days()


def begin_quarter(show: Demonstration) -> None:
    """Let the days pass until a quarter begins."""
    first = _next_quarter(show.today)
    with show.store.write() as connection:
        clock.advance(connection, show.morning(first), show.store.machine.now())
    tick(show.store)


def _next_quarter(day: date) -> date:
    following = ((day.month - 1) // MONTHS_A_QUARTER + 1) * MONTHS_A_QUARTER
    return date(day.year + following // 12, following % 12 + 1, 1)


async def _fire(wanted: Sequence[Firing]) -> None:
    async with get_client() as client:
        runs = [await _started(client, name, period) for name, period in wanted]
        until = time.monotonic() + PATIENCE
        for run in runs:
            await _ended(client, run, until)


async def _started(client: PrefectClient, name: str, period: str) -> FlowRun:
    deployment = await find_deployment(client, name)
    if deployment is None:
        raise StuckError(f"Prefect 里没有登记“{name}”，请查看 driver.log。")
    return await client.create_flow_run_from_deployment(
        deployment, parameters={"period": period}, name=f"{name} {period}"
    )


async def _ended(client: PrefectClient, run: FlowRun, until: float) -> None:
    while time.monotonic() < until:
        state = (await client.read_flow_run(run.id)).state
        if state is not None and state.is_final():
            if state.is_completed():
                return
            raise StuckError(f"“{run.name}”没有办成：{state.message}，请在 Prefect 里查看。")
        await asyncio.sleep(POLL)
    raise StuckError(f"“{run.name}”{PATIENCE:.0f}秒没有办完，请查看 worker.log。")
