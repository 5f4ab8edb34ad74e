"""逻辑校验：上限、表决人数、日期先后、环节与事项相符、任期，以及表与表之间的引用与重复。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import pandera.pandas as pa

from schemas import predicates
from schemas.cells import UNREAD
from schemas.rows import Choices
from schemas.tables import Table
from schemas.under_way import under_way_checks
from schemas.workbook import row_check

LOGIC_TERM: Final = "logic.term"
LOGIC_PARENT: Final = "logic.parent"
LOGIC_DUPLICATE: Final = "logic.duplicate"
LOGIC_CAP: Final = "logic.cap"
REFERENCE: Final = "logic.reference"

TOWN: Final = "town"

_REPEATED: Final[Mapping[str, tuple[tuple[str, list[str]], ...]]] = {
    "suggestions": (("title", ["community", "title", "place", "proposer", "proposed_on"]),),
    "under_way": (("title", ["community", "title"]),),
    "organisations": (("name", ["name"]),),
    "council_members": (("name", ["community", "name", "since"]),),
    "officials": (("name", ["name", "organisation", "role", "since"]),),
    "implementers": (("credit_code", ["credit_code"]), ("name", ["name", "town"])),
}


@dataclass(frozen=True, slots=True)
class Register:
    """全份文件（及台账）中已知的名称：机构到层级、实施主体、在办项目。

    机构表本身认不出时 `organisations` 为 None，不再逐行报告引用落空。
    """

    organisations: Mapping[str, object] | None
    implementers: frozenset[str]
    under_way: frozenset[tuple[str, ...]]

    def at_level(self, level: str) -> frozenset[str]:
        """某一层级的全部机构；层级读不懂的算在每一级，免得牵连引用它的行。"""
        known = self.organisations or {}
        unsure = (level, UNREAD, None)
        return frozenset(name for name, its in known.items() if its in unsure)


def register(
    frames: Mapping[str, pd.DataFrame], known: Mapping[str, str], *, complete: bool
) -> Register:
    """汇集已知名称；`known` 为台账中已有的机构及层级，`complete` 为各表都认出且不缺列。"""
    organisations: dict[str, object] = dict(known)
    for name, level in _rows(frames, "organisations", "name", "level"):
        organisations.setdefault(name, level)
    return Register(
        organisations=organisations if complete else None,
        implementers=frozenset(name for (name,) in _rows(frames, "implementers", "name")),
        under_way=frozenset(_rows(frames, "under_way", "community", "title")),
    )


def _rows(
    frames: Mapping[str, pd.DataFrame], sheet: str, *fields: str
) -> Iterator[tuple[Any, ...]]:
    if sheet in frames:
        for row in zip(*(frames[sheet][field] for field in fields), strict=True):
            if isinstance(row[0], str):
                yield row


def logic_schema(table: Table, choices: Choices, names: Register) -> pa.DataFrameSchema:
    """一张表的逻辑校验。"""
    key = table.sheet.key
    columns: dict[str, list[pa.Check]] = {field: [] for field in table.sheet.columns}
    if names.organisations is not None:
        for field, check in _references(key, choices, names):
            columns[field].append(check)
    if "budget" in columns and choices.project_cap is not None:
        columns["budget"].append(_cap(choices.project_cap, choices))
    return pa.DataFrameSchema(
        {
            field: pa.Column(checks=checks, nullable=True)
            for field, checks in columns.items()
            if checks
        },
        checks=list(_rows_agree(key, choices, names)),
    )


def _cap(cap: int, choices: Choices) -> pa.Check:
    citation = choices.citations.get("project_cap")
    yuan, fen = divmod(cap, 100)
    basis = f"，依据{citation}" if citation else ""
    return pa.Check(
        predicates.is_at_most,
        title=citation.rule if citation else LOGIC_CAP,
        error=f"「{{column}}」{{value}} 超过单个项目上限{yuan:,}.{fen:02d}元{basis}；"
        "请调减预算后再报，不得拆分同一项目。",
        limit=cap,
    )


def _references(key: str, choices: Choices, names: Register) -> Iterator[tuple[str, pa.Check]]:
    everywhere = frozenset(names.organisations or {})
    if key in ("suggestions", "under_way", "council_members"):
        nearest = next(iter(choices.levels))
        yield "community", _known(names.at_level(nearest), choices.levels[nearest])
    if key == "organisations":
        yield "parent", _known(everywhere, "机构")
    if key == "officials":
        yield "organisation", _known(everywhere, "机构")
    if key == "implementers" and TOWN in choices.levels:
        yield "town", _known(names.at_level(TOWN), choices.levels[TOWN])
    if key == "under_way":
        yield "implementer", _known(names.implementers, "主体", "实施主体")


def _known(names: frozenset[str], what: str, where: str = "机构与社区") -> pa.Check:
    return pa.Check(
        predicates.is_among,
        title=REFERENCE,
        error=f"「{{column}}」填的“{{value}}”不在「{where}」表的{what}之中；"
        "请核对名称，或先在该表补上。",
        names=names,
    )


def _rows_agree(key: str, choices: Choices, names: Register) -> Iterator[pa.Check]:
    for field, fields in _REPEATED[key]:
        yield row_check(
            LOGIC_DUPLICATE,
            field,
            "“{value}”与前面一行重复，请删去重复的一行。",
            predicates.is_not_repeated,
            fields=fields,
        )
    match key:
        case "suggestions":
            yield _not_under_way(names)
        case "under_way":
            yield from under_way_checks()
        case "organisations":
            yield from _hierarchy(choices, names)
            yield _own_code()
        case "council_members" | "officials":
            yield row_check(
                LOGIC_TERM,
                "until",
                "任期止{until}早于任期起{since}，请核对。",
                predicates.is_no_more_than,
                field="since",
                other="until",
            )
        case _:
            return


def _not_under_way(names: Register) -> pa.Check:
    return row_check(
        LOGIC_DUPLICATE,
        "title",
        "“{value}”已列入「在办项目」，请只留一处。",
        predicates.is_not_elsewhere,
        fields=["community", "title"],
        taken=names.under_way,
    )


def _own_code() -> pa.Check:
    """机关代字一家一个：文号由它起头，两家共用会发出同一个文号。"""
    return row_check(
        LOGIC_DUPLICATE,
        "document_code",
        "机关代字“{value}”前面已有机关在用，两家会发出同一个文号，请各用各的代字。",
        predicates.is_not_repeated,
        fields=["document_code"],
    )


def _hierarchy(choices: Choices, names: Register) -> Iterator[pa.Check]:
    order = list(choices.levels)
    yield row_check(
        LOGIC_PARENT,
        "parent",
        "“{name}”没有填上级，请补上；只有最高一级机构可以不填。",
        predicates.is_filled_unless,
        field="parent",
        other="level",
        value=order[-1],
    )
    yield row_check(
        LOGIC_PARENT,
        "parent",
        "“{name}”的上级“{value}”层级不比它高，请核对上级或类型。",
        predicates.is_above,
        field="parent",
        level="level",
        levels=names.organisations or {},
        order=order,
    )
