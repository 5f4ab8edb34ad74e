"""正文段落: what the body and the attachments of an official document are made of."""

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from notices.parts import label
from notices.tables import Entry, Table

DIGITS: Final = "零一二三四五六七八九"
TEN: Final = 10
DEEPEST: Final = 4
HEADINGS: Final = frozenset({1, 2})
# What a writer may have typed before the words: 一、 （一） 1. （1）; it is set anew.
GIVEN_MARKS: Final = {
    1: re.compile(r"^[一二三四五六七八九十]+、"),
    2: re.compile(r"^[（(][一二三四五六七八九十]+[）)]"),
    3: re.compile(r"^\d+[.\uff0e](?!\d)\s*"),
    4: re.compile(r"^[（(]\d+[）)]"),
}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """一段: level 0 is plain text, 1 to 4 are 一、 （一） 1. （1）, numbered when it is set.

    At levels 1 and 2 the words up to the first 。 are the heading, where more follows or no 。
    stands at all.

    Raises:
        ValueError: a level the standard does not have.
    """

    level: int
    text: str = field(metadata=label("正文"))

    def __post_init__(self) -> None:
        if not 0 <= self.level <= DEEPEST:
            raise ValueError(f"正文层次最多{DEEPEST}层，收到第{self.level}层，请核对。")


@dataclass(frozen=True, slots=True)
class TableBlock:
    """正文中的表。"""

    table: Table


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """图: a chart as SVG text of our own drawing; its numbers stand in the table beside it."""

    svg: str
    caption: str = field(metadata=label("图名"))

    @property
    def source(self) -> str:
        """画面：a picture of its own inside the page; two charts share no names of parts."""
        return "data:image/svg+xml;base64," + b64encode(self.svg.encode()).decode()


@dataclass(frozen=True, slots=True)
class Opinion:
    """意见栏: who gives an opinion; without words it is left free to be written by hand."""

    label: str
    text: str = ""
    signature: str = "（盖章）"
    dated: str = ""


@dataclass(frozen=True, slots=True)
class FormBlock:
    """表单: lines of names with what is filled in, one or two of them a line, then opinions."""

    lines: tuple[tuple[Entry, ...], ...]
    opinions: tuple[Opinion, ...] = ()


Block = Paragraph | TableBlock | FormBlock | FigureBlock


@dataclass(frozen=True, slots=True)
class Attachment:
    """附件: stands on a page of its own; `file` names one that is handed over separately."""

    title: str = field(metadata=label("附件名称"))
    table: Table | None = None
    blocks: tuple[Block, ...] = ()
    file: str | None = None

    @property
    def content(self) -> tuple[Block, ...]:
        """附件内容：the table, then the text; nothing where it is a separate file."""
        table = () if self.table is None else (TableBlock(self.table),)
        return (*table, *self.blocks)

    @property
    def landscape(self) -> bool:
        """横排：whether it is set on a page that lies on its side."""
        return any(
            isinstance(block, TableBlock) and block.table.landscape for block in self.content
        )


@dataclass(frozen=True, slots=True)
class Line:
    """已编号的一段: its mark, the heading words, the rest, and its level."""

    level: int
    mark: str
    heading: str
    rest: str


def numbered(blocks: Sequence[Block]) -> Iterator[Line | TableBlock | FormBlock | FigureBlock]:
    """编号：paragraphs with their marks, each level counted from one under the level above."""
    counts = [0] * (DEEPEST + 1)
    for block in blocks:
        if not isinstance(block, Paragraph):
            yield block
            continue
        if block.level:
            counts[block.level] += 1
            counts[block.level + 1 :] = [0] * (DEEPEST - block.level)
        yield _line(block, counts[block.level])


def _line(block: Paragraph, place: int) -> Line:
    if not block.level:
        return Line(0, "", "", block.text.strip())
    words = GIVEN_MARKS[block.level].sub("", block.text.strip())
    mark = _mark(block.level, place)
    if block.level not in HEADINGS:
        return Line(block.level, mark, "", words)
    heading, stop, rest = words.partition("。")
    # A single whole sentence is text, not the heading of one.
    if stop and not rest:
        return Line(block.level, mark, "", words)
    return Line(block.level, mark, heading + stop, rest)


def _mark(level: int, place: int) -> str:
    chinese = chinese_number(place)
    return {1: f"{chinese}、", 2: f"（{chinese}）", 3: f"{place}.", 4: f"（{place}）"}[level]


def chinese_number(number: int) -> str:
    """序号：1 to 99 as 一, 十二, 三十.

    Raises:
        ValueError: for any other number.
    """
    tens, ones = divmod(number, TEN)
    if not 0 < number < TEN * TEN:
        raise ValueError(f"层次序号只能写一至九十九，收到{number}。")
    return "".join(
        (
            DIGITS[tens] if tens > 1 else "",
            "十" if tens else "",
            DIGITS[ones] if ones else "",
        )
    )
