"""折叠：把台账事件逐条应用到状态上。同样的事件永远得到同样的状态。"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from rulebooks.conditions import ratio_holds
from rulebooks.events import Event
from rulebooks.model import Rulebook, Stage
from rulebooks.revisions import apply_correction, reopen, settle
from rulebooks.routes import close_stage, enter, owe_document, request
from rulebooks.state import (
    Effect,
    NotApplicableError,
    Objection,
    OpenStage,
    Pause,
    Publicity,
    State,
)

PLAIN_OUTCOMES: Mapping[str, str] = {
    "submitted": "submitted", "approved": "approve", "returned": "return",
    "rejected": "reject", "replied": "replied", "filed": "filed", "selected": "selected",
    "signed": "signed", "performed": "performed", "accepted": "passed",
    "mending_ordered": "mending", "audited": "audited", "measured": "measured",
    "archived": "archived",
}  # fmt: skip
AMOUNTS: Mapping[str, Mapping[str, str]] = {
    "signed": {"amount": "contract"},
    "audited": {"submitted": "submitted", "audited": "audited"},
}


def start(rulebook: Rulebook) -> State:
    """尚无事件的初始状态。"""
    return State(rulebook)


def fold(rulebook: Rulebook, events: Iterable[Event]) -> State:
    """从头折叠全部事件。"""
    state = start(rulebook)
    for event in events:
        state = apply(state, event)
    return state


def apply(state: State, event: Event) -> State:
    """应用一条事件，返回新状态。

    Raises:
        NotApplicableError: 事件所指环节并未开启。
    """
    handler = HANDLERS.get(event.kind, _answered)
    after = handler(state, event)
    return replace(after, history=(*state.history, event))


def passed(stage: Stage, content: Mapping[str, Any]) -> bool:
    """表决是否通过：前置要求齐备、无必须剔除的情形、法定人数与同意比例均达到。"""
    if stage.passes is None:
        return False
    checks = content.get("checks", {})
    for check in stage.checks:
        found = checks.get(check.term, False)
        if found and (check.severity == "must" or not content.get("override_reason")):
            return False
    bases = {"members": content["members"], "present": content["present"]}
    quorum = stage.passes.quorum
    if quorum is not None and not ratio_holds(quorum, content["present"], bases):
        return False
    return ratio_holds(stage.passes.majority, content["agree"], bases)


def _opened(state: State, event: Event) -> State:
    facts = dict(event.content)
    state = replace(state, facts=facts, amounts={"budget": int(facts["budget"])})
    return enter(state, state.rulebook.start, event)


def _stage(state: State, event: Event) -> OpenStage:
    opened = state.stage_open(event.stage, event.round)
    if opened is None:
        raise NotApplicableError(f"第{event.sequence}条：环节{event.stage}未开启。")
    return opened


def _answered(state: State, event: Event) -> State:
    opened = _stage(state, event)
    names = AMOUNTS.get(event.kind)
    if names:
        amounts = {name: int(event.content[key]) for key, name in names.items()}
        state = replace(state, amounts={**state.amounts, **amounts})
    return close_stage(state, opened, PLAIN_OUTCOMES[event.kind], event, event.content)


def _voted(state: State, event: Event) -> State:
    opened = _stage(state, event)
    outcome = "pass" if passed(state.rulebook.stages[opened.stage], event.content) else "fail"
    return close_stage(state, opened, outcome, event, event.content)


def _paid(state: State, event: Event) -> State:
    opened = _stage(state, event)
    paid = state.amounts.get("paid", 0) + int(event.content["amount"])
    state = replace(state, amounts={**state.amounts, "paid": paid})
    if not event.content.get("final", True):
        return state
    return close_stage(state, opened, "paid", event, event.content)


def _publicity(state: State, opened: OpenStage, publicity: Publicity) -> State:
    changed = replace(opened, publicity=publicity)
    return replace(state, open=tuple(changed if item is opened else item for item in state.open))


def _publicized(event_state: State, event: Event) -> tuple[OpenStage, Publicity]:
    opened = _stage(event_state, event)
    if opened.publicity is None:
        raise NotApplicableError(f"第{event.sequence}条：环节{event.stage}不是公示。")
    return opened, opened.publicity


def _posted(state: State, event: Event) -> State:
    opened, publicity = _publicized(state, event)
    posted = {**publicity.posted, event.content["channel"]: event.occurred_at}
    period = event.content.get("period") or publicity.period
    state = _publicity(state, opened, replace(publicity, posted=posted, period=period))
    stage = state.rulebook.stages[opened.stage]
    if period is None or stage.announces is None or event.backfilled:
        return state
    return owe_document(state, stage.announces, opened.stage, opened.round, stage)


def _taken_down(state: State, event: Event) -> State:
    opened, publicity = _publicized(state, event)
    posted = {k: v for k, v in publicity.posted.items() if k != event.content["channel"]}
    return _publicity(state, opened, replace(publicity, posted=posted, period=None))


def _extended(state: State, event: Event) -> State:
    opened, publicity = _publicized(state, event)
    return _publicity(state, opened, replace(publicity, period=event.content["period"]))


def _objected(state: State, event: Event) -> State:
    opened, publicity = _publicized(state, event)
    objections = (*publicity.objections, Objection(event.content["objection"]))
    return _publicity(state, opened, replace(publicity, objections=objections))


def _objection_answered(state: State, event: Event) -> State:
    opened, publicity = _publicized(state, event)
    upheld = bool(event.content["upheld"])
    objections = tuple(
        Objection(item.name, upheld) if item.name == event.content["objection"] else item
        for item in publicity.objections
    )
    publicity = replace(publicity, objections=objections)
    state = _publicity(state, opened, publicity)
    opened = _stage(state, event)
    if upheld and "upheld" in state.rulebook.stages[opened.stage].then:
        return close_stage(state, opened, "upheld", event, event.content)
    return _end_if_ready(state, opened, publicity, event)


def _publicity_ended(state: State, event: Event) -> State:
    opened, publicity = _publicized(state, event)
    publicity = replace(publicity, ended=True)
    state = _publicity(state, opened, publicity)
    return _end_if_ready(state, _stage(state, event), publicity, event)


def _end_if_ready(state: State, opened: OpenStage, publicity: Publicity, event: Event) -> State:
    if not publicity.ended or publicity.unanswered:
        return state
    content = {"period": dict(publicity.period or {}), "objections": len(publicity.objections)}
    return close_stage(state, opened, "ended", event, content)


def _change_approved(state: State, event: Event) -> State:
    if state.request is None:
        raise NotApplicableError(f"第{event.sequence}条：没有待审查的变更。")
    changes = state.request.content["changes"]
    return reopen(replace(state, request=None), changes, event, fold=fold, apply=apply)


def _refused(state: State, event: Event) -> State:
    return replace(state, request=None)


def _withdrawn(state: State, event: Event) -> State:
    return replace(
        state, request=None, open=(), join=None, clocks=(),
        outcome="withdrawn", closed_at=event.occurred_at,
    )  # fmt: skip


def _withdrawal_requested(state: State, event: Event) -> State:
    if event.content.get("free"):
        return _withdrawn(state, event)
    return request(state, event)


def _clock_paused(state: State, event: Event) -> State:
    return _with_pauses(state, event, lambda pauses: (*pauses, Pause(event.occurred_at)))


def _clock_resumed(state: State, event: Event) -> State:
    return _with_pauses(
        state, event, lambda pauses: (*pauses[:-1], replace(pauses[-1], until=event.occurred_at))
    )


def _with_pauses(
    state: State, event: Event, change: Callable[[tuple[Pause, ...]], tuple[Pause, ...]]
) -> State:
    return replace(
        state,
        clocks=tuple(
            replace(clock, pauses=change(clock.pauses))
            if clock.name == event.content["clock"]
            else clock
            for clock in state.clocks
        ),
    )


def _timed(state: State, event: Event) -> State:
    opened = _stage(state, event)
    deadline = str(event.content["deadline"])
    mark = (event.kind, opened.stage, opened.round, deadline)
    state = replace(state, fired=state.fired | {mark})
    stage = state.rulebook.stages[opened.stage]
    return state.with_effect(
        Effect(
            key=f"{state.number}/remind/{event.kind}/{deadline}/{opened.stage}/{opened.round}",
            kind="remind",
            stage=opened.stage,
            round=opened.round,
            label=stage.label,
            article=state.rulebook.article(stage),
            content={"event": event.kind, "to": event.content.get("to"), "deadline": deadline},
        )
    )


def _corrected(state: State, event: Event) -> State:
    return apply_correction(state, event, fold=fold, apply=apply)


def _correction_settled(state: State, event: Event) -> State:
    return settle(state, event, fold=fold, apply=apply)


HANDLERS: Mapping[str, Callable[[State, Event], State]] = {
    "opened": _opened,
    "voted": _voted,
    "paid": _paid,
    "posted": _posted,
    "taken_down": _taken_down,
    "objected": _objected,
    "objection_answered": _objection_answered,
    "publicity_ended": _publicity_ended,
    "publicity_extended": _extended,
    "change_requested": request,
    "change_approved": _change_approved,
    "change_refused": _refused,
    "withdrawal_requested": _withdrawal_requested,
    "withdrawn": _withdrawn,
    "withdrawal_refused": _refused,
    "clock_paused": _clock_paused,
    "clock_resumed": _clock_resumed,
    "reminded": _timed,
    "fell_overdue": _timed,
    "escalated": _timed,
    "corrected": _corrected,
    "correction_settled": _correction_settled,
}
