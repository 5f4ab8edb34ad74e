"""出处的毛病：条款没有判定、引文走样、编号落空、解释没有用到、已编入而没有案例、重复与多余。"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML

from rulebooks.lint.book import (
    ARTICLES,
    DEFECTS,
    READINGS,
    Book,
    Node,
    entries,
    law_cases,
    mapping,
    sequence,
)
from rulebooks.lint.findings import Finding, fault
from rulebooks.lint.naming import PAGES, name_of, rule_named
from rulebooks.lint.texts import quotes_of, rules_of, source_of
from rulebooks.reading.pages import complaints, where
from rulebooks.showing.citations import READING_ID
from rulebooks.vocabulary.articles import Article, Reading, quote_is_in_source
from rulebooks.vocabulary.defects import Defect
from rulebooks.vocabulary.words import Words

CASES = Path(__file__).parents[2] / "tests" / "policies"
HEADING = re.compile(r"^\s*(第[一二三四五六七八九十百]+条)\s", flags=re.MULTILINE)
RULE_IDS = "rule_ids.yaml"
MODELS: Mapping[str, type[Words]] = {ARTICLES: Article, READINGS: Reading, DEFECTS: Defect}


def citing_findings(book: Book, cases: Path) -> Iterator[Finding]:
    """条款判定、解释、原文缺陷三页，与各规则页引用它们之处的毛病。"""
    for page in MODELS:
        yield from _refused(book, page)
    yield from _sources(book)
    yield from _articles(book)
    yield from _headings(book)
    yield from _references(book)
    yield from _readings(book)
    yield from _cases(book, cases)
    yield from _listed_rules(book, cases)


def _refused(book: Book, name: str) -> Iterator[Finding]:
    """写得不成形的各条。"""
    page = book.pages.get(name)
    if page is None:
        return
    for key, fields in page.content.items():
        try:
            MODELS[name].model_validate(fields)
        except ValidationError as error:
            for line in complaints(error, [page], MODELS[name], (key,)).split("\n"):
                place, _, says = line.removeprefix("规则手册 ").partition("：")
                title = name_of([mapping(fields)], (), name)
                question = f"“{title}”原文怎样规定？"
                yield Finding("refused", "refused", place, key, says, question)


def _sources(book: Book) -> Iterator[Finding]:
    """各条判定所出自的来源都有登记，文件都在；一个来源只说一次。"""
    met: dict[str, list[str]] = {}
    for name, entry in book.rule_ids().items():
        met.setdefault(str(entry.get("source")), []).append(name)
    for source, rules in met.items():
        if source_of(book, source) is None:
            more = f"等{len(rules)}条" if rules[1:] else ""
            says = f"{rules[0]}{more}的来源“{source}”没有登记在 sources.yaml，或文件不在。"
            first = rule_named(rules[0], book.rule_ids()[rules[0]])
            yield fault("bad_reference", _at(book, ARTICLES, rules[0]), rules[0], first, says)


def _articles(book: Book) -> Iterator[Finding]:
    cited = _cited(book)
    for name, entry in book.rule_ids().items():
        at, called = _at(book, ARTICLES, name), rule_named(name, entry)
        text = source_of(book, str(entry.get("source")))
        for quote in quotes_of(entry):
            if text is not None and not quote_is_in_source(quote, text):
                says = f"{name}的引文“{quote}”在来源 {entry.get('source')} 中逐字找不到。"
                yield fault("quote_differs", at, name, called, says)
        for reading in sequence(entry.get("reading")):
            if READINGS in book.pages and str(reading) not in book.readings():
                says = f"{name}引用的解释 {reading} 不在 readings.yaml 中。"
                yield fault("bad_reference", at, name, called, says)
        yield from _places(book, name, entry, at)
        if book.complete and entry.get("verdict") == "encoded" and name not in cited:
            says = f"{name}判定为已编入，所指之处却没有引用它（cites）。"
            yield fault("never_cited", at, name, called, says)


def _places(book: Book, name: str, entry: Mapping[str, Any], at: str) -> Iterator[Finding]:
    for place in sequence(entry.get("where")):
        if not _exists(book, str(place)):
            says = f"{name}所指的“{place}”不存在。"
            yield fault("bad_reference", at, name, rule_named(name, entry), says)


def _cited(book: Book) -> set[str]:
    """各处引用到的编号；写明落在 rulebook.yaml 整段的，也算引用到。"""
    found = {rule for node in book.nodes() for rule in rules_of(node.content)}
    for name, entry in book.rule_ids().items():
        if any(_whole(book, str(place)) for place in sequence(entry.get("where"))):
            found.add(name)
    return found


def _whole(book: Book, place: str) -> bool:
    """落在 rulebook.yaml 的一段，或落在一个列表、一个值上，没有地方另写编号。"""
    page, _, keys = place.partition(": ")
    found: Any = book.content(page)
    for key in keys.split("."):
        found = mapping(found).get(key)
    return page == "rulebook.yaml" or (found is not None and not isinstance(found, Mapping))


def _exists(book: Book, place: str) -> bool:
    page, _, keys = place.partition(": ")
    if page not in book.pages:
        return page in PAGES  # 还没有写到这一页，另列为缺的；没有这一页的是写错
    found: Any = book.content(page)
    for key in keys.split("."):
        if key not in mapping(found):
            return False
        found = found[key]
    return True


def _headings(book: Book) -> Iterator[Finding]:
    """原文按条编号的，每一条都要有判定。"""
    judged: dict[str, set[str]] = {}
    for entry in book.rule_ids().values():
        source = str(entry.get("source"))
        judged.setdefault(source, set()).add(str(entry.get("article")))
    for source, met in judged.items():
        for heading in dict.fromkeys(HEADING.findall(source_of(book, source) or "")):
            if heading not in met:
                says = f"来源 {source} 的{heading}没有判定。"
                place = f"{book.folder.name}/{ARTICLES}"
                yield fault("without_verdict", place, heading, heading, says)


def _references(book: Book) -> Iterator[Finding]:
    """各规则页与原文缺陷里的编号、解释、引文都不落空。"""
    known, readings = book.rule_ids(), book.readings()
    own = [name for name in book.pages if name not in (ARTICLES, READINGS)]
    for node in book.nodes(*own):
        for rule in rules_of(node.content):
            if ARTICLES in book.pages and rule not in known and "article" not in node.content:
                says = f"“{node.name}”引用的 {rule} 不在 articles.yaml 中。"
                yield fault("bad_reference", node.at, rule, node.name, says)
        for reading in sequence(node.content.get("reading")):
            written = READINGS not in book.pages or str(reading) in readings
            if READING_ID.fullmatch(str(reading)) and not written:
                says = f"“{node.name}”引用的解释 {reading} 不在 readings.yaml 中。"
                yield fault("bad_reference", node.at, "", node.name, says)
        yield from _quote(book, node, known)


def _quote(book: Book, node: Node, known: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    quote = node.content.get("quote")
    if not isinstance(quote, str) or "article" in node.content:
        return
    cites = str(node.content.get("cites"))
    entry = known.get(cites)
    if entry is None and ("cites" not in node.content or ARTICLES in book.pages):
        says = f"引文“{quote}”没有写明出自哪一条（cites）。"
        yield fault("without_ground", node.at, "", node.name, says)
    if entry is None:
        return
    text = source_of(book, str(entry.get("source")))
    if text is not None and not quote_is_in_source(quote, text):
        says = f"引文“{quote}”在来源 {entry.get('source')} 中逐字找不到。"
        yield fault("quote_differs", node.at, cites, node.name, says)


def _readings(book: Book) -> Iterator[Finding]:
    """解释所指之处存在，且有处用到。"""
    used = {
        str(reading)
        for node in book.nodes(*(name for name in book.pages if name != READINGS))
        for reading in sequence(node.content.get("reading"))
    }
    for name, reading in book.readings().items():
        at = _at(book, READINGS, name)
        if name not in used and ARTICLES in book.pages:
            yield fault("unused", at, name, f"解释{name}", f"解释 {name} 没有任何一处用到。")
        for place in sequence(reading.get("parameter")):
            if not _exists(book, str(place)):
                says = f"解释 {name} 所指的“{place}”不存在。"
                yield fault("bad_reference", at, name, f"解释{name}", says)


def _cases(book: Book, cases: Path) -> Iterator[Finding]:
    """已编入的条款都有案例检验，案例的依据写着这一条；没有案例目录的不查。"""
    if not cases.is_dir():
        return
    known = {str(case.get("name")): str(case.get("article")) for case in law_cases(book, cases)}
    for name, entry in book.rule_ids().items():
        at, named = _at(book, ARTICLES, name), [str(c) for c in sequence(entry.get("case"))]
        called = rule_named(name, entry)
        if entry.get("verdict") == "encoded" and not named:
            says = f"{name}判定为已编入，没有写明由哪个案例检验（case）。"
            yield fault("without_case", at, name, called, says)
        for case in named:
            if known and case not in known:  # 一个案例也没有的，另列为缺的
                says = f"{name}所说的案例“{case}”不在 tests/policies/{book.folder.name}/ 中。"
                yield fault("without_case", at, name, called, says)
            elif name not in known.get(case, name):
                says = f"案例“{case}”的依据（article）没有写 {name}。"
                yield fault("without_case", at, name, called, says)


def _listed_rules(book: Book, cases: Path) -> Iterator[Finding]:
    """案例目录里另有规则编号一览（rule_ids.yaml）的，逐号核对判定与须引的原文。"""
    path = cases / book.folder.name / RULE_IDS
    if not path.is_file() or ARTICLES not in book.pages:
        return
    known = book.rule_ids()
    for name, quotes in mapping(YAML(typ="safe").load(path.read_text(encoding="utf-8"))).items():
        entry = known.get(str(name))
        if entry is None:
            place = f"{book.folder.name}/{ARTICLES}"
            says = f"规则 {name} 没有判定。"
            yield fault("without_verdict", place, name, f"规则{name}", says)
            continue
        for quote in sequence(quotes):
            if str(quote) not in quotes_of(entry):
                says = f"{name}的 quotes 少了“{quote}”。"
                called = rule_named(str(name), entry)
                yield fault("quote_differs", _at(book, ARTICLES, name), name, called, says)


def _at(book: Book, name: str, key: str) -> str:
    page = book.pages[name]
    return where((key,), [page])


def treated(book: Book) -> dict[str, Mapping[str, Any]]:
    """原文缺陷，按键。"""
    return dict(entries(book.content(DEFECTS)))
