"""认表：表名、列名、单位、表头位置的各种写法都认得，认不出的说出来，不悄悄丢掉。"""

from decimal import Decimal

import pytest
import xlsxwriter

from schemas.cells import plain
from schemas.findings import check_workbook
from schemas.layout import load_layout
from schemas.rows import Checked
from schemas.workbook import options
from tests.schemas.workbooks import (
    Grids,
    check,
    choices,
    clean_grids,
    column_at,
    full_width,
    places,
    plant,
)

S, ORG = "项目建议", "机构与社区"


@pytest.fixture
def grids():
    return clean_grids()


def rename(grids: Grids, sheet: str, column: str, title: str | None) -> None:
    grids[sheet][1][column_at(grids, sheet, column)] = title


def budgets(checked: Checked) -> list[int]:
    return [row.budget for row in checked.suggestions]


def budgets_of(grids: Grids) -> list[int]:
    at = column_at(grids, S, "资金预算")
    return [int(row[at].scaleb(2)) for row in grids[S][2:]]


def in_wan(grids: Grids) -> None:
    at = column_at(grids, S, "资金预算")
    for row in grids[S][2:]:
        row[at] = row[at].scaleb(-4)


@pytest.mark.parametrize(
    "title",
    [
        "预算（元）",
        "资金预算\n(元)",
        "预算金额(元)",
        "经费/元",
        full_width("*") + "经费（单位：元）",
    ],
)
def test_synonyms_of_a_header_are_the_same_column(tmp_path, grids, title):
    expected = budgets_of(grids)
    rename(grids, S, "资金预算", title)
    checked = check(tmp_path, grids)
    assert checked.clean
    assert budgets(checked) == expected


@pytest.mark.parametrize("title", ["资金预算(万元)", "预算 （ 万元 ）", "经费（单位：万元）"])
def test_a_header_in_ten_thousands_counts_in_ten_thousands(tmp_path, grids, title):
    expected = budgets_of(grids)
    in_wan(grids)
    rename(grids, S, "资金预算", title)
    checked = check(tmp_path, grids)
    assert checked.clean
    assert budgets(checked) == expected


def test_the_unit_may_stand_above_the_table(tmp_path, grids):
    expected = budgets_of(grids)
    in_wan(grids)
    grids[S][0] = ["建议汇总表", None, "单位：万元"]
    rename(grids, S, "资金预算", "预算")
    assert budgets(check(tmp_path, grids)) == expected


def test_a_money_column_without_any_unit_is_asked_about_and_not_guessed(tmp_path, grids):
    rename(grids, S, "资金预算", "预算")
    checked = check(tmp_path, grids)
    assert places(checked) == {(S, 2, "资金预算", "form.unit")}
    assert checked.suggestions == ()


def test_cells_that_name_their_own_unit_need_none_in_the_header(tmp_path, grids):
    rename(grids, S, "资金预算", "预算")
    at = column_at(grids, S, "预算")
    for row in grids[S][2:]:
        row[at] = "4.5万元"
    checked = check(tmp_path, grids)
    assert checked.clean
    assert set(budgets(checked)) == {4_500_000}


def test_titles_blank_rows_totals_and_signatures_are_not_data(tmp_path, grids):
    expected = len(grids[S]) - 2
    grids[S][:1] = [["示例市"], [], ["填报单位：示例镇", None, "2026年3月"], []]
    grids[S] += [[], ["合计", *[None] * 7, Decimal(1)], ["填表人：示例", None, "审核人：示例"]]
    checked = check(tmp_path, grids)
    assert checked.clean
    assert len(checked.suggestions) == expected
    assert checked.suggestions[0].row == 6


def test_sheet_names_have_synonyms_too(tmp_path, grids):
    renamed = {"项目建议汇总表" if name == S else f" {name} ": rows for name, rows in grids.items()}
    assert check(tmp_path, renamed).clean


def test_an_unknown_sheet_with_content_is_reported_and_a_note_is_not(tmp_path, grids):
    extra = {**grids, "填表说明": [["请按说明填写"]], "空白": [], "建议二": [["甲", "乙"]]}
    assert places(check(tmp_path, extra)) == {("建议二", 0, "", "form.sheet")}


