"""退回的工作簿：原值不变，有问题的格涂色并批注，任何文字都不会成为公式。"""

import zipfile

import openpyxl
import pytest

from schemas.findings import check_workbook, write_marked_workbook
from schemas.reading import read_grids
from tests.schemas.workbooks import choices, clean_grids, places, plant, raw_workbook, write

S = "项目建议"
RED = "FFFFC7CE"


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("marked")
    grids = clean_grids()
    plant(grids, S, 4, "项目类别", "绿化")
    plant(grids, S, 6, "资金预算", "十二万")
    plant(grids, S, 7, "项目名称", None)
    plant(grids, S, 8, "项目内容", '=HYPERLINK("http://example.com","点我")')
    plant(grids, S, 9, "实施地点", "-2+3+cmd")
    grids[S][1] += ["负责领导"]
    grids[S][2] += ["@某某"]
    original = write(folder / "a.xlsx", grids)
    checked = check_workbook(original, choices())
    write_marked_workbook(original, checked.findings, folder / "b.xlsx")
    return original, checked, folder / "b.xlsx"


def test_every_value_stays_as_it_was_in_its_own_cell(marked):
    original, _, copy = marked
    kept = {grid.name: grid.rows for grid in read_grids(copy)}
    for grid in read_grids(original):
        assert kept[grid.name] == grid.rows


def test_checking_the_returned_copy_finds_the_same_again(marked):
    _, checked, copy = marked
    again = check_workbook(copy, choices())
    assert places(again) == places(checked)
    assert len(checked.findings) == 4


def test_bad_cells_are_coloured_and_commented_and_no_others(marked):
    _, checked, copy = marked
    book = openpyxl.load_workbook(copy)
    coloured = {
        (sheet.title, cell.row): cell.comment.text
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb == RED and cell.comment is not None
    }
    assert set(coloured) == {(finding.sheet, finding.row) for finding in checked.findings}
    for finding in checked.findings:
        assert finding.sentence in coloured[finding.sheet, finding.row]


def test_the_list_of_problems_names_place_value_rule_and_remedy(marked):
    _, checked, copy = marked
    rows = list(openpyxl.load_workbook(copy)["问题清单"].iter_rows(values_only=True))
    assert rows[0] == ("工作表", "行", "列", "原值", "规则", "问题与改法")
    assert [row[4] for row in rows[1:]] == [finding.rule for finding in checked.findings]
    assert [row[5] for row in rows[1:]] == [finding.sentence for finding in checked.findings]


def test_no_text_becomes_a_formula_and_what_looks_like_one_is_quoted(marked):
    _, _, copy = marked
    with zipfile.ZipFile(copy) as archive:
        sheets = [name for name in archive.namelist() if "worksheets/sheet" in name]
        assert not any(b"<f>" in archive.read(name) for name in sheets)
        assert b'quotePrefix="1"' in archive.read("xl/styles.xml")
    book = openpyxl.load_workbook(copy)
    looks = [
        cell
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if str(cell.value).startswith(("=", "+", "-", "@"))
    ]
    assert len(looks) >= 3
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in looks)


def test_a_file_marked_twice_has_one_list(marked, tmp_path):
    _, checked, copy = marked
    write_marked_workbook(copy, checked.findings, tmp_path / "c.xlsx")
    assert [grid.name for grid in read_grids(tmp_path / "c.xlsx")].count("问题清单") == 1


@pytest.mark.parametrize("name", ["'a/b:c*d?[e]'", "长" * 60])
def test_a_sheet_name_no_office_program_would_write_is_still_returned(tmp_path, name):
    cell = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
    original = raw_workbook(tmp_path / "a.xlsx", cell, name=name)
    checked = check_workbook(original, choices())
    write_marked_workbook(original, checked.findings, tmp_path / "b.xlsx")
    assert len(read_grids(tmp_path / "b.xlsx")) == 2
    assert [finding.rule for finding in checked.findings] == ["form.sheet"]
