"""工作簿解析子进程：先给自己设内存、时间、输出上限，再把标准输入的 .xlsx 逐行写成 JSON。

只由 `schemas.reading` 以独立进程启动，不从别处导入。
"""

from __future__ import annotations

import io
import json
import resource
import sys
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum

LONGEST_CELL = 32_767


def limit_self(memory: int, seconds: int, output: int) -> None:
    """设上限：越过者由内核拒绝或终止。"""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))


def encoded(value: Any) -> Any:
    """单元格的 JSON 写法：日期与文字、数字分得开，空白为 null。"""
    if isinstance(value, str):
        if len(value) > LONGEST_CELL:
            sys.exit(3)
        return value or None
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (date, datetime)):
        return {"date": value.isoformat()}
    return str(value)


def write_sheet(sheet: CalamineSheet) -> None:
    """写出一张表：表名、首列、合并区域，然后每个非空行。"""
    first_column = sheet.start[1] if sheet.start else 0
    merged = [[*first, *last] for first, last in sheet.merged_cell_ranges or []]
    write(["sheet", sheet.name, first_column, merged])
    for index, row in enumerate(sheet.iter_rows()):
        cells = [encoded(value) for value in row]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            write(["row", index + 1, cells])


def write(line: list[Any]) -> None:
    """写出一行 JSON。"""
    sys.stdout.write(json.dumps(line) + "\n")


def main() -> None:
    """读标准输入，写标准输出；参数依次为内存、秒数、输出上限。"""
    memory, seconds, output = (int(argument) for argument in sys.argv[1:])
    limit_self(memory, seconds, output)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    for metadata in workbook.sheets_metadata:
        if metadata.typ is SheetTypeEnum.WorkSheet:
            write_sheet(workbook.get_sheet_by_name(metadata.name))


if __name__ == "__main__":
    main()
