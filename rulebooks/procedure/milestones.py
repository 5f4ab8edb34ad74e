"""统计口径：办到哪里算征集、确定、实施、完成、审计、公开结果、结项，各地同一种算法。

只凭环节的种类、结果与先后，不认环节的名字：新添一市，口径不另写。纯函数，不读时钟。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from rulebooks.procedure.amounts import given
from rulebooks.procedure.deadlines import local_day
from rulebooks.procedure.phases import roles_of
from rulebooks.procedure.routes import CLOSE
from rulebooks.procedure.state import Result, State
from rulebooks.vocabulary.model import Rulebook

OPENED, DETERMINED, STARTED, COMPLETED = "opened", "determined", "started", "completed"
CONTRACTED, AUDITED, MEASURED, PUBLISHED = "contracted", "audited", "measured", "published"
SAMPLES, SATISFIED, PAID, OTHER_FUNDS = "samples", "satisfied", "paid", "other_funds"
ANNOUNCED = "announced"
ARCHIVED, CLOSED, WITHDRAWN = "archived", "closed", "withdrawn"
OVERDUE, ON_TIME, LATE = "overdue", "on_time", "late"

# 环节种类 → 算得上办到的结果。
REACHED_BY: Mapping[str, frozenset[str]] = {
    "decide": frozenset({"approve"}),
    "contract": frozenset({"signed"}),
    "perform": frozenset({"performed"}),
    "accept": frozenset({"passed"}),
    "audit": frozenset({"audited"}),
    "evaluate": frozenset({"measured", "failed"}),
    "publicize": frozenset({"ended"}),
    "archive": frozenset({"archived"}),
}
WITHDRAWALS = frozenset({"withdrawn", "withdrawal_requested"})
# 在办、漏斗各数及其金额须知道何时结束的；其余发生过就是发生过。
LASTING = frozenset({OPENED, DETERMINED, STARTED, COMPLETED, CONTRACTED, OTHER_FUNDS, OVERDUE})


@dataclass(frozen=True, slots=True)
class Milestone:
    """一件计入统计的事。

    Attributes:
        name: 哪一种。
        origin: 使之发生的那一条台账的序号。
        occurred_on: 发生之日（北京日期）。
        ended_on: 何日结束：事项办结、逾期的待办办完；还没有结束或不会结束的为 None。
        amount_fen: 金额，单位分；不涉及的为 None。
        count: 人数；不涉及的为 None。
    """

    name: str
    origin: int
    occurred_on: date
    ended_on: date | None = None
    amount_fen: int | None = None
    count: int | None = None


def reached(state: State) -> Iterator[Milestone]:
    """一个事项此刻计入统计的全部；报送件自己不计。

    先行实施的，自开始实施之日计为确定；没有单独开工环节的，自完成之日计为实施：
    征集、确定、实施、完成四数因此逐级不增。
    """
    if state.rulebook.submission is not None or not state.history:
        return
    closing = _closing(state)
    opening = state.history[0]
    opened_on = local_day(opening.occurred_at)
    ended_on = None if state.closed_at is None else max(opened_on, local_day(state.closed_at))
    yield Milestone(OPENED, opening.sequence, opened_on, ended_on)
    valid = [result for result in state.results if not result.void and _is_reached(state, result)]
    yield from _progress(state, valid, ended_on)
    yield from _once(state, valid, ended_on)
    yield from _measured(state, valid)
    yield from _paid(state)
    if closing is not None and ended_on is not None:
        sequence, archived = closing
        for name in (ARCHIVED, CLOSED) if archived else (WITHDRAWN,):
            yield Milestone(name, sequence, ended_on)
    yield from _timeliness(state, ended_on)


def _is_reached(state: State, result: Result) -> bool:
    kind = state.rulebook.stages[result.stage].kind
    return result.outcome in REACHED_BY.get(kind, ())


def _progress(state: State, valid: list[Result], ended_on: date | None) -> Iterator[Milestone]:
    """确定、实施、完成，各取首次；后一步到了而前一步没有的，前一步同日计入。"""
    roles, rulebook = roles_of(state.rulebook), state.rulebook
    completed = _first(valid, roles.completing)
    started = _earlier(_first(valid, roles.starting), completed)
    determining = frozenset(name for name, stage in rulebook.stages.items() if stage.establishes)
    determined = _earlier(_first(valid, determining), started)
    budget, other = state.amounts.get("budget"), int(state.facts.get("other_funds", 0))
    steps = (
        (DETERMINED, determined, budget),
        (STARTED, started, None),
        (COMPLETED, completed, None),
    )
    day = date.min
    for name, result, amount in steps:
        if result is None:
            return
        # 后一步从不早于前一步。
        day = max(day, local_day(result.at))
        until = None if ended_on is None else max(day, ended_on)
        yield Milestone(name, result.sequence, day, until, amount)
        if name == DETERMINED and other:
            yield Milestone(OTHER_FUNDS, result.sequence, day, until, other)


def _first(valid: list[Result], stages: frozenset[str]) -> Result | None:
    return next((result for result in valid if result.stage in stages), None)


def _earlier(one: Result | None, other: Result | None) -> Result | None:
    found = [result for result in (one, other) if result is not None]
    return min(found, key=lambda result: result.sequence, default=None)


def _once(state: State, valid: list[Result], ended_on: date | None) -> Iterator[Milestone]:
    """签约、审计，重办的取最近一次；项目公示、结果公开取首次。"""
    stages, roles = state.rulebook.stages, roles_of(state.rulebook)
    for name, places in ((ANNOUNCED, roles.announcing), (PUBLISHED, roles.publishing)):
        first = _first(valid, places)
        if first is not None:
            yield Milestone(name, first.sequence, local_day(first.at))
    for name, kind, amount in ((CONTRACTED, "contract", "contract"), (AUDITED, "audit", "audited")):
        latest = next((item for item in reversed(valid) if stages[item.stage].kind == kind), None)
        if latest is not None:
            fen, day = given(kind, latest.content)[amount], local_day(latest.at)
            until = max(day, ended_on) if ended_on is not None and name in LASTING else None
            yield Milestone(name, latest.sequence, day, until, fen)


def _measured(state: State, valid: list[Result]) -> Iterator[Milestone]:
    """评价，每个评价环节取最近一次；有样本的另计样本数与满意人数。"""
    stages = state.rulebook.stages
    latest = {item.stage: item for item in valid if stages[item.stage].kind == "evaluate"}
    for result in latest.values():
        sequence, day = result.sequence, local_day(result.at)
        yield Milestone(MEASURED, sequence, day)
        samples = int(result.content.get("samples", 0))
        if samples:
            satisfied = int(result.content.get("satisfied", 0))
            yield Milestone(SAMPLES, sequence, day, count=samples)
            yield Milestone(SATISFIED, sequence, day, count=satisfied)


def _paid(state: State) -> Iterator[Milestone]:
    """每一笔拨付；付出去的是既成事实，环节重办也照计。"""
    for event in state.history:
        if event.kind == PAID:
            amount = int(state.content_of(event.sequence)["amount"])
            day = local_day(event.occurred_at)
            yield Milestone(PAID, event.sequence, day, amount_fen=amount)


def _closing(state: State) -> tuple[int, bool] | None:
    """哪一条使事项办结，是否归档办结（否则为退出）；还在办的为 None。"""
    if state.outcome is None:
        return None
    stages = state.rulebook.stages
    for result in reversed(state.results):
        if not result.void and result.to == f"{CLOSE}:{state.outcome}":
            return result.sequence, stages[result.stage].kind == "archive"
    return _withdrawal(state), False


def _withdrawal(state: State) -> int:
    found = (event.sequence for event in reversed(state.history) if event.kind in WITHDRAWALS)
    return next(found, len(state.history))


def _timeliness(state: State, closed_on: date | None) -> Iterator[Milestone]:
    """有时限的环节，按期办完还是逾期办完；逾期而还没有办完的，计为逾期。"""
    fell = _fallen(state)
    finished = {(result.stage, result.round): result for result in state.results}
    for (stage, round_), (sequence, at) in fell.items():
        result = finished.get((stage, round_))
        if result is not None and result.at < at:
            continue
        day = local_day(at)
        if state.stage_open(stage, round_) is not None:
            yield Milestone(OVERDUE, sequence, day)
        elif result is not None:
            yield Milestone(OVERDUE, sequence, day, local_day(result.at))
        elif closed_on is not None:
            yield Milestone(OVERDUE, sequence, day, max(day, closed_on))
    for result in state.results:
        if not result.void and _has_deadline(state.rulebook, result.stage):
            mark = fell.get((result.stage, result.round))
            late = mark is not None and mark[1] <= result.at
            yield Milestone(LATE if late else ON_TIME, result.sequence, local_day(result.at))


def _fallen(state: State) -> dict[tuple[str, int], tuple[int, datetime]]:
    """每个环节每一轮首次逾期的记录与时刻。"""
    fell: dict[tuple[str, int], tuple[int, datetime]] = {}
    for event in state.history:
        if event.kind == "fell_overdue":
            place = (event.stage or "", event.round or 0)
            fell.setdefault(place, (event.sequence, event.occurred_at))
    return fell


def _has_deadline(rulebook: Rulebook, name: str) -> bool:
    return rulebook.stages[name].within is not None or any(
        name in clock.covers for clock in rulebook.clocks.values()
    )
