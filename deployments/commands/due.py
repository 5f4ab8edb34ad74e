"""时限计算: `minsheng due` says when a period ends, and why, day by day."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from deployments.terminal.console import Json, chinese, console, print_json, refuse
from deployments.terminal.lines import lean_table
from rulebooks.days.working_days import (
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
    as_json: Json = False,
) -> None:
    """计算期限的末日，并逐日说明理由（民法典第二百零一条至第二百零三条）。"""
    try:
        answer = _answer(start, count, unit)
    except (PeriodError, BrokenCalendarError) as error:
        refuse(str(error))
    if as_json:
        print_json(asdict(answer.span) | {"days": [asdict(day) for day in answer.days]})
    else:
        _show(answer, console())


def _answer(start: str, count: str, unit: str) -> _Answer:
    first = _day(start)
    number = _number(count)
    if unit not in UNITS:
        raise PeriodError(f"单位“{unit}”不认识，--unit 请写 {'、'.join(UNITS)} 之一。")
    name, label = UNITS[unit]
    calendar = load_calendar()
    return _Answer(
        question=f"{chinese(first)}起{number}{label}",
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


def _show(answer: _Answer, out: Console) -> None:
    period = answer.span
    out.print(answer.question, style="bold")
    table = lean_table("日期", "星期", "计入", "说明")
    for day in answer.days:
        weekday = f"周{WEEKDAYS[day.date.weekday()]}"
        role = "末日" if day.date == period.last else "是" if day.counted else ""
        style = "bold green" if day.date == period.last else "" if day.counted else "dim"
        table.add_row(day.date.isoformat(), weekday, role, day.reason, style=style)
    out.print(table)
    out.print(f"首日{chinese(period.first)}，末日{chinese(period.last)}二十四时止。")
    out.print(f"{chinese(period.opens.date())}零时起可办下一步。")
    for line in _grounds(answer):
        out.print(line)


def _grounds(answer: _Answer) -> list[str]:
    calendar, lines = answer.calendar, []
    for year in range(answer.span.first.year, answer.span.last.year + 1):
        numbers = "、".join(calendar.notices(year))
        if numbers:
            lines.append(f"{year}年放假安排：{numbers}。")
        if calendar.provisional(year):
            lines.append(f"{year}年{calendar.outlook.note}（{calendar.outlook.article}）。")
    return lines
