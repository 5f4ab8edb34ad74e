import itertools
import logging
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from notices import pdf
from notices.documents import render
from notices.fonts import Fonts, MissingFontError
from notices.pdf import write_pdf
from tests.notices import examples
from tests.notices.reading import POINTS_PER_MM, fonts_of, lines_of, words_of

A4 = (210 * POINTS_PER_MM, 297 * POINTS_PER_MM)
LINE = 28.95


def test_the_five_elements_can_be_read_back_from_the_paper(printed):
    words = words_of(printed["ZJG-2026-0001-A1"])
    for element in (
        "云盘小区电动自行车集中充电棚建设",
        "恢复地面铺装约120平方米。",
        "云盘小区东门停车场北侧",
        "2026年3月至2026年6月",
        "4.986万元（49,860.00元）",
        "3个工作日（2026年2月13日至2月24日）",
    ):
        assert element in words


def test_the_same_page_gives_the_same_bytes_here_and_in_another_process(rendered, printed):
    number = "ZJG-2026-0001-B1"
    html = rendered[number].html
    assert write_pdf(html) == printed[number]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as elsewhere:
        assert elsewhere.submit(write_pdf, html).result() == printed[number]


def test_every_font_is_embedded(printed):
    for paper in printed.values():
        fonts = fonts_of(paper)
        assert fonts
        assert all("/FontFile3" in font or "/FontFile2" in font for font in fonts.values())


def test_pages_are_a4_and_the_annex_lies_on_its_side(printed):
    upright = PdfReader(BytesIO(printed["ZJG-2026-0001-A1"])).pages
    several = PdfReader(BytesIO(printed["ZJG-2026-0001-A2"])).pages
    for page in upright:
        assert (page.mediabox.width, page.mediabox.height) == pytest.approx(A4, abs=0.1)
    annex = several[-1].mediabox
    assert (annex.width, annex.height) == pytest.approx(A4[::-1], abs=0.1)
    assert (len(upright), len(several)) == (2, 3)


def test_a_full_page_holds_twenty_two_lines_of_twenty_eight_characters():
    long = replace(examples.not_selected(), reasons=("本社区收到建议并逐一比较" * 120,))
    page = PdfReader(BytesIO(write_pdf(render(long).html))).pages[1]
    body = [line for line in lines_of(page) if "本社区" in line[2]]
    baselines = sorted({round(line[1], 2) for line in body}, reverse=True)
    steps = [high - low for high, low in itertools.pairwise(baselines)]
    assert len(baselines) == 22
    assert steps == pytest.approx([LINE] * 21, abs=0.02)
    assert all(len(line[2]) == 28 for line in body)


def test_text_stays_within_the_type_area(printed):
    for page in PdfReader(BytesIO(printed["ZJG-2026-0001-A1"])).pages:
        lines = lines_of(page)
        body = [line for line in lines if line[1] > 35 * POINTS_PER_MM]
        assert min(left for left, _, _ in body) >= 28 * POINTS_PER_MM - 0.5
        assert max(baseline for _, baseline, _ in body) < A4[1] - 37 * POINTS_PER_MM


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages(printed):
    places = []
    for number, page in enumerate(PdfReader(BytesIO(printed["ZJG-2026-0001-B1"])).pages, start=1):
        marks = [left for left, _, text in lines_of(page) if text == f"— {number} —"]
        places.append(marks[0] > A4[0] / 2)
    assert places == [True, False, True]


def test_rare_characters_of_names_are_shown_with_a_font_that_has_them():
    issuer = "喆玥赟珺垚昇社区"
    document = examples.project_publicity()
    paper = write_pdf(
        render(replace(document, imprint=replace(document.imprint, issuer=issuer))).html
    )
    assert issuer in words_of(paper)
    assert any("Noto" in name for name in fonts_of(paper))


def test_a_character_no_font_has_is_named_instead_of_printed_as_a_box():
    project = replace(examples.CHARGING, name="纪念\U0003fffd亭")
    page = render(replace(examples.project_publicity(), projects=(project,)))
    with pytest.raises(MissingFontError, match=r"U\+3FFFD.*fonts-noto-cjk"):
        write_pdf(page.html)


def test_a_page_can_be_set_in_noto_alone():
    paper = write_pdf(render(examples.not_passed()).html, Fonts((), fallback=True))
    assert "未获通过" in words_of(paper)


def test_five_thousand_characters_run_over_several_pages_without_loss():
    content = "为社区居民新建充电棚并拆除旧棚" * 334
    project = replace(examples.CHARGING, content=content, name="长" * 300, place="x" * 400)
    paper = write_pdf(render(replace(examples.project_publicity(), projects=(project,))).html)
    words = words_of(paper)
    assert words.count("充电棚并拆除") >= 300
    assert words.count("x") >= 400
    assert len(PdfReader(BytesIO(paper)).pages) > 5


def test_nothing_a_document_points_at_is_fetched(caplog):
    html = '<html lang="zh-CN"><title>t</title><p>正文<img src="file:///etc/hostname"></p></html>'
    with caplog.at_level(logging.ERROR, logger="weasyprint"):
        paper = write_pdf(html)
    assert "file:///etc/hostname" in caplog.text
    assert words_of(paper) == "正文"


def test_the_style_sheet_and_templates_raise_no_complaint_of_the_typesetter(rendered, caplog):
    # A style sheet complains when it is read, and it is read once.
    pdf._sheet.cache_clear()
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        for page in rendered.values():
            write_pdf(page.html)
    assert caplog.records == []


def test_the_paper_says_its_title_and_language_for_readers_that_speak(printed):
    reader = PdfReader(BytesIO(printed["ZJG-2026-0001-D1"]))
    assert reader.metadata is not None
    assert reader.metadata.title == "关于云盘小区电动自行车集中充电棚建设项目未通过审议的告知"
    assert reader.metadata.author == "城西办事处"
    assert str(reader.root_object["/Lang"]) == "zh-CN"
