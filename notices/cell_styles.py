"""单元格: how a workbook's cells look, how wide the columns are, what text goes in."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from notices.plain_text import INVISIBLE, SURROGATE, mask, visible
from notices.tables import Column, Row, Table, printed

Align = Literal["left", "center", "right"]

# Names that offices have; where one is absent the programme that opens the file takes its own.
TITLE_FONT: Final = {"font_name": "方正小标宋简体", "font_size": 18}
HEAD_FONT: Final = {"font_name": "黑体", "font_size": 11}
TEXT_FONT: Final = {"font_name": "宋体", "font_size": 11}
HEAD_COLOUR: Final = "#F2F2F2"

NARROWEST: Final = 6
WIDEST: Final = 40
PADDING: Final = 2
DATE_WIDTH: Final = 11
HEAD_LINES: Final = 2
SHORT_HEAD: Final = 8
LEAST_TOGETHER: Final = 100

FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
# 手机号码; what is shorter names nobody, and most cells are.
SHORTEST_NUMBER: Final = 11
LONGEST_NAME: Final = 31
FORBIDDEN_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\]")


class Styles:
    """样式：every look is made once for a workbook, however many cells share it."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[object, Format] = {}

    def title(self) -> Format:
        """表题：centred over the whole table."""
        return self._of("title", TITLE_FONT | {"align": "center", "text_wrap": True})

    def line(self, align: Align) -> Format:
        """表头、表尾、附注：a line across the table, without borders."""
        return self._of(("line", align), TEXT_FONT | {"align": align, "text_wrap": True})

    def head(self) -> Format:
        """栏头：what a column is called."""
        look = HEAD_FONT | {"align": "center", "text_wrap": True, "border": 1}
        return self._of("head", look | {"bg_color": HEAD_COLOUR})

    def cell(self, align: Align, shown_as: str, *, total: bool, quoted: bool = False) -> Format:
        """表内一格：`quoted` tells the office programme never to read the text as a formula."""
        key = (align, shown_as, total, quoted)
        if found := self._made.get(key):
            return found
        look = TEXT_FONT | {"align": align, "num_format": shown_as, "border": 1}
        look |= {"text_wrap": align != "right", "bold": total, "quote_prefix": quoted}
        return self._of(key, look)

    def _of(self, key: object, look: dict[str, Any]) -> Format:
        if key not in self._made:
            self._made[key] = self._workbook.add_format(look | {"valign": "vcenter"})
        return self._made[key]


def cell_text(text: str) -> str:
    """单元格文字：masked, nothing unseen in it; tabs and line ends stay as they were."""
    if text.isprintable():
        return mask(text) if len(text) >= SHORTEST_NUMBER else text
    seen = (INVISIBLE.sub("", part) for part in SURROGATE.sub("\ufffd", text).split("\r"))
    return mask("\r".join(seen))


def sheet_names(tables: Sequence[Table]) -> tuple[str, ...]:
    """工作表名：the caption without what a name may not hold, at most 31 characters, each once."""
    names: list[str] = []
    for table in tables:
        plain = FORBIDDEN_IN_NAMES.sub("", visible(table.caption).replace("\n", "")).strip("' ")
        names.append(_free_name(plain or "表", {name.lower() for name in names}))
    return tuple(names)


def _free_name(plain: str, taken: set[str]) -> str:
    name, count = plain[:LONGEST_NAME], 1
    while name.lower() in taken:
        count += 1
        suffix = f"（{count}）"
        name = plain[: LONGEST_NAME - len(suffix)] + suffix
    return name


def text_width(text: str) -> int:
    """字宽：in half characters, a Chinese character being two; of the longest line."""
    if text.isascii() and "\n" not in text:
        return len(text)
    # A Chinese character is three bytes in UTF-8 and two columns wide: the mean of both counts.
    return max(
        (len(line) + len(line.encode("utf-8", "surrogatepass")) + 1) // 2
        for line in text.split("\n")
    )


def lines_of(text: str, width: int) -> int:
    """行数：how many lines a text takes in the width."""
    return sum(-(-max(text_width(line), 1) // max(width, 1)) for line in text.split("\n"))


def wrapping(table: Table, widths: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """要回行的栏：place and room of the columns in which some text is wider than its column."""
    columns = enumerate(zip(table.columns, widths, strict=True))
    # A column that was given the width of its widest cell wraps nothing.
    narrow = (
        (at, width - PADDING)
        for at, (column, width) in columns
        if column.kind == "text" and (column.width is not None or width - PADDING >= WIDEST)
    )
    return tuple(
        (at, room)
        for at, room in narrow
        if any(text_width(value) > room for row in table.rows if isinstance(value := row[at], str))
    )


def row_lines(row: Row, columns: Sequence[tuple[int, int]]) -> int:
    """一行的行数：how many lines its longest cell takes."""
    texts = ((row[at], width) for at, width in columns)
    return max((lines_of(text, width) for text, width in texts if isinstance(text, str)), default=1)


def column_widths(table: Table) -> tuple[int, ...]:
    """列宽：wide enough for cells, for heads in two lines, and together for a title."""
    widths = [_width(table, at, column) for at, column in enumerate(table.columns)]
    stretch = max(1, LEAST_TOGETHER / sum(widths))
    return tuple(round(width * stretch) for width in widths)


def _width(table: Table, at: int, column: Column) -> int:
    if column.width is not None:
        return 2 * column.width + PADDING
    head = text_width(visible(column.label))
    if head > SHORT_HEAD:
        head = max(-(-head // HEAD_LINES), SHORT_HEAD)
    longest = max(_cell_widths(table, at, column), default=0)
    return min(max(head, longest, NARROWEST), WIDEST) + PADDING


def _cell_widths(table: Table, at: int, column: Column) -> Iterator[int]:
    lines = (*table.rows, table.total) if table.total else table.rows
    values = [row[at] for row in lines]
    if column.kind == "text":
        yield from (text_width(value) for value in values if isinstance(value, str))
    elif column.kind == "date":
        yield DATE_WIDTH
    elif amounts := [value for value in values if isinstance(value, int)]:
        # The widest is the greatest or the least; in 万元 others may have decimals.
        written = [printed(column, value) for value in (max(amounts), min(amounts))]
        if column.kind == "money_wan":
            written = [f"{words.partition('.')[0]}.0000" for words in written]
        yield from map(len, written)
