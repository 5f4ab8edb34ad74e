"""公文样例: one complete official document of each kind, with invented offices."""

from dataclasses import replace
from datetime import date

from notices.drafting import official_number
from notices.official import (
    Attachment,
    ContactPerson,
    FormBlock,
    OfficialDocument,
    Opinion,
    Paragraph,
    TableBlock,
)
from notices.tables import Column, Entry, Table, sums
from tests.notices import project_form_examples

CUT_OFF = Entry("统计截止", "2026年10月31日")
FUNDS = Table(
    "民生微实事项目资金分配表",
    (
        Column("place", "序号", "count", additive=False),
        Column("town", "镇（街道）"),
        Column("project", "项目名称"),
        Column("owed", "应承担", "money_wan"),
        Column("paid", "已拨付", "money_wan"),
        Column("now", "本次下达", "money_wan"),
        Column("remark", "备注"),
    ),
    (
        (1, "湖东街道", "云盘小区电动自行车集中充电棚建设", 4_986_000, 2_000_000, 2_986_000, None),
        (2, "湖西街道", "“夕阳有伴”独居老人关爱服务", 2_350_050, None, 2_350_050, "首次下达"),
        (3, "城南镇", "老旧小区楼道照明改造", 721_828_600, 500_000_000, 221_828_600, None),
    ),
    unit_note="单位：万元",
    heads=(Entry("填报单位（盖章）", "某市民政局"), CUT_OFF, Entry("填报日期", "2026年11月3日")),
    feet=(
        Entry("单位负责人"),
        Entry("审核人"),
        Entry("填表人"),
        Entry("联系电话", "0512-58000002"),
    ),
)
FUNDS = replace(FUNDS, total=sums(FUNDS))
NAMES = ("湖滨", "云盘", "城西", "南桥", "北苑", "东湖", "西园", "中兴") * 2
COUNTS = (12, 3, 2, None, 13, 31, 18, 15, 6)
MONEY = (49_860_000, 31_245_600, 28_000_000)
REST = (9667, "部分项目雨季停工，工期顺延")
PROGRESS = Table(
    "民生微实事项目实施情况月报表",
    (
        Column("place", "序号", "count", additive=False),
        Column("community", "社区"),
        Column("opening", "期初在办", "count", group="在办件数"),
        Column("new", "本期新增", "count", group="在办件数"),
        Column("done", "本期办结", "count", group="在办件数"),
        Column("withdrawn", "本期撤回", "count", group="在办件数"),
        Column("closing", "期末在办", "count", group="在办件数"),
        Column("collected", "征集", "count", group="本年累计"),
        Column("determined", "确定", "count", group="本年累计"),
        Column("implementing", "实施", "count", group="本年累计"),
        Column("completed", "完成", "count", group="本年累计"),
        Column("budget", "立项预算", "money_wan", group="资金（万元）"),
        Column("audited", "审定金额", "money_wan", group="资金（万元）"),
        Column("paid", "已支付", "money_wan", group="资金（万元）"),
        Column("on_time", "按期率", "percent"),
        Column("problem", "存在问题"),
    ),
    tuple((place, f"{name}社区", *COUNTS, *MONEY, *REST) for place, name in enumerate(NAMES, 1)),
    unit_note="单位：件、万元",
    heads=(
        Entry("填报单位（盖章）", "湖东街道办事处"),
        CUT_OFF,
        Entry("填报日期", "2026年11月3日"),
    ),
    feet=FUNDS.feet,
    landscape=True,
    notes=("期初在办与本期新增之和，减去本期办结与本期撤回，等于期末在办。",),
)
PROGRESS = replace(PROGRESS, total=(*sums(PROGRESS)[:-2], 9667, None))
PERSON = ContactPerson("赵珺", "0512-58000002")
REQUEST = (
    Paragraph(
        0,
        "根据《某市民生微实事项目实施办法》第十九条的规定，我局会同市财政局对各镇（街道）"
        "申报的2026年第三季度民生微实事项目进行了认定。现将有关情况请示如下。",
    ),
    Paragraph(1, "认定情况"),
    Paragraph(
        0,
        "本季度各镇（街道）申报项目3件，经联席会议认定，符合条件的3件，审定财政支出"
        "合计729.1647万元（7,291,646.50元）。",
    ),
    Paragraph(1, "资金安排意见"),
    Paragraph(
        2,
        "按比例配套。市级引导资金按审定财政支出一比一配套，社区为民服务资金不计入配套基数，"
        "分配明细见附件1。",
    ),
    Paragraph(2, "分项说明。各镇（街道）资金安排如下："),
    Paragraph(3, "湖东街道2.986万元；"),
    Paragraph(3, "湖西街道2.3501万元；"),
    Paragraph(4, "其中首次下达2.3501万元；"),
    Paragraph(4, "其余按进度拨付。"),
    Paragraph(3, "城南镇221.8286万元。"),
    Paragraph(0, "妥否，请批示。"),
)
STANDING = Table(
    "推进情况",
    (
        Column("rank", "名次", "count", additive=False),
        Column("town", "镇（街道）"),
        Column("planned", "年度项目（件）", "count"),
        Column("done", "已完成（件）", "count"),
        Column("rate", "完成率", "percent"),
    ),
    (
        (1, "湖东街道", 20, 12, 6000),
        (2, "城南镇", 25, 10, 4000),
        (3, "湖西街道", 20, 4, 2000),
    ),
    total=(None, "合计", 65, 26, 4000),
)


