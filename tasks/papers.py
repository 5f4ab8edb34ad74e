"""公文内容: what each document says, taken from the case's state and the offices it belongs to.

Nothing is decided here: the state holds the facts, the rulebook the articles, readings and
periods, `records` the offices with their telephone numbers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from notices.documents import (
    Document,
    ImplementerNotice,
    NotPassed,
    NotSelected,
    ProjectPublicity,
    PublicityPeriod,
    ResultPublicity,
)
from notices.parts import (
    Audit,
    Basis,
    Channel,
    Contact,
    CountedDay,
    FundUse,
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


def write(dossier: Dossier, effect: Effect) -> Document:
    """The document that `effect` asks for.

    Raises:
        KeyError: no document of that name is known here.
    """
    return WRITERS[effect.content["document"]](dossier, effect)


def document_number(state: State, effect: Effect) -> str:
    """文件编号: the case's number, the document and its round."""
    order = [item.key for item in state.effects if item.kind == "issue"].index(effect.key) + 1
    return f"{state.number}-{order:02d}"


def _project_publicity(dossier: Dossier, effect: Effect) -> Document:
    state = dossier.state
    stage = state.rulebook.stages[effect.stage]
    return ProjectPublicity(
        imprint=_imprint(dossier, effect, _office(dossier, COMMUNITY)),
        basis=_basis(state, stage),
        projects=(_project(state),),
        steps=tuple(_steps(dossier, before=effect)),
        period=_period(state, effect, stage),
        channels=_channels(state, stage, {}),
        contact=_contact(dossier, COMMUNITY),
        handling=_handling(state, stage),
        readings=_stage_readings(state, stage),
    )


def _result_publicity(dossier: Dossier, effect: Effect) -> Document:
    state = dossier.state
    stage = state.rulebook.stages[effect.stage]
    selected = _content_of(state, "select")
    paid = state.amounts.get("paid", 0)
    other = min(int(state.facts.get("other_funds", 0)), paid)
    return ResultPublicity(
        imprint=_imprint(dossier, effect, _office(dossier, COMMUNITY)),
        basis=_basis(state, stage),
        project=_project(state),
        implementer=str(selected["implementer_name"]),
        funds=FundUse(fiscal=paid - other, social=other),
        effect=_effect_of_work(state),
        period=_period(state, effect, stage),
        channels=_channels(state, stage, {}),
        contact=_contact(dossier, COMMUNITY),
        audit=_audit(state),
        survey=_survey(state),
        handling=_handling(state, stage),
        readings=_stage_readings(state, stage),
    )


def _publicity_period(dossier: Dossier, effect: Effect) -> Document:
    state = dossier.state
    stage = state.rulebook.stages[effect.stage]
    notice_key = f"{state.number}/issue/{stage.issues}/{effect.stage}/{effect.round}"
    issued = dossier.issued[notice_key]
    posted = _posted(state, effect)
    latest = max(posted.values(), default=dossier.issued_at)
    return PublicityPeriod(
        imprint=_imprint(dossier, effect, _office(dossier, COMMUNITY)),
        basis=_basis(state, stage),
        subject=_project(state).titled,
        notice=issued.title,
        of_number=issued.number,
        of_code=issued.code,
        period=_period(state, effect, stage),
        channels=_channels(state, stage, posted),
        days=_days(dossier, stage, latest),
        contact=_contact(dossier, COMMUNITY),
        readings=_stage_readings(state, stage),
    )


def _not_selected(dossier: Dossier, effect: Effect) -> Document:
    state = dossier.state
    result = _result(state, effect)
    stage = state.rulebook.stages[effect.stage]
    return NotSelected(
        imprint=_imprint(dossier, effect, _office(dossier, COMMUNITY)),
        basis=_basis(state, stage.then[result.outcome]),
        project=str(state.facts["title"]),
        proposer=state.number,
        decision=_step(dossier, result),
        reasons=_reasons(state, result),
        contact=_contact(dossier, COMMUNITY),
    )


