"""没有写完的城市目录：还缺哪些文件与内容，按应当补写的次序。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from rulebooks.articles import SOURCE_PAGE
from rulebooks.lint.book import Book, mapping, sequence
from rulebooks.lint.findings import QUESTIONS, Finding
from rulebooks.model import Rulebook

# 先有原文与逐条判定，再写程序，最后写数额、报送与案例；每一步之后都可以再查一遍。
PAGES: Mapping[str, str] = {
    "articles.yaml": "逐条判定：每一条原文要不要由系统办理",
    "readings.yaml": "我方解释：原文没有写明的地方怎样办",
    "rulebook.yaml": "名称、版本、类别、层级、角色、事实、用语",
    "project.yaml": "从哪个环节开始，各个环节与去向",
    "limits.yaml": "限额",
    "funds.yaml": "资金",
    "duties.yaml": "报送与检查",
    "recusal.yaml": "回避",
    "registries.yaml": "名录",
}
NEEDED = frozenset({"articles.yaml", "readings.yaml", "rulebook.yaml", "project.yaml"})
FILLED_IN = frozenset({"version"})
IN_PROJECT = frozenset({"start", "clocks", "stages"})


def missing_findings(book: Book, cases: Path) -> Iterator[Finding]:
    """还缺的，按应当补写的次序。"""
    own_source = f"sources/{SOURCE_PAGE}"
    if "articles.yaml" not in book.pages and not (book.folder / own_source).is_file():
        yield _missing(book, own_source, "来源：原文逐字保存，登记名称、性质与日期")
    wanted = _pointed_at(book)
    for name, holds in PAGES.items():
        if name in book.pages:
            yield from _missing_keys(book, name)
        elif name not in book.broken and (name in NEEDED or name in wanted):
            yield _missing(book, name, holds)
    if cases.is_dir() and not any((cases / book.folder.name).glob("*.yaml")):
        place = f"tests/policies/{book.folder.name}/"
        says = "缺案例：每条界线两边各一例，写明办理之日、给出什么、应当怎样。"
        yield Finding("missing", "missing_page", place, "", says, _question("missing_page", ""))


def _pointed_at(book: Book) -> set[str]:
    """判定的 where、解释的 parameter 指到的各页。"""
    places = [place for entry in book.rule_ids().values() for place in sequence(entry.get("where"))]
    places += [reading.get("parameter", "") for reading in book.readings().values()]
    return {str(place).partition(": ")[0] for place in places}


def _missing(book: Book, name: str, holds: str) -> Finding:
    says = f"缺 {name}（{holds}）。"
    place = f"{book.folder.name}/{name}"
    return Finding("missing", "missing_page", place, "", says, _question("missing_page", name))


def _missing_keys(book: Book, name: str) -> Iterator[Finding]:
    """必写的键，按词汇里的次序。"""
    if name not in ("rulebook.yaml", "project.yaml"):
        return
    content = mapping(book.content(name))
    for key, field in Rulebook.model_fields.items():
        here = (key in IN_PROJECT) == (name == "project.yaml")
        if field.is_required() and here and key not in FILLED_IN and key not in content:
            place = f"{book.folder.name}/{name}"
            says = f"{name} 缺少“{key}”这个键。"
            question = _question("missing_key", key)
            yield Finding("missing", "missing_key", place, "", says, question)


def _question(kind: str, name: str) -> str:
    return QUESTIONS[kind][1].format(name)
