"""公文要素: the frozen parts that documents are made of; amounts in 分, dates in Beijing time.

A field that carries a label must hold something: a notice without a telephone or a reason is not
issued, and the sentence that refuses it uses the label.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Final, Literal

from notices.dates import day
from notices.money import percentage
from notices.plain_text import inner_title

SourceStatus = Literal["in_force", "draft", "unverified", "explainer", "press", "example"]
Unit = Literal["working_days", "calendar_days", "weeks", "months"]

ALL_OF_THEM: Final = 10_000
STATUS_WORDS: Final[Mapping[SourceStatus, str]] = {
    "draft": "征求意见稿，尚未正式施行",
    "unverified": "未经核实的转载稿，并非正式文本",
    "explainer": "政策解读，并非正式文本",
    "press": "新闻报道，并非正式文本",
    "example": "示例，并非正式规定",
}
UNIT_WORDS: Final[Mapping[Unit, str]] = {
    "working_days": "个工作日",
    "calendar_days": "日",
    "weeks": "周",
    "months": "个月",
}


def label(words: str) -> dict[str, str]:
    """名称：marks a field as one the document cannot do without, by the name people know."""
    return {"label": words}


@dataclass(frozen=True, slots=True)
class Imprint:
    """落款: number of the document, who signs it, its date, and whether a seal is put on it.

    `sealed` decides where signature and date stand (GB/T 9704-2012，7.3.5.1、7.3.5.2).
    """

    number: str = field(metadata=label("文件编号"))
    issuer: str = field(metadata=label("发文单位"))
    issued_on: date
    sealed: bool = True


@dataclass(frozen=True, slots=True)
class Basis:
    """依据: the measure and article a document rests on, and what must be said of its status.

    `remarks` are the rulebook's own statements about the version or a town's rules; they stand in
    the footer of every page. `reference` is the 文号, if the measure has one.
    """

    title: str = field(metadata=label("依据文件名称"))
    article: str | None = None
    reference: str | None = None
    status: SourceStatus = "in_force"
    remarks: tuple[str, ...] = ()

    @property
    def footnotes(self) -> tuple[str, ...]:
        """页脚说明：the remarks, or one sentence on a source that is not in force."""
        if self.remarks or self.status == "in_force":
            return self.remarks
        return (f"本件依据的《{inner_title(self.title)}》为{STATUS_WORDS[self.status]}。",)


@dataclass(frozen=True, slots=True)
class Contact:
    """联系方式: where a resident turns to, and who supervises; an office's data, nobody's own."""

    office: str = field(metadata=label("受理单位"))
    phone: str = field(metadata=label("联系电话"))
    address: str = field(metadata=label("联系地址"))
    supervision_phone: str = field(metadata=label("监督电话"))
    email: str | None = None
    supervision_office: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """已履行程序: one decision on the way, with its vote where there was one (应到、实到、同意)."""

    body: str = field(metadata=label("作出决定的组织"))
    action: str = field(metadata=label("程序名称"))
    on: date
    members: int | None = None
    present: int | None = None
    agreed: int | None = None

    @property
    def votes(self) -> str:
        """表决情况：what is known of the vote, joined for a bracket; empty without a vote."""
        counted = (("应到", self.members), ("实到", self.present), ("同意", self.agreed))
        return "，".join(f"{name}{count}人" for name, count in counted if count is not None)


@dataclass(frozen=True, slots=True)
class Wording:
    """用语: what the rulebook calls the thing done, the place it is for, and who carries it out."""

    thing: str = "项目"
    place: str = "社区"
    implementer: str = "实施主体"


USUAL: Final = Wording()


@dataclass(frozen=True, slots=True)
class Element:
    """要素: one line of a project's table: its label, and either words or an amount in 分."""

    label: str
    text: str = ""
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """项目要素: name, content, place, time and budget; the budget in 分.

    `elements` are the lines its table shows, in the rulebook's words; without them the table shows
    the five that every rulebook asks for.
    """

    name: str = field(metadata=label("项目名称"))
    content: str = field(metadata=label("项目内容"))
    place: str = field(metadata=label("实施地点"))
    schedule: str = field(metadata=label("实施时间"))
    budget: int
    community: str = field(metadata=label("社区"))
    category: str | None = None
    elements: tuple[Element, ...] = ()
    thing: str = "项目"

    @property
    def called(self) -> str:
        """行文名称：the name as a sentence uses it, ending in 项目 once."""
        return self.name if self.name.endswith(self.thing) else f"{self.name}{self.thing}"

    @property
    def lines(self) -> tuple[Element, ...]:
        """表中各行：as the rulebook asks, or the usual ones."""
        if self.elements:
            return self.elements
        category = (Element("项目类别", self.category),) if self.category else ()
        return (
            Element("项目名称", self.name),
            *category,
            Element("项目内容", self.content),
            Element("实施地点", self.place),
            Element("实施时间", self.schedule),
            Element("资金预算", amount=self.budget),
        )

    @property
    def titled(self) -> tuple[str, ...]:
        """标题用名：community and name, the community once where the name begins with it."""
        alone = self.name.startswith(self.community)
        return (self.called,) if alone else (self.community, self.called)


