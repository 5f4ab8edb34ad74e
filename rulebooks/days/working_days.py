"""工作日与期间: working days, and periods counted as 民法典 200-204 counts them.

The first day is not counted (201), a month ends on its corresponding day or else on the month's
last (202), a last day that is a day off rolls to the next working day and ends at 24:00 (203);
a rulebook may say otherwise (204). Days are Beijing days. Nothing here reads the clock.
"""

import calendar as months
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from rulebooks.days.calendars import Calendar, PeriodError, load_calendar
from rulebooks.days.public_holidays import BrokenCalendarError

__all__ = [
    "BEIJING",
    "BrokenCalendarError",
    "Calendar",
    "CountedDay",
    "PeriodError",
    "Span",
    "Unit",
    "add_workdays",
    "explain",
    "fixed_date",
    "load_calendar",
    "next_workday",
    "roll_forward",
    "span",
    "window",
]

BEIJING = ZoneInfo("Asia/Shanghai")
Unit = Literal["working_days", "calendar_days", "weeks", "months"]

DAYS_A_WEEK = 7
MONTHS_A_YEAR = 12
NOT_COUNTED = "起算日不计入（民法典第二百零一条）"
MONTH_END = "无对应日，月末日为末日（民法典第二百零二条）"
ROLLS = "末日休假顺延（民法典第二百零三条）"
ROLLED_HERE = "末日休假顺延至本日（民法典第二百零三条）"


@dataclass(frozen=True, slots=True)
class Span:
    """期间: its first and last day, both inside it, and the moment it is over.

    `opens` is 00:00 Beijing time of the day after `last`, for the last day ends at 24:00
    (民法典203). `provisional` (暂定): the answer rests on a year not yet announced.
    """

    first: date
    last: date
    opens: datetime
    provisional: bool


@dataclass(frozen=True, slots=True)
class CountedDay:
    """逐日说明: one day of a period, whether it counts, and the Chinese reason."""

    date: date
    counted: bool
    reason: str


def roll_forward(calendar: Calendar, day: date) -> date:
    """末日顺延: the day itself when it is worked, else the next day that is (民法典203)."""
    while not calendar.is_workday(day):
        day += timedelta(days=1)
    return day


def next_workday(calendar: Calendar, day: date) -> date:
    """次一工作日: the first working day after `day`, never `day` itself."""
    return add_workdays(calendar, day, 1)


def add_workdays(calendar: Calendar, day: date, count: int) -> date:
    """前后若干工作日: the `count`-th working day after `day`, or before it when negative.

    `day` itself is not counted and need not be worked; 0 gives `day`. Raises `PeriodError` beyond
    the years the calendar has.
    """
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not calendar.is_workday(day):
            day += step
    return day


def span(calendar: Calendar, start: date, count: int, unit: Unit, *, rolls: bool = True) -> Span:
    """期间: `count` units from `start`, the day of the event, which is not counted (民法典201).

    `first` is the first working day counted, or the day after `start` for the other units. With
    `rolls` a last day that is a day off moves to the next working day (203); a period in working
    days ends on one anyway.

    Raises:
        PeriodError: `count` is below 1, or the period leaves the years the calendar has.
    """
    nominal = _nominal_last(calendar, start, count, unit)
    first = start + timedelta(days=1)
    if unit == "working_days":
        first = roll_forward(calendar, first)
        return _closed(calendar, first, nominal, asked_from=start + timedelta(days=1))
    if not rolls:
        return _closed(calendar, first, nominal, asked_from=None)
    return _closed(calendar, first, roll_forward(calendar, nominal), asked_from=nominal)


def explain(
    calendar: Calendar, start: date, count: int, unit: Unit, *, rolls: bool = True
) -> tuple[CountedDay, ...]:
    """逐日说明: every day from `start` to the period's last, whether it counts, and why.

    The days counted are those the unit asks for; the days a roll adds are shown and not counted.
    Raises `PeriodError` as `span` does.
    """
    last = span(calendar, start, count, unit, rolls=rolls).last
    nominal = _nominal_last(calendar, start, count, unit)
    days = [CountedDay(start, counted=False, reason=NOT_COUNTED)]
    for number in range(start.toordinal() + 1, last.toordinal() + 1):
        day = date.fromordinal(number)
        counts = calendar.is_workday(day) if unit == "working_days" else day <= nominal
        notes = [calendar.reason(day)]
        if unit == "months" and day == nominal and day.day != start.day:
            notes.append(MONTH_END)
        if nominal <= day and nominal != last:
            notes.append(ROLLED_HERE if day == last else ROLLS)
        days.append(CountedDay(day, counts, "；".join(notes)))
    return tuple(days)


def fixed_date(calendar: Calendar, day: date, *, rolls: bool = False) -> Span:
    """固定日期: 某月某日前, the day included to 24:00; it moves past days off only when told."""
    last = roll_forward(calendar, day) if rolls else day
    return _closed(calendar, day, last, asked_from=day if rolls else None)


def window(first: date, last: date) -> Span:
    """固定时段: from `first` to `last`, both included, as 每年11月; raises `PeriodError`."""
    if last < first:
        raise PeriodError(f"时段的末日{last}早于首日{first}，请对调或改正。")
    return Span(first, last, _midnight_after(last), provisional=False)


def _closed(calendar: Calendar, first: date, last: date, *, asked_from: date | None) -> Span:
    # Only days the calendar was asked about can move when a year is announced.
    years = range(asked_from.year, last.year + 1) if asked_from else ()
    provisional = any(calendar.provisional(year) for year in years)
    return Span(first, last, _midnight_after(last), provisional)


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), BEIJING)


def _nominal_last(calendar: Calendar, start: date, count: int, unit: Unit) -> date:
    if count < 1:
        raise PeriodError(f"期限要从1算起，现在是{count}，请写明天数、周数或月数。")
    try:
        match unit:
            case "working_days":
                return add_workdays(calendar, start, count)
            case "calendar_days":
                return start + timedelta(days=count)
            case "weeks":
                return start + timedelta(days=count * DAYS_A_WEEK)
            case "months":
                return _corresponding_day(start, count)
    except OverflowError as error:
        raise PeriodError(f"期限{count}太长，算不出日期，请检查数目。") from error


def _corresponding_day(start: date, count: int) -> date:
    years, month = divmod(start.month - 1 + count, MONTHS_A_YEAR)
    year = start.year + years
    if year > date.max.year:
        raise OverflowError
    last_of_month = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last_of_month))
