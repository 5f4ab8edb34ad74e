"""付款的国家规定：条例各版写明的期限、利率与条款，照 `national/payment.yaml`。"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from pydantic import Field

from rulebooks.reading.pages import checked, read_page
from rulebooks.vocabulary.words import Share, Words

NATIONAL = Path(__file__).parents[1] / "national"


class Clause(Words):
    """一条规定：条款与原文。"""

    article: str
    quote: str


class DayCount(Clause):
    """一条写明日数的规定。"""

    count: int = Field(ge=1)


class DailyRate(Clause):
    """一条写明每日利率的规定。"""

    daily: Share


class LawVersion(Words):
    """条例的一版：施行起止与各条规定。"""

    id: str
    label: str
    since: date
    until: date | None = None
    scope: Clause
    due: DayCount
    agreed: DayCount
    accepted: Clause
    interest: DailyRate
    agreed_rate: Clause
    no_waiting: Clause
    not_by_audit_office: Clause


class PaymentLaw(Words):
    """关于付款期限的全国性法律，各版由旧到新。"""

    title: str
    cites: str
    also: str
    versions: tuple[LawVersion, ...]
    days_of_a_year: int = Field(ge=1)
    readings: dict[str, str]

    def in_force(self, day: date) -> LawVersion | None:
        """某日施行的那一版；尚未施行的为 None。"""
        known = (item for item in self.versions if item.since <= day <= (item.until or date.max))
        return next(known, None)

    def article(self, clause: Clause) -> str:
        """条款的全称，如「保障中小企业款项支付条例第九条」。"""
        return f"{self.title}{clause.article}"


@cache
def payment_law() -> PaymentLaw:
    """读取条例。

    Raises:
        BrokenRulebookError: 文件的键或值不可用。
    """
    page = read_page(NATIONAL / "payment.yaml")
    return checked(PaymentLaw, page.plain(), [page])
