"""汇集没有问题的各行；依赖有问题的机构或实施主体的行一并留下，待改好后再报。"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, TypeAlias, TypeVar

import pandas as pd

from rulebooks.reading.listed import WHETHER
from schemas.cells import shown
from schemas.layout import OWN, load_layout
from schemas.rows import (
    Checked,
    CouncilMember,
    Finding,
    Implementer,
    Meeting,
    Official,
    Organisation,
    ProjectUnderWay,
    Suggestion,
)
from schemas.tables import Table

Row: TypeAlias = dict[str, Any]
Value = TypeVar("Value")


def gather(
    tables: Mapping[str, Table],
    frames: Mapping[str, pd.DataFrame],
    found: list[Finding],
    known: Mapping[str, str],
) -> Checked:
    """各行成值，问题按表、行、列排序。"""
    sound = {key: list(_sound_rows(table, frames[key], found)) for key, table in tables.items()}
    organisations = _standing(sound.get("organisations", []), known)
    names = {*known, *(row["name"] for row in organisations)}

    def under(key: str, *fields: str) -> list[Row]:
        return [
            row
            for row in sound.get(key, [])
            if all(row[field] is None or row[field] in names for field in fields)
        ]

    implementers = under("implementers", "town")
    firms = {None, *(row["name"] for row in implementers)}
    projects = [row for row in under("under_way", "community") if row["implementer"] in firms]
    return Checked(
        suggestions=tuple(map(_suggestion, under("suggestions", "community"))),
        under_way=tuple(map(_under_way, projects)),
        organisations=tuple(Organisation(**row) for row in organisations),
        council_members=tuple(
            CouncilMember(**row) for row in under("council_members", "community")
        ),
        officials=tuple(Official(**row) for row in under("officials", "organisation")),
        implementers=tuple(Implementer(**row) for row in implementers),
        findings=_in_order(found, tables),
    )


def _sound_rows(table: Table, frame: pd.DataFrame, found: list[Finding]) -> Iterator[Row]:
    """没有问题的各行；整张表有问题（如缺列）时一行也没有。"""
    bad = {finding.row for finding in found if finding.sheet == shown(table.name)}
    if bad & {0, table.header_row}:
        return
    for row, cells in zip(table.rows, frame.itertuples(index=False, name=None), strict=True):
        if row not in bad:
            yield {"row": row, **dict(zip(frame.columns, cells, strict=True))}


def _standing(rows: list[Row], known: Mapping[str, str]) -> list[Row]:
    """上级也立得住的机构。"""
    standing = rows
    while True:
        names = {None, *known, *(row["name"] for row in standing)}
        kept = [row for row in standing if row["parent"] in names]
        if len(kept) == len(standing):
            return kept
        standing = kept


def _suggestion(row: Row) -> Suggestion:
    """建议的各项；当地不用的通用事实一律为否，另有的事实归在一处。"""
    standard = load_layout().sheets["suggestions"].columns
    known: Row = {field: row.get(field) for field in standard}
    details = {
        field.removeprefix(OWN): value.isoformat() if isinstance(value, date) else value
        for field, value in row.items()
        if field.startswith(OWN) and value is not None
    }
    unused = {field: False for field in WHETHER if known[field] is None}
    return Suggestion(row=row["row"], details=details, **(known | unused))


def _under_way(row: Row) -> ProjectUnderWay:
    own: Callable[[str], Any] = row.__getitem__
    return ProjectUnderWay(
        suggestion=_suggestion(row),
        stage=row["stage"],
        council=_meeting(row, "council"),
        review=_meeting(row, "review"),
        approved_on=own("approved_on"),
        posted_on=own("posted_on"),
        publicity_ended_on=own("publicity_ended_on"),
        implementer=own("implementer"),
        signed_on=own("signed_on"),
        contract_amount=own("contract_amount"),
        started_on=own("started_on"),
        finished_on=own("finished_on"),
    )


def _meeting(row: Row, group: str) -> Meeting | None:
    parts = [row[f"{group}_{part}"] for part in ("on", "members", "present", "agreed")]
    return None if None in parts else Meeting(*parts)


def _in_order(found: list[Finding], tables: Mapping[str, Table]) -> tuple[Finding, ...]:
    order = {shown(table.name): index for index, table in enumerate(tables.values())}

    def place(finding: Finding) -> tuple[int, int, str, str]:
        return order.get(finding.sheet, -1), finding.row, finding.column, finding.rule

    return tuple(sorted(found, key=place))
