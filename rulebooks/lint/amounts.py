"""数的依据：规则手册里的每个数，都要在引文或解释里找得到，比较词与轻重也要与原文相合。"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from rulebooks.lint.book import ARTICLES, Book, Node, mapping, sequence
from rulebooks.lint.findings import Finding, fault
from rulebooks.lint.quantities import Quantity, in_force, quantities, value_of
from rulebooks.lint.texts import chain, grounds, own_texts, quotes_of, reading_texts, rules_of

# 这些键下的数不是规定本身：编号、版本、选项、条件里的事实。
NOT_RULES = frozenset({"id", "versions", "choices", "when", "terms", "facts", "sources"})
UNITS: Mapping[str, frozenset[str]] = {
    "working_days": frozenset({"working_days", "calendar_days", "number"}),
    "calendar_days": frozenset({"calendar_days", "number"}),
    "weeks": frozenset({"weeks"}),
    "months": frozenset({"months"}),
}
WORDS: Mapping[str, tuple[str, ...]] = {
    "at_most": ("不超过", "不得超过", "以内", "以下", "不高于", "至多", "不多于"),
    "below": ("低于", "不满", "不足", "以下"),
    "at_least": ("不少于", "不低于", "以上", "至少"),
    "more_than": ("超过", "过半", "多于", "一半以上"),
}
# “不超过”里的“超过”、“不低于”里的“低于”不是比较词。
NEGATIONS = ("不超过", "不得超过", "不低于", "不少于", "不高于", "不多于", "不足")
BOUNDS = ("below", "at_most", "at_least", "more_than")
SOFT = ("原则上", "一般", "原那么上", "力争")
# 解释里说明为什么从严、为什么从宽的说法。
FIRM = ("硬", "不得突破", "不得越过", "不能越过")
LOOSE = ("突破", "例外", "可以越过", "不拦", "只提醒", "软")
CLAUSES = re.compile(r"[,，。；;、]")
PERIOD_UNITS = ("working_days", "weeks", "months")


def amount_findings(book: Book) -> Iterator[Finding]:
    """数、比较词、轻重与依据不符之处；判定与解释没有写齐的，无从核对。"""
    if not book.grounded:
        return
    for node in book.nodes():
        if not _is_rule(node):
            continue
        yield from _numbers(book, node)
        yield from _comparison(book, node)
        yield from _severity(book, node)
    yield from _not_encoded(book)


def _is_rule(node: Node) -> bool:
    """补充规定是下级自己的规定，数以它自己为准。"""
    return node.page.path.parent.name != "towns" and not NOT_RULES & {
        str(part) for part in node.place
    }


def _numbers(book: Book, node: Node) -> Iterator[Finding]:
    texts: list[str] | None = None
    for key, leaf in _leaves(node):
        value = value_of(leaf)
        if value is None or key in NOT_RULES:
            continue
        texts = texts if texts is not None else grounds(book, node)
        if not _grounded(node, key, value, texts):
            rule = _rule(book, node)
            says = f"“{node.name}”写的{key}是{leaf}，依据与解释里都找不到这个数。"
            yield fault("number_without_ground", node.at, rule, node.name, says)


def _leaves(node: Node) -> Iterator[tuple[str, Any]]:
    for key, value in node.content.items():
        if isinstance(value, list):
            yield from ((str(key), item) for item in value)
        else:
            yield str(key), value


def _grounded(node: Node, key: str, value: Fraction, texts: list[str]) -> bool:
    unit = str(node.content.get("unit", "")) if key == "count" else ""
    # 由近到远：最近一处说到这个数的，单位也要合得上。
    for text in texts:
        found = [item for item in quantities(text) if item.value == value]
        if found:
            return not unit or any(item.unit in UNITS.get(unit, ()) for item in found)
    return False


def _rule(book: Book, node: Node) -> str:
    for fields in chain(book, node):
        for rule in rules_of(fields):
            return rule
    return ""


def _comparison(book: Book, node: Node) -> Iterator[Finding]:
    """比较词与说到这个数的那半句相合；那半句没有比较词的不查。"""
    for word in BOUNDS:
        value = value_of(node.content.get(word))
        if value is None:
            continue
        for fields in chain(book, node):
            said = _said(own_texts(book, fields), value)
            if said:
                if word not in said:
                    says = f"“{node.name}”写的是 {word}，依据与解释里没有这样的说法。"
                    yield fault("comparison_differs", node.at, _rule(book, node), node.name, says)
                break


def _said(texts: list[str], value: Fraction) -> set[str]:
    """说到这个数的各半句里的比较词。"""
    found = set()
    for text in texts:
        for clause in CLAUSES.split(text):
            if any(item.value == value for item in quantities(clause)):
                found |= _words_in(clause)
    return found


def _words_in(clause: str) -> set[str]:
    found, rest = set(), clause
    for word in NEGATIONS:
        if word in rest:
            found |= {key for key, words in WORDS.items() if word in words}
            rest = rest.replace(word, "")
    return found | {key for key, words in WORDS.items() for word in words if word in rest}


def _severity(book: Book, node: Node) -> Iterator[Finding]:
    """写“原则上”“一般”的是 should，没有这样写的是 must；解释里说明了为什么的除外。"""
    severity, quote = node.content.get("severity"), str(node.content.get("quote") or "")
    if severity is None or not quote:
        return
    entries = [mapping(book.rule_ids().get(rule)) for rule in rules_of(node.content)]
    quotes = [quote, *(text for entry in entries for text in quotes_of(entry))]
    readings = " ".join(reading_texts(book, node.content))
    judged_soft = any(entry.get("severity") == "should" for entry in entries)
    soft = judged_soft or any(word in text for text in quotes for word in SOFT)
    too_firm = severity == "must" and any(word in quote for word in SOFT)
    if too_firm and not any(word in readings for word in FIRM):
        says = f"“{node.name}”写的是 must，原文却写了“原则上”“一般”。"
        yield fault("severity_differs", node.at, _rule(book, node), node.name, says)
    too_soft = severity == "should" and not soft
    if too_soft and not any(word in readings for word in (*SOFT, *LOOSE)):
        says = f"“{node.name}”写的是 should，原文没有写“原则上”“一般”，也没有解释。"
        yield fault("severity_differs", node.at, _rule(book, node), node.name, says)


def _not_encoded(book: Book) -> Iterator[Finding]:
    """已编入的条款，引文里的期限与金额都要写在引用它的某一处；写明理由的除外。"""
    if not book.complete:
        return
    written = _written(book)
    anywhere = {value for values in written.values() for value in values}
    for name, entry in book.rule_ids().items():
        if entry.get("verdict") != "encoded" or entry.get("why"):
            continue
        for quote in quotes_of(entry):
            for wanted in _binding(quote):
                # 分档的金额常写在分支里，由别的条款引用；期限须写在引用它的那一处。
                known = anywhere if wanted.unit == "yuan" else written.get(name, set())
                if wanted.value not in known:
                    says = f"{name}的引文“{quote}”里的数，引用它的各处都没有写。"
                    place = f"{book.folder.name}/{ARTICLES} {name}"
                    yield fault("number_not_encoded", place, name, quote, says)


def _binding(quote: str) -> list[Quantity]:
    kinds = (*PERIOD_UNITS, "yuan", "share")
    return [item for item in quantities(in_force(quote)) if item.unit in kinds]


def _written(book: Book) -> dict[str, set[Fraction]]:
    """各条款所在之处写了哪些数。"""
    found: dict[str, set[Fraction]] = {}
    for node in book.nodes():
        for rule in rules_of(node.content):
            found.setdefault(rule, set()).update(_values(node.content))
    for name, entry in book.rule_ids().items():
        for place in sequence(entry.get("where")):
            target = _target(book, str(place))
            found.setdefault(name, set()).update(_values(target))
    return found


def _target(book: Book, place: str) -> Any:
    page, _, keys = place.partition(": ")
    found: Any = book.content(page)
    for key in keys.split("."):
        found = mapping(found).get(key)
    return found


def _values(node: Any) -> Iterator[Fraction]:
    if isinstance(node, Mapping):
        for value in node.values():
            yield from _values(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _values(value)
    elif (value := value_of(node)) is not None:
        yield value
