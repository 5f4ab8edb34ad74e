"""年度项目表: the projects of a year one by one, by who determined them, and what went wrong.

Every amount and count of a line is one of the report's own figures, so that these tables add up to
the same totals as those by place and by kind. `place` is what a community is called in the city.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from notices.forms import YUAN, Breakdown, Form, measured
from notices.measures import Figures, Measure
from notices.tables import Column, Table, sums

TIER: Final = {"tier": "确定方式"}
COUNTED: Final = (
    Column("budget_fen", "预算", "money_yuan"),
    Column("audited_fen", "本年审定", "money_yuan"),
    Column("paid_fen", "本年已付", "money_yuan"),
    Column("finished_on_time", "按时环节", "count"),
    Column("finished_late", "逾期环节", "count"),
)
ROSTER: Final = (
    Column("project", "项目名称", width=16),
    Column("community", "社区", width=8),
    Column("kind", "项目类型", width=8),
    Column("tier", "确定方式", width=8),
    *COUNTED,
    Column("standing", "办理情况", width=10),
)
TRANSFERS: Final = (
    Column("community", "社区", width=10),
    Column("base_fen", "调剂前额度", "money_yuan"),
    Column("in_fen", "调入", "money_yuan"),
    Column("out_fen", "调出", "money_yuan"),
    Column("net_fen", "净增减", "money_yuan"),
    Column("after_fen", "调剂后额度", "money_yuan"),
)
OVERDUE: Final = (
    Column("project", "项目名称", width=16),
    Column("community", "社区", width=8),
    Column("stage", "环节", width=10),
    Column("role", "由谁办", width=10),
    Column("since", "逾期之日", "date"),
)
MENDING: Final = (
    Column("project", "项目名称", width=14),
    Column("community", "社区", width=8),
    Column("ordered_on", "提出日期", "date"),
    Column("problem", "发现的问题", width=18),
    Column("mend_by", "整改期限", "date"),
    Column("mended_on", "合格日期", "date"),
)


def roster_table(lines: Iterable[Mapping[str, Any]], form: Form, place: str) -> Table:
    """项目清单：every project of the year with its tier, its money and where it stands."""
    return _listed("项目清单", _at(ROSTER, place), lines, form, YUAN)


def tier_table(lines: Sequence[Figures], form: Form, breakdown: Breakdown) -> Table:
    """分级确定情况表：by the stage that determined them, how many projects and how much money."""
    by = replace(breakdown, by=TIER)
    measures = [Measure(Column("projects", "项目数", "count")), *map(Measure, COUNTED)]
    determined = [line for line in lines if line["tier"]]
    return measured(form, "分级确定情况表", by, measures, determined, YUAN)


def transfer_table(name: str, lines: Iterable[Mapping[str, Any]], form: Form, place: str) -> Table:
    """统筹调剂表：what each place gave and took of a pooled quota; 净增减 adds up to nothing."""
    return _listed(f"{name}统筹调剂表", _at(TRANSFERS, place), lines, form, YUAN)


def overdue_table(lines: Iterable[Mapping[str, Any]], form: Form, place: str) -> Table:
    """超期清单：every stage that was overdue at the cut-off."""
    return _listed("超期清单", _at(OVERDUE, place), lines, form)


def mending_table(lines: Iterable[Mapping[str, Any]], form: Form, place: str) -> Table:
    """整改清单：what an acceptance in the year found wrong, and when it was put right."""
    return _listed("整改清单", _at(MENDING, place), lines, form)


def _at(columns: Sequence[Column], place: str) -> tuple[Column, ...]:
    """The columns with what a community is called there."""
    return tuple(
        replace(column, label=place) if column.key == "community" else column for column in columns
    )


def _listed(
    name: str,
    columns: Sequence[Column],
    lines: Iterable[Mapping[str, Any]],
    form: Form,
    unit_note: str | None = None,
) -> Table:
    """One line each under its columns; amounts and counts added up where there are any."""
    rows = [tuple(line[column.key] for column in columns) for line in lines]
    table = form.table(name, columns, rows, unit_note=unit_note)
    return replace(table, total=sums(table)) if unit_note else table
