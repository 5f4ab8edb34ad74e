"""立卷：编号、记下事实与提议人、补录已办的各步，全在一个事务里，一步不成全不作数。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from records.acting.acts import amounts_refused, answer_again, is_amount_conflict, submit
from records.acting.authority import Authority, check
from records.cases.commands import (
    Accepted,
    Command,
    Opening,
    Refused,
    command_digest,
    refused,
    wording_problem,
)
from records.cases.dossiers import (
    Dossier,
    Earlier,
    Hearing,
    Signature,
    record,
    record_due,
    remember,
)
from records.cases.journal import GENESIS
from records.cases.projections import project
from records.database.store import Store
from records.database.tables import cases, events
from records.files.numbering import next_in
from records.people.organisations import Link, find_place, links
from records.people.personal import is_reference
from records.people.personal import remember as remember_person
from rulebooks.days.working_days import BEIJING
from rulebooks.judging.judgement import Fact, Refusal, judge_opening
from rulebooks.procedure.position import start
from rulebooks.procedure.routes import opener
from rulebooks.reading.loader import rulebook_on
from rulebooks.vocabulary.model import Rulebook

KIND = "project"
OPENING = "立卷"
# What happened by itself in the past; reminders that nobody sent are not made up.
PAST_TIMERS = frozenset({"publicity_ended", "fell_overdue"})


class _WithdrawnError(Exception):
    """撤回整个事务，带着不予受理的答复。"""

    def __init__(self, refusal: Refused) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


def open_case(store: Store, opening: Opening) -> Accepted | Refused:
    """立卷并补录已办的各步；同一键重复提交给同一答复，不予受理则编号不占用。

    补录的每一步须由该环节的经办人提交，或由立卷人附凭证代录。

    Raises:
        BusyRecordsError: 等待写入超时，什么也没有记。
        BrokenRulebookError: 该市没有可用的规则手册。
    """
    for key, content in _written(opening):
        refusal = wording_problem(key, content)
        if refusal is not None:
            return refusal
    try:
        return _open(store, opening)
    except _WithdrawnError as withdrawn:
        return withdrawn.refusal
    except IntegrityError as error:
        if is_amount_conflict(error):
            return amounts_refused(str(opening.facts.get("title", "")))
        return _open(store, opening)


def _written(opening: Opening) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield opening.key, opening.facts
    for command in opening.past:
        yield command.key, command.content


def _open(store: Store, opening: Opening) -> Accepted | Refused:
    with store.write() as connection:
        earlier = _earlier(connection, opening.key)
        if earlier is not None:
            return answer_again(store, connection, opening, earlier)
        hearing = Hearing(store, connection, store.clock.now())
        founding = _founding(hearing, opening)
        if isinstance(founding, Refused):
            return founding
        dossier = _founded(hearing, founding)
        for step, command in enumerate(opening.past, start=1):
            dossier = _backfill(hearing, dossier, founding, step, command)
        dossier = record_due(hearing, dossier)
        position = project(store, connection, dossier)
    remember(store, dossier)
    return Accepted(dossier.number, 1, position)


def _earlier(connection: Connection, key: str) -> Earlier | None:
    row = connection.execute(
        select(events.c.case, events.c.sequence, events.c.command_digest).where(events.c.key == key)
    ).one_or_none()
    return None if row is None else Earlier(*row)


@dataclass(frozen=True, slots=True)
class Founding:
    """立卷的依据：规则手册、社区的上级链、发生时刻、立卷人的权限。"""

    opening: Opening
    rulebook: Rulebook
    chain: tuple[Link, ...]
    occurred_at: datetime
    authority: Authority


def _founding(hearing: Hearing, opening: Opening) -> Founding | Refused:
    """立卷前要查明的：时间、版本、社区、立卷人的任职。"""
    occurred_at = opening.occurred_at or hearing.now
    refusal = _opening_problem(opening, occurred_at, hearing.now)
    if refusal is not None:
        return refusal
    town = str(opening.facts.get("town"))
    day = occurred_at.astimezone(BEIJING).date()
    chosen = hearing.store.versions.get(opening.city)
    rulebook = rulebook_on(opening.city, day, town=town, chosen=chosen)
    if rulebook is None:
        return Refused("no_version", f"{day.isoformat()}没有施行中的规则手册版本，请核对日期。")
    chain = _chain(hearing, opening, town)
    if not chain:
        community = opening.facts.get("community")
        sentence = f"没有登记“{town}”的“{community}”，请核对名称或先登记机关。"
        return Refused("unknown_place", sentence)
    assignee = opener(rulebook, opening.facts)
    authority = check(rulebook, chain, assignee, opening.actor, OPENING)
    if isinstance(authority, Refused):
        return authority
    return Founding(opening, rulebook, chain, occurred_at, authority)


def _opening_problem(opening: Opening, occurred_at: datetime, now: datetime) -> Refused | None:
    if occurred_at > now:
        return Refused("in_future", "立卷时间晚于现在，请改为实际发生的时间。")
    proposer = opening.facts.get("proposer")
    if proposer is not None and not is_reference(str(proposer)):
        return Refused("personal_data", "提议人请填在提议人一栏，不要写进项目事实。")
    return None


def _chain(hearing: Hearing, opening: Opening, town: str) -> tuple[Link, ...]:
    """社区的上级链及立卷人今日的任职；没有登记该社区则为空。"""
    community = str(opening.facts.get("community"))
    place = find_place(hearing.connection, town, community)
    if place is None:
        return ()
    day = hearing.now.astimezone(BEIJING).date()
    return links(hearing.connection, place, opening.actor, day)


def _founded(hearing: Hearing, founding: Founding) -> Dossier:
    """取号、记下提议人、写卷宗的一行与首条流水。"""
    opening = founding.opening
    store, connection, now = hearing.store, hearing.connection, hearing.now
    number = _next_number(connection, opening.city, founding.rulebook, now)
    facts = {**opening.facts, "number": number}
    if opening.proposer is not None:
        facts["proposer"] = remember_person(store, connection, opening.proposer)
    fact = judge_opening(founding.rulebook, facts, founding.occurred_at)
    if isinstance(fact, Refusal):
        raise _WithdrawnError(refused(fact))
    _insert_case(connection, number, founding, fact)
    signature = Signature(
        door=opening.door,
        actor=opening.actor,
        organisation=founding.authority.organisation,
        key=opening.key,
        command_digest=command_digest(store.digest_key, opening),
        backfilled=bool(opening.past),
    )
    dossier = Dossier(number, start(founding.rulebook), GENESIS, founding.chain)
    return record(hearing, dossier, fact, signature)


def _next_number(connection: Connection, city: str, rulebook: Rulebook, now: datetime) -> str:
    """本市本年度的下一个编号；与立卷同一事务，撤回即不占号。"""
    year = now.astimezone(BEIJING).year
    return f"{rulebook.number_prefix}-{year}-{next_in(connection, city, year):04d}"


def _insert_case(connection: Connection, number: str, founding: Founding, fact: Fact) -> None:
    facts = fact.content
    connection.execute(
        insert(cases).values(
            number=number,
            kind=KIND,
            title=facts["title"],
            city=founding.opening.city,
            town=facts["town"],
            community=facts["community"],
            place=founding.chain[0].organisation.id,
            rulebook=founding.rulebook.version.id,
            project_kind=facts["kind"],
            category=facts["category"],
            head=0,
            head_digest=GENESIS,
            driven_to=0,
            anchored=0,
            status="open",
            waits_for="",
            duty_count=0,
            budget_fen=facts["budget"],
            opened_at=founding.occurred_at,
            generation=0,
        )
    )


def _backfill(
    hearing: Hearing, dossier: Dossier, founding: Founding, step: int, command: Command
) -> Dossier:
    """补录一步：先记其前自行到达的时间，再由经办人本人或立卷人附凭证记入。"""
    command = replace(command, case=dossier.number)
    until = command.occurred_at or hearing.now
    dossier = record_due(hearing, dossier, until=until, kinds=PAST_TIMERS)
    if command.actor != founding.opening.actor:
        dossier = _with_roles_of(hearing, dossier, command.actor)
    vouched = founding.authority if command.actor == founding.opening.actor else None
    outcome = submit(hearing, dossier, command, backfilled=True, vouched=vouched)
    if isinstance(outcome, Refused):
        sentence = f"补录第{step}步未能记入，整件没有立卷：{outcome.sentence}"
        raise _WithdrawnError(replace(outcome, sentence=sentence))
    return replace(outcome[0], chain=founding.chain)


def _with_roles_of(hearing: Hearing, dossier: Dossier, person: str) -> Dossier:
    day = hearing.now.astimezone(BEIJING).date()
    chain = links(hearing.connection, dossier.place, person, day)
    return replace(dossier, chain=chain)
