"""卷宗：事务中的一个事项。取出加锁、折叠，逐条记入，到期的时间事件先行记入。"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from records import journal
from records.journal import Entry
from records.store import Store
from records.tables import cases
from rulebooks.events import Event, Timed
from rulebooks.judgement import Fact
from rulebooks.loader import load_rulebook
from rulebooks.position import Timer, apply, due_timers, fold
from rulebooks.state import State

CLOCK_DOOR = "clock"

_CASE = select(
    cases.c.number,
    cases.c.city,
    cases.c.town,
    cases.c.place,
    cases.c.rulebook,
    cases.c.head_digest,
).where(cases.c.number == bindparam("number"))
_CASE_LOCKED = _CASE.with_for_update()


@dataclass(frozen=True, slots=True)
class Dossier:
    """一个事项此刻的全部：编号、所在社区机关、状态、最后一条的摘要。"""

    number: str
    place: str
    state: State
    digest: str

    @property
    def head(self) -> int:
        """最后一条的序号。"""
        return len(self.state.history)


@dataclass(frozen=True, slots=True)
class Transaction:
    """一个写事务：台账、连接、记入的时刻。"""

    store: Store
    connection: Connection
    now: datetime


@dataclass(frozen=True, slots=True)
class Signature:
    """一条记录由谁、代表谁、从哪个门、凭什么记入。"""

    door: str
    actor: str | None = None
    organisation: str | None = None
    key: str | None = None
    command_digest: str | None = None
    evidence: tuple[str, ...] = ()
    backfilled: bool = False


def load(store: Store, connection: Connection, number: str) -> Dossier | None:
    """取出一个事项并锁住它，直到事务结束；没有此事项则为 None。"""
    row = connection.execute(_CASE_LOCKED, {"number": number}).one_or_none()
    return None if row is None else _dossier(store, connection, row)


def peek(store: Store, connection: Connection, number: str) -> Dossier | None:
    """看一个事项，不锁；没有此事项则为 None。"""
    row = connection.execute(_CASE, {"number": number}).one_or_none()
    return None if row is None else _dossier(store, connection, row)


def warm(store: Store, number: str) -> None:
    """在事务之外先折叠好，写入时只须核对摘要，少占轮次。"""
    with store.glance() as connection:
        peek(store, connection, number)


def _dossier(store: Store, connection: Connection, row: Row[Any]) -> Dossier:
    state = store.states.get(row.head_digest)
    if state is None:
        rulebook = load_rulebook(row.city, row.rulebook, row.town)
        state = fold(rulebook, journal.read(connection, row.number))
        store.states.put(row.head_digest, state)
    return Dossier(row.number, row.place, state, row.head_digest)


def refold(connection: Connection, number: str) -> Dossier:
    """只凭流水重新折叠一个事项，不看卷宗所记的最后一条；用于对照与重建。"""
    row = connection.execute(_CASE, {"number": number}).one()
    rulebook = load_rulebook(row.city, row.rulebook, row.town)
    state = fold(rulebook, journal.read(connection, number))
    return Dossier(number, row.place, state, journal.last_digest(connection, number))


def record(transaction: Transaction, dossier: Dossier, fact: Fact, signature: Signature) -> Dossier:
    """记入一条，返回记入之后的卷宗；是否办结由折叠的结果认定。"""
    event = Event(
        sequence=dossier.head + 1,
        kind=fact.kind,
        stage=fact.stage,
        round=fact.round,
        content=fact.content,
        occurred_at=fact.occurred_at,
        recorded_at=transaction.now,
        actor=signature.actor,
        backfilled=signature.backfilled,
    )
    state = apply(dossier.state, event)
    entry = Entry(
        case=dossier.number,
        event=event,
        door=signature.door,
        organisation=signature.organisation,
        evidence=signature.evidence,
        key=signature.key,
        command_digest=signature.command_digest,
        closes=_closes(state, event),
        late=fact.late,
    )
    digest = journal.append(transaction.connection, entry, dossier.digest)
    return replace(dossier, state=state, digest=digest)


def _closes(state: State, event: Event) -> bool:
    return any(
        result.sequence == event.sequence
        and (result.stage, result.round) == (event.stage, event.round)
        for result in state.results[-1:]
    )


def record_due(
    transaction: Transaction,
    dossier: Dossier,
    *,
    until: datetime | None = None,
    kinds: Collection[str] | None = None,
) -> Dossier:
    """把已到达的时间事件逐条记入：公示期满、提醒、逾期、督办，各以唯一键记一次。

    Args:
        transaction: 写事务。
        dossier: 已锁住的事项。
        until: 只记到这一时刻为止，用于补录；缺省为记入的时刻。
        kinds: 只记这些种类并标明补录；缺省为全部。
    """
    calendar = transaction.store.calendar
    while True:
        due = [
            timer
            for timer in due_timers(dossier.state, calendar, until or transaction.now)
            if kinds is None or timer.kind in kinds
        ]
        if not due:
            return dossier
        signature = Signature(
            CLOCK_DOOR, key=_timer_key(dossier.number, due[0]), backfilled=kinds is not None
        )
        dossier = record(transaction, dossier, _timer_fact(due[0]), signature)


def _timer_key(number: str, timer: Timer) -> str:
    moment = timer.at.isoformat()
    return f"{number}/{timer.kind}/{timer.stage}/{timer.round}/{timer.deadline}/{moment}"


def _timer_fact(timer: Timer) -> Fact:
    content = Timed(deadline=timer.deadline, to=timer.to).model_dump(mode="json")
    return Fact(timer.kind, timer.stage, timer.round, content, timer.at)
