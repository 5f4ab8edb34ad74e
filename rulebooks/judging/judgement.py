"""受理：判断一个动作此刻可不可以做。可以则给出应记的事实，不可以则给出一句说明。

纯函数。事项之外的事实（实施主体、社区年度累计）由调用者在同一事务内查明后传入。
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from rulebooks.days.working_days import Calendar, add_workdays
from rulebooks.judging.asking import Ask
from rulebooks.judging.case_checks import facts_problem, normalized
from rulebooks.judging.checks import demand_problem, mended_problem
from rulebooks.judging.complaints import complaint
from rulebooks.judging.demands import demanded
from rulebooks.judging.joint_checks import counted_of
from rulebooks.judging.outside import Outside
from rulebooks.judging.payments import too_early_to_pay
from rulebooks.judging.recognition import content_of
from rulebooks.procedure.actions import (
    CASE_ACTIONS,
    MEANWHILE,
    REQUEST_DUTIES,
    stage_actions,
    who_may,
)
from rulebooks.procedure.blocking import blocked
from rulebooks.procedure.deadlines import local_day
from rulebooks.procedure.migration import VERSION
from rulebooks.procedure.objections import OBJECT, late_objection_to
from rulebooks.procedure.publicizing import announced
from rulebooks.procedure.state import OpenStage, State
from rulebooks.vocabulary.contents import Content, Opened
from rulebooks.vocabulary.events import ACTION_LABELS, ACTIONS, Event
from rulebooks.vocabulary.facts import DETAILS, completed, flat, unknown_details
from rulebooks.vocabulary.model import Rulebook, Words
from rulebooks.vocabulary.references import starts
from rulebooks.vocabulary.refusals import Refusal, refuse
from rulebooks.vocabulary.submissions import SubmissionOpened

__all__ = [
    "Fact", "Outside", "Proposal", "Refusal", "demanded", "judge", "judge_opening", "who_may",
]  # fmt: skip

# 办结之后怎么办：报送件没有更正与另立，有误的、没有获认定的都落在以后各期。
ONCE_DONE = "记录有误的请登记更正，要再做的请另立新项目。"
ONCE_SENT = "数字有误的由下一期的更正表说明，没有获认定的项目补齐之后由以后季度申请。"


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

    def event(
        self,
        state: State,
        recorded_at: datetime,
        *,
        actor: str | None = None,
        backfilled: bool = False,
    ) -> Event:
        """编上号的事件：接在该事项现有各条之后。"""
        return Event(
            sequence=len(state.history) + 1,
            kind=self.kind,
            stage=self.stage,
            round=self.round,
            content=self.content,
            occurred_at=self.occurred_at,
            recorded_at=recorded_at,
            actor=actor,
            backfilled=backfilled,
        )


@dataclass(frozen=True, slots=True)
class Place:
    """动作落在何处：环节（事项一级的为 None），不得早于何时，以哪一段为依据。"""

    opened: OpenStage | None
    since: datetime | None
    basis: Words


def judge_opening(
    rulebook: Rulebook, facts: Mapping[str, Any], occurred_at: datetime
) -> Fact | Refusal:
    """可否立卷：事实齐全、类型与类别在册、不超过单个项目资金上限；报送件只看事实齐全。"""
    number = str(facts.get("number", ""))
    model: type[Content] = Opened if rulebook.submission is None else SubmissionOpened
    written = {**facts, VERSION: rulebook.version.id}
    try:
        content = model.model_validate(written).model_dump(mode="json")
    except ValidationError as error:
        sentence = complaint("立卷", error, model)
        first = rulebook.stages[starts(rulebook)[0]]
        return refuse(rulebook, number, "bad_content", sentence, first)
    if rulebook.submission is not None:
        return Fact("opened", None, None, content, occurred_at)
    content = completed(rulebook, content)
    refusal = unknown_details(rulebook, number, content[DETAILS]) or facts_problem(
        rulebook, number, flat(content)
    )
    return refusal or Fact("opened", None, None, content, occurred_at)


def judge(
    state: State, proposal: Proposal, calendar: Calendar, now: datetime, outside: Outside
) -> Fact | Refusal:
    """判断一个动作：轮得到、内容合格、时间不乱、环节所要求的都有。"""
    place = _place(state, proposal)
    if isinstance(place, Refusal):
        return place
    content = _form(state, proposal, place)
    if isinstance(content, Refusal):
        return content
    late = _is_late(state, proposal, calendar, now)
    ask = Ask(state, proposal.action, place.opened, content, proposal.occurred_at, outside)
    ask = normalized(ask)
    refusal = (
        _time_problem(state, proposal, place, now)
        or (_evidence_problem(state, proposal) if late else None)
        or _too_early(ask, calendar)
        or demand_problem(ask)
        or mended_problem(ask)
    )
    if refusal is not None:
        return refusal
    fact = Fact(
        kind=ACTIONS[proposal.action][0],
        stage=place.opened.stage if place.opened else None,
        round=place.opened.round if place.opened else None,
        content=ask.content,
        occurred_at=proposal.occurred_at,
        late=late,
    )
    written = _completed(ask, fact, calendar, now)
    return replace(fact, content={**written, **counted_of(ask), **content_of(ask)})


def _place(state: State, proposal: Proposal) -> Place | Refusal:
    """动作落在何处；轮不到时说明现在该做什么、该谁做。"""
    rulebook, action = state.rulebook, proposal.action
    if action not in ACTIONS:
        sentence = f"没有“{action}”这个动作，请从页面或命令列出的动作中选择。"
        return refuse(rulebook, state.number, "unknown_action", sentence, None)
    if state.request is not None and action not in MEANWHILE:
        return _request_place(state, action)
    late = _late_objection(state, proposal)
    if state.outcome is not None and action != "correct" and late is None:
        label = rulebook.outcomes.get(state.outcome, state.outcome)
        advice = ONCE_SENT if rulebook.submission else ONCE_DONE
        sentence = f"已办结（{label}），不能再办理；{advice}"
        last = state.results[-1].stage if state.results else starts(rulebook)[0]
        return refuse(rulebook, state.number, "closed", sentence, rulebook.stages[last])
    if action in CASE_ACTIONS:
        return _case_place(state, proposal)
    return _stage_place(state, proposal)


def _request_place(state: State, action: str) -> Place | Refusal:
    """有待审查的申请时，先办申请。"""
    pending = state.request
    if pending is None:
        raise ValueError(f"事项{state.number}没有待审查的申请。")
    rulebook = state.rulebook
    correcting = pending.kind == "corrected"
    basis: Words = rulebook.corrections if correcting else rulebook.changes
    label, actions = REQUEST_DUTIES[pending.kind]
    if action in actions:
        return Place(None, pending.at, basis)
    sentence = f"正待{label}，请先完成{label}再继续。"
    return refuse(rulebook, state.number, "request_pending", sentence, basis)


def _case_place(state: State, proposal: Proposal) -> Place | Refusal:
    """事项一级的动作：不早于立卷，停表不早于起算，恢复不早于停表。"""
    rulebook, action = state.rulebook, proposal.action
    if rulebook.submission is not None:
        sentence = "报送件本身不变更、撤销、更正；数据有误的，更正原事项后退回重新编制。"
        return refuse(rulebook, state.number, "not_for_submissions", sentence, None)
    since = state.history[0].occurred_at if state.history else None
    if action in ("correct", "migrate_rulebook"):
        return Place(None, since, rulebook.corrections)
    if action in ("request_change", "request_withdrawal"):
        return Place(None, since, rulebook.changes)
    for clock in state.clocks:
        if clock.name == proposal.content.get("clock"):
            last = [pause.until or pause.since for pause in clock.pauses[-1:]]
            return Place(None, max([clock.since, *last]), rulebook.clocks[clock.name])
    return Place(None, since, rulebook.changes)


def _stage_place(state: State, proposal: Proposal) -> Place | Refusal:
    for opened in state.open:
        if proposal.stage not in (None, opened.stage):
            continue
        if proposal.round not in (None, opened.round):
            continue
        if any(action == proposal.action for action, _ in stage_actions(state, opened)):
            since = opened.since
            if proposal.action == "take_down" and opened.publicity is not None:
                since = max([since, *opened.publicity.posted.values()])
            return Place(opened, since, state.rulebook.stages[opened.stage])
    late = _late_objection(state, proposal)
    if late is not None:
        return Place(late, late.since, state.rulebook.stages[late.stage])
    return _out_of_turn(state, proposal)


def _late_objection(state: State, proposal: Proposal) -> OpenStage | None:
    """期满之后补登期内的意见，落在哪个公示。"""
    if proposal.action != OBJECT:
        return None
    return late_objection_to(state, proposal.stage, proposal.round)


def _out_of_turn(state: State, proposal: Proposal) -> Refusal:
    """轮不到：说明现在在哪个环节、依据哪条、由谁办；缺授权规定的说明由谁补。"""
    rulebook = state.rulebook
    stopped = blocked(state)
    if stopped is not None:
        return stopped
    stages = [rulebook.stages[opened.stage] for opened in state.open]
    now_at = "、".join(
        f"“{stage.label}”（由{rulebook.roles[stage.by.role].label}办理）" for stage in stages
    )
    label, advice = ACTION_LABELS[proposal.action], "请先办完该环节"
    if proposal.action == OBJECT:
        advice = "公示没有开始，或期满之后已有环节办结；需要改动项目的请申请变更"
    sentence = f"现在不能“{label}”，事项正处在{now_at}，{advice}。"
    return refuse(rulebook, state.number, "out_of_turn", sentence, stages[-1] if stages else None)


def _form(state: State, proposal: Proposal, place: Place) -> dict[str, Any] | Refusal:
    """内容的写法是否合格。"""
    model = ACTIONS[proposal.action][1]
    try:
        return model.model_validate(dict(proposal.content)).model_dump(mode="json")
    except ValidationError as error:
        sentence = complaint(ACTION_LABELS[proposal.action], error, model)
        return refuse(state.rulebook, state.number, "bad_content", sentence, place.basis)


def _time_problem(state: State, proposal: Proposal, place: Place, now: datetime) -> Refusal | None:
    rulebook, at = state.rulebook, proposal.occurred_at
    if at > now:
        sentence = "发生时间晚于现在，请改为实际发生的时间。"
        return refuse(rulebook, state.number, "in_future", sentence, place.basis)
    if place.since is not None and at < place.since:
        day = local_day(place.since).isoformat()
        sentence = f"发生时间早于可以办理之时（{day}），请核对日期。"
        return refuse(rulebook, state.number, "too_early", sentence, place.basis)
    return None


def _too_early(ask: Ask, calendar: Calendar) -> Refusal | None:
    """拨付还没有到时候。"""
    if ask.action != "pay":
        return None
    return too_early_to_pay(ask.state, ask.opened, ask.occurred_at, calendar)


def _is_late(state: State, proposal: Proposal, calendar: Calendar, now: datetime) -> bool:
    if proposal.backfilled:
        return False
    allowance = state.rulebook.back_dating
    latest = add_workdays(calendar, local_day(proposal.occurred_at), allowance.count)
    return local_day(now) > latest


def _evidence_problem(state: State, proposal: Proposal) -> Refusal | None:
    """迟录超过宽限的须附凭证。"""
    if proposal.evidence:
        return None
    allowance = state.rulebook.back_dating
    sentence = f"补记超过{allowance.count}个工作日，请附凭证（如会议记录、照片）后再提交。"
    return refuse(state.rulebook, state.number, "late_without_evidence", sentence, allowance)


def _completed(ask: Ask, fact: Fact, calendar: Calendar, now: datetime) -> Mapping[str, Any]:
    """由系统写入的内容：公示起止、实施主体名称、审议前可自行撤回。"""
    state = ask.state
    if ask.action == "post" and ask.opened is not None:
        at = now if fact.late else fact.occurred_at
        period = announced(state, ask.opened, ask.content["channel"], at, calendar)
        counts_from = at.isoformat() if fact.late else ""
        return {**ask.content, "counts_from": counts_from, "period": period}
    if ask.action == "select" and ask.outside.implementer is not None:
        return {**ask.content, "implementer_name": ask.outside.implementer.name}
    if ask.action == "migrate_rulebook":
        return {**ask.content, "version_before": state.rulebook.version.id}
    if ask.action == "request_withdrawal":
        before = state.rulebook.changes.free_withdrawal_before
        free = before not in state.rounds and state.established_at is None
        return {**ask.content, "free": free}
    return ask.content
