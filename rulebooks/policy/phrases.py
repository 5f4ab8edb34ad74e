"""说法：时限、条件、金额界线写成中文，供图、页面与文件使用。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rulebooks.policy.limits import yuan
from rulebooks.vocabulary.facts import labels_of_days
from rulebooks.vocabulary.model import ByDate, Comparison, Condition, Rulebook, Within
from rulebooks.vocabulary.words import NumberTest, ShareOf

UNITS: Mapping[str, str] = {
    "working_days": "个工作日",
    "calendar_days": "日",
    "weeks": "周",
    "months": "个月",
}
AMOUNTS: Mapping[str, str] = {
    "budget": "资金预算",
    "total": "总资金",
    "fiscal": "财政资金",
    "contract": "合同额",
    "submitted": "送审额",
    "audited": "审定额",
}
WHETHER = "是否"


def period_text(within: Within) -> str:
    """天数的写法，如「3个工作日」；写“原则上”“一般”的注明。"""
    return f"{_principle(within)}{within.count}{UNITS[within.unit]}"


def deadline_text(rulebook: Rulebook, within: Within | ByDate) -> str:
    """时限的写法，如「3个工作日内」「6月30日前」；写“原则上”“一般”的注明。"""
    if isinstance(within, Within):
        return f"{period_text(within)}内"
    return f"{_principle(within)}{day_text(rulebook, within)}前"


def day_text(rulebook: Rulebook, within: ByDate) -> str:
    """固定的截止日的写法，如「6月30日」「报送期限」；逢休息日顺延的注明。"""
    day = labels_of_days(rulebook).get(within.until or "", "")
    if within.date is not None:
        day = "{}月{}日".format(*within.date)
    return f"{day}（逢休息日顺延）" if within.rolls else day


def _principle(within: Within | ByDate) -> str:
    return "原则上" if within.severity == "should" else ""


def condition_text(rulebook: Rulebook, condition: Condition) -> str:
    """条件的写法，如「资金预算低于10,000.00元或急办」。"""
    parts = list(_fact_texts(rulebook, condition))
    if condition.amount is not None:
        parts.append(comparison_text(rulebook, condition.amount))
    if condition.number is not None:
        parts.append(number_text(rulebook, condition.number))
    if condition.all is not None:
        parts.append("且".join(condition_text(rulebook, part) for part in condition.all))
    if condition.any is not None:
        parts.append("或".join(condition_text(rulebook, part) for part in condition.any))
    if condition.not_ is not None:
        parts.append(f"非（{condition_text(rulebook, condition.not_)}）")
    return "且".join(parts)


def comparison_text(rulebook: Rulebook, test: Comparison) -> str:
    """金额比较的写法；列出多项的，任一项成立即成立。"""
    words = (
        ("低于", test.below),
        ("不超过", test.at_most),
        ("不少于", test.at_least),
        ("超过", test.more_than),
    )
    names = "或".join({**rulebook.fact_labels, **AMOUNTS}[name] for name in test.of)
    return "".join(f"{names}{word}{yuan(bound)}" for word, bound in words if bound is not None)


def number_text(rulebook: Rulebook, test: NumberTest) -> str:
    """数的比较的写法，如「星级不少于4」「征求户数低于居民户数的3/10」。"""
    words = (
        ("低于", test.below),
        ("不超过", test.at_most),
        ("不少于", test.at_least),
        ("超过", test.more_than),
    )
    label = rulebook.facts[test.fact].label
    return "".join(
        f"{label}{word}{_bound_text(rulebook, bound)}" for word, bound in words if bound is not None
    )


def _bound_text(rulebook: Rulebook, bound: int | ShareOf) -> str:
    if isinstance(bound, int):
        return str(bound)
    return f"{rulebook.facts[bound.of].label}的{bound.share}"


def _fact_texts(rulebook: Rulebook, condition: Condition) -> Iterator[str]:
    choices: Mapping[str, Mapping[str, str]] = {
        "kind": rulebook.kinds,
        "category": rulebook.categories,
    }
    for fact, value in condition.facts.items():
        label = rulebook.facts[fact].label.removeprefix(WHETHER)
        if isinstance(value, bool):
            yield label if value else f"不{label}"
        else:
            labels = choices.get(fact, rulebook.facts[fact].choices)
            yield labels.get(str(value), f"{label}为{value}")


def joined(first: str, second: str) -> str:
    """两段名称连写，首尾相同的字只写一次：某县、县财政经办人，写作某县财政经办人。"""
    for length in range(min(len(first), len(second)), 0, -1):
        if first.endswith(second[:length]):
            return first + second[length:]
    return first + second
