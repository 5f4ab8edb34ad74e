"""公文: what each notice must hold, and how it becomes a page.

公示 and 告知 are 事务文书, none of the fifteen official kinds: no document number of an issuing
office, no red head; a signature and a date.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final

from notices.completeness import require
from notices.environment import fill
from notices.fingerprint import content_digest, qr_code, short_code
from notices.layout import day_runs, title_lines
from notices.letters import DecisionNotice, FilingReport
from notices.parts import (
    USUAL,
    Audit,
    Basis,
    Channel,
    Contact,
    CountedDay,
    FundUse,
    Imprint,
    Period,
    Project,
    Reading,
    Step,
    Survey,
    Wording,
    label,
)
from notices.plain_text import public


@dataclass(frozen=True, slots=True)
class ProjectPublicity:
    """项目公示: the projects that passed, five elements each, before anything is built (第九条).

    Without `period.first` the text says from when the days run; with it the text names both days.
    `handling` says what happens to objections, where the rulebook has a rule for it.
    """

    KIND: ClassVar[str] = "project_publicity"

    imprint: Imprint
    basis: Basis
    projects: tuple[Project, ...] = field(metadata=label("公示项目"))
    steps: tuple[Step, ...]
    period: Period
    channels: tuple[Channel, ...] = field(metadata=label("公示渠道"))
    contact: Contact
    handling: str | None = None
    readings: tuple[Reading, ...] = ()
    wording: Wording = USUAL

    @property
    def title(self) -> tuple[str, ...]:
        """标题：its parts; a line is broken between parts only."""
        if len(self.projects) == 1:
            return ("关于", *self.projects[0].titled, "的公示")
        return (
            "关于",
            f"{self.projects[0].name}等{len(self.projects)}个{self.wording.thing}",
            "的公示",
        )

    @property
    def total(self) -> int:
        """预算合计：in 分, summed before any rounding."""
        return sum(project.budget for project in self.projects)


@dataclass(frozen=True, slots=True)
class ResultPublicity:
    """结果公示: audit, use of funds, effect and evaluation, shown to residents (第十一条).

    Implementer, funds, audit and survey are absent where the procedure does not ask for them.
    """

    KIND: ClassVar[str] = "result_publicity"

    imprint: Imprint
    basis: Basis
    project: Project
    effect: str = field(metadata=label("实施效果"))
    period: Period
    channels: tuple[Channel, ...] = field(metadata=label("公示渠道"))
    contact: Contact
    implementer: str | None = None
    funds: FundUse | None = None
    audit: Audit | None = None
    survey: Survey | None = None
    handling: str | None = None
    readings: tuple[Reading, ...] = ()
    wording: Wording = USUAL

    @property
    def title(self) -> tuple[str, ...]:
        """标题：its parts; a line is broken between parts only."""
        return ("关于", *self.project.titled, "实施结果的公示")


@dataclass(frozen=True, slots=True)
class PublicityPeriod:
    """公示起止说明: posted beside a notice once every channel shows it; names both days.

    `notice`, `of_number` and `of_code` are title, number and 文件校验码 of the posted notice;
    `subject` is the project as `Project.titled` gives it; `days` run from the posting on, each
    with the reason why it counts or not.
    """

    KIND: ClassVar[str] = "publicity_period"

    imprint: Imprint
    basis: Basis
    subject: tuple[str, ...] = field(metadata=label("公示事项"))
    notice: str = field(metadata=label("公示标题"))
    of_number: str = field(metadata=label("公示文件编号"))
    of_code: str = field(metadata=label("公示文件校验码"))
    period: Period
    channels: tuple[Channel, ...] = field(metadata=label("公示渠道"))
    days: tuple[CountedDay, ...] = field(metadata=label("逐日计算"))
    contact: Contact
    readings: tuple[Reading, ...] = ()
    wording: Wording = USUAL

    @property
    def title(self) -> tuple[str, ...]:
        """标题：its parts; a line is broken between parts only."""
        return ("关于", *self.subject, "公示起止日期的说明")

    @property
    def runs(self) -> tuple[tuple[str, str, str], ...]:
        """计算过程：date, place in the count and reason; days off in a row share one line."""
        return day_runs(self.days)


@dataclass(frozen=True, slots=True)
class NotSelected:
    """未获选告知: why a suggestion was not chosen, told to who made it (第十三条).

    `proposer` is a reference out of the register of suggestions, never a name.
    """

    KIND: ClassVar[str] = "not_selected"

    imprint: Imprint
    basis: Basis
    project: str = field(metadata=label("项目名称"))
    proposer: str = field(metadata=label("提议人登记号"))
    decision: Step
    reasons: tuple[str, ...] = field(metadata=label("未获选原因"))
    contact: Contact
    advice: str | None = None
    readings: tuple[Reading, ...] = ()
    wording: Wording = USUAL

    @property
    def title(self) -> tuple[str, ...]:
        """标题：its parts; a line is broken between parts only."""
        return ("关于", f"“{self.project}”", f"{self.wording.thing}建议未获选的告知")


@dataclass(frozen=True, slots=True)
class NotPassed:
    """未通过告知: tells the community's party organisation that a project failed (第十五条)."""

    KIND: ClassVar[str] = "not_passed"

    imprint: Imprint
    basis: Basis
    recipient: str = field(metadata=label("社区党组织"))
    project: Project
    decision: Step
    reasons: tuple[str, ...] = field(metadata=label("未通过原因"))
    contact: Contact
    requests: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    wording: Wording = USUAL

    @property
    def title(self) -> tuple[str, ...]:
        """标题：its parts; a line is broken between parts only."""
        return ("关于", self.project.called, f"未通过{self.decision.action}的告知")


