"""入口校验：读文件、认表、先形式后逻辑，交出没有问题的各行与全部问题。"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from schemas.layout import layout_of
from schemas.marking import write_marked_workbook
from schemas.reading import RefusedWorkbookError, read_grids
from schemas.rows import Checked, Choices, Citation, Finding, StageChoice
from schemas.tables import find_tables

__all__ = [
    "Checked",
    "Choices",
    "Citation",
    "Finding",
    "RefusedWorkbookError",
    "StageChoice",
    "check_workbook",
    "write_marked_workbook",
]


def check_workbook(
    path: Path, choices: Choices, *, known: Mapping[str, str] | None = None
) -> Checked:
    """校验镇街报来的工作簿。

    Args:
        path: .xlsx 文件。
        choices: 规则手册给出的可选项。
        known: 台账中已有的机构名称到层级；文件里引用它们不算落空。

    Raises:
        RefusedWorkbookError: 文件不能安全读取；消息是一句中文。
    """
    # pandas and pandera take two seconds to load; whoever only needs the shapes should not wait.
    from schemas import gathering, relations, under_way, workbook  # noqa: PLC0415

    tables, found = find_tables(read_grids(path), layout_of(choices))
    frames = {key: workbook.frame_of(table, choices) for key, table in tables.items()}
    names = relations.register(frames, known or {}, complete=not found)
    for key, table in tables.items():
        if not table.rows:
            continue
        schemas = [
            workbook.form_schema(table, choices),
            relations.logic_schema(table, choices, names),
        ]
        if key == "under_way":
            schemas.append(under_way.stage_schema(table, choices))
        problems = {
            problem for schema in schemas for problem in workbook.problems(schema, frames[key])
        }
        found.extend(workbook.findings_of(table, problems))
    return gathering.gather(tables, frames, found, known or {})
