"""环节的进入与办结：去向、分流、并行、授权程序、结案。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rulebooks.policy.conditions import choose
from rulebooks.procedure.amounts import budgeted
from rulebooks.procedure.state import (
    BLOCKED,
    SHORT,
    Effect,
    OpenStage,
    Publicity,
    Request,
    Result,
    RunningClock,
    Standing,
    State,
    place_of,
)
from rulebooks.vocabulary.events import Event
from rulebooks.vocabulary.facts import completed, flat
from rulebooks.vocabulary.model import Assignee, Branch, Cited, Delegated, Rulebook, Stage, Target
from rulebooks.vocabulary.references import JOIN, every_target, starts

CLOSE = "close"
# 这些结果即为同意：写了 establishes 的环节由此立项。
ESTABLISHING = frozenset({"approve", "chosen", "approved"})


def destination(target: Target, state: State) -> str:
    """去向的确切环节名；并行写作 a+b，结案写作 close:终局，缺授权规定写作 blocked:程序。"""
    if target.close is not None:
        return f"{CLOSE}:{target.close}"
    if target.parallel:
        return "+".join(target.parallel)
    if target.to is not None:
        return target.to
    return _chosen(choose(target.choose, state.facts, state.amounts), state.rulebook)


def beginning(rulebook: Rulebook, facts: Mapping[str, Any]) -> str:
    """事项从哪里开始，写法同 `destination`。"""
    target = rulebook.start
    return target.to or destination(target, State(rulebook, facts=facts, amounts=budgeted(facts)))


def _chosen(branch: Branch | None, rulebook: Rulebook) -> str:
    if branch is None:
        return f"{BLOCKED}:choose"
    if isinstance(branch.to, Delegated):
        first = rulebook.procedures.get(branch.to.procedure)
        return first or f"{BLOCKED}:{branch.to.procedure}"
    return branch.to


def delegation(rulebook: Rulebook, procedure: str) -> Branch | None:
    """授权下级规定某程序的那一支，条款写在上面。"""
    for target in every_target(rulebook):
        for branch in target.choose:
            if isinstance(branch.to, Delegated) and branch.to.procedure == procedure:
                return branch
    return None


def opener(rulebook: Rulebook, content: Mapping[str, Any]) -> Assignee:
    """立卷由谁办：起始环节的经办角色；起点因缺规定而停住的，由可以申请变更的人办。

    `content` 为立卷内容，尚未核对：读不出起点的，按寻常的起点。
    """
    try:
        to = beginning(rulebook, flat(completed(rulebook, content)))
    except (KeyError, TypeError, ValueError):
        to = next(iter(starts(rulebook)), "")
    stage = rulebook.stages.get(to.split("+")[0])
    return rulebook.changes.requested_by if stage is None else stage.by


def begin(state: State, event: Event) -> State:
    """从起点开始。"""
    start = state.rulebook.start
    return go(state, destination(start, state), event, joins=start.join)


def close_stage(
    state: State, opened: OpenStage, outcome: str, event: Event, content: Mapping[str, Any]
) -> State:
    """环节以某结果办结：记结果，发公文，去往下一处。"""
    stage = state.rulebook.stages[opened.stage]
    target = stage.then[outcome]
    result = Result(
        stage=opened.stage,
        round=opened.round,
        outcome=outcome,
        at=event.occurred_at,
        sequence=event.sequence,
        opened_at=opened.since,
        to=destination(target, state),
        content=content,
        backfilled=event.backfilled,
        before=Standing(state.open, state.join, state.established_at),
    )
    state = replace(
        state,
        open=tuple(item for item in state.open if item is not opened),
        results=(*state.results, result),
    )
    if event.backfilled:
        state = without_effects(state, opened)
    return follow(state, result, event)


def follow(state: State, result: Result, event: Event) -> State:
    """沿结果的去向往下走：记立项，发公文，进入下一处。"""
    stage = state.rulebook.stages[result.stage]
    target = stage.then[result.outcome]
    if stage.establishes and result.outcome in ESTABLISHING:
        state = replace(state, established_at=result.at)
    if target.issue is not None and not result.backfilled:
        cited = target if target.cites is not None else stage
        state = owe_document(state, target.issue, result.stage, result.round, cited)
    return go(state, result.to, event, joins=target.join)


def go(state: State, to: str, event: Event, *, joins: str | None = None) -> State:
    """去往某处：结案、会合、并行或单个环节。"""
    kind, _, name = to.partition(":")
    if kind == CLOSE:
        return closed(state, name, event)
    if to == JOIN:
        return _arrive(state, event)
    names = to.split("+")
    if joins is not None:
        state = replace(state, join=(joins, len(names)))
    for stage_name in names:
        state = enter(state, stage_name, event)
    return state


def closed(state: State, outcome: str, event: Event) -> State:
    """结案：不再有正在办理的环节、时限与申请。"""
    return replace(
        state,
        open=(),
        join=None,
        clocks=(),
        request=None,
        outcome=outcome,
        closed_at=event.occurred_at,
    )


def _arrive(state: State, event: Event) -> State:
    """并行的一支办完：最后一支到达时进入会合后的环节。"""
    if state.join is None:
        raise ValueError(f"事项{state.number}没有等待会合的并行环节。")
    to, pending = state.join
    if pending > 1:
        return replace(state, join=(to, pending - 1), clocks=running(state, state.open, event))
    return enter(replace(state, join=None), to, event)


def enter(state: State, name: str, event: Event) -> State:
    """开启一个环节的新一轮，起走覆盖它的合并时限，并记下机器应办的事。"""
    name = place_of(name)
    stage = state.rulebook.stages.get(name)
    if stage is not None and stage.missing:
        # 地方所定之数还没有：停在门口，不起走时限，不欠公文。
        stage, name = None, f"{SHORT}{name}"
    round_ = state.rounds.get(name, 0) + 1
    publicity = Publicity() if stage is not None and stage.kind == "publicize" else None
    opened = (*state.open, OpenStage(name, round_, event.occurred_at, event.sequence, publicity))
    effects = state.effects
    if stage is not None:
        effects = _owed_at_opening(state, stage, name, round_)
    return replace(
        state,
        open=opened,
        rounds={**state.rounds, name: round_},
        clocks=running(state, opened, event),
        effects=effects,
    )


def carry_on(state: State, opened: OpenStage, event: Event) -> State:
    """另开一轮，照上一轮的情形接着办：张贴过的照旧，开启时的公文不再出具。"""
    round_ = state.rounds[opened.stage] + 1
    stage = state.rulebook.stages[opened.stage]
    open_ = (*state.open, replace(opened, round=round_, sequence=event.sequence))
    return replace(
        state,
        open=open_,
        rounds={**state.rounds, opened.stage: round_},
        clocks=running(state, open_, event),
        effects=(*state.effects, _opening(state, stage, opened.stage, round_)),
    )


def running(state: State, opened: tuple[OpenStage, ...], event: Event) -> tuple[RunningClock, ...]:
    """合并时限：覆盖的环节开启即起走，全部离开即停。"""
    names = {item.stage for item in opened}
    running = {clock.name: clock for clock in state.clocks}
    return tuple(
        running.get(name, RunningClock(name, event.occurred_at))
        for name, clock in state.rulebook.clocks.items()
        if names.intersection(clock.covers)
    )


def _owed_at_opening(state: State, stage: Stage, name: str, round_: int) -> tuple[Effect, ...]:
    """开启一个环节时机器应办的：显示该环节，出具开启时的公文。"""
    opening = _opening(state, stage, name, round_)
    if stage.issues is None:
        return (*state.effects, opening)
    return (*state.effects, opening, _document(state, stage.issues, name, round_, stage))


def _opening(state: State, stage: Stage, name: str, round_: int) -> Effect:
    return Effect(
        key=f"{state.number}/open_stage/{name}/{round_}",
        kind="open_stage",
        stage=name,
        round=round_,
        label=stage.label,
        article=state.rulebook.article(stage),
        content={},
    )


def _document(state: State, document: str, name: str, round_: int, cited: Cited) -> Effect:
    key = f"{state.number}/issue/{document}/{name}/{round_}"
    again = sum(item.key == key or item.key.startswith(f"{key}/") for item in state.effects)
    return Effect(
        key=f"{key}/{again + 1}" if again else key,
        kind="issue",
        stage=name,
        round=round_,
        label=state.rulebook.documents[document],
        article=state.rulebook.article(cited),
        content={"document": document},
    )


def owe_document(state: State, document: str, name: str, round_: int, cited: Cited) -> State:
    """记下机器应出具的一份公文；同一环节同一轮次再次出具的，键后加次数。"""
    owed = _document(state, document, name, round_, cited)
    return replace(state, effects=(*state.effects, owed))


def without_effects(state: State, opened: OpenStage, *, kind: str | None = None) -> State:
    """补录的环节早已办过，机器不再补办它的开启与公文（可只去掉某一类）。"""
    effects = tuple(
        effect
        for effect in state.effects
        if (effect.stage, effect.round) != (opened.stage, opened.round)
        or kind not in (None, effect.kind)
    )
    return replace(state, effects=effects)


def request(state: State, event: Event) -> State:
    """登记一项待审查的申请。"""
    return replace(
        state, request=Request(event.kind, event.sequence, event.occurred_at, event.content)
    )
