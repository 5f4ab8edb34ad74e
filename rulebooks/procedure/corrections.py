"""更正：记错的内容改正，原条保留；其后有以它为依据的环节的，由裁定人决定保留或重办。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rulebooks.procedure.amounts import PAID
from rulebooks.procedure.revisions import (
    changed_facts,
    current,
    redirected,
    reopen,
    restart_publicity,
    restarted,
    rewind,
    valid,
    with_amounts,
    with_facts,
)
from rulebooks.procedure.routes import CLOSE, destination, request
from rulebooks.procedure.state import NotApplicableError, Result, State
from rulebooks.procedure.verdicts import BY_CONTENT, outcome_of
from rulebooks.vocabulary.contents import Content, Opened
from rulebooks.vocabulary.events import ACTIONS, Event

MODELS: Mapping[str, type[Content]] = {"opened": Opened, **dict(ACTIONS.values())}


def correctable(kind: str) -> dict[str, str]:
    """某种事件可以更正的各项及其名称；时间到达的事件没有可以更正的。"""
    model = MODELS.get(kind)
    if model is None:
        return {}
    return {
        name: info.title or name
        for name, info in model.model_fields.items()
        if not _is_set(info.json_schema_extra)
    }


def _is_set(extra: Any) -> bool:
    return isinstance(extra, dict) and bool(extra.get("machine") or extra.get("fixed"))


def apply_correction(state: State, event: Event) -> State:
    """更正一条记录：其后没有环节以它为依据的直接改正，有的等待裁定。"""
    sequence, content = event.content["sequence"], event.content["content"]
    if relied_on(state, sequence, content):
        return request(state, event)
    return amend(state, sequence, content, event)


def settle(state: State, event: Event) -> State:
    """裁定更正：保留则只改内容，其后不动；作废则从该处重办。"""
    pending = state.request
    if pending is None:
        raise NotApplicableError(f"第{event.sequence}条：没有待裁定的更正。")
    state = replace(state, request=None)
    sequence, content = pending.content["sequence"], pending.content["content"]
    if event.content["keep"]:
        return amend(state, sequence, content, event)
    return _redo(state, sequence, content, event)


def relied_on(state: State, sequence: int, content: Mapping[str, Any]) -> bool:
    """其后是否有环节以被更正的内容为依据：事实、结果、去向、金额任一项会因此不同。"""
    if state.history[sequence - 1].kind == "opened":
        changed = changed_facts(state, content)
        return _matters(state, with_facts(state, content), changed, since=0)
    result = _result_at(state, sequence)
    if result is None or not _stands(state):
        return False
    mended = _mended(state, result, content)
    if mended is None or mended.outcome != result.outcome:
        return True
    after = _with_result(state, mended)
    changed = frozenset(
        name for name in after.amounts if after.amounts[name] != state.amounts.get(name)
    )
    return _matters(state, after, changed, since=sequence)


def amend(state: State, sequence: int, content: Mapping[str, Any], event: Event) -> State:
    """改正内容而不动其后各环节：事实、金额、结果的内容随之更新，公示内容变了的重新公示。"""
    original = state.history[sequence - 1]
    before, after = state.content_of(sequence), {**state.content_of(sequence), **content}
    state = replace(state, mended={**state.mended, sequence: after})
    if original.kind == "opened":
        changed = changed_facts(state, content)
        return restart_publicity(with_facts(state, content), changed, event)
    if original.kind == "paid":
        paid = state.amounts[PAID] + int(after["amount"]) - int(before["amount"])
        state = replace(state, amounts={**state.amounts, PAID: paid})
    result = _result_at(state, sequence)
    # 答复最后一条意见而结束的公示，结果记的是起止，不是答复。
    if result is None or result.content != before:
        return state
    return _with_result(state, replace(result, content=after))


def _redo(state: State, sequence: int, content: Mapping[str, Any], event: Event) -> State:
    """按更正后的内容从该处重办。"""
    result = _result_at(state, sequence)
    if result is None:
        amended = replace(
            state, mended={**state.mended, sequence: {**state.content_of(sequence), **content}}
        )
        return reopen(amended, content, event)
    mended = _mended(state, result, content)
    state = amend(state, sequence, content, event)
    current = _result_at(state, sequence) or result
    return rewind(state, current, event, instead=mended)


def _result_at(state: State, sequence: int) -> Result | None:
    """该条台账所办结的、仍然有效的结果。"""
    return next((result for result in valid(state) if result.sequence == sequence), None)


def _mended(state: State, result: Result, content: Mapping[str, Any]) -> Result | None:
    """按更正后的内容应有的结果；不再办结环节的为 None。"""
    after = {**state.content_of(result.sequence), **content}
    stage = state.rulebook.stages[result.stage]
    kind = state.history[result.sequence - 1].kind
    outcome = outcome_of(stage, kind, after) if kind in BY_CONTENT else result.outcome
    if outcome is None:
        return None
    mended = replace(result, outcome=outcome, content=after)
    to = destination(stage.then[outcome], _with_result(state, mended))
    return replace(mended, to=to)


def _with_result(state: State, mended: Result) -> State:
    results = tuple(
        mended if item.sequence == mended.sequence and not item.void else item
        for item in state.results
    )
    return with_amounts(replace(state, results=results))


def _stands(state: State) -> bool:
    """事项是否还在往下走，或由某个环节的结果结案（撤销的不再恢复）。"""
    if state.outcome is None:
        return True
    return any(result.to == f"{CLOSE}:{state.outcome}" for result in valid(state))


def _matters(state: State, after: State, changed: frozenset[str], *, since: int) -> bool:
    """改动是否触及其后有效的结果：所依据的内容变了，或去向变了。"""
    if not _stands(state):
        return False
    return restarted(state, after) or any(
        redirected(after, result) is not None
        or (
            result.sequence > since
            and changed.intersection(state.rulebook.stages[result.stage].rests_on)
        )
        for result in current(after)
    )
