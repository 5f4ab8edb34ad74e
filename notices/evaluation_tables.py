"""评价表: every completed project of a period with what it cost and what residents said."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from notices.forms import YUAN, Form
from notices.measures import rate
from notices.money import Rounding
from notices.tables import Column, Row, Table

EVALUATED: Final = (
    Column("project", "项目名称", width=16),
    Column("community", "社区", width=8),
    Column("category", "项目类别", width=8),
    Column("completed_on", "完成日期", "date"),
    Column("audited_fen", "审定金额", "money_yuan"),
    Column("samples", "测评人数", "count"),
    Column("satisfied", "满意人数", "count"),
    Column("rate", "满意率", "percent"),
    Column("opinion", "评价意见", width=16),
)


def evaluation_table(lines: Iterable[Mapping[str, Any]], form: Form, rounding: Rounding) -> Table:
    """项目评价表：one line a project; the opinion is left for the meeting to write.

    A line has project, community, category, completed_on (date), audited_fen (分), samples and
    satisfied (people); what is not known is None.
    """
    rows = [_row(line, rounding) for line in lines]
    return form.table("项目评价表", EVALUATED, rows, unit_note=YUAN)


def _row(line: Mapping[str, Any], rounding: Rounding) -> Row:
    samples, satisfied = line.get("samples"), line.get("satisfied")
    share = rate(satisfied, samples, rounding) if samples and satisfied is not None else None
    known = tuple(line.get(column.key) for column in EVALUATED[:-2])
    return (*known, share, line.get("opinion"))
