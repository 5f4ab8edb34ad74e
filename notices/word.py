"""可编辑件: an official document as .docx, laid out as its PDF and byte for byte reproducible.

The parts of the file are templates in the one environment of all documents, so a missing variable
is an error by name here too; they are packed with fixed dates, so the same document is the same
file.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from notices.blocks import FigureBlock, FormBlock, Line
from notices.dates import day
from notices.drafting import OfficialDocument
from notices.environment import fill_named
from notices.fingerprint import short_code, symbol
from notices.layout import half_characters, signature_gap, title_lines
from notices.official import Prepared, arranged, checked_digest, prepared
from notices.plain_text import public
from notices.table_layout import Sheet

TWIPS_PORTRAIT: Final = 8845
TWIPS_LANDSCAPE: Final = 12756
# 半个三号字，排得恰为每行28字。
TWIPS_HALF_CHARACTER: Final = 157.5
UNSEALED_GAP: Final = 4
SCALE: Final = 1000
QR_SCALE: Final = 6
# The earliest date a zip file can carry; the document's own date stands in its properties.
PACKED: Final = (1980, 1, 1, 0, 0, 0)
PARTS: Final = {
    "[Content_Types].xml": "content_types",
    "_rels/.rels": "package_rels",
    "docProps/core.xml": "core",
    "word/_rels/document.xml.rels": "document_rels",
    "word/document.xml": "document",
    "word/header_first.xml": "header_first",
    "word/settings.xml": "settings",
    "word/styles.xml": "styles",
}
# Name, side on which the page number stands, whether there is one, width in twips.
FOOTERS: Final = (
    ("odd", "odd", True, TWIPS_PORTRAIT),
    ("even", "even", True, TWIPS_PORTRAIT),
    ("first", "odd", False, TWIPS_PORTRAIT),
    ("odd_wide", "odd", True, TWIPS_LANDSCAPE),
    ("even_wide", "even", True, TWIPS_LANDSCAPE),
)


@dataclass(frozen=True, slots=True)
class WordCell:
    """一格: its lines, width in twips, columns it spans and how it merges downwards."""

    text: tuple[str, ...]
    width: int
    span: int = 1
    merge: str = ""
    align: str = "middle"


@dataclass(frozen=True, slots=True)
class WordSheet:
    """一张表: widths in twips and its rows cell by cell."""

    sheet: Sheet
    width: int
    widths: tuple[int, ...]
    head: tuple[tuple[WordCell, ...], ...]
    rows: tuple[tuple[WordCell, ...], ...]


@dataclass(frozen=True, slots=True)
class WordAnnex:
    """一个附件: its mark, title, content, and whether its page lies on its side."""

    mark: str
    title: str
    landscape: bool
    body: tuple[Line | WordSheet | FormBlock, ...]


def write_docx(document: OfficialDocument) -> bytes:
    """出可编辑件：the document as .docx, which offices open, amend and print.

    Raises:
        IncompleteDocumentError: something the document must say is blank; names it.
        UnfitDocumentError: the document breaks a rule of its kind; says every one.
        BrokenTemplateError: a template asks for what the document does not hold.
    """
    document = arranged(document)
    code = short_code(checked_digest(document))
    lines = title_lines(tuple(public(part) for part in document.title_parts))
    variables = {
        "document": document,
        "title": "".join(lines),
        "title_lines": lines,
        "code": code,
        "body": _body(prepared(document.blocks)),
        "annexes": _annexes(document),
        "signature": _signature(document),
        "footers": [name for name, *_ in FOOTERS],
    }
    parts = {name: _part(template, variables).encode() for name, template in PARTS.items()}
    for name, side, number, width in FOOTERS:
        # The foot of a letter begins nearer to the edge; its page numbers stand where others do.
        raised = document.head == "letter" and number and width == TWIPS_PORTRAIT
        given = variables | {"side": side, "number": number, "width": width, "raised": raised}
        parts[f"word/footer_{name}.xml"] = _part("footer", given).encode()
        parts[f"word/_rels/footer_{name}.xml.rels"] = _part("footer_rels", given).encode()
    parts["word/media/qr.png"] = _picture(document.reference, code)
    return _packed(parts)


def _part(template: str, variables: dict[str, object]) -> str:
    return fill_named(f"word/{template}.xml.j2", **variables).lstrip()


def _picture(number: str, code: str) -> bytes:
    drawn = BytesIO()
    symbol(number, code).save(drawn, kind="png", scale=QR_SCALE, border=0)
    return drawn.getvalue()


def _packed(parts: dict[str, bytes]) -> bytes:
    """打包：the content types first, as readers expect, and nothing of the clock."""
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, data in parts.items():
            entry = ZipInfo(name, PACKED)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, data)
    return packed.getvalue()


def _annexes(document: OfficialDocument) -> tuple[WordAnnex, ...]:
    return tuple(
        WordAnnex(
            document.annex_mark(place),
            attachment.title,
            attachment.landscape,
            _body(prepared(attachment.content)),
        )
        for place, attachment in enumerate(document.attachments, start=1)
        if attachment.content
    )


def _body(blocks: tuple[Prepared, ...]) -> tuple[Line | WordSheet | FormBlock, ...]:
    # A chart is for looking at; the editable text has its table.
    kept = (block for block in blocks if not isinstance(block, FigureBlock))
    return tuple(_sheet(block) if isinstance(block, Sheet) else block for block in kept)


def _sheet(sheet: Sheet) -> WordSheet:
    width = TWIPS_LANDSCAPE if sheet.table.landscape else TWIPS_PORTRAIT
    widths = tuple(share * width // SCALE for share in sheet.fit.shares)
    rows = (*sheet.rows, sheet.total) if sheet.total else sheet.rows
    cells = []
    for row in rows:
        place = 0
        found: list[WordCell] = []
        for cell in row:
            spanned = sum(widths[place : place + cell.columns])
            found.append(WordCell((cell.text,), spanned, cell.columns, "", cell.align))
            place += cell.columns
        cells.append(tuple(found))
    return WordSheet(sheet, width, widths, _head(sheet, widths), tuple(cells))


def _head(sheet: Sheet, widths: tuple[int, ...]) -> tuple[tuple[WordCell, ...], ...]:
    """栏头：every line names every column; a label of two lines is merged downwards."""
    upper: list[WordCell] = []
    lower: list[WordCell] = []
    place = 0
    for head in sheet.head[0]:
        under = widths[place : place + head.columns]
        tall = head.lines > 1
        upper.append(WordCell(head.text, sum(under), head.columns, "restart" if tall else ""))
        if tall:
            lower.append(WordCell(("",), sum(under), 1, "continue"))
        elif sheet.table.grouped:
            first = len([cell for cell in lower if not cell.merge])
            labels = sheet.head[1][first : first + head.columns]
            lower.extend(
                WordCell(label.text, width) for label, width in zip(labels, under, strict=True)
            )
        place += head.columns
    return (tuple(upper), tuple(lower)) if lower else (tuple(upper),)


def _signature(document: OfficialDocument) -> tuple[tuple[str, int], ...]:
    """落款：each line with its right indent in twips (GB/T 9704-2012，7.3.5.1、7.3.5.2)."""
    written = day(document.date)
    signers, last = document.signers[:-1], document.signers[-1]
    across = half_characters(written)
    along = half_characters(last)
    if document.imprint.sealed:
        gap, wide = signature_gap(last, document.date), max(across, along)
        ends = (gap + (wide - along) / 2, gap + (wide - across) / 2)
    else:
        # The date begins two characters to the right of the signer; the longer keeps the gap.
        ends = (
            max(UNSEALED_GAP, 2 * UNSEALED_GAP + across - along),
            max(UNSEALED_GAP, along - across),
        )
    above, below = (round(end * TWIPS_HALF_CHARACTER) for end in ends)
    return (*((each, above) for each in signers), (last, above), (written, below))
