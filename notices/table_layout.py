"""报表版式: the size of type and the widths of columns with which a table fits its page."""

from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from math import ceil
from typing import Final

from notices.layout import half_characters
from notices.tables import AMOUNTS, EMPTY, TOTAL, Column, Row, Table, head_lines, printed

# 版心宽，磅：156毫米竖排，225毫米横排。
PORTRAIT: Final = 442.2
LANDSCAPE: Final = 637.8
# 版心高，磅：225毫米竖排；表再高就排不进一页。
HIGH: Final = 637.8
# 一格所印的字数；再多的印在表后，一行不高过一页。
LONGEST_CELL: Final = 200
# 字号与行距，磅：四号、小四、五号、小五、六号。
SIZES: Final = ((14.0, 21.0), (12.0, 18.0), (10.5, 15.0), (9.0, 13.0), (7.5, 10.5))
PADDING: Final = 8.0
ROW_PADDING: Final = 5.5
FEWEST_WORDS: Final = 16
WIDEST_WORDS: Final = 48
NARROWEST: Final = 5
LABEL_LINES: Final = 2
UNBROKEN_LABEL: Final = 6
SCALE: Final = 1000
# Shares are rounded to thousandths; a label that fits but for that is not broken.
ROUNDED_OFF: Final = 0.2


@dataclass(frozen=True, slots=True)
class Fit:
    """排法: size and line in points, and each column's share of the width in thousandths."""

    size: float
    line: float
    shares: tuple[int, ...]


def fit(table: Table) -> Fit:
    """排法：the largest type in which no figure is broken and words wrap within reason."""
    places = range(len(table.columns))
    least = [_least(table, place) for place in places]
    wanted = [_wanted(table, place, least[place]) for place in places]
    room = LANDSCAPE if table.landscape else PORTRAIT
    size, line = next((pair for pair in SIZES if _total(least, pair[0]) <= room), SIZES[-1])
    if _total(least, size) > room:
        # The columns ask for more than there is: each keeps what its words cannot do without.
        least = [_least(table, place, as_asked=False) for place in places]
    return Fit(size, line, _shares(_spread(wanted, least, size, room)))


def _wanted(table: Table, place: int, least: int) -> int:
    """所需字宽：in half characters; words in one line if they are not too long."""
    return max(least, min(_longest(table, place), WIDEST_WORDS))


