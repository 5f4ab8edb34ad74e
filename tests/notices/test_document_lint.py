from dataclasses import replace
from datetime import date

import pytest

from notices.blocks import Attachment, Paragraph, TableBlock
from notices.document_lint import UnfitDocumentError, check_document, lint_document
from notices.drafting import BRACKETS, OfficialDocument, official_number
from notices.tables import Entry
from tests.notices import official_examples as examples

YEAR = f"{BRACKETS[0]}2026{BRACKETS[1]}"


def with_text(text: str, document: OfficialDocument | None = None) -> OfficialDocument:
    """一段正文换成 `text` 的函，其余不变。"""
    return replace(document or examples.letter(), blocks=(Paragraph(0, text),))


@pytest.mark.parametrize("document", examples.every(), ids=lambda document: document.genre)
def test_every_example_may_go_out(document):
    assert lint_document(document) == ()


def test_a_request_has_one_addressee():
    two = replace(examples.request(), recipients=("某市人民政府", "某市财政局"))
    (sentence,) = [each for each in lint_document(two) if "主送" in each]
    assert "只主送1个" in sentence
    assert "现写了2个：某市人民政府、某市财政局" in sentence


def test_a_request_names_a_contact_a_signer_and_what_it_asks_for():
    bare = replace(
        examples.request(), contact=None, upward=None, blocks=(Paragraph(0, "情况如上。"),)
    )
    found = lint_document(bare)
    assert any("须在附注中写明联系人和联系电话" in sentence for sentence in found)
    assert any("须标注签发人" in sentence for sentence in found)
    assert any("须写明请求什么" in sentence for sentence in found)


@pytest.mark.parametrize("phrase", ["妥否，请批示", "恳请给予支持", "请予拨付"])
def test_a_report_asks_for_nothing(phrase):
    found = lint_document(with_text(f"完成18件。{phrase}。", examples.report()))
    assert any("报告中不得夹带请示事项" in sentence for sentence in found)


def test_only_a_letter_goes_to_an_office_that_is_not_above():
    wrong = replace(examples.request(), towards="unrelated")
    (sentence,) = lint_document(wrong)
    assert sentence.startswith("请示用于向上级机关行文，不能发给不相隶属的机关")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("某民函[2026]8号", "六角括号"),
        ("某民函（2026）8号", "六角括号"),
        (f"某民函{YEAR}第8号", "不加“第”字"),
        (f"某民函{YEAR}08号", "不编虚位"),
        ("某民函2026-8", "机关代字、年份和序号"),
        (official_number("某民函", 2025, 8), "的年份与成文日期2026年不同"),
        (None, "须有发文字号"),
    ],
)
def test_a_number_written_wrongly_is_said_to_be_wrong_in_what(number, words):
    found = lint_document(replace(examples.letter(), number=number))
    assert [words in sentence for sentence in found] == [True]


def test_a_draft_needs_no_number_yet_but_everything_else():
    draft = replace(examples.request(), number=None, draft=True, contact=None)
    (sentence,) = lint_document(draft)
    assert "联系人" in sentence


def test_a_publicity_bears_no_number():
    numbered = replace(examples.publicity(), number=official_number("某民发", 2026, 1))
    assert any("不编发文字号" in sentence for sentence in lint_document(numbered))


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("关于拨付资金的请示", "以文种“函”结尾"),
        ("申请拨付资金的函", "写明“关于”何事"),
        ("关于拨付资金，并安排项目的函", "请去掉“，”"),
    ],
)
def test_a_title_ends_with_its_kind_and_has_no_marks(title, words):
    found = lint_document(replace(examples.letter(), title=title))
    assert any(words in sentence for sentence in found)


def test_marks_inside_a_quoted_name_are_part_of_the_name():
    title = "关于转发《办法（试行）：总则》的函"
    assert lint_document(replace(examples.letter(), title=title)) == ()
    assert lint_document(replace(examples.letter(), title="关于民生微实事2.0的函")) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026年08月01日前办结，见附件。", "“2026年08月01日”的月、日不编虚位"),
        ("2026年8月01日前办结，见附件。", "不编虚位"),
        ("二〇二六年八月一日前办结，见附件。", "用阿拉伯数字"),
        ("二○二六年八月一日前办结，见附件。", "用阿拉伯数字"),
    ],
)
def test_dates_have_arabic_figures_and_no_leading_zeros(text, words):
    (sentence,) = lint_document(with_text(text))
    assert words in sentence


