"""收件：把校验过的工作簿录入台账——机构、人员、实施主体、项目建议、在办项目补录。

逐行以文件摘要加行号为唯一键，同一份文件重复收件不会重复立卷。
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from hashlib import sha256

from sqlalchemy import Connection

from records import implementers, organisations
from records.backfill import past_steps
from records.commands import Accepted, Opening, Refused
from records.implementers import Suspension
from records.opening import open_case
from records.organisations import Appointment
from records.personal import Person
from records.store import Store
from rulebooks.loader import load_rulebook
from rulebooks.working_days import BEIJING
from schemas.rows import (
    Checked,
    CouncilMember,
    Implementer,
    Official,
    Organisation,
    ProjectUnderWay,
    Suggestion,
)

COUNCIL_MEMBER = "council_member"
OFFICE_HOUR = time(9)
REFERENCE_LENGTH = 12
SUSPENDED = "suspended"
REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Taken:
    """收件的一行结果：哪张表哪一行，立了哪个卷，或为什么没有立。"""

    sheet: str
    row: int
    title: str
    number: str | None
    sentence: str | None
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Inbox:
    """一份待收的文件：城市、内容、作为凭证存入的附件摘要。"""

    city: str
    checked: Checked
    evidence: str


def take_in(store: Store, inbox: Inbox, report: Callable[[Taken], None]) -> list[Taken]:
    """录入一份文件；每办一行报告一次，返回全部结果。

    Raises:
        BusyRecordsError: 等待写入超时；再收一次同一份文件即可接着录。
    """
    register(store, inbox)
    taken = []
    for suggestion in inbox.checked.suggestions:
        taken.append(_take(store, inbox, suggestion, None))
        report(taken[-1])
    for project in inbox.checked.under_way:
        taken.append(_take(store, inbox, project.suggestion, project))
        report(taken[-1])
    return taken


def register(store: Store, inbox: Inbox) -> None:
    """登记机构、人员与任职、实施主体；已登记的更新。"""
    checked = inbox.checked
    with store.write() as connection:
        for organisation in _by_level(inbox.city, checked.organisations):
            _add_organisation(connection, organisation, checked.organisations)
        for official in checked.officials:
            _appoint(store, connection, official)
        for member in checked.council_members:
            _seat(store, connection, member)
        for implementer in checked.implementers:
            _enter_registry(connection, inbox.city, implementer)


def person_id(store: Store, organisation: str, name: str) -> str:
    """经办人员的编号：机关与姓名的带密钥摘要，台账流水里不出现姓名。"""
    plain = f"{organisation}\n{name}".encode()
    return "P-" + hmac.new(store.digest_key, plain, sha256).hexdigest()[:REFERENCE_LENGTH]


def _by_level(city: str, found: tuple[Organisation, ...]) -> list[Organisation]:
    """上级先于下级。"""
    levels = list(reversed(load_rulebook(city).levels))
    return sorted(found, key=lambda item: levels.index(item.level))


def _add_organisation(
    connection: Connection, organisation: Organisation, known: tuple[Organisation, ...]
) -> None:
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


def _enter_registry(connection: Connection, city: str, row: Implementer) -> None:
    until = row.registered_on if row.status == REMOVED else None
    implementers.add(
        connection,
        implementers.Implementer(
            row.credit_code, row.name, city, row.town, row.registered_on, until
        ),
    )
    if row.status == SUSPENDED:
        suspension = Suspension(row.credit_code, row.registered_on, "收件时状态为暂停")
        implementers.suspend(connection, suspension)


def _take(
    store: Store, inbox: Inbox, suggestion: Suggestion, project: ProjectUnderWay | None
) -> Taken:
    sheet = "under_way" if project else "suggestions"
    outcome = _open(store, inbox, suggestion, project, f"import/{inbox.evidence}/{sheet}")
    if isinstance(outcome, Accepted):
        return Taken(sheet, suggestion.row, suggestion.title, outcome.case, None, outcome.repeated)
    return Taken(sheet, suggestion.row, suggestion.title, None, outcome.sentence)


def _open(
    store: Store,
    inbox: Inbox,
    suggestion: Suggestion,
    project: ProjectUnderWay | None,
    key: str,
) -> Accepted | Refused:
    with store.glance() as connection:
        chain = organisations.chain_of(connection, suggestion.community)
        town = next((item.name for item in chain if item.level == "town"), "")
        actor = _opener(store, connection, inbox.city, town, suggestion.community)
    facts = {
        "title": suggestion.title,
        "kind": suggestion.kind,
        "category": suggestion.category,
        "content": suggestion.content,
        "place": suggestion.place,
        "schedule": suggestion.schedule,
        "budget": suggestion.budget,
        "source": suggestion.source,
        "urgent": suggestion.urgent,
        "permit": suggestion.permit,
        "community": suggestion.community,
        "town": town,
        "other_funds": suggestion.other_funds or 0,
    }
    opening = Opening(
        city=inbox.city,
        facts=facts,
        actor=actor,
        door="import",
        key=f"{key}/{suggestion.row}",
        occurred_at=office_hour(suggestion.proposed_on),
        proposer=Person(suggestion.proposer, suggestion.phone or ""),
    )
    if project is None:
        return open_case(store, opening)
    return open_case(store, past_steps(store, opening, project, inbox.evidence))


def _opener(store: Store, connection: Connection, city: str, town: str, community: str) -> str:
    """立卷的经办人：该社区当日担任首个环节经办角色的人；没有时留空，由受理时说明。"""
    rulebook = load_rulebook(city, None, town or None)
    role = rulebook.stages[rulebook.start].by.role
    today = store.clock.now().astimezone(BEIJING).date()
    holders = organisations.in_role(connection, community, role, today)
    return holders[0] if holders else ""


def office_hour(day: date) -> datetime:
    """只知道日期的事，按当日上班时刻记。"""
    return datetime.combine(day, OFFICE_HOUR, BEIJING)
