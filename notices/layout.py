"""版式计算: the few things GB/T 9704-2012 asks for that a style sheet cannot work out itself."""

import unicodedata
from datetime import date
from itertools import accumulate, count, groupby
from typing import Final

from notices.dates import day, interval
from notices.parts import CountedDay

HALF_CHARACTERS_PER_CHARACTER: Final = 2
SEALED_DATE_GAP: Final = 4
TITLE_LINE: Final = 20
LINE_COST: Final = 400
INSIDE_COST: Final = 2_400
TORN_COST: Final = 10_000
OPENING: Final = "“《〈（「【"
CLOSING: Final = "”》〉）」】、，。；：！？"
WORDS: Final = ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十")


def half_characters(text: str) -> int:
    """字宽：the width of a text in half characters (a Chinese character is two)."""
    return sum(
        HALF_CHARACTERS_PER_CHARACTER if unicodedata.east_asian_width(character) in "WFA" else 1
        for character in text
    )


def signature_gap(signer: str, written: date) -> int:
    """盖章落款右空：half characters kept free at the right of a sealed signature.

    The date stands four characters from the edge and the signer is centred over it (7.3.5.1); a
    signer longer than the date reaches further right, so the block keeps less.
    """
    overhang = max(0, half_characters(signer) - half_characters(day(written)))
    return max(0, SEALED_DATE_GAP * HALF_CHARACTERS_PER_CHARACTER - overhang // 2)


def places_word(count: int) -> str:
    """处数：how many places, as a text says it (两处)."""
    return f"{WORDS[count]}处" if count < len(WORDS) else f"{count}处"


def title_lines(parts: tuple[str, ...], longest: int = TITLE_LINE) -> tuple[str, ...]:
    """标题回行：the lines of a title, even in length, broken between its parts where possible.

    7.3.1 asks for 词意完整、排列对称、长短适宜: every line costs by how far it falls short, a break
    inside a part costs much more, and the cheapest set of lines is taken.
    """
    text = "".join(parts)
    seams = set(accumulate(map(len, parts)))
    cheapest: list[tuple[int, int]] = [(0, 0)]
    for end in range(1, len(text) + 1):
        broken = LINE_COST + (0 if end in seams else _seam_cost(text, end))
        options = [
            (cheapest[start][0] + broken + short * short, start)
            for start in range(max(0, end - 2 * longest), end)
            if (short := 2 * longest - half_characters(text[start:end])) >= 0
        ]
        cheapest.append(min(options))
    lines: list[str] = []
    end = len(text)
    while end:
        start = cheapest[end][1]
        lines.append(text[start:end])
        end = start
    return tuple(reversed(lines))


def _seam_cost(text: str, at: int) -> int:
    """断行代价：dearer still where a figure, a word or a bracket would be torn from its own."""
    before, after = text[at - 1], text[at]
    torn = before.isascii() and after.isascii()
    return TORN_COST if torn or before in OPENING or after in CLOSING else INSIDE_COST


def day_runs(days: tuple[CountedDay, ...]) -> tuple[tuple[str, str, str], ...]:
    """逐日计算表：counted days one by one with their place, days off in a row as one line."""
    place = count(1)
    rows: list[tuple[str, str, str]] = []
    for (counted, reason), run in groupby(days, lambda item: (item.counted, item.reason)):
        found = [item.day for item in run]
        if counted:
            rows.extend((day(each), f"第{next(place)}日", reason) for each in found)
        else:
            rows.append((interval(found[0], found[-1]), "不计入", reason))
    return tuple(rows)
