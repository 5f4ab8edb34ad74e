"""付款约定：合同写明几日内付款、逾期按什么利率、实施主体是不是中小企业；超出法定的不予受理。

期限、利率与条款都在 `rulebooks/national/payment.yaml`，四市一样。
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from rulebooks.days.working_days import BEIJING
from rulebooks.judging.asking import Ask
from rulebooks.judging.fields import Field
from rulebooks.procedure.state import State
from rulebooks.reading.payment_law import Clause, LawVersion, payment_law
from rulebooks.vocabulary.refusals import Refusal

PERCENT = 100
TEN_THOUSAND = 10_000


@dataclass(frozen=True, slots=True)
class Terms:
    """合同的约定；没有约定、没有写明的为 None。

    Attributes:
        days: 几日内付款。
        annual_rate: 逾期的年利率。
        market_rate: 订立时的一年期贷款市场报价利率。
        small: 实施主体是否中小企业；没有写明的按中小企业。
    """

    days: int | None = None
    annual_rate: Fraction | None = None
    market_rate: Fraction | None = None
    small: bool | None = None


NO_TERMS = Terms()


def terms_of(state: State) -> Terms:
    """事项现行合同的付款约定，更正、重签过的照最后的；还没有合同的没有约定。"""
    stages = state.rulebook.stages
    signed = [
        item.content
        for item in state.results
        if not item.void and item.stage in stages and stages[item.stage].kind == "contract"
    ]
    if not signed:
        return NO_TERMS
    content = signed[-1]
    return Terms(
        days=content.get("pay_within"),
        annual_rate=_share(content.get("late_rate")),
        market_rate=_share(content.get("market_rate")),
        small=content.get("small_enterprise"),
    )


def terms_text(terms: Terms) -> str:
    """付款约定写成一句；什么也没有约定的为空。"""
    parts = []
    if terms.days is not None:
        parts.append(f"{terms.days}日内付款")
    if terms.annual_rate is not None:
        parts.append(f"逾期年利率{percent_text(terms.annual_rate)}")
    if terms.small is False:
        parts.append("实施主体不是中小企业")
    return "，".join(parts)


def percent_text(rate: Fraction) -> str:
    """年利率的写法，如「3.45%」。"""
    return f"{float(rate * PERCENT):g}%"


def rate_text(rate: Fraction) -> str:
    """每日利率的写法，如「万分之5」。"""
    parts = rate * TEN_THOUSAND
    return f"万分之{parts.numerator}" if parts.denominator == 1 else f"利率{rate}"


def _share(percent: str | None) -> Fraction | None:
    return None if percent is None else Fraction(percent) / PERCENT


def terms_problem(ask: Ask) -> Refusal | None:
    """合同的付款约定合不合条例：不超过最长的日数，利率不低于报价利率；不是中小企业的不问。"""
    content = ask.content
    version = payment_law().in_force(ask.occurred_at.astimezone(BEIJING).date())
    if version is None or content.get("small_enterprise") is False:
        return None
    days = content.get("pay_within")
    if days is not None and days > version.agreed.count:
        sentence = (
            f"合同约定{days}日内付款，超过法定最长的{version.agreed.count}日，"
            "请改签付款期限；实施主体不是中小企业的，请写明"
        )
        return _refuse(ask, "payment_term_too_long", sentence, version.agreed)
    return _rate_problem(ask, version)


def _rate_problem(ask: Ask, version: LawVersion) -> Refusal | None:
    agreed, market = _share(ask.content.get("late_rate")), _share(ask.content.get("market_rate"))
    if agreed is None:
        return None
    if market is None:
        sentence = "写了约定的逾期利率，请一并写明合同订立时的1年期贷款市场报价利率，以便核对"
        return _refuse(ask, "market_rate_missing", sentence, version.agreed_rate)
    if agreed >= market:
        return None
    sentence = (
        f"约定的逾期年利率{percent_text(agreed)}低于合同订立时1年期贷款市场报价利率"
        f"{percent_text(market)}，请改签利率"
    )
    return _refuse(ask, "late_rate_too_low", sentence, version.agreed_rate)


def _refuse(ask: Ask, code: str, sentence: str, clause: Clause) -> Refusal:
    law = payment_law()
    article = law.article(clause)
    return Refusal(code, f"事项{ask.state.number}：{sentence}（{article}）。", law.cites, article)


def explained(field: Field) -> Field:
    """付款约定的一项，附上怎样填与依据；照最新一版条例。其余的项原样。"""
    if field.name not in _EXPLAINED:
        return field
    law = payment_law()
    version = law.versions[-1]
    clause, text = _EXPLAINED[field.name]
    found = clause(version)
    told = text.format(version=version, daily=rate_text(version.interest.daily))
    return replace(field, article=law.article(found), help=told)


_EXPLAINED: Mapping[str, tuple[Callable[[LawVersion], Clause], str]] = {
    "small_enterprise": (
        lambda version: version.scope,
        "依合同订立时的企业规模；不填的按中小企业计算付款期限",
    ),
    "pay_within": (
        lambda version: version.agreed,
        "验收合格起算；没有约定的不填，按{version.due.count}日，约定的至多{version.agreed.count}日",
    ),
    "late_rate": (
        lambda version: version.agreed_rate,
        "百分数，如 3.45；没有约定的不填，按每日{daily}",
    ),
    "market_rate": (
        lambda version: version.agreed_rate,
        "百分数；约定了逾期利率才填，约定的不得低于它",
    ),
}
