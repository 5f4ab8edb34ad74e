"""读工作簿：可疑或过大的文件在解压之前拒收，解析器越限由内核终止，消息是一句中文。"""

import struct
import time
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from schemas.reading import RefusedWorkbookError, read_grids
from tests.schemas.workbooks import raw_workbook, write

ROW = '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c></row></sheetData>'


def refusal(path: Path) -> str:
    with pytest.raises(RefusedWorkbookError) as refused:
        read_grids(path)
    return str(refused.value)


def test_cells_keep_their_kind_their_row_and_their_column(tmp_path):
    rows = [[], [None, "文字", 1.5, datetime(2026, 3, 5)], [], [None, " ", None, 7]]  # noqa: DTZ001
    (grid,) = read_grids(write(tmp_path / "a.xlsx", {"甲": rows}))
    assert grid.rows == {
        2: (None, "文字", Decimal("1.5"), datetime(2026, 3, 5)),  # noqa: DTZ001
        4: (None, None, None, Decimal(7)),
    }


def test_an_empty_sheet_and_a_missing_file_are_told_apart(tmp_path):
    assert read_grids(write(tmp_path / "a.xlsx", {"空": []}))[0].rows == {}
    assert "不存在" in refusal(tmp_path / "没有.xlsx")


@pytest.mark.parametrize("content", ["", "MZ an executable", "PK\x03\x04 broken"])
def test_what_is_not_a_zip_is_not_a_workbook(tmp_path, content):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content.encode())
    assert "不是 .xlsx 工作簿" in refusal(path)


def test_an_old_or_password_protected_workbook_is_named_as_such(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    assert "加了密码" in refusal(path)


@pytest.mark.parametrize(
    ("part", "word"),
    [
        ("xl/vbaProject.bin", "宏"),
        ("xl/macrosheets/sheet1.xml", "宏"),
        ("xl/externalLinks/externalLink1.xml", "外部链接"),
        ("xl/connections.xml", "外部链接"),
        ("xl/embeddings/inner.xlsx", "内嵌"),
        ("XL/WORKBOOK.XML", "重名"),
    ],
)
def test_a_workbook_with_a_dangerous_part_is_refused(tmp_path, part, word):
    assert word in refusal(raw_workbook(tmp_path / "a.xlsx", ROW, {part: "x"}))


def test_a_zip_of_something_else_is_not_a_workbook(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "不是 .xlsx 工作簿" in refusal(path)


def test_a_bomb_is_refused_from_its_directory_without_unpacking(tmp_path):
    path = raw_workbook(tmp_path / "a.xlsx", ROW, {"xl/media/a.bin": "0" * 60_000_000})
    started = time.perf_counter()
    assert "50 MB" in refusal(path)
    assert time.perf_counter() - started < 1


def test_more_than_two_hundred_parts_are_refused(tmp_path):
    extra = {f"xl/media/{number}.bin": "" for number in range(200)}
    assert "200" in refusal(raw_workbook(tmp_path / "a.xlsx", ROW, extra))


def test_an_encrypted_part_is_refused(tmp_path):
    path = raw_workbook(tmp_path / "a.xlsx", ROW)
    content = bytearray(path.read_bytes())
    entry = content.index(b"PK\x01\x02")
    struct.pack_into("<H", content, entry + 8, 1)
    path.write_bytes(content)
    assert "密码" in refusal(path)


def test_a_directory_that_lies_about_sizes_does_not_exhaust_memory(tmp_path):
    path = raw_workbook(
        tmp_path / "a.xlsx",
        ROW,
        {"xl/sharedStrings.xml": "<sst>" + "<si><t>甲</t></si>" * 2_500_000 + "</sst>"},
    )
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, entry + 24, 10)
    path.write_bytes(content)
    assert "无法读取" in refusal(path)


def test_one_cell_in_the_last_corner_does_not_exhaust_memory(tmp_path):
    corner = (
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    assert "过大" in refusal(raw_workbook(tmp_path / "a.xlsx", corner))


def test_a_long_text_repeated_in_many_cells_does_not_fill_the_disk(tmp_path):
    long = f"<sst><si><t>{'长' * 32_000}</t></si></sst>"
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 3_001)
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/worksheet" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    extra = {"xl/sharedStrings.xml": long, "xl/_rels/workbook.xml.rels": relations}
    path = raw_workbook(tmp_path / "a.xlsx", f"<sheetData>{rows}</sheetData>", extra)
    assert "过大" in refusal(path)


def test_entities_are_never_expanded(tmp_path):
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    cells = ROW.replace("甲", "&e9;")
    document = f'<!DOCTYPE x [<!ENTITY e0 "ha">{bomb}]>'
    sheet = f'<?xml version="1.0"?>{document}<worksheet>{cells}</worksheet>'
    path = raw_workbook(tmp_path / "a.xlsx", ROW, {"xl/worksheets/sheet1.xml": sheet})
    assert "无法读取" in refusal(path)


def test_broken_xml_inside_a_good_zip_is_refused_in_a_sentence(tmp_path):
    path = raw_workbook(tmp_path / "a.xlsx", "<sheetData><row", {"xl/workbook.xml": "<workbook"})
    assert "无法读取" in refusal(path)


def test_a_formula_is_read_as_its_last_value(tmp_path):
    formula = '<sheetData><row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row></sheetData>'
    (grid,) = read_grids(raw_workbook(tmp_path / "a.xlsx", formula))
    assert grid.rows == {1: (Decimal(2),)}
