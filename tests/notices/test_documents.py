from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from notices.documents import DOCUMENTS, render
from notices.fingerprint import short_code
from notices.parts import Audit, Basis, Channel, FundUse, Period, Reading, Step, Survey
from tests.notices import examples


def text_of(html: str) -> str:
    """正文文字：the page without tags and without white space."""
    body = html.split("</head>")[1]
    kept, inside = [], False
    for character in body:
        if character == "<":
            inside = True
        elif character == ">":
            inside = False
        elif not inside and not character.isspace():
            kept.append(character)
    return unescape("".join(kept))


def test_every_kind_of_document_has_an_example():
    assert {document.KIND for document in examples.every()} == set(DOCUMENTS)


def test_a_publicity_holds_the_five_elements_the_votes_and_the_ways_to_object(rendered):
    text = text_of(rendered["ZJG-2026-0001-A1"].html)
    for element in (
        "项目名称云盘小区电动自行车集中充电棚建设",
        "项目内容在云盘小区东门停车场北侧",
        "实施地点云盘小区东门停车场北侧",
        "实施时间2026年3月至2026年6月",
        "资金预算4.986万元（49,860.00元）",
        "2026年1月20日经湖滨社区居民议事会商议通过（应到15人，实到13人，同意12人）；",
        "2026年2月6日经杨舍镇审核通过。现予公示",
        "公示期：3个工作日（2026年2月13日至2月24日）。",
        "受理单位：湖滨社区居民委员会",
        "联系电话：0512-58000001",
        "电子邮箱：hubin@example.cn",
        "监督电话：0512-58000009（杨舍镇纪委）",
        "特此公示。",
        "注：办法未规定3天公示期按自然日还是工作日计算，按3个工作日计",
    ):
        assert element in text


def test_before_it_is_posted_a_publicity_says_from_when_its_days_run():
    text = text_of(render(examples.project_publicity(Period(3, "working_days"))).html)
    period = "自两处（社区显眼位置、社区电子媒体）均张贴发布之次日起3个工作日"
    assert f"公示期：{period}。" in text


def test_with_one_channel_the_days_run_from_that_one():
    document = examples.project_publicity(Period(10, "calendar_days"))
    single = replace(document, channels=(Channel("社区公示栏"),))
    assert "公示期：自社区公示栏张贴发布之次日起10日。" in text_of(render(single).html)


def test_several_projects_go_into_an_annex_with_a_total_summed_before_rounding():
    page = render(examples.publicity_of_several())
    text = text_of(page.html)
    assert page.title == "关于云盘小区电动自行车集中充电棚建设等2个项目的公示"
    assert "共2个，资金预算合计7.3361万元（73,360.50元）" in text
    assert "附件：项目公示清单" in text
    assert "合计7.3361" in text


def test_a_result_publicity_holds_audit_funds_effect_and_evaluation(rendered):
    text = text_of(rendered["ZJG-2026-0001-B1"].html)
    for element in (
        "审计结果送审金额49,860.00元审定金额48,060.30元核减金额1,799.70元（核减率3.61%）",
        "资金使用财政资金44,000.00元社会资金4,060.30元合计4.806万元（48,060.30元）",
        "实施效果新增充电位48个",
        "评估结果满意度96.67%（有效样本60份）",
        "实施主体张家港市安居建设工程有限公司",
    ):
        assert element in text


def test_a_simplified_procedure_shows_neither_audit_nor_evaluation():
    text = text_of(render(replace(examples.result_publicity(), audit=None, survey=None)).html)
    assert "审计结果" not in text
    assert "评估结果" not in text
    assert "财政资金44,000.00元" in text


def test_an_audit_that_adds_is_not_called_a_cut():
    text = text_of(render(replace(examples.result_publicity(), audit=Audit(0, 150))).html)
    assert "核增金额1.50元" in text
    assert "核减" not in text


def test_a_proposer_is_told_the_vote_and_the_reasons_under_a_register_number(rendered):
    text = text_of(rendered["ZJG-2026-0001-C1"].html)
    assert "提议人（登记号TY-2026-0031）：" in text
    assert "商议表决（应到15人，实到13人，同意4人），未获选。" in text
    assert "1.同意人数未达到规定的通过比例。2.受益面较小" in text


def test_a_decision_without_a_vote_prints_no_empty_bracket():
    decided = Step("湖滨社区党总支", "研究", date(2026, 1, 21))
    text = text_of(render(replace(examples.not_selected(), decision=decided)).html)
    assert "于2026年1月21日经湖滨社区党总支研究，未获选。" in text


def test_the_party_organisation_is_told_what_failed_and_why(rendered):
    text = text_of(rendered["ZJG-2026-0001-D1"].html)
    assert "中共湖滨社区总支部委员会：" in text
    assert "审议（应到11人，实到10人，同意3人），未获通过。" in text
    assert "二、未通过原因与在建、拟建政府投资项目重复。" in text


