"""补录：把在办项目表里的日期与人数还原成当时应办的各步，逐步与规则手册对照着走。

走到表中所写的当前环节为止；表里没有写的（如确定实施主体的日期）取该环节开启之时。
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from records.cases.commands import Command, Opening
from records.database.store import Store
from records.people.implementers import by_name
from rulebooks.days.working_days import BEIJING
from rulebooks.judging.demands import applicable
from rulebooks.judging.judgement import Fact, Outside, Proposal, Refusal, judge, judge_opening
from rulebooks.judging.outside import KnownImplementer
from rulebooks.procedure.position import apply, due_timers, start
from rulebooks.procedure.state import OpenStage, State
from rulebooks.reading.loader import rulebook_on
from schemas.rows import Meeting, ProjectUnderWay

NOTE = "补录自在办项目表"
APPROVE = "approve"
# 核对限额、“原则上”的可以写明理由越过的各步。
OVERRIDING = frozenset({APPROVE, "select", "sign"})
REASON = "补录：当初的理由见所附材料"


def past_steps(
    store: Store,
    opening: Opening,
    project: ProjectUnderWay,
    evidence: str,
    *,
    over_limit: bool = False,
) -> Opening:
    """带上已办各步的立卷；每步以收件的文件为凭证，由立卷人代录。

    Args:
        store: 台账。
        opening: 立卷。
        project: 在办项目表的一行。
        evidence: 收件的文件的摘要。
        over_limit: 当初是否越过了“原则上”的限额；是则注明理由见所附文件。
    """
    past = []
    project = replace(project, implementer=_registered(store, opening, project))
    reason = REASON if over_limit else ""
    for order, command in enumerate(_walk(store, opening, project, reason), start=1):
        past.append(replace(command, key=f"{opening.key}/{order}", evidence=(evidence,)))
    return replace(opening, past=tuple(past))


def _registered(store: Store, opening: Opening, project: ProjectUnderWay) -> str | None:
    """实施主体的编号；库里没有这个名称的照写名称，由受理时说明。"""
    if project.implementer is None:
        return None
    with store.glance() as connection:
        found = by_name(connection, str(opening.facts["town"]), project.implementer)
    return found or project.implementer


def _walk(
    store: Store, opening: Opening, project: ProjectUnderWay, reason: str
) -> Iterator[Command]:
    """逐步走到表中所写的环节；`reason` 为越过“原则上”限额的理由。"""
    state = _opened(store, opening)
    if state is None:
        return
    while state is not None and state.open:
        target = state.stage_open(project.stage)
        if target is not None and target.publicity is None:
            return
        step = _step(state, target or state.open[0], project)
        if step is None:
            return
        if reason and step.action in OVERRIDING:
            step = replace(step, content={**step.content, "override_reason": reason})
        yield _command(opening, step)
        state = _advance(store, state, step)


def _opened(store: Store, opening: Opening) -> State | None:
    """立卷之后的状态；立不了卷的返回 None，由受理时说明。"""
    moment = opening.occurred_at or store.clock.now()
    day = moment.astimezone(BEIJING).date()
    chosen = store.versions.get(opening.city)
    town = str(opening.facts["town"])
    rulebook = rulebook_on(opening.city, day, town=town, chosen=chosen)
    if rulebook is None:
        return None
    facts = {**opening.facts, "number": "待编"}
    fact = judge_opening(rulebook, facts, moment)
    if isinstance(fact, Refusal):
        return None
    return apply(start(rulebook), fact.event(start(rulebook), moment, backfilled=True))


def _advance(store: Store, state: State, step: Proposal) -> State | None:
    """走一步；走不通返回 None，其后的步骤不再生成，由受理时说明缘由。"""
    outside = Outside(KnownImplementer("", "", str(state.facts["town"]), active=True))
    fact = judge(state, step, store.calendar, step.occurred_at, outside)
    if isinstance(fact, Refusal):
        return None
    state = apply(state, fact.event(state, step.occurred_at, backfilled=True))
    for timer in due_timers(state, store.calendar, store.clock.now()):
        if timer.kind == "publicity_ended":
            content = {"deadline": timer.deadline}
            ended = Fact(timer.kind, timer.stage, timer.round, content, timer.at)
            state = apply(state, ended.event(state, timer.at, backfilled=True))
    return state


def _command(opening: Opening, step: Proposal) -> Command:
    return Command(
        case="",
        action=step.action,
        stage=step.stage,
        round=step.round,
        content=dict(step.content),
        actor=opening.actor,
        occurred_at=step.occurred_at,
        door="import",
        key="",
    )


def _step(state: State, opened: OpenStage, project: ProjectUnderWay) -> Proposal | None:
    """某环节当时是怎样办的；表里没有依据的返回 None。"""
    stage = state.rulebook.stages.get(opened.stage)
    maker = MAKERS.get(stage.kind) if stage else None
    found = maker(state, opened, project) if maker else None
    if found is None:
        return None
    action, day, content = found
    moment = opened.since if day is None else max(_office_hour(day), opened.since)
    return Proposal(action, opened.stage, opened.round, content, moment, "import", backfilled=True)


Made = tuple[str, date | None, dict[str, Any]]


def _collect(state: State, opened: OpenStage, project: ProjectUnderWay) -> Made | None:
    return "submit", None, {"summary": NOTE}


def _vote(state: State, opened: OpenStage, project: ProjectUnderWay) -> Made | None:
    votes = [item for item in state.results if state.rulebook.stages[item.stage].kind == "vote"]
    meeting: Meeting | None = project.review if votes else project.council
    if meeting is None:
        return None
    content = {
        "members": meeting.members,
        "present": meeting.present,
        "agree": meeting.agreed,
        **_checklist(state, opened),
        "opinion": NOTE,
    }
    return "vote", meeting.held_on, content


def _checklist(state: State, opened: OpenStage) -> dict[str, dict[str, bool]]:
    """当时已办成的，前置要求都已做到，核对要点都没有。"""
    stage = state.rulebook.stages[opened.stage]
    return {
        "demands": {item.term: True for item in applicable(state, stage.demands)},
        "checks": {item.term: False for item in applicable(state, stage.checks)},
    }


def _decide(state: State, opened: OpenStage, project: ProjectUnderWay) -> Made | None:
    if project.approved_on is None:
        return None
    return APPROVE, project.approved_on, {**_checklist(state, opened), "opinion": NOTE}


def _publicize(state: State, opened: OpenStage, project: ProjectUnderWay) -> Made | None:
    stage = state.rulebook.stages[opened.stage]
    posted = opened.publicity.posted if opened.publicity else {}
    missing = [channel for channel in stage.channels if channel not in posted]
    if project.posted_on is None or not missing:
        return None
    return "post", project.posted_on, {"channel": missing[0], "evidence": NOTE}


def _select(state: State, opened: OpenStage, project: ProjectUnderWay) -> Made | None:
    if project.implementer is None:
        return None
    return "select", None, {"implementer": project.implementer, "reason": NOTE}


def _contract(state: State, opened: OpenStage, project: ProjectUnderWay) -> Made | None:
    if project.signed_on is None or project.contract_amount is None:
        return None
    clauses = applicable(state, state.rulebook.stages[opened.stage].clauses)
    content = {
        "amount": project.contract_amount,
        "clauses": {item.term: NOTE for item in clauses},
        "contract": NOTE,
    }
    return "sign", project.signed_on, content


def _perform(state: State, opened: OpenStage, project: ProjectUnderWay) -> Made | None:
    stages = state.rulebook.stages
    begun = any(stages[item.stage].kind == "perform" for item in state.results)
    day = project.finished_on if begun or project.started_on is None else project.started_on
    return None if day is None else ("perform", day, {"evidence": NOTE})


def _office_hour(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time().replace(hour=9), BEIJING)


MAKERS = {
    "collect": _collect,
    "vote": _vote,
    "decide": _decide,
    "publicize": _publicize,
    "select": _select,
    "contract": _contract,
    "perform": _perform,
}
