"""待体检的规则手册：逐页读入原样的 YAML，读不进的页也不妨碍看别的页。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from rulebooks.pages import BrokenRulebookError, Page, Place, read_page, where

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
        """这一段或最近的上级的中文名称；没有名称的用键。"""
        for content in (self.content, *reversed(self.above)):
            label = content.get("label") or content.get("article")
            if isinstance(label, str):
                return label
        return "/".join(map(str, self.place)) or self.page.name


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
    def complete(self) -> bool:
        """程序两页都有；没有写完的，不问判定与解释所指之处。"""
        return all(name in self.pages for name in MAIN_PAGES)

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
