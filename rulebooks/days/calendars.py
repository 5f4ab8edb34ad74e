"""工作日历: the calendar as one value, loaded from the holiday files and passed around."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path

from rulebooks.days.public_holidays import (
    LIBRARY_YEARS,
    Announcement,
    Outlook,
    YearTable,
    build_year,
    read_announcement,
    read_announcements,
    read_outlook,
)


class PeriodError(ValueError):
    """期间无法计算: the period cannot be counted; the text is one Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """工作日历: which days are worked; two calendars are equal when their data is."""

    digest: str
    announced: frozenset[int] = field(compare=False, repr=False)
    announcements: tuple[Announcement, ...] = field(compare=False, repr=False)
    outlook: Outlook = field(compare=False, repr=False)
    # A year is built when it is first asked for; what is kept never changes an answer.
    _tables: dict[int, YearTable] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def is_workday(self, day: date) -> bool:
        """工作日: is the day worked, 调休 in both directions included; raises `PeriodError`."""
        table = self._tables.get(day.year) or self._build(day.year)
        return table.works[day.toordinal() - table.start]

    def reason(self, day: date) -> str:
        """为什么上班或休息: 工作日, 调休上班, 周六, 国庆节, …; raises `PeriodError`."""
        table = self._tables.get(day.year) or self._build(day.year)
        return table.reasons[day.toordinal() - table.start]

    def provisional(self, year: int) -> bool:
        """暂定: is the year's arrangement of days off still to be announced."""
        return year not in self.announced

    def notices(self, year: int) -> tuple[str, ...]:
        """放假通知文号: the numbers of the notices on file for the year, oldest first."""
        return tuple(
            notice.number
            for announcement in self.announcements
            if announcement.year == year
            for notice in announcement.notices
        )

    def _build(self, year: int) -> YearTable:
        since = min(self.announced)
        if not since <= year <= self.outlook.through:
            raise PeriodError(
                f"工作日历没有{year}年，只能计算{since}年至{self.outlook.through}年的日期，"
                "请检查起算日和期限。"
            )
        mark = self.outlook.mark if self.provisional(year) else None
        self._tables[year] = build_year(year, self.announcements, mark=mark)
        return self._tables[year]


@cache
def load_calendar(extra: Path | None = None) -> Calendar:
    """工作日历: the calendar on file; cached.

    `extra` is the file of an announcement not among those shipped: it takes the place of the file
    for its year, which is then no longer provisional.

    Raises:
        BrokenCalendarError: a holiday file is broken; the sentence names it.
    """
    by_year = {announcement.year: announcement for announcement in read_announcements()}
    if extra is None:
        return _calendar(by_year)
    added = read_announcement(extra)
    calendar = _calendar(by_year | {added.year: added})
    # A file from outside is tried at once, not on the day its year is first asked for.
    calendar.is_workday(date(added.year, 1, 1))
    return calendar


def _calendar(by_year: Mapping[int, Announcement]) -> Calendar:
    announcements = tuple(by_year[year] for year in sorted(by_year))
    outlook = read_outlook()
    data = (
        version("chinesecalendar"),
        version("holidays"),
        *(record.model_dump_json() for record in (outlook, *announcements)),
    )
    return Calendar(
        digest=hashlib.sha256("\n".join(data).encode()).hexdigest(),
        announced=LIBRARY_YEARS | by_year.keys(),
        announcements=announcements,
        outlook=outlook,
    )
