"""资金：比例分担、定额奖补、不得计入与列支的、总额不足时的分法。金额单位：分。"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from rulebooks.policy.limits import choice_label
from rulebooks.policy.lookups import declined, looked_up, name_of, not_in_table, unsupplied, yuan
from rulebooks.policy.packages import apportioned
from rulebooks.vocabulary.model import Cited, Fund, Rulebook
from rulebooks.vocabulary.policies import Quantity, Rate, Term
from rulebooks.vocabulary.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Split:
    """一笔金额的分担：`payer` 由出资一方承担，`rest` 由其余一方承担。"""

    payer: int
    rest: int


@dataclass(frozen=True, slots=True)
class Shortfall:
    """总额不足：说明，余额，以及供议定的各种分法（申报者 → 金额）。"""

    refusal: Refusal
    left: int
    drafts: Mapping[str, Mapping[str, int]]


def split(rulebook: Rulebook, fund: Fund, amount: int, facts: Mapping[str, Any]) -> Split | Refusal:
    """按比例分担一笔金额，有封顶的不超过封顶；`facts` 含 year 等查表所需的事实。"""
    found = sharing(rulebook, fund, facts)
    return found if isinstance(found, Refusal) else found(amount)


def sharing(
    rulebook: Rulebook, fund: Fund, facts: Mapping[str, Any]
) -> Callable[[int], Split] | Refusal:
    """怎样分担：比例与封顶只查一次，许多笔金额照此各自分担。"""
    rate = _rate(rulebook, fund, facts)
    if isinstance(rate, Refusal):
        return rate
    most: int | None = None
    if fund.ceiling is not None:
        ceiling = _quantity(rulebook, fund, fund.ceiling, facts)
        if isinstance(ceiling, Refusal):
            return ceiling
        most = ceiling
    part, whole = rate.numerator, rate.denominator
    half = 0 if fund.rounding == "down" else whole

    def shared(amount: int) -> Split:
        paid = (2 * part * amount + half) // (2 * whole)
        paid = paid if most is None else min(paid, most)
        return Split(paid, amount - paid)

    return shared


def awarded(rulebook: Rulebook, fund: Fund, facts: Mapping[str, Any]) -> int | Refusal:
    """定额奖补的金额，如按上一年度星级。"""
    if fund.award is None:
        return declined(rulebook, "no_award", f"{fund.label}没有定额，请按比例计算。", fund)
    return _quantity(rulebook, fund, fund.award, facts)


def awards_total(rulebook: Rulebook, fund: Fund, counts: Mapping[str, int]) -> int | Refusal:
    """各档名额与金额的合计；名额与规定不符的不算，须先说明。"""
    if fund.award is None or fund.quota is None:
        return declined(rulebook, "no_quota", f"{fund.label}没有名额，请按项目计算。", fund)
    total = 0
    for fact, table in fund.award.by.items():
        quotas = fund.quota.by.get(fact, {})
        for key in dict.fromkeys((*table, *counts)):
            wanted, had = quotas.get(key, 0), counts.get(key, 0)
            if wanted != had:
                label = choice_label(rulebook, fact, key)
                sentence = f"{label}名额{wanted}个，现有{had}个，请核对名单，数量有变动的写明依据。"
                return declined(rulebook, "quota_differs", sentence, _cited(fund.quota, fund))
            if had and key not in table:
                return _not_found(rulebook, fund, fund.award, {fact: key})
            total += table.get(key, 0) * had
    return total


def payable(rulebook: Rulebook, fund: Fund, term: str, amount: int) -> Refusal | None:
    """能否用这笔资金支付某项费用；列为不得支付的，或不在可支付之列的，不能。"""
    label = _term_label(rulebook, (*fund.pays_not, *fund.pays_only), term)
    for item in fund.pays_not:
        if item.term == term:
            sentence = (
                f"{label}{yuan(amount)}不得从{fund.label}列支，请另行安排经费，已列支的退回。"
            )
            return declined(rulebook, "not_payable", sentence, _cited(item, fund))
    if fund.pays_only and term not in [item.term for item in fund.pays_only]:
        listed = "、".join(item.label or name_of(rulebook, item.term) for item in fund.pays_only)
        sentence = f"{label}不在{fund.label}可列支的范围（{listed}）之内，请另行安排经费。"
        return declined(rulebook, "not_payable", sentence, _cited(fund.pays_only[0], fund))
    return None


def matching(fund: Fund, sources: Mapping[str, int]) -> int:
    """可以计入配套的金额：扣除不得计入的来源。"""
    excluded = {item.term for item in fund.excludes}
    return sum(amount for source, amount in sources.items() if source not in excluded)


def eligible(rulebook: Rulebook, fund: Fund, has: Iterable[str]) -> Refusal | None:
    """申请补助的条件是否齐全；缺的逐项列出。"""
    had = set(has)
    missing = [item for item in fund.requires if item.term not in had]
    if not missing:
        return None
    listed = "、".join(item.label or name_of(rulebook, item.term) for item in missing)
    sentence = f"申请{fund.label}尚未满足：{listed}，请办妥后再申请。"
    return declined(rulebook, "not_eligible", sentence, _cited(missing[0], fund))


def shortfall(
    rulebook: Rulebook, fund: Fund, before: int, claims: Mapping[str, int]
) -> Shortfall | None:
    """申报超出总额余额时停下，列出分法供议定；没有超出的返回 None。

    Args:
        rulebook: 规则手册。
        fund: 资金。
        before: 本期（年、季）此前已用的。
        claims: 各申报者的金额，按申报先后。
    """
    if fund.envelope is None:
        return None
    left, asked = max(fund.envelope.at_most - before, 0), sum(claims.values())
    if asked <= left:
        return None
    drafts: dict[str, dict[str, int]] = {
        name: _in_turn(left, claims) if name == "by_time_of_claim" else apportioned(left, claims)
        for name in (fund.short.drafts if fund.short is not None else ())
    }
    sentence = f"本次申报合计{yuan(asked)}，超过{fund.label}余额{yuan(left)}，"
    sentence += "请按所列分法议定后再拨。" if drafts else "请调减申报或另行安排资金。"
    cited = _cited(fund.envelope, fund)
    return Shortfall(declined(rulebook, "envelope_short", sentence, cited), left, drafts)


def _in_turn(left: int, claims: Mapping[str, int]) -> dict[str, int]:
    """按申报先后给足，给到用完为止。"""
    found = {}
    for name, amount in claims.items():
        found[name] = min(amount, left)
        left -= found[name]
    return found


def _rate(rulebook: Rulebook, fund: Fund, facts: Mapping[str, Any]) -> Fraction | Refusal:
    if fund.missing:
        sentence = unsupplied(rulebook, fund.label, fund.missing)
        return declined(rulebook, "unsupplied", sentence, fund)
    if fund.share is None and fund.ceiling is not None:
        return Fraction(1)
    if fund.share is None:
        sentence = f"{fund.label}没有写明分担的比例，请按定额计算。"
        return declined(rulebook, "no_share", sentence, fund)
    found = fund.share.rate if not fund.share.by else looked_up(fund.share.by, facts)
    return found if found is not None else _not_found(rulebook, fund, fund.share, facts)


def _quantity(
    rulebook: Rulebook, fund: Fund, wanted: Quantity, facts: Mapping[str, Any]
) -> int | Refusal:
    if fund.missing:
        sentence = unsupplied(rulebook, fund.label, fund.missing)
        return declined(rulebook, "unsupplied", sentence, fund)
    found = wanted.amount if not wanted.by else looked_up(wanted.by, facts)
    return found if found is not None else _not_found(rulebook, fund, wanted, facts)


def _not_found(
    rulebook: Rulebook, fund: Fund, wanted: Rate | Quantity, facts: Mapping[str, Any]
) -> Refusal:
    fact = next(iter(wanted.by), "")
    sentence = not_in_table(rulebook, fund.label, fact, facts)
    return declined(rulebook, "not_in_table", sentence, _cited(wanted, fund))


def _cited(part: Cited, whole: Cited) -> Cited:
    """一部分自己没有出处的，用整段的出处。"""
    return part if part.cites is not None or part.reading is not None else whole


def _term_label(rulebook: Rulebook, items: Iterable[Term], term: str) -> str:
    written = {item.term: item.label for item in items}
    return written.get(term) or name_of(rulebook, term)
