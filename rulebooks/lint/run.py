"""体检的总入口：缺什么、读不读得进、有什么毛病、原文有什么缺陷。"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rulebooks.lint.amounts import amount_findings
from rulebooks.lint.book import Book, mapping, open_book, sequence
from rulebooks.lint.branches import branch_findings
from rulebooks.lint.citing import CASES, citing_findings
from rulebooks.lint.duties import duty_findings
from rulebooks.lint.findings import QUESTIONS, Finding
from rulebooks.lint.leftovers import leftover_findings
from rulebooks.lint.naming import name_of
from rulebooks.lint.order import missing_findings
from rulebooks.lint.procedure import procedure_findings
from rulebooks.lint.sources import source_findings
from rulebooks.reading import loader
from rulebooks.reading.pages import BrokenRulebookError

LINE = re.compile(r"^规则手册 (?P<place>[^：]*)：(?P<says>.*)$")
LINE_NUMBER = re.compile(r"^(\S+ 第\d+行)")
KEYS = re.compile(r"^(?P<page>\S+) (?:第\d+行 )?(?P<keys>\S+)$")
LOOKS = (
    procedure_findings,
    branch_findings,
    duty_findings,
    amount_findings,
    leftover_findings,
)


def lint_city(city: str) -> list[Finding]:
    """一市规则手册的体检结果。"""
    return lint(loader.CITIES / city)


def lint(folder: Path, cases: Path = CASES) -> list[Finding]:
    """一个城市目录的体检结果：先缺的，再读不进的，再毛病，最后原文的缺陷。

    Args:
        folder: 城市目录，可以没有写完，也可以读不进。
        cases: 案例所在，各市一个子目录；没有这个目录的不查案例。
    """
    book = open_book(folder)
    missing = list(missing_findings(book, cases))
    faults = [finding for look in LOOKS for finding in look(book)]
    faults.extend(citing_findings(book, cases))
    told = {line for finding in faults if (line := _line(finding.place))}
    refused = [item for item in _refused(book, incomplete=bool(missing)) if _new(item, told)]
    found = (*missing, *refused, *faults, *source_findings(book))
    return list(dict.fromkeys(found))


def _line(place: str) -> str | None:
    found = LINE_NUMBER.match(place)
    return found[1] if found else None


def _new(finding: Finding, told: set[str]) -> bool:
    """同一行已经说过毛病的，读取时的拒绝不再重复。"""
    return _line(finding.place) not in told


def _refused(book: Book, *, incomplete: bool) -> Iterator[Finding]:
    """读取时被拒绝的各处；缺文件而读不下去的，先补文件。"""
    for name, sentence in book.broken.items():
        yield from _lines(book, f"{book.folder.name}/{name}", sentence)
    if book.broken or not all((book.folder / name).is_file() for name in loader.NEEDED):
        return
    towns = [None, *_towns(book)]
    for version in _versions(book):
        for town in towns:
            try:
                loader.read_rulebook(book.folder, version, town)
            except BrokenRulebookError as error:
                yield from _lines(book, book.folder.name, str(error))
                return
            except Exception as error:
                # 写到一半的手册什么样子都有，体检不能中断。
                if not incomplete:
                    kind = type(error).__name__
                    says = f"读取时出错（{kind}），请对照 docs/rulebook.md 核对写法。"
                    yield _refusal(book, book.folder.name, says)
                return


def _versions(book: Book) -> list[str | None]:
    versions = sequence(book.content("rulebook.yaml").get("versions"))
    names = [mapping(version).get("id") for version in versions]
    return [str(name) for name in names if name] or [None]


def _towns(book: Book) -> Iterator[str]:
    """每份补充规定适用的第一个镇街。"""
    for name, page in book.pages.items():
        applies = sequence(page.plain().get("applies_to"))
        if name.startswith("towns/") and applies:
            yield str(applies[0])


def _lines(book: Book, place: str, sentence: str) -> Iterator[Finding]:
    for line in sentence.split("\n"):
        found = LINE.match(line)
        at, says = (found["place"], found["says"]) if found else (place, line)
        yield _refusal(book, at, says)


def _refusal(book: Book, place: str, says: str) -> Finding:
    question = QUESTIONS["refused"][1].format(_name(book, place))
    return Finding("refused", "refused", place, "", says, question)


def _name(book: Book, place: str) -> str:
    """读取时所指的一处叫什么：沿着所写的键往里走，取最近的名称。"""
    found = KEYS.match(place)
    page = (found["page"] if found else place).removeprefix(f"{book.folder.name}/")
    keys = found["keys"].split("/") if found else []
    inner: Mapping[str, Any] = book.content(page)
    contents: list[Mapping[str, Any]] = []
    for key in keys:
        if isinstance(inner.get(key), Mapping):
            inner = inner[key]
            contents.append(inner)
    return name_of(reversed(contents), keys, page)
