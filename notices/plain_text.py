"""来文净化: what a person typed, made fit for a public document.

Escaping is the template's work; this is about what escaping leaves: invisible characters that
reorder or hide text, and personal data nobody may publish.
"""

import re
from typing import Final

# Everything that steers display without being seen: control characters except the new line,
# zero-width characters, directional marks, embeddings, overrides and isolates.
INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
SURROGATE: Final = re.compile("[\ud800-\udfff]")
# 居民身份证号码: region, date of birth, order, check digit. 手机号码: eleven digits from 13 to 19.
IDENTITY_NUMBER: Final = re.compile(
    r"(?<![0-9A-Za-z])([1-9]\d{2})\d{3}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])"
    r"(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)
BRACKETS: Final = str.maketrans("()", "（）")
MOBILE_NUMBER: Final = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")


def visible(text: str) -> str:
    """可见文本：the text without characters that a reader cannot see but that change the page."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return INVISIBLE.sub("", SURROGATE.sub("\ufffd", unified))


def mask(text: str) -> str:
    """隐去个人信息：identity and mobile numbers shortened to what cannot identify anybody."""
    return MOBILE_NUMBER.sub(r"\1****\2", IDENTITY_NUMBER.sub(r"\1***************", text))


def public(text: str) -> str:
    """公开文本：visible and masked, as every text of a user stands in a document."""
    return mask(visible(text))


def inner_title(title: str) -> str:
    """书名之内的书名：改用单书名号 (GB/T 15834，4.15.3.3)."""
    return title.replace("《", "〈").replace("》", "〉")


def full_width(text: str) -> str:
    """全角括号：brackets in a rulebook's labels as a document writes them (GB/T 15834，4.9)."""
    return text.translate(BRACKETS)
