"""供核对的文字：一段规则的引文、解释、所引条款的引文，以及各来源的全文。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rulebooks.lint.book import MAIN_PAGES, Book, Node, entries, mapping, sequence
from rulebooks.reading.pages import Place
from rulebooks.vocabulary.articles import (
    SOURCE_PAGE,
    SOURCES,
    BrokenArticlesError,
    read_yaml,
    text_of,
)


def listed_sources(book: Book) -> dict[str, Mapping[str, Any]]:
    """来源登记：共用的，与城市目录自带的；登记读不进的当作没有。"""
    found: dict[str, Mapping[str, Any]] = {}
    for page in (SOURCES / SOURCE_PAGE, book.folder / "sources" / SOURCE_PAGE):
        if page.is_file():
            try:
                content = read_yaml(page)
            except BrokenArticlesError:
                continue
            found |= {name: {**fields, "_at": page.parent} for name, fields in entries(content)}
    return found


def source_of(book: Book, name: str) -> str | None:
    """某来源的全文；没有登记或文件不在的为 None。"""
    source = listed_sources(book).get(name)
    if source is None:
        return None
    try:
        path = source["_at"] / str(source.get("file"))
        return text_of(path, page_marks=bool(source.get("page_marks")))
    except BrokenArticlesError:
        return None


def quotes_of(entry: Mapping[str, Any]) -> list[str]:
    """一条判定的各句引文。"""
    return [str(quote) for quote in sequence(entry.get("quotes"))]


def rules_of(fields: Mapping[str, Any]) -> list[str]:
    """一段规则引用的各个编号：cites 与 also。"""
    return [str(rule) for key in ("cites", "also") for rule in sequence(fields.get(key))]


def reading_texts(book: Book, fields: Mapping[str, Any]) -> Iterator[str]:
    """一段规则的解释：编号的取解释全文，直接写的照用。"""
    known = book.readings()
    for name in sequence(fields.get("reading")):
        reading = known.get(str(name))
        if reading is None:
            yield str(name)
        else:
            yield from (str(reading.get(key, "")) for key in ("reading", "evidence", "question"))


def own_texts(book: Book, fields: Mapping[str, Any]) -> list[str]:
    """一段规则自己的依据：解释、引文、所引条款的引文。"""
    known = book.rule_ids()
    found = list(reading_texts(book, fields))
    found.extend(str(quote) for quote in sequence(fields.get("quote")))
    for rule in rules_of(fields):
        found.extend(quotes_of(mapping(known.get(rule))))
        found.extend(reading_texts(book, mapping(known.get(rule))))
    return found


def chain(book: Book, node: Node) -> list[Mapping[str, Any]]:
    """一段规则及其各上级，由近到远；后一版只改写几个键的，连同首版的同一段。"""
    found = [node.content, *reversed(node.above)]
    if node.page.path.parent.name == "versions":
        for depth in range(len(node.place), 0, -1):
            older = first_version(book, node.place[:depth])
            if isinstance(older, Mapping):
                found.append(older)
    return found


def first_version(book: Book, place: Place) -> Any:
    """首版同一位置的内容：限额、资金等各有自己的一页，其余在规则手册与程序两页。"""
    root, *rest = place
    own = book.content(f"{root}.yaml")
    for top in [own] if own else [book.content(name).get(str(root)) for name in MAIN_PAGES]:
        found: Any = top
        for step in rest:
            found = mapping(found).get(str(step))
        if found is not None:
            return found
    return None


def grounds(book: Book, node: Node) -> list[str]:
    """一段规则可以凭的文字，由近到远：自己的，再到各上级的。"""
    return [text for fields in chain(book, node) for text in own_texts(book, fields)]
