"""在册：规则手册里引用的角色、层级、环节、公文、用语、事实都写明在某处，没有的逐条指出。"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from rulebooks.vocabulary.facts import labels_of_days
from rulebooks.vocabulary.model import Assignee, Condition, Rulebook
from rulebooks.vocabulary.words import AmountName, NumberTest, ShareOf

Place = tuple[int | str, ...]
Problem = tuple[Place, str]
# 事实的种类 → 条件里的值须是什么。
VALUES: Mapping[str, tuple[type, str]] = {
    "boolean": (bool, "true 或 false"),
    "integer": (int, "整数"),
    "text": (str, "文字"),
}
# 通用的是非类事实；有的地方不问。
WHETHER = frozenset({"urgent", "permit"})


def known(names: Iterable[str]) -> str:
    """可用的各项，写在消息里。"""
    return "、".join(names)


def unknown_assignee(rulebook: Rulebook, place: Place, assignee: Assignee) -> Iterator[Problem]:
    """角色与层级都在册。"""
    if assignee.role not in rulebook.roles:
        yield place, f"角色“{assignee.role}”不存在，可用的有：{known(rulebook.roles)}。"
    for level in assignee.at:
        yield from unknown_level(rulebook, place, level)


def unknown_level(rulebook: Rulebook, place: Place, level: str) -> Iterator[Problem]:
    """层级在册。"""
    if level not in rulebook.levels:
        yield place, f"层级“{level}”不存在，可用的有：{known(rulebook.levels)}。"


def unknown_stage(rulebook: Rulebook, place: Place, name: str) -> Iterator[Problem]:
    """环节在册。"""
    if name not in rulebook.stages:
        yield place, f"环节“{name}”不存在，可用的有：{known(rulebook.stages)}。"


def unknown_document(rulebook: Rulebook, place: Place, name: str | None) -> Iterator[Problem]:
    """公文在册。"""
    if name is not None and name not in rulebook.documents:
        yield place, f"公文“{name}”不存在，可用的有：{known(rulebook.documents)}。"


def unknown_term(rulebook: Rulebook, place: Place, term: str) -> Iterator[Problem]:
    """用语在册。"""
    if term not in rulebook.terms:
        yield place, f"用语“{term}”未在 rulebook.yaml 的 terms 中说明，请补上。"


def bad_condition(
    rulebook: Rulebook, place: Place, condition: Condition | None
) -> Iterator[Problem]:
    """条件中的事实在册，取值也在册。"""
    if condition is None:
        return
    for fact, value in condition.facts.items():
        yield from _bad_value(rulebook, place, fact, value)
    for name in condition.amount.of if condition.amount is not None else ():
        yield from unknown_amount(rulebook, place, name)
    if condition.number is not None:
        yield from _bad_number(rulebook, place, condition.number)
    for part in (*(condition.all or ()), *(condition.any or ()), condition.not_):
        yield from bad_condition(rulebook, place, part)


def _bad_value(rulebook: Rulebook, place: Place, fact: str, value: object) -> Iterator[Problem]:
    entry = rulebook.facts.get(fact)
    if entry is None:
        yield place, f"“{fact}”不是事实，可用的有：{known(rulebook.facts)}。"
        return
    choices = {"kind": rulebook.kinds, "category": rulebook.categories}.get(fact, entry.choices)
    if choices:
        if value not in choices:
            yield place, f"{fact} 没有“{value}”这个值，可用的有：{known(choices)}。"
        return
    kind = "boolean" if fact in WHETHER else entry.kind
    wanted, words = VALUES.get(kind, (object, ""))
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        yield place, f"{fact} 的值“{value}”不合要求，须为{words}。"


def unknown_amount(rulebook: Rulebook, place: Place, name: str) -> Iterator[Problem]:
    """须为各项金额之一，或本市另设的金额事实。"""
    amounts = (*get_args(AmountName), *_of_kind(rulebook, "amount"))
    if name not in amounts:
        yield place, f"“{name}”不是金额，可用的有：{known(amounts)}。"


def _of_kind(rulebook: Rulebook, kind: str) -> list[str]:
    return [fact for fact, entry in rulebook.facts.items() if entry.kind == kind]


def _bad_number(rulebook: Rulebook, place: Place, test: NumberTest) -> Iterator[Problem]:
    bounds = (test.below, test.at_most, test.at_least, test.more_than)
    others = [bound.of for bound in bounds if isinstance(bound, ShareOf)]
    money = _of_kind(rulebook, "amount")
    if others and {test.fact, *others} <= set(money):
        return
    if test.fact in money:
        sentence = f"“{test.fact}”是金额，请写成金额比较，如 amount: {{at_least: …, of: […]}}。"
        yield place, sentence
        return
    for name in (test.fact, *others):
        yield from not_a_number(rulebook, place, name)


def not_a_day(rulebook: Rulebook, place: Place, name: str) -> Iterator[Problem]:
    """须为日期类的事实。"""
    days = labels_of_days(rulebook)
    if name not in days:
        yield place, f"“{name}”不是日期类的事实，可用的有：{known(days) or '无'}。"


def not_a_number(rulebook: Rulebook, place: Place, name: str) -> Iterator[Problem]:
    """须为整数类的事实。"""
    numbers = _of_kind(rulebook, "integer")
    if name not in numbers:
        yield place, f"“{name}”不是整数类的事实，可用的有：{known(numbers) or '无'}。"
