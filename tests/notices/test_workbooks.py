import re
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from notices.cell_styles import text_width
from notices.layout import half_characters
from notices.tables import Column, CrookedTableError, Entry, Row, Table, sums
from notices.workbooks import HIGHEST, LINE_HEIGHT, write_workbook

MADE_ON = date(2026, 11, 3)
COLUMNS = (
    Column("place", "社区"),
    Column("begun", "首个开工日", "date"),
    Column("new", "本月新增", "count", group="项目数"),
    Column("done", "本月完成", "count", group="项目数"),
    Column("rate", "按时率", "percent"),
    Column("budget", "预算（万元）", "money_wan"),
    Column("paid", "已付（元）", "money_yuan"),
)
ROWS: tuple[Row, ...] = (
    ("城南社区", date(2026, 3, 5), 3, 1, 9_667, 7_218_286_00, 1_234_567_89),
    ("=1+1", None, 2, None, None, 50_000_00, 5),
    ("垚昇社区", date(2026, 11, 12), 0, 0, 10_000, 20_19_00, 0),
)
HEADS = (Entry("填报单位（盖章）", "城东镇"), Entry("统计截止", "2026年10月31日24时"))
FEET = (Entry("单位负责人"), Entry("审核人"), Entry("填表人", "李　明"), Entry("联系电话"))


def table(rows: Sequence[Row] = ROWS, caption: str = "项目实施情况月报表") -> Table:
    made = Table(caption, COLUMNS, tuple(rows), None, "单位：万元", HEADS, FEET)
    return replace(made, total=sums(made))


def read(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content)).worksheets[0]


def part(content: bytes, name: str) -> str:
    with ZipFile(BytesIO(content)) as archive:
        return archive.read(name).decode()


def test_a_sheet_holds_title_heads_unit_rows_total_and_feet_in_the_order_of_a_paper_form():
    lines = read(write_workbook([table()], made_on=MADE_ON))
    assert lines[0][0] == "项目实施情况月报表"
    assert lines[1][0] == "填报单位（盖章）：城东镇　　　　统计截止：2026年10月31日24时"
    assert lines[2][0] == "单位：万元"
    assert lines[3] == ["社区", "首个开工日", "项目数", "", "按时率", "预算（万元）", "已付（元）"]
    assert lines[4] == ["", "", "本月新增", "本月完成", "", "", ""]
    assert lines[5] == ["城南社区", date(2026, 3, 5), 3, 1, 0.9667, 721.8286, 1_234_567.89]
    assert lines[6] == ["=1+1", "/", 2, "/", "/", 5, 0.05]
    assert lines[8] == ["合计", "/", 5, 1, "/", 727.0305, 1_234_567.94]
    assert lines[9][0].startswith("单位负责人：　　　　　　　　审核人：")


def test_the_total_is_a_formula_over_the_rows_and_carries_its_result():
    sheet = opened(write_workbook([table()], made_on=MADE_ON))
    assert [cell.value for cell in sheet[9]] == [
        "合计",
        "/",
        "=SUM(C6:C8)",
        "=SUM(D6:D8)",
        "/",
        "=SUM(F6:F8)",
        "=SUM(G6:G8)",
    ]


def test_a_total_that_is_not_the_sum_of_its_rows_is_refused_with_both_numbers():
    wrong = Table("月报表", (Column("new", "新增", "count"),), ((1,), (2,)), total=(4,))
    with pytest.raises(CrookedTableError, match="新增”各行相加为3，合计却写4"):
        write_workbook([wrong], made_on=MADE_ON)


