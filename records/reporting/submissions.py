"""报送件立卷：一个机关一项义务一期一件，到时由系统开立；重复开立给同一件，漏开的补开。"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from records.acting.acts import today
from records.acting.codes import code_wanted, without_code
from records.cases.commands import Accepted, Refused, refused
from records.cases.dossiers import Dossier, Hearing, Signature, peek, record, record_due, remember
from records.cases.journal import GENESIS
from records.cases.projections import project
from records.database.store import Store
from records.database.tables import cases, events
from records.files.numbering import next_in
from records.people.organisations import Link, Organisation, at_level, links
from rulebooks.days.working_days import BEIJING
from rulebooks.judging.judgement import Fact, Refusal, judge_opening
from rulebooks.policy.duties import (
    MONTHS_OF,
    WRITING,
    Period,
    due_of,
    opens_on,
    period_of,
    periods_since,
    titled,
)
from rulebooks.procedure.position import look, start
from rulebooks.reading.loader import rulebook_on
from rulebooks.vocabulary.model import Duty, Rulebook
from rulebooks.vocabulary.submissions import serving

KIND = "submission"
DOOR = "clock"
SERIES = "BS"
NOBODY = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """应办的一件报送：哪个城市、哪个机关、哪项义务、哪一期（写法如 2026-10）。"""

    city: str
    organisation: str
    duty: str
    period: str

    @property
    def key(self) -> str:
        """唯一键：开立多少次都是这一件。"""
        return f"submission/{self.city}/{self.duty}/{self.period}/{self.organisation}"


def open_submission(store: Store, submission: Submission) -> Accepted | Refused:
    """开立一件报送件；早已开立的给原来那一件。

    Raises:
        BusyRecordsError: 等待写入超时，什么也没有记。
        UnknownPeriodError: 期次写法不对。
    """
    known = find_submission(store, submission)
    if known is not None:
        return known
    try:
        with store.write() as connection:
            outcome = _founded(Hearing(store, connection, store.clock.now()), submission)
            if isinstance(outcome, Refused):
                return outcome
            position = project(store, connection, outcome)
    except IntegrityError:
        # 别处同时开立了，现在看得见。
        again = find_submission(store, submission)
        if again is None:
            raise
        return again
    remember(store, outcome)
    return Accepted(outcome.number, 1, position)


def find_submission(store: Store, submission: Submission) -> Accepted | None:
    """早先开立的那一件；没有则为 None。"""
    query = select(cases.c.number).where(
        cases.c.city == submission.city,
        cases.c.duty == submission.duty,
        cases.c.period == submission.period,
        cases.c.place == submission.organisation,
    )
    with store.glance() as connection:
        number = connection.execute(query).scalar_one_or_none()
        dossier = None if number is None else peek(store, connection, number)
    if dossier is None:
        return None
    position = look(dossier.state, store.calendar, store.clock.now())
    return Accepted(dossier.number, 1, position, repeated=True)


def submission_problem(store: Store, submission: Submission) -> Refused | None:
    """这件报送能不能开立：机关、义务、期次哪样不对说哪样；都对的为 None。"""
    with store.glance() as connection:
        basis = _basis(Hearing(store, connection, store.clock.now()), submission)
    return basis if isinstance(basis, Refused) else None


def codes_wanted(store: Store, number: str) -> tuple[str, ...]:
    """一件在办的报送件，哪些机关签发之前还须补登机关代字，一机关一句；都有的为空。"""
    with store.glance() as connection:
        dossier = peek(store, connection, number)
    if dossier is None or dossier.state.outcome is not None:
        return ()
    offices = (link.organisation for link in dossier.chain)
    return tuple(map(code_wanted, without_code(dossier.state.rulebook, offices)))


def submissions_due(
    store: Store, city: str, every: str | None = None, period: str | None = None
) -> Iterator[Submission]:
    """一市至今该开立的全部报送件，已开立的在内：自首个事项立卷之日起，到今日已经开始的各期。

    Args:
        store: 台账。
        city: 城市。
        every: 只要每月（month）、每季（quarter）等办一次的。
        period: 只要这一期的。
    """
    with store.glance() as connection:
        since = _since(connection, city)
        rulebook = _rulebook(store, city, today(store))
        if since is None or rulebook is None:
            return
        for name in rulebook.submissions:
            duty = rulebook.duties[name]
            if every not in (None, duty.opens.every if duty.opens else None):
                continue
            offices = at_level(connection, city, _level(rulebook, duty))
            for written in _periods(store, rulebook, duty, since):
                if period in (None, written):
                    yield from (Submission(city, office.id, name, written) for office in offices)


def _periods(store: Store, rulebook: Rulebook, duty: Duty, since: date) -> Iterator[str]:
    """今日已经开始办的各期。"""
    for written in periods_since(duty, since, today(store)):
        if _begins(store, rulebook, duty, period_of(written)):
            yield written


def _begins(store: Store, rulebook: Rulebook, duty: Duty, period: Period) -> bool:
    """这一期今日是否已经开始办；缺期限的也开立，由开立时说明缺什么。"""
    due = due_of(rulebook, duty, period, store.calendar)
    begins = None if isinstance(due, Refusal) else opens_on(duty, period, due)
    return begins is None or begins <= today(store)


def _since(connection: Connection, city: str) -> date | None:
    """一市首个事项记入台账的北京日期；补录的按记入之日，此前的各期本系统没有经手。"""
    query = (
        select(func.min(events.c.recorded_at))
        .join_from(events, cases, cases.c.number == events.c.case)
        .where(cases.c.city == city, events.c.sequence == 1)
    )
    first: datetime | None = connection.execute(query).scalar_one()
    return None if first is None else first.astimezone(BEIJING).date()


def _rulebook(store: Store, city: str, day: date, town: str | None = None) -> Rulebook | None:
    return rulebook_on(city, day, town=town, chosen=store.versions.get(city))


def _level(rulebook: Rulebook, duty: Duty) -> str:
    """由哪一级机关办；不是层级的（如民政局），归最高的一级。"""
    levels = tuple(rulebook.levels)
    return duty.from_ if duty.from_ in levels else levels[-1]


@dataclass(frozen=True, slots=True)
class _Basis:
    """开立的依据：报送件的手册、义务、期次、办的机关及其上级链。"""

    submission: Submission
    rulebook: Rulebook
    duty: Duty
    period: Period
    chain: tuple[Link, ...]

    @property
    def office(self) -> Organisation:
        return self.chain[0].organisation

    @property
    def reporter(self) -> str:
        """报送机关的名称；由部门办的，为部门的名称。"""
        return self.rulebook.bodies.get(self.duty.from_, self.office.name)


def _founded(hearing: Hearing, submission: Submission) -> Dossier | Refused:
    basis = _basis(hearing, submission)
    if isinstance(basis, Refused):
        return basis
    due = due_of(basis.rulebook, basis.duty, basis.period, hearing.store.calendar)
    if isinstance(due, Refusal):
        return refused(due)
    begins = opens_on(basis.duty, basis.period, due)
    day = hearing.now.astimezone(BEIJING).date()
    if begins is not None and begins > day:
        return Refused("not_begun", _not_begun(basis, begins))
    number = _number(hearing, basis)
    facts = _facts(basis, begins or day, number) | {"due": due.last}
    fact = judge_opening(basis.rulebook, facts, hearing.now)
    if isinstance(fact, Refusal):
        return refused(fact)
    _insert(hearing.connection, basis, fact)
    dossier = Dossier(number, start(basis.rulebook), GENESIS, basis.chain)
    signature = Signature(DOOR, key=submission.key)
    return record_due(hearing, record(hearing, dossier, fact, signature))


def _not_begun(basis: _Basis, begins: date) -> str:
    return (
        f"{basis.reporter}{titled(basis.period, basis.duty.label)}"
        f"自{begins.year}年{begins.month}月{begins.day}日起开立，现在还没有到，请到时再办。"
    )


def _basis(hearing: Hearing, submission: Submission) -> _Basis | Refused:
    """查明机关、义务与期次；哪样不对说哪样。"""
    chain = links(hearing.connection, submission.organisation)
    if not chain or chain[0].organisation.city != submission.city:
        sentence = f"没有登记“{submission.organisation}”，请核对名称，或先收入机构名单。"
        return Refused("unknown_organisation", sentence)
    day = hearing.now.astimezone(BEIJING).date()
    known = _rulebook(hearing.store, submission.city, day, _town(chain) or None)
    if known is None:
        return Refused("no_version", f"{day.isoformat()}没有施行中的规则手册版本，请核对日期。")
    if submission.duty not in known.submissions:
        listed = "、".join(known.duties[name].label for name in known.submissions) or "无"
        sentence = f"{known.label}没有“{submission.duty}”这种报送件，现有：{listed}。"
        return Refused("unknown_submission", sentence)
    rulebook = serving(known, submission.duty)
    period = period_of(submission.period)
    refusal = _unfit(known, known.duties[submission.duty], chain[0].organisation, period)
    if refusal is not None:
        return refusal
    return _Basis(submission, rulebook, rulebook.duties[submission.duty], period, chain)


def _unfit(book: Rulebook, duty: Duty, office: Organisation, period: Period) -> Refused | None:
    """不是这一级机关办的，或期次长短不对的。"""
    level = _level(book, duty)
    if office.level != level:
        sentence = (
            f"{duty.label}由{book.levels[level]}一级的机关办，{office.name}不办，请核对机关。"
        )
        return Refused("wrong_level", sentence)
    every = (duty.opens.every if duty.opens else None) or "year"
    if period.months != MONTHS_OF[every]:
        wanted = WRITING[every].format(year=period.first.year, number=1)
        sentence = f"{duty.label}的期次写如{wanted}，不能按{period.words}办，请核对期次。"
        return Refused("wrong_period", sentence)
    return None


def _town(chain: tuple[Link, ...]) -> str:
    """所属镇街的名称；市、区一级的机关没有。"""
    return _named(chain, "town")


def _named(chain: tuple[Link, ...], level: str) -> str:
    names = (link.organisation.name for link in chain if link.organisation.level == level)
    return next(names, NOBODY)


def _number(hearing: Hearing, basis: _Basis) -> str:
    year = hearing.now.astimezone(BEIJING).year
    last = next_in(hearing.connection, f"{basis.submission.city}/{SERIES}", year)
    return f"{basis.rulebook.number_prefix}-{SERIES}-{year}-{last:04d}"


def _facts(basis: _Basis, begins: date, number: str) -> dict[str, Any]:
    """立卷的事实；期末未到就要办的，数据截至开始办理之日零时。"""
    begun = datetime.combine(begins, time(), BEIJING)
    return {
        "number": number,
        "title": f"{basis.reporter}{titled(basis.period, basis.duty.label)}",
        "duty": basis.submission.duty,
        "period": basis.submission.period,
        "first": basis.period.first,
        "last": basis.period.last,
        "cut_off": min(basis.period.ends, begun),
        "organisation": basis.reporter,
        "town": _town(basis.chain),
        "community": _named(basis.chain, "community"),
    }


def _insert(connection: Connection, basis: _Basis, fact: Fact) -> None:
    facts = fact.content
    connection.execute(
        insert(cases).values(
            number=facts["number"],
            kind=KIND,
            title=facts["title"],
            city=basis.submission.city,
            town=facts["town"],
            community=facts["community"],
            place=basis.office.id,
            rulebook=basis.rulebook.version.id,
            duty=basis.submission.duty,
            period=basis.submission.period,
            project_kind=NOBODY,
            category=NOBODY,
            head=0,
            head_digest=GENESIS,
            driven_to=0,
            anchored=0,
            status="open",
            waits_for="",
            duty_count=0,
            budget_fen=0,
            opened_at=fact.occurred_at,
            generation=0,
        )
    )
