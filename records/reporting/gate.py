"""报出前总检查：把一市的台账交给各条跨表检查，一处不合即不能报出。"""

from __future__ import annotations

from sqlalchemy import select

from records.database.store import SCHEMA, Store
from records.database.tables import cases
from rulebooks.procedure.phases import announces_first
from rulebooks.reading.loader import load_rulebook
from schemas.gates import GateReport, check_database


def gate(store: Store, city: str) -> GateReport:
    """对照一市的台账，返回各条检查的结果；只读，不改任何东西。

    Raises:
        RuntimeError: 某一条没有查成。
    """
    url = store.engine.url.render_as_string(hide_password=False)
    schema = SCHEMA if store.on_postgres else None
    return check_database(url, city, schema=schema, announcing=_announcing(store, city))


def _announcing(store: Store, city: str) -> list[str]:
    """哪些镇街的项目照所用的各版手册，不经公示到不了实施。"""
    used = select(cases.c.town, cases.c.rulebook).where(
        cases.c.city == city, cases.c.duty.is_(None)
    )
    with store.glance() as connection:
        pairs = connection.execute(used.distinct()).all()
    exempt = {
        town
        for town, version in pairs
        if not announces_first(load_rulebook(city, version, town or None))
    }
    return sorted({town for town, _ in pairs} - exempt)