def request() -> OfficialDocument:
    """请示：向本级政府请求批准。"""
    return OfficialDocument(
        reference="BS-2026-0007",
        genre="请示",
        issuer="某市民政局",
        title="某市民政局关于下达2026年第三季度民生微实事项目市级引导资金的请示",
        date=date(2026, 11, 4),
        towards="higher",
        number=official_number("某民发", 2026, 12),
        recipients=("某市人民政府",),
        upward="喆玥赟",
        blocks=REQUEST,
        attachments=(
            Attachment("民生微实事项目资金分配表", FUNDS),
            Attachment("2026年10月民生微实事项目实施情况月报表", PROGRESS),
        ),
        contact=PERSON,
        copies=("市财政局",),
        printed_by="某市民政局办公室",
        printed_on=date(2026, 11, 5),
    )


def report() -> OfficialDocument:
    """报告：镇（街道）向上级报告年度情况。"""
    return replace(
        request(),
        reference="BS-2026-0008",
        genre="报告",
        issuer="湖东街道办事处",
        title="湖东街道办事处关于2026年民生微实事项目实施情况的报告",
        number=official_number("湖东办", 2026, 31),
        upward="垚昇",
        blocks=(
            Paragraph(0, "现将我街道2026年民生微实事项目实施情况报告如下。"),
            Paragraph(1, "总体情况"),
            Paragraph(
                0,
                "截至10月31日，全年征集项目31件，确定18件，已实施15件，已完成6件，"
                "完成率33.33%。资金支付28万元。",
            ),
            Paragraph(1, "存在问题"),
            Paragraph(0, "部分项目雨季停工，工期顺延；个别项目验收资料不齐。"),
            Paragraph(1, "下一步工作"),
            Paragraph(0, "加快未完工项目进度，年底前全部完成验收和结果公示。"),
            Paragraph(0, "特此报告。"),
        ),
        attachments=(Attachment("民生微实事项目实施情况月报表", PROGRESS),),
        contact=None,
        copies=(),
        printed_by=None,
        printed_on=None,
    )


