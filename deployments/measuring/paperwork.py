"""公文的测量材料: one document of every kind, as long as such documents usually are."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from notices import charts
from notices.blocks import Attachment, Block, FigureBlock, FormBlock, Opinion, Paragraph, TableBlock
from notices.bulletins import bulletin_sentences, bulletin_table
from notices.drafting import ContactPerson, OfficialDocument, official_number
from notices.forms import Breakdown, Form
from notices.genres import Genre, Towards, genre_rule
from notices.report_tables import monthly_report
from notices.tables import Column, Entry, Table, sums
from schemas.measures import MEASURES

TOWNS = 10
LONGEST = "月报"
ISSUED = date(2026, 11, 3)
OFFICE, BUREAU = "某街道办事处", "某市民政局"
FORM = Form(
    subject="某市2026年10月民生微实事项目",
    office=BUREAU,
    cut_off=date(2026, 10, 31),
    filled_on=ISSUED,
    period="本月",
    responsible="张敏",
    filled_by="李明",
    phone="0512-58000002",
)
BY_TOWN = Breakdown({"town": "镇（街道）"}, "truncate")
SENTENCE = (
    "经社区居民议事会商议、镇（街道）审核，本季度申报的民生微实事项目资料齐全、程序完备，"
    "审计、满意度测评、结果公示和归档均已办结，配套资金已经到位。"
)
# What a table of every project of a city would hold.
COLUMNS = (
    Column("place", "序号"),
    Column("number", "项目编号"),
    Column("name", "项目名称"),
    Column("town", "镇（街道）"),
    Column("community", "社区"),
    Column("kind", "类型"),
    Column("category", "类别"),
    Column("opened", "立项日期", "date"),
    Column("budget", "预算", "money_yuan"),
    Column("contract", "合同", "money_yuan"),
    Column("audited", "审定", "money_yuan"),
    Column("paid", "已付", "money_yuan"),
    Column("satisfied", "满意率", "percent"),
)


@dataclass(frozen=True, slots=True)
class Paper:
    """一件公文: the document, and the tables that go with it as a workbook."""

    document: OfficialDocument
    tables: tuple[Table, ...] = ()


def papers() -> Mapping[str, Paper]:
    """One of every kind, by its kind; the first is the largest, the month's report."""
    made = {LONGEST: monthly(), "通报": circular()}
    others = {genre: Paper(build()) for genre, build in ORDINARY.items()}
    return made | others


def monthly() -> Paper:
    """月报: two wide tables of all towns, a chart with its table, and the workbook."""
    tables = monthly_report(_figures(), FORM, BY_TOWN)
    chart = charts.by_town(_figures(), FORM, BY_TOWN)
    attachments = (
        *(Attachment(table.caption, table) for table in tables),
        Attachment("各地进展图", chart.table, (FigureBlock(chart.svg, "各地进展图"),)),
    )
    blocks = (*_said(), Paragraph(0, "特此报告。"))
    document = _document("报告", "higher", blocks, "某市2026年10月民生微实事项目情况")
    return Paper(replace(document, attachments=attachments), (*tables, chart.table))


def circular() -> Paper:
    """通报: the ranking of all towns in the text."""
    table = bulletin_table(_figures(), FORM, BY_TOWN, rank_by="completed_rate")
    blocks: tuple[Block, ...] = (*_said(), TableBlock(replace(table, landscape=False)))
    return Paper(_document("通报", "lower", blocks, "10月民生微实事项目推进情况"))


def projects(rows: int) -> Table:
    """项目一览表: as many projects as asked for, with their total."""
    found = tuple(_project(number) for number in range(1, rows + 1))
    table = Table("某市民生微实事项目一览表", COLUMNS, found, unit_note="单位：元")
    return replace(table, total=sums(table))


