from collections.abc import Sequence

import pytest

from notices.blocks import (
    Attachment,
    Line,
    Paragraph,
    TableBlock,
    chinese_number,
    numbered,
)
from tests.notices.official_examples import FUNDS, PROGRESS


def lines_of(paragraphs: Sequence[Paragraph]) -> list[Line]:
    return [line for line in numbered(paragraphs) if isinstance(line, Line)]


def test_levels_are_numbered_anew_under_each_head():
    levels = (1, 2, 3, 4, 4, 3, 2, 3, 1, 2)
    marks = [line.mark for line in lines_of([Paragraph(level, "内容") for level in levels])]
    assert marks == [
        "一、",
        "（一）",
        "1.",
        "（1）",
        "（2）",
        "2.",
        "（二）",
        "1.",
        "二、",
        "（一）",
    ]


def test_a_level_may_be_left_out():
    marks = [line.mark for line in lines_of([Paragraph(1, "甲"), Paragraph(3, "乙")])]
    assert marks == ["一、", "1."]


@pytest.mark.parametrize(
    ("level", "typed"),
    [(1, "三、总体情况"), (2, "（五）总体情况"), (3, "7.总体情况"), (4, "(2)总体情况")],
)
def test_a_mark_that_was_typed_is_set_anew(level, typed):
    (line,) = lines_of([Paragraph(level, typed)])
    assert line.heading + line.rest == "总体情况"


def test_an_amount_at_the_beginning_is_not_taken_for_a_mark():
    (line,) = lines_of([Paragraph(3, "2.5万元用于照明")])
    assert line.rest == "2.5万元用于照明"


def test_the_words_up_to_the_first_stop_are_the_heading_where_more_follows():
    lines = tuple(
        lines_of(
            [Paragraph(2, "按比例配套。一比一。"), Paragraph(1, "总体情况"), Paragraph(1, "同意。")]
        )
    )
    assert [(line.heading, line.rest) for line in lines] == [
        ("按比例配套。", "一比一。"),
        ("总体情况", ""),
        ("", "同意。"),
    ]


def test_there_are_four_levels():
    with pytest.raises(ValueError, match="最多4层，收到第5层"):
        Paragraph(5, "内容")


def test_numbers_are_written_as_people_say_them():
    said = [chinese_number(number) for number in (1, 10, 11, 20, 34)]
    assert said == ["一", "十", "十一", "二十", "三十四"]
    with pytest.raises(ValueError, match="收到100"):
        chinese_number(100)


def test_an_attachment_lies_on_its_side_if_its_table_does():
    assert not Attachment("表", FUNDS).landscape
    assert Attachment("表", None, (TableBlock(PROGRESS),)).landscape
    assert Attachment("表", file="表.xlsx").content == ()
