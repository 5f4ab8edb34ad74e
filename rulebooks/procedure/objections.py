"""公示意见：几人提出即成立，是否须先答复；期内提出、期满之后才登记的，照期内登记的一样算数。"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

from rulebooks.procedure.revisions import resume, rewind, valid
from rulebooks.procedure.routes import CLOSE, destination
from rulebooks.procedure.state import (
    NotApplicableError,
    Objection,
    OpenStage,
    Publicity,
    Result,
    State,
)
from rulebooks.vocabulary.events import UPHELD, Event
from rulebooks.vocabulary.references import downstream

OBJECT = "object"


def said(event: Event) -> Objection:
    """登记的一条意见。"""
    return Objection(event.content["objection"], by=event.content.get("by", ""))


def enough(state: State, opened: OpenStage) -> bool:
    """提出意见的人数是否已经达到门槛。"""
    needed = objectors_needed(state, opened)
    return needed is not None and _heard(opened).objectors >= needed


def objectors_needed(state: State, opened: OpenStage) -> int | None:
    """多少人提出意见即成立：比例乘以人数，不足一人的进为一人；没有门槛的为 None。"""
    stage = state.rulebook.stages[opened.stage]
    rule = stage.objections.threshold if stage.objections is not None else None
    if rule is None or UPHELD not in stage.then:
        return None
    return max(1, ceil(rule.at_least * int(state.facts.get(rule.of, 0))))


def awaits_answer(state: State, opened: OpenStage) -> bool:
    """还有没有须先答复才能往下办的意见。"""
    rule = state.rulebook.stages[opened.stage].objections
    return bool(_heard(opened).unanswered) and (rule is None or rule.answered_before_end)


def ended_lately(state: State) -> Iterator[tuple[Result, OpenStage]]:
    """期满结束而其后还没有环节办结的公示，及其结束时的情形：期内的意见还可以补登。

    因公示期满而结案的也在内；撤销、另行结案的不在内。
    """
    for result in valid(state):
        opened = _as_it_ended(result)
        if opened is not None and _nothing_decided_since(state, result):
            yield result, opened


def late_objection_to(state: State, stage: str | None, round_: int | None) -> OpenStage | None:
    """此刻还可以补登意见的公示（可限定环节与轮次）；没有则为 None。"""
    for _, opened in ended_lately(state):
        if stage in (None, opened.stage) and round_ in (None, opened.round):
            return opened
    return None


def objected_late(state: State, event: Event) -> State:
    """补登一条意见：达到门槛的改为意见成立，须先答复的退回公示，其余的只记下。

    Raises:
        NotApplicableError: 公示没有期满结束，或其后已有环节办结。
    """
    for result, ended in ended_lately(state):
        if (ended.stage, ended.round) == (event.stage, event.round):
            return _heard_late(state, result, ended, event)
    raise NotApplicableError(f"第{event.sequence}条：环节{event.stage}不能登记意见。")


def _heard_late(state: State, result: Result, ended: OpenStage, event: Event) -> State:
    heard = _heard(ended)
    heard = replace(heard, objections=(*heard.objections, said(event)))
    opened = replace(ended, publicity=heard)
    if enough(state, opened):
        return rewind(state, result, event, instead=_overturned(state, result, event))
    if awaits_answer(state, opened):
        return resume(state, result, opened, event)
    noted = _noted(result, opened, len(heard.objections))
    return replace(
        state, results=tuple(noted if item is result else item for item in state.results)
    )


def _overturned(state: State, ended: Result, event: Event) -> Result:
    """期满的结果改为意见成立。"""
    to = destination(state.rulebook.stages[ended.stage].then[UPHELD], state)
    return replace(ended, outcome=UPHELD, at=event.occurred_at, to=to, content=event.content)


def _noted(ended: Result, opened: OpenStage, count: int) -> Result:
    """公示的结果不变，补登的意见记在它结束时的情形里。"""
    open_ = tuple(
        opened if (item.stage, item.round) == (opened.stage, opened.round) else item
        for item in ended.before.open
    )
    content = {**ended.content, "objections": count}
    return replace(ended, content=content, before=replace(ended.before, open=open_))


def _heard(opened: OpenStage) -> Publicity:
    return opened.publicity or Publicity()


def _as_it_ended(result: Result) -> OpenStage | None:
    """期满结束的公示在结束时的情形；不是公示、没有期满的为 None。"""
    for item in result.before.open:
        if (item.stage, item.round) == (result.stage, result.round):
            ended = item.publicity is not None and item.publicity.ended
            return item if ended and result.outcome != UPHELD else None
    return None


def _nothing_decided_since(state: State, ended: Result) -> bool:
    if state.outcome is not None and ended.to != f"{CLOSE}:{state.outcome}":
        return False
    behind = downstream(state.rulebook, ended.stage)
    return not any(
        result.sequence > ended.sequence and result.stage in behind for result in valid(state)
    )
