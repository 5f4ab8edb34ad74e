"""工作日历: the days of every year on file, and what a newly announced year changes."""

import re
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from rulebooks.days.calendars import load_calendar
from rulebooks.days.public_holidays import LIBRARY_YEARS, BrokenCalendarError, statutory_festivals
from rulebooks.days.working_days import span

CALENDAR = load_calendar()

# An invented arrangement of a far year: the festivals of the law and two swaps.
ANNOUNCED = """\
year: 2050
notices:
  - {number: 测试用文号, title: 测试用通知, issued: 2049-11-30}
days_off:
  - {name: 元旦, first: 2049-12-31, last: 2050-01-02}
  - {name: 春节, first: 2050-01-22, last: 2050-01-28}
  - {name: 清明节, first: 2050-04-02, last: 2050-04-04}
  - {name: 劳动节, first: 2050-05-01, last: 2050-05-05}
  - {name: 端午节, first: 2050-06-23, last: 2050-06-23}
  - {name: 中秋节, first: 2050-09-30, last: 2050-09-30}
  - {name: 国庆节, first: 2050-10-01, last: 2050-10-07}
workdays: [2049-12-26, 2050-02-12]
"""


@pytest.fixture
def announced(tmp_path: Path) -> Path:
    path = tmp_path / "2050.yaml"
    path.write_text(ANNOUNCED, encoding="utf-8")
    return path


def test_every_day_of_the_announced_years_agrees_with_the_library() -> None:
    decided = {day for year in CALENDAR.announcements for day in year.rulings()}
    first, last = date(min(LIBRARY_YEARS), 1, 1), date(max(LIBRARY_YEARS), 12, 31)
    everyday = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    wrong = [
        day
        for day in everyday
        if day not in decided and CALENDAR.is_workday(day) != chinese_calendar.is_workday(day)
    ]
    assert first == date(2004, 1, 1)
    assert last >= date(2026, 12, 31)
    assert wrong == []


def test_every_file_of_a_year_names_notices_issued_before_the_year_is_out() -> None:
    for announcement in CALENDAR.announcements:
        assert announcement.notices, announcement.year
        for notice in announcement.notices:
            assert re.fullmatch(r"国办发明电\u3014\d{4}\u3015\d+号", notice.number)
            assert str(announcement.year) in notice.title
            assert str(notice.issued.year) in notice.number
            assert announcement.year - 1 <= notice.issued.year <= announcement.year
    years = [announcement.year for announcement in CALENDAR.announcements]
    assert years == [*range(2020, years[-1] + 1)]
    assert CALENDAR.notices(2026) == ("国办发明电\u30142025\u30157号",)
    assert CALENDAR.notices(2010) == ()


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 2, 13), (True, "工作日")),
        (date(2026, 2, 14), (True, "调休上班")),
        (date(2026, 2, 16), (False, "春节")),
        (date(2026, 4, 6), (False, "清明节")),
        (date(2026, 6, 19), (False, "端午节")),
        (date(2026, 9, 25), (False, "中秋节")),
        (date(2026, 10, 4), (False, "国庆节")),
        (date(2026, 11, 21), (False, "周六")),
        (date(2026, 11, 22), (False, "周日")),
        (date(2015, 9, 3), (False, "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日")),
        (date(2050, 1, 22), (False, "农历除夕（暂定）")),
        (date(2050, 1, 3), (False, "元旦（补假）（暂定）")),
        (date(2050, 2, 12), (False, "周六（暂定）")),
        (date(2050, 3, 1), (True, "工作日（暂定）")),
        (date(2058, 10, 2), (False, "中秋节、国庆节（暂定）")),
    ],
)
def test_every_day_says_why_it_is_worked_or_not(day: date, told: tuple[bool, str]) -> None:
    assert (CALENDAR.is_workday(day), CALENDAR.reason(day)) == told


def test_a_year_without_announcement_gives_the_thirteen_days_of_the_law() -> None:
    assert len(statutory_festivals(2050, substitutes=False)) == 13
    assert CALENDAR.provisional(2050)
    assert not CALENDAR.provisional(2026)


def test_days_a_notice_swapped_are_not_statutory_festivals() -> None:
    names = set(statutory_festivals(2026).values())
    assert {"国庆节", "国庆节（补假）"} <= names
    assert not [name for name in names if name.startswith("休息日")]


def test_an_announced_year_is_no_longer_provisional_and_moves_what_rested_on_it(
    announced: Path,
) -> None:
    after = load_calendar(announced)
    friday = date(2050, 2, 11)
    before, moved = (span(book, friday, 1, "working_days") for book in (CALENDAR, after))
    assert (before.last, before.provisional) == (date(2050, 2, 14), True)
    assert (moved.last, moved.provisional) == (date(2050, 2, 12), False)
    assert after.reason(date(2050, 2, 12)) == "调休上班"
    assert after.provisional(2051)


def test_a_notice_may_change_the_last_december_days_of_the_year_before(announced: Path) -> None:
    after = load_calendar(announced)
    assert not after.is_workday(date(2049, 12, 31))
    assert after.is_workday(date(2049, 12, 26))
    assert CALENDAR.is_workday(date(2049, 12, 31))


def test_the_digest_and_equality_follow_the_data(announced: Path) -> None:
    after = load_calendar(announced)
    load_calendar.cache_clear()
    again = load_calendar()
    assert again is not CALENDAR
    assert (again, again.digest) == (CALENDAR, CALENDAR.digest)
    assert after != CALENDAR
    assert after.digest != CALENDAR.digest


@pytest.mark.parametrize(
    ("found", "put", "words"),
    [
        ("first: 2050-06-23, last: 2050-06-23", "first: 2050-06-24, last: 2050-06-24", "6月23日"),
        ("first: 2050-06-23", "first: 2050-06-29", "端午节的末日早于首日"),
        ("2050-02-12]", "2050-01-23]", "2050-01-23既写成放假又写成上班"),
        ("2050-02-12]", "2051-02-12]", "2051-02-12不在2050年"),
        ("workdays:", "work_days:", "work_days"),
        ("year: 2050", "year: 2050\nyear: 2050", "不是正确的 YAML"),
    ],
)
def test_a_broken_announcement_is_refused_in_a_sentence_that_names_the_fault(
    announced: Path, found: str, put: str, words: str
) -> None:
    announced.write_text(ANNOUNCED.replace(found, put), encoding="utf-8")
    with pytest.raises(BrokenCalendarError, match=words) as refusal:
        load_calendar(announced)
    assert "2050" in str(refusal.value)
    assert str(refusal.value).endswith("。")


def test_a_missing_announcement_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BrokenCalendarError, match=r"2031\.yaml读不出来"):
        load_calendar(tmp_path / "2031.yaml")
