"""办理：一次提交一个事务——到期的时间事件先记，再认重复、查权限、判可否，记入流水并投影。

门户、终端、导入与测试都走这一个入口；不予受理是一个值，带依据与一句中文。
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select
from sqlalchemy.exc import IntegrityError

from records import implementers
from records.attachments import missing
from records.authority import Authority, already_decided, authorize
from records.commands import (
    Accepted,
    Command,
    Opening,
    Refused,
    command_digest,
    refused,
    wording_problem,
)
from records.dossiers import Dossier, Signature, Transaction, load, peek, record, record_due, warm
from records.organisations import Link
from records.projections import place_chain, project
from records.store import Store
from records.tables import cases, events, organisations
from rulebooks.judgement import Fact, Outside, Proposal, Refusal, judge
from rulebooks.position import look
from rulebooks.working_days import BEIJING

_BY_KEY = select(events.c.case, events.c.sequence, events.c.command_digest).where(
    events.c.key == bindparam("key")
)


def act(store: Store, command: Command) -> Accepted | Refused:
    """办理一次：受理则记入流水并返回现状，不予受理则说明缘由，重复提交给同一答复。

    Raises:
        BusyRecordsError: 等待写入超时，什么也没有记。
    """
    refusal = wording_problem(command.key, command.content)
    if refusal is not None:
        return refusal
    warm(store, command.case)
    try:
        return _act(store, command)
    except IntegrityError as error:
        if is_amount_conflict(error):
            return amounts_refused(command.case)
        # Somebody else's event took the key or the round first; now it can be seen.
        return _act(store, command)


def is_amount_conflict(error: IntegrityError) -> bool:
    """是否数据库的金额检查未通过。"""
    return "ck_cases_" in str(error.orig)


def amounts_refused(number: str) -> Refused:
    """金额自相矛盾的答复。"""
    sentence = f"事项{number}：办理后金额将自相矛盾（拨付≤审定≤合同≤预算），请核对各项金额。"
    return Refused("amounts_contradict", sentence)


def _act(store: Store, command: Command) -> Accepted | Refused:
    with store.write() as connection:
        dossier = load(store, connection, command.case)
        if dossier is None:
            sentence = f"没有编号为“{command.case}”的事项，请核对编号。"
            return Refused("unknown_case", sentence)
        answered = answered_before(store, connection, command)
        if answered is not None:
            return answered
        transaction = Transaction(store, connection, moment(store, dossier))
        current = record_due(transaction, dossier)
        outcome = submit(transaction, current, command)
        if isinstance(outcome, Refused):
            if current is not dossier:
                project(store, connection, current, place_chain(connection, current.place))
            return outcome
        recorded, chain = outcome
        position = project(store, connection, recorded, chain)
    return Accepted(recorded.number, recorded.head, position)


def moment(store: Store, dossier: Dossier) -> datetime:
    """记入的时刻：时钟的此刻，但不早于上一条；时钟倒走也不乱次序。"""
    return max(store.clock.now(), dossier.state.history[-1].recorded_at)


def answered_before(
    store: Store, connection: Connection, command: Command | Opening
) -> Accepted | Refused | None:
    """同一键是否已经记过：内容相同给同一答复，内容不同则不予受理。"""
    row = connection.execute(_BY_KEY, {"key": command.key}).one_or_none()
    if row is None:
        return None
    if row.command_digest != command_digest(store.digest_key, command):
        sentence = (
            f"这个提交编号已用于事项{row.case}的第{row.sequence}条，内容与这次不同；"
            "请刷新页面后重新提交。"
        )
        return Refused("key_reused", sentence)
    dossier = peek(store, connection, row.case)
    if dossier is None:
        raise LookupError(f"流水有事项{row.case}而没有卷宗，请先重建卷宗。")
    position = look(dossier.state, store.calendar, store.clock.now())
    return Accepted(row.case, row.sequence, position, repeated=True)


def submit(
    transaction: Transaction,
    dossier: Dossier,
    command: Command,
    *,
    backfilled: bool = False,
    vouched: Authority | None = None,
) -> tuple[Dossier, Sequence[Link]] | Refused:
    """判断并记入一步：先看是否已有人办结，再查凭证、权限与规则手册。

    Args:
        transaction: 写事务。
        dossier: 已锁住的事项，到期的时间事件已经记入。
        command: 要办的一步。
        backfilled: 是否补录。
        vouched: 代录人的权限；本人没有该项任职而附有凭证的补录，以此记入。
    """
    decided = already_decided(transaction.connection, dossier, command)
    if decided is not None:
        return decided
    unknown = missing(transaction.connection, command.evidence)
    if unknown:
        sentence = f"凭证 {unknown[0]} 没有上传，请先上传附件再提交。"
        return Refused("unknown_evidence", sentence)
    authority = authorize(transaction, dossier, command)
    if isinstance(authority, Refused):
        if vouched is None or not command.evidence:
            return authority
        authority = vouched
    fact = _judged(transaction, dossier, command, backfilled=backfilled)
    if isinstance(fact, Refusal):
        return refused(fact)
    signature = Signature(
        door=command.door,
        actor=command.actor,
        organisation=authority.organisation,
        key=command.key,
        command_digest=command_digest(transaction.store.digest_key, command),
        evidence=command.evidence,
        backfilled=backfilled,
    )
    return record(transaction, dossier, fact, signature), authority.chain


def _judged(
    transaction: Transaction, dossier: Dossier, command: Command, *, backfilled: bool
) -> Fact | Refusal:
    occurred_at = command.occurred_at or transaction.now
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
    outside = _outside(transaction.connection, dossier, command, occurred_at)
    return judge(dossier.state, proposal, transaction.store.calendar, transaction.now, outside)


def _outside(
    connection: Connection, dossier: Dossier, command: Command, occurred_at: datetime
) -> Outside:
    """事项之外的事实，在同一事务内加锁查明。"""
    day = occurred_at.astimezone(BEIJING).date()
    if command.action == "select":
        reference = str(command.content.get("implementer", ""))
        return Outside(implementer=implementers.find(connection, reference, day, lock=True))
    if command.action == "approve":
        return Outside(community_year_total=_established(connection, dossier, day.year))
    return Outside()


def _established(connection: Connection, dossier: Dossier, year: int) -> int:
    """社区本年度其他事项已立项的累计预算（分）；办结而未曾拨付的不计。"""
    connection.execute(
        select(organisations.c.id).where(organisations.c.id == dossier.place).with_for_update()
    )
    total: Any = func.coalesce(func.sum(cases.c.budget_fen), 0)
    query = select(total).where(
        cases.c.place == dossier.place,
        cases.c.established_on.between(date(year, 1, 1), date(year, 12, 31)),
        cases.c.number != dossier.number,
        or_(cases.c.status == "open", cases.c.paid_fen.is_not(None)),
    )
    return int(connection.execute(query).scalar_one())
