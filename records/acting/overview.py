"""一览：事项的总体情况——在办几件、谁的待办、逾期几件、机器还差几件，供状态、清单与演示使用。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from records.acting.acts import today
from records.cases.dossiers import peek
from records.database.store import Store
from records.database.tables import appointments, cases, duties, effects, organisations, people
from records.people.organisations import (
    Organisation,
    chain_of,
    in_office,
    in_role,
    links,
    person_name,
    responsible,
)
from rulebooks.procedure.state import State
from rulebooks.reading.loader import load_rulebook

_LISTED = (
    cases.c.number,
    cases.c.title,
    cases.c.city,
    cases.c.rulebook,
    cases.c.town,
    cases.c.duty,
    cases.c.community,
    cases.c.stage,
    cases.c.waits_for,
    cases.c.status,
    cases.c.outcome,
    cases.c.budget_fen,
)


class UnknownCaseError(LookupError):
    """没有这个编号的事项；消息为中文。"""

    def __init__(self, number: str) -> None:
        super().__init__(f"没有编号为“{number}”的事项，请用 minsheng case list 查看编号。")


def state_of(store: Store, number: str) -> State:
    """一个事项折叠后的状态。

    Raises:
        UnknownCaseError: 没有这个编号的事项。
    """
    with store.glance() as connection:
        dossier = peek(store, connection, number)
    if dossier is None:
        raise UnknownCaseError(number)
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


def overdue(store: Store) -> int:
    """有待办已经逾期的事项件数；驱动进程没有运行时也照此刻计。"""
    late = select(func.count(duties.c.case.distinct())).where(_is_late(store.clock.now()))
    with store.glance() as connection:
        return int(connection.execute(late).scalar_one())


def offices(store: Store, number: str) -> dict[str, Organisation]:
    """某事项所在社区及其各级上级机关，按层级，带联系方式。"""
    query = select(cases.c.place).where(cases.c.number == number)
    with store.glance() as connection:
        place = connection.execute(query).scalar_one()
        return {item.level: item for item in chain_of(connection, place)}


def on_duty(
    store: Store, number: str, levels: Sequence[str], role: str
) -> tuple[str, dict[str, str]]:
    """某事项的事由谁办：应办的机关，与今日在那里担任该角色的人员（编号到姓名）。"""
    query = select(cases.c.place).where(cases.c.number == number)
    with store.glance() as connection:
        place = connection.execute(query).scalar_one()
        link = responsible(links(connection, place), levels)
        if link is None:
            return "", {}
        office = link.organisation
        holders = in_role(connection, office.id, role, today(store))
        return office.name, {person: person_name(connection, person) or "" for person in holders}


def organisation_levels(connection: Connection) -> dict[str, str]:
    """已登记的机关：名称到层级。"""
    rows = connection.execute(select(organisations.c.name, organisations.c.level))
    return dict(rows.tuples().all())


def people_called(store: Store, name: str) -> tuple[str, ...]:
    """编号或姓名相符的经办人员编号；没有登记的为空。"""
    query = select(people.c.id).where(or_(people.c.id == name, people.c.name == name))
    with store.glance() as connection:
        return tuple(connection.execute(query.order_by(people.c.id)).scalars())


def listed(
    store: Store,
    town: str | None = None,
    *,
    open_only: bool = True,
    person: str | None = None,
    late_only: bool = False,
) -> list[dict[str, Any]]:
    """事项清单，按编号：名称、地点、现状、预算（分）、待办各件、最早到期日、是否逾期。

    Args:
        store: 台账。
        town: 只列这个镇街的。
        open_only: 只列在办的。
        person: 只列此人（编号或姓名）今日应办的。
        late_only: 只列有待办逾期的。
    """
    chosen = select(cases.c.number)
    if open_only:
        chosen = chosen.where(cases.c.status == "open")
    if town is not None:
        chosen = chosen.where(cases.c.town == town)
    if person is not None:
        chosen = chosen.where(cases.c.number.in_(_duties_of(store, person)))
    if late_only:
        late = select(duties.c.case).where(_is_late(store.clock.now()))
        chosen = chosen.where(cases.c.number.in_(late))
    with store.read() as connection:
        return _rows(connection, chosen, store.clock.now())


def _is_late(now: datetime) -> ColumnElement[bool]:
    return and_(duties.c.opens.is_not(None), duties.c.opens <= now)


def _duties_of(store: Store, person: str) -> Select[Any]:
    """此人今日任职之处的待办。"""
    return (
        select(duties.c.case)
        .join(
            appointments,
            and_(
                appointments.c.organisation == duties.c.organisation,
                appointments.c.role == duties.c.role,
            ),
        )
        .where(
            in_office(today(store)),
            appointments.c.person.in_(people_called(store, person)),
        )
    )


def _rows(connection: Connection, chosen: Select[Any], now: datetime) -> list[dict[str, Any]]:
    query = select(*_LISTED).where(cases.c.number.in_(chosen)).order_by(cases.c.number)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    owed: dict[str, list[dict[str, Any]]] = {row["number"]: [] for row in rows}
    open_duties = (
        select(duties, organisations.c.name.label("at"))
        .outerjoin(organisations, organisations.c.id == duties.c.organisation)
        .where(duties.c.case.in_(chosen))
        .order_by(duties.c.case, duties.c.ordinal)
    )
    for duty in connection.execute(open_duties).mappings():
        owed[duty["case"]].append(_duty(duty, now))
    return [_listed(row, owed[row["number"]]) for row in rows]


def _duty(row: Mapping[Any, Any], now: datetime) -> dict[str, Any]:
    kept = ("stage", "round", "label", "role", "at", "due", "article", "provisional")
    return {
        **{name: row[name] for name in kept},
        "actions": orjson.loads(row["actions"]),
        "overdue": row["opens"] is not None and row["opens"] <= now,
    }


def _listed(row: dict[str, Any], owed: list[dict[str, Any]]) -> dict[str, Any]:
    """清单的一行；角色写成名称，最早到期日取自待办。"""
    version, duty = row.pop("rulebook"), row.pop("duty")
    rulebook = load_rulebook(row.pop("city"), version, row["town"] or None, duty)
    for duty in owed:
        duty["role_label"] = rulebook.roles[duty["role"]].label
    days = [duty["due"] for duty in owed if duty["due"] is not None]
    return {
        **row,
        "due": min(days, default=None),
        "overdue": any(duty["overdue"] for duty in owed),
        "duties": owed,
    }


def open_by_town(store: Store) -> dict[str, int]:
    """各镇街在办的件数，按名称。"""
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
