"""单元格读法：金额、日期、人数、是否，各种写法读出同一个值，读不懂的不猜。"""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas import cells
from schemas.cells import UNREAD
from tests.schemas.workbooks import full_width

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("cell", "unit", "fen"),
    [
        (Decimal(45000), "元", 4_500_000),
        (Decimal("45000.01"), "元", 4_500_001),
        (Decimal("4.5"), "万元", 4_500_000),
        (Decimal("9.9999"), "万元", 9_999_900),
        (Decimal("0.30000000000000004"), "万元", 300_000),
        ("45,000.50", "元", 4_500_050),
        (full_width("45,000.50"), "元", 4_500_050),
        (" ￥45 000 元整 ", "元", 4_500_000),
        ("4.5万元", "元", 4_500_000),
        ("4.5万", "元", 4_500_000),
        ("45000元", "万元", 4_500_000),
        ("人民币45000", "元", 4_500_000),
        ("0", "元", 0),
        (None, "元", None),
        ("   ", "元", None),
    ],
)
def test_an_amount_is_read_to_the_fen_whatever_way_it_is_written(cell, unit, fen):
    assert cells.amount(cell, unit) == fen


UNPLAIN = [
    *("约4.5万", "十二万", "-5", "1,00", "45000.005", "4.5万元左右", "NaN", "1e5"),
    *(full_width("4.5.5"), Decimal(-1), Decimal("0.001"), Decimal("NaN"), Decimal("1e20")),
    *(True, date(2026, 3, 5)),
]


@pytest.mark.parametrize("cell", UNPLAIN)
def test_an_amount_that_is_not_plain_is_not_guessed(cell):
    assert cells.amount(cell, "元") is UNREAD


@given(st.integers(0, 10**13))
@example(0)
@example(10_000_000)
def test_every_whole_fen_survives_every_way_of_writing_it(fen):
    yuan, wan = Decimal(fen).scaleb(-2), Decimal(fen).scaleb(-6)
    spelled: list[tuple[cells.Raw, str]] = [
        (f"{yuan:f}", "元"),
        (f"{yuan:,f}", "元"),
        (full_width(f"{yuan:f}"), "元"),
        (f"¥{yuan:,f}元", "万元"),
        (f"{wan:f}", "万元"),
        (f"{wan:f}万元", "元"),
        (yuan, "元"),
        (wan, "万元"),
    ]
    assert {cells.amount(cell, unit) for cell, unit in spelled} == {fen}


@given(st.integers(0, 10**11))
def test_an_amount_kept_by_the_spreadsheet_as_a_binary_number_is_still_exact(fen):
    kept = Decimal(repr(float(Decimal(fen).scaleb(-2))))
    assert cells.amount(kept, "元") == fen


NUMBERS = st.floats(allow_nan=False, allow_infinity=False).map(repr).map(Decimal)


@given(st.text() | NUMBERS | st.booleans() | st.none() | st.dates() | st.datetimes())
def test_no_cell_makes_a_reader_fail(cell):
    for read in (cells.day, cells.count, cells.phone, cells.email, cells.text, cells.name):
        read(cell)
    amount = cells.amount(cell, "万元")
    assert amount in (None, UNREAD) or amount >= 0
    assert len(cells.shown(cell)) <= 61


@given(DAYS)
@example(date(2000, 1, 1))
@example(date(2024, 2, 29))
def test_a_date_is_the_same_day_in_every_common_spelling(day):
    year, month, number = day.year, day.month, day.day
    spelled = [
        f"{year}-{month}-{number}",
        f"{year}-{month:02d}-{number:02d} 00:00:00",
        f"{year}年{month}月{number}日",
        f"{year} 年 {month} 月 {number} 号",
        f"{year}/{month}/{number}",
        f"{year}.{month}.{number}",
        f"{year}{month:02d}{number:02d}",
        full_width(f"{year}年{month}月{number}日"),
        Decimal((day - date(1899, 12, 30)).days),
        Decimal(f"{year}{month:02d}{number:02d}"),
        day,
        datetime(year, month, number, 9, 30),  # noqa: DTZ001
    ]
    assert {cells.day(cell) for cell in spelled} == {day}


@given(DAYS, st.integers(1, 86_399))
def test_the_time_of_day_in_a_serial_number_does_not_move_the_date(day, seconds):
    fraction = Decimal(seconds) / Decimal(86_400)
    serial = Decimal((day - date(1899, 12, 30)) // timedelta(days=1)) + fraction
    assert cells.day(serial) == day


@pytest.mark.parametrize(
    "cell",
    ["2026-2-30", "2026年3月", "3月5日", "20261305", "2026-3/5", "上旬", "1899-12-31", "2100-1-1",
     Decimal(-1), Decimal(5), Decimal("1e9"), True],
)  # fmt: skip
def test_a_date_that_does_not_exist_or_is_incomplete_is_not_guessed(cell):
    assert cells.day(cell) is UNREAD


@pytest.mark.parametrize(
    ("cell", "number"),
    [(Decimal(12), 12), (full_width("12") + "人", 12), ("3,605户", 3605), ("0", 0), (None, None)],
)
def test_people_and_households_are_counted_in_whole_numbers(cell, number):
    assert cells.count(cell) == number


@pytest.mark.parametrize("cell", [Decimal("1.5"), "一半", "-3", True, date(2026, 3, 5)])
def test_half_a_person_is_not_a_count(cell):
    assert cells.count(cell) is UNREAD


@pytest.mark.parametrize("cell", ["13800000000", "0512-58681234", "58681234", Decimal(13800000000)])
def test_mobile_and_landline_numbers_are_telephone_numbers(cell):
    assert isinstance(cells.phone(cell), str)


@pytest.mark.parametrize("cell", ["12345", "138000000001", "问社区", "23800000000"])
def test_other_digits_are_no_telephone_number(cell):
    assert cells.phone(cell) is UNREAD


def test_yes_and_no_have_known_words_and_nothing_else_is_either():
    words = {"yes": ["是", "√", "Y"], "no": ["否", "N"]}
    assert cells.yes_or_no(" 是 ", **words) is True
    assert cells.yes_or_no("n", **words) is False
    assert cells.yes_or_no(None, **words) is None
    assert cells.yes_or_no("也许", **words) is UNREAD


def test_the_same_name_in_full_width_or_with_blanks_is_one_name():
    assert cells.name("　示例 社区" + full_width("1") + " ") == "示例社区1"


def test_words_are_compared_without_quotes_brackets_and_endings():
    same = {"工程类", "工程", " 工程 类 ", "工程类（含修缮）"}
    assert {cells.plain(word) for word in same} == {"工程"}
    assert cells.plain("社区治理营造项目") == cells.plain("社区治理营造")


def test_a_shown_value_has_no_invisible_characters_and_is_not_endless():
    assert cells.shown("甲\u202e乙\r\n丙\u200b") == "甲�乙��丙�"
    assert cells.shown("长" * 100) == "长" * 60 + "…"
