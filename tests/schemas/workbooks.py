"""测试用的工作簿：由合成样例得到干净的格子，改几格，再写成 .xlsx。"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter

from rulebooks.reading.loader import load_rulebook
from schemas.choices import choices_of
from schemas.findings import check_workbook
from schemas.layout import load_layout
from schemas.rows import Checked, Choices
from schemas.samples import Rows, sample_rows
from schemas.styling import Style, written

Grids = dict[str, list[list[Any]]]
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@cache
def choices() -> Choices:
    return choices_of(load_rulebook("zhangjiagang", town="杨舍镇"))


@cache
def _rows() -> Rows:
    return sample_rows("zhangjiagang", seed=7, projects=20)


def clean_grids() -> Grids:
    """各表的格子：首行标注，次行列名，其下为数据。"""
    grids = {}
    for key, sheet in load_layout().sheets.items():
        columns = sheet.columns.values()
        header = [c.title + ("（元）" if c.reads == "money" else "") for c in columns]
        body: list[list[Any]] = [
            [written(row.get(column.field), column, Style(), 0) for column in columns]
            for row in _rows()[key]
        ]
        grids[sheet.title] = [["合成数据，非真实"], header, *body]
    return grids


def column_at(grids: Grids, sheet: str, column: str) -> int:
    return [str(title).removesuffix("（元）") for title in grids[sheet][1]].index(column)


def value_at(grids: Grids, sheet: str, row: int, column: str) -> Any:
    return grids[sheet][row - 1][column_at(grids, sheet, column)]


def plant(grids: Grids, sheet: str, row: int, column: str, value: Any) -> None:
    """改一格；`row` 是文件行号。"""
    grids[sheet][row - 1][column_at(grids, sheet, column)] = value


def write(path: Path, grids: Mapping[str, Sequence[Any]]) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as workbook:
        dated = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in grids.items():
            worksheet = workbook.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    _write_cell(worksheet, (row, column), cell, dated)
    return path


def _write_cell(worksheet: Any, place: tuple[int, int], cell: Any, dated: Any) -> None:
    if isinstance(cell, date):
        worksheet.write_datetime(*place, cell, dated)
    elif isinstance(cell, (int, float, Decimal)):
        worksheet.write_number(*place, cell)
    elif cell is not None:
        worksheet.write_string(*place, cell)


def full_width(text: str) -> str:
    """全角写法。"""
    return text.translate(_FULL_WIDTH)


def check(folder: Path, grids: Mapping[str, Sequence[Any]], **known: Any) -> Checked:
    """写成文件再校验。"""
    return check_workbook(write(folder / "a.xlsx", grids), choices(), **known)


def places(checked: Checked) -> set[tuple[str, int, str, str]]:
    """问题所在与规则，供集合比较。"""
    return {(f.sheet, f.row, f.column, f.rule) for f in checked.findings}


CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def raw_workbook(
    path: Path, sheet_data: str, extra: Mapping[str, str] | None = None, name: str = "项目建议"
) -> Path:
    """手写 XML 的工作簿：一张表，外加任意部件。"""
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}">{sheet_data}</worksheet>',
        **(extra or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return path


def _relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )
