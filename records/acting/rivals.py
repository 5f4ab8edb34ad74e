"""同批：同在一个环节、应当一起计票的项目，此前已入选的，同一批次此前已批准的。"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, literal, or_, select

from records.cases.commands import Command
from records.cases.dossiers import Dossier, Hearing, peek
from records.database.tables import cases, events
from records.people.organisations import Organisation, responsible
from rulebooks.days.working_days import BEIJING
from rulebooks.judging.counting import layer_of, scope_of
from rulebooks.judging.outside import Established, Outside, Taken
from rulebooks.policy.ranking import RankingError
from rulebooks.procedure.state import Result, State
from rulebooks.vocabulary.model import Stage

RANK, DECIDE_BATCH = "rank", "decide_batch"
TOGETHER = frozenset({RANK, DECIDE_BATCH})
YEAR = "year"


@dataclass(frozen=True, slots=True)
class Ballots:
    """一次投票：哪个环节，批次的名称，发生之日。"""

    stage: str
    name: str
    day: date


def added(
    hearing: Hearing, dossier: Dossier, command: Command, found: Outside, day: date
) -> Outside:
    """添上同批的情形；不是合办的动作照原样。"""
    opened = dossier.state.stage_open(command.stage, command.round)
    if opened is None or command.action not in TOGETHER:
        return found
    if command.action == DECIDE_BATCH:
        batch = str(command.content.get("batch", ""))
        return replace(found, batched=batched(hearing, dossier, opened.stage, batch))
    if dossier.state.rulebook.stages[opened.stage].ranking is None:
        return found
    ballots = Ballots(opened.stage, str(command.content.get("ballots", "")), day)
    return replace(
        found,
        rivals=tuple(other.number for other in rivals(hearing, dossier, opened.stage)),
        taken=taken(hearing, dossier, ballots),
    )


def scope(dossier: Dossier, stage: Stage) -> Organisation | None:
    """这个项目在哪个机关之内一起排；没有登记该级机关则为 None。"""
    link = responsible(dossier.chain, scope_of(dossier.state.rulebook, stage))
    return None if link is None else link.organisation


def standing(hearing: Hearing, city: str, stage: str) -> tuple[str, ...]:
    """一市正在某环节的事项编号，连同时间已到、可能正要进入的；取出后须再看。"""
    query = select(cases.c.number).where(
        cases.c.city == city,
        cases.c.status == "open",
        or_(_at(stage), cases.c.look_at <= hearing.now),
    )
    return tuple(hearing.connection.execute(query.order_by(cases.c.number)).scalars())


def _at(stage: str) -> ColumnElement[bool]:
    whole = literal("+") + cases.c.stage + "+"
    return whole.contains(f"+{stage}+", autoescape=True)


def rivals(hearing: Hearing, dossier: Dossier, stage: str) -> Iterator[Dossier]:
    """同在这个环节、同一范围的其他项目。"""
    rulebook = dossier.state.rulebook
    mine = scope(dossier, rulebook.stages[stage])
    for number in standing(hearing, rulebook.city, stage):
        other = peek(hearing.store, hearing.connection, number)
        if other is None or number == dossier.number or other.state.stage_open(stage) is None:
            continue
        if scope(other, other.state.rulebook.stages[stage]) == mine:
            yield other


def taken(hearing: Hearing, dossier: Dossier, ballots: Ballots) -> tuple[Taken, ...]:
    """同一范围、同一次投票（规则手册写 `per: year` 的为同一年）此前入选而仍然有效的。"""
    rulebook = dossier.state.rulebook
    stage = rulebook.stages[ballots.stage]
    rule, mine = stage.ranking, scope(dossier, stage)
    found = []
    for other in _recorded(hearing, dossier, "ranked", ballots.stage):
        result = _standing_result(other.state, ballots.stage, "chosen")
        if rule is None or result is None or scope(other, stage) != mine:
            continue
        same_year = result.at.astimezone(BEIJING).year == ballots.day.year
        if same_year if rule.per == YEAR else result.content["ballots"] == ballots.name:
            try:
                layer = layer_of(other.state.rulebook, rule, other.state.facts)
            except RankingError:
                continue
            found.append(Taken(layer, other.state.amounts["budget"]))
    return tuple(found)


def batched(hearing: Hearing, dossier: Dossier, stage: str, batch: str) -> tuple[Established, ...]:
    """同一批次此前已批准而仍然有效的项目；没有写批准额的照预算。"""
    found = []
    for other in _recorded(hearing, dossier, "batch_decided", stage):
        result = _standing_result(other.state, stage, "approved")
        if result is None or result.content["batch"] != batch:
            continue
        amounts = other.state.amounts
        found.append(Established(other.state.facts, {"approved": amounts["budget"], **amounts}))
    return tuple(found)


def _standing_result(state: State, stage: str, outcome: str) -> Result | None:
    """该环节现在有效的结果；重新回到该环节、已撤销的不算。"""
    result = state.result_of(stage)
    gone = state.outcome == "withdrawn" or state.stage_open(stage) is not None
    return None if gone or result is None or result.outcome != outcome else result


def _recorded(hearing: Hearing, dossier: Dossier, kind: str, stage: str) -> Iterator[Dossier]:
    """同市在该环节记过这种事件的其他项目。"""
    query = (
        select(events.c.case)
        .join(cases, cases.c.number == events.c.case)
        .where(
            cases.c.city == dossier.state.rulebook.city,
            cases.c.number != dossier.number,
            events.c.kind == kind,
            events.c.stage == stage,
        )
        .distinct()
    )
    for number in hearing.connection.execute(query.order_by(events.c.case)).scalars().all():
        other = peek(hearing.store, hearing.connection, number)
        if other is not None:
            yield other
