"""从中文条文里认出数：几个工作日、几个月、几万元、几分之几，供核对规则手册里的数有没有依据。"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6,
          "七": 7, "八": 8, "九": 9}  # fmt: skip
TENS = {"十": 10, "百": 100, "千": 1000}
HUNDRED = 100
MYRIAD = 10_000
MONTH_ENDS = (28, 29, 30, 31)
NUMERAL = r"(?:\d+(?:\.\d+)?|[零一二两三四五六七八九十百千万]+)"
SCALES = {"万": 10_000, "亿": 100_000_000, "千": 1000, "百": 100, "": 1}

# 写法 → 单位；依次认，认出的不再重认。
PERIODS = (
    ("working_days", rf"({NUMERAL})个?工作日"),
    ("date", r"(\d{1,2})月(\d{1,2})日(?:至(\d{1,2})日)?"),
    ("months", rf"({NUMERAL})个月"),
    ("whole_month", r"(\d{1,2})月(之前|以前)?"),
    ("weeks", rf"({NUMERAL})个?(?:周|星期)"),
    ("calendar_days", rf"({NUMERAL})个?(?:自然日|日|天)"),
    ("share", rf"({NUMERAL})分之({NUMERAL})"),
    ("percent", rf"({NUMERAL})%"),
    ("ratio", rf"({NUMERAL})[:比]({NUMERAL})"),
    ("tenths", rf"({NUMERAL})成"),
    ("yuan", rf"({NUMERAL})(万|亿|千|百)?元"),
    ("yuan", r"(\d+(?:\.\d+)?)(万)"),
    ("half", r"(半数|一半)"),
    ("year", r"(每年|每一年|年度|年内)"),
    ("number", rf"({NUMERAL})"),
)


# 修改决定、通知里说到的旧数：“由60%调整为70%”“从3个调整到5个”“将5万元修改为8万元”。
TO = "(?:调整|提高|降低|增加|减少|缩短|延长|修改|变更|改)(?:为|到|至|成)"
REPLACED = re.compile(rf"(?:由|从|将|把|原)[^，。；,;]*?(?={TO})")


@dataclass(frozen=True, slots=True)
class Quantity:
    """条文里的一个数：数值与单位。"""

    value: Fraction
    unit: str


def in_force(text: str) -> str:
    """原文里现行的部分：说到由旧数改为新数的，去掉旧数。"""
    return REPLACED.sub("", text)


def quantities(text: str) -> list[Quantity]:
    """条文里的全部数，同一处只认一次。"""
    found: list[Quantity] = []
    rest = text
    for unit, pattern in PERIODS:
        for match in re.finditer(pattern, rest):
            found.extend(_read(unit, match))
        rest = re.sub(pattern, "□", rest)
    return found


def _read(unit: str, match: re.Match[str]) -> Iterator[Quantity]:
    read = READ.get(unit)
    if read is None:
        yield Quantity(number(match[1]), unit)
    else:
        yield from read(match)


def _date(match: re.Match[str]) -> Iterator[Quantity]:
    month, *days = (int(part) for part in match.groups() if part)
    yield from (_day(month, day) for day in days)


def _whole_month(match: re.Match[str]) -> Iterator[Quantity]:
    """“每年11月”自首日起至末日止，“6月之前”至上月末日；平年、闰年的二月末日都算。"""
    month = int(match[1])
    if match[2]:
        yield from (_day(month - 1, day) for day in MONTH_ENDS)
    else:
        yield from (_day(month, day) for day in (1, *MONTH_ENDS))


def _day(month: int, day: int) -> Quantity:
    return Quantity(Fraction(month * HUNDRED + day), "date")


def _share(match: re.Match[str]) -> Iterator[Quantity]:
    below, above = number(match[1]), number(match[2])
    if below:
        yield Quantity(above / below, "share")


def _ratio(match: re.Match[str]) -> Iterator[Quantity]:
    one, other = number(match[1]), number(match[2])
    if one + other:
        yield Quantity(one / (one + other), "share")
        yield Quantity(other / (one + other), "share")


def _yuan(match: re.Match[str]) -> Iterator[Quantity]:
    yield Quantity(number(match[1]) * SCALES[match[2] or ""], "yuan")


READ: Mapping[str, Callable[[re.Match[str]], Iterator[Quantity]]] = {
    "date": _date,
    "whole_month": _whole_month,
    "year": lambda _: iter((_day(1, 1), _day(12, 31))),
    "share": _share,
    "ratio": _ratio,
    "yuan": _yuan,
    "percent": lambda match: iter((Quantity(number(match[1]) / HUNDRED, "share"),)),
    "tenths": lambda match: iter((Quantity(number(match[1]) / 10, "share"),)),
    "half": lambda _: iter((Quantity(Fraction(1, 2), "share"),)),
}


def number(words: str) -> Fraction:
    """阿拉伯数字或中文数字的值，如 16.5、三十、一百二十。"""
    if re.fullmatch(r"\d+(\.\d+)?", words):
        return Fraction(words)
    total, part, digit = 0, 0, 0
    for character in words:
        if character == "万":
            total, part, digit = total + (part + digit or 1) * MYRIAD, 0, 0
        elif character in TENS:
            part, digit = part + (digit or 1) * TENS[character], 0
        else:
            digit = digit * 10 + DIGITS[character]
    return Fraction(total + part + digit)


def value_of(leaf: Any) -> Fraction | None:
    """YAML 里的一个数：整数、小数、分数或「月-日」；不是数的为 None。"""
    if isinstance(leaf, bool) or leaf is None:
        return None
    words = str(leaf)
    if found := re.fullmatch(r"(\d{2})-(\d{2})", words):
        return Fraction(int(found[1]) * 100 + int(found[2]))
    if re.fullmatch(r"\d+(\.\d+)?(/\d+)?", words):
        try:
            return Fraction(words)
        except (ValueError, ZeroDivisionError):
            return None
    return None
