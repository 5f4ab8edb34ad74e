"""机器之用：流程与驱动程序向台账要的——该唤醒哪些事项、读到哪里、由哪次运行承办。"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, exists, or_, select, update

from records.acting.overview import state_of
from records.database.store import Store
from records.database.tables import cases, effects, leases
from records.running.effects import failing_now

__all__ = ["drive_to", "due", "leased", "open_cases", "read", "remember_run", "state_of"]

_COLUMNS = (
    cases.c.number,
    cases.c.title,
    cases.c.kind,
    cases.c.city,
    cases.c.rulebook,
    cases.c.town,
    cases.c.duty,
    cases.c.community,
    cases.c.stage,
    cases.c.waits_for,
    cases.c.outcome,
    cases.c.status,
    cases.c.head,
    cases.c.driven_to,
    cases.c.generation,
    cases.c.flow_run_id,
)
Row = Mapping[str, Any]


def due(store: Store, limit: int) -> list[Row]:
    """该唤醒的事项：流水比机器读到的新，或有该再试的事；正被租用的除外。"""
    now = store.machine.now()
    retry = exists().where(effects.c.case == cases.c.number, effects.c.next_attempt_at <= now)
    held = exists().where(leases.c.case == cases.c.number, leases.c.expires_at > now)
    query = (
        select(*_COLUMNS)
        .where(or_(cases.c.driven_to < cases.c.head, retry), ~held)
        .order_by(cases.c.number)
        .limit(limit)
    )
    return _rows(store, query)


def open_cases(store: Store, after: str, limit: int) -> list[Row]:
    """在办事项，编号在 `after` 之后的，按编号。"""
    query = (
        select(*_COLUMNS)
        .where(cases.c.status == "open", cases.c.number > after)
        .order_by(cases.c.number)
        .limit(limit)
    )
    return _rows(store, query)


def read(store: Store, number: str) -> Row:
    """一个事项；没有则抛 KeyError。"""
    rows = _rows(store, select(*_COLUMNS).where(cases.c.number == number))
    if not rows:
        raise KeyError(number)
    return {**rows[0], "fault": failing_now(store, number)}


def leased(store: Store, number: str) -> bool:
    """事项是否正被租用。"""
    query = select(leases.c.case).where(
        leases.c.case == number, leases.c.expires_at > store.machine.now()
    )
    with store.glance() as connection:
        return connection.execute(query).first() is not None


def drive_to(store: Store, number: str, head: int) -> None:
    """机器已读到第 `head` 条且无所欠；只进不退。"""
    with store.write() as connection:
        connection.execute(
            update(cases)
            .where(cases.c.number == number, cases.c.driven_to < head)
            .values(driven_to=head)
        )


def remember_run(store: Store, number: str, generation: int, flow_run_id: str) -> None:
    """事项现由这次运行承办；旧一代的不能覆盖新一代的。"""
    with store.write() as connection:
        connection.execute(
            update(cases)
            .where(cases.c.number == number, cases.c.generation <= generation)
            .values(generation=generation, flow_run_id=flow_run_id)
        )


def _rows(store: Store, query: Select[Any]) -> list[Row]:
    with store.glance() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
