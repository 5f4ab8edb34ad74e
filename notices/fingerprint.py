"""文件校验码: what lets anybody check that a paper on the wall is the one that was issued.

The digest covers the content (the document's own data), not the layout: a new template prints the
same content under the same code.
"""

import hashlib
import json
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import segno
from markupsafe import Markup

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

SHORT_LENGTH: Final = 16
GROUP: Final = 4


def canonical(kind: str, document: "DataclassInstance") -> bytes:
    """规范内容：the document as JSON with sorted keys, no spaces, dates as ISO text."""
    content = {"document": kind, "content": asdict(document)}
    return json.dumps(content, sort_keys=True, separators=(",", ":"), default=_plain).encode()


def content_digest(kind: str, document: "DataclassInstance") -> str:
    """内容摘要：SHA-256 of the canonical content, in hexadecimal; the caller stores it."""
    return hashlib.sha256(canonical(kind, document)).hexdigest()


def short_code(digest: str) -> str:
    """文件校验码：the digest's first sixteen digits, in groups a person can compare."""
    short = digest[:SHORT_LENGTH].upper()
    return " ".join(short[start : start + GROUP] for start in range(0, SHORT_LENGTH, GROUP))


def symbol(number: str, code: str) -> segno.QRCode:
    """二维码：the document's number and code, as they are typed into `minsheng notice check`."""
    text = f"{number} {code}"
    # Without this a Chinese number would be written in a Japanese encoding some readers miss.
    encoding = None if text.isascii() else "utf-8"
    return segno.make(text, error="m", micro=False, encoding=encoding)


def qr_code(number: str, code: str) -> Markup:
    """二维码图：an inline drawing, no picture file needed."""
    drawn = symbol(number, code)
    drawing = drawn.svg_inline(border=0, omitsize=True, svgclass="qr", lineclass=None)
    return Markup(drawing)  # noqa: S704 - drawn by us out of modules, holds no text of a user


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"文件内容含有不能写入校验的数据：{type(value).__name__}。")
