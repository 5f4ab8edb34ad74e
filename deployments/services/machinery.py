"""占用的进程: counts the processes of a place, so that nobody need believe that waiting is free."""

import os
from pathlib import Path

from deployments.places import Place
from deployments.services import server

NAMES = ("server", "worker", "driver")
PROCESSES = Path("/proc")


def waiting_processes(chosen: Place) -> int:
    """等待占用的进程数: processes of this place beyond the server, the worker and the driver.

    Measured, not assumed: every process whose environment names this place's Prefect folder or
    records, whoever started it, and every child of those three. While cases only wait it is zero.
    """
    standing = {pid for name in NAMES if (pid := server.process(chosen.prefect, name))}
    found = {pid for pid in _running() if _belongs(pid, chosen)}
    return len((found | _children(standing)) - standing - _own_line())


def _running() -> set[int]:
    if not PROCESSES.is_dir():
        return set()
    return {int(path.name) for path in PROCESSES.iterdir() if path.name.isdecimal()}


def _belongs(pid: int, chosen: Place) -> bool:
    marks = (
        f"PREFECT_HOME={chosen.prefect.absolute()}".encode(),
        f"MINSHENG_HEARTBEAT={chosen.heartbeat.absolute()}".encode(),
    )
    try:
        told = (PROCESSES / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        # Ended meanwhile, or another user's.
        return False
    return any(mark in told for mark in marks)


def _children(parents: set[int]) -> set[int]:
    """All processes below `parents`."""
    above = {pid: _parent(pid) for pid in _running()}
    found: set[int] = set()
    while more := {pid for pid, parent in above.items() if parent in parents | found} - found:
        found |= more
    return found


def _parent(pid: int) -> int:
    try:
        stat = (PROCESSES / str(pid) / "stat").read_text(encoding="utf-8")
    except OSError:
        return 0
    # The name before may hold spaces and brackets; after its last bracket come state and parent.
    return int(stat.rpartition(")")[2].split()[1])


def _own_line() -> set[int]:
    """This command and whatever called it: typed by a person, not held by a case."""
    line, pid = set(), os.getpid()
    while pid:
        line.add(pid)
        pid = _parent(pid)
    return line
