"""出处核对：引文逐字见于来源，编号、解释、文件与键都不落空。

每个毛病是一句中文，说明哪一条、错在哪里、怎样改；没有毛病时为空列表。
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rulebooks.vocabulary.articles import (
    CITIES,
    Article,
    Reading,
    articles,
    quote_is_in_source,
    read_yaml,
    readings,
    source_text,
)

OWN_PAGES = frozenset({"articles.yaml", "readings.yaml", "sources.yaml"})
READING_ID = re.compile(r"[A-Z]\d{1,3}[a-z]?")


def flaws(city: str) -> list[str]:
    """核对一市的条款、解释和各规则文件的出处；没有毛病时为空。"""
    entries, known = articles(city), readings(city)
    return [
        *quote_flaws(entries),
        *reading_flaws(entries, known),
        *place_flaws(city, entries, known),
        *(flaw for path in pages(city) for flaw in page_flaws(path, entries, known)),
    ]


def pages(city: str) -> list[Path]:
    """一市的规则文件（含镇街补充规定），不含条款判定和我方解释。"""
    found = sorted((CITIES / city).rglob("*.yaml"))
    return [path for path in found if path.name not in OWN_PAGES]


def quote_flaws(entries: Mapping[str, Article]) -> list[str]:
    """引文走样：在所称来源中逐字找不到的引文。"""
    return [
        f"{name}（{entry.article}）的引文“{quote}”在来源 {entry.source} 中找不到，请照原文改正。"
        for name, entry in entries.items()
        for quote in entry.quotes
        if not quote_is_in_source(quote, source_text(entry.source))
    ]


def reading_flaws(entries: Mapping[str, Article], known: Mapping[str, Reading]) -> list[str]:
    """解释缺失：条款引用了 readings.yaml 中没有的疑义编号。"""
    return [
        f"{name}（{entry.article}）引用的解释 {reading} 不在 readings.yaml 中，请补写或改正编号。"
        for name, entry in entries.items()
        for reading in entry.reading
        if reading not in known
    ]


def place_flaws(
    city: str, entries: Mapping[str, Article], known: Mapping[str, Reading]
) -> list[str]:
    """出处落空：条款的 `where` 或解释的 `parameter` 所指的文件或键不存在。"""
    places = [(name, place) for name, entry in entries.items() for place in entry.where]
    places += [(name, reading.parameter) for name, reading in known.items()]
    return [
        f"{name} 所指的“{place}”不存在，请核对文件名和键。"
        for name, place in places
        if not _place_exists(city, place)
    ]


def page_flaws(
    path: Path, entries: Mapping[str, Article], known: Mapping[str, Reading]
) -> list[str]:
    """规则文件中 cites、also、reading、quote 的毛病，按出现的先后。"""
    return [
        f"{path.name} 的 {key}：{flaw}"
        for key, node in _mappings(read_yaml(path), ())
        for flaw in (*_number_flaws(node, entries, known), *_cited_quote_flaws(node, entries))
    ]


def _mappings(node: Any, place: tuple[str, ...]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(node, dict):
        yield ".".join(place), node
        for key, value in node.items():
            yield from _mappings(value, (*place, str(key)))
    elif isinstance(node, list):
        for value in node:
            yield from _mappings(value, place)


def _number_flaws(
    node: Mapping[str, Any], entries: Mapping[str, Article], known: Mapping[str, Reading]
) -> Iterator[str]:
    for key in ("cites", "also"):
        # 国家法律不在本市条款之内，须自带 article 写明法律名称和条款。
        if isinstance(node.get(key), str) and node[key] not in entries and "article" not in node:
            yield f"条款 {node[key]} 不在 articles.yaml 中，请补写或改正编号。"
    reading = node.get("reading")
    if isinstance(reading, str) and READING_ID.fullmatch(reading) and reading not in known:
        yield f"解释 {reading} 不在 readings.yaml 中，请补写或改正编号。"


def _cited_quote_flaws(node: Mapping[str, Any], entries: Mapping[str, Article]) -> Iterator[str]:
    quote = node.get("quote")
    if not isinstance(quote, str):
        return
    entry = entries.get(str(node.get("cites")))
    if entry is None:
        yield f"引文“{quote}”没有写明出自哪一条，请补写 cites。"
    elif not quote_is_in_source(quote, source_text(entry.source)):
        yield f"引文“{quote}”在来源 {entry.source} 中找不到，请照原文改正。"


def _place_exists(city: str, place: str) -> bool:
    file, _, keys = place.partition(": ")
    path = CITIES / city / file
    node = read_yaml(path) if path.is_file() else None
    for key in keys.split("."):
        if not isinstance(node, dict) or key not in node:
            return False
        node = node[key]
    return True
