"""公文段落: the parts that documents share, out of a case's state and its offices.

Nothing is decided here: the state holds the facts, the rulebook the articles, readings and
periods, the records the offices with their telephone numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from notices.parts import (
    Basis,
    Channel,
    Contact,
    CountedDay,
    Imprint,
    Period,
    Step,
)
from records.people.organisations import Organisation
from rulebooks.days.working_days import Calendar, explain
from rulebooks.judging.demands import applicable
from rulebooks.procedure.deadlines import local_day
from rulebooks.procedure.position import Effect
from rulebooks.procedure.publicizing import announced_lasts
from rulebooks.procedure.state import Result, State
from rulebooks.vocabulary.articles import sources
from rulebooks.vocabulary.events import Event
from rulebooks.vocabulary.model import Check, Stage
from tasks.elements import COMMUNITY

REGISTRY = "implementer_registry"
# The decisions that a document counts among the steps taken, and how they must have ended.
AGREED: Mapping[str, tuple[str, ...]] = {
    "vote": ("pass",),
    "decide": ("approve",),
    "rank": ("chosen",),
    "batch": ("approved",),
}
# Where the contents of a decision say why it was taken.
SAID = ("opinion", "reason", "effect", "reply", "summary")


@dataclass(frozen=True, slots=True)
class Issued:
    """已出公文: what another document says of it: number, title and 文件校验码."""

    number: str
    title: str
    code: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """卷宗: what a document is written from.

    `offices` are the organisations the case belongs to, by level; `issued` the documents already
    issued in this case, by effect key.
    """

    state: State
    offices: Mapping[str, Organisation]
    calendar: Calendar
    issued_at: datetime
    issued: Mapping[str, Issued]


def document_number(state: State, effect: Effect) -> str:
    """文件编号: the case's number, the document and its round."""
    order = [item.key for item in state.effects if item.kind == "issue"].index(effect.key) + 1
    return f"{state.number}-{order:02d}"


def imprint_of(dossier: Dossier, effect: Effect, issuer: Organisation) -> Imprint:
    """落款：文件编号、发文机构、成文日期。"""
    number = document_number(dossier.state, effect)
    return Imprint(number=number, issuer=issuer.name, issued_on=local_day(dossier.issued_at))


def basis_of(state: State, cited: Any) -> Basis:
    """依据：文件、条款、是否正式施行，以及须声明的话。"""
    rulebook = state.rulebook
    source = sources()[rulebook.version.sources[0]]
    article = rulebook.articles.get(cited.cites or "")
    remarks = [text for text in (rulebook.version.notice, _town_notice(state)) if text]
    return Basis(
        title=source.title,
        article=article,
        status=source.status,
        remarks=tuple(remarks),
    )


def _town_notice(state: State) -> str | None:
    """补充规定的声明：走了其程序的写；该地把数目留给下级规定的，处处都可能用到，一律写。"""
    rulebook = state.rulebook
    used = rulebook.parameters or set(rulebook.procedures.values()).intersection(state.rounds)
    return rulebook.town_notice if used else None


def decider_of(dossier: Dossier, stage: Stage) -> Organisation:
    """作出决定的机构：经办角色所在的、该地首个有的层级。"""
    levels = dossier.state.rulebook.levels_of(stage.by)
    return next(dossier.offices[level] for level in levels if level in dossier.offices)


def sender_of(dossier: Dossier, recipient: Organisation) -> Organisation:
    """报送的机关：最近一次作出决定的；没有的，或就是收件机关的，为社区。"""
    stages = dossier.state.rulebook.stages
    deciders = [
        decider_of(dossier, stages[result.stage])
        for result in reversed(dossier.state.results)
        if not result.void and stages[result.stage].kind != "file"
    ]
    senders = [office for office in deciders[:1] if office != recipient]
    return senders[0] if senders else dossier.offices[COMMUNITY]


def contact_of(dossier: Dossier, level: str) -> Contact:
    """联系方式：该级机构的，缺的取镇街的；监督电话取镇街的。"""
    office = dossier.offices[level]
    above = dossier.offices["town"]
    return Contact(
        office=office.name,
        phone=office.phone or above.phone or "",
        address=office.address or above.address or "",
        supervision_phone=above.phone or "",
        email=office.email,
        supervision_office=above.name,
    )


def steps_of(dossier: Dossier) -> list[Step]:
    """已经作出、仍然有效的表决与审核。"""
    stages = dossier.state.rulebook.stages
    return [
        step_of(dossier, result)
        for result in dossier.state.results
        if not result.void and result.outcome in AGREED.get(stages[result.stage].kind, ())
    ]


def step_of(dossier: Dossier, result: Result) -> Step:
    """一次表决或审核：谁、何日、应到实到同意人数。"""
    stage = dossier.state.rulebook.stages[result.stage]
    content = result.content
    office = decider_of(dossier, stage)
    vote = stage.kind == "vote"
    # 机关的名称已含所在的一级，环节的名称就不再重复（某街道，街道审批）。
    level = dossier.state.rulebook.levels[office.level]
    return Step(
        body=office.name,
        action=stage.label.removeprefix(level),
        on=local_day(result.at),
        members=content["members"] if vote else None,
        present=content["present"] if vote else None,
        agreed=content["agree"] if vote else None,
    )


