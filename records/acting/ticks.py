"""时间到达：把各事项到期的时间事件记入流水；由驱动者时常调用，与办理互不重复。"""

from __future__ import annotations

from sqlalchemy import bindparam, select

from records.acting.acts import moment
from records.cases.dossiers import Asked, Hearing, glimpse, load, record_due, remember
from records.cases.projections import project
from records.database.store import Store
from records.database.tables import cases

BATCH = 100

_DUE = (
    select(cases.c.number)
    .where(cases.c.look_at <= bindparam("now", type_=cases.c.look_at.type))
    .order_by(cases.c.look_at)
    .limit(bindparam("limit"))
)


def tick(store: Store, limit: int = BATCH) -> list[str]:
    """记入至多 `limit` 个事项的到期事件，返回有新记录的事项编号。"""
    with store.glance() as connection:
        due = connection.execute(_DUE, {"now": store.clock.now(), "limit": limit})
        numbers = due.scalars().all()
    return [number for number in numbers if _tick(store, number)]


def _tick(store: Store, number: str) -> bool:
    with store.glance() as connection:
        glimpse(store, connection, Asked(number))
    with store.write() as connection:
        found = load(store, connection, Asked(number))
        if found is None:
            return False
        dossier = found[0]
        hearing = Hearing(store, connection, moment(store, dossier))
        current = record_due(hearing, dossier)
        project(store, connection, current)
    remember(store, current)
    return current is not dossier
