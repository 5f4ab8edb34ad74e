"""What every test may ask for, and what none may touch: the user's home and running services."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.postgres import Server, running_server

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

# Tests with a costly companion share one worker each, so that it is started once, not twice.
COMPANIONS = ("prefect", "browser", "postgres")

# Two cores shared by several workers make single examples slow without anything being wrong.
hypothesis.settings.register_profile("steady", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "steady")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps the tests of one companion on one worker."""
    for item in items:
        companion = next((name for name in COMPANIONS if item.get_closest_marker(name)), None)
        if companion is not None:
            item.add_marker(pytest.mark.xdist_group(companion))


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

    from deployments import server  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("prefect")
    url = server.start(folder)
    try:
        with temporary_settings({PREFECT_API_URL: url, PREFECT_LOGGING_TO_API_ENABLED: False}):
            yield folder
    finally:
        server.stop(folder)
