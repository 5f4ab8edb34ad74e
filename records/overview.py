"""一览：事项的总体情况——在办几件、办结几件、机器还差几件，供状态、演示与看板使用。"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from records.dossiers import peek
from records.store import Store
from records.tables import cases, duties, effects, organisations
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
    return dict(rows.tuples().all())


def listed(store: Store, town: str | None, *, open_only: bool) -> list[dict[str, Any]]:
    """事项清单：编号、名称、社区、现状、最早到期日、预算（分），按编号。"""
    due = select(func.min(duties.c.due)).where(duties.c.case == cases.c.number).scalar_subquery()
    query = select(
        cases.c.number,
        cases.c.title,
        cases.c.town,
        cases.c.community,
        cases.c.stage,
        cases.c.waits_for,
        cases.c.status,
        cases.c.outcome,
        cases.c.budget_fen,
        due.label("due"),
    ).order_by(cases.c.number)
    if open_only:
        query = query.where(cases.c.status == "open")
    if town is not None:
        query = query.where(cases.c.town == town)
    with store.glance() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def open_by_town(store: Store) -> dict[str, int]:
    """各镇(区)在办的件数，按名称。"""
    with store.glance() as connection:
        query = (
            select(cases.c.town, func.count())
            .where(cases.c.status == "open")
            .group_by(cases.c.town)
            .order_by(cases.c.town)
        )
        return dict(connection.execute(query).tuples().all())


def failing_effects(store: Store) -> int:
    """机器应办而没有办成的件数。"""
    with store.glance() as connection:
        query = select(func.count()).select_from(effects).where(effects.c.status != "done")
        return int(connection.execute(query).scalar_one())
