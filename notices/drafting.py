"""公文要素: an official document as a value, the same for paper and for the editable file.

Which head, addressees and words its kind takes stands in `genres.yaml`; nothing of it is repeated
here. Amounts in its tables are 分, dates are Beijing dates.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import ClassVar, Final

from notices.blocks import Attachment, Block
from notices.genres import Genre, GenreRule, HeadKind, Towards, genre_rule
from notices.parts import Imprint, Reading, label
from notices.tables import Entry

# 六角括号，写成编码，因为它们同普通括号很难分清。
BRACKETS: Final = "\u3014\u3015"
FLAG_ROOM: Final = 420
FLAG_LARGEST: Final = 48
# A title may be broken after one of these: 词意完整.
SEAMS: Final = re.compile(
    r"(?<=》)|(?<=年度)|(?<=季度)|(?<=[0-9]月)|(?<=、)|(?<=项目)|(?<=工作)|(?<=情况)|(?<=资金)|(?<=街道)|(?<=镇)"
)


def official_number(code: str, year: int, serial: int) -> str:
    """发文字号：机关代字、六角括号中的年份、不编虚位的序号 (GB/T 9704-2012，7.2.5)."""
    return f"{code}{BRACKETS[0]}{year}{BRACKETS[1]}{serial}号"


@dataclass(frozen=True, slots=True)
class ContactPerson:
    """联系人: who is asked about the document, and the office telephone."""

    name: str = field(metadata=label("联系人"))
    phone: str = field(metadata=label("联系电话"))


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """公文: one official document with all that GB/T 9704-2012 has a place for.

    `reference` is the programme's own 文件编号, printed beside the code; `number` is the 发文字号
    of the issuing office, as `official_number` writes it. `towards` says by what relation the
    addressees stand to the issuer. `issuers` are further offices of a joint document, after the
    leading one. `upward` is the 签发人, `recipients` are 主送, `copies` 抄送. A `draft` bears no
    number and no red head and says that it is one; all else is checked as if it went out.
    `footnotes` stand beside the code on every page.
    """

    KIND: ClassVar[str] = "official"

    reference: str = field(metadata=label("文件编号"))
    genre: Genre
    issuer: str = field(metadata=label("发文机关"))
    title: str = field(metadata=label("标题"))
    date: dt.date
    towards: Towards
    blocks: tuple[Block, ...] = field(metadata=label("正文"))
    number: str | None = None
    issuers: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    contact: ContactPerson | None = None
    signed_by: str | None = None
    upward: str | None = None
    copies: tuple[str, ...] = ()
    printed_by: str | None = None
    printed_on: dt.date | None = None
    remark: str | None = None
    attendance: tuple[Entry, ...] = ()
    readings: tuple[Reading, ...] = ()
    footnotes: tuple[str, ...] = ()
    sealed: bool = True
    draft: bool = False

    @property
    def rule(self) -> GenreRule:
        """文种要求：of this document's kind."""
        return genre_rule(self.genre)

    @property
    def head(self) -> HeadKind:
        """版头：none on a draft and where the kind has none."""
        return "none" if self.draft else self.rule.head

    @property
    def flag(self) -> str:
        """发文机关标志：what the red head says behind or instead of the names of the offices."""
        if self.head == "file":
            return "文件"
        return "纪要" if self.head == "minutes" else ""

    @property
    def offices(self) -> tuple[str, ...]:
        """发文机关：the leading office and those it issues with."""
        return (self.issuer, *self.issuers)

    @property
    def flag_size(self) -> int:
        """发文机关标志字号：in points, as large as the line holds."""
        longest = max(map(len, self.offices if self.head != "letter" else (self.issuer,)))
        return min(FLAG_LARGEST, FLAG_ROOM // (longest + len(self.flag)))

    @property
    def signers(self) -> tuple[str, ...]:
        """署名：who signs; a document of several offices is signed by each."""
        return (self.signed_by,) if self.signed_by else self.offices

    @property
    def imprint(self) -> Imprint:
        """落款：number beside the code, last signer, date, and whether a seal is put on it."""
        sealed = self.sealed and self.rule.sealed
        return Imprint(self.reference, self.signers[-1], self.date, sealed=sealed)

    @property
    def title_parts(self) -> tuple[str, ...]:
        """标题各段：between which a line of the title may be broken."""
        before, about, rest = self.title.partition("关于")
        ending = next((e for e in (f"的{self.genre}", self.genre) if rest.endswith(e)), "")
        middle = rest.removesuffix(ending) if ending else rest
        parts = (before, about, *SEAMS.split(middle), ending) if about else SEAMS.split(self.title)
        return tuple(part for part in parts if part)

    @property
    def annex_lines(self) -> tuple[tuple[str, str], ...]:
        """附件说明：the mark of every attachment and its title; one alone is not numbered."""
        if len(self.attachments) == 1:
            return (("", self.attachments[0].title),)
        return tuple(
            (f"{place}.", attachment.title)
            for place, attachment in enumerate(self.attachments, start=1)
        )

    def annex_mark(self, place: int) -> str:
        """附件序号：附件 where there is one, 附件1 where there are several; `place` from one."""
        return "附件" if len(self.attachments) == 1 else f"附件{place}"

    @property
    def edition_apart(self) -> bool:
        """版记另面：after an attachment that lies on its side."""
        shown = [attachment for attachment in self.attachments if attachment.content]
        return bool(shown) and shown[-1].landscape

    @property
    def remarks(self) -> tuple[str, ...]:
        """附注：what stands in brackets below the date; the contact's telephone comes apart."""
        return (self.remark,) if self.remark else ()
