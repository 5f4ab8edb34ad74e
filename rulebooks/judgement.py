"""受理：判断一个动作此刻可不可以做。可以则给出应记的事实，不可以则给出一句说明。

纯函数。事项之外的事实（实施主体、社区年度累计）由调用者在同一事务内查明后传入。
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from rulebooks.deadlines import local_day
from rulebooks.demands import complaint, demand_problem
from rulebooks.events import ACTION_LABELS, ACTIONS, Opened
from rulebooks.limits import over_community_cap, over_project_cap
from rulebooks.model import Assignee, Rulebook
from rulebooks.outside import Outside
from rulebooks.position import REQUEST_DUTIES, blocked_sentence, request_reviewer, stage_actions
from rulebooks.refusals import Refusal
from rulebooks.state import OpenStage, State
from rulebooks.working_days import Calendar, add_workdays, span

__all__ = ["Fact", "Outside", "Proposal", "Refusal", "judge", "judge_opening", "who_may"]

CASE_ACTIONS = frozenset(
    {"request_change", "request_withdrawal", "pause_clock", "resume_clock", "correct"}
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """拟做的动作。`occurred_at` 为所称发生时刻；`evidence` 为附件摘要值。"""

    action: str
    stage: str | None
    round: int | None
    content: Mapping[str, Any]
    occurred_at: datetime
    door: str
    backfilled: bool = False
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """应记入台账的事实，尚未编号。`late` 表示超过补记宽限。"""

    kind: str
    stage: str | None
    round: int | None
    content: Mapping[str, Any]
    occurred_at: datetime
    late: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """动作落在何处：环节与轮次（事项一级的动作为 None）。"""

    opened: OpenStage | None = None
    since: datetime | None = field(default=None)


def judge_opening(
    rulebook: Rulebook, facts: Mapping[str, Any], occurred_at: datetime
) -> Fact | Refusal:
    """可否立卷：事实齐全、类型与类别在册、不超过单个项目资金上限。"""
    try:
        opened = Opened.model_validate(dict(facts))
    except ValidationError as error:
        return Refusal("bad_content", complaint("立卷", error, Opened), None, None)
    choices = (
        ("项目类型", opened.kind, rulebook.kinds),
        ("项目类别", opened.category, rulebook.categories),
        ("建议来源", opened.source, rulebook.suggestion_sources),
    )
    for label, value, known in choices:
        if value not in known:
            listed = "、".join(known.values())
            return Refusal(
                "unknown_choice", f"{label}“{value}”不在册，可选：{listed}。", None, None
            )
    refusal = over_project_cap(rulebook, opened.title, opened.budget)
    return refusal or Fact("opened", None, None, opened.model_dump(mode="json"), occurred_at)


def judge(
    state: State, proposal: Proposal, calendar: Calendar, now: datetime, outside: Outside
) -> Fact | Refusal:
    """判断一个动作：轮得到、内容合格、时间不乱、环节所要求的都有。"""
    found = _place(state, proposal)
    if isinstance(found, Refusal):
        return found
    refusal = _time_problem(state, proposal, found, now)
    if refusal is not None:
        return refusal
    kind, model = ACTIONS[proposal.action]
    try:
        content = model.model_validate(dict(proposal.content)).model_dump(mode="json")
    except ValidationError as error:
        sentence = complaint(ACTION_LABELS[proposal.action], error, model)
        return Refusal("bad_content", _named(state, sentence), None, None)
    late = _is_late(state, proposal, calendar, now)
    if late and not proposal.evidence and not proposal.backfilled:
        return _late_refusal(state)
    refusal = demand_problem(state, proposal.action, found.opened, content, outside)
    if refusal is None and proposal.action == "approve":
        refusal = over_community_cap(state, found.opened, content, outside)
    if refusal is not None:
        return refusal
    started = now if late and not proposal.backfilled else proposal.occurred_at
    content = _completed(state, proposal.action, found, content, calendar, started, outside)
    opened = found.opened
    return Fact(
        kind=kind,
        stage=opened.stage if opened else None,
        round=opened.round if opened else None,
        content=content,
        occurred_at=proposal.occurred_at,
        late=late,
    )


def who_may(state: State, action: str, stage: str | None) -> Assignee | None:
    """谁可以做这个动作；此刻没有人可以做则为 None。"""
    rulebook = state.rulebook
    if state.request is not None and action in REQUEST_DUTIES[state.request.kind][1]:
        return request_reviewer(state)
    if action in ("request_change", "request_withdrawal"):
        return rulebook.changes.requested_by
    if action in ("pause_clock", "resume_clock"):
        clocks = [rulebook.clocks[clock.name] for clock in state.clocks]
        return next((clock.paused_by for clock in clocks if clock.pausable), None)
    if action == "correct":
        return rulebook.corrections.settled_by
    for opened in state.open:
        for offered, assignee in stage_actions(state, opened):
            if offered == action and stage in (None, opened.stage):
                return assignee
    return None


def _named(state: State, sentence: str) -> str:
    return f"事项{state.number}：{sentence}"


def _place(state: State, proposal: Proposal) -> Place | Refusal:
    """动作落在何处；轮不到时说明现在该做什么、该谁做。"""
    if proposal.action not in ACTIONS:
        return Refusal("unknown_action", f"没有“{proposal.action}”这个动作。", None, None)
    if state.outcome is not None and proposal.action != "correct":
        label = state.rulebook.outcomes.get(state.outcome, state.outcome)
        return Refusal("closed", _named(state, f"已办结（{label}），不能再办理。"), None, None)
    if state.request is not None:
        label, actions = REQUEST_DUTIES[state.request.kind]
        if proposal.action in actions:
            return Place(since=state.request.at)
        return Refusal(
            "request_pending", _named(state, f"正待{label}，请先完成{label}再继续。"),
            state.rulebook.changes.cites, state.rulebook.article(state.rulebook.changes),
        )  # fmt: skip
    if proposal.action in CASE_ACTIONS:
        return Place()
    return _stage_place(state, proposal)


def _stage_place(state: State, proposal: Proposal) -> Place | Refusal:
    blocked = blocked_sentence(state)
    if blocked is not None:
        return Refusal("blocked", blocked, None, None)
    for opened in state.open:
        if proposal.stage not in (None, opened.stage):
            continue
        if proposal.round not in (None, opened.round):
            continue
        if any(action == proposal.action for action, _ in stage_actions(state, opened)):
            return Place(opened, opened.since)
    return _out_of_turn(state, proposal)


def _out_of_turn(state: State, proposal: Proposal) -> Refusal:
    """轮不到：说明现在在哪个环节、依据哪条、由谁办。"""
    rulebook = state.rulebook
    label = ACTION_LABELS[proposal.action]
    now_at = []
    cites = article = None
    for opened in state.open:
        stage = rulebook.stages[opened.stage]
        cites, article = stage.cites, rulebook.article(stage)
        role = rulebook.roles[stage.by.role].label
        now_at.append(f"“{stage.label}”（{article}，由{role}办理）")
    sentence = f"现在不能“{label}”，事项正处在{'、'.join(now_at) or '无人办理'}。"
    return Refusal("out_of_turn", _named(state, sentence), cites, article)


def _time_problem(state: State, proposal: Proposal, place: Place, now: datetime) -> Refusal | None:
    if proposal.occurred_at > now:
        return Refusal(
            "in_future", _named(state, "发生时间晚于现在，请改为实际发生的时间。"), None, None
        )
    if place.since is not None and proposal.occurred_at < place.since:
        day = local_day(place.since)
        sentence = f"发生时间早于本环节开启之时（{day.isoformat()}），请核对日期。"
        return Refusal("too_early", _named(state, sentence), None, None)
    return None


def _is_late(state: State, proposal: Proposal, calendar: Calendar, now: datetime) -> bool:
    if proposal.backfilled:
        return False
    allowance = state.rulebook.back_dating
    latest = add_workdays(calendar, local_day(proposal.occurred_at), allowance.count)
    return local_day(now) > latest


def _late_refusal(state: State) -> Refusal:
    allowance = state.rulebook.back_dating
    sentence = f"补记超过{allowance.count}个工作日，须附凭证（如会议记录、照片）后再提交。"
    return Refusal("late_without_evidence", _named(state, sentence), None, None)


def _completed(  # noqa: PLR0913 - 各项都是判断所得，拆开只会更难读
    state: State,
    action: str,
    place: Place,
    content: dict[str, Any],
    calendar: Calendar,
    started: datetime,
    outside: Outside,
) -> dict[str, Any]:
    """由系统写入的内容：公示起止、实施主体名称、审议前可自行撤回。"""
    if action == "post" and place.opened is not None:
        return {**content, "period": _period(state, place.opened, content, calendar, started)}
    if action == "select" and outside.implementer is not None:
        return {**content, "implementer_name": outside.implementer.name}
    if action == "request_withdrawal":
        before = state.rulebook.changes.free_withdrawal_before
        return {**content, "free": before not in state.rounds and state.established_at is None}
    return content


def _period(
    state: State,
    opened: OpenStage,
    content: Mapping[str, Any],
    calendar: Calendar,
    started: datetime,
) -> dict[str, str]:
    """各渠道齐备之时起算的公示期；还差渠道时为空。"""
    stage = state.rulebook.stages[opened.stage]
    posted = dict(opened.publicity.posted) if opened.publicity else {}
    if stage.lasts is None or {*posted, content["channel"]} != set(stage.channels):
        return {}
    latest = max([started, *posted.values()])
    found = span(calendar, local_day(latest), stage.lasts.count, stage.lasts.unit)
    return {
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "opens": found.opens.isoformat(),
    }
