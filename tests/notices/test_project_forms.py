"""Papers of a project say what was recorded, leave room for pens, and miss nothing unsaid."""

from dataclasses import replace

import pytest

from notices.completeness import IncompleteDocumentError
from notices.document_lint import lint_document
from notices.official import FormBlock, OfficialDocument, render_official
from notices.parts import Element, Reading
from notices.project_forms import in_lines
from notices.tables import Entry
from tests.notices import project_form_examples as examples
from tests.notices.examples import OFFICE
from tests.notices.reading import words_of
from tests.notices.test_documents import text_of


def form_of(document: OfficialDocument) -> FormBlock:
    return next(block for block in document.blocks if isinstance(block, FormBlock))


def test_an_acceptance_form_writes_the_amount_in_figures_and_in_capitals(official):
    text = text_of(official["BS-2026-0019"].html)
    assert "合同金额48,000.50元（大写：人民币肆万捌仟元零伍角）" in text
    assert "验收结论2026年7月3日验收，合格" in text
    assert "2026年6月18日验收不合格：消防喷淋压力不足" in text


def test_an_acceptance_form_names_who_was_there_and_leaves_them_room_to_sign(official):
    form = form_of(examples.acceptance().document())
    assert form.lines[-1] == (Entry("社区党委", "（签字）"), Entry("监理单位", "（签字）"))
    text = text_of(official["BS-2026-0019"].html)
    assert "同意验收。湖滨社区居民委员会（盖章）2026年7月3日" in text


def test_a_rectification_notice_goes_to_the_implementer_with_fault_day_and_article(official):
    text = text_of(official["BS-2026-0020"].html)
    for part in (
        "某市安居建设工程有限公司：",
        "结论为不合格。根据《某市民生微实事项目实施办法》第十一条",
        "存在问题消防喷淋压力不足，排水坡度不符合设计要求。",
        "请于2026年7月3日前（含当日）完成整改，并将整改情况书面报送湖东街道办事处",
        "抄送：湖滨社区居民委员会。",
    ):
        assert part in text


def test_a_rectification_notice_without_a_day_invents_none():
    document = replace(examples.rectification(), mend_by=None).document()
    assert "请抓紧完成整改" in text_of(render_official(document).html)


def test_a_recommendation_is_given_above_and_answered_by_hand_below(official):
    opinions = form_of(examples.recommendation().document()).opinions
    assert opinions[0].text == "居民反映集中，议事会表决通过，同意推荐。"
    assert (opinions[1].text, opinions[1].dated) == ("", "")
    text = text_of(official["BS-2026-0021"].html)
    assert "（应到15人，实到13人，同意12人）" in text
    assert "2026年1月24日至2月2日公示，期满。" in text


def test_a_filing_form_bears_what_the_office_that_keeps_the_file_wrote(official):
    text = text_of(official["BS-2026-0022"].html)
    assert "备案机关意见材料齐全，已予备案。湖东街道办事处（盖章）2026年9月1日" in text
    assert "备案编号湖东备2026第3号" in text


@pytest.mark.parametrize(
    ("paper", "name"),
    [
        (replace(examples.acceptance(), opinion=" "), "验收意见"),
        (replace(examples.acceptance(), parties=()), "到场签字各方"),
        (replace(examples.rectification(), recipient=""), "整改单位"),
        (replace(examples.recommendation(), recipient=""), "受理单位"),
        (replace(examples.filing(), receipt=""), "备案意见"),
    ],
)
def test_a_paper_that_misses_something_is_not_made_and_the_sentence_names_it(paper, name):
    with pytest.raises(IncompleteDocumentError, match=f"公文缺少“{name}”，请补齐后再出文"):
        paper.document()


def test_a_telephone_that_is_missing_stops_the_notice():
    contact = replace(OFFICE, phone="")
    with pytest.raises(IncompleteDocumentError, match="“联系电话”"):
        replace(examples.rectification(), contact=contact).document()


def test_what_people_typed_is_quoted_and_stops_no_paper():
    for paper in (examples.acceptance(), examples.rectification(), examples.filing()):
        about = replace(paper.about, project=examples.hostile())
        document = replace(paper, about=about).document()
        assert lint_document(document) == ()
        assert "2026年06月完工，详见附件3" in text_of(render_official(document).html)


def test_the_article_stands_in_the_foot_of_a_form_after_what_is_said_of_the_measure():
    about = examples.acceptance().about
    assert about.form("accept", "party", (), ()).footnotes == (
        "本件依据《某市民生微实事项目实施办法》第十一条出具。",
    )
    draft = replace(about, basis=replace(about.basis, status="draft"))
    first, second = draft.form("accept", "party", (), ()).footnotes
    assert first.startswith("本件依据的《某市民生微实事项目实施办法》为征求意见稿")
    assert second == "本件依据第十一条出具。"


def test_short_entries_share_a_line_and_long_ones_stand_alone():
    a, b, c = Entry("社区", "湖滨社区"), Entry("类别", "安全"), Entry("内容", "很长的一段" * 5)
    assert in_lines((a, c, b)) == ((a, b), (c,))
    assert in_lines((c, a)) == ((c,), (a,))


def test_a_reading_of_ours_is_printed_below_the_form(official):
    text = text_of(official["BS-2026-0019"].html)
    assert "注：办法未规定，按以下解释办理：验收合格的，出具验收单归档。" in text
    silent = replace(examples.acceptance().about, readings=(Reading("收件备案后归档"),))
    page = render_official(replace(examples.acceptance(), about=silent).document())
    assert "收件备案后归档" in text_of(page.html)


def test_each_paper_fits_on_one_page(official_papers):
    for reference in ("BS-2026-0019", "BS-2026-0020", "BS-2026-0021", "BS-2026-0022"):
        assert "—1—" in words_of(official_papers[reference])
        assert "—2—" not in words_of(official_papers[reference])


def test_an_amount_of_zero_has_its_capitals_too():
    paper = replace(examples.acceptance(), amount=Element("合同金额", amount=0))
    assert "0.00元（大写：人民币零元整）" in text_of(render_official(paper.document()).html)
