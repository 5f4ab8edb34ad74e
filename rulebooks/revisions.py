"""变更与更正（第三十一条）：已办环节所依据的事实一旦改变，其结果失效，从最早受影响处重办。

做法是把台账折叠到受影响的环节之前，换上新的事实，再从那里往下走；失效的结果保留并标明。
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from rulebooks.events import Event
from rulebooks.model import Rulebook
from rulebooks.routes import destination, enter, go, request
from rulebooks.state import NotApplicableError, Result, State

Fold = Callable[[Rulebook, Iterable[Event]], State]
Apply = Callable[[State, Event], State]


def reopen(
    state: State, changes: Mapping[str, Any], event: Event, *, fold: Fold, apply: Apply
) -> State:
    """事实变更后重办：失效从最早依据该事实的环节开始；改变了分流的，从分流处改道。"""
    changed = frozenset(name for name in changes if state.facts.get(name) != changes[name])
    renewed = _with_facts(state, changes)
    for result in state.results:
        if result.void:
            continue
        if changed.intersection(state.rulebook.stages[result.stage].rests_on):
            return _rewind(renewed, result, event, fold=fold, rerouted=None)
        rerouted = _new_destination(renewed, result)
        if rerouted is not None:
            return _rewind(renewed, result, event, fold=fold, rerouted=rerouted)
    return _restart_publicity(renewed, changed, event)


def apply_correction(state: State, event: Event, *, fold: Fold, apply: Apply) -> State:
    """更正一条记录：其后各环节不受影响的直接改正，受影响的等待裁定。"""
    corrected = _substituted(state, event)
    try:
        refolded = fold(state.rulebook, corrected)
    except (NotApplicableError, KeyError):
        return request(state, event)
    if _facts_matter(state, event) or _same_places(state) != _same_places(refolded):
        return request(state, event)
    return replace(refolded, effects=state.effects, rounds=state.rounds, fired=state.fired)


def settle(state: State, event: Event, *, fold: Fold, apply: Apply) -> State:
    """裁定更正：保留则其后不动；作废则按更正后的内容从该处重办。"""
    pending = state.request
    state = replace(state, request=None)
    if pending is None or event.content["keep"]:
        return state
    original = state.history[pending.content["sequence"] - 1]
    if original.kind == "opened":
        return reopen(state, pending.content["content"], event, fold=fold, apply=apply)
    mended = replace(original, content={**original.content, **pending.content["content"]})
    prefix = [item for item in state.history if item.sequence < original.sequence]
    base = apply(fold(state.rulebook, prefix), mended)
    return _resume(state, base, original.sequence, event)


def _with_facts(state: State, changes: Mapping[str, Any]) -> State:
    facts = {**state.facts, **changes}
    return replace(state, facts=facts, amounts={**state.amounts, "budget": int(facts["budget"])})


def _new_destination(state: State, result: Result) -> str | None:
    """新事实下的去向；与当时相同则为 None。"""
    target = state.rulebook.stages[result.stage].then[result.outcome]
    if not target.choose:
        return None
    to = destination(state.rulebook, target, state)
    return None if to == result.to else to


def _rewind(state: State, cut: Result, event: Event, *, fold: Fold, rerouted: str | None) -> State:
    """退回到某结果之前（或改道之处），其后的结果失效，受影响的环节开新一轮。"""
    prefix = [item for item in state.history if item.sequence < cut.sequence]
    base = fold(state.rulebook, prefix)
    base = replace(
        base, facts=state.facts, amounts={**base.amounts, "budget": state.amounts["budget"]}
    )
    first_void = cut.sequence if rerouted is None else cut.sequence + 1
    if rerouted is None:
        return _resume(state, base, first_void, event)
    base = replace(base, open=tuple(item for item in base.open if item.stage != cut.stage))
    moved = tuple(
        replace(item, to=rerouted) if item.sequence == cut.sequence else item
        for item in state.results
    )
    state = _resume(replace(state, results=moved), base, first_void, event)
    return go(state, rerouted, event)


def _resume(state: State, base: State, first_void: int, event: Event) -> State:
    """以折叠到断点的状态为底继续：轮次、已办效果、已发提醒沿用，断点之后的结果标为失效。"""
    known = {result.sequence for result in state.results}
    results = tuple(
        replace(result, void=result.void or result.sequence >= first_void)
        for result in state.results
    ) + tuple(result for result in base.results if result.sequence not in known)
    kept = tuple(item for item in base.open if state.stage_open(item.stage, item.round) is not None)
    resumed = replace(
        base,
        history=state.history,
        open=tuple(
            current for item in kept if (current := state.stage_open(item.stage, item.round))
        ),
        results=results,
        rounds=state.rounds,
        clocks=state.clocks,
        request=None,
        effects=state.effects,
        fired=state.fired,
    )
    for effect in base.effects:
        resumed = resumed.with_effect(effect)
    for item in base.open:
        if item not in kept:
            resumed = enter(resumed, item.stage, event)
    return resumed


def _restart_publicity(state: State, changed: frozenset[str], event: Event) -> State:
    """公示内容改变的，公示重新开始。"""
    for item in state.open:
        stage = state.rulebook.stages.get(item.stage)
        if item.publicity is None or stage is None or not changed.intersection(stage.rests_on):
            continue
        rest = tuple(other for other in state.open if other is not item)
        state = enter(replace(state, open=rest), item.stage, event)
    return state


def _substituted(state: State, event: Event) -> list[Event]:
    sequence = event.content["sequence"]
    return [
        replace(item, content={**item.content, **event.content["content"]})
        if item.sequence == sequence
        else item
        for item in state.history
    ]


def _facts_matter(state: State, event: Event) -> bool:
    """更正的若是立卷事实，是否已有环节以它为依据。"""
    original = state.history[event.content["sequence"] - 1]
    if original.kind != "opened":
        return False
    changed = set(event.content["content"])
    return any(
        changed.intersection(state.rulebook.stages[result.stage].rests_on)
        for result in state.results
        if not result.void
    )


def _same_places(state: State) -> tuple[object, ...]:
    return (
        tuple((item.stage, item.round) for item in state.open),
        tuple((item.stage, item.round, item.outcome) for item in state.results),
        state.outcome,
    )
