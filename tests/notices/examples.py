"""公文样例: one complete document of each kind, with invented offices in a real programme."""

from dataclasses import replace
from datetime import date

from notices.documents import (
    Document,
    ImplementerNotice,
    NotPassed,
    NotSelected,
    ProjectPublicity,
    PublicityPeriod,
    ResultPublicity,
)
from notices.letters import DecisionNotice, FilingReport
from notices.parts import (
    Audit,
    Basis,
    Channel,
    Contact,
    CountedDay,
    Element,
    FundUse,
    Imprint,
    Period,
    Project,
    Reading,
    Step,
    Survey,
    Wording,
)

CONTACT = Contact(
    office="湖滨社区居民委员会",
    phone="0512-58000001",
    address="杨舍镇湖滨路18号湖滨社区服务中心201室",
    email="hubin@example.cn",
    supervision_phone="0512-58000009",
    supervision_office="杨舍镇纪委",
)
OFFICE = Contact(
    office="城西办事处社会事业科",
    phone="0512-58000002",
    address="杨舍镇城西路6号",
    supervision_phone="0512-58000009",
)
DELIBERATED = Step("湖滨社区居民议事会", "商议通过", date(2026, 1, 20), 15, 13, 12)
REVIEWED = Step("城西办事处", "审议通过", date(2026, 1, 28), 11, 10, 9)
APPROVED = Step("杨舍镇", "审核通过", date(2026, 2, 6))
CHARGING = Project(
    name="云盘小区电动自行车集中充电棚建设",
    content="在云盘小区东门停车场北侧新建电动自行车充电棚2处，设充电位48个，配套安装消防喷淋、"
    "烟感报警和视频监控，同步拆除原有破损车棚，恢复地面铺装约120平方米。",
    place="云盘小区东门停车场北侧",
    schedule="2026年3月至2026年6月",
    budget=4_986_000,
    community="湖滨社区",
    category="消除安全隐患",
)
CLASSES = Project(
    name="“夕阳有伴”独居老人关爱服务",
    content="为社区内86位独居老人提供每周一次上门探访、每月一次集体生日会。",
    place="湖滨社区服务中心及老人家中",
    schedule="2026年3月至2026年11月",
    budget=2_350_050,
    community="湖滨社区",
    category="居民关爱公益",
)
LAMPS = replace(CHARGING, name="路灯修复事项", thing="事项")
CHANNELS = (
    Channel("社区显眼位置", "云盘小区东门公示栏", date(2026, 2, 11)),
    Channel("社区电子媒体", "“湖滨社区”微信公众号", date(2026, 2, 12)),
)
DRAFT = "本规则依据《张家港市民生微实事项目实施办法（征求意见稿）》，原文施行日期空白。"
DAYS_READING = Reading("3个工作日计，自两处均张贴发布之次日起算", "3天公示期按自然日还是工作日计算")
PERIOD = Period(3, "working_days", date(2026, 2, 13), date(2026, 2, 24))


def basis(article: str) -> Basis:
    """依据：the draft measures, at one article."""
    title = "张家港市民生微实事项目实施办法（征求意见稿）"
    return Basis(title, article, status="draft", remarks=(DRAFT,))


def imprint(suffix: str, issuer: str, *, sealed: bool = True) -> Imprint:
    """落款：a number of the case's file and an issuer."""
    return Imprint(f"ZJG-2026-0001-{suffix}", issuer, date(2026, 2, 11), sealed=sealed)


def project_publicity(period: Period = PERIOD) -> ProjectPublicity:
    """项目公示样例。"""
    return ProjectPublicity(
        imprint("A1", "湖滨社区居民委员会"),
        basis("第九条"),
        (CHARGING,),
        (DELIBERATED, REVIEWED, APPROVED),
        period,
        CHANNELS,
        CONTACT,
        readings=(DAYS_READING,),
    )


def publicity_of_several() -> ProjectPublicity:
    """多个项目一并公示的样例。"""
    return ProjectPublicity(
        imprint("A2", "湖滨社区居民委员会"),
        basis("第九条"),
        (CHARGING, CLASSES),
        (DELIBERATED,),
        PERIOD,
        CHANNELS,
        CONTACT,
    )


