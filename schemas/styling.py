"""样例的写法：单位、列名、日期与数字写成各镇街惯用的样子，供入口校验见识。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from schemas.layout import Column, Layout, Sheet, load_layout

_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  (a fixed stamp, so that equal input gives equal bytes)
_SERIAL_ZERO: Final = date(1899, 12, 30)
_FULL_WIDTH: Final = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}
_EXPONENT: Final = {"元": -2, "万元": -6}


@dataclass(frozen=True, slots=True)
class Style:
    """一种写法：金额单位、日期是真日期、文字还是序号、数字是否写成文字、列名的别称。"""

    unit: Literal["元", "万元"] = "元"
    dates: Literal["real", "text", "serial"] = "real"
    numbers: Literal["plain", "text"] = "plain"
    synonyms: Mapping[str, str] = field(default_factory=dict)


def write_styled_workbook(
    path: Path,
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    label: str,
    style: Style,
    layout: Layout | None = None,
) -> None:
    """按某种写法写出一份工作簿；每张表首行为标注，次行为列名；`layout` 为当地的样式。"""
    with xlsxwriter.Workbook(path) as workbook:
        workbook.set_properties({"created": _CREATED, "title": label})
        dated = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for key, sheet in (layout or load_layout()).sheets.items():
            worksheet = workbook.add_worksheet(sheet.title)
            worksheet.write_string(0, 0, f"{sheet.title}（{label}）")
            _write_header(worksheet, sheet, style)
            _write_rows(worksheet, sheet, rows[key], style, dated)


def _write_header(worksheet: Worksheet, sheet: Sheet, style: Style) -> None:
    for at, column in enumerate(sheet.columns.values()):
        title = style.synonyms.get(column.title, column.title)
        unit = f"（{style.unit}）" if column.reads == "money" else ""
        worksheet.write_string(1, at, title + unit)
    worksheet.set_column(0, len(sheet.columns) - 1, 16)


def _write_rows(
    worksheet: Worksheet,
    sheet: Sheet,
    rows: Sequence[Mapping[str, Any]],
    style: Style,
    dated: Format,
) -> None:
    for number, row in enumerate(rows):
        for at, column in enumerate(sheet.columns.values()):
            value = written(row.get(column.field), column, style, number)
            if isinstance(value, date):
                worksheet.write_datetime(number + 2, at, value, dated)
            elif isinstance(value, Decimal):
                worksheet.write_number(number + 2, at, value)
            elif value is not None:
                worksheet.write_string(number + 2, at, value)


def written(value: Any, column: Column, style: Style, number: int) -> str | Decimal | date | None:
    """一个值在某种写法下的样子；`number` 为行次，使各种写法轮流出现。"""
    if value is None:
        return None
    match column.reads:
        case "money":
            shown = _numeral(Decimal(value).scaleb(_EXPONENT[style.unit]), style, number)
        case "count":
            shown = _numeral(Decimal(value), style, number)
        case "day":
            return _day(value, style, number)
        case "yes_or_no":
            shown = "是" if value else "否"
        case reads:
            shown = str(load_layout().choices.get(reads, {}).get(value, value))
    return shown


def _numeral(value: Decimal, style: Style, number: int) -> str | Decimal:
    forms: tuple[str | Decimal, ...] = (value,)
    if style.numbers == "text":
        forms = (f"{value:,f}", f"{value:f}".translate(_FULL_WIDTH), value)
    return forms[number % len(forms)]


def _day(value: date, style: Style, number: int) -> str | Decimal | date:
    if style.dates == "real":
        return value
    if style.dates == "serial":
        return Decimal((value - _SERIAL_ZERO).days)
    year, month, day = value.year, value.month, value.day
    forms = (
        f"{year}-{month}-{day}",
        f"{year}年{month}月{day}日",
        f"{year}/{month}/{day}",
        f"{year}{month:02d}{day:02d}",
        f"{year}.{month}.{day}",
    )
    return forms[number % len(forms)]
