"""原文的缺陷：条文自身的空白、重叠、缺页与未定义之处，逐条记为数据，与规则手册的写错分开。

每条缺陷写明缺什么、应当向起草机关问什么，以及在得到答复之前怎样办（解释或须由下级补的参数）。
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from rulebooks.vocabulary import articles
from rulebooks.vocabulary.articles import BrokenArticlesError, read_yaml
from rulebooks.vocabulary.words import Words

PAGE = "defects.yaml"
DefectKind = Literal[
    "blank_date", "undivided", "unit", "overlap", "gap", "missing_annex", "missing_text",
    "undefined", "no_period", "no_owner", "no_recipient", "contradiction",
]  # fmt: skip
KINDS: Mapping[str, str] = {
    "blank_date": "施行日期空白",
    "undivided": "合计的时限没有分给各机关",
    "unit": "期限的单位不明",
    "overlap": "界线重叠",
    "gap": "界线之间留空",
    "missing_annex": "附件缺失",
    "missing_text": "原文缺段",
    "undefined": "用语或标准没有定义",
    "no_period": "没有写期限或天数",
    "no_owner": "没有写由谁办",
    "no_recipient": "没有写报给谁",
    "contradiction": "前后不一",
}


class Defect(Words):
    """原文的一处缺陷：出自哪一条、缺什么、问起草机关什么、暂时怎样办。"""

    kind: DefectKind
    cites: str
    also: str | None = None
    quote: str | None = None
    missing: str = Field(min_length=1)
    question: str = Field(min_length=1)
    reading: str | None = None
    parameter: str | None = None

    @model_validator(mode="after")
    def _is_treated(self) -> Defect:
        if self.reading is None and self.parameter is None:
            raise ValueError("须写明暂时怎样办：reading（解释）或 parameter（由下级补的参数）。")
        return self


def defects(city: str) -> dict[str, Defect]:
    """一市原文的缺陷；没有 defects.yaml 的为空，写错的抛出 BrokenArticlesError。"""
    path = articles.CITIES / city / PAGE
    return dict(_read(path)) if path.is_file() else {}


@cache
def _read(path: Path) -> Mapping[str, Defect]:
    content = read_yaml(path)
    found = {}
    for name, fields in (content or {}).items():
        try:
            found[str(name)] = Defect.model_validate(fields)
        except ValidationError as error:
            said = "；".join(str(item["msg"]) for item in error.errors())
            raise BrokenArticlesError(f"{PAGE} 的 {name} 有误：{said}") from error
    return found
