"""从不同角度看同一本规则手册：市的首版、其后各版、各镇街补充规定，程序都要走得通。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rulebooks.lint.book import MAIN_PAGES, Book, entries, mapping, sequence
from rulebooks.reading.pages import Page, where

LIKE = "like"
JOIN = "join"


@dataclass(frozen=True, slots=True)
class View:
    """一个角度：合并后的内容，与查行号的各页（新的在前）。"""

    content: Mapping[str, Any]
    pages: tuple[Page, ...]
    own: frozenset[str]

    def at(self, *place: str | int) -> str:
        """文件、行与键；取写得最具体的一页。"""
        return where(place, list(self.pages))

    @property
    def stages(self) -> Mapping[str, Mapping[str, Any]]:
        """全部环节。"""
        return dict(entries(self.content.get("stages")))

    def label(self, name: str) -> str:
        """环节的名称。"""
        return str(mapping(self.stages.get(name)).get("label", name))

    @property
    def starts(self) -> list[str]:
        """可能的第一个环节，含各程序的起点。"""
        found = list(targets(self.content.get("start")))
        return [*found, *(str(first) for first in self.procedures.values())]

    @property
    def procedures(self) -> Mapping[str, Any]:
        """补充规定里各程序的起点。"""
        return mapping(self.content.get("_procedures"))


def views(book: Book) -> Iterator[View]:
    """首版、其后各版、每份补充规定各一个角度；合并不成的略过。"""
    pages = tuple(page for name, page in book.pages.items() if name in MAIN_PAGES)
    base: dict[str, Any] = {}
    for name in MAIN_PAGES:
        base |= book.content(name)
    yield View(base, pages, frozenset(mapping(base.get("stages"))))
    newest = base
    for name, page in book.pages.items():
        if name.startswith("versions/"):
            newest = merged(newest, page.content)
            pages = (page, *pages)
            yield View(newest, pages, frozenset(mapping(newest.get("stages"))))
    for name, page in book.pages.items():
        if name.startswith("towns/"):
            yield _with_supplement(newest, page, pages)


def merged(older: Any, newer: Any) -> Any:
    """后一版叠在前一版上：逐键合并，列表与单值替换，空值删去。"""
    if not (isinstance(older, Mapping) and isinstance(newer, Mapping)):
        return newer
    found = dict(older)
    for key, value in newer.items():
        if value is None:
            found.pop(key, None)
        else:
            found[key] = merged(found.get(key), value)
    return found


def _with_supplement(base: Mapping[str, Any], page: Page, pages: tuple[Page, ...]) -> View:
    stages = dict(mapping(base.get("stages")))
    own: set[str] = set()
    roots = []
    procedures = dict(entries(page.content.get("procedures")))
    for name, procedure in procedures.items():
        for stage, fields in entries(procedure.get("stages")):
            stages[stage] = {**mapping(stages.get(str(fields.get(LIKE)))), **fields}
            own.add(stage)
        if procedure.get("stages"):
            roots.append(page.part(("procedures", name, "stages"), ("stages",)))
    starts = {name: procedure.get("start") for name, procedure in procedures.items()}
    content = {**base, "stages": stages, "_procedures": starts}
    return View(content, (*roots, *pages), frozenset(own))


def targets(target: Any) -> Iterator[str]:
    """一个去向可能到达的环节名；授权的程序不在内。"""
    if isinstance(target, str):
        yield target
    fields = mapping(target)
    if isinstance(fields.get("to"), str):
        yield fields["to"]
    for branch in sequence(fields.get("choose")):
        if isinstance(mapping(branch).get("to"), str):
            yield branch["to"]
    yield from (str(name) for name in sequence(fields.get("parallel")))
    if isinstance(fields.get(JOIN), str):
        yield fields[JOIN]


def delegations(target: Any) -> Iterator[Mapping[str, Any]]:
    """一个去向里授权下级规定的程序。"""
    for branch in sequence(mapping(target).get("choose")):
        to = mapping(branch).get("to")
        if isinstance(to, Mapping):
            yield to


def outcomes(stage: Mapping[str, Any]) -> Mapping[str, Any]:
    """一个环节各种结果的去向。"""
    return mapping(stage.get("then"))
