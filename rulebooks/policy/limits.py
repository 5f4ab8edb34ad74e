"""限额：上限、名额、覆盖面、占比，数额、范围、轻重都在规则手册。金额单位：分。

`assess` 是对所给事实的纯计算；办理时的核对见 caps.py，也由它得出。
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from rulebooks.policy.conditions import holds
from rulebooks.policy.lookups import looked_up, name_of, not_in_table, share_text, unsupplied, yuan
from rulebooks.vocabulary.model import Limit, Rulebook

__all__ = [
    "PROJECT_CAP",
    "Assessment",
    "Given",
    "assess",
    "bound_text",
    "yuan",
]

PROJECT_CAP = "project_cap"
# 比较词 → 不合时的说法与通常的下一步。
BROKEN: Mapping[str, str] = {
    "at_most": "超过",
    "below": "未低于",
    "at_least": "少于",
    "more_than": "未超过",
}
ALLOWED: Mapping[str, str] = {
    "at_most": "不超过",
    "below": "低于",
    "at_least": "不少于",
    "more_than": "超过",
}
UPPER = ("at_most", "below")
# 限额的范围里表示实施主体的两个词。
OF_IMPLEMENTER = frozenset({"organisation", "implementer"})


@dataclass(frozen=True, slots=True)
class Given:
    """核对限额所需的：项目与年度等事实，按比例的界线的基数，各项金额（分）。

    `quota` 为统筹调剂后的限额，代替规则手册里的数；金额为分。
    """

    facts: Mapping[str, Any] = field(default_factory=dict)
    bases: Mapping[str, int] = field(default_factory=dict)
    amounts: Mapping[str, int] = field(default_factory=dict)
    quota: int | None = None


NOTHING = Given()


@dataclass(frozen=True, slots=True)
class Assessment:
    """核对一项限额的结果：是否适用、是否守住、界线是多少、不合时的说明。

    `bound` 金额为分，个数为整数，比例为分数；不适用或无从得知的为 None。
    """

    limit: Limit
    applies: bool
    held: bool
    bound: Fraction | None
    sentence: str = ""


def assess(
    rulebook: Rulebook, limit: Limit, measured: Fraction | int, given: Given = NOTHING
) -> Assessment:
    """按所给的事实核对一项限额；缺基数、查不到数的一律不算守住，从不猜。

    Args:
        rulebook: 规则手册。
        limit: 限额。
        measured: 度量所得：金额为分，个数为整数，比例为分数；累计的含本项。
        given: 核对所需的事实、基数、金额。
    """
    if not holds(limit.only, given.facts, given.amounts):
        return Assessment(limit, applies=False, held=True, bound=None)
    unknown = _unknown(rulebook, limit, given)
    if unknown:
        return Assessment(limit, applies=True, held=False, bound=None, sentence=unknown)
    bound = _bound(limit, given)
    held = _compares(limit.word, Fraction(measured), bound)
    sentence = "" if held else _sentence(rulebook, limit, Fraction(measured), bound, given)
    return Assessment(limit, applies=True, held=held, bound=bound, sentence=sentence)


def _unknown(rulebook: Rulebook, limit: Limit, given: Given) -> str:
    """界线无从得知时的说明；得知的为空串。"""
    if limit.missing:
        return unsupplied(rulebook, limit.label, limit.missing)
    bound = limit.bound
    if given.quota is not None:
        return ""
    if bound.of is not None and given.bases.get(bound.of, 0) <= 0:
        return f"缺少“{name_of(rulebook, bound.of)}”，无法核对{limit.label}，请先填写。"
    for fact in bound.by:
        if looked_up(bound.by, given.facts) is None:
            return not_in_table(rulebook, limit.label, fact, given.facts)
    return ""


def _bound(limit: Limit, given: Given) -> Fraction:
    bound = limit.bound
    if given.quota is not None:
        return Fraction(given.quota)
    if bound.share is not None and bound.of is not None:
        return bound.share * given.bases[bound.of]
    found = looked_up(bound.by, given.facts) if bound.by else bound.value
    return found if found is not None else Fraction(0)


def _compares(word: str, measured: Fraction, bound: Fraction) -> bool:
    """法律比较词：以上以下含本数，超过、低于不含（民法典第一千二百五十九条）。"""
    match word:
        case "at_most":
            return measured <= bound
        case "below":
            return measured < bound
        case "at_least":
            return measured >= bound
        case _:
            return measured > bound


def figure(limit: Limit, value: Fraction, *, up: bool = False) -> str:
    """度量的写法：金额、比例、个数；界线不是整数的，上限往下、下限往上取整。"""
    if limit.limit.share is not None:
        return share_text(value)
    whole = math.ceil(value) if up else math.floor(value)
    return yuan(whole) if limit.limit.money else f"{whole}{limit.unit}"


def _sentence(
    rulebook: Rulebook, limit: Limit, measured: Fraction, bound: Fraction, given: Given
) -> str:
    """不合限额的说明：现在多少、界线多少、怎样得来、下一步。"""
    principle = "原则上的" if limit.severity == "should" else ""
    line = figure(limit, bound, up=limit.word not in UPPER)
    share, of = limit.bound.share, limit.bound.of
    source = ""
    if share is not None and of is not None and given.quota is None:
        base = figure(limit, Fraction(given.bases[of]))
        source = f"（{name_of(rulebook, of)}{base}的{share_text(share)}）"
    had = f"{_measured_words(limit)}{figure(limit, measured)}"
    over = f"{BROKEN[limit.word]}{principle}{limit.label}{line}{source}"
    return f"{had}，{over}{_next(rulebook, limit)}"


def _measured_words(limit: Limit) -> str:
    if not limit.limit.money:
        return "现为"
    return "资金" if limit.limit.sum is None else "累计"


def _next(rulebook: Rulebook, limit: Limit) -> str:
    """下一步：规则手册写了的照写；可以统筹的先统筹；原则上的可以写明理由。"""
    if limit.next is not None:
        return f"，{limit.next.removesuffix('。')}。"
    pooled = ""
    if limit.pooled is not None:
        by, within = (name_of(rulebook, code) for code in (limit.pooled.by, limit.pooled.within))
        pooled = f"，可由{by}在{within}范围内统筹调剂"
    chosen = not OF_IMPLEMENTER.isdisjoint(limit.per)
    if limit.severity == "should":
        need = "由其承接" if chosen else "立项" if limit.limit.money else "突破"
        return f"{pooled}；确需{need}的，请写明理由。"
    if limit.word not in UPPER:
        return f"{pooled}，请补足后再办理。"
    if chosen:
        return f"{pooled}，请另选实施主体。"
    advice = "请调减预算或改走其他渠道" if limit.limit.money else "请调减后再办理"
    return f"{pooled}，{advice}。"


def bound_text(rulebook: Rulebook, limit: Limit) -> str:
    """界线的写法，供页面与文件使用，如「不超过街道资金总额的7%」。"""
    if limit.missing:
        return "待补充"
    word, bound = ALLOWED[limit.word], limit.bound
    if bound.share is not None and bound.of is not None:
        return f"{word}{name_of(rulebook, bound.of)}的{share_text(bound.share)}"
    up = limit.word not in UPPER
    if bound.value is not None:
        return f"{word}{figure(limit, bound.value, up=up)}"
    parts = [
        f"{choice_label(rulebook, fact, key)}{word}{figure(limit, value, up=up)}"
        for fact, table in bound.by.items()
        for key, value in table.items()
    ]
    return "；".join(parts)


def choice_label(rulebook: Rulebook, fact: str, key: str) -> str:
    """某项事实的一个值的中文。"""
    known: Mapping[str, Mapping[str, str]] = {
        "kind": rulebook.kinds,
        "category": rulebook.categories,
        "source": rulebook.suggestion_sources,
    }
    choices = known.get(fact) or (rulebook.facts[fact].choices if fact in rulebook.facts else {})
    return choices.get(key, key)
