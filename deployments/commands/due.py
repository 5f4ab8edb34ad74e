"""时限计算: `minsheng due` says when a period ends, and why, day by day."""

import json
import sys
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, NoReturn

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from rulebooks.working_days import (
    BrokenCalendarError,
    Calendar,
    CountedDay,
    PeriodError,
    Span,
    Unit,
    explain,
    load_calendar,
    span,
)

BAD_INPUT = 2
WEEKDAYS = "一二三四五六日"
UNITS: dict[str, tuple[Unit, str]] = {
    "working-days": ("working_days", "个工作日"),
    "calendar-days": ("calendar_days", "日"),
    "weeks": ("weeks", "周"),
    "months": ("months", "个月"),
}


@dataclass(frozen=True, slots=True)
class _Answer:
    question: str
    span: Span
    days: tuple[CountedDay, ...]
    calendar: Calendar


def due(
    *,
    start: Annotated[
        str,
        Parameter(
            name="--from", show_default=False, help="起算日（事情发生的那一天），如 2026-09-28。"
        ),
    ] = "",
    count: Annotated[
        str, Parameter(show_default=False, allow_leading_hyphen=True, help="期限的数目，如 7。")
    ] = "",
    unit: Annotated[
        str,
        Parameter(help="单位：working-days 工作日，calendar-days 日，weeks 周，months 月。"),
    ] = "working-days",
    as_json: Annotated[
        bool, Parameter(name="--json", negative="", help="输出 JSON，供其他程序读取。")
    ] = False,
) -> None:
    """计算期限的末日，并逐日说明理由（民法典第二百零一条至第二百零三条）。"""
    try:
        answer = _answer(start, count, unit)
    except (PeriodError, BrokenCalendarError) as error:
        _refuse(str(error))
    if as_json:
        sys.stdout.write(_as_json(answer) + "\n")
    else:
        _show(answer, Console(highlight=False))


def _answer(start: str, count: str, unit: str) -> _Answer:
    first = _day(start)
    number = _number(count)
    if unit not in UNITS:
        raise PeriodError(f"单位“{unit}”不认识，--unit 请写 {'、'.join(UNITS)} 之一。")
    name, label = UNITS[unit]
    calendar = load_calendar()
    return _Answer(
        question=f"{_chinese(first)}起{number}{label}",
        span=span(calendar, first, number, name),
        days=explain(calendar, first, number, name),
        calendar=calendar,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise PeriodError(f"起算日“{text}”不是日期，--from 请写成 2026-09-28 这样。") from error


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise PeriodError(f"期限“{text}”不是整数，--count 请写 1 以上的整数。") from error


def _refuse(sentence: str) -> NoReturn:
    Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(sentence)
    raise SystemExit(BAD_INPUT)


def _as_json(answer: _Answer) -> str:
    value = asdict(answer.span) | {"days": [asdict(day) for day in answer.days]}
    return json.dumps(value, ensure_ascii=False, indent=2, default=_iso)


def _iso(value: date) -> str:
    # Of a moment too: its own `isoformat` keeps the time and Beijing's +08:00.
    return value.isoformat()


def _show(answer: _Answer, console: Console) -> None:
    period = answer.span
    table = Table("日期", "星期", "计入", "说明", title=answer.question)
    for day in answer.days:
        weekday = f"周{WEEKDAYS[day.date.weekday()]}"
        role = "末日" if day.date == period.last else "是" if day.counted else ""
        table.add_row(day.date.isoformat(), weekday, role, day.reason)
    console.print(table)
    console.print(f"首日{_chinese(period.first)}，末日{_chinese(period.last)}二十四时止。")
    console.print(f"{_chinese(period.opens.date())}零时起可办下一步。")
    for line in _grounds(answer):
        console.print(line)


def _grounds(answer: _Answer) -> list[str]:
    calendar, lines = answer.calendar, []
    for year in range(answer.span.first.year, answer.span.last.year + 1):
        numbers = "、".join(calendar.notices(year))
        if numbers:
            lines.append(f"{year}年放假安排：{numbers}。")
        if calendar.provisional(year):
            lines.append(f"{year}年{calendar.outlook.note}（{calendar.outlook.article}）。")
    return lines


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
