"""报表版式: the size of type and the widths of columns with which a table fits its page."""

from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Final

from notices.layout import half_characters
from notices.tables import AMOUNTS, EMPTY, TOTAL, Column, Row, Table, head_lines, printed

# 版心宽，磅：156毫米竖排，225毫米横排。
PORTRAIT: Final = 442.2
LANDSCAPE: Final = 637.8
# 字号与行距，磅：四号、小四、五号、小五、六号。
SIZES: Final = ((14.0, 21.0), (12.0, 18.0), (10.5, 15.0), (9.0, 13.0), (7.5, 10.5))
PADDING: Final = 8.0
FEWEST_WORDS: Final = 16
WIDEST_WORDS: Final = 48
NARROWEST: Final = 5
LABEL_LINES: Final = 2
UNBROKEN_LABEL: Final = 6
SCALE: Final = 1000


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
    return Fit(size, line, _shares(_spread(wanted, least, size, room)))


def _wanted(table: Table, place: int, least: int) -> int:
    """所需字宽：in half characters; words in one line if they are not too long."""
    return max(least, min(_longest(table, place), WIDEST_WORDS))


def _least(table: Table, place: int) -> int:
    """最窄字宽：figures are never broken, words may be, a head stands in two lines."""
    column = table.columns[place]
    if column.width is not None:
        return 2 * column.width
    width = half_characters(column.label)
    label = width if width <= UNBROKEN_LABEL else 2 * -(-width // (2 * LABEL_LINES))
    longest = _longest(table, place)
    return max(NARROWEST, label, min(longest, FEWEST_WORDS) if column.kind == "text" else longest)


def _longest(table: Table, place: int) -> int:
    column: Column = table.columns[place]
    rows = (*table.rows, table.total) if table.total is not None else table.rows
    return max((half_characters(printed(column, row[place])) for row in rows), default=NARROWEST)


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
    """表中一格: its words and how they stand: words left, short words middle, amounts right."""

    text: str
    align: str
    columns: int = 1


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
    """排表：the same cells for paper and for the editable document."""
    aligns = [_align(table, place) for place in range(len(table.columns))]
    rows = tuple(_cells(table, row, aligns) for row in table.rows)
    total = () if table.total is None else _total_line(table, table.total, aligns)
    fitted = fit(table)
    return Sheet(table, fitted, _heads(table, fitted), rows, total)


def _heads(table: Table, fitted: Fit) -> tuple[tuple[HeadCell, ...], ...]:
    """栏头：a label too long for its column is broken into even lines, before a bracket at best."""
    room = LANDSCAPE if table.landscape else PORTRAIT
    held = {
        column.label: int((share * room / SCALE - PADDING) / fitted.size * 2)
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


def _total_line(table: Table, total: Row, aligns: list[str]) -> tuple[Cell, ...]:
    """合计行：合计 stands across the first columns that hold nothing else."""
    said = takewhile(lambda value: value in (None, "", TOTAL), total)
    empty = sum(1 for _ in said)
    cells = _cells(table, total, aligns)
    return (Cell(TOTAL, "middle", empty), *cells[empty:]) if empty else cells


def _cells(table: Table, row: Row, aligns: list[str]) -> tuple[Cell, ...]:
    cells = []
    for column, value, align in zip(table.columns, row, aligns, strict=True):
        text = printed(column, value)
        cells.append(Cell(text, "middle" if text in (EMPTY, TOTAL) else align))
    return tuple(cells)


def _align(table: Table, place: int) -> str:
    column = table.columns[place]
    if column.kind in AMOUNTS or column.kind == "percent":
        return "middle" if column.kind == "count" else "amount"
    short = _longest(table, place) <= FEWEST_WORDS
    return "middle" if column.kind == "date" or short else "text"
