"""额度：由资金账回答的限额——社区年度、镇街统筹类占比、统筹调剂、星级奖励，及年度预算安排。

限额的数、轻重、能否调剂都在规则手册，这里只从账上取出已用的数。单位：分。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, insert, select

from records.cases.commands import Refused
from records.cases.dossiers import peek
from records.cases.ledger_rows import PostingRow
from records.database.ledger_tables import balances, postings
from records.database.store import Store
from records.database.tables import cases, organisations
from records.money.ledger import balance
from records.people.organisations import links
from rulebooks.accounting.accounts import APPROPRIATED, CHAIN, QUOTA, SOURCE
from rulebooks.days.working_days import BEIJING
from rulebooks.policy.conditions import holds
from rulebooks.policy.limits import Given, assess
from rulebooks.policy.lookups import declined, yuan
from rulebooks.policy.pooling import transferred
from rulebooks.procedure.state import State
from rulebooks.vocabulary.model import Limit, Rulebook
from rulebooks.vocabulary.refusals import Refusal

TOWN_YEAR = ("town", "year")
WIDER = (TOWN_YEAR, ("city", "year"))


@dataclass(frozen=True, slots=True)
class Question:
    """问一项限额：哪个规则手册的哪一条，哪一年、哪个镇街与社区，拟再立项多少。

    `facts` 为拟立项目的事实，供查表与辨明适用；`reason` 为越过“原则上”限额的理由。
    """

    rulebook: Rulebook
    limit: str
    year: int
    town: str = ""
    community: str = ""
    adding: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """限额用了多少：账上已用、拟加、界线与余额（没有界线的为空），不合时的说明。"""

    spent: int
    adding: int
    bound: int | None
    left: int | None
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class Appropriation:
    """一笔年度预算安排：哪笔资金、哪市哪镇街（市级的不写镇街）哪一年，增加多少，调减的写负数。"""

    fund: str
    city: str
    year: int
    amount: int
    reason: str
    key: str
    town: str = ""
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """一次统筹调剂：各社区的增减（相抵为零），由哪一级决定，依据什么。"""

    rulebook: Rulebook
    limit: str
    town: str
    year: int
    moves: Mapping[str, int]
    decided_by: str
    reason: str
    key: str
    actor: str | None = None


def holder(year: int, *places: str) -> str:
    """户名：由大到小的地名与年度，如「某市/某镇/2026」；空的略去。"""
    return "/".join((*filter(None, places), str(year)))


def standing(store: Store, connection: Connection, question: Question) -> Standing:
    """按账上已立项的数核对一项限额，连同拟再立项的。

    Raises:
        KeyError: 规则手册没有这一条限额。
    """
    rulebook, limit = question.rulebook, question.rulebook.limits[question.limit]
    spent = _spent(store, connection, question, limit)
    place = (rulebook.city, question.town, question.community)
    bases = {}
    if limit.bound.of is not None:
        bases = {limit.bound.of: appropriated(connection, holder(question.year, *place[:2]))}
    quota = quotas_of(connection, rulebook, holder(question.year, *place)).get(question.limit)
    facts = {**question.facts, "year": question.year}
    found = assess(rulebook, limit, spent + question.adding, Given(facts, bases, {}, quota))
    bound = None if found.bound is None else int(found.bound)
    refusal = None
    overridden = bool(question.reason) and limit.severity == "should" and found.bound is not None
    if not found.held and not overridden:
        where = question.community or question.town or rulebook.label
        sentence = f"{where}{question.year}年度{found.sentence}"
        refusal = declined(rulebook, "over_quota", sentence, limit)
    left = None if bound is None else bound - spent - question.adding
    return Standing(spent, question.adding, bound, left, refusal)


def over_wider_quota(
    store: Store, connection: Connection, state: State, year: int
) -> Refusal | None:
    """立项时核对镇街、全市年度的硬性限额，如统筹类费用不超过街道资金总额的几分之几。

    以年度资金总额为基数的，账上记了年度预算安排才核对；没有记的无从得知，由经办人按所给的数核对。
    """
    rulebook, facts = state.rulebook, state.facts
    for name, limit in rulebook.limits.items():
        wider = limit.per in WIDER and limit.limit.money and limit.severity == "must"
        if not wider or limit.missing or not holds(limit.only, facts, state.amounts):
            continue
        town = facts.get("town", "") if limit.per == TOWN_YEAR else ""
        place = select(organisations.c.id).where(organisations.c.name == (town or rulebook.label))
        connection.execute(place.with_for_update()).all()
        if limit.bound.of and not appropriated(connection, holder(year, rulebook.city, town)):
            continue
        adding = state.amounts.get(limit.of or "budget", state.amounts["budget"])
        asked = Question(rulebook, name, year, town, adding=adding, facts=facts)
        found = standing(store, connection, asked).refusal
        if found is not None:
            return replace(found, sentence=f"事项{state.number}：{found.sentence}")
    return None


def _spent(store: Store, connection: Connection, question: Question, limit: Limit) -> int:
    """范围之内账上已立项的合计；只限某类项目的，逐件查明事实。"""
    conditions = [cases.c.city == question.rulebook.city]
    if "town" in limit.per or "community" in limit.per:
        conditions.append(cases.c.town == question.town)
    if "community" in limit.per:
        conditions.append(cases.c.community == question.community)
    if "year" in limit.per:
        days = (date(question.year, 1, 1), date(question.year, 12, 31))
        conditions.append(cases.c.established_on.between(*days))
    query = (
        select(balances.c.owner, func.sum(balances.c.balance_fen))
        .join_from(balances, cases, cases.c.number == balances.c.owner)
        .where(balances.c.account.in_(CHAIN), *conditions)
        .group_by(balances.c.owner)
    )
    found = {number: int(amount) for number, amount in connection.execute(query)}
    if limit.only is not None:
        found = {number: amount for number, amount in found.items()
                 if _counts(store, connection, number, limit)}  # fmt: skip
    return sum(found.values())


def _counts(store: Store, connection: Connection, number: str, limit: Limit) -> bool:
    dossier = peek(store, connection, number)
    if dossier is None:
        return False
    return holds(limit.only, dossier.state.facts, dossier.state.amounts)


def appropriated(connection: Connection, owner: str) -> int:
    """某户各资金的年度预算安排合计，含调整；已经拨出去的仍算在内。"""
    signed: Any = func.coalesce(func.sum(postings.c.amount_fen), 0)
    sides = (
        (postings.c.from_account == SOURCE) & (postings.c.to_account == APPROPRIATED),
        (postings.c.from_account == APPROPRIATED) & (postings.c.to_account == SOURCE),
    )
    more, less = (
        int(
            connection.execute(
                select(signed).where(side, postings.c.to_owner == owner)
            ).scalar_one()
        )
        for side in sides
    )
    return more - less


def appropriate(store: Store, wanted: Appropriation) -> Refused | None:
    """记一笔年度预算安排或其调整；同一键只记一次，调减超过余额的不收。"""
    owner = holder(wanted.year, wanted.city, wanted.town)
    with store.write() as connection:
        if _known(connection, wanted.key):
            return None
        left = balance(connection, owner, wanted.fund, APPROPRIATED)
        if left + wanted.amount < 0:
            asked = f"调减{yuan(-wanted.amount)}，超过现有的{yuan(left)}，请核对金额。"
            return Refused("over_appropriation", f"{owner}年度预算安排：{asked}")
        accounts = (SOURCE, APPROPRIATED) if wanted.amount > 0 else (APPROPRIATED, SOURCE)
        row = _posting(store, wanted, wanted.key, wanted.fund, abs(wanted.amount))
        sides = {"from_owner": owner, "to_owner": owner}
        row |= {**sides, "from_account": accounts[0], "to_account": accounts[1]}
        connection.execute(insert(postings).values(row))
    return None


def quotas_of(connection: Connection, rulebook: Rulebook, owner: str) -> dict[str, int]:
    """某户调剂过的额度，按限额的代号；没有调剂过的不在其内，照规则手册的数。"""
    pooled = [name for name, limit in rulebook.limits.items() if limit.pooled is not None]
    if not pooled:
        return {}
    query = select(balances.c.fund, balances.c.balance_fen).where(
        balances.c.owner == owner, balances.c.account == QUOTA, balances.c.fund.in_(pooled)
    )
    return {fund: int(amount) for fund, amount in connection.execute(query)}


def transfer(store: Store, wanted: Transfer) -> dict[str, int] | Refusal:
    """在各社区之间调剂额度，返回调剂后各处的额度；增减不相抵、不够调出、已经用掉的不收。

    同一键只记一次；各处增减合起来恰为零，记成由调出处转入调入处的分录。
    """
    rulebook, limit = wanted.rulebook, wanted.rulebook.limits[wanted.limit]
    with store.write() as connection:
        town = select(organisations.c.id).where(organisations.c.name == wanted.town)
        connection.execute(town.with_for_update()).all()
        quotas = _quotas(connection, wanted, limit)
        if _known(connection, f"{wanted.key}/1"):
            return quotas
        found = transferred(rulebook, limit, quotas, wanted.moves, wanted.decided_by)
        if isinstance(found, Refusal):
            return found
        refusal = _already_spent(store, connection, wanted, found)
        if refusal is not None:
            return refusal
        rows = [*_bases(store, connection, wanted, quotas), *_moves(store, wanted)]
        for row in rows:
            connection.execute(insert(postings).values(row))
    return found


def _quotas(connection: Connection, wanted: Transfer, limit: Limit) -> dict[str, int]:
    """调剂前镇街之内各社区的额度：调剂过的取账上的，没有的照规则手册。"""
    base = int(limit.bound.value or 0)
    found = {}
    for community in _communities(connection, wanted.town):
        owner = holder(wanted.year, wanted.rulebook.city, wanted.town, community)
        found[community] = quotas_of(connection, wanted.rulebook, owner).get(wanted.limit, base)
    return found


def _communities(connection: Connection, town: str) -> list[str]:
    query = select(organisations.c.id, organisations.c.name).order_by(organisations.c.name)
    rows = connection.execute(query.where(organisations.c.level == "community")).all()
    return [
        name
        for place, name in rows
        if any(link.organisation.name == town for link in links(connection, place))
    ]


def _already_spent(
    store: Store, connection: Connection, wanted: Transfer, quotas: Mapping[str, int]
) -> Refusal | None:
    """调出之后，额度低于该社区已经立项的，不收。"""
    limit = wanted.rulebook.limits[wanted.limit]
    for community, amount in wanted.moves.items():
        asked = Question(wanted.rulebook, wanted.limit, wanted.year, wanted.town, community)
        spent = _spent(store, connection, asked, limit)
        if amount < 0 and spent > quotas[community]:
            sentence = (
                f"“{community}”本年度已立项{yuan(spent)}，调出后额度只剩"
                f"{yuan(quotas[community])}，请调减。"
            )
            return declined(wanted.rulebook, "quota_spent", sentence, limit)
    return None


def _bases(
    store: Store, connection: Connection, wanted: Transfer, quotas: Mapping[str, int]
) -> Iterator[PostingRow]:
    """首次调剂的社区，先记下规则手册所定的额度。"""
    for community in wanted.moves:
        owner = holder(wanted.year, wanted.rulebook.city, wanted.town, community)
        if wanted.limit not in quotas_of(connection, wanted.rulebook, owner):
            key = f"{owner}/{wanted.limit}/base"
            row = _posting(store, wanted, key, wanted.limit, quotas[community])
            sides = {"from_owner": owner, "to_owner": owner}
            yield row | {**sides, "from_account": SOURCE, "to_account": QUOTA}


def _moves(store: Store, wanted: Transfer) -> Iterator[PostingRow]:
    """由调出处逐一转入调入处，直到各处都合上。"""
    giving = {name: -amount for name, amount in sorted(wanted.moves.items()) if amount < 0}
    taking = {name: amount for name, amount in sorted(wanted.moves.items()) if amount > 0}
    place = (wanted.rulebook.city, wanted.town)
    number = 0
    for giver, left in giving.items():
        for taker, wants in taking.items():
            part = min(left, wants)
            if not part:
                continue
            left -= part  # noqa: PLW2901 - what the giver still has to give
            taking[taker] = wants - part
            number += 1
            yield _posting(store, wanted, f"{wanted.key}/{number}", wanted.limit, part) | {
                "from_owner": holder(wanted.year, *place, giver),
                "from_account": QUOTA,
                "to_owner": holder(wanted.year, *place, taker),
                "to_account": QUOTA,
            }


def _known(connection: Connection, key: str) -> bool:
    query = select(postings.c.key).where(postings.c.key == key)
    return connection.execute(query).first() is not None


def _posting(
    store: Store, wanted: Appropriation | Transfer, key: str, fund: str, amount: int
) -> PostingRow:
    """不属于某一项目的一笔：谁、凭什么、哪一日。"""
    now = store.clock.now()
    return {
        "key": key,
        "entry": wanted.key,
        "fund": fund,
        "amount_fen": amount,
        "reason": wanted.reason,
        "actor": wanted.actor,
        "occurred_on": now.astimezone(BEIJING).date(),
        "recorded_at": now,
    }
