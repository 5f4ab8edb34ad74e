"""图表: charts of a report, each with its table; a chart is drawn from the table beside it.

The figures are those of the report tables. A page that cannot show a chart, and a reader who
cannot see it, lose nothing: the table has every number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from notices.drawing import Series, bars, sentence, steps
from notices.forms import TEN_THOUSANDS, Breakdown, Form, measured
from notices.measures import (
    ON_TIME_RATE,
    PAID_RATE,
    SATISFIED_RATE,
    Figures,
    Measure,
    gathered,
    rate,
)
from notices.money import Rounding
from notices.tables import ALL_OF_IT, Column, Table, Value, printed

NO_DATA: Final = "没有可以绘图的数据。"
STEPS: Final = {
    "collected": "征集",
    "determined": "确定",
    "implementing": "实施",
    "completed": "完成",
}
FUNNEL: Final = (
    Column("step", "阶段"),
    Column("count", "数量", "count", additive=False),
    Column("of_first", "占征集", "percent"),
    Column("of_previous", "占上一阶段", "percent"),
)


@dataclass(frozen=True, slots=True)
class Chart:
    """图与表: the picture as SVG text, and the table with the same numbers.

    Without `shows` there was nothing to draw, and the picture is a sentence that says so.
    """

    svg: str
    table: Table
    shows: bool = True


def funnel(figures: Sequence[Figures], form: Form, rounding: Rounding) -> Chart:
    """进展漏斗：征集、确定、实施、完成 since the year began, each a part of the last."""
    found = next(iter(gathered(figures, ())), {})
    counts = [int(found.get(key, 0)) for key in STEPS]
    rows = [
        (label, count, rate(count, counts[0], rounding), rate(count, before, rounding))
        for label, count, before in zip(
            STEPS.values(), counts, (counts[0], *counts[:-1]), strict=True
        )
    ]
    table = form.table("进展情况", FUNNEL, rows)
    if not any(counts):
        return Chart(sentence(table.caption, NO_DATA), table, shows=False)
    words = tuple(
        f"{count}{form.counter}（{printed(FUNNEL[2], share)}）" for _, count, share, _ in rows
    )
    series = Series("数量", tuple(counts), words)
    return Chart(steps(table.caption, list(STEPS.values()), series), table)


def by_town(figures: Sequence[Figures], form: Form, breakdown: Breakdown) -> Chart:
    """各地进展：projects determined and completed, place by place, since the year began."""
    measures = (
        Measure(Column("determined", "确定", "count")),
        Measure(Column("completed", "完成", "count")),
    )
    table = measured(form, "各地进展情况", breakdown, measures, figures)
    return _barred(table, ("determined", "completed"))


def on_time(figures: Sequence[Figures], form: Form, breakdown: Breakdown) -> Chart:
    """按时率：stages finished in time, of all finished in the period that had a time limit."""
    measures = (
        Measure(Column("finished_on_time", "按时", "count")),
        Measure(Column("finished_late", "逾期", "count")),
        ON_TIME_RATE,
    )
    table = measured(form, "环节按时办理情况", breakdown, measures, figures)
    return _barred(table, (ON_TIME_RATE.column.key,), end=ALL_OF_IT)


def funds_used(figures: Sequence[Figures], form: Form, breakdown: Breakdown) -> Chart:
    """资金使用：what is paid beside the budget, in 万元, since the year began."""
    measures = (
        Measure(Column("budget_fen", "预算", "money_wan")),
        Measure(Column("paid_fen", "已付", "money_wan")),
        PAID_RATE,
    )
    table = measured(form, "资金使用情况", breakdown, measures, figures, TEN_THOUSANDS)
    return _barred(table, ("budget_fen", "paid_fen"))


def satisfaction(figures: Sequence[Figures], form: Form, breakdown: Breakdown) -> Chart:
    """满意率：satisfied answers of all answers in the period."""
    measures = (
        Measure(Column("samples", "测评", "count")),
        Measure(Column("satisfied", "满意", "count")),
        SATISFIED_RATE,
    )
    table = measured(form, "满意度测评情况", breakdown, measures, figures)
    return _barred(table, (SATISFIED_RATE.column.key,), end=ALL_OF_IT)


def _barred(table: Table, keys: Sequence[str], *, end: int | None = None) -> Chart:
    """按表绘图：the columns of these keys, and nothing that does not stand in the table."""
    title = f"{table.caption}（{table.unit_note}）" if table.unit_note else table.caption
    series = [_series(table, key) for key in keys]
    # A rate of nothing is missing, a rate of 0% is not.
    shown = [value for each in series for value in each.values if value is not None]
    if not (shown if end else any(shown)):
        return Chart(sentence(title, NO_DATA), table, shows=False)
    return Chart(bars(title, _names(table), series, end=end), table)


def _series(table: Table, key: str) -> Series:
    column = next(column for column in table.columns if column.key == key)
    values: Sequence[Value] = table.column(key)
    whole = tuple(value if isinstance(value, int) else None for value in values)
    return Series(column.label, whole, tuple(printed(column, value) for value in values))


def _names(table: Table) -> list[str]:
    """各行名称：the words between the number of the line and its first measure."""
    named = [at for at, column in enumerate(table.columns) if column.kind == "text"][1:]
    return ["".join(str(row[at] or "") for at in named) for row in table.rows]
