from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.layout import (
    TITLE_LINE,
    day_runs,
    half_characters,
    places_word,
    signature_gap,
    title_lines,
)
from notices.parts import CountedDay


def test_a_title_is_broken_between_its_parts():
    parts = ("关于湖滨社区", "云盘小区电动自行车集中充电棚建设项目", "的公示")
    assert title_lines(parts) == parts


def test_a_short_title_stays_on_one_line():
    assert title_lines(("关于", "花坛整治项目", "的公示")) == ("关于花坛整治项目的公示",)


def test_a_part_longer_than_a_line_is_divided_evenly_and_no_figure_is_torn():
    name = "云盘小区电动自行车集中充电棚建设等128个项目"
    first, second = title_lines(("关于", name, "的公示"))
    assert abs(half_characters(first) - half_characters(second)) <= 8
    assert "128" in first or "128" in second


@given(st.lists(st.text(alphabet="项目社区《》“”12aZ的", max_size=60), max_size=4))
def test_title_lines_lose_nothing_and_never_exceed_the_line(parts):
    lines = title_lines(tuple(parts))
    assert "".join(lines) == "".join(parts)
    assert all(0 < half_characters(line) <= 2 * TITLE_LINE for line in lines)


@pytest.mark.parametrize(
    ("signer", "gap"),
    [("城西办事处", 8), ("湖滨社区居民委员会", 6), ("中共张家港市杨舍镇湖滨社区总支部委员会", 0)],
)
def test_a_longer_signer_leaves_less_free_at_the_right_of_a_sealed_date(signer, gap):
    assert signature_gap(signer, date(2026, 2, 11)) == gap


def test_places_are_counted_as_people_say_them():
    assert [places_word(count) for count in (1, 2, 3, 12)] == ["一处", "两处", "三处", "12处"]


def test_days_off_in_a_row_share_a_line_and_counted_days_are_numbered():
    off = tuple(
        CountedDay(date(2026, 2, day), counted=False, reason="春节放假") for day in (15, 16, 17)
    )
    first = CountedDay(date(2026, 2, 14), counted=True, reason="调休上班")
    second = CountedDay(date(2026, 2, 24), counted=True, reason="工作日")
    assert day_runs((first, *off, second)) == (
        ("2026年2月14日", "第1日", "调休上班"),
        ("2026年2月15日至2月17日", "不计入", "春节放假"),
        ("2026年2月24日", "第2日", "工作日"),
    )
