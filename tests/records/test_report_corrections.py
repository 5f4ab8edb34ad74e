"""更正表: what became known of earlier reports too late is told once, place by place, with why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from notices.tables import Row
from records.acting.opening import open_case
from records.cases.commands import Opening
from records.database.store import Store
from records.reporting.reported import windows_before
from records.reporting.submissions import Submission, open_submission
from tasks.reporting.subject import Subject
from tests.records.test_reports import draft, subject_of
from tests.records.world import (
    CITY,
    FACTS,
    OTHER_COMMUNITY,
    TOWN,
    SteppedClock,
    accepted,
    live,
    opened,
)

ELSEWHERE = {"community": OTHER_COMMUNITY}


def filed(
    store: Store, period: str, duty: str = "monthly_report", office: str = "yangshe"
) -> Subject:
    number = accepted(open_submission(store, Submission(CITY, office, duty, period))).case
    return subject_of(store, number)


def suggested_late(store: Store, title: str, at: datetime, **facts: Any) -> str:
    """A project entered today as suggested at an earlier moment."""
    wanted = Opening(
        CITY,
        {**FACTS, **ELSEWHERE, "title": title, **facts},
        "community_clerk",
        "portal",
        title,
        occurred_at=at,
    )
    return accepted(open_case(store, wanted)).case


def corrections(subject: Subject) -> Sequence[Row]:
    tables = draft(subject).tables
    return next((table.rows for table in tables if "更正" in table.caption), ())


def told(subject: Subject, item: str) -> Sequence[Row]:
    return [row for row in corrections(subject) if row[2] == item]


def reported_in_march(store: Store, clock: SteppedClock) -> Subject:
    opened(store, title="东莱社区路灯修缮", **ELSEWHERE)
    clock.moment = clock.moment.replace(month=4, day=1)
    return filed(store, "2026-03")


def test_late_projects_of_one_place_make_one_line_with_what_was_sent_and_every_cause(
    store: Store, clock: SteppedClock
) -> None:
    march = reported_in_march(store, clock)
    table = draft(march).tables[0]
    sent = table.column("collected")[0]
    first = suggested_late(store, "凉亭修缮", clock.moment - timedelta(days=2))
    second = suggested_late(
        store,
        "老年课堂",
        clock.moment - timedelta(days=2),
        kind="services",
        category="resident_care",
    )
    clock.moment = clock.moment.replace(month=5)
    [row] = told(filed(store, "2026-04"), "2026年3月征集")
    assert row[1] == OTHER_COMMUNITY
    assert (row[3], row[4], row[5]) == (str(sent), "3", "+2")
    assert all(number in str(row[-1]) for number in (first, second))
    assert str(row[-1]).count("；") == 1


def test_a_late_fact_of_two_months_ago_is_told_once_in_the_next_report(
    store: Store, clock: SteppedClock
) -> None:
    reported_in_march(store, clock)
    march_20 = clock.moment.replace(month=3, day=20)
    clock.moment = clock.moment.replace(month=5, day=1)
    april = filed(store, "2026-04")
    clock.moment = clock.moment.replace(day=8)
    suggested_late(store, "凉亭修缮", march_20)
    clock.moment = clock.moment.replace(month=6, day=1)
    may = filed(store, "2026-05")
    clock.moment = clock.moment.replace(month=7)
    june = filed(store, "2026-06")
    assert corrections(april) == ()
    assert [(row[3], row[4]) for row in told(may, "2026年3月新收")] == [("1", "2")]
    assert [(row[3], row[4]) for row in told(may, "2026年4月期初在办")] == [("1", "2")]
    assert corrections(june) == ()


def test_the_bulletin_over_the_towns_tells_what_changed_since_the_last_one(
    store: Store, clock: SteppedClock
) -> None:
    opened(store, **ELSEWHERE)
    clock.moment = clock.moment.replace(month=4, day=1)
    filed(store, "2026-03", "monthly_bulletin", CITY)
    late = suggested_late(store, "凉亭修缮", clock.moment - timedelta(days=2))
    clock.moment = clock.moment.replace(month=5)
    [row] = told(filed(store, "2026-04", "monthly_bulletin", CITY), "2026年3月征集")
    assert (row[1], row[3], row[4]) == (TOWN, "1", "2")
    assert late in str(row[-1])


def test_a_month_reported_after_its_successor_is_corrected_by_the_next_report(
    store: Store, clock: SteppedClock
) -> None:
    opened(store)
    clock.moment = clock.moment.replace(month=5, day=1)
    filed(store, "2026-04")
    clock.forward(hours=1)
    filed(store, "2026-03")
    clock.moment = clock.moment.replace(month=6)
    may = filed(store, "2026-05")
    assert [
        (window.period.words, f"{window.since:%m-%d}")
        for window in windows_before(store, may.state.number)
    ] == [("2026年3月", "04-01"), ("2026年4月", "05-01")]


def test_what_came_after_the_last_annual_report_before_the_year_ended_stands_in_the_next(
    store: Store, clock: SteppedClock
) -> None:
    number = opened(store)
    clock.moment = clock.moment.replace(month=12, day=1)
    this_year = filed(store, "2026", "annual_report")
    assert sum(row["paid_fen"] for row in this_year.figures) == 0
    live(store, clock, number, upto=4)
    clock.moment = clock.moment.replace(year=2027, month=12, day=1)
    next_year = filed(store, "2027", "annual_report")
    [row] = told(next_year, "2026年度本期确定")
    assert (row[3], row[4]) == ("0", "1")
    assert number in str(row[-1])
    assert "2026年12月1日" in str(row[-1])
    assert corrections(this_year) == ()