@dataclass(frozen=True, slots=True)
class Channel:
    """公示渠道: what kind of place, where exactly, and since when it hangs there."""

    label: str = field(metadata=label("公示渠道"))
    where: str | None = None
    posted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """公示期: count and unit from the rulebook; first and last day once everything is posted.

    Raises:
        ValueError: when only one end is known, or the last day lies before the first.
    """

    count: int
    unit: Unit
    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if (self.first is None) != (self.last is None):
            raise ValueError("公示期的起始日和截止日须同时写明，请补齐后再出文。")
        if self.first and self.last and self.last < self.first:
            raise ValueError(f"公示期截止日{day(self.last)}早于起始日{day(self.first)}。")

    @property
    def length(self) -> str:
        """公示时长：as the document says it (3个工作日)."""
        return f"{self.count}{UNIT_WORDS[self.unit]}"


@dataclass(frozen=True, slots=True)
class Reading:
    """我方解释: how a silence of the text was filled; printed beside what it decides."""

    text: str = field(metadata=label("解释内容"))
    matter: str | None = None

    @property
    def sentence(self) -> str:
        """注文：one sentence that says the measure is silent and what is done instead."""
        said = self.text.strip().rstrip("。")
        if self.matter:
            return f"办法未规定{self.matter}，按{said}。"
        return f"{said}。" if said.startswith("办法") else f"办法未规定，按以下解释办理：{said}。"


@dataclass(frozen=True, slots=True)
class Audit:
    """审计结果: submitted and audited amounts in 分; the difference is computed, never typed."""

    submitted: int
    audited: int
    auditor: str | None = None

    @property
    def cut(self) -> int:
        """核减金额：in 分; negative when the audit added."""
        return self.submitted - self.audited


@dataclass(frozen=True, slots=True)
class FundUse:
    """资金使用: what was paid of public and of other money, in 分; `note` says when it was not."""

    fiscal: int
    social: int = 0
    note: str | None = None

    @property
    def total(self) -> int:
        """实际支出：public and other money together, in 分."""
        return self.fiscal + self.social


@dataclass(frozen=True, slots=True)
class Survey:
    """评估结果: satisfaction in hundredths of a per cent (9667 is 96.67%), by whom, of how many.

    `scores` are the marks out of a hundred, dimension by dimension, where the rulebook asks for
    them; a survey of marks alone has no satisfaction.
    """

    satisfaction: int | None = None
    samples: int | None = None
    surveyor: str | None = None
    assessment: str | None = None
    scores: tuple[tuple[str, int], ...] = ()
    long: ClassVar[str] = "成效评估"

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """表中各行：what is known, each with its name."""
        counted = f"（有效样本{self.samples}份）" if self.samples else ""
        satisfied = self.satisfaction
        rate = "" if satisfied is None else f"{percentage(satisfied, ALL_OF_THEM)}{counted}"
        known = (
            ("满意度", rate),
            *((name, f"{score}分") for name, score in self.scores),
            ("测评机构", self.surveyor),
            (self.long, self.assessment),
        )
        return tuple((name, value) for name, value in known if value)


@dataclass(frozen=True, slots=True)
class CountedDay:
    """逐日计算: one day of a period, whether it counts, and why."""

    day: date
    counted: bool
    reason: str = field(metadata=label("计算理由"))
