"""Small histories of projects, drawn at random for the figures' tests, and a plain count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from deployments.measuring.history import case_of
from records.database.milestone_tables import milestones
from records.database.store import Store
from records.database.tables import cases
from rulebooks.days.working_days import BEIJING
from rulebooks.policy.duties import Period
from rulebooks.procedure import milestones as kinds
from rulebooks.procedure.milestones import LASTING
from tests.records.world import CITY

Row = dict[str, Any]
NEVER = datetime(9000, 1, 1, tzinfo=BEIJING)
FIRST = date(2025, 7, 1)
FUNNEL = (kinds.OPENED, kinds.DETERMINED, kinds.STARTED, kinds.COMPLETED)
# What happens with each step besides the step itself.
WITH: dict[str, tuple[str, ...]] = {
    kinds.DETERMINED: (kinds.OTHER_FUNDS, kinds.ON_TIME),
    kinds.STARTED: (kinds.CONTRACTED, kinds.LATE),
    kinds.AUDITED: (kinds.PAID, kinds.SAMPLES, kinds.SATISFIED),
}
AMOUNTS = {kinds.DETERMINED, kinds.OTHER_FUNDS, kinds.CONTRACTED, kinds.AUDITED, kinds.PAID}
PEOPLE = {kinds.SAMPLES: 40, kinds.SATISFIED: 35}


@dataclass(frozen=True, slots=True)
class Project:
    """A project: its cell, the days of its steps, how it ended, and when all that was recorded."""

    town: str
    community: str
    kind: str
    category: str
    opened_on: date
    gaps: tuple[int, ...]
    lags: tuple[int, ...]
    ends: str | None
    overdue: bool
    amount: int


projects = st.lists(
    st.builds(
        Project,
        town=st.sampled_from(["杨舍镇", "塘桥镇"]),
        community=st.sampled_from(["城西社区", "东莱社区"]),
        kind=st.sampled_from(["works", "services"]),
        category=st.sampled_from(["environment", "resident_care"]),
        opened_on=st.integers(0, 540).map(lambda days: FIRST + timedelta(days=days)),
        gaps=st.lists(st.integers(0, 90), max_size=4).map(tuple),
        lags=st.lists(st.integers(0, 50), min_size=8, max_size=8).map(tuple),
        ends=st.sampled_from([None, kinds.CLOSED, kinds.WITHDRAWN]),
        overdue=st.booleans(),
        amount=st.integers(1, 10_000_000),
    ),
    max_size=9,
)
months = st.integers(1, 12).map(lambda month: _month(2026, month))


def _month(year: int, month: int) -> Period:
    following = date(year + month // 12, month % 12 + 1, 1)
    return Period(date(year, month, 1), following - timedelta(days=1))


MONTHS = tuple(_month(2026, month) for month in range(1, 13))
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def cut_off(period: Period) -> datetime:
    """The end of the period's last day."""
    return datetime.combine(period.last + timedelta(days=1), time(), BEIJING)


def rows_of(drawn: Sequence[Project]) -> list[Row]:
    """The milestones of all, as the records would hold them in the end."""
    return [row for number, project in enumerate(drawn, 1) for row in _rows(number, project)]


def _rows(number: int, project: Project) -> Iterable[Row]:
    names = [*FUNNEL, kinds.AUDITED][: len(project.gaps) + 1]
    day, recorded = project.opened_on, _at(project.opened_on)
    steps: list[tuple[str, date, datetime]] = []
    for name, gap, lag in zip(names, (0, *project.gaps), project.lags, strict=False):
        day += timedelta(days=gap)
        recorded = max(recorded, _at(day) + timedelta(days=lag))
        steps.append((name, day, recorded))
    lasting = [*steps[: len(FUNNEL)]]
    if project.overdue:
        lasting.append((kinds.OVERDUE, day, recorded))
    rows = [
        _row(number, project, sequence, item)
        for sequence, step in enumerate(steps, 1)
        for item in (step, *((name, *step[1:]) for name in WITH.get(step[0], ())))
    ]
    if project.overdue:
        rows.append(_row(number, project, len(steps), lasting[-1]))
    if project.ends is not None:
        end = len(steps) + 1
        day += timedelta(days=project.lags[-1])
        recorded = max(recorded, _at(day) + timedelta(days=project.lags[-2]))
        rows = list(_ended(rows, end, day, recorded))
        last = (kinds.ARCHIVED, kinds.CLOSED) if project.ends == kinds.CLOSED else (project.ends,)
        rows += [_row(number, project, end, (name, day, recorded)) for name in last]
    return rows