def test_a_total_that_cannot_be_added_up_stands_as_a_number():
    columns = (Column("kind", "类别"), Column("towns", "镇数", "count", additive=False))
    given = Table("镇数表", columns, (("工程类", 3), ("服务类", 2)), total=("合计", 3))
    assert opened(write_workbook([given], made_on=MADE_ON))["B5"].value == 3


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "=cmd|' /C calc'!A0"])
def test_text_that_looks_like_a_formula_stays_the_text_it_was(sign):
    given = table(rows=((f"{sign}1", *ROWS[0][1:]),))
    content = write_workbook([given], made_on=MADE_ON)
    assert read(content)[5][0] == f"{sign}1"
    cell = opened(content)["A6"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert "<f>" not in part(content, "xl/worksheets/sheet1.xml").split("A6")[1].split("</c>")[0]


@settings(max_examples=60)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zl", "Zp"])))
def test_visible_text_comes_back_as_it_was_written(text):
    given = Table("表", (Column("words", "文字"),), ((f"甲{text}乙",),))
    assert read(write_workbook([given], made_on=MADE_ON))[2][0] == f"甲{text}乙"


def test_what_nobody_may_see_or_publish_is_not_written_either():
    given = Table("表", (Column("words", "文字"),), (("联系13812345678\u202e左右\ud800",),))
    assert read(write_workbook([given], made_on=MADE_ON))[2][0] == "联系138****5678左右\ufffd"


@settings(max_examples=60)
@given(st.lists(st.integers(-(10**13), 10**13), min_size=1, max_size=9))
def test_every_amount_comes_back_to_the_fen_in_yuan_and_in_ten_thousands(amounts):
    columns = (Column("wan", "万元", "money_wan"), Column("yuan", "元", "money_yuan"))
    rows = tuple((amount, amount) for amount in amounts)
    given = Table("金额表", columns, rows, total=(sum(amounts), sum(amounts)))
    lines = read(write_workbook([given], made_on=MADE_ON))[2:]
    assert [round(line[0] * 1_000_000) for line in lines] == [*amounts, sum(amounts)]
    assert [round(line[1] * 100) for line in lines] == [*amounts, sum(amounts)]


def test_numbers_are_shown_as_documents_write_them():
    sheet = opened(write_workbook([table()], made_on=MADE_ON))
    assert [sheet.cell(6, at).number_format for at in range(2, 8)] == [
        "yyyy-m-d",
        "0",
        "0",
        "0.00%",
        "0.0000",
        "#,##0.00",
    ]
    # 5万元 has no decimals, and no point without them either.
    assert sheet["F7"].number_format == "0"
    assert sheet["F8"].number_format == "0.0000"


def test_heads_are_merged_over_their_groups_frozen_and_repeated_on_every_page():
    sheet = opened(write_workbook([table()], made_on=MADE_ON))
    merged = {str(cells) for cells in sheet.merged_cells.ranges}
    assert {"A1:G1", "A4:A5", "C4:D4", "G4:G5"} <= merged
    assert not any(cells.startswith(("C5", "D5")) for cells in merged)
    assert sheet.freeze_panes == "A6"
    assert sheet.print_title_rows == "$4:$5"


def test_the_sheet_prints_on_landscape_a4_one_page_wide_with_page_numbers():
    sheet = opened(write_workbook([table()], made_on=MADE_ON))
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    # One page wide is what a workbook means where it names no width.
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_area == "'项目实施情况月报表'!$A$1:$G$10"
    assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"
    assert sheet.auto_filter.ref is None


def test_a_table_of_few_columns_is_spread_so_that_its_title_has_room():
    given = Table(
        "城南社区健身步道及周边绿化提升改造项目清单",
        (Column("a", "甲"), Column("b", "乙", width=9)),
        (),
    )
    sheet = opened(write_workbook([given], made_on=MADE_ON))
    widths = [sheet.column_dimensions[letter].width for letter in ("A", "B")]
    assert sum(widths) == pytest.approx(100, abs=3)
    assert sheet.row_dimensions[1].height == 30


def test_columns_are_as_wide_as_their_longest_cell_and_never_wider_than_a_page_bears():
    long = "城南社区健身步道及周边绿化提升改造工程" * 4
    sheet = opened(write_workbook([table(rows=((long, *ROWS[0][1:]),))], made_on=MADE_ON))
    assert sheet.column_dimensions["A"].width == pytest.approx(42, abs=1)
    assert sheet.column_dimensions["G"].width == pytest.approx(len("1,234,567.89") + 2, abs=1)
    assert sheet["A6"].alignment.wrap_text


@settings(max_examples=60)
@given(st.text("甲乙丙，。（）“”—abc 123-"))
def test_the_quick_width_of_a_text_is_its_width_in_half_characters(text):
    assert text_width(text) == half_characters(text)


def test_the_same_tables_of_the_same_day_give_the_same_bytes_at_any_time():
    first = write_workbook([table(), table()], made_on=MADE_ON)
    with time_machine.travel(datetime(2031, 5, 6, tzinfo=UTC)):
        assert write_workbook([table(), table()], made_on=MADE_ON) == first


def test_the_properties_carry_the_title_and_the_day_but_no_person():
    core = part(write_workbook([table()], made_on=MADE_ON), "docProps/core.xml")
    assert "<dc:title>项目实施情况月报表</dc:title>" in core
    assert "<dc:creator></dc:creator>" in core
    assert set(re.findall(r"\d{4}-\d\d-\d\d", core)) == {"2026-11-03"}


def test_every_table_has_a_sheet_of_its_own_with_a_name_a_workbook_allows():
    long = "关于城东镇民生项目实施情况及资金使用情况的月报表（二〇二六年十月）"
    given = [table(caption=words) for words in (long, long, "实施[1]/资金:*?", "'")]
    names = CalamineWorkbook.from_filelike(
        BytesIO(write_workbook(given, made_on=MADE_ON))
    ).sheet_names
    assert names == [long[:31], f"{long[:28]}（2）", "实施1资金", "表"]


def test_a_table_without_rows_says_so_and_still_adds_up():
    content = write_workbook([table(rows=())], made_on=MADE_ON)
    assert read(content)[5][0] == "无"
    assert read(content)[6] == ["合计", "/", 0, 0, "/", 0, 0]


def test_a_workbook_of_nothing_is_refused():
    with pytest.raises(CrookedTableError, match="没有可写的报表"):
        write_workbook([], made_on=MADE_ON)


def test_a_text_that_no_cell_holds_is_refused_and_not_cut_off():
    given = Table("表", (Column("words", "问题"),), (("长" * 40_000,),))
    with pytest.raises(CrookedTableError, match="“问题”有一处40000字，一格容不下"):
        write_workbook([given], made_on=MADE_ON)


def test_a_line_is_as_high_as_its_longest_text_and_never_higher_than_a_sheet_bears():
    causes = ("雨季停工", "雨季停工，工期顺延，" * 6, "雨季停工，" * 400)
    made = Table(
        "进度", (Column("a", "项目"), Column("b", "原因")), tuple(("甲", c) for c in causes)
    )
    sheet = opened(write_workbook([made], made_on=MADE_ON))
    heights = [sheet.row_dimensions[line].height for line in (3, 4, 5)]
    assert heights == [None, 2 * LINE_HEIGHT, pytest.approx(HIGHEST, abs=0.5)]
    assert sheet["B5"].value == causes[2], "the cell holds all of it"


def test_a_long_table_is_written_without_holding_its_cells_in_memory():
    rows = tuple((f"{ROWS[at % 3][0]}{at}", *ROWS[at % 3][1:]) for at in range(5_000))
    given = table(rows=rows)
    tracemalloc.start()
    content = write_workbook([given], made_on=MADE_ON)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak - len(content) < 2_000_000
    assert len(read(content)) == 5_000 + 7


def test_serial_numbers_and_ranks_can_be_sorted_and_other_digits_stay_words():
    columns = (Column("number", "序号"), Column("rank", "名次"), Column("phone", "电话"))
    sheet = opened(write_workbook([Table("表", columns, (("1", "12", "0512"),))], made_on=MADE_ON))
    assert [cell.value for cell in sheet[3]] == [1, 12, "0512"]