def reasons_of(state: State, result: Result) -> tuple[str, ...]:
    """作出该决定的理由：核对出的情形，与所写的意见或理由。"""
    stage = state.rulebook.stages[result.stage]
    checks = result.content.get("checks", {})
    found = [_found(state, check) for check in stage.checks if checks.get(check.term)]
    said = said_in(result)
    return (*found, *([said] if said else []))


def said_in(result: Result) -> str:
    """一次办理中写下的意见或理由；没有写的为空。"""
    return next((str(result.content[name]) for name in SAID if result.content.get(name)), "")


def _found(state: State, check: Check) -> str:
    article = state.rulebook.articles.get(check.cites or "", "")
    return f"{state.rulebook.terms[check.term]}（{article}）"


def requests_of(state: State, result: Result) -> tuple[str, ...]:
    """签约与开工的要求，逐条取自规则手册其后的环节。"""
    rulebook = state.rulebook
    stage = rulebook.stages.get(result.to)
    if stage is None or stage.kind != "contract":
        return ("请按约定实施。",)
    clauses = [rulebook.terms[clause.term] for clause in applicable(state, stage.clauses)]
    article = rulebook.articles.get(stage.cites or "", "")
    basis = f"（{article}）" if article else ""
    first = f"请于收到本通知后与本单位签订合同或协议{basis}。"
    return (first, *(f"合同或协议中须载明{clause}。" for clause in clauses))


def registry_of(state: State) -> str | None:
    """实施主体库的名称；规则手册没有这种库的为 None。"""
    named = state.rulebook.terms.get(REGISTRY)
    return f"{state.facts['town']}{named}" if named else None


def _postings(state: State, effect: Effect) -> list[Event]:
    """本环节本轮的张贴记录；公示结束之后仍可由台账查到。"""
    place = ("posted", effect.stage, effect.round)
    return [item for item in state.history if (item.kind, item.stage, item.round) == place]


def posted_on(state: State, effect: Effect) -> dict[str, datetime]:
    """各渠道张贴的时刻。"""
    return {item.content["channel"]: item.occurred_at for item in _postings(state, effect)}


def _announced(state: State, effect: Effect) -> Mapping[str, str]:
    """已宣布的公示起止；还没有张贴齐时为空。"""
    periods = [item.content["period"] for item in _postings(state, effect)]
    return next((period for period in reversed(periods) if period), {})


def channels_of(state: State, stage: Stage, posted: Mapping[str, datetime]) -> tuple[Channel, ...]:
    """公示渠道及张贴日期。"""
    return tuple(
        Channel(
            label=state.rulebook.terms[channel],
            posted_on=local_day(posted[channel]) if channel in posted else None,
        )
        for channel in stage.channels
    )


def period_of(state: State, effect: Effect, stage: Stage) -> Period:
    """公示期：起止说明写明首日与末日，公示本身在张贴前只写天数。"""
    lasts = stage.lasts
    if lasts is None:
        raise ValueError(f"环节“{stage.label}”没有公示期。")
    known = _announced(state, effect)
    if effect.content["document"] != stage.announces or not known:
        return Period(count=lasts.count, unit=lasts.unit)
    return _announced_period(known, stage)


def last_publicity(state: State) -> Period | None:
    """最近一次有效公示的起止；没有则为 None。"""
    for result in reversed(state.results):
        stage = state.rulebook.stages[result.stage]
        period = result.content.get("period")
        if stage.kind == "publicize" and stage.lasts and period and not result.void:
            return _announced_period(period, stage)
    return None


def _announced_period(period: Mapping[str, str], stage: Stage) -> Period:
    """已宣布的起止，照宣布时的天数写；其后转用的版本不改它。"""
    lasts = announced_lasts(period, stage)
    first, last = date.fromisoformat(period["first"]), date.fromisoformat(period["last"])
    return Period(count=lasts.count, unit=lasts.unit, first=first, last=last)


def days_of(dossier: Dossier, stage: Stage, since: datetime) -> tuple[CountedDay, ...]:
    """公示期逐日的计算与理由。"""
    if stage.lasts is None:
        return ()
    days = explain(dossier.calendar, local_day(since), stage.lasts.count, stage.lasts.unit)
    return tuple(CountedDay(item.date, item.counted, item.reason) for item in days)


def handling_of(state: State, stage: Stage) -> str | None:
    """收到意见怎样办；规则手册没有规定的不写。"""
    objections = stage.objections
    if objections is None or "upheld" not in stage.then:
        return None
    if objections.threshold is None:
        return "公示期内收到的意见逐条登记、逐条答复；经认定成立的，停止公示并退回重新审议。"
    part, of = objections.threshold.at_least, objections.threshold.of
    whole = state.rulebook.fact_labels.get(of) or state.rulebook.terms.get(of, of)
    return (
        "公示期内收到的异议逐条登记，同一人只计一次；"
        f"提出异议的达到{whole}的{part.numerator}/{part.denominator}（含本数）的，"
        "停止公示并重新审议表决。"
    )


def result_of(state: State, effect: Effect) -> Result:
    """公文所依据的那次决定。"""
    for result in state.results:
        if (result.stage, result.round) == (effect.stage, effect.round):
            return result
    raise ValueError(f"事项{state.number}没有{effect.label}所依据的决定。")


def decision_of(state: State, result: Result) -> Result:
    """说明了理由的决定：办结本身没有写理由的（如公示期满），取其前最近写明的一次。"""
    before = state.results[: state.results.index(result) + 1]
    return next((item for item in reversed(before) if not item.void and said_in(item)), result)
