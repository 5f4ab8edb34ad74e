"""说法：体检里提到的一处叫什么，起草人读得懂；代码、序号不当作名称。"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from rulebooks.showing.inventory import LISTS, SECTIONS

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# 没有名称的一段，依次取它的条款、缺什么、引文当名称。
NAMED_BY = ("label", "article")
TOLD_BY = ("missing", "quote")
KEYS: Mapping[str, str] = {
    **LISTS,
    **SECTIONS,
    "city": "城市的目录名",
    "label": "名称",
    "programme": "项目总称",
    "number_prefix": "事项编号的前缀",
    "levels": "层级",
    "terms": "用语",
    "bodies": "机关",
    "outcomes": "终局",
    "documents": "公文",
    "start": "从哪个环节开始",
}
PAGES: Mapping[str, str] = {
    "articles.yaml": "逐条判定",
    "readings.yaml": "我方解释",
    "defects.yaml": "原文的缺陷",
    "rulebook.yaml": "名称、版本与用语",
    "project.yaml": "程序",
    "limits.yaml": "限额",
    "funds.yaml": "资金",
    "duties.yaml": "报送与检查",
    "submissions.yaml": "报送件",
    "recusal.yaml": "回避",
    "registries.yaml": "名册",
    "sources.yaml": "来源登记",
}
# 层级后面接着这些字的，不是那一级的机关：村级票选、村民代表会议。
NOT_OFFICES = "级民内"
# 层级前面的话：名称以它开头，等它办，每个它。
FIRST, AWAITED, EACH = "^", "^待", "每个"
FOLDERS: Mapping[str, str] = {"towns": "下级的补充规定", "versions": "后一版的改动"}
SOMEWHERE = "这一处"


def readable(name: str) -> bool:
    """名称里有没有汉字。"""
    return bool(CHINESE.search(name))


def name_of(contents: Iterable[Mapping[str, Any]], keys: Iterable[Any], page: str) -> str:
    """一处的名称：它或最近的上级的名称、条款，再取引文、所在的一段，最后取所在的页。

    Args:
        contents: 这一处与各上级的内容，由近到远。
        keys: 从外到内的各个键。
        page: 文件名，前面可以带文件夹。
    """
    known = list(contents)
    for words in (NAMED_BY, TOLD_BY):
        for content in known:
            for word in words:
                value = content.get(word)
                if isinstance(value, str) and readable(value):
                    return value
    for key in reversed(list(keys)):
        if key in KEYS:
            return KEYS[key]
    *folders, name = page.split("/")
    return PAGES.get(name) or next((FOLDERS[at] for at in folders if at in FOLDERS), SOMEWHERE)


def names_office(before: str, level: Any, text: str) -> bool:
    """文字里 `before` 之后的层级，说的是不是那一级的机关。"""
    wanted = f"{before}{re.escape(str(level))}(?![{NOT_OFFICES}])"
    return re.search(wanted, text) is not None


def rule_named(name: str, entry: Mapping[str, Any]) -> str:
    """一条规则的名称：条款在先，编号在后。"""
    article = entry.get("article")
    return f"{article}（{name}）" if isinstance(article, str) and article else f"规则{name}"
