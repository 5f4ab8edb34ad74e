import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.money import DIGITS, capitals, percentage, read_capitals, ten_thousand, yuan


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        # 《支付结算办法》附件一的六个官方例
        (140_950, "壹仟肆佰零玖元伍角"),
        (600_714, "陆仟零柒元壹角肆分"),
        (168_032, "壹仟陆佰捌拾元零叁角贰分"),
        (10_700_053, "壹拾万柒仟元零伍角叁分"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (32_504, "叁佰贰拾伍元零肆分"),
    ],
)
def test_capitals_match_the_official_examples_of_the_payment_rules(fen, written):
    assert capitals(fen) == written


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        # 同六例中允许的另一种写法，以及“整”可写作“正”
        (140_950, "壹仟肆佰零玖元伍角"),
        (600_714, "陆仟零柒元壹角肆分"),
        (168_032, "壹仟陆佰捌拾元零叁角贰分"),
        (168_032, "壹仟陆佰捌拾元叁角贰分"),
        (10_700_053, "壹拾万柒仟元零伍角叁分"),
        (10_700_053, "壹拾万零柒仟元伍角叁分"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (32_504, "叁佰贰拾伍元零肆分"),
        (5_000_000, "人民币伍万元正"),
    ],
)
def test_every_lawful_form_of_capitals_is_read_as_the_same_amount(fen, written):
    assert read_capitals(written) == fen


@given(st.integers(min_value=0, max_value=10**15))
def test_what_is_written_in_capitals_is_read_back(fen):
    assert read_capitals(capitals(fen)) == fen


def test_a_character_that_is_no_capital_is_named():
    with pytest.raises(ValueError, match="中的“三”不是大写数字"):
        read_capitals("三万元整")


@pytest.mark.parametrize(
    ("fen", "places", "written"),
    [
        (4_329_670_000, 2, "4329.67"),
        (721_828_600, 4, "721.8286"),
        (565_752_000, 4, "565.752"),
        (45_630_000, 2, "45.63"),
        (20_190_818, 2, "20.19"),
        (20_190_818, 4, "20.1908"),
    ],
)
def test_ten_thousands_are_written_as_in_the_published_documents(fen, places, written):
    assert ten_thousand(fen, places) == written


@pytest.mark.parametrize(
    ("part", "rounded", "cut"), [(41_650, "4.17%", "4.16%"), (18_658, "1.87%", "1.86%")]
)
def test_a_published_rate_comes_out_by_the_rounding_it_was_made_with(part, rounded, cut):
    assert percentage(part, 1_000_000) == rounded
    assert percentage(part, 1_000_000, "truncate") == cut


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角"),
        (55, "伍角伍分"),
        (100, "壹元整"),
        (1_000, "壹拾元整"),
        (1_050, "壹拾元零伍角"),
        (10_005, "壹佰元零伍分"),
        (100_100, "壹仟零壹元整"),
        (10_000_000, "壹拾万元整"),
        (10_000_001, "壹拾万元零壹分"),
        (9_999_999, "玖万玖仟玖佰玖拾玖元玖角玖分"),
        (11_000_700, "壹拾壹万零柒元整"),
        (10_000_000_000, "壹亿元整"),
        (10_000_100_000, "壹亿零壹仟元整"),
        (10_010_000_000, "壹亿零壹拾万元整"),
        (20_000_000_000_000, "贰仟亿元整"),
        (100_000_000_000_000, "壹万亿元整"),
    ],
)
def test_capitals_write_a_run_of_zeros_once_and_end_whole_amounts_with_zheng(fen, written):
    assert capitals(fen) == written


def test_a_negative_amount_has_no_capitals():
    with pytest.raises(ValueError, match="大写金额不能为负数"):
        capitals(-1)


@given(st.integers(min_value=0, max_value=10**15))
def test_capitals_can_be_read_back_to_the_same_amount(fen):
    assert _read(capitals(fen)) == fen


def _read(written: str) -> int:
    """大写还原：the amount in 分 that a written amount stands for."""
    weights = {"拾": 10, "佰": 100, "仟": 1000}
    total = section = digit = 0
    for character in written:
        if character in DIGITS:
            digit = DIGITS.index(character)
        elif character in weights:
            section, digit = section + digit * weights[character], 0
        elif character == "万":
            section, digit = (section + digit) * 10_000, 0
        elif character == "亿":
            total, section, digit = (total + section + digit) * 10**8, 0, 0
        elif character == "元":
            total, section, digit = (total + section + digit) * 100, 0, 0
        elif character in "角分":
            total, digit = total + digit * (10 if character == "角" else 1), 0
    return total


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (0, "0.00"),
        (7, "0.07"),
        (4_986_000, "49,860.00"),
        (-150, "-1.50"),
        (10**11, f"{10**9:,}.00"),
    ],
)
def test_yuan_has_separators_and_two_decimals(fen, written):
    assert yuan(fen) == written


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (0, "0"),
        (10_000_000, "10"),
        (5_657_520_00, "565.752"),
        (721_828_600, "721.8286"),
        (100, "0.0001"),
        (49, "0"),
        (50, "0.0001"),
        (-4_986_000, "-4.986"),
        (-49, "0"),
    ],
)
def test_ten_thousands_keep_four_decimals_at_most_and_drop_trailing_zeros(fen, written):
    assert ten_thousand(fen) == written


def test_prose_may_ask_for_two_decimals():
    assert ten_thousand(4_329_670_000 + 4_000, places=2) == "4329.67"
    assert ten_thousand(4_996_000, places=0) == "5"


def test_more_than_four_decimals_of_ten_thousands_are_refused():
    with pytest.raises(ValueError, match="收到5"):
        ten_thousand(1, places=5)


def test_rates_round_half_up_and_truncate_on_request():
    assert percentage(41_650, 1_000_000) == "4.17%"
    assert percentage(41_650, 1_000_000, "truncate") == "4.16%"
    assert percentage(9667, 10_000) == "96.67%"
    assert percentage(-1, 3) == "-33.33%"
    with pytest.raises(ValueError, match="基数须大于零"):
        percentage(1, 0)
