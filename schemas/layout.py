"""表与列的样式：标准名、同义名、读法、必填与否，从 headers.yaml 读入，再换成各地的用语。

一地的规则手册另有的事实各成一列，列名即其名称；不用的列（如是否急办）去掉。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from schemas.cells import plain
from schemas.rows import Choices, OwnFact

OWN: Final = "details."
LONGEST_TEXT: Final = 2000

# 另有的事实排在哪一列之后；只有项目各表有这一列。
_BEFORE_OWN: Final = "budget"
_LEVEL_TITLES: Final = {"town": "所属{}"}
_READS: Final[Mapping[str, str]] = {
    "text": "text",
    "integer": "count",
    "amount": "money",
    "boolean": "yes_or_no",
    "date": "day",
}

HEADERS: Final = Path(__file__).with_name("headers.yaml")


@dataclass(frozen=True, slots=True)
class Column:
    """一列：字段名、标准列名、读法与要求。"""

    field: str
    title: str
    reads: str
    also: tuple[str, ...] = ()
    required: bool = False
    zero: bool = False
    merged: bool = False
    longest: int | None = None
    group: str | None = None
    together: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """一张表：键、标准表名、同义表名、各列。"""

    key: str
    title: str
    also: tuple[str, ...]
    columns: Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class Layout:
    """全部样式。"""

    sheets: Mapping[str, Sheet]
    ignored_sheets: frozenset[str]
    ignored_columns: frozenset[str]
    footers: tuple[str, ...]
    choices: Mapping[str, Mapping[str, str]]
    synonyms: Mapping[str, Mapping[str, Sequence[str]]]


@cache
def load_layout() -> Layout:
    """读入 headers.yaml。"""
    raw = YAML(typ="safe").load(HEADERS.read_text(encoding="utf-8"))
    sheets: dict[str, Sheet] = {}
    for key, sheet in raw["sheets"].items():
        inherited = sheets[sheet["like"]].columns if "like" in sheet else {}
        own = {name: _column(name, column) for name, column in sheet["columns"].items()}
        sheets[key] = Sheet(key, sheet["title"], tuple(sheet["also"]), {**inherited, **own})
    return Layout(
        sheets=sheets,
        ignored_sheets=frozenset(map(plain, raw["ignored_sheets"])),
        ignored_columns=frozenset(map(plain, raw["ignored_columns"])),
        footers=tuple(raw["footers"]),
        choices=raw["choices"],
        synonyms=raw["synonyms"],
    )


def layout_of(choices: Choices) -> Layout:
    """一地的样式：列名用当地的用语，另有的事实加在建议之后，不用的事实去掉。"""
    layout = load_layout()
    sheets = {
        key: replace(sheet, columns=dict(_columns_of(sheet, choices)))
        for key, sheet in layout.sheets.items()
    }
    return replace(layout, sheets=sheets)


def _columns_of(sheet: Sheet, choices: Choices) -> Iterator[tuple[str, Column]]:
    own = [_own_column(key, fact) for key, fact in choices.own.items()]
    for field, column in sheet.columns.items():
        if field in choices.unused:
            continue
        yield field, _in_local_words(column, choices)
        if field == _BEFORE_OWN:
            yield from ((item.field, item) for item in own)


def _in_local_words(column: Column, choices: Choices) -> Column:
    """列名换成当地的叫法；原来的列名仍认得。"""
    if column.reads == "name" and column.field in choices.levels:
        local = _LEVEL_TITLES.get(column.field, "{}").format(choices.levels[column.field])
    else:
        local = choices.labels.get(column.field, column.title)
    known = {plain(name) for name in (column.title, *column.also)}
    if plain(local) in known:
        return column
    return replace(column, title=local, also=(column.title, *column.also))


def _own_column(key: str, fact: OwnFact) -> Column:
    """另有的事实成一列：读法依其种类，可选的取其可选项。"""
    reads = f"{OWN}{key}" if fact.choices else _READS[fact.kind]
    longest = LONGEST_TEXT if reads == "text" else None
    return Column(
        f"{OWN}{key}", fact.label, reads, required=fact.required, zero=True, longest=longest
    )


def _column(field: str, raw: dict[str, Any]) -> Column:
    return Column(field, **{**raw, "also": tuple(raw.get("also", ()))})
