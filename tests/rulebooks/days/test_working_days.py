"""工作日与期间: the law cases, and what holds for every period."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from rulebooks.days.working_days import (
    BEIJING,
    PeriodError,
    Unit,
    add_workdays,
    explain,
    fixed_date,
    load_calendar,
    next_workday,
    roll_forward,
    span,
    window,
)

CASES = YAML(typ="safe").load(Path(__file__).parents[2] / "policies" / "periods.yaml")
CALENDAR = load_calendar()

days = st.dates(date(2010, 1, 1), date(2028, 12, 31))
counts = st.integers(1, 60)
units = st.sampled_from(["working_days", "calendar_days", "weeks", "months"])


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_every_law_case_ends_on_the_day_an_official_expects(case: dict[str, Any]) -> None:
    expected = case["expect"]
    question = (CALENDAR, case["from"], case["count"], case["unit"])
    rolls = case.get("rolls", True)
    found = span(*question, rolls=rolls)
    counted = [day.date for day in explain(*question, rolls=rolls) if day.counted]
    assert (found.first, found.last) == (expected["first"], expected["last"])
    assert f"{found.opens:%Y-%m-%d %H:%M %Z}" == f"{expected['opens']} CST"
    assert found.provisional == expected.get("provisional", False)
    assert counted == expected.get("counted", counted)
    assert case["article"]


@given(days, counts, units)
def test_a_rolling_period_ends_on_a_workday_and_opens_the_midnight_after(
    start: date, count: int, unit: Unit
) -> None:
    found = span(CALENDAR, start, count, unit)
    assert CALENDAR.is_workday(found.last)
    assert start < found.first
    assert found.opens == datetime.combine(
        found.last + timedelta(days=1), datetime.min.time(), BEIJING
    )


@given(days, st.integers(0, 40), counts, units)
def test_a_later_start_never_ends_earlier(start: date, delay: int, count: int, unit: Unit) -> None:
    later = start + timedelta(days=delay)
    assert span(CALENDAR, start, count, unit).last <= span(CALENDAR, later, count, unit).last


@given(days, counts, counts, units)
def test_a_longer_period_never_ends_earlier(start: date, one: int, more: int, unit: Unit) -> None:
    short, long = span(CALENDAR, start, one, unit), span(CALENDAR, start, one + more, unit)
    assert short.first == long.first
    assert short.last <= long.last


@given(days, counts, counts)
def test_working_days_add_up_however_they_are_split(start: date, one: int, two: int) -> None:
    whole = add_workdays(CALENDAR, start, one + two)
    assert add_workdays(CALENDAR, add_workdays(CALENDAR, start, one), two) == whole
    assert span(CALENDAR, start, one + two, "working_days").last == whole


@given(days, counts)
def test_counting_working_days_back_undoes_counting_them_forward(start: date, count: int) -> None:
    workday = roll_forward(CALENDAR, start)
    assert add_workdays(CALENDAR, add_workdays(CALENDAR, workday, count), -count) == workday


@given(start=days, count=counts, unit=units, rolls=st.booleans())
def test_the_day_by_day_account_agrees_with_the_period(
    *, start: date, count: int, unit: Unit, rolls: bool
) -> None:
    found = span(CALENDAR, start, count, unit, rolls=rolls)
    told = explain(CALENDAR, start, count, unit, rolls=rolls)
    counted = [day.date for day in told if day.counted]
    assert [day.date for day in told] == [
        start + timedelta(days=n) for n in range((found.last - start).days + 1)
    ]
    assert told[0].reason == "起算日不计入（民法典第二百零一条）"
    assert counted[0] == found.first
    assert told[-1].date == found.last
    assert all(day.reason for day in told)
    if unit in {"working_days", "calendar_days"}:
        assert len(counted) == count
    if unit == "working_days" or not rolls:
        assert counted[-1] == found.last


@given(days, counts, units)
def test_a_period_is_provisional_only_when_it_reaches_a_year_not_announced(
    start: date, count: int, unit: Unit
) -> None:
    found = span(CALENDAR, start, count, unit)
    assert found.provisional == (found.last.year not in CALENDAR.announced)


def test_a_period_that_never_asks_the_calendar_is_not_provisional() -> None:
    found = span(CALENDAR, date(2050, 3, 1), 5, "calendar_days", rolls=False)
    assert (found.last, found.provisional) == (date(2050, 3, 6), False)


def test_a_rolled_last_day_says_so_on_every_day_it_passes() -> None:
    told = explain(CALENDAR, date(2026, 9, 30), 3, "calendar_days")
    assert [(day.date.day, day.counted, day.reason) for day in told[3:6]] == [
        (3, True, "国庆节；末日休假顺延（民法典第二百零三条）"),
        (4, False, "国庆节；末日休假顺延（民法典第二百零三条）"),
        (5, False, "国庆节；末日休假顺延（民法典第二百零三条）"),
    ]
    assert told[-1].reason == "工作日；末日休假顺延至本日（民法典第二百零三条）"


def test_a_month_without_the_corresponding_day_says_it_ends_with_the_month() -> None:
    told = explain(CALENDAR, date(2025, 8, 31), 6, "months")
    assert told[-1].date == date(2026, 2, 28)
    assert told[-1].reason == "调休上班；无对应日，月末日为末日（民法典第二百零二条）"


def test_the_next_workday_is_never_the_day_itself_but_rolling_may_stay() -> None:
    friday, tuesday = date(2026, 11, 20), date(2026, 11, 24)
    assert next_workday(CALENDAR, friday) == date(2026, 11, 23)
    assert next_workday(CALENDAR, date(2026, 11, 21)) == date(2026, 11, 23)
    assert roll_forward(CALENDAR, friday) == friday
    assert add_workdays(CALENDAR, tuesday, -2) == friday
    assert add_workdays(CALENDAR, tuesday, 0) == tuesday


def test_a_fixed_date_includes_its_day_and_rolls_only_when_told() -> None:
    sunday = date(2026, 7, 5)
    kept, rolled = fixed_date(CALENDAR, sunday), fixed_date(CALENDAR, sunday, rolls=True)
    assert (kept.first, kept.last, rolled.last) == (sunday, sunday, date(2026, 7, 6))
    assert kept.opens == datetime(2026, 7, 6, tzinfo=BEIJING)
    assert not fixed_date(CALENDAR, date(2050, 12, 31)).provisional
    assert fixed_date(CALENDAR, date(2050, 12, 31), rolls=True).provisional


def test_a_window_includes_both_ends() -> None:
    november = window(date(2026, 11, 1), date(2026, 11, 30))
    assert (november.first, november.last) == (date(2026, 11, 1), date(2026, 11, 30))
    assert november.opens == datetime(2026, 12, 1, tzinfo=BEIJING)
    assert not november.provisional
    with pytest.raises(PeriodError, match="早于首日"):
        window(date(2026, 11, 30), date(2026, 11, 1))


@pytest.mark.parametrize(
    ("start", "count", "unit", "words"),
    [
        (date(2026, 1, 5), 0, "working_days", "从1算起"),
        (date(2026, 1, 5), -3, "months", "从1算起"),
        (date(2003, 12, 30), 1, "working_days", "没有2003年"),
        (date(2099, 12, 31), 1, "calendar_days", "没有2100年"),
        (date(2026, 1, 5), 10**12, "weeks", "太长"),
        (date(2026, 1, 5), 10**6, "months", "太长"),
    ],
)
def test_a_period_that_cannot_be_counted_is_refused_in_one_sentence(
    start: date, count: int, unit: Unit, words: str
) -> None:
    with pytest.raises(PeriodError, match=words) as refusal:
        span(CALENDAR, start, count, unit)
    assert str(refusal.value).endswith("。")
