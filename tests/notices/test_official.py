from dataclasses import replace
from typing import get_args

import pytest

from notices.completeness import IncompleteDocumentError
from notices.document_lint import UnfitDocumentError
from notices.fingerprint import short_code
from notices.genres import Genre
from notices.official import Paragraph, TableBlock, arranged, render_official
from tests.notices import official_examples as examples
from tests.notices.reading import layout_of
from tests.notices.renew_golden import GOLDEN
from tests.notices.test_documents import text_of

EVERY = {document.reference: document for document in examples.every()}


def test_every_kind_has_an_example():
    assert {document.genre for document in examples.every()} == set(get_args(Genre))


@pytest.mark.parametrize("reference", EVERY)
def test_text_and_layout_of_every_kind_stay_as_they_were_looked_at(official_papers, reference):
    kept = (GOLDEN / f"{reference}.txt").read_text(encoding="utf-8")
    assert layout_of(official_papers[reference]) == kept


def test_a_request_has_head_number_signer_levels_annexes_contact_and_edition(official):
    text = text_of(official["BS-2026-0007"].html)
    for part in (
        "某市民政局文件某民发\u30142026\u301512号签发人：喆玥赟",
        "某市人民政府：",
        "一、认定情况",
        "（一）按比例配套。",
        "1.湖东街道2.986万元；",
        "（1）其中首次下达",
        "附件：1.民生微实事项目资金分配表2.2026年10月",
        "某市民政局2026年11月4日（联系人：赵珺，电话：0512-58000002）",
        "附件1民生微实事项目资金分配表",
        "抄送：市财政局。某市民政局办公室2026年11月5日印发",
    ):
        assert part in text


def test_a_publicity_has_neither_number_nor_red_head(official):
    page = official["BS-2026-0013"].html
    assert '<header class="head' not in page
    assert '<p class="mark"' not in page


def test_a_letter_shows_the_name_alone_and_its_first_page_has_no_page_number(official_papers):
    layout = layout_of(official_papers["BS-2026-0009"])
    first, second = layout.split("第2页")
    assert "湖东街道办事处文件" not in first
    assert "— 1 —" not in first
    assert "— 2 —" in second


def test_minutes_name_who_was_there_and_bear_no_seal(official):
    page = official["BS-2026-0012"].html
    text = text_of(page)
    assert "请假：市水务局列席：湖东街道办事处、湖西街道办事处" in text
    assert '<div class="signature' not in page


def test_two_offices_share_one_head_and_both_sign(official):
    text = text_of(official["BS-2026-0011"].html)
    assert text.count("某市民政局某市财政局") == 2


def test_a_form_has_room_for_opinions_instead_of_a_signature(official):
    text = text_of(official["BS-2026-0016"].html)
    assert "社区居民议事会意见经商议，同意推荐。组长（签字）：2026年2月11日" in text
    assert "市民政局意见（盖章）年月日" in text
    assert "备注/" in text


def test_a_draft_says_so_and_has_no_red_head():
    page = render_official(replace(examples.request(), number=None, draft=True))
    assert "（草稿）" in page.html
    assert '<header class="head' not in page.html


def test_the_code_changes_with_the_content_and_stands_on_the_page():
    first = render_official(examples.letter())
    second = render_official(replace(examples.letter(), recipients=("市民政局",)))
    assert first.content_digest != second.content_digest
    assert short_code(first.content_digest) in first.html
    assert "BS-2026-0009" in first.html


def test_a_document_that_breaks_a_rule_is_not_set():
    with pytest.raises(UnfitDocumentError, match="只主送1个"):
        render_official(replace(examples.request(), recipients=("甲", "乙")))


def test_a_document_with_a_blank_part_is_not_set():
    with pytest.raises(IncompleteDocumentError, match="“发文机关”"):
        render_official(replace(examples.request(), issuer=" "))
    with pytest.raises(IncompleteDocumentError, match="“正文”"):
        render_official(replace(examples.request(), blocks=()))


def test_what_a_person_typed_is_shown_and_never_executed():
    hostile = "<script>alert(1)</script>{{7*7}}"
    page = render_official(replace(examples.letter(), recipients=(hostile,)))
    assert "<script" not in page.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page.html


def test_a_title_is_broken_where_its_meaning_allows():
    assert examples.request().title_parts == (
        "某市民政局",
        "关于",
        "下达2026年第三季度",
        "民生微实事项目",
        "市级引导资金",
        "的请示",
    )


def test_a_table_higher_than_a_page_or_on_its_side_goes_to_an_attachment_the_body_points_to():
    long = replace(examples.STANDING, rows=examples.STANDING.rows * 40, total=None)
    body = (Paragraph(0, "现将情况报告如下。"), TableBlock(long), TableBlock(examples.PROGRESS))
    document = replace(examples.report(), blocks=body, attachments=())
    made = arranged(document)
    assert [getattr(block, "text", None) for block in made.blocks[1:]] == [
        "《推进情况》见附件1。",
        "《民生微实事项目实施情况月报表》见附件2。",
    ]
    assert [each.table for each in made.attachments] == [long, examples.PROGRESS]
    alone = arranged(replace(document, blocks=body[:2]))
    assert getattr(alone.blocks[1], "text", None) == "《推进情况》见附件。"
    short = replace(document, blocks=(*body[:1], TableBlock(examples.STANDING)))
    assert arranged(short) is short


def test_a_document_is_the_same_whether_its_large_table_was_moved_before_or_not():
    document = replace(examples.report(), blocks=(TableBlock(examples.PROGRESS),), attachments=())
    assert render_official(document) == render_official(arranged(document))
