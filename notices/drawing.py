"""绘图: bars as SVG that needs nothing beside itself: letters are outlines, no date, no links.

matplotlib takes seconds to load, so the first chart loads it and nobody else does. Equal numbers
give an equal picture. Lengths are in inches, as matplotlib counts them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import StringIO
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from notices.fonts import find_chart_font
from notices.layout import half_characters, title_lines

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

INK: Final = "#1F2933"
FAINT: Final = "#9AA5B1"
# Blue and ochre differ for every kind of colour blindness, and in grey as well.
COLOURS: Final = ("#33658A", "#E0A458")
POINTS: Final = 72
TITLE_SIZE: Final = 11
TEXT_SIZE: Final = 9
VALUE_SIZE: Final = 7.5

WIDTH: Final = 6.3
MARGIN: Final = 0.12
TITLE_ROOM: Final = 0.42
LEGEND_ROOM: Final = 0.24
# Thirty places with two bars each still fit on one page.
BAR: Final = 0.11
ROW_GAP: Final = 0.045
LINE: Final = 0.15
LETTER_GAP: Final = 0.06
FUNNEL_BAR: Final = 0.4
FUNNEL_GAP: Final = 0.1
UPRIGHT_HEIGHT: Final = 2.1
SENTENCE_HEIGHT: Final = 0.7

MOST_UPRIGHT: Final = 6
FEWEST_PLACES: Final = 4
UPRIGHT_BARS: Final = 0.7
UPRIGHT_CHARACTERS: Final = 5
UPRIGHT_LINES: Final = 2
LEVEL_CHARACTERS: Final = 9
HEADROOM: Final = 1.12
TITLE_CHARACTERS: Final = 38
TITLE_LINE: Final = 0.2

BEFORE_BRACKET: Final = re.compile("(?=（)")
UNUSED_NAMES: Final = re.compile(r'<g id="[a-z0-9]+_\d+">')
RIGHTS: Final = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Series:
    """一组数: what it is called, one value for each name (None for none), and its words."""

    label: str
    values: tuple[int | None, ...]
    words: tuple[str, ...]


def bars(
    title: str, names: Sequence[str], series: Sequence[Series], *, end: int | None = None
) -> str:
    """条形图：upright for a few short names, lying for many or long ones; values are printed.

    `end` is the end of the scale where it has one (100% of a rate); else the greatest value is.
    """
    scale = end or max((value or 0 for each in series for value in each.values), default=0) or 1
    draw = _upright if _stands(names, series) else _level
    return draw(title, names, series, scale)


def steps(title: str, names: Sequence[str], series: Series) -> str:
    """漏斗图：one centred bar below the other, so that it shows what falls away between them."""
    height = (FUNNEL_BAR + FUNNEL_GAP) * len(names)
    most = max(value or 0 for value in series.values) or 1
    left, right = _room(names, TEXT_SIZE), _room(series.words, VALUE_SIZE)
    figure, axes = _sheet(title, (left, right), (height, 0), ())
    axes.set(xlim=(-most / 2, most / 2), ylim=(height, 0))
    gap = LETTER_GAP * most / (WIDTH - left - right)
    for at, name in enumerate(names):
        middle, value = (at + 0.5) * height / len(names), series.values[at] or 0
        axes.barh(middle, value, FUNNEL_BAR, -value / 2, color=COLOURS[0], clip_on=False)
        _letter(axes, (-most / 2 - gap, middle), name, "right")
        _letter(axes, (most / 2 + gap, middle), series.words[at], "left", size=VALUE_SIZE)
    return _svg(figure, title)


def sentence(title: str, words: str) -> str:
    """无图可绘：the title, and a sentence instead of an empty plot."""
    figure, axes = _sheet(title, (0, 0), (SENTENCE_HEIGHT, 0), ())
    axes.set(xlim=(0, 1), ylim=(0, 1))
    _letter(axes, (0.5, 0.5), words, "center")
    return _svg(figure, title)


def _stands(names: Sequence[str], series: Sequence[Series]) -> bool:
    """能否竖排：few names of two lines at most, and every value within the width of its bar."""
    places = max(len(names), FEWEST_PLACES)
    bar = (WIDTH - 2 * MARGIN) / places * UPRIGHT_BARS / len(series)
    words = [words for each in series for words in each.words]
    lines = [len(_wrapped(name, UPRIGHT_CHARACTERS)) for name in names]
    return (
        len(names) <= MOST_UPRIGHT
        and max(lines, default=0) <= UPRIGHT_LINES
        and _width(words, VALUE_SIZE) <= bar
    )


def _wrapped(name: str, characters: int) -> tuple[str, ...]:
    """名称回行：even lines, broken before a bracket rather than inside it."""
    return title_lines(tuple(BEFORE_BRACKET.split(name)), characters)


def _width(words: Sequence[str], size: float) -> float:
    """字宽：of the longest of the words."""
    return max(map(half_characters, words), default=0) * size / POINTS / 2


def _upright(title: str, names: Sequence[str], series: Sequence[Series], scale: int) -> str:
    """竖条：names below, in up to two lines; a single bar does not grow as wide as the page."""
    below = LINE * UPRIGHT_LINES + LETTER_GAP
    figure, axes = _sheet(title, (MARGIN, MARGIN), (UPRIGHT_HEIGHT, below), series)
    room, middle = max(len(names), FEWEST_PLACES), (len(names) - 1) / 2
    axes.set(xlim=(middle - room / 2, middle + room / 2), ylim=(0, scale * HEADROOM))
    gap = LETTER_GAP * scale * HEADROOM / UPRIGHT_HEIGHT
    width = UPRIGHT_BARS / len(series)
    for order, each in enumerate(series):
        places = [at + _shift(order, series) * width for at in range(len(names))]
        values = [value or 0 for value in each.values]
        axes.bar(places, values, width * 0.94, color=COLOURS[order], clip_on=False)
        for place, value, words in zip(places, values, each.words, strict=True):
            _letter(axes, (place, value + gap), words, "center", "bottom", size=VALUE_SIZE)
    for at, name in enumerate(names):
        lines = "\n".join(_wrapped(name, UPRIGHT_CHARACTERS))
        _letter(axes, (at, -gap), lines, "center", "top")
    axes.axhline(0, color=FAINT, linewidth=0.8, clip_on=False)
    return _svg(figure, title)


def _level(title: str, names: Sequence[str], series: Sequence[Series], scale: int) -> str:
    """横条：names at the left, wrapped; every name has the room its lines and its bars need."""
    wrapped = [_wrapped(name, LEVEL_CHARACTERS) for name in names]
    rooms = [max(LINE * len(lines), BAR * len(series)) + ROW_GAP for lines in wrapped]
    left = _room([line for lines in wrapped for line in lines], TEXT_SIZE)
    right = _room([words for each in series for words in each.words], VALUE_SIZE)
    figure, axes = _sheet(title, (left, right), (sum(rooms), 0), series)
    axes.set(xlim=(0, scale), ylim=(sum(rooms), 0))
    gap = LETTER_GAP * scale / (WIDTH - left - right)
    middles = [end - room / 2 for end, room in zip(accumulate(rooms), rooms, strict=True)]
    for middle, lines in zip(middles, wrapped, strict=True):
        _letter(axes, (-gap, middle), "\n".join(lines), "right")
    for order, each in enumerate(series):
        places = [middle + _shift(order, series) * BAR for middle in middles]
        values = [value or 0 for value in each.values]
        axes.barh(places, values, BAR * 0.9, color=COLOURS[order], clip_on=False)
        for place, value, words in zip(places, values, each.words, strict=True):
            _letter(axes, (value + gap, place), words, "left", size=VALUE_SIZE)
    axes.axvline(0, color=FAINT, linewidth=0.8, clip_on=False)
    return _svg(figure, title)


def _shift(order: int, series: Sequence[Series]) -> float:
    """并排的位置：how many bars a series stands beside the middle of its name."""
    return order - (len(series) - 1) / 2


def _room(words: Sequence[str], size: float) -> float:
    """字占多宽：the room the longest of the words takes beside the bars."""
    return _width(words, size) + LETTER_GAP + MARGIN


def _sheet(
    title: str,
    sides: tuple[float, float],
    heights: tuple[float, float],
    series: Sequence[Series],
) -> tuple["Figure", "Axes"]:
    """图纸：title, legend where there are several series, and the plot without any frame.

    `sides` are kept free left and right, `heights` are those of the plot and of what is below it.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 - see the top of the file

    _settle()
    several = len(series) > 1
    lines = title_lines((title,), TITLE_CHARACTERS)
    above = TITLE_ROOM + TITLE_LINE * (len(lines) - 1)
    height = above + (LEGEND_ROOM if several else 0) + sum(heights) + MARGIN
    figure = Figure(figsize=(WIDTH, height))
    place = (MARGIN / WIDTH, 1 - MARGIN / height)
    figure.text(*place, "\n".join(lines), va="top", color=INK, font=_font(TITLE_SIZE))
    for order, each in enumerate(series if several else ()):
        at = (MARGIN + order) / WIDTH
        line = 1 - (above + LETTER_GAP) / height
        figure.text(at, line, "■", color=COLOURS[order], font=_font(TEXT_SIZE))
        figure.text(at + LINE / WIDTH, line, each.label, color=INK, font=_font(TEXT_SIZE))
    left, right = sides
    box = (left / WIDTH, (MARGIN + heights[1]) / height, (WIDTH - left - right) / WIDTH)
    axes = figure.add_axes((*box, heights[0] / height))
    axes.set_axis_off()
    return figure, axes


