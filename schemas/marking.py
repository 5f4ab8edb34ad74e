"""退回的工作簿：原值照抄，有问题的格涂色加批注，另附「问题清单」；任何文字都不会成为公式。"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from schemas.cells import Raw, shown
from schemas.layout import Layout, Sheet
from schemas.reading import Grid, read_grids
from schemas.rows import Finding
from schemas.tables import find_tables

LIST_SHEET: Final = "问题清单"
LIST_HEADERS: Final = ("工作表", "行", "列", "原值", "规则", "问题与改法")

_LOOKS_LIKE_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_RED = "#FFC7CE"
_EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001  (a fixed stamp, so that equal input gives equal bytes)
_LONGEST_COMMENT = 1000
_LONGEST_NAME = 31
_FIRST_YEAR_WRITTEN = 1900
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\]")

Cell = tuple[int, int]


def write_marked_workbook(
    path_in: Path, findings: Sequence[Finding], path_out: Path, layout: Layout | None = None
) -> None:
    """写出标好问题的副本；没有具体格子的问题只列在「问题清单」；`layout` 为当地的样式。

    Raises:
        RefusedWorkbookError: 原文件不能安全读取。
    """
    grids = [grid for grid in read_grids(path_in) if grid.name != LIST_SHEET]
    tables, _ = find_tables(tuple(grids), layout)
    positions = {table.name: (table.sheet, table.positions) for table in tables.values()}
    with xlsxwriter.Workbook(path_out, {"strings_to_formulas": False}) as workbook:
        workbook.set_properties({"created": _EPOCH})
        formats = Formats(workbook)
        _write_list(workbook.add_worksheet(LIST_SHEET), findings, formats)
        for grid in grids:
            marks = _marks(grid, findings, positions.get(grid.name))
            worksheet = workbook.add_worksheet(_free_name(grid.name, workbook))
            _write_grid(worksheet, grid, marks, formats)


def _free_name(name: str, workbook: Workbook) -> str:
    """电子表格容得下的表名：没有禁用字符，不超过31字，不与已有的重名。"""
    taken = {worksheet.get_name().lower() for worksheet in workbook.worksheets()}
    allowed = _FORBIDDEN_IN_NAMES.sub("_", name)[:_LONGEST_NAME].strip("'") or "_"
    while allowed.lower() in taken:
        allowed = f"{allowed[: _LONGEST_NAME - 1]}_" if len(allowed) < _LONGEST_NAME else "_"
    return allowed


class Formats:
    """单元格样式：是否涂色、是否日期、是否须防公式。"""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[bool, bool, bool], Format] = {}

    def of(self, cell: Raw, *, marked: bool = False) -> Format:
        """某格应有的样式。"""
        dated = isinstance(cell, date)
        quoted = isinstance(cell, str) and cell.startswith(_LOOKS_LIKE_FORMULA)
        key = (marked, dated, quoted)
        if key not in self._made:
            style: dict[str, object] = {"quote_prefix": quoted}
            style |= {"num_format": "yyyy-mm-dd"} if dated else {}
            style |= {"bg_color": _RED} if marked else {}
            self._made[key] = self._workbook.add_format(style)
        return self._made[key]


def _marks(
    grid: Grid, findings: Sequence[Finding], found: tuple[Sheet, Mapping[str, int]] | None
) -> dict[Cell, list[str]]:
    """有问题的格到各条说明；列不明的标在该行首格。"""
    marks: dict[Cell, list[str]] = defaultdict(list)
    columns = {}
    if found is not None:
        sheet, at = found
        columns = {sheet.columns[field].title: position for field, position in at.items()}
    for finding in findings:
        if finding.sheet == shown(grid.name) and finding.row:
            column = columns.get(finding.column)
            if column is None:
                column = _written_at(grid, finding)
            marks[finding.row, column].append(finding.sentence)
    return marks


def _written_at(grid: Grid, finding: Finding) -> int:
    cells = [shown(cell) for cell in grid.rows.get(finding.row, ())]
    return cells.index(finding.value) if finding.value in cells else 0


def _write_grid(
    worksheet: Worksheet, grid: Grid, marks: Mapping[Cell, list[str]], formats: Formats
) -> None:
    for row, cells in grid.rows.items():
        for column, cell in enumerate(cells):
            if cell is not None and (row, column) not in marks:
                _write(worksheet, (row, column), cell, formats.of(cell))
    for (row, column), sentences in marks.items():
        cells = grid.rows.get(row, ())
        cell = cells[column] if column < len(cells) else None
        _write(worksheet, (row, column), cell, formats.of(cell, marked=True))
        worksheet.write_comment(row - 1, column, "\n".join(sentences)[:_LONGEST_COMMENT])


def _write(worksheet: Worksheet, place: Cell, cell: Raw, style: Format) -> None:
    """按原来的类型写一格；文字一律写成文字。"""
    row, column = place[0] - 1, place[1]
    match cell:
        case None:
            worksheet.write_blank(row, column, None, style)
        case bool():
            worksheet.write_boolean(row, column, cell, style)
        case Decimal():
            worksheet.write_number(row, column, cell, style)
        case date() if cell.year >= _FIRST_YEAR_WRITTEN:
            worksheet.write_datetime(row, column, cell, style)
        case date():
            worksheet.write_string(row, column, cell.isoformat(), style)
        case _:
            worksheet.write_string(row, column, cell, style)


def _write_list(worksheet: Worksheet, findings: Sequence[Finding], formats: Formats) -> None:
    rows = [(f.sheet, str(f.row or ""), f.column, f.value, f.rule, f.sentence) for f in findings]
    for row, cells in enumerate([LIST_HEADERS, *rows], start=1):
        for column, cell in enumerate(cells):
            _write(worksheet, (row, column), cell, formats.of(cell))
    worksheet.set_column(0, 4, 16)
    worksheet.set_column(5, 5, 80)
