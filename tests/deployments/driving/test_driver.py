"""The driver ticks whatever happens to Prefect, rests where nothing moves, and stops in order."""

import asyncio
import json
import os
import signal
import threading
from pathlib import Path
from time import monotonic

import pytest
from prefect.client.orchestration import PrefectClient
from prefect.settings import PREFECT_API_URL, temporary_settings

from deployments.driving.driver import Driver, Pace, run
from tests.deployments.conftest import Bench, bench_with
from tests.deployments.fake_desk import FakeDesk

QUICK = Pace(poll=0.02, tick=0.05, reconcile=60.0, rest=0.1)


def _until(happened: object, seconds: float = 20) -> None:
    """Wait for something callable to become true."""
    assert callable(happened)
    until = monotonic() + seconds
    while not happened():
        assert monotonic() < until, "it did not happen in time"
        threading.Event().wait(0.02)


def _driver(tmp_path: Path) -> tuple[Driver, list[int]]:
    ticks: list[int] = []
    driver = bench_with(FakeDesk(tmp_path), tmp_path).driver
    driver.pace = QUICK
    driver.tick = lambda: ticks.append(1)
    return driver, ticks


def test_time_goes_on_while_prefect_is_away(tmp_path: Path) -> None:
    driver, ticks = _driver(tmp_path)
    stop = threading.Event()

    def drive() -> None:
        with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:1/api"}):
            asyncio.run(driver.drive(stop))

    thread = threading.Thread(target=drive)
    thread.start()
    try:
        _until(lambda: len(ticks) > 3)
        beat = json.loads(driver.heartbeat.read_text(encoding="utf-8"))
        assert (beat["pid"], beat["by"]) == (os.getpid(), "driver")
    finally:
        stop.set()
        thread.join()
    assert not driver.heartbeat.exists(), "a driver that has stopped leaves no heartbeat"


def test_a_case_that_does_not_get_on_is_woken_ever_more_rarely(tmp_path: Path) -> None:
    desk = FakeDesk(tmp_path)
    desk.opens("ZJG-2026-0001")
    driver = bench_with(desk, tmp_path).driver
    case = desk.read("ZJG-2026-0001")
    assert driver._rested(case)
    assert not driver._rested(case)
    first = driver._rests[case.number]
    first.until = 0.0
    assert driver._rested(case)
    assert driver._rests[case.number].until - monotonic() > driver.pace.rest
    desk.drive_to(case.number, 1)
    assert driver._rested(desk.read(case.number)), "a case that got on is woken at once"


@pytest.mark.prefect
def test_a_signal_stops_the_driver_after_the_case_it_carries(bench: Bench) -> None:
    bench.desk.opens(bench.number)
    bench.driver.pace = QUICK
    before = signal.getsignal(signal.SIGTERM)

    def when_driven() -> None:
        _until(lambda: bench.desk.of(bench.number)["receipts"] == 1)
        os.kill(os.getpid(), signal.SIGTERM)

    ender = threading.Thread(target=when_driven)
    ender.start()
    run(bench.driver)
    ender.join()
    assert signal.getsignal(signal.SIGTERM) == before

    async def story(client: PrefectClient) -> None:
        assert (await bench.run_of(client)).state_name == "待居民议事会商议"

    bench.tell(story)
