from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from notices.layout import half_characters
from notices.table_layout import (
    LANDSCAPE,
    LONGEST_CELL,
    PADDING,
    PORTRAIT,
    SCALE,
    fit,
    laid_out,
    outgrows_body,
)
from notices.tables import Column, Table, printed
from tests.notices.official_examples import FUNDS, PROGRESS


def test_no_figure_of_a_wide_table_is_broken():
    for table, room in ((FUNDS, PORTRAIT), (PROGRESS, LANDSCAPE)):
        fitted = fit(table)
        for place, column in enumerate(table.columns):
            held = fitted.shares[place] * room / SCALE - PADDING + fitted.size / 2
            if column.kind != "text":
                for value in table.column(column.key):
                    width = half_characters(printed(column, value)) * fitted.size / 2
                    assert width <= held


@given(st.lists(st.integers(min_value=1, max_value=60), min_size=1, max_size=24))
def test_shares_always_make_up_the_whole_width(lengths):
    columns = tuple(
        Column(f"c{place}", "栏" * (length % 9 + 1)) for place, length in enumerate(lengths)
    )
    table = Table("表", columns, (tuple("字" * length for length in lengths),))
    fitted = fit(table)
    assert sum(fitted.shares) == SCALE
    assert min(fitted.shares) > 0


def test_a_table_of_few_short_columns_is_set_in_the_size_of_a_form():
    table = Table("表", (Column("a", "名次"), Column("b", "镇")), (("1", "甲镇"),))
    assert fit(table).size == 14


def test_a_long_label_is_broken_evenly_and_before_a_bracket_at_best():
    heads = [cell.text for line in laid_out(PROGRESS).head for cell in line]
    assert ("期初", "在办") in heads
    columns = tuple(Column(f"c{place}", "年度项目（件）", "count") for place in range(9))
    table = Table("表", columns, ((1,) * 9,))
    assert laid_out(table).head[0][0].text == ("年度项目", "（件）")


def test_the_word_total_stands_across_the_columns_that_hold_nothing_else():
    first, *others = laid_out(FUNDS).total
    assert (first.text, first.columns) == ("合计", 3)
    assert [cell.text for cell in others] == ["729.1647", "502", "227.1647", "/"]


def test_a_table_without_a_total_has_no_total_line():
    assert laid_out(replace(FUNDS, total=None)).total == ()


def test_a_column_may_ask_for_its_width():
    narrow = Table("表", (Column("a", "甲", width=20), Column("b", "乙")), (("一", "一"),))
    first, second = fit(narrow).shares
    assert first > 3 * second


def test_words_too_many_for_a_cell_are_given_in_full_below_the_table():
    long = "雨季停工，" * 400
    table = Table("表", (Column("a", "项目"), Column("b", "存在问题")), (("甲", "/"), ("乙", long)))
    sheet = laid_out(table)
    [note] = sheet.table.notes
    assert note == f"第2行“存在问题”全文：{long}"
    assert sheet.rows[1][1].text == f"{long[:LONGEST_CELL]}……（全文见注）"
    noted = laid_out(replace(table, notes=("口径",)))
    assert noted.rows[1][1].text.endswith("（全文见注2）")


def test_a_table_that_fits_a_page_stays_in_the_body():
    assert not outgrows_body(FUNDS)
    assert outgrows_body(PROGRESS), "it lies on its side"
    assert outgrows_body(replace(FUNDS, rows=FUNDS.rows * 12, total=None))


def test_decimal_points_of_a_column_in_ten_thousands_stand_below_each_other():
    rooms = [[cell.room for cell in row[3:6]] for row in laid_out(FUNDS).rows]
    assert rooms == [["0", "", "0"], ["", "", ""], ["", "", ""]]
    column = (Column("a", "金额", "money_wan"),)
    table = Table("表", column, ((150_830_000,), (2_000_000,), (None,)))
    assert [row[0].room for row in laid_out(table).rows] == ["", ".00", ""]


def test_a_serial_number_is_not_broken_however_many_columns_share_the_page():
    words = tuple(Column(f"c{place}", "存在问题", width=14) for place in range(7))
    table = Table(
        "表", (Column("n", "序号", width=2), *words), (("1", *["/"] * 7),), landscape=True
    )
    assert laid_out(table).head[0][0].text == ("序号",)
