"""资金账：户头与分录的查询，与流水的对照，旧台账的补记。

项目的分录在记入流水的同一事务里添上（见 `records.cases.ledger_rows`）；这里只读，另有一处补记：
资金账设立之前已有的事项，由流水逐条算出应有的分录添上。金额单位：分。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, union_all

from records.cases.dossiers import chronicle
from records.cases.ledger_rows import PostingRow, ledger_rows, posted
from records.cases.projections import Difference
from records.database.ledger_tables import balances, postings
from records.database.prepared import run
from records.database.store import Store
from records.database.tables import cases
from rulebooks.accounting.accounts import APPROPRIATED, CHAIN, DISBURSED, RECOGNISED, SOURCE

# What the journal says of a posting; the rest belongs to claims and transfers.
COMPARED = (
    "case", "sequence", "fund", "from_owner", "from_account", "to_owner", "to_account",
    "amount_fen", "ceiling_fen", "reason", "occurred_on", "recorded_at",
)  # fmt: skip


# 市级补助的各步，年度安排之后的。
SUBSIDY = (APPROPRIATED, RECOGNISED, DISBURSED)


@dataclass(frozen=True, slots=True)
class Scope:
    """看哪些项目：城市、镇街或社区的名称、资金代号、立项年度、事项编号；空的不限。"""

    city: str | None = None
    place: str | None = None
    fund: str | None = None
    year: int | None = None
    case: str | None = None

    def where(self) -> list[ColumnElement[bool]]:
        """对卷宗的条件。"""
        found: list[ColumnElement[bool]] = []
        if self.city is not None:
            found.append(cases.c.city == self.city)
        if self.place is not None:
            found.append((cases.c.town == self.place) | (cases.c.community == self.place))
        if self.year is not None:
            days = (date(self.year, 1, 1), date(self.year, 12, 31))
            found.append(cases.c.established_on.between(*days))
        if self.case is not None:
            found.append(cases.c.number == self.case)
        return found


@dataclass(frozen=True, slots=True)
class FundTotals:
    """一笔资金在所看范围内的合计：几件项目，走到每一步的累计（已立项、已签约……），单位：分。"""

    fund: str
    projects: int
    steps: Mapping[str, int] = field(default_factory=dict)

    def left(self, account: str) -> int:
        """停在某一步、还没有往前走的余额。"""
        place = CHAIN.index(account)
        further = CHAIN[place + 1 : place + 2]
        return self.steps[account] - sum(self.steps[name] for name in further)


def totals(connection: Connection, scope: Scope) -> tuple[FundTotals, ...]:
    """各资金的合计，依资金代号；社会资金与财政资金各是一笔，从不相加。"""
    amount: Any = func.coalesce(func.sum(balances.c.balance_fen), 0)
    query = (
        select(balances.c.fund, balances.c.account, amount)
        .join_from(balances, cases, cases.c.number == balances.c.owner)
        .where(balances.c.account.in_(CHAIN), *scope.where(), *_of_fund(scope, balances.c.fund))
        .group_by(balances.c.fund, balances.c.account)
    )
    remaining: dict[str, dict[str, int]] = {}
    for fund, account, total in connection.execute(query):
        remaining.setdefault(fund, dict.fromkeys(CHAIN, 0))[account] = int(total)
    counted = _projects(connection, scope)
    return tuple(
        FundTotals(fund, counted.get(fund, 0), _steps(remaining[fund]))
        for fund in sorted(remaining)
    )


def _steps(remaining: Mapping[str, int]) -> dict[str, int]:
    """由停在各步的余额得出走到各步的累计。"""
    return {account: sum(remaining[name] for name in CHAIN[place:])
            for place, account in enumerate(CHAIN)}  # fmt: skip


def _projects(connection: Connection, scope: Scope) -> dict[str, int]:
    query = (
        select(balances.c.fund, func.count(balances.c.owner.distinct()))
        .join_from(balances, cases, cases.c.number == balances.c.owner)
        .where(balances.c.account.in_(CHAIN), balances.c.balance_fen > 0)
        .where(*scope.where(), *_of_fund(scope, balances.c.fund))
        .group_by(balances.c.fund)
    )
    return {fund: int(count) for fund, count in connection.execute(query)}


@dataclass(frozen=True, slots=True)
class Subsidy:
    """一笔市级补助资金一年里一个户头的累计：年度安排、认定、拨给镇街，单位：分。

    `place` 为市或镇街的名称；安排记在市的户头，认定与拨付记在镇街的户头。
    """

    fund: str
    year: int
    place: str
    appropriated: int = 0
    recognised: int = 0
    disbursed: int = 0


def subsidies(connection: Connection, scope: Scope) -> tuple[Subsidy, ...]:
    """市级补助：各年安排多少，认定给各镇街多少，拨了多少；不属于某一项目，所以另列。"""
    table = balances.c
    query = (
        select(table.fund, table.owner, table.account, table.balance_fen)
        .where(table.account.in_((SOURCE, *SUBSIDY)), table.owner.like(f"{scope.city}/%"))
        .where(*_of_fund(scope, table.fund))
    )
    found: dict[tuple[str, int, str], dict[str, int]] = {}
    for fund, owner, account, left in connection.execute(query):
        *places, year = owner.split("/")
        found.setdefault((fund, int(year), places[-1]), {})[account] = int(left)
    rows = [_subsidy(place, held) for place, held in found.items() if held.keys() & set(SUBSIDY)]
    return tuple(
        row
        for row in sorted(rows, key=lambda row: (row.fund, row.year, row.place != scope.city))
        if scope.year in (None, row.year) and scope.place in (None, row.place)
    )


def _subsidy(place: tuple[str, int, str], held: Mapping[str, int]) -> Subsidy:
    disbursed = held.get(DISBURSED, 0)
    recognised = held.get(RECOGNISED, 0) + disbursed
    return Subsidy(*place, -held.get(SOURCE, 0), recognised, disbursed)


def postings_of_claim(connection: Connection, number: str) -> tuple[PostingRow, ...]:
    """一件资金申请的分录：认定、扣回、拨付，按先后。"""
    query = select(postings).where(postings.c.claim == number)
    ordered = query.order_by(postings.c.recorded_at, postings.c.key)
    return tuple(dict(row) for row in connection.execute(ordered).mappings())


def anything_posted(connection: Connection) -> bool:
    """账上有没有分录。"""
    return connection.execute(select(postings.c.key).limit(1)).first() is not None


def unpaid_cases(connection: Connection, scope: Scope) -> tuple[str, ...]:
    """已签约而没有付清的项目的编号：钱停在已签约、已审定、应付。"""
    waiting = CHAIN[1:-1]
    query = (
        select(balances.c.owner)
        .join_from(balances, cases, cases.c.number == balances.c.owner)
        .where(balances.c.account.in_(waiting), balances.c.balance_fen > 0)
        .where(*scope.where(), *_of_fund(scope, balances.c.fund))
        .distinct()
        .order_by(balances.c.owner)
    )
    return tuple(connection.execute(query).scalars())


def _of_fund(scope: Scope, column: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    return [] if scope.fund is None else [column == scope.fund]


def where_cases_are(
    store: Store, city: str | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """台账里有事项的各市，及其中（给了城市的，只在该市）各镇街与社区的名称。"""
    query = select(cases.c.city, cases.c.town, cases.c.community).distinct()
    with store.read() as connection:
        rows = connection.execute(query.order_by(cases.c.city, cases.c.town)).all()
    places = [name for row in rows if city in (None, row[0]) for name in row[1:] if name]
    return tuple(dict.fromkeys(row[0] for row in rows)), tuple(dict.fromkeys(places))


def postings_of(connection: Connection, scope: Scope) -> tuple[PostingRow, ...]:
    """所看项目的分录，按事项与先后。"""
    query = (
        select(postings)
        .join_from(postings, cases, cases.c.number == postings.c.case)
        .where(*scope.where(), *_of_fund(scope, postings.c.fund))
        .order_by(postings.c.case, postings.c.sequence, postings.c.recorded_at, postings.c.key)
    )
    return tuple(dict(row) for row in connection.execute(query).mappings())


def balance(connection: Connection, owner: str, fund: str, account: str) -> int:
    """某户某资金某科目的余额；没有过分录的为零。"""
    query = select(balances.c.balance_fen).where(
        balances.c.owner == owner, balances.c.fund == fund, balances.c.account == account
    )
    return int(connection.execute(query).scalar_one_or_none() or 0)


def compare(store: Store) -> tuple[Difference, ...]:
    """逐件由流水推算应有的分录，对照账上所记；再以分录合计对照余额。相符则为空。"""
    found: list[Difference] = []
    with store.read() as connection:
        for number in _numbers(connection):
            found.extend(_differences(number, _stored(connection, number),
                                      _derived(connection, number)))  # fmt: skip
        found.extend(_wrong_balances(connection))
    return tuple(found)


def rebuild(store: Store) -> tuple[Difference, ...]:
    """补记缺少的分录，返回补记之前的不符之处；已记的从不改动。

    Raises:
        IntegrityError: 账上已有与流水不符的分录，使补记会透支；请先查明。
    """
    found = compare(store)
    for number in dict.fromkeys(difference.case for difference in found):
        with store.write() as connection:
            known = _stored(connection, number)
            rows = _derived(connection, number) if _is_case(connection, number) else {}
            missing = [row for key, row in rows.items() if key not in known]
            if missing:
                run(connection, posted(store.engine.dialect, missing))
    return found


def complete(store: Store) -> None:
    """资金账设立之前已有的事项，补记应有的分录；没有缺的什么也不做。"""
    of_case = select(postings.c.key).where(postings.c.case == cases.c.number)
    missing = select(cases.c.number).where(cases.c.established_on.is_not(None), ~of_case.exists())
    with store.glance() as connection:
        lacking = connection.execute(missing.limit(1)).first() is not None
    if lacking:
        rebuild(store)


def _numbers(connection: Connection) -> Sequence[str]:
    return connection.execute(select(cases.c.number).order_by(cases.c.number)).scalars().all()


def _is_case(connection: Connection, number: str) -> bool:
    query = select(cases.c.number).where(cases.c.number == number)
    return connection.execute(query).first() is not None


def _derived(connection: Connection, number: str) -> dict[str, PostingRow]:
    states = pairwise(chronicle(connection, number))
    rows = (row for before, after in states for row in ledger_rows(before, after))
    return {row["key"]: row for row in rows}


def _stored(connection: Connection, number: str) -> dict[str, PostingRow]:
    of_it = (postings.c.from_owner == number) | (postings.c.claim == number)
    query = select(postings).where(of_it)
    return {row["key"]: dict(row) for row in connection.execute(query).mappings()}


def _differences(
    number: str, stored: Mapping[str, PostingRow], derived: Mapping[str, PostingRow]
) -> Iterator[Difference]:
    for key in sorted({*stored, *derived}):
        here, there = stored.get(key, {}), derived.get(key, {})
        for name in COMPARED:
            if here.get(name) != there.get(name):
                yield Difference(number, f"postings[{key}].{name}", here.get(name), there.get(name))


def _wrong_balances(connection: Connection) -> Iterator[Difference]:
    """余额与分录合计不符的户头。"""
    sides = [
        select(
            postings.c[f"{side}_owner"].label("owner"),
            postings.c.fund,
            postings.c[f"{side}_account"].label("account"),
            (sign * postings.c.amount_fen).label("amount"),
        )
        for side, sign in (("from", -1), ("to", 1))
    ]
    legs = union_all(*sides).subquery()
    keys = (legs.c.owner, legs.c.fund, legs.c.account)
    summed = select(*keys, func.sum(legs.c.amount)).group_by(*keys)
    derived = {tuple(row[:3]): int(row[3]) for row in connection.execute(summed)}
    kept = select(balances.c.owner, balances.c.fund, balances.c.account, balances.c.balance_fen)
    stored = {tuple(row[:3]): int(row[3]) for row in connection.execute(kept)}
    for key in sorted({*stored, *derived}):
        if stored.get(key, 0) != derived.get(key, 0):
            owner, fund, account = key
            what = f"balances[{fund}/{account}].balance_fen"
            yield Difference(owner, what, stored.get(key), derived.get(key))
