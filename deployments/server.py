"""本地 Prefect 服务: the laptop's own Prefect server and worker, as child processes.

Both keep everything under one folder of the project (never the user's own Prefect folder), listen
on loopback only, and are found again by the files `server.json` and `worker.json`. Nothing here
imports Prefect: its settings are read when it is first imported, so `adopt` must come before.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.request import urlopen

LOOPBACK = "127.0.0.1"
HTTP_OK = 200
START_SECONDS = 90.0
STOP_SECONDS = 15.0

# Measured: with the defaults one decision costs the server twice the work, and the loop that
# looks for expired pauses reads every waiting run every five seconds.
TUNED = {
    "PREFECT_SERVER_DATABASE_SQLALCHEMY_POOL_SIZE": "20",
    "PREFECT_SERVER_DATABASE_SQLALCHEMY_MAX_OVERFLOW": "0",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TRIGGERS_READ_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_LOOP_SECONDS": "600",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}


class ServerError(RuntimeError):
    """本地 Prefect 服务未能启动或停止; the sentence says what to do next."""


@dataclass(frozen=True, slots=True)
class Process:
    """子进程: a child that was started here; `born` guards against a reused process number."""

    pid: int
    born: str
    url: str


# A child must be waited for by the process that started it, or it stays a zombie.
_children: dict[int, subprocess.Popen[bytes]] = {}


def environment(folder: Path, url: str) -> dict[str, str]:
    """The settings by which a process uses the local server at `url` and no other folder."""
    home = folder.absolute()
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
        "PREFECT_API_URL": url,
        "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }


def adopt(folder: Path, url: str) -> None:
    """Point this process at the local server; call it before anything imports Prefect."""
    os.environ.update(environment(folder, url))


def start(folder: Path, port: int | None = None) -> str:
    """启动本地服务: start the server unless it runs, wait until it answers, return its API address.

    Args:
        folder: where Prefect keeps its database and logs, such as `.minsheng/prefect`.
        port: the port to listen on; a free one when left out.

    Raises:
        ServerError: the server did not answer in time.
    """
    known = _alive(folder, "server")
    if known and _healthy(known.url):
        return known.url
    chosen = port or _free_port()
    url = f"http://{LOOPBACK}:{chosen}/api"
    # The browser asks the address the server names, not the one the page came from.
    settings = TUNED | {"PREFECT_SERVER_UI_API_URL": url}
    command = ["server", "start", "--host", LOOPBACK, "--port", str(chosen)]
    pid = _launch(folder, "server", url, command, settings)
    _wait_until_healthy(folder, url, pid)
    return url


def start_worker(folder: Path, pool: str, limit: int, extra: Mapping[str, str]) -> None:
    """启动本地工作进程: start one stock process worker on `pool`, at most `limit` runs at once.

    Args:
        folder: the folder given to `start`.
        pool: the work pool's name.
        limit: how many flow runs it may carry at the same time.
        extra: environment for the worker and its flow runs, such as where the records are.

    Raises:
        ServerError: the local server does not run.
    """
    if _alive(folder, "worker"):
        return
    server = _alive(folder, "server")
    if server is None:
        raise ServerError("本地 Prefect 服务没有运行，请先启动服务，再启动工作进程。")
    command = ["worker", "start", "--type", "process", "--pool", pool, "--limit", str(limit)]
    _launch(folder, "worker", server.url, command, dict(extra))


def stop(folder: Path) -> None:
    """停止本地服务: end the worker first, then the server; nothing happens when neither runs.

    A worker that is still polling when the server goes lingers for minutes.
    """
    for name in ("worker", "server"):
        _end(folder, name)


def stop_worker(folder: Path) -> None:
    """停止本地工作进程: the runs it carries end with it and are taken up again by the driver."""
    _end(folder, "worker")


def address(folder: Path) -> str | None:
    """The API address of the running local server, or None when it does not run."""
    known = _alive(folder, "server")
    return known.url if known else None


def _launch(folder: Path, name: str, url: str, command: list[str], extra: dict[str, str]) -> int:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / f"{name}.log").open("ab") as log:
        child = subprocess.Popen(  # noqa: S603 - this interpreter, a fixed module, our own words
            [sys.executable, "-m", "prefect", *command],
            env=os.environ | environment(folder, url) | extra,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _children[child.pid] = child
    process = Process(child.pid, _born(child.pid), url)
    _note(folder, name).write_text(json.dumps(asdict(process)), encoding="utf-8")
    return child.pid


def _wait_until_healthy(folder: Path, url: str, pid: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and not _healthy(url) and not _gone(pid, 0.3):
        continue
    if not _healthy(url):
        _end(folder, "server")
        raise ServerError(
            f"本地 Prefect 服务没有在{START_SECONDS:.0f}秒内答复，"
            f"请查看 {folder / 'server.log'} 的最后几行。"
        )


def _healthy(url: str) -> bool:
    try:
        with urlopen(f"{url}/health", timeout=2) as answer:  # noqa: S310 - our own loopback address
            return bool(answer.status == HTTP_OK)
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _note(folder: Path, name: str) -> Path:
    return folder / f"{name}.json"


def _born(pid: int) -> str:
    """When the process started, in the kernel's own count; empty where /proc does not exist."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def _alive(folder: Path, name: str) -> Process | None:
    try:
        process = Process(**json.loads(_note(folder, name).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return process if not _gone(process.pid, 0) and _born(process.pid) == process.born else None


def _gone(pid: int, seconds: float) -> bool:
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


def _end(folder: Path, name: str) -> None:
    process = _alive(folder, name)
    if process is not None:
        os.kill(process.pid, signal.SIGTERM)
        _gone(process.pid, STOP_SECONDS)
        # The group holds the flow runs a worker started; each was started in its own session.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        _gone(process.pid, STOP_SECONDS)
        _children.pop(process.pid, None)
    _note(folder, name).unlink(missing_ok=True)
