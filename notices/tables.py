"""报表: a table as a value, the same for paper, for the editable document and for the workbook.

Amounts are whole 分 and rates whole hundredths of a per cent; words are made of them only where a
table is printed. Nothing is rounded before it is added up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, Literal

from notices.dates import day
from notices.money import percentage, ten_thousand, yuan

ColumnKind = Literal["text", "count", "money_yuan", "money_wan", "percent", "date"]
Value = str | int | date | None
Row = tuple[Value, ...]

EMPTY: Final = "/"
TOTAL: Final = "合计"
ALL_OF_IT: Final = 10_000
AMOUNTS: Final = frozenset({"count", "money_yuan", "money_wan"})
MONEY: Final = frozenset({"money_yuan", "money_wan"})
WRITTEN: Final[Mapping[ColumnKind, Callable[[int], str]]] = {
    "money_yuan": yuan,
    "money_wan": ten_thousand,
    "percent": lambda hundredths: percentage(hundredths, ALL_OF_IT),
}


class CrookedTableError(ValueError):
    """报表不齐: rows and columns of a table do not fit; the sentence names where."""


@dataclass(frozen=True, slots=True)
class Column:
    """栏目: what stands in one column; `group` is the head above neighbours that share it.

    `width` is what the column needs in characters, where words should not decide; `additive` is
    false where the total is not the sum of the rows (a count of distinct things).
    """

    key: str
    label: str
    kind: ColumnKind = "text"
    group: str | None = None
    width: int | None = None
    additive: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """表头表尾的一项: a name and what is filled in; blank is left for a pen (审核人：　　)."""

    label: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """栏头的一格: its words, how many columns and how many of the two head lines it takes."""

    text: str
    columns: int = 1
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """报表: caption, heads, columns, rows, total and feet; None is printed as “/”.

    Money is int 分, a percent is int in hundredths of a per cent (9667 is 96.67%). `total` stands
    in the last line under the same columns.

    Raises:
        CrookedTableError: a row or the total does not have one fitting value for every column.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    unit_note: str | None = None
    heads: tuple[Entry, ...] = ()
    feet: tuple[Entry, ...] = ()
    landscape: bool = False
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        if not keys or len(set(keys)) < len(keys):
            raise CrookedTableError(f"《{self.caption}》没有栏目，或者有两栏用同一名称，请核对。")
        for number, row in enumerate(self.rows, start=1):
            _check(self, row, f"第{number}行")
        if self.total is not None:
            _check(self, self.total, TOTAL)

    @property
    def grouped(self) -> bool:
        """两层栏头：whether any column stands under a group."""
        return any(column.group for column in self.columns)

    def column(self, key: str) -> Sequence[Value]:
        """一栏的各值：without the total; raises KeyError for a column the table does not have."""
        for place, column in enumerate(self.columns):
            if column.key == key:
                return [row[place] for row in self.rows]
        raise KeyError(key)


def _check(table: Table, row: Row, where: str) -> None:
    if len(row) != len(table.columns):
        raise CrookedTableError(
            f"《{table.caption}》{where}有{len(row)}个值，栏目却有{len(table.columns)}个，请核对。"
        )
    for column, value in zip(table.columns, row, strict=True):
        # The first word of a total line may stand in any column.
        if value is not None and not _fits(column, value) and not (where == TOTAL and value == ""):
            raise CrookedTableError(
                f"《{table.caption}》{where}“{column.label}”的值“{value}”与栏目类型不符，请核对。"
            )


def _fits(column: Column, value: Value) -> bool:
    if column.kind == "text":
        return isinstance(value, str)
    if column.kind == "date":
        return isinstance(value, date)
    return isinstance(value, int) and not isinstance(value, bool)


def printed(column: Column, value: Value) -> str:
    """写出一格：the words of a value as its column writes them; None and blank words as “/”.

    元 with separators and two decimals, 万元 with at most four decimals, rates with two.
    """
    if value is None or value == "":
        return EMPTY
    if isinstance(value, date):
        return day(value)
    if isinstance(value, str):
        return value
    return WRITTEN.get(column.kind, str)(value)


def head_lines(columns: Sequence[Column]) -> tuple[tuple[Head, ...], ...]:
    """栏头：one line, or two where columns are grouped; a column without a group takes both."""
    if not any(column.group for column in columns):
        return (tuple(Head(column.label) for column in columns),)
    upper: list[Head] = []
    lower: list[Head] = []
    for group, members in groupby(columns, lambda column: column.group):
        found = list(members)
        if group is None:
            upper.extend(Head(column.label, lines=2) for column in found)
        else:
            upper.append(Head(group, columns=len(found)))
            lower.extend(Head(column.label) for column in found)
    return tuple(upper), tuple(lower)


def sums(table: Table) -> Row:
    """合计行：the sum of every additive column in whole 分 or pieces; None where none is formed.

    The first column that is words says 合计.
    """
    cells: list[Value] = []
    for place, column in enumerate(table.columns):
        if column.kind in AMOUNTS and column.additive:
            cells.append(sum(value for row in table.rows if isinstance(value := row[place], int)))
        elif column.kind == "text" and TOTAL not in cells:
            cells.append(TOTAL)
        else:
            cells.append(None)
    return tuple(cells)


def unbalanced(table: Table) -> tuple[str, ...]:
    """分项与合计不符：a sentence for every column whose rows do not add up to its total (A42)."""
    if table.total is None:
        return ()
    wrong = []
    for column, given, added in zip(table.columns, table.total, sums(table), strict=True):
        if column.kind in AMOUNTS and column.additive and given is not None and given != added:
            wrong.append(
                f"《{table.caption}》“{column.label}”各行相加为{printed(column, added)}，"
                f"合计却写{printed(column, given)}，请核对。"
            )
    return tuple(wrong)
