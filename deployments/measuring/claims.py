"""认定申请的速度: one town's claim over ten thousand and a hundred thousand projects."""

import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from deployments.measuring.figures import Figure
from deployments.measuring.history import PLACE, case_of
from deployments.measuring.world import CITY, settings
from records.database.milestone_tables import milestones
from records.database.store import Store, open_store
from records.database.tables import cases
from records.migrate import migrate
from records.money.claims import Asked, claim
from records.people.organisations import Organisation, add_organisation
from rulebooks.days.working_days import BEIJING
from rulebooks.judging.claims import Claim
from rulebooks.procedure import milestones as kinds
from rulebooks.reading.loader import load_rulebook

SIZES = (10_000, 100_000)
TOWN, DUTY = "测量镇", "quarterly_claim"
LAST = date(2026, 9, 30)
CUT_OFF = datetime(2026, 10, 1, tzinfo=BEIJING)
DONE = (kinds.AUDITED, kinds.PAID, kinds.MEASURED, kinds.PUBLISHED, kinds.ARCHIVED)
AMOUNTS = frozenset({kinds.AUDITED, kinds.PAID})
AUDITED, BATCH = 4_600_000, 5_000
# Every tenth project has not been surveyed.
LACKING = 10


def measure_claims(
    name: str, url: str, folder: Path, runs: int, sizes: Sequence[int] = SIZES
) -> list[Figure]:
    """Seconds of one town's claim: nine of ten projects are ready, one lacks its survey."""
    store = open_store(settings(url, folder))
    migrate(store)
    with store.write() as connection:
        add_organisation(connection, Organisation(PLACE, PLACE, "community"))
    found: list[Figure] = []
    known = 0
    for size in sizes:
        _fill(store, range(known, size))
        known = size
        took = tuple(_seconds(store, size) for _ in range(runs))
        found.append(Figure("认定申请", f"{name}，一镇{size:,}个项目", "秒", took))
    store.close()
    return found


def _seconds(store: Store, size: int) -> float:
    book = load_rulebook(CITY, None, None, DUTY)
    asked = Asked(book, "", TOWN, CUT_OFF, CUT_OFF, LAST.year)
    began = time.perf_counter()
    with store.read() as connection:
        found = claim(connection, asked)
    taken = time.perf_counter() - began
    if not isinstance(found, Claim) or len(found.lacking) * LACKING != size:
        raise ValueError("测量的申请与所备的项目不符，请核对测量材料。")
    return taken


def _fill(store: Store, numbers: range) -> None:
    for start in range(numbers.start, numbers.stop, BATCH):
        lives = [list(_life(number)) for number in range(start, min(start + BATCH, numbers.stop))]
        with store.write() as connection:
            connection.execute(insert(cases), [case_of(life[0]) for life in lives])
            connection.execute(insert(milestones), [row for life in lives for row in life])


def _life(number: int) -> Iterator[dict[str, Any]]:
    day = LAST - timedelta(days=1)
    for sequence, name in enumerate((kinds.OPENED, *DONE), start=1):
        if name == kinds.MEASURED and number % LACKING == 0:
            continue
        yield {
            "case": f"{PLACE}-{number:07d}",
            "city": CITY,
            "town": TOWN,
            "community": f"第{number % LACKING + 1}社区",
            "kind": "works",
            "category": "environment",
            "milestone": name,
            "sequence": sequence,
            "origin": sequence,
            "occurred_on": day,
            "ended_on": None,
            "relevant_until": day,
            "recorded_at": datetime.combine(day, datetime.min.time(), BEIJING),
            "voided_at": None,
            "voided_by": None,
            "amount_fen": AUDITED if name in AMOUNTS else None,
            "count": None,
        }
