"""机器应办的事：每件一个唯一键，办成一次为止；失败按间隔重试，回执留在这里，不进流水。

起止与重试按真实时间计；是否应办由事项的状态推出，这里只记办得怎样。
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from records.database.columns import canonical, parse
from records.database.store import Store
from records.database.tables import effects
from records.database.upsert import upsert
from rulebooks.procedure.position import Effect

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
FAULT_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Attempt:
    """一件事办得怎样：状态 running、failed 或 done，试过几次，何时再试，回执。"""

    key: str
    case: str
    kind: str
    status: str
    attempts: int
    next_attempt_at: datetime | None
    fault: str | None
    receipt: Mapping[str, Any] | None


def wait_after(attempts: int) -> timedelta:
    """第 `attempts` 次失败后等多久再试：成倍延长，至多一小时。"""
    factor = 1 << min(attempts - 1, LONGEST_WAIT // FIRST_WAIT)
    return min(FIRST_WAIT * factor, LONGEST_WAIT)


def begin(store: Store, number: str, effect: Effect) -> bool:
    """着手一件事；已经办成则为 False，调用者跳过。"""
    now = store.machine.now()
    with store.write() as connection:
        statement = upsert(connection.dialect.name, effects).values(
            key=effect.key,
            case=number,
            kind=effect.kind,
            status="running",
            attempts=1,
            started_at=now,
        )
        attempts = connection.execute(
            statement.on_conflict_do_update(
                index_elements=[effects.c.key],
                set_={
                    "status": "running",
                    "attempts": effects.c.attempts + 1,
                    "started_at": now,
                    "next_attempt_at": None,
                },
                where=effects.c.status != "done",
            ).returning(effects.c.attempts)
        ).scalar_one_or_none()
    return attempts is not None


def finish(store: Store, key: str, receipt: Mapping[str, Any]) -> bool:
    """记下办成与回执；早已办成的保留先前的回执，返回 False。"""
    with store.write() as connection:
        return finish_in(connection, key, receipt, store.machine.now())


def finish_in(connection: Connection, key: str, receipt: Mapping[str, Any], now: datetime) -> bool:
    """在调用者的事务里记下办成，与所办的事一并提交。"""
    changed = connection.execute(
        update(effects)
        .where(effects.c.key == key, effects.c.status != "done")
        .values(
            status="done",
            finished_at=now,
            next_attempt_at=None,
            fault=None,
            receipt=canonical(receipt),
        )
    )
    return changed.rowcount == 1


def fail(store: Store, key: str, fault: str) -> datetime | None:
    """记下未办成及原因，返回下次再试的时刻；早已办成则为 None。"""
    now = store.machine.now()
    with store.write() as connection:
        attempts = connection.execute(
            select(effects.c.attempts).where(effects.c.key == key, effects.c.status != "done")
        ).scalar_one_or_none()
        if attempts is None:
            return None
        again = now + wait_after(attempts)
        connection.execute(
            update(effects)
            .where(effects.c.key == key)
            .values(status="failed", next_attempt_at=again, fault=fault[:FAULT_LENGTH])
        )
    return again


def settled(connection: Connection, number: str, now: datetime) -> Collection[str]:
    """一个事项中此刻不必再办的键：已办成的，与未到再试时刻的。"""
    rows = connection.execute(
        select(effects.c.key).where(
            effects.c.case == number,
            (effects.c.status == "done") | (effects.c.next_attempt_at > now),
        )
    )
    return frozenset(rows.scalars())


def failing_now(store: Store, number: str) -> str | None:
    """一个事项此刻未办成的事的缘由；都办成了则为 None。"""
    query = select(effects.c.fault).where(effects.c.case == number, effects.c.status == "failed")
    with store.glance() as connection:
        return connection.execute(query.limit(1)).scalar_one_or_none()


def attempts_of(connection: Connection, number: str) -> tuple[Attempt, ...]:
    """一个事项的全部办理情况，按着手先后。"""
    rows = connection.execute(
        select(effects).where(effects.c.case == number).order_by(effects.c.started_at)
    ).mappings()
    return tuple(_attempt(row) for row in rows)


def failing(connection: Connection, at_least: int) -> tuple[Attempt, ...]:
    """试过至少 `at_least` 次仍未办成的事，须由管理员处理。"""
    rows = connection.execute(
        select(effects)
        .where(effects.c.status == "failed", effects.c.attempts >= at_least)
        .order_by(effects.c.next_attempt_at)
    ).mappings()
    return tuple(_attempt(row) for row in rows)


def counts(connection: Connection) -> Mapping[str, int]:
    """各状态的件数。"""
    rows = connection.execute(select(effects.c.status, func.count()).group_by(effects.c.status))
    return dict(rows.tuples().all())


def _attempt(row: Mapping[Any, Any]) -> Attempt:
    return Attempt(
        key=row["key"],
        case=row["case"],
        kind=row["kind"],
        status=row["status"],
        attempts=row["attempts"],
        next_attempt_at=row["next_attempt_at"],
        fault=row["fault"],
        receipt=None if row["receipt"] is None else parse(row["receipt"]),
    )
