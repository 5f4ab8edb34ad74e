"""排行: Chinese text is broken where it may be, and always fits."""

from io import StringIO

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from deployments.terminal.lines import (
    CLOSING,
    CLOSING_WIDTH,
    OPENING,
    broken,
    lean_table,
    named,
    say,
)

QUOTE = "依据：第十条 ZJG-10g（应/不得）“工程类项目应在一周内启动施工、6个月内完工”"


def terminal(width: int) -> Console:
    return Console(width=width, record=True, color_system=None, file=StringIO())


def test_a_line_ends_anywhere_but_not_within_a_number_or_word() -> None:
    lines = list(broken(QUOTE, 18))
    assert any("ZJG-10g" in line for line in lines)
    assert "".join(lines).replace(" ", "") == QUOTE.replace(" ", "")


def test_no_line_begins_with_a_closing_mark_nor_ends_with_an_opening_one() -> None:
    for width in range(20, 60):
        lines = list(broken(QUOTE, width))
        assert not [line for line in lines[1:] if line[0] in CLOSING]
        assert not [line for line in lines[:-1] if line[-1] in OPENING]


@given(st.text("市民生微实事，。（）“”ab 1", max_size=80), st.integers(20, 60))
def test_nothing_is_lost_and_every_line_fits(text: str, width: int) -> None:
    lines = list(broken(text, width))
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    marks = sum(letter in CLOSING for letter in text)
    assert all(cell_len(line) <= width + CLOSING_WIDTH * marks for line in lines)


def test_further_lines_stand_below_the_text_not_below_the_name() -> None:
    out = terminal(30)
    named(out, "内容", "更换凉亭座椅八组，修补地面，增设照明")
    first, *further = out.export_text().splitlines()
    assert first.startswith("  内容　更换")
    assert further
    assert all(line.startswith(" " * 8) and line[8] != " " for line in further)


def test_no_line_is_wider_than_a_telephone() -> None:
    out = terminal(44)
    say(out, QUOTE, indent=4)
    assert all(cell_len(line) <= 44 for line in out.export_text().splitlines())


def test_a_lean_table_cuts_nothing_off() -> None:
    out = terminal(24)
    table = lean_table("名称", "说明")
    table.add_row("项目公示", "在社区显眼位置和电子媒体上公示")
    out.print(table)
    text = out.export_text().replace(" ", "").replace("\n", "")
    assert "…" not in text
    assert sum(text.count(letter) for letter in "媒体") == 2
