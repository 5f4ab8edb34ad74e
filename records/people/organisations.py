"""机关、人员与任职：社区—办事处—镇街—市的上级链，谁在哪一级担任什么角色、何时起止。"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Date,
    Select,
    String,
    and_,
    bindparam,
    literal,
    or_,
    select,
    update,
)

from records.database.tables import appointments, cases, organisations, people
from records.database.upsert import upsert


@dataclass(frozen=True, slots=True)
class Organisation:
    """机关：编号、名称、层级、上级编号（市没有上级），对外公开的联系方式，社区另有常住户数。

    `city` 为所属城市的代号，收件时写明；报送由此知道一市有哪些机关。
    `document_code` 为机关代字，公文的文号由它起头；没有的，公文不编文号。
    """

    id: str
    name: str
    level: str
    parent: str | None = None
    phone: str | None = None
    address: str | None = None
    email: str | None = None
    households: int | None = None
    city: str | None = None
    document_code: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """上级链的一环，以及所问的人当日在此担任的角色。"""

    organisation: Organisation
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Appointment:
    """任职：某人在某机关担任某角色，起止日均含当日；`until` 为空即至今。"""

    person: str
    role: str
    organisation: str
    since: date
    until: date | None = None


def add_organisation(connection: Connection, organisation: Organisation) -> None:
    """登记一个机关，已登记的更新其名称与联系方式；上级须已登记。"""
    values = asdict(organisation)
    connection.execute(
        upsert(connection.dialect.name, organisations)
        .values(**values)
        .on_conflict_do_update(index_elements=[organisations.c.id], set_=values)
    )


def chain_of(connection: Connection, place: str) -> tuple[Organisation, ...]:
    """某机关及其全部上级，由近到远，带联系方式。"""
    found = []
    following: str | None = place
    while following is not None:
        row = (
            connection.execute(select(organisations).where(organisations.c.id == following))
            .mappings()
            .one()
        )
        found.append(Organisation(**row))
        following = row["parent"]
    return tuple(found)


def add_person(connection: Connection, person: str, name: str) -> None:
    """登记一名经办人员：编号与姓名（公务身份，非居民个人信息）；已登记的更新姓名。"""
    connection.execute(
        upsert(connection.dialect.name, people)
        .values(id=person, name=name)
        .on_conflict_do_update(index_elements=[people.c.id], set_={"name": name})
    )


def appoint(connection: Connection, appointment: Appointment) -> None:
    """登记一项任职；同一起日的已登记过则更新止日。"""
    values = asdict(appointment)
    keys = [appointments.c[name] for name in ("person", "role", "organisation", "since")]
    connection.execute(
        upsert(connection.dialect.name, appointments)
        .values(**values)
        .on_conflict_do_update(index_elements=keys, set_={"until": appointment.until})
    )


def end_appointment(connection: Connection, appointment: Appointment, until: date) -> None:
    """任职到 `until` 当日为止。"""
    connection.execute(
        update(appointments)
        .where(
            appointments.c.person == appointment.person,
            appointments.c.role == appointment.role,
            appointments.c.organisation == appointment.organisation,
            appointments.c.since == appointment.since,
        )
        .values(until=until)
    )


def in_office(day: Any) -> ColumnElement[bool]:
    """任职在某日有效（起止日均含当日）。"""
    return and_(
        appointments.c.since <= day,
        or_(appointments.c.until.is_(None), appointments.c.until >= day),
    )


def chain_above(lowest: Select[Any]) -> CTE:
    """上级链：自 `lowest`（选出最低一级机关，末列为零）逐级向上，`distance` 为远近。"""
    chain = lowest.cte("chain", recursive=True)
    return chain.union_all(
        select(organisations, chain.c.distance + 1).where(organisations.c.id == chain.c.parent)
    )


def held_in(chain: CTE) -> ColumnElement[bool]:
    """某人当日在链上各机关的任职；参数 `person` 与 `day`。"""
    return and_(
        appointments.c.organisation == chain.c.id,
        appointments.c.person == bindparam("person", type_=String),
        in_office(bindparam("day", type_=Date)),
    )


def link_columns(chain: CTE) -> tuple[ColumnElement[Any], ...]:
    """`gather` 所需的各列，按次序。"""
    return (*(chain.c[column.name] for column in organisations.c), appointments.c.role)


def gather(rows: Iterable[Sequence[Any]]) -> tuple[Link, ...]:
    """由查得的各行（机关各列与一项角色）汇成上级链，由近到远。"""
    found: dict[str, tuple[Organisation, set[str]]] = {}
    for *columns, role in rows:
        organisation = Organisation(*columns)
        roles = found.setdefault(organisation.id, (organisation, set()))[1]
        if role is not None:
            roles.add(role)
    return tuple(Link(organisation, frozenset(roles)) for organisation, roles in found.values())


_LOWEST = select(organisations, literal(0).label("distance")).where(
    organisations.c.id == bindparam("place", type_=String)
)
_CHAIN = chain_above(_LOWEST)
_LINKS = (
    select(*link_columns(_CHAIN))
    .outerjoin_from(_CHAIN, appointments, held_in(_CHAIN))
    .order_by(_CHAIN.c.distance)
)


def links(
    connection: Connection, place: str, person: str = "", day: date = date.min
) -> tuple[Link, ...]:
    """自 `place` 起由近到远的上级链，并列出某人当日在各处担任的角色。"""
    rows = connection.execute(_LINKS, {"place": place, "person": person, "day": day})
    return gather(rows.tuples())


def responsible(chain: Sequence[Link], levels: Sequence[str]) -> Link | None:
    """由近到远的层级中，此地首个有的一级机关；都没有则为 None。"""
    by_level = {link.organisation.level: link for link in chain}
    return next((by_level[level] for level in levels if level in by_level), None)


def find_place(connection: Connection, town: str, community: str) -> str | None:
    """某镇街下某社区的机关编号；按名称查找，没有登记则为 None。"""
    rows = connection.execute(
        select(organisations.c.id)
        .where(organisations.c.level == "community", organisations.c.name == community)
        .order_by(organisations.c.id)
    ).scalars()
    for place in rows.all():
        chain = links(connection, place)
        if any(link.organisation.name == town for link in chain):
            return str(place)
    return None


def place_of(connection: Connection, number: str) -> str:
    """某事项所在的机关编号。"""
    query = select(cases.c.place).where(cases.c.number == number)
    return str(connection.execute(query).scalar_one())


def communities_below(connection: Connection, office: str) -> frozenset[tuple[str, str]]:
    """某机关及其下属的各社区：所属镇街与社区的名称。"""
    found: set[tuple[str, str]] = set()
    waiting: list[tuple[str, str]] = [(office, _town_above(connection, office))]
    while waiting:
        place, town = waiting.pop()
        below = organisations.c.parent == place
        query = select(organisations).where(or_(below, organisations.c.id == place))
        for row in connection.execute(query).mappings():
            if row["level"] == "community":
                found.add((town, row["name"]))
            elif row["id"] != place:
                waiting.append((row["id"], row["name"] if row["level"] == "town" else town))
    return frozenset(found)


def _town_above(connection: Connection, office: str) -> str:
    names = (item.name for item in chain_of(connection, office) if item.level == "town")
    return next(names, "")


def find_organisation(connection: Connection, name: str) -> Organisation | None:
    """按名称找机关；没有登记则为 None。"""
    query = select(organisations).where(organisations.c.name == name).order_by(organisations.c.id)
    row = connection.execute(query).mappings().first()
    return None if row is None else Organisation(**row)


def at_level(connection: Connection, city: str, level: str) -> tuple[Organisation, ...]:
    """一市某一级的全部机关，按名称。"""
    rows = connection.execute(
        select(organisations)
        .where(organisations.c.city == city, organisations.c.level == level)
        .order_by(organisations.c.name)
    ).mappings()
    return tuple(Organisation(**row) for row in rows)


def offices(connection: Connection, place: str) -> dict[str, Organisation]:
    """社区及其各级上级机关，按层级。"""
    return {link.organisation.level: link.organisation for link in links(connection, place)}


def person_name(connection: Connection, person: str) -> str | None:
    """经办人员的姓名；没有登记则为 None。"""
    return connection.execute(
        select(people.c.name).where(people.c.id == person)
    ).scalar_one_or_none()


def appointments_of(connection: Connection, person: str, day: date) -> tuple[Appointment, ...]:
    """某人当日的全部任职，按机关与角色。"""
    rows = connection.execute(
        select(appointments)
        .where(appointments.c.person == person, in_office(day))
        .order_by(appointments.c.organisation, appointments.c.role)
    ).mappings()
    return tuple(Appointment(**row) for row in rows)


def in_role(connection: Connection, organisation: str, role: str, day: date) -> tuple[str, ...]:
    """某机关当日担任某角色的人员编号。"""
    rows = connection.execute(
        select(appointments.c.person)
        .where(
            appointments.c.organisation == organisation,
            appointments.c.role == role,
            in_office(day),
        )
        .order_by(appointments.c.person)
    )
    return tuple(rows.scalars())
