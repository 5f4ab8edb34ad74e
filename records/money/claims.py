"""认定申请：一镇截止时点的全部项目及其证据，年度总额的余额，供申请、认定与查看。

一镇一次查询，不逐个项目折叠；办理时在同一事务内加锁查明。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, and_, case, cast, func, or_, select

from records.cases.claim_rows import owner_of
from records.cases.commands import Command
from records.cases.dossiers import Dossier, Hearing
from records.database.claim_tables import PENDING, RECOGNIZED, REFUSED, claim_lines
from records.database.ledger_tables import postings
from records.database.milestone_tables import milestones
from records.database.store import Store
from records.database.tables import cases, organisations
from rulebooks.accounting.accounts import APPROPRIATED, FISCAL, OTHER_FUNDS, SOURCE
from rulebooks.judging.claims import Candidate, Claim, claim_of
from rulebooks.judging.outside import Envelope, Outside
from rulebooks.judging.recognition import CLAIM, RECOGNIZE, fund_of
from rulebooks.procedure import milestones as kinds
from rulebooks.procedure.amounts import PAID
from rulebooks.procedure.state import State
from rulebooks.vocabulary.model import Rulebook
from rulebooks.vocabulary.refusals import Refusal

RECOGNIZING = "recognize"
DONE = (kinds.MEASURED, kinds.PUBLISHED, kinds.ARCHIVED)
NEEDED = (kinds.OPENED, kinds.AUDITED, kinds.PAID, kinds.OTHER_FUNDS, kinds.WITHDRAWN, *DONE)


@dataclass(slots=True)
class _Claimed:
    """一个项目列入过的申请：现在待认定、已认定的那一件，认定的净额，上次未获认定的理由。

    `taking` 为已经列入申请、还没有议定的扣回（负数）。
    """

    claim: str = ""
    recognised: int | None = None
    taking: int = 0
    before: str = ""

    @property
    def net(self) -> int | None:
        """认定的净额，正在扣回的也已减去；没有认定过的为 None。"""
        return None if self.recognised is None else self.recognised + self.taking

    def take(self, row: Any) -> None:
        """一行申请，照所看的时刻的着落；各行由先到后。"""
        if row.reverses is not None:
            self._take_back(row)
        elif row.status in (PENDING, RECOGNIZED):
            self.claim = row.claim
            self.recognised = row.recognised_fen if row.status == RECOGNIZED else None
        elif row.status == REFUSED:
            self.before = row.reason

    def _take_back(self, row: Any) -> None:
        """扣回的一行：等着议定的先记着；议定的减去，全部扣回的等于没有认定过，可以再申请。"""
        if row.status == PENDING:
            self.taking += row.city_fen
        elif row.status == RECOGNIZED:
            self.recognised = (self.recognised or 0) + row.recognised_fen
            if not self.recognised:
                self.claim, self.recognised = "", None


@dataclass(frozen=True, slots=True)
class Asked:
    """申请什么：哪件报送件，截止时点，看申请情况的时刻。"""

    rulebook: Rulebook
    number: str
    town: str
    cut_off: datetime
    at: datetime
    year: int

    @property
    def fund(self) -> str:
        """资金代号。"""
        return self.rulebook.duties[self.rulebook.submission or ""].fund or ""


@dataclass(frozen=True, slots=True)
class Prospect:
    """一件申请现在的样子：各行与所缺，年度总额；`frozen` 表示已经编制，不再变动。"""

    content: Mapping[str, Any]
    envelope: Envelope
    frozen: bool = False
    refusal: Refusal | None = field(default=None)


def asked_of(state: State, at: datetime) -> Asked:
    """由报送件的立卷内容得出申请什么。"""
    facts = state.facts
    return Asked(
        rulebook=state.rulebook,
        number=state.number,
        town=str(facts["town"]),
        cut_off=datetime.fromisoformat(facts["cut_off"]),
        at=at,
        year=date.fromisoformat(facts["last"]).year,
    )


def outside(hearing: Hearing, dossier: Dossier, command: Command, _: datetime) -> Outside:
    """编制申请、登记认定所需的事项之外的事实，加锁查明。"""
    state = dossier.state
    if not is_claim(state) or state.stage_open(command.stage, command.round) is None:
        return Outside()
    asked = asked_of(state, hearing.now)
    levels = tuple(state.rulebook.levels)
    locked = {link.organisation.id for link in dossier.chain[:1]}
    if command.action == RECOGNIZE:
        # The envelope is one for the whole city.
        locked = {item.organisation.id for item in dossier.chain
                  if item.organisation.level == levels[-1]}  # fmt: skip
    places = organisations.c.id.in_(sorted(locked))
    hearing.connection.execute(select(organisations.c.id).where(places).with_for_update())
    if command.action == CLAIM:
        return Outside(claim=claim(hearing.connection, asked))
    return Outside(envelope=envelope(hearing.connection, asked))


def is_claim(state: State) -> bool:
    """是否一件资金申请：有环节编制申请的报送件。"""
    stages = state.rulebook.stages.values()
    return state.rulebook.submission is not None and any(stage.kind == CLAIM for stage in stages)


def claim(connection: Connection, asked: Asked) -> Claim | Refusal:
    """照截止时点的证据，本镇街的申请。"""
    rulebook = asked.rulebook
    return claim_of(rulebook, fund_of(rulebook), candidates(connection, asked), asked.year)


def prospect(store: Store, state: State) -> Prospect:
    """查看一件申请：还没有编制的，照此刻会编成什么样。"""
    moment = store.clock.now()
    return prospect_at(store, state, moment)


def prospect_at(store: Store, state: State, moment: datetime) -> Prospect:
    """某一时刻查看一件申请。"""
    asked = asked_of(state, moment)
    frozen = _frozen(state)
    with store.read() as connection:
        left = envelope(connection, asked)
        found = None if frozen is not None else claim(connection, asked)
    if frozen is not None:
        return Prospect(frozen, left, frozen=True)
    if isinstance(found, Refusal):
        return Prospect({}, left, refusal=found)
    return Prospect(found.plain() if found is not None else {}, left)


def _frozen(state: State) -> Mapping[str, Any] | None:
    """已编制的内容；退回而还没有重新编制的为 None。"""
    if any(state.rulebook.stages[item.stage].kind == CLAIM for item in state.open):
        return None
    for result in reversed(state.results):
        if state.rulebook.stages[result.stage].kind == CLAIM:
            return result.content
    return None


def candidates(connection: Connection, asked: Asked) -> Iterator[Candidate]:
    """本镇街截止时点已知的全部项目及其证据，按编号；已经退出的不在内。"""
    known = _claims(connection, asked)
    apart = _apart(connection, asked)
    rows = connection.execute(_evidence(asked)).all()
    nothing = _Claimed()
    for number, title, community, audited, paid, other, withdrawn, *done in rows:
        if withdrawn:
            continue
        claimed = known.get(number, nothing)
        yield Candidate(
            number=number,
            title=title,
            community=community,
            audited=audited,
            other=other or 0,
            sources=apart.get(number, {}),
            paid=int(paid),
            has=frozenset(name for name, count in zip(DONE, done, strict=True) if count),
            claimed=claimed.claim,
            recognised=claimed.net,
            before=claimed.before,
        )


def _evidence(asked: Asked) -> Any:
    """每个项目一行：审定额、已拨付、社会资金、办到哪里。

    由卷宗找到本镇街的项目，再按编号找统计行，别镇的一行也不碰。
    """
    table = milestones.c
    return (
        select(
            cases.c.number,
            func.max(cases.c.title),
            func.max(cases.c.community),
            func.max(_amount(kinds.AUDITED)),
            func.coalesce(func.sum(_amount(kinds.PAID)), 0),
            func.max(_amount(kinds.OTHER_FUNDS)),
            *(_count(name) for name in (kinds.WITHDRAWN, *DONE)),
        )
        .join_from(cases, milestones, table.case == cases.c.number)
        .where(
            cases.c.city == asked.rulebook.city,
            cases.c.town == asked.town,
            table.milestone.in_(NEEDED),
            table.recorded_at < asked.cut_off,
            or_(table.voided_at.is_(None), table.voided_at >= asked.cut_off),
        )
        .group_by(cases.c.number)
        .order_by(cases.c.number)
    )


def _amount(name: str) -> ColumnElement[int]:
    return case((milestones.c.milestone == name, milestones.c.amount_fen))


def _count(name: str) -> ColumnElement[int]:
    return func.max(cast(milestones.c.milestone == name, Integer))


def _claims(connection: Connection, asked: Asked) -> dict[str, _Claimed]:
    """本镇街各项目在别的申请里的情形，照所看的时刻。"""
    table = claim_lines.c
    settled = case((table.settled_at <= asked.at, table.status), else_=PENDING)
    query = (
        select(
            table.project,
            table.claim,
            table.reverses,
            settled.label("status"),
            table.city_fen,
            table.recognised_fen,
            table.reason,
        )
        .where(
            table.city == asked.rulebook.city,
            table.town == asked.town,
            table.fund == asked.fund,
            table.claim != asked.number,
            table.recorded_at <= asked.at,
        )
        .order_by(table.recorded_at, table.claim, table.sequence)
    )
    found: dict[str, _Claimed] = {}
    for row in connection.execute(query):
        found.setdefault(row.project, _Claimed()).take(row)
    return found


def _apart(connection: Connection, asked: Asked) -> dict[str, dict[str, int]]:
    """单列的其他来源各项目实际支出多少（分），按用语代码；取自资金账。"""
    terms = {
        code: fund.books.of
        for code, fund in asked.rulebook.funds.items()
        if fund.books is not None and fund.books.of not in (FISCAL, OTHER_FUNDS)
    }
    if not terms:
        return {}
    table = postings.c
    signed = case((table.to_account == PAID, table.amount_fen), else_=-table.amount_fen)
    query = (
        select(table.case, table.fund, func.sum(signed))
        .join_from(postings, cases, cases.c.number == table.case)
        .where(
            cases.c.city == asked.rulebook.city,
            cases.c.town == asked.town,
            table.fund.in_(list(terms)),
            or_(table.to_account == PAID, table.from_account == PAID),
            table.recorded_at < asked.cut_off,
        )
        .group_by(table.case, table.fund)
    )
    found: dict[str, dict[str, int]] = {}
    for number, code, amount in connection.execute(query):
        found.setdefault(number, {})[terms[code]] = int(amount)
    return found


def envelope(connection: Connection, asked: Asked) -> Envelope:
    """一市一年的总额：已认定多少，还剩多少，已记入账的安排，待认定的各项。"""
    fund = fund_of(asked.rulebook)
    limit = fund.envelope.at_most if fund.envelope is not None else 0
    table = claim_lines.c
    total: Any = func.coalesce(func.sum(table.recognised_fen), 0)
    mine = and_(
        table.city == asked.rulebook.city, table.fund == asked.fund, table.year == asked.year
    )
    query = select(total).where(mine, table.status == RECOGNIZED)
    used = int(connection.execute(query).scalar_one())
    return Envelope(
        year=asked.year,
        limit=limit,
        left=max(limit - used, 0),
        appropriated=_appropriated(connection, asked),
        waiting=_waiting(connection, asked, mine),
    )


def _appropriated(connection: Connection, asked: Asked) -> int:
    """已经记入账的年度安排，含调整。"""
    table = postings.c
    owner = owner_of(asked.year, asked.rulebook.city)
    signed = case((table.from_account == SOURCE, table.amount_fen), else_=-table.amount_fen)
    arranged = {SOURCE, APPROPRIATED}
    total: Any = func.coalesce(func.sum(signed), 0)
    query = select(total).where(
        table.fund == asked.fund,
        table.from_owner == owner,
        table.from_account.in_(arranged),
        table.to_account.in_(arranged),
    )
    return int(connection.execute(query).scalar_one())


def _waiting(connection: Connection, asked: Asked, mine: ColumnElement[bool]) -> dict[str, int]:
    """等着联席会议认定的各项，按申请先后。"""
    table = claim_lines.c
    stages = asked.rulebook.stages.items()
    names = [name for name, stage in stages if stage.kind == RECOGNIZING]
    query = (
        select(table.project, table.city_fen)
        .join_from(claim_lines, cases, cases.c.number == table.claim)
        .where(mine, table.status == PENDING, cases.c.stage.in_(names))
        .order_by(table.recorded_at, table.claim, table.project)
    )
    return {project: int(amount) for project, amount in connection.execute(query)}
