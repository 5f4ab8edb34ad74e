"""一览：事项的总体情况——在办几件、办结几件、机器还差几件，供状态、演示与看板使用。"""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from records.dossiers import peek
from records.store import Store
from records.tables import cases, organisations
from rulebooks.state import State


class UnknownCaseError(LookupError):
    """没有这个编号的事项；消息为中文。"""


def state_of(store: Store, number: str) -> State:
    """一个事项折叠后的状态。

    Raises:
        UnknownCaseError: 没有这个编号的事项。
    """
    with store.glance() as connection:
        dossier = peek(store, connection, number)
    if dossier is None:
        raise UnknownCaseError(f"没有编号为“{number}”的事项，请用 minsheng case list 查看编号。")
    return dossier.state


def open_numbers(store: Store) -> list[str]:
    """全部在办事项的编号，按编号。"""
    with store.glance() as connection:
        query = select(cases.c.number).where(cases.c.status == "open").order_by(cases.c.number)
        return list(connection.execute(query).scalars())


def closed_and_total(store: Store) -> tuple[int, int]:
    """已办结与全部事项的件数。"""
    with store.glance() as connection:
        total = connection.execute(select(func.count()).select_from(cases)).scalar_one()
        still_open = connection.execute(
            select(func.count()).select_from(cases).where(cases.c.status == "open")
        ).scalar_one()
    return total - still_open, total


def behind(store: Store) -> int:
    """机器尚未跟上的事项件数：流水比机器读到的新。"""
    with store.glance() as connection:
        query = select(func.count()).select_from(cases).where(cases.c.driven_to < cases.c.head)
        return int(connection.execute(query).scalar_one())


def organisation_levels(connection: Connection) -> dict[str, str]:
    """已登记的机关：名称到层级。"""
    rows = connection.execute(select(organisations.c.name, organisations.c.level))
    return {name: level for name, level in rows}
