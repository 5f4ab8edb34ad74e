"""子进程: a child of ours, found again by a file with its number, and ended by that number only."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

STOP_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Process:
    """子进程: a child that was started here; `born` guards against a reused process number."""

    pid: int
    born: str
    url: str


# A child must be waited for by the process that started it, or it stays a zombie.
_children: dict[int, subprocess.Popen[bytes]] = {}


def launch(folder: Path, name: str, url: str, command: list[str], settings: dict[str, str]) -> int:
    """Start module `command` with this interpreter in a session of its own; its number."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / f"{name}.log").open("ab") as log:
        child = subprocess.Popen(  # noqa: S603 - this interpreter, a fixed module, our own words
            [sys.executable, "-m", *command],
            env=os.environ | settings,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _children[child.pid] = child
    process = Process(child.pid, _born(child.pid), url)
    _note(folder, name).write_text(json.dumps(asdict(process)), encoding="utf-8")
    return child.pid


def _note(folder: Path, name: str) -> Path:
    return folder / f"{name}.json"


def _born(pid: int) -> str:
    """When the process started, in the kernel's own count; empty where /proc does not exist."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def alive(folder: Path, name: str) -> Process | None:
    """The child called `name`, or None when it does not run."""
    try:
        process = Process(**json.loads(_note(folder, name).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return process if not gone(process.pid, 0) and _born(process.pid) == process.born else None


def gone(pid: int, seconds: float) -> bool:
    """Whether the process has ended, waiting up to `seconds` for it."""
    child = _children.get(pid)
    if child is not None:
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=seconds)
            return True
        return False
    until = time.monotonic() + seconds
    while (running := _exists(pid)) and time.monotonic() < until:
        threading.Event().wait(0.1)
    return not running


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def end(folder: Path, name: str) -> None:
    """End the child called `name`, first politely; nothing happens when it does not run."""
    process = alive(folder, name)
    if process is not None:
        os.kill(process.pid, signal.SIGTERM)
        gone(process.pid, STOP_SECONDS)
        # The group holds the flow runs a worker started; each was started in its own session.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        gone(process.pid, STOP_SECONDS)
        _children.pop(process.pid, None)
    _note(folder, name).unlink(missing_ok=True)
