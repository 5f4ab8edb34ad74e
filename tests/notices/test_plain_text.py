import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.plain_text import full_width, public, visible


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u2066", "\u200b", "\ufeff", "\x00", "\x07", "\u00ad"]
)
def test_characters_that_steer_the_display_unseen_are_taken_out(hidden):
    assert visible(f"预算{hidden}五万元") == "预算五万元"


def test_rare_characters_and_line_breaks_stay():
    assert visible("喆玥赟珺垚昇\r\n第二行") == "喆玥赟珺垚昇\n第二行"


def test_brackets_of_a_label_are_full_width_on_paper():
    assert full_width("各镇(区)、区、县(市)") == "各镇（区）、区、县（市）"


def test_half_of_a_character_is_replaced_so_that_the_page_can_be_saved():
    assert public("甲\ud800乙").encode() == "甲\ufffd乙".encode()


def test_identity_and_mobile_numbers_are_masked():
    assert (
        public("张某320582199001011234，13812345678。") == "张某320***************，138****5678。"
    )


@pytest.mark.parametrize(
    "number", ["0512-58000001", "ZJG-2026-0001", "49,860.00", "12345678901234"]
)
def test_office_telephones_case_numbers_and_amounts_are_left_alone(number):
    assert public(number) == number


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text):
    assert public(public(text)) == public(text)
