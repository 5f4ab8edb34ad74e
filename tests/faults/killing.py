"""Kills a process at a named point: before or after a statement, a commit or a renaming.

The programs know nothing of it: the points are the database driver's own, and the environment
variable MINSHENG_KILL_AT names one as `before INSERT events:1`, the last being which time.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import event

from records.database.settings import RecordsSettings
from records.database.store import Store, open_store
from tests.records.world import SteppedClock

KILL_AT = "MINSHENG_KILL_AT"
KILLED = -signal.SIGKILL
STATEMENT = re.compile(r"\s*(BEGIN|INSERT INTO|UPDATE|DELETE FROM|SELECT)\s*\"?(\w*)")
VERBS = {"INSERT INTO": "INSERT", "DELETE FROM": "DELETE"}

Work = Callable[[Store], None]


def killed_at(point: str, settings: RecordsSettings, clock: SteppedClock, work: Work) -> bool:
    """Runs `work` on a store of its own in a child that dies at `point`; whether it died."""
    child = start(point, settings, clock, work)
    child.join()
    assert child.exitcode in (0, KILLED), child.exitcode
    return child.exitcode == KILLED


def start(
    point: str, settings: RecordsSettings, clock: SteppedClock, work: Work
) -> multiprocessing.process.BaseProcess:
    """Starts the child; without a point it lives until `work` is done."""
    # Forked, so that it starts in milliseconds; the parent holds no connection meanwhile.
    context = multiprocessing.get_context("fork")
    child = context.Process(target=_run, args=(point, settings, clock, work))
    child.start()
    return child


def _run(point: str, settings: RecordsSettings, clock: SteppedClock, work: Work) -> None:
    os.environ[KILL_AT] = point
    store = open_store(settings, clock)
    arm(store)
    work(store)
    os._exit(0)


def arm(store: Store) -> None:
    """Lets this process die where the environment says."""
    name, _, which = os.environ.get(KILL_AT, "").rpartition(":")
    if not name:
        return
    times = count(1)

    def reach(point: str) -> None:
        if point == name and next(times) == int(which):
            os.kill(os.getpid(), signal.SIGKILL)

    _watch_statements(store, reach)
    _watch_commits(store, reach)
    _watch_renaming(reach)


def _watch_statements(store: Store, reach: Callable[[str], None]) -> None:
    def before(_c: Any, _k: Any, statement: str, _p: Any, _x: Any, _m: Any) -> None:
        reach(f"before {_label(statement)}")

    def after(_c: Any, _k: Any, statement: str, _p: Any, _x: Any, _m: Any) -> None:
        reach(f"after {_label(statement)}")

    event.listen(store.engine, "before_cursor_execute", before)
    event.listen(store.engine, "after_cursor_execute", after)


def _label(statement: str) -> str:
    found = STATEMENT.match(statement)
    if found is None:
        return statement
    verb, table = found.groups()
    return verb if verb in ("SELECT", "BEGIN") else f"{VERBS.get(verb, verb)} {table}"


def _watch_commits(store: Store, reach: Callable[[str], None]) -> None:
    commit = store.engine.dialect.do_commit

    def do_commit(connection: Any) -> None:
        reach("before COMMIT")
        commit(connection)
        reach("after COMMIT")

    store.engine.dialect.do_commit = do_commit  # type: ignore[assignment, method-assign]


def _watch_renaming(reach: Callable[[str], None]) -> None:
    rename = Path.replace

    def replace(self: Path, target: Any) -> Path:
        reach("before RENAME")
        moved = rename(self, target)
        reach("after RENAME")
        return moved

    Path.replace = replace  # type: ignore[assignment, method-assign]
