"""迟到的事实：一期报出之后才记入、才更正的，哪些格的数因此不同，因哪个项目的哪一条，供更正表。"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import Integer, Row, and_, case, not_, or_, select, tuple_

from records.database.columns import parse
from records.database.milestone_tables import milestones
from records.database.store import Store
from records.database.tables import cases, events
from records.reporting.figures import (
    FIGURES_SCHEMA,
    Counted,
    Scope,
    counted,
    figures,
    known,
    relevant,
)
from rulebooks.policy.duties import Period
from rulebooks.vocabulary.events import ACTION_LABELS, ACTIONS
from schemas.measures import CELL, MEASURES

LABELS: Mapping[str, str] = {
    "opened": "立卷",
    "publicity_ended": "公示期满",
    "fell_overdue": "记入逾期",
    **{kind: ACTION_LABELS[action] for action, (kind, _) in ACTIONS.items()},
}
REASONS = ("reason", "opinion")
ASKED_AT_ONCE = 500

_APART = {"case": pl.String, "cause": pl.Int64}
_SCHEMA: Mapping[str, type[pl.DataType]] = {**_APART, **FIGURES_SCHEMA}
_BY_CASE = (*CELL, "measure", "case")
COLUMNS = ("measure", *CELL, "old", "new", "case", "title", "change", "sequence", "cause")
_NUMBERS = frozenset({"old", "new", "change", "sequence"})
_FOUND = {name: pl.Int64 if name in _NUMBERS else pl.String for name in COLUMNS}


def late_facts(
    store: Store, city: str, period: Period, cut_off: datetime, as_of: datetime
) -> pl.DataFrame:
    """一期的各数从截止时点到 `as_of` 变了哪些，每格每个项目一行；没有变的为空表。

    各列：measure 哪个数，town、community、kind、category 哪一格，old、new 该格原来与现在的数，
    case、title 因哪个项目，change 因它增减多少，sequence、cause 因台账的哪一条（中文）。

    Args:
        store: 台账。
        city: 城市。
        period: 哪一期。
        cut_off: 报出时的截止时点，须带时区。
        as_of: 现在照哪一刻所知，不早于 `cut_off`。
    """
    changes = _net(_changes(store, Scope(city, period), cut_off, as_of))
    if changes.is_empty():
        # Most periods that were reported long ago: nothing to count again.
        return pl.DataFrame(schema=_FOUND)
    totals = [
        _long(figures(store, city, period, moment), list(CELL)).rename({"number": name})
        for name, moment in (("old", cut_off), ("new", as_of))
    ]
    for total in totals:
        changes = changes.join(total, on=[*CELL, "measure"], how="left")
    changes = changes.with_columns(pl.col("old", "new").fill_null(0))
    return _explained(store, changes)


def _changes(store: Store, scope: Scope, cut_off: datetime, as_of: datetime) -> pl.DataFrame:
    """其间才知道的各行记加、其间作废的各行记减，按项目与引起的那一条分开，一遍扫过。"""
    table = milestones.c
    was, now = known(cut_off), known(as_of)
    different = and_(relevant(scope, cut_off), or_(and_(was, not_(now)), and_(now, not_(was))))
    cause = case((now, table.sequence), else_=table.voided_by)
    what = Counted(
        different,
        weight=case((now, 1), else_=-1).cast(Integer),
        apart={"case": table.case, "cause": cause},
    )
    return counted(store, scope, what, _SCHEMA)


def _net(changes: pl.DataFrame) -> pl.DataFrame:
    """每格每数每个项目净增减多少；引起的为其中最早的一条。"""
    long = _long(changes, [*_APART, *CELL])
    causes = long.group_by("case", "measure").agg(pl.col("cause").min().alias("sequence"))
    net = long.group_by(_BY_CASE).agg(pl.col("number").sum().alias("change"))
    net = net.filter(pl.col("change") != 0)
    return net.join(causes, on=["case", "measure"], how="left")


def _long(frame: pl.DataFrame, index: list[str]) -> pl.DataFrame:
    """每格每数一行，零不列。"""
    long = frame.unpivot(
        index=index, on=list(MEASURES), variable_name="measure", value_name="number"
    )
    return long.filter(pl.col("number") != 0)


def _explained(store: Store, changes: pl.DataFrame) -> pl.DataFrame:
    wanted = [tuple(row) for row in changes.select("case", "sequence").unique().sort("case").rows()]
    found: list[tuple[str, int, str, str]] = []
    for start in range(0, len(wanted), ASKED_AT_ONCE):
        found.extend(_causes(store, wanted[start : start + ASKED_AT_ONCE]))
    schema = {"case": pl.String, "sequence": pl.Int64, "title": pl.String, "cause": pl.String}
    causes = pl.DataFrame(found, schema=schema, orient="row")
    order = {name: number for number, name in enumerate(MEASURES)}
    return (
        changes.join(causes, on=["case", "sequence"], how="left")
        .sort(pl.col("measure").replace_strict(order, return_dtype=pl.Int64), *CELL, "case")
        .select(COLUMNS)
    )


def _causes(store: Store, wanted: list[tuple[str, int]]) -> list[tuple[str, int, str, str]]:
    """引起变化的各条：项目、序号、项目名称、一句说明。"""
    query = (
        select(
            events.c.case,
            events.c.sequence,
            cases.c.title,
            events.c.kind,
            events.c.recorded_at,
            events.c.backfilled,
            events.c.content,
        )
        .join_from(events, cases, cases.c.number == events.c.case)
        .where(tuple_(events.c.case, events.c.sequence).in_(wanted))
    )
    with store.glance() as connection:
        rows = connection.execute(query).all()
    return [(row.case, row.sequence, row.title, _sentence(row)) for row in rows]


def _sentence(row: Row[Any]) -> str:
    """如：第12条“更正记录”，2026年11月3日记入：抄错金额。"""
    at = row.recorded_at
    how = "补录" if row.backfilled else "记入"
    said = f"第{row.sequence}条“{LABELS.get(row.kind, row.kind)}”"
    given = parse(row.content)
    reason = next((f"：{given[name]}" for name in REASONS if given.get(name)), "")
    return f"{said}，{at.year}年{at.month}月{at.day}日{how}{reason.rstrip('。')}。"
