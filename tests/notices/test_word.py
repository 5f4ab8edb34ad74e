from dataclasses import replace
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from docx.oxml import parse_xml
from docx.shared import Mm

from notices.document_lint import UnfitDocumentError
from notices.fingerprint import short_code
from notices.official import TableBlock, render_official
from notices.parts import Reading
from notices.word import write_docx
from tests.notices import official_examples as examples

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
EMU_PER_TWIP = 635
EVERY = {document.reference: document for document in examples.every()}


@pytest.fixture(scope="module")
def files():
    return {reference: write_docx(document) for reference, document in EVERY.items()}


def part(file: bytes, name: str) -> Any:
    with ZipFile(BytesIO(file)) as archive:
        return parse_xml(archive.read(name))


def opened(file: bytes) -> Any:
    return docx.Document(BytesIO(file))


def paragraphs(file: bytes) -> list[str]:
    return [paragraph.text for paragraph in opened(file).paragraphs if paragraph.text]


@pytest.mark.parametrize("reference", EVERY)
def test_every_part_is_sound_and_the_file_opens(files, reference):
    with ZipFile(BytesIO(files[reference])) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                assert len(parse_xml(archive.read(name))) > 0
    read = opened(files[reference])
    assert read.core_properties.title == EVERY[reference].title
    assert read.core_properties.author == EVERY[reference].issuer


def test_the_same_document_gives_the_same_bytes(files):
    assert write_docx(examples.request()) == files["BS-2026-0007"]
    with ZipFile(BytesIO(files["BS-2026-0007"])) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_text_reads_in_the_order_of_the_page(files):
    read = paragraphs(files["BS-2026-0007"])
    assert read[0] == "某市民政局文件"
    assert read[1] == "\t某民发\u30142026\u301512号\t签发人：喆玥赟"
    assert read[4] == "某市人民政府："
    assert "一、认定情况" in read
    assert "（1）其中首次下达2.3501万元；" in read
    assert "附件：1.民生微实事项目资金分配表" in read
    assert read[read.index("某市民政局") + 1] == "2026年11月4日"
    assert "（联系人：赵珺，电话：0512-58000002）" in read
    assert "附件2" in read


def test_chinese_characters_have_their_fonts_by_name(files):
    styles = part(files["BS-2026-0007"], "word/styles.xml")
    families = {fonts.get(f"{WORD}eastAsia") for fonts in styles.iter(f"{WORD}rFonts")}
    assert families == {"仿宋_GB2312", "方正小标宋简体", "楷体_GB2312", "黑体", "宋体"}


def test_twenty_two_lines_of_twenty_eight_characters_fit_the_type_area(files):
    styles = part(files["BS-2026-0007"], "word/styles.xml")
    default = styles.find(f"{WORD}docDefaults")
    spacing = default.find(f".//{WORD}pPr/{WORD}spacing")
    assert (spacing.get(f"{WORD}line"), spacing.get(f"{WORD}lineRule")) == ("579", "exact")
    size = int(default.find(f".//{WORD}rPr/{WORD}sz").get(f"{WORD}val")) * 10
    closer = int(default.find(f".//{WORD}rPr/{WORD}spacing").get(f"{WORD}val"))
    section = opened(files["BS-2026-0007"]).sections[0]
    width = section.page_width - section.left_margin - section.right_margin
    height = section.page_height - section.top_margin - section.bottom_margin
    assert (section.page_width.mm, section.page_height.mm) == pytest.approx((210, 297), abs=0.1)
    assert width == pytest.approx(Mm(156), abs=1000)
    assert height == pytest.approx(Mm(225), abs=1000)
    assert width // EMU_PER_TWIP // (size + closer) == 28
    assert height // EMU_PER_TWIP // 579 == 22


def test_indents_are_written_in_twips(files):
    for file in files.values():
        with ZipFile(BytesIO(file)) as archive:
            text = archive.read("word/document.xml").decode()
        assert "Chars=" not in text


def test_page_numbers_are_fields_right_on_odd_and_left_on_even_pages(files):
    settings = part(files["BS-2026-0007"], "word/settings.xml")
    assert settings.find(f"{WORD}evenAndOddHeaders") is not None
    for side, place in (("odd", "right"), ("even", "left")):
        footer = part(files["BS-2026-0007"], f"word/footer_{side}.xml")
        assert [each.text.strip() for each in footer.iter(f"{WORD}instrText")] == ["PAGE"]
        assert place in {each.get(f"{WORD}val") for each in footer.iter(f"{WORD}jc")}


def test_a_letter_has_a_first_page_of_its_own(files):
    sections = opened(files["BS-2026-0009"]).sections
    assert [section.different_first_page_header_footer for section in sections] == [True, False]
    assert sections[0].first_page_header.paragraphs[0].text == "湖东街道办事处"
    first = part(files["BS-2026-0009"], "word/footer_first.xml")
    assert list(first.iter(f"{WORD}instrText")) == []


