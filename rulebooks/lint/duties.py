"""程序之外的毛病：限额没有比较词，报送没有经办、没有收件、没有日期，授权的没有人补。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rulebooks.lint.book import Book, Node, entries, mapping, sequence
from rulebooks.lint.findings import Finding, fault
from rulebooks.lint.naming import EACH, FIRST, name_of, names_office
from rulebooks.lint.texts import reading_texts, rules_of
from rulebooks.lint.views import delegations, outcomes
from rulebooks.reading.pages import where

WORDS = ("below", "at_most", "at_least", "more_than")
RECIPIENTS = ("to", "copies", "files_with", "published_in")
PARAMETER = "parameter"
PERIODS = ("month", "quarter", "half_year", "year")
ONLY_CITED = frozenset(["cites", "also", "article", "quote", "severity", "source_status"])
SPANS = frozenset([*PERIODS, "programme", "plan", "batch", "package", "project"])
YEARLY = ("每年", "年度")


def duty_findings(book: Book) -> Iterator[Finding]:
    """限额、报送与检查、授权三处的毛病。"""
    yield from _limits(book)
    yield from _scopes(book)
    yield from _duties(book)
    yield from _inspections(book)
    yield from _roles(book)
    yield from _sources_of_versions(book)
    yield from _empty(book)
    if book.complete:
        yield from _delegated(book)
        yield from _parameters(book)


def _each(book: Book, name: str, key: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """某类规定的各条：所在、名称、内容；各版另写的也在内。"""
    page = book.pages.get(name)
    if page is not None:
        for entry, fields in entries(page.content):
            yield where((entry,), [page]), str(fields.get("label", entry)), fields
    for version, other in book.pages.items():
        if version.startswith("versions/") and not book.content(name).get(key):
            for entry, fields in entries(mapping(other.content).get(key)):
                if entry not in book.content(name):
                    at = where((key, entry), [other])
                    yield at, str(fields.get("label", entry)), fields


def _limits(book: Book) -> Iterator[Finding]:
    for at, label, fields in _each(book, "limits.yaml", "limits"):
        rule = "、".join(rules_of(fields))
        if not any(word in fields for word in WORDS):
            says = f"限额“{label}”没有写低于、不超过、不少于还是超过（{'、'.join(WORDS)}）。"
            yield fault("without_comparison", at, rule, label, says)


def _scopes(book: Book) -> Iterator[Finding]:
    """原文写每年、每个某级的，范围里要有；按期累计的不是单个金额。"""
    levels = mapping(book.content("rulebook.yaml").get("levels"))
    for at, label, fields in _each(book, "limits.yaml", "limits"):
        rule, per = "、".join(rules_of(fields)), [str(item) for item in sequence(fields.get("per"))]
        quote = str(fields.get("quote") or "")
        if per and any(word in quote for word in YEARLY) and "project" not in per:
            missed = [] if set(per) & set(PERIODS) else ["year"]
            missed += [key for key, name in levels.items() if names_office(EACH, name, quote)]
            for word in missed:
                if word not in per:
                    says = f"限额“{label}”的原文写每年、每个，per 却没有 {word}。"
                    yield fault("without_ground", at, rule, label, says)
        measure = mapping(fields.get("limit"))
        if (measure.get("sum") or measure.get("count")) and per and not set(per) & SPANS:
            says = f"限额“{label}”是累计数，per 却没有写在多长时间或哪一批之内累计。"
            yield fault("without_comparison", at, rule, label, says)
        if set(per) & set(PERIODS) and fields.get("limit") in ("amount", {}):
            says = f"限额“{label}”按期累计，limit 却是单个金额。"
            yield fault("without_comparison", at, rule, label, says)


def _inspections(book: Book) -> Iterator[Finding]:
    """检查须写明查哪些；分层抽样须写明按什么分层；说了顺延的须写 rolls。"""
    for at, label, fields in _each(book, "duties.yaml", "duties"):
        rule, sample = "、".join(rules_of(fields)), mapping(fields.get("sample"))
        if "inspection" in fields and not fields.get("population"):
            says = f"检查“{label}”没有写查哪些（population）。"
            yield fault("without_ground", at, rule, label, says)
        if str(sample.get("method", "")).startswith("stratified") and not sample.get("by"):
            says = f"抽样“{label}”分层而没有写按什么分（by）。"
            yield fault("without_ground", at, rule, label, says)
        due = mapping(fields.get("due"))
        if "day" in due and "of" not in due:
            says = f"“{label}”写了几日（day）而没有写哪一个月（of）。"
            yield fault("without_due", at, rule, label, says)
        told = "".join(text for text in reading_texts(book, due) if "顺延" in text)
        if told and "rolls" not in due:
            says = f"“{label}”的解释说到顺延，due 却没有写 rolls。"
            yield fault("without_due", at, rule, label, says)


def _roles(book: Book) -> Iterator[Finding]:
    """角色名称里说到的层级，就是它所在的层级之一。"""
    content = book.content("rulebook.yaml")
    levels = mapping(content.get("levels"))
    for name, role in entries(content.get("roles")):
        label = str(role.get("label", ""))
        named = [level for level, word in levels.items() if names_office(FIRST, word, label)]
        if named and not set(named) & {str(level) for level in sequence(role.get("at"))}:
            at = where(("roles", name), [book.pages["rulebook.yaml"]])
            says = f"角色“{label}”不在它名称所说的那一级。"
            yield fault("without_owner", at, str(role.get("cites", "")), label, says)


def _sources_of_versions(book: Book) -> Iterator[Finding]:
    """判定所出自的来源，都列在某一版的 sources 里。"""
    versions = sequence(book.content("rulebook.yaml").get("versions"))
    listed = {str(name) for item in versions for name in sequence(mapping(item).get("sources"))}
    if not listed:
        return
    for source in sorted({str(item.get("source")) for item in book.rule_ids().values()} - listed):
        at = where(("versions",), [book.pages["rulebook.yaml"]])
        says = f"判定出自来源“{source}”，没有一个版本列出它。"
        yield fault("bad_reference", at, "", f"来源{source}", says)


def _empty(book: Book) -> Iterator[Finding]:
    """空的一段：写了键而里面没有内容，或只有出处。"""
    for node in book.nodes():
        bare = node.place and node.page.path.parent.name not in ("towns", "versions")
        # effect_when 空着就是一律要写成效。
        parts = [value for key, value in node.content.items() if key != "effect_when"]
        parts += [item for value in parts if isinstance(value, list) for item in value]
        if any(isinstance(part, Mapping) and not part for part in parts):
            says = f"“{node.name}”里有一段是空的，等于没有写。"
            yield fault("empty", node.at, _rule(node), node.name, says)
        elif bare and node.content and set(node.content) <= _only_cited(node):
            says = f"“{node.name}”只写了出处，没有写内容。"
            yield fault("empty", node.at, _rule(node), node.name, says)


def _only_cited(node: Node) -> frozenset[str]:
    """只算出处的键；限额与资金里，只有解释而没有数的也算没有写。"""
    counted = node.page.path.name in ("limits.yaml", "funds.yaml")
    return ONLY_CITED | {"reading"} if counted else ONLY_CITED


def _duties(book: Book) -> Iterator[Finding]:
    for at, label, fields in _each(book, "duties.yaml", "duties"):
        rule = "、".join(rules_of(fields))
        if not fields.get("from"):
            says = f"“{label}”没有写由谁办（from）。"
            yield fault("without_owner", at, rule, label, says)
        if "report" in fields and not any(fields.get(key) for key in RECIPIENTS):
            says = f"“{label}”没有写报给谁（to、copies）。"
            yield fault("without_recipient", at, rule, label, says)
        if not fields.get("due"):
            says = f"“{label}”没有写最迟何日（due）。"
            yield fault("without_due", at, rule, label, says)
        if "opens" not in fields:
            says = f"“{label}”没有写何时开始（opens）。"
            yield fault("without_due", at, rule, label, says)
        yield from _dates(at, label, rule, fields)


def _dates(at: str, label: str, rule: str, fields: Mapping[str, Any]) -> Iterator[Finding]:
    """同一年里，开始之日不得晚于最迟之日。"""
    opens, due = mapping(fields.get("opens")).get("date"), mapping(fields.get("due")).get("date")
    if isinstance(opens, str) and isinstance(due, str) and opens > due and "of" not in fields:
        says = f"“{label}”{opens}开始，{due}截止，截止在前。"
        yield fault("date_overlap", at, rule, label, says)


def _delegated(book: Book) -> Iterator[Finding]:
    """授权下级规定的程序，至少有一份补充规定写了；补充规定不写没有授权的。"""
    asked: dict[str, tuple[str, str]] = {}
    for node in book.nodes():
        for target in (*outcomes(node.content).values(), node.content.get("start")):
            for item in delegations(target):
                asked.setdefault(str(item.get("procedure")), (node.name, _rule(node)))
    supplied = _supplied(book, "procedures")
    yield from _both_ways(book, asked, supplied, "程序")


def _parameters(book: Book) -> Iterator[Finding]:
    """由下级补的参数：写明了由谁补、有处用到、有人补过。"""
    declared = dict(entries(book.content("rulebook.yaml").get("parameters")))
    for page in book.pages.values():
        declared |= dict(entries(page.content.get("parameters"))) if _is_version(page) else {}
    asked = {name: "、".join(rules_of(fields)) for name, fields in declared.items()}
    named = {name: (_label(fields), asked[name]) for name, fields in declared.items()}
    yield from _both_ways(book, named, _supplied(book, "parameters"), "参数")
    used = {str(node.content[PARAMETER]): node for node in book.nodes() if _uses(node)}
    for name, node in used.items():
        if name not in declared:
            says = f"用到参数“{name}”，而 rulebook.yaml 的 parameters 没有说明它由谁补。"
            yield fault("bad_reference", node.at, _rule(node), node.name, says)
    for name, fields in declared.items():
        if name not in used and "rulebook.yaml" in book.pages:
            at, called = where(("parameters", name), [book.pages["rulebook.yaml"]]), _label(fields)
            yield fault("unused", at, asked[name], called, f"参数“{name}”没有任何一处用到。")


def _label(fields: Mapping[str, Any]) -> str:
    return name_of([fields], (), "rulebook.yaml")


def _is_version(page: Any) -> bool:
    return bool(page.path.parent.name == "versions")


def _uses(node: Node) -> bool:
    return isinstance(node.content.get(PARAMETER), str) and node.page.path.name != "defects.yaml"


def _rule(node: Node) -> str:
    for fields in (node.content, *reversed(node.above)):
        if rules := rules_of(fields):
            return rules[0]
    return ""


def _supplied(book: Book, key: str) -> dict[str, str]:
    """各补充规定写了哪些，写在哪里。"""
    return {
        str(name): where((key, name), [page])
        for page_name, page in book.pages.items()
        if page_name.startswith("towns/")
        for name in mapping(page.content.get(key))
    }


def _both_ways(
    book: Book,
    asked: Mapping[str, tuple[str, str]],
    supplied: Mapping[str, str],
    word: str,
) -> Iterator[Finding]:
    for name, (called, rule) in asked.items():
        if name not in supplied:
            place = f"{book.folder.name}/towns/"
            says = f"授权下级规定的{word}“{name}”，没有一份补充规定写了。"
            yield fault("not_supplied", place, rule, called, says)
    for name, at in supplied.items():
        if name not in asked:
            says = f"补充规定写了{word}“{name}”，而市里没有授权。"
            yield fault("not_delegated", at, "", f"{word}{name}", says)


def used_in(node: Node) -> Iterator[str]:
    """一段规则里出现的全部文字，供核对有没有用到。"""
    for value in node.content.values():
        yield from (str(item) for item in sequence(value) if not isinstance(item, Mapping))
