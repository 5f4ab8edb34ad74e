"""实施主体库：镇街维护的承接名单，入库、暂停承接，按日查其是否可用（第十条、第十八条）。"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, Table, and_, insert, or_, select

from records.database.tables import implementers, suspensions
from records.database.upsert import upsert
from rulebooks.judging.outside import KnownImplementer


@dataclass(frozen=True, slots=True)
class Implementer:
    """实施主体：编号、名称、所属城市与镇街、入库与出库日期（均含当日）。"""

    id: str
    name: str
    city: str
    town: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """暂停承接：起止日（均含当日）与缘由；`until` 为空即未恢复。"""

    implementer: str
    since: date
    reason: str
    until: date | None = None


def add(connection: Connection, implementer: Implementer) -> None:
    """入库；已在库的更新其名称与出库日期。"""
    values = asdict(implementer)
    connection.execute(
        upsert(connection.dialect.name, implementers)
        .values(**values)
        .on_conflict_do_update(index_elements=[implementers.c.id], set_=values)
    )


def suspend(connection: Connection, suspension: Suspension) -> None:
    """登记一次暂停承接；已确定的项目不受影响。"""
    connection.execute(
        select(implementers.c.id)
        .where(implementers.c.id == suspension.implementer)
        .with_for_update()
    )
    connection.execute(
        insert(suspensions).values(
            implementer=suspension.implementer,
            since=suspension.since,
            until=suspension.until,
            reason=suspension.reason,
        )
    )


def find(
    connection: Connection, reference: str, day: date, *, lock: bool = False
) -> KnownImplementer | None:
    """当日在库的一家及其是否可承接；不在库则为 None。

    `lock` 用于写事务：读后加锁，确定与暂停不会同时生效，两件同时确定由它承接的也分先后。
    """
    query = select(implementers.c.id, implementers.c.name, implementers.c.town).where(
        implementers.c.id == reference, _on(implementers, day)
    )
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        return None
    suspended = connection.execute(
        select(suspensions.c.implementer).where(
            suspensions.c.implementer == reference, _on(suspensions, day)
        )
    ).first()
    return KnownImplementer(row.id, row.name, row.town, active=suspended is None)


def registered(connection: Connection, city: str, day: date) -> tuple[KnownImplementer, ...]:
    """某市当日在库的全部实施主体，按镇街与名称。"""
    references = connection.execute(
        select(implementers.c.id)
        .where(implementers.c.city == city, _on(implementers, day))
        .order_by(implementers.c.town, implementers.c.name)
    ).scalars()
    found = (find(connection, reference, day) for reference in references.all())
    return tuple(implementer for implementer in found if implementer is not None)


def _on(table: Table, day: date) -> ColumnElement[bool]:
    """某日在起止之间（均含当日）。"""
    return and_(table.c.since <= day, or_(table.c.until.is_(None), table.c.until >= day))


def by_name(connection: Connection, town: str, name: str) -> str | None:
    """某镇街实施主体库中该名称的编号；没有则为 None。"""
    return connection.execute(
        select(implementers.c.id).where(implementers.c.town == town, implementers.c.name == name)
    ).scalar_one_or_none()


def on_day(connection: Connection, town: str, day: date) -> tuple[Implementer, ...]:
    """某镇街当日在库的各家，按编号；是否暂停另由 `find` 查明。"""
    rows = connection.execute(
        select(implementers)
        .where(implementers.c.town == town, _on(implementers, day))
        .order_by(implementers.c.id)
    ).mappings()
    return tuple(Implementer(**row) for row in rows)
