"""清单：规则手册里每一处带出处的规定，连同数值、条款、原文、轻重、来源性质与我方解释。

供命令与页面逐条列出；同一版手册的清单总是一样。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rulebooks.policy.limits import bound_text, yuan
from rulebooks.policy.lookups import name_of
from rulebooks.policy.phrases import condition_text, deadline_text, period_text
from rulebooks.showing.particulars import (
    BUNDLED,
    PARTICULARS,
    TABLES,
    particular_text,
)
from rulebooks.vocabulary.articles import articles, readings, sources
from rulebooks.vocabulary.model import (
    ByDate,
    Cited,
    Comparison,
    Condition,
    Limit,
    Rulebook,
    Within,
    Words,
)

SECTIONS: Mapping[str, str] = {
    "versions": "版本",
    "parameters": "留给下级填的数",
    "facts": "事实",
    "roles": "角色",
    "clocks": "合并时限",
    "stages": "环节",
    "limits": "限额",
    "funds": "资金",
    "duties": "报送与检查",
    "recusal": "回避",
    "registries": "名录",
    "reminders": "催办",
    "back_dating": "补记",
    "changes": "变更",
    "corrections": "更正",
}
# 没有自己的出处键、由逐条判定指明出处的各段。
LISTS: Mapping[str, str] = {
    "kinds": "项目类型",
    "categories": "项目类别",
    "suggestion_sources": "建议来源",
}
# 列入清单的键及其中文；没有列的只说由谁办、怎样称呼，不是数值。
NAMES: Mapping[str, str] = {
    "within": "办理时限", "lasts": "公示期", "passes": "通过条件", "quorum": "法定人数",
    "majority": "同意比例", "demands": "前置要求", "checks": "核对", "clauses": "合同条款",
    "objections": "公示意见", "threshold": "异议门槛", "then": "去向", "choose": "分流",
    "when": "条件", "debt": "欠办", "share": "比例", "envelope": "年度总额", "excludes": "不计入",
    "short": "总额不足时", "requires": "须具备", "pays_not": "不得支付", "pays_only": "只可支付",
    "due": "期限", "sample": "抽样", "population": "范围", "recognition": "认定",
    "pooled": "统筹", "at_least": "不少于", "at_most": "不超过", "below": "低于",
    "more_than": "超过", "remind": "到期前提醒", "escalate": "逾期后督办", "amount": "金额",
    "since": "起算", "until": "止于", "of": "基数", "third_party_when": "须第三方",
    "award": "定额", "quota": "名额", "only": "只适用于", "by": "按", "rate": "比例",
    "channels": "渠道", "fields": "载明", "contains": "材料", "groups": "对象",
    "dimensions": "方面", "signatories": "签字各方", "date": "日期", "day": "日",
    "count": "数目", "facts": "事实", "number": "数", "records": "登记", "drafts": "分法",
    "removed_on": "移出情形", "automatic": "自动列入", "relations": "关系", "may_not": "不得",
    "ranking": "排序", "layers": "各层", "ties": "并列", "minimum_votes": "最低得票",
    "pays": "拨付", "not_before": "最早何时", "payer": "出资", "receiver": "收款",
    "base": "基数", "ceiling": "每项至多", "rounding": "取整",
}  # fmt: skip
WORDS: Mapping[str, str] = {
    "members": "应到人数", "present": "实到人数", "down": "按分向下", "half_up": "四舍五入",
    "audited": "审定额", "audited_fiscal": "审定额中的财政资金", "by_time_of_claim": "按申报先后",
    "pro_rata": "按比例",
}  # fmt: skip
FLAGS: Mapping[str, str] = {"bundled": BUNDLED, "real_name": "须实名"}


@dataclass(frozen=True, slots=True)
class Listed:
    """一处规定。

    `place` 为写法上的位置；`name` 为中文位置；`status` 为来源性质（draft、press 等）；
    `reading` 为解释编号或一句话，`explained` 为编号所指的解释。
    """

    place: str
    name: str
    value: str
    severity: str
    article: str
    quote: str
    status: str
    reading: str
    explained: str


NOTHING = Listed("", "", "", "", "", "", "", "", "")


def inventory(rulebook: Rulebook) -> Iterator[Listed]:
    """逐处列出，按各页的次序。"""
    for section, title in LISTS.items():
        labels = "、".join(getattr(rulebook, section).values())
        yield replace(_one(rulebook, rulebook.ground(section), section, title), value=labels)
    for section, title in SECTIONS.items():
        part = getattr(rulebook, section)
        if section == "versions":
            part = {rulebook.version.id: rulebook.version}
        entries = part.items() if isinstance(part, Mapping) else [("", part)]
        for key, entry in entries:
            label = getattr(entry, "label", "") or key
            name = f"{title}“{label}”" if label else title
            place = ".".join(item for item in (section, key) if item)
            yield from _listed(rulebook, entry, place, name)


def particulars(rulebook: Rulebook) -> Iterator[Listed]:
    """清单里的细目：排序、打包、拨付份额与资金，有数值的才列。"""
    for item in inventory(rulebook):
        section, *keys = item.place.split(".")
        bundled = item.place.startswith("stages.") and BUNDLED in item.value
        inside = section == "stages" and not {"ranking", "pays"}.isdisjoint(keys)
        if item.value and (section == "funds" or inside or bundled):
            yield item


def _listed(
    rulebook: Rulebook,
    entry: Any,
    place: str,
    name: str,
    *,
    short: bool = False,
    above: Listed = NOTHING,
) -> Iterator[Listed]:
    """一处及其下各处；`short` 为其上一级还缺补充的数，其中的数值不列；`above` 为最近的上级。"""
    if isinstance(entry, Words):
        short = short or bool(getattr(entry, "missing", ()))
        if _is_ruled(entry):
            found = _one(rulebook, entry, place, name, short=short)
            # 细目没有另写出处的，出处就是所在环节的。
            bare = isinstance(entry, PARTICULARS) and not _has_ground(entry)
            above = replace(above, place=place, name=name, value=found.value) if bare else found
            yield above
        for key in type(entry).model_fields:
            value = getattr(entry, key)
            named = f"{name}·{NAMES[key]}" if key in NAMES else name
            yield from _listed(rulebook, value, f"{place}.{key}", named, short=short, above=above)
    elif isinstance(entry, Mapping):
        for key, value in entry.items():
            label = getattr(value, "label", None)
            named = f"{name}“{label}”" if label else name
            yield from _listed(rulebook, value, f"{place}.{key}", named, short=short, above=above)
    elif isinstance(entry, tuple):
        for index, value in enumerate(entry):
            term = getattr(value, "term", "")
            label = getattr(value, "label", None) or rulebook.terms.get(term, term)
            named = f"{name}“{label}”" if label else name
            yield from _listed(rulebook, value, f"{place}.{index}", named, short=short, above=above)


def _is_ruled(entry: Words) -> bool:
    """有没有出处或我方解释，或是一个时限、一处细目。"""
    return _has_ground(entry) or isinstance(entry, (Within, ByDate, *PARTICULARS))


def _has_ground(entry: Words) -> bool:
    return any(getattr(entry, key, None) for key in ("cites", "article", "quote", "reading"))


def _one(rulebook: Rulebook, entry: Words, place: str, name: str, *, short: bool = False) -> Listed:
    reading = getattr(entry, "reading", None) or ""
    known = readings(rulebook.city).get(reading)
    article = rulebook.article(entry)
    also = getattr(entry, "also", None)
    return Listed(
        place=place,
        name=name,
        value=_supplied_text(rulebook, entry, short=short),
        severity=getattr(entry, "severity", "must") if isinstance(entry, Cited) else "",
        article=f"{article}、{also}" if also else article,
        quote=getattr(entry, "quote", None) or "",
        status=_status(rulebook, entry),
        reading=reading,
        explained="" if known is None else known.reading,
    )


def _status(rulebook: Rulebook, entry: Words) -> str:
    """来源性质：写明的，否则所引条款的来源的；没有条款的为空。"""
    own = getattr(entry, "source_status", None) or getattr(entry, "status", None)
    if own is not None:
        return str(own)
    cited = articles(rulebook.city).get(getattr(entry, "cites", None) or "")
    return "" if cited is None else sources()[cited.source].status


def _supplied_text(rulebook: Rulebook, entry: Words, *, short: bool) -> str:
    missing = getattr(entry, "missing", ())
    if missing:
        return f"待补充：{'、'.join(rulebook.parameters[name].label for name in missing)}"
    return "" if short else value_text(rulebook, entry)


def value_text(rulebook: Rulebook, entry: Words) -> str:
    """一处规定的数值；只有文字没有数值的为空串。"""
    if isinstance(entry, Limit):
        return bound_text(rulebook, entry)
    if isinstance(entry, Within):
        return period_text(entry)
    if isinstance(entry, ByDate):
        return deadline_text(rulebook, entry)
    if found := particular_text(rulebook, entry):
        return found
    parts = [
        f"{NAMES.get(key, key)} {_text(rulebook, value, money=_is_money(entry))}"
        for key in type(entry).model_fields
        if key in NAMES and _is_value(value := getattr(entry, key))
    ]
    parts += [FLAGS[key] for key in type(entry).model_fields if _is_flagged(entry, key)]
    return "，".join(parts)


def _is_flagged(entry: Words, key: str) -> bool:
    return key in FLAGS and getattr(entry, key) is True


def _is_money(entry: Words) -> bool:
    return isinstance(entry, Comparison) or type(entry).__name__ in ("Envelope", "Quantity")


def _is_value(value: Any) -> bool:
    if isinstance(value, bool) or value is None or value == ():
        return False
    if isinstance(value, Mapping):
        return bool(value) and all(_is_value(item) for item in value.values())
    if isinstance(value, tuple):
        return all(isinstance(item, str | int) for item in value)
    if isinstance(value, TABLES):
        return not _has_ground(value)  # 有出处的另列一处
    return isinstance(value, Condition) or not isinstance(value, Words)


def _inside(rulebook: Rulebook, value: Words) -> str:
    """写在一处里面的条件或数表。"""
    if isinstance(value, Condition):
        return condition_text(rulebook, value)
    return particular_text(rulebook, value)


def _text(rulebook: Rulebook, value: Any, *, money: bool) -> str:
    if isinstance(value, Mapping):
        return "；".join(
            f"{key} {_text(rulebook, item, money=money)}" for key, item in value.items()
        )
    if isinstance(value, tuple):
        return "、".join(_text(rulebook, item, money=False) for item in value)
    if isinstance(value, Words):
        return _inside(rulebook, value)
    if isinstance(value, int) and money:
        return yuan(value)
    return WORDS.get(str(value)) or name_of(rulebook, str(value))
