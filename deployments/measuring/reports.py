"""报表的速度: a month's figures of a whole city, against a bare GROUP BY over the same rows."""

import statistics
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import func, select

from deployments.measuring.alone import alone, peak, seconds
from deployments.measuring.bulk import COUNTED, EVERYTHING, count, lay, multiply
from deployments.measuring.figures import Figure
from deployments.measuring.world import CITY, settings
from records.database.milestone_tables import milestones
from records.database.store import Store, open_store
from records.migrate import migrate
from records.reporting.figures import Scope, figures, known, relevant
from records.reporting.gate import gate
from rulebooks.days.working_days import BEIJING
from rulebooks.policy.duties import Period
from schemas.measures import CELL

# Projects; of the largest history only what a report reads is there.
LARGEST = 1_000_000
SIZES = (10_000, 100_000, LARGEST)
LAID = 2_000
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
MONTHS = 36
THOUSAND = 1000


def measure_reports(
    name: str, url: str, folder: Path, runs: int, sizes: Sequence[int] = SIZES
) -> list[Figure]:
    """Milliseconds of a month's figures and of the bare sums, their ratio, the memory, the check.

    The check before a report is measured where the journal, the money and the notices of the
    projects are there as well: at every size but the largest, which is counted once.
    """
    store = open_store(settings(url, folder))
    migrate(store)
    laid = min(LAID, sizes[0])
    lay(store, laid)
    found: list[Figure] = []
    copied = 1
    for size in sizes:
        whole = size < LARGEST
        multiply(store, range(copied, size // laid), EVERYTHING if whole else COUNTED)
        copied = size // laid
        conditions = f"{name}，{size:,}个项目，{count(store, (milestones,)):,}行统计行"
        found.extend(alone(_figures, url, folder, conditions, runs if whole else 1))
        if size == sizes[0]:
            found.extend(alone(_months, url, folder, conditions))
        if whole:
            every = f"{conditions}，各表共{count(store, EVERYTHING):,}行"
            found.extend(alone(_checks, url, folder, every, runs))
    store.close()
    return found


def _figures(url: str, folder: Path, conditions: str, runs: int) -> list[Figure]:
    """In a process that has done nothing else."""
    store = open_store(settings(url, folder))
    month = f"{conditions}，一个月，全市"
    ours, bare = [], []
    for _ in range(runs):
        ours.append(seconds(lambda: figures(store, CITY, OCTOBER, _end(OCTOBER))) * THOUSAND)
        bare.append(seconds(lambda: _bare(store, OCTOBER)) * THOUSAND)
    most = peak()
    store.close()
    ratio = statistics.median(ours) / statistics.median(bare)
    return [
        Figure("报表", month, "毫秒", tuple(ours)),
        Figure("同样各行的 GROUP BY", month, "毫秒", tuple(bare)),
        Figure("报表与 GROUP BY 之比", month, "倍", (ratio,)),
        Figure("报表，进程最高内存", month, "MB", (most,)),
    ]


def _months(url: str, folder: Path, conditions: str) -> list[Figure]:
    """Three years, each month a report of its own, as they would be counted again."""
    store = open_store(settings(url, folder))
    periods = tuple(_back(MONTHS))

    def all_ours() -> None:
        for period in periods:
            figures(store, CITY, period, _end(period))

    def all_bare() -> None:
        for period in periods:
            _bare(store, period)

    ours, bare = seconds(all_ours), seconds(all_bare)
    store.close()
    every = f"{conditions}，{MONTHS}个月，全市"
    return [
        Figure("报表", every, "秒", (ours,)),
        Figure("同样各行的 GROUP BY", every, "秒", (bare,)),
        Figure("报表与 GROUP BY 之比", every, "倍", (ours / bare,)),
    ]


def _checks(url: str, folder: Path, conditions: str, runs: int) -> list[Figure]:
    """The check before a report, on sound records; the first run also loads its library."""
    store = open_store(settings(url, folder))
    first = seconds(lambda: _check(store))
    took = tuple(seconds(lambda: _check(store)) for _ in range(runs))
    most = peak()
    store.close()
    return [
        Figure("报出前总检查", conditions, "秒", took),
        Figure("报出前总检查，连同装入", conditions, "秒", (first,)),
        Figure("报出前总检查，进程最高内存", conditions, "MB", (most,)),
    ]


def _check(store: Store) -> None:
    report = gate(store, CITY)
    if not report.passed:
        raise ValueError(f"测量材料不合：{report.sentences[0]}")


def _bare(store: Store, period: Period) -> None:
    """What anybody would write who only wanted sums of the same rows."""
    scope, as_of, table = Scope(CITY, period), _end(period), milestones.c
    keys = [*(table[name] for name in CELL), table.milestone]
    query = (
        select(*keys, func.count(), func.sum(table.amount_fen), func.sum(table.count))
        .where(relevant(scope, as_of), known(as_of))
        .group_by(*keys)
    )
    with store.glance() as connection:
        connection.execute(query).all()


def _end(period: Period) -> datetime:
    """The moment from which what becomes known is too late for the period."""
    return datetime.combine(period.last + timedelta(days=1), time(), BEIJING)


def _back(months: int) -> Iterator[Period]:
    """That many months, from the measured one backwards."""
    first = OCTOBER.first
    for _ in range(months):
        following = (first + timedelta(days=31)).replace(day=1)
        yield Period(first, following - timedelta(days=1))
        first = (first - timedelta(days=1)).replace(day=1)
