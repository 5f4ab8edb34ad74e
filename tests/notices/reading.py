"""读回纸面: what stands where on the pages of a PDF, for tests that compare."""

import re
from io import BytesIO
from typing import Any, cast

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

POINTS_PER_MM = 72 / 25.4


def words_of(printed: bytes) -> str:
    pages = PdfReader(BytesIO(printed)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def lines_of(page: Any) -> list[tuple[float, float, str]]:
    """文字位置：left and baseline of every piece of text, from the page's lower left corner."""
    found: list[tuple[float, float, str]] = []

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if text.strip():
            left = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            baseline = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append((left, baseline, text.strip()))

    page.extract_text(visitor_text=visit)
    return found


def fonts_of(printed: bytes) -> dict[str, DictionaryObject]:
    fonts: dict[str, DictionaryObject] = {}
    for page in PdfReader(BytesIO(printed)).pages:
        resources = cast("DictionaryObject", page["/Resources"])
        for reference in cast("DictionaryObject", resources["/Font"]).values():
            font = cast("DictionaryObject", reference.get_object())
            descendant = cast("ArrayObject", font["/DescendantFonts"])[0].get_object()
            fonts[str(font["/BaseFont"])] = descendant["/FontDescriptor"].get_object()
    return fonts


def layout_of(printed: bytes) -> str:
    """版面：page by page, each piece of text with its place in millimetres from the top left."""
    lines = []
    for number, page in enumerate(PdfReader(BytesIO(printed)).pages, start=1):
        high = float(page.mediabox.height)
        wide = float(page.mediabox.width)
        lines.append(f"第{number}页 {wide / POINTS_PER_MM:.0f}x{high / POINTS_PER_MM:.0f}")
        lines.extend(
            f"{left / POINTS_PER_MM:4.0f}{(high - baseline) / POINTS_PER_MM:4.0f} {text}"
            for left, baseline, text in lines_of(page)
        )
    return "\n".join(lines) + "\n"