def letter() -> OfficialDocument:
    """函：街道商请不相隶属的局。"""
    return OfficialDocument(
        reference="BS-2026-0009",
        genre="函",
        issuer="湖东街道办事处",
        title="关于申请拨付2026年第三季度民生微实事项目市级引导资金的函",
        date=date(2026, 10, 9),
        towards="unrelated",
        number=official_number("湖东办函", 2026, 8),
        recipients=("市民政局", "市财政局"),
        blocks=(
            Paragraph(
                0,
                "2026年第三季度，我街道完成民生微实事项目2件，审计、满意度测评、结果公示和归档"
                "均已办结，街道配套资金已拨付到位。现申请市级引导资金53,360.50元"
                "（大写：伍万叁仟叁佰陆拾元零伍角），认定材料见附件。",
            ),
            Paragraph(0, "专此致函，请予研究函复。"),
        ),
        attachments=(Attachment("民生微实事项目资金分配表", FUNDS),),
        contact=PERSON,
        copies=("湖东街道财政所",),
    )


def circular() -> OfficialDocument:
    """通报：局向各镇（街道）通报进度。"""
    return OfficialDocument(
        reference="BS-2026-0010",
        genre="通报",
        issuer="某市民政局",
        title="关于2026年10月全市民生微实事项目推进情况的通报",
        date=date(2026, 11, 6),
        towards="lower",
        number=official_number("某民发", 2026, 13),
        recipients=("各镇人民政府", "各街道办事处"),
        blocks=(
            Paragraph(0, "现将10月份全市民生微实事项目推进情况通报如下。"),
            Paragraph(1, "总体进度"),
            Paragraph(
                0,
                "截至10月31日，65件年度项目已完成26件，完成率40%；已开工65件，开工率达100%。",
            ),
            Paragraph(1, "各镇（街道）情况"),
            TableBlock(STANDING),
            Paragraph(1, "工作要求"),
            Paragraph(0, "各镇（街道）要倒排工期，确保年底前全面完成。"),
        ),
        copies=("市发展和改革委员会", "市财政局"),
        printed_by="某市民政局办公室",
        printed_on=date(2026, 11, 6),
    )


def instruction() -> OfficialDocument:
    """通知：两个局联合下达资金。"""
    return replace(
        circular(),
        reference="BS-2026-0011",
        genre="通知",
        issuers=("某市财政局",),
        title="关于下达2026年第三季度民生微实事项目市级引导资金的通知",
        number=official_number("某民发", 2026, 14),
        blocks=(
            Paragraph(
                0,
                "根据联席会议认定结果，现下达你单位2026年第三季度民生微实事项目市级引导资金"
                "（分配明细见附件），列“208社会保障和就业支出”科目，请专款专用。",
            ),
        ),
        attachments=(Attachment("民生微实事项目资金分配表", FUNDS),),
    )


def minutes() -> OfficialDocument:
    """纪要：联席会议认定季度项目。"""
    return OfficialDocument(
        reference="BS-2026-0012",
        genre="纪要",
        issuer="某市民生微实事联席会议",
        title="2026年第三季度民生微实事项目认定会议纪要",
        date=date(2026, 10, 28),
        towards="members",
        number=official_number("某民联纪", 2026, 3),
        blocks=(
            Paragraph(
                0, "2026年10月27日，联席会议召集人主持召开会议，认定第三季度项目。纪要如下。"
            ),
            Paragraph(1, "会议听取了市民政局关于各镇（街道）申报情况的汇报。"),
            Paragraph(1, "会议认定符合条件的项目3件，审定财政支出729.1647万元。"),
            Paragraph(1, "会议要求市财政局按程序及时拨付资金。"),
        ),
        attendance=(
            Entry(
                "出席",
                "市民政局、市财政局、市发展和改革委员会、市审计局、市住房和城乡建设局、市城市管理局",
            ),
            Entry("请假", "市水务局"),
            Entry("列席", "湖东街道办事处、湖西街道办事处"),
        ),
        copies=("联席会议各成员单位",),
        printed_by="联席会议办公室",
        printed_on=date(2026, 10, 29),
    )


