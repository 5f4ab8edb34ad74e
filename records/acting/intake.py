"""收件：把校验过的工作簿录入台账——机构、人员、实施主体、项目建议、在办项目补录。

一条建议以社区、名称、地点、提议人、提出日期为唯一键，一个在办项目以社区、名称为唯一键：
同一份文件再收一次、改好几行再收一次、另存过再收一次，都不会重复立卷。
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select

from records.acting.acts import today
from records.acting.backfill import past_steps
from records.acting.enrolment import register
from records.acting.opening import open_case
from records.cases import journal
from records.cases.commands import Accepted, Opening, Refused
from records.database.store import Store
from records.database.tables import cases, events
from records.people import organisations
from records.people.personal import Person
from rulebooks.days.working_days import BEIJING
from rulebooks.procedure.routes import opener
from rulebooks.reading.loader import load_rulebook, rulebook_on
from rulebooks.vocabulary.contents import Opened
from rulebooks.vocabulary.facts import DETAILS
from rulebooks.vocabulary.model import Rulebook
from schemas.rows import Checked, ProjectUnderWay, Suggestion

OFFICE_HOUR = time(9)
SUGGESTIONS = "suggestions"
UNDER_WAY = "under_way"
# 超过“原则上”限额的在办项目当初必有理由，表里没有这一栏，补录时注明出处。
OVER_LIMIT = frozenset({"over_project_cap", "over_community_cap"})


@dataclass(frozen=True, slots=True)
class Taken:
    """收件的一行结果：哪张表哪一行，立了哪个卷，或为什么没有立。

    `repeated` 表示此前已立；`note` 为已立卷而须留意的情形。
    """

    sheet: str
    row: int
    title: str
    number: str | None
    sentence: str | None
    repeated: bool = False
    note: str | None = None


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
    register(store, inbox.city, inbox.checked)
    taken = []
    for suggestion in inbox.checked.suggestions:
        taken.append(_take(store, inbox, suggestion, None))
        report(taken[-1])
    for project in inbox.checked.under_way:
        taken.append(_take(store, inbox, project.suggestion, project))
        report(taken[-1])
    return taken


def _take(
    store: Store, inbox: Inbox, suggestion: Suggestion, project: ProjectUnderWay | None
) -> Taken:
    sheet = UNDER_WAY if project else SUGGESTIONS
    row, title = suggestion.row, suggestion.title
    facts = _facts(store, suggestion)
    key = row_key(store, inbox.city, sheet, suggestion)
    with store.glance() as connection:
        earlier = _earlier(connection, key)
        if earlier is not None:
            number, opened = earlier
            changed = _differences(_rulebook(store, inbox.city, facts), opened, facts)
            return Taken(sheet, row, title, number, None, repeated=True, note=changed)
        refusal = _opening_problem(store, connection, inbox.city, facts, project)
        if refusal is not None:
            return Taken(sheet, row, title, None, refusal)
        actor = _opener(store, connection, inbox.city, facts)
    opening = Opening(
        city=inbox.city,
        facts=facts,
        actor=actor,
        door="import",
        key=key,
        occurred_at=office_hour(suggestion.proposed_on),
        proposer=Person(suggestion.proposer, suggestion.phone or ""),
    )
    outcome = _open(store, opening, project, inbox.evidence)
    if isinstance(outcome, Refused):
        return Taken(sheet, row, title, None, outcome.sentence)
    note = _short_of(outcome, project) if project else None
    return Taken(sheet, row, title, outcome.case, None, outcome.repeated, note)


def row_key(store: Store, city: str, sheet: str, suggestion: Suggestion) -> str:
    """一行的唯一键：由内容推得的带密钥摘要，与文件、行号无关。"""
    named = [city, suggestion.community, suggestion.title]
    if sheet == SUGGESTIONS:
        day = suggestion.proposed_on.isoformat()
        named += [suggestion.place, suggestion.proposer, day]
    digest = hmac.new(store.digest_key, "\n".join(named).encode(), sha256).hexdigest()
    return f"import/{sheet}/{digest}"


def _facts(store: Store, suggestion: Suggestion) -> dict[str, Any]:
    with store.glance() as connection:
        chain = organisations.links(connection, suggestion.community)
    names = (link.organisation.name for link in chain if link.organisation.level == "town")
    return {
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
        "town": next(names, ""),
        "other_funds": suggestion.other_funds or 0,
        DETAILS: dict(suggestion.details),
    }


def _earlier(connection: Connection, key: str) -> tuple[str, Mapping[str, Any]] | None:
    """此前以同一键立的卷：编号与立卷时的事实。"""
    query = select(events.c.case).where(events.c.key == key)
    number = connection.execute(query).scalar_one_or_none()
    if number is None:
        return None
    return number, journal.read(connection, number)[0].content


def _differences(
    rulebook: Rulebook, opened: Mapping[str, Any], facts: Mapping[str, Any]
) -> str | None:
    before = {**opened, **opened.get(DETAILS, {})}
    now = {**facts, **facts[DETAILS]}
    changed = [
        rulebook.fact_labels.get(name) or str(Opened.model_fields[name].title)
        for name, value in now.items()
        if name != DETAILS and before.get(name) != value
    ]
    if not changed:
        return None
    basis = rulebook.article(rulebook.changes)
    return f"本行的{'、'.join(changed)}与立卷时不同，没有改动；要变更的请申请变更（{basis}）。"


def _opening_problem(
    store: Store,
    connection: Connection,
    city: str,
    facts: Mapping[str, Any],
    project: ProjectUnderWay | None,
) -> str | None:
    """立卷之前就看得出立不了的：没有人经办，或在办项目早已另行立卷。"""
    community = facts["community"]
    if not _opener(store, connection, city, facts):
        return f"{community}没有在任的经办人可以立卷，请在「经办人员」表补上后重新收件。"
    if project is None:
        return None
    same = select(cases.c.number).where(
        cases.c.city == city, cases.c.place == community, cases.c.title == facts["title"]
    )
    number = connection.execute(same.order_by(cases.c.number)).scalars().first()
    return f"{community}的这个项目已立卷为{number}，不再补录。" if number else None


def _open(
    store: Store, opening: Opening, project: ProjectUnderWay | None, evidence: str
) -> Accepted | Refused:
    if project is None:
        return open_case(store, opening)
    outcome = open_case(store, past_steps(store, opening, project, evidence))
    if isinstance(outcome, Refused) and outcome.code in OVER_LIMIT:
        excused = past_steps(store, opening, project, evidence, over_limit=True)
        outcome = open_case(store, excused)
    return outcome


def _short_of(outcome: Accepted, project: ProjectUnderWay) -> str | None:
    """补录没有走到表中所写环节的，说明停在哪里。"""
    position = outcome.position
    reached = {duty.stage for duty in position.duties} | {done.stage for done in position.done}
    if not position.open or project.stage in reached:
        return None
    reason = "表中所写的环节在其后，其间各步表里没有写明，请逐步补办"
    return f"已补录到“{position.waits_for}”；{reason}。"


def _opener(store: Store, connection: Connection, city: str, facts: Mapping[str, Any]) -> str:
    """立卷的经办人：首个环节的经办角色今日由谁担任；没有则为空串。"""
    rulebook = _rulebook(store, city, facts)
    assignee = opener(rulebook, facts)
    chain = organisations.links(connection, facts["community"])
    link = organisations.responsible(chain, rulebook.levels_of(assignee))
    if link is None:
        return ""
    place = link.organisation.id
    holders = organisations.in_role(connection, place, assignee.role, today(store))
    return holders[0] if holders else ""


def _rulebook(store: Store, city: str, facts: Mapping[str, Any]) -> Rulebook:
    """今日适用的规则手册，照设置选定的版本，并入该镇街的规定。"""
    chosen, town = store.versions.get(city), facts["town"] or None
    found = rulebook_on(city, today(store), town=town, chosen=chosen)
    return found or load_rulebook(city, None, town)


def office_hour(day: date) -> datetime:
    """只知道日期的事，按当日上班时刻记。"""
    return datetime.combine(day, OFFICE_HOUR, BEIJING)
