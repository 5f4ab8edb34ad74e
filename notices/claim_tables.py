"""资金表种类: the tables that go with a claim, with the division of funds and with a correction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal

from notices.forms import TEN_THOUSANDS, YUAN, Form
from notices.tables import AMOUNTS, Column, ColumnKind, Row, Table, printed

Line = Mapping[str, Any]

CLAIMED: Final = (
    Column("community", "社区（村）"),
    Column("project", "项目"),
    Column("audited_fen", "审定金额", "money_yuan"),
    Column("fiscal_fen", "其中财政资金", "money_yuan"),
    Column("town_match_fen", "已到位配套资金", "money_yuan"),
    Column("city_share_fen", "申请资金", "money_yuan"),
)
LACKING: Final = (
    Column("community", "社区（村）"),
    Column("project", "项目"),
    Column("audited_fen", "审定金额", "money_yuan"),
    Column("lacks", "尚未满足的条件", width=20),
)
CORRECTED: Final = (
    Column("place", "单位"),
    Column("item", "指标"),
    Column("old", "原报数"),
    Column("new", "更正后"),
    Column("difference", "增减"),
    Column("cause", "更正原因", width=18),
)


def claim_list(lines: Iterable[Line], form: Form) -> Table:
    """申请认定项目清单：the projects that lack nothing, with what is claimed for each, in 元."""
    claimed = [line for line in lines if not line["lacks"]]
    return _listed(form, "申请认定项目清单", CLAIMED, claimed, YUAN)


def claim_lacks(lines: Iterable[Line], form: Form) -> Table:
    """暂不申请认定项目清单：every other project, with what it lacks."""
    waiting = [{**line, "lacks": "；".join(line["lacks"])} for line in lines if line["lacks"]]
    return _listed(form, "暂不申请认定项目清单", LACKING, waiting, YUAN)


def allocation_table(
    lines: Iterable[Line], form: Form, unit: Literal["money_yuan", "money_wan"]
) -> Table:
    """资金分配表：what each place has to bear, has been given, and is given now; the total last."""
    columns = (
        Column("town", "镇街"),
        Column("project", "社区/项目"),
        Column("due_fen", "应承担", unit),
        Column("paid_fen", "已拨", unit),
        Column("allocated_fen", "本次下达", unit),
        Column("remark", "备注", width=10),
    )
    note = TEN_THOUSANDS if unit == "money_wan" else YUAN
    return _listed(form, "资金分配表", columns, list(lines), note)


def correction_table(lines: Iterable[Line], form: Form) -> Table:
    """更正表：every figure that is no longer what was sent, both values, and the cause.

    A line names its place, item, kind of column, old and new value, and cause.
    """
    return form.table("更正表", CORRECTED, (_corrected(line) for line in lines))


def _corrected(line: Line) -> Row:
    kind: ColumnKind = line["kind"]
    column = Column("value", line["item"], kind)
    old, new = line["old"], line["new"]
    difference = None
    if kind in AMOUNTS and old is not None and new is not None:
        difference = f"{'+' if new > old else ''}{printed(column, new - old)}"
    written = (printed(column, old), printed(column, new))
    return (line["place"], line["item"], *written, difference, line["cause"])


def _listed(
    form: Form, name: str, columns: Sequence[Column], lines: Sequence[Line], unit_note: str
) -> Table:
    """清单：one line an entry, amounts added up in 分."""
    rows = (tuple(line.get(column.key) for column in columns) for line in lines)
    total = tuple(
        sum(line[column.key] or 0 for line in lines) if column.kind in AMOUNTS else None
        for column in columns
    )
    return form.table(name, columns, rows, total, unit_note)
