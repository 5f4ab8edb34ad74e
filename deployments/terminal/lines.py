"""排行: breaks Chinese text into lines of a terminal, with hanging indents.

Chinese has no spaces to break at: a line may end after any character, but none begins with a mark
that closes what went before, and none ends with one that opens what follows; words and numbers in
Latin letters stay whole.
"""

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

PIECES = re.compile(r"[\x21-\x7e]+|.")
CLOSING = frozenset("，。；：、！？）》」』】”…")
OPENING = frozenset("（《「『【“")
CLOSING_WIDTH = 2
LEAST = 20


def say(out: Console, text: str, *, indent: int = 0, hang: int = 0, style: str = "") -> None:
    """Print `text` in lines that fit; `hang` more cells before every line but the first."""
    width = max(LEAST, out.width - indent - hang - CLOSING_WIDTH)
    for number, line in enumerate(broken(text, width)):
        margin = " " * (indent + (hang if number else 0))
        out.print(Text(margin + line, style=style), soft_wrap=True)


def named(out: Console, name: str, text: str, *, indent: int = 2, style: str = "") -> None:
    """Print a name, then what it stands for, its further lines below its first."""
    say(out, f"{name}　{text}", indent=indent, hang=cell_len(name) + 2, style=style)


def lean_table(*titles: str) -> Table:
    """A table without rules between its cells; what is long goes on below, nothing is cut off."""
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1))
    for title in titles:
        table.add_column(title, overflow="fold")
    return table


def broken(text: str, width: int) -> Iterator[str]:
    """The lines of `text`, each at most `width` cells, closing marks excepted."""
    line = ""
    for piece in PIECES.findall(text):
        full = cell_len(line) + cell_len(piece) > width
        if full and line and piece not in CLOSING:
            opening = line[-1] if line[-1] in OPENING else ""
            yield line.removesuffix(opening).rstrip()
            line = opening + piece.lstrip()
        else:
            line += piece
    if line:
        yield line
