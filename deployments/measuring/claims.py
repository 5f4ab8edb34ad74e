"""认定申请的速度: one town's claim over ten thousand and a hundred thousand projects.

First the query and the computation alone; then, over the largest number, what a person waits for:
the claim built and recorded, and later recognised, when most projects were recognised before.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from deployments.measuring.figures import Figure
from deployments.measuring.history import PLACE, case_of
from deployments.measuring.world import CITY, TOWN, settings, settle
from records.acting.acts import act
from records.acting.overview import state_of
from records.cases.commands import Command, Refused
from records.database.claim_tables import RECOGNIZED, claim_lines
from records.database.milestone_tables import milestones
from records.database.store import Store, open_store
from records.database.tables import cases
from records.migrate import migrate
from records.money.claims import Asked, claim
from records.people.organisations import Organisation, add_organisation
from records.reporting.submissions import Submission, open_submission
from rulebooks.days.working_days import BEIJING
from rulebooks.judging.claims import Claim
from rulebooks.judging.recognition import CLAIM, RECOGNIZE
from rulebooks.procedure import milestones as kinds
from rulebooks.reading.loader import load_rulebook

SIZES = (10_000, 100_000)
DUTY, QUARTER = "quarterly_claim", "2026-Q3"
LAST = date(2026, 9, 30)
CUT_OFF = datetime(2026, 10, 1, tzinfo=BEIJING)
DONE = (kinds.AUDITED, kinds.PAID, kinds.MEASURED, kinds.PUBLISHED, kinds.ARCHIVED)
AMOUNTS = frozenset({kinds.AUDITED, kinds.PAID})
# Small enough that the shares of all who ask are within the year's envelope.
AUDITED, BATCH = 90_000, 5_000
# Every tenth project has not been surveyed.
LACKING = 10
# Of those that are ready so many in a hundred were recognised in earlier years.
BEFORE, HUNDRED, YEAR = 78, 100, 365
VOTE = {"members": 9, "present": 9, "agree": 9, "resolution": "测量", "opinion": ""}
# What is measured, the stage, the action, what is filled in; the steps between are not measured.
STEPS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("认定申请：编制并记入", "build", CLAIM, {}),
    ("", "sign", "approve", {"opinion": "相符"}),
    ("", "review", "approve", {"opinion": "相符"}),
    ("认定申请：认定并记账", "recognise", RECOGNIZE, VOTE),
)


def measure_claims(
    name: str, url: str, folder: Path, runs: int, sizes: Sequence[int] = SIZES
) -> list[Figure]:
    """Seconds of one town's claim: nine of ten projects are ready, one lacks its survey."""
    store = open_store(settings(url, folder))
    migrate(store)
    with store.write() as connection:
        settle(connection)
        add_organisation(connection, Organisation(PLACE, PLACE, "community", TOWN))
    found: list[Figure] = []
    known = 0
    for size in sizes:
        _fill(store, range(known, size))
        known = size
        took = tuple(_seconds(store, size) for _ in range(runs))
        found.append(Figure("认定申请", f"{name}，一镇{size:,}个项目", "秒", took))
    found.extend(_recorded(store, name, known))
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


def _recorded(store: Store, name: str, size: int) -> list[Figure]:
    """Seconds until a claim is recorded, and until it is recognised; all and the processor's."""
    asking = _recognised_before(store, size)
    opened = open_submission(store, Submission(CITY, TOWN, DUTY, QUARTER))
    if isinstance(opened, Refused):
        raise TypeError(opened.sentence)
    where = f"{name}，一镇{size:,}个项目，其中{asking:,}个申请"
    found: list[Figure] = []
    for what, stage, action, content in STEPS:
        began, worked = time.perf_counter(), time.process_time()
        _submit(store, opened.case, stage, action, content)
        taken, work = time.perf_counter() - began, time.process_time() - worked
        if what:
            found.append(Figure(what, where, "秒", (taken,)))
            found.append(Figure(f"{what}（本进程占用处理器）", where, "秒", (work,)))
    with store.glance() as connection:
        given = select(func.count()).where(claim_lines.c.claim == opened.case)
        recognised = connection.execute(given.where(claim_lines.c.recognised_fen > 0)).scalar_one()
    if recognised != asking:
        raise ValueError("认定的项目数与所备的不符，请核对测量材料。")
    return found


def _submit(store: Store, number: str, stage: str, action: str, content: dict[str, Any]) -> None:
    role = state_of(store, number).rulebook.stages[stage].by.role
    key = f"{number}/{stage}"
    answer = act(store, Command(number, action, stage, None, content, role, None, "demo", key))
    if isinstance(answer, Refused):
        raise TypeError(answer.sentence)


def _recognised_before(store: Store, size: int) -> int:
    """Marks most projects that are ready as recognised a year ago; returns how many still ask."""
    ready = [number for number in range(size) if number % LACKING]
    before = ready[: len(ready) * BEFORE // HUNDRED]
    rows = [_line(number) for number in before]
    with store.write() as connection:
        for start in range(0, len(rows), BATCH):
            connection.execute(insert(claim_lines), rows[start : start + BATCH])
    return len(ready) - len(before)


def _line(number: int) -> dict[str, Any]:
    moment = datetime.combine(LAST - timedelta(days=YEAR), datetime.min.time(), BEIJING)
    share = AUDITED // 2
    return {
        "claim": f"{PLACE}-{0:07d}",
        "sequence": 1,
        "project": f"{PLACE}-{number:07d}",
        "city": CITY,
        "town": TOWN,
        "fund": load_rulebook(CITY).duties[DUTY].fund,
        "year": moment.year,
        "base_fen": AUDITED,
        "city_fen": share,
        "town_fen": AUDITED - share,
        "reverses": None,
        "status": RECOGNIZED,
        "recognised_fen": share,
        "reason": "",
        "recorded_at": moment,
        "settled_at": moment,
    }


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
