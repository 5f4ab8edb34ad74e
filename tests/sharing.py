"""Which tests share a worker: what is costly to make is then made once, not once per worker.

The groups of pytest-xdist are not used: where pytest has structured node ids, it loses them.
"""

import re
from collections.abc import Mapping
from typing import Any

from xdist.scheduler import LoadScopeScheduling

# Tests with a costly companion stay together over all files; the longest company begins first.
COMPANIONS: Mapping[str, re.Pattern[str]] = {
    "prefect": re.compile(
        r"tests/(journeys|deployments/(driving/test_driver|services/test_server|test_prefect_))"
    ),
    "browser": re.compile(r"tests/browser/"),
    "postgres": re.compile(r"[\[-]postgres[\]-]|_on_postgresql_|tests/architecture/test_postgres"),
}


def company(nodeid: str) -> str:
    """The companion of a test, or else its file, whose own fixtures are then made once."""
    found = (name for name, where in COMPANIONS.items() if where.search(nodeid))
    return next(found, nodeid.partition("::")[0])


class Sharing(LoadScopeScheduling):  # type: ignore[misc]
    """Hands each company to one worker as a whole, in the order the tests were collected."""

    def __init__(self, config: Any, log: Any) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return company(nodeid)
