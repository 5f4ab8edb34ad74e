"""事实：各地都有的在立卷内容里各占一项，本市另设的写在 details 里；折叠之后平铺在一起。"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from rulebooks.vocabulary.contents import Opened
from rulebooks.vocabulary.model import FactEntry, Rulebook
from rulebooks.vocabulary.refusals import Refusal, refuse
from rulebooks.vocabulary.submissions import SubmissionOpened

DETAILS = "details"
WRITTEN_DAY = re.compile(r"(\d{4})-\d{2}-\d{2}")
# 在工作日历所及的年份之内，前后留有余地。
FIRST_YEAR, LAST_YEAR = 2010, 2090
STANDARD = frozenset(Opened.model_fields) - {DETAILS}


def own_facts(rulebook: Rulebook) -> dict[str, FactEntry]:
    """本市另设的事实。"""
    return {name: entry for name, entry in rulebook.facts.items() if name not in STANDARD}


def flat(content: Mapping[str, Any]) -> dict[str, Any]:
    """立卷内容平铺成事实：本市另设的与各地都有的并列。"""
    facts = {name: value for name, value in content.items() if name != DETAILS}
    return {**facts, **content.get(DETAILS, {})}


def completed(rulebook: Rulebook, content: Mapping[str, Any]) -> dict[str, Any]:
    """补全立卷内容：是非一类的事实没有填的，即为否。"""
    absent = {
        name: False
        for name, entry in own_facts(rulebook).items()
        if entry.kind == "boolean" and not entry.required
    }
    return {**content, DETAILS: {**absent, **content.get(DETAILS, {})}}


def details_problem(rulebook: Rulebook, number: str, facts: Mapping[str, Any]) -> Refusal | None:
    """本市另设的事实：必填的都有，写法合乎种类。`facts` 为平铺的事实。"""
    # 汇总提交时才记的事实，立卷时不必有。
    later = recorded_later(rulebook)
    for name, entry in own_facts(rulebook).items():
        if name in facts:
            refusal = fact_problem(rulebook, number, name, facts[name])
        elif entry.required and name not in later:
            sentence = f"立卷缺少“{entry.label}”，请补填后再提交。"
            refusal = refuse(rulebook, number, "fact_missing", sentence, entry)
        else:
            continue
        if refusal is not None:
            return refusal
    return None


def recorded_later(rulebook: Rulebook) -> frozenset[str]:
    """由某个环节汇总提交时才记的事实。"""
    return frozenset(name for stage in rulebook.stages.values() for name in stage.records)


def unknown_details(rulebook: Rulebook, number: str, details: Iterable[str]) -> Refusal | None:
    """立卷所填的本市另设的事实是否在册。"""
    own = own_facts(rulebook)
    unknown = "、".join(name for name in details if name not in own)
    if not unknown:
        return None
    listed = "、".join(entry.label for entry in own.values()) or "无"
    sentence = f"没有“{unknown}”这一项事实，本市另设的有：{listed}。"
    return refuse(rulebook, number, "unknown_fact", sentence, rulebook.ground("facts"))


def fact_problem(rulebook: Rulebook, number: str, name: str, value: Any) -> Refusal | None:
    """一项另设的事实是否合乎种类。"""
    entry = rulebook.facts[name]
    if READS[entry.kind](entry, value):
        return None
    wanted = WANTED.get(entry.kind, "")
    if entry.kind == "choice":
        wanted = "从中选择：" + "、".join(entry.choices.values())
    sentence = f"“{entry.label}”填的是“{value}”，须{wanted}，请改正后再提交。"
    return refuse(rulebook, number, "bad_fact", sentence, entry)


def day_in(value: Any) -> date | None:
    """日期事实所记的那一天；没有填、写法不对、不在日历所及的年份的为 None。"""
    found = WRITTEN_DAY.fullmatch(str(value))
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    try:
        return date.fromisoformat(found[0])
    except ValueError:
        return None


def labels_of_days(rulebook: Rulebook) -> dict[str, str]:
    """记有日期的事实及其名称；报送件的为立卷内容里的日期。"""
    if rulebook.submission is not None:
        fields = SubmissionOpened.model_fields.items()
        return {name: info.title or name for name, info in fields if info.annotation is date}
    return {name: entry.label for name, entry in rulebook.facts.items() if entry.kind == "date"}


def _whole(entry: FactEntry, value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


READS: Mapping[str, Callable[[FactEntry, Any], bool]] = {
    "text": lambda entry, value: (
        isinstance(value, str) and bool(value.strip() or not entry.required)
    ),
    "integer": _whole,
    "amount": _whole,
    "boolean": lambda entry, value: isinstance(value, bool),
    "date": lambda _, value: isinstance(value, str) and day_in(value) is not None,
    "choice": lambda entry, value: isinstance(value, str) and value in entry.choices,
}
WANTED: Mapping[str, str] = {
    "text": "为文字，不能为空",
    "integer": "为不小于零的整数",
    "amount": "为不小于零的金额（整数分）",
    "boolean": "为是或否",
    "date": "为日期，如2026-03-02",
}
