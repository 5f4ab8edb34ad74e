"""折叠：把台账事件逐条应用到状态上。同样的事件永远得到同样的状态。"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from rulebooks.procedure.amounts import PAID, budgeted, given
from rulebooks.procedure.corrections import apply_correction, settle
from rulebooks.procedure.deadlines import ANSWER
from rulebooks.procedure.migration import MIGRATED, migrated
from rulebooks.procedure.publicizing import HANDLERS as PUBLICITY_HANDLERS
from rulebooks.procedure.revisions import reopen
from rulebooks.procedure.routes import begin, close_stage, closed, request
from rulebooks.procedure.state import Effect, NotApplicableError, Pause, State, the_open_stage
from rulebooks.procedure.verdicts import outcome_of
from rulebooks.vocabulary.events import ACTION_LABELS, Event
from rulebooks.vocabulary.facts import flat
from rulebooks.vocabulary.model import Rulebook

Handler = Callable[[State, Event], State]


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
        NotApplicableError: 事件与状态不符，如所指环节并未开启。
    """
    after = HANDLERS.get(event.kind, _answered)(state, event)
    return replace(after, history=(*state.history, event))


def _opened(state: State, event: Event) -> State:
    facts = flat(event.content)
    state = replace(state, facts=facts, amounts=budgeted(facts))
    return begin(state, event)


def _answered(state: State, event: Event) -> State:
    opened = the_open_stage(state, event)
    stage = state.rulebook.stages[opened.stage]
    if stage.records:
        state = replace(state, facts={**state.facts, **event.content.get("records", {})})
    amounts = given(stage.kind, event.content)
    if amounts:
        state = replace(state, amounts={**state.amounts, **amounts})
    outcome = outcome_of(stage, event.kind, event.content)
    if outcome is None:
        raise NotApplicableError(f"第{event.sequence}条：{event.kind}办结不了“{stage.label}”。")
    return close_stage(state, opened, outcome, event, event.content)


def _paid(state: State, event: Event) -> State:
    opened = the_open_stage(state, event)
    paid = state.amounts.get(PAID, 0) + int(event.content["amount"])
    state = replace(state, amounts={**state.amounts, PAID: paid})
    if outcome_of(state.rulebook.stages[opened.stage], event.kind, event.content) is None:
        return state
    return close_stage(state, opened, "paid", event, event.content)


def _change_approved(state: State, event: Event) -> State:
    if state.request is None:
        raise NotApplicableError(f"第{event.sequence}条：没有待审查的变更。")
    changes = state.request.content["changes"]
    return reopen(replace(state, request=None), changes, event)


def _refused(state: State, event: Event) -> State:
    return replace(state, request=None)


def _withdrawn(state: State, event: Event) -> State:
    return closed(state, "withdrawn", event)


def _withdrawal_requested(state: State, event: Event) -> State:
    return _withdrawn(state, event) if event.content.get("free") else request(state, event)


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
    """提醒、逾期、督办：同一环节同一轮的同一时限各一次；补录的早已过去，不再提醒。"""
    opened = the_open_stage(state, event)
    deadline = str(event.content["deadline"])
    mark = (event.kind, opened.stage, opened.round, deadline)
    if mark in state.fired:
        return state
    fired = state.fired | {mark}
    if event.backfilled:
        return replace(state, fired=fired)
    stage = state.rulebook.stages[opened.stage]
    reminder = Effect(
        key=f"{state.number}/remind/{event.kind}/{deadline}/{opened.stage}/{opened.round}",
        kind="remind",
        stage=opened.stage,
        round=opened.round,
        label=stage.label,
        article=state.rulebook.article(stage),
        content={
            "event": event.kind,
            "to": event.content.get("to"),
            "deadline": deadline,
            "limit": _limit_named(state, deadline),
        },
    )
    return replace(state, fired=fired, effects=(*state.effects, reminder))


def _limit_named(state: State, deadline: str) -> str:
    """是哪个时限：合并的时限、答复意见的时限各有名称，环节自身的不必另说。"""
    if deadline == ANSWER:
        return ACTION_LABELS["answer_objection"]
    clock = state.rulebook.clocks.get(deadline)
    return clock.label if clock is not None else ""


HANDLERS: Mapping[str, Handler] = {
    **PUBLICITY_HANDLERS,
    "opened": _opened,
    "paid": _paid,
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
    "corrected": apply_correction,
    "correction_settled": settle,
    MIGRATED: migrated,
}