def _not_passed(dossier: Dossier, effect: Effect) -> Document:
    state = dossier.state
    result = _result(state, effect)
    stage = state.rulebook.stages[effect.stage]
    issuer = _decider(dossier, stage)
    return NotPassed(
        imprint=_imprint(dossier, effect, issuer),
        basis=_basis(state, stage.then[result.outcome]),
        recipient=f"{_office(dossier, COMMUNITY).name}党组织",
        project=_project(state),
        decision=_step(dossier, result),
        reasons=_reasons(state, result),
        contact=_contact(dossier, issuer.level),
    )


def _implementer_notice(dossier: Dossier, effect: Effect) -> Document:
    state = dossier.state
    result = _result(state, effect)
    stage = state.rulebook.stages[effect.stage]
    issuer = _decider(dossier, stage)
    return ImplementerNotice(
        imprint=_imprint(dossier, effect, issuer),
        basis=_basis(state, stage),
        implementer=str(result.content["implementer_name"]),
        registry=f"{state.facts['town']}{state.rulebook.programme}项目实施主体库",
        project=_project(state),
        requests=_requests(state, result),
        contact=_contact(dossier, issuer.level),
        publicity=_last_publicity(state),
        grounds=str(result.content["reason"]),
        copies=(_office(dossier, COMMUNITY).name,),
        readings=_stage_readings(state, stage),
    )


def _imprint(dossier: Dossier, effect: Effect, issuer: Organisation) -> Imprint:
    number = document_number(dossier.state, effect)
    return Imprint(number=number, issuer=issuer.name, issued_on=local_day(dossier.issued_at))


def _basis(state: State, cited: Any) -> Basis:
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


def _office(dossier: Dossier, level: str) -> Organisation:
    return dossier.offices[level]


def _decider(dossier: Dossier, stage: Stage) -> Organisation:
    """作出决定的机构：经办角色所在的、该地首个有的层级。"""
    levels = dossier.state.rulebook.levels_of(stage.by)
    return next(dossier.offices[level] for level in levels if level in dossier.offices)


def _contact(dossier: Dossier, level: str) -> Contact:
    office = _office(dossier, level)
    above = dossier.offices["town"]
    return Contact(
        office=office.name,
        phone=office.phone or above.phone or "",
        address=office.address or above.address or "",
        supervision_phone=above.phone or "",
        email=office.email,
        supervision_office=above.name,
    )


def _project(state: State) -> Project:
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


def _steps(dossier: Dossier, before: Effect) -> list[Step]:
    """此公文之前已经作出、仍然有效的表决与审核。"""
    kinds = {"vote", "decide"}
    stages = dossier.state.rulebook.stages
    return [
        _step(dossier, result)
        for result in dossier.state.results
        if not result.void
        and stages[result.stage].kind in kinds
        and result.outcome in ("pass", "approve")
    ]


def _step(dossier: Dossier, result: Result) -> Step:
    stage = dossier.state.rulebook.stages[result.stage]
    content = result.content
    office = _decider(dossier, stage)
    vote = stage.kind == "vote"
    return Step(
        body=office.name,
        action=stage.label,
        on=local_day(result.at),
        members=content["members"] if vote else None,
        present=content["present"] if vote else None,
        agreed=content["agree"] if vote else None,
    )


def _reasons(state: State, result: Result) -> tuple[str, ...]:
    """未获选、未通过的理由：核对出的情形与意见。"""
    stage = state.rulebook.stages[result.stage]
    checks = result.content.get("checks", {})
    found = [_found(state, check) for check in stage.checks if checks.get(check.term)]
    return (*found, str(result.content["opinion"]))


def _found(state: State, check: Check) -> str:
    article = state.rulebook.articles.get(check.cites or "", "")
    return f"{state.rulebook.terms[check.term]}（{article}）"


def _requests(state: State, result: Result) -> tuple[str, ...]:
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


def _posted(state: State, effect: Effect) -> dict[str, datetime]:
    return {item.content["channel"]: item.occurred_at for item in _postings(state, effect)}


