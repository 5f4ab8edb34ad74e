"""付款期限：自验收合格（没有验收的自交付）起三十日，合同另有约定的至多六十日，逾期计息。

与审计并行：合同没有约定等待审计的，审计没有做完不停这只钟。期限、利率、条款都在
`rulebooks/national/payment.yaml`。金额单位：分；日期为北京日期。
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from rulebooks.days.working_days import Calendar, CountedDay, Span, Unit, explain, span
from rulebooks.judging.payment_terms import NO_TERMS, Terms, rate_text, terms_of
from rulebooks.judging.payments import is_part
from rulebooks.procedure.amounts import PAID
from rulebooks.procedure.deadlines import local_day
from rulebooks.procedure.state import Result, State
from rulebooks.reading.payment_law import Clause, LawVersion, PaymentLaw, payment_law
from rulebooks.vocabulary.refusals import Refusal

HALF = Fraction(1, 2)
BY_CONTRACT = "合同约定"
UNIT: Unit = "calendar_days"


@dataclass(frozen=True, slots=True)
class PaymentClock:
    """一只付款的钟：起算日、期限、每日利率、依据，以及约定与条例不合之处的说明。

    `agreed` 表示日数是合同约定的；`version` 为所照的条例，不是中小企业的只照合同，为 None。
    """

    version: LawVersion | None
    started: date
    count: int
    span: Span
    daily_rate: Fraction
    article: str
    rate_article: str
    note: str = ""
    agreed: bool = False

    @property
    def due(self) -> date:
        """应付之日：最迟当日付清。"""
        return self.span.last

    def explain(self, calendar: Calendar) -> tuple[CountedDay, ...]:
        """逐日说明应付之日怎样数出来。"""
        return explain(calendar, self.started, self.count, UNIT)


@dataclass(frozen=True, slots=True)
class Arrears:
    """某日的欠付：应付、已付、未付，逾期天数，至当日的利息，单位：分；`sentence` 说明缘由。"""

    clock: PaymentClock
    owed: int
    paid: int
    unpaid: int
    late_days: int
    interest: int
    sentence: str


def payment_clock(
    calendar: Calendar, started: date, terms: Terms = NO_TERMS
) -> PaymentClock | Refusal:
    """自 `started`（验收合格或交付之日）起的付款期限；末日逢休假顺延。

    约定的日数超过条例最长的，按最长的；约定的利率低于报价利率的，按报价利率。不是中小企业的，
    照合同约定的日数与利率。

    Returns:
        付款的钟；当日条例尚未施行的，不是中小企业而合同没有约定的，为一句说明。

    Raises:
        PeriodError: 超出工作日历所有的年度，或约定的日数不足一日。
    """
    if terms.small is False:
        return _by_contract(calendar, started, terms)
    law = payment_law()
    version = law.in_force(started)
    if version is None:
        first = law.versions[0]
        sentence = f"{started.isoformat()}时《{law.title}》尚未施行（{first.since}起），请按合同。"
        return Refusal("no_law", sentence, law.cites, law.title)
    rule = version.due if terms.days is None else version.agreed
    count = version.due.count if terms.days is None else min(terms.days, version.agreed.count)
    notes = []
    if terms.days is not None and terms.days > count:
        notes.append(f"合同约定{terms.days}日，超过最长{count}日，按{count}日计")
    rate, rate_rule = _daily(law, version, terms, notes)
    return PaymentClock(
        version=version,
        started=started,
        count=count,
        span=span(calendar, started, count, UNIT),
        daily_rate=rate,
        article=law.article(rule),
        rate_article=law.article(rate_rule),
        note="；".join(notes),
        agreed=terms.days is not None,
    )


def _by_contract(calendar: Calendar, started: date, terms: Terms) -> PaymentClock | Refusal:
    """不是中小企业的：合同约定了几日就几日，没有约定利率的不计息。"""
    law = payment_law()
    if terms.days is None:
        sentence = (
            f"实施主体不是中小企业，不适用《{law.title}》，合同也没有约定付款期限，请按合同办理。"
        )
        return Refusal("no_term", sentence, law.cites, law.title)
    return PaymentClock(
        version=None,
        started=started,
        count=terms.days,
        span=span(calendar, started, terms.days, UNIT),
        daily_rate=(terms.annual_rate or Fraction(0)) / law.days_of_a_year,
        article=BY_CONTRACT,
        rate_article=BY_CONTRACT,
        agreed=True,
    )


def _daily(
    law: PaymentLaw, version: LawVersion, terms: Terms, notes: list[str]
) -> tuple[Fraction, Clause]:
    if terms.annual_rate is None:
        return version.interest.daily, version.interest
    annual = terms.annual_rate
    if terms.market_rate is not None and annual < terms.market_rate:
        annual = terms.market_rate
        notes.append("约定利率低于合同订立时1年期贷款市场报价利率，按报价利率计")
    return annual / law.days_of_a_year, version.agreed_rate


def interest(
    clock: PaymentClock, owed: int, payments: Iterable[tuple[date, int]], day: date
) -> int:
    """至 `day`（含）的逾期利息（分）：各笔迟付的与仍未付的，按各自迟了几日，合计后四舍五入。

    Args:
        clock: 付款的钟。
        owed: 应付的金额。
        payments: 各笔付款之日与金额，先付的先抵。
        day: 算到哪一日。
    """
    left, weighted = owed, 0
    for when, amount in sorted(payments):
        if when <= day:
            part = min(amount, left)
            left -= part
            weighted += part * max((when - clock.due).days, 0)
    weighted += left * max((day - clock.due).days, 0)
    return math.floor(weighted * clock.daily_rate + HALF)


def delivered_on(state: State) -> date | None:
    """付款期限自哪一日起算：最近一次验收合格；程序里没有验收的，最后一次登记完工。

    还没有验收、没有完工的为 None。
    """
    stages = state.rulebook.stages
    known = [item for item in state.results if not item.void and item.stage in stages]
    passed = [item for item in known if item.outcome == "passed"]
    if passed:
        return local_day(passed[-1].at)
    performed = [item for item in known if stages[item.stage].kind == "perform"]
    if not performed or _goes_on(state, performed[-1]):
        return None
    return local_day(performed[-1].at)


def _goes_on(state: State, last: Result) -> bool:
    """其后还要实施或验收：这一次登记的不是完工。"""
    stages = state.rulebook.stages
    following = (*last.to.split("+"), *(item.stage for item in state.open))
    return any(name in stages and stages[name].kind in ("perform", "accept") for name in following)


def arrears(state: State, calendar: Calendar, day: date) -> Arrears | Refusal | None:
    """某日的应付、已付、逾期与利息，照合同的约定；尚未完工验收、没有应付之款的为 None。

    审计没有结论的，以合同金额为应付；有结论的，以审定金额。

    Raises:
        PeriodError: 同 `payment_clock`。
    """
    amounts, started = state.amounts, delivered_on(state)
    owed = amounts.get("audited", amounts.get("contract", amounts.get("budget", 0)))
    if started is None or started > day or not owed:
        return None
    clock = payment_clock(calendar, started, terms_of(state))
    if isinstance(clock, Refusal):
        return clock
    payments = [
        (local_day(event.occurred_at), int(state.content_of(event.sequence)["amount"]))
        for event in state.history
        if event.kind == PAID
    ]
    if _settled(state):
        # 登记付清的，付清多少就是应付多少。
        owed = sum(amount for _, amount in payments)
    paid = sum(amount for when, amount in payments if when <= day)
    unpaid = max(owed - paid, 0)
    late = max((day - clock.due).days, 0) if unpaid else 0
    found = interest(clock, owed, payments, day)
    return Arrears(clock, owed, paid, unpaid, late, found, _sentence(state, clock, unpaid, late))


def _settled(state: State) -> bool:
    """是否已登记付清。"""
    stages = state.rulebook.stages
    return any(
        not item.void
        and item.stage in stages
        and stages[item.stage].kind == "pay"
        and not is_part(stages[item.stage])
        for item in state.results
    ) and not any(item.stage in stages and stages[item.stage].kind == "pay" for item in state.open)


def _sentence(state: State, clock: PaymentClock, unpaid: int, late: int) -> str:
    """一句话：何时起算，几日，应付之日，迟了几日，为什么不等审计。"""
    begun, due = clock.started, clock.due
    agreed = "（合同约定）" if clock.agreed and clock.version is not None else ""
    said = (
        f"{begun.year}年{begun.month}月{begun.day}日起{clock.count}日内付款{agreed}，"
        f"应于{due.year}年{due.month}月{due.day}日前付清（{clock.article}）"
    )
    if clock.note:
        said += f"；{clock.note}"
    if not unpaid:
        return f"{said}，已付清。"
    if late:
        said += f"，已逾期{late}日"
    if late and clock.daily_rate:
        said += f"，按每日{rate_text(clock.daily_rate)}计息（{clock.rate_article}）"
    if "audited" not in state.amounts and clock.version is not None:
        rule = payment_law().article(clock.version.no_waiting)
        said += f"；合同没有约定的，不得以等待决算审计拖付（{rule}）"
    return f"{said}。"
