"""放假安排: which days of a year are worked, by law and by the State Council's yearly notice.

A year the day-by-day library knows starts from it, any other announced year from plain weekends;
the year's file in `holidays/` is laid over that. A year nobody has announced is computed from the
statutory festivals (全国年节及纪念日放假办法) and is provisional.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import chinese_calendar
from chinese_calendar.constants import holidays as library_holidays
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

FOLDER = Path(__file__).parents[1] / "holidays"
OUTLOOK_FILE = "provisional.yaml"
LIBRARY_YEARS = frozenset(day.year for day in library_holidays)

WORKDAY = "工作日"
MADE_UP = "调休上班"
WEEKEND = {5: "周六", 6: "周日"}
FESTIVALS = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日",
}
# Days off moved by a notice, not given by the law.
SWAPPED = "休息日"
DECEMBER = 12

Ruling = tuple[bool, str]
"""One day: is it worked, and the Chinese reason."""


class BrokenCalendarError(ValueError):
    """放假安排有误: a holiday file cannot be used; the text is one Chinese sentence."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Notice(_Record):
    """放假通知: one notice of the State Council's General Office, by its number (文号)."""

    number: str
    title: str
    issued: date


class DaysOff(_Record):
    """放假: a run of days off under one festival's name, both ends included."""

    name: str
    first: date
    last: date

    def days(self) -> Iterator[date]:
        """逐日: every day of the run."""
        for offset in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=offset)


class Announcement(_Record):
    """一年的放假安排: the notices of one year and the days they change."""

    year: int
    notices: tuple[Notice, ...] = ()
    days_off: tuple[DaysOff, ...] = ()
    workdays: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _fits_its_year(self) -> "Announcement":
        off = [day for run in self.days_off for day in run.days()]
        for run in self.days_off:
            if run.last < run.first:
                raise ValueError(f"{run.name}的末日早于首日")
        for day in (*off, *self.workdays):
            if not self._reaches(day):
                raise ValueError(f"{day}不在{self.year}年，也不在上一年十二月")
        for day in set(off) & set(self.workdays):
            raise ValueError(f"{day}既写成放假又写成上班")
        return self

    def _reaches(self, day: date) -> bool:
        # A notice often opens with the last days of the year before it (元旦 joined to a weekend).
        return day.year == self.year or (day.year == self.year - 1 and day.month == DECEMBER)

    def rulings(self) -> dict[date, Ruling]:
        """逐日规定: every day this announcement decides."""
        rest = {day: (False, run.name) for run in self.days_off for day in run.days()}
        return rest | dict.fromkeys(self.workdays, (True, MADE_UP))


class Outlook(_Record):
    """暂定办法: how years without an announcement are computed, and up to which year."""

    mark: str
    article: str
    note: str
    through: int


@dataclass(frozen=True, slots=True)
class YearTable:
    """一年的工作日表: for each day from 1 January (`start`, an ordinal) whether worked, and why."""

    start: int
    works: tuple[bool, ...]
    reasons: tuple[str, ...]


_Model = TypeVar("_Model", bound=_Record)


def _read(path: Path, model: type[_Model]) -> _Model:
    try:
        return model.model_validate(YAML(typ="safe").load(path))
    except OSError as error:
        raise BrokenCalendarError(
            f"放假安排文件{path.name}读不出来，请检查文件是否存在。"
        ) from error
    except YAMLError as error:
        raise BrokenCalendarError(
            f"放假安排文件{path.name}不是正确的 YAML，请检查缩进和重复的项。"
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "全文"
        why = first["msg"].removeprefix("Value error, ")
        raise BrokenCalendarError(
            f"放假安排文件{path.name}的“{where}”有误（{why}），请对照放假通知改正。"
        ) from error


def read_outlook(folder: Path = FOLDER) -> Outlook:
    """暂定办法: the rule for years not yet announced; raises `BrokenCalendarError`."""
    return _read(folder / OUTLOOK_FILE, Outlook)


def read_announcements(folder: Path = FOLDER) -> tuple[Announcement, ...]:
    """各年放假安排: the files of `folder`, one a year; raises `BrokenCalendarError`."""
    paths = sorted(path for path in folder.glob("*.yaml") if path.name != OUTLOOK_FILE)
    found = {path: read_announcement(path) for path in paths}
    for path, announcement in found.items():
        if path.stem != str(announcement.year):
            raise BrokenCalendarError(
                f"放假安排文件{path.name}写的是{announcement.year}年，请让文件名与年份一致。"
            )
    return tuple(found.values())


def read_announcement(path: Path) -> Announcement:
    """一年的放假安排: one announcement's file; raises `BrokenCalendarError`."""
    return _read(path, Announcement)


def statutory_festivals(year: int, *, substitutes: bool = True) -> dict[date, str]:
    """全体公民放假的节日: the days off the law itself gives in `year`, without any notice.

    With `substitutes` also the working days given back for festivals on a weekend (补假, 第六条).
    """
    # Only years without an announcement need this library, and loading it takes half a second.
    from holidays import country_holidays  # noqa: PLC0415

    found = country_holidays("CN", years=year, language="zh_CN", observed=substitutes)
    return {
        day: name.replace("; ", "、")
        for day, name in sorted(found.items())
        if not name.startswith(SWAPPED)
    }


def build_year(
    year: int, announcements: Iterable[Announcement], *, mark: str | None = None
) -> YearTable:
    """一年的工作日表: the library's year or plain weekends, with what the notices say over it.

    `mark` is given for a year without an announcement: its statutory festivals are computed, and
    every reason carries the mark.

    Raises:
        BrokenCalendarError: the announcement of a year the library does not know leaves a
            statutory festival a working day.
    """
    rulings: dict[date, Ruling] = {}
    if mark is not None:
        rulings |= {day: (False, name) for day, name in statutory_festivals(year).items()}
    for announcement in announcements:
        rulings |= announcement.rulings()
    start = date(year, 1, 1).toordinal()
    days = [date.fromordinal(number) for number in range(start, date(year + 1, 1, 1).toordinal())]
    ruled = [_rule(day, rulings) for day in days]
    table = YearTable(
        start=start,
        works=tuple(works for works, _ in ruled),
        reasons=tuple(reason + (mark or "") for _, reason in ruled),
    )
    if mark is None and year not in LIBRARY_YEARS:
        _refuse_a_forgotten_festival(year, table)
    return table


def _refuse_a_forgotten_festival(year: int, table: YearTable) -> None:
    for day, name in statutory_festivals(year, substitutes=False).items():
        if table.works[day.toordinal() - table.start]:
            raise BrokenCalendarError(
                f"{year}年放假安排漏了{day.month}月{day.day}日（{name}），全国年节及纪念日放假办法"
                f"第二条规定这一天放假，请对照放假通知补进{year}.yaml。"
            )


def _rule(day: date, rulings: Mapping[date, Ruling]) -> Ruling:
    if day in rulings:
        return rulings[day]
    weekend = WEEKEND.get(day.weekday())
    if day.year not in LIBRARY_YEARS:
        return weekend is None, weekend or WORKDAY
    off, festival = chinese_calendar.get_holiday_detail(day)
    if off:
        return False, FESTIVALS.get(festival or "", weekend or "放假")
    return True, MADE_UP if weekend else WORKDAY
