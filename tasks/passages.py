"""公文段落: the parts that documents share, out of a case's state and its offices.

Nothing is decided here: the state holds the facts, the rulebook the articles, readings and
periods, the records the offices with their telephone numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from notices.parts import (
    Audit,
    Basis,
    Channel,
    Contact,
    CountedDay,
    Imprint,
    Period,
    Project,
    Reading,
    Step,
    Survey,
)
from records.organisations import Organisation
from rulebooks.articles import readings, sources
from rulebooks.deadlines import local_day
from rulebooks.demands import applicable
from rulebooks.events import Event
from rulebooks.model import Check, Stage
from rulebooks.position import Effect
from rulebooks.state import Result, State
from rulebooks.working_days import Calendar, explain

COMMUNITY = "community"
HUNDREDTHS = 10_000


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
    """镇(区)规定的声明，只在走了其程序时写。"""
    firsts = set(state.rulebook.procedures.values())
    return state.rulebook.town_notice if firsts.intersection(state.rounds) else None


def decider_of(dossier: Dossier, stage: Stage) -> Organisation:
    """作出决定的机构：经办角色所在的、该地首个有的层级。"""
    levels = dossier.state.rulebook.levels_of(stage.by)
    return next(dossier.offices[level] for level in levels if level in dossier.offices)


def contact_of(dossier: Dossier, level: str) -> Contact:
    """联系方式：该级机构的，缺的取镇(区)的；监督电话取镇(区)的。"""
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


def project_of(state: State) -> Project:
    """项目五要素，第九条；预算以分计。"""
    facts = state.facts
    return Project(
        name=str(facts["title"]),
        content=str(facts["content"]),
        place=str(facts["place"]),
        schedule=str(facts["schedule"]),
        budget=state.amounts["budget"],
        community=str(facts["community"]),
        category=state.rulebook.categories[str(facts["category"])],
    )


def steps_of(dossier: Dossier) -> list[Step]:
    """已经作出、仍然有效的表决与审核。"""
    kinds = {"vote", "decide"}
    stages = dossier.state.rulebook.stages
    return [
        step_of(dossier, result)
        for result in dossier.state.results
        if not result.void
        and stages[result.stage].kind in kinds
        and result.outcome in ("pass", "approve")
    ]


def step_of(dossier: Dossier, result: Result) -> Step:
    """一次表决或审核：谁、何日、应到实到同意人数。"""
    stage = dossier.state.rulebook.stages[result.stage]
    content = result.content
    office = decider_of(dossier, stage)
    vote = stage.kind == "vote"
    return Step(
        body=office.name,
        action=stage.label,
        on=local_day(result.at),
        members=content["members"] if vote else None,
        present=content["present"] if vote else None,
        agreed=content["agree"] if vote else None,
    )


def reasons_of(state: State, result: Result) -> tuple[str, ...]:
    """未获选、未通过的理由：核对出的情形与意见。"""
    stage = state.rulebook.stages[result.stage]
    checks = result.content.get("checks", {})
    found = [_found(state, check) for check in stage.checks if checks.get(check.term)]
    return (*found, str(result.content["opinion"]))


def _found(state: State, check: Check) -> str:
    article = state.rulebook.articles.get(check.cites or "", "")
    return f"{state.rulebook.terms[check.term]}（{article}）"


def requests_of(state: State, result: Result) -> tuple[str, ...]:
    """签约与开工的要求，逐条取自规则手册其后的环节。"""
    rulebook = state.rulebook
    target = rulebook.stages[result.stage].then[result.outcome].to or ""
    stage = rulebook.stages.get(target)
    if stage is None:
        return ("请按约定实施。",)
    clauses = [rulebook.terms[clause.term] for clause in applicable(state, stage.clauses)]
    article = rulebook.articles.get(stage.cites or "", "")
    first = f"请于收到本通知后与本单位签订合同或协议（{article}）。"
    return (first, *(f"合同或协议中须载明{clause}。" for clause in clauses))


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
    first, last = date.fromisoformat(known["first"]), date.fromisoformat(known["last"])
    return Period(count=lasts.count, unit=lasts.unit, first=first, last=last)


def last_publicity(state: State) -> Period | None:
    """最近一次有效公示的起止；没有则为 None。"""
    for result in reversed(state.results):
        stage = state.rulebook.stages[result.stage]
        period = result.content.get("period")
        if stage.kind == "publicize" and stage.lasts and period and not result.void:
            first, last = date.fromisoformat(period["first"]), date.fromisoformat(period["last"])
            return Period(count=stage.lasts.count, unit=stage.lasts.unit, first=first, last=last)
    return None


def days_of(dossier: Dossier, stage: Stage, since: datetime) -> tuple[CountedDay, ...]:
    """公示期逐日的计算与理由。"""
    if stage.lasts is None:
        return ()
    days = explain(dossier.calendar, local_day(since), stage.lasts.count, stage.lasts.unit)
    return tuple(CountedDay(item.date, item.counted, item.reason) for item in days)


def handling_of(state: State, stage: Stage) -> str | None:
    """收到意见怎样办；规则手册没有规定的不写。"""
    if stage.objections is None or "upheld" not in stage.then:
        return None
    return "公示期内收到的意见逐条登记、逐条答复；经认定成立的，停止公示并退回重新审议。"


def readings_of(state: State, stage: Stage) -> tuple[Reading, ...]:
    """本环节用到的我方解释，逐条印在公文上。"""
    known = readings(state.rulebook.city)
    named = [stage.reading, stage.lasts.reading if stage.lasts else None]
    return tuple(Reading(known[name].reading) for name in named if name in known)


def content_of(state: State, kind: str) -> Mapping[str, Any]:
    """最近一次某种环节的有效结果内容；没有则为空。"""
    for result in reversed(state.results):
        if state.rulebook.stages[result.stage].kind == kind and not result.void:
            return result.content
    return {}


def result_of(state: State, effect: Effect) -> Result:
    """公文所依据的那次决定。"""
    for result in state.results:
        if (result.stage, result.round) == (effect.stage, effect.round):
            return result
    raise ValueError(f"事项{state.number}没有{effect.label}所依据的决定。")


def effect_of_work(state: State) -> str:
    """实施效果：测评中的成效评估，没有的取完工凭证。"""
    measured = content_of(state, "evaluate")
    performed = content_of(state, "perform")
    return str(measured.get("effect") or performed.get("evidence") or "已按期完成。")


def audit_of(state: State) -> Audit | None:
    """审计结果；没有审计的（简化流程）为 None。"""
    content = content_of(state, "audit")
    if not content:
        return None
    return Audit(content["submitted"], content["audited"], content["auditor_name"])


def survey_of(state: State) -> Survey | None:
    """满意度测评；没有测评的为 None。"""
    content = content_of(state, "evaluate")
    if not content:
        return None
    return Survey(
        satisfaction=content["satisfied"] * HUNDREDTHS // content["samples"],
        samples=content["samples"],
        surveyor=content["surveyor"],
        assessment=content["effect"] or None,
    )
