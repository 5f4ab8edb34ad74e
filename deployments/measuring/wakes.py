"""推进的速度: wake-ups carried through a real Prefect server, and what waiting costs."""

import os
import time
from pathlib import Path
from threading import Event

from deployments.measuring.figures import Figure
from deployments.measuring.world import build, steps
from deployments.services import server
from records.acting.acts import act
from records.acting.overview import behind, open_numbers
from records.cases.commands import Accepted, Command
from records.database.store import Store

TICKS = os.sysconf("SC_CLK_TCK")
IDLE_SECONDS = 30.0
HUNDRED = 100
POLL = 0.02


def measure_wakes(folder: Path, waiting: int, runs: int) -> list[Figure]:
    """Wake-ups per second with `waiting` projects suspended, then the idle load in per cent."""
    url = f"sqlite:///{folder / 'records.sqlite'}"
    store = build(url, folder, waiting)
    prefect = folder / "prefect"
    environment = {
        "MINSHENG_RECORDS_URL": url,
        "MINSHENG_FILES": str(folder / "files"),
        "MINSHENG_DIGEST_KEY": "measuring only",
        "MINSHENG_DESK": "tasks.office:open_desk",
        "MINSHENG_HEARTBEAT": str(folder / "driver.beat"),
    }
    server.start(prefect)
    try:
        server.start_driver(prefect, environment)
        _until_followed(store)
        rates = _rates(store, waiting, runs)
        idle = _idle(prefect)
    finally:
        server.stop(prefect)
    conditions = f"SQLite，{waiting:,}件等待，真实的 Prefect 服务"
    return [
        Figure("推进", conditions, "件/秒", tuple(rates)),
        Figure("空闲，服务与驱动进程合计", conditions, "单核百分比", (idle,)),
    ]


def _rates(store: Store, waiting: int, runs: int) -> list[float]:
    numbers = open_numbers(store)
    forms = steps(store, numbers[0])
    rates = []
    for turn in range(min(runs, len(forms))):
        action, person, content = forms[turn]
        began = time.perf_counter()
        for number in numbers:
            key = f"{number}/run{turn}"
            command = Command(number, action, None, None, dict(content), person, None, "demo", key)
            outcome = act(store, command)
            if not isinstance(outcome, Accepted):
                raise TypeError(outcome.sentence)
        _until_followed(store)
        rates.append(waiting / (time.perf_counter() - began))
    return rates


def _until_followed(store: Store) -> None:
    rest = Event()
    while behind(store):
        rest.wait(POLL)


def _idle(prefect: Path) -> float:
    """Processor time of server and driver while nothing happens, as a share of one core."""
    pids = [server.process(prefect, name) for name in ("server", "driver")]
    before = sum(_ticks(pid) for pid in pids if pid)
    Event().wait(IDLE_SECONDS)
    after = sum(_ticks(pid) for pid in pids if pid)
    return (after - before) / TICKS / IDLE_SECONDS * HUNDRED


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