def result_publicity() -> ResultPublicity:
    """结果公示样例。"""
    return ResultPublicity(
        imprint("B1", "湖滨社区居民委员会"),
        basis("第十一条"),
        CHARGING,
        "新增充电位48个，惠及居民320户；原楼道充电、飞线充电现象已消除，消防通道恢复畅通。",
        Period(5, "working_days"),
        CHANNELS,
        CONTACT,
        implementer="张家港市安居建设工程有限公司",
        funds=FundUse(4_400_000, 406_030),
        audit=Audit(4_986_000, 4_806_030, "江苏某某会计师事务所有限公司"),
        survey=Survey(9667, 60, "张家港市某某社会工作服务中心"),
        readings=(Reading("本镇规定公示5个工作日", "结果公示的天数"),),
    )


def publicity_period() -> PublicityPeriod:
    """公示起止说明样例。"""
    days = (
        CountedDay(date(2026, 2, 12), counted=False, reason="张贴发布当日不计入"),
        CountedDay(date(2026, 2, 13), counted=True, reason="工作日"),
        CountedDay(date(2026, 2, 14), counted=True, reason="调休上班"),
        *(
            CountedDay(date(2026, 2, day), counted=False, reason="春节放假")
            for day in range(15, 24)
        ),
        CountedDay(date(2026, 2, 24), counted=True, reason="工作日"),
    )
    return PublicityPeriod(
        imprint("A1-1", "湖滨社区居民委员会"),
        basis("第九条"),
        CHARGING.titled,
        "关于湖滨社区云盘小区电动自行车集中充电棚建设项目的公示",
        "ZJG-2026-0001-A1",
        "3F2A 91BC 04DE 77A1",
        PERIOD,
        CHANNELS,
        days,
        CONTACT,
        readings=(DAYS_READING,),
    )


def not_selected() -> NotSelected:
    """未获选告知样例。"""
    return NotSelected(
        imprint("C1", "中共湖滨社区总支部委员会", sealed=False),
        basis("第十三条"),
        "小区门口增设大型雕塑",
        "TY-2026-0031",
        Step("湖滨社区居民议事会", "商议表决", date(2026, 1, 20), 15, 13, 4),
        (
            "同意人数未达到规定的通过比例。",
            "受益面较小，与居民集中反映的停车、充电需求相比不够迫切。",
        ),
        CONTACT,
        readings=(Reading("到会成员三分之二以上、同意超过到会半数通过", "议事会的到会和通过比例"),),
    )


def not_passed() -> NotPassed:
    """未通过告知样例。"""
    return NotPassed(
        imprint("D1", "城西办事处"),
        basis("第十五条"),
        "中共湖滨社区总支部委员会",
        CHARGING,
        Step("城西办事处", "审议", date(2026, 1, 28), 11, 10, 3),
        ("与在建、拟建政府投资项目重复。",),
        OFFICE,
    )


def implementer_notice() -> ImplementerNotice:
    """确定实施主体通知样例。"""
    return ImplementerNotice(
        imprint("E1", "城西办事处"),
        basis("第十条"),
        "张家港市安居建设工程有限公司",
        CHARGING,
        (
            "应以合同或协议形式，明确项目质量要求。",
            "合同或协议中应明确后期管理养护单位及责任。",
            "合同或协议签订后，应在一周内启动施工、6个月内完工。",
        ),
        OFFICE,
        registry="杨舍镇民生微实事项目实施主体库",
        publicity=PERIOD,
        grounds="入库类别为小型土建，近三年承接同类项目5个，验收均合格。",
        copies=("湖滨社区党总支", "湖滨社区居民委员会"),
    )


def filing_report() -> FilingReport:
    """备案报告样例，用当地的叫法。"""
    return FilingReport(
        imprint("F1", "湖滨社区居民委员会"),
        basis("第十九条"),
        "杨舍镇",
        replace(LAMPS, elements=(Element("事项内容", LAMPS.content), Element("受益户数", "86户"))),
        (DELIBERATED,),
        CONTACT,
        wording=Wording("事项", "村(社区)"),
    )


def decision_notice() -> DecisionNotice:
    """办理结果告知样例。"""
    return DecisionNotice(
        imprint("G1", "城西办事处"),
        basis("第十二条"),
        "湖滨社区居民委员会",
        CHARGING,
        APPROVED,
        "转由城西办事处组织实施",
        ("资金额度较大，专业性较强。",),
        OFFICE,
        following="项目实施",
    )


def every() -> tuple[Document, ...]:
    """全部文种：one of each kind, and the one with an annex."""
    return (
        project_publicity(),
        publicity_of_several(),
        result_publicity(),
        publicity_period(),
        not_selected(),
        not_passed(),
        implementer_notice(),
        filing_report(),
        decision_notice(),
    )
