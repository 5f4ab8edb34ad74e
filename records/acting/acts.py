"""办理：一次提交一个事务——到期的时间事件先记，再认重复、查权限、判可否，记入流水并投影。

门户、终端、导入与测试都走这一个入口；不予受理是一个值，带依据与一句中文。
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select
from sqlalchemy.exc import IntegrityError

from records.acting import rivals
from records.acting.authority import Authority, already_decided, authorize
from records.acting.codes import unsigned_for_code
from records.cases.commands import (
    Accepted,
    Command,
    Opening,
    Refused,
    command_digest,
    refused,
    wording_problem,
)
from records.cases.dossiers import (
    Asked,
    Dossier,
    Earlier,
    Hearing,
    Signature,
    glimpse,
    load,
    peek,
    record,
    record_due,
    remember,
)
from records.cases.projections import AsSeen, project, projected, save, saving
from records.database.store import Store
from records.database.tables import cases, organisations
from records.files.attachments import missing
from records.money import claims, holdings
from records.money.quotas import holder, over_wider_quota, quotas_of
from rulebooks.days.working_days import BEIJING
from rulebooks.judging.caps import needs_each_project
from rulebooks.judging.judgement import Fact, Outside, Proposal, Refusal, judge
from rulebooks.judging.outside import Established
from rulebooks.judging.recognition import CLAIMING
from rulebooks.procedure.position import Position, look

# How the checks on amounts begin their names or their sentences.
AMOUNT_CHECKS = ("ck_cases_", "资金账")
# Facts outside the case: they are read under lock, so these are judged inside the transaction.
REVISES = frozenset({"approve_change", "correct", "settle_correction"})
LOOKS_OUTSIDE = REVISES | {"select", "approve"} | rivals.TOGETHER | CLAIMING


def act(store: Store, command: Command) -> Accepted | Refused:
    """办理一次：受理则记入流水并返回现状，不予受理则说明缘由，重复提交给同一答复。

    先在事务之外判断，再以一个事务存入，前提是事项仍如所见、办理人仍在其位；前提变了的，
    锁住事项重新判断。要查事项之外的事实的，一律锁住再判断。

    Raises:
        BusyRecordsError: 等待写入超时，什么也没有记。
    """
    refusal = wording_problem(command.key, command.content)
    if refusal is not None:
        return refusal
    try:
        answer = None if command.action in LOOKS_OUTSIDE else _act_at_sight(store, command)
        return answer or _act_locked(store, command)
    except IntegrityError as error:
        if is_amount_conflict(error):
            return amounts_refused(command.case)
        # Somebody else's event took the key or the round first; now it can be seen.
        return _act_locked(store, command)


def is_amount_conflict(error: IntegrityError) -> bool:
    """是否数据库的金额检查未通过：卷宗的，或资金账的。"""
    return any(mark in str(error.orig) for mark in AMOUNT_CHECKS)


def amounts_refused(number: str) -> Refused:
    """金额自相矛盾的答复。"""
    sentence = f"事项{number}：办理后金额将自相矛盾（拨付≤审定≤合同≤预算），请核对各项金额。"
    return Refused("amounts_contradict", sentence)


@dataclass(frozen=True, slots=True)
class Judged:
    """判断的结果：记入之后的卷宗（不予受理时只添了到期的时间事件），答复，办理人的权限。"""

    dossier: Dossier
    refusal: Refused | None
    authority: Authority | None = None


def _act_at_sight(store: Store, command: Command) -> Accepted | Refused | None:
    """不锁先判，存入时核对；前提已变或须另记时间事件的返回 None，改走加锁的路。"""
    asked = Asked(command.case, today(store), command.actor, command.key)
    with store.glance() as connection:
        found = glimpse(store, connection, asked)
        if found is None or found[1] is not None:
            return _without_judging(store, connection, command, found)
        seen = found[0]
        if command.action == "sign" and holdings.limited(seen):
            return None
        judged = _judge(Hearing(store, connection, moment(store, seen)), seen, command)
    if judged.authority is None:
        return None if judged.dossier.pending else judged.refusal
    projection = projected(store, judged.dossier)
    authority = judged.authority
    premise = AsSeen(seen.digest, command.actor, authority.role, authority.organisation, asked.day)
    ready = saving(store, projection, premise)
    with store.write() as connection:
        if not save(connection, ready):
            return None
    return _accepted(store, judged.dossier, projection.position)


def _act_locked(store: Store, command: Command) -> Accepted | Refused:
    asked = Asked(command.case, today(store), command.actor, command.key)
    with store.write() as connection:
        found = load(store, connection, asked)
        if found is None or found[1] is not None:
            return _without_judging(store, connection, command, found)
        seen = found[0]
        judged = _judge(Hearing(store, connection, moment(store, seen)), seen, command)
        if judged.refusal is not None and not judged.dossier.pending:
            return judged.refusal
        position = project(store, connection, judged.dossier)
    accepted = _accepted(store, judged.dossier, position)
    return judged.refusal or accepted


def _judge(hearing: Hearing, seen: Dossier, command: Command) -> Judged:
    current = record_due(hearing, seen)
    outcome = submit(hearing, current, command)
    if isinstance(outcome, Refused):
        return Judged(current, outcome)
    dossier, authority = outcome
    return Judged(dossier, None, authority)


def _accepted(store: Store, dossier: Dossier, position: Position) -> Accepted:
    remember(store, dossier)
    return Accepted(dossier.number, dossier.head, position)


def _without_judging(
    store: Store,
    connection: Connection,
    command: Command,
    found: tuple[Dossier, Earlier | None] | None,
) -> Accepted | Refused:
    """不必判断的：没有这个事项，或同一键已经记过。"""
    if found is None or found[1] is None:
        sentence = f"没有编号为“{command.case}”的事项，请核对编号。"
        return Refused("unknown_case", sentence)
    return answer_again(store, connection, command, found[1])


def moment(store: Store, dossier: Dossier) -> datetime:
    """记入的时刻：时钟的此刻，但不早于上一条；时钟倒走也不乱次序。"""
    return max(store.clock.now(), dossier.state.history[-1].recorded_at)


def today(store: Store) -> date:
    """今日（北京日期）。"""
    return store.clock.now().astimezone(BEIJING).date()


def answer_again(
    store: Store, connection: Connection, command: Command | Opening, earlier: Earlier
) -> Accepted | Refused:
    """同一键已经记过：内容相同给同一答复，内容不同则不予受理。"""
    if earlier.command_digest != command_digest(store.digest_key, command):
        sentence = (
            f"这个提交编号已用于事项{earlier.case}的第{earlier.sequence}条，内容与这次不同；"
            "请查看事项现状，确需再办的重新提交。"
        )
        return Refused("key_reused", sentence)
    dossier = peek(store, connection, earlier.case)
    if dossier is None:
        raise LookupError(f"流水有事项{earlier.case}而没有卷宗，请先重建卷宗。")
    position = look(dossier.state, store.calendar, store.clock.now())
    return Accepted(earlier.case, earlier.sequence, position, repeated=True)


def submit(
    hearing: Hearing,
    dossier: Dossier,
    command: Command,
    *,
    backfilled: bool = False,
    vouched: Authority | None = None,
    counted: Mapping[str, Any] | None = None,
) -> tuple[Dossier, Authority] | Refused:
    """判断并记入一步：先看是否已有人办结，再查凭证、权限与规则手册。

    Args:
        hearing: 这次受理。
        dossier: 事项，到期的时间事件已经记入。
        command: 要办的一步。
        backfilled: 是否补录。
        vouched: 代录人的权限；本人没有该项任职而附有凭证的补录，以此记入。
        counted: 合并计票所得的本项目的内容。
    """
    decided = already_decided(hearing.connection, dossier, command)
    if decided is not None:
        return decided
    unknown = missing(hearing.connection, command.evidence)
    if unknown:
        return Refused("unknown_evidence", f"凭证 {unknown[0]} 没有上传，请先上传附件再提交。")
    authority = authorize(dossier, command)
    if isinstance(authority, Refused) and vouched is not None and command.evidence:
        authority = vouched
    if isinstance(authority, Refused):
        return authority
    if backfilled and command.content.get("chosen") is not None:
        # It was counted long ago; what was written down then stands.
        counted = {"place": None, "layer": "", "reason": "", **command.content}
    fact = _fact(hearing, dossier, command, backfilled=backfilled, counted=counted)
    if isinstance(fact, Refusal):
        return refused(fact)
    if authority is None:
        raise LookupError(f"规则手册没有写明谁可以“{command.action}”，却受理了它。")
    signature = Signature(
        door=command.door,
        actor=command.actor,
        organisation=authority.organisation,
        key=command.key,
        command_digest=command_digest(hearing.store.digest_key, command),
        evidence=command.evidence,
        backfilled=backfilled,
    )
    after = record(hearing, dossier, fact, signature)
    return unsigned_for_code(dossier, after, authority) or (after, authority)


def _fact(
    hearing: Hearing,
    dossier: Dossier,
    command: Command,
    *,
    backfilled: bool,
    counted: Mapping[str, Any] | None,
) -> Fact | Refusal:
    occurred_at = command.occurred_at or hearing.now
    proposal = Proposal(
        action=command.action,
        stage=command.stage,
        round=command.round,
        content=command.content,
        occurred_at=occurred_at,
        door=command.door,
        backfilled=backfilled,
        evidence=command.evidence,
    )
    look_outside = claims.outside if command.action in CLAIMING else _outside
    outside = replace(look_outside(hearing, dossier, command, occurred_at), counted=counted)
    found = judge(dossier.state, proposal, hearing.store.calendar, hearing.now, outside)
    if isinstance(found, Refusal) or command.action != "approve":
        return found
    return _over_wider_quota(hearing, dossier, found) or found


def _over_wider_quota(hearing: Hearing, dossier: Dossier, fact: Fact) -> Refusal | None:
    """立项的，另按资金账核对镇街、全市年度的限额。"""
    stage = dossier.state.rulebook.stages.get(fact.stage or "")
    if stage is None or not stage.establishes:
        return None
    year = fact.occurred_at.astimezone(BEIJING).year
    return over_wider_quota(hearing.store, hearing.connection, dossier.state, year)


def _outside(
    hearing: Hearing, dossier: Dossier, command: Command, occurred_at: datetime
) -> Outside:
    """事项之外的事实，在同一事务内加锁查明。"""
    day = occurred_at.astimezone(BEIJING).date()
    if command.action == "select":
        reference = str(command.content.get("implementer", ""))
        return holdings.outside(hearing, dossier, reference, day)
    if command.action == "sign":
        return holdings.of_the_chosen(hearing, dossier, day)
    if command.action == "approve" or command.action in rivals.TOGETHER:
        found = _community_year(hearing, dossier, day.year)
        return rivals.added(hearing, dossier, command, found, day)
    established_at = dossier.state.established_at
    if command.action in REVISES and established_at is not None:
        # The case counts in the year in which it was established, whenever it is revised.
        found = _community_year(hearing, dossier, established_at.astimezone(BEIJING).year)
        chosen = holdings.of_the_chosen(hearing, dossier, day)
        return replace(found, implementer=chosen.implementer, held=chosen.held)
    return Outside()


def _community_year(hearing: Hearing, dossier: Dossier, year: int) -> Outside:
    """社区本年度其他事项已立项的累计预算（分）；有只限某类项目的限额的，逐个取出。

    办结而未曾拨付的不计。
    """
    connection = hearing.connection
    connection.execute(
        select(organisations.c.id).where(organisations.c.id == dossier.place).with_for_update()
    )
    others = (
        cases.c.place == dossier.place,
        cases.c.established_on.between(date(year, 1, 1), date(year, 12, 31)),
        cases.c.number != dossier.number,
        or_(cases.c.status == "open", cases.c.paid_fen.is_not(None)),
    )
    total: Any = func.coalesce(func.sum(cases.c.budget_fen), 0)
    rulebook, facts = dossier.state.rulebook, dossier.state.facts
    owner = holder(year, rulebook.city, facts.get("town", ""), facts.get("community", ""))
    found = Outside(
        community_year_total=int(connection.execute(select(total).where(*others)).scalar_one()),
        quotas=quotas_of(connection, rulebook, owner),
    )
    if not needs_each_project(dossier.state.rulebook):
        return found
    numbers = connection.execute(select(cases.c.number).where(*others)).scalars().all()
    peeked = (peek(hearing.store, connection, number) for number in numbers)
    states = [other.state for other in peeked if other is not None]
    return replace(
        found, established=tuple(Established(state.facts, state.amounts) for state in states)
    )