@dataclass(frozen=True, slots=True)
class ImplementerNotice:
    """确定实施主体通知: tells an implementer that it was chosen, out of the registry if any.

    `requests` are what the rulebook asks of the contract and of the start, as sentences.
    """

    KIND: ClassVar[str] = "implementer_notice"

    imprint: Imprint
    basis: Basis
    implementer: str = field(metadata=label("实施主体"))
    project: Project
    requests: tuple[str, ...] = field(metadata=label("有关要求"))
    contact: Contact
    registry: str | None = None
    publicity: Period | None = None
    grounds: str | None = None
    copies: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    wording: Wording = USUAL

    @property
    def title(self) -> tuple[str, ...]:
        """标题：its parts; a line is broken between parts only."""
        return (
            "关于确定",
            self.implementer,
            f"为{self.project.called}",
            f"{self.wording.implementer}的通知",
        )


Document = (
    ProjectPublicity
    | ResultPublicity
    | PublicityPeriod
    | NotSelected
    | NotPassed
    | ImplementerNotice
    | FilingReport
    | DecisionNotice
)

DOCUMENTS: Final[Mapping[str, type[Document]]] = {
    kind.KIND: kind
    for kind in (
        ProjectPublicity,
        ResultPublicity,
        PublicityPeriod,
        NotSelected,
        NotPassed,
        ImplementerNotice,
        FilingReport,
        DecisionNotice,
    )
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """成文: the page for screen and paper, its title, and the digest of its content."""

    html: str
    title: str
    content_digest: str


def render(document: Document) -> Rendered:
    """成文：the document as one self-contained page; the same page goes to `write_pdf`.

    Raises:
        IncompleteDocumentError: something the document must say is missing; names it.
        BrokenTemplateError: the template asks for what the document does not hold.
    """
    require(document)
    digest = content_digest(document.KIND, document)
    code = short_code(digest)
    lines = title_lines(tuple(public(part) for part in document.title))
    title = "".join(lines)
    html = fill(
        document.KIND,
        document=document,
        title=title,
        title_lines=lines,
        code=code,
        qr=qr_code(document.imprint.number, code),
    )
    return Rendered(html, title, digest)
