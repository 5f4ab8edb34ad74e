"""权限：办理的人当日须在该办的机关担任该办的角色；别人已经办了的，说明何人何时。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from records.cases.commands import Command, Refused
from records.cases.dossiers import Dossier
from records.people.organisations import Link, person_name, responsible
from rulebooks.days.working_days import BEIJING
from rulebooks.judging.judgement import who_may
from rulebooks.procedure.objections import OBJECT
from rulebooks.procedure.state import State
from rulebooks.vocabulary.events import ACTION_LABELS, UPHELD, Event
from rulebooks.vocabulary.model import Assignee, Rulebook

REQUEST_STAGE = "request"
REQUEST_ANSWERS = frozenset(
    {
        "change_approved",
        "change_refused",
        "withdrawn",
        "withdrawal_refused",
        "correction_settled",
    }
)


@dataclass(frozen=True, slots=True)
class Authority:
    """权限：以什么角色、代表哪个机关办理。"""

    role: str
    organisation: str


def authorize(dossier: Dossier, command: Command) -> Authority | Refused | None:
    """这个人今日的权限；动作轮不到时为 None，留给规则手册去说明。"""
    assignee = who_may(dossier.state, command.action, command.stage)
    if assignee is None:
        return None
    label = ACTION_LABELS[command.action]
    return check(dossier.state.rulebook, dossier.chain, assignee, command.actor, label)


def check(
    rulebook: Rulebook, chain: Sequence[Link], assignee: Assignee, person: str, label: str
) -> Authority | Refused:
    """以该角色代表应办机关的权限；没有该级机关或此人不在其位则不予受理。"""
    levels = rulebook.levels_of(assignee)
    role = rulebook.roles[assignee.role].label
    link = responsible(chain, levels)
    if link is None:
        listed = "、".join(rulebook.levels[level] for level in levels)
        sentence = f"此地没有登记{listed}一级的机关，无人可以“{label}”；请先登记机关与任职。"
        return Refused("no_organisation", sentence)
    if assignee.role not in link.roles:
        sentence = (
            f"“{label}”须由{link.organisation.name}的{role}办理，"
            f"您（{person}）今日没有这项任职；任职有误的请管理员更正。"
        )
        return Refused("no_authority", sentence)
    return Authority(assignee.role, link.organisation.id)


def already_decided(connection: Connection, dossier: Dossier, command: Command) -> Refused | None:
    """所办的环节该轮是否已有人办结；是则说明何人何时。"""
    event = _deciding_event(dossier.state, command)
    if event is None:
        return None
    who = person_name(connection, event.actor) if event.actor else None
    when = event.recorded_at.astimezone(BEIJING)
    did = f"由{who}于" if who else "于"
    label = _stage_label(dossier.state.rulebook, command)
    sentence = (
        f"事项{dossier.number}的“{label}”已{did}"
        f"{when.year}年{when.month}月{when.day}日{when:%H:%M}办结，您的提交没有记入；"
        "请重新查看事项现状。"
    )
    return Refused(
        "already_decided", sentence, decided_by=who or event.actor, decided_at=event.recorded_at
    )


def _deciding_event(state: State, command: Command) -> Event | None:
    if command.stage == REQUEST_STAGE:
        return _request_answer(state, command.round)
    if command.stage is None or state.stage_open(command.stage, command.round) is not None:
        return None
    for result in reversed(state.results):
        if result.stage == command.stage and command.round in (None, result.round):
            # A publicity that time has ended may still take what was said in time.
            stands = result.outcome != UPHELD and not result.void
            if command.action == OBJECT and stands:
                return None
            return state.history[result.sequence - 1]
    return None


def _request_answer(state: State, sequence: int | None) -> Event | None:
    """某项申请（以其序号为轮次）的审查结论；尚未审查则为 None。"""
    if sequence is None:
        return None
    answers = (
        event
        for event in state.history
        if event.sequence > sequence and event.kind in REQUEST_ANSWERS
    )
    return next(answers, None)


def _stage_label(rulebook: Rulebook, command: Command) -> str:
    stage = rulebook.stages.get(command.stage or "")
    return stage.label if stage else ACTION_LABELS.get(command.action, command.action)
