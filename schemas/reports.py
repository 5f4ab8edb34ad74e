"""报表的校验：各格在办四数相合、漏斗逐级不增、本年累计不少于本期、没有负数、没有重复的格。

每条规则有编号；不合的逐行说明是哪一格、哪几个数、差在哪里。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData
from pandera.errors import SchemaErrors

from schemas.measures import (
    ADDITIVE,
    CELL,
    CELL_LABELS,
    FUNNEL,
    MEASURES,
    YEAR_TO_DATE,
    Unit,
)

IN_HAND, FUNNEL_RULE, PERIOD_RULE = "report.in_hand", "report.funnel", "report.period"
SURVEY, NOT_NEGATIVE, ONE_ROW = "report.survey", "report.not_negative", "report.one_row"
ARCHIVED = "report.archived"
UNITS: Mapping[Unit, str] = {"projects": "件", "fen": "分", "stages": "项", "people": "人"}
UNIQUENESS = "multiple_fields_uniqueness"
NO_LABELS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Rule:
    """一条规则：编号、须成立的式子、不成立时怎么说（花括号里填该行的数）。"""

    name: str
    holds: pl.Expr
    sentence: str


def _no_more(name: str, low: str, high: str, sentence: str) -> Rule:
    return Rule(f"{name}.{low}", pl.col(low) <= pl.col(high), sentence)


def _said(measure: str) -> str:
    found = MEASURES[measure]
    return f"{found.label}{{{measure}}}{UNITS[found.unit]}"


def _rules() -> Iterator[Rule]:
    left = pl.col("opening") + pl.col("new") - pl.col("done") - pl.col("withdrawn")
    yield Rule(
        IN_HAND,
        left == pl.col("closing"),
        f"{_said('opening')}加{_said('new')}，减{_said('done')}与{_said('withdrawn')}，"
        f"不等于{_said('closing')}",
    )
    for high, low in pairwise(FUNNEL):
        sentence = f"{_said(low)}多于{_said(high)}，漏斗各数应逐级不增"
        yield _no_more(FUNNEL_RULE, low, high, sentence)
    for high, low in YEAR_TO_DATE.items():
        yield _no_more(PERIOD_RULE, low, high, f"{_said(low)}多于本年累计的{_said(high)}")
    yield _no_more(SURVEY, "satisfied", "samples", f"{_said('satisfied')}多于{_said('samples')}")
    yield _no_more(ARCHIVED, "archived_new", "done", f"{_said('archived_new')}多于{_said('done')}")


RULES: Mapping[str, Rule] = {rule.name: rule for rule in _rules()}


@lru_cache(maxsize=1)
def figures_schema() -> pa.DataFrameSchema:
    """报表各数的表：各列的类型、非负，格不重复，及以上各条规则。"""
    columns = {name: pa.Column(pl.String) for name in CELL}
    columns |= {name: pa.Column(pl.Int64, pa.Check.ge(0, name=NOT_NEGATIVE)) for name in MEASURES}
    checks = [pa.Check(_holds(rule), name=rule.name) for rule in RULES.values()]
    return pa.DataFrameSchema(columns, checks=checks, strict=True, unique=list(CELL))


def _holds(rule: Rule) -> Any:
    def check(data: PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(rule.holds)

    return check


def check_figures(
    frame: pl.DataFrame | pl.LazyFrame, labels: Mapping[str, str] = NO_LABELS
) -> tuple[str, ...]:
    """校验报表各数，逐处一句中文，写明哪一格；全都相合则为空。

    Args:
        frame: `records.reporting.figures.figures` 的结果。
        labels: 类型、类别的代号到中文名称，没有的照写代号。
    """
    # A lazy frame would pass unread.
    frame = frame.lazy().collect()
    missing = [name for name in (*CELL, *MEASURES) if name not in frame.columns]
    if missing:
        return tuple(f"报表缺少“{_label(name)}”一列，请重新统计。" for name in missing)
    try:
        figures_schema().validate(frame, lazy=True)
    except SchemaErrors as errors:
        found = errors.failure_cases.select("column", "check", "index").unique(maintain_order=True)
        return tuple(dict.fromkeys(_sentence(frame, row, labels) for row in found.rows(named=True)))
    return ()


def _sentence(frame: pl.DataFrame, failure: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    rule = RULES.get(failure["check"])
    index = failure["index"]
    if index is None:
        return f"报表的“{_label(str(failure['column']))}”一列写法不对，请重新统计。"
    row = frame.row(index, named=True)
    where = place_of(row, labels)
    if rule is not None:
        return f"{where}：{rule.sentence.format(**row)}，请核对台账与统计行。"
    if failure["check"] == UNIQUENESS:
        return f"{where}：报表中有两行，请重新统计。"
    column = str(failure["column"])
    return f"{where}：{_label(column)}为{row[column]}，应为不小于零的整数，请核对台账与统计行。"


def _label(name: str) -> str:
    return MEASURES[name].label if name in MEASURES else CELL_LABELS.get(name, name)


def place_of(row: Mapping[str, Any], labels: Mapping[str, str] = NO_LABELS) -> str:
    """一格的说法：镇街、社区，括号里是类型与类别。"""
    kind, category = (labels.get(row[name], row[name]) for name in ("kind", "category"))
    return f"{row['town']}{row['community']}（{kind}，{category}）"


def check_sums(frame: pl.DataFrame, totals: Mapping[str, int]) -> tuple[str, ...]:
    """各行之和须等于合计（都未舍入），不等的逐个说明。"""
    found = []
    for name, total in totals.items():
        parts = int(frame[name].sum())
        if parts != total:
            unit = UNITS[MEASURES[name].unit]
            label = MEASURES[name].label
            found.append(f"{label}各行之和{parts}{unit}，不等于合计{total}{unit}，请重新统计。")
    return tuple(found)


def check_months(parts: Sequence[pl.DataFrame], whole: pl.DataFrame) -> tuple[str, ...]:
    """相连各期与其全期：可加的各数之和相等，上一期的期末即下一期的期初，逐格对照。

    Args:
        parts: 由先到后相连的各期，合起来恰为全期。
        whole: 全期。
    """
    summed = pl.concat(parts).group_by(CELL).agg(pl.col(ADDITIVE).sum())
    wanted = whole.select(*CELL, *ADDITIVE)
    found = list(_unlike(summed, wanted, {name: name for name in ADDITIVE}, "各期之和"))
    carried = {"closing": "opening"}
    for before, after in pairwise(parts):
        found.extend(_unlike(before, after, carried, "上一期"))
    return tuple(found)


def _unlike(
    one: pl.DataFrame, other: pl.DataFrame, pairs: Mapping[str, str], said: str
) -> Iterator[str]:
    """两表同一格的两数不等的，逐处一句；一表没有的格，数为零。"""
    joined = one.join(other, on=CELL, how="full", suffix="_other", coalesce=True).fill_null(0)
    for left, right in pairs.items():
        column = f"{right}_other" if right in one.columns else right
        for row in joined.filter(pl.col(left) != pl.col(column)).sort(CELL).rows(named=True):
            yield (
                f"{place_of(row)}：{said}的{MEASURES[left].label}为{row[left]}，"
                f"与{MEASURES[right].label}{row[column]}不符，请重新统计。"
            )