def _announced(state: State, effect: Effect) -> Mapping[str, str]:
    """已宣布的公示起止；还没有张贴齐时为空。"""
    periods = [item.content["period"] for item in _postings(state, effect)]
    return next((period for period in reversed(periods) if period), {})


def _channels(state: State, stage: Stage, posted: Mapping[str, datetime]) -> tuple[Channel, ...]:
    return tuple(
        Channel(
            label=state.rulebook.terms[channel],
            posted_on=local_day(posted[channel]) if channel in posted else None,
        )
        for channel in stage.channels
    )


def _period(state: State, effect: Effect, stage: Stage) -> Period:
    lasts = stage.lasts
    if lasts is None:
        raise ValueError(f"环节“{stage.label}”没有公示期。")
    known = _announced(state, effect)
    if effect.content["document"] != stage.announces or not known:
        return Period(count=lasts.count, unit=lasts.unit)
    first, last = date.fromisoformat(known["first"]), date.fromisoformat(known["last"])
    return Period(count=lasts.count, unit=lasts.unit, first=first, last=last)


def _last_publicity(state: State) -> Period | None:
    for result in reversed(state.results):
        stage = state.rulebook.stages[result.stage]
        period = result.content.get("period")
        if stage.kind == "publicize" and stage.lasts and period and not result.void:
            first, last = date.fromisoformat(period["first"]), date.fromisoformat(period["last"])
            return Period(count=stage.lasts.count, unit=stage.lasts.unit, first=first, last=last)
    return None


def _days(dossier: Dossier, stage: Stage, since: datetime) -> tuple[CountedDay, ...]:
    if stage.lasts is None:
        return ()
    days = explain(dossier.calendar, local_day(since), stage.lasts.count, stage.lasts.unit)
    return tuple(CountedDay(item.date, item.counted, item.reason) for item in days)


def _handling(state: State, stage: Stage) -> str | None:
    if stage.objections is None or "upheld" not in stage.then:
        return None
    return "公示期内收到的意见逐条登记、逐条答复；经认定成立的，停止公示并退回重新审议。"


def _stage_readings(state: State, stage: Stage) -> tuple[Reading, ...]:
    """本环节用到的我方解释，逐条印在公文上。"""
    known = readings(state.rulebook.city)
    named = [stage.reading, stage.lasts.reading if stage.lasts else None]
    return tuple(Reading(known[name].reading) for name in named if name in known)


def _content_of(state: State, kind: str) -> Mapping[str, Any]:
    for result in reversed(state.results):
        if state.rulebook.stages[result.stage].kind == kind and not result.void:
            return result.content
    return {}


def _result(state: State, effect: Effect) -> Result:
    for result in state.results:
        if (result.stage, result.round) == (effect.stage, effect.round):
            return result
    raise ValueError(f"事项{state.number}没有{effect.label}所依据的决定。")


def _effect_of_work(state: State) -> str:
    measured = _content_of(state, "evaluate")
    performed = _content_of(state, "perform")
    return str(measured.get("effect") or performed.get("evidence") or "已按期完成。")


def _audit(state: State) -> Audit | None:
    content = _content_of(state, "audit")
    if not content:
        return None
    return Audit(content["submitted"], content["audited"], content["auditor_name"])


def _survey(state: State) -> Survey | None:
    content = _content_of(state, "evaluate")
    if not content:
        return None
    return Survey(
        satisfaction=content["satisfied"] * HUNDREDTHS // content["samples"],
        samples=content["samples"],
        surveyor=content["surveyor"],
        assessment=content["effect"] or None,
    )


WRITERS: Mapping[str, Callable[[Dossier, Effect], Document]] = {
    "project_publicity": _project_publicity,
    "result_publicity": _result_publicity,
    "publicity_period": _publicity_period,
    "not_selected": _not_selected,
    "not_passed": _not_passed,
    "implementer_notice": _implementer_notice,
}
