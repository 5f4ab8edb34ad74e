"""报表种类: the tables of the monthly, the quarterly and the annual report.

Figures come as plain lines, already counted: names of the place, the kind and the category, whole
pieces and whole 分.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from notices.forms import TEN_THOUSANDS, Breakdown, Form, measured, spaced
from notices.measures import (
    COMPLETED_RATE,
    ON_TIME_RATE,
    PAID_RATE,
    SATISFIED_RATE,
    Figures,
    Measure,
)
from notices.tables import Column, Table, Value

YEAR_TO_DATE: Final = "本年累计"


def _counts(group: str | None, labels: Mapping[str, str]) -> tuple[Measure, ...]:
    return tuple(Measure(Column(key, label, "count", group)) for key, label in labels.items())


def _amounts(group: str, labels: Mapping[str, str]) -> tuple[Measure, ...]:
    return tuple(Measure(Column(key, label, "money_wan", group)) for key, label in labels.items())


FLOW: Final = _counts(
    "在办",
    {
        "opening": "期初",
        "new": "新收",
        "done": "办结",
        "withdrawn": "退出",
        "closing": "期末",
    },
)
FUNNEL: Final = (
    *_counts(
        YEAR_TO_DATE,
        {
            "collected": "征集",
            "determined": "确定",
            "implementing": "实施",
            "completed": "完成",
        },
    ),
    COMPLETED_RATE.under(YEAR_TO_DATE),
)
STEPS: Final[Mapping[str, str]] = {
    "determined_new": "确定",
    "started_new": "开工",
    "completed_new": "完成",
    "audited_new": "审计",
    "archived_new": "归档",
}
TIMELINESS: Final = (
    *_counts("环节办理", {"finished_on_time": "按时", "finished_late": "逾期"}),
    ON_TIME_RATE.under("环节办理"),
    *_counts(None, {"overdue": "超期未办"}),
)
FUNDS: Final = (
    *_amounts(
        YEAR_TO_DATE,
        {
            "budget_fen": "预算",
            "contract_fen": "合同",
            "audited_fen": "审定",
            "paid_fen": "已付",
        },
    ),
    PAID_RATE.under(YEAR_TO_DATE),
)
NEW_FUNDS: Final[Mapping[str, str]] = {
    "contract_new_fen": "合同",
    "audited_new_fen": "审定",
    "paid_new_fen": "支付",
}
OTHER_FUNDS: Final = Measure(Column("other_fen", "其他资金", "money_wan"))
SATISFACTION: Final = (
    *_counts("满意度", {"samples": "测评", "satisfied": "满意"}),
    SATISFIED_RATE.under("满意度"),
)


def monthly_report(
    figures: Sequence[Figures], form: Form, breakdown: Breakdown
) -> tuple[Table, ...]:
    """月报：the implementation of projects and the use of funds."""
    return implementation_table(figures, form, breakdown), funds_table(figures, form, breakdown)


def quarterly_report(
    figures: Sequence[Figures], form: Form, breakdown: Breakdown
) -> tuple[Table, ...]:
    """季报：implementation and funds as in the monthly report, and what residents said."""
    return (
        *monthly_report(figures, form, breakdown),
        satisfaction_table(figures, form, breakdown),
    )


def annual_report(
    figures: Sequence[Figures], form: Form, breakdowns: Iterable[Breakdown]
) -> tuple[Table, ...]:
    """年报：the year under every breakdown given (by place, by kind, by category).

    The period of the report is the year itself, so that nothing stands in it twice.
    """
    return tuple(
        table(figures, form, given)
        for given in breakdowns
        for table in (annual_implementation_table, annual_funds_table)
    )


def annual_implementation_table(
    figures: Sequence[Figures], form: Form, breakdown: Breakdown
) -> Table:
    """年度实施情况表：under way, how far, in time and to whose satisfaction, by one breakdown."""
    measures = (*FLOW, *FUNNEL, *TIMELINESS, *SATISFACTION)
    return measured(form, f"实施情况表{_by(breakdown)}", breakdown, measures, figures)


def annual_funds_table(figures: Sequence[Figures], form: Form, breakdown: Breakdown) -> Table:
    """年度资金使用情况表：the year's money in 万元, by one breakdown."""
    measures = (*FUNDS, OTHER_FUNDS)
    name = f"资金使用情况表{_by(breakdown)}"
    return measured(form, name, breakdown, measures, figures, TEN_THOUSANDS)


def _by(breakdown: Breakdown) -> str:
    return f"（按{'、'.join(breakdown.by.values())}）"


def implementation_table(figures: Sequence[Figures], form: Form, breakdown: Breakdown) -> Table:
    """实施情况表：cases under way, the year's funnel, the steps of the period, timeliness."""
    measures = (*FLOW, *FUNNEL, *_counts(form.period, STEPS), *TIMELINESS)
    return measured(form, "实施情况表", breakdown, measures, figures)


def funds_table(figures: Sequence[Figures], form: Form, breakdown: Breakdown) -> Table:
    """资金使用情况表：the year to date and the period in 万元; donations and the like apart."""
    measures = (*FUNDS, *_amounts(form.period, NEW_FUNDS), OTHER_FUNDS)
    return measured(form, "资金使用情况表", breakdown, measures, figures, TEN_THOUSANDS)


def satisfaction_table(figures: Sequence[Figures], form: Form, breakdown: Breakdown) -> Table:
    """满意度测评情况表：how many were asked in the period, and how many are satisfied."""
    return measured(form, "满意度测评情况表", breakdown, SATISFACTION, figures)


PROGRESS: Final = (
    Column("project", "项目", width=14),
    Column("target", "年度目标", width=14),
    Column("progress", "目前进度", width=14),
    Column("next_step", "下一步工作措施", width=14),
    Column("problem", "存在问题", width=12),
    Column("leader", "责任领导", width=6),
    Column("departments", "牵头部门", width=8),
)
QUARTERLY_WORK: Final = (
    Column("work", "重点工作", width=14),
    Column("leader", "责任领导", width=6),
    Column("departments", "责任科室", width=8),
    Column("target", "攻坚目标", width=16),
    Column("plan", "本季安排", width=16),
    Column("completion", "完成情况", width=16),
)


def progress_table(lines: Iterable[Mapping[str, Any]], form: Form) -> Table:
    """项目进度表：one line a project, as a town's office writes it; blanks are “/”."""
    return _written(lines, form, "项目进度表", PROGRESS)


def quarterly_work_table(lines: Iterable[Mapping[str, Any]], form: Form) -> Table:
    """重点工作推进表：one line a task, with its target, the quarter's plan and what was done."""
    return _written(lines, form, "重点工作推进表", QUARTERLY_WORK)


def _written(
    lines: Iterable[Mapping[str, Any]], form: Form, name: str, columns: Sequence[Column]
) -> Table:
    rows = (tuple(_words(column.key, line.get(column.key)) for column in columns) for line in lines)
    return form.table(name, columns, rows)


def _words(key: str, given: Any) -> Value:
    """文字一格：several offices are joined by 、, a name of two characters is set apart."""
    if given is None or isinstance(given, str):
        return spaced(given) if given and key == "leader" else given
    return "、".join(given)
