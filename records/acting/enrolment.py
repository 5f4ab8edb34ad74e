"""登记：把工作簿里的机构、人员与任职、实施主体登记入册；再报一次只更新，不重复。

表里没有暂停、出库的日期：首次见到的那天起算，早已报过的不改。
"""

from __future__ import annotations

import hmac
from datetime import date, timedelta
from hashlib import sha256

from sqlalchemy import Connection, or_, select, update

from records.acting.acts import today
from records.database.store import Store
from records.database.tables import implementers as registry
from records.database.tables import organisations as organisations_table
from records.database.tables import suspensions
from records.people import implementers, organisations
from records.people.implementers import Suspension
from records.people.organisations import Appointment
from rulebooks.reading.loader import load_rulebook
from schemas.rows import Checked, CouncilMember, Implementer, Official, Organisation

COUNCIL_MEMBER = "council_member"
REFERENCE_LENGTH = 12
SUSPENDED = "suspended"
REMOVED = "removed"
REASON = "收件时状态为暂停"
ONE_DAY = timedelta(days=1)


def register(store: Store, city: str, checked: Checked) -> None:
    """登记机构、人员与任职、实施主体；已登记的更新，已登记在别处的机构不改隶属。"""
    with store.write() as connection:
        for organisation in _by_level(city, checked.organisations):
            if not _elsewhere(connection, organisation):
                _add_organisation(connection, city, organisation)
        for official in checked.officials:
            _appoint(store, connection, official)
        for member in checked.council_members:
            _seat(store, connection, member)
        for implementer in checked.implementers:
            _enter_registry(connection, city, implementer, today(store))


def moved(connection: Connection, found: tuple[Organisation, ...]) -> dict[str, str | None]:
    """文件里的上级与台账不同的机构：名称到台账中的上级；收件不改隶属，免得重名的串到一起。"""
    return {
        organisation.name: _parent(connection, organisation.name)
        for organisation in found
        if _elsewhere(connection, organisation)
    }


def _elsewhere(connection: Connection, organisation: Organisation) -> bool:
    query = select(organisations_table.c.id).where(organisations_table.c.id == organisation.name)
    known = connection.execute(query).scalar_one_or_none() is not None
    return known and _parent(connection, organisation.name) != organisation.parent


def _parent(connection: Connection, name: str) -> str | None:
    query = select(organisations_table.c.parent).where(organisations_table.c.id == name)
    return connection.execute(query).scalar_one_or_none()


def person_id(store: Store, organisation: str, name: str) -> str:
    """经办人员的编号：机关与姓名的带密钥摘要，台账流水里不出现姓名。"""
    plain = f"{organisation}\n{name}".encode()
    return "P-" + hmac.new(store.digest_key, plain, sha256).hexdigest()[:REFERENCE_LENGTH]


def _by_level(city: str, found: tuple[Organisation, ...]) -> list[Organisation]:
    """上级先于下级。"""
    levels = list(reversed(load_rulebook(city).levels))
    return sorted(found, key=lambda item: levels.index(item.level))


def _add_organisation(connection: Connection, city: str, organisation: Organisation) -> None:
    organisations.add_organisation(
        connection,
        organisations.Organisation(
            id=organisation.name,
            name=organisation.name,
            level=organisation.level,
            parent=organisation.parent,
            phone=organisation.phone,
            address=organisation.address,
            email=organisation.email,
            households=organisation.households,
            city=city,
            document_code=organisation.document_code,
        ),
    )


def _appoint(store: Store, connection: Connection, official: Official) -> None:
    person = person_id(store, official.organisation, official.name)
    organisations.add_person(connection, person, official.name)
    organisations.appoint(
        connection,
        Appointment(person, official.role, official.organisation, official.since, official.until),
    )


def _seat(store: Store, connection: Connection, member: CouncilMember) -> None:
    person = person_id(store, member.community, member.name)
    organisations.add_person(connection, person, member.name)
    organisations.appoint(
        connection,
        Appointment(person, COUNCIL_MEMBER, member.community, member.since, member.until),
    )


def _enter_registry(connection: Connection, city: str, row: Implementer, today: date) -> None:
    """登记一家实施主体：在库、暂停或出库，以 `today`（北京日期）为收件之日。"""
    until = _removed_on(connection, row, today) if row.status == REMOVED else None
    implementers.add(
        connection,
        implementers.Implementer(
            row.credit_code, row.name, city, row.town, row.registered_on, until
        ),
    )
    if row.status == SUSPENDED:
        _suspend(connection, row.credit_code, max(today, row.registered_on))
    else:
        _resume(connection, row.credit_code, today)


def _removed_on(connection: Connection, row: Implementer, today: date) -> date:
    """在库的末日：早先报过出库的不改，否则为收件的前一日。"""
    query = select(registry.c.until).where(registry.c.id == row.credit_code)
    known = connection.execute(query).scalar_one_or_none()
    return known or max(today - ONE_DAY, row.registered_on)


def _suspend(connection: Connection, reference: str, since: date) -> None:
    running = select(suspensions.c.since).where(
        suspensions.c.implementer == reference,
        or_(suspensions.c.until.is_(None), suspensions.c.until >= since),
    )
    if connection.execute(running).first() is None:
        implementers.suspend(connection, Suspension(reference, since, REASON))


def _resume(connection: Connection, reference: str, today: date) -> None:
    """收件登记的暂停到收件的前一日为止；镇街另行登记的暂停不因收件而恢复。"""
    imported = (
        suspensions.c.implementer == reference,
        suspensions.c.reason == REASON,
        suspensions.c.until.is_(None),
    )
    since = connection.execute(select(suspensions.c.since).where(*imported)).scalar_one_or_none()
    if since is not None:
        until = max(today - ONE_DAY, since)
        connection.execute(update(suspensions).where(*imported).values(until=until))
