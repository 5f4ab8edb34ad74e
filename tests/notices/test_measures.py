import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.measures import gathered, ranks, rate
from notices.money import percentage
from notices.tables import ALL_OF_IT
from tests.notices.figures import three_towns


@pytest.mark.parametrize(
    ("part", "whole", "truncated", "half_up"),
    [
        # 龙岗区两份决算：4.1650% 写 4.16%，1.8658% 写 1.86%，都是截断。
        (41_650, 1_000_000, 416, 417),
        (18_658, 1_000_000, 186, 187),
        (2, 3, 6_666, 6_667),
        (26, 65, 4_000, 4_000),
        (0, 7, 0, 0),
    ],
)
def test_a_rate_is_cut_or_rounded_as_the_caller_says(part, whole, truncated, half_up):
    assert rate(part, whole, "truncate") == truncated
    assert rate(part, whole, "half_up") == half_up


def test_a_rate_of_nothing_is_none_and_never_zero():
    assert rate(0, 0, "truncate") is None


def test_a_negative_count_has_no_rate():
    with pytest.raises(ValueError, match="不能小于零，收到-1和5"):
        rate(-1, 5, "half_up")


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.sampled_from(["truncate", "half_up"]))
def test_a_rate_in_a_table_is_the_rate_in_the_text(part, whole, rounding):
    in_table = rate(part, whole, rounding)
    assert in_table is not None
    assert percentage(in_table, ALL_OF_IT) == percentage(part, whole, rounding)


@pytest.mark.parametrize(
    ("values", "places"),
    [
        ((90, 80, 70, 70, 60), (1, 2, 3, 3, 5)),
        ((70, 70, 70), (1, 1, 1)),
        ((10, None, 30), (2, None, 1)),
        ((), ()),
    ],
)
def test_equals_share_a_place_and_the_next_place_is_left_out(values, places):
    assert ranks(values) == places


@given(st.lists(st.integers(0, 9)))
def test_a_place_is_one_more_than_the_number_of_those_ahead(values):
    assert list(ranks(values)) == [1 + sum(o > value for o in values) for value in values]


def test_lines_of_one_place_are_added_up_and_stay_in_the_order_met():
    lines = gathered(three_towns(), ("town",))
    assert [line["town"] for line in lines] == ["城东镇", "城南街道", "城西镇"]
    assert lines[0]["determined"] == 15
    assert lines[0]["budget_fen"] == 7_268_286_00
    assert "kind" not in lines[0]
    assert gathered(three_towns(), ())[0]["collected"] == 34