@pytest.mark.parametrize(
    "text", ["2026年10月8日办结。", "2026年8月1日至9月10日。", "2026年8月办结。"]
)
def test_right_dates_are_left_alone(text):
    assert lint_document(with_text(text)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "合计20.19万元（201,908.18元）。",
        "合计20.2万元（201,908.18元）。",
        "合计49,860.00元（4.986万元）。",
        "比例4.16万元（41650元）。",
        "比例4.17万元（41650元）。",
        "人民币壹仟陆佰捌拾元叁角贰分（1,680.32元）。",
        "人民币壹仟陆佰捌拾元零叁角贰分（￥1,680.32）。",
        "107,000.53元（大写：人民币壹拾万零柒仟元伍角叁分）。",
    ],
)
def test_one_amount_in_two_ways_may_be_rounded_or_cut_off(text):
    assert lint_document(with_text(text)) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("合计4.986万元（49,680.00元）。", "“4.986万元”与“49,680.00元”不是同一金额"),
        ("合计49,860.00元（4.968万元）。", "不是同一金额"),
        ("人民币伍万元整（49,860.00元）。", "应当是“肆万玖仟捌佰陆拾元整”"),
        ("49,860.00元（大写：肆万玖仟捌佰陆拾陆元整）。", "大写“肆万玖仟捌佰陆拾陆元整”"),
    ],
)
def test_two_amounts_that_differ_are_both_quoted(text, words):
    found = lint_document(with_text(text))
    assert [words in sentence for sentence in found] == [True]


def test_what_is_named_as_attached_is_attached():
    letter = examples.letter()
    assert any("提到附件3" in each for each in lint_document(with_text("见附件3。")))
    empty = replace(letter, attachments=(Attachment("清单"),))
    assert any("附件《清单》没有内容" in each for each in lint_document(empty))
    none = replace(letter, attachments=())
    assert any("正文说见附件，却没有附件" in each for each in lint_document(none))
    marked = replace(letter, attachments=(Attachment("清单。", file="清单.xlsx"),))
    assert any("之后不加标点" in each for each in lint_document(marked))


def test_totals_of_attached_tables_are_compared_with_their_rows():
    wrong = replace(examples.FUNDS, total=(None, "合计", None, 1, None, None, None))
    document = replace(examples.letter(), attachments=(Attachment("清单", wrong),))
    assert any("各行相加为729.1647，合计却写0" in each for each in lint_document(document))
    inside = replace(examples.circular(), blocks=(TableBlock(wrong),))
    assert any("各行相加为729.1647" in each for each in lint_document(inside))


def test_nobody_is_addressed_and_copied_at_once():
    twice = replace(examples.letter(), copies=("市财政局",))
    (sentence,) = lint_document(twice)
    assert "“市财政局”已是主送机关" in sentence


def test_a_document_is_printed_neither_before_it_is_dated_nor_by_nobody():
    early = replace(examples.request(), printed_on=date(2026, 11, 3))
    assert any("早于成文日期" in each for each in lint_document(early))
    nobody = replace(examples.request(), printed_by=None)
    assert any("须同时写明" in each for each in lint_document(nobody))


def test_a_document_that_is_wrong_is_refused_with_every_sentence():
    wrong = replace(examples.request(), upward=None, contact=None)
    with pytest.raises(UnfitDocumentError) as refused:
        check_document(wrong)
    assert refused.value.sentences == lint_document(wrong)
    assert len(refused.value.sentences) == 2


def test_what_was_handed_in_is_quoted_as_it_stands():
    rows = tuple((*row[:6], "2026年08月01日开工，4万元（5元）") for row in examples.FUNDS.rows)
    table = replace(examples.FUNDS, rows=rows)
    document = replace(examples.letter(), attachments=(Attachment("清单", table),))
    assert lint_document(document) == ()
    headed = replace(table, heads=(Entry("填报日期", "2026年08月01日"),))
    document = replace(examples.letter(), attachments=(Attachment("清单", headed),))
    assert len(lint_document(document)) == 1


def test_a_report_may_tell_of_the_wishes_of_residents():
    text = "对居民的请求逐条登记、及时答复。"
    assert lint_document(with_text(text, examples.report())) == ()
