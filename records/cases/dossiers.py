"""卷宗：事务中的一个事项。取出加锁、折叠，逐条记入，到期的时间事件先行记入。

取出只用一条查询：卷宗、所在社区的上级链、办理人当日的任职、同一键是否记过。
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, String, bindparam, literal, select, true

from records.cases import journal
from records.cases.claim_rows import NO_CLAIMS, ClaimChanges, changed_claims
from records.cases.journal import Entry
from records.cases.ledger_rows import PostingRow, ledger_rows
from records.cases.milestones import NO_CHANGES, Changes, changed_rows
from records.database.folded import Folded
from records.database.store import Store
from records.database.tables import appointments, cases, events, organisations
from records.people.organisations import Link, chain_above, gather, held_in, link_columns
from rulebooks.judging.judgement import Fact
from rulebooks.procedure.migration import founding_version
from rulebooks.procedure.position import Timer, apply, due_timers, fold, start
from rulebooks.procedure.state import State
from rulebooks.reading.loader import load_rulebook
from rulebooks.vocabulary.events import Event, Timed
from rulebooks.vocabulary.model import Rulebook

CLOCK_DOOR = "clock"
NOBODY = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """一个事项此刻的全部：编号、状态、最后一条的摘要、上级链（含办理人的任职）。

    `duty_count` 为表中现存的待办件数，投影时据以清除多余的；`pending` 为已记未存的各行，
    `postings` 为它们所致的资金账分录，`milestones` 为统计行的增减，`claims` 为认定申请各行的变化。
    """

    number: str
    state: State
    digest: str
    chain: tuple[Link, ...]
    duty_count: int = 0
    pending: tuple[journal.Row, ...] = ()
    postings: tuple[PostingRow, ...] = ()
    milestones: Changes = NO_CHANGES
    claims: ClaimChanges = NO_CLAIMS

    @property
    def head(self) -> int:
        """最后一条的序号。"""
        return len(self.state.history)

    @property
    def place(self) -> str:
        """所在社区的机关编号。"""
        return self.chain[0].organisation.id


@dataclass(frozen=True, slots=True)
class Earlier:
    """同一键早先记在哪里：事项、序号、提交内容的摘要。"""

    case: str
    sequence: int
    command_digest: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """取出什么：哪个事项、谁来办、哪一日、什么键。"""

    number: str
    day: date = date.min
    person: str = NOBODY
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Hearing:
    """一次受理：台账、查询所用的连接、记入的时刻。"""

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


_NUMBER = bindparam("number", type_=String)
_CASE_COLUMNS = (
    cases.c.city,
    cases.c.rulebook,
    cases.c.town,
    cases.c.duty,
    cases.c.head,
    cases.c.head_digest,
    cases.c.duty_count,
)
_KEY_COLUMNS = (events.c.case, events.c.sequence, events.c.command_digest)
_LINKS_FROM = len(_CASE_COLUMNS) + len(_KEY_COLUMNS)


def _query() -> Select[Any]:
    lowest = (
        select(organisations, literal(0).label("distance"))
        .join(cases, cases.c.place == organisations.c.id)
        .where(cases.c.number == _NUMBER)
    )
    chain = chain_above(lowest)
    keyed = events.c.key == bindparam("key", type_=String)
    return (
        select(*_CASE_COLUMNS, *_KEY_COLUMNS, *link_columns(chain))
        .join_from(cases, chain, true())
        .outerjoin(appointments, held_in(chain))
        .outerjoin(events, keyed)
        .where(cases.c.number == _NUMBER)
        .order_by(chain.c.distance)
    )


_KEYED = select(*_KEY_COLUMNS).where(events.c.key == bindparam("key", type_=String))
_PEEK = _query()
_LOAD = _PEEK.with_for_update(of=cases)


def load(
    store: Store, connection: Connection, asked: Asked
) -> tuple[Dossier, Earlier | None] | None:
    """取出一个事项并锁住它，直到事务结束；没有此事项则为 None。"""
    found = _found(store, connection, asked, connection.execute(_LOAD, _values(asked)).all())
    if found is None or found[1] is not None or asked.key is None or not store.on_postgres:
        return found
    # PostgreSQL re-reads only the row it waited for: the same key may have been recorded meanwhile.
    again = connection.execute(_KEYED, {"key": asked.key}).one_or_none()
    return found[0], None if again is None else Earlier(*again)


def peek(store: Store, connection: Connection, number: str) -> Dossier | None:
    """看一个事项，不锁；没有此事项则为 None。"""
    found = glimpse(store, connection, Asked(number))
    return None if found is None else found[0]


def glimpse(
    store: Store, connection: Connection, asked: Asked
) -> tuple[Dossier, Earlier | None] | None:
    """不锁地取出一个事项，供事务之外先行判断；没有此事项则为 None。"""
    rows = connection.execute(_PEEK, _values(asked)).all()
    found = _found(store, connection, asked, rows)
    if found is not None:
        remember(store, found[0])
    return found


def refold(connection: Connection, number: str) -> Dossier:
    """只凭流水重新折叠一个事项，不看卷宗所记的最后一条；用于对照与重建。"""
    rows = connection.execute(_PEEK, _values(Asked(number))).all()
    row = rows[0]
    state = _from_the_first(row, journal.read(connection, number))
    digest = journal.digest_at(connection, number, len(state.history))
    return Dossier(number, state, digest, _chain(rows), row.duty_count)


def remember(store: Store, dossier: Dossier) -> None:
    """提交之后留存折叠好的状态，下次办理不必再折。"""
    store.states.put(dossier.number, dossier.digest, dossier.state)


def _values(asked: Asked) -> dict[str, Any]:
    return {
        "number": asked.number,
        "person": asked.person,
        "day": asked.day,
        "key": asked.key,
    }


def _chain(rows: Sequence[Row[Any]]) -> tuple[Link, ...]:
    return gather(row[_LINKS_FROM:] for row in rows)


def _found(
    store: Store, connection: Connection, asked: Asked, rows: Sequence[Row[Any]]
) -> tuple[Dossier, Earlier | None] | None:
    if not rows:
        return None
    row = rows[0]
    state = _state(store, connection, asked.number, row)
    dossier = Dossier(asked.number, state, row.head_digest, _chain(rows), row.duty_count)
    case, sequence, digest = row[len(_CASE_COLUMNS) : _LINKS_FROM]
    return dossier, None if case is None else Earlier(case, sequence, digest)


def _state(store: Store, connection: Connection, number: str, row: Row[Any]) -> State:
    """卷宗那一行所记的最后一条为止的状态：留存的补上其后的几条，接不上则从头折叠。

    不锁的读取之后别人可能又记了几条；只读到 `row.head`，所见才是同一时刻的。
    """
    kept = store.states.get(number)
    if kept is not None and kept[0] == row.head_digest:
        return kept[1]
    if kept is not None and _is_earlier(connection, number, kept, row.head):
        state = kept[1]
        for event in journal.read(connection, number, len(state.history), row.head):
            state = apply(state, event)
        return state
    return _from_the_first(row, journal.read(connection, number, upto=row.head))


def _from_the_first(row: Row[Any], found: Sequence[Event]) -> State:
    """从头折叠：以立卷所记的版本与镇街开始，卷宗那一行所记的不作数。"""
    return fold(_founding_rulebook(row, found), found)


def _founding_rulebook(row: Row[Any], found: Sequence[Event]) -> Rulebook:
    version = founding_version(found, row.rulebook)
    founding = found[0].content if found else {"town": row.town, "duty": row.duty}
    return load_rulebook(row.city, version, founding["town"] or None, founding.get("duty"))


def chronicle(connection: Connection, number: str) -> Iterator[State]:
    """只凭流水逐条折叠：立卷之前的状态，其后每记入一条之后的状态。"""
    row = connection.execute(_PEEK, _values(Asked(number))).all()[0]
    found = journal.read(connection, number)
    state = start(_founding_rulebook(row, found))
    yield state
    for event in found:
        state = apply(state, event)
        yield state


def _is_earlier(connection: Connection, number: str, kept: Folded, head: int) -> bool:
    """留存的是不是这份流水较早时的状态；库由备份恢复过的就不是。"""
    digest, state = kept
    known = len(state.history)
    return known < head and journal.digest_at(connection, number, known) == digest


def record(hearing: Hearing, dossier: Dossier, fact: Fact, signature: Signature) -> Dossier:
    """记入一条（尚未存入），返回记入之后的卷宗；是否办结由折叠的结果认定。"""
    event = fact.event(
        dossier.state, hearing.now, actor=signature.actor, backfilled=signature.backfilled
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
    row = journal.sealed_row(entry, dossier.digest)
    return replace(
        dossier,
        state=state,
        digest=row["digest"],
        pending=(*dossier.pending, row),
        postings=(*dossier.postings, *ledger_rows(dossier.state, state)),
        milestones=dossier.milestones.and_then(changed_rows(dossier.state, state)),
        claims=dossier.claims.and_then(changed_claims(dossier.state, state)),
    )


def _closes(state: State, event: Event) -> bool:
    return any(
        result.sequence == event.sequence
        and (result.stage, result.round) == (event.stage, event.round)
        for result in state.results[-1:]
    )


def record_due(
    hearing: Hearing,
    dossier: Dossier,
    *,
    until: datetime | None = None,
    kinds: Collection[str] | None = None,
) -> Dossier:
    """把已到达的时间事件逐条记入：公示期满、提醒、逾期、督办，各以唯一键记一次。

    Args:
        hearing: 这次受理。
        dossier: 已锁住的事项。
        until: 只记到这一时刻为止，用于补录；缺省为记入的时刻。
        kinds: 只记这些种类并标明补录；缺省为全部。
    """
    calendar = hearing.store.calendar
    while True:
        due = [
            timer
            for timer in due_timers(dossier.state, calendar, until or hearing.now)
            if kinds is None or timer.kind in kinds
        ]
        if not due:
            return dossier
        signature = Signature(
            CLOCK_DOOR, key=_timer_key(dossier.number, due[0]), backfilled=kinds is not None
        )
        dossier = record(hearing, dossier, _timer_fact(due[0]), signature)


def _timer_key(number: str, timer: Timer) -> str:
    moment = timer.at.isoformat()
    return f"{number}/{timer.kind}/{timer.stage}/{timer.round}/{timer.deadline}/{moment}"


def _timer_fact(timer: Timer) -> Fact:
    content = Timed(deadline=timer.deadline, to=timer.to).model_dump(mode="json")
    return Fact(timer.kind, timer.stage, timer.round, content, timer.at)