def _least(table: Table, place: int, *, as_asked: bool = True) -> int:
    """最窄字宽：figures are never broken, words may be, a head stands in two lines."""
    column = table.columns[place]
    if as_asked and column.width is not None:
        return 2 * column.width
    width = half_characters(column.label)
    label = width if width <= UNBROKEN_LABEL else 2 * -(-width // (2 * LABEL_LINES))
    longest = _longest(table, place)
    return max(NARROWEST, label, min(longest, FEWEST_WORDS) if column.kind == "text" else longest)


def _longest(table: Table, place: int) -> int:
    column: Column = table.columns[place]
    texts = [printed(column, row[place]) for row in _lines(table)]
    most = _most_decimals(table, place)
    wants = (half_characters(text) + len(_room(text, most)) for text in texts)
    return max(wants, default=NARROWEST)


def _lines(table: Table) -> tuple[Row, ...]:
    return (*table.rows, table.total) if table.total is not None else table.rows


def _most_decimals(table: Table, place: int) -> int:
    """小数位数：the most an amount of the column has in 万元; other columns have all the same."""
    column = table.columns[place]
    if column.kind != "money_wan":
        return 0
    texts = (printed(column, row[place]) for row in _lines(table))
    return max((len(text.partition(".")[2]) for text in texts), default=0)


def _room(text: str, most: int) -> str:
    """小数对齐：the decimals an amount lacks, kept free behind it so that the points align."""
    if not most or text == EMPTY:
        return ""
    point, decimals = text.partition(".")[1:]
    return ("" if point else ".") + "0" * (most - len(decimals))


def _total(widths: list[int], size: float) -> float:
    return sum(width * size / 2 + PADDING for width in widths)


def _spread(wants: list[int], needs: list[int], size: float, room: float) -> list[float]:
    """分宽：every column its least and of the rest a part by how much more it wants."""
    wanted = [width * size / 2 + PADDING for width in wants]
    least = [width * size / 2 + PADDING for width in needs]
    if sum(wanted) <= room:
        return wanted
    more = [want - have for want, have in zip(wanted, least, strict=True)]
    left = max(0.0, room - sum(least))
    return [
        have + left * part / max(1.0, sum(more)) for have, part in zip(least, more, strict=True)
    ]


def _shares(widths: list[float]) -> tuple[int, ...]:
    """千分比：rounded so that they add up to the whole."""
    total = sum(widths)
    edges = [0]
    so_far = 0.0
    for width in widths:
        so_far += width
        edges.append(round(SCALE * so_far / total))
    return tuple(high - low for low, high in pairwise(edges))


@dataclass(frozen=True, slots=True)
class Cell:
    """表中一格: its words and how they stand: words left, short words middle, amounts right.

    `room` are figures that are not shown and whose place is kept free behind the words.
    """

    text: str
    align: str
    columns: int = 1
    room: str = ""


@dataclass(frozen=True, slots=True)
class HeadCell:
    """排好的栏头: its words line by line, and how many columns and head lines it takes."""

    text: tuple[str, ...]
    columns: int
    lines: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """排好的表: head lines, cells and fit, ready for a template."""

    table: Table
    fit: Fit
    head: tuple[tuple[HeadCell, ...], ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...]


def laid_out(table: Table) -> Sheet:
    """排表：the same cells for paper and for the editable document; long words go below it."""
    table = _spilled(table)
    aligns = [_align(table, place) for place in range(len(table.columns))]
    looks = [(align, _most_decimals(table, place)) for place, align in enumerate(aligns)]
    rows = tuple(_cells(table, row, looks) for row in table.rows)
    total = () if table.total is None else _total_line(table, table.total, looks)
    fitted = fit(table)
    return Sheet(table, fitted, _heads(table, fitted), rows, total)


def outgrows_body(table: Table) -> bool:
    """须另附：a table that lies on its side or is higher than a page does not stand in the body."""
    if table.landscape:
        return True
    sheet = laid_out(table)
    size, widths = sheet.fit.size, [share * PORTRAIT / SCALE for share in sheet.fit.shares]
    high = 0.0
    for row in sheet.rows:
        lines = (
            ceil(half_characters(cell.text) * size / 2 / max(size, width - PADDING))
            for cell, width in zip(row, widths, strict=True)
        )
        high += max(lines) * sheet.fit.line + ROW_PADDING
    return high > HIGH


def _spilled(table: Table) -> Table:
    """长文移注：words too many for a cell are given in full below the table."""
    rows = [list(row) for row in table.rows]
    long = [
        (line, at, value)
        for line, row in enumerate(rows)
        for at, value in enumerate(row)
        if isinstance(value, str) and len(value) > LONGEST_CELL
    ]
    notes = list(table.notes)
    alone = len(notes) + len(long) == 1
    for line, at, words in long:
        notes.append(f"第{line + 1}行“{table.columns[at].label}”全文：{words}")
        rows[line][at] = f"{words[:LONGEST_CELL]}……（全文见注{'' if alone else len(notes)}）"
    return replace(table, rows=tuple(map(tuple, rows)), notes=tuple(notes)) if long else table


def _heads(table: Table, fitted: Fit) -> tuple[tuple[HeadCell, ...], ...]:
    """栏头：a label too long for its column is broken into even lines, before a bracket at best."""
    room = LANDSCAPE if table.landscape else PORTRAIT
    held = {
        column.label: int((share * room / SCALE - PADDING) / fitted.size * 2 + ROUNDED_OFF)
        for column, share in zip(table.columns, fitted.shares, strict=True)
    }
    return tuple(
        tuple(
            HeadCell(_broken(head.text, held.get(head.text)), head.columns, head.lines)
            for head in line
        )
        for line in head_lines(table.columns)
    )


def _broken(label: str, room: int | None) -> tuple[str, ...]:
    if room is None or half_characters(label) <= room:
        return (label,)
    bracket = label.find("（")
    if bracket > 0 and max(map(half_characters, (label[:bracket], label[bracket:]))) <= room:
        return label[:bracket], label[bracket:]
    middle = -(-len(label) // 2)
    return label[:middle], label[middle:]


def _total_line(table: Table, total: Row, looks: list[tuple[str, int]]) -> tuple[Cell, ...]:
    """合计行：合计 stands across the first columns that hold nothing else."""
    said = takewhile(lambda value: value in (None, "", TOTAL), total)
    empty = sum(1 for _ in said)
    cells = _cells(table, total, looks)
    return (Cell(TOTAL, "middle", empty), *cells[empty:]) if empty else cells


def _cells(table: Table, row: Row, looks: list[tuple[str, int]]) -> tuple[Cell, ...]:
    cells = []
    for column, value, (align, most) in zip(table.columns, row, looks, strict=True):
        text = printed(column, value)
        shown = "middle" if text in (EMPTY, TOTAL) else align
        cells.append(Cell(text, shown, room=_room(text, most)))
    return tuple(cells)


def _align(table: Table, place: int) -> str:
    column = table.columns[place]
    if column.kind in AMOUNTS or column.kind == "percent":
        return "middle" if column.kind == "count" else "amount"
    short = _longest(table, place) <= FEWEST_WORDS
    return "middle" if column.kind == "date" or short else "text"
