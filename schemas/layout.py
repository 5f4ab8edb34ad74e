"""表与列的样式：标准名、同义名、读法、必填与否，从 headers.yaml 读入。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from schemas.cells import plain

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


def _column(field: str, raw: dict[str, Any]) -> Column:
    return Column(field, **{**raw, "also": tuple(raw.get("also", ()))})
