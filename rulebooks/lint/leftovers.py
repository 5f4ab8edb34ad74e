"""重复与多余：同样的一条写了两遍，列表里写了两次，说明过的词没有用到，原文列举的漏了一项。"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rulebooks.lint.book import ARTICLES, DEFECTS, READINGS, Book, Node, entries, mapping, sequence
from rulebooks.lint.findings import Finding, fault
from rulebooks.lint.naming import name_of
from rulebooks.lint.texts import quotes_of, rules_of
from rulebooks.lint.views import View, views
from rulebooks.reading.pages import where

# 这些段里逐条并列，两条不应相同；名称也不应相同。
LISTED = ("stages", "limits", "funds", "duties", "clocks", "roles", "recusal", "registries")
NAMED = ("kinds", "categories", "suggestion_sources", "levels", "outcomes", "documents", "terms")
OWN_ENTRIES = ("limits.yaml", "funds.yaml", "duties.yaml", "recusal.yaml", "registries.yaml")
# 说明在前、用在别处的词：段 → 用到它的键。
USED_BY: Mapping[str, frozenset[str]] = {
    "documents": frozenset({"issues", "announces", "issue"}),
    "outcomes": frozenset({"close"}),
}
# 由台账、公文直接取用的词，规则手册里没有别处写到。
BY_THE_RECORDS = frozenset({"withdrawn", "implementer_registry"})
JOINERS = re.compile(r"以及|及|和|(?<!参)与")
LISTS = ("fields", "channels", "groups", "contains", "dimensions", "signatories")
FEWEST = 2


def leftover_findings(book: Book) -> Iterator[Finding]:
    """重复、多余与列举不全之处。"""
    yield from _twins(book)
    yield from _repeated(book)
    yield from _same_names(book)
    yield from _unused(book)
    for view in views(book):
        yield from _left_out(book, view)


def _twins(book: Book) -> Iterator[Finding]:
    """并列的两条内容完全相同。"""
    for name, page in book.pages.items():
        if name.startswith("versions/"):
            continue  # 各版只写与前一版不同的键，几条写得一样并不是重复。
        content = page.content
        whole = name in OWN_ENTRIES or name in (ARTICLES, READINGS, DEFECTS)
        groups = [((), content)] if whole else [((key,), content.get(key)) for key in LISTED]
        for place, group in groups:
            met: dict[str, str] = {}
            for key, fields in entries(group):
                same = met.setdefault(repr(sorted(fields.items(), key=str)), key)
                if same != key:
                    at = where((*place, key), [page])
                    says = f"“{key}”与“{same}”完全相同。"
                    called = name_of([fields], (*place, key), name)
                    yield fault("duplicate", at, "、".join(rules_of(fields)), called, says)


def _repeated(book: Book) -> Iterator[Finding]:
    """一个列表里同样的一项写了两次。"""
    for node in book.nodes(*book.pages):
        for key, value in node.content.items():
            if isinstance(value, list) and len({repr(item) for item in value}) < len(value):
                rule = "、".join(rules_of(node.content))
                says = f"“{node.name}”的 {key} 有重复的一项。"
                yield fault("duplicate", node.at, rule, node.name, says)


def _same_names(book: Book) -> Iterator[Finding]:
    """两个代码用了同一个名称，页面上分不清；用语里同名的常是同一件事，不查。"""
    page = book.pages.get("rulebook.yaml")
    content = page.content if page else {}
    for group in (*NAMED[:-1], "roles"):
        met: dict[str, str] = {}
        for key, value in mapping(content.get(group)).items():
            label = str(mapping(value).get("label", value))
            if met.setdefault(label, str(key)) != str(key) and page is not None:
                at = where((group, key), [page])
                says = f"{group} 的“{key}”与“{met[label]}”同名“{label}”。"
                yield fault("duplicate", at, "", label, says)


def _unused(book: Book) -> Iterator[Finding]:
    """公文与终局说明了而没有用到。"""
    page = book.pages.get("rulebook.yaml")
    if page is None or not book.complete:
        return
    used: dict[str, set[str]] = {group: set() for group in USED_BY}
    for node in book.nodes():
        for group, keys in USED_BY.items():
            used[group] |= {str(node.content[key]) for key in keys if key in node.content}
    used["terms"] = _words_used(book)
    for group, names in used.items():
        for key, label in mapping(page.content.get(group)).items():
            if str(key) not in names | BY_THE_RECORDS:
                at = where((group, key), [page])
                says = f"{group} 里的“{label}”（{key}）没有用到。"
                yield fault("unused", at, "", str(label), says)


def _words_used(book: Book) -> set[str]:
    return {word for node in book.nodes() if node.place[:1] != ("terms",) for word in _words(node)}


def _words(node: Node) -> Iterator[str]:
    for key, value in node.content.items():
        yield str(key)
        yield from (str(item) for item in sequence(value) if not isinstance(item, Mapping))


def _left_out(book: Book, view: View) -> Iterator[Finding]:
    """原文并列举出的几项，写了一部分而漏了另一部分。"""
    terms = mapping(view.content.get("terms"))
    for name in view.own:
        stage = mapping(view.stages.get(name))
        if stage.get("like") or not stage.get("cites"):
            continue
        quotes = [str(stage.get("quote", ""))]
        quotes.extend(_article_quotes(book, stage))
        for key in LISTS:
            written = [str(item) for item in sequence(stage.get(key))]
            labels = [str(terms.get(item, item)) for item in written]
            for missed in dict.fromkeys(_missed(quotes, labels)):
                at = view.at("stages", name, key)
                says = f"原文并列写了“{missed}”，“{view.label(name)}”的 {key} 没有。"
                rule = str(stage.get("cites"))
                yield fault("field_left_out", at, rule, view.label(name), says)


def _article_quotes(book: Book, stage: Mapping[str, Any]) -> list[str]:
    known = book.rule_ids()
    return [quote for rule in rules_of(stage) for quote in quotes_of(mapping(known.get(rule)))]


def _missed(quotes: list[str], labels: list[str]) -> Iterator[str]:
    """用顿号并列的一串里，至少两项已写而没有写的各项。"""
    for quote in quotes:
        for clause in re.split(r"[,，。;；]", quote):
            parts = _listed(clause)
            known = [any(_same(label, part) for label in labels) for part in parts]
            if sum(known) >= FEWEST:
                yield from (part for part, met in zip(parts, known, strict=True) if not met)


def _listed(clause: str) -> list[str]:
    """顿号并列的各项；最后一个顿号之后，“和”“及”再分出一项，其余是别的话。"""
    *parts, last = clause.split("、")
    return [*parts, *JOINERS.split(last.split("等")[0])[:FEWEST]] if parts else []


def _same(label: str, part: str) -> bool:
    """名称见于这一项，或这一项是名称的一部分。"""
    return label in part or part in label
