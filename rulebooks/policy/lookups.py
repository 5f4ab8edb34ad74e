"""查表与说法：按年度、类型、星级取数；名称、比例写成中文；下级未补充的参数说明由谁补。"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, TypeVar

from rulebooks.vocabulary.model import FEN_PER_YUAN, Rulebook, Words
from rulebooks.vocabulary.refusals import OWN_READING, Refusal

YEAR = "year"
PERCENT = 100
YES_NO: Mapping[bool, str] = {True: "true", False: "false"}

V = TypeVar("V")


def yuan(amount: int) -> str:
    """分写成元，供说明文字使用，如 100,000.01元。"""
    return f"{amount // FEN_PER_YUAN:,}.{amount % FEN_PER_YUAN:02d}元"


def looked_up(by: Mapping[str, Mapping[str, V]], facts: Mapping[str, Any]) -> V | None:
    """按一项事实查表；年度取不晚于它的最近一年，其余须恰好相符，查不到返回 None。"""
    for fact, table in by.items():
        known = facts.get(fact)
        if known is None:
            return None
        if fact != YEAR:
            return table.get(YES_NO[known] if isinstance(known, bool) else str(known))
        years = [year for year in table if int(year) <= int(known)]
        return table[max(years, key=int)] if years else None
    return None


def share_text(found: Fraction) -> str:
    """比例的写法：百分数整的写百分数，如 7%，否则写分数，如 1/3。"""
    percent = found * PERCENT
    return f"{percent.numerator}%" if percent.denominator == 1 else str(found)


def name_of(rulebook: Rulebook, code: str) -> str:
    """机关、层级、角色、事实、用语的中文名称；都没有的照写代码。"""
    known = (
        rulebook.bodies,
        rulebook.levels,
        {name: role.label for name, role in rulebook.roles.items()},
        rulebook.terms,
        rulebook.fact_labels,
    )
    return next((labels[code] for labels in known if code in labels), code)


def not_in_table(rulebook: Rulebook, label: str, fact: str, facts: Mapping[str, Any]) -> str:
    """查不到时的说明：缺的是事实，还是规则手册没有写这个值。"""
    name = "年度" if fact == YEAR else name_of(rulebook, fact)
    if facts.get(fact) is None:
        return f"缺少“{name}”，无法核对{label}，请先填写。"
    return f"{label}没有写明“{name}”为“{facts[fact]}”时的数，请在规则手册中补写。"


def unsupplied(rulebook: Rulebook, label: str, names: Iterable[str]) -> str:
    """参数没有补充时的说明：缺什么、由谁补。"""
    wanted = [rulebook.parameters[name] for name in names]
    parts = [f"“{item.label}”由{name_of(rulebook, item.supplied_by)}规定" for item in wanted]
    return f"{label}未能核对：{'，'.join(parts)}，尚未补充，请补充并录入规则手册。"


def declined(rulebook: Rulebook, code: str, sentence: str, cited: Words) -> Refusal:
    """对一个问题的否定答复：缘由与下一步，末尾注明条款；不涉及某一事项，所以不写编号。"""
    basis = rulebook.article(cited) or OWN_READING
    rule = getattr(cited, "cites", None)
    return Refusal(code, f"{sentence.removesuffix('。')}（{basis}）。", rule, basis)