def _project(number: int) -> tuple[Any, ...]:
    budget = 1_000_000 + number * 7919 % 4_000_000
    return (
        str(number),
        f"SL-2026-{number:05d}",
        f"第{number}号楼道照明与充电设施改造",
        f"第{number % TOWNS + 1}镇",
        f"第{number % 97 + 1}社区",
        "工程类" if number % 3 else "服务类",
        "消除安全隐患",
        date(2026, 1, 1) + timedelta(days=number % 300),
        budget,
        budget - 10_000,
        budget - 20_000,
        budget - 20_000,
        9_500 + number % 500,
    )


def _figures() -> list[dict[str, Any]]:
    """A month's figures of every town, each measure different from town to town."""
    return [
        {"town": f"第{town}镇", "community": "", "kind": "works", "category": "environment"}
        | {
            name: (town + 2) * (4_986_000 if measure.unit == "fen" else len(MEASURES) - place)
            for place, (name, measure) in enumerate(MEASURES.items())
        }
        for town in range(1, TOWNS + 1)
    ]


def _said() -> tuple[Paragraph, ...]:
    sentences: Sequence[str] = bulletin_sentences(_figures(), FORM, BY_TOWN)
    return tuple(Paragraph(0, sentence) for sentence in sentences)


def _document(
    genre: Genre, towards: Towards, blocks: Sequence[Block], about: str
) -> OfficialDocument:
    """What every document of a kind has, by the rule of that kind."""
    rule = genre_rule(genre)
    known = rule.recipients.most != 0
    return OfficialDocument(
        reference=f"SL-2026-{genre}",
        genre=genre,
        issuer=BUREAU if towards in ("lower", "public", "members") else OFFICE,
        title=f"关于{about}的{genre}" if rule.about else f"{about}{genre}",
        date=ISSUED,
        towards=towards,
        blocks=tuple(blocks),
        number=official_number("某民", ISSUED.year, 12) if rule.numbered else None,
        recipients=("某市人民政府",) if rule.recipients.least or (known and not rule.form) else (),
        contact=ContactPerson("赵敏", "0512-58000002") if rule.contact else None,
        upward="王建国" if rule.signer else None,
    )


def _written(genre: Genre, towards: Towards, end: str) -> OfficialDocument:
    """A page and a half of text under headings, as a request or a notice has."""
    return _document(genre, towards, (*_text(), Paragraph(0, end)), "民生微实事项目资金安排")


def _text() -> Iterator[Paragraph]:
    yield Paragraph(0, SENTENCE * 2)
    for heading in ("基本情况", "资金安排", "工作要求"):
        yield Paragraph(1, heading)
        yield Paragraph(0, SENTENCE)
        yield Paragraph(3, SENTENCE)


def _filled(genre: Genre, towards: Towards) -> OfficialDocument:
    lines = (
        (Entry("项目名称", "小区电动自行车集中充电棚建设"),),
        (Entry("申报社区", "第一社区"), Entry("项目类别", "消除安全隐患")),
        (Entry("实施时间", "2026年3月至6月"), Entry("资金预算", "49,860.00元")),
        (Entry("项目内容", SENTENCE),),
    )
    opinions = (Opinion("社区意见", "同意。", dated="2026年2月11日"), Opinion("街道办事处意见"))
    return _document(genre, towards, (FormBlock(lines, opinions),), "民生微实事项目")


ORDINARY: Mapping[str, Callable[[], OfficialDocument]] = {
    "请示": lambda: _written("请示", "higher", "妥否，请批示。"),
    "函": lambda: _written("函", "unrelated", "专此致函，请予函复。"),
    "通知": lambda: _written("通知", "lower", "请遵照执行。"),
    "纪要": lambda: _written("纪要", "members", "会议要求抓好落实。"),
    "公示": lambda: _written("公示", "public", "公示期：5个工作日。"),
    "告知书": lambda: _written("告知书", "party", "如有异议，可以向我单位提出。"),
    "整改通知": lambda: _written("整改通知", "party", "请按期整改并书面报告。"),
    "推荐表": lambda: _filled("推荐表", "higher"),
    "备案表": lambda: _filled("备案表", "higher"),
    "验收单": lambda: _filled("验收单", "party"),
}
