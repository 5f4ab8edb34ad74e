"""本地 Prefect 服务: the laptop's own Prefect server, worker and driver, as child processes.

All keep everything under one folder of the project (never the user's own Prefect folder), listen
on loopback only, and are found again by files such as `server.json`. Nothing here
imports Prefect: its settings are read when it is first imported, so `adopt` must come before.
"""

import os
import signal
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.request import urlopen

from deployments.services.children import STOP_SECONDS, alive, end, gone, launch

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = "127.0.0.1"
HTTP_OK = 200
START_SECONDS = 90.0

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
    # Every run cancelled within a day is looked at each time.
    "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_LOOP_SECONDS": "600",
    # Three days. A decision leaves ten events; the story that counts is in the records.
    "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P3D",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}


class ServerError(RuntimeError):
    """本地 Prefect 服务未能启动或停止; the sentence says what to do next."""


def environment(folder: Path, url: str) -> dict[str, str]:
    """The settings by which a process uses the local server at `url` and no other folder."""
    home = folder.absolute()
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
        "PREFECT_API_URL": url,
        "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
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
    known = alive(folder, "server")
    if known:
        _wait_until_healthy(folder, known.url, known.pid)
        return known.url
    chosen = port or _free_port()
    url = f"http://{LOOPBACK}:{chosen}/api"
    # The browser asks the address the server names, not the one the page came from.
    settings = TUNED | {"PREFECT_SERVER_UI_API_URL": url}
    command = ["prefect", "server", "start", "--host", LOOPBACK, "--port", str(chosen)]
    pid = launch(folder, "server", url, command, environment(folder, url) | settings)
    _wait_until_healthy(folder, url, pid)
    return url


def start_worker(folder: Path, pool: str, extra: Mapping[str, str]) -> None:
    """启动本地工作进程: start one stock process worker on `pool`.

    Args:
        folder: the folder given to `start`.
        pool: the work pool's name.
        extra: environment for the worker and its flow runs, such as where the records are.

    Raises:
        ServerError: the local server does not run.
    """
    if alive(folder, "worker"):
        return
    server = alive(folder, "server")
    if server is None:
        raise ServerError("本地 Prefect 服务没有运行，请先启动服务，再启动工作进程。")
    command = ["prefect", "worker", "start", "--type", "process", "--pool", pool]
    settings = environment(folder, server.url) | _with_path(extra)
    launch(folder, "worker", server.url, command, settings)


def start_driver(folder: Path, extra: Mapping[str, str]) -> int:
    """启动驱动程序: start the driver unless it runs; its process number.

    Args:
        folder: the folder given to `start`.
        extra: environment for the driver, such as where the records are.

    Raises:
        ServerError: the local server does not run.
    """
    known = alive(folder, "driver")
    if known:
        return known.pid
    server = alive(folder, "server")
    if server is None:
        raise ServerError("本地 Prefect 服务没有运行，请先启动服务，再启动驱动程序。")
    settings = environment(folder, server.url) | _with_path(extra)
    return launch(folder, "driver", server.url, ["deployments.driving.drive"], settings)


def process(folder: Path, name: str) -> int | None:
    """The process number of the running server, worker or driver, or None."""
    known = alive(folder, name)
    return known.pid if known else None


def _with_path(extra: Mapping[str, str]) -> dict[str, str]:
    """Our packages are imported from here, also by the flow runs a worker starts."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"PYTHONPATH": os.pathsep.join(paths), **extra}


def stop(folder: Path) -> None:
    """停止本地服务: end driver and worker first, then the server; nothing happens when none runs.

    A worker that is still polling when the server goes lingers for minutes.
    """
    for name in ("driver", "worker", "server"):
        end(folder, name)


def kill_driver(folder: Path) -> None:
    """强行终止驱动程序: kill -9, without letting it tidy up; for demonstrations and drills."""
    known = alive(folder, "driver")
    if known is not None:
        os.kill(known.pid, signal.SIGKILL)
        gone(known.pid, STOP_SECONDS)


def stop_worker(folder: Path) -> None:
    """停止本地工作进程: the runs it carries end with it and are taken up again by the driver."""
    end(folder, "worker")


def address(folder: Path) -> str | None:
    """The API address of the running local server, or None when it does not run."""
    known = alive(folder, "server")
    return known.url if known else None


def _wait_until_healthy(folder: Path, url: str, pid: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and not _healthy(url) and not gone(pid, 0.3):
        continue
    if not _healthy(url):
        end(folder, "server")
        raise ServerError(
            f"本地 Prefect 服务没有启动成功，请查看 {folder / 'server.log'} 的最后几行。"
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
