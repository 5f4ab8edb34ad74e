"""PDF: the same page on A4, by GB/T 9704-2012; the same page gives the same bytes."""

import atexit
import gc
import logging
import re
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from warnings import catch_warnings, filterwarnings

from notices.fonts import Fonts, MissingFontError, find_fonts
from rulebooks.days.working_days import BEIJING

if TYPE_CHECKING:
    from weasyprint import CSS, Attachment
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

IDENTIFIER_LENGTH: Final = 16
LOGGER: Final = logging.getLogger("weasyprint")
# Font maps are not safe to share between threads; one document takes a fraction of a second.
TURN: Final = threading.Lock()
# 扩展汉字所在的两个平面；the newest of them may be unknown to this Python's character tables.
IDEOGRAPHIC_PLANES: Final = range(0x20000, 0x40000)


# A page brings its own style sheet, the same in every document of its kind.
STYLE: Final = re.compile("<style>(.*?)</style>", re.DOTALL)
SHEETS: Final = 16
SMALLEST: Final = 9
# Long-term archive: everything needed to show the page is inside the file (ISO 19005-3).
VARIANT: Final = "pdf/a-3b"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """随附的可编辑文件: a file kept inside the PDF: the workbook or text it was made from.

    `written` is the day of the document, so that the same document gives the same bytes.
    """

    name: str
    data: bytes
    written: date
    description: str = ""


def write_pdf(html: str, fonts: Fonts | None = None, enclosed: Sequence[Enclosed] = ()) -> bytes:
    """出纸质件：a rendered document as PDF/A-3b, fonts embedded, nothing fetched, no clock read.

    `enclosed` files are kept inside as the source of the page.

    Raises:
        MissingFontError: there is no Chinese font, or none that has one of the characters.
    """
    chosen = fonts or _installed()
    from weasyprint import HTML  # noqa: PLC0415 - takes a second to import

    with TURN, _missing_characters() as missing, _uncollected(), catch_warnings():
        # WeasyPrint leaves the colour profile it embeds to be closed by the interpreter.
        filterwarnings("ignore", "unclosed file .*icc", ResourceWarning)
        style, configuration = _prepared(chosen)
        page = HTML(string=STYLE.sub("", html), url_fetcher=_nothing())
        written = page.write_pdf(
            finisher=_packed_once,
            stylesheets=[style, *(_sheet(chosen, text) for text in STYLE.findall(html))],
            font_config=configuration,
            pdf_tags=True,
            pdf_variant=VARIANT,
            pdf_identifier=sha256(html.encode()).digest()[:IDENTIFIER_LENGTH],
            attachments=[_attached(file) for file in enclosed],
        )
    if missing:
        listed = "、".join(f"“{character}”（U+{ord(character):04X}）" for character in missing)
        raise MissingFontError(
            f"公文中的{listed}没有字体可以显示，不能生成PDF。"
            "请安装Debian软件包fonts-noto-cjk或收录该字的字体后重试；网页版公文不受影响。"
        )
    return bytes(written)


def _attached(file: Enclosed) -> "Attachment":
    from weasyprint import Attachment  # noqa: PLC0415

    written = datetime.combine(file.written, time(), BEIJING).astimezone(UTC)
    return Attachment(
        string=file.data,
        name=file.name,
        description=file.description,
        created=written,
        modified=written,
        relationship="Source",
    )


@cache
def _installed() -> Fonts:
    """本机字体：looked for once; a refusal is not kept, so installing a font is enough."""
    return find_fonts()


@cache
def _prepared(fonts: Fonts) -> "tuple[CSS, FontConfiguration]":
    """字体装载：reading the font files takes longer than setting a page, so it is done once."""
    from weasyprint import CSS  # noqa: PLC0415
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    # Its temporary files go while the interpreter can still remove them.
    atexit.register(_prepared.cache_clear)
    configuration = FontConfiguration()
    return CSS(string=fonts.style, font_config=configuration), configuration


@lru_cache(SHEETS)
def _sheet(fonts: Fonts, text: str) -> "CSS":
    """样式表：read once; reading it takes a tenth of the time of a document."""
    from weasyprint import CSS  # noqa: PLC0415

    return CSS(string=text, font_config=_prepared(fonts)[1], url_fetcher=_nothing())


def _nothing() -> "URLFetcher":
    """不外取：a document is complete in itself; only what stands in the page is read."""
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    return URLFetcher(allowed_protocols=("data",))


def _packed_once(_: object, pdf: Any) -> None:
    """压缩：every stream once; left to itself the file's identifier would have all done twice."""
    for entry in pdf.objects:
        if not getattr(entry, "compress", False):
            continue
        entry.compress = False
        content = entry.data.partition(b"\nstream\n")[2].removesuffix(b"\nendstream")
        entry.stream = [zlib.compress(content, SMALLEST)]
        entry.extra["Filter"] = "/FlateDecode"


@contextmanager
def _uncollected() -> Iterator[None]:
    """不作回收：every box of a page lives until it is set; looking for rubbish takes a tenth."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def _missing_characters() -> Iterator[dict[str, None]]:
    """缺字：collects the Chinese characters that came out as an empty box.

    A missing pictograph is tolerated; a name with a box in it is not.
    """
    missing: dict[str, None] = {}

    def collect(record: logging.LogRecord) -> bool:
        if not str(record.msg).startswith(".notdef glyph"):
            return True
        character = str(record.args[0]) if isinstance(record.args, tuple) else ""
        if character.isalpha() or (character and ord(character) in IDEOGRAPHIC_PLANES):
            missing[character] = None
        return False

    LOGGER.addFilter(collect)
    try:
        yield missing
    finally:
        LOGGER.removeFilter(collect)
