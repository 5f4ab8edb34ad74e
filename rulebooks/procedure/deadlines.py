"""环节的时限：起算、停表、到期日、提醒与督办的时刻。全部由状态与工作日历算出。"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from rulebooks.days.working_days import BEIJING, Calendar, Span, add_workdays, fixed_date, span
from rulebooks.procedure.state import OpenStage, Pause, Publicity, RunningClock, State, place_of
from rulebooks.vocabulary.facts import day_in
from rulebooks.vocabulary.model import ByDate, Cited, Clock, Stage, Within
from rulebooks.vocabulary.references import downstream

OWN = "within"
ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Deadline:
    """一个时限：`role` 须在期内办，`span` 为 None 表示已停表、尚未起算或日期还没有填。"""

    name: str
    rule: Cited
    since: datetime
    span: Span | None
    role: str


@dataclass(frozen=True, slots=True)
class Timer:
    """将要到达的一个时刻及届时应记的事件。"""

    kind: str
    stage: str
    round: int
    deadline: str
    at: datetime
    to: str | None = None


def local_day(moment: datetime) -> date:
    """时刻所在的北京日期。"""
    return moment.astimezone(BEIJING).date()


def midnight(day: date) -> datetime:
    """北京时间该日零时。"""
    return datetime.combine(day, time(), BEIJING)


def deadlines(state: State, opened: OpenStage, calendar: Calendar) -> Iterator[Deadline]:
    """一个正在办理的环节的全部时限：自身的、合并的、答复公示意见的。"""
    stage = state.rulebook.stages.get(opened.stage)
    if stage is None:
        return
    role = stage.by.role
    if stage.within is not None and not _posted(opened):
        yield _own(state, opened, stage.within, role, calendar)
    for running in state.clocks:
        clock = state.rulebook.clocks[running.name]
        if opened.stage in clock.covers:
            yield Deadline(
                running.name, clock, running.since, _clock_span(running, clock, calendar), role
            )
    if opened.publicity is not None:
        yield from _answer_deadline(stage, opened, opened.publicity, calendar)


def _posted(opened: OpenStage) -> bool:
    """公示已张贴齐：公示环节自身的时限管的是张贴，此后不再计。"""
    return opened.publicity is not None and opened.publicity.period is not None


def _own(
    state: State, opened: OpenStage, within: Within | ByDate, role: str, calendar: Calendar
) -> Deadline:
    """环节自身的时限；起算的环节还在前头的，尚未起走。"""
    if isinstance(within, ByDate):
        return Deadline(OWN, within, opened.since, _by_date(state, opened, within, calendar), role)
    result = None if within.since is None else state.result_of(within.since)
    if within.since is not None and result is None and _ahead(state, opened, within.since):
        return Deadline(OWN, within, opened.since, None, role)
    since = opened.since if result is None else result.at
    return Deadline(OWN, within, since, _span(calendar, since, within, 0), role)


def _by_date(state: State, opened: OpenStage, within: ByDate, calendar: Calendar) -> Span | None:
    """固定的截止日；某月某日在环节开启时已过的，为次年那一日；日期事实没有填的为 None。"""
    if within.date is None:
        day = day_in(state.facts.get(within.until or ""))
        return None if day is None else fixed_date(calendar, day, rolls=within.rolls)
    since = local_day(opened.since)
    this_year = fixed_date(calendar, date(since.year, *within.date), rolls=within.rolls)
    if since <= this_year.last:
        return this_year
    return fixed_date(calendar, date(since.year + 1, *within.date), rolls=within.rolls)


def _ahead(state: State, opened: OpenStage, name: str) -> bool:
    """并行的另一支还会办到某环节。"""
    others = (place_of(item.stage) for item in state.open if item is not opened)
    return any(name in downstream(state.rulebook, other) for other in others)


def _clock_span(running: RunningClock, clock: Clock, calendar: Calendar) -> Span | None:
    if running.paused:
        return None
    paused = sum(_paused_days(pause, clock, calendar) for pause in running.pauses)
    return _span(calendar, running.since, clock, paused)


def _answer_deadline(
    stage: Stage, opened: OpenStage, publicity: Publicity, calendar: Calendar
) -> Iterator[Deadline]:
    """公示意见须在期满前答复的，到期日即公示末日。"""
    rule, period = stage.objections, publicity.period
    if rule is None or period is None or not (rule.answered_before_end and publicity.unanswered):
        return
    first, last = date.fromisoformat(period["first"]), date.fromisoformat(period["last"])
    provisional = any(calendar.provisional(year) for year in {first.year, last.year})
    span_ = Span(first, last, midnight(date.fromordinal(last.toordinal() + 1)), provisional)
    role = (stage.answered_by or stage.by).role
    yield Deadline(ANSWER, rule, opened.since, span_, role)


def _paused_days(pause: Pause, clock: Clock, calendar: Calendar) -> int:
    """停表期间不计的天数：停表次日起至恢复当日止，按时限的单位数。"""
    if pause.until is None:
        return 0
    first, last = local_day(pause.since).toordinal(), local_day(pause.until).toordinal()
    days = [date.fromordinal(number) for number in range(first + 1, last + 1)]
    if clock.unit == "working_days":
        return sum(calendar.is_workday(day) for day in days)
    return len(days)


def _span(calendar: Calendar, since: datetime, rule: Within, extra: int) -> Span:
    return span(calendar, local_day(since), rule.count + extra, rule.unit)


def timers(state: State, calendar: Calendar) -> Iterator[Timer]:
    """尚未记过的全部时间事件，含公示期满、到期提醒、逾期、督办。"""
    for opened in state.open:
        publicity = opened.publicity
        if publicity is not None and publicity.opens is not None and not publicity.ended:
            yield Timer("publicity_ended", opened.stage, opened.round, "publicity", publicity.opens)
        for deadline in deadlines(state, opened, calendar):
            yield from _due_timers(state, opened, deadline, calendar)


def _due_timers(
    state: State, opened: OpenStage, deadline: Deadline, calendar: Calendar
) -> Iterator[Timer]:
    if deadline.span is None:
        return
    reminders = state.rulebook.reminders
    last = deadline.span.last
    remind_at = midnight(add_workdays(calendar, last, -reminders.remind.count))
    escalate_day = add_workdays(calendar, last, reminders.escalate.count)
    escalate_at = midnight(date.fromordinal(escalate_day.toordinal() + 1))
    # 开启时已经逾期的，自开启之时起催办；来不及提醒的不再提醒。
    planned = (
        ("reminded", remind_at, deadline.role),
        ("fell_overdue", max(deadline.span.opens, opened.since), deadline.role),
        ("escalated", max(escalate_at, opened.since), reminders.escalate.to),
    )
    for kind, at, to in planned:
        mark = (kind, opened.stage, opened.round, deadline.name)
        if mark not in state.fired and (at > opened.since or kind != "reminded"):
            yield Timer(kind, opened.stage, opened.round, deadline.name, at, to)
