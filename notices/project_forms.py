"""项目表单: the papers of a project that people sign or that go from one office to another.

验收单, 整改通知, 推荐表 and 备案表, each as the official document of its kind. What somebody wrote
into the records is quoted in the table of the form; what is signed by hand is left blank.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar, Final

from notices.blocks import FormBlock, Opinion, Paragraph
from notices.completeness import require
from notices.dates import day, interval
from notices.drafting import OfficialDocument
from notices.genres import Purpose, Towards, choose_genre
from notices.layout import half_characters
from notices.money import capitals, yuan
from notices.parts import (
    USUAL,
    Basis,
    Contact,
    Element,
    Imprint,
    Period,
    Project,
    Reading,
    Step,
    Wording,
    label,
)
from notices.plain_text import full_width, inner_title
from notices.tables import Entry

# Two entries share a line where each fits into one line of its half, in half characters.
SHORT: Final = 18
SIGNED: Final = "（签字）"

Line = tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Particulars:
    """基本情况: what every form says: its title, who issues it, on what ground, which project."""

    title: str = field(metadata=label("标题"))
    imprint: Imprint
    basis: Basis
    project: Project
    readings: tuple[Reading, ...] = ()
    wording: Wording = USUAL

    def document(
        self, purpose: Purpose, towards: Towards, *blocks: Paragraph | FormBlock
    ) -> OfficialDocument:
        """成文：the official document of the kind that `purpose` asks for."""
        return OfficialDocument(
            reference=self.imprint.number,
            genre=choose_genre(purpose, towards),
            issuer=self.imprint.issuer,
            title=full_width(self.title),
            date=self.imprint.issued_on,
            towards=towards,
            blocks=blocks,
            readings=self.readings,
            footnotes=tuple(full_width(note) for note in self.basis.footnotes),
        )

    def form(
        self,
        purpose: Purpose,
        towards: Towards,
        entries: Iterable[Entry],
        opinions: tuple[Opinion, ...],
        signed: Iterable[Entry] = (),
    ) -> OfficialDocument:
        """成表：project, further entries, signatures and opinions; the ground in the foot."""
        lines = (*in_lines((*self.entries(), *entries)), *in_lines(signed))
        made = self.document(purpose, towards, FormBlock(lines, opinions))
        # The first footnote, where there is one, says which measure is followed.
        first, rest = made.footnotes[:1], made.footnotes[1:]
        ground = f"本件依据{self.article if first and self.article else self.ground}出具。"
        return replace(made, footnotes=(*first, ground, *rest))

    @property
    def seal(self) -> str:
        """盖章处：of who issues the form."""
        return _seal(self.imprint.issuer)

    @property
    def article(self) -> str:
        """条款：blank where the rulebook names none."""
        return full_width(self.basis.article or "")

    @property
    def ground(self) -> str:
        """依据：the measure with its article."""
        return f"《{inner_title(full_width(self.basis.title))}》{self.article}"

    def entries(self) -> Iterator[Entry]:
        """项目各项：the community after the name, then as the project's own table has them."""
        name, *rest = (_entry(line) for line in self.project.lines)
        yield name
        yield Entry(full_width(self.wording.place), self.project.community)
        yield from rest


@dataclass(frozen=True, slots=True)
class AcceptanceForm:
    """验收单: what was accepted, on which day, at which amount, and who was there.

    `amount` is what is owed as far as it is known: audited, contracted, or budgeted; in 分.
    `finished` says by which proof it was finished, `mended` what earlier acceptances found.
    """

    KIND: ClassVar[str] = "acceptance_form"

    about: Particulars
    opinion: str = field(metadata=label("验收意见"))
    parties: tuple[str, ...] = field(metadata=label("到场签字各方"))
    conclusion: str = field(metadata=label("验收结论"))
    accepted_on: date
    amount: Element
    implementer: str | None = None
    finished: str | None = None
    mended: tuple[str, ...] = ()

    def document(self) -> OfficialDocument:
        """成文：the form, with room for the signature of each party.

        Raises:
            IncompleteDocumentError: something the form must say is blank; names it.
        """
        require(self)
        opinion = Opinion("验收意见", self.opinion, self.about.seal, day(self.accepted_on))
        signed = (Entry(full_width(party), SIGNED) for party in self.parties)
        return self.about.form("accept", "party", self._entries(), (opinion,), signed)

    def _entries(self) -> Iterator[Entry]:
        yield Entry("验收结论", f"{day(self.accepted_on)}验收，{self.conclusion}")
        yield Entry(self.amount.label, _in_capitals(self.amount.amount or 0))
        if self.implementer:
            yield Entry(self.about.wording.implementer, self.implementer)
        if self.finished:
            yield Entry("完工情况", self.finished)
        if self.mended:
            yield Entry("整改情况", "\n".join(self.mended))


