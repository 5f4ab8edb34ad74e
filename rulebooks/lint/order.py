"""没有写完的城市目录：还缺哪些文件与内容，按应当补写的次序。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from rulebooks.lint.book import Book, law_cases, mapping
from rulebooks.lint.findings import QUESTIONS, Finding
from rulebooks.lint.naming import KEYS
from rulebooks.vocabulary.articles import SOURCE_PAGE
from rulebooks.vocabulary.model import Rulebook

# 先有原文与逐条判定，再写程序，最后写数额、报送与案例；每一步之后都可以再查一遍。
PAGES: Mapping[str, str] = {
    "articles.yaml": "逐条判定：每一条原文要不要由系统办理",
    "readings.yaml": "我方解释：原文没有写明的地方怎样办",
    "rulebook.yaml": "名称、版本、类别、层级、角色、事实、用语",
    "project.yaml": "从哪个环节开始，各个环节与去向",
    "limits.yaml": "限额",
    "funds.yaml": "资金",
    "duties.yaml": "报送与检查",
    "submissions.yaml": "报送件怎样办",
    "recusal.yaml": "回避",
    "registries.yaml": "名录",
}
NEEDED = frozenset({"articles.yaml", "readings.yaml", "rulebook.yaml", "project.yaml"})
FILLED_IN = frozenset({"version"})
# 缺一页时应当问起草人的话。
ASKED: Mapping[str, str] = {
    "sources/sources.yaml": "政策原文的全文在哪里，由谁发布，自哪一日起施行？",
    "articles.yaml": "原文共有哪几条，每一条由系统办理、由人办理，还是不提出要求？",
    "readings.yaml": "原文没有写明的地方，以谁的解释为准？",
    "rulebook.yaml": "项目分哪几类，由哪几级、哪些角色办理？",
    "project.yaml": "从收到建议到归档，依次经过哪些环节，各由谁办？",
    "limits.yaml": "有哪些限额，各含不含本数？",
    "funds.yaml": "资金由谁出、出多少，怎样支付？",
    "duties.yaml": "有哪些报送与检查，每期几日以前办，报给谁？",
    "submissions.yaml": "每一项报送由谁起草、谁审核、谁签发？",
    "recusal.yaml": "哪些人因为什么关系须回避？",
    "registries.yaml": "有哪些名册，怎样列入、怎样移出？",
}
CASES_ASKED = "每条界线的两边，各应当是什么结果？"
IN_PROJECT = frozenset({"start", "clocks", "stages"})


def missing_findings(book: Book, cases: Path) -> Iterator[Finding]:
    """还缺的，按应当补写的次序。"""
    own_source = f"sources/{SOURCE_PAGE}"
    if "articles.yaml" not in book.pages and not (book.folder / own_source).is_file():
        yield _missing(book, own_source, "来源：原文逐字保存，登记名称、性质与日期")
    wanted = book.pointed_at
    for name, holds in PAGES.items():
        if name in book.pages:
            yield from _missing_keys(book, name)
        elif name not in book.broken and (name in NEEDED or name in wanted):
            yield _missing(book, name, holds)
    if cases.is_dir() and not any(law_cases(book, cases)):
        place = f"tests/policies/{book.folder.name}/"
        says = "缺案例：每条界线两边各一例，写明办理之日、给出什么、应当怎样。"
        yield Finding("missing", "missing_page", place, "", says, CASES_ASKED)


def _missing(book: Book, name: str, holds: str) -> Finding:
    says = f"缺 {name}（{holds}）。"
    place = f"{book.folder.name}/{name}"
    question = ASKED.get(name, QUESTIONS["missing_page"][1])
    return Finding("missing", "missing_page", place, "", says, question)


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
            question = QUESTIONS["missing_key"][1].format(KEYS.get(key, key))
            yield Finding("missing", "missing_key", place, "", says, question)
