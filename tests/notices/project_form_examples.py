"""项目表单样例: the four papers of a project, with invented offices."""

from dataclasses import replace
from datetime import date

from notices.drafting import OfficialDocument
from notices.parts import Basis, Element, Imprint, Period, Project, Reading, Step
from notices.project_forms import (
    AcceptanceForm,
    FilingForm,
    Particulars,
    RecommendationForm,
    RectificationNotice,
)
from notices.tables import Entry
from tests.notices.examples import CHARGING, OFFICE

BASIS = Basis(title="某市民生微实事项目实施办法", article="第十一条")
COMMUNITY, STREET = "湖滨社区居民委员会", "湖东街道办事处"
BUILDER = "某市安居建设工程有限公司"
STEPS = (
    Step("湖滨社区居民议事会", "商议通过", date(2026, 1, 20), 15, 13, 12),
    Step("湖滨社区", "项目梳理", date(2026, 1, 22)),
)
SHOWN = Period(10, "calendar_days", date(2026, 1, 24), date(2026, 2, 2))
PLACED = replace(
    CHARGING,
    elements=(Element("项目名称", CHARGING.name), Element("实施地点", CHARGING.place)),
)
DONE = replace(
    PLACED,
    elements=(
        *PLACED.elements,
        Element("项目内容", CHARGING.content),
        Element("实施时间", CHARGING.schedule),
    ),
)
READING = Reading("验收合格的，出具验收单归档")


def about(
    reference: str, title: str, issuer: str, day: date, project: Project = CHARGING
) -> Particulars:
    """基本情况：the same project in every paper, with more or less said of it."""
    return Particulars(title, Imprint(reference, issuer, day), BASIS, project, (READING,))


def acceptance() -> AcceptanceForm:
    """验收单：整改以后验收合格。"""
    return AcceptanceForm(
        about=about("BS-2026-0019", "民生微实事项目验收单", COMMUNITY, date(2026, 7, 4), DONE),
        opinion="整改到位，喷淋压力达到设计要求，同意验收。",
        parties=("社区党委", "监理单位"),
        conclusion="合格",
        accepted_on=date(2026, 7, 3),
        amount=Element("合同金额", amount=4_800_050),
        implementer=BUILDER,
        finished="2026年7月1日，整改：现场照片与检测记录已存档",
        mended=("2026年6月18日验收不合格：消防喷淋压力不足，排水坡度不符合设计要求。",),
    )


def rectification() -> RectificationNotice:
    """整改通知：验收不合格，写明问题和期限。"""
    return RectificationNotice(
        about=about("BS-2026-0020", "民生微实事项目整改通知", STREET, date(2026, 6, 19), PLACED),
        recipient=BUILDER,
        inspector=COMMUNITY,
        inspection="验收",
        found_on=date(2026, 6, 18),
        found=(Entry("存在问题", "消防喷淋压力不足，排水坡度不符合设计要求。"),),
        contact=OFFICE,
        mend_by=date(2026, 7, 3),
        copies=(COMMUNITY,),
    )


def recommendation() -> RecommendationForm:
    """推荐表：社区报街道初审。"""
    return RecommendationForm(
        about=about("BS-2026-0021", "民生微实事项目推荐表", COMMUNITY, date(2026, 2, 3)),
        recipient=STREET,
        opinion="居民反映集中，议事会表决通过，同意推荐。",
        steps=STEPS,
        publicity=SHOWN,
    )


def filing() -> FilingForm:
    """备案表：评价结果报街道备案。"""
    scores = "满意度：96.67%（有效样本120份）；成效评估：居民反映良好。"
    return FilingForm(
        about=about("BS-2026-0022", "民生微实事评价结果备案表", COMMUNITY, date(2026, 9, 2), DONE),
        recipient=STREET,
        receipt="材料齐全，已予备案。",
        filed_on=date(2026, 9, 1),
        number="湖东备2026第3号",
        results=(Entry("日常评价", scores), Entry("集中评价", scores)),
    )


def every() -> tuple[OfficialDocument, ...]:
    """四种各一份。"""
    papers = (acceptance(), rectification(), recommendation(), filing())
    return tuple(paper.document() for paper in papers)


def hostile() -> Project:
    """经办人随手写的项目内容：公文不因引用它而不能出具。"""
    return Project(
        name="楼道灯、扶手更换，二期",
        content="2026年06月完工，详见附件3，预算1.2万元（13000元）",
        place="3号楼",
        schedule="二〇二六年六月",
        budget=1_300_000,
        community="湖滨社区",
    )
