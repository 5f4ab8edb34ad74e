"""PDF: the same page on A4, by GB/T 9704-2012; the same page gives the same bytes."""

import atexit
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Final

from notices.fonts import Fonts, MissingFontError, find_fonts

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

LOGGER: Final = logging.getLogger("weasyprint")
# Font maps are not safe to share between threads; one document takes a fraction of a second.
TURN: Final = threading.Lock()
# 扩展汉字所在的两个平面；the newest of them may be unknown to this Python's character tables.
IDEOGRAPHIC_PLANES: Final = range(0x20000, 0x40000)


def write_pdf(html: str, fonts: Fonts | None = None) -> bytes:
    """出纸质件：a rendered document as PDF, fonts embedded, nothing fetched, no clock read.

    Raises:
        MissingFontError: there is no Chinese font, or none that has one of the characters.
    """
    chosen = fonts or _installed()
    from weasyprint import HTML  # noqa: PLC0415 - takes a second to import
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    # A document is complete in itself: whatever it might point at is not fetched.
    nothing = URLFetcher(allowed_protocols=())
    with TURN, _missing_characters() as missing:
        style, configuration = _prepared(chosen)
        written = HTML(string=html, url_fetcher=nothing).write_pdf(
            stylesheets=[style], font_config=configuration, pdf_tags=True
        )
    if missing:
        listed = "、".join(f"“{character}”（U+{ord(character):04X}）" for character in missing)
        raise MissingFontError(
            f"公文中的{listed}没有字体可以显示，不能生成PDF。"
            "请安装Debian软件包fonts-noto-cjk或收录该字的字体后重试；网页版公文不受影响。"
        )
    return bytes(written)


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
