"""统计行的测量材料: projects of three years of one city, as their milestones would be stored."""

import random
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from deployments.measuring.world import CITY
from records.cases.journal import GENESIS
from rulebooks.days.working_days import BEIJING
from rulebooks.procedure import milestones as kinds
from rulebooks.procedure.milestones import LASTING
from rulebooks.reading.loader import load_rulebook

TOWNS, COMMUNITIES, YEARS = 10, 20, 3
LAST = date(2026, 10, 31)
KINDS = ("works", "services")
CATEGORIES = ("environment", "culture_and_sports", "resident_care", "safety_hazards", "other")
PLACE = "measuring"
# What the numbers of the first lives begin with; their copies are numbered on from it.
PATTERN = "000"
# Days from one step to the next, at least and at most.
PACE: Mapping[str, tuple[int, int]] = {
    kinds.DETERMINED: (10, 40),
    kinds.STARTED: (10, 30),
    kinds.COMPLETED: (20, 150),
    kinds.AUDITED: (5, 30),
    kinds.PAID: (3, 20),
    kinds.PUBLISHED: (5, 10),
    kinds.CLOSED: (1, 30),
}
AMOUNTS = frozenset({kinds.DETERMINED, kinds.CONTRACTED, kinds.AUDITED, kinds.PAID})
SOLD, SURVEYED, GIVEN_UP = 5_000_000, 60, 0.1

Row = dict[str, Any]


def life(number: int) -> Iterator[Row]:
    """One project's milestones, those that were replaced included, as far as it has come."""
    chance = random.Random(number)  # noqa: S311 - nothing to guess, the same every time
    days = LAST - timedelta(days=chance.randrange(YEARS * 365))
    common = {
        "case": f"{PATTERN}-{number:05d}",
        "city": CITY,
        "town": f"第{number % TOWNS + 1}镇",
        "community": f"第{chance.randrange(COMMUNITIES) + 1}社区",
        "kind": chance.choice(KINDS),
        "category": chance.choice(CATEGORIES),
    }
    budget = chance.randrange(100_000, SOLD)
    reached = list(_steps(days, chance))
    closed = next((day for name, day in reached if name in (kinds.CLOSED, kinds.WITHDRAWN)), None)
    for sequence, (name, day) in enumerate(reached, start=1):
        row = _row(common, name, sequence, day, budget if name in AMOUNTS else None)
        if name not in LASTING or closed is None:
            yield row
            continue
        until = min(closed, LAST)
        known = _moment(until)
        yield row | {
            "relevant_until": until, "voided_at": known, "voided_by": len(reached)
        }  # fmt: skip
        again = {"sequence": len(reached), "origin": sequence, "recorded_at": known}
        yield row | again | {"ended_on": closed, "relevant_until": closed}


def _steps(opened: date, chance: random.Random) -> Iterator[tuple[str, date]]:
    day = opened
    yield kinds.OPENED, day
    for name, (least, most) in PACE.items():
        day += timedelta(days=chance.randint(least, most))
        if day > LAST:
            return
        if chance.random() < GIVEN_UP / len(PACE):
            yield kinds.WITHDRAWN, day
            return
        yield name, day
        if name == kinds.DETERMINED:
            yield kinds.ANNOUNCED, day
        if name == kinds.STARTED:
            yield kinds.CONTRACTED, day
        if name == kinds.AUDITED:
            yield kinds.SAMPLES, day
            yield kinds.SATISFIED, day
        yield kinds.ON_TIME, day


def _row(common: Mapping[str, Any], name: str, sequence: int, day: date, amount: int | None) -> Row:
    people = SURVEYED if name in (kinds.SAMPLES, kinds.SATISFIED) else None
    return {
        **common,
        "milestone": name,
        "sequence": sequence,
        "origin": sequence,
        "occurred_on": day,
        "ended_on": None,
        "relevant_until": date.max if name in LASTING else day,
        "recorded_at": _moment(day),
        "voided_at": None,
        "voided_by": None,
        "amount_fen": amount,
        "count": people,
    }


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(10), BEIJING)


def case_of(row: Row) -> Row:
    """The case to which a milestone belongs, as little of it as the database asks for."""
    moment = row["recorded_at"]
    return {
        "number": row["case"],
        "kind": "project",
        "title": "测量用项目",
        "city": row["city"],
        "town": row["town"],
        "community": row["community"],
        "place": PLACE,
        "rulebook": load_rulebook(CITY).version.id,
        "project_kind": row["kind"],
        "category": row["category"],
        "head": 0,
        "head_digest": GENESIS,
        "driven_to": 0,
        "anchored": 0,
        "status": "open",
        "waits_for": "",
        "duty_count": 0,
        "budget_fen": 0,
        "opened_at": moment,
        "generation": 0,
    }
