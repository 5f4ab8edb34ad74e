"""动作：此刻可以做什么，由谁做。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rulebooks.procedure.objections import OBJECT, late_objection_to
from rulebooks.procedure.state import OpenStage, Publicity, State
from rulebooks.vocabulary.events import STAGE_ACTIONS, outcomes_of
from rulebooks.vocabulary.model import Assignee, Stage

# 事项一级的动作：不落在某个环节上。
CASE_ACTIONS = frozenset(
    {
        "request_change",
        "request_withdrawal",
        "pause_clock",
        "resume_clock",
        "migrate_rulebook",
        "correct",
    }
)
# 待审查的申请 → 待办名称与可做的动作。
REQUEST_DUTIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "change_requested": ("审查变更", ("approve_change", "refuse_change")),
    "withdrawal_requested": ("审查撤销", ("approve_withdrawal", "refuse_withdrawal")),
    "corrected": ("裁定更正", ("settle_correction",)),
}
# 公示期内可做可不做的动作，不算待办。
OPTIONAL = frozenset({"object", "take_down", "withdraw_objection"})
# 有待审查的申请时仍可做的：公示期不因申请而停，意见与中断照样登记。
MEANWHILE = OPTIONAL | {"answer_objection"}


def who_may(state: State, action: str, stage: str | None) -> Assignee | None:
    """谁可以做这个动作；此刻没有人可以做则为 None。"""
    if state.request is not None and action in REQUEST_DUTIES[state.request.kind][1]:
        return request_reviewer(state)
    if action in CASE_ACTIONS:
        return _case_actor(state, action)
    for opened in state.open:
        for offered, assignee in stage_actions(state, opened):
            if offered == action and stage in (None, opened.stage):
                return assignee
    late = late_objection_to(state, stage, None) if action == OBJECT else None
    return None if late is None else state.rulebook.stages[late.stage].by


def _case_actor(state: State, action: str) -> Assignee | None:
    """事项一级的动作由谁做；报送件没有这些动作。"""
    rulebook = state.rulebook
    if rulebook.submission is not None:
        return None
    if action in ("request_change", "request_withdrawal"):
        return rulebook.changes.requested_by
    if action == "correct":
        return rulebook.corrections.settled_by
    if action == "migrate_rulebook":
        return rulebook.corrections.settled_by if len(rulebook.versions) > 1 else None
    clocks = [rulebook.clocks[clock.name] for clock in state.clocks]
    return next((clock.paused_by for clock in clocks if clock.pausable), None)


def request_reviewer(state: State) -> Assignee:
    """待审查的申请由谁办。"""
    rulebook = state.rulebook
    if state.request is not None and state.request.kind == "corrected":
        return rulebook.corrections.settled_by
    return rulebook.changes.review_by


def stage_actions(state: State, opened: OpenStage) -> tuple[tuple[str, Assignee], ...]:
    """一个正在办理的环节此刻可做的动作及各自的经办角色。"""
    stage = state.rulebook.stages.get(opened.stage)
    if stage is None:
        return ()
    if opened.publicity is not None:
        return tuple(_publicity_actions(stage, opened.publicity))
    return tuple(
        (action, stage.by)
        for action in STAGE_ACTIONS[stage.kind]
        if not stage.then.keys().isdisjoint(outcomes_of(stage, action))
    )


def _publicity_actions(stage: Stage, publicity: Publicity) -> Iterator[tuple[str, Assignee]]:
    if publicity.period is None:
        yield "post", stage.by
    elif not publicity.ended:
        yield "take_down", stage.by
    if publicity.period is not None:
        yield "object", stage.by
    counted = stage.objections is not None and stage.objections.threshold is not None
    if counted and publicity.standing:
        yield "withdraw_objection", stage.by
    if publicity.unanswered:
        yield "answer_objection", stage.answered_by or stage.by
