"""单元格读法：金额、日期、整数、是否、电话，容许全角、千分位与各种常见写法，绝不经过浮点数。"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import date, datetime, timedelta
from decimal import Context, Decimal
from enum import Enum
from functools import lru_cache
from typing import Final, TypeAlias

Raw: TypeAlias = str | Decimal | bool | date | datetime | None


class Unread(Enum):
    """读不懂的单元格，与空单元格区分开。"""

    UNREAD = "unread"


UNREAD: Final = Unread.UNREAD

# What one unit of a header, or of a cell that names its own unit, is worth in 分.
FEN_PER_UNIT: Final = {"元": 100, "万元": 1_000_000, "万": 1_000_000}

# A spreadsheet keeps 15 significant digits and shows no more; the rest is noise of its arithmetic.
_SPREADSHEET = Context(prec=15)
_LARGEST_EXPONENT = 12
_SERIAL_ZERO = date(1899, 12, 30)
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_DIGITS_OF_A_DATE = 8
_LENGTH_OF_A_DATE = 10
_LONGEST_SHOWN = 60
_DASHES = dict.fromkeys((0x2013, 0x2014, 0x2212), "-")

_AMOUNT = re.compile(
    r"(\d{1,3}(?:,\d{3})+(?:\.\d{1,9})?|\d{1,12}(?:\.\d{1,9})?)(万元|万|元)?[整正]?"
)
_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})"
    r"|年(\d{1,2})月(\d{1,2})[日号])(?:[ T]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_AROUND_MARKS = re.compile(r"\s*([-/.年月]|[日号]$)\s*")
_COUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,9})[人户名]?")
_PHONE = re.compile(r"1[3-9]\d{9}|(?:0\d{2,3}-?)?\d{7,8}(?:-\d{1,6})?")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


def text(cell: Raw) -> str | None:
    """文字：去掉首尾空白；数字与日期写回常见样子；空白为 None。"""
    match cell:
        case None:
            return None
        case bool():
            return "是" if cell else "否"
        case Decimal():
            return format(_SPREADSHEET.create_decimal(cell).normalize(), "f")
        case date():
            return cell.isoformat()[:_LENGTH_OF_A_DATE]
        case str():
            return cell.strip() or None


def name(cell: Raw) -> str | None:
    """名称：全角转半角、去掉一切空白，使同一机构只有一种写法。"""
    written = text(cell)
    return None if written is None else "".join(_half_width(written).split()) or None


def amount(cell: Raw, unit: str) -> int | Unread | None:
    """金额换算为整数分；单元格自带单位时以其为准，不足一分或为负的读不懂。"""
    if isinstance(cell, Decimal):
        return _fen(_SPREADSHEET.create_decimal(cell), FEN_PER_UNIT[unit])
    written = name(cell)
    if written is None:
        return None
    found = _AMOUNT.fullmatch(written.removeprefix("人民币").lstrip("¥"))
    if found is None or not isinstance(cell, str):
        return UNREAD
    return _fen(Decimal(found[1].replace(",", "")), FEN_PER_UNIT[found[2] or unit])


def _fen(number: Decimal, fen_per_unit: int) -> int | Unread:
    if not number.is_finite() or number < 0 or number.adjusted() > _LARGEST_EXPONENT:
        return UNREAD
    fen = number * fen_per_unit
    return int(fen) if fen == fen.to_integral_value() else UNREAD


def day(cell: Raw) -> date | Unread | None:
    """日期：真日期、表格序号、20260305，或 2026-3-5、2026/3/5、2026.3.5、2026年3月5日。"""
    match cell:
        case bool():
            return UNREAD
        case datetime():
            return _plausible(cell.date())
        case date():
            return _plausible(cell)
        case Decimal():
            return _numeric_day(cell)
        case _:
            written = text(cell)
            return None if written is None else _written_day(_half_width(written))


def _numeric_day(cell: Decimal) -> date | Unread:
    if not cell.is_finite() or cell < 0 or cell.adjusted() >= _DIGITS_OF_A_DATE:
        return UNREAD
    if cell.adjusted() == _DIGITS_OF_A_DATE - 1:
        return _written_day(str(int(cell)))
    return _plausible(_SERIAL_ZERO + timedelta(days=min(int(cell), 99_999)))


def _written_day(written: str) -> date | Unread:
    compact = _COMPACT_DATE.fullmatch(written)
    found = compact or _DATE.fullmatch(_AROUND_MARKS.sub(r"\1", written))
    if found is None:
        return UNREAD
    year, month, day_of_month = (int(part) for part in found.groups() if part is not None)
    try:
        return _plausible(date(year, month, day_of_month))
    except ValueError:
        return UNREAD


def _plausible(day_: date) -> date | Unread:
    return day_ if _FIRST_YEAR <= day_.year <= _LAST_YEAR else UNREAD


def count(cell: Raw) -> int | Unread | None:
    """人数、户数：不带小数的非负整数，可写作 12人、300户。"""
    written = name(cell)
    if written is None:
        return None
    found = _COUNT.fullmatch(written)
    return (
        int(found[1].replace(",", "")) if found and not isinstance(cell, (bool, date)) else UNREAD
    )


def yes_or_no(cell: Raw, yes: Collection[str], no: Collection[str]) -> bool | Unread | None:
    """是否：按给定的词判断，此外读不懂。"""
    written = name(cell)
    if written is None:
        return None
    word = written.upper()
    if word in yes:
        return True
    return False if word in no else UNREAD


def phone(cell: Raw) -> str | Unread | None:
    """电话：手机号，或带区号的固定电话。"""
    written = name(cell)
    if written is None:
        return None
    return written if _PHONE.fullmatch(written) else UNREAD


def email(cell: Raw) -> str | Unread | None:
    """电子邮箱。"""
    written = name(cell)
    if written is None:
        return None
    return written if _EMAIL.fullmatch(written) else UNREAD


@lru_cache(maxsize=4096)
def plain(word: str) -> str:
    """比较用的写法：半角，去空白、引号、括注与结尾的「类」「项目」。"""
    squeezed = re.sub(r"[\s“”\"'\u2018\u2019「」《》*]|\([^()]*\)", "", _half_width(word))
    return squeezed.removesuffix("项目").removesuffix("类") or squeezed


def shown(cell: Raw) -> str:
    """供人看的原值：控制与方向字符换成可见的替代符，过长的截断。"""
    written = text(cell) or ""
    safe = "".join("�" if unicodedata.category(char)[0] == "C" else char for char in written)
    return safe if len(safe) <= _LONGEST_SHOWN else safe[:_LONGEST_SHOWN] + "…"


@lru_cache(maxsize=4096)
def _half_width(written: str) -> str:
    return unicodedata.normalize("NFKC", written).translate(_DASHES).strip()
