"""正式公文: official documents by GB/T 9704-2012 become a page for screen and paper."""

from collections.abc import Sequence
from typing import Final

from notices.blocks import (
    Attachment,
    Block,
    FigureBlock,
    FormBlock,
    Line,
    Opinion,
    Paragraph,
    TableBlock,
    numbered,
)
from notices.completeness import require
from notices.document_lint import UnfitDocumentError, check_document, lint_document
from notices.documents import Rendered
from notices.drafting import ContactPerson, OfficialDocument
from notices.environment import fill
from notices.fingerprint import content_digest, qr_code, short_code
from notices.layout import title_lines
from notices.plain_text import public
from notices.table_layout import Sheet, laid_out

__all__ = [
    "Attachment",
    "ContactPerson",
    "FormBlock",
    "OfficialDocument",
    "Opinion",
    "Paragraph",
    "TableBlock",
    "UnfitDocumentError",
    "lint_document",
    "prepared",
    "render_official",
]

# The template of a kind whose head or end differs; every other kind is set by the common one.
TEMPLATES: Final = {"letter": "official/letter", "minutes": "official/minutes"}
COMMON: Final = "official/document"

Prepared = Line | Sheet | FormBlock | FigureBlock


def render_official(document: OfficialDocument) -> Rendered:
    """成文：the document as one self-contained page; the same page goes to `write_pdf`.

    Raises:
        IncompleteDocumentError: something the document must say is blank; names it.
        UnfitDocumentError: the document breaks a rule of its kind; says every one.
        BrokenTemplateError: the template asks for what the document does not hold.
    """
    digest = checked_digest(document)
    code = short_code(digest)
    lines = title_lines(tuple(public(part) for part in document.title_parts))
    title = "".join(lines)
    html = fill(
        TEMPLATES.get(document.head, COMMON),
        document=document,
        title=title,
        title_lines=lines,
        code=code,
        qr=qr_code(document.reference, code),
        body=prepared(document.blocks),
        annexes=[prepared(attachment.content) for attachment in document.attachments],
    )
    return Rendered(html, title, digest)


def checked_digest(document: OfficialDocument) -> str:
    """核稿取码：the digest of the content, once nothing is missing and nothing is wrong."""
    require(document)
    check_document(document)
    return content_digest(document.KIND, document)


def prepared(blocks: Sequence[Block]) -> tuple[Prepared, ...]:
    """排好的正文：paragraphs numbered, tables fitted; for paper and for the editable file."""
    return tuple(
        laid_out(block.table) if isinstance(block, TableBlock) else block
        for block in numbered(blocks)
    )
