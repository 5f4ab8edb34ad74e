"""状态命令: `minsheng status` counts what is open and which processes really run."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event

from deployments.places import place
from deployments.services.children import end as end_child
from deployments.services.children import launch
from deployments.services.machinery import waiting_processes
from records.acting.acts import act
from records.database.store import Store
from tests.deployments.commands.conftest import Minsheng, let_pass
from tests.records.world import MONDAY, accepted, command, opened

TRIES = 200
SLEEPER = "import time; time.sleep(60)"


def test_an_idle_office_says_that_nothing_runs(minsheng: Minsheng) -> None:
    said = minsheng("status")
    assert said.code == 0
    assert "正式运行　2026年3月2日09:00" in said.out
    assert "在办0件，没有逾期；已办结0件" in said.out
    assert "占用0个进程" in said.out
    assert "没有运行，minsheng up 可启动" in said.out


def test_a_program_gets_the_counts_and_the_processes(minsheng: Minsheng, store: Store) -> None:
    number = opened(store)
    accepted(act(store, command(number, 0)))
    let_pass(store, MONDAY + timedelta(days=4))
    found = minsheng("status", "--json").json
    assert found["place"] == "office"
    assert (found["open"], found["closed"], found["overdue"], found["behind"]) == (1, 0, 1, 1)
    assert found["towns"] == {"杨舍镇": 1}
    assert found["waiting_processes"] == 0
    assert found["prefect"] == {"api": None, "interface": None, "pid": None, "worker": None}
    assert found["driver"] == {"pid": None}
    assert "在办1件，1件逾期" in minsheng("status").out


def test_a_running_driver_is_told_with_how_often_it_woke_cases(
    minsheng: Minsheng, home: Path
) -> None:
    chosen = place("office")
    chosen.heartbeat.write_text(json.dumps({"woken": 7}), encoding="utf-8")
    with standing(home, "driver"):
        found = minsheng("status", "--json").json
        assert found["driver"]["woken"] == 7
        assert found["driver"]["pid"] > 0
        assert "已唤醒7次" in minsheng("status").out
        assert waiting_processes(chosen) == 0


def test_a_process_below_the_worker_is_counted(home: Path) -> None:
    chosen = place("office")
    with standing(home, "worker", "import subprocess, sys; subprocess.run([sys.executable, '-c', "
                  f"{SLEEPER!r}])"):  # fmt: skip
        assert eventually(1, chosen.name)


def test_a_process_left_behind_is_counted_by_the_place_it_names(home: Path) -> None:
    chosen = place("office")
    chosen.prefect.mkdir(parents=True, exist_ok=True)
    named = {**os.environ, "PREFECT_HOME": str(chosen.prefect.absolute())}
    with subprocess.Popen([sys.executable, "-c", SLEEPER], env=named) as orphan:
        try:
            assert eventually(1, chosen.name)
            assert waiting_processes(place("demo")) == 0
        finally:
            orphan.kill()
    assert eventually(0, chosen.name)


@contextmanager
def standing(home: Path, name: str, program: str = SLEEPER) -> Iterator[int]:
    """A process of ours in the place of the server, the worker or the driver."""
    folder = home / "office" / "prefect"
    (home / "standing.py").write_text(program, encoding="utf-8")
    pid = launch(folder, name, "", ["standing"], {"PYTHONPATH": str(home)})
    try:
        yield pid
    finally:
        end_child(folder, name)


def eventually(count: int, name: str) -> bool:
    """Whether so many processes are counted, once they have started or ended."""
    rest = Event()
    for _ in range(TRIES):
        if waiting_processes(place(name)) == count:
            return True
        rest.wait(0.05)
    return False
