"""What every test may ask for, and what none may touch: the user's home and running services."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.postgres import Server, running_server
from tests.sharing import COMPANIONS, Sharing, company

# Prefect and our settings read these when imported, so they are set before any test module is.
PASSING_FOLDER = Path(tempfile.mkdtemp(prefix="minsheng-tests-"))
atexit.register(shutil.rmtree, PASSING_FOLDER, ignore_errors=True)
for name in [name for name in os.environ if name.startswith(("MINSHENG_", "PREFECT_"))]:
    del os.environ[name]
os.environ |= {
    "MINSHENG_HOME": str(PASSING_FOLDER / "minsheng"),
    "PREFECT_HOME": str(PASSING_FOLDER / "prefect"),
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}

# What is only tested need not survive a power cut: in memory no commit waits for the disk.
MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder in it that only its user enters
ENOUGH = 2 * 1024**3
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

# Two cores shared by several workers make single examples slow without anything being wrong.
hypothesis.settings.register_profile("steady", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "steady")


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Several workers share the tests so that nothing costly is made twice."""
    return Sharing(config, log) if config.getoption("dist") == "loadgroup" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of several workers' tests, those with a costly companion are handed out first."""
    if not hasattr(config, "workerinput"):
        return
    order = list(COMPANIONS)
    for item in items:
        marked = [name for name in order if item.get_closest_marker(name)]
        if marked and company(item.nodeid) not in marked:
            raise pytest.UsageError(f"Tell tests/sharing.py where {item.nodeid} is.")
    items.sort(key=lambda item: [name != company(item.nodeid) for name in order])


def pytest_unconfigure() -> None:
    """Leaves nothing behind outside the clone; a worker ends without its exit handlers."""
    shutil.rmtree(PASSING_FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL, started by the first test that asks and stopped after the last."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres_server: Server) -> str:
    """The URL of a database that only this session's worker uses, empty at the start."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    return postgres_server.create(f"minsheng_{worker}")


@pytest.fixture(scope="session")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a running Prefect server; every client of this session talks to it."""
    # Prefect takes seconds to import, and most tests need none of it.
    from prefect.settings import (  # noqa: PLC0415
        PREFECT_API_URL,
        PREFECT_LOGGING_TO_API_ENABLED,
        temporary_settings,
    )

    from deployments.services import server  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("prefect")
    url = server.start(folder)
    try:
        with temporary_settings({PREFECT_API_URL: url, PREFECT_LOGGING_TO_API_ENABLED: False}):
            yield folder
    finally:
        server.stop(folder)
