"""正式公文: official documents by GB/T 9704-2012 become a page for screen and paper."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
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
from notices.table_layout import Sheet, laid_out, outgrows_body

__all__ = [
    "Attachment",
    "ContactPerson",
    "FormBlock",
    "OfficialDocument",
    "Opinion",
    "Paragraph",
    "TableBlock",
    "UnfitDocumentError",
    "arranged",
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
    document = arranged(document)
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


def arranged(document: OfficialDocument) -> OfficialDocument:
    """大表另附：a table too large for the body becomes an attachment, and the body points to it."""
    large = [
        block.table
        for block in document.blocks
        if isinstance(block, TableBlock) and outgrows_body(block.table)
    ]
    if not large:
        return document
    added = (Attachment(table.caption, table) for table in large)
    whole = replace(document, attachments=(*document.attachments, *added))
    return replace(whole, blocks=tuple(_pointed(whole, len(document.attachments))))


def _pointed(document: OfficialDocument, before: int) -> Iterator[Block]:
    """The body with words in place of every table that became an attachment after `before`."""
    place = before
    for block in document.blocks:
        if isinstance(block, TableBlock) and outgrows_body(block.table):
            place += 1
            yield Paragraph(0, f"《{block.table.caption}》见{document.annex_mark(place)}。")
        else:
            yield block


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
