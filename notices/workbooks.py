"""工作簿: tables as an .xlsx workbook that an office can print, add up again and send on.

One sheet a table. Amounts stand as numbers, totals as formulas with their result, every text as
text. Sheets are written line by line, so memory does not grow with their length; equal tables of
one day give equal bytes.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from notices.cell_styles import (
    FORMULA_SIGNS,
    Align,
    Styles,
    cell_text,
    column_widths,
    lines_of,
    row_lines,
    sheet_names,
    wrapping,
)
from notices.money import FEN_PER_YUAN, YUAN_PER_TEN_THOUSAND, ten_thousand
from notices.plain_text import visible
from notices.tables import (
    ALL_OF_IT,
    AMOUNTS,
    EMPTY,
    Column,
    ColumnKind,
    CrookedTableError,
    Entry,
    Row,
    Table,
    Value,
    head_lines,
    unbalanced,
)

MOST_ROWS: Final = 1_000_000
FIRST_YEAR: Final = 1900
A4: Final = 9
LINE_HEIGHT: Final = 18
# The highest line a sheet can have, in points.
HIGHEST: Final = 409
TITLE_HEIGHT: Final = 30
# The title is set larger than the cells that column widths are counted in.
TITLE_WIDTH: Final = 1.7
MARGINS: Final = {"left": 0.5, "right": 0.5, "top": 0.6, "bottom": 0.7}
PAGE_OF: Final = "&C第 &P 页，共 &N 页"
GAP: Final = "　　　　"
NOTHING: Final = "无"
DATES: Final = "yyyy-m-d"
UNITS: Final[dict[ColumnKind, int]] = {
    "money_yuan": FEN_PER_YUAN,
    "money_wan": FEN_PER_YUAN * YUAN_PER_TEN_THOUSAND,
    "percent": ALL_OF_IT,
}
# 序号与名次：words on paper, numbers to sort by in a sheet.
SERIALS: Final = frozenset({"number", "rank"})
SHOWN_AS: Final = {"count": "0", "percent": "0.00%", "money_yuan": "#,##0.00"}

Place = tuple[int, int]


def write_workbook(tables: Sequence[Table], *, made_on: date) -> bytes:
    """写出工作簿：one sheet a table, in their order; `made_on` is the only date it carries.

    Raises:
        CrookedTableError: no table, a total that is not the sum of its rows, more rows or a longer
            text than a sheet holds.
    """
    _accept(tables)
    sink = BytesIO()
    with xlsxwriter.Workbook(sink, {"constant_memory": True}) as workbook:
        created = datetime.combine(made_on, time.min)
        workbook.set_properties({"title": visible(tables[0].caption), "created": created})
        styles = Styles(workbook)
        for table, name in zip(tables, sheet_names(tables), strict=True):
            _write_table(workbook.add_worksheet(name), table, styles)
    return sink.getvalue()


def _accept(tables: Sequence[Table]) -> None:
    if not tables:
        raise CrookedTableError("没有可写的报表，请先选定报表。")
    for table in tables:
        if len(table.rows) > MOST_ROWS:
            raise CrookedTableError(
                f"《{table.caption}》有{len(table.rows)}行，一张工作表只容{MOST_ROWS}行，请分表。"
            )
        if wrong := unbalanced(table):
            raise CrookedTableError("".join(wrong))


def _write_table(worksheet: Worksheet, table: Table, styles: Styles) -> None:
    """写一张表：from top to bottom, because a line once passed cannot be written again."""
    widths = column_widths(table)
    for at, width in enumerate(widths):
        worksheet.set_column(at, at, width)
    heads = _write_top(worksheet, table, styles, sum(widths))
    body = _write_heads(worksheet, heads, table, styles)
    end = _write_body(worksheet, body, table, styles, wrapping(table, widths))
    end = _write_feet(worksheet, end, table, styles, sum(widths))
    # A number that is a word, such as a telephone's, is no mistake for the programme to mark.
    cells = xl_range(heads, 0, end - 1, len(widths) - 1)
    worksheet.ignore_errors({"number_stored_as_text": cells})
    worksheet.freeze_panes(body, 0)
    worksheet.repeat_rows(heads, body - 1)
    worksheet.print_area(0, 0, end - 1, len(widths) - 1)
    worksheet.set_landscape()
    worksheet.set_paper(A4)
    worksheet.fit_to_pages(1, 0)
    worksheet.center_horizontally()
    worksheet.set_margins(**MARGINS)
    worksheet.set_footer(PAGE_OF)


def _write_top(worksheet: Worksheet, table: Table, styles: Styles, width: int) -> int:
    """表题、表头、计量单位：returns the line below them."""
    caption = visible(table.caption)
    across = len(table.columns)
    lines = lines_of(caption, int(width / TITLE_WIDTH))
    _write_across(worksheet, (0, across), caption, styles.title(), TITLE_HEIGHT * lines)
    end = 1
    if table.heads:
        end = _write_line(worksheet, (end, across), _entries(table.heads), styles, width)
    if table.unit_note:
        note = visible(table.unit_note)
        _write_across(worksheet, (end, across), note, styles.line("right"), LINE_HEIGHT)
        end += 1
    return end


def _write_feet(worksheet: Worksheet, end: int, table: Table, styles: Styles, width: int) -> int:
    """表尾与附注：returns the line below them."""
    lines = [_entries(table.feet)] if table.feet else []
    for words in (*lines, *map(visible, table.notes)):
        end = _write_line(worksheet, (end, len(table.columns)), words, styles, width)
    return end


def _entries(entries: Sequence[Entry]) -> str:
    """表头表尾一行：every entry, with room for a pen where nothing is filled in."""
    return GAP.join(f"{visible(entry.label)}：{visible(entry.text) or GAP}" for entry in entries)


def _write_line(worksheet: Worksheet, place: Place, words: str, styles: Styles, width: int) -> int:
    height = LINE_HEIGHT * lines_of(words, width)
    _write_across(worksheet, place, words, styles.line("left"), height)
    return place[0] + 1


def _write_across(
    worksheet: Worksheet, place: Place, words: str, style: object, height: int
) -> None:
    """写一整行：`place` is the line, and how many columns it goes across."""
    line, across = place
    worksheet.set_row(line, height)
    worksheet.write_string(line, 0, words, style)
    for at in range(1, across):
        worksheet.write_blank(line, at, None, style)
    _merge(worksheet, (line, 0), (1, across))


def _merge(worksheet: Worksheet, place: Place, size: Place) -> None:
    """合并：only noted, since merge_range would write to lines that are already passed."""
    if size != (1, 1):
        worksheet.merge.append([*place, place[0] + size[0] - 1, place[1] + size[1] - 1])


def _write_heads(worksheet: Worksheet, line: int, table: Table, styles: Styles) -> int:
    """栏头：one line, or two where columns are grouped; returns the line below."""
    lines = head_lines(table.columns)
    at = 0
    words = [[""] * len(table.columns) for _ in lines]
    for head in lines[0]:
        words[0][at] = head.text
        _merge(worksheet, (line, at), (head.lines, head.columns))
        at += head.columns
    if table.grouped:
        words[-1] = [column.label if column.group else "" for column in table.columns]
    for given in words:
        for place, text in enumerate(given):
            worksheet.write_string(line, place, visible(text), styles.head())
        line += 1
    return line


def _write_body(
    worksheet: Worksheet,
    first: int,
    table: Table,
    styles: Styles,
    wrapped: Sequence[tuple[int, int]],
) -> int:
    """各行与合计：returns the line below them; not every office programme fits a line by itself."""
    end = first
    for row in table.rows:
        if (lines := row_lines(row, wrapped)) > 1:
            worksheet.set_row(end, min(LINE_HEIGHT * lines, HIGHEST))
        for at, column in enumerate(table.columns):
            _write_value(worksheet, (end, at), column, row[at], styles)
        end += 1
    if not table.rows:
        style = styles.cell("center", "General", total=False)
        _write_across(worksheet, (end, len(table.columns)), NOTHING, style, LINE_HEIGHT)
        end += 1
    if table.total is not None:
        _write_total(worksheet, (first, end), table, table.total, styles)
        end += 1
    return end


def _write_total(
    worksheet: Worksheet, lines: Place, table: Table, total: Row, styles: Styles
) -> None:
    """合计行：formulas over the rows, with the given totals as their results."""
    first, line = lines
    for at, (column, value) in enumerate(zip(table.columns, total, strict=True)):
        if isinstance(value, int) and column.kind in AMOUNTS and column.additive:
            formula = f"=SUM({xl_range(first, at, line - 1, at)})"
            style = styles.cell("right", _shown_as(column, value), total=True)
            worksheet.write_formula(line, at, formula, style, _number(column, value))
        else:
            _write_value(worksheet, (line, at), column, value, styles, total=True)


def _write_value(
    worksheet: Worksheet,
    place: Place,
    column: Column,
    value: Value,
    styles: Styles,
    *,
    total: bool = False,
) -> None:
    """写一格：None as “/”, a date a workbook cannot count as words, text never as a formula."""
    line, at = place
    if isinstance(value, int):
        style = styles.cell("right", _shown_as(column, value), total=total)
        worksheet.write_number(line, at, _number(column, value), style)
    elif column.key in SERIALS and value and str(value).isdecimal():
        worksheet.write_number(line, at, int(str(value)), styles.cell("center", "0", total=total))
    elif isinstance(value, date) and value.year >= FIRST_YEAR:
        worksheet.write_datetime(line, at, value, styles.cell("center", DATES, total=total))
    else:
        words = cell_text(str(value or EMPTY))
        short = total or words == EMPTY or words.isdigit() or column.kind != "text"
        align: Align = "center" if short else "left"
        quoted = words.startswith(FORMULA_SIGNS)
        style = styles.cell(align, "General", total=total, quoted=quoted)
        if worksheet.write_string(line, at, words, style):
            raise CrookedTableError(
                f"“{column.label}”有一处{len(words)}字，一格容不下，请精简后重试：{words[:20]}……"
            )


def _number(column: Column, value: int) -> Any:
    """数值：分 as 元 or 万元, hundredths of a per cent as a part of one; nothing is rounded."""
    unit = UNITS.get(column.kind)
    return value / unit if unit else value


def _shown_as(column: Column, value: int) -> str:
    """数字格式：万元 with as many decimals as the amount has, at most four."""
    if column.kind != "money_wan":
        return SHOWN_AS[column.kind]
    _, point, decimals = ten_thousand(value).partition(".")
    return f"0{point}{'0' * len(decimals)}"
