"""细目：排序的额度、名额、起步票数与并列，拨付的份额，打包，写成中文，供清单、命令与程序图。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from rulebooks.policy.lookups import YEAR, name_of, share_text, yuan
from rulebooks.policy.phrases import AMOUNTS, UNITS
from rulebooks.vocabulary.model import Rulebook, Stage, Words
from rulebooks.vocabulary.policies import Layer, NotBefore, PayPart, Quantity, Quota, RankRule, Rate

# 没有自己出处的，随所在环节的出处一并列出。
PARTICULARS = (RankRule, Layer, PayPart, NotBefore)
TABLES = (Quantity, Quota, Rate)
FITS: Mapping[str, str] = {"skip": "放不下的跳过，看下一个", "stop": "遇到放不下的即停"}
BASES: Mapping[str, str] = {**AMOUNTS, "audited_fiscal": "审定额中的财政资金"}
BUNDLED = "打包，须填批次"


def stage_particulars(rulebook: Rulebook, stage: Stage) -> Iterator[str]:
    """一个环节的细目，一项一句；没有的为空。"""
    if stage.ranking is not None:
        yield from (_layer(rulebook, layer) for layer in stage.ranking.layers.values())
        yield from _ranking(rulebook, stage.ranking)
    if stage.pays is not None:
        yield from _pays(rulebook, stage.pays)
    if stage.bundled:
        yield BUNDLED


def particular_text(rulebook: Rulebook, entry: Words) -> str:
    """一处细目或一张数表的写法；不是这几种的为空串。"""
    if isinstance(entry, Layer):
        return _layer(rulebook, entry, named=False)
    if isinstance(entry, RankRule):
        return "；".join(_ranking(rulebook, entry))
    if isinstance(entry, PayPart):
        return "；".join(_pays(rulebook, entry))
    if isinstance(entry, NotBefore):
        return _not_before(rulebook, entry)
    return table_text(rulebook, entry) if isinstance(entry, TABLES) else ""


def table_text(rulebook: Rulebook, entry: Quantity | Quota | Rate) -> str:
    """一个数，或按一项事实查的表，如「按上一年度星级：五星级社区200,000.00元」。"""
    plain = (getattr(entry, key, None) for key in ("amount", "count", "rate"))
    number = next((value for value in plain if value is not None), None)
    if number is not None:
        return _number(entry, number)
    parts = []
    for fact, table in entry.by.items():
        rows = (f"{_choice(rulebook, fact, key)}{_number(entry, table[key])}" for key in table)
        parts.append(f"按{_fact(rulebook, fact)}：{'，'.join(rows)}")
    return "；".join(parts)


def _number(entry: Quantity | Quota | Rate, value: int | Fraction) -> str:
    if isinstance(value, Fraction):
        return share_text(value)
    return yuan(value) if isinstance(entry, Quantity) else str(value)


def _fact(rulebook: Rulebook, fact: str) -> str:
    return "年度" if fact == YEAR else name_of(rulebook, fact)


def _choice(rulebook: Rulebook, fact: str, value: str) -> str:
    if fact == YEAR:
        return f"{value}年起"
    entry = rulebook.facts.get(fact)
    choices = {"kind": rulebook.kinds, "category": rulebook.categories}.get(fact)
    return (choices or (entry.choices if entry else {})).get(value, value)


def _layer(rulebook: Rulebook, layer: Layer, *, named: bool = True) -> str:
    """村级额度300,000.00元，名额3个，余额转入镇级。"""
    parts = [f"{layer.label if named else ''}额度{table_text(rulebook, layer.envelope)}"]
    if layer.seats is not None:
        parts.append(f"名额{layer.seats}个")
    if layer.fit is not None:
        parts.append(FITS[layer.fit])
    if layer.leftover_to is not None:
        parts.append(f"余额转入{name_of(rulebook, layer.leftover_to)}")
    return "，".join(parts)


def _ranking(rulebook: Rulebook, rule: RankRule) -> Iterator[str]:
    """各层以外的：最低得票、放不下的、并列怎样定先后。"""
    votes = table_text(rulebook, rule.minimum_votes)
    if votes != "0":
        yield f"最低得票{votes}"
    if rule.fit is not None:
        yield FITS[rule.fit]
    ties = rule.ties
    yield f"并列的：{ties.label or name_of(rulebook, ties.term)}"


def _pays(rulebook: Rulebook, rule: PayPart) -> Iterator[str]:
    """至多付多少，最早何时付。"""
    base = BASES.get(rule.of or "", "")
    if rule.share is not None:
        yield f"至多付{base}的{share_text(rule.share)}"
    if rule.up_to is not None:
        yield f"累计付至{base}的{share_text(rule.up_to)}"
    if rule.rest:
        yield "付余下的全部"
    if rule.not_before is not None:
        yield _not_before(rulebook, rule.not_before)


def _not_before(rulebook: Rulebook, rule: NotBefore) -> str:
    if rule.since is None:
        return f"“{name_of(rulebook, rule.fact or '')}”以后方可付"
    after = f"{rule.count}{UNITS[rule.unit]}" if rule.count and rule.unit else ""
    return f"“{rulebook.stages[rule.since].label}”办结{after}以后方可付"