def _letter(
    axes: "Axes",
    place: tuple[float, float],
    words: str,
    across: str,
    along: str = "center",
    *,
    size: float = TEXT_SIZE,
) -> None:
    axes.text(*place, words, ha=across, va=along, color=INK, font=_font(size), linespacing=1.1)


@cache
def _settle() -> None:
    """绘图设置：nobody's own, no formulas in names, names of parts that stay from run to run.

    Once only: another chart may be in the middle of its drawing.
    """
    import matplotlib as mpl  # noqa: PLC0415 - see the top of the file

    mpl.rcdefaults()
    mpl.rcParams.update({"svg.hashsalt": "chart", "text.parse_math": False})


@cache
def _font(size: float) -> "FontProperties":
    """字体：by its file, and from a collection the face with the forms of simplified Chinese."""
    from matplotlib.font_manager import FontPath, FontProperties  # noqa: PLC0415 - see the top
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415 - see the top of the file

    path = str(find_chart_font())
    faces = [FT2Font(path, face_index=at) for at in range(FT2Font(path).num_faces)]
    chinese = (at for at, face in enumerate(faces) if face.family_name.endswith(" SC"))
    return FontProperties(fname=FontPath(path, next(chinese, 0)), size=size)


def _svg(figure: "Figure", title: str) -> str:
    """写成SVG：titled for readers who hear it, without the prologue that a page cannot hold."""
    sink = StringIO()
    figure.savefig(sink, format="svg", metadata={"Title": title, "Date": None, "Creator": None})
    drawn = sink.getvalue()
    drawn = RIGHTS.sub("", UNUSED_NAMES.sub("<g>", drawn[drawn.index("<svg") :]))
    return drawn.replace("<svg ", '<svg role="img" ', 1)
