"""期限的说法: how a deadline and its reason are put into words for people."""

from collections.abc import Iterator
from datetime import date, datetime

from deployments.terminal.console import chinese
from rulebooks.days.working_days import BEIJING, Calendar, explain
from rulebooks.policy.phrases import day_text
from rulebooks.procedure.deadlines import Deadline, deadlines, local_day
from rulebooks.procedure.position import Duty
from rulebooks.procedure.state import State
from rulebooks.vocabulary.model import ByDate, Cited, Rulebook, Within
from rulebooks.vocabulary.refusals import OWN_READING

UNITS = {
    "working_days": "个工作日",
    "calendar_days": "日",
    "weeks": "周",
    "months": "个月",
}
SEVERITIES = {"must": "应/不得", "should": "原则上"}


def chinese_moment(moment: datetime) -> str:
    """2026年3月5日15:00, Beijing time."""
    local = moment.astimezone(BEIJING)
    return f"{chinese(local.date())}{local:%H:%M}"


def limit_text(within: Within | None) -> str:
    """时限的写法，如「3个工作日（应/不得）」。"""
    if within is None:
        return ""
    return f"{within.count}{UNITS[within.unit]}（{SEVERITIES[within.severity]}）"


def allowed_text(rulebook: Rulebook, within: Within | ByDate | None) -> str:
    """环节的时限：天数，或截止日，如「6月30日前（应/不得）」。"""
    if not isinstance(within, ByDate):
        return limit_text(within)
    return f"{day_text(rulebook, within)}前（{SEVERITIES[within.severity]}）"


def due_text(duty: Duty, calendar: Calendar, today: date) -> str:
    """何日到期，还有几日；逾期的写逾期几日，没有期限的为空串。"""
    if duty.due is None:
        return ""
    flags = "（暂定日历）" if duty.provisional else ""
    return f"{chinese(duty.due)}到期{flags}，{left_text(duty.due, calendar, today)}"


def left_text(due: date, calendar: Calendar, today: date) -> str:
    """离到期还有几个工作日，或已逾期几日。"""
    if today > due:
        return f"已逾期{(today - due).days}日"
    if today == due:
        return "今日24时截止"
    days = [date.fromordinal(day) for day in range(today.toordinal() + 1, due.toordinal() + 1)]
    working = sum(calendar.is_workday(day) for day in days)
    return f"还有{working}个工作日" if working else f"还有{len(days)}日，均为休息日"


def grounds(state: State, duty: Duty, calendar: Calendar) -> Iterator[str]:
    """期限为何是这一天：自何日起多久，哪些日子不计，依据哪条原文。"""
    opened = state.stage_open(duty.stage, duty.round)
    for deadline in deadlines(state, opened, calendar) if opened else ():
        if deadline.span is None:
            yield f"{_name(state, deadline)}{_not_running(state, deadline)}"
        elif deadline.span.last == duty.due:
            yield f"{_name(state, deadline)}{_counted(state, deadline, calendar)}。"
            yield basis(state, deadline.rule)


def _not_running(state: State, deadline: Deadline) -> str:
    """没有在走的时限：等前一环节办结，或已停表。"""
    rule = deadline.rule
    if isinstance(rule, ByDate):
        return f"以“{day_text(state.rulebook, rule)}”为限，日期还没有填。"
    if not isinstance(rule, Within) or rule.since is None:
        return "已经停表，恢复后再计。"
    label = state.rulebook.stages[rule.since].label
    return f"“{label}”办结后{rule.count}{UNITS[rule.unit]}，尚未起算。"


def basis(state: State, rule: Cited) -> str:
    """依据：条款、轻重与原文；没有条款的写明是我方解释。"""
    article = state.rulebook.article(rule)
    quote = f"“{rule.quote}”" if rule.quote else ""
    severity = SEVERITIES[rule.severity]
    if not article:
        return f"依据：{OWN_READING}（{severity}）"
    return f"依据：{article}（{severity}）{quote}"


def _name(state: State, deadline: Deadline) -> str:
    clock = state.rulebook.clocks.get(deadline.name)
    return f"{clock.label}：" if clock else ""


def _counted(state: State, deadline: Deadline, calendar: Calendar) -> str:
    """自3月2日起3个工作日，首日不计，3月7日周六、3月8日周日不计。"""
    rule, since = deadline.rule, local_day(deadline.since)
    if isinstance(rule, ByDate):
        return _fixed(state, rule, deadline)
    if not isinstance(rule, Within):
        return f"公示末日{chinese(deadline.span.last)}之前答复" if deadline.span else ""
    text = f"自{chinese(since)}起{rule.count}{UNITS[rule.unit]}，首日不计"
    paused = any(clock.name == deadline.name and clock.pauses for clock in state.clocks)
    if paused:
        return f"{text}，停表期间不计"
    days = explain(calendar, since, rule.count, rule.unit)[1:]
    if rule.unit == "working_days":
        resting = dict.fromkeys(day.reason for day in days if not day.counted)
        return f"{text}，{'、'.join(resting)}不计" if resting else text
    rolled = not days[-1].counted
    return f"{text}，末日休假，顺延至{chinese(days[-1].date)}" if rolled else text


def _fixed(state: State, rule: ByDate, deadline: Deadline) -> str:
    """截止日为6月30日，当日24时止；日期事实的写明是哪一项。"""
    day = chinese(deadline.span.last) if deadline.span else ""
    named = f"“{day_text(state.rulebook, rule)}”为" if rule.until is not None else "截止日为"
    return f"{named}{day}，当日24时止"
