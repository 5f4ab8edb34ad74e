"""报表的数：一市一期，一条语句、一遍扫过，各镇街、社区、类型、类别各一行；每个数都能追到项目。

数照某一时刻所知来统计（截止时点）：此后才记入的、此前已作废的都不算，所以已过去的一期
重新统计仍是原来的数。
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

import polars as pl
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)

from records.database.milestone_tables import milestones
from records.database.store import Store
from records.database.tables import cases
from rulebooks.policy.duties import Period
from rulebooks.procedure import milestones as kinds
from rulebooks.procedure.deadlines import local_day
from schemas.measures import CELL, MEASURES

# When a row happened: before the year, in the year before the period, in the period.
EARLIER, THIS_YEAR, IN_PERIOD = 0, 1, 2
# When it ended: before the year, in the year before the period, in the period, later or never.
PAST, ENDED_THIS_YEAR, ENDED_IN_PERIOD, STANDING = 0, 1, 2, 3
FAR = date.max

What = Literal["rows", "amount", "count"]
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Counting:
    """一个数怎么数：哪一种事，何时发生，何时结束，数件数、金额还是人数。"""

    milestone: str
    since: int = IN_PERIOD
    until: int = IN_PERIOD
    ended: int = PAST
    what: What = "rows"


COUNTINGS: Mapping[str, Counting] = {
    "opening": Counting(kinds.OPENED, EARLIER, THIS_YEAR, ENDED_IN_PERIOD),
    "new": Counting(kinds.OPENED),
    "done": Counting(kinds.CLOSED),
    "withdrawn": Counting(kinds.WITHDRAWN),
    "closing": Counting(kinds.OPENED, EARLIER, ended=STANDING),
    "collected": Counting(kinds.OPENED, EARLIER, ended=ENDED_THIS_YEAR),
    "determined": Counting(kinds.DETERMINED, EARLIER, ended=ENDED_THIS_YEAR),
    "implementing": Counting(kinds.STARTED, EARLIER, ended=ENDED_THIS_YEAR),
    "completed": Counting(kinds.COMPLETED, EARLIER, ended=ENDED_THIS_YEAR),
    "determined_new": Counting(kinds.DETERMINED),
    "started_new": Counting(kinds.STARTED),
    "completed_new": Counting(kinds.COMPLETED),
    "audited_new": Counting(kinds.AUDITED),
    "archived_new": Counting(kinds.ARCHIVED),
    "budget_fen": Counting(kinds.DETERMINED, EARLIER, ended=ENDED_THIS_YEAR, what="amount"),
    "contract_fen": Counting(kinds.CONTRACTED, EARLIER, ended=ENDED_THIS_YEAR, what="amount"),
    "audited_fen": Counting(kinds.AUDITED, THIS_YEAR, what="amount"),
    "paid_fen": Counting(kinds.PAID, THIS_YEAR, what="amount"),
    "contract_new_fen": Counting(kinds.CONTRACTED, what="amount"),
    "audited_new_fen": Counting(kinds.AUDITED, what="amount"),
    "paid_new_fen": Counting(kinds.PAID, what="amount"),
    "other_fen": Counting(kinds.OTHER_FUNDS, EARLIER, ended=ENDED_THIS_YEAR, what="amount"),
    "finished_on_time": Counting(kinds.ON_TIME),
    "finished_late": Counting(kinds.LATE),
    "overdue": Counting(kinds.OVERDUE, EARLIER, ended=STANDING),
    "samples": Counting(kinds.SAMPLES, what="count"),
    "satisfied": Counting(kinds.SATISFIED, what="count"),
}
FIGURES_SCHEMA: Mapping[str, type[pl.DataType]] = {
    **dict.fromkeys(CELL, pl.String),
    **dict.fromkeys(MEASURES, pl.Int64),
}
DRILL_SCHEMA: Mapping[str, type[pl.DataType]] = {
    "case": pl.String,
    "title": pl.String,
    **dict.fromkeys(CELL, pl.String),
    "occurred_on": pl.Date,
    "amount_fen": pl.Int64,
    "count": pl.Int64,
    "origin": pl.Int64,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """统计哪一市、哪一期。"""

    city: str
    period: Period

    @property
    def year_first(self) -> date:
        """该期所在年度的首日。"""
        return date(self.period.last.year, 1, 1)


@dataclass(frozen=True, slots=True)
class Counted:
    """要数的各行：从哪里数、哪些算数、每行的分量，除各格之外还按什么分开。"""

    where: Condition
    weight: ColumnElement[int] | None = None
    apart: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)


def figures(store: Store, city: str, period: Period, as_of: datetime) -> pl.DataFrame:
    """一市一期的各数，照 `as_of` 之前所知；金额单位分。

    Args:
        store: 台账。
        city: 城市。
        period: 哪一期，首日与末日都在内（北京日期）。
        as_of: 截止时点，须带时区；这一刻及以后记入的不算。
    """
    scope = Scope(city, period)
    return counted(store, scope, Counted(relevant(scope, as_of) & known(as_of)), FIGURES_SCHEMA)


def drill(
    store: Store,
    city: str,
    period: Period,
    as_of: datetime,
    measure: str,
    **cell: str | None,
) -> pl.DataFrame:
    """一个数由哪些项目、台账的哪一条（origin）得来：件数即行数，金额、人数即各行之和。

    Args:
        store: 台账。
        city: 城市。
        period: 哪一期。
        as_of: 截止时点，须带时区。
        measure: 哪个数，见 `schemas.measures.MEASURES`。
        **cell: 哪一格：town、community、kind、category；不写或为 None 的不限。

    Raises:
        KeyError: 没有这个数，或没有这样的格。
    """
    scope, counting = Scope(city, period), COUNTINGS[measure]
    table = milestones.c
    wanted = [_cell(name) == value for name, value in cell.items() if value is not None]
    rows = and_(
        relevant(scope, as_of),
        known(as_of),
        _counts(counting, table.milestone, _happened(scope), _ended(scope)),
        *wanted,
    )
    query = (
        select(
            table.case,
            cases.c.title,
            *(table[name] for name in CELL),
            table.occurred_on,
            table.amount_fen,
            table.count,
            table.origin,
        )
        .join_from(milestones, cases, cases.c.number == table.case)
        .where(rows)
        .order_by(table.case, table.occurred_on, table.origin)
    )
    with store.glance() as connection:
        found = connection.execute(query).all()
    return frame(found, DRILL_SCHEMA)


def _cell(name: str) -> ColumnElement[str]:
    if name not in CELL:
        raise KeyError(name)
    column: ColumnElement[str] = milestones.c[name]
    return column


def number_of(found: pl.DataFrame, measure: str) -> int:
    """追到的各行合起来是多少，与报表里的数相等。"""
    what = COUNTINGS[measure].what
    if what == "rows":
        return found.height
    return int(found["amount_fen" if what == "amount" else "count"].sum())


def frame(rows: Sequence[Sequence[Any]], schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    """查得的各行成表；没有一行的也有各列。"""
    return pl.DataFrame([tuple(row) for row in rows], schema=dict(schema), orient="row")


def counted(
    store: Store, scope: Scope, what: Counted, schema: Mapping[str, type[pl.DataType]]
) -> pl.DataFrame:
    """一遍扫过，每格各数同时得出。"""
    with store.glance() as connection:
        found = connection.execute(_query(scope, what, gathers=not store.on_postgres)).all()
    return frame(found, schema)


def _query(scope: Scope, what: Counted, *, gathers: bool) -> Any:
    rows = _rows(scope, what)
    if gathers:
        rows = _gathered(rows, what)
    keys = [rows.c[name] for name in (*what.apart, *CELL)]
    sums = [_sum(rows, counting).label(name) for name, counting in COUNTINGS.items()]
    return select(*keys, *sums).group_by(*keys).order_by(*keys)


def _gathered(rows: FromClause, what: Counted) -> FromClause:
    """同一格、同一种事、同样先后的各行先合成一行：二十几个数只在合成的几行上数，不在每行上数。

    SQLite 由此快三分之一；PostgreSQL 逐行数可以并行，合成反而要先排序，所以不合成。
    """
    alike = [rows.c[name] for name in (*what.apart, *CELL, "milestone", "happened", "ended")]
    sums = [func.sum(rows.c[name]).label(name) for name in ("rows", "amount", "people")]
    return select(*alike, *sums).group_by(*alike).subquery()


def _rows(scope: Scope, what: Counted) -> FromClause:
    """要数的各行：在哪一格、何时发生、何时结束、件数金额人数各几何。"""
    table = milestones.c
    weight = literal(1) if what.weight is None else what.weight
    plain = what.weight is None
    return (
        select(
            *(column.label(name) for name, column in what.apart.items()),
            *(table[name] for name in CELL),
            table.milestone,
            _happened(scope).label("happened"),
            _ended(scope).label("ended"),
            weight.label("rows"),
            (table.amount_fen if plain else table.amount_fen * weight).label("amount"),
            (table.count if plain else table.count * weight).label("people"),
        )
        .where(what.where)
        .subquery()
    )


def _sum(rows: FromClause, counting: Counting) -> ColumnElement[int]:
    columns = rows.c
    value = {"rows": columns.rows, "amount": columns.amount, "count": columns.people}
    counts = _counts(counting, columns.milestone, columns.happened, columns.ended)
    total = func.sum(case((counts, value[counting.what]), else_=0))
    return cast(func.coalesce(total, 0), BigInteger)


def _counts(
    counting: Counting,
    milestone: ColumnElement[str],
    happened: ColumnElement[int],
    ended: ColumnElement[int],
) -> Condition:
    """一行是否算进这个数；报表与追溯用的是同一个条件。"""
    conditions = [milestone == counting.milestone]
    if counting.since > EARLIER:
        conditions.append(happened >= counting.since)
    if counting.until < IN_PERIOD:
        conditions.append(happened <= counting.until)
    if counting.ended > PAST:
        conditions.append(ended >= counting.ended)
    return and_(*conditions)


def _happened(scope: Scope) -> ColumnElement[int]:
    day = milestones.c.occurred_on
    return _past(day >= scope.year_first) + _past(day >= scope.period.first)


def _ended(scope: Scope) -> ColumnElement[int]:
    day = func.coalesce(milestones.c.ended_on, FAR, type_=milestones.c.ended_on.type)
    bounds = (day >= scope.year_first, day >= scope.period.first, day > scope.period.last)
    return _past(bounds[0]) + _past(bounds[1]) + _past(bounds[2])


def _past(bound: Condition) -> ColumnElement[int]:
    return cast(bound, Integer)


def relevant(scope: Scope, since: datetime) -> Condition:
    """与该期有关的各行；早已结束、早已作废的不必看。

    Args:
        scope: 哪一市哪一期。
        since: 最早照哪一刻所知。
    """
    table = milestones.c
    horizon = min(scope.year_first, local_day(since))
    return and_(
        table.city == scope.city,
        table.relevant_until >= horizon,
        table.occurred_on <= scope.period.last,
    )


def known(as_of: datetime) -> Condition:
    """那一刻之前记入、到那一刻还没有作废的各行。"""
    table = milestones.c
    return and_(table.recorded_at < as_of, or_(table.voided_at.is_(None), table.voided_at >= as_of))