def test_the_red_line_of_a_letter_stands_above_its_number_and_code(files):
    first = part(files["BS-2026-0009"], "word/footer_first.xml")
    line, block = (first.find(f"{WORD}{name}") for name in ("p", "tbl"))
    assert line.find(f"{WORD}pPr/{WORD}pBdr/{WORD}top").get(f"{WORD}color") == "FF0000"
    assert list(first).index(line) < list(first).index(block)
    body, _ = opened(files["BS-2026-0009"]).sections
    # The line stands 20 mm from the edge of the page, above the picture of 14 mm.
    assert Mm(20) - Mm(14) - Mm(1.5) < body.footer_distance < Mm(20) - Mm(14)


def test_the_edition_stands_in_a_frame_at_the_foot_between_its_lines(files):
    body = part(files["BS-2026-0010"], "word/document.xml")
    framed = [each.getparent() for each in body.iter(f"{WORD}framePr")]
    words = ["".join(text.text for text in each.getparent().iter(f"{WORD}t")) for each in framed]
    assert words == [
        "抄送：市发展和改革委员会，市财政局。",
        "",
        "某市民政局办公室2026年11月6日印发",
    ]
    assert {each.find(f"{WORD}framePr").get(f"{WORD}yAlign") for each in framed} == {"bottom"}
    assert all({"top", "bottom"} == sides(each) for each in framed)
    assert framed[1].find(f"{WORD}shd").get(f"{WORD}fill") == "000000", "the line between"


def sides(paragraph: Any) -> set[str]:
    return {each.tag.removeprefix(WORD) for each in paragraph.find(f"{WORD}pBdr")}


def test_no_room_is_added_between_chinese_and_figures(files):
    styles = part(files["BS-2026-0007"], "word/styles.xml")
    for name in ("autoSpaceDE", "autoSpaceDN"):
        assert [each.get(f"{WORD}val") for each in styles.iter(f"{WORD}{name}")] == ["0"]


def test_the_readings_a_document_rests_on_are_printed_here_too():
    readings = (Reading("月报次月5日前"), Reading("办法只写每月报送，核对与签发为我方所设。"))
    said = paragraphs(write_docx(replace(examples.report(), readings=readings)))
    notes = [words for words in said if words.startswith("注")]
    assert notes[0].startswith("注1：办法未规定")
    assert notes[1] == "注2：办法只写每月报送，核对与签发为我方所设。"


def test_a_table_too_large_for_the_body_is_an_attachment_here_too():
    document = replace(examples.report(), blocks=(TableBlock(examples.PROGRESS),), attachments=())
    said = paragraphs(write_docx(document))
    assert "《民生微实事项目实施情况月报表》见附件。" in said
    assert "附件" in said


def test_a_wide_table_lies_on_its_side_and_repeats_its_heads(files):
    read = opened(files["BS-2026-0008"])
    upright, wide = read.sections
    assert upright.page_width < upright.page_height
    assert wide.page_width > wide.page_height
    table = read.tables[0]._tbl
    assert len(list(table.iter(f"{WORD}tblHeader"))) == 2
    assert len(list(table.iter(f"{WORD}vMerge"))) == 8
    cells = list(table.iter(f"{WORD}tr"))[1].iter(f"{WORD}tc")
    lower = ["".join(str(each.text or "") for each in cell.iter(f"{WORD}t")) for cell in cells]
    assert [words for words in lower if words] == [
        "期初在办", "本期新增", "本期办结", "本期撤回", "期末在办",
        "征集", "确定", "实施", "完成", "立项预算", "审定金额", "已支付",
    ]  # fmt: skip


def test_tables_hold_the_same_words_as_on_paper(files):
    table = opened(files["BS-2026-0009"]).tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[1] == [
        "1",
        "湖东街道",
        "云盘小区电动自行车集中充电棚建设",
        "4.986",
        "2",
        "2.986",
        "/",
    ]
    assert rows[-1][3:] == ["729.1647", "502", "227.1647", "/"]


def test_number_and_code_stand_in_the_foot_with_their_picture(files):
    document = examples.request()
    code = short_code(render_official(document).content_digest)
    footer = part(files["BS-2026-0007"], "word/footer_odd.xml")
    words = "".join(each.text for each in footer.iter(f"{WORD}t"))
    assert f"文件编号：{document.reference}文件校验码：{code}" in words
    with ZipFile(BytesIO(files["BS-2026-0007"])) as archive:
        assert archive.read("word/media/qr.png").startswith(b"\x89PNG")


def test_what_a_person_typed_stays_text_and_personal_numbers_are_masked():
    hostile = "<w:p/>&{{7*7}}\ufffe\x07联系人13812345678"
    file = write_docx(replace(examples.letter(), recipients=(hostile,)))
    assert "<w:p/>&{{7*7}}联系人138****5678：" in paragraphs(file)


def test_a_document_that_breaks_a_rule_is_not_written():
    with pytest.raises(UnfitDocumentError, match="签发人"):
        write_docx(replace(examples.request(), upward=None))


def test_an_unsealed_document_is_signed_two_characters_from_the_edge():
    file = write_docx(replace(examples.information(), sealed=False))
    lines = {each.text: each for each in opened(file).paragraphs}
    assert lines["2026年3月5日"].paragraph_format.right_indent.twips == 630
    assert lines["湖东街道办事处"].paragraph_format.right_indent.twips > 630
