"""报送、检查、会议、评价的时间：一期从何时到何时，何时开始，最迟何日。"""

from __future__ import annotations

import calendar as months
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta

from rulebooks.days.working_days import BEIJING, Calendar, Span, fixed_date, span
from rulebooks.policy.lookups import declined, unsupplied
from rulebooks.vocabulary.model import Duty, Rulebook
from rulebooks.vocabulary.obligations import LAST, Sample
from rulebooks.vocabulary.policies import Every
from rulebooks.vocabulary.refusals import Refusal

MONTHS_A_YEAR = 12
UNITS = ("年度", "半年", "季度")
# 只认半角数字：期次是报送件的键，同一期不能有两种写法。
WRITTEN = re.compile(r"(\d{4})(?:-(?:(H)([12])|(Q)([1-4])|(\d{2})))?", re.ASCII)
MONTHS_OF: Mapping[Every, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
WRITING: Mapping[Every, str] = {
    "month": "{year}-{number:02d}",
    "quarter": "{year}-Q{number}",
    "half_year": "{year}-H{number}",
    "year": "{year}",
}
# 半年、季度各有几个月。
LENGTHS: Mapping[str, int] = {"H": 6, "Q": 3}


class UnknownPeriodError(ValueError):
    """期次写法不对；消息为一句中文。"""


@dataclass(frozen=True, slots=True)
class Period:
    """一期：首日与末日，都在期内。"""

    first: date
    last: date

    @property
    def ends(self) -> datetime:
        """期满的时刻：末日24时，北京时间。"""
        return datetime.combine(self.last + timedelta(days=1), time(), BEIJING)

    @property
    def months(self) -> int:
        """几个月。"""
        return self.last.month - self.first.month + 1

    @property
    def words(self) -> str:
        """在公文里的叫法，如 2026年10月、2026年第三季度。"""
        year, number = f"{self.first.year}年", self.last.month
        match self.months:
            case 1:
                return f"{year}{number}月"
            case 3:
                return f"{year}第{'一二三四'[number // 3 - 1]}季度"
            case 6:
                return f"{year}{'上' if number <= MONTHS_A_YEAR // 2 else '下'}半年"
            case _:
                return f"{year}度"


def titled(period: Period, label: str) -> str:
    """期次与名称连写，如 2026年度总结报告、2026年上半年集中评价；同一个词不写两遍。"""
    words = period.words
    said = next((word for word in UNITS if words.endswith(word) and label.startswith(word)), "")
    return words + label.removeprefix(said)


def period_of(written: str) -> Period:
    """期次：2026 年、2026-H1 上半年、2026-Q3 第三季度、2026-10 月。

    Raises:
        UnknownPeriodError: 写法不对。
    """
    found = WRITTEN.fullmatch(written)
    if found is None:
        raise UnknownPeriodError(
            f"期次“{written}”读不懂，请用半角写，如 2026、2026-H1、2026-Q3 或 2026-10。"
        )
    year, half, half_number, quarter, quarter_number, month = found.groups()
    # 期限会落在下一年，所以日历所及的最后一年也不能写。
    if not MINYEAR <= int(year) < MAXYEAR:
        raise UnknownPeriodError(f"没有{year}年，请改正“{written}”。")
    length, number = MONTHS_A_YEAR, 1
    if half or quarter:
        length, number = LENGTHS[half or quarter], int(half_number or quarter_number)
    if month:
        length, number = 1, int(month)
    if not 1 <= number * length <= MONTHS_A_YEAR:
        raise UnknownPeriodError(f"没有{number}月这一期，请改正“{written}”。")
    first_month = (number - 1) * length + 1
    return Period(date(int(year), first_month, 1), _month_end(int(year), first_month + length - 1))


def due_of(rulebook: Rulebook, duty: Duty, period: Period, calendar: Calendar) -> Span | Refusal:
    """最迟何日（含当日，至24时）；写明逢休息日顺延的顺延。"""
    if duty.missing:
        sentence = unsupplied(rulebook, duty.label, duty.missing)
        return declined(rulebook, "unsupplied", sentence, duty)
    due = duty.due
    if due.count is not None and due.unit is not None:
        return span(calendar, period.last, due.count, due.unit, rolls=due.rolls)
    if due.date is not None:
        year = period.last.year + (due.of == "next_year")
        return fixed_date(calendar, date(year, *due.date), rolls=due.rolls)
    within = period.first if due.of == "first_month" else period.last
    year, month = within.year, within.month
    if due.of == "next_month":
        year, month = year + month // MONTHS_A_YEAR, month % MONTHS_A_YEAR + 1
    end = _month_end(year, month)
    day = end if due.day in (None, LAST) else end.replace(day=min(int(due.day or 0), end.day))
    return fixed_date(calendar, day, rolls=due.rolls)


def periods_since(duty: Duty, since: date, until: date) -> Iterator[str]:
    """自某日起到某日为止开始过的各期，由先到后；每年固定某日开始的以年为期。

    由环节开启或由人开启的没有期次。
    """
    opens = duty.opens
    if opens is None or opens.stage is not None or opens.by_hand:
        return
    every = opens.every or "year"
    for year in range(since.year, until.year + 1):
        for written in _of_year(year, every):
            period = period_of(written)
            if period.last >= since and period.first <= until:
                yield written


def _of_year(year: int, every: Every) -> Iterator[str]:
    """一年里的各期。"""
    for number in range(1, MONTHS_A_YEAR // MONTHS_OF[every] + 1):
        yield WRITING[every].format(year=year, number=number)


def opens_on(duty: Duty, period: Period, due: Span) -> date | None:
    """何时开始：每年固定的那一天，或本期满的次日；期内就要办完的自本期首日起。

    由环节开启或由人开启的没有固定的日子，返回 None。
    """
    opens = duty.opens
    if opens is None or opens.stage is not None or opens.by_hand:
        return None
    if opens.date is not None:
        return date(due.last.year, *opens.date)
    after = period.last + timedelta(days=1)
    return after if due.last > period.last else period.first


def sample_size(sample: Sample, population: int) -> int:
    """抽查多少：所列几项的较大者，比例的往上取整，不超过总数。"""
    parts = [
        part.count if part.count is not None else math.ceil((part.share or 0) * population)
        for part in sample.larger_of
    ]
    return min(max(parts), population)


def _month_end(year: int, month: int) -> date:
    return date(year, month, months.monthrange(year, month)[1])