def test_a_sheet_given_twice_is_reported(tmp_path, grids):
    twice = {**grids, "建议汇总表": grids[S]}
    assert places(check(tmp_path, twice)) == {("建议汇总表", 0, "", "form.sheet")}


def test_a_workbook_without_content_says_so(tmp_path):
    (finding,) = check(tmp_path, {"项目建议": []}).findings
    assert finding.rule == "form.sheet"
    assert "没有内容" in finding.sentence


def test_a_sheet_without_a_header_says_which_columns_it_needs(tmp_path, grids):
    grids[S][1] = ["甲", "乙", "丙"]
    (finding,) = check(tmp_path, grids).findings
    assert (finding.sheet, finding.rule) == (S, "form.header")
    assert "项目名称" in finding.sentence


def test_a_missing_required_column_is_reported_once_not_per_row(tmp_path, grids):
    rename(grids, S, "项目内容", None)
    at = 5
    for row in grids[S][2:]:
        row[at] = None
    assert places(check(tmp_path, grids)) == {(S, 2, "项目内容", "form.column")}


def test_a_column_nobody_knows_is_reported_when_it_has_content(tmp_path, grids):
    grids[S][1] += ["备注", "空着的列", "负责领导"]
    grids[S][2] += ["随便写", None, "某某"]
    assert places(check(tmp_path, grids)) == {(S, 2, "负责领导", "form.column")}


def test_a_column_given_twice_is_reported(tmp_path, grids):
    grids[S][1] += ["预算（元）"]
    assert places(check(tmp_path, grids)) == {(S, 2, "资金预算", "form.column")}


def test_a_broken_organisation_sheet_does_not_blame_every_row_that_refers_to_it(tmp_path, grids):
    rename(grids, ORG, "类型", None)
    for row in grids[ORG][2:]:
        row[1] = None
    assert places(check(tmp_path, grids)) == {(ORG, 2, "类型", "form.column")}


def test_a_community_merged_over_several_rows_counts_for_each(tmp_path, grids):
    path = tmp_path / "a.xlsx"
    at = column_at(grids, S, "社区")
    for row in grids[S][2:5]:
        row[at] = None
    with xlsxwriter.Workbook(path) as workbook:
        for name, rows in grids.items():
            worksheet = workbook.add_worksheet(name)
            dated = workbook.add_format({"num_format": "yyyy-mm-dd"})
            if name == S:
                worksheet.merge_range(2, at, 4, at, "汤联社区")
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if cell is not None:
                        worksheet.write(row, column, cell, dated if hasattr(cell, "year") else None)
    checked = check_workbook(path, choices())
    assert checked.clean
    assert [row.community for row in checked.suggestions[:3]] == ["汤联社区"] * 3


def test_choices_may_be_written_with_or_without_endings_quotes_and_lists(tmp_path, grids):
    for row, word in [(3, "消除安全隐患项目"), (4, " 居民关爱 公益 "), (5, "safety_hazards")]:
        plant(grids, S, row, "项目类别", word)
    for row, word in [(3, "居民群众"), (4, "社会组织"), (5, "两代表一委员")]:
        plant(grids, S, row, "建议来源", word)
    plant(grids, S, 3, "项目类型", "工程")
    checked = check(tmp_path, grids)
    assert checked.clean
    assert [row.category for row in checked.suggestions[:3]] == [
        "safety_hazards", "resident_care", "safety_hazards",
    ]  # fmt: skip
    assert [row.source for row in checked.suggestions[:3]] == [
        "residents", "organisations", "delegates",
    ]  # fmt: skip


def test_no_two_columns_of_a_sheet_and_no_two_sheets_share_a_name():
    layout = load_layout()
    sheets = [
        plain(name) for sheet in layout.sheets.values() for name in (sheet.title, *sheet.also)
    ]
    assert len(sheets) == len(set(sheets))
    for sheet in layout.sheets.values():
        names = [
            plain(n) for column in sheet.columns.values() for n in (column.title, *column.also)
        ]
        assert len(names) == len(set(names)), sheet.title


def test_no_two_options_share_a_spelling():
    for reads, known in options(choices()).items():
        labels = [plain(label) for label in known.values()]
        assert len(labels) == len(set(labels)), reads
