"""事项现状：办到哪里、该谁办、何时到期、依据哪条、机器还欠什么、何时再看。

纯函数：不读时钟，不碰数据库，不知道 Prefect。门户、流程、报表与测试都问这里。
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from rulebooks.days.working_days import Calendar
from rulebooks.procedure.actions import (
    MEANWHILE,
    OPTIONAL,
    REQUEST_DUTIES,
    request_reviewer,
    stage_actions,
)
from rulebooks.procedure.blocking import blocked, blocked_sentence, suppliers
from rulebooks.procedure.deadlines import Deadline, Timer, deadlines, timers
from rulebooks.procedure.folding import apply, fold, start
from rulebooks.procedure.publicizing import Lengthened, lengthened
from rulebooks.procedure.routes import CLOSE, destination
from rulebooks.procedure.state import Effect, OpenStage, Result, State
from rulebooks.procedure.verdicts import just_reached
from rulebooks.vocabulary.events import outcome_label
from rulebooks.vocabulary.model import Assignee, Cited, Stage, Target, Words
from rulebooks.vocabulary.references import JOIN

__all__ = [
    "Done", "Duty", "Effect", "Lengthened", "Position", "Timer", "apply", "blocked",
    "blocked_sentence", "due_timers", "fold", "lengthened", "look", "start",
]  # fmt: skip

OWED = "欠办"


@dataclass(frozen=True, slots=True)
class Duty:
    """待办：哪个角色在哪一级须就哪个环节做什么，何日到期，依据哪条。

    `due` 为到期日（当日24时止），`opens` 为逾期的时刻；停表或未定期限时均为 None。
    """

    stage: str
    round: int
    label: str
    role: str
    at: tuple[str, ...]
    actions: tuple[str, ...]
    opened_at: datetime
    due: date | None
    opens: datetime | None
    overdue: bool
    severity: str
    article: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Done:
    """已办环节。"""

    stage: str
    round: int
    label: str
    outcome: str
    outcome_label: str
    at: datetime
    article: str
    void: bool
    backfilled: bool


@dataclass(frozen=True, slots=True)
class Position:
    """事项现状。

    `duties` 须有人办的；`timers` 还没有到的时刻；`effects` 机器至今应办的每一件事。
    `next_look_at` 之前若无人办理，看到的不会变。
    """

    open: bool
    outcome: str | None
    outcome_label: str
    waits_for: str
    duties: tuple[Duty, ...]
    done: tuple[Done, ...]
    next: tuple[str, ...]
    timers: tuple[Timer, ...]
    next_look_at: datetime | None
    effects: tuple[Effect, ...]


def look(state: State, calendar: Calendar, now: datetime) -> Position:
    """看一个事项的现状。`now` 须带时区。"""
    planned = tuple(sorted(timers(state, calendar), key=lambda timer: timer.at))
    closed = state.outcome is not None
    return Position(
        open=not closed,
        outcome=state.outcome,
        outcome_label=state.rulebook.outcomes.get(state.outcome or "", ""),
        waits_for=_waits_for(state),
        duties=tuple(_duties(state, calendar, now)),
        done=tuple(_done(state)),
        next=_next(state),
        timers=planned,
        next_look_at=planned[0].at if planned else None,
        effects=state.effects,
    )


def due_timers(state: State, calendar: Calendar, now: datetime) -> tuple[Timer, ...]:
    """已经到达、还没有记入台账的时间事件，按时刻先后。

    公示期满会开启新的环节，其时限可能也已到达：记入之后应当再看一次。
    """
    due = [timer for timer in timers(state, calendar) if timer.at <= now]
    return tuple(sorted(due, key=lambda timer: timer.at))


def _duties(state: State, calendar: Calendar, now: datetime) -> list[Duty]:
    duties = [] if state.request is None else [_request_duty(state)]
    for opened in state.open:
        tightest = _tightest(list(deadlines(state, opened, calendar)))
        for assignee, actions in _needed(state, opened):
            duties.append(_duty(state, opened, assignee, actions, tightest, now))
    return duties


def _needed(state: State, opened: OpenStage) -> list[tuple[Assignee, tuple[str, ...]]]:
    """须有人办的动作，按经办角色归并；公示期内可做可不做的不算待办。

    有待审查的申请时，环节里只有公示意见仍须答复。
    """
    grouped: dict[Assignee, list[str]] = {}
    for action, assignee in stage_actions(state, opened):
        if state.request is None or action in MEANWHILE:
            grouped.setdefault(assignee, []).append(action)
    return [
        (assignee, tuple(actions))
        for assignee, actions in grouped.items()
        if not OPTIONAL.issuperset(actions)
    ]


def _tightest(found: list[Deadline]) -> Deadline | None:
    running = [item for item in found if item.span is not None]
    if running:
        return min(running, key=lambda item: item.span.opens if item.span else item.since)
    return found[0] if found else None


def _duty(
    state: State,
    opened: OpenStage,
    assignee: Assignee,
    actions: tuple[str, ...],
    deadline: Deadline | None,
    now: datetime,
) -> Duty:
    stage = state.rulebook.stages[opened.stage]
    due = deadline.span if deadline is not None else None
    return Duty(
        stage=opened.stage,
        round=opened.round,
        label=stage.label if stage.debt is None else f"{OWED}：{stage.label}",
        role=assignee.role,
        at=state.rulebook.levels_of(assignee),
        actions=actions,
        opened_at=opened.since,
        due=due.last if due else None,
        opens=due.opens if due else None,
        overdue=due is not None and now >= due.opens,
        severity=deadline.rule.severity if deadline else stage.severity,
        article=state.rulebook.article(_ground(stage)),
        provisional=due is not None and due.provisional,
    )


def _ground(stage: Stage) -> Cited:
    """待办的依据；欠办的，为使之欠下的那一条。"""
    return stage.debt if stage.debt is not None and stage.debt.cites is not None else stage


def _request_duty(state: State) -> Duty:
    request = state.request
    if request is None:
        raise ValueError(f"事项{state.number}没有待审查的申请。")
    label, actions = REQUEST_DUTIES[request.kind]
    assignee, rulebook = request_reviewer(state), state.rulebook
    correcting = request.kind == "corrected"
    basis: Words = rulebook.corrections if correcting else rulebook.changes
    return Duty(
        stage="request",
        round=request.sequence,
        label=label,
        role=assignee.role,
        at=rulebook.levels_of(assignee),
        actions=actions,
        opened_at=request.at,
        due=None,
        opens=None,
        overdue=False,
        severity="must",
        article=rulebook.article(basis),
        provisional=False,
    )


def _done(state: State) -> list[Done]:
    return [
        Done(
            stage=result.stage,
            round=result.round,
            label=state.rulebook.stages[result.stage].label,
            outcome=result.outcome,
            outcome_label=_outcome_label(state, result),
            at=result.at,
            article=state.rulebook.article(state.rulebook.stages[result.stage]),
            void=result.void,
            backfilled=result.backfilled,
        )
        for result in state.results
    ]


def _outcome_label(state: State, result: Result) -> str:
    stage = state.rulebook.stages[result.stage]
    label = outcome_label(state.rulebook, stage, result.outcome)
    if result.outcome == "pass" and just_reached(stage, result.content):
        return f"{label}（正好达到比例，“以上”含本数）"
    return label


def _waits_for(state: State) -> str:
    """事项此刻在等什么，供徽标与列表使用。"""
    if state.request is not None:
        return f"待{REQUEST_DUTIES[state.request.kind][0]}"
    if state.outcome is not None:
        return state.rulebook.outcomes.get(state.outcome, state.outcome)
    return "、".join(_badge(state, opened) for opened in state.open)


def _badge(state: State, opened: OpenStage) -> str:
    stage = state.rulebook.stages.get(opened.stage)
    if stage is None:
        return f"待{'、'.join(suppliers(state, opened))}补充规定"
    publicity = opened.publicity
    if publicity is None or publicity.period is None:
        return stage.waits
    if publicity.unanswered:
        return "待答复公示意见"
    last = date.fromisoformat(publicity.period["last"])
    return f"公示至{last.month}月{last.day}日"


def _next(state: State) -> tuple[str, ...]:
    """顺利时接着到哪里；每个正在办理的环节取其首个去向。"""
    labels: list[str] = []
    for opened in state.open:
        stage = state.rulebook.stages.get(opened.stage)
        if stage is not None:
            target = next(iter(stage.then.values()))
            labels.extend(_labels(state, target))
    return tuple(dict.fromkeys(labels))


def _labels(state: State, target: Target) -> list[str]:
    rulebook = state.rulebook
    to = destination(target, state)
    kind, _, name = to.partition(":")
    if kind == CLOSE:
        return [rulebook.outcomes[name]]
    if to == JOIN:
        to = state.join[0] if state.join else ""
    return [rulebook.stages[item].label for item in to.split("+") if item in rulebook.stages]