def publicity() -> OfficialDocument:
    """公示：不编号、无红头。"""
    return OfficialDocument(
        reference="BS-2026-0013",
        genre="公示",
        issuer="某市民政局",
        title="关于2026年民生微实事项目星级评定结果的公示",
        date=date(2026, 12, 1),
        towards="public",
        blocks=(
            Paragraph(0, "现将2026年民生微实事项目星级评定结果予以公示，名单见附件。"),
            Paragraph(0, "公示期：5个工作日（2026年12月2日至12月8日）。"),
        ),
        attachments=(Attachment("星级项目名单", FUNDS),),
    )


def information() -> OfficialDocument:
    """告知书：告知当事单位。"""
    return OfficialDocument(
        reference="BS-2026-0014",
        genre="告知书",
        issuer="湖东街道办事处",
        title="民生微实事项目审核结果告知书",
        date=date(2026, 3, 5),
        towards="party",
        recipients=("湖滨社区居民委员会",),
        blocks=(
            Paragraph(0, "你社区申报的“云盘小区充电棚建设”项目经审核，未予通过，理由如下。"),
            Paragraph(3, "与在建政府投资项目重复；"),
            Paragraph(3, "预算依据不足。"),
            Paragraph(0, "对上述结果有异议的，可以自收到本告知书之日起向我单位提出。"),
        ),
        contact=PERSON,
    )


def correction() -> OfficialDocument:
    """整改通知：验收不合格，责令整改。"""
    return replace(
        information(),
        reference="BS-2026-0015",
        genre="整改通知",
        title="云盘小区充电棚建设项目整改通知",
        date=date(2026, 6, 19),
        recipients=("某市安居建设工程有限公司",),
        blocks=(
            Paragraph(0, "2026年6月18日，我单位组织验收，发现以下问题，请按期整改。"),
            Paragraph(3, "消防喷淋压力不足；"),
            Paragraph(3, "排水坡度不符合设计要求。"),
            Paragraph(0, "请于2026年7月3日前整改完毕并书面报告。"),
        ),
    )


def _form(
    reference: str, genre: str, title: str, opinions: tuple[Opinion, ...]
) -> OfficialDocument:
    lines = (
        (Entry("项目名称", "云盘小区电动自行车集中充电棚建设"),),
        (Entry("申报社区", "湖滨社区"), Entry("项目类别", "消除安全隐患")),
        (Entry("实施时间", "2026年3月至6月"), Entry("资金预算", "4.986万元（49,860.00元）")),
        (Entry("项目内容", "新建充电棚2处，设充电位48个，配套安装消防喷淋、烟感报警和视频监控。"),),
        (Entry("受益户数", "320户"), Entry("备注")),
    )
    return OfficialDocument(
        reference=reference,
        genre=genre,  # type: ignore[arg-type]
        issuer="湖滨社区居民委员会",
        title=title,
        date=date(2026, 2, 11),
        towards="higher",
        blocks=(FormBlock(lines, opinions),),
    )


def forms() -> tuple[OfficialDocument, ...]:
    """推荐表、备案表、验收单。"""
    community = Opinion(
        "社区居民议事会意见", "经商议，同意推荐。", "组长（签字）：", "2026年2月11日"
    )
    office = Opinion("街道办事处意见")
    bureau = Opinion("市民政局意见")
    return (
        _form("BS-2026-0016", "推荐表", "民生微实事项目推荐表", (community, office, bureau)),
        _form("BS-2026-0017", "备案表", "民生微实事项目备案表", (community, office)),
        _form("BS-2026-0018", "验收单", "民生微实事项目验收单", (Opinion("验收意见"), office)),
    )


def every() -> tuple[OfficialDocument, ...]:
    """全部文种。"""
    return (
        request(),
        report(),
        letter(),
        circular(),
        instruction(),
        minutes(),
        publicity(),
        information(),
        correction(),
        *forms(),
        *project_form_examples.every(),
    )
