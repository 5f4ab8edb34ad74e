"""变更：已办环节所依据的事实一旦改变，其结果失效，从最早受影响处重办。

做法是恢复到该环节办结之前的处境，换上新的事实，再从那里往下走；失效的结果保留并标明。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from rulebooks.procedure.amounts import PAID, amounts_of
from rulebooks.procedure.routes import begin, beginning, carry_on, destination, enter, follow
from rulebooks.procedure.state import OpenStage, Result, State, place_of
from rulebooks.vocabulary.events import Event
from rulebooks.vocabulary.references import JOIN, downstream


def reopen(state: State, changes: Mapping[str, Any], event: Event) -> State:
    """事实变更后重办：失效从最早依据该事实的环节开始；改变了分流的，从分流处改道。"""
    changed = changed_facts(state, changes)
    renewed = with_facts(state, changes)
    if restarted(state, renewed):
        return from_start(renewed, event)
    for result in current(state):
        if changed.intersection(state.rulebook.stages[result.stage].rests_on):
            renewed = rewind(renewed, result, event)
            break
        to = redirected(renewed, result)
        if to is not None:
            renewed = rewind(renewed, result, event, instead=replace(result, to=to))
            break
    return restart_publicity(renewed, changed, event)


def restarted(before: State, after: State) -> bool:
    """事实变更后，起点是否不同了。"""
    rulebook = before.rulebook
    if not rulebook.start.choose:
        return False
    return beginning(rulebook, before.facts) != beginning(rulebook, after.facts)


def from_start(state: State, event: Event) -> State:
    """从起点重办：已有的结果全部失效。"""
    state = replace(
        state,
        results=tuple(replace(result, void=True) for result in state.results),
        open=(),
        join=None,
        clocks=(),
        outcome=None,
        closed_at=None,
        established_at=None,
    )
    return begin(with_amounts(state), event)


def changed_facts(state: State, changes: Mapping[str, Any]) -> frozenset[str]:
    """与现有事实不同的各项。"""
    return frozenset(name for name in changes if state.facts.get(name) != changes[name])


def with_facts(state: State, changes: Mapping[str, Any]) -> State:
    """换上新的事实，金额随之重算。"""
    return with_amounts(replace(state, facts={**state.facts, **changes}))


def with_amounts(state: State) -> State:
    """按现有事实与有效结果重算金额。"""
    paid = state.amounts.get(PAID)
    amounts = amounts_of(state.rulebook, state.facts, state.results, paid)
    return replace(state, amounts=amounts)


def valid(state: State) -> Iterator[Result]:
    """仍然有效的结果，按先后。"""
    return (result for result in state.results if not result.void)


def current(state: State) -> list[Result]:
    """眼下这条路上的结果，按先后：退回重走的，上一遍走过的不算。"""
    path: list[Result] = []
    for result in valid(state):
        path = [*_before_loop(state, path, result.stage), result]
    for opened in state.open:
        path = _before_loop(state, path, place_of(opened.stage))
    return path


def _before_loop(state: State, path: list[Result], stage: str) -> list[Result]:
    """再次走到某环节时，去掉上一遍从它走到这里的各步；并行的另一支不动。"""
    first = next((result.sequence for result in path if result.stage == stage), None)
    if first is None:
        return path
    behind = downstream(state.rulebook, stage)
    return [result for result in path if result.sequence < first or result.stage not in behind]


def redirected(state: State, result: Result) -> str | None:
    """现有事实与金额下的去向；与当时相同则为 None。"""
    target = state.rulebook.stages[result.stage].then[result.outcome]
    to = destination(target, state)
    return None if to == result.to else to


def rewind(state: State, cut: Result, event: Event, *, instead: Result | None = None) -> State:
    """退回到某结果办结之前：其后的结果失效，并行的另一支不受影响。

    `instead` 为改正后的同一结果（结果、去向或内容不同），从它往下走；没有则该环节开新一轮。
    """
    state, kept = _undone(state, cut, instead)
    for name in _to_reopen(state, cut, kept, again=instead is None):
        state = enter(state, name, event)
    return state if instead is None else follow(state, instead, event)


def resume(state: State, cut: Result, opened: OpenStage, event: Event) -> State:
    """退回到某结果办结之前，该环节另开一轮接着办；`opened` 为接着办时的情形。"""
    state, kept = _undone(state, cut, None)
    for name in _to_reopen(state, cut, kept, again=False):
        state = enter(state, name, event)
    return carry_on(state, opened, event)


def _undone(state: State, cut: Result, instead: Result | None) -> tuple[State, list[Result]]:
    """某结果办结之前的处境，及其后仍然有效的结果。"""
    behind = downstream(state.rulebook, cut.stage)
    later = [result for result in valid(state) if result.sequence > cut.sequence]
    void = {result.sequence for result in later if result.stage in behind}
    kept = [result for result in later if result.sequence not in void]
    # 缺授权规定而停住之处不是规则手册的环节，由失效的结果引到那里的一并撤去。
    led_to = {cut.to, *(result.to for result in later if result.sequence in void)}
    state = replace(
        state,
        results=tuple(_revised(result, cut, void, instead) for result in state.results),
        open=_untouched(state, cut, behind | led_to),
        join=_pending(cut, kept),
        outcome=None,
        closed_at=None,
        established_at=cut.before.established_at,
    )
    return with_amounts(state), kept


def _revised(result: Result, cut: Result, void: set[int], instead: Result | None) -> Result:
    if result.sequence == cut.sequence and not result.void:
        return replace(result, void=True) if instead is None else instead
    return replace(result, void=True) if result.sequence in void else result


def _untouched(state: State, cut: Result, behind: frozenset[str]) -> tuple[OpenStage, ...]:
    """另一支上正在办理的环节：断点之前就开着的，或不在断点之后的。"""
    before = {(item.stage, item.round) for item in cut.before.open}
    return tuple(
        item
        for item in state.open
        if (item.stage, item.round) in before or place_of(item.stage) not in behind
    )


def _pending(cut: Result, kept: list[Result]) -> tuple[str, int] | None:
    """会合还差几支：断点时的数目，减去其后办到会合而仍有效的。"""
    if cut.before.join is None:
        return None
    name, count = cut.before.join
    return name, count - sum(result.to == JOIN for result in kept)


def _to_reopen(state: State, cut: Result, kept: list[Result], *, again: bool) -> list[str]:
    """断点时开着、现在须开新一轮的环节。"""
    finished = {(result.stage, result.round) for result in kept}
    still = {(item.stage, item.round) for item in state.open}
    return [
        item.stage
        for item in cut.before.open
        if (again or item.stage != cut.stage) and (item.stage, item.round) not in finished | still
    ]


def restart_publicity(state: State, changed: frozenset[str], event: Event) -> State:
    """公示内容改变的，正在进行的公示重新开始。"""
    for item in state.open:
        stage = state.rulebook.stages.get(item.stage)
        if item.publicity is None or stage is None or item.sequence == event.sequence:
            continue
        if changed.intersection(stage.rests_on):
            rest = tuple(other for other in state.open if other is not item)
            state = enter(replace(state, open=rest), item.stage, event)
    return state