def test_an_implementer_is_told_project_budget_in_capitals_and_demands(rendered):
    text = text_of(rendered["ZJG-2026-0001-E1"].html)
    assert "从杨舍镇民生微实事项目实施主体库中确定你单位为该项目实施主体" in text
    assert "预算大写人民币肆万玖仟捌佰陆拾元整" in text
    assert "2.合同或协议中应明确后期管理养护单位及责任。" in text
    assert "抄送：湖滨社区党总支，湖滨社区居民委员会。" in text


def test_the_period_is_explained_day_by_day(rendered):
    text = text_of(rendered["ZJG-2026-0001-A1-1"].html)
    assert "公示期至2026年2月24日24时止" in text
    assert "2026年2月14日第2日调休上班2026年2月15日至2月23日不计入春节放假" in text


def test_every_page_carries_number_code_and_the_status_of_its_source(rendered):
    for number, page in rendered.items():
        text = text_of(page.html)
        code = short_code(page.content_digest).replace(" ", "")
        assert f"文件编号：{number}文件校验码：{code}" in text
        assert "原文施行日期空白" in text
        assert 'class="qr"' in page.html


def test_a_draft_without_a_remark_is_still_called_a_draft():
    document = replace(examples.project_publicity(), basis=Basis("实施办法", status="draft"))
    text = text_of(render(document).html)
    assert "本件依据的《实施办法》为征求意见稿，尚未正式施行。" in text


def test_a_measure_in_force_needs_no_remark():
    measure = Basis("以奖代补通知", None, "沈民发[2023]11号", "in_force")
    text = text_of(render(replace(examples.project_publicity(), basis=measure)).html)
    assert "根据《以奖代补通知》（沈民发[2023]11号）的规定" in text
    assert "本件依据" not in text


def test_text_of_a_user_is_shown_and_never_executed():
    hostile = "<script>alert(1)</script>{{7*7}}{% raw %}\u202e<img src=x onerror=y>"
    project = replace(examples.CHARGING, name=hostile, content=hostile)
    page = render(replace(examples.project_publicity(), projects=(project,)))
    assert "<script" not in page.html
    assert "<img" not in page.html
    assert "\u202e" not in page.html + page.title
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}{% raw %}" in page.html


def test_personal_numbers_are_masked_in_text_but_an_offices_mobile_stays():
    document = examples.project_publicity()
    project = replace(examples.CHARGING, content="联系张某13812345678，320582199001011234。")
    contact = replace(document.contact, phone="13900001111")
    text = text_of(render(replace(document, projects=(project,), contact=contact)).html)
    assert "138****5678，320***************。" in text
    assert "联系电话：13900001111" in text


def test_a_title_names_the_community_once():
    project = replace(examples.CHARGING, name="湖滨社区花坛整治项目")
    page = render(replace(examples.project_publicity(), projects=(project,)))
    assert page.title == "关于湖滨社区花坛整治项目的公示"


@pytest.mark.parametrize(
    ("reading", "sentence"),
    [
        (Reading("5个工作日公示。", "公示天数"), "办法未规定公示天数，按5个工作日公示。"),
        (Reading("办法未规定补正程序；由社区补正"), "办法未规定补正程序；由社区补正。"),
        (Reading("按工作日计"), "办法未规定，按以下解释办理：按工作日计。"),
    ],
)
def test_a_reading_says_that_the_measure_is_silent(reading, sentence):
    assert reading.sentence == sentence


def test_a_period_with_one_end_or_in_reverse_is_refused():
    with pytest.raises(ValueError, match="须同时写明"):
        Period(3, "working_days", first=date(2026, 2, 13))
    with pytest.raises(ValueError, match="早于起始日"):
        Period(3, "working_days", date(2026, 2, 13), date(2026, 2, 12))


def test_a_report_for_the_file_speaks_in_the_words_of_its_place():
    text = text_of(render(examples.filing_report()).html)
    assert "现将路灯修复事项的有关情况报请备案" in text
    assert "一、事项情况" in text
    assert "受益户数" in text
    assert "项目情况" not in text


def test_a_notice_of_a_decision_says_how_it_was_decided_why_and_what_follows():
    text = text_of(render(examples.decision_notice()).html)
    assert "办理结果为“转由城西办事处组织实施”" in text
    assert "资金额度较大，专业性较强。" in text
    assert "三、后续办理" in text


def test_a_publicity_before_which_nothing_was_decided_names_no_steps():
    text = text_of(render(replace(examples.project_publicity(), steps=())).html)
    assert "已履行以下程序" not in text
    assert "现予公示" in text


def test_marks_and_money_not_yet_paid_are_shown_as_what_they_are():
    survey = Survey(scores=(("品牌效应", 88), ("覆盖人群", 91)))
    funds = FundUse(4_400_000, note="尚未拨付，为合同金额")
    document = replace(
        examples.result_publicity(), implementer=None, audit=None, survey=survey, funds=funds
    )
    text = text_of(render(document).html)
    assert "品牌效应" in text
    assert "88分" in text
    assert "满意度" not in text
    assert "尚未拨付，为合同金额" in text
    assert "审计结果" not in text


def test_a_title_within_a_title_has_single_marks():
    basis = replace(examples.basis("第一条"), title="《示例办法》政策解读")
    text = text_of(render(replace(examples.not_passed(), basis=basis)).html)
    assert "《〈示例办法〉政策解读》" in text
