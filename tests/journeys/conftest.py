"""A journey for each test that asks for one; the session's Prefect server is shared."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.world import Journey, setting_out


@pytest.fixture
def journey(prefect_home: Path, tmp_path: Path) -> Iterator[Journey]:
    """A journey that has not begun: no case, and the clock on its first morning."""
    assert prefect_home.exists()
    with setting_out(tmp_path) as journey:
        yield journey
