"""环节的进入与办结：去向、分流、并行、授权程序、结案，以及因变更而失效重办。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rulebooks.conditions import choose
from rulebooks.events import Event
from rulebooks.model import Branch, Cited, Delegated, Rulebook, Target
from rulebooks.references import JOIN
from rulebooks.state import (
    BLOCKED,
    Effect,
    OpenStage,
    Publicity,
    Request,
    Result,
    RunningClock,
    State,
)


def destination(rulebook: Rulebook, target: Target, state: State) -> str:
    """去向的确切环节名；并行写作 a+b，结案写作 close:终局，缺授权规定写作 blocked:程序。"""
    if target.close is not None:
        return f"close:{target.close}"
    if target.parallel:
        return "+".join(target.parallel)
    if target.to is not None:
        return target.to
    branch = choose(target.choose, state.facts, state.amounts)
    return _branch_name(rulebook, branch)


def _branch_name(rulebook: Rulebook, branch: Branch | None) -> str:
    if branch is None:
        return f"{BLOCKED}:choose"
    if isinstance(branch.to, Delegated):
        first = rulebook.procedures.get(branch.to.procedure)
        return first or f"{BLOCKED}:{branch.to.procedure}"
    return branch.to


def close_stage(
    state: State, opened: OpenStage, outcome: str, event: Event, content: Mapping[str, Any]
) -> State:
    """环节以某结果办结：记结果，发公文，去往下一处。"""
    stage = state.rulebook.stages[opened.stage]
    target = stage.then[outcome]
    to = destination(state.rulebook, target, state)
    result = Result(
        stage=opened.stage,
        round=opened.round,
        outcome=outcome,
        at=event.occurred_at,
        sequence=event.sequence,
        opened_at=opened.since,
        to=to,
        content=content,
        backfilled=event.backfilled,
    )
    established = state.established_at
    if stage.establishes and outcome == "approve":
        established = event.occurred_at
    state = replace(
        state,
        open=tuple(item for item in state.open if item is not opened),
        results=(*state.results, result),
        established_at=established,
    )
    if event.backfilled:
        state = _without_opening(state, opened)
    elif target.issue is not None:
        state = owe_document(state, target.issue, opened.stage, opened.round, target)
    return go(state, to, event, joins=target.join)


def go(state: State, to: str, event: Event, *, joins: str | None = None) -> State:
    """去往某处：结案、会合、并行或单个环节。"""
    kind, _, name = to.partition(":")
    if kind == "close":
        return replace(
            state, open=(), join=None, clocks=(), outcome=name, closed_at=event.occurred_at
        )
    if to == JOIN:
        return _arrive(state, event)
    names = to.split("+")
    if len(names) > 1 and joins is not None:
        state = replace(state, join=(joins, len(names)))
    for stage_name in names:
        state = enter(state, stage_name, event)
    return state


def _arrive(state: State, event: Event) -> State:
    """并行的一支办完：最后一支到达时进入会合后的环节。"""
    if state.join is None:
        raise ValueError(f"事项{state.number}没有等待会合的并行环节。")
    to, pending = state.join
    if pending > 1:
        return replace(state, join=(to, pending - 1))
    return enter(replace(state, join=None), to, event)


def enter(state: State, name: str, event: Event) -> State:
    """开启一个环节的新一轮，起走覆盖它的合并时限，并记下机器应办的事。"""
    round_ = state.rounds.get(name, 0) + 1
    stage = state.rulebook.stages.get(name)
    publicity = Publicity() if stage is not None and stage.kind == "publicize" else None
    opened = OpenStage(name, round_, event.occurred_at, event.sequence, publicity)
    state = replace(state, open=(*state.open, opened), rounds={**state.rounds, name: round_})
    state = _run_clocks(state, event)
    if stage is None:
        return state
    state = state.with_effect(
        Effect(
            key=f"{state.number}/open_stage/{name}/{round_}",
            kind="open_stage",
            stage=name,
            round=round_,
            label=stage.label,
            article=state.rulebook.article(stage),
            content={},
        )
    )
    if stage.issues is not None:
        state = owe_document(state, stage.issues, name, round_, stage)
    return state


def _run_clocks(state: State, event: Event) -> State:
    """合并时限：覆盖的环节开启即起走，全部离开即停。"""
    open_names = {item.stage for item in state.open}
    running = {clock.name: clock for clock in state.clocks}
    clocks = tuple(
        running.get(name, RunningClock(name, event.occurred_at))
        for name, clock in state.rulebook.clocks.items()
        if open_names.intersection(clock.covers)
    )
    return replace(state, clocks=clocks)


def owe_document(state: State, document: str, name: str, round_: int, cited: Cited) -> State:
    """记下机器应出具的一份公文；同一环节同一轮次只出具一份。"""
    return state.with_effect(
        Effect(
            key=f"{state.number}/issue/{document}/{name}/{round_}",
            kind="issue",
            stage=name,
            round=round_,
            label=state.rulebook.documents[document],
            article=state.rulebook.article(cited),
            content={"document": document},
        )
    )


def _without_opening(state: State, opened: OpenStage) -> State:
    """补录的环节早已办完，机器不再补办它的开启与公文。"""
    effects = tuple(
        effect
        for effect in state.effects
        if (effect.stage, effect.round) != (opened.stage, opened.round)
    )
    return replace(state, effects=effects)


def request(state: State, event: Event) -> State:
    """登记一项待审查的申请。"""
    return replace(
        state, request=Request(event.kind, event.sequence, event.occurred_at, event.content)
    )
