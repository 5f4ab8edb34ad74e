"""待体检的规则手册：逐页读入原样的 YAML，读不进的页也不妨碍看别的页。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from rulebooks.lint.naming import PAGES, name_of
from rulebooks.reading.pages import BrokenRulebookError, Page, Place, read_page, where

ARTICLES, READINGS, DEFECTS = "articles.yaml", "readings.yaml", "defects.yaml"
MAIN_PAGES = ("rulebook.yaml", "project.yaml")
LISTS = frozenset({ARTICLES, READINGS, DEFECTS})
MOST_PAGES = 64


@dataclass(frozen=True, slots=True)
class Node:
    """YAML 里的一段：所在的页、位置、内容，以及从外到内的上级各段。"""

    page: Page
    place: Place
    content: Mapping[str, Any]
    above: tuple[Mapping[str, Any], ...]

    @property
    def at(self) -> str:
        """文件、行与键。"""
        return where((*self.page.root, *self.place), [self.page])

    @property
    def name(self) -> str:
        """这一段或最近的上级的中文名称；整页的名称不是其中一段的。"""
        return name_of((self.content, *reversed(self.above[1:])), self.place, self.page.name)


@dataclass(frozen=True, slots=True)
class Book:
    """一市的全部页，与读不进的页的说明。"""

    folder: Path
    pages: Mapping[str, Page]
    broken: Mapping[str, str]

    def content(self, name: str) -> Mapping[str, Any]:
        """某页的内容；没有或读不进的为空。"""
        page = self.pages.get(name)
        return page.content if page else {}

    @property
    def grounded(self) -> bool:
        """逐条判定与解释两页都读得进；缺了的，凡靠它们核对的都先不说。"""
        return ARTICLES in self.pages and READINGS in self.pages

    @property
    def complete(self) -> bool:
        """程序两页与判定、解释指到的各页都有；没有写完的，不问所指之处、有没有用到。"""
        wanted = {*MAIN_PAGES, *(self.pointed_at & PAGES.keys())}
        return all(name in self.pages for name in wanted)

    @property
    def pointed_at(self) -> set[str]:
        """判定的 where、解释的 parameter 指到的各页。"""
        places = [at for entry in self.rule_ids().values() for at in sequence(entry.get("where"))]
        places += [reading.get("parameter", "") for reading in self.readings().values()]
        return {str(place).partition(": ")[0] for place in places}

    def rule_pages(self) -> Iterator[tuple[str, Page]]:
        """规则页：条款判定、解释、原文缺陷以外的各页。"""
        for name, page in self.pages.items():
            if name not in LISTS:
                yield name, page

    def nodes(self, *names: str) -> Iterator[Node]:
        """规则页（或指定的页）里的每一段，由外到内。"""
        for name, page in self.pages.items():
            if (name in names) if names else (name not in LISTS):
                yield from _nodes(page, page.content, (), ())

    def rule_ids(self) -> Mapping[str, Mapping[str, Any]]:
        """条款判定，按规则编号；写得不成形的略过。"""
        return dict(entries(self.content(ARTICLES)))

    def readings(self) -> Mapping[str, Mapping[str, Any]]:
        """我方解释，按编号。"""
        return dict(entries(self.content(READINGS)))


def open_book(folder: Path) -> Book:
    """读入一市目录下的全部页；`sources/` 里的登记不在内。"""
    pages, broken = {}, {}
    for path in sorted(folder.rglob("*.yaml")):
        name = path.relative_to(folder).as_posix()
        if name.startswith("sources/"):
            continue
        try:
            pages[name] = _page(path, path.read_text(encoding="utf-8"))
        except BrokenRulebookError as error:
            broken[name] = str(error)
    return Book(folder, pages, broken)


@lru_cache(maxsize=MOST_PAGES)
def _page(path: Path, text: str) -> Page:
    # 文字也是缓存的键：文件改过就重读。
    del text
    return read_page(path)


def _nodes(
    page: Page, node: Any, place: Place, above: tuple[Mapping[str, Any], ...]
) -> Iterator[Node]:
    if isinstance(node, Mapping):
        yield Node(page, place, node, above)
        for key, value in node.items():
            yield from _nodes(page, value, (*place, key), (*above, node))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _nodes(page, value, (*place, index), above)


def mapping(value: Any) -> Mapping[str, Any]:
    """是逐键书写的一段就照用，不是的当作空的。"""
    return value if isinstance(value, Mapping) else {}


def sequence(value: Any) -> Sequence[Any]:
    """列表照用；单独一项的当作一项的列表，没有的为空。"""
    if value is None:
        return ()
    return value if isinstance(value, list | tuple) else (value,)


def entries(value: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """逐条书写的一段里成形的各条。"""
    for name, fields in mapping(value).items():
        if isinstance(fields, Mapping):
            yield str(name), fields


def law_cases(book: Book, cases: Path) -> Iterator[Mapping[str, Any]]:
    """案例目录里的全部案例；读不进的文件略过。"""
    for path in sorted((cases / book.folder.name).glob("*.yaml")):
        try:
            content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        except YAMLError:
            continue
        if isinstance(content, list):
            yield from (mapping(case) for case in content)