def _ended(rows: list[Row], end: int, day: date, recorded: datetime) -> Iterable[Row]:
    """What lasts is replaced by a row that tells when it ended."""
    for row in rows:
        if row["milestone"] not in LASTING:
            yield row
            continue
        void = {"voided_at": recorded, "voided_by": end}
        yield row | void | {"relevant_until": recorded.date()}
        again = {"sequence": end, "recorded_at": recorded, "ended_on": day, "relevant_until": day}
        yield row | again


def _row(number: int, project: Project, sequence: int, item: tuple[str, date, datetime]) -> Row:
    name, day, recorded = item
    return {
        "case": f"X-{number:04d}",
        "sequence": sequence,
        "milestone": name,
        "origin": sequence,
        "occurred_on": day,
        "ended_on": None,
        "relevant_until": date.max if name in LASTING else day,
        "recorded_at": recorded,
        "voided_at": None,
        "voided_by": None,
        "city": CITY,
        "town": project.town,
        "community": project.community,
        "kind": project.kind,
        "category": project.category,
        "amount_fen": project.amount if name in AMOUNTS else None,
        "count": PEOPLE.get(name),
    }


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10), BEIJING)


def as_known(rows: Iterable[Row], moment: datetime) -> list[Row]:
    """What the table held at a moment: later rows not yet there, later voids not yet made."""
    found = []
    for row in rows:
        if row["recorded_at"] >= moment:
            continue
        if row["voided_at"] is not None and row["voided_at"] >= moment:
            until = date.max if row["milestone"] in LASTING else row["occurred_on"]
            row = row | {"voided_at": None, "voided_by": None, "relevant_until": until}  # noqa: PLW2901
        found.append(row)
    return found


def put(store: Store, rows: Sequence[Row]) -> None:
    """Makes these the only milestones there are."""
    with store.write() as connection:
        connection.execute(delete(milestones))
        known = set(connection.execute(select(cases.c.number)).scalars())
        wanted = {row["case"]: row for row in rows if row["case"] not in known}
        if wanted:
            found = [case_of(row) | {"place": "chengxi"} for row in wanted.values()]
            connection.execute(insert(cases), found)
        if rows:
            connection.execute(insert(milestones), list(rows))


def plainly(rows: Iterable[Row], period: Period, moment: datetime) -> dict[str, int]:
    """The city's figures, counted one by one."""
    known = as_known(rows, moment)
    alive = [row for row in known if row["voided_at"] is None]
    year = date(period.last.year, 1, 1)

    def these(name: str, since: date, until: date) -> list[Row]:
        return [
            row
            for row in alive
            if row["milestone"] == name and since <= row["occurred_on"] <= until
        ]

    def lasting(name: str, since: date) -> list[Row]:
        return [
            row
            for row in these(name, date.min, period.last)
            if row["ended_on"] is None or row["ended_on"] >= since
        ]

    before, after = period.first - timedelta(days=1), period.last + timedelta(days=1)
    in_period = (period.first, period.last)
    return {
        "opening": sum(row["occurred_on"] <= before for row in lasting(kinds.OPENED, in_period[0])),
        "new": len(these(kinds.OPENED, *in_period)),
        "done": len(these(kinds.CLOSED, *in_period)),
        "withdrawn": len(these(kinds.WITHDRAWN, *in_period)),
        "closing": len(lasting(kinds.OPENED, after)),
        "collected": len(lasting(kinds.OPENED, year)),
        "determined": len(lasting(kinds.DETERMINED, year)),
        "implementing": len(lasting(kinds.STARTED, year)),
        "completed": len(lasting(kinds.COMPLETED, year)),
        "determined_new": len(these(kinds.DETERMINED, *in_period)),
        "budget_fen": sum(row["amount_fen"] for row in lasting(kinds.DETERMINED, year)),
        "contract_fen": sum(row["amount_fen"] for row in lasting(kinds.CONTRACTED, year)),
        "other_fen": sum(row["amount_fen"] for row in lasting(kinds.OTHER_FUNDS, year)),
        "paid_fen": sum(r["amount_fen"] for r in these(kinds.PAID, year, period.last)),
        "paid_new_fen": sum(r["amount_fen"] for r in these(kinds.PAID, *in_period)),
        "overdue": len(lasting(kinds.OVERDUE, after)),
        "samples": sum(row["count"] for row in these(kinds.SAMPLES, *in_period)),
    }
