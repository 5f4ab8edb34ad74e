"""User text that reaches Prefect's pages is short, plain and without effect."""

from hypothesis import given
from hypothesis import strategies as st

from tasks.wording import markdown, plain


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_a_line_is_never_longer_than_its_limit(text: str, limit: int) -> None:
    assert len(plain(text, limit)) <= limit


@given(st.text())
def test_a_line_has_no_breaks_and_no_invisible_marks(text: str) -> None:
    line = plain(text, 200)
    assert all(character == " " or character.isprintable() for character in line)


def test_a_name_that_turns_the_direction_of_writing_is_straightened() -> None:
    assert plain("车棚\u202e\u200b改造\r\n第二期", 40) == "车棚 改造 第二期"


def test_a_long_title_ends_in_an_ellipsis() -> None:
    assert plain("塘市花苑非机动车停放点改造", 6) == "塘市花苑非…"


@given(st.text())
def test_a_page_holds_no_tag_whatever_people_wrote(text: str) -> None:
    assert "<" not in markdown(text, 1000)


def test_a_page_keeps_its_lines_and_its_limit() -> None:
    assert markdown("# 一\n\n<b>二</b>", 100) == "# 一\n\n&lt;b>二&lt;/b>"
    assert markdown("一二三四", 3) == "一二…"