@dataclass(frozen=True, slots=True)
class RectificationNotice:
    """整改通知: tells who carries a project out what was found wrong and until when to mend it.

    `inspection` is what found it (项目验收、终期评估), `found` what it found, `again` what follows
    the mending, `mend_by` the last day where one was set.
    """

    KIND: ClassVar[str] = "rectification_notice"

    about: Particulars
    recipient: str = field(metadata=label("整改单位"))
    inspector: str = field(metadata=label("检查单位"))
    inspection: str = field(metadata=label("检查名称"))
    found_on: date
    found: tuple[Entry, ...] = field(metadata=label("存在的问题"))
    contact: Contact
    mend_by: date | None = None
    copies: tuple[str, ...] = ()

    def document(self) -> OfficialDocument:
        """成文：what was found as it was recorded, then what is asked.

        Raises:
            IncompleteDocumentError: something the notice must say is blank; names it.
        """
        require(self)
        about = self.about
        opening = (
            f"{day(self.found_on)}，{self.inspector}对下表所列{about.wording.thing}进行"
            f"{full_width(self.inspection)}，结论为不合格。根据{about.ground}，"
            "现将发现的问题通知如下，请按要求整改。"
        )
        lines = (*in_lines(about.entries()), *((entry,) for entry in self.found))
        blocks = (Paragraph(0, opening), FormBlock(lines), Paragraph(0, self._asked))
        return replace(
            about.document("correct", "party", *blocks),
            recipients=(self.recipient,),
            copies=self.copies,
            remark=f"联系单位：{self.contact.office}，电话：{self.contact.phone}",
        )

    @property
    def _asked(self) -> str:
        until = f"于{day(self.mend_by)}前（含当日）" if self.mend_by else "抓紧"
        return (
            f"请{until}完成整改，并将整改情况书面报送{self.about.imprint.issuer}；"
            f"整改完成后再次进行{full_width(self.inspection)}。"
        )


@dataclass(frozen=True, slots=True)
class RecommendationForm:
    """推荐表: a project goes up to the office that examines it, which writes below by hand."""

    KIND: ClassVar[str] = "recommendation_form"

    about: Particulars
    recipient: str = field(metadata=label("受理单位"))
    opinion: str = ""
    steps: tuple[Step, ...] = ()
    publicity: Period | None = None

    def document(self) -> OfficialDocument:
        """成文：the form, the recommending office's opinion filled in.

        Raises:
            IncompleteDocumentError: something the form must say is blank; names it.
        """
        require(self)
        done = _gone_through(self.steps, self.publicity)
        opinions = (
            Opinion("推荐单位意见", self.opinion, self.about.seal),
            Opinion("受理单位意见", signature=_seal(self.recipient)),
        )
        return self.about.form("recommend", "higher", done, opinions)


@dataclass(frozen=True, slots=True)
class FilingForm:
    """备案表: what was put on file, and what the office that keeps the file wrote, on which day.

    `results` are evaluations, where these are what is filed.
    """

    KIND: ClassVar[str] = "filing_form"

    about: Particulars
    recipient: str = field(metadata=label("备案机关"))
    receipt: str = field(metadata=label("备案意见"))
    filed_on: date
    opinion: str = ""
    number: str = ""
    steps: tuple[Step, ...] = ()
    publicity: Period | None = None
    results: tuple[Entry, ...] = ()

    def document(self) -> OfficialDocument:
        """成文：the form, both offices' words filled in, both seals left to be put.

        Raises:
            IncompleteDocumentError: something the form must say is blank; names it.
        """
        require(self)
        entries = (
            *_gone_through(self.steps, self.publicity),
            *self.results,
            *((Entry("备案编号", self.number),) if self.number else ()),
        )
        opinions = (
            Opinion("报送单位意见", self.opinion, self.about.seal),
            Opinion("备案机关意见", self.receipt, _seal(self.recipient), day(self.filed_on)),
        )
        return self.about.form("file", "higher", entries, opinions)


ProjectForm = AcceptanceForm | RectificationNotice | RecommendationForm | FilingForm

FORMS: Final[Mapping[str, type[ProjectForm]]] = {
    kind.KIND: kind
    for kind in (AcceptanceForm, RectificationNotice, RecommendationForm, FilingForm)
}


def in_lines(entries: Iterable[Entry]) -> tuple[Line, ...]:
    """排成表行：a short entry waits for the next short one beside it, a long one stands alone."""
    lines: list[Line] = []
    waiting: int | None = None
    for entry in entries:
        if half_characters(entry.text) > SHORT:
            lines.append((entry,))
        elif waiting is None:
            waiting = len(lines)
            lines.append((entry,))
        else:
            lines[waiting] = (*lines[waiting], entry)
            waiting = None
    return tuple(lines)


def _gone_through(steps: tuple[Step, ...], publicity: Period | None) -> Iterator[Entry]:
    """履行程序：the decisions in their order, and the publicity that has run out."""
    done = [_step(step) for step in steps]
    if publicity and publicity.first and publicity.last:
        done.append(f"{interval(publicity.first, publicity.last)}公示，期满")
    if done:
        yield Entry("履行程序", f"{'；'.join(done)}。")


def _step(step: Step) -> str:
    votes = f"（{step.votes}）" if step.votes else ""
    return f"{day(step.on)}{step.body}{full_width(step.action)}{votes}"


def _seal(office: str) -> str:
    return f"{office}（盖章）"


def _entry(element: Element) -> Entry:
    if element.amount is None:
        return Entry(full_width(element.label), element.text)
    return Entry(full_width(element.label), f"{yuan(element.amount)}元")


def _in_capitals(fen: int) -> str:
    return f"{yuan(fen)}元（大写：人民币{capitals(fen)}）"
