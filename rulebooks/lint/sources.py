"""原文自身的缺陷：defects.yaml 里记下的，加上从引文与写法里看得出的。

看得出的几种：施行日期空白、合计时限覆盖不同机关、期限没有写工作日还是自然日、同一界线两边都含、
测评没有合格线、用语没有定义、附件没有收。已经记在 defects.yaml 的不重复报。
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rulebooks.lint.book import DEFECTS, Book, mapping, sequence
from rulebooks.lint.citing import treated
from rulebooks.lint.findings import Finding
from rulebooks.lint.quantities import in_force
from rulebooks.lint.texts import listed_sources, quotes_of, rules_of, source_of
from rulebooks.lint.views import View, views
from rulebooks.reading.pages import where
from rulebooks.vocabulary.defects import KINDS

BLANK_DATE = re.compile(r"自\s*年\s*月\s*日起")
BARE_DAYS = re.compile(r"(?<![月\d])(\d{1,3}|[一二三四五六七八九十]{1,3})(?:天|日)(?:内|的)")
UNDEFINED = re.compile(
    r"金额较大|专业性较强|(?:重大|特殊性)[^，。；,]{0,4}事项|符合[^，。；,]{0,6}条件|有无禁止项目"
)
UPPER = re.compile(r"(\d+(?:\.\d+)?)(万?)元?[^\d，。；,]{0,4}?(?:以下|以内)")
LOWER = re.compile(r"(\d+(?:\.\d+)?)(万?)元?(?:及)?以上")
BETWEEN = re.compile(r"(\d+)(?:(万)[—\-至]?|[—\-至])(\d+)(万)元")
ANNEX = re.compile(r"附件[:：]\s*(?P<title>[^\n]+)")
MEASURED = ("passes", "pass_mark", "at_least")

Found = tuple[str, str, str, str]


def source_findings(book: Book) -> Iterator[Finding]:
    """原文的缺陷：记下的在前，看得出而没有记下的在后。"""
    recorded = treated(book)
    for name, fields in recorded.items():
        yield _recorded(book, name, fields)
    known = {
        (str(fields.get("kind")), rule) for fields in recorded.values() for rule in rules_of(fields)
    }
    for kind, rule, says, question in dict.fromkeys(_seen(book)):
        if (kind, rule) not in known:
            place = f"{book.folder.name}/{DEFECTS}（未记）"
            yield Finding("source", kind, place, rule, says, question)


def _recorded(book: Book, name: str, fields: Mapping[str, Any]) -> Finding:
    at = where((name,), [book.pages[DEFECTS]])
    treated_by = [str(fields[key]) for key in ("reading", "parameter") if fields.get(key)]
    return Finding(
        group="source",
        kind=str(fields.get("kind")),
        place=at,
        rule="、".join(rules_of(fields)),
        says=f"{KINDS.get(str(fields.get('kind')), '')}：{fields.get('missing', '')}",
        question=str(fields.get("question", "")),
        reading="、".join(treated_by),
    )


def _seen(book: Book) -> Iterator[Found]:
    for rule, entry in book.rule_ids().items():
        for quote in quotes_of(entry):
            yield from _in_quote(rule, quote, str(entry.get("verdict")))
    yield from _shared_bounds(book)
    yield from _annexes(book)
    marked = {rule for fields in treated(book).values() for rule in rules_of(fields)}
    for view in views(book):
        yield from _undivided(view)
        yield from _without_pass_mark(view, marked)


def _in_quote(rule: str, quote: str, verdict: str) -> Iterator[Found]:
    if BLANK_DATE.search(quote):
        yield "blank_date", rule, f"“{quote}”没有填日期。", "本文件自哪一日起施行？"
    if verdict == "encoded" and (bare := BARE_DAYS.search(quote)) and "自然日" not in quote:
        says = f"“{quote}”没有写工作日还是自然日。"
        yield "unit", rule, says, f"“{bare[0]}”按工作日还是自然日计，首日算不算？"
    if verdict != "not_applicable" and (vague := UNDEFINED.search(quote)):
        says = f"“{vague[0]}”没有定义。"
        yield "undefined", rule, says, f"“{vague[0]}”以什么为准？"


def _shared_bounds(book: Book) -> Iterator[Found]:
    """同一个数额，一处写以下、另一处写以上，或首尾相接的两段都含端点。"""
    upper: dict[str, str] = {}
    lower: dict[str, str] = {}
    for rule, entry in book.rule_ids().items():
        if entry.get("verdict") == "encoded":
            for quote in quotes_of(entry):
                _read_bounds(rule, in_force(quote), upper, lower)
    for amount, other in upper.items():
        rule = lower.get(amount, other)
        if rule != other:
            says = f"正好{amount}元的，{other}与{rule}两档都沾到。"
            yield "overlap", rule, says, f"正好{amount}元的归哪一档？"


def _read_bounds(rule: str, quote: str, upper: dict[str, str], lower: dict[str, str]) -> None:
    for match in BETWEEN.finditer(quote):
        low_scale = match[2] or match[4]
        lower.setdefault(match[1] + (low_scale or ""), rule)
        upper.setdefault(match[3] + match[4], rule)
    for match in UPPER.finditer(quote):
        upper.setdefault(match[1] + match[2], rule)
    for match in LOWER.finditer(quote):
        lower.setdefault(match[1] + match[2], rule)


def _annexes(book: Book) -> Iterator[Found]:
    """提到附件而来源里没有收。"""
    titles = {str(fields.get("title")) for fields in listed_sources(book).values()}
    used = {str(entry.get("source")) for entry in book.rule_ids().values()}
    for source in sorted(used):
        for match in ANNEX.finditer(source_of(book, source) or ""):
            title = match["title"].strip()
            if title not in titles and not _has_annex(book):
                says = f"附件“{title}”没有收进来源。"
                yield "missing_annex", "", says, f"附件“{title}”的全文在哪里？"


def _has_annex(book: Book) -> bool:
    return any(fields.get("kind") == "missing_annex" for fields in treated(book).values())


def _undivided(view: View) -> Iterator[Found]:
    """合计的时限覆盖不同机关的环节。"""
    roles = mapping(view.content.get("roles"))
    for name, fields in mapping(view.content.get("clocks")).items():
        clock = mapping(fields)
        stages = [mapping(view.stages.get(str(stage))) for stage in sequence(clock.get("covers"))]
        deciding = [stage for stage in stages if stage.get("kind") in ("vote", "decide")]
        offices = {_office(roles, stage) for stage in deciding}
        if len(offices) > 1:
            label = str(clock.get("label", name))
            says = f"“{label}”由几个机关合用，没有各占几日。"
            question = f"“{label}”里各机关各占几日，从哪一天起算？"
            yield "undivided", str(clock.get("cites", "")), says, question


def _office(roles: Mapping[str, Any], stage: Mapping[str, Any]) -> tuple[Any, ...]:
    role = mapping(roles.get(str(mapping(stage.get("by")).get("role"))))
    return tuple(sequence(role.get("at")))


def _without_pass_mark(view: View, marked: set[str]) -> Iterator[Found]:
    """测评没有合格线；所引的任一条已经记过缺陷的不重复。"""
    for name in view.own:
        stage = mapping(view.stages.get(name))
        open_ended = stage.get("kind") == "evaluate" and not any(key in stage for key in MEASURED)
        if open_ended and not marked & set(rules_of(stage)):
            rule = str(stage.get("cites", ""))
            says = f"“{view.label(name)}”没有合格线。"
            yield "undefined", rule, says, f"“{view.label(name)}”多少分算合格，不合格怎么办？"
