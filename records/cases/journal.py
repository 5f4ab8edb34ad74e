"""台账（流水）：每个事项一条摘要链，逐条相扣，改一字、少一条、换次序都会被发现。

一条的摘要 = SHA-256(前一条的摘要 + 本条的规范 JSON)；首条之前为六十四个零。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    String,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    type_coerce,
)
from sqlalchemy import Row as SqlRow

from records.database.columns import Moment, canonical, moment_text, parse
from records.database.prepared import Prepared, prepare
from records.database.store import Store
from records.database.tables import cases, events
from rulebooks.vocabulary.events import Event

Row = dict[str, Any]

GENESIS = "0" * 64
LAST = 2**31 - 1
BATCH = 5000
SEALED = (
    "actor",
    "backfilled",
    "case",
    "closes",
    "command_digest",
    "content",
    "door",
    "evidence",
    "key",
    "kind",
    "late",
    "occurred_at",
    "organisation",
    "recorded_at",
    "round",
    "sequence",
    "stage",
)
CASE = SEALED.index("case")
POSTGRES_MOMENT = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'


@dataclass(frozen=True, slots=True)
class Entry:
    """将要写入的一条：事实、谁、代表哪个机关、从哪个门进来。

    Attributes:
        organisation: 代表哪个机关办理。
        evidence: 所附凭证的摘要值。
        closes: 是否办结该环节该轮；每环节每轮至多一条。
        late: 补记超过规则手册宽限，已附凭证。
        key: 唯一键，重复提交时据以认出；时间事件的键由时限推得。
        command_digest: 提交内容的摘要，用来认出同一键下的不同内容。
    """

    case: str
    event: Event
    door: str
    organisation: str | None = None
    evidence: tuple[str, ...] = ()
    key: str | None = None
    command_digest: str | None = None
    closes: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class Break:
    """一处破损：事项、序号、怎么回事（中文）。"""

    case: str
    sequence: int
    what: str


@dataclass(frozen=True, slots=True)
class Verified:
    """核验结果：读了多少条，有哪些破损；没有破损即完好。"""

    events: int
    broken: tuple[Break, ...]

    @property
    def sound(self) -> bool:
        """是否完好。"""
        return not self.broken


_INSERT = insert(events)
EVENT_COLUMNS = (
    events.c.sequence,
    events.c.kind,
    events.c.stage,
    events.c.round,
    events.c.content,
    events.c.occurred_at,
    events.c.recorded_at,
    events.c.actor,
    events.c.backfilled,
)
_READ = (
    select(*EVENT_COLUMNS)
    .where(
        events.c.case == bindparam("number"),
        events.c.sequence > bindparam("after"),
        events.c.sequence <= bindparam("upto"),
    )
    .order_by(events.c.sequence)
)


def sealed_row(entry: Entry, previous_digest: str) -> Row:
    """将要写入的一行：各列、前一条的摘要与本条的摘要。"""
    event = entry.event
    content = canonical(event.content)
    sealed = {
        "actor": event.actor,
        "backfilled": event.backfilled,
        "case": entry.case,
        "closes": entry.closes,
        "command_digest": entry.command_digest,
        "content": orjson.Fragment(content),
        "door": entry.door,
        "evidence": list(entry.evidence),
        "key": entry.key,
        "kind": event.kind,
        "late": entry.late,
        "occurred_at": moment_text(event.occurred_at),
        "organisation": entry.organisation,
        "recorded_at": moment_text(event.recorded_at),
        "round": event.round,
        "sequence": event.sequence,
        "stage": event.stage,
    }
    return {
        **sealed,
        "content": content,
        "evidence": canonical(entry.evidence),
        "occurred_at": event.occurred_at,
        "recorded_at": event.recorded_at,
        "previous_digest": previous_digest,
        "digest": seal(previous_digest, sealed),
    }


def appended(dialect: Dialect, rows: Sequence[Row]) -> Prepared:
    """备好写入封好的各行；同一键、同一环节同一轮的第二次办结由数据库拒绝。"""
    return prepare(dialect, _INSERT, rows)


def seal(previous_digest: str, sealed: Mapping[str, Any]) -> str:
    """一条的摘要；`sealed` 的键须已按字母排序，内容须为规范 JSON。"""
    return sha256(previous_digest.encode() + orjson.dumps(sealed)).hexdigest()


def read(connection: Connection, case: str, after: int = 0, upto: int = LAST) -> list[Event]:
    """一个事项序号大于 `after`、至 `upto` 为止的事件，按序号。"""
    rows = connection.execute(_READ, {"number": case, "after": after, "upto": upto})
    return [event_of(row) for row in rows]


def event_of(row: Sequence[Any]) -> Event:
    """由 `EVENT_COLUMNS` 各列还原一条事件。"""
    sequence, kind, stage, round_, content, occurred_at, recorded_at, actor, backfilled = row
    return Event(
        sequence=sequence,
        kind=kind,
        stage=stage,
        round=round_,
        content=parse(content),
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        actor=actor,
        backfilled=backfilled,
    )


def digest_at(connection: Connection, case: str, sequence: int) -> str:
    """一个事项第 `sequence` 条的摘要；没有这一条则为六十四个零。"""
    query = select(events.c.digest).where(events.c.case == case, events.c.sequence == sequence)
    digest = connection.execute(query).scalar_one_or_none()
    return GENESIS if digest is None else digest


def verify(store: Store) -> Verified:
    """核验全部流水：逐条重算摘要，核对次序与相连，再对照卷宗所记的最后一条。

    边读边算，不整本装入内存；截去的尾部由每日摘要发现（records.running.digests）。
    """
    counted = 0
    broken: list[Break] = []
    with store.read() as connection:
        for case, rows in groupby(_sealed_rows(connection), key=itemgetter(CASE)):
            counted += _check_case(case, rows, broken)
        broken.extend(_heads_that_differ(connection))
    return Verified(counted, tuple(broken))


def _check_case(case: str, rows: Iterator[SqlRow[Any]], broken: list[Break]) -> int:
    chain, sequence = GENESIS, 0
    counted = 0
    for row in rows:
        counted += 1
        *values, previous, digest = row
        sealed = dict(zip(SEALED, values, strict=True))
        sealed["content"] = orjson.Fragment(sealed["content"])
        sealed["evidence"] = orjson.Fragment(sealed["evidence"])
        expected, sequence = sequence + 1, sealed["sequence"]
        if sequence != expected:
            broken.append(Break(case, expected, f"应为第{expected}条，读到的是第{sequence}条"))
        elif previous != chain:
            broken.append(Break(case, sequence, "与前一条不相连"))
        if seal(previous, sealed) != digest:
            broken.append(Break(case, sequence, "内容与摘要不符"))
        chain = digest
    return counted


def _sealed_rows(connection: Connection) -> Iterator[SqlRow[Any]]:
    columns: list[ColumnElement[Any]] = []
    for name in SEALED:
        column = events.c[name]
        is_moment = isinstance(column.type, Moment)
        columns.append(_as_text(connection, column) if is_moment else column)
    query = select(*columns, events.c.previous_digest, events.c.digest)
    ordered = query.order_by(events.c.case, events.c.sequence)
    yield from connection.execution_options(yield_per=BATCH).execute(ordered)


def _as_text(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[str]:
    """时刻的规范文本由数据库直接给出，免去逐条换算。"""
    if connection.dialect.name == "postgresql":
        return func.to_char(func.timezone("UTC", column), POSTGRES_MOMENT, type_=String)
    return type_coerce(column, String)


def _heads_that_differ(connection: Connection) -> Iterator[Break]:
    last = (
        select(events.c.case, func.max(events.c.sequence).label("sequence"))
        .group_by(events.c.case)
        .subquery()
    )
    at_head = and_(events.c.case == cases.c.number, events.c.sequence == cases.c.head)
    query = (
        select(cases.c.number, cases.c.head)
        .outerjoin(last, last.c.case == cases.c.number)
        .outerjoin(events, at_head)
        .where(
            or_(
                last.c.sequence.is_(None),
                last.c.sequence != cases.c.head,
                events.c.digest.is_distinct_from(cases.c.head_digest),
            )
        )
        .order_by(cases.c.number)
    )
    for number, head in connection.execute(query):
        yield Break(number, head, "卷宗所记的最后一条与流水不符")
