"""认表：按同义写法认出文件中的表、表头、列与金额单位；认不出的不悄悄丢掉，各成一个问题。"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from schemas.cells import Raw, plain, shown, text
from schemas.layout import Column, Layout, Sheet, load_layout
from schemas.reading import Grid
from schemas.rows import Finding

FORM_SHEET: Final = "form.sheet"
FORM_HEADER: Final = "form.header"
FORM_COLUMN: Final = "form.column"
FORM_UNIT: Final = "form.unit"

_HEADER_WITHIN_ROWS = 20
_FEWEST_COLUMNS = 2
_UNIT_IN_TITLE = re.compile(r"单位\s*[:：]?\s*(?:人民币)?\s*(万元|元)")


@dataclass(frozen=True, slots=True)
class Table:
    """从文件认出的一张表：原表名、表头行号、各行行号、各格原值、列的位置、金额列的单位。

    列的位置自0起；缺少的列与单位不明的金额列不在 `cells` 之中。
    """

    sheet: Sheet
    name: str
    header_row: int
    rows: tuple[int, ...]
    cells: Mapping[str, tuple[Raw, ...]]
    positions: Mapping[str, int]
    units: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """表头在哪张表的哪一行，其下有哪些数据行。"""

    grid: Grid
    header: int
    rows: tuple[int, ...]

    def filled(self, at: int) -> bool:
        """某列在数据行里有内容。"""
        return any(_cell(self.grid, row, at) is not None for row in self.rows)


def find_tables(
    grids: tuple[Grid, ...], layout: Layout | None = None
) -> tuple[dict[str, Table], list[Finding]]:
    """认出各表；认不出的表、缺少或重复的列、没有写明的单位各成一个问题。

    `layout` 为当地的样式，不给则用通用的。
    """
    layout = layout or load_layout()
    tables: dict[str, Table] = {}
    findings: list[Finding] = []
    for grid in grids:
        sheet = sheet_of(layout, grid.name)
        if sheet is None:
            findings.extend(_unknown_sheet(layout, grid))
        elif sheet.key in tables:
            sentence = f"「{sheet.title}」出现了两次，请合并为一张表。"
            findings.append(Finding(shown(grid.name), 0, "", "", FORM_SHEET, sentence))
        elif grid.rows:
            table, problems = _table(layout, sheet, grid)
            findings.extend(problems)
            if table is not None:
                tables[sheet.key] = table
    if not tables and not findings:
        sentence = "文件里没有内容，请按样表填写后再上传。"
        findings.append(Finding("", 0, "", "", FORM_SHEET, sentence))
    return tables, findings


def sheet_of(layout: Layout, name: str) -> Sheet | None:
    """按表名认表。"""
    for sheet in layout.sheets.values():
        if plain(name) in map(plain, (sheet.title, *sheet.also)):
            return sheet
    return None


def _unknown_sheet(layout: Layout, grid: Grid) -> Iterator[Finding]:
    if grid.rows and plain(grid.name) not in layout.ignored_sheets:
        known = "、".join(sheet.title for sheet in layout.sheets.values())
        name = shown(grid.name)
        sentence = f"工作表「{name}」认不出，没有读取；请改名为{known}之一，或删去。"
        yield Finding(name, 0, "", "", FORM_SHEET, sentence)


def _table(layout: Layout, sheet: Sheet, grid: Grid) -> tuple[Table | None, list[Finding]]:
    header = _header_row(sheet, grid)
    if header is None:
        titles = "、".join(column.title for column in sheet.columns.values() if column.required)
        sentence = f"「{sheet.title}」找不到表头，请在一行内写明列名：{titles}。"
        return None, [Finding(shown(grid.name), 0, "", "", FORM_HEADER, sentence)]
    rows = tuple(_data_rows(layout, grid, header))
    positions, findings = _positions(layout, sheet, Place(grid, header, rows))
    units = dict(_units(sheet, grid, header, positions))
    cells: dict[str, tuple[Raw, ...]] = {}
    for field, at in positions.items():
        column = sheet.columns[field]
        values = _cells(column, grid, rows, at)
        if column.reads == "money" and field not in units and _needs_unit(values):
            findings.append(_no_unit(grid, header, column))
        else:
            cells[field] = values
    return Table(sheet, grid.name, header, rows, cells, positions, units), findings


def _names(sheet: Sheet) -> dict[str, str]:
    return {
        plain(_without_unit(name)): column.field
        for column in sheet.columns.values()
        for name in (*column.also, column.title)
    }


def _without_unit(header: str) -> str:
    bare = plain(header)
    return re.sub(r"[/:]?(单位:?)?(万元|元)$", "", bare) or bare


def _header_row(sheet: Sheet, grid: Grid) -> int | None:
    names = _names(sheet)
    best, most = None, _FEWEST_COLUMNS - 1
    for row in sorted(grid.rows)[:_HEADER_WITHIN_ROWS]:
        found = {names.get(_header(cell)) for cell in grid.rows[row]} - {None}
        if len(found) > most:
            best, most = row, len(found)
    return best


def _header(cell: Raw) -> str:
    return _without_unit(text(cell) or "")


def _positions(layout: Layout, sheet: Sheet, place: Place) -> tuple[dict[str, int], list[Finding]]:
    """字段到列号；缺少的必填列、重复的列、认不出而有内容的列各成一个问题。"""
    names = _names(sheet)
    positions: dict[str, int] = {}
    problems: list[tuple[str, str, str]] = []
    for at, cell in enumerate(place.grid.rows[place.header]):
        written = shown(cell)
        field = names.get(_header(cell))
        if field is not None and field in positions:
            title = sheet.columns[field].title
            problems.append((title, written, f"列「{title}」出现了两次，请只留一列。"))
        elif field is not None:
            positions[field] = at
        elif plain(written) not in layout.ignored_columns and place.filled(at):
            label = written or f"第{at + 1}列"
            unknown = f"列「{label}」认不出，没有读取；请改用样表的列名，或删去。"
            problems.append((label, written, unknown))
    for column in sheet.columns.values():
        if column.required and column.field not in positions:
            missing = f"缺少列「{column.title}」，请补上这一列。"
            problems.append((column.title, "", missing))
    return positions, [
        Finding(shown(place.grid.name), place.header, column, value, FORM_COLUMN, sentence)
        for column, value, sentence in problems
    ]


def _data_rows(layout: Layout, grid: Grid, header: int) -> Iterator[int]:
    """表头之下的各行，不计空行、合计行与表尾的说明。"""
    for row in sorted(grid.rows):
        first = next((text(cell) for cell in grid.rows[row] if text(cell)), None)
        if row > header and first is not None and not first.startswith(layout.footers):
            yield row


def _cells(column: Column, grid: Grid, rows: tuple[int, ...], at: int) -> tuple[Raw, ...]:
    cells = {row: _cell(grid, row, at) for row in rows}
    if column.merged:
        for first, left, last, right in grid.merged:
            if left == right == at:
                filled = {row: _cell(grid, first + 1, at) for row in range(first + 1, last + 2)}
                cells |= {row: cell for row, cell in filled.items() if row in cells}
    return tuple(cells.values())


def _cell(grid: Grid, row: int, at: int) -> Raw:
    cells = grid.rows.get(row, ())
    return cells[at] if at < len(cells) else None


def _units(
    sheet: Sheet, grid: Grid, header: int, positions: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    """金额列的单位：先看列名，再看表头之上的“单位：万元”。"""
    above = " ".join(
        text(cell) or "" for row in grid.rows if row < header for cell in grid.rows[row]
    )
    in_title = _UNIT_IN_TITLE.search(above)
    for field, at in positions.items():
        if sheet.columns[field].reads == "money":
            written = text(_cell(grid, header, at)) or ""
            if "元" in written:
                yield field, "万元" if "万元" in written else "元"
            elif in_title is not None:
                yield field, in_title[1]


def _needs_unit(values: tuple[Raw, ...]) -> bool:
    return any(value is not None and "元" not in (text(value) or "") for value in values)


def _no_unit(grid: Grid, header: int, column: Column) -> Finding:
    sentence = (
        f"列「{column.title}」没有写明单位；"
        f"请把列名写成「{column.title}（元）」或「{column.title}（万元）」。"
    )
    return Finding(shown(grid.name), header, column.title, "", FORM_UNIT, sentence)
