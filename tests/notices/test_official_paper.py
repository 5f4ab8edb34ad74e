import itertools
import logging
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from notices.official import Attachment, render_official
from notices.pdf import Enclosed, write_pdf
from notices.tables import Column, Table
from tests.notices import official_examples as examples
from tests.notices.reading import POINTS_PER_MM, fonts_of, lines_of

RARE = "喆玥赟珺垚昇"
LINE = 28.95


def pages_of(printed: bytes) -> Any:
    return PdfReader(BytesIO(printed)).pages


def place_of(page: Any, words: str) -> tuple[float, float]:
    """位置：left and top in millimetres of the first text that begins with `words`."""
    high = float(page.mediabox.height)
    left, baseline, _ = next(line for line in lines_of(page) if line[2].startswith(words))
    return left / POINTS_PER_MM, (high - baseline) / POINTS_PER_MM


def test_the_paper_calls_itself_pdf_a_3b_and_has_an_output_colour(official_papers):
    for paper in official_papers.values():
        root: Any = PdfReader(BytesIO(paper)).root_object
        metadata = root["/Metadata"].get_object().get_data().decode()
        assert 'pdfaid:part="3"' in metadata
        assert 'pdfaid:conformance="B"' in metadata
        assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"


def test_every_font_is_embedded_also_that_of_rare_characters(official_papers):
    for paper in official_papers.values():
        assert all(
            "/FontFile3" in font or "/FontFile2" in font for font in fonts_of(paper).values()
        )
    assert any("Noto" in name for name in fonts_of(official_papers["BS-2026-0007"]))


def test_rare_characters_of_names_are_not_lost(official_papers):
    words = "".join(
        page.extract_text()
        for reference in ("BS-2026-0007", "BS-2026-0008")
        for page in pages_of(official_papers[reference])
    )
    assert set(RARE) <= set(words)


def test_the_same_document_gives_the_same_bytes_with_its_workbook_inside(official):
    source = Enclosed("月报.xlsx", b"PK\x03\x04", examples.request().date, "数据")
    page = official["BS-2026-0010"].html
    paper = write_pdf(page, enclosed=(source,))
    assert paper == write_pdf(page, enclosed=(source,))
    reader: Any = PdfReader(BytesIO(paper))
    assert reader.attachments["月报.xlsx"] == [b"PK\x03\x04"]
    kept = [each.get_object()["/AFRelationship"] for each in reader.root_object["/AF"]]
    assert set(kept) == {"/Source"}


def test_the_red_head_stands_35_millimetres_below_the_type_area(official_papers):
    page = pages_of(official_papers["BS-2026-0010"])[0]
    _, baseline = place_of(page, "某市民政局文件")
    top = baseline - 48 * 0.85 / POINTS_PER_MM
    assert top == pytest.approx(37 + 35, abs=3)


def test_the_number_of_an_upward_document_begins_one_character_in(official_papers):
    page = pages_of(official_papers["BS-2026-0007"])[0]
    left, number = place_of(page, "某民发")
    _, signer = place_of(page, "签发人：")
    assert left == pytest.approx(28 + 15.75 / POINTS_PER_MM, abs=0.2)
    assert number == pytest.approx(signer, abs=0.5)


def test_lines_of_the_body_keep_their_pitch_on_every_page(official_papers):
    for page in list(pages_of(official_papers["BS-2026-0007"]))[:2]:
        high = float(page.mediabox.height)
        body = {
            round(baseline, 2)
            for left, baseline, text in lines_of(page)
            if abs(left - 28 * POINTS_PER_MM) < 40 and 35 * POINTS_PER_MM < baseline < high * 0.4
        }
        steps = sorted(body)
        gaps = [after - before for before, after in itertools.pairwise(steps)]
        assert all(
            gap % LINE == pytest.approx(0, abs=0.1) or gap % LINE > LINE - 0.1 for gap in gaps
        )


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages(official_papers):
    for reference in ("BS-2026-0007", "BS-2026-0011"):
        for number, page in enumerate(pages_of(official_papers[reference]), start=1):
            left, _ = place_of(page, f"— {number} —")
            middle = float(page.mediabox.width) / POINTS_PER_MM / 2
            assert (left > middle) == (number % 2 == 1)


def test_each_attachment_begins_a_page_and_a_wide_table_lies_on_its_side(official_papers):
    pages = pages_of(official_papers["BS-2026-0007"])
    heads = [[line[2] for line in lines_of(page)][:1] for page in pages]
    assert ["附件1"] in heads
    wide = pages[heads.index(["附件2"])]
    assert wide.mediabox.width > wide.mediabox.height


def test_a_long_table_repeats_its_heads_on_every_page(official_papers):
    pages = pages_of(official_papers["BS-2026-0008"])
    tables = [page for page in pages if page.mediabox.width > page.mediabox.height]
    assert len(tables) == 2
    assert all("存在问题" in page.extract_text() for page in tables)


def test_the_edition_stands_at_the_foot_of_the_last_page(official_papers):
    page = list(pages_of(official_papers["BS-2026-0010"]))[-1]
    _, printed = place_of(page, "某市民政局办公室")
    assert 297 - 35 - 10 < printed < 297 - 35


@pytest.mark.parametrize("notes", [(), ("本规则依据征求意见稿，原文施行日期空白；" * 5,)])
def test_nothing_crosses_the_red_line_at_the_foot_of_a_letter(notes):
    letter = replace(examples.letter(), footnotes=notes)
    page = pages_of(write_pdf(render_official(letter).html))[0]
    high = float(page.mediabox.height)
    tops = [(high - baseline) / POINTS_PER_MM for _, baseline, _ in lines_of(page)]
    assert not any(297 - 35 < top < 297 - 20 for top in tops), "free between text and line"
    assert max(tops) > 297 - 20, "number and code stand below the line"
    assert max(tops) < 297 - 4, "and can be printed"


def test_a_long_attachment_repeats_its_heads_on_every_page_and_keeps_every_row():
    columns = (Column("a", "序号", "count", additive=False), Column("b", "存在问题"))
    rows = tuple((place, "超期未办") for place in range(1, 301))
    table = Table("项目进度表", columns, rows)
    document = replace(examples.report(), attachments=(Attachment("项目进度表", table),))
    words = [page.extract_text() for page in pages_of(write_pdf(render_official(document).html))]
    sheets = [text for text in words if "超期未办" in text]
    assert len(sheets) > 1
    assert all("存在问题" in text for text in sheets)
    assert sum(text.count("超期未办") for text in sheets) == 300


def test_the_typesetter_has_no_complaint_about_the_templates(official, caplog):
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        for page in official.values():
            write_pdf(page.html)
    assert caplog.records == []
