"""公示的进行：各渠道齐备起算，撤下中断，意见逐条答复，期满且答复完毕才结束。"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from rulebooks.days.working_days import BEIJING, Calendar, span
from rulebooks.procedure.objections import awaits_answer, enough, objected_late, said
from rulebooks.procedure.routes import close_stage, owe_document, without_effects
from rulebooks.procedure.state import (
    NotApplicableError,
    OpenStage,
    Publicity,
    State,
    the_open_stage,
)
from rulebooks.vocabulary.events import UPHELD, Event
from rulebooks.vocabulary.model import Stage, Within


@dataclass(frozen=True, slots=True)
class Lengthened:
    """工作日历修订后变长的一次公示：应记一条 publicity_extended，内容为新的起止。"""

    stage: str
    round: int
    period: Mapping[str, str]


def period_from(lasts: Within, posted_on: date, calendar: Calendar) -> dict[str, str]:
    """自各渠道齐备之日起算的公示起止：起算日 since 不计入，末日24时止，次日零时 opens。

    所宣布的数与单位（count、unit）一并记下：日历修订时据以重算，转用版本不改。
    """
    found = span(calendar, posted_on, lasts.count, lasts.unit)
    return {
        "since": posted_on.isoformat(),
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "opens": found.opens.isoformat(),
        "count": str(lasts.count),
        "unit": lasts.unit,
    }


def _lasts(stage: Stage) -> Within:
    if stage.lasts is None:
        raise ValueError(f"环节“{stage.label}”没有公示期。")
    return stage.lasts


def announced_lasts(period: Mapping[str, str], stage: Stage) -> Within:
    """已宣布的公示期有多长；早先的公告没有记下数与单位的，照环节所写。"""
    if "count" not in period:
        return _lasts(stage)
    return Within.model_validate({"count": int(period["count"]), "unit": period["unit"]})


def announced(
    state: State, opened: OpenStage, channel: str, at: datetime, calendar: Calendar
) -> dict[str, str]:
    """张贴某渠道之后的公示起止；还差渠道时为空。"""
    stage = state.rulebook.stages[opened.stage]
    posted = dict(opened.publicity.posted) if opened.publicity else {}
    if not set(stage.channels).issubset({*posted, channel}):
        return {}
    latest = max([at, *posted.values()])
    return period_from(_lasts(stage), latest.astimezone(BEIJING).date(), calendar)


def lengthened(state: State, calendar: Calendar) -> Iterator[Lengthened]:
    """按修订后的日历应当延长的公示；只延长，从不缩短。"""
    for opened in state.open:
        publicity = opened.publicity
        if publicity is None or publicity.period is None or publicity.ended:
            continue
        since = date.fromisoformat(publicity.period["since"])
        lasts = announced_lasts(publicity.period, state.rulebook.stages[opened.stage])
        period = period_from(lasts, since, calendar)
        if period["last"] > publicity.period["last"]:
            yield Lengthened(opened.stage, opened.round, period)


def _publicized(state: State, event: Event) -> tuple[OpenStage, Publicity]:
    opened = the_open_stage(state, event)
    if opened.publicity is None:
        raise NotApplicableError(f"第{event.sequence}条：环节{event.stage}不是公示。")
    return opened, opened.publicity


def _with(state: State, opened: OpenStage, **changes: Any) -> tuple[State, OpenStage]:
    if opened.publicity is None:
        raise ValueError(f"环节{opened.stage}不是公示。")
    changed = replace(opened, publicity=replace(opened.publicity, **changes))
    open_ = tuple(changed if item is opened else item for item in state.open)
    return replace(state, open=open_), changed


def _posted(state: State, event: Event) -> State:
    opened, publicity = _publicized(state, event)
    # 迟录超过宽限的，自录入之时起算，不因倒填日期而缩短公示。
    counts_from = event.content.get("counts_from")
    at = datetime.fromisoformat(counts_from) if counts_from else event.occurred_at
    posted = {**publicity.posted, event.content["channel"]: at}
    period = event.content.get("period") or None
    state, opened = _with(state, opened, posted=posted, period=period or publicity.period)
    if event.backfilled:
        return without_effects(state, opened, kind="issue")
    announces = state.rulebook.stages[opened.stage].announces
    if period is None or announces is None:
        return state
    stage = state.rulebook.stages[opened.stage]
    return owe_document(state, announces, opened.stage, opened.round, stage)


def _taken_down(state: State, event: Event) -> State:
    opened, publicity = _publicized(state, event)
    posted = {k: v for k, v in publicity.posted.items() if k != event.content["channel"]}
    return _with(state, opened, posted=posted, period=None)[0]


def _extended(state: State, event: Event) -> State:
    opened, publicity = _publicized(state, event)
    period = event.content["period"]
    if publicity.opens is None or datetime.fromisoformat(period["opens"]) < publicity.opens:
        raise NotApplicableError(f"第{event.sequence}条：公示期只能延长，不能缩短。")
    return _with(state, opened, period=period)[0]


def _objected(state: State, event: Event) -> State:
    if state.stage_open(event.stage, event.round) is None:
        return objected_late(state, event)
    opened, publicity = _publicized(state, event)
    state, opened = _with(state, opened, objections=(*publicity.objections, said(event)))
    if not enough(state, opened):
        return state
    return close_stage(state, opened, UPHELD, event, event.content)


def _objection_withdrawn(state: State, event: Event) -> State:
    opened, publicity = _publicized(state, event)
    objections = tuple(
        replace(item, withdrawn=True) if item.name == event.content["objection"] else item
        for item in publicity.objections
    )
    state, opened = _with(state, opened, objections=objections)
    return _end_if_ready(state, opened, event)


def _objection_answered(state: State, event: Event) -> State:
    opened, publicity = _publicized(state, event)
    upheld = bool(event.content["upheld"])
    objections = tuple(
        replace(item, upheld=upheld) if item.name == event.content["objection"] else item
        for item in publicity.objections
    )
    state, opened = _with(state, opened, objections=objections)
    if upheld and UPHELD in state.rulebook.stages[opened.stage].then:
        return close_stage(state, opened, UPHELD, event, event.content)
    return _end_if_ready(state, opened, event)


def _publicity_ended(state: State, event: Event) -> State:
    opened, publicity = _publicized(state, event)
    if publicity.opens is None or event.occurred_at < publicity.opens:
        raise NotApplicableError(f"第{event.sequence}条：公示期未满，不能结束公示。")
    state, opened = _with(state, opened, ended=True)
    return _end_if_ready(state, opened, event)


def _end_if_ready(state: State, opened: OpenStage, event: Event) -> State:
    publicity = opened.publicity
    if publicity is None or not publicity.ended or awaits_answer(state, opened):
        return state
    content = {"period": dict(publicity.period or {}), "objections": len(publicity.objections)}
    return close_stage(state, opened, "ended", event, content)


HANDLERS: Mapping[str, Callable[[State, Event], State]] = {
    "posted": _posted,
    "taken_down": _taken_down,
    "publicity_extended": _extended,
    "objected": _objected,
    "objection_answered": _objection_answered,
    "objection_withdrawn": _objection_withdrawn,
    "publicity_ended": _publicity_ended,
}
