"""报表的速度: a month's figures of a whole city, against a bare GROUP BY over the same rows."""

import resource
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import func, select

from deployments.measuring.figures import Figure
from deployments.measuring.history import fill
from deployments.measuring.world import CITY, settings
from records.database.milestone_tables import milestones
from records.database.store import Store, open_store
from records.migrate import migrate
from records.reporting.figures import Scope, figures, known, relevant
from records.reporting.gate import gate
from rulebooks.days.working_days import BEIJING
from rulebooks.policy.duties import Period
from schemas.measures import CELL

SIZES = (10_000, 100_000, 1_000_000)
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
AS_OF = datetime(2026, 11, 1, tzinfo=BEIJING)
THOUSAND = 1000
KILOBYTES = 1024


def measure_reports(
    name: str, url: str, folder: Path, runs: int, sizes: Sequence[int] = SIZES
) -> list[Figure]:
    """Milliseconds of a month's figures and of the bare sums, their ratio, and the memory."""
    store = open_store(settings(url, folder))
    migrate(store)
    found: list[Figure] = []
    for size in sizes:
        conditions = f"{name}，{fill(store, size):,}行统计行，一个月，全市"
        found.extend(_measured(store, conditions, runs))
    store.close()
    return found


def _measured(store: Store, conditions: str, runs: int) -> list[Figure]:
    ours, bare = [], []
    for _ in range(runs):
        bare.append(_seconds(lambda: _bare(store)) * THOUSAND)
        ours.append(_seconds(lambda: figures(store, CITY, OCTOBER, AS_OF)) * THOUSAND)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES
    # Projects without a journal fail the check one and all: what sound ones take is less.
    gate(store, CITY)
    checks = tuple(_seconds(lambda: gate(store, CITY)) for _ in range(runs))
    ratio = statistics.median(ours) / statistics.median(bare)
    return [
        Figure("报表", conditions, "毫秒", tuple(ours)),
        Figure("同样各行的 GROUP BY", conditions, "毫秒", tuple(bare)),
        Figure("报表与 GROUP BY 之比", conditions, "倍", (ratio,)),
        Figure("报表，进程最高内存", conditions, "MB", (most,)),
        Figure("报出前总检查，每个项目都不合", conditions, "秒", checks),
    ]


def _bare(store: Store) -> None:
    """What anybody would write who only wanted sums of the same rows."""
    scope, table = Scope(CITY, OCTOBER), milestones.c
    keys = [*(table[name] for name in CELL), table.milestone]
    query = (
        select(*keys, func.count(), func.sum(table.amount_fen), func.sum(table.count))
        .where(relevant(scope, AS_OF), known(AS_OF))
        .group_by(*keys)
    )
    with store.glance() as connection:
        connection.execute(query).all()


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
