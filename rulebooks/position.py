"""事项现状：办到哪里、该谁办、何时到期、依据哪条、机器还欠什么、何时再看。

纯函数：不读时钟，不碰数据库，不知道 Prefect。门户、流程、报表与测试都问这里。
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from rulebooks.conditions import choose
from rulebooks.deadlines import Deadline, Timer, deadlines, timers
from rulebooks.events import OUTCOME_LABELS, STAGE_ACTIONS
from rulebooks.folding import apply, fold, start
from rulebooks.model import Assignee, Stage, Target
from rulebooks.references import targets
from rulebooks.state import BLOCKED, Effect, OpenStage, State
from rulebooks.working_days import Calendar

__all__ = [
    "Done", "Duty", "Effect", "Position", "Timer", "apply", "due_timers", "fold", "look", "start",
]  # fmt: skip


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
    """事项现状。"""

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
        duties=() if closed else tuple(_duties(state, calendar, now)),
        done=tuple(_done(state)),
        next=_next(state),
        timers=planned,
        next_look_at=planned[0].at if planned else None,
        effects=state.effects,
    )


def due_timers(state: State, calendar: Calendar, now: datetime) -> tuple[Timer, ...]:
    """已经到达、还没有记入台账的时间事件，按时刻先后。"""
    due = [timer for timer in timers(state, calendar) if timer.at <= now]
    return tuple(sorted(due, key=lambda timer: timer.at))


def stage_actions(state: State, opened: OpenStage) -> tuple[tuple[str, Assignee], ...]:
    """一个正在办理的环节此刻可做的动作及各自的经办角色。"""
    stage = state.rulebook.stages.get(opened.stage)
    if stage is None:
        return ()
    if opened.publicity is not None:
        return tuple(_publicity_actions(stage, opened))
    offered = STAGE_ACTIONS.get(stage.kind, {})
    return tuple((name, stage.by) for name, outcome in offered.items() if outcome in stage.then)


def _publicity_actions(stage: Stage, opened: OpenStage) -> list[tuple[str, Assignee]]:
    publicity = opened.publicity
    actions: list[tuple[str, Assignee]] = []
    if publicity is None:
        return actions
    if publicity.period is None:
        actions.append(("post", stage.by))
    else:
        actions.append(("object", stage.by))
        actions.append(("take_down", stage.by))
    if publicity.unanswered:
        actions.append(("answer_objection", stage.answered_by or stage.by))
    return actions


def _duties(state: State, calendar: Calendar, now: datetime) -> list[Duty]:
    if state.request is not None:
        return [_request_duty(state)]
    duties = []
    for opened in state.open:
        stage = state.rulebook.stages.get(opened.stage)
        if stage is None:
            continue
        tightest = _tightest(list(deadlines(state, opened, calendar)))
        for assignee, actions in _needed(state, opened):
            duties.append(_duty(state, opened, assignee, actions, tightest, now))
    return duties


def _needed(state: State, opened: OpenStage) -> list[tuple[Assignee, tuple[str, ...]]]:
    """须有人办的动作，按经办角色归并；公示期内可做可不做的不算待办。"""
    grouped: dict[Assignee, list[str]] = {}
    optional = {"object", "take_down"}
    for action, assignee in stage_actions(state, opened):
        grouped.setdefault(assignee, []).append(action)
    return [
        (assignee, tuple(actions))
        for assignee, actions in grouped.items()
        if not optional.issuperset(actions)
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
        label=stage.label,
        role=assignee.role,
        at=state.rulebook.levels_of(assignee),
        actions=actions,
        opened_at=opened.since,
        due=due.last if due else None,
        opens=due.opens if due else None,
        overdue=due is not None and now >= due.opens,
        severity=deadline.rule.severity if deadline else stage.severity,
        article=state.rulebook.article(stage),
        provisional=due is not None and due.provisional,
    )


REQUEST_DUTIES = {
    "change_requested": ("审查变更", ("approve_change", "refuse_change")),
    "withdrawal_requested": ("审查撤销", ("approve_withdrawal", "refuse_withdrawal")),
    "corrected": ("裁定更正", ("settle_correction",)),
}


def request_reviewer(state: State) -> Assignee:
    """待审查的申请由谁办。"""
    rulebook = state.rulebook
    if state.request is not None and state.request.kind == "corrected":
        return rulebook.corrections.settled_by
    return rulebook.changes.review_by


def _request_duty(state: State) -> Duty:
    request = state.request
    if request is None:
        raise ValueError(f"事项{state.number}没有待审查的申请。")
    label, actions = REQUEST_DUTIES[request.kind]
    assignee = request_reviewer(state)
    return Duty(
        stage="request",
        round=request.sequence,
        label=label,
        role=assignee.role,
        at=state.rulebook.levels_of(assignee),
        actions=actions,
        opened_at=request.at,
        due=None,
        opens=None,
        overdue=False,
        severity="must",
        article=state.rulebook.article(state.rulebook.changes),
        provisional=False,
    )


def _done(state: State) -> list[Done]:
    return [
        Done(
            stage=result.stage,
            round=result.round,
            label=state.rulebook.stages[result.stage].label,
            outcome=result.outcome,
            outcome_label=OUTCOME_LABELS[result.outcome],
            at=result.at,
            article=state.rulebook.article(state.rulebook.stages[result.stage]),
            void=result.void,
            backfilled=result.backfilled,
        )
        for result in state.results
    ]


def _waits_for(state: State) -> str:
    """事项此刻在等什么，供徽标与列表使用。"""
    if state.outcome is not None:
        return state.rulebook.outcomes.get(state.outcome, state.outcome)
    if state.request is not None:
        return f"待{REQUEST_DUTIES[state.request.kind][0]}"
    return "、".join(_badge(state, opened) for opened in state.open)


def _badge(state: State, opened: OpenStage) -> str:
    stage = state.rulebook.stages.get(opened.stage)
    if stage is None:
        return f"待{state.rulebook.town or '镇(区)'}补充规定"
    publicity = opened.publicity
    if publicity is None or publicity.opens is None:
        return stage.waits
    if publicity.unanswered:
        return "待答复公示意见"
    last = date.fromisoformat(publicity.period["last"]) if publicity.period else None
    return f"公示至{last.month}月{last.day}日" if last else stage.waits


def blocked_sentence(state: State) -> str | None:
    """因授权规定缺失而停住时，说明须由谁补什么；没有则为 None。"""
    for opened in state.open:
        kind, _, procedure = opened.stage.partition(":")
        if kind == BLOCKED:
            town = state.rulebook.town or state.facts.get("town", "镇(区)")
            return (
                f"事项{state.number}须按{town}自行规定的程序（{procedure}，第十二条）办理，"
                f"但尚无该规定；请{town}在规则手册中补充，或改走一般程序。"
            )
    return None


def _next(state: State) -> tuple[str, ...]:
    labels: list[str] = []
    for opened in state.open:
        stage = state.rulebook.stages.get(opened.stage)
        if stage is not None:
            target = next(iter(stage.then.values()))
            labels.extend(_labels(state, target))
    return tuple(dict.fromkeys(labels))


def _labels(state: State, target: Target) -> list[str]:
    rulebook = state.rulebook
    if target.close is not None:
        return [rulebook.outcomes[target.close]]
    names = list(target.parallel) or list(targets(target))
    if target.choose:
        branch = choose(target.choose, state.facts, state.amounts)
        names = [branch.to] if branch and isinstance(branch.to, str) else []
    if names == ["join"]:
        names = [state.join[0]] if state.join else []
    return [rulebook.stages[name].label for name in names if name in rulebook.stages]
