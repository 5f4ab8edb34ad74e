"""分流条件与法律比较词：低于、不超过、不少于、超过（民法典第一千二百五十九条）。"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from rulebooks.vocabulary.model import Branch, Comparison, Condition, Ratio
from rulebooks.vocabulary.words import NumberTest, ShareOf


def amount_holds(test: Comparison, facts: Mapping[str, Any], amounts: Mapping[str, int]) -> bool:
    """金额比较；`of` 列出多项时任一项成立即成立，尚未发生、没有填的金额不参与比较。单位：分。"""
    every = {**facts, **amounts}
    known = [int(every[name]) for name in test.of if every.get(name) is not None]
    if test.below is not None:
        return any(amount < test.below for amount in known)
    if test.at_most is not None:
        return any(amount <= test.at_most for amount in known)
    if test.at_least is not None:
        return any(amount >= test.at_least for amount in known)
    return any(test.more_than is not None and amount > test.more_than for amount in known)


def number_holds(test: NumberTest, facts: Mapping[str, Any]) -> bool:
    """数的比较；没有填的数按零算。"""
    number = _number(facts, test.fact)
    if test.below is not None:
        return number < _bound(test.below, facts)
    if test.at_most is not None:
        return number <= _bound(test.at_most, facts)
    if test.at_least is not None:
        return number >= _bound(test.at_least, facts)
    return test.more_than is not None and number > _bound(test.more_than, facts)


def _bound(bound: int | ShareOf, facts: Mapping[str, Any]) -> Fraction:
    if isinstance(bound, int):
        return Fraction(bound)
    return bound.share * _number(facts, bound.of)


def _number(facts: Mapping[str, Any], name: str) -> int:
    return int(facts.get(name) or 0)


def holds(
    condition: Condition | None, facts: Mapping[str, Any], amounts: Mapping[str, int]
) -> bool:
    """条件是否成立；没有条件即成立。"""
    if condition is None:
        return True
    tests = [facts.get(name) == value for name, value in condition.facts.items()]
    if condition.amount is not None:
        tests.append(amount_holds(condition.amount, facts, amounts))
    if condition.number is not None:
        tests.append(number_holds(condition.number, facts))
    if condition.all is not None:
        tests.append(all(holds(part, facts, amounts) for part in condition.all))
    if condition.any is not None:
        tests.append(any(holds(part, facts, amounts) for part in condition.any))
    if condition.not_ is not None:
        tests.append(not holds(condition.not_, facts, amounts))
    return all(tests)


def choose(
    branches: tuple[Branch, ...], facts: Mapping[str, Any], amounts: Mapping[str, int]
) -> Branch | None:
    """按顺序取首个成立的分支；都不成立返回 None。"""
    for branch in branches:
        if holds(branch.when, facts, amounts):
            return branch
    return None


def ratio_holds(ratio: Ratio, count: int, bases: Mapping[str, int]) -> bool:
    """人数是否达到基数的比例；“以上”含本数，“过半数”不含。"""
    base = bases[ratio.of]
    if base <= 0:
        return False
    share = Fraction(count, base)
    if ratio.at_least is not None:
        return share >= ratio.at_least
    return ratio.more_than is not None and share > ratio.more_than
